"""The screens of metrics, strategies, goals and next: what holds of them at any width and in any encoding."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from shared_material import ROOT

from graphkit.app.encode import encode
from graphkit.app.goals import report_goals
from graphkit.app.metric_results import (
    CandidatesReport,
    GoalsReport,
    MetricBrief,
    MetricsReport,
    NextReport,
    StrategiesReport,
)
from graphkit.app.metrics import report_candidates, report_metric, report_metrics
from graphkit.app.next import report_next
from graphkit.app.session import open_session
from graphkit.app.strategies import report_strategies
from graphkit.cli.goals_view import GOAL_FIELDS, goals_plain, goals_screen
from graphkit.cli.metrics_view import (
    CANDIDATE_FIELDS,
    METRIC_COLUMNS,
    OBSERVATION_FIELDS,
    candidates_plain,
    candidates_screen,
    metric_plain,
    metric_screen,
    metrics_plain,
    metrics_screen,
)
from graphkit.cli.next_view import NEXT_FIELDS, next_plain, next_screen
from graphkit.cli.plot import plot
from graphkit.cli.sparks import brief, percent, spark
from graphkit.cli.strategies_view import STRATEGY_FIELDS, strategies_plain, strategies_screen
from graphkit.cli.surface import ASCII, Surface, line_text, line_width

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from graphkit.cli.surface import Line

SESSION = open_session(ROOT / "sample_graph", as_of=date(2026, 3, 2))
METRICS = report_metrics(SESSION)
METRIC = report_metric(SESSION, "Retention rate")
CANDIDATES = report_candidates(SESSION)
STRATEGIES = report_strategies(SESSION)
GOALS = report_goals(SESSION)
NEXT = report_next(SESSION)

SCREENS: dict[str, Callable[[Surface], list[Line]]] = {
    "metrics": lambda surface: metrics_screen(METRICS, surface),
    "metric": lambda surface: metric_screen(METRIC, surface),
    "candidates": lambda surface: candidates_screen(CANDIDATES, surface),
    "strategies": lambda surface: strategies_screen(STRATEGIES, surface),
    "strategies in full": lambda surface: strategies_screen(STRATEGIES, surface, detailed=True),
    "goals": lambda surface: goals_screen(GOALS, surface),
    "next": lambda surface: next_screen(NEXT, surface),
}
PLAIN: dict[str, tuple[Sequence[str], list[str]]] = {
    "metrics": (METRIC_COLUMNS, list(metrics_plain(METRICS))),
    "metric": (OBSERVATION_FIELDS, list(metric_plain(METRIC))),
    "candidates": (CANDIDATE_FIELDS, list(candidates_plain(CANDIDATES))),
    "strategies": (STRATEGY_FIELDS, list(strategies_plain(STRATEGIES))),
    "goals": (GOAL_FIELDS, list(goals_plain(GOALS))),
    "next": (NEXT_FIELDS, list(next_plain(NEXT))),
}


@pytest.mark.parametrize("name", SCREENS)
@pytest.mark.parametrize("width", [20, 40, 60, 71, 80, 100, 120, 150, 200])
def test_no_line_is_wider_than_the_screen_or_ends_in_blanks(name: str, width: int) -> None:
    lines = SCREENS[name](Surface(width=width))
    assert max(map(line_width, lines)) <= width
    assert not [line for line in map(line_text, lines) if line != line.rstrip(" ")]


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_in_ascii_is_ascii(name: str) -> None:
    lines = SCREENS[name](Surface(width=90, glyphs=ASCII, encoding="ascii"))
    assert all(line_text(line).isascii() for line in lines)


@pytest.mark.parametrize("name", PLAIN)
def test_plain_lines_have_the_fields_of_their_header(name: str) -> None:
    fields, lines = PLAIN[name]
    assert lines[0] == "\t".join(fields)
    assert len(lines) > 1
    assert {line.count("\t") for line in lines} == {len(fields) - 1}


@pytest.mark.parametrize(
    ("report", "schema"),
    [
        (METRICS, "graphkit.metrics/1"),
        (METRIC, "graphkit.metric/1"),
        (CANDIDATES, "graphkit.candidates/1"),
        (STRATEGIES, "graphkit.strategies/1"),
        (GOALS, "graphkit.goals/1"),
        (NEXT, "graphkit.next/1"),
    ],
)
def test_each_report_has_a_document(report: object, schema: str) -> None:
    assert json.loads(encode(report))["schema"] == schema


@pytest.mark.parametrize("width", [20, 80])
def test_an_empty_vault_says_what_to_do(width: int) -> None:
    surface = Surface(width=width)
    day = date(2026, 3, 2)
    screens = [
        metrics_screen(MetricsReport(vault="v", as_of=day, metrics=()), surface),
        candidates_screen(CandidatesReport(vault="v", as_of=day, candidates=()), surface),
        strategies_screen(
            StrategiesReport(vault="v", as_of=day, strategies=(), initiatives=(), key_metrics=0, declared=0), surface
        ),
        goals_screen(GoalsReport(vault="v", as_of=day, goals=(), without_goal=()), surface),
        next_screen(NextReport(vault="v", as_of=day, decisions=(), tasks=(), metrics=()), surface),
    ]
    assert all(lines and line_text(lines[0]).strip() for lines in screens)
    assert max(line_width(line) for lines in screens for line in lines) <= width


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ((), ""),
        ((1.0,), ""),
        ((1.0, 1.0), "▄▄"),
        ((0.0, 7.0, 3.5), "▁█▅"),
        (tuple(float(value) for value in range(20)), "▁▂▃▄▅▆▇█"),
    ],
)
def test_sparklines(values: tuple[float, ...], text: str) -> None:
    assert spark(values, Surface()) == text


def test_a_sparkline_in_ascii() -> None:
    assert spark((0.0, 1.0), Surface(glyphs=ASCII, encoding="ascii")) == "_#"


BRIEF = MetricBrief(
    name="churn", title="Churn", how="mention", declared=True, value=0.05, unit="%", text="5%", day=None,
    freshness="late", score=None, breached=True, series=(1.0, 2.0),
)  # fmt: skip


def test_a_metric_in_short_says_what_is_the_matter() -> None:
    assert line_text(brief(BRIEF, Surface())) == "~Churn 5%! ▁█ late"


@pytest.mark.parametrize(("share", "text"), [(None, ""), (0.0, "0%"), (0.457, "45%"), (0.29, "29%"), (1.0, "100%")])
def test_shares_are_rounded_down(share: float | None, text: str) -> None:
    assert percent(share) == text


def test_a_plot_names_its_days_and_fits() -> None:
    days = [date(2026, 1, 1) + timedelta(days=7 * step) for step in range(9)]
    lines = [line_text(line) for line in plot(days, list(range(9)), Surface(width=70), limits=(10.0,))]
    assert max(map(len, lines)) <= 70
    assert "2026-01-01" in lines[-1]
    assert "2026-02-26" in lines[-1]
    assert plot(days[:1], [1.0], Surface()) == []
    assert plot(days, list(range(9)), Surface(width=25)) == []
