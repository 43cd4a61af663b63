"""`graphkit burnup` as a screen with a plot, and as tab-separated lines."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from graphkit.cli.look.attention import percent_of
from graphkit.cli.measure.history_options import (
    chance_role,
    dates_text,
    notes_lines,
    source_words,
)
from graphkit.cli.terminal.canvas import UNICODE, count, said
from graphkit.cli.terminal.formats import Rows
from graphkit.cli.terminal.plot import Curve, plot_curves
from graphkit.cli.terminal.table import Column, table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from graphkit.app.results.history_reports import BurnupPoint, BurnupReport
    from graphkit.cli.terminal.canvas import Line, Surface

BURNUP_FIELDS = (
    "day", "done", "scope", "done_leaves", "leaves", "doing", "completed", "added", "started", "reopened", "slipped",
)  # fmt: skip
"""Fields of the tab-separated form. New ones are only added at the end."""
_ROWS = 12
_AHEAD = 1.5
"""The plot looks ahead at most this many times the length of the history."""


def burnup_screen(report: BurnupReport, surface: Surface) -> list[Line]:
    """The plot, its summary, and the last days or weeks as a table. No line is wider than the surface."""
    title = report.title or "All experiments"
    head = surface.join(
        [
            said(surface.show(title), "strong"),
            said(f"as of {report.as_of.isoformat()}", "muted"),
            said(source_words(report.source), "muted"),
        ]
    )
    lines: list[Line] = [((" ", "plain"), *head), *notes_lines(report.notes, surface)]
    if not report.points:
        return surface.fit([*lines, (), said(" There is no history of this work.")])
    lines += [(), *_plot(report, surface), *_words(report, surface), (), *_table(report, surface)]
    return surface.fit(lines)


def _plot(report: BurnupReport, surface: Surface) -> list[Line]:
    days = [point.day for point in report.points]
    last = report.points[-1]
    curves = [
        Curve(days=days, values=[point.scope for point in report.points], marker="─", ascii_marker="-"),
        Curve(days=days, values=[point.done for point in report.points]),
    ]
    horizon = report.as_of + timedelta(days=max(14, round(_AHEAD * (report.as_of - days[0]).days)))
    forecast = report.forecast.forecast
    ends = [end for end in (forecast.p50, forecast.p85) if end is not None and end > last.day]
    curves += [_ray(last, end, horizon) for end in ends]
    marks = {"due": report.due} if report.due is not None else {}
    lines = plot_curves(curves, surface, marks=marks)
    if not lines:
        return []
    unicode = surface.glyphs is UNICODE
    signs = [("─" if unicode else "-", "scope"), ("⠒" if unicode else "*", "done")]
    signs += [("·" if unicode else ".", "P50 and P85")] if ends else []
    signs += [("┆" if unicode else ":", "due")] if report.due is not None else []
    return [*lines, said("   " + "   ".join(f"{sign} {name}" for sign, name in signs), "muted")]


def _ray(last: BurnupPoint, end: date, horizon: date) -> Curve:
    """A line from the work done today to all of it on this day, cut off at the horizon."""
    shown = min(end, horizon)
    share = (shown - last.day).days / max((end - last.day).days, 1)
    reached = last.done + share * (last.scope - last.done)
    return Curve(days=[last.day, shown], values=[last.done, reached], marker="·", ascii_marker=".")


def _words(report: BurnupReport, surface: Surface) -> list[Line]:
    last, forecast, cycle = report.points[-1], report.forecast.forecast, report.cycle
    unit = "tasks" if report.unit == "leaves" else report.unit
    parts: list[Line] = [
        said(f"{last.done:g} of {last.scope:g} {unit} done", "strong"),
        said(f"{last.doing} in progress"),
    ]
    if forecast.p50 is not None:
        parts.append(said(f"P50 {surface.glyphs.toward} P85: {dates_text(forecast, surface)}"))
    elif forecast.reason:
        parts.append(said(surface.say(forecast.reason), "muted"))
    if report.due is not None and forecast.chance is not None:
        parts.append(said(f"by {report.due.isoformat()}: {percent_of(forecast.chance)}", chance_role(forecast.chance)))
    elif report.due is not None:
        parts.append(said(f"due {report.due.isoformat()}"))
    lines = [_inset(surface.join(parts))]
    if cycle.median is not None and cycle.p85 is not None:
        lines.append(
            said(
                f" cycle time of {count(cycle.leaves, 'task')}: median {count_days(cycle.median)}, "
                f"85% within {count_days(cycle.p85)}",
                "muted",
            )
        )
    return lines


def count_days(days: float) -> str:
    """`1 day`, `4.5 days`."""
    return "1 day" if days == 1 else f"{days:g} days"


def _inset(line: Line) -> Line:
    return ((" ", "plain"), *line)


def _table(report: BurnupReport, surface: Surface) -> list[Line]:
    changed = [
        point
        for point in report.points
        if point.completed or point.added or point.started or point.reopened or point.slipped or report.by == "week"
    ]
    shown = changed[-_ROWS:]
    columns = [
        Column(header=f"{report.by}{' ending' if report.by == 'week' else ''}"),
        *(
            Column(header=name, align="right")
            for name in ("done", "scope", "+done", "+scope", "started", "reopened", "slipped")
        ),
    ]
    cells = [
        [
            said(point.day.isoformat(), "muted"),
            said(f"{point.done:g}"),
            said(f"{point.scope:g}"),
            said(str(point.completed or ""), "good"),
            said(f"{point.added:+d}" if point.added else "", "calm"),
            said(str(point.started or "")),
            said(str(point.reopened or ""), "warn"),
            said(str(point.slipped or ""), "warn"),
        ]
        for point in shown
    ]
    lines = table(columns, cells, surface, indent=1, header=True, room=surface.width - 1)
    if len(changed) > len(shown):
        lines.append(
            said(f" {count(len(changed) - len(shown), f'earlier {report.by}')}; use --json to show them", "muted")
        )
    return lines


def burnup_plain(report: BurnupReport) -> Rows:
    """A header line, then one line per day or week, fields (BURNUP_FIELDS) separated by tabs."""
    return Rows(BURNUP_FIELDS, map(_fields, report.points))


def _fields(point: BurnupPoint) -> Sequence[object]:
    return (
        point.day,
        float(f"{point.done:.6g}"),
        float(f"{point.scope:.6g}"),
        point.done_leaves,
        point.leaves,
        point.doing,
        point.completed,
        point.added,
        point.started,
        point.reopened,
        point.slipped,
    )
