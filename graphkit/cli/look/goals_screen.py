"""`graphkit goals` as a screen and as tab-separated lines: goals, their experiments, their metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.cli.look import attention
from graphkit.cli.terminal.bars import bar, percentage, tally
from graphkit.cli.terminal.canvas import count, line_width, said
from graphkit.cli.terminal.formats import Rows
from graphkit.cli.terminal.sparks import brief, percent
from graphkit.cli.terminal.table import Column, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphkit.app.results.metric_reports import GoalExperiment, GoalRow, GoalsReport, MetricBrief
    from graphkit.cli.terminal.canvas import Line, Piece, Surface

GOAL_FIELDS = (
    "goal", "done", "total", "percent", "score", "due", "owner", "experiments", "metrics", "experiment", "attention",
    "experiment_done", "experiment_total", "path",
)  # fmt: skip
"""Fields of the tab-separated form, one line for each experiment of a goal. New ones are only added at the end."""


def goals_screen(report: GoalsReport, surface: Surface) -> list[Line]:
    """Each goal with its rolled-up bar and score, its experiments and metrics; then idle goals and stray experiments.

    No line is wider than the surface.
    """
    if not report.goals and not report.without_goal:
        return surface.fit(
            [((" No goals yet.", "plain"),), ((" To name the goal of an experiment, write  - #goal [[X]]", "plain"),)]
        )
    worked = [goal for goal in report.goals if goal.experiments]
    idle = [goal for goal in report.goals if not goal.experiments]
    head: list[Line] = [((count(len(report.goals), "goal"), "strong"),)]
    if idle:
        head.append(((f"{len(idle):,} without experiments", "warn"),))
    if report.without_goal:
        head.append(((f"{count(len(report.without_goal), 'experiment')} without a goal", "warn"),))
    lines: list[Line] = [((" ", "plain"), *surface.join(head))]
    for goal in worked:
        lines += [(), *_goal(goal, surface)]
    if idle:
        lines += [(), surface.rule("Goals without experiments", len(idle))]
        lines += [((" ", "plain"), *_title(goal, surface)) for goal in idle]
    if report.without_goal:
        lines += [(), surface.rule("Experiments without a goal", len(report.without_goal))]
        lines += _experiments(report.without_goal, surface)
    experiments = [*report.without_goal, *(item for goal in worked for item in goal.experiments)]
    if any(metric.how == "mention" for item in experiments for metric in item.metrics):
        lines += [(), ((" ~ named in the text without a link", "muted"),)]
    return surface.fit(lines)


def _title(goal: GoalRow, surface: Surface) -> Line:
    facts: list[Line] = [((surface.show(goal.title), "strong"),)]
    if goal.owners:
        facts.append(said(surface.show(", ".join(goal.owners))))
    if goal.due:
        facts.append(said(f"due {goal.due.isoformat()}", "muted"))
    if not goal.path:
        facts.append(said("no page", "muted"))
    return surface.join(facts)


def _goal(goal: GoalRow, surface: Surface) -> list[Line]:
    drawn = bar(goal.progress, min(24, max(10, surface.width // 4)), surface)
    line: list[Piece] = [("   ", "plain"), *(drawn or (("no tasks", "muted"),))]
    if drawn:
        line += [(" ", "plain"), *tally(goal.progress, surface), (" ", "plain"), *percentage(goal.progress)]
    if goal.score is not None:
        line += [(f" {surface.glyphs.dot} ", "muted"), ("score ", "muted"), (percent(goal.score), "strong")]
    lines: list[Line] = [((" ", "plain"), *_title(goal, surface)), tuple(line)]
    aside = {"guardrail", "mention"}
    below = {metric.name for item in goal.experiments for metric in item.metrics if metric.how not in aside}
    lines += _metrics([metric for metric in goal.metrics if metric.name not in below], surface, indent=3)
    return [*lines, *_experiments(goal.experiments, surface)]


def _experiments(experiments: Sequence[GoalExperiment], surface: Surface) -> list[Line]:
    cells: list[list[Line]] = []
    for item in experiments:
        look = attention.look(item.attention)
        word = item.result if item.lifecycle in {"decided", "archived"} and item.result else item.attention
        cells.append(
            [
                ((getattr(surface.glyphs, look.glyph), look.role), (" ", "plain"), (surface.show(item.title), "plain")),
                tally(item.progress, surface),
                percentage(item.progress),
                said(surface.show(word), look.role if look.role != "plain" else "muted"),
            ]
        )
    columns = [Column(least=16), Column(align="right"), Column(align="right"), Column()]
    rows = table(columns, cells, surface, indent=3, room=surface.width - 1)
    return [
        line for row, item in zip(rows, experiments, strict=True) for line in (row, *_metrics(item.metrics, surface))
    ]


def _metrics(metrics: Sequence[MetricBrief], surface: Surface, *, indent: int = 5) -> list[Line]:
    """The metrics side by side, wrapped to the width."""
    lines: list[list[Piece]] = []
    for metric in metrics:
        shown = brief(metric, surface)
        if metric.how == "guardrail":
            shown = (("guardrail ", "muted"), *shown)
        if lines and line_width(lines[-1]) + 3 + line_width(shown) < surface.width:
            lines[-1] += [(f" {surface.glyphs.dot} ", "muted"), *shown]
        else:
            lines.append([(" " * indent, "plain"), *shown])
    return [tuple(line) for line in lines]


def goals_plain(report: GoalsReport) -> Rows:
    """A header line, one line for each experiment of a goal, for each idle goal and for each stray experiment."""
    return Rows(GOAL_FIELDS, _fields(report))


def _fields(report: GoalsReport) -> Iterator[Sequence[object]]:
    for goal in report.goals:
        progress = goal.progress
        first = (
            goal.title,
            progress.done,
            progress.total,
            progress.percent,
            None if goal.score is None else round(goal.score, 3),
            goal.due,
            goal.owners,
            len(goal.experiments),
            tuple(metric.title for metric in goal.metrics),
        )
        if not goal.experiments:
            yield (*first, None, None, None, None, goal.path)
        for item in goal.experiments:
            yield (*first, *_experiment_fields(item), goal.path)
    for item in report.without_goal:
        yield (*[None] * 9, *_experiment_fields(item), item.path)


def _experiment_fields(item: GoalExperiment) -> tuple[str, str, int, int]:
    return item.title, item.attention, item.progress.done, item.progress.total
