"""The metrics of a vault on a day: their series, how far each has come, whether its value is good and recent enough.

 Everything about one metric is worked out when it is asked for, so that
a report pays only for the metrics that it shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.facts.property_values import read_names
from graphkit.insight.metrics.metric_names import MetricNames

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from graphkit.facts.catalog import Catalog
    from graphkit.facts.metric_pages import MetricFacts
    from graphkit.facts.page_facts import PageFacts, Sighting
    from graphkit.insight.metrics.metric_names import Metric
    from graphkit.insight.metrics.metric_reading import MetricReading
    from graphkit.text.diagnostics import Diagnostic

METRIC_KEYS: Final = ("primary", "guardrails", "metrics")
"""Page properties whose values name metrics (spec: domain §1)."""


_LEVELS: Final = frozenset({"baseline", "target"})
"""Sightings of a table of key results that are no observations."""
_NAMING: Final = frozenset({"line", "table"}) | _LEVELS
"""Sightings whose subject is a metric, declared or not."""


class MetricBook:
    """All metrics of a vault by name, and the reading of each when it is asked for."""

    def __init__(
        self,
        catalog: Catalog,
        *,
        metric_types: Iterable[str],
        naming_types: Iterable[str],
        today: date,
        parse_journal: Callable[[str], date | None],
        data: Callable[[PageFacts, MetricFacts], tuple[Sequence[Sighting], Sequence[Diagnostic]]],
    ) -> None:
        """naming_types: pages whose `primary::`, `guardrails::`, `metrics::` name metrics.

        data: what the files hold that a metric's page names.
        """
        self._today = today
        self._parse = parse_journal
        self._data = data
        self.names = MetricNames(catalog.of_type(metric_types))
        self._sightings: dict[str, list[Sighting]] = {}
        self._levels: dict[str, list[Sighting]] = {}
        self._readings: dict[str, MetricReading] = {}
        naming = frozenset(naming_types)
        self._name_all(list(catalog.stating(naming)), naming)

    def _name_all(self, pages: Sequence[PageFacts], naming: frozenset[str]) -> None:
        for page in pages:
            for strategy in page.strategies:
                for written in strategy.key_metrics:
                    for name in self.names.split(written.text):
                        self.names.name(name)
        for page in pages:
            if not page.types.isdisjoint(naming):
                for key in METRIC_KEYS:
                    for title in read_names(page.properties.get(key, "")):
                        self.names.name(title)
            for sighting in page.sightings:
                if sighting.kind in _NAMING and sighting.metric.strip():
                    self.names.name(sighting.metric)
        for page in pages:
            for sighting in page.sightings:
                resolve = self.names.resolve_key if sighting.kind == "property" else self.names.resolve
                metric = resolve(sighting.metric)
                if metric is not None:
                    kept = self._levels if sighting.kind in _LEVELS else self._sightings
                    kept.setdefault(metric.key, []).append(sighting)

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """Declared metrics in the order of their pages, then undeclared ones as they are found."""
        return tuple(self.names)

    def resolve(self, name: str) -> Metric | None:
        """The metric of this name, alias or slug."""
        return self.names.resolve(name)

    def sightings(self, metric: Metric) -> Sequence[Sighting]:
        """Everything pages state of it, files not included, in the order of loading."""
        return self._sightings.get(metric.key, ())

    def facts(self, metric: Metric) -> MetricFacts:
        """Everything its page says."""
        return self.reading(metric).facts

    def reading(self, metric: Metric) -> MetricReading:
        """The metric on the book's day; worked out once."""
        found = self._readings.get(metric.key)
        if found is None:
            from graphkit.insight.metrics.read_metric import read_metric  # noqa: PLC0415 - not without metrics

            found = read_metric(
                metric,
                self.sightings(metric),
                self._levels.get(metric.key, ()),
                self._data,
                today=self._today,
                parse_journal=self._parse,
            )
            self._readings[metric.key] = found
        return found
