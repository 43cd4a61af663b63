"""`graphkit metric`: log one observation, or import many of them from a file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from graphkit.cli.exits import Exit
from graphkit.cli.options import Invocation, json_option, read_day, shared_options
from graphkit.cli.vault_command import findings_noted, open_vault, outcome, show

if TYPE_CHECKING:
    import datetime as dt

    from graphkit.app.writing.metric_import import Target
    from graphkit.quantities.column_formats import DayOrder, Decimal


@click.group("metric")
@shared_options
def command() -> None:
    """Record values of metrics in the notes."""


@command.command("log", context_settings={"ignore_unknown_options": True})
@click.argument("name")
@click.argument("value")
@click.option("--date", "day", callback=read_day, metavar="DATE", help="The day of the value. [default: today]")
@click.option("--n", "n", default="", metavar="N", help="The sample size.")
@click.option("--segment", default="", metavar="NAME", help="The segment that the value covers.")
@click.option("--note", default="", metavar="TEXT", help="A note after the value.")
@click.option("--create-journal", "create", is_flag=True, help="Create the journal of that day if it does not exist.")
@click.option("--dry-run", is_flag=True, help="Write nothing; show what would change as a unified diff.")
@json_option
@shared_options
@click.pass_obj
def log(
    invocation: Invocation,
    name: str,
    value: str,
    day: dt.date | None,
    n: str,
    segment: str,
    note: str,
    create: bool,  # noqa: FBT001 - click passes options by name
    dry_run: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
) -> int:
    """Write one value of a metric into the journal of its day: `- #metric [[Retention rate]] 41.2% (n=1200)`.

    The value must match the metric's unit, and ambiguous numbers are refused. If the vault already has this value,
    nothing is written. `graphkit undo` reverts it.
    """
    from graphkit.app.writing.metric_log import log_observation  # noqa: PLC0415 - not for `--help`
    from graphkit.cli.measure import metric_screen  # noqa: PLC0415

    output = invocation.output()
    vault = open_vault(invocation, output)
    report = log_observation(
        vault, name, value, os.environ,
        day=day or vault.today, n=n, segment=segment, note=note, create=create, dry_run=dry_run,
    )  # fmt: skip
    show(
        output, report, as_json=as_json, vault=vault,
        screen=lambda: metric_screen.log_screen(report, output.surface, dry_run=dry_run),
        plain=lambda: metric_screen.log_plain(report, dry_run=dry_run),
    )  # fmt: skip
    findings_noted(output, report.findings)
    if not as_json:
        for line in metric_screen.log_notes(report):
            output.note(line)
    return outcome(
        vault,
        output,
        Exit.CONFLICT if report.conflicts else Exit.FINE,
        Exit.FINDINGS if report.failures else Exit.FINE,
    )


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--metric", "name", required=True, metavar="NAME", help="The metric that the values belong to.")
@click.option("--date-column", default="", metavar="NAME", help="The column with the day. [default: date]")
@click.option("--value-column", default="", metavar="NAME", help="The column with the value. [default: value]")
@click.option(
    "--to", "target", type=click.Choice(["page", "csv"]), default="page",
    help="Write into the table on the metric's page (the default), or into the CSV file in its data:: property.",
)  # fmt: skip
@click.option(
    "--date-order", "order", type=click.Choice(["dmy", "mdy"]),
    help="Read 05/01/2026 with this first, if the column does not decide it.",
)  # fmt: skip
@click.option(
    "--decimal", type=click.Choice(["comma", "point"]),
    help="The decimal separator of a CSV file, if the column does not decide it.",
)  # fmt: skip
@click.option("--fractions", is_flag=True, help="Read numbers without a percent sign as fractions: 0.41 is 41%.")
@click.option("--replace", "replacing", is_flag=True, help="Overwrite other values of the same day.")
@click.option("--dry-run", is_flag=True, help="Write nothing; show what would change as a unified diff.")
@click.option("--diff", is_flag=True, help="Show the changes as a unified diff.")
@json_option
@shared_options
@click.pass_obj
def import_(
    invocation: Invocation,
    file: Path,
    name: str,
    date_column: str,
    value_column: str,
    target: Target,
    order: DayOrder | None,
    decimal: Decimal | None,
    fractions: bool,  # noqa: FBT001 - click passes options by name
    replacing: bool,  # noqa: FBT001
    dry_run: bool,  # noqa: FBT001
    diff: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
) -> int:
    """Import the values of a CSV or JSON file into a metric, one for each day and segment.

    Columns are date, value, n, segment and source, in any order. Values that the vault already has are skipped. Another
    value of the same day is an error without --replace. If a row cannot be read, nothing is written.

    Days such as 2026-01-31, 20260131, 31.01.2026 or 31 Jan 2026 are unambiguous, and so are 41,2 and 41.2. Ambiguous
    ones, such as 05/01/2026 or 1,234, are read like the rest of their column. If that does not decide, it is an error.
    """
    from graphkit.app.writing.import_rows import Spelling  # noqa: PLC0415 - not for `--help`
    from graphkit.app.writing.metric_import import import_observations  # noqa: PLC0415
    from graphkit.cli.measure import metric_screen  # noqa: PLC0415

    output = invocation.output()
    vault = open_vault(invocation, output)
    report = import_observations(
        vault, file, name, os.environ,
        spelling=Spelling(
            date_column=date_column, value_column=value_column, order=order, decimal=decimal, fractions=fractions
        ),
        target=target, replacing=replacing, dry_run=dry_run,
    )  # fmt: skip
    with_diff = (dry_run or diff) and not report.problems
    show(
        output, report, as_json=as_json, vault=vault,
        screen=lambda: metric_screen.import_screen(report, output.surface, with_diff=with_diff),
        plain=lambda: metric_screen.import_plain(report, with_diff=with_diff),
    )  # fmt: skip
    for problem, hint in metric_screen.import_problems(report):
        output.problem("error", problem, hint)
    findings_noted(output, report.findings)
    if not as_json:
        output.note(metric_screen.import_summary(report))
    return outcome(
        vault,
        output,
        Exit.CONFLICT if report.conflicts else Exit.FINE,
        Exit.FINDINGS if report.failures else Exit.FINE,
    )
