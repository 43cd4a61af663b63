"""`graphkit explain`."""

from __future__ import annotations

import click

from graphkit.cli.exits import Exit
from graphkit.cli.options import Invocation, format_options, shared_options
from graphkit.cli.vault_command import show, show_rows


@click.command("explain")
@click.argument("code", required=False, metavar="[CODE]")
@format_options
@shared_options
@click.pass_obj
def command(invocation: Invocation, code: str | None, as_json: bool) -> int:  # noqa: FBT001 - click's way
    """Explain a finding: what it means, why it matters, and how to fix or silence it.

    Without CODE, list all codes.
    """
    from graphkit.app.documentation import explain  # noqa: PLC0415 - not for `--help`
    from graphkit.cli.look import explain_screen  # noqa: PLC0415

    output = invocation.output()
    if code is None:
        if as_json:
            raise click.UsageError("Name a CODE, or list all codes with --format jsonl.")
        if output.screen and not output.layout.fields:
            output.lines(explain_screen.codes_screen(output.surface))
        else:
            show_rows(output, explain_screen.codes_plain())
        return Exit.FINE
    found = explain(code)
    show(
        output, found, as_json=as_json,
        screen=lambda: explain_screen.explain_screen(found, output.surface),
        plain=lambda: explain_screen.explain_plain(found),
    )  # fmt: skip
    return Exit.FINE
