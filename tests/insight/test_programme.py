"""The programme: counts by month, the win rate with its interval, days from start to decision."""

from __future__ import annotations

from datetime import date

import pytest

from graphkit.insight.experiments.programme import DecidedExperiment, read_programme

TODAY = date(2026, 3, 2)


def experiment(
    name: str, start: date | None = None, decided: date | None = None, result: str | None = None
) -> DecidedExperiment:
    return DecidedExperiment(name=name, start=start, decided=decided, result=result)


def test_nothing_has_no_rate() -> None:
    programme = read_programme([], TODAY)
    assert (programme.months, programme.win_rate, programme.low, programme.median_days) == ((), None, None, None)


def test_months_are_without_gaps_and_end_today() -> None:
    programme = read_programme(
        [
            experiment("a", date(2025, 11, 30), date(2026, 2, 1), "won"),
            experiment("b", date(2026, 2, 10)),
            experiment("later", date(2026, 3, 9)),
            experiment("open", date(2026, 1, 1), date(2026, 1, 2)),
        ],
        TODAY,
    )
    assert [(month.first.isoformat()[:7], month.started, month.won) for month in programme.months] == [
        ("2025-11", 1, 0), ("2025-12", 0, 0), ("2026-01", 1, 0), ("2026-02", 1, 1), ("2026-03", 0, 0)
    ]  # fmt: skip


def test_the_win_rate_leaves_out_what_did_not_finish() -> None:
    results = ["won"] * 2 + ["lost"] * 3 + ["inconclusive"] * 5 + ["dnf"] * 4
    programme = read_programme([experiment(str(index), result=word) for index, word in enumerate(results)], TODAY)
    assert (programme.won, programme.lost, programme.inconclusive, programme.dnf) == (2, 3, 5, 4)
    assert programme.win_rate == 0.2
    assert programme.low == pytest.approx(0.0566822, abs=1e-7)
    assert programme.high == pytest.approx(0.5098375, abs=1e-7)
    assert programme.undated == 14
    assert programme.months == ()


def test_days_to_a_decision_need_both_days_in_order() -> None:
    programme = read_programme(
        [
            experiment("quick", date(2026, 1, 1), date(2026, 1, 11), "won"),
            experiment("slow", date(2026, 1, 1), date(2026, 2, 10), "lost"),
            experiment("backwards", date(2026, 2, 1), date(2026, 1, 1), "lost"),
            experiment("unknown", None, date(2026, 1, 1), "lost"),
        ],
        TODAY,
    )
    assert programme.days_to_decision == (("quick", 10), ("slow", 40))
    assert programme.median_days == 25


def test_at_most_three_years_are_shown() -> None:
    programme = read_programme([experiment("old", date(1999, 1, 1)), experiment("new", TODAY)], TODAY)
    assert len(programme.months) == 36
    assert sum(month.started for month in programme.months) == 1
