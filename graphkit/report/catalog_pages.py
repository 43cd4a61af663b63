"""The pages `goals`, `metrics`, `strategies`, `findings` and `decisions`: lists of what the vault holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.report.charts.segments import segments
from graphkit.report.page_contexts import (
    DecisionRow,
    DecisionsContext,
    FindingsContext,
    GoalNode,
    GoalsContext,
    MetricsContext,
    Named,
    StrategiesContext,
    StrategyPanel,
)
from graphkit.report.page_links import key_of
from graphkit.report.shared_parts import NO_HTML

if TYPE_CHECKING:
    from graphkit.app.results.metric_reports import GoalRow, StrategyRow
    from graphkit.report.page_contexts import ExperimentCard
    from graphkit.report.safe_text import Html
    from graphkit.report.shared_parts import Parts
    from graphkit.text.diagnostics import Diagnostic

LEAST_CHARTS: Final = 20
CHARTS_EACH: Final = 1
"""Metrics with a chart: so many, and so many more for each experiment, so that the report stays small."""
_DEEPEST: Final = 6


def goals_context(parts: Parts) -> GoalsContext:
    """The context of the page of goals: each below the first goal that it serves, once."""
    report = parts.records.goals
    identity = {goal.name: goal for goal in report.goals}
    catalog = parts.records.public.vault.catalog

    def parent(goal: GoalRow) -> str | None:
        for title in goal.serves:
            page = catalog.page(title)
            name = page.name if page is not None else title.lower()
            if name in identity and name != goal.name:
                return name
        return None

    children: dict[str | None, list[GoalRow]] = {}
    for goal in report.goals:
        children.setdefault(parent(goal), []).append(goal)
    seen: set[str] = set()

    def node(goal: GoalRow, depth: int) -> GoalNode:
        seen.add(goal.name)
        below = [other for other in children.get(goal.name, ()) if other.name not in seen and depth < _DEEPEST]
        return GoalNode(
            key=f"goal-{key_of(goal.name)}",
            row=goal,
            bar=segments(goal.progress),
            experiments=parts.cards(item.name for item in goal.experiments),
            children=tuple(node(other, depth + 1) for other in below if other.name not in seen),
            logseq=parts.links.logseq(goal.title) if goal.path else "",
        )

    roots = [node(goal, 0) for goal in children.get(None, ())]
    roots += [node(goal, 0) for goal in report.goals if goal.name not in seen]  # goals that serve each other in a ring
    rows = parts.limits.rows
    return GoalsContext(
        goals=tuple(roots[:rows]),
        more=max(0, len(roots) - rows),
        without_goal=parts.cards(item.name for item in report.without_goal),
    )


def metrics_context(parts: Parts) -> MetricsContext:
    """The context of the page of metrics."""
    details = list(parts.records.metrics.values())
    measured = [detail for detail in details if detail.points]
    rows = parts.limits.rows
    most = min(rows, LEAST_CHARTS + CHARTS_EACH * len(parts.records.details))
    by_use = sorted(measured, key=lambda detail: not any(use.how != "mention" for use in detail.metric.experiments))
    drawn = {detail.metric.name for detail in by_use[:most]}
    panels = {detail.metric.name: parts.panel(detail, drawn=detail.metric.name in drawn) for detail in details}
    brief = [detail for detail in measured if detail.metric.name not in drawn]
    silent = [detail for detail in details if not detail.points]
    return MetricsContext(
        measured=tuple(panels[detail.metric.name] for detail in measured if detail.metric.name in drawn),
        brief=tuple(panels[detail.metric.name] for detail in brief[:rows]),
        silent=tuple(panels[detail.metric.name] for detail in silent[:rows]),
        more=max(0, len(brief) - rows) + max(0, len(silent) - rows),
    )


def strategy_panel(parts: Parts, row: StrategyRow) -> StrategyPanel:
    """A strategy with the addresses of its experiments."""
    return StrategyPanel(
        key=f"strategy-{key_of(row.name)}",
        row=row,
        uses=tuple(
            Named(title=use.experiment, href=parts.links.experiment(use.name))
            for use in row.experiments
            if use.name in parts.records.details and use.how != "mention"
        ),
        logseq=parts.links.logseq(row.page),
    )


def strategies_context(parts: Parts) -> StrategiesContext:
    """The context of the page of strategies."""
    report, rows = parts.records.strategies, parts.limits.rows
    return StrategiesContext(
        strategies=tuple(strategy_panel(parts, row) for row in report.strategies[:rows]),
        initiatives=report.initiatives[:rows],
        more=max(0, len(report.strategies) - rows) + max(0, len(report.initiatives) - rows),
    )


def findings_context(parts: Parts) -> FindingsContext:
    """The context of the page of findings: those of experiments and metrics, and those made while loading."""
    records = parts.records
    vault = records.public.vault
    found: set[Diagnostic] = set(vault.loaded.findings) if not records.filters else set()
    for detail in records.details.values():
        found.update(detail.findings)
    for metric in records.metrics.values():
        found.update(metric.findings)
    shown = sorted(found, key=lambda item: (item.path, item.line, item.column, item.code, item.message))
    shown = [finding for finding in shown if finding.path not in records.public.paths]

    def opened(finding: Diagnostic) -> str:
        page = vault.catalog.at_path(finding.path)
        return parts.links.logseq(page.title) if page is not None else ""

    return FindingsContext(
        findings=tuple((finding, opened(finding)) for finding in shown[: parts.limits.findings]),
        more=max(0, len(shown) - parts.limits.findings),
    )


def decisions_context(parts: Parts) -> DecisionsContext:
    """The context of the decision log."""
    records = parts.records
    rows = [_decision(parts, card) for card in parts.cards(records.decided)]
    rows.sort(key=lambda item: (item.day is None, -(item.day.toordinal() if item.day else 0), item.card.row.name))
    return DecisionsContext(decisions=tuple(rows))


def _decision(parts: Parts, card: ExperimentCard) -> DecisionRow:
    detail = parts.records.details[card.row.name]
    texts = _section_texts(parts, card)
    day, start = parts.records.decided.get(card.row.name), card.row.start
    return DecisionRow(
        card=card,
        day=day,
        decision=dict(detail.properties).get("decision", ""),
        text=texts.get("decision", NO_HTML),
        learnings=texts.get("learnings", NO_HTML),
        call=detail.call.sentence if detail.call else "",
        days=(day - start).days if day is not None and start is not None and start <= day else None,
    )


def _section_texts(parts: Parts, card: ExperimentCard) -> dict[str, Html]:
    vault = parts.records.public.vault
    page = vault.catalog.at_path(card.row.path)
    opened = vault.open_page(page) if page is not None else None
    if page is None or opened is None:
        return {}
    without = [range(task.block, task.stop) for task in page.tasks]
    return {
        section.kind: parts.bodies.section(opened, section, without, most=parts.limits.text)
        for section in reversed(page.sections)
        if section.kind in {"decision", "learnings"}
    }
