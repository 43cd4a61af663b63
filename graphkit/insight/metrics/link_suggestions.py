"""Mentions as the links that they could be: what to write instead, and where that would change what a text means.

A mention keeps its words: `[[words]]` where these lead to the page, else a link with the words as its label. A link is
suggested only where it would be read as one, and leads to everything that the words mention. None is suggested for a
part of a longer word: of one with hyphens, an address or a citation key (`a@b.org`, `@key`), a name over two lines.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Final

from graphkit.facts.dialects import inline_of
from graphkit.insight.metrics.prose import mask
from graphkit.outline.body import read_body
from graphkit.text.edit import Splice, apply_splices
from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from graphkit.insight.metrics.mentions import MentionIndex
    from graphkit.insight.metrics.metric_links import Known, NameKind, NameMention, PageText
    from graphkit.outline.inline import Reference
    from graphkit.outline.page_outline import Outline
    from graphkit.text.span import Span


_JOINED_BEFORE: Final = lazy_pattern(r"(?:@[\w.+-]*|[^\W_]-)\Z")
_JOINED_BEHIND: Final = lazy_pattern(r"[\w.+-]*@|-[^\W_]")
_NEAR: Final = 80
"""So many characters on each side are looked at for the word that a mention is a part of."""


class LinkSuggestion(Record, frozen=True, kw_only=True):
    """One mention and the link in its place."""

    kind: NameKind
    title: str
    """Of what is mentioned; of several the first."""
    words: str
    """As the page has them."""
    splice: Splice
    target: str
    """Of the link."""
    prose: Span
    """The stretch of prose around it."""
    line: int
    column: int


def suggest_links(
    text: PageText,
    mentions: Iterable[NameMention],
    *,
    index: MentionIndex[Known],
    title_of: Callable[[Known], str | None],
    leads_to: Callable[[str, Known], bool],
    labelled: Callable[[str, str], str],
) -> Iterator[LinkSuggestion]:
    """A suggestion for each mention, in page order; names that share a place have one link.

    index: with which the mentions were found. title_of: None for what needs no link, such as the page itself.
    leads_to: whether `[[words]]` is a link to it. labelled: a link with words and a title, as the vault's dialect
    writes it. Left out: a task that is nothing but the mention, since a task that is only a link counts that page's
    tasks (spec: domain §3.3); what no one link can mean, since then a relation would be lost; places in which no link
    is read (spec: logseq-format §6.3).
    """
    whole = text.outline.text
    alone = _lone_texts(text)
    found: list[LinkSuggestion] = []
    for (start, end), group in groupby(
        _whole_words(text.outline, mentions, index), key=lambda mention: (mention.start, mention.end)
    ):
        first, *others = group
        known = [mention.known for mention in (first, *others)]
        titles = {item: title for item in known if (title := title_of(item)) is not None}
        words = whole[start:end]
        target = None if (start, end) in alone else _target(words, titles, leads_to)
        link = "" if target is None else f"[[{words}]]" if target == words else labelled(words, target)
        in_row = "|" in link and "|" in whole[whole.rfind("\n", 0, start) + 1 : start]
        if target is not None and not in_row:
            kind, _ = next(iter(titles))
            found.append(
                LinkSuggestion(
                    kind=kind,
                    title=next(iter(titles.values())),
                    words=words,
                    splice=Splice(start, end, link),
                    target=target,
                    prose=first.prose,
                    line=first.line,
                    column=first.column,
                )
            )
    for prose, suggestions in groupby(found, key=lambda suggestion: suggestion.prose):
        yield from _readable(text, prose, list(suggestions))


def _whole_words(
    outline: Outline, mentions: Iterable[NameMention], index: MentionIndex[Known]
) -> Iterator[NameMention]:
    """The mentions that are no part of a longer word, nor of a name that goes on behind the end of a line."""
    whole = outline.text
    blocks = [block.start for block in outline.blocks]
    for number, group in groupby(mentions, key=lambda mention: bisect_right(blocks, mention.start) - 1):
        block = outline.blocks[number]
        broken = _names_over_lines(whole[block.start : block.end], index)
        starts = [span.start + block.start for span in broken]
        for mention in group:
            before = whole[max(mention.start - _NEAR, block.start) : mention.start]
            behind = whole[mention.end : min(mention.end + _NEAR, block.end)]
            last = bisect_left(starts, mention.end) - 1
            apart = last < 0 or broken[last].end + block.start <= mention.start
            if apart and not _JOINED_BEFORE.search(before) and not _JOINED_BEHIND.match(behind):
                yield mention


def _names_over_lines(text: str, index: MentionIndex[Known]) -> list[Span]:
    """Where a name would stand if a line end in a paragraph were a blank."""
    if "\n" not in text:
        return []
    lines = mask(text).split("\n")
    ends = [" " if line.strip() and behind.strip() else "\n" for line, behind in pairwise(lines)]
    joined = "".join(line.replace("\r", " ") + end for line, end in zip(lines, [*ends, ""], strict=True))
    found = (mention.span for mention in index.find(joined, masked=True))
    return [span for span in found if "\n" in text[span.start : span.end]]


def _target(words: str, titles: Mapping[Known, str], leads_to: Callable[[str, Known], bool]) -> str | None:
    """What a link has to name to lead to all that is mentioned: the words, or a title; None where nothing does."""
    named = (words, *titles.values()) if titles and " ".join(words.split()) == words else titles.values()
    return next((name for name in named if all(leads_to(name, known) for known in titles)), None)


def _readable(text: PageText, prose: Span, suggestions: Sequence[LinkSuggestion]) -> Sequence[LinkSuggestion]:
    """Those of one stretch of prose that are read as links, all other references there staying what they are.

    Not in math, HTML or hiccup, nor where a bracket before it is still open.
    """
    before = text.outline.text[prose.start : prose.end]
    own = _counted(inline_of(text.outline, before).references)
    for _ in range(3):  # without one that fails another may fail
        splices = [
            Splice(item.splice.start - prose.start, item.splice.end - prose.start, item.splice.text)
            for item in suggestions
        ]
        references = inline_of(text.outline, apply_splices(before, splices)).references
        links = {(item.start, item.end, item.target) for item in references if item.kind == "page"}
        kept, grown = [], 0
        for item, splice in zip(suggestions, splices, strict=True):
            start = splice.start + grown
            grown += len(splice.text) - (splice.end - splice.start)
            if (start, start + len(splice.text), item.target) in links:
                kept.append(item)
        if len(kept) == len(suggestions):
            return suggestions if own <= _counted(references) else ()
        suggestions = kept
    return ()


def _counted(references: Iterable[Reference]) -> Counter[tuple[str, str]]:
    return Counter((reference.kind, reference.target) for reference in references)


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
