"""`graphkit plan` as a screen and as tab-separated lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.cli.terminal.canvas import said
from graphkit.cli.terminal.cells import wrap
from graphkit.cli.terminal.formats import Rows
from graphkit.cli.terminal.table import Column, table
from graphkit.insight.experiments.readout_words import percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphkit.app.results.plans import PlanReport, PlanRow
    from graphkit.cli.terminal.canvas import Line, Role, Surface

PLAN_FIELDS = ("effect", "control", "treatments", "total", "days", "end", "planned")
"""Fields of the tab-separated form. New ones are only added at the end."""
_WIDEST: Final = 100
_CURVE: Final = 24
_LEAST_CURVE: Final = 8
_FIGURES: Final = 66
"""The maximum width of the figures of the table, in cells."""


def plan_screen(report: PlanReport, surface: Surface, *, dry_run: bool = False) -> list[Line]:
    """The plan, its sample, its days, and a table of other effects. No line is wider than the surface."""
    title = report.experiment or "Test plan"
    lines: list[Line] = [surface.cut_line(((" ", "plain"), (surface.show(title), "strong")), surface.width)]
    lines += _words(_assumed(report), surface, "muted")
    lines += _words(_sentence(report), surface, "good")
    if report.sequential is not None:
        lines += _words(_sequential(report), surface, "plain")
    lines += [(), *_table(report, surface)]
    for note in report.notes:
        lines += _words(note[:1].upper() + note[1:], surface, "warn")
    if report.diff and dry_run:
        lines += [(), *(((line, "plain"),) for line in report.diff.splitlines())]
    return surface.fit(lines)


def _assumed(report: PlanReport) -> str:
    if report.deviation is None:
        base = f"baseline {percent(report.baseline, signed=False)}"
    else:
        base = f"mean {report.baseline:,.6g} with a standard deviation of {report.deviation:,.6g}"
    if report.baseline_from and not report.baseline_from.startswith("-"):
        base += f" ({report.baseline_from})"
    split = " : ".join(f"{100 * share:.3g}%" for share in report.shares)
    parts = [base, f"{len(report.shares)} arms {split}", f"power {100 * report.power:.3g}%"]
    if report.per_day is not None:
        whence = "" if report.traffic_from.startswith("-") else f" ({report.traffic_from})"
        parts.append(f"{report.per_day:,.4g} units per day{whence}")
    text = ", ".join(parts)
    return text[:1].upper() + text[1:]


def _units(row: PlanRow) -> str:
    control, *treatments = row.units
    if all(units == control for units in treatments):
        return f"{control:,} units per arm"
    if len(set(treatments)) == 1:
        each = " each" if len(treatments) > 1 else ""
        return f"{control:,} units in the control and {treatments[0]:,} in the treatment{each}"
    return f"{control:,} units in the control and {', '.join(f'{units:,}' for units in treatments)} in the treatments"


def _sentence(report: PlanReport) -> str:
    row = report.plan
    takes = "duration unknown (add --traffic)"
    if row.days is not None:
        day = "" if row.end is None else f", until {row.end.isoformat()}"
        takes = f"{row.days:,} day{'' if row.days == 1 else 's'}{day}"
    return f"To detect {percent(row.effect)}: {_units(row)}, {row.total:,} in total, {takes}."


def _sequential(report: PlanReport) -> str:
    run = report.sequential
    assert run is not None  # noqa: S101 - checked by the caller
    expected, longest = f"{run.expected_total:,} units", f"{run.longest_total:,}"
    if run.expected_days is not None and run.longest_days is not None:
        expected += f" ({run.expected_days:,} days)"
        longest += f" ({run.longest_days:,} days{'' if run.end is None else f', until {run.end.isoformat()}'})"
    return f"Sequential, read at any time (plan:: sequential): {expected} on average, {longest} at most."


def _table(report: PlanReport, surface: Surface) -> list[Line]:
    timed = report.plan.days is not None
    most = max((row.days if timed and row.days is not None else row.total for row in report.table), default=1) or 1
    columns = [
        Column(header="effect", align="right"),
        Column(header="control", align="right"),
        Column(header="treatment", align="right"),
        Column(header="total", align="right"),
        Column(header="days", align="right"),
        Column(header="until", align="right"),
        Column(),
    ]
    cells = min(surface.width - _FIGURES, _CURVE)
    rows: list[list[Line]] = []
    for row in report.table:
        role: Role = "strong" if row == report.plan else "plain"
        size = row.days if timed and row.days is not None else row.total
        treatments = sorted(set(row.units[1:]))
        rows.append(
            [
                said(percent(row.effect), role),
                said(f"{row.units[0]:,}", role),
                said(" / ".join(f"{units:,}" for units in treatments), role),
                said(f"{row.total:,}", role),
                said("" if row.days is None else f"{row.days:,}", role),
                said("" if row.end is None else row.end.isoformat(), role),
                said(surface.glyphs.done * max(round(cells * size / most), 1), "calm") if cells >= _LEAST_CURVE else (),
            ]
        )
    return table(columns, rows, surface, indent=3, header=True, room=surface.width - 1)


def _words(text: str, surface: Surface, role: Role) -> list[Line]:
    wrapped = wrap(surface.say(text), max(min(surface.width - 6, _WIDEST), 10))
    return [(("   " if not index else "     ", "plain"), (line, role)) for index, line in enumerate(wrapped)]


def plan_notes(report: PlanReport, *, dry_run: bool) -> Iterator[str]:
    """A summary of what was written, for stderr."""
    if report.written and dry_run:
        yield f"Would write {', '.join(report.written)}; nothing was written."
    elif report.run is not None:
        yield f"Wrote {', '.join(report.written)} into {report.path} (run {report.run}; `graphkit undo` reverts it)."
    elif report.written and not report.conflicts and not report.failures:
        yield f"{report.path} already has {', '.join(report.written)}."


def plan_plain(report: PlanReport) -> Rows:
    """A header line, then the plan and its other effects, fields (PLAN_FIELDS) separated by tabs."""
    rows = [report.plan, *(row for row in report.table if row != report.plan)]
    return Rows(
        PLAN_FIELDS,
        (
            (
                float(f"{row.effect:.8g}"),
                row.units[0],
                "/".join(map(str, row.units[1:])),
                row.total,
                row.days,
                row.end,
                row is report.plan,
            )
            for row in rows
        ),
    )
