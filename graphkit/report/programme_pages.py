"""The pages `programme` and `graph`: the vault's experiments as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.report.catalog_pages import strategy_panel
from graphkit.report.charts.column_graph import Node, column_graph
from graphkit.report.charts.forest_plot import Lift, forest_plot
from graphkit.report.charts.monthly_bars import stacked_bars
from graphkit.report.charts.scales import MONTHS
from graphkit.report.page_contexts import GraphContext, Named, ProgrammeContext

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from graphkit.report.shared_parts import Parts

_WEEKS: Final = 26
_BINS: Final = ((14, "≤ 2 weeks"), (28, "≤ 4 weeks"), (56, "≤ 8 weeks"), (91, "≤ 13 weeks"), (10**9, "longer"))


def programme_context(parts: Parts) -> ProgrammeContext:
    """The context of the page `programme`."""
    records = parts.records
    programme = records.programme
    lifts = list(_lifts(parts))
    weeks = records.burnup.points[-_WEEKS:]
    counts = [sum(below < days <= limit for _, days in programme.days_to_decision)
              for below, (limit, _) in zip((-1, *(limit for limit, _ in _BINS)), _BINS, strict=False)]  # fmt: skip
    return ProgrammeContext(
        programme=programme,
        months_chart=stacked_bars(
            "Decided per month, by result",
            [
                (
                    _month(month.first),
                    {"won": month.won, "inconclusive": month.inconclusive, "lost": month.lost, "dnf": month.dnf},
                )
                for month in programme.months
            ],
        ),
        started_chart=stacked_bars(
            "Started per month", [(_month(month.first), {"started": month.started}) for month in programme.months]
        ),
        days_chart=stacked_bars(
            "Days from start to decision",
            [(label, {"experiments": count}) for count, (_, label) in zip(counts, _BINS, strict=True)]
            if programme.days_to_decision
            else [],
        ),
        lifts_chart=forest_plot("Lifts of decided experiments, with their intervals", lifts),
        lifts=len(lifts),
        expected=tuple(strategy_panel(parts, row) for row in records.strategies.strategies if row.expectations),
        throughput_chart=stacked_bars(
            "Tasks done per week", [(_day(point.day), {"done": point.completed}) for point in weeks]
        ),
        progress_chart=stacked_bars(
            "Tasks in progress", [(_day(point.day), {"doing": point.doing}) for point in weeks]
        ),
        hit_rates=records.forecast.hit_rates,
    )


def _month(first: date) -> str:
    name = MONTHS[first.month - 1]
    return f"{name} {first.year}" if first.month == 1 else name


def _day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]}"


def _lifts(parts: Parts) -> Iterator[Lift]:
    """The lift of the best compared variant in the primary results of each decided experiment."""
    tones = {"won": "good", "lost": "bad"}
    for name in parts.records.decided:
        detail = parts.records.details[name]
        for result in detail.results:
            if result.role != "primary":
                continue
            known = [verdict for verdict in result.comparisons if verdict.lift is not None and verdict.scale == "lift"]
            for verdict in known:
                title = detail.experiment.title
                yield Lift(
                    label=title if len(known) == 1 else f"{title}: {verdict.variant}",
                    lift=verdict.lift,
                    low=verdict.low,
                    high=verdict.high,
                    words=f"{verdict.lift:+.1%} ({verdict.interval_text})",
                    tone=tones.get(detail.experiment.result or "", ""),
                )


def graph_context(parts: Parts) -> GraphContext:
    """The context of the page `graph`: what is connected first, in order of attention, up to a number of nodes."""
    records = parts.records
    nodes: dict[str, Node] = {}
    edges: dict[tuple[str, str], None] = {}
    left: set[str] = set()
    connections: list[tuple[Named, tuple[Named, ...]]] = []

    def add(node: Node) -> str:
        if node.key not in nodes and len(nodes) < parts.limits.nodes:
            nodes[node.key] = node
        elif node.key not in nodes:
            left.add(node.key)
        return node.key

    def link(one: str, other: str) -> None:
        if one in nodes and other in nodes:
            edges[one, other] = None

    identity = parts.identity
    for row in records.status.experiments:
        own = add(Node(key=f"e:{row.name}", title=row.title, column=1, href=parts.links.experiment(row.name)))
        near: list[Named] = []
        for title in row.goals:
            link(add(Node(key=f"g:{identity(title)}", title=title, column=0, href=parts.find(title))), own)
            near.append(Named(title=title, href=parts.find(title)))
        for brief in row.metrics:
            if brief.how != "mention":
                href = parts.links.metric(brief.name)
                link(own, add(Node(key=f"m:{brief.name}", title=brief.title, column=2, href=href)))
                near.append(Named(title=brief.title, href=href))
        for title in row.strategies:
            link(own, add(Node(key=f"s:{identity(title)}", title=title, column=3)))
            near.append(Named(title=title, href=""))
        connections.append((Named(title=row.title, href=parts.links.experiment(row.name)), tuple(near)))
    for goal in records.goals.goals:
        add(Node(key=f"g:{goal.name}", title=goal.title, column=0, href=parts.links.goal(goal.name)))
    for strategy in records.strategies.strategies:
        own = add(Node(key=f"s:{identity(strategy.title)}", title=strategy.title, column=3))
        for brief in strategy.metrics:
            href = parts.links.metric(brief.name)
            link(add(Node(key=f"m:{brief.name}", title=brief.title, column=2, href=href)), own)
    headings = ("Goals", "Experiments", "Metrics", "Strategies")
    return GraphContext(
        drawing=column_graph("Goals, experiments, metrics and strategies", list(nodes.values()), list(edges),
                             headings),
        nodes=len(nodes),
        edges=len(edges),
        hidden=len(left),
        connections=tuple(connections),
    )  # fmt: skip
