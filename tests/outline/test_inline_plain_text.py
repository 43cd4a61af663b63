"""The text as a reader sees it."""

from __future__ import annotations

import pytest

from graphkit.outline.inline import plain_text

SHOWN = {
    "": "",
    "plain text: 100% sure!": "plain text: 100% sure!",
    "[[Page]] and [[a/b]]": "Page and a/b",
    "[[foo [[bar]] baz]]": "foo bar baz",
    "#tag, #[[a b]]": "tag, a b",
    "**bold** *it* _it_ ~~gone~~ ==hl== ^^hl^^ ***both***": "bold it it gone hl hl both",
    "**a _b_ `c`**": "a b c",
    "`code` and ``two `ticks` ``": "code and two `ticks` ",
    "[label](https://x.y) [**b** `c`](z)": "label b c",
    "![alt](a.png){:width 200}": "alt",
    "[label]([[Page]])": "label",
    "<https://x.y/z> https://x.y/z_a_": "https://x.y/z https://x.y/z_a_",
    "1 \\* 2 \\# 3": "1 * 2 # 3",
    "$a_1$ H_{2}O": "a_1 H2O",
    "<b>bold text</b>": "bold text",
    "snake_case_name 2 * 3 * 4": "snake_case_name 2 * 3 * 4",
    "{{query (task TODO)}} [^1]": "{{query (task TODO)}} [^1]",
    "**[[Page]]**: [l](u)": "Page: l",
    "[[a\\*b]] #c\\*d": "a*b c*d",
}


@pytest.mark.parametrize(("text", "shown"), SHOWN.items())
def test_plain_text(text: str, shown: str) -> None:
    assert plain_text(text) == shown
