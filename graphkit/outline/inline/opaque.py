"""Constructs that hide what stands in them: HTML, hiccup, addresses, dates, export snippets (spec: logseq-format §6.3).

Each function tells where the construct at a place ends, or -1. None of them knows what a reference is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from graphkit.outline.html_tags import KNOWN_TAGS
from graphkit.outline.inline.segment import Levels
from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    from graphkit.outline.inline.segment import Region

_TAG_NAME_END = lazy_pattern(r"[ \t\x1a\x0c>]")
_HICCUP_NAME_END = lazy_pattern(r"[ \t\x1a\x0c\].#]")
_AUTOLINK_END = lazy_pattern(r"[ \t\x1a\x0c>\r\n]")
_AUTOLINK = lazy_pattern(r"<[A-Za-z0-9]+:(?://)?")
_EMAIL = lazy_pattern(r"<[^<>@, \r\n\t]+@[^<>@, \r\n\t'\"]+>?")
_PROTOCOL = lazy_pattern(r"[A-Za-z0-9]+://")
_HOST = lazy_pattern(r"[^ \t\x1a\x0c\r\n\[\]<>{}()/?#]+")
_PATH = lazy_pattern(r"[^ \t\x1a\x0c\r\n()\[\],;.!?]+")
_SNIPPET_NAME_END = lazy_pattern(r"[ \t\x1a\x0c\r\n:]")
_SNIPPET = lazy_pattern(r": [^@\r\n]+@@")
_HTML_STEP = lazy_pattern(r"<(/?)([A-Za-z][A-Za-z0-9]*)([ >])")


def html_end(region: Region, at: int) -> int:
    """End of the HTML element, comment, declaration or instruction that starts with the `<` at `at`."""
    text, end = region.text, region.end
    if end - at < 10 and len(text[at:end].encode("utf-8", "surrogatepass")) < 10:
        return -1
    for opener, closer in (("<?", "?>"), ("<!--", "-->"), ("<![CDATA[", "]]"), ("<!", ">")):
        if text.startswith(opener, at, end):
            found = region.find(closer, at + len(opener))
            empty = closer == ">" and found == at + len(opener)
            return found + len(closer) if found >= 0 and not empty else -1
    return _element_end(region, at)


def _element_end(region: Region, at: int) -> int:
    text, end = region.text, region.end
    name_end = region.find_any(_TAG_NAME_END, at + 1)
    if not 0 < name_end - at - 1 < 12 or name_end >= end:
        return -1
    name = text[at + 1 : name_end]
    if name.lower() not in KNOWN_TAGS:
        return -1
    levels = _levels(region, name)
    found = levels.leaving(name_end) if levels else -1
    if found >= 0:
        return found + len(name) + 3
    found = region.find("/>", name_end)
    return found + 2 if found >= 0 else -1


def _levels(region: Region, name: str) -> Levels | None:
    """Nesting of the elements of one name: openers count as they are spelled, closers in any case."""
    if region.html is None:
        region.html = {}
        for match in _HTML_STEP.finditer(region.text, region.start, region.end):
            if not match[1]:
                region.html.setdefault("<" + match[2], []).append((match.start(), 1))
            elif match[3] == ">":
                region.html.setdefault("/" + match[2].lower(), []).append((match.start(), -1))
    if name not in region.html_levels:
        closers = region.html.get("/" + name.lower(), [])
        if not region.affordable("html"):
            return None
        region.spend("html", len(closers))
        region.html_levels[name] = Levels(sorted(closers + region.html.get("<" + name, [])))
    return region.html_levels[name]


def hiccup_end(region: Region, at: int) -> int:
    """End of the hiccup vector that starts with the `[:` at `at`; brackets inside strings do not close it."""
    text, end = region.text, region.end
    name_end = region.find_any(_HICCUP_NAME_END, at + 2)
    if not 0 < name_end - at - 2 < 12 or text[at + 2 : name_end].lower() not in KNOWN_TAGS:
        return -1
    if not region.affordable("hiccup"):
        return -1
    level, quotes, place = 1, 0, name_end
    while True:
        close = text.find("]", place, end)
        if close < 0:
            region.spend("hiccup", end - at)
            return -1
        piece = text[place:close]
        quotes += piece.count('"') - piece.count('\\"')
        level += piece.count("[:") - (quotes % 2 == 0)
        place = close + 1
        if level <= 0:
            return place


def autolink_end(region: Region, at: int) -> int:
    """End of `<protocol:…>` or `<name@host>` at `at`."""
    text, end = region.text, region.end
    match = _AUTOLINK.match(text, at, end)
    if match:
        found = region.find_any(_AUTOLINK_END, match.end())
        if found > match.end() and text.startswith(">", found, end):
            return found + 1
    return -1


def email_end(region: Region, at: int) -> int:
    """End of `<name@host>` at `at`; the closing sign may be missing."""
    match = _EMAIL.match(region.text, at, region.end)
    return match.end() if match else -1


def url_end(region: Region, at: int) -> int:
    """End of the bare address that starts at `at`: a protocol, a host, then up to white space with brackets paired."""
    text, end = region.text, region.end
    match = _PROTOCOL.match(text, at, end)
    if not match:
        return -1
    host = _HOST.match(text, match.end(), end)
    if not host:
        return -1
    place = host.end()
    if place < end and text[place] in "/?#":
        place = _path_end(region, place + 1)
    return place


def _path_end(region: Region, place: int) -> int:
    text, end = region.text, region.end
    open_brackets: list[str] = []
    while place < end:
        match = _PATH.match(text, place, end)
        if match:
            place = match.end()
            continue
        char = text[place]
        if char in "([":
            open_brackets.append(")" if char == "(" else "]")
        elif char in ")]":
            while open_brackets and open_brackets[-1] != char:
                open_brackets.pop()
            if not open_brackets:
                break
            open_brackets.pop()
        elif char not in ",;.!?" or place + 1 >= end or text[place + 1] in " \t\x1a\x0c\r\n":
            break
        place += 1
    return place


def snippet_end(region: Region, at: int) -> int:
    """End of `@@name: content@@` at `at`."""
    text, end = region.text, region.end
    name_end = region.find_any(_SNIPPET_NAME_END, at + 2)
    if name_end == at + 2:
        return -1
    match = _SNIPPET.match(text, name_end, end)
    return match.end() if match else -1


def date_end(region: Region, at: int) -> int:
    """End of the date or range of dates at `at`: `<2024-01-05 Fri 10:00 +1w>`, `[…]`, `<…>--<…>`.

    spec: logseq-format §5.4.
    """
    end = _single_date_end(region, at)
    if end >= 0 and region.text.startswith("--", end, region.end):
        second = _SPACES.match(region.text, end + 2, region.end)
        second_end = _single_date_end(region, second.end()) if second else -1
        return second_end if second_end >= 0 else end
    return end


def _single_date_end(region: Region, at: int) -> int:
    text, end = region.text, region.end
    date = _DATE.match(text, at, end)
    if not date:
        return -1
    kind = text[at]
    word_end = region.find_any(_DATE_WORD_END[kind], date.end())
    known = region.dates.get((kind, word_end))
    if known is None:
        rest = _DATE_REST[kind].match(text, word_end, end)
        known = region.dates[kind, word_end] = rest.end() if rest else -1
    return known


_SPACES = lazy_pattern(r"[ \t\x1a\x0c]*")
_DATE = lazy_pattern(r"[<\[](?:[-+]?\d[\d_]*+-){2}[-+]?\d", re.ASCII)
_DATE_WORD_END: Final = {"<": lazy_pattern(r"[ \t\x1a\x0c>]"), "[": lazy_pattern(r"[ \t\x1a\x0c\]]")}
_DATE_REST: Final = {
    opener: lazy_pattern(rf"[ \t\x1a\x0c][A-Za-z]+(?:[ \t\x1a\x0c][^ \t\x1a\x0c{close}]+){{0,2}}{close}")
    for opener, close in (("<", ">"), ("[", "\\]"))
}
