"""`graphkit metrics`."""

from __future__ import annotations

import click

from graphkit.cli.options import Invocation, format_options, shared_options
from graphkit.cli.vault_command import open_vault, outcome, show


@click.command("metrics")
@click.argument("name", required=False, metavar="[METRIC]")
@click.option("--candidates", is_flag=True, help="List phrases in the notes that may be metrics without a page.")
@click.option("--all", "everything", is_flag=True, help="Show all metrics, without a limit.")
@format_options
@shared_options
@click.pass_obj
def command(
    invocation: Invocation,
    name: str | None,
    candidates: bool,  # noqa: FBT001 - click passes options by name
    everything: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
) -> int:
    """Show every metric with its value, trend, target, guard and experiments. With NAME, show that one in detail."""
    from graphkit.app.reading.metrics import report_candidates, report_metric, report_metrics  # noqa: PLC0415 - not for `--help`
    from graphkit.cli.measure import metrics_screen  # noqa: PLC0415

    if name is not None and candidates:
        raise click.UsageError("--candidates cannot be combined with the name of a metric.")
    output = invocation.output()
    vault = open_vault(invocation, output)
    limit = None if everything else metrics_screen.LIMIT
    rest = 0
    if candidates:
        found = report_candidates(vault)
        show(
            output, found, as_json=as_json, vault=vault,
            screen=lambda: metrics_screen.candidates_screen(found, output.surface, limit=limit),
            plain=lambda: metrics_screen.candidates_plain(found, limit=limit),
        )  # fmt: skip
        rest = 0 if limit is None else len(found.candidates) - limit
    elif name is not None:
        detail = report_metric(vault, name)
        show(
            output, detail, as_json=as_json, vault=vault,
            screen=lambda: metrics_screen.metric_screen(detail, output.surface),
            plain=lambda: metrics_screen.metric_plain(detail),
        )  # fmt: skip
    else:
        report = report_metrics(vault)
        show(
            output, report, as_json=as_json, vault=vault,
            screen=lambda: metrics_screen.metrics_screen(report, output.surface, limit=limit),
            plain=lambda: metrics_screen.metrics_plain(report, limit=limit),
        )  # fmt: skip
        rest = 0 if limit is None else len(report.metrics) - limit
    if rest > 0 and not output.screen and not as_json:
        output.note(f"{rest:,} more; use --all to show them")
    return outcome(vault, output)
