"""`graphkit portfolio`: many vaults as one dataset, and questions to it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from graphkit.cli.exits import Exit
from graphkit.cli.options import Invocation, format_options, json_option, shared_options
from graphkit.cli.vault_command import show

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphkit.app.results.portfolio_reports import QuestionReport
    from graphkit.cli.terminal.output import Ticker
    from graphkit.portfolio.locked_database import LockedDatabase

_NAMED_UNREAD = 5

dataset_option = click.option(
    "-d", "--dataset", "place", required=True, envvar="GRAPHKIT_PORTFOLIO", metavar="DIR",
    help="The dataset: the folder or the s3:// prefix that `build` wrote.",
)  # fmt: skip
all_option = click.option("--all", "everything", is_flag=True, help="Show everything, not only what stands out.")


@click.group("portfolio")
@shared_options
def command() -> None:
    """Query many vaults as one dataset.

    `build` reads vaults into Parquet files; the other commands answer from these without reading a vault. All need
    the extra `portfolio`: pip install 'logseq-graphkit[portfolio]'.
    """


@command.command("build")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("-o", "--output", "place", required=True, metavar="DIR", help="The dataset: a folder or an s3:// prefix.")
@click.option(
    "--engine", type=click.Choice(["local", "ray"]), default="local", show_default=True,
    help="Read with the processors of this machine, or with a Ray cluster.",
)  # fmt: skip
@click.option("--address", metavar="ADDRESS", help="The Ray cluster. [default: start Ray on this machine]")
@click.option("--workers", type=click.IntRange(1), metavar="N", help="Processes. [default: one for each processor]")
@click.option("--all", "everything", is_flag=True, help="Read vaults that have not changed, too.")
@json_option
@shared_options
@click.pass_obj
def build(
    invocation: Invocation,
    sources: tuple[str, ...],
    place: str,
    engine: str,
    address: str | None,
    workers: int | None,
    everything: bool,  # noqa: FBT001 - click passes options by name
    as_json: bool,  # noqa: FBT001
) -> int:
    """Read vaults into a dataset. A second run reads only vaults that have changed.

    SOURCE is a folder, a quoted glob pattern, a file that lists sources, a git repository as git+PATH,
    git+https://... or git+ssh://... with #REVISION or #REVISION:FOLDER, or a prefix of an object store as
    s3://BUCKET/PREFIX, with /* for each folder below it.

    A vault that cannot be read is a row with its error; the exit status is then 4.
    """
    from graphkit.cli.share import portfolio_screen  # noqa: PLC0415 - not for `--help`
    from graphkit.portfolio.build import build_dataset  # noqa: PLC0415
    from graphkit.portfolio.engines.choice import open_engine  # noqa: PLC0415

    output = invocation.output()
    tickers: dict[str, Ticker] = {}

    def progress(what: str, done: int, total: int) -> None:
        if what not in tickers:
            tickers[what] = output.progress(what, total=total)
        tickers[what](done)

    with open_engine(engine, address=address, workers=workers) as runner:
        report = build_dataset(
            sources,
            place,
            runner,
            invocation.as_of or dt.datetime.now().astimezone().date(),
            Path.cwd(),
            everything=everything,
            progress=progress,
        )
    output.clear_progress()
    show(
        output, report, as_json=as_json,
        screen=lambda: portfolio_screen.build_screen(report, output.surface),
        plain=lambda: portfolio_screen.build_plain(report),
    )  # fmt: skip
    for vault in report.unread[:_NAMED_UNREAD]:
        output.problem("warning", f"{vault.source}: {vault.error}")
    if len(report.unread) > _NAMED_UNREAD:
        output.problem("warning", f"{len(report.unread) - _NAMED_UNREAD} more vaults could not be read")
    if report.partly:
        names = ", ".join(report.partly[:_NAMED_UNREAD]) + (" …" if len(report.partly) > _NAMED_UNREAD else "")
        output.problem("warning", f"some files could not be read in {names}")
    return Exit.PARTIAL if report.unread or report.partly else Exit.FINE


def _answer(
    invocation: Invocation, place: str, question: Callable[[LockedDatabase], QuestionReport], *, as_json: bool
) -> int:
    from graphkit.cli.share import portfolio_screen  # noqa: PLC0415 - not for `--help`
    from graphkit.portfolio.locked_database import LockedDatabase  # noqa: PLC0415

    output = invocation.output()
    with LockedDatabase(place) as database:
        report = question(database)
    show(
        output, report, as_json=as_json,
        screen=lambda: portfolio_screen.question_screen(report, output.surface),
        plain=lambda: portfolio_screen.question_plain(report),
    )  # fmt: skip
    if report.unread:
        number = report.unread
        output.note(
            f"{number} of {report.vaults} vaults could not be read; the column error of the table vaults says why."
        )
    return Exit.PARTIAL if report.unread else Exit.FINE


@command.command("sql")
@click.argument("query")
@dataset_option
@format_options
@shared_options
@click.pass_obj
def sql(invocation: Invocation, query: str, place: str, as_json: bool) -> int:  # noqa: FBT001
    """Answer one SELECT over the tables of a dataset.

    The tables are vaults, experiments, tasks, goals, metrics, observations, strategies, readouts, edges and findings.
    Statements that write, change settings or read other files are refused.
    """
    from graphkit.portfolio.questions import ask_select  # noqa: PLC0415 - not for `--help`

    return _answer(invocation, place, lambda database: ask_select(database, query), as_json=as_json)


def _named(name: str, meaning: str) -> None:
    """Add the command of a named question."""

    def run(invocation: Invocation, place: str, everything: bool, as_json: bool) -> int:  # noqa: FBT001
        from graphkit.portfolio.questions import ask_question  # noqa: PLC0415 - not for `--help`

        return _answer(
            invocation, place, lambda database: ask_question(database, name, everything=everything), as_json=as_json
        )

    run.__doc__ = meaning
    decorated = click.pass_obj(run)
    for option in (dataset_option, all_option, format_options, shared_options):
        decorated = option(decorated)
    command.command(name)(decorated)


_named(
    "status",
    """Show the experiments of all teams that need somebody, the most urgent first.

    These are decisions and rollbacks that are due, breached guardrails, and work that is off track or overdue.
    """,
)
_named("win-rate", "Count decided experiments by result, with win rate and 95 % interval, by team.")
_named("velocity", "Count the leaves that each team finished in the last 12 weeks.")
_named("metrics", "Show the metrics of all teams, those with a breached guard first.")
_named("stale", "List experiments and tasks without activity, the longest first.")
