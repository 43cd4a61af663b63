"""`graphkit status`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import click

from graphkit.cli.exits import Exit
from graphkit.cli.options import Invocation, format_options, shared_options
from graphkit.cli.vault_command import open_vault, outcome, show

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphkit.app.results.reports import ExperimentRow
    from graphkit.cli.terminal.output import Output

FAIL_ON = ("off-track", "overdue", "error")
"""The values of `--fail-on`."""
HEALTHS = ("on-track", "at-risk", "off-track", "no-target")


@click.command("status")
@click.argument("experiments", nargs=-1, metavar="[EXPERIMENT]...")
@click.option("--goal", multiple=True, metavar="NAME", help="Only experiments for this goal.")
@click.option("--owner", multiple=True, metavar="NAME", help="Only experiments of this owner.")
@click.option(
    "--status",
    "statuses",
    multiple=True,
    metavar="WORD",
    help="Only experiments with this lifecycle (running), attention (overdue), reason (blocked) or result (won).",
)
@click.option(
    "--health", "healths", multiple=True, type=click.Choice(HEALTHS), help="Only experiments with this health."
)
@click.option("--tag", multiple=True, metavar="NAME", help="Only experiments with this tag.")
@click.option("--by", type=click.Choice(["goal", "owner", "strategy"]), help="Group the experiments.")
@click.option("--all", "everything", is_flag=True, help="Show all experiments, without a limit.")
@click.option("--watch", "stay", is_flag=True, help="Keep the screen up to date until Ctrl-C.")
@click.option(
    "--fail-on",
    multiple=True,
    type=click.Choice(FAIL_ON),
    help="Exit with 1 if there is such an experiment or finding.",
)
@format_options
@shared_options
@click.pass_obj
def command(
    invocation: Invocation,
    experiments: tuple[str, ...],
    goal: tuple[str, ...],
    owner: tuple[str, ...],
    statuses: tuple[str, ...],
    healths: tuple[str, ...],
    tag: tuple[str, ...],
    by: Literal["goal", "owner", "strategy"] | None,
    everything: bool,  # noqa: FBT001 - click passes options by name
    stay: bool,  # noqa: FBT001
    fail_on: tuple[str, ...],
    as_json: bool,  # noqa: FBT001
) -> int:
    """Show every experiment, those that need attention first. With names, show these in detail.

    Draws a screen in a terminal. In a pipe, prints a header line and tab-separated lines.
    """
    from graphkit.app.reading.name_lookup import Filters  # noqa: PLC0415 - not for `--help`
    from graphkit.cli.look import status_screen  # noqa: PLC0415

    output = invocation.output()
    filters = Filters(goals=goal, owners=owner, statuses=statuses, tags=tag, healths=healths)
    limit = None if everything else status_screen.LIMIT
    if experiments and (filters or by):
        raise click.UsageError("Filters and --by cannot be combined with the name of an experiment.")
    if stay:
        if as_json or not (output.terminal and output.screen):
            raise click.UsageError("--watch needs a terminal. Without it, `graphkit status` prints once.")
        from graphkit.cli.look.status_watch import status_watch  # noqa: PLC0415 - imports the watcher

        return status_watch(invocation, output, experiments, filters, by=by, limit=limit)
    if experiments:
        return _details(invocation, output, experiments, as_json=as_json, fail_on=fail_on)
    from graphkit.app.reading.status import report_status  # noqa: PLC0415 - not for `--help`

    vault = open_vault(invocation, output)
    report = report_status(vault, filters)
    show(
        output, report, as_json=as_json, vault=vault,
        screen=lambda: status_screen.status_screen(report, output.surface, by=by, limit=limit),
        plain=lambda: status_screen.status_plain(report, limit=limit),
    )  # fmt: skip
    if not output.screen and not as_json:
        for line in status_screen.status_aside(report, limit=limit):
            output.note(line)
    errors = report.errors
    if "error" in fail_on:
        from graphkit.app.reading.check import report_check  # noqa: PLC0415 - reads every page

        errors = sum(finding.severity == "error" for finding in report_check(vault).findings)
    return outcome(vault, output, _fails(report.experiments, errors, fail_on), told=not as_json)


def _details(
    invocation: Invocation, output: Output, names: Sequence[str], *, as_json: bool, fail_on: Sequence[str]
) -> int:
    from graphkit.app.reading.status import report_details  # noqa: PLC0415 - not for `--help`
    from graphkit.cli.look import experiment_screen, status_screen  # noqa: PLC0415

    vault = open_vault(invocation, output)
    details = report_details(vault, names)
    show(
        output, details, as_json=as_json, vault=vault,
        screen=lambda: experiment_screen.detail_screen(details, output.surface),
        plain=lambda: status_screen.rows_plain(item.experiment for item in details.experiments),
    )  # fmt: skip
    errors = sum(finding.severity == "error" for item in details.experiments for finding in item.findings)
    return outcome(vault, output, _fails([item.experiment for item in details.experiments], errors, fail_on))


def _fails(rows: Sequence[ExperimentRow], errors: int, fail_on: Sequence[str]) -> Exit:
    words = {word.replace("-", " ") for word in fail_on}
    found = any(words.intersection((*row.states, row.health)) for row in rows)
    return Exit.FINDINGS if found or ("error" in fail_on and errors > 0) else Exit.FINE
