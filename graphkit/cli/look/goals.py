"""`graphkit goals`."""

from __future__ import annotations

import click

from graphkit.cli.options import Invocation, format_options, shared_options
from graphkit.cli.vault_command import open_vault, outcome, show


@click.command("goals")
@click.argument("names", nargs=-1, metavar="[GOAL]...")
@format_options
@shared_options
@click.pass_obj
def command(invocation: Invocation, names: tuple[str, ...], as_json: bool) -> int:  # noqa: FBT001 - click's way
    """Show every goal with its experiments and metrics, idle goals, and experiments without a goal."""
    from graphkit.app.reading.goals import report_goals  # noqa: PLC0415 - not for `--help`
    from graphkit.cli.look import goals_screen  # noqa: PLC0415

    output = invocation.output()
    vault = open_vault(invocation, output)
    report = report_goals(vault, names)
    show(
        output, report, as_json=as_json, vault=vault,
        screen=lambda: goals_screen.goals_screen(report, output.surface),
        plain=lambda: goals_screen.goals_plain(report),
    )  # fmt: skip
    return outcome(vault, output)
