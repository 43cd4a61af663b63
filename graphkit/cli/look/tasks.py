"""`graphkit tasks`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from graphkit.cli.options import Invocation, format_options, read_day, shared_options
from graphkit.cli.vault_command import open_vault, outcome, show

if TYPE_CHECKING:
    from datetime import date


@click.command("tasks")
@click.option("--open", "only_open", is_flag=True, help="Only tasks that are not done or cancelled (the default).")
@click.option("--overdue", is_flag=True, help="Only tasks whose DEADLINE (or due::) is before today.")
@click.option("--blocked", is_flag=True, help="Only tasks that are waiting, or whose blocked-by:: is not done.")
@click.option("--stale", is_flag=True, help="Only stale tasks (in progress or waiting), then dormant ones.")
@click.option("--done-since", callback=read_day, metavar="DATE", help="Only tasks done on or after this day.")
@click.option(
    "--status",
    "statuses",
    multiple=True,
    type=click.Choice(["todo", "doing", "waiting", "done", "cancelled"]),
    help="Only tasks in this state.",
)
@click.option("--owner", multiple=True, metavar="NAME", help="Only tasks of this owner, set on the task or its page.")
@click.option("--experiment", multiple=True, metavar="NAME", help="Only tasks on this experiment's page.")
@click.option("--closed", is_flag=True, help="Include done and cancelled tasks.")
@click.option("--all", "everything", is_flag=True, help="Show all tasks, without a limit.")
@format_options
@shared_options
@click.pass_obj
def command(
    invocation: Invocation,
    only_open: bool,  # noqa: FBT001 - click passes options by name
    overdue: bool,  # noqa: FBT001
    blocked: bool,  # noqa: FBT001
    stale: bool,  # noqa: FBT001
    done_since: date | None,
    statuses: tuple[str, ...],
    owner: tuple[str, ...],
    experiment: tuple[str, ...],
    closed: bool,  # noqa: FBT001
    everything: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
) -> int:
    """List the tasks of the vault, the most urgent first."""
    from graphkit.app.reading.experiments import experiment_named, experiments_of  # noqa: PLC0415 - not for `--help`
    from graphkit.app.reading.tasks import TaskFilters, report_tasks  # noqa: PLC0415
    from graphkit.cli.look import tasks_screen  # noqa: PLC0415

    if only_open and closed:
        raise click.UsageError("--open and --closed cannot be combined.")
    if only_open and done_since is not None:
        raise click.UsageError("--open and --done-since cannot be combined.")
    output = invocation.output()
    vault = open_vault(invocation, output, whole=True)
    chosen: tuple[str, ...] = ()
    if experiment:
        experiments = experiments_of(vault)
        chosen = tuple(experiment_named(experiments, name).page.name for name in experiment)
    report = report_tasks(
        vault,
        TaskFilters(
            everything=closed,
            overdue=overdue,
            blocked=blocked,
            stale=stale,
            done_since=done_since,
            statuses=statuses,
            owners=owner,
            experiments=chosen,
        ),
    )
    limit = None if everything else tasks_screen.LIMIT
    show(
        output, report, as_json=as_json, vault=vault,
        screen=lambda: tasks_screen.tasks_screen(report, output.surface, limit=limit),
        plain=lambda: tasks_screen.tasks_plain(report, limit=limit),
    )  # fmt: skip
    if not output.screen and not as_json:
        for line in tasks_screen.tasks_aside(report, limit=limit):
            output.note(line)
    return outcome(vault, output)
