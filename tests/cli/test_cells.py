from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphkit.cli.terminal.cells import cut, harmless, width, wrap

WIDTHS = (
    ("plain", 5),
    ("日本", 4),
    ("한글", 4),
    ("ｆｕｌｌ", 8),
    ("é", 1),
    ("e\u0301", 1),
    ("👩\u200d💻", 2),
    ("👍🏽", 2),
    ("❤\ufe0f", 2),
    ("🇩🇪🇫🇷", 4),
    ("a\u200bb", 2),
    ("█▓▒░…·", 6),
    ("", 0),
)


@pytest.mark.parametrize(("text", "cells"), WIDTHS)
def test_width_counts_cells_as_terminals_draw_them(text: str, cells: int) -> None:
    assert width(text) == cells


@pytest.mark.parametrize(
    ("text", "cells", "expected"),
    [
        ("short", 5, "short"),
        ("longer", 5, "long…"),
        ("two words", 5, "two…"),
        ("日本語", 5, "日本…"),
        ("日本語", 4, "日…"),
        ("👩\u200d💻👩\u200d💻", 3, "👩\u200d💻…"),
        ("e\u0301e\u0301e\u0301", 2, "e\u0301…"),
        ("anything", 1, "…"),
        ("anything", 0, ""),
    ],
)
def test_cut_never_splits_a_sign(text: str, cells: int, expected: str) -> None:
    assert cut(text, cells) == expected


@given(st.text(), st.integers(0, 30))
def test_what_is_cut_fits_and_what_fits_is_not_cut(text: str, cells: int) -> None:
    short = cut(text, cells)
    assert width(short) <= cells
    assert (short == text) is (width(text) <= cells)


@given(st.text(), st.integers(2, 30))
def test_wrapped_lines_fit_and_lose_nothing_but_spaces(text: str, cells: int) -> None:
    lines = wrap(text, cells)
    assert all(width(line) <= cells for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_wrap_breaks_inside_a_word_only_where_it_is_too_long() -> None:
    assert wrap("a very-long-word 日本語の文", 6) == ["a", "very-l", "ong-wo", "rd", "日本語", "の文"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("as it is · 日本", "as it is · 日本"),
        ("a\tb\nc\r\nd\u2028e", "a b c  d e"),
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("\x00\x7f\x9b", "\\x00\\x7f\\x9b"),
        ("abc\u202etxt", "abc\\u202etxt"),
        ("caf\udce9", "caf\\udce9"),
    ],
)
def test_text_from_a_vault_cannot_command_a_terminal(text: str, expected: str) -> None:
    assert harmless(text) == expected


@given(st.text())
def test_harmless_text_is_one_line_without_controls_that_any_utf8_stream_takes(text: str) -> None:
    shown = harmless(text)
    assert len(shown.splitlines()) <= 1
    assert not any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 for char in shown)
    shown.encode()
    assert harmless(shown) == shown
