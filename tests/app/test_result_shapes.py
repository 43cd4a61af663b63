"""Result tables in the shapes and languages in which teams write them, and those that cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from result_vault import codes, read, report, rows, vault

from graphkit.app.failures import RequestError
from graphkit.app.reading.readout import report_readout

if TYPE_CHECKING:
    from pathlib import Path

_NEITHER = "this result table lacks the number of units (`n`) and what was measured"
OVER = "  stop-date:: 2026-03-01\n"
SHARES = [("control", 4000.0, 400.0), ("new", 4100.0, 471.0)]


@pytest.mark.parametrize(
    ("head", "lines"),
    [
        ("variant | n | conversions", ["| control | 4000 | 400 |", "| new | 4100 | 471 |"]),
        ("signups | variant | visitors", ["| 400 | control | 4000 |", "| 471 | new | 4,100 |"]),
        ("Group | # users | Orders", ["| control | 4000 | 400 |", "| **new** | 4100 | 471 |"]),
        ("variant | users | rate", ["| control | 4000 | 10.0% |", "| new | 4100 | 11.49% |"]),
        ("variant | users | conversion rate (%)", ["| control | 4000 | 10.0 |", "| new | 4100 | 11.49 |"]),
        ("variant | users | signups | rate", ["| control | 4000 | 400 | 10% |", "| new | 4100 | 471 | 11.5% |"]),
        ("variant | conversions", ["| control | 400/4000 |", "| new | 471 of 4100 |"]),
        ("variant | result", ["| control | 10% (400/4000) |", "| new | 471/4100 (11.5%) |"]),
        ("Landing page | visitors | successes", ["| control | 4000 | 400 |", "| new | 4100 | 471 |"]),
        (" | sessions | purchases", ["| control | 4000 | 400 |", "| new | 4100 | 471 |"]),
        ("Metric | control | new", ["| Users | 4000 | 4100 |", "| Conversions | 400 | 471 |"]),
        ("Metric | control | new | lift", ["| Users | 4000 | 4100 | |", "| Conversions | 400 | 471 | +15% |"]),
        (" | control | new", ["| Trial | 400/4000 | 471/4100 |"]),
        ("variant | n | conversions | p-value", ["| control | 4000 | 400 | |", "| new | 4100 | 471 | .04 |"]),
        (
            "variant | n | conversions",
            ["| control | 4000 | 400 |", "| new | 4100 | 471 |", "| Total | 8100 | 871 |", "| | | |"],
        ),
        ("Variante | Nutzer | Bestellungen", ["| control | 4000 | 400 |", "| new | 4100 | 471 |"]),
        ("Gruppe | Stichprobe | Konversionsrate", ["| control | 4000 | 10,0 % |", "| new | 4100 | 11,49 % |"]),
        ("Variante | Utilisateurs | Commandes", ["| control | 4000 | 400 |", "| new | 4100 | 471 |"]),
        ("Groupe | Effectif | Taux de conversion", ["| control | 4000 | 10,0 % |", "| new | 4100 | 11,49 % |"]),
        ("Grupo | Usuarios | Pedidos", ["| control | 4000 | 400 |", "| new | 4100 | 471 |", "| Todos | 8100 | 871 |"]),
        ("Versão | Sessões | Inscrições", ["| control | 4000 | 400 |", "| new | 4100 | 471 |"]),
        ("变体 | 用户数 | 转化数", ["| control | 4000 | 400 |", "| new | 4100 | 471 |", "| 合计 | 8100 | 871 |"]),
    ],
)
def test_shares_in_every_shape(tmp_path: Path, head: str, lines: list[str]) -> None:
    session = vault(tmp_path, OVER + rows(*lines, head=head))
    assert codes(session) == []
    found = read(tmp_path / "again", OVER + rows(*lines, head=head))
    assert [(arm.variant, arm.n, arm.conversions) for arm in found.arms] == SHARES
    assert (found.control, found.comparisons[0].outcome) == ("control", "better")


@pytest.mark.parametrize(
    ("head", "lines", "interval"),
    [
        ("variant | n | mean | sd", ["| a | 500 | 42.1 | 18.3 |", "| b | 520 | 45.0 | 19.9 |"], "+1.3% to +12.8%"),
        ("Gruppe | Fallzahl | Mittelwert | Standardabweichung",
         ["| a | 500 | 42,1 | 18,3 |", "| b | 520 | 45,0 | 19,9 |"], "+1.3% to +12.8%"),
        ("groupe | n | moyenne | écart-type", ["| a | 500 | 42,1 | 18,3 |", "| b | 520 | 45,0 | 19,9 |"],
         "+1.3% to +12.8%"),
        ("grupo | n | media | desviación típica", ["| a | 500 | 42.1 | 18.3 |", "| b | 520 | 45.0 | 19.9 |"],
         "+1.3% to +12.8%"),
        ("variant | mean | se", ["| a | 42.1 | 0.8 |", "| b | 45.0 | 0.9 |"], "+1.3% to +12.8%"),
        ("metric | a | b", ["| n | 500 | 520 |", "| average | 42.1 | 45.0 |", "| std dev | 18.3 | 19.9 |"],
         "+1.3% to +12.8%"),
    ],
)  # fmt: skip
def test_means_in_every_shape(tmp_path: Path, head: str, lines: list[str], interval: str) -> None:
    found = read(tmp_path, OVER + rows(*lines, head=head))
    assert [(arm.variant, arm.mean) for arm in found.arms] == [("a", 42.1), ("b", 45.0)]
    assert found.comparisons[0].interval_text == interval


@pytest.mark.parametrize(
    ("head", "lines"),
    [
        ("variant | Signup | Refund", ["| a | 400/4000 | 84/4000 |", "| b | 471/4100 | 82/4100 |"]),
        ("variant | n | Signup | Refund", ["| a | 4000 | 10.0% | 2.1% |", "| b | 4100 | 11.49% | 2.0% |"]),
        ("Metric | a | b", ["| [[Signup]] | 400/4000 | 471/4100 |", "| Refund | 84/4000 | 82/4100 |"]),
        (
            "Metric | a | b | p",
            ["| n | 4000 | 4100 | |", "| Signup | 10.0% | 11.49% | .03 |", "| Refund | 2.1% | 2.0% | |"],
        ),
    ],
)
def test_one_table_may_hold_several_metrics(tmp_path: Path, head: str, lines: list[str]) -> None:
    found = report(tmp_path, OVER + rows(*lines, head=head), page="primary:: [[Signup]]\nguardrails:: [[Refund]]\n")
    shown = [(result.metric, result.role, [arm.conversions for arm in result.arms]) for result in found.results]
    assert shown == [("Signup", "primary", [400.0, 471.0]), ("Refund", "guardrail", [84.0, 82.0])]


def test_tables_of_their_own_metrics(tmp_path: Path) -> None:
    """By `metric::` beside the table, by a block above it that is its name, by `primary::` otherwise."""
    table = rows("| a | 4000 | 400 |", "| b | 4100 | 471 |")
    deeper = table.replace("\t", "\t\t")
    text = f"  primary:: [[P]]\n{OVER}{table}\t- metric:: [[Q]]\n{table}\t- [[R]]\n{deeper}{table}"
    found = report(tmp_path, text)
    assert [(result.metric, result.role) for result in found.results] == [
        ("P", "primary"), ("Q", "secondary"), ("R", "secondary"), ("P", "primary"),
    ]  # fmt: skip


def test_a_split_begins_with_the_control(tmp_path: Path) -> None:
    table = rows("| new | 1000 | 120 |", "| old | 9000 | 900 |")
    found = read(tmp_path, f"  control:: old\n  split:: 90/10 (control first)\n{OVER}{table}")
    assert (found.ratio_p_value, found.ratio_mismatch) == (1.0, False)


def test_a_team_has_words_of_its_own(tmp_path: Path) -> None:
    table = rows(
        "| ohne | 4000 | 400 |", "| mit | 4100 | 471 |", "| Schnitt | 8100 | 871 |", head="Zweig | Köpfe | Treffer"
    )
    settings = "[results]\n" + "".join(
        f'{kind} = ["{word}"]\n'
        for kind, word in (
            ("variant", "Zweig"), ("n", "Köpfe"), ("conversions", "Treffer"), ("total", "Schnitt"), ("control", "mit"),
        )
    )  # fmt: skip
    (found,) = report(tmp_path, OVER + table, settings=settings).results
    assert [(arm.variant, arm.control, arm.n) for arm in found.arms] == [("ohne", False, 4000.0), ("mit", True, 4100.0)]


@pytest.mark.parametrize(
    ("head", "lines", "message"),
    [
        ("variant | n", ["| a | 1 |", "| b | 2 |"],
         "this result table lacks what was measured"),
        ("variant | signups", ["| a | 10 |", "| b | 20 |"], "this result table lacks the number of units (`n`)"),
        ("variant | n | mean", ["| a | 10 | 4 |", "| b | 20 | 5 |"],
         "this result table lacks the standard deviation (`sd`)"),
        ("Metric | A | B", ["| Signup | 10% | 11% |", "| Refund | 2% | 3% |"], _NEITHER),
        ("x | y | z", ["| a | 1/2 | 3/4 |", "| b | 3/9 | 1/4 |"],
         "this table does not say whether its rows or its columns are the variants"),
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_read_is_a_finding(tmp_path: Path, head: str, lines: list[str], message: str) -> None:
    session = vault(tmp_path, OVER + rows(*lines, head=head))
    ((code, line, told),) = codes(session)
    assert (code, line, told.removesuffix(" (`conversions`, `rate`, or `mean` and `sd`)")) == ("W511", 5, message)


@pytest.mark.parametrize(
    ("head", "lines"),
    [
        ("Metric | Threshold | Action", ["| Conversion rate | 10% | stop |", "| NPS | 40 | stop |"]),
        ("Metric | Baseline | Target", ["| Signup | 10% | 12% |", "| Refund | 2% | 3% |"]),
        ("Who | What | When", ["| Ana | ships | Monday |", "| Ben | tests | Friday |"]),
    ],
)
def test_other_tables_are_left_alone(tmp_path: Path, head: str, lines: list[str]) -> None:
    session = vault(tmp_path, OVER + rows(*lines, head=head))
    assert codes(session) == []


@pytest.mark.parametrize(
    ("head", "line", "message"),
    [
        ("variant | n | rate", "| b | 4100 | 11.49 |", "rate “11.49” may be a fraction or a percentage"),
        ("variant | n | rate", "| b | 10 | 33% |", "rate “33%” is not a possible share of 10 units"),
        ("variant | n | conversions | rate", "| b | 4100 | 471 | 14% |", "rate “14%” is not 471 of 4100"),
        ("variant | n | conversions", "| b | 4100 | 471/4200 |", "n “4100” differs from the n of “471/4200”"),
    ],
)
def test_numbers_that_contradict_each_other_are_left_out(tmp_path: Path, head: str, line: str, message: str) -> None:
    first = "| a | 4000 | 400 | 10% |" if head.endswith("conversions | rate") else "| a | 4000 | 10% |"
    first = first if "rate" in head else "| a | 4000 | 400 |"
    session = vault(tmp_path, OVER + rows(first, line, head=head))
    assert codes(session) == [("W512", 8, f"{message}, so this row is ignored")]


def test_a_column_of_numbers_that_nobody_knows_is_named(tmp_path: Path) -> None:
    session = vault(
        tmp_path, OVER + rows("| a | 9 | 3 | 4 |", "| b | 9 | 4 | 4 |", head="variant | n | conversions | refunds")
    )
    assert codes(session) == [("W511", 5, "“refunds” is not a known column of a result table, so it is ignored")]


def test_a_rounded_rate_says_what_it_leaves_open(tmp_path: Path) -> None:
    table = rows("| a | 400000 | 10% |", "| b | 400000 | 11% |", head="variant | n | rate")
    found = read(tmp_path, f"  split:: 50/50\n{OVER}{table}")
    assert found.words == (
        "the rate of “a” is rounded, so its conversions are known only to within ±2,000: write the conversions",
    )


def test_a_wrong_plan_and_sample_are_findings(tmp_path: Path) -> None:
    session = vault(
        tmp_path, f"  plan:: yes\n  sample:: many\n  margin:: big\n{OVER}" + rows("| a | 9 | 3 |", "| b | 9 | 4 |")
    )
    assert codes(session) == [
        ("W513", 4, "plan:: yes is not understood"),
        ("W513", 5, "sample:: many is not understood"),
        ("W513", 6, "margin:: big is not understood"),
    ]


def test_a_result_without_a_table_that_can_be_read_names_the_finding(tmp_path: Path) -> None:
    session = vault(tmp_path, OVER + rows("| a | 1 |", "| b | 2 |", head="variant | n"))
    with pytest.raises(RequestError, match="lacks what was measured"):
        report_readout(session, "X")
