"""Parts that several pages show: the card of an experiment, the panel of a metric, names with addresses."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from graphkit.insight.metrics.metric_text import value_text
from graphkit.report.charts.metric_chart import metric_chart
from graphkit.report.charts.segments import segments
from graphkit.report.charts.sparkline import sparkline
from graphkit.report.markdown_bodies import bodies_of
from graphkit.report.page_contexts import ExperimentCard, MetricPanel, Named
from graphkit.report.page_links import experiment_key, key_of
from graphkit.report.safe_text import Html
from graphkit.text.records import Record
from graphkit.vault.names import page_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from graphkit.app.results.history_reports import BurnupReport
    from graphkit.app.results.metric_reports import MetricBrief, MetricDetail
    from graphkit.app.results.reports import ExperimentRow
    from graphkit.facts.metric_pages import MetricFacts
    from graphkit.report.markdown_bodies import Bodies
    from graphkit.report.page_links import Links
    from graphkit.report.report_records import ReportRecords

SIGNS: Final = {
    "on track": "●", "at risk": "▲", "off track": "■", "no target": "○",
    "won": "✓", "lost": "✕", "inconclusive": "≈", "dnf": "–",
}  # fmt: skip
"""A shape for each word of health and result, so that colour is never alone."""
CLOSED: Final = frozenset({"decided", "archived"})
_SPARK_POINTS: Final = 24
_CHART_POINTS: Final = 120
NO_HTML: Final = Html("")


class Limits(Record, frozen=True, kw_only=True):
    """How much of the notes a report shows at most."""

    tasks: int = 60
    """Of an experiment."""
    charts: int = 4
    """Of the metrics of an experiment."""
    results: int = 8
    """Result tables of an experiment."""
    text: int = 4000
    """Code points of a section, and twice as many of all sections of an experiment."""
    rows: int = 300
    """Of a list of metrics, goals, strategies or initiatives."""
    findings: int = 150
    nodes: int = 400
    """Of the graph."""


LIMITS: Final = (
    Limits(),
    Limits(tasks=20, charts=2, results=3, text=1000, rows=60, findings=40, nodes=150),
    Limits(tasks=6, charts=1, results=1, text=250, rows=20, findings=10, nodes=60),
)
"""What is shown in full, and what is left of it where a report would become too large."""


class Parts:
    """The parts of one report, each made once."""

    def __init__(self, records: ReportRecords, links: Links, limits: Limits = LIMITS[0]) -> None:
        """links: the addresses of the report's pages."""
        self.records, self.links, self.limits = records, links, limits
        self._cards: dict[str, ExperimentCard] = {}
        self._panels: dict[str, MetricPanel] = {}

    @cached_property
    def bodies(self) -> Bodies:
        """The renderer of Markdown."""
        return bodies_of(self.records, self.find)

    @cached_property
    def _addresses(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for detail in self.records.metrics.values():
            for title in (detail.metric.title, *detail.aliases):
                found.setdefault(page_name(title), self.links.metric(detail.metric.name))
        for goal in self.records.goals.goals:
            found[goal.name] = self.links.goal(goal.name)
        for name in self.records.details:
            found[name] = self.links.experiment(name)
        return found

    def find(self, title: str) -> str:
        """The address of a page of the vault; empty if the report does not show it."""
        return self._addresses.get(self.identity(title), "")

    def named(self, titles: Iterable[str]) -> tuple[Named, ...]:
        """Names with their addresses."""
        return tuple(Named(title=title, href=self.find(title)) for title in titles)

    def identity(self, title: str) -> str:
        """The name of the page that a title or alias means."""
        page = self.records.public.vault.catalog.page(title)
        return page.name if page is not None else page_name(title)

    def facts(self, name: str) -> MetricFacts | None:
        """The facts of a metric's page."""
        return self.records.facts.get(name)

    def cards(self, names: Iterable[str]) -> tuple[ExperimentCard, ...]:
        """The cards of experiments, those that the report does not show left out."""
        rows = {row.name: row for row in self.records.status.experiments}
        return tuple(self.card(rows[name]) for name in names if name in rows)

    def card(self, row: ExperimentRow) -> ExperimentCard:
        """The card of an experiment."""
        if row.name not in self._cards:
            self._cards[row.name] = self._card(row)
        return self._cards[row.name]

    def _card(self, row: ExperimentRow) -> ExperimentCard:
        closed = row.lifecycle in CLOSED
        word = (row.result or row.lifecycle) if closed else row.health or "no target"
        primary = next((metric for metric in row.metrics if metric.how == "primary"), None)
        detail = self.records.metrics.get(primary.name) if primary else None
        return ExperimentCard(
            key=experiment_key(row.name),
            href=self.links.experiment(row.name),
            row=row,
            forecast=self.records.forecasts.get(row.name),
            tone="closed" if closed else word.replace(" ", "-"),
            health=word,
            sign=SIGNS.get(word, "·"),
            bar=segments(row.progress),
            spark=_burnup_spark(self.records.burnups.get(row.name)),
            primary=primary,
            primary_spark=self._metric_spark(primary) if primary else NO_HTML,
            target=detail.metric.target_text if detail else "",
            guard=detail.metric.guard if detail else "",
        )

    def _metric_spark(self, brief: MetricBrief) -> Html:
        detail = self.records.metrics.get(brief.name)
        levels = {} if detail is None else self.levels(detail)
        levels.pop("baseline", None)
        return sparkline(list(brief.series), f"{brief.title}: {brief.text}", levels=levels, bad=brief.breached)

    def levels(self, detail: MetricDetail) -> dict[str, float]:
        """Baseline, target and guard of a metric, those that are known."""
        facts = self.facts(detail.metric.name)
        guard = facts.guard.value if facts is not None and facts.guard is not None else None
        named = {"baseline": detail.metric.baseline, "target": detail.metric.target, "guard": guard}
        return {name: level for name, level in named.items() if level is not None}

    def panel(
        self,
        detail: MetricDetail,
        *,
        how: str = "",
        dates: Sequence[tuple[date, str]] = (),
        prefix: str = "",
        drawn: bool = True,
    ) -> MetricPanel:
        """A metric with its chart. dates: an experiment's own. prefix: begins the key, so that ids stay different.

        drawn: with its chart.
        """
        metric = detail.metric
        return MetricPanel(
            key=f"{prefix}metric-{key_of(metric.name)}",
            href=self.links.metric(metric.name),
            how=how,
            detail=detail,
            chart=self._chart(detail, dates) if detail.points and drawn else NO_HTML,
            uses=tuple(
                Named(title=use.experiment, href=self.links.experiment(use.name))
                for use in metric.experiments
                if use.how != "mention" and use.name in self.records.details
            ),
            logseq=self.links.logseq(metric.title) if metric.path else "",
        )

    def _chart(self, detail: MetricDetail, dates: Sequence[tuple[date, str]]) -> Html:
        facts = self.facts(detail.metric.name)
        sign = facts.guard.sign if facts is not None and facts.guard is not None else None
        return metric_chart(
            detail.metric.title,
            [(point.day, point.value / detail.scale) for point in detail.points[-_CHART_POINTS:]],
            {name: level / detail.scale for name, level in self.levels(detail).items()},
            lambda value: value_text(value * detail.scale, detail.unit_text),
            dates=list(dates),
            gap_days=detail.gap_days,
            low_guard=sign is None or sign.startswith(">"),
        )


def _burnup_spark(report: BurnupReport | None) -> Html:
    if report is None or not report.points:
        return NO_HTML
    step = max(1, -(-len(report.points) // _SPARK_POINTS))
    points = report.points[::-step][::-1]
    last = points[-1]
    return sparkline(
        [point.done for point in points],
        f"{last.done:g} of {last.scope:g} done, since {report.points[0].day}",
        scope=[point.scope for point in points],
    )
