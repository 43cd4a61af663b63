"""Generated vaults, datasets made of them, and their rows, for the tests of portfolios."""

from __future__ import annotations

import datetime as dt
import random
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from typing import TYPE_CHECKING, Any

import duckdb

from benchmarks.generate import write_vault
from graphkit.app.tables.table_schema import TABLES
from graphkit.cli.main import run
from graphkit.portfolio.build import build_dataset
from graphkit.portfolio.engines.local import LocalEngine
from graphkit.portfolio.locked_database import LockedDatabase
from graphkit.text.digests import file_digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from graphkit.app.results.portfolio_reports import BuildReport
    from graphkit.portfolio.build import Sizes

DAY = dt.date(2026, 3, 2)


def write_teams(root: Path, number: int, *, least: int = 10, most: int = 60, seed: int = 7) -> list[Path]:
    """Generated vaults `team-00` … below a folder, with this many pages each."""
    chosen = random.Random(seed)  # noqa: S311 - the same vaults in every run
    vaults = []
    for index in range(number):
        kind = "experiments" if index % 5 == 4 else "mixed"
        place = root / f"team-{index:02}"
        write_vault(place, pages=chosen.randint(least, most), kind=kind, seed=seed + index)
        vaults.append(place)
    return vaults


class SameProcess:
    """An engine without processes, for tests of everything but engines."""

    workers = 1

    def map(self, function: Callable[[Any], Any], jobs: Sequence[Any]) -> Iterator[tuple[int, Any]]:
        """Run each job here."""
        return ((number, function(job)) for number, job in enumerate(jobs))


def build(place: Path, *words: str | Path, sizes: Sizes | None = None, everything: bool = False) -> BuildReport:
    """Build a dataset in this process."""
    return build_dataset(
        [str(word) for word in words], str(place), SameProcess(), DAY, place.parent, sizes=sizes, everything=everything
    )


def build_locally(place: Path, *words: str | Path, sizes: Sizes | None = None) -> BuildReport:
    """Build a dataset with two processes."""
    with LocalEngine(2) as engine:
        return build_dataset([str(word) for word in words], str(place), engine, DAY, place.parent, sizes=sizes)


def rows_of(place: Path, table: str) -> list[dict[str, Any]]:
    """The rows of a table of a dataset."""
    with LockedDatabase(str(place)) as database:
        names, rows = database.ask(f'SELECT * FROM "{table}" ORDER BY ALL')  # noqa: S608 - a table's name
        return [dict(zip(names, row, strict=True)) for row in rows]


def digests(place: Path) -> dict[str, str]:
    """A digest of the sorted rows of each table."""
    return {
        table: file_digest(repr([tuple(row.values()) for row in rows_of(place, table)]).encode()).hex()
        for table in TABLES
    }


def parquet_rows(place: Path) -> int:
    """The rows of all files of a dataset, whether a manifest names them or not."""
    return sum(duckdb.read_parquet(str(path)).shape[0] for path in place.glob("*/*.parquet"))


def command(*words: str | Path) -> tuple[int, str, str]:
    """Exit status, stdout and stderr of a command line, in this process."""
    out, errors = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(errors):
        code = run([str(word) for word in words])
    return code, out.getvalue(), errors.getvalue()
