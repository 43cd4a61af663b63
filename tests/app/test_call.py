"""The call on an experiment, its guardrails and its looks: from a page to the sentence at the top."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from result_vault import read, report, rows

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit.app.results.readouts import CallRow

OVER = "  split:: 1/1\n  stop-date:: 2026-03-01\n"
RUNS = "  split:: 1/1\n  stop-date:: 2026-03-13\n"
WINS = rows("| a | 4000 | 400 |", "| b | 4000 | 480 |")
DOWN = {"Refund": "page-type:: [[metric]]\ndirection:: down\n"}


def call(root: Path, result: str, *, page: str = "", others: dict[str, str] | None = None) -> CallRow:
    return report(root, result, page=page, others=others).call


def test_a_winner_ships(tmp_path: Path) -> None:
    found = call(tmp_path, OVER + WINS, page="primary:: [[Trial]]\n")
    assert (found.decision, found.variant, found.proposed_result) == ("ship", "b", "won")
    assert found.sentence == "Ship “b”: Trial +20.0% (+5.9% to +36.0%, p = 0.0043)."


def test_a_loser_does_not(tmp_path: Path) -> None:
    found = call(tmp_path, OVER + rows("| a | 4000 | 480 |", "| b | 4000 | 400 |"))
    assert (found.decision, found.proposed_result) == ("do not ship", "lost")
    assert found.sentence.startswith("Do not ship: “b” is worse, the result -16.7% (")


def test_a_written_result_is_not_proposed_again(tmp_path: Path) -> None:
    assert call(tmp_path, OVER + WINS, page="result:: won\n").proposed_result == ""


def test_three_of_three_tell_nothing(tmp_path: Path) -> None:
    found = report(tmp_path, "  stop-date:: 2026-03-01\n" + rows("| a | 3 | 3 |", "| b | 5000 | 4472 |"))
    assert found.call.decision == "cannot be told"
    planned = "  split:: 3/5000\n  stop-date:: 2026-03-01\n"
    found = report(tmp_path / "b", planned + rows("| a | 3 | 3 |", "| b | 5000 | 4472 |"))
    assert (found.call.decision, found.results[0].comparisons[0].outcome) == ("cannot be told", "too few")
    assert found.call.sentence == (
        "Cannot tell: no verdict on “b”: too few non-conversions (45 more units in “a” would be enough)."
    )


@pytest.mark.parametrize(("control", "treatment", "decision"), [(200, 0, "do not ship"), (0, 200, "ship")])
def test_nothing_against_much_is_clear(tmp_path: Path, control: int, treatment: int, decision: str) -> None:
    found = report(tmp_path, OVER + rows(f"| a | 1000 | {control} |", f"| b | 1000 | {treatment} |"))
    assert found.call.decision == decision
    (verdict,) = found.results[0].comparisons
    if decision == "ship":
        assert (verdict.interval_text, verdict.high, verdict.lift) == ("over +5,123.4%", None, None)
    else:
        assert (verdict.interval_text, verdict.low) == ("-100.0% to -98.1%", -1.0)


def test_of_four_close_arms_none_wins(tmp_path: Path) -> None:
    table = rows("| a | 4000 | 400 |", "| b | 4000 | 405 |", "| c | 4000 | 459 |", "| d | 4000 | 395 |")
    found = report(tmp_path, "  stop-date:: 2026-03-01\n" + table)
    assert [verdict.outcome for verdict in found.results[0].comparisons] == ["no difference"] * 3
    assert (found.call.decision, found.call.proposed_result) == ("cannot be told", "")


def test_of_two_treatments_only_the_first_is_better(tmp_path: Path) -> None:
    table = rows("| a | 4000 | 400 |", "| b | 4000 | 480 |", "| c | 4000 | 458 |")
    found = report(tmp_path, "  split:: 1/1/1\n  stop-date:: 2026-03-01\n" + table)
    (result,) = found.results
    assert [verdict.outcome for verdict in result.comparisons] == ["better", "no difference"]
    assert {verdict.level for verdict in result.comparisons} == {0.975}
    assert (found.call.decision, found.call.variant) == ("ship", "b")
    assert result.warnings == ("the best of 2 treatments was picked afterwards: its true lift is probably smaller",)


def test_a_sample_that_is_too_small_goes_on(tmp_path: Path) -> None:
    table = rows("| a | 7400 | 740 |", "| b | 7400 | 740 |")
    found = call(tmp_path, f"  mde:: 10%\n{OVER}{table}", page="start-date:: 2026-02-01\n")
    assert found.decision == "keep running"
    assert found.sentence == (
        "Keep running until 2026-03-30: 7,351 more units per arm needed for an effect of 10% "
        "(28 days at the pace so far)."
    )


def test_no_difference_worth_having(tmp_path: Path) -> None:
    found = call(tmp_path, f"  mde:: 10%\n{OVER}" + rows("| a | 40000 | 4000 |", "| b | 40000 | 4010 |"))
    assert (found.decision, found.proposed_result) == ("no difference worth having", "inconclusive")
    assert found.sentence.endswith("is inside ±10%.")


def test_a_large_sample_without_a_difference_does_not_ship(tmp_path: Path) -> None:
    found = call(tmp_path, f"  mde:: 10%\n{OVER}" + rows("| a | 15000 | 1500 |", "| b | 15000 | 1585 |"))
    assert (found.decision, found.proposed_result) == ("do not ship", "inconclusive")


def test_a_mismatch_of_sizes_concludes_nothing(tmp_path: Path) -> None:
    found = report(tmp_path, OVER + rows("| a | 5000 | 500 |", "| b | 5400 | 700 |"))
    assert found.call.sentence == "Cannot tell: the arms' sizes do not match the split (p = 8.8e-05)."
    assert found.results[0].comparisons[0].words == "no conclusion while the arms' sizes do not match the split"


def test_a_running_test_keeps_running(tmp_path: Path) -> None:
    found = report(tmp_path, RUNS + rows("| a | 4000 | 400 |", "| b | 4100 | 471 |"))
    assert found.call.decision == "keep running"
    assert found.call.sentence.startswith("Keep running until 2026-03-13: ")
    (verdict,) = found.results[0].comparisons
    assert (verdict.p_value, verdict.chance_to_win, verdict.risk) == (None, None, None)


def test_a_running_test_may_be_clear_at_once(tmp_path: Path) -> None:
    assert call(tmp_path, RUNS + rows("| a | 4000 | 400 |", "| b | 4000 | 600 |")).decision == "ship"


def test_too_few_to_look(tmp_path: Path) -> None:
    found = read(tmp_path, RUNS + rows("| a | 4000 | 9 |", "| b | 4000 | 30 |"))
    (verdict,) = found.comparisons
    assert (verdict.outcome, verdict.low, verdict.high) == ("too few to look", None, None)


@pytest.mark.parametrize("said", ["status:: stopped\n", "status:: decided\n", "result:: lost\n"])
def test_a_test_is_over_when_its_page_says_so(tmp_path: Path, said: str) -> None:
    found = read(tmp_path, RUNS + WINS, page=said)
    assert (found.over, found.comparisons[0].interval) == (True, "fixed")


# Guardrails


def guarded(root: Path, margin: str, treatment: int, *, head: str = OVER) -> tuple[CallRow, str | None]:
    guard = rows("| a | 4000 | 400 |", f"| b | 4000 | {treatment} |")
    text = f"{head}{WINS}\t- metric:: [[Refund]]\n{margin}{guard}"
    found = report(root, text, page="primary:: [[Trial]]\nguardrails:: [[Refund]]\n", others=DOWN)
    assert [result.role for result in found.results] == ["primary", "guardrail"]
    return found.call, found.results[1].comparisons[0].harm


@pytest.mark.parametrize(
    ("margin", "treatment", "harm", "decision"),
    [
        ("", 400, "no sign of harm", "ship"),
        ("", 500, "worse", "do not ship"),
        ("\t  margin:: 20%\n", 400, "safe", "ship"),
        ("\t  margin:: 2pp\n", 400, "safe", "ship"),
        ("\t  margin:: 5%\n", 400, "unclear", "cannot be told"),
        ("\t  margin:: 5%\n", 500, "harmed", "do not ship"),
        ("\t  margin:: 60%\n", 500, "safe", "ship"),
        ("\t  margin:: 5%\n", 320, "safe", "ship"),
    ],
)
def test_a_guardrail_tests_harm(tmp_path: Path, margin: str, treatment: int, harm: str, decision: str) -> None:
    found, judged = guarded(tmp_path, margin, treatment)
    assert (judged, found.decision) == (harm, decision)


def test_a_guardrail_is_judged_by_its_bounds(tmp_path: Path) -> None:
    guard = rows("| a | 4000 | 400 |", "| b | 4000 | 440 |")
    text = f"{OVER}{WINS}\t- metric:: [[Refund]]\n\t  margin:: 25%\n{guard}"
    found = report(tmp_path, text, page="primary:: [[Trial]]\nguardrails:: [[Refund]]\n", others=DOWN).results[1]
    (verdict,) = found.comparisons
    assert (verdict.level, verdict.harm, verdict.margin, verdict.p_value) == (0.9, "safe", 0.25, None)
    assert (verdict.high or 0) < 0.25
    assert verdict.words == "“b” is safe: any harm stays within the margin of 25%"


def test_a_guardrail_without_a_direction_says_so(tmp_path: Path) -> None:
    text = f"{OVER}{WINS}\t- metric:: [[Refund]]\n{WINS}"
    found = report(tmp_path, text, page="primary:: [[Trial]]\nguardrails:: [[Refund]]\n").results[1]
    assert found.warnings == ("higher is assumed to be better for “Refund”: write direction:: on its page",)


def test_a_guard_gives_the_direction(tmp_path: Path) -> None:
    text = f"{OVER}{WINS}\t- metric:: [[Refund]]\n{WINS}"
    others = {"Refund": "page-type:: [[metric]]\nunit:: %\nguard:: <= 12%\n"}
    found = report(tmp_path, text, page="primary:: [[Trial]]\nguardrails:: [[Refund]]\n", others=others)
    assert (found.results[1].better, found.results[1].comparisons[0].harm) == ("down", "worse")


def test_a_metric_to_hold_may_be_harmed_on_both_sides(tmp_path: Path) -> None:
    others = {"Refund": "page-type:: [[metric]]\ndirection:: hold\n"}
    for place, count in (("low", 300), ("high", 500)):
        text = f"{OVER}{WINS}\t- metric:: [[Refund]]\n{rows('| a | 4000 | 400 |', f'| b | 4000 | {count} |')}"
        found = report(tmp_path / place, text, page="primary:: [[T]]\nguardrails:: [[Refund]]\n", others=others)
        assert found.results[1].comparisons[0].harm == "worse"


# Looks

FIRST = "\t- as-of:: 2026-02-10\n" + rows("| a | 2000 | 200 |", "| b | 2050 | 236 |")
LAST = "\t- as-of:: 2026-03-01\n" + rows("| a | 4000 | 400 |", "| b | 4100 | 471 |")


def test_a_look_before_the_end_decides_how_the_end_is_judged(tmp_path: Path) -> None:
    once = read(tmp_path / "once", OVER + LAST)
    twice = read(tmp_path / "twice", OVER + FIRST + LAST)
    assert (once.comparisons[0].interval, once.comparisons[0].outcome) == ("fixed", "better")
    assert (twice.comparisons[0].interval, twice.comparisons[0].outcome) == ("sequential", "no difference")
    assert [(look.day.isoformat(), look.units) for look in twice.looks] == [
        ("2026-02-10", 4050.0),
        ("2026-03-01", 8100.0),
    ]
    assert twice.warnings == ("looked at 2 times without `plan:: sequential`",)
    assert "decided by the sequential interval, because a look before the end is on record" in twice.words


def test_a_plan_to_look_is_kept_to(tmp_path: Path) -> None:
    found = read(tmp_path, "  plan:: sequential\n" + OVER + LAST)
    assert found.comparisons[0].interval == "sequential"
    assert found.words == ("decided by the sequential interval, as planned",)


def test_the_days_of_looks_stand_in_titles_and_columns(tmp_path: Path) -> None:
    table = rows("| a | 2000 | 200 |", "| b | 2050 | 236 |").replace("\t", "\t\t")
    titled = f"{OVER}\t- Numbers of [[Feb 10th, 2026]]\n{table}{rows('| a | 4000 | 400 |', '| b | 4100 | 471 |')}"
    found = read(tmp_path / "titles", titled)
    assert (found.day, [look.day.isoformat() for look in found.looks]) == (None, ["2026-02-10"])
    column = rows(
        "| 2026-02-10 | a | 2000 | 200 |", "| | b | 2050 | 236 |", "| 2026-03-01 | a | 4000 | 400 |",
        "| | b | 4100 | 471 |", head="date | variant | n | conversions",
    )  # fmt: skip
    found = read(tmp_path / "columns", OVER + column)
    assert (found.day and found.day.isoformat(), len(found.looks)) == ("2026-03-01", 2)
    assert [arm.n for arm in found.arms] == [4000.0, 4100.0]


# Warnings


def test_a_lift_too_good_to_be_true_is_doubted(tmp_path: Path) -> None:
    found = read(tmp_path, OVER + rows("| a | 4000 | 400 |", "| b | 4000 | 700 |"))
    assert found.warnings == ("a lift of +75.0% is unusual: check the measurement of “b” first",)


def test_another_primary_than_the_page_s_is_named(tmp_path: Path) -> None:
    found = read(tmp_path, "  primary:: [[Clicks]]\n" + OVER + WINS, page="primary:: [[Orders]]\n")
    assert found.warnings == ("the page's primary metric is “Orders”, but this result is for “Clicks”",)


def test_means_without_a_lift_are_compared_by_their_difference(tmp_path: Path) -> None:
    table = rows("| a | 500 | -0.4 | 9 |", "| b | 520 | 2.5 | 9 |", head="variant | n | mean | sd")
    (verdict,) = read(tmp_path, OVER + table).comparisons
    assert (verdict.scale, verdict.lift, verdict.outcome) == ("difference", None, "better")
    assert re.fullmatch(r"\+1\.7\d+ to \+4\.0\d+", verdict.interval_text)
    assert verdict.words.endswith("a mean is not above 0, so the difference is shown instead of the lift")


def test_the_sequential_interval_is_tuned_by_the_team(tmp_path: Path) -> None:
    plain = report(tmp_path / "a", RUNS + WINS).results[0].comparisons[0]
    tuned = report(tmp_path / "b", RUNS + WINS, settings="sequential_units = 8000\n").results[0].comparisons[0]
    assert (tuned.low or 0) > (plain.low or 0)
