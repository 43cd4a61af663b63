"""The text of a simple query to forms: page references and tags become strings, dates of `between` keywords.

Logseq does this by replacing parts of the text before it reads it, so that its odd readings are kept here too:
`#[[two words]]` names no page, and a `#` after a blank starts a tag wherever it stands. Source: logseq-format 7.1.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from graphkit.query.errors import QueryError
from graphkit.query.query_values import Sequence, Vector, from_form
from graphkit.text.edn import EdnProblem, read_edn
from graphkit.text.edn_atoms import Symbol

if TYPE_CHECKING:
    from collections.abc import Callable

Part: TypeAlias = object
"""A form as a value: `Sequence`, `Vector`, str, Symbol, Keyword, a number …"""

_HASH = "\ue000"
"""Stands for a `#` that starts no tag, while the text is rewritten."""


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {
        "page": re.compile(r"\[\[(.*?)\]\]"),
        "between": re.compile(r"\(between ([^)]+)\)"),
        "string": re.compile(r'"[^"]+"'),
        "tag": re.compile(r'#tag[ ,\t\r\n]*("(?:[^"\\]|\\.)*"|[^\s,()\[\]{}"]+)?', re.DOTALL),
    }


def is_page_ref(text: object) -> bool:
    """True if a string is `[[…]]`."""
    return isinstance(text, str) and text.startswith("[[") and text.endswith("]]") and len(text) >= 4


def page_ref_name(text: str) -> str:
    """The text in `[[…]]`; a text that is not one stays as it is."""
    return text[2:-2] if is_page_ref(text) else text


def rewrite(text: str) -> str:
    """A query's text as EDN can read it."""
    if len(text) > 1 and text[0] == text[-1] == '"':
        return text
    patterns = _patterns()
    text = "\n".join(_closed(patterns["page"], "]]", _page, line) for line in text.split("\n"))
    text = _closed(patterns["between"], ")", _dates, text)
    text = patterns["string"].sub(lambda found: found[0].replace("#", _HASH), text)
    text = text.replace(" #", " #tag ")
    if text.startswith("#"):
        text = "#tag " + text[1:]
    return text.replace(_HASH, "#")


def _closed(pattern: re.Pattern[str], end: str, put: Callable[[re.Match[str]], str], text: str) -> str:
    """A text with each match replaced; it is searched only to the last `end`, so that no opening reads on in vain."""
    head, last, tail = text.rpartition(end)
    return pattern.sub(put, head + last) + tail


def _page(found: re.Match[str]) -> str:
    return '"[[' + found[1].replace("#", _HASH) + ']]"'


def _dates(found: re.Match[str]) -> str:
    words = [_date(word) for word in found[1].split(" ") if word.strip()]
    return f"(between {' '.join(words)})"


def _date(word: str) -> str:
    counted = word[0].isdigit() and word.endswith(("y", "m", "d", "h", "min"))
    return f":{word}" if word[0] in "+-" or counted else word


def read_simple(text: str) -> Part | None:
    """The first form of a simple query; None for an empty text. Raises QueryError where Logseq cannot read it."""
    if not text.strip():
        return None
    source = f"[[{text[1:]}]]" if text.startswith("#") else text
    rewritten = rewrite(source)
    form = read_edn(_without_tags(rewritten))
    if isinstance(form, EdnProblem):
        raise QueryError(form.message, _place(text, rewritten, form.offset))
    return None if form is None else _simplified(from_form(form))


def _without_tags(text: str) -> str:
    """`#tag x` as the string `[[x]]`."""

    def page(found: re.Match[str]) -> str:
        named = found[1]
        if not named:
            raise QueryError("nothing follows '#'", found.start())
        inner = named[1:-1] if named.startswith('"') else named
        return '"[[' + inner.replace('"', '\\"') + ']]"'

    return _outside_strings(text, page)


def _outside_strings(text: str, page: Callable[[re.Match[str]], str]) -> str:
    out: list[str] = []
    index = 0
    tag = _patterns()["tag"]
    while index < len(text):
        if text[index] == '"':
            end = _string_end(text, index)
            out.append(text[index:end])
            index = end
        elif text.startswith("#tag", index) and (found := tag.match(text, index)):
            out.append(page(found))
            index = found.end()
        else:
            out.append(text[index])
            index += 1
    return "".join(out)


def _string_end(text: str, start: int) -> int:
    index = start + 1
    while index < len(text):
        if text[index] == "\\":
            index += 2
            continue
        if text[index] == '"':
            return index + 1
        index += 1
    return len(text)


def _place(text: str, rewritten: str, offset: int) -> int:
    """About where an offset of the rewritten text is in the text: as far from the end, or from the start."""
    if text[:offset] == rewritten[:offset]:
        return offset
    return max(0, min(len(text), len(text) - (len(rewritten) - offset)))


def _simplified(part: Part) -> Part:
    """`(and x)` and `(or x)` as `x`, everywhere."""
    if not isinstance(part, Sequence | Vector):
        return part
    held = type(part)(_simplified(each) for each in part)
    return held[1] if len(held) == 2 and held[0] in {Symbol("and"), Symbol("or")} else held
