"""Named questions to a dataset, each one SELECT with a fixed meaning."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Final

from graphkit.app.results.portfolio_reports import QuestionReport
from graphkit.insight.statistics.small import wilson
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from graphkit.portfolio.locked_database import LockedDatabase

    Row = tuple[object, ...]

NEEDS_SOMEBODY: Final = ("rollback due", "decision due", "guardrail breached", "off track", "overdue")
"""Words of attention that ask somebody to act; `status` lists these experiments only."""
WEEKS: Final = 12
"""Weeks of `velocity`, the same as those of a forecast."""
_Z95: Final = 1.959963984540054


class Question(Record, frozen=True, kw_only=True):
    """A question with a name."""

    title: str
    query: str
    """One SELECT; `$today`, `$weeks`, `$everything` and `$words` stand for values."""
    finish: Callable[[Sequence[str], list[Row]], tuple[Sequence[str], list[Row]]] | None = None
    """Adds what SQL does not compute."""


def _with_intervals(columns: Sequence[str], rows: list[Row]) -> tuple[Sequence[str], list[Row]]:
    """The win rate and its 95 % Wilson interval behind each row, and all teams together as the last row."""
    numbers = [[int(str(value)) for value in row[1:]] for row in rows]
    if len(rows) > 1:
        rows = [*rows, ("all", *map(sum, zip(*numbers, strict=True)))]
    found: list[Row] = []
    for row in rows:
        decided, won = int(str(row[1])), int(str(row[2]))
        low, high = wilson(won, decided, _Z95) if decided else (None, None)
        found.append((*row, won / decided if decided else None, low, high))
    return (*columns, "win_rate", "low", "high"), found


QUESTIONS: Final[Mapping[str, Question]] = {
    "status": Question(
        title="What needs somebody",
        query="""
SELECT team, title, attention, reason, lifecycle, lifecycle_derived, done, total, doing, waiting, todo, percent,
  fraction, due, owners, goals, result, health, p50, p85, chance, vault, id, path
FROM experiments JOIN teams USING (vault)
WHERE $everything OR list_contains($words, attention)
ORDER BY attention_rank, due NULLS LAST, team, title, id
""",
    ),
    "win-rate": Question(
        title="Decided experiments by result",
        query="""
SELECT team, count(*) AS decided, count(*) FILTER (result = 'won') AS won, count(*) FILTER (result = 'lost') AS lost,
  count(*) FILTER (result = 'inconclusive') AS inconclusive, count(*) FILTER (result = 'dnf') AS dnf
FROM experiments JOIN teams USING (vault) WHERE result IS NOT NULL GROUP BY team ORDER BY decided DESC, team
""",
        finish=_with_intervals,
    ),
    "velocity": Question(
        title=f"Leaves done in the last {WEEKS} weeks",
        query="""
WITH finished AS (
  SELECT vault, date_diff('day', done_on, $today::DATE) // 7 AS week FROM tasks
  WHERE leaf AND status = 'done' AND done_on <= $today::DATE AND done_on > $today::DATE - 7 * $weeks
), weekly AS (
  SELECT teams.vault, team, week, (SELECT count(*) FROM finished
    WHERE finished.vault = teams.vault AND finished.week = weeks.week) AS number
  FROM teams CROSS JOIN (SELECT unnest(range($weeks)) AS week) AS weeks
), unfinished AS (
  SELECT vault, count(*) AS number FROM tasks WHERE leaf AND status IN ('todo', 'doing', 'waiting') GROUP BY vault
)
SELECT team, sum(weekly.number)::BIGINT AS done, sum(weekly.number) / $weeks AS per_week,
  sum(weekly.number) FILTER (week < 4) / 4 AS per_week_lately, coalesce(any_value(unfinished.number), 0) AS open,
  list(weekly.number ORDER BY week DESC) AS weeks
FROM weekly LEFT JOIN unfinished USING (vault) GROUP BY vault, team
HAVING $everything OR sum(weekly.number) > 0 OR coalesce(any_value(unfinished.number), 0) > 0
ORDER BY done DESC, team
""",
    ),
    "metrics": Question(
        title="Metrics of all teams",
        query="""
SELECT team, title, text AS value, day, freshness, score, target_day, guard, guard_holds, owners, vault, id
FROM metrics JOIN teams USING (vault) WHERE $everything OR declared
ORDER BY coalesce(guard_holds, true), team, title, id
""",
    ),
    "stale": Question(
        title="Work without activity",
        query="""
WITH quiet AS (
  SELECT vault, 'experiment' AS kind, title, last_activity, array_to_string(owners, ', ') AS owner, path, 1 AS line
  FROM experiments WHERE stale
  UNION ALL
  SELECT vault, 'task', text, last_activity, coalesce(experiment, page), path, line
  FROM tasks WHERE list_contains(flags, 'stale') OR ($everything AND list_contains(flags, 'dormant'))
)
SELECT team, kind, title, last_activity, date_diff('day', last_activity, $today::DATE) AS days, owner, path, line
FROM quiet JOIN teams USING (vault) ORDER BY days DESC NULLS LAST, team, kind, title, path, line
""",
    ),
}
"""The questions by name."""


def ask_question(database: LockedDatabase, name: str, *, everything: bool = False) -> QuestionReport:
    """The answer to a named question. everything: also what it leaves out by default."""
    question = QUESTIONS[name]
    given = {
        "everything": everything,
        "today": database.manifest.as_of,
        "weeks": WEEKS,
        "words": list(NEEDS_SOMEBODY),
    }
    values = {key: value for key, value in given.items() if f"${key}" in question.query}
    names, rows = database.ask(question.query, values)
    columns: Sequence[str] = names
    found: list[Row] = [tuple(row) for row in rows]
    if question.finish is not None:
        columns, found = question.finish(columns, found)
    return _report(database, name, question.title, columns, found)


def ask_select(database: LockedDatabase, query: str) -> QuestionReport:
    """The answer to one SELECT. Raises RequestError."""
    columns, rows = database.ask(query)
    return _report(database, "sql", "", columns, [tuple(row) for row in rows])


def _report(database: LockedDatabase, name: str, title: str, columns: Sequence[str], rows: list[Row]) -> QuestionReport:
    manifest = database.manifest
    return QuestionReport(
        name=f"portfolio-{name}",
        title=title,
        place=database.shown,
        as_of=manifest.as_of,
        vaults=len(manifest.vaults),
        unread=sum(bool(entry.error) for entry in manifest.vaults),
        columns=_distinct(columns),
        rows=tuple(tuple(map(plain, row)) for row in rows),
    )


def _distinct(columns: Sequence[str]) -> tuple[str, ...]:
    """The names of columns, with a number behind those that occurred before, since JSON has each key once."""
    found: list[str] = []
    for name in columns:
        own, number = name, 2
        while own in found:
            own, number = f"{name}_{number}", number + 1
        found.append(own)
    return tuple(found)


def plain(value: object) -> object:
    """A value of DuckDB as JSON has it: numbers, texts, lists, mappings; days and times in ISO 8601."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, (float, Decimal)):
        return float(value) if isfinite(value) else str(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(plain(key)): plain(item) for key, item in value.items()}
    return value.hex() if isinstance(value, bytes) else str(value)
