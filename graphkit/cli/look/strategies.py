"""`graphkit strategies`."""

from __future__ import annotations

import click

from graphkit.cli.options import Invocation, format_options, shared_options
from graphkit.cli.vault_command import open_vault, outcome, show


@click.command("strategies")
@click.argument("names", nargs=-1, metavar="[STRATEGY]...")
@format_options
@shared_options
@click.pass_obj
def command(invocation: Invocation, names: tuple[str, ...], as_json: bool) -> int:  # noqa: FBT001 - click's way
    """Show every strategy: its key metrics, the experiments that test it, and expected against observed effects.

    With names of strategies or of their pages, show these with their assumptions and risks.
    """
    from graphkit.app.reading.strategies import report_strategies  # noqa: PLC0415 - not for `--help`
    from graphkit.cli.look import strategies_screen  # noqa: PLC0415

    output = invocation.output()
    vault = open_vault(invocation, output)
    report = report_strategies(vault, names)
    show(
        output, report, as_json=as_json, vault=vault,
        screen=lambda: strategies_screen.strategies_screen(report, output.surface, detailed=bool(names)),
        plain=lambda: strategies_screen.strategies_plain(report),
    )  # fmt: skip
    return outcome(vault, output)
