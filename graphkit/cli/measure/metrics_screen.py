"""`graphkit metrics` as screens and as tab-separated lines: the table, one metric, the candidates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.cli.look.check_screen import finding_lines
from graphkit.cli.terminal.canvas import count, said
from graphkit.cli.terminal.formats import Rows
from graphkit.cli.terminal.plot import plot
from graphkit.cli.terminal.sparks import FRESH_ROLES, percent, spark
from graphkit.cli.terminal.table import Column, table
from graphkit.insight.metrics.metric_text import value_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from graphkit.app.results.metric_reports import CandidatesReport, MetricDetail, MetricRow, MetricsReport
    from graphkit.cli.terminal.canvas import Line, Piece, Surface

METRIC_COLUMNS = (
    "metric", "declared", "value", "text", "unit", "day", "freshness", "baseline", "target", "target_day", "score",
    "guard", "guard_holds", "observations", "owner", "experiments", "strategies", "findings", "path",
)  # fmt: skip
"""Fields of the tab-separated table. New ones are only added at the end."""

OBSERVATION_FIELDS = ("day", "value", "text", "n", "segment", "source", "kind", "written", "path", "line")
CANDIDATE_FIELDS = ("candidate", "alias", "count", "path", "line", "page")

LIMIT = 100
_WORD_FROM = 72
_TARGET_FROM = 80
_GUARD_FROM = 100
_OWNER_FROM = 120
_MEASURED_FROM = 110
_DATE_FROM = 100
_STRATEGIES_FROM = 150
_SHOWN_OBSERVATIONS = 20
_SHOWN_PLACES = 3


def metrics_screen(report: MetricsReport, surface: Surface, *, limit: int | None = LIMIT) -> list[Line]:
    """Every metric with its value, trend and target; undeclared ones below. No line is wider than the surface."""
    if not report.metrics:
        return surface.fit(
            [
                ((" No metrics yet.", "plain"),),
                ((" To make a page a metric, add the property  page-type:: [[metric]]", "plain"),),
                ((" graphkit metrics --candidates  lists phrases in the notes that may be metrics.", "plain"),),
            ]
        )
    shown = report.metrics if limit is None else report.metrics[:limit]
    lines: list[Line] = [_head(report, surface), ()]
    lines += _table(shown, surface)
    rest = len(report.metrics) - len(shown)
    if rest:
        lines += [(), ((f" {rest:,} more", "strong"), (": graphkit metrics --all", "plain"))]
    return surface.fit(lines)


def _head(report: MetricsReport, surface: Surface) -> Line:
    rows = report.metrics
    undeclared = sum(not row.declared for row in rows)
    breached = sum(row.guard_holds is False for row in rows)
    stale = {word: sum(row.declared and row.freshness == word for row in rows) for word in ("late", "missing")}
    parts: list[Line] = [((count(len(rows), "metric"), "strong"),)]
    if breached:
        parts.append(((f"{breached:,} guard{'s' if breached > 1 else ''} breached", "bad"),))
    parts += [((f"{number:,} {word}", "warn"),) for word, number in stale.items() if number]
    if undeclared:
        parts.append(((f"{undeclared:,} without a page", "muted"),))
    return ((" ", "plain"), *surface.join(parts))


def _name(row: MetricRow, surface: Surface) -> Line:
    glyphs = surface.glyphs
    sign: Piece = (glyphs.alarm, "bad") if row.guard_holds is False else (
        (glyphs.ready, FRESH_ROLES[row.freshness]) if row.freshness != "fresh" else (glyphs.running, "good")
    )  # fmt: skip
    return sign, (" ", "plain"), (surface.show(row.title), "strong" if row.declared else "muted")


def _value(row: MetricRow, surface: Surface) -> Line:
    if row.value is None and row.day is not None:  # there are observations of segments, but none of the whole
        return said("by segment", "muted")
    return said(surface.show(row.text), "bad" if row.guard_holds is False else "plain")


def _target(row: MetricRow, surface: Surface, *, dated: bool = True) -> Line:
    if not row.target_text:
        return said("hold", "muted") if row.direction == "hold" else ()
    by = f" by {row.target_day.isoformat()}" if row.target_day and dated else ""
    return (surface.show(row.target_text), "plain"), (by, "muted")


def _score(row: MetricRow) -> Line:
    if row.holds is not None:
        return said("holds", "good") if row.holds else said("fails", "bad")
    return said(percent(row.score), "good" if row.score is not None and row.score >= 1 else "plain")


def _guard(row: MetricRow, surface: Surface) -> Line:
    if not row.guard:
        return ()
    if row.guard_holds is False:
        return said(surface.show(row.guard) + " breached", "bad")
    if row.guard_needed is not None:
        return said(f"{surface.show(row.guard)} unclear, n {row.guard_needed:,} needed", "warn")
    return said(surface.show(row.guard), "muted")


def _experiments(row: MetricRow, surface: Surface) -> Line:
    if not row.experiments:
        return ()
    first = surface.show(row.experiments[0].experiment)
    more = f" +{len(row.experiments) - 1}" if len(row.experiments) > 1 else ""
    return said(first + more, "muted")


def _fresh(row: MetricRow) -> Line:
    words = row.freshness if row.observations else "no value"
    return said(words, FRESH_ROLES[row.freshness])


def _table(rows: Sequence[MetricRow], surface: Surface) -> list[Line]:
    width = surface.width
    optional: list[tuple[int, Column, Callable[[MetricRow], Line]]] = [
        (0, Column(header="  metric", least=24 if width >= _WORD_FROM else 12), lambda row: _name(row, surface)),
        (0, Column(header="now", align="right", least=8), lambda row: _value(row, surface)),
        (0, Column(), lambda row: said(spark(row.series, surface), "calm")),
        (0, Column(header="score", align="right"), _score),
        (_TARGET_FROM, Column(header="target", least=8), lambda row: _target(row, surface, dated=width >= _DATE_FROM)),
        (_GUARD_FROM, Column(header="guard", least=8), lambda row: _guard(row, surface)),
        (_WORD_FROM, Column(header="fresh"), _fresh),
        (_OWNER_FROM, Column(header="owner", least=6, most=20), lambda row: said(surface.show(", ".join(row.owners)))),
        (_MEASURED_FROM, Column(header="measured by", least=8, most=50), lambda row: _experiments(row, surface)),
        (
            _STRATEGIES_FROM,
            Column(header="key metric of", least=8, most=40),
            lambda row: said(surface.show("; ".join(row.strategies)), "muted"),
        ),
    ]
    chosen = [(column, cell) for least, column, cell in optional if width >= least]
    cells = [[cell(row) for _, cell in chosen] for row in rows]
    return table([column for column, _ in chosen], cells, surface, indent=1, header=True, room=width - 1)


def metrics_plain(report: MetricsReport, *, limit: int | None = LIMIT) -> Rows:
    """A header line, then one line per metric, fields (METRIC_COLUMNS) separated by tabs."""
    rows = report.metrics if limit is None else report.metrics[:limit]
    return Rows(METRIC_COLUMNS, map(_fields, rows))


def _number(value: float | None) -> float | None:
    """The value without the noise of its last binary digits."""
    return None if value is None else float(f"{value:.10g}")


def _fields(row: MetricRow) -> Sequence[object]:
    return (
        row.title,
        row.declared,
        _number(row.value),
        row.text,
        row.unit,
        row.day,
        row.freshness,
        row.baseline_text,
        row.target_text,
        row.target_day,
        None if row.score is None else round(row.score, 3),
        row.guard,
        row.guard_holds,
        row.observations,
        row.owners,
        tuple(use.experiment for use in row.experiments),
        row.strategies,
        row.diagnostics,
        row.path,
    )


def metric_screen(detail: MetricDetail, surface: Surface) -> list[Line]:
    """One metric: its facts, its series as a plot, its observations, its findings."""
    row = detail.metric
    state: list[Line] = [_value(row, surface), _fresh(row)]
    if row.day:
        state.append(((f"last {row.day.isoformat()}", "muted"),))
    lines: list[Line] = [
        (*(_name(row, surface)), *(() if row.declared else ((" (no page)", "muted"),))),
        (("  ", "plain"), *surface.join(state)),
        (),
        *_facts(detail, surface),
    ]
    drawn = plot(
        [point.day for point in detail.points], [point.value / detail.scale for point in detail.points], surface,
        label=lambda value: surface.show(value_text(value * detail.scale, detail.unit_text)),
        limits={} if row.target is None else {surface.show(f"target {row.target_text}"): row.target / detail.scale},
        gap=detail.gap_days,
    )  # fmt: skip
    if drawn:
        what = detail.aggregate or "each day"
        lines += [(), surface.rule(surface.say(f"{detail.unit_text or 'value'}, {what}")), *drawn]
    if detail.observations:
        lines += [(), surface.rule("Observations", len(detail.observations)), *_observations(detail, surface)]
    if detail.findings:
        lines += [(), surface.rule("Findings", len(detail.findings))]
        for finding in detail.findings:
            lines += finding_lines(finding, surface, with_path=True)
    return surface.fit([((" ", "plain"), *line) if line else line for line in lines[:2]] + lines[2:])


def _facts(detail: MetricDetail, surface: Surface) -> list[Line]:
    row = detail.metric
    since = f" on {row.baseline_day.isoformat()}" if row.baseline_day else ""
    score = percent(row.score)
    raw = row.score_raw
    if raw is not None and row.score is not None and abs(raw - row.score) > 1e-9:
        score += f" ({raw * 100:.0f}% unclipped)"
    facts: list[tuple[str, Line]] = [
        ("baseline", said(surface.show(row.baseline_text + since if row.baseline_text else ""))),
        ("target", _target(row, surface)),
        ("score", said(score) or _score(row) or said(surface.say(row.score_reason), "muted")),
        ("guard", _guard(row, surface)),
        ("every", said(count(row.cadence_days, "day"), "muted")),
        ("owner", said(surface.show(", ".join(row.owners)))),
        ("source", said(surface.show(detail.source))),
        ("also", said(surface.show(", ".join(detail.aliases)), "muted")),
        *(
            ("measured by" if not index else "", said(surface.show(f"{use.experiment} ({use.how})")))
            for index, use in enumerate(row.experiments)
        ),
        ("key metric of", said(surface.show("; ".join(row.strategies)))),
        ("page", said(surface.show(row.path), "place")),
    ]
    cells = [[said(label, "muted"), value] for label, value in facts if value]
    return table([Column(most=20), Column(least=10)], cells, surface, indent=3)


def _observations(detail: MetricDetail, surface: Surface) -> list[Line]:
    shown = detail.observations[:_SHOWN_OBSERVATIONS]
    cells: list[list[Line]] = [
        [
            said(item.day.isoformat(), "warn" if item.future else "plain"),
            said(surface.show(item.text), "strong"),
            said(f"n={item.n:,.0f}" if item.n is not None else "", "muted"),
            said(surface.show(item.segment)),
            said(surface.show(item.source), "muted"),
            said(f"{surface.show(item.path)}:{item.line}", "place"),
        ]
        for item in shown
    ]
    columns = [
        Column(header="day"),
        Column(header="value", align="right"),
        Column(header="n", align="right"),
        Column(header="segment", least=6, most=24),
        Column(header="source", least=6, most=24),
        Column(header="place", least=10),
    ]
    lines = table(columns, cells, surface, indent=3, header=True)
    rest = len(detail.observations) - len(shown)
    if rest:
        lines.append(((f"   and {rest:,} earlier; use --json to show them", "muted"),))
    return lines


def metric_plain(detail: MetricDetail) -> Rows:
    """The observations, newest first, one per line (OBSERVATION_FIELDS). `--json` has the rest."""
    return Rows(
        OBSERVATION_FIELDS,
        (
            (
                item.day,
                _number(item.value),
                item.text,
                _number(item.n),
                item.segment,
                item.source,
                item.kind,
                item.written,
                item.path,
                item.line,
            )
            for item in detail.observations
        ),
    )


def candidates_screen(report: CandidatesReport, surface: Surface, *, limit: int | None = LIMIT) -> list[Line]:
    """Phrases in the notes that may be metrics, the most frequent first, with places."""
    if not report.candidates:
        return surface.fit([((" No phrase in the notes looks like a metric without a page.", "plain"),)])
    shown = report.candidates if limit is None else report.candidates[:limit]
    pages = any(row.page for row in shown)
    cells: list[list[Line]] = []
    for row in shown:
        places = [f"{place.path}:{place.line}" for place in row.places[:_SHOWN_PLACES]]
        more = surface.glyphs.ellipsis if row.count > _SHOWN_PLACES else ""
        cells.append(
            [
                said(f"{row.count:,}", "muted"),
                said(surface.show(row.title), "strong"),
                said(surface.show(row.alias), "muted"),
                *([said(surface.show(row.page), "place")] if pages else []),
                said(surface.show(", ".join(places)) + more, "place"),
            ]
        )
    columns = [
        Column(header="times", align="right"),
        Column(header="candidate", least=12, most=50),
        Column(header="alias", most=12),
        *([Column(header="page", most=30)] if pages else []),
        Column(header="places", least=10),
    ]
    lines: list[Line] = [
        (
            (f" {count(len(report.candidates), 'phrase')} that may be metrics", "strong"),
            (", none with a page", "muted")
            if not pages
            else (", without a page or on a page of another type", "muted"),
        ),
        (),
        *table(columns, cells, surface, indent=1, header=True, room=surface.width - 1),
    ]
    if pages:
        lines.insert(1, ((" To make a page a metric, add page-type:: [[metric]] as its first line.", "muted"),))
    rest = len(report.candidates) - len(shown)
    if rest:
        lines.append(((f" {rest:,} more", "strong"), (": --all", "plain")))
    return surface.fit(lines)


def candidates_plain(report: CandidatesReport, *, limit: int | None = LIMIT) -> Rows:
    """One line per candidate, with its first place (CANDIDATE_FIELDS)."""
    rows = report.candidates if limit is None else report.candidates[:limit]
    return Rows(
        CANDIDATE_FIELDS,
        (
            (
                row.title,
                row.alias,
                row.count,
                row.places[0].path if row.places else None,
                row.places[0].line if row.places else None,
                row.page,
            )
            for row in rows
        ),
    )
