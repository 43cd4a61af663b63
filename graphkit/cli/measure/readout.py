"""`graphkit readout`."""

from __future__ import annotations

import click

from graphkit.cli.options import Invocation, format_options, shared_options
from graphkit.cli.vault_command import open_vault, outcome, show


@click.command("readout")
@click.argument("experiment", metavar="EXPERIMENT")
@format_options
@shared_options
@click.pass_obj
def command(
    invocation: Invocation,
    experiment: str,
    as_json: bool,  # noqa: FBT001 - click passes options by name
) -> int:
    """Evaluate an experiment's A/B results: the recommendation, then lifts, intervals, guardrails and gaps.

    Results are written below the heading `Result`: the properties control, split, primary, mde, stop-date and margin,
    and tables with the columns variant, n, conversions, or variant, n, mean, sd. Before the planned end, intervals are
    corrected for repeated looks.
    """
    from graphkit.app.reading.readout import report_readout  # noqa: PLC0415 - not for `--help`
    from graphkit.cli.measure import readout_screen  # noqa: PLC0415

    output = invocation.output()
    vault = open_vault(invocation, output)
    report = report_readout(vault, experiment)
    show(
        output, report, as_json=as_json, vault=vault,
        screen=lambda: readout_screen.readout_screen(report, output.surface),
        plain=lambda: readout_screen.readout_plain(report),
    )  # fmt: skip
    return outcome(vault, output)
