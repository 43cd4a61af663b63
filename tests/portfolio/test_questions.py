"""The named questions to a dataset, with numbers that are computed here from the commands of each vault."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from portfolio_vaults import DAY, build, command, write_teams
from shared_material import ROOT

from graphkit.app.load import load
from graphkit.app.reading.name_lookup import Filters
from graphkit.app.reading.status import report_status
from graphkit.insight.experiments.experiment import ATTENTION
from graphkit.insight.statistics.small import wilson
from graphkit.portfolio.locked_database import LockedDatabase
from graphkit.portfolio.page_rows import overview_rows, programme_page
from graphkit.portfolio.questions import NEEDS_SOMEBODY, QUESTIONS
from graphkit.text.records import replace

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit.app.results.reports import ExperimentRow


@pytest.fixture(scope="module")
def teams(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    root = tmp_path_factory.mktemp("questions")
    vaults = [ROOT / "sample_graph", *write_teams(root / "teams", 3, least=60, most=90)]
    build(root / "ds", *vaults)
    return vaults


@pytest.fixture(scope="module")
def place(teams: list[Path]) -> Path:
    return teams[1].parent.parent / "ds"


def asked(place: Path, name: str, *words: str) -> list[dict[str, Any]]:
    code, out, errors = command("portfolio", name, "-d", place, "--json", *words)
    assert code == 0, errors
    document = json.loads(out)
    assert document["schema"] == f"graphkit.portfolio-{name}/1"
    rows: list[dict[str, Any]] = document["rows"]
    return rows


def said(root: Path, *words: str) -> dict[str, Any]:
    code, out, errors = command("-g", root, "--as-of", DAY.isoformat(), "--no-index", *words, "--json")
    assert code == 0, errors
    document: dict[str, Any] = json.loads(out)
    return document


def test_status_lists_what_needs_somebody_the_most_urgent_first(teams: list[Path], place: Path) -> None:
    expected = {
        (team.name, row["title"], row["attention"], row["due"])
        for team in teams
        for row in said(team, "status")["experiments"]
        if row["attention"] in NEEDS_SOMEBODY
    }
    rows = asked(place, "status")
    assert {(row["team"], row["title"], row["attention"], row["due"]) for row in rows} == expected
    assert len(rows) == len(expected) > 3
    ranks = [NEEDS_SOMEBODY.index(row["attention"]) for row in rows]
    assert ranks == sorted(ranks)
    everything = asked(place, "status", "--all")
    assert len(everything) == sum(len(said(team, "status")["experiments"]) for team in teams)


def test_win_rate_counts_results_and_gives_the_wilson_interval(teams: list[Path], place: Path) -> None:
    results = [row["result"] for row in said(teams[0], "status")["experiments"] if row["result"]]
    (row,) = [row for row in asked(place, "win-rate") if row["team"] == "sample_graph"]
    assert row["decided"] == len(results)
    assert row["won"] == results.count("won")
    low, high = wilson(results.count("won"), len(results), 1.959963984540054)
    assert (row["low"], row["high"]) == pytest.approx((low, high))
    assert row["win_rate"] == results.count("won") / len(results)


def test_velocity_counts_leaves_by_week(teams: list[Path], place: Path) -> None:
    rows = {row["team"]: row for row in asked(place, "velocity", "--all")}
    for team in teams:
        weeks = [0] * 12
        unfinished = 0
        tasks = said(team, "tasks", *(word for status in STATUSES for word in ("--status", status)))["tasks"]
        for task in tasks:
            if task["progress"] is not None:
                continue
            unfinished += task["status"] in {"todo", "doing", "waiting"}
            if task["status"] == "done" and task["done_on"]:
                days = (DAY - DAY.fromisoformat(task["done_on"])).days
                if 0 <= days < 84:
                    weeks[11 - days // 7] += 1
        row = rows[team.name]
        assert row["weeks"] == weeks
        assert (row["done"], row["open"]) == (sum(weeks), unfinished)
        assert row["per_week"] == pytest.approx(sum(weeks) / 12)
        assert row["per_week_lately"] == pytest.approx(sum(weeks[-4:]) / 4)


STATUSES = ("todo", "doing", "waiting", "done", "cancelled")


def test_metrics_lists_declared_ones_and_breached_guards_first(teams: list[Path], place: Path) -> None:
    rows = asked(place, "metrics")
    expected = [row for team in teams for row in said(team, "metrics")["metrics"] if row["declared"]]
    assert sorted(row["title"] for row in rows) == sorted(row["title"] for row in expected)
    breached = [row["guard_holds"] is False for row in rows]
    assert breached == sorted(breached, reverse=True)
    assert any(breached)


def test_stale_lists_stale_experiments_and_tasks(teams: list[Path], place: Path) -> None:
    expected = sorted(
        [
            *(row["title"] for team in teams for row in said(team, "status")["experiments"] if row["stale"]),
            *(row["text"] for team in teams for row in said(team, "tasks")["tasks"] if "stale" in row["flags"]),
        ]
    )
    rows = asked(place, "stale")
    assert sorted(row["title"] for row in rows) == expected
    days = [row["days"] for row in rows if row["days"] is not None]
    assert days == sorted(days, reverse=True)


@pytest.mark.parametrize("name", sorted(QUESTIONS))
@pytest.mark.parametrize("width", [20, 60, 80, 120, 200])
def test_screens_keep_to_their_width(name: str, width: int, place: Path) -> None:
    code, out, errors = command(
        "portfolio", name, "-d", place, "--format", "screen", "--color", "always", "--width", str(width)
    )
    assert code == 0, errors
    plain = _without_codes(out).splitlines()
    assert all(len(line) <= width for line in plain)
    assert plain[0].startswith(" ")
    if width >= 80:
        assert QUESTIONS[name].title in plain[0]
        assert DAY.isoformat() in plain[0]


def _without_codes(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def test_the_status_screen_shows_team_bar_reason_and_date(place: Path) -> None:
    _, out, _ = command("portfolio", "status", "-d", place, "--format", "screen", "--color", "always", "--width", "120")
    text = _without_codes(out)
    line = next(line for line in text.splitlines() if "One-tap checkout" in line)
    for word in ("sample_graph", "[4/5]", "80%", "2026-03-04", "in 2d", "Jonas", "█"):
        assert word in line
    assert "rollback due: Checkout error rate at 1.9%" in text
    assert "Needs you" in text


def test_the_overview_page_has_the_experiments_of_every_vault_as_its_status_has_them(
    teams: list[Path], place: Path
) -> None:
    with LockedDatabase(str(place)) as database:
        rows = overview_rows(database)
    for team in teams:
        own = [item.row for item in rows if item.team == team.name]
        vault = load(team, as_of=DAY)
        expected = report_status(vault, Filters()).experiments

        def comparable(row: ExperimentRow) -> ExperimentRow:
            # A dataset has no series of an experiment; `observations` has all values.
            return replace(row, metrics=tuple(replace(item, series=()) for item in row.metrics))

        assert sorted(map(comparable, own), key=by_name) == sorted(map(comparable, expected), key=by_name)
    ranks = [ATTENTION.index(item.row.attention) for item in rows]
    assert ranks == sorted(ranks)


def by_name(row: ExperimentRow) -> str:
    return row.name


def test_the_programme_page_adds_up(teams: list[Path], place: Path) -> None:
    with LockedDatabase(str(place)) as database:
        page = programme_page(database)
    experiments = [row for team in teams for row in said(team, "status")["experiments"]]
    assert sum(page.results.values()) == sum(row["result"] is not None for row in experiments)
    started = [row["start"][:7] for row in experiments if row["start"] and row["start"] <= DAY.isoformat()]
    assert page.started == {month: started.count(month) for month in sorted(set(started))}
    assert [row["team"] for row in page.velocity] == [row["team"] for row in asked(place, "velocity", "--all")]
    readout = said(teams[0], "readout", "Day-ten trial reminder")
    ended = {
        (item["variant"], item["lift"])
        for result in readout["results"]
        if result["over"] and result["role"] == "primary"
        for item in result["comparisons"]
    }
    assert {(lift.variant, lift.lift) for lift in page.lifts if lift.experiment == "Day-ten trial reminder"} == ended
    assert page.lifts
