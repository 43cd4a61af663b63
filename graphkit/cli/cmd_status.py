"""`graphkit status`."""

from __future__ import annotations

from typing import Literal

import click

from graphkit.cli.exits import Exit
from graphkit.cli.options import Invocation, json_option, shared_options
from graphkit.cli.vault import open_vault, outcome, show

FAIL_ON = ("overdue", "error")
"""What `--fail-on` can name; `off-track` comes with health."""


@click.command("status")
@click.argument("experiments", nargs=-1, metavar="[EXPERIMENT]...")
@click.option("--goal", multiple=True, metavar="NAME", help="Only experiments for this goal.")
@click.option("--owner", multiple=True, metavar="NAME", help="Only experiments of this owner.")
@click.option(
    "--status",
    "statuses",
    multiple=True,
    metavar="WORD",
    help="Only these: a lifecycle (running), an attention (overdue), a word (blocked) or a result (won).",
)
@click.option("--tag", multiple=True, metavar="NAME", help="Only experiments whose page has this tag.")
@click.option("--by", type=click.Choice(["goal", "owner", "strategy"]), help="Group the experiments.")
@click.option("--all", "everything", is_flag=True, help="Every experiment, however many.")
@click.option("--fail-on", multiple=True, type=click.Choice(FAIL_ON), help="Exit with 1 where this is found.")
@json_option
@shared_options
@click.pass_obj
def command(
    invocation: Invocation,
    experiments: tuple[str, ...],
    goal: tuple[str, ...],
    owner: tuple[str, ...],
    statuses: tuple[str, ...],
    tag: tuple[str, ...],
    by: Literal["goal", "owner", "strategy"] | None,
    everything: bool,  # noqa: FBT001 - click passes options by name
    fail_on: tuple[str, ...],
    as_json: bool,  # noqa: FBT001
) -> int:
    """Every experiment: where it stands, attention first. With names: all that is known of these.

    In a terminal a screen, in a pipe one experiment a line, separated by tabs, with a header line.
    """
    from graphkit.app.select import Filters  # noqa: PLC0415 - not for `--help`
    from graphkit.app.status import report_details, report_status  # noqa: PLC0415
    from graphkit.cli import detail_view, status_view  # noqa: PLC0415

    output = invocation.output()
    session = open_vault(invocation, output)
    if experiments:
        details = report_details(session, experiments)
        show(
            output, details, as_json=as_json,
            screen=lambda: detail_view.detail_screen(details, output.surface),
            plain=lambda: detail_view.detail_plain(details),
        )  # fmt: skip
        rows = [detail.experiment for detail in details.experiments]
        errors = sum(finding.severity == "error" for item in details.experiments for finding in item.findings)
    else:
        filters = Filters(goals=goal, owners=owner, statuses=statuses, tags=tag)
        limit = None if everything else status_view.LIMIT
        show(
            output, report, as_json=as_json,
            screen=lambda: status_view.status_screen(report, output.surface, by=by, limit=limit),
            plain=lambda: status_view.status_plain(report, limit=limit),
        )  # fmt: skip
        if not output.screen and not as_json:
            for line in status_view.status_aside(report, limit=limit):
                output.note(line)
        rows, errors = list(report.experiments), report.errors
    failed = ("overdue" in fail_on and any(row.attention == "overdue" for row in rows)) or (
        "error" in fail_on and errors > 0
    )
    told = not as_json and not experiments
    return outcome(session, output, Exit.FINDINGS if failed else Exit.FINE, told=told)
