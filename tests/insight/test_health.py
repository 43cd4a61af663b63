from __future__ import annotations

from datetime import date, timedelta

import pytest
from builders import page_of
from hypothesis import given
from hypothesis import strategies as st

from graphkit.insight.experiments.health import Health, Judgement, Signs, StatedHealth, judge, read_stated
from graphkit.insight.work.progress import Progress, count_leaves
from graphkit.text.diagnostics import Diagnostic, Severity

TODAY = date(2026, 3, 11)
START = date(2026, 3, 1)
DUE = date(2026, 3, 21)
ORDER = [Health.OFF_TRACK, Health.AT_RISK, Health.ON_TRACK]


def parse(title: str) -> date | None:
    return {"Mar 1st, 2026": date(2026, 3, 1)}.get(title)


def at(done: int, total: int = 20, *, signs: Signs | None = None, due: date | None = DUE) -> Judgement:
    return judge(today=TODAY, start=START, due=due, progress=count_leaves(done=done, todo=total - done), signs=signs)


@pytest.mark.parametrize(
    ("done", "total", "health", "reason"),
    [
        (10, 20, Health.ON_TRACK, "50% done after 50% of its time"),
        (19, 40, Health.ON_TRACK, "47% done after 50% of its time"),
        (9, 20, Health.AT_RISK, "45% done after 50% of its time"),
        (15, 40, Health.AT_RISK, "37% done after 50% of its time"),
        (7, 20, Health.OFF_TRACK, "35% done after 50% of its time"),
        (0, 20, Health.OFF_TRACK, "0% done after 50% of its time"),
        (20, 20, Health.ON_TRACK, "all tasks are done"),
    ],
)
def test_the_pace_against_the_time(done: int, total: int, health: Health, reason: str) -> None:
    assert at(done, total) == Judgement(health=health, reason=reason)


def test_nothing_elapsed_is_on_track() -> None:
    for start in (TODAY, TODAY + timedelta(days=3), DUE):
        assert judge(today=TODAY, start=start, due=DUE, progress=count_leaves(todo=3)) == Judgement(
            health=Health.ON_TRACK, reason="none of its time has passed, due on 2026-03-21"
        )


def test_past_due_and_unfinished_is_off_track() -> None:
    due = TODAY - timedelta(days=1)
    assert at(19, due=due) == Judgement(health=Health.OFF_TRACK, reason="due on 2026-03-10, 95% done")
    assert at(20, due=due) == Judgement(health=Health.ON_TRACK, reason="all tasks are done")
    nothing = judge(today=TODAY, start=None, due=due, progress=Progress())
    assert nothing == Judgement(health=Health.OFF_TRACK, reason="due on 2026-03-10")
    assert at(0, due=TODAY).health is Health.OFF_TRACK


@pytest.mark.parametrize(
    ("progress", "signs", "reason"),
    [
        (count_leaves(todo=3), Signs(stale="no observation"), "no observation"),
        (count_leaves(todo=3), Signs(overdue_leaves=1), "an open task is overdue"),
        (count_leaves(todo=3), Signs(overdue_leaves=2), "2 open tasks are overdue"),
        (count_leaves(todo=1, waiting=1, done=9), Signs(blocked_leaves=1), "1 of 2 open tasks blocked"),
        (
            count_leaves(waiting=2),
            Signs(stale="quiet", overdue_leaves=1, blocked_leaves=2),
            "quiet; an open task is overdue; 2 of 2 open tasks blocked",
        ),
    ],
)
def test_without_due_date_there_are_risks(progress: Progress, signs: Signs, reason: str) -> None:
    found = judge(today=TODAY, start=START, due=None, progress=progress, signs=signs)
    assert found == Judgement(health=Health.AT_RISK, reason=reason)


def test_without_due_date_and_risk_there_is_no_target() -> None:
    assert at(3, due=None) == Judgement(health=Health.NO_TARGET, reason="no due date")
    signs = Signs(blocked_leaves=1)
    assert judge(
        today=TODAY, start=START, due=None, progress=count_leaves(todo=2, waiting=1), signs=signs
    ) == Judgement(health=Health.NO_TARGET, reason="no due date")
    assert judge(today=TODAY, start=None, due=DUE, progress=count_leaves(todo=2)) == Judgement(
        health=Health.NO_TARGET, reason="due on 2026-03-21, but no start date to measure a pace by"
    )
    assert judge(today=TODAY, start=START, due=DUE, progress=Progress()) == Judgement(
        health=Health.NO_TARGET, reason="due on 2026-03-21, but no tasks to measure a pace by"
    )


def test_a_breached_guardrail_allows_at_risk_at_best() -> None:
    signs = Signs(breached=["Refund rate at 3%"])
    assert at(10, signs=signs) == Judgement(
        health=Health.AT_RISK, reason="Refund rate at 3%; else 50% done after 50% of its time"
    )
    assert at(10, signs=signs, due=None).health is Health.AT_RISK
    assert at(0, signs=signs) == at(0)
    assert at(8, signs=signs) == at(8)


def test_what_a_human_says_wins_for_fourteen_days() -> None:
    def say(day: date | None, note: str = "") -> Judgement:
        stated = StatedHealth(health=Health.ON_TRACK, day=day, note=note)
        return judge(today=TODAY, start=START, due=DUE, progress=count_leaves(todo=2), stated=stated)

    said = Judgement(health=Health.ON_TRACK, reason="stated on 2026-02-25 by hand", stated=True)
    assert say(TODAY - timedelta(days=14)) == said
    assert say(TODAY - timedelta(days=15)) == at(0, 2)
    assert say(None) == Judgement(health=Health.ON_TRACK, reason="stated by hand", stated=True)
    assert say(None, "we know better") == Judgement(health=Health.ON_TRACK, reason="we know better", stated=True)


@pytest.mark.parametrize(
    ("value", "health", "day"),
    [
        ("at risk on [[Mar 1st, 2026]]", Health.AT_RISK, date(2026, 3, 1)),
        ("[[at risk]] on [[Mar 1st, 2026]]", Health.AT_RISK, date(2026, 3, 1)),
        ("On-Track, since 2026-03-01", Health.ON_TRACK, date(2026, 3, 1)),
        ("off track (2026-03-01)", Health.OFF_TRACK, date(2026, 3, 1)),
        ("#[[no target]]", Health.NO_TARGET, None),
        ("at-risk", Health.AT_RISK, None),
    ],
)
def test_how_a_human_writes_it(value: str, health: Health, day: date | None) -> None:
    findings: list[Diagnostic] = []
    page = page_of("", properties={"health": value, "health-note": "why"})
    assert read_stated(page, parse, findings) == StatedHealth(health=health, day=day, note="why")
    assert findings == []


@pytest.mark.parametrize("value", ["green", "on risk", "at risk on Tuesday", "at risky", "off target"])
def test_what_is_not_understood_is_reported(value: str) -> None:
    findings: list[Diagnostic] = []
    assert read_stated(page_of("", properties={"health": value}), parse, findings) is None
    assert findings == [
        Diagnostic(
            code="W510",
            severity=Severity.WARNING,
            path="pages/Page.md",
            line=1,
            message=f"health:: {value} is not understood, and is left out of account",
            hint="write one of on track, at risk, off track, no target, then `on` and a date, "
            "as in `at risk on [[Mar 31st, 2026]]`",
        )
    ]


@given(total=st.integers(1, 60), done=st.integers(0, 59), days=st.integers(-5, 60), length=st.integers(1, 50))
def test_health_never_falls_with_progress_nor_rises_with_time(total: int, done: int, days: int, length: int) -> None:
    done = min(done, total - 1)
    due = START + timedelta(days=length)

    def health(finished: int, day: int) -> int:
        progress = count_leaves(done=finished, todo=total - finished)
        found = judge(today=START + timedelta(days=day), start=START, due=due, progress=progress)
        return ORDER.index(found.health)

    assert health(done, days) <= health(done + 1, days)
    assert health(done, days) >= health(done, days + 1)
