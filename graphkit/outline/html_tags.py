"""HTML elements as Logseq's parser knows them, and where their tags are closed (spec: logseq-format §3.4)."""

from __future__ import annotations

from typing import Final

from graphkit.text.patterns import lazy_pattern

KNOWN_TAGS: Final = frozenset(
    """
    a abbr address area article aside audio b base bdi bdo blockquote body br button canvas caption cite code col
    colgroup data datalist dd del details dfn div dl dt em embed fieldset figcaption figure footer form h1 h2 h3 h4 h5
    h6 head header hr html i iframe img input ins kbd keygen label legend li link main map mark meta meter nav noscript
    object ol optgroup option output p param pre progress q rb rp rt rtc ruby s samp script section select small source
    span strong style sub summary sup table tbody td template textarea tfoot th thead time title tr track u ul var
    video wbr
    """.split()  # noqa: SIM905 - a word list reads better than a column of quotes
)
"""The elements that Logseq's parser knows (observed); others do not swallow."""

TAG_NAME: Final = "[A-Za-z][A-Za-z0-9]*+"
_TAG: Final = lazy_pattern(rf"<(?:({TAG_NAME})(?=[ \t>])|/({TAG_NAME})>)")


def match_tags(text: str, at: int, end: int) -> dict[int, int]:
    """For each opening tag that is closed, where its closing tag ends.

    Openers of one name nest only when written in the same case; a closing tag fits all cases (observed in
    Logseq's parser).
    """
    ends: dict[int, int] = {}
    waiting: dict[str, dict[str, list[int]]] = {}
    for tag in _TAG.finditer(text, at, end):
        name = tag[1]
        if name:
            if name.lower() in KNOWN_TAGS:
                waiting.setdefault(name.lower(), {}).setdefault(name, []).append(tag.start())
        else:
            spellings = waiting.get(tag[2].lower())
            if spellings:
                for spelling in tuple(spellings):
                    ends[spellings[spelling].pop()] = tag.end()
                    if not spellings[spelling]:
                        del spellings[spelling]
    return ends
