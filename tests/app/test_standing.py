"""Attention, staleness, activity and done days of whole vaults: the rules through their reports.

spec: domain §4, §6.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from graphkit.app.failures import RequestError
from graphkit.app.load import load
from graphkit.app.reading.check import report_check
from graphkit.app.reading.name_lookup import Filters
from graphkit.app.reading.next import report_next
from graphkit.app.reading.status import report_details, report_status
from graphkit.app.reading.tasks import TaskFilters, report_tasks

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit.app.results.reports import ExperimentRow
    from graphkit.app.vault import Vault

AS_OF = date(2026, 3, 2)
METRIC = "page-type:: [[metric]]\nunit:: %\nguard:: <= 2%\ncadence:: weekly\n"


def vault(root: Path, pages: dict[str, str]) -> Vault:
    (root / "logseq").mkdir()
    for title, text in pages.items():
        folder = root / ("journals" if title[0].isdigit() else "pages")
        folder.mkdir(exist_ok=True)
        (folder / f"{title}.md").write_text(text, encoding="utf-8")
    return load(root, as_of=AS_OF)


def standing(root: Path, properties: str, tasks: str = "", others: dict[str, str] | None = None) -> ExperimentRow:
    text = f"page-type:: [[experiment]]\n{properties}\n- ## work\n{tasks}"
    (row,) = report_status(vault(root, {"X": text, **(others or {})}), Filters()).experiments
    return row


OPEN = "\t- TODO a\n\t- DONE b\n"
BROKEN = {"Errors": METRIC, "2026_02_26": "- #metric [[Errors]] 3%\n"}


@pytest.mark.parametrize(
    ("properties", "tasks", "others", "states", "reason"),
    [
        (
            "stop-date:: 2026-02-20\nguardrails:: [[Errors]]\nstatus:: stopped",
            OPEN,
            BROKEN,
            ("rollback due", "decision due", "guardrail breached", "stopped"),
            "Errors at 3% on 2026-02-26, guard <= 2%, stopped on 2026-02-20, but nothing is decided",
        ),
        (
            "stop-date:: 2026-02-20\nguardrails:: [[Errors]]\nstatus:: stopped\ndecision:: keep it",
            OPEN,
            BROKEN,
            ("decision due", "guardrail breached", "stopped"),
            "stopped on 2026-02-20, but there is no result",
        ),
        (
            "stop-date:: 2026-03-02\nguardrails:: [[Errors]]",
            OPEN,
            BROKEN,
            ("guardrail breached", "running"),
            "Errors at 3% on 2026-02-26, guard <= 2%",
        ),
        ("guardrails:: [[Errors]]", "\t- TODO a\n", BROKEN, ("draft",), ""),
        ("guardrails:: [[Errors]]\nresult:: won", OPEN, BROKEN, ("decided",), "result: won"),
        (
            "",
            "\t- DONE a\n",
            {},
            ("decision due", "running"),
            "all tasks are done, but there is no result",
        ),
        ("due:: 2026-03-01", OPEN, {}, ("off track", "overdue", "running"), "due on 2026-03-01, 50% done"),
        (
            "",
            "\t- DOING a\n\t  DEADLINE: <2026-03-01 Sun>\n",
            {},
            ("overdue", "running"),
            "deadline 2026-03-01 of “a”",
        ),
        (
            "",
            "\t- DOING a\n\t  due:: [[Mar 1st, 2026]]\n",
            {},
            ("overdue", "running"),
            "deadline 2026-03-01 of “a”",
        ),
        (
            "",
            "\t- DOING a\n",
            {"2026_02_16": "- [[x]] begun\n"},
            ("stale", "running"),
            "no progress on “a” since 2026-02-16",
        ),
        ("", OPEN + "- ## Result\n\t- result:: won\n", {}, ("decided",), "result: won"),
        (
            "",
            OPEN + "- ## Result\n  stop-date:: 2026-02-20\n",
            {},
            ("decision due", "running"),
            "stopped on 2026-02-20, but there is no result",
        ),
        ("result:: lost", OPEN + "- ## Result\n  result:: won\n", {}, ("decided",), "result: lost"),
        ("", "\t- WAITING a\n\t- DONE b\n", {}, ("blocked", "running"), "all open tasks are waiting"),
        (
            "",
            "\t- DOING a\n\t  :LOGBOOK:\n\t  CLOCK: [2026-02-16 Mon 09:00:00]\n\t  :END:\n",
            {},
            ("stale", "running"),
            "no progress on “a” since 2026-02-16",
        ),
        (
            "primary:: [[Errors]]\nstart-date:: 2026-01-01",
            OPEN,
            {"Errors": METRIC, "2026_02_15": "- #metric [[Errors]] 1%\n"},
            ("stale", "running"),
            "no observation of Errors since 2026-02-15",
        ),
        (
            "primary:: [[Errors]]\nstart-date:: 2026-02-15",
            OPEN,
            {"Errors": METRIC},
            ("stale", "running"),
            "no observation of Errors since the start on 2026-02-15",
        ),
        ("primary:: [[Errors]]\nstart-date:: 2026-02-16", OPEN, {"Errors": METRIC}, ("running",), ""),
        (
            "health:: off track on 2026-03-01\nhealth-note:: nobody left",
            OPEN,
            {},
            ("off track", "running"),
            "nobody left",
        ),
        ("status:: ready", "\t- TODO a\n", {}, ("ready",), ""),
        ("status:: archived\ndue:: 2026-01-01", OPEN, {}, ("archived",), ""),
    ],
)
def test_what_asks_for_attention_and_why(
    tmp_path: Path, properties: str, tasks: str, others: dict[str, str], states: tuple[str, ...], reason: str
) -> None:
    row = standing(tmp_path, properties, tasks, others)
    assert (row.states, row.attention, row.reason) == (states, states[0], reason)


def test_an_end_before_the_start_gives_no_pace_and_is_said(tmp_path: Path) -> None:
    text = "page-type:: [[experiment]]\nstart-date:: 2026-05-01\ndue:: 2026-04-01\n\n- ## work\n"
    session = vault(tmp_path, {"X": text + OPEN})
    (row,) = report_status(session, Filters()).experiments
    assert (row.health, row.health_reason) == (
        "no target",
        "due on 2026-04-01, but no start date before it to measure a pace by",
    )
    (finding,) = report_check(session, select=["W515"]).findings
    assert (finding.path, finding.line) == ("pages/X.md", 3)
    assert finding.message == "due:: 2026-04-01 is before the start on 2026-05-01, so there is no pace"


def test_names_are_shown_as_the_titles_of_their_pages(tmp_path: Path) -> None:
    def experiment(properties: str, text: str = "") -> str:
        return f"page-type:: [[experiment]]\n{properties}\n\n- ## work\n\t- TODO a\n{text}"

    session = vault(
        tmp_path,
        {
            "Grow": "page-type:: [[goal]]\nalias:: GA\n",
            "Ana Lima": "alias:: Ana\n",
            "A": experiment("goal:: [[GA]]\nowner:: [[ana]], [[Ana Lima]]"),
            "B": experiment("", "- goal:: [[grow]], [[No page]]\n- #goal [[GA]]\n"),
        },
    )
    rows = report_status(session, Filters()).experiments
    assert [(row.title, row.goals, row.owners) for row in rows] == [
        ("A", ("Grow",), ("Ana Lima",)),
        ("B", ("Grow", "No page"), ()),
    ]


def test_the_last_activity_is_the_newest_of_all_that_is_written(tmp_path: Path) -> None:
    task = "\t- DOING a\n\t  id:: 6500aaaa-0000-4000-8000-000000000001\n"
    clock = "\t  :LOGBOOK:\n\t  CLOCK: [2026-02-01 Sun 09:00:00]--[2026-02-02 Mon 09:00:00] =>  24:00:00\n\t  :END:\n"
    change = '\t  :LOGBOOK:\n\t  * State "DOING" from "TODO" [2026-02-05 Thu 09:00]\n\t  :END:\n'
    cases: list[tuple[str, dict[str, str], date | None]] = [
        (task, {}, None),
        (task + clock, {}, date(2026, 2, 2)),
        (
            task + change,
            {},
            date(2026, 2, 5),
        ),
        ("\t- DONE a\n\t  completed:: [[Feb 6th, 2026]]\n", {}, date(2026, 2, 6)),
        (task + clock, {"2026_02_10": "- saw [[x]]\n"}, date(2026, 2, 10)),
        (task, {"2026_02_11": "- ((6500AAAA-0000-4000-8000-000000000001))\n"}, date(2026, 2, 11)),
        ("\t- TODO [[Some step]]\n", {"2026_02_12": "- [[some step]] begun\n"}, date(2026, 2, 12)),
        (task, {"2026_02_13": "- `[[X]]` in code\n- other\n"}, None),
        (task, {"2026_02_14": "- list\n  graphkit:: status\n\t- [[X]]\n"}, None),
        (task, {"2026_03_05": "- of the future [[X]]\n"}, None),
        (task, {"2026_02_15": "- `code` and [[X]] in one block\n"}, date(2026, 2, 15)),
        (task, {"2026_02_17": "- #X\n"}, date(2026, 2, 17)),
        (task, {"2026_02_18": "- code\n  ```\n  `a`\n  [[X]]\n  ```\n"}, None),
    ]
    found = []
    for number, (tasks, others, _) in enumerate(cases):
        root = tmp_path / str(number)
        root.mkdir()
        found.append(standing(root, "", tasks, others).last_activity)
    assert found == [day for _, _, day in cases]


def test_an_observation_of_its_metric_is_activity(tmp_path: Path) -> None:
    row = standing(tmp_path, "metrics:: [[Errors]]", OPEN, {"2026_02_20": "- #metric [[Errors]] 1%\n"})
    assert (row.last_activity, row.stale) == (date(2026, 2, 20), False)


def test_tasks_that_have_gone_quiet_and_those_done_since_a_day(tmp_path: Path) -> None:
    def log(day: str) -> str:
        return f"  :LOGBOOK:\n  CLOCK: [{day} Mon 09:00:00]\n  :END:\n"

    session = vault(
        tmp_path,
        {
            "P": "- DOING quiet\n" + log("2026-02-16") + "- DOING busy\n" + log("2026-02-17")
            + "- WAITING long\n" + log("2026-02-23") + "- WAITING short\n" + log("2026-02-24")
            + "- TODO forgotten\n" + log("2025-12-02") + "- TODO resting\n" + log("2025-12-03")
            + "- TODO unknown\n"
            + "- DONE late\n  completed:: 2026-02-28\n- DONE early\n  completed:: 2026-02-01\n- DONE undated\n",
        },
    )  # fmt: skip
    below = log("2026-02-27").replace("  ", "\t  ", 3)
    (tmp_path / "other").mkdir()
    busy = vault(tmp_path / "other", {"P": f"- DOING parent\n{log('2026-02-01')}\t- DOING child\n{below}"})
    assert [row.flags for row in report_tasks(busy, TaskFilters()).tasks] == [(), ()]
    stale = report_tasks(session, TaskFilters(stale=True))
    assert [(row.text, row.flags) for row in stale.tasks] == [
        ("quiet", ("stale",)),
        ("long", ("blocked", "stale")),
        ("forgotten", ("dormant",)),
    ]
    done = report_tasks(session, TaskFilters(done_since=date(2026, 2, 28)))
    assert [(row.text, row.done_on) for row in done.tasks] == [("late", date(2026, 2, 28))]
    assert done.undated == 1
    assert report_tasks(session, TaskFilters()).undated == 0


def test_dormant_tasks_are_listed_apart_unless_a_date_is_ahead_or_not_long_gone(tmp_path: Path) -> None:
    log = "  :LOGBOOK:\n  CLOCK: [2025-11-03 Mon 09:00:00]\n  :END:\n"
    session = vault(
        tmp_path,
        {
            "P": f"- TODO [#A] forgotten\n{log}- TODO late\n  DEADLINE: <2026-02-27 Fri>\n{log}"
            f"- TODO long late\n  DEADLINE: <2025-11-28 Fri>\n{log}- TODO new\n",
            "2025_11_04": "- DOING once\n- [[Q]] begun\n",
            "Q": "- TODO linked\n",
        },
    )
    report = report_tasks(session, TaskFilters())
    assert [row.text for row in report.tasks] == ["late", "new", "long late", "forgotten", "once", "linked"]
    assert report.dormant == 4
    assert all("dormant" in row.flags for row in report.tasks[-4:])
    upcoming = report_next(session)
    assert ([row.text for row in upcoming.tasks], upcoming.dormant) == ([row.text for row in report.tasks], 4)


def test_time_spent_counts_a_running_clock_for_twelve_hours_and_says_so(tmp_path: Path) -> None:
    log = (
        "\t  :LOGBOOK:\n\t  CLOCK: [2026-02-01 Sun 09:00:00]--[2026-02-01 Sun 10:30:00] =>  01:30:00\n"
        "\t  CLOCK: [2026-02-20 Fri 09:00:00]\n\t  :END:\n"
    )
    fresh = "\t- DOING b\n\t  :LOGBOOK:\n\t  CLOCK: [2026-03-01 Sun 22:00:00]\n\t  :END:\n"
    session = vault(tmp_path, {"X": f"page-type:: [[experiment]]\n\n- ## work\n\t- DOING a\n{log}{fresh}"})
    (detail,) = report_details(session, ["X"]).experiments
    assert (detail.seconds_spent, detail.clocks_running) == (int((1.5 + 12 + 2) * 3600), 2)
    (finding,) = report_check(session, select=["W320"]).findings
    assert (finding.path, finding.line) == ("pages/X.md", 4)
    assert finding.message == "its clock has been running since 2026-02-20 09:00; 12 hours of that count"


def test_status_filters_by_health(tmp_path: Path) -> None:
    late = "page-type:: [[experiment]]\ndue:: 2026-03-01\n\n- TODO a\n"
    session = vault(tmp_path, {"Late": late, "Free": "page-type:: [[experiment]]\n\n- TODO a\n"})

    def names(*words: str) -> list[str]:
        return [row.title for row in report_status(session, Filters(healths=words)).experiments]

    assert names("off-track") == names("off track") == ["Late"]
    assert names("no-target") == ["Free"]
    assert names("at-risk") == []
    assert names() == ["Late", "Free"]
    assert names("no") == ["Free"]
    with pytest.raises(RequestError, match="names no health"):
        names("fine")
