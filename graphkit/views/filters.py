"""Values escaped for Logseq's syntax, so that none can break out of its place in a page.

The output of a filter is `Safe` and goes into the page as it is; every other value of a template passes through `text`
first. So a title with `]]`, a line break, a leading `#` or `key::` is always only words.
spec: logseq-format §3.1, §3.4, §4.1, §5.1, §5.3, §6.1, §6.2, §6.3 for what begins a construct.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from graphkit.outline.inline import plain_text, read_inline
from graphkit.outline.markers import MARKER_ALTERNATIVES, MARKERS
from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


class Safe(str):
    """Text that may go into a page as it is."""

    __slots__ = ()


_BLANKS = lazy_pattern(r"[\s\x00-\x1f\x7f\x85\u2028\u2029\ufeff]+")
_SURROGATE = lazy_pattern("[\ud800-\udfff]")
_UNLINKABLE = lazy_pattern("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")
_SYNTAX = lazy_pattern(
    r"\\|`|\$|<|#|@@|::(?=\s|\Z)"
    r"|\[(?=[\[:^(]|#[^\r\n]\])|\](?=[\](\[])|\(\(|\{\{|\{:|\^\{|_\{"
)
_OPENING = lazy_pattern(rf"(?:{MARKER_ALTERNATIVES})(?P<after> |\Z)|(?P<number>[0-9]+)\.(?=\s|\Z)|[-*+>|:~_\[=^!\"]")
_NBSP = "\u00a0"
_BAR = lazy_pattern(r"\|")
_CELLS_BREAK = lazy_pattern(r"[|\\]")


def plain(value: object) -> str:
    """The value's words on one line: dates as ISO 8601, nothing for None, runs of white space as one blank."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return _SURROGATE.sub("\ufffd", _BLANKS.sub(" ", str(value))).strip()


def text(value: object) -> Safe:
    """The value as words: every character that would begin a construct is escaped, also at the start of a line."""
    if isinstance(value, Safe):
        return value
    escaped = inline(value)
    match = _OPENING.match(escaped)
    if match is None:
        return escaped
    if match["number"] is not None:
        return Safe(f"{match['number']}\\{escaped[match.end() - 1 :]}")
    if match["after"] is not None:
        # A backslash does not escape a marker; a space that Logseq does not recognise as one does.
        word = match[0].rstrip()
        return Safe(f"{word}{_NBSP}{escaped[match.end() :]}" if match["after"] else f"“{word}”")
    return Safe(f"\\{escaped}")


def inline(value: object) -> Safe:
    """Like `text`, for places in the middle of a line."""
    if isinstance(value, Safe):
        return value
    return Safe(_SYNTAX.sub(_escape, plain(value)))


def _escape(match: re.Match[str]) -> str:
    sign = match[0]
    if sign == "::":
        return ":\\:"
    return "".join(f"\\{character}" for character in sign)


def page_ref(title: object) -> Safe:
    """`[[title]]`; the title as words if no such link can be written (`]]`, line breaks, an empty title)."""
    written = "" if title is None else str(title)
    link = f"[[{written}]]"
    if written.strip() and not _UNLINKABLE.search(written):
        references = read_inline(link).references
        if len(references) == 1 and references[0] == ("page", written, 0, len(link)):
            return Safe(link)
    return text(title)


def page_refs(titles: Iterable[object], separator: str = ", ") -> Safe:
    """One `page_ref` after the other."""
    return Safe(separator.join(page_ref(title) for title in titles))


def block_ref(identity: object, label: object = None) -> Safe:
    """`((id))`, or `[label](((id)))` with a label; only for blocks that have this `id::`."""
    if label is None:
        return Safe(f"(({plain(identity)}))")
    words = re.sub(r"[\[\]]", lambda match: "\\" + match[0], plain_text(plain(label)))
    escaped = re.sub(r"[`$<#]|\{\{|::(?=\s|\Z)|\\(?![\[\]])", _escape, words)
    return Safe(f"[{escaped}](((" + plain(identity) + ")))")


def prop_value(value: object) -> Safe:
    """The value of a `key:: value` line: words on one line, without references.

    Logseq keeps backslashes in property values, so only references are escaped. A value that is
    wholly in double quotes would stay literal text; its quotes become typographic ones.
    """
    if isinstance(value, Safe):
        return value
    words = Safe(plain(value))
    found = read_inline(words)
    if found.references or found.macros:
        words = inline(value)
    if len(words) > 1 and words[0] == '"' == words[-1]:
        words = Safe(f"“{words[1:-1]}”")
    return words


def cell(value: object) -> Safe:
    """The value in a table's cell: as `inline`, with `|` as `∣`, which does not split cells; a dash if empty."""
    words = inline(value)
    return Safe(_BAR.sub("∣", words) or "–")


def cell_ref(title: object) -> Safe:
    """`page_ref` in a table's cell; words if the title holds a character that ends the cell."""
    if title is None or _CELLS_BREAK.search(str(title)):
        return cell(title)
    return cell(page_ref(title))


def words(value: object) -> Safe:
    """A block's text as plain words, without link and emphasis syntax, safe at the start of a line."""
    return text(plain_text(plain(value)))


def cell_words(value: object) -> Safe:
    """As `words`, in a table's cell."""
    return cell(plain_text(plain(value)))


def join(values: Iterable[object], separator: str = "") -> Safe:
    """The values joined by a separator, each of them escaped."""
    return Safe(separator.join(text(value) for value in values))


def day(value: object) -> Safe:
    """A day as 2026-03-31; a dash for no day."""
    return Safe(plain(value) or "–")


def marker(value: object) -> Safe:
    """A task's marker; words if the value is not a marker."""
    word = plain(value)
    return Safe(word) if word in MARKERS else text(value)


FILTERS: Mapping[str, Callable[..., Safe]] = {
    "text": text,
    "inline": inline,
    "page_ref": page_ref,
    "page_refs": page_refs,
    "block_ref": block_ref,
    "prop_value": prop_value,
    "cell": cell,
    "cell_ref": cell_ref,
    "words": words,
    "cell_words": cell_words,
    "join": join,
    "day": day,
    "marker": marker,
}
"""Filters of templates by name."""
