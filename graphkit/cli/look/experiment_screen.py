"""`graphkit status NAME…` as a screen and as tab-separated lines: everything about one experiment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.app.reading.status import plain_value
from graphkit.cli.look import attention
from graphkit.cli.look.check_screen import finding_lines
from graphkit.cli.look.tasks_screen import STATUS_ROLES, task_tree
from graphkit.cli.measure.readout_screen import call_lines, result_lines
from graphkit.cli.terminal.bars import bar, percentage, tally
from graphkit.cli.terminal.canvas import line_width, said
from graphkit.cli.terminal.cells import width, wrap
from graphkit.cli.terminal.sparks import brief, percent
from graphkit.cli.terminal.table import Column, table

if TYPE_CHECKING:
    from datetime import date

    from graphkit.app.results.reports import DetailReport, ExperimentDetail, ExperimentRow
    from graphkit.cli.terminal.canvas import Line, Piece, Role, Surface

_HYPOTHESIS_LINES = 6
_SECTION_LINES = 20
_SHOWN_ELSEWHERE = frozenset({
    "page-type", "type", "status", "owner", "start-date", "due", "end-date", "result", "goal", "goals", "tags", "title",
    "health", "health-note",
})  # fmt: skip
"""Properties that the facts above already show, or that only declare the experiment."""


def detail_screen(report: DetailReport, surface: Surface) -> list[Line]:
    """Each experiment: facts, hypothesis, work, sections, questions, findings. No line is wider than the surface."""
    lines: list[Line] = []
    for detail in report.experiments:
        if lines:
            lines += [(), ()]
        lines += _experiment(detail, report.as_of, surface)
    return surface.fit(lines)


def _experiment(detail: ExperimentDetail, today: date, surface: Surface) -> list[Line]:
    row = detail.experiment
    lines: list[Line] = [
        surface.cut_line(
            ((" ", "plain"), *attention.mark(row, surface), (" ", "plain"), (surface.show(row.title), "strong")),
            surface.width,
        )
    ]
    why = surface.join([attention.state(row, surface), attention.why(row, surface)])
    lines.append(surface.cut_line((("   ", "plain"), *why), surface.width))
    lines += _progress(row, surface)
    lines += [(), *_facts(detail, today, surface)]
    if detail.hypothesis.strip():
        lines += [(), _heading("Hypothesis", "", surface), *_prose(detail.hypothesis, surface, _HYPOTHESIS_LINES)]
    if detail.tasks:
        lines += [(), _heading("Work", "", surface), *task_tree(detail.tasks, surface)]
    if row.metrics:
        lines += [(), _heading("Metrics", "", surface), *_metrics(row, surface)]
    if detail.call is not None:
        lines += [(), _heading("Readout", "", surface), *call_lines(detail.call, detail.results, surface)]
    for result in detail.results:
        lines += [(), *result_lines(result, surface, margin=3)]
    for title, text in detail.sections:
        lines += [(), _heading(surface.show(title), "", surface)]
        lines += _prose(text, surface, _SECTION_LINES) if text else [(("   nothing written yet", "muted"),)]
    if row.questions:
        lines += [(), _heading("Open questions", f"{len(row.questions)}", surface)]
        for question in row.questions:
            lines += _item("?", question, surface)
    if detail.findings:
        lines += [(), _heading("Findings", f"{len(detail.findings)}", surface)]
        for finding in detail.findings:
            lines += finding_lines(finding, surface, with_path=True)
    return lines


def _progress(row: ExperimentRow, surface: Surface) -> list[Line]:
    progress = row.progress
    drawn = bar(progress, min(40, max(10, surface.width // 3)), surface)
    if not drawn:
        return [(("   no tasks", "muted"),)]
    parts = [
        said(f"{number:,} {word}" if number else "", role)
        for number, word, role in (
            (progress.done, "done", STATUS_ROLES["done"]),
            (progress.doing, "doing", STATUS_ROLES["doing"]),
            (progress.waiting, "waiting", STATUS_ROLES["waiting"]),
            (progress.todo, "open", STATUS_ROLES["todo"]),
        )
    ]
    if progress.recurring:
        parts.append(said(f"+{progress.recurring:,} recurring", "muted"))
    line: list[Piece] = [("   ", "plain"), *drawn, (" ", "plain"), *tally(progress, surface), (" ", "plain")]
    line += percentage(progress)
    counts = surface.join(parts)
    if line_width(line) + 2 + line_width(counts) <= surface.width:
        return [(*line, ("  ", "plain"), *counts)]
    return [surface.cut_line(line, surface.width), surface.cut_line((("   ", "plain"), *counts), surface.width)]


def _facts(detail: ExperimentDetail, today: date, surface: Surface) -> list[Line]:
    """Two columns, label and value. Long values wrap in their column; facts without a value are omitted."""
    row = detail.experiment
    others = [
        (surface.show(key), plain_value(value)) for key, value in detail.properties if key not in _SHOWN_ELSEWHERE
    ]
    room = max(10, min(100, surface.width - 5 - max(5, *(width(key) for key, _ in others), 0)))

    def text(value: str, role: Role = "plain") -> list[Line]:
        return [said(line, role) for line in wrap(surface.show(value), room)]

    facts: list[tuple[str, list[Line]]] = [
        ("owner", [attention.owners(row, surface)]),
        ("start", [said(row.start.isoformat() if row.start else "")]),
        ("due", [attention.due(row, today, relative=True)]),
        ("forecast", [attention.forecast(row, surface)]),
        ("health", _health(row, surface, room)),
        ("touched", [said(row.last_activity.isoformat() if row.last_activity else "")]),
        ("time spent", [said(_spent(detail))]),
        ("result", [said(surface.show(row.result or ""), attention.RESULT_ROLES.get(row.result or "", "plain"))]),
        ("goals", [line for goal in row.goals for line in text(goal)]),
        ("tags", [attention.tags(row, surface)]),
    ]
    facts += [(key, text(value)) for key, value in others]
    facts.append(("page", text(row.path, "place")))
    rows: list[list[Line]] = []
    for label, values in facts:
        for index, value in enumerate(value for value in values if value):
            rows.append([said("" if index else label, "muted"), value])
    return table([Column(most=20), Column(least=10)], rows, surface, indent=3)


def _health(row: ExperimentRow, surface: Surface, room: int) -> list[Line]:
    if row.health is None:
        return []
    role = attention.HEALTH_ROLES.get(row.health, "plain")
    first, *more = wrap(surface.show(f"{row.health}: {row.health_reason}"), room)
    return [(((first[: len(row.health)]), role), (first[len(row.health) :], "plain")), *(said(line) for line in more)]


def _spent(detail: ExperimentDetail) -> str:
    """`12h 05m`, with the clocks that are still running; empty if there are no clocks."""
    running = f", {detail.clocks_running} clock{'' if detail.clocks_running == 1 else 's'} running"
    if not detail.seconds_spent:
        return running[2:] if detail.clocks_running else ""
    minutes = detail.seconds_spent // 60
    return f"{minutes // 60:,}h {minutes % 60:02d}m{running if detail.clocks_running else ''}"


def _metrics(row: ExperimentRow, surface: Surface) -> list[Line]:
    """Each metric of the experiment: its role, its value with the trend, its progress towards the target."""
    cells: list[list[Line]] = [
        [
            said(metric.how, "muted"),
            said(surface.show(metric.title), "plain" if metric.declared else "muted"),
            brief(metric, surface, named=False),
            said(f"score {percent(metric.score)}" if metric.score is not None else "", "muted"),
        ]
        for metric in row.metrics
    ]
    return table([Column(), Column(least=10), Column(least=8), Column()], cells, surface, indent=3)


def _heading(title: str, note: str, surface: Surface) -> Line:
    head: list[Piece] = [(" ", "plain"), (title, "heading")]
    if note:
        head.append((f" {note}", "muted"))
    head.append((" ", "plain"))
    room = surface.width - 1 - line_width(head)
    return (*head, (surface.glyphs.rule * room, "open")) if room > 0 else tuple(head)


def _prose(text: str, surface: Surface, most: int) -> list[Line]:
    lines = [
        line for paragraph in text.splitlines() for line in wrap(surface.show(paragraph), min(surface.width - 4, 100))
    ]
    shown: list[Line] = [((f"   {line}", "plain"),) for line in lines[:most]]
    if len(lines) > most:
        shown.append(((f"   {surface.glyphs.ellipsis}", "muted"),))
    return shown


def _item(sign: str, text: str, surface: Surface) -> list[Line]:
    lines = wrap(surface.show(text), min(surface.width - 6, 100)) or [""]
    first: Line = (("   ", "plain"), (sign, "warn"), (f" {lines[0]}", "plain"))
    return [first, *(((f"     {line}", "plain"),) for line in lines[1:])]
