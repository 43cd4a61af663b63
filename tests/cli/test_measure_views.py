"""The screens of metrics, strategies, goals and next: what holds of them at any width and in any encoding."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from shared_material import ROOT

from graphkit.app.load import load
from graphkit.app.reading.goals import report_goals
from graphkit.app.reading.metrics import report_candidates, report_metric, report_metrics
from graphkit.app.reading.next import report_next
from graphkit.app.reading.strategies import report_strategies
from graphkit.app.reading.tasks import TaskFilters, report_tasks
from graphkit.app.results.encode import encode
from graphkit.app.results.metric_reports import (
    CandidatePlace,
    CandidateRow,
    CandidatesReport,
    GoalsReport,
    MetricBrief,
    MetricsReport,
    NextReport,
    StrategiesReport,
)
from graphkit.cli.look.goals_screen import GOAL_FIELDS, goals_plain, goals_screen
from graphkit.cli.look.next_screen import NEXT_FIELDS, next_plain, next_screen
from graphkit.cli.look.strategies_screen import STRATEGY_FIELDS, strategies_plain, strategies_screen
from graphkit.cli.look.tasks_screen import tasks_screen
from graphkit.cli.measure.metrics_screen import (
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
from graphkit.cli.terminal.canvas import ASCII, Surface, line_text, line_width
from graphkit.cli.terminal.formats import formatted
from graphkit.cli.terminal.plot import plot
from graphkit.cli.terminal.sparks import brief, percent, spark
from graphkit.insight.metrics.metric_text import value_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from graphkit.cli.terminal.canvas import Line

SESSION = load(ROOT / "sample_graph", as_of=date(2026, 3, 2))
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
    "metrics": (METRIC_COLUMNS, list(formatted(metrics_plain(METRICS), "tsv"))),
    "metric": (OBSERVATION_FIELDS, list(formatted(metric_plain(METRIC), "tsv"))),
    "candidates": (CANDIDATE_FIELDS, list(formatted(candidates_plain(CANDIDATES), "tsv"))),
    "strategies": (STRATEGY_FIELDS, list(formatted(strategies_plain(STRATEGIES), "tsv"))),
    "goals": (GOAL_FIELDS, list(formatted(goals_plain(GOALS), "tsv"))),
    "next": (NEXT_FIELDS, list(formatted(next_plain(NEXT), "tsv"))),
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


def test_a_metric_of_segments_alone_says_so_instead_of_a_value(tmp_path: Path) -> None:
    (tmp_path / "logseq").mkdir()
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "Churn.md").write_text("page-type:: [[metric]]\n", encoding="utf-8")
    note = "".join(f"- #metric [[Churn]] 5%\n  segment:: {name}\n  as-of:: 2026-03-01\n" for name in ("DE", "FR"))
    (tmp_path / "pages" / "Note.md").write_text(note, encoding="utf-8")
    report = report_metrics(load(tmp_path, as_of=date(2026, 3, 2)))
    row = next(line for line in metrics_screen(report, Surface(width=80)) if "Churn" in line_text(line))
    assert line_text(row).split() == ["●", "Churn", "by", "segment", "fresh"]


def test_candidates_show_the_page_that_does_not_say_so() -> None:
    rows = tuple(
        CandidateRow(title=title, alias="", count=1, places=(CandidatePlace(path="pages/a.md", line=1),), page=page)
        for title, page in (("interest rate", "pages/interest.md"), ("error rate", ""))
    )
    report = CandidatesReport(vault="v", as_of=date(2026, 3, 2), candidates=rows)
    lines = [line_text(line) for line in candidates_screen(report, Surface(width=90))]
    assert "page-type:: [[metric]]" in lines[1]
    assert "pages/interest.md" in next(line for line in lines if "interest rate" in line)
    assert list(formatted(candidates_plain(report), "tsv"))[1] == "interest rate\t\t1\tpages/a.md\t1\tpages/interest.md"


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


def drawn(
    days: list[date],
    values: Sequence[float],
    *,
    width: int = 70,
    label: Callable[[float], str] = str,
    limits: dict[str, float] | None = None,
    gap: int | None = None,
) -> list[str]:
    lines = plot(days, values, Surface(width=width), label=label, limits=limits, gap=gap)
    return [line_text(line) for line in lines]


WEEKS = [date(2026, 1, 1) + timedelta(days=7 * step) for step in range(9)]


def test_a_plot_names_its_days_and_fits() -> None:
    lines = drawn(WEEKS, list(range(9)), limits={"target 10": 10.0})
    assert max(map(len, lines)) <= 70
    assert "2026-01-01" in lines[-1]
    assert "2026-02-26" in lines[-1]
    assert drawn(WEEKS[:1], [1.0]) == []
    assert drawn(WEEKS, list(range(9)), width=25) == []


@pytest.mark.parametrize(
    ("values", "unit", "ticks"),
    [
        ([5000.0, 1e6, -3.0], "", ["1,000,000", "750,000", "500,000", "250,000", "0"]),
        ([0.38, 0.412, 0.4], "%", ["41%", "40%", "39%", "38%"]),
        ([100.5, 100.6, 100.75], "kg", ["100.70", "100.60", "100.50"]),
        ([4.0, 4.0, 4.0], "h", ["4.4h", "4.2h", "4h", "3.8h", "3.6h"]),
    ],
)
def test_the_axis_of_a_plot_has_round_values_in_the_metric_s_unit(
    values: list[float], unit: str, ticks: list[str]
) -> None:
    factor = 0.01 if unit == "%" else 3600 if unit == "h" else 1
    stored = [value / factor if unit == "%" else value for value in values]
    lines = drawn(WEEKS[:3], stored, label=lambda value: value_text(value * factor, unit))
    assert [line.split("┤")[0].strip() for line in lines if "┤" in line] == ticks


def test_a_plot_names_its_target_and_bridges_no_gap() -> None:
    days = [WEEKS[0], WEEKS[1], WEEKS[6], WEEKS[7]]
    lines = drawn(days, [1.0, 1.0, 1.0, 1.0], limits={"target 3": 3.0}, gap=14)
    (target,) = [line for line in lines if "target 3┤" in line]
    assert set(target.split("┤")[1].rstrip("│")) == {"·"}
    braille = re.compile("[\u2801-\u28ff]")
    widths = [sum(map(len, braille.findall(line))) for line in lines]
    assert sum(widths) < sum(sum(map(len, braille.findall(line))) for line in drawn(days, [1.0, 1.0, 1.0, 1.0]))
    assert not any(braille.search(line[30:45]) for line in lines)


def test_what_is_dormant_is_a_count_in_next_and_a_section_in_tasks(tmp_path: Path) -> None:
    (tmp_path / "journals").mkdir()
    (tmp_path / "logseq").mkdir()
    (tmp_path / "journals" / "2025_11_04.md").write_text("- TODO old\n", encoding="utf-8")
    (tmp_path / "journals" / "2026_03_01.md").write_text("- TODO new\n", encoding="utf-8")
    vault = load(tmp_path, as_of=date(2026, 3, 2))
    report = report_next(vault)
    surface = Surface(width=60)
    texts = [line_text(line) for line in next_screen(report, surface)]
    assert texts[-1] == " 1 dormant: graphkit next --all"
    assert not any("old" in line for line in texts)
    assert [line.split("\t")[1] for line in formatted(next_plain(report), "tsv")] == ["title", "new"]
    assert [line.split("\t")[1] for line in formatted(next_plain(report, limit=None), "tsv")] == ["title", "new", "old"]
    for width in (60, 80):
        wide = Surface(width=width)
        for lines in (
            next_screen(report, wide, limit=None),
            tasks_screen(report_tasks(vault, TaskFilters()), wide),
        ):
            shown = [line_text(line) for line in lines]
            (at,) = [index for index, line in enumerate(shown) if line.startswith(" Dormant 1 ")]
            assert "TODO new" in " ".join(shown[:at])
            assert "TODO old" in shown[at + 1]
