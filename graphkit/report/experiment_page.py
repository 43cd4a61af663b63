"""The page of one experiment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.app.reading.readout import result_facts
from graphkit.report.charts.burnup_chart import burnup_chart
from graphkit.report.charts.column_graph import Node, column_graph
from graphkit.report.charts.forest_plot import Lift, forest_plot
from graphkit.report.charts.sequential_band import sequential_band
from graphkit.report.page_contexts import ExperimentPageContext, ResultPanel, TaskNode
from graphkit.report.shared_parts import NO_HTML

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from graphkit.app.results.readouts import ResultRow
    from graphkit.app.results.reports import ExperimentDetail
    from graphkit.app.results.task_row import TaskRow
    from graphkit.report.page_contexts import ExperimentCard
    from graphkit.report.safe_text import Html
    from graphkit.report.shared_parts import Parts

_DEEPEST: Final = 10
_TOLD: Final = ("goal", "work", "metrics", "questions", "hypothesis")


def experiment_context(parts: Parts, name: str) -> ExperimentPageContext:
    """The context of an experiment's page. Raises KeyError for a name that the report does not show."""
    records, limits = parts.records, parts.limits
    detail = records.details[name]
    row = detail.experiment
    card = parts.card(row)
    hypothesis, sections = _sections(parts, detail)
    burnup = records.burnups[name]
    briefs = [brief for brief in row.metrics if brief.how != "mention" and brief.name in records.metrics]
    drawn = [brief for brief in briefs if records.metrics[brief.name].points][: limits.charts]
    dates = tuple(_dates(parts, detail))
    roots = task_tree(parts, detail.tasks[: limits.tasks])
    return ExperimentPageContext(
        card=card,
        detail=detail,
        goals=parts.named(row.goals),
        hypothesis=hypothesis,
        tasks=roots,
        hidden_tasks=max(0, len(detail.tasks) - limits.tasks),
        burnup=burnup,
        burnup_chart=burnup_chart(burnup) if burnup.points else NO_HTML,
        metrics=tuple(
            parts.panel(records.metrics[brief.name], how=brief.how, dates=dates, prefix=f"{card.key}-")
            for brief in drawn
        ),
        others=tuple(brief for brief in briefs if brief not in drawn),
        results=tuple(result_panel(result) for result in detail.results[: limits.results]),
        sections=sections,
        related=_related(parts, card),
        logseq=parts.links.logseq(row.title),
        decided=records.decided.get(name),
    )


def task_tree(parts: Parts, rows: Sequence[TaskRow]) -> tuple[TaskNode, ...]:
    """The tasks as trees, by their depth; what lies very deep stays on one level."""

    def nodes(start: int, stop: int, depth: int) -> Iterator[TaskNode]:
        at = start
        while at < stop:
            end = at + 1
            while depth < _DEEPEST and end < stop and rows[end].depth > rows[at].depth:
                end += 1
            children = tuple(nodes(at + 1, end, depth + 1))
            row = rows[at]
            yield TaskNode(
                row=row,
                href=parts.links.logseq(row.page, row.block_id) if row.block_id else "",
                children=children,
                open=row.status in {"doing", "waiting"} or depth == 0,
            )
            at = end

    return tuple(nodes(0, len(rows), 0))


def _dates(parts: Parts, detail: ExperimentDetail) -> Iterator[tuple[date, str]]:
    """The experiment's own days for the charts of its metrics."""
    row = detail.experiment
    if row.start is not None:
        yield row.start, "start"
    decided = parts.records.decided.get(row.name)
    if decided is not None:
        yield decided, "decided"
    elif row.due is not None:
        yield row.due, "due"


def _sections(parts: Parts, detail: ExperimentDetail) -> tuple[Html, tuple[tuple[str, Html], ...]]:
    """The hypothesis, and the other sections that have a text."""
    vault = parts.records.public.vault
    page = vault.catalog.at_path(detail.experiment.path)
    opened = vault.open_page(page) if page is not None else None
    if page is None or opened is None:
        return NO_HTML, ()
    blocks = opened.outline.blocks
    without = [range(task.block, task.stop) for task in page.tasks]
    for table in result_facts(vault, page, opened)[0]:
        without += [
            range(block.index, block.index + 1) for block in blocks if block.start <= table.span.start < block.end
        ]
    inner = {
        index
        for section in page.sections
        for index in range(section.first + 1, section.stop)
        if section.kind not in {"goal", "work"}
    }
    most = parts.limits.text
    hypothesis = next((item for item in page.sections if item.kind == "hypothesis"), None)
    shown: list[tuple[str, Html]] = []
    length = 0
    for section in page.sections:
        if section.kind in _TOLD or section.first in inner or length > 2 * most:
            continue
        body = parts.bodies.section(opened, section, without, most=most)
        length += len(body)
        if body:
            shown.append((section.title, body))
    first = parts.bodies.section(opened, hypothesis, without, most=most) if hypothesis is not None else NO_HTML
    return first, tuple(shown)


def result_panel(result: ResultRow) -> ResultPanel:
    """A readout with its charts."""
    words = {"better": "good", "worse": "bad"}
    harms = {"safe": "good", "harmed": "bad", "worse": "bad"}
    lifts = [
        Lift(
            label=verdict.variant,
            lift=verdict.lift,
            low=verdict.low if verdict.scale == "lift" else None,
            high=verdict.high if verdict.scale == "lift" else None,
            words=" ".join(
                part
                for part in (
                    f"{verdict.lift:+.1%}" if verdict.lift is not None else verdict.outcome,
                    f"({verdict.interval_text})" if verdict.interval_text else "",
                )
                if part
            ),
            tone=harms.get(verdict.harm or "", "") if result.role == "guardrail" else words.get(verdict.outcome, ""),
        )
        for verdict in result.comparisons
    ]
    name = result.metric or "Result"
    return ResultPanel(
        result=result,
        forest=forest_plot(f"Lift of {name} against {result.control}", lifts) if lifts else NO_HTML,
        bands=tuple(
            (verdict.variant, sequential_band(f"{name}: looks at {verdict.variant}", looks))
            for verdict in result.comparisons
            if len(looks := [look for look in result.looks if look.variant == verdict.variant]) > 1
        ),
        sample=tuple(_sample(result)),
    )


def _sample(result: ResultRow) -> Iterator[tuple[str, float, int | None]]:
    needed = {verdict.variant: verdict.needed_treatment for verdict in result.comparisons}
    controls = [verdict.needed_control for verdict in result.comparisons if verdict.needed_control is not None]
    planned = list(result.planned_sample)
    for index, arm in enumerate(sorted(result.arms, key=lambda arm: not arm.control)):
        if arm.n is None:
            continue
        plan = planned[min(index, len(planned) - 1)] if planned else None
        own = max(controls, default=None) if arm.control else needed.get(arm.variant)
        yield arm.variant, arm.n, plan if plan is not None else own


def _related(parts: Parts, card: ExperimentCard) -> Html:
    row = card.row
    goals = [
        Node(key=f"g:{title}", title=title, column=0, href=parts.find(title)) for title in dict.fromkeys(row.goals)
    ]
    metrics = [
        Node(key=f"m:{brief.name}", title=brief.title, column=2, href=parts.links.metric(brief.name))
        for brief in row.metrics
        if brief.how != "mention"
    ]
    strategies = [Node(key=f"s:{title}", title=title, column=3) for title in dict.fromkeys(row.strategies)]
    if not (goals or metrics or strategies):
        return NO_HTML
    nodes = [*goals, Node(key="e", title=row.title, column=1), *metrics, *strategies]
    edges = [*((node.key, "e") for node in goals), *(("e", node.key) for node in (*metrics, *strategies))]
    headings = ("Goals", "Experiment", "Metrics", "Strategies")
    return column_graph(f"What {row.title} is connected to", nodes, edges, headings)
