"""Mentions as the links that they could be: what to write instead, and where that would change what a task means.

A mention keeps its words: `[[words]]` where these lead to the page, else a link with the words as its label.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.outline.body import read_body
from graphkit.text.edit import Splice
from graphkit.text.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from graphkit.insight.measures import Known, NameKind, NameMention, PageText

_UNSAFE = frozenset("[]#\r\n")
"""Signs that a page's title cannot have inside `[[ ]]`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkSuggestion:
    """One mention and the link in its place."""

    kind: NameKind
    title: str
    """Of what is mentioned."""
    words: str
    """As the page has them."""
    splice: Splice
    line: int
    column: int


def suggest_links(
    text: PageText,
    mentions: Iterable[NameMention],
    *,
    title_of: Callable[[Known], str | None],
    leads_to: Callable[[str, Known], bool],
    labelled: Callable[[str, str], str],
) -> Iterator[LinkSuggestion]:
    """A suggestion for each mention, in page order; of names that share a place the first.

    title_of: None for what needs no link, such as the page itself. leads_to: whether `[[words]]` is a link to it.
    labelled: a link with words and a title, as the vault's dialect writes it. Left out: a task that is nothing but the
    mention, since a task that is only a link counts that page's tasks (domain 3, rule 3).
    """
    whole = text.outline.text
    alone = _lone_texts(text)
    last = -1
    for mention in mentions:
        if mention.start < last or (mention.start, mention.end) in alone:
            continue
        title = title_of(mention.known)
        if title is None or not _UNSAFE.isdisjoint(title):
            continue
        words = whole[mention.start : mention.end]
        link = f"[[{words}]]" if leads_to(words, mention.known) else labelled(words, title)
        last = mention.end
        yield LinkSuggestion(
            kind=mention.known[0],
            title=title,
            words=words,
            splice=Splice(mention.start, mention.end, link),
            line=mention.line,
            column=mention.column,
        )


def _lone_texts(text: PageText) -> frozenset[tuple[int, int]]:
    """Where the title of a task begins and ends, blanks left out."""
    outline = text.outline
    found = []
    for block in outline.blocks:
        body = read_body(outline, block.index)
        if body.marker is None and outline.reader is None:
            continue
        title = outline.text[slice(*body.title)]
        start = body.title[0] + len(title) - len(title.lstrip())
        found.append((start, start + len(title.strip().rstrip(".:"))))
    return frozenset(found)
