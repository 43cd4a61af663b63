"""`graphkit portfolio` as screens and as tab-separated lines."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from graphkit.cli.look import attention
from graphkit.cli.terminal.bars import bar, legend, percentage, tally
from graphkit.cli.terminal.canvas import count, line_width, said
from graphkit.cli.terminal.formats import Rows, cell_text
from graphkit.cli.terminal.sparks import FRESH_ROLES, percent, spark
from graphkit.cli.terminal.table import Column, table
from graphkit.portfolio.page_rows import experiment_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphkit.app.results.portfolio_reports import BuildReport, QuestionReport
    from graphkit.cli.terminal.canvas import Line, Surface

_LEAST_TEXT: Final = 12
_OWNER_FROM: Final = 100
_SHOWN: Final = 200
"""Rows that a screen shows; a pipe and JSON have them all."""
_FROM: Final = {"owner": 110, "owners": 120, "target_day": 130}
"""The width from which a column of a question is shown."""
_HIDDEN: Final = {"vault", "id", "line"}
"""Columns for other programs; the line of a place is shown with its path."""


def build_screen(report: BuildReport, surface: Surface) -> list[Line]:
    """The dataset, what was read, and the rows of each table."""
    read = [f"{report.read:,} read", f"{report.unchanged:,} unchanged"]
    read += [f"{report.removed:,} removed"] if report.removed else []
    lines: list[Line] = [
        _head(surface, report.place, report.as_of.isoformat()),
        ((" ", "plain"), *surface.join([said(count(report.vaults, "vault")), *(said(word, "muted") for word in read)])),
        (),
    ]
    cells = [[said(name, "strong"), said(f"{number:,}")] for name, number in report.rows.items()]
    lines += table([Column(), Column(align="right")], cells, surface, indent=1)
    if report.unread:
        lines += [(), ((f" {count(len(report.unread), 'vault')} could not be read", "bad"),)]
    return surface.fit(lines)


def build_plain(report: BuildReport) -> Rows:
    """The name and the rows of each table, the vaults first."""
    return Rows(("table", "rows"), (("vaults", report.vaults), *report.rows.items()))


def question_plain(report: QuestionReport) -> Rows:
    """The answer as it is."""
    return Rows(report.columns, report.rows)


def _head(surface: Surface, title: str, day: str) -> Line:
    shown, at = surface.show(title), f"as of {day}"
    free = surface.width - 2 - len(at) - line_width(said(shown))
    head: Line = ((" ", "plain"), (shown, "strong"))
    return (*head, (" " * free, "plain"), (at, "muted")) if free >= 1 else head


def question_screen(report: QuestionReport, surface: Surface) -> list[Line]:
    """The answer with a heading, as a table; experiments as `status` shows them."""
    teams = said(count(report.vaults, "vault"), "muted")
    number = said(count(len(report.rows), "row"), "plain")
    if report.name == "portfolio-status":
        number = said(count(len(report.rows), "experiment"), "plain")
    lines: list[Line] = [
        _head(surface, report.title or report.place, report.as_of),
        ((" ", "plain"), *surface.join([number, teams])),
    ]
    shown = report.rows[:_SHOWN]
    if not shown:
        lines += [(), ((" nothing", "muted"),)]
    elif report.name == "portfolio-status":
        lines += _experiments(report, shown, surface)
    else:
        lines += [(), *_table(report, shown, surface)]
    if len(report.rows) > len(shown):
        lines += [
            (),
            ((f" {len(report.rows) - len(shown):,} more", "strong"), (": in a pipe, or with --json", "plain")),
        ]
    return surface.fit(lines)


def _table(report: QuestionReport, rows: Sequence[Sequence[object]], surface: Surface) -> list[Line]:
    own = bool(report.title)
    wanted = [
        index
        for index, name in enumerate(report.columns)
        if not own or (name not in _HIDDEN and surface.width >= _FROM.get(name, 0))
    ]
    lines = report.columns.index("line") if own and "line" in report.columns else None
    if lines is not None:
        place = report.columns.index("path")
        rows = [(*row[:place], f"{row[place]}:{row[lines]}", *row[place + 1 :]) for row in rows]
    numeric = {
        index
        for index in wanted
        if all(
            row[index] is None or (isinstance(row[index], (int, float)) and not isinstance(row[index], bool))
            for row in rows
        )
    }
    columns = [
        Column(
            header=report.columns[index].replace("_", " ") if own else report.columns[index],
            align="right" if index in numeric else "left",
            least=None if index in numeric else _LEAST_TEXT,
        )
        for index in wanted
    ]
    cells = [
        [_cell(report.columns[index] if own else "", row[index], surface, first=index == wanted[0]) for index in wanted]
        for row in rows
    ]
    return table(columns, cells, surface, indent=1, header=True)


_SHARES: Final = {"win_rate", "low", "high", "score"}


def _cell(name: str, value: Any, surface: Surface, *, first: bool) -> Line:  # noqa: ANN401 - of any column
    if value is None:
        return ((surface.glyphs.dash, "muted"),)
    if name in _SHARES:
        return said(percent(value))
    if name == "weeks":
        return said(spark(value, surface, cells=len(value)) if any(value) else "", "calm")
    if name == "guard_holds":
        return said("holds" if value else "breached", "good" if value else "bad")
    if name == "freshness":
        return said(value, FRESH_ROLES.get(value, "plain"))
    if isinstance(value, bool):
        return said("yes" if value else "no")
    if name.startswith("per_week"):
        return said(f"{value:.1f}")
    if isinstance(value, float):
        return said(f"{value:.4g}" if value % 1 else f"{value:,.0f}")
    if isinstance(value, int):
        return said(f"{value:,}")
    return said(surface.show(cell_text(value)), "strong" if first else "plain")


def _experiments(report: QuestionReport, rows: Sequence[Sequence[object]], surface: Surface) -> list[Line]:
    """Experiments in bands of attention: two lines each, the second with the reason."""
    today = date.fromisoformat(report.as_of)
    wide = surface.width >= _OWNER_FROM
    named = [dict(zip(report.columns, row, strict=True)) for row in rows]
    found = [(str(values["team"]), experiment_of(values)) for values in named]
    columns = [
        Column(header="  experiment", least=16),
        Column(header="team", least=6, most=24),
        Column(header="progress"),
        Column(align="right"),
        Column(align="right"),
        Column(header="due"),
        *([Column(header="owner", least=6, most=20)] if wide else []),
    ]
    cells: list[list[Line]] = [
        [
            (*attention.mark(row, surface), (" ", "plain"), *attention.name(row, surface)),
            said(surface.show(team), "calm"),
            bar(row.progress, 12 if wide else 8, surface) or (("no tasks", "muted"),),
            tally(row.progress, surface),
            percentage(row.progress),
            attention.due(row, today, relative=wide),
            *([attention.owners(row, surface)] if wide else []),
        ]
        for team, row in found
    ]
    drawn = table(columns, cells, surface, indent=1, header=True, room=surface.width - 1)
    lines: list[Line] = [(), drawn.pop(0)]
    bands = [attention.BANDS[attention.look(row.attention).band] for _, row in found]
    for index, ((_, row), line) in enumerate(zip(found, drawn, strict=True)):
        if index == 0 or bands[index] != bands[index - 1]:
            lines += [*([()] if index else []), surface.rule(bands[index], bands.count(bands[index]))]
        facts = [
            attention.why(row, surface),
            attention.state(row, surface),
            attention.forecast(row, surface),
            () if wide else attention.owners(row, surface),
            attention.goals(row, surface, sign=True),
        ]
        second = surface.join(facts)
        lines += [line, surface.cut_line((("   ", "plain"), *second), surface.width - 1)]
    return [*lines, (), ((" ", "plain"), *legend(surface))]
