"""`graphkit plan`."""

from __future__ import annotations

import datetime as dt
import os

import click

from graphkit.cli.exits import Exit
from graphkit.cli.options import Invocation, format_options, shared_options
from graphkit.cli.vault_command import findings_noted, open_vault, outcome, show


@click.command("plan")
@click.argument("experiment", metavar="[EXPERIMENT]", required=False)
@click.option("--baseline", default="", metavar="RATE", help="The control's conversion rate: 10%.")
@click.option("--mean", default="", metavar="MEAN", help="The control's mean, for a metric that is not a rate.")
@click.option("--sd", default="", metavar="SD", help="The standard deviation of a unit, for --mean.")
@click.option("--mde", default="", metavar="EFFECT", help="The minimum detectable effect: 10%, -5%, 1pp.")
@click.option(
    "--days",
    type=click.IntRange(1, 36_500),
    metavar="N",
    help="Compute the smallest effect that this many days can detect.",
)
@click.option(
    "--traffic", default="", metavar="UNITS/PERIOD", help="Units per period in all arms together: 4000/week, 500/day."
)
@click.option("--arms", type=int, metavar="N", help="The number of arms, including the control. [default: 2]")
@click.option("--split", default="", metavar="A:B", help="The shares of the arms, the control first. [default: equal]")
@click.option(
    "--power", type=float, default=0.8, show_default=True, help="The probability of detecting the effect if it exists."
)
@click.option("--sequential", is_flag=True, help="Also plan a sequential test, which can be read at any time.")
@click.option("--write", is_flag=True, help="Write mde:: and sample:: to the experiment's page.")
@click.option("--dry-run", is_flag=True, help="With --write, write nothing; show what would change.")
@format_options
@shared_options
@click.pass_obj
def command(
    invocation: Invocation,
    experiment: str | None,
    baseline: str,
    mean: str,
    sd: str,
    mde: str,
    days: int | None,
    traffic: str,
    arms: int | None,
    split: str,
    power: float,
    sequential: bool,  # noqa: FBT001 - click passes options by name
    write: bool,  # noqa: FBT001
    dry_run: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
) -> int:
    """Plan an A/B test before it runs: units per arm, days, and the smallest effect they can detect.

    --baseline, --mde and --traffic give the days. With --days instead of --mde, the result is the effect. With
    EXPERIMENT, options default to the values on its page and on the page of its primary metric.
    """
    from graphkit.app.reading.plan import PageSays, PlanWish, page_says, report_plan  # noqa: PLC0415 - not for `--help`
    from graphkit.cli.measure import plan_screen  # noqa: PLC0415

    if experiment is None and (write or dry_run):
        raise click.UsageError("--write needs the name of an experiment.")
    wish = PlanWish(
        baseline=baseline, effect=mde, traffic=traffic, split=split, arms=arms, power=power, mean=mean, deviation=sd,
        days=days, sequential=sequential,
    )  # fmt: skip
    output = invocation.output()
    vault = None
    if experiment is None:
        report = report_plan(wish, PageSays(), today=invocation.as_of or dt.date.today())  # noqa: DTZ011 - the user's day
    else:
        from graphkit.app.reading.experiments import experiment_named, experiments_of  # noqa: PLC0415

        vault = open_vault(invocation, output)
        found = experiment_named(experiments_of(vault), experiment)
        report = report_plan(wish, page_says(vault, found), today=vault.today)
        if write:
            from graphkit.app.writing.plan_properties import write_plan  # noqa: PLC0415

            report = write_plan(vault, report, os.environ, dry_run=dry_run)
    show(
        output, report, as_json=as_json, vault=vault,
        screen=lambda: plan_screen.plan_screen(report, output.surface, dry_run=dry_run),
        plain=lambda: plan_screen.plan_plain(report),
    )  # fmt: skip
    findings_noted(output, report.findings)
    if not as_json:
        for line in plan_screen.plan_notes(report, dry_run=dry_run):
            output.note(line)
    if vault is None:
        return Exit.FINE
    return outcome(
        vault,
        output,
        Exit.CONFLICT if report.conflicts else Exit.FINE,
        Exit.FINDINGS if report.failures else Exit.FINE,
    )
