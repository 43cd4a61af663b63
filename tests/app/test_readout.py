"""`readout`: result tables as people write them, to the printed digits of spec: domain §8."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from result_vault import codes, read, rows, vault

from graphkit.app.failures import RequestError
from graphkit.app.reading.check import report_check
from graphkit.app.reading.readout import report_readout
from graphkit.app.reading.status import report_details
from graphkit.cli.measure.readout_screen import readout_screen
from graphkit.cli.terminal.canvas import Surface, line_text

if TYPE_CHECKING:
    from pathlib import Path

PROPORTIONS = (
    "\t- | variant | n | conversions |\n\t  |--|--|--|\n\t  | control | 4000 | 400 |\n\t  | new | 4100 | 471 |\n"
)
MEANS = (
    "\t- | variant | n | mean | sd |\n\t  |--|--|--|--|\n\t  | a | 500 | 42.1 | 18.3 |\n\t  | b | 520 | 45.0 | 19.9 |\n"
)


def test_shares_at_the_stop(tmp_path: Path) -> None:
    found = read(tmp_path, "  control:: control\n  split:: 50/50\n  stop-date:: 2026-03-02\n" + PROPORTIONS)
    (verdict,) = found.comparisons
    assert (round(verdict.lift or 0, 8), round(verdict.low or 0, 8), round(verdict.high or 0, 8)) == (
        0.14878049, 0.01295881, 0.30293928,
    )  # fmt: skip
    assert (round(verdict.p_value or 0, 8), round(verdict.chance_to_win or 0, 8)) == (0.03070278, 0.98469361)
    assert (round(verdict.risk or 0, 8), verdict.interval, found.over) == (0.00037455, "fixed", True)
    assert (verdict.outcome, verdict.level, verdict.interval_text) == ("better", 0.95, "+1.3% to +30.3%")
    assert (verdict.words, found.words) == ("“new” is better than “control”", ())


def test_shares_before_the_stop_have_the_sequential_interval_and_no_p(tmp_path: Path) -> None:
    found = read(tmp_path, "  stop-date:: [[Mar 3rd, 2026]]\n" + PROPORTIONS)
    (verdict,) = found.comparisons
    assert (round(verdict.low or 0, 8), round(verdict.high or 0, 8)) == (-0.05556209, 0.39733549)
    assert (verdict.p_value, verdict.interval, found.over, found.control) == (None, "sequential", False, "control")
    assert (verdict.chance_to_win, verdict.risk, verdict.difference_low) == (None, None, None)
    assert verdict.words == "no difference is shown between “new” and “control” so far"
    assert found.words == (
        "no split is given, so graphkit assumes an equal one",
        "read 1 day before it stops on 2026-03-03, so the interval is wider to allow for looking early",
    )


def test_means(tmp_path: Path) -> None:
    found = read(tmp_path, MEANS, page="stop-date:: 2026-03-01\n")
    (verdict,) = found.comparisons
    assert [round(number or 0, 8) for number in (verdict.lift, verdict.low, verdict.high, verdict.p_value)] == [
        0.06888361, 0.01278477, 0.12809770, 0.01552565,
    ]  # fmt: skip
    assert [(arm.variant, arm.control, arm.mean) for arm in found.arms] == [("a", True, 42.1), ("b", False, 45.0)]


def test_the_sample_still_needed_for_the_minimum_effect(tmp_path: Path) -> None:
    found = read(tmp_path, "  stop-date:: 2026-03-01\n  mde:: 10%\n" + PROPORTIONS)
    (verdict,) = found.comparisons
    assert (verdict.minimum_effect, verdict.needed_control, verdict.needed_treatment) == (0.1, 14574, 14939)
    assert (verdict.missing_control, verdict.missing_treatment, verdict.precise_enough) == (10574, 10839, False)
    assert verdict.words == (
        "“new” is better than “control”; 10,574 more units in “control” and 10,839 more units in “new” needed "
        "for an effect of 10%"
    )


def test_what_is_missing_takes_days_at_the_pace_so_far(tmp_path: Path) -> None:
    table = rows("| a | 7400 | 740 |", "| b | 7400 | 740 |")
    found = read(tmp_path, "  mde:: 10%\n  stop-date:: 2026-03-01\n" + table, page="start-date:: 2026-02-01\n")
    (verdict,) = found.comparisons
    assert (verdict.missing_control, verdict.missing_treatment, verdict.missing_days) == (7351, 7351, 28)
    assert verdict.words == (
        "no difference is shown between “b” and “a”; 7,351 more units per arm needed for an effect of 10% "
        "(28 days at the pace so far)"
    )


def test_points_of_a_share_are_relative_to_the_control(tmp_path: Path) -> None:
    found = read(tmp_path, "  stop-date:: 2026-03-01\n  mde:: 2pp\n" + PROPORTIONS)
    (verdict,) = found.comparisons
    assert (round(verdict.minimum_effect or 0, 9), verdict.precise_enough) == (0.2, True)


def test_where_less_is_better_the_chance_to_win_is_the_other_way(tmp_path: Path) -> None:
    metric = {"Churn": "page-type:: [[metric]]\ndirection:: down\n"}
    found = read(tmp_path, "  primary:: [[Churn]]\n  stop-date:: 2026-03-01\n" + PROPORTIONS, others=metric)
    (verdict,) = found.comparisons
    assert (found.metric, found.better, round(verdict.chance_to_win or 0, 8)) == ("Churn", "down", 0.01530639)
    assert verdict.words == "“new” is worse than “control”"


def test_arms_that_do_not_fit_the_split_are_not_to_be_trusted(tmp_path: Path) -> None:
    table = "\t- | variant | n | conversions |\n\t  |--|--|--|\n\t  | a | 5,000 | 10 |\n\t  | b | 5,400 | 12 |\n"
    found = read(tmp_path, "  stop-date:: 2026-03-01\n" + table)
    assert (f"{found.ratio_p_value:.3g}", found.ratio_mismatch) == ("8.77e-05", True)
    (words,) = found.words
    assert words == (
        "the arms' sizes do not match an equal split, which graphkit assumes because none is given (p = 8.8e-05): "
        "do not trust this result until you know why"
    )
    (tmp_path / "more").mkdir()
    found = read(tmp_path / "more", "  split:: 1/1\n  stop-date:: 2026-03-01\n" + table.replace("5,400", "54000"))
    assert found.words[0].startswith("the arms' sizes do not match the split (p < 1e-300)")


def test_a_row_that_cannot_be_read_takes_nothing_away_from_the_others(tmp_path: Path) -> None:
    table = rows("| control | 4000 | 400 |", "| A | 2000 users | 230 |", "| B | 2000 | 240 |")
    found = read(tmp_path, "  control:: control\n  split:: 50/25/25\n  stop-date:: 2026-03-01\n" + table)
    assert [(arm.variant, arm.control) for arm in found.arms] == [("control", True), ("B", False)]
    assert (found.ratio_p_value, found.ratio_mismatch, found.words) == (1.0, False, ())


@pytest.mark.parametrize("said", ["  control:: control\n", ""])
def test_no_other_arm_becomes_the_control(tmp_path: Path, said: str) -> None:
    table = rows("| control | 4000 users | 400 |", "| A | 2000 | 230 |", "| B | 2000 | 240 |")
    found = read(tmp_path, f"{said}  stop-date:: 2026-03-01\n{table}")
    assert [(arm.variant, arm.control) for arm in found.arms] == [("A", False), ("B", False)]
    words = "not computed: the control's row cannot be read (“control”)"
    assert [(verdict.variant, verdict.lift, verdict.words) for verdict in found.comparisons] == [
        ("A", None, words), ("B", None, words),
    ]  # fmt: skip


def test_a_split_that_does_not_fit_tests_nothing(tmp_path: Path) -> None:
    table = rows("| control | 9000 | 900 |", "| A | 1000 | 120 |")
    found = read(tmp_path, "  split:: 90/5/5\n  stop-date:: 2026-03-01\n" + table)
    assert (found.ratio_p_value, found.ratio_mismatch, found.comparisons[0].lift is None) == (None, False, False)
    assert found.words == ("the split does not match the table, so the arms' sizes are not tested",)


@pytest.mark.parametrize(
    ("head", "row", "problem"),
    [
        ("variant | n | conversions", "| b | 40.000 | 4 |",
         "n “40.000” has a point that may separate thousands or decimals"),
        ("variant | n | conversions", "| b | 4000 | 47.5 |", "conversions “47.5” is not a whole number"),
        ("variant | n | conversions", "| b | 4000 | 11% |", "conversions “11%” is not a whole number"),
        ("variant | n | conversions", "| b | ~4000 | 471 |", "n “~4000” is not an exact number"),
        ("variant | n | mean | sd", "| b | 500 | 1,234 | 0,5 |",
         "mean “1,234” has a comma that may separate thousands or decimals"),
        ("variant | n | mean | sd", "| b | 500 | 1.234 | 0,5 |",
         "mean “1.234” has a point that may separate thousands or decimals"),
        ("variant | n | mean | sd", "| b | 500 | 45 € | 19 € |", "mean “45 €” is not in the unit of “42.1 s”"),
        ("variant | n | mean | sd", "| b | 500 | 45 s | 19 |", "sd “19” is not in the unit of “45 s”"),
        ("variant | n | mean | sd", "| b | 500 | ~45 s | 19 s |", "mean “~45 s” is not an exact number"),
    ],
)  # fmt: skip
def test_what_has_two_readings_is_left_out(tmp_path: Path, head: str, row: str, problem: str) -> None:
    first = "| a | 4,000 | 400 |" if "conversions" in head else "| a | 500 | 42.1 s | 18300 ms |"
    session = vault(tmp_path, rows(first, row, head=head))
    assert codes(session) == [("W512", 7, f"{problem}, so this row is ignored")]
    (result,) = report_readout(session, "X").results
    assert [(arm.variant, arm.n) for arm in result.arms] == [("a", 4000.0 if "conversions" in head else 500.0)]
    assert [verdict.words for verdict in result.comparisons] == ["not computed: fewer than two arms"]


def test_decimal_commas_with_one_reading_are_read(tmp_path: Path) -> None:
    table = rows("| a | 500 | 42,1 | 18,3 |", "| b | 520 | 45,0 | 19,9 |", head="variant | n | mean | sd")
    found = read(tmp_path, "  stop-date:: 2026-03-01\n" + table)
    assert round(found.comparisons[0].lift or 0, 8) == 0.06888361


def test_a_table_in_the_heading_s_sibling_with_links_and_a_control_that_is_not_first(tmp_path: Path) -> None:
    table = "\t- | Group | **Users** | Converted |\n\t  |:--|--:|--:|\n"
    table += "\t  | [[new]] | 4100 | 471 |\n\t  | *old* | 4000 | 400 |\n"
    found = read(tmp_path, "\t- control:: [[old]]\n\t  split:: 41/40\n\t  stop-date:: 2026-03-01\n" + table)
    assert [(arm.variant, arm.control) for arm in found.arms] == [("new", False), ("old", True)]
    assert [round(item.lift or 0, 8) for item in found.comparisons] == [0.14878049]


def test_what_is_wrong_is_said_with_its_place(tmp_path: Path) -> None:
    session = vault(
        tmp_path,
        "  control:: nobody\n  split:: 50/30/20/0\n  stop-date:: soon\n  mde:: much\n"
        "\t- | variant | n | conversions |\n\t  |--|--|--|\n\t  | a | many | 1 |\n\t  | b | 100 | 10 |\n"
        "\t  | B | 100 | 10 |\n\t  | c | 1 | 1 |\n"
        "\t- | variant | n |\n\t  |--|--|\n\t  | a | 1 |\n",
    )
    assert codes(session) == [
        ("W513", 4, "control:: nobody is not a variant in the table, so nothing is compared"),
        ("W513", 5, "split:: 50/30/20/0 does not match a table of 3 rows, so the arms' sizes are not compared with it"),
        ("W501", 6, "stop-date:: soon is not a date"),
        ("W513", 7, "mde:: much is not understood"),
        ("W512", 10, "n “many” cannot be read, so this row is ignored"),
        ("W512", 12, "“B” already has a row; this one is ignored"),
        (
            "W511",
            14,
            "this result table lacks what was measured (`conversions`, `rate`, or `mean` and `sd`)",
        ),
    ]
    (result,) = report_readout(session, "X").results
    assert [(item.variant, item.lift, item.words) for item in result.comparisons] == [
        ("b", None, "not computed: no arm has the control's name (“nobody”)"),
        ("c", None, "not computed: no arm has the control's name (“nobody”)"),
    ]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("| b | 10 | 11 |", "not computed: an arm has impossible numbers (“b”)"),
        (
            "| b | 10 | 5 |",
            "no verdict on “b”: too few conversions (10 more units in “a” and 10 more units in “b” would be enough)",
        ),
        (
            "| A | 5 | 5 |\n\t  | b | 10 | 0 |",
            "no verdict on “b”: too few conversions",
        ),
    ],
)
def test_numbers_that_cannot_be_compared(tmp_path: Path, row: str, words: str) -> None:
    table = f"\t- | variant | n | conversions |\n\t  |--|--|--|\n\t  | a | 10 | 0 |\n\t  {row}\n"
    (verdict,) = read(tmp_path, "  stop-date:: 2026-03-01\n" + table).comparisons
    assert (verdict.words, verdict.lift) == (words, None)


def test_without_a_table_the_error_names_place_and_remedy(tmp_path: Path) -> None:
    session = vault(tmp_path, "\t- later\n")
    with pytest.raises(RequestError) as raised:
        report_readout(session, "X")
    assert raised.value.message == "pages/X.md:3: “X” has no result table"
    assert raised.value.hint == (
        "write a table with the columns `variant | n | conversions`, or `variant | n | mean | sd`, below this heading"
    )


def test_the_details_of_an_experiment_hold_its_results(tmp_path: Path) -> None:
    session = vault(tmp_path, "  stop-date:: 2026-03-01\n" + PROPORTIONS)
    (detail,) = report_details(session, ["X"]).experiments
    assert detail.results == report_readout(session, "X").results


def test_means_keep_their_unit_and_one_that_is_not_the_metrics_is_found(tmp_path: Path) -> None:
    money = MEANS.replace("42.1", "€42.1").replace("45.0", "€45").replace("18.3", "€18.3").replace("19.9", "€19.9")
    session = vault(tmp_path, money, page="primary:: [[W]]\n", others={"W": "page-type:: [[metric]]\nunit:: min\n"})
    report = report_readout(session, "X")
    (found,) = report.results
    told = [(item.code, item.line, item.message) for item in report.findings]
    assert told == [("W403", 5, "the means of this table are in EUR, but “W” is in min")]
    assert list(report_check(session, select=["W403"]).findings) == list(report.findings)
    assert found.unit == "EUR"
    lines = [line_text(line) for line in readout_screen(report, Surface(width=100))]
    assert [word for line in lines for word in line.split() if word.startswith("€")] == ["€42.10", "€45.00"]


@pytest.mark.parametrize(
    ("mean", "found"),
    [
        ("42.1", [("W513", 3, "mde:: 1pp is in percentage points, but the table has means, so it is not compared")]),
        ("42.1%", []),
    ],
)
def test_points_belong_to_shares(tmp_path: Path, mean: str, found: list[tuple[str, int, str]]) -> None:
    unit = "%" if mean.endswith("%") else ""
    table = (
        f"\t- | variant | n | mean | sd |\n\t  |--|--|--|--|\n\t  | a | 500 | {mean} | 18{unit} |\n"
        f"\t  | b | 520 | 45{unit} | 19{unit} |\n"
    )
    session = vault(tmp_path, "  mde:: 1pp\n" + table)
    assert codes(session) == [(code, line + 1, said) for code, line, said in found]
    (result,) = report_readout(session, "X").results
    assert (result.comparisons[0].minimum_effect is None) == bool(found)


@pytest.mark.parametrize(
    ("columns", "row", "said"),
    [
        ("n | conversions", "4100 | 5000", "conversions “5000”"),
        ("n | conversions", "0 | 0", "n “0”"),
        ("n | mean | sd", "10 | 4 | -3", "sd “-3”"),
    ],
)
def test_a_number_that_cannot_be_right_is_found(tmp_path: Path, columns: str, row: str, said: str) -> None:
    table = f"\t- | variant | {columns} |\n\t  |{'--|' * (columns.count('|') + 2)}\n"
    session = vault(tmp_path, f"{table}\t  | a | 10 | 4 | 2 |\n\t  | b | {row} |\n")
    assert codes(session) == [("W512", 7, f"{said} is impossible, so nothing is computed from this row")]
    (result,) = report_readout(session, "X").results
    assert [arm.variant for arm in result.arms] == ["a", "b"]


@pytest.mark.parametrize(
    ("rows", "control"),
    [(("new", "Control"), "Control"), (("new", "baseline"), "baseline"), (("baseline", "control"), "control")],
)
def test_the_row_that_is_named_so_is_the_control(tmp_path: Path, rows: tuple[str, str], control: str) -> None:
    table = "\t- | variant | n | conversions |\n\t  |--|--|--|\n"
    found = read(tmp_path, table + "".join(f"\t  | {name} | 4000 | {400} |\n" for name in rows))
    assert (found.control, [arm.variant for arm in found.arms if arm.control]) == (control, [control])


def test_nothing_is_better_where_a_metric_is_to_hold(tmp_path: Path) -> None:
    metric = {"W": "page-type:: [[metric]]\ndirection:: hold\n"}
    found = read(tmp_path, "  stop-date:: 2026-03-01\n" + PROPORTIONS, page="primary:: [[W]]\n", others=metric)
    (verdict,) = found.comparisons
    assert (found.better, verdict.words) == ("hold", "“new” differs from “control”")
    assert (verdict.chance_to_win, verdict.risk) == (None, None)
