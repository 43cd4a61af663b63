"""`graphkit check`."""

from __future__ import annotations

import click

from graphkit.cli.exits import Exit
from graphkit.cli.options import Invocation, json_option, shared_options
from graphkit.cli.vault import open_vault, outcome, show


@click.command("check")
@click.option("--select", multiple=True, metavar="CODE", help="Only codes that begin with this: E2, W501.")
@click.option("--ignore", multiple=True, metavar="CODE", help="Not codes that begin with this.")
@click.option("--page", "pages", multiple=True, metavar="PATH", help="Only findings in files whose path begins so.")
@json_option
@shared_options
@click.pass_obj
def command(
    invocation: Invocation,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    pages: tuple[str, ...],
    as_json: bool,  # noqa: FBT001 - click passes options by name
) -> int:
    """What is wrong in the notes: path:line:col, a code, and what to do.

    Exits with 1 when there are errors or warnings; infos alone are fine. docs/diagnostics.md explains every code.
    """
    from graphkit.app.check import report_check  # noqa: PLC0415 - not for `--help`
    from graphkit.cli import check_view  # noqa: PLC0415

    output = invocation.output()
    session = open_vault(invocation, output)
    report = report_check(session, select=select, ignore=ignore, paths=pages)
    show(
        output, report, as_json=as_json,
        screen=lambda: check_view.check_screen(report, output.surface),
        plain=lambda: check_view.check_plain(report),
    )  # fmt: skip
    if not output.screen and not as_json:
        output.note(check_view.check_summary(report))
    serious = any(finding.severity != "info" for finding in report.findings)
    return outcome(session, output, Exit.FINDINGS if serious else Exit.FINE)
