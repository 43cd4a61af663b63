"""Results as JSON: one codec for every report, with a schema that has a name and a version."""

from __future__ import annotations

import json
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from typing import TYPE_CHECKING

from graphkit.app.results.edits import CreateReport, FixReport, FormReport, GitReport, InitReport, MarkReport
from graphkit.app.results.explanations import Explanation
from graphkit.app.results.history_reports import BurnupReport, ForecastReport, ForecastRow, HistoryLog
from graphkit.app.results.metric_edits import ImportReport, LogReport
from graphkit.app.results.metric_reports import (
    CandidatesReport,
    GoalRow,
    GoalsReport,
    MetricBrief,
    MetricDetail,
    MetricRow,
    MetricsReport,
    NextReport,
    StrategiesReport,
    StrategyRow,
)
from graphkit.app.results.plans import PlanReport
from graphkit.app.results.portfolio_reports import BuildReport, QuestionReport
from graphkit.app.results.readouts import ReadoutReport
from graphkit.app.results.reports import (
    CheckReport,
    DetailReport,
    DoctorReport,
    ExperimentRow,
    StatusReport,
    TableReport,
    TaskReport,
    TreeReport,
)
from graphkit.app.results.task_row import TaskRow
from graphkit.app.results.writes import RollupReport, UndoList, UndoOutcome
from graphkit.insight.work.progress import Progress
from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record, field_names

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator

SCHEMAS: Mapping[type, str] = {
    StatusReport: "graphkit.status/1",
    DetailReport: "graphkit.experiments/2",
    TreeReport: "graphkit.tree/1",
    TaskReport: "graphkit.tasks/1",
    CheckReport: "graphkit.check/1",
    RollupReport: "graphkit.rollup/1",
    UndoList: "graphkit.runs/1",
    UndoOutcome: "graphkit.undo/1",
    FormReport: "graphkit.form/1",
    MarkReport: "graphkit.task/1",
    CreateReport: "graphkit.new/1",
    InitReport: "graphkit.init/1",
    GitReport: "graphkit.git-setup/1",
    DoctorReport: "graphkit.doctor/1",
    MetricsReport: "graphkit.metrics/1",
    MetricDetail: "graphkit.metric/1",
    CandidatesReport: "graphkit.candidates/1",
    StrategiesReport: "graphkit.strategies/1",
    GoalsReport: "graphkit.goals/1",
    NextReport: "graphkit.next/1",
    ReadoutReport: "graphkit.readout/2",
    PlanReport: "graphkit.plan/1",
    LogReport: "graphkit.metric-log/1",
    ImportReport: "graphkit.metric-import/1",
    FixReport: "graphkit.fix/1",
    ForecastReport: "graphkit.forecast/1",
    BurnupReport: "graphkit.burnup/1",
    HistoryLog: "graphkit.log/1",
    Explanation: "graphkit.explain/1",
    BuildReport: "graphkit.portfolio-build/1",
}
"""Name and version of each document. Adding a key keeps the version; any other change increments it."""

TABLE_VERSION = 1

COMPUTED: Mapping[type, Mapping[str, Callable[..., object]]] = {
    Progress: {
        "total": lambda progress: progress.total,
        "fraction": lambda progress: progress.fraction,
        "percent": lambda progress: progress.percent,
    },
    ExperimentRow: {"id": lambda row: f"experiment:{row.name}"},
    ForecastRow: {"id": lambda row: f"experiment:{row.name}" if row.name else None},
    MetricRow: {"id": lambda row: f"metric:{row.name}"},
    MetricBrief: {"id": lambda row: f"metric:{row.name}"},
    StrategyRow: {"id": lambda row: f"strategy:{row.name}"},
    GoalRow: {"id": lambda row: f"goal:{row.name}"},
    TaskRow: {"id": lambda row: f"task:{row.block_id or f'{row.path}:{row.line}'}"},
}
"""Additional keys of a value in a document. Ids are those of the graph's nodes (spec: domain §2)."""


class Envelope(Record, frozen=True, kw_only=True):
    """The origin of a document."""

    vault: str
    """Name of the vault's folder."""
    as_of: date
    """The day used as today."""


_SURROGATE = lazy_pattern("[\ud800-\udfff]")


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


_NAMES: dict[type, tuple[str, ...]] = {}


def iter_json(report: object, *, ascii_only: bool = False, envelope: Envelope | None = None) -> Iterator[str]:
    """The lines of one JSON document: each key of the report, and each entry of its lists, on a line of its own.

    envelope: the vault and the day, added behind the schema where the report does not name them itself.

    Dates are ISO 8601, sets are sorted, unknown values are null. Keys are in the order of the fields. A lone
    surrogate (a byte that was not UTF-8) is escaped, so that the document is valid UTF-8 and loses nothing.
    """
    encoder = json.JSONEncoder(ensure_ascii=ascii_only, default=_plain, separators=(", ", ": "))

    def written(value: object) -> str:
        return _SURROGATE.sub(_escaped, encoder.encode(value))

    members = list(_members(report, envelope).items())
    yield "{"
    for index, (key, value) in enumerate(members):
        comma = "," if index + 1 < len(members) else ""
        head = f"  {written(key)}: "
        if isinstance(value, (tuple, list)) and value:
            yield f"{head}["
            last = len(value) - 1
            for place, entry in enumerate(value):
                yield f"    {written(entry)}{',' if place < last else ''}"
            yield f"  ]{comma}"
        else:
            yield f"{head}{written(value)}{comma}"
    yield "}"


def encode(report: object, *, ascii_only: bool = False) -> str:
    """The whole document of `iter_json`, with a line end."""
    return "\n".join(iter_json(report, ascii_only=ascii_only)) + "\n"


def _members(report: object, envelope: Envelope | None) -> dict[str, object]:
    """The top level of a document: schema, vault, day, then the report's own fields. Raises TypeError for others."""
    origin = {} if envelope is None else _fields(envelope)
    if isinstance(report, TableReport):
        rows = [dict(zip(report.columns, row, strict=True)) for row in report.rows]
        return {"schema": f"graphkit.{report.name}/{TABLE_VERSION}", **origin, "title": report.title, "rows": rows}
    if isinstance(report, QuestionReport):
        members = {name: value for name, value in _fields(report).items() if name not in {"name", "columns"}}
        answers = [dict(zip(report.columns, answer, strict=True)) for answer in report.rows]
        return {"schema": f"graphkit.{report.name}/{TABLE_VERSION}", **members, "rows": answers}
    schema = SCHEMAS.get(type(report))
    if schema is None:
        message = f"{type(report).__name__} has no schema"
        raise TypeError(message)
    fields = _fields(report)
    return {"schema": schema, **{key: value for key, value in origin.items() if key not in fields}, **fields}


def _plain(value: object) -> object:
    """Convert a value that `json` cannot encode."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, AbstractSet):
        return sorted(value)
    if isinstance(value, Mapping):
        return dict(value)
    return _fields(value)


def _fields(value: object) -> dict[str, object]:
    kind = type(value)
    names = _NAMES.get(kind)
    if names is None:
        if not isinstance(value, Record):
            message = f"{kind.__name__} is no value of a result"
            raise TypeError(message)
        names = _NAMES[kind] = field_names(value)
    members: dict[str, object] = {name: getattr(value, name) for name in names}
    computed = COMPUTED.get(kind)
    if computed is not None:
        members.update({name: compute(value) for name, compute in computed.items()})
    return members
