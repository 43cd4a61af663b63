"""Where lists of `*`, `+` and `1.` end; each expectation is what mldoc 1.5.7 makes of the page."""

from __future__ import annotations

import pytest

from graphkit.outline.body import read_body
from graphkit.outline.scanner import scan_page


def keys(text: str) -> list[str]:
    return [prop.key for prop in read_body(scan_page(text), 0).properties]


@pytest.mark.parametrize(
    "text",
    [
        "* a\n  k:: v",
        "* a\n\n  * b\n  k:: v",
        "  * a\n * b\n  k:: v",
        "1. a\n 3000000000 b\n k:: v",
        "* a\n  *\tb\n k:: v",
        "*\tx\n k:: v",
        "* [ ]x\n  k:: v",
    ],
)
def test_a_property_line_in_an_item_is_text(text: str) -> None:
    assert keys(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "* a\n\n\n  k:: v",
        "* a\nk:: v",
        "* [ ]\n  k:: v",
        "* a\n  5 apples\n k:: v",
        "* a\n -3 x\n k:: v",
        "* z\n  * a\n    5f\n k:: v",
        "* z\n  * y\n  * a\n    5f\n k:: v",
        "   * z\n -3 x\n k:: v",
        "* a\n  * b\n\n  * c\n    5x\n   k:: v",
    ],
)
def test_a_number_deeper_in_an_item_undoes_it(text: str) -> None:
    assert keys(text) == ["k"]
