"""`graphkit status` as a screen and as tab-separated lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from graphkit.cli.look import attention
from graphkit.cli.terminal.bars import bar, legend, percentage, tally
from graphkit.cli.terminal.canvas import Surface, count, line_width
from graphkit.cli.terminal.formats import Rows
from graphkit.cli.terminal.sparks import leading_metric
from graphkit.cli.terminal.table import Column, table
from graphkit.vault.names import page_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from graphkit.app.results.reports import ExperimentRow, StatusReport
    from graphkit.cli.terminal.canvas import Line, Piece
    from graphkit.text.diagnostics import Diagnostic

Grouping = Literal["goal", "owner", "strategy"]

LIMIT = 100
"""Number of rows shown without `--all`."""

PLAIN_COLUMNS = (
    "experiment", "attention", "lifecycle", "derived", "done", "total", "percent", "doing", "waiting", "due", "owner",
    "goals", "result", "questions", "findings", "path", "reason", "word", "health",
    "health_reason", "last_activity", "stale", "p50", "p85", "chance",
)  # fmt: skip
"""Fields of the tab-separated form. New ones are only added at the end."""

_TWO_LINES_BELOW = 72
_OWNER_FROM = 100
_RELATIVE_FROM = 110
_METRIC_FROM = 120
_STATE_FROM = 150
_MORE_FROM = 180
_TITLE_INDENT = 3
_SHOWN_UNREAD = 5


def status_screen(
    report: StatusReport, surface: Surface, *, by: Grouping | None = None, limit: int | None = LIMIT
) -> list[Line]:
    """The whole screen: header, experiments in bands of attention (or in groups), footer.

    No line is wider than the surface. limit: experiments shown; None: all.
    """
    shown = report.experiments if limit is None else report.experiments[:limit]
    lines = _head(report, surface)
    if not shown:
        lines += [(), *_nothing(report, surface)]
    else:
        entries = _entries(report, shown, surface)
        header = entries.pop(0)
        by_path = dict(zip((row.path for row in shown), entries, strict=True))
        for index, (title, rows) in enumerate(_grouped(shown, by)):
            lines += [(), *([] if index else header), surface.rule(title, len(rows))]
            for row in rows:
                lines += by_path[row.path]
    foot = _foot(report, len(shown), surface)
    return surface.fit([*lines, (), *foot] if foot else lines)


def _head(report: StatusReport, surface: Surface) -> list[Line]:
    name = surface.show(report.vault)
    day = f"as of {report.as_of.isoformat()}"
    free = surface.width - 2 - len(day) - line_width(((name, "strong"),))
    first: list[Piece] = [(" ", "plain"), (name, "strong")]
    if free >= 1:
        first += [(" " * free, "plain"), (day, "muted")]
    sizes = [count(report.pages, "page"), count(report.journals, "journal")]
    total = report.experiments_in_vault
    if total is not None and total != len(report.experiments):
        experiments = f"{len(report.experiments):,} of {count(total, 'experiment')}"
    else:
        experiments = count(len(report.experiments), "experiment")
    if free < 1:
        sizes.append(day)
    facts = surface.join([((experiments, "plain"),), *(((size, "muted"),) for size in sizes)])
    return [surface.cut_line(first, surface.width), _inset(facts, surface), *_overview(report.experiments, surface)]


def _inset(line: Sequence[Piece], surface: Surface) -> Line:
    return surface.cut_line(((" ", "plain"), *line), surface.width)


_OVERVIEW = ("need you", "to watch", "running", "not running", "closed")
_OVERVIEW_LOOK = ("overdue", "at risk", "running", "ready", "decided")


def _overview(rows: Sequence[ExperimentRow], surface: Surface) -> list[Line]:
    """The number of experiments in each band, wrapped to the width; empty bands are omitted."""
    numbers = [0] * len(attention.BANDS)
    for row in rows:
        numbers[attention.look(row.attention).band] += 1
    lines: list[list[Piece]] = []
    for number, words, word in zip(numbers, _OVERVIEW, _OVERVIEW_LOOK, strict=True):
        if not number:
            continue
        found = attention.look(word)
        text = "needs you" if number == 1 and words == "need you" else words
        tile: list[Piece] = [(f"{getattr(surface.glyphs, found.glyph)} {number:,}", found.role), (f" {text}", "plain")]
        if lines and line_width(lines[-1]) + 3 + line_width(tile) < surface.width:
            lines[-1] += [("   ", "plain"), *tile]
        else:
            lines.append([(" ", "plain"), *tile])
    return [tuple(line) for line in lines]


def _grouped(rows: Sequence[ExperimentRow], by: Grouping | None) -> list[tuple[str, list[ExperimentRow]]]:
    """Headings with their rows: bands of attention in their order, or groups with the most urgent first."""
    groups: dict[str, tuple[str, list[ExperimentRow]]] = {}
    for row in rows:
        band = attention.BANDS[attention.look(row.attention).band]
        for key, title in ({band: band} if by is None else group_keys(row, by)).items():
            groups.setdefault(key, (title, []))[1].append(row)
    nobody = [] if by is None else [row for row in rows if not group_keys(row, by)]
    return [*groups.values(), *([(f"No {by}", nobody)] if nobody else [])]


def group_keys(row: ExperimentRow, by: Grouping) -> dict[str, str]:
    """The groups of an experiment, each with the key that unites its spellings, and its heading."""
    keys: dict[str, str] = {}
    for name in {"goal": row.goals, "owner": row.owners, "strategy": row.strategies}[by]:
        keys.setdefault(page_name(name), name)
    return keys


def _entries(report: StatusReport, rows: Sequence[ExperimentRow], surface: Surface) -> list[list[Line]]:
    """The lines of the header, then the lines of each row."""
    if surface.width < _TWO_LINES_BELOW:
        return [[], *_compact(report, rows, surface)]
    width = surface.width
    today = report.as_of
    cells_of_bar = 10 if width < _OWNER_FROM else 12 if width < _STATE_FROM else 20
    optional: list[tuple[int, Column, Callable[[ExperimentRow], Line]]] = [
        (_OWNER_FROM, Column(header="owner", least=6, most=20), lambda row: attention.owners(row, surface)),
        (_METRIC_FROM, Column(header="metric", least=14, most=44), lambda row: leading_metric(row, surface)),
        (_STATE_FROM, Column(header="state"), lambda row: attention.state(row, surface)),
        (_STATE_FROM, Column(header="goals", least=16, most=60), lambda row: attention.goals(row, surface)),
        (_MORE_FROM, Column(header="since"), attention.since),
        (_MORE_FROM, Column(header="health"), attention.health),
        (_MORE_FROM, Column(header="tags", least=8, most=30), lambda row: attention.tags(row, surface)),
    ]
    extra = [(column, cell) for least_width, column, cell in optional if width >= least_width]
    columns = [
        Column(header="  experiment", least=16),
        Column(header="progress"),
        Column(align="right"),
        Column(align="right"),
        Column(header="due"),
        *(column for column, _ in extra),
    ]
    cells: list[list[Line]] = [
        [
            (*attention.mark(row, surface), (" ", "plain"), *attention.name(row, surface)),
            bar(row.progress, cells_of_bar, surface) or (("no tasks", "muted"),),
            tally(row.progress, surface),
            percentage(row.progress),
            attention.due(row, today, relative=width >= _RELATIVE_FROM),
            *(cell(row) for _, cell in extra),
        ]
        for row in rows
    ]
    drawn = table(columns, cells, surface, indent=1, header=bool(extra), room=width - 1)
    entries: list[list[Line]] = [[drawn.pop(0)] if extra else []]
    for row, line in zip(rows, drawn, strict=True):
        below_state = width < _STATE_FROM
        facts = [
            attention.why(row, surface),
            attention.state(row, surface) if below_state else (),
            attention.forecast(row, surface),
            attention.owners(row, surface) if width < _OWNER_FROM else (),
            attention.questions(row),
            attention.findings(row),
            attention.goals(row, surface, sign=True) if below_state else (),
            leading_metric(row, surface) if width < _METRIC_FROM else (),
        ]
        second = surface.join(facts)
        entries.append([line, _second_line(second, surface)] if second else [line])
    return entries


def _second_line(line: Line, surface: Surface) -> Line:
    return surface.cut_line(((" " * _TITLE_INDENT, "plain"), *line), surface.width - 1)


def _compact(report: StatusReport, rows: Sequence[ExperimentRow], surface: Surface) -> list[list[Line]]:
    """Two lines for each row: name and date, then bar and reason."""
    width = surface.width - 1
    columns = [Column(), Column(align="right"), Column(align="right"), Column()]
    lower = [
        [
            bar(row.progress, 10, surface) or (("no tasks", "muted"),),
            tally(row.progress, surface),
            percentage(row.progress),
            surface.join(
                [
                    attention.why(row, surface),
                    attention.state(row, surface),
                    attention.owners(row, surface),
                    attention.questions(row),
                    attention.findings(row),
                    attention.goals(row, surface, sign=True),
                    attention.forecast(row, surface),
                ]
            ),
        ]
        for row in rows
    ]
    second = table(columns, lower, surface, indent=_TITLE_INDENT, room=width)
    entries: list[list[Line]] = []
    for row, below in zip(rows, second, strict=True):
        date = attention.due(row, report.as_of, relative=False)
        room = width - _TITLE_INDENT - (line_width(date) + 1 if date else 0)
        title = surface.cut_line(attention.name(row, surface), room)
        blank = " " * (room - line_width(title) + 1)
        above: Line = ((" ", "plain"), *attention.mark(row, surface), (" ", "plain"), *title)
        entries.append([(*above, (blank, "plain"), *date) if date else above, below])
    return entries


def _nothing(report: StatusReport, surface: Surface) -> list[Line]:
    return [_inset(((text, "plain"),), surface) for text in _why_nothing(report)]


def _why_nothing(report: StatusReport) -> tuple[str, ...]:
    if report.experiments_in_vault:
        return (f"No experiment matches. The vault has {report.experiments_in_vault:,}.",)
    if not report.pages and not report.journals:
        return ("This vault has no pages yet.", "Use graphkit -g DIR to choose another one.")
    return (
        "No experiments yet.",
        "To make a page an experiment, add the property  page-type:: [[experiment]]",
    )


def _foot(report: StatusReport, shown: int, surface: Surface) -> list[Line]:
    lines: list[Line] = []
    rest = len(report.experiments) - shown
    if rest:
        lines.append(((f"{rest:,} more", "strong"), (": graphkit status --all", "plain")))
    if report.errors or report.warnings:
        parts: list[Line] = []
        if report.errors:
            parts.append(((count(report.errors, "error"), "bad"),))
        if report.warnings:
            parts.append(((count(report.warnings, "warning"), "warn"),))
        lines.append((*surface.join(parts), (" in the notes: ", "plain"), ("graphkit check", "strong")))
    lines += _unread_lines(report.unread, surface)
    if report.not_read:
        lines.append(((f"Not read: {_what_else(report)}", "muted"),))
    if report.experiments:
        notes: list[Line] = [legend(surface)]
        if any(row.lifecycle_derived for row in report.experiments):
            notes.append((("~ derived from the tasks, no status::", "muted"),))
        whole = (*notes[0], ("     ", "plain"), *notes[1]) if len(notes) == 2 else notes[0]
        lines += [whole] if line_width(whole) < surface.width - 1 else notes
    return [_inset(line, surface) for line in lines]


def _what_else(report: StatusReport) -> str:
    return ", ".join(f"{words} ({number:,})" for words, number in report.not_read)


def _unread_lines(unread: Sequence[Diagnostic], surface: Surface) -> list[Line]:
    lines: list[Line] = []
    for finding in unread[:_SHOWN_UNREAD]:
        text = f" {surface.show(finding.path)}: {surface.say(finding.message)}"
        lines.append((("Could not be read:", "bad"), (text, "plain")))
    if len(unread) > _SHOWN_UNREAD:
        lines.append(((f"and {count(len(unread) - _SHOWN_UNREAD, 'other file')}: graphkit check", "bad"),))
    return lines


def status_plain(report: StatusReport, *, limit: int | None = LIMIT) -> Rows:
    """A header line, then one line per experiment, fields (PLAIN_COLUMNS) separated by tabs, lists by `; `."""
    return rows_plain(report.experiments if limit is None else report.experiments[:limit])


def rows_plain(experiments: Iterable[ExperimentRow]) -> Rows:
    """One row per experiment, fields PLAIN_COLUMNS."""
    return Rows(PLAIN_COLUMNS, map(_fields, experiments))


def _fields(row: ExperimentRow) -> Sequence[object]:
    progress = row.progress
    return (
        row.title,
        row.attention,
        row.lifecycle,
        row.lifecycle_derived,
        progress.done,
        progress.total,
        progress.percent,
        progress.doing,
        progress.waiting,
        row.due,
        row.owners,
        row.goals,
        row.result,
        len(row.questions),
        row.diagnostics,
        row.path,
        row.reason,
        row.word,
        row.health,
        row.health_reason,
        row.last_activity,
        row.stale,
        *_forecast_fields(row),
    )


def _forecast_fields(row: ExperimentRow) -> tuple[object, object, object]:
    found = row.forecast
    if found is None:
        return (None, None, None)
    return found.p50, found.p85, None if found.chance is None else round(found.chance, 6)


def status_aside(report: StatusReport, *, limit: int | None = LIMIT) -> list[str]:
    """Notes for stderr next to the tab-separated form: rows not shown, files not read, hints."""
    notes: list[str] = []
    if not report.experiments:
        notes += _why_nothing(report)
    rest = 0 if limit is None else len(report.experiments) - limit
    if rest > 0:
        notes.append(f"{rest:,} more; use --all to show them")
    notes += [f"could not be read: {finding.path}: {finding.message}" for finding in report.unread[:_SHOWN_UNREAD]]
    if len(report.unread) > _SHOWN_UNREAD:
        notes.append(f"and {count(len(report.unread) - _SHOWN_UNREAD, 'other file')}: graphkit check")
    return notes


def export_svg(report: StatusReport, width: int = 100) -> str:
    """The status screen as an SVG, this many columns wide. Equal reports give equal bytes."""
    from graphkit.cli.terminal.output import picture  # noqa: PLC0415 - imports rich, only for pictures

    surface = Surface(width=width)
    return picture(status_screen(report, surface), title="graphkit status", width=width, name="graphkit-status")
