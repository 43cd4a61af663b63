"""Charts: scales, round ticks, labels that do not overlap, and drawings of empty, single and extreme values."""

from __future__ import annotations

import datetime as dt
import re
from itertools import pairwise
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared_material import ROOT

from graphkit.app.results.history_reports import BurnupPoint, BurnupReport, ForecastRow
from graphkit.app.results.readouts import LookRow
from graphkit.app.results.reports import ForecastBrief
from graphkit.insight.history.work_history import CycleTimes
from graphkit.insight.work.progress import count_leaves
from graphkit.report.charts.burnup_chart import burnup_chart, forecast_fan
from graphkit.report.charts.column_graph import Node, column_graph, order_columns
from graphkit.report.charts.forest_plot import Lift, forest_plot
from graphkit.report.charts.metric_chart import metric_chart
from graphkit.report.charts.monthly_bars import stacked_bars
from graphkit.report.charts.scales import Scale, day_ticks, lift_scale, log_lift, round_ticks
from graphkit.report.charts.segments import segments
from graphkit.report.charts.sequential_band import sequential_band
from graphkit.report.charts.sparkline import sparkline
from graphkit.report.charts.timeline import Span, timeline
from graphkit.report.svg import Svg, number
from graphkit.report.text_measures import apart, fitted, text_width

if TYPE_CHECKING:
    from collections.abc import Sequence

D = dt.date
FINITE = st.floats(-1e12, 1e12).filter(lambda value: value == 0 or abs(value) > 1e-9)


def parsed(drawing: str) -> ET.Element:
    root = ET.fromstring(drawing)  # noqa: S314 - our own
    for value in re.findall(r'(?<=[ ])(?:x|y|cx|cy|r|width|height|d)="([^"]*)"', drawing):
        assert re.fullmatch(r"[-0-9. MLZCch]*", value), value
    return root


def texts(drawing: str, css: str = "tick") -> list[str]:
    root = parsed(drawing)
    groups = [element for element in root.iter("g") if element.get("class") == css]
    return [text.text or "" for group in groups for text in group.iter("text")]


def test_a_scale_maps_both_ends_and_a_single_value_to_the_middle() -> None:
    scale = Scale(10, 20, 100, 0)
    assert [scale(10), scale(15), scale(20)] == [100, 50, 0]
    assert Scale(5, 5, 0, 80)(5) == 40
    days = Scale(D(2025, 12, 31).toordinal(), D(2026, 1, 2).toordinal(), 0, 10)
    assert days.day(D(2026, 1, 1)) == 5


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 5, [0, 2, 4, 6]), (0, 111, [0, 50, 100, 150]), (0.176, 0.22, [0.16, 0.18, 0.2, 0.22]),
        (3, 3, [1, 2, 3, 4, 5]),
        (0, 0, [-0.5, 0, 0.5]), (-7, -3, [-7, -6, -5, -4, -3]), (0, 1e9, [0, 5e8, 1e9]),
    ],
)  # fmt: skip
def test_ticks_are_round(low: float, high: float, ticks: list[float]) -> None:
    assert round_ticks(low, high) == ticks


@given(FINITE, FINITE, st.integers(3, 9))
def test_ticks_cover_their_range_evenly_and_are_few(one: float, other: float, most: int) -> None:
    low, high = sorted((one, other))
    ticks = round_ticks(low, high, most)
    assert 2 <= len(ticks) <= most
    span = max(high - low, 1e-9 * abs(high))
    assert ticks[0] <= low + span * 1e-6
    assert ticks[-1] >= high - span * 1e-6
    steps = [after - before for before, after in pairwise(ticks)]
    assert max(steps) - min(steps) <= 1e-6 * max(abs(tick) for tick in ticks)


@pytest.mark.parametrize(
    ("first", "last", "labels"),
    [
        (D(2026, 3, 2), D(2026, 3, 2), ["2 Mar"]),
        (D(2026, 3, 2), D(2026, 3, 5), ["2 Mar", "3 Mar", "4 Mar", "5 Mar"]),
        (D(2025, 12, 30), D(2026, 1, 2), ["30 Dec 2025", "31 Dec", "1 Jan 2026", "2 Jan"]),
        (D(2026, 1, 20), D(2026, 6, 2), ["Feb", "Mar", "Apr", "May", "Jun"]),
        (D(2025, 10, 15), D(2026, 4, 15), ["Nov 2025", "2026", "Mar"]),
        (D(2020, 5, 1), D(2026, 3, 2), ["2022", "2024", "2026"]),
        (D(1, 1, 1), D(9999, 12, 31), None),
    ],
)
def test_days_have_labels_with_the_year_where_it_changes(first: D, last: D, labels: list[str] | None) -> None:
    ticks = day_ticks(first, last)
    assert labels is None or [label for _, label in ticks] == labels
    assert 1 <= len(ticks) <= 5
    assert all(first <= day <= last for day, _ in ticks)


@given(st.dates(), st.dates(), st.integers(2, 8))
def test_days_are_few_and_inside(one: D, other: D, most: int) -> None:
    first, last = sorted((one, other))
    ticks = day_ticks(first, last, most)
    assert 1 <= len(ticks) <= most
    assert all(first <= day <= last for day, _ in ticks)
    assert [day for day, _ in ticks] == sorted({day for day, _ in ticks})


def test_doubling_and_halving_are_equally_far_from_no_lift() -> None:
    assert log_lift(1.0) == pytest.approx(-log_lift(-0.5))
    assert log_lift(-1.0) == log_lift(-0.95)
    assert log_lift(1e300) == log_lift(9.0)


@given(st.lists(st.floats(-1, 1e6), max_size=8))
def test_lift_ticks_hold_zero_and_stay_apart(lifts: list[float]) -> None:
    scale, ticks = lift_scale(lifts, 0, 350)
    places = [scale(log_lift(tick)) for tick in ticks]
    assert 0.0 in ticks
    assert all(after - before > 34 for before, after in pairwise(places))
    assert all(-1e-6 <= place <= 350 + 1e-6 for place in places)


@given(st.lists(st.tuples(st.floats(0, 400), st.text("abc 東京", max_size=9))))
def test_labels_beside_each_other_do_not_overlap(labels: list[tuple[float, str]]) -> None:
    kept = apart(labels)
    for (place, text), (after, following) in pairwise(kept):
        assert place + text_width(text) / 2 < after - text_width(following) / 2
    assert bool(kept) == bool(labels)


def test_long_and_wide_texts_are_cut_to_their_place() -> None:
    assert fitted("Onboarding", 100) == "Onboarding"
    for text in ("x" * 1_000_000, "東京" * 40, "mixed 東京 " * 30):
        cut = fitted(text, 100)
        assert cut.endswith("…")
        assert 80 < text_width(cut) <= 100


def test_numbers_of_drawings_have_one_decimal_at_most() -> None:
    assert [number(value) for value in (1.0, 1.25, -0.04, 12.96, 1e6)] == ["1", "1.2", "0", "13", "1000000"]


def test_texts_are_escaped_everywhere_in_a_drawing() -> None:
    hostile = "</title><script>&\u202e]]>\x00\ud800"
    svg = Svg(10, 10, hostile, hostile)
    svg.text(0, 0, hostile, "label")
    svg.dot(1, 1, 1, "last", hostile)
    root = parsed(svg.html())
    shown = "</title><script>&<U+202E>]]><U+0000><U+D800>"
    assert [element.text for element in root.iter() if element.text] == [shown] * 4


def test_a_sparkline_of_nothing_one_and_many() -> None:
    assert sparkline([], "none") == ""
    assert [element.tag for element in parsed(sparkline([3], "one"))] == ["title", "circle"]
    many = parsed(sparkline([1, 2, 1.5], "many", levels={"target": 3}, bad=True))
    assert [(element.tag, element.get("class")) for element in many][1:] == [
        ("path", "target"), ("path", "value"), ("circle", "bad")
    ]  # fmt: skip


def test_segments_are_as_wide_as_their_numbers() -> None:
    bar = parsed(segments(count_leaves(todo=5, doing=1, waiting=1, done=5)))
    widths = {element.get("class"): float(element.get("width") or 0) for element in bar.iter("rect")}
    assert widths == {"done": 49, "doing": 9, "waiting": 9, "todo": 50}
    assert bar.findtext("title") == "5 done, 1 in progress, 1 waiting, 5 open"
    assert [element.get("class") for element in parsed(segments(count_leaves())).iter("rect")] == ["none"]


def burnup(
    points: Sequence[tuple[D, float, float]], p50: D | None = None, p85: D | None = None, due: D | None = None
) -> BurnupReport:
    brief = ForecastBrief(outcome="forecast", source="git", p50=p50, p85=p85, chance=None)
    row = ForecastRow(
        name="", title="", path="", owners=(), lifecycle="", forecast=brief, due=due, leaves=0, remaining=0, start=None,
        weeks=(), weights=(), mean=None, effective=None, spread=None, scatter=None, pace_of=None, pace_shared_by=1,
        growth_p50=None, growth_p85=None, growth_weeks=(), undated=0,
    )  # fmt: skip
    return BurnupReport(
        vault="v", as_of=D(2026, 3, 2), title="", experiments=(), source="git", notes=(), unit="leaves", by="day",
        points=tuple(
            BurnupPoint(day=day, done=done, scope=scope, done_leaves=0, leaves=0, doing=0, completed=0, added=0,
                        started=0, reopened=0, slipped=0)
            for day, done, scope in points
        ),
        due=due, forecast=row, cycle=CycleTimes(leaves=0, median=None, p85=None),
    )  # fmt: skip


def test_a_burn_up_without_points_is_nothing_and_of_one_day_a_drawing() -> None:
    assert burnup_chart(burnup([])) == ""
    assert parsed(burnup_chart(burnup([(D(2026, 3, 2), 0, 0)]))).findtext("title") == "Burn-up: 0 of 0 tasks done"


def test_the_forecast_is_an_area_between_p50_and_p85() -> None:
    start, end = (D(2026, 3, 1), 4.0), D(2026, 4, 30)
    assert forecast_fan(start, 10, D(2026, 3, 31), D(2026, 4, 20), end) == [
        start, (D(2026, 3, 31), 10), (D(2026, 4, 20), 10)
    ]  # fmt: skip
    assert forecast_fan(start, 10, D(2026, 3, 31), None, end) == [start, (D(2026, 3, 31), 10), (end, 10), (end, 4)]
    cut = forecast_fan(start, 10, D(2026, 6, 29), D(2026, 10, 27), end)
    assert cut == [start, (end, 4 + 6 * 60 / 120), (end, 4 + 6 * 60 / 240)]
    drawn = burnup_chart(burnup([(D(2026, 2, 1), 0, 8), (D(2026, 3, 2), 4, 8)], D(2026, 3, 20), D(2026, 4, 1)))
    fan = next(element for element in parsed(drawn).iter("path") if element.get("class") == "fan")
    assert (fan.get("d") or "").endswith("Z")
    assert "P50 2026-03-20" in drawn


def test_a_burn_up_goes_across_years() -> None:
    drawn = burnup_chart(burnup([(D(2024, 11, 1), 0, 5), (D(2026, 3, 2), 5, 5)]))
    assert [label for label in texts(drawn) if "20" in label] == ["2025", "2026"]


def test_a_metric_of_one_value_has_a_dot_and_levels() -> None:
    assert metric_chart("m", [], {}, str, dates=[]) == ""
    drawn = metric_chart("m", [(D(2026, 3, 2), 215.0)], {"target": 400.0}, lambda value: f"{value:g}", dates=[])
    assert texts(drawn)[:4] == ["200", "250", "300", "350"] or texts(drawn)[0] == "200"
    assert [element.get("class") for element in parsed(drawn).iter("circle")] == ["last"]


def test_a_long_silence_breaks_the_line_of_a_metric() -> None:
    points = [(D(2026, 1, day), float(day)) for day in (1, 2, 3, 30, 31)]
    drawn = parsed(metric_chart("m", points, {}, str, dates=[], gap_days=7))
    runs = [element.get("d") or "" for element in drawn.iter("path") if element.get("class") == "value"]
    assert [run.count("L") for run in runs] == [2, 1]


@pytest.mark.parametrize("low_guard", [True, False])
def test_the_guard_band_lies_on_the_forbidden_side(low_guard: bool) -> None:
    points = [(D(2026, 1, 1), 1.0), (D(2026, 2, 1), 9.0)]
    drawn = metric_chart("m", points, {"guard": 5.0}, str, dates=[], low_guard=low_guard)
    band = next(element for element in parsed(drawn).iter("rect") if element.get("class") == "guard-band")
    top, height = float(band.get("y") or 0), float(band.get("height") or 0)
    assert (top > 80) == low_guard
    assert height > 20


def test_dates_of_an_experiment_are_marked_with_their_names() -> None:
    points = [(D(2026, 1, day), float(day)) for day in (1, 15, 31)]
    drawn = metric_chart("m", points, {}, str, dates=[(D(2026, 1, 5), "start"), (D(2026, 2, 9), "due")])
    assert [text.text for text in parsed(drawn).iter("text") if text.get("class") == "mark"] == ["start", "due"]
    far = metric_chart("m", points, {}, str, dates=[(D(2019, 1, 5), "start")])
    assert "start" not in far


def test_a_forest_plot_shows_open_ends_and_missing_intervals() -> None:
    rows = [
        Lift(label="a", lift=0.149, low=0.013, high=0.303, words="+14.9%", tone="good"),
        Lift(label="b", lift=None, low=51.2, high=None, words="over +5,123.4%"),
        Lift(label="c", lift=None, low=None, high=None, words="too few"),
    ]
    assert forest_plot("none", []) == ""
    root = parsed(forest_plot("lifts", rows))
    intervals = [
        element.get("d") for element in root.iter("path") if (element.get("class") or "").startswith("interval")
    ]
    assert len(intervals) == 3, "two intervals, and the arrow of the open one"
    assert len(list(root.iter("circle"))) == 1
    assert "too few" in (root.findtext("desc") or "")


def test_looks_make_a_band_from_two_on() -> None:
    def look(day: int, lift: float | None, low: float | None, high: float | None) -> LookRow:
        return LookRow(day=D(2026, 1, day), units=100.0 * day, variant="b", lift=lift, low=low, high=high)

    assert sequential_band("t", [look(1, None, None, None)]) == ""
    one = parsed(sequential_band("t", [look(1, 0.1, -0.2, 0.4)]))
    assert "fan" not in [element.get("class") for element in one.iter("path")]
    two = parsed(sequential_band("t", [look(1, 0.1, -0.2, 0.4), look(9, 0.0, -0.1, 0.0)]))
    assert "fan" in [element.get("class") for element in two.iter("path")]


def test_a_timeline_has_a_bar_for_each_row_and_a_slip_where_the_forecast_is_later() -> None:
    def row(label: str, start: D, end: D, p85: D | None) -> Span:
        return Span(label=label, start=start, end=end, done=0.5, p85=p85, tone="on-track", words=label)

    assert timeline("t", [], D(2026, 3, 2)) == ""
    rows = [
        row("a", D(2026, 1, 5), D(2026, 3, 1), D(2026, 4, 1)), row("backwards", D(2026, 4, 1), D(2026, 2, 1), None),
        row("far", D(2026, 2, 1), D(2026, 3, 9), D(2090, 1, 1)),
    ]  # fmt: skip
    root = parsed(timeline("t", rows, D(2026, 3, 2)))
    kinds = [(element.get("class") or "").split()[0] for element in root.iter("rect")]
    assert kinds == ["slip", "span", "part", "span", "part", "slip", "span", "part"]
    for element in root.iter("rect"):
        assert float(element.get("x") or 0) >= 210
        assert float(element.get("x") or 0) + float(element.get("width") or 0) <= 751


def test_bars_stack_their_parts_and_count_in_whole_numbers() -> None:
    assert stacked_bars("t", []) == ""
    drawn = stacked_bars("t", [("Jan", {"won": 1, "lost": 1}), ("Feb", {"won": 0, "lost": 0})])
    rects = [(element.get("class"), float(element.get("height") or 0)) for element in parsed(drawn).iter("rect")]
    assert rects == [("won", 63), ("lost", 63)]
    assert texts(drawn) == ["0", "1", "2", "Jan", "Feb"]


def test_columns_are_ordered_by_their_neighbours_and_drawn_at_whole_numbers() -> None:
    nodes = [Node(key=f"{column}{row}", title=f"{column}{row}", column=number)
             for number, column in enumerate("abc") for row in range(4)]  # fmt: skip
    edges = [(f"a{row}", f"b{3 - row}") for row in range(4)] + [(f"b{row}", f"c{row}") for row in range(4)]
    columns = order_columns(nodes, edges, 3)
    rows = {node.key: index for column in columns for index, node in enumerate(column)}
    crossings = sum(
        (rows[a] - rows[c]) * (rows[b] - rows[d]) < 0
        for index, (a, b) in enumerate(edges) for c, d in edges[index + 1 :] if a[0] == c[0] and b[0] == d[0]
    )  # fmt: skip
    assert crossings == 0
    drawn = column_graph("g", nodes, [*edges, ("a0", "c3")], ("A", "B", "C"))
    assert not re.search(r'(?:x|y|d)="[^"]*\.', drawn)
    assert drawn == column_graph("g", list(nodes), [*edges, ("a0", "c3")], ("A", "B", "C"))
    assert parsed(column_graph("empty", [], [], ("A", "B"))).get("role") == "group"


def test_the_charts_are_small() -> None:
    folder = ROOT / "graphkit" / "report" / "charts"
    assert sum(path.read_text(encoding="utf-8").count("\n") for path in folder.glob("*.py")) <= 600
