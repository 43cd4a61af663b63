"""At which characters of a text a construct could start at all; knows nothing of what the construct then is.

A text names its own candidates: an opener without a closer does not count. So ordinary text is passed over by one
compiled search, and megabytes of openers without closers cost next to nothing.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphkit.outline.inline.segment import Region

_PATTERNS: Final[dict[str, str]] = {
    "\\": r"\\",
    "[": r"\[",
    "f": r"\[(?=[\^:0-9])",
    "#": r"#(?![ \t\x1a\x0c\r\n#]|\Z)",
    "_": r"_(?!_?(?:[ \t\n\r\x0c]|\Z)|_{6})(?:(?<![^!-/:-@\[-`{-~ \t\n\r\x0c]_)|(?=\{))",
    "*": r"\*(?!\*?(?:[ \t\n\r\x0c]|\Z)|\*{5})",
    "`": r"`",
    "^": r"\^(?:\^(?!\^\^)|\{)",
    "~": r"~~(?!~~)",
    "=": r"==(?!==)",
    "$": r"\$",
    "(": r"\(\(",
    "{": r"\{\{",
    "!": r"!\[",
    "@": r"@@",
    "<": r"<",
    ":": r"://",
}
"""How a candidate looks, by its sign; every pattern starts literally. `f` stands for `[` where nothing can close a
reference or a link, so that only footnotes, dates, cookies and hiccup remain. Nothing opens at a sign that repeats at
once, hence the limits on runs."""

_ALL: Final = "\\[#_*`^~=$({!@<:"
_PAIRS: Final = (("~", "~~"), ("=", "=="), ("@", "@@"), (":", "://"))
_SHORT: Final = 4096
_STAR = lazy_pattern(r"\*(?:(?<![ \t\n\r\x0c]\*)|(?=\*)|\Z)")
_UNDERSCORE = lazy_pattern(r"_(?:(?<![ \t\n\r\x0c]_)|(?=[_{])|\Z)")


def present(text: str) -> str:
    """The signs that are candidates in this text; a short text is not worth the question."""
    if len(text) < _SHORT:
        return _ALL
    signs = [sign for sign in "\\#_*`$" if sign in text]
    signs += [sign for sign, pair in _PAIRS if pair in text]
    if "((" in text and "))" in text:
        signs.append("(")
    if "{{" in text and "}}" in text:
        signs.append("{")
    if "^^" in text or "^{" in text:
        signs.append("^")
    if "<" in text and (">" in text or "@" in text or "<![CDATA[" in text):
        signs.append("<")
    if "[" in text:
        link = "](" in text and ")" in text
        signs.append("[" if link or "]]" in text else "f")
        if link:
            signs.append("!")
    return "".join(signs)


@cache
def candidates(signs: str) -> Callable[[str, int], re.Match[str] | None]:
    """The search for the next candidate of these signs."""
    return re.compile("|".join(_PATTERNS[sign] for sign in signs) or r"(?!)").search


def _bracket(region: Region, at: int) -> bool:
    return region.find("]]", at) >= 0 or (region.find("](", at) >= 0 and region.find(")", at) >= 0)


COULD_CLOSE: Final[dict[str, Callable[[Region, int], bool]]] = {
    "[": _bracket,
    "!": _bracket,
    "(": lambda region, at: region.find("))", at) >= 0,
    "{": lambda region, at: region.find("}}", at) >= 0,
    "`": lambda region, at: region.find("`", at + 1) >= 0,
    "$": lambda region, at: region.find("$", at + 1) >= 0,
    "@": lambda region, at: region.find("@@", at + 1) >= 0,
    "<": lambda region, at: any(region.find(sign, at) >= 0 for sign in (">", "@", "<![CDATA[")),
    "~": lambda region, at: region.find("~~", at + 2) >= 0,
    "=": lambda region, at: region.find("==", at + 2) >= 0,
    "^": lambda region, at: region.find("^^", at + 2) >= 0 or region.find("^{", at + 1) >= 0,
    "*": lambda region, at: region.find_any(_STAR, at + 1) < region.end,
    "_": lambda region, at: region.find_any(_UNDERSCORE, at + 1) < region.end,
}
"""True if a sign that opened nothing at a place can open something further on."""
