"""`graphkit strategies` as a screen and as tab-separated lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.cli.terminal.canvas import count, said
from graphkit.cli.terminal.cells import wrap
from graphkit.cli.terminal.formats import Rows
from graphkit.cli.terminal.sparks import FRESH_ROLES, brief
from graphkit.cli.terminal.table import Column, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from graphkit.app.results.metric_reports import ExpectationRow, StrategiesReport, StrategyRow
    from graphkit.cli.terminal.canvas import Line, Piece, Role, Surface

STRATEGY_FIELDS = (
    "strategy", "page", "key_metric", "declared", "freshness", "value", "experiments", "expected", "observed",
    "outcome", "path", "line",
)  # fmt: skip
"""Fields of the tab-separated form. New ones are only added at the end."""

OUTCOME_ROLES: Mapping[str, Role] = {
    "reached": "good",
    "on the way": "calm",
    "no change": "muted",
    "the other way": "bad",
}
TIE_WORDS: Mapping[str, str] = {
    "tests": "tests it",
    "metric": "measures a key metric",
    "mention": "mentions it",
}
_SHOWN_USES: Final = 6


def strategies_screen(report: StrategiesReport, surface: Surface, *, detailed: bool = False) -> list[Line]:
    """Each strategy with its key metrics, its experiments, and its expected and observed effects.

    detailed: with description, assumptions and risks. No line is wider than the surface.
    """
    if not report.strategies:
        return surface.fit(
            [
                ((" No strategies yet.", "plain"),),
                ((" " + surface.say("Write them in a table with a column “Strategy”, on any page."), "plain"),),
            ]
        )
    without = report.key_metrics - report.declared
    head: list[Line] = [
        ((count(len(report.strategies), "strategy", "strategies"), "strong"),),
        ((count(report.key_metrics, "key metric"), "plain"),),
    ]
    if without:
        head.append(((f"{without:,} without a page", "warn"),))
    if report.initiatives:
        head.append(((count(len(report.initiatives), "initiative"), "muted"),))
    lines: list[Line] = [((" ", "plain"), *surface.join(head))]
    page = ""
    for row in report.strategies:
        if row.path != page:
            page = row.path
            lines += [(), surface.rule(row.page)]
        else:
            lines.append(())
        lines += _strategy(row, surface, detailed=detailed)
    if report.initiatives:
        lines += [(), surface.rule("Initiatives")]
        for initiative in report.initiatives:
            text: Line = (
                (" ", "plain"), (surface.glyphs.bullet, "muted"), (" ", "plain"),
                (surface.show(initiative.title), "strong"), ("  ", "plain"), (surface.show(initiative.text), "muted"),
            )  # fmt: skip
            lines.append(text)
    return surface.fit(lines)


def _strategy(row: StrategyRow, surface: Surface, *, detailed: bool) -> list[Line]:
    lines: list[Line] = [((" ", "plain"), (surface.show(row.title), "strong"))]
    facts: list[tuple[str, Line]] = []
    for index, metric in enumerate(row.metrics):
        sign: Piece = (
            surface.glyphs.running if metric.declared else surface.glyphs.draft,
            FRESH_ROLES[metric.freshness] if metric.declared else "muted",
        )
        tail: Line = () if metric.declared else ((", no page", "warn"),)
        facts.append(("" if index else "key metrics", (sign, (" ", "plain"), *brief(metric, surface), *tail)))
    closer = [use for use in row.experiments if detailed or (use.how, *use.further) != ("metric",)]
    shown = (closer or list(row.experiments))[:_SHOWN_USES]
    for index, use in enumerate(shown):
        role: Role = "plain" if use.how == "tests" else "muted"
        label = ", ".join(TIE_WORDS[how] for how in (use.how, *use.further))
        facts.append(("" if index else "experiments", ((surface.show(use.experiment), role), (f"  {label}", "muted"))))
    rest = len(row.experiments) - len(shown)
    if rest:
        beside = " that measure its key metrics" if closer and len(shown) == len(closer) else ""
        facts.append(("", said(f"and {rest:,} more{beside}", "muted")))
    if not row.experiments:
        facts.append(("experiments", said("none", "warn")))
    for index, item in enumerate(row.expectations):
        facts.append(("" if index else "expected", _expectation(item, surface)))
    if not row.expectations and row.impact:
        facts.append(("expected", said(surface.show(row.impact))))
    if detailed:
        facts += _words("description", (row.description,), surface)
        facts += _words("assumes", row.assumptions, surface)
        facts += _words("risks", row.risks, surface)
        facts.append(("place", said(f"{surface.show(row.path)}:{row.line}", "place")))
    cells = [[said(label, "muted"), value] for label, value in facts if value]
    return [*lines, *table([Column(), Column(least=10)], cells, surface, indent=3)]


def _words(label: str, texts: Sequence[str], surface: Surface) -> list[tuple[str, Line]]:
    room = max(10, min(100, surface.width - 18))
    lines = [line for text in texts for line in wrap(surface.show(text), room)]
    return [(label if not index else "", said(line)) for index, line in enumerate(lines)]


def _expectation(item: ExpectationRow, surface: Surface) -> Line:
    line: list[Piece] = [(surface.say(item.expected), "plain")]
    if item.observed_text and item.metric:
        line.append((f" {surface.glyphs.toward} ", "muted"))
        line.append((surface.show(f"{item.metric} {item.observed_text}"), "strong"))
    elif item.metric:
        line.append((f" {surface.glyphs.toward} ", "muted"))
        line.append((surface.show(f"{item.metric}: no observations"), "muted"))
    if item.outcome:
        line += [(f" {surface.glyphs.dot} ", "muted"), (item.outcome, OUTCOME_ROLES.get(item.outcome, "plain"))]
    return tuple(line)


def strategies_plain(report: StrategiesReport) -> Rows:
    """A header line, then one line for each key metric of each strategy (one for a strategy without any)."""
    return Rows(STRATEGY_FIELDS, (fields for row in report.strategies for fields in _fields(row)))


def _fields(row: StrategyRow) -> Iterator[Sequence[object]]:
    tests = tuple(use.experiment for use in row.experiments)
    expected = tuple(item.expected for item in row.expectations) or row.impact
    observed = tuple(item.observed_text for item in row.expectations if item.observed_text)
    outcome = tuple(item.outcome for item in row.expectations if item.outcome)
    tail = (tests, expected, observed, outcome, row.path, row.line)
    if not row.metrics:
        yield (row.title, row.page, None, None, None, None, *tail)
    for metric in row.metrics:
        yield (row.title, row.page, metric.title, metric.declared, metric.freshness, metric.text, *tail)
