"""The strategies of a vault: their key metrics, who tests them, and what was expected against what is observed."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Final, Literal

from graphkit.facts.property_values import read_names
from graphkit.outline.inline import plain_text
from graphkit.quantities.units import PERCENT, POINTS, SECONDS
from graphkit.text.diagnostics import Diagnostic, Severity
from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record, replace
from graphkit.text.scripts import UNSPACED, is_plain
from graphkit.vault.names import page_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from graphkit.facts.catalog import Catalog
    from graphkit.facts.page_facts import PageFacts, StrategyFact
    from graphkit.insight.metrics.metric_names import Metric, MetricNames
    from graphkit.insight.metrics.metric_reading import MetricReading
    from graphkit.quantities.impacts import Direction, Impact

STRATEGY_KEY: Final = "strategy"
ROW_KEY: Final = "row"
_PLAIN_WORD: Final = lazy_pattern(r"[^\W_]+")
_SLACK: Final = 1e-9


class Outcome(StrEnum):
    """The outcome of an expectation so far."""

    REACHED = "reached"
    PART = "on the way"
    NONE = "no change"
    AGAINST = "the other way"


ChangeKind = Literal["relative", "difference", "factor", "level"]


class Strategy(Record, frozen=True, kw_only=True):
    """One row of a strategy table with its key metrics resolved."""

    page: PageFacts
    fact: StrategyFact
    key: str
    """Page and row name (spec: domain §1)."""
    metrics: tuple[Metric, ...]
    """Its key metrics in the order of the cell, each once."""

    @property
    def title(self) -> str:
        """The row's name."""
        return self.fact.name.text

    @property
    def id(self) -> str:
        """Id of its node in the graph (spec: domain §2)."""
        return f"strategy:{self.key}"


class Expectation(Record, frozen=True, kw_only=True):
    """One promise of an *Expected Impact* cell, compared with the metric that it speaks of."""

    impact: Impact
    metric: Metric | None
    kind: ChangeKind | None
    """How the change is measured; None where nothing can be compared with it."""
    observed: float | None
    """Change since the baseline, or for a level the current value; shares and points as fractions."""
    outcome: Outcome | None


class Test(Record, frozen=True, kw_only=True):
    """An experiment that tests a strategy, by its `strategy::` and `row::`."""

    strategy: Strategy
    path: str
    line: int


def read_all_strategies(catalog: Catalog, names: MetricNames) -> tuple[Strategy, ...]:
    """The strategies of all pages in order; of two rows of a page with one name both are kept."""
    found: list[Strategy] = []
    taken: set[str] = set()
    for page in catalog.stating():
        for fact in page.strategies:
            key = base = f"{page.name}#{page_name(fact.name.text)}"
            number = 2
            while key in taken:
                key, number = f"{base}-{number}", number + 1
            taken.add(key)
            named = (names.resolve(name) for cell in fact.key_metrics for name in names.split(cell.text))
            metrics = {metric.key: metric for metric in named if metric}
            found.append(Strategy(page=page, fact=fact, key=key, metrics=tuple(metrics.values())))
    return tuple(found)


class StrategyTable:
    """The strategies by page and by name, for `strategy::` and `row::` values."""

    def __init__(self, strategies: Sequence[Strategy], page_of: Callable[[str], PageFacts | None]) -> None:
        self._page_of = page_of
        self._by_page: dict[str, list[Strategy]] = {}
        self._by_name: dict[str, list[Strategy]] = {}
        for strategy in strategies:
            self._by_page.setdefault(strategy.page.name, []).append(strategy)
            self._by_name.setdefault(page_name(strategy.title), []).append(strategy)

    def tests(self, page: PageFacts) -> tuple[list[Test], list[Diagnostic]]:
        """All an experiment's page says it tests: rows of the pages named, all of them without `row::`, or rows named.

        **Reports** W414 for a name or row that is not there; a page that holds no strategy table is no mistake.
        """
        named = read_names(page.properties.get(STRATEGY_KEY, ""))
        written_row = page.properties.get(ROW_KEY, "")
        line = page.property_lines.get(ROW_KEY if written_row else STRATEGY_KEY, 1)
        found: dict[str, Test] = {}
        missing: list[Diagnostic] = []
        for name in named:
            target = self._page_of(name)
            rows = self._by_page.get(target.name, []) if target is not None else []
            if not rows:
                rows = self._by_name.get(page_name(name), [])
            elif written_row:
                rows, unknown = _rows_named(rows, written_row)
                missing += (_no_row(page, line, row, name, self._by_page[rows_page]) for row, rows_page in
                            ((row, target.name if target else "") for row in unknown))  # fmt: skip
            for strategy in rows:
                found.setdefault(strategy.key, Test(strategy=strategy, path=page.path, line=line))
        return list(found.values()), missing


def _rows_named(rows: Sequence[Strategy], written: str) -> tuple[list[Strategy], list[str]]:
    by_name = {page_name(strategy.title): strategy for strategy in rows}
    whole = by_name.get(page_name(written.strip())) or by_name.get(page_name(plain_text(written).strip()))
    if whole is not None:
        return [whole], []
    parts = read_names(written)
    return [by_name[page_name(part)] for part in parts if page_name(part) in by_name], [
        part for part in parts if page_name(part) not in by_name
    ]


def _no_row(page: PageFacts, line: int, row: str, name: str, rows: Sequence[Strategy]) -> Diagnostic:
    known = ", ".join(strategy.title for strategy in rows[:6])
    return Diagnostic(
        code="W414",
        severity=Severity.WARNING,
        path=page.path,
        line=line,
        message=f"“{name}” has no strategy “{row}”, so this experiment does not test one there",
        hint=f"its strategies are {known}",
    )


def expectations(strategy: Strategy, reading: Callable[[Metric], MetricReading]) -> tuple[Expectation, ...]:
    """Each promise of the strategy with what its metric did since the baseline."""
    impact = strategy.fact.impact
    if impact is None:
        return ()
    from graphkit.quantities.impacts import read_impacts  # noqa: PLC0415 - few commands look at what was expected

    return tuple(_expectation(strategy, promise, reading) for promise in read_impacts(impact.text))


def _expectation(strategy: Strategy, impact: Impact, reading: Callable[[Metric], MetricReading]) -> Expectation:
    metric = _subject_metric(strategy, impact)
    found = None if metric is None else reading(metric)
    if found is not None and (impact.improves or (impact.target and impact.direction is None)):
        impact = replace(impact, direction=_better(found))
    change = None if found is None else _change(impact, found)
    if change is None:
        return Expectation(impact=impact, metric=metric, kind=None, observed=None, outcome=None)
    kind, observed = change
    return Expectation(
        impact=impact, metric=metric, kind=kind, observed=observed, outcome=_outcome(impact, kind, observed)
    )


def _subject_metric(strategy: Strategy, impact: Impact) -> Metric | None:
    """The key metric whose name holds the words of the subject, or the other way round; else the only one there is."""
    for subject in impact.subjects:
        words = _words(subject)
        for metric in strategy.metrics:
            for name in (metric.title, *metric.aliases):
                own = _words(name)
                if words and own and (words <= own or own <= words):
                    return metric
    return strategy.metrics[0] if len(strategy.metrics) == 1 and not impact.subject else None


@cache
def _any_word() -> re.Pattern[str]:
    """A word of any script; one character where no spaces stand between words."""
    return re.compile(rf"[{UNSPACED}]|[^\W_{UNSPACED}]+")


def _words(text: str) -> frozenset[str]:
    words = (word.lower() for word in (_PLAIN_WORD if is_plain(text) else _any_word()).findall(text))
    return frozenset(
        word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word for word in words
    )


def _better(reading: MetricReading) -> Direction | None:
    """Which way is better: what the page says, else from baseline to target, else more, but of a duration nobody knows.

    None too for a metric that is to hold.
    """
    facts = reading.facts
    if facts.direction == "hold":
        return None
    way = facts.target.number.value - facts.baseline.number.value if facts.target and facts.baseline else 0.0
    if facts.direction is None and way:
        return "up" if way > 0 else "down"
    return facts.direction or (None if reading.unit == SECONDS else "up")


def _change(impact: Impact, reading: MetricReading) -> tuple[ChangeKind, float] | None:
    current = reading.current
    baseline = reading.facts.baseline
    if current is None:
        return None
    sign = impact.number.sign if impact.number else None
    plain = impact.direction is None and not impact.improves
    if (impact.target or (plain and sign and sign != "=")) and impact.unit == reading.unit:
        return "level", current.value
    if impact.target:
        return None
    if baseline is None:
        return None
    base = baseline.number.value
    difference = current.value - base
    if impact.unit == POINTS:
        return ("difference", difference) if reading.unit == PERCENT else None
    if impact.unit == PERCENT or (impact.low is None and base):
        return ("relative", difference / abs(base)) if base else None
    if impact.unit == "x":
        return ("factor", current.value / base) if base else None
    return ("difference", difference) if impact.low is None or impact.unit == reading.unit else None


def _outcome(impact: Impact, kind: ChangeKind, observed: float) -> Outcome | None:
    if kind == "level":
        assert impact.number is not None  # noqa: S101 - `_change` has looked
        limit = impact.number.value
        below = impact.number.sign in {"<", "<="} or (impact.number.sign is None and impact.direction == "down")
        return Outcome.REACHED if (observed <= limit if below else observed >= limit) else Outcome.PART
    moved = observed - 1 if kind == "factor" else observed
    if impact.direction == "down":
        moved = -moved
    if abs(moved) <= _SLACK:
        return Outcome.NONE
    if impact.direction is None:
        return None
    if moved < 0:
        return Outcome.AGAINST
    return Outcome.REACHED if moved >= _least(impact, kind) - _SLACK else Outcome.PART


def _least(impact: Impact, kind: ChangeKind) -> float:
    """The smallest change that keeps the promise; `2x less` and `halve` are both half of it."""
    if impact.low is None or impact.high is None:
        return 0.0
    if kind != "factor":
        return impact.low
    if impact.direction == "down":
        return 1 - (1 / impact.low if impact.low >= 1 else impact.high)
    return impact.low - 1


def surplus_findings(strategies: Iterable[Strategy]) -> Iterator[Diagnostic]:
    """W417: rows of strategy tables with more cells than their header."""
    for strategy in strategies:
        if strategy.fact.surplus:
            yield Diagnostic(
                code="W417",
                severity=Severity.WARNING,
                path=strategy.page.path,
                line=strategy.fact.name.line,
                column=strategy.fact.name.column,
                message=f"the row “{strategy.title}” has {strategy.fact.surplus} "
                f"{'cell' if strategy.fact.surplus == 1 else 'cells'} more than the table's header",
                hint="escape a | inside a cell as \\|",
            )


def near_names(strategies: Iterable[Strategy], declared: Mapping[str, str]) -> Iterator[Diagnostic]:
    """W415: key metrics without a page whose name is nearly that of a metric with one.

    declared: names and aliases of metrics with a page, lower case, and the title each belongs to.
    """
    from difflib import get_close_matches  # noqa: PLC0415 - for `check` only

    for strategy in strategies:
        own = {page_name(title) for metric in strategy.metrics for title in (metric.title, *metric.aliases)}
        for cell in strategy.fact.key_metrics:
            name = page_name(cell.text)
            if "," in name and all(page_name(part) in own for part in name.split(",")):
                continue
            if any(metric.declared and page_name(metric.title) == name for metric in strategy.metrics):
                continue
            if name in declared:
                continue
            near = get_close_matches(name, declared, n=1, cutoff=0.88)
            if near:
                yield Diagnostic(
                    code="W415",
                    severity=Severity.INFO,
                    path=strategy.page.path,
                    line=cell.line,
                    column=cell.column,
                    message=f"the key metric “{cell.text}” has no page; “{declared[near[0]]}” is nearly the same name",
                    hint=f"write {declared[near[0]]}, or add alias:: {cell.text} to its page",
                )
