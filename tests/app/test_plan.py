"""`graphkit plan`: from options, from an experiment's pages, and into the page."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from result_vault import rows, vault

from graphkit.app.failures import RequestError
from graphkit.app.reading.plan import PageSays, PlanWish, report_plan
from graphkit.cli.main import run
from graphkit.cli.program import cli

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit.app.results.plans import PlanReport

TODAY = date(2026, 3, 2)


def plan(**said: object) -> PlanReport:
    return report_plan(PlanWish(**said), PageSays(), today=TODAY)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "units", "days"),
    [
        ({"effect": "10%", "traffic": "4000/week"}, (14_751, 14_751), 52),
        ({"effect": "1pp", "traffic": "500 per day"}, (14_751, 14_751), 60),
        ({"effect": "10%", "split": "9:1"}, (72_738, 8_082), None),
        ({"effect": "+10%", "split": "90/10 (control first)", "traffic": "4k a week"}, (72_738, 8_082), 142),
        ({"effect": "-10%"}, (13_495, 13_495), None),
    ],
)
def test_the_sample_and_the_days(said: dict[str, object], units: tuple[int, ...], days: int | None) -> None:
    found = plan(baseline="10%", **said)
    assert (found.plan.units, found.plan.days) == (units, days)
    assert found.plan.total == sum(units)
    assert found.plan.end == (None if days is None else date.fromordinal(TODAY.toordinal() + days))


def test_more_arms_need_more_units() -> None:
    two, three = plan(baseline="10%", effect="10%"), plan(baseline="10%", effect="10%", arms=3)
    assert len(three.plan.units) == 3
    assert three.plan.units[0] > two.plan.units[0]
    assert any("share the error" in note for note in three.notes)


def test_more_power_needs_more_units() -> None:
    assert plan(baseline="10%", effect="10%", power=0.9).plan.total > plan(baseline="10%", effect="10%").plan.total


def test_means_need_their_deviation() -> None:
    assert plan(mean="42.1", deviation="18.3", effect="5%").plan.units == (1187, 1187)
    with pytest.raises(RequestError, match="standard deviation"):
        plan(mean="42.1", effect="5%")


def test_days_give_the_effect_that_takes_them() -> None:
    found = plan(baseline="10%", days=52, traffic="4000/week")
    assert found.plan.days == 52
    assert 0.0995 < found.plan.effect < 0.1
    again = plan(baseline="10%", effect=f"{100 * found.plan.effect:.6f}%", traffic="4000/week")
    assert abs(again.plan.total - found.plan.total) <= 4
    efforts = [row.effect for row in found.table]
    assert efforts == sorted(efforts, reverse=True)


def test_a_sequential_plan_has_an_average_and_a_longest_run() -> None:
    run_of = plan(baseline="10%", effect="20%", traffic="4000/week", sequential=True).sequential
    assert run_of is not None
    assert run_of.expected_total < run_of.longest_total
    assert (run_of.expected_days or 0) < (run_of.longest_days or 0)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"effect": "10%"}, "the baseline is missing"),
        ({"baseline": "10%"}, "the effect to plan for is missing"),
        ({"baseline": "10", "effect": "10%"}, "may be a fraction or a percentage"),
        ({"baseline": "0%", "effect": "10%"}, "the baseline must be between"),
        ({"baseline": "95%", "effect": "10%"}, "below 0 or above 100 %"),
        ({"baseline": "10%", "effect": "lots"}, "is not understood"),
        ({"baseline": "10%", "effect": "0%"}, "is not understood"),
        ({"baseline": "10%", "effect": "10%", "traffic": "4000"}, "--traffic 4000 is not understood"),
        ({"baseline": "10%", "effect": "10%", "split": "1:0"}, "is not understood"),
        ({"baseline": "10%", "effect": "10%", "split": "1:1", "arms": 3}, "has 2 shares for 3 arms"),
        ({"baseline": "10%", "effect": "10%", "arms": 1}, "cannot be planned"),
        ({"baseline": "10%", "effect": "10%", "power": 1.0}, "--power 1 is out of range"),
        ({"baseline": "10%", "days": 7}, "--days needs the traffic"),
        ({"baseline": "10%", "days": 1, "traffic": "1/month"}, "no plan can be made"),
        ({"mean": "0", "deviation": "1", "effect": "5%"}, "the mean must be above 0"),
        ({"baseline": "10%", "effect": "0.0000001%"}, "too large or too small"),
    ],
)
def test_what_cannot_be_planned_says_why(said: dict[str, object], message: str) -> None:
    with pytest.raises(RequestError, match=message):
        plan(**said)


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CACHE", "STATE"):
        monkeypatch.setenv(f"GRAPHKIT_{name}_DIR", str(tmp_path / "own" / name))


METRIC = {
    "Trial": "page-type:: [[metric]]\nunit:: %\nbaseline:: 10% on [[Jan 1st, 2026]]\ncadence:: weekly\n\n"
    "- ### Observations\n\t- | date | value | n |\n\t  |--|--|--|\n\t  | 2026-02-23 | 10.5% | 4000 |\n"
}
PAGE = "primary:: [[Trial]]\n"


def command(root: Path, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["-g", str(root), "--as-of", "2026-03-02", "--no-index", "plan", *arguments])
    code = result.return_value if result.exception is None else 2
    return int(code or 0), result.output


def test_an_experiment_s_pages_say_the_rest(tmp_path: Path) -> None:
    vault(tmp_path, "  mde:: 10%\n  split:: 90/10\n", page=PAGE, others=METRIC)
    _, text = command(tmp_path, "X", "--json")
    found = json.loads(text)
    assert (found["schema"], found["metric"], found["baseline"]) == ("graphkit.plan/1", "Trial", 0.1)
    assert (found["plan"]["units"], found["plan"]["days"]) == ([72_738, 8_082], 142)
    assert (found["baseline_from"], found["traffic_from"]) == ("baseline:: of Trial", "the n of the values of Trial")


def test_where_less_is_better_the_effect_is_downward(tmp_path: Path) -> None:
    others = {"Trial": METRIC["Trial"].replace("unit:: %", "unit:: %\ndirection:: down")}
    vault(tmp_path, "  mde:: 10%\n", page=PAGE, others=others)
    _, text = command(tmp_path, "X", "--json")
    assert json.loads(text)["plan"]["effect"] == -0.1


@pytest.mark.parametrize(
    ("result", "before", "after"),
    [
        ("", "- ### Result\n", "- ### Result\n  mde:: 10%\n  sample:: 14751/14751\n"),
        ("  mde:: 5%\n", "  mde:: 5%\n", "  mde:: 10%\n  sample:: 14751/14751\n"),
        ("  mde:: 5%\n  sample:: 1/1\n", "  mde:: 5%\n  sample:: 1/1\n", "  mde:: 10%\n  sample:: 14751/14751\n"),
        ("\t- split:: 50/50\n\t  mde:: 5%\n", "\t  mde:: 5%\n", "\t  mde:: 10%\n"),
    ],
)
def test_writing_the_plan_changes_its_lines_alone(tmp_path: Path, result: str, before: str, after: str) -> None:
    vault(tmp_path, result + rows("| a | 10 | 1 |", "| b | 10 | 2 |"), page=PAGE, others=METRIC)
    path = tmp_path / "pages" / "X.md"
    was = path.read_bytes()
    code, _ = command(tmp_path, "X", "--mde", "10%", "--write", "--dry-run")
    assert (code, path.read_bytes()) == (0, was)
    assert command(tmp_path, "X", "--mde", "10%", "--write")[0] == 0
    text = path.read_text(encoding="utf-8")
    assert after in text
    changed = text.replace("  mde:: 10%\n", "").replace("  sample:: 14751/14751\n", "")
    expected = was.decode().replace("  mde:: 5%\n", "").replace("  sample:: 1/1\n", "")
    assert changed.replace("\t", "") == expected.replace("\t", "")
    assert before not in text or not result
    once = path.read_bytes()
    assert command(tmp_path, "X", "--mde", "10%", "--write")[0] == 0
    assert path.read_bytes() == once
    assert run(["-g", str(tmp_path), "undo"]) == 0
    assert path.read_bytes() == was


def test_without_a_result_the_page_holds_the_plan(tmp_path: Path) -> None:
    vault(tmp_path, "", page=PAGE, others=METRIC)
    path = tmp_path / "pages" / "X.md"
    path.write_bytes(b"page-type:: [[experiment]]\r\nprimary:: [[Trial]]\r\n\r\n- TODO go\r\n")
    assert command(tmp_path, "X", "--mde", "10%", "--write")[0] == 0
    assert path.read_bytes() == (
        b"page-type:: [[experiment]]\r\nprimary:: [[Trial]]\r\nmde:: 10%\r\nsample:: 14751/14751\r\n\r\n- TODO go\r\n"
    )


def test_an_effect_in_points_stays_as_written(tmp_path: Path) -> None:
    vault(tmp_path, "  mde:: 1pp\n", page=PAGE, others=METRIC)
    assert command(tmp_path, "X", "--write")[0] == 0
    assert "mde:: 1pp\n  sample:: 14751/14751\n" in (tmp_path / "pages" / "X.md").read_text(encoding="utf-8")


def test_writing_needs_an_experiment(tmp_path: Path) -> None:
    vault(tmp_path, "", page=PAGE, others=METRIC)
    code, text = command(tmp_path, "--baseline", "10%", "--mde", "10%", "--write")
    assert code == 2
    assert "needs the name of an experiment" in text
