from __future__ import annotations

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphkit.app.failures import ChangedError, RequestError
from graphkit.cli.exits import STRENGTH, Exit, exit_of, strongest


def test_the_codes_are_those_that_the_command_line_promises() -> None:
    assert {code.name: int(code) for code in Exit} == {
        "FINE": 0,
        "FINDINGS": 1,
        "USAGE": 2,
        "CONFLICT": 3,
        "PARTIAL": 4,
        "INTERRUPTED": 130,
    }
    assert sorted(STRENGTH) == sorted(Exit)


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ((), Exit.FINE),
        ((Exit.FINE, Exit.FINDINGS), Exit.FINDINGS),
        ((Exit.FINDINGS, Exit.PARTIAL), Exit.PARTIAL),
        ((Exit.PARTIAL, Exit.CONFLICT, Exit.FINDINGS), Exit.CONFLICT),
        ((Exit.CONFLICT, Exit.USAGE), Exit.USAGE),
        ((Exit.INTERRUPTED, Exit.CONFLICT), Exit.INTERRUPTED),
    ],
)
def test_three_beats_four_beats_one(outcomes: tuple[Exit, ...], expected: Exit) -> None:
    assert strongest(*outcomes) is expected


@given(st.lists(st.sampled_from(Exit)), st.lists(st.sampled_from(Exit)))
def test_outcomes_may_be_combined_in_any_order_and_grouping(some: list[Exit], others: list[Exit]) -> None:
    assert strongest(*some, *others) is strongest(strongest(*others), strongest(*some))


@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        (BrokenPipeError(), Exit.FINE),
        (KeyboardInterrupt(), Exit.INTERRUPTED),
        (click.Abort(), Exit.INTERRUPTED),
        (click.UsageError("no such option"), Exit.USAGE),
        (RequestError("no such page"), Exit.USAGE),
        (ChangedError("somebody was faster"), Exit.CONFLICT),
        (PermissionError(), Exit.USAGE),
        (ZeroDivisionError(), Exit.USAGE),
    ],
)
def test_exceptions_have_their_codes(problem: BaseException, expected: Exit) -> None:
    assert exit_of(problem) is expected
