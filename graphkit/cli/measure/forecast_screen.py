"""`graphkit forecast` as a screen and as tab-separated lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.cli.look.attention import percent_of
from graphkit.cli.measure.history_options import (
    chance_role,
    dates_text,
    day_text,
    notes_lines,
    source_words,
)
from graphkit.cli.terminal.canvas import count, said
from graphkit.cli.terminal.cells import wrap
from graphkit.cli.terminal.formats import Rows
from graphkit.cli.terminal.sparks import spark
from graphkit.cli.terminal.table import Column, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphkit.app.results.history_reports import ForecastReport, ForecastRow
    from graphkit.cli.terminal.canvas import Line, Surface
    from graphkit.insight.history.hit_rates import HitRate

FORECAST_FIELDS = (
    "experiment", "outcome", "remaining", "leaves", "p50", "p85", "due", "chance", "source", "mean", "effective",
    "scatter", "weeks", "pace_of", "growth_p50", "growth_p85", "reason", "path",
)  # fmt: skip
"""Fields of the tab-separated form. New ones are only added at the end."""
_WIDEST = 100
_COLUMNS = (
    (Column(header="experiment", least=12), 0),
    (Column(header="open", align="right"), 0),
    (Column(header="a week", align="right"), 70),
    (Column(header="weeks"), 90),
    (Column(header="pace of", least=10, most=20), 100),
    (Column(header="P50 to P85"), 0),
    (Column(header="due"), 76),
    (Column(header="by due", align="right"), 60),
)
"""The columns, each with the minimum width of the screen at which it is shown."""
_METHOD = (
    "m: tasks per week, the mean of weeks weighted with a half-life of 6 weeks. n: the effective number of weeks. phi: "
    "the dispersion of the weeks relative to chance. The number of tasks done within k weeks is assumed to be negative "
    "binomial with the mean k m and the variance phi k m + k k phi m / n. Each date is the first day by which all open "
    "tasks are done with the given probability."
)


def forecast_screen(report: ForecastReport, surface: Surface, *, explain: bool = False) -> list[Line]:
    """A row for each experiment and one for all together, then notes. No line is wider than the surface."""
    head = surface.join(
        [
            said(surface.show(report.vault), "strong"),
            said(f"as of {report.as_of.isoformat()}", "muted"),
            said(source_words(report.source), "muted"),
            said(_what_if(report), "warn"),
        ]
    )
    lines: list[Line] = [((" ", "plain"), *head), *notes_lines(report.notes, surface)]
    if not report.forecasts:
        return surface.fit([*lines, (), said(" No experiment has open work.")])
    rows = [*report.forecasts, *([report.together] if report.together is not None else [])]
    wanted = [number for number, (_, least) in enumerate(_COLUMNS) if surface.width >= least]
    columns = [_COLUMNS[number][0] for number in wanted]
    cells = [_cells(row, surface) for row in rows]
    shown = [[line[number] for number in wanted] for line in cells]
    lines += [(), *table(columns, shown, surface, indent=1, header=True, room=surface.width - 1)]
    remarks = [line for row in rows for line in _remarks(row, surface)]
    if any(_whose(row, surface) for row in rows):
        remarks += _wrapped(
            "If an experiment has too few done tasks, its owner's pace is used, divided among the owner's running "
            "experiments.",
            surface,
        )
    lines += [(), *remarks] if remarks else []
    if explain:
        for row in rows:
            lines += _explained(row, surface)
        lines += [(), *_wrapped(_METHOD, surface)]
    lines += [(), *_hit_rates(report, surface)]
    return surface.fit(lines)


def _what_if(report: ForecastReport) -> str:
    parts = [f"{report.scope:+d} tasks"] if report.scope else []
    if report.pace != 1:
        parts.append(f"pace x {report.pace:g}")
    return f"what if: {', '.join(parts)}" if parts else ""


def _cells(row: ForecastRow, surface: Surface) -> list[Line]:
    forecast = row.forecast
    dates = dates_text(forecast, surface) if forecast.p50 else forecast.outcome
    return [
        said(surface.show(row.title), "strong"),
        said(str(row.remaining)),
        said("" if row.mean is None else f"{row.mean:.1f}"),
        said(spark(row.weeks, surface, cells=12), "calm"),
        said(_whose(row, surface), "muted"),
        said(dates, "plain" if forecast.p50 else "muted"),
        said(day_text(row.due), "muted"),
        said("" if forecast.chance is None else percent_of(forecast.chance), chance_role(forecast.chance or 0.0)),
    ]


def _whose(row: ForecastRow, surface: Surface) -> str:
    """The owner whose pace is used, and the number of experiments among which it is divided."""
    if row.pace_of is None or row.mean is None:
        return ""
    return surface.show(row.pace_of) + (f" / {row.pace_shared_by}" if row.pace_shared_by > 1 else "")


def _remarks(row: ForecastRow, surface: Surface) -> list[Line]:
    said_of: list[str] = []
    if row.forecast.reason and row.forecast.outcome != "done":
        said_of.append(row.forecast.reason)
    if row.growth_weeks and row.forecast.p50 is not None:
        late = day_text(row.growth_p85) or "no convergence"
        early = day_text(row.growth_p50)
        dates = f"{early} {surface.glyphs.toward} {late}" if early else "no convergence"
        said_of.append(f"if scope keeps growing as before: {dates}")
    return [
        line
        for words in said_of
        for line in _wrapped(f"{surface.show(row.title)}: {surface.say(words)}", surface)
    ]  # fmt: skip


def _wrapped(words: str, surface: Surface, indent: str = " ") -> list[Line]:
    return [
        said(f"{indent}{line}", "muted") for line in wrap(words, max(min(surface.width, _WIDEST) - len(indent) - 1, 20))
    ]


def _explained(row: ForecastRow, surface: Surface) -> list[Line]:
    lines: list[Line] = [(), surface.rule(row.title)]
    if not row.weeks:
        return [*lines, *_wrapped("There is no full week of history.", surface)]
    columns = [Column(), *(Column(align="right") for _ in row.weeks)]
    cells: list[list[Line]] = [
        [
            said("done a week", "muted"),
            *(said(f"{done:g}" if done == int(done) else f"{done:.1f}") for done in row.weeks),
        ],
        [said("weight", "muted"), *(said(f"{weight:.2f}") for weight in row.weights)],
    ]
    if row.growth_weeks:
        blank = [()] * (len(row.weeks) - len(row.growth_weeks))
        cells.append([said("added", "muted"), *blank, *(said(str(added)) for _, added in row.growth_weeks)])
    lines += table(columns, cells, surface, indent=1, room=surface.width - 1)
    if row.mean is not None and row.effective is not None and row.spread is not None and row.scatter is not None:
        figures = f"m {row.mean:.3f}   n {row.effective:.2f}   variance {row.spread:.3f}   phi {row.scatter:.3f}"
        lines += [said(f" {figures}", "strong")]
    if row.start is not None:
        lines += _wrapped(f"The first week starts on {row.start.isoformat()}.", surface)
    if row.undated:
        lines += _wrapped(f"{count(row.undated, 'task')} done at an unknown date, not counted in any week.", surface)
    return lines


def _hit_rates(report: ForecastReport, surface: Surface) -> list[Line]:
    """The hit rates of past forecasts, or a note that no forecast could be tested."""
    tested = [rate for rate in report.hit_rates if rate.forecasts]
    if not tested:
        return _wrapped("Not tested: no past forecast of this vault has reached its date yet.", surface)
    parts = [_hit_rate(rate) for rate in tested]
    return _wrapped(f"Past forecasts in this vault, week by week: {'; '.join(parts)}.", surface)


def _hit_rate(rate: HitRate) -> str:
    share = f"{100 * rate.came_true / rate.forecasts:.0f}%"
    interval = f"{100 * (rate.low or 0):.0f} to {100 * (rate.high or 0):.0f}%"
    return (
        f"of {count(rate.forecasts, 'forecast')} at {100 * rate.level:.0f}% {rate.came_true} came true "
        f"({share}, 95% interval {interval})"
    )


def forecast_plain(report: ForecastReport) -> Rows:
    """A header line, then one line per experiment, fields (FORECAST_FIELDS) separated by tabs."""
    rows = [*report.forecasts, *([report.together] if report.together is not None else [])]
    return Rows(FORECAST_FIELDS, map(_fields, rows))


def _fields(row: ForecastRow) -> Sequence[object]:
    forecast = row.forecast
    return (
        row.title,
        forecast.outcome,
        row.remaining,
        row.leaves,
        forecast.p50,
        forecast.p85,
        row.due,
        _number(forecast.chance),
        forecast.source,
        _number(row.mean),
        _number(row.effective),
        _number(row.scatter),
        " ".join(f"{done:g}" for done in row.weeks),
        row.pace_of,
        row.growth_p50,
        row.growth_p85,
        forecast.reason,
        row.path,
    )


def _number(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.6g}")
