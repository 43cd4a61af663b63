"""Which metrics an experiment measures and which strategies it tests, by written links and by mentions (domain 2)."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Final, Literal

from graphkit.facts.property_values import read_names
from graphkit.insight.mentions import MentionIndex
from graphkit.outline.body import read_body
from graphkit.outline.inline import read_inline
from graphkit.text.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping

    from graphkit.facts.values import PageFacts
    from graphkit.insight.metric_names import Metric, MetricNames
    from graphkit.outline.tree import Outline
    from graphkit.text.source import SourceText

How = Literal["primary", "guardrail", "key-metric", "linked", "mention"]
HOWS: Final[tuple[How, ...]] = ("primary", "guardrail", "key-metric", "linked", "mention")
"""How something measures a metric, the strongest first (domain 2)."""

NameKind = Literal["metric", "strategy", "goal"]
Known = tuple[NameKind, str]
"""What a name stands for: its kind and its key."""

_PROPERTY_HOW: Final[Mapping[str, How]] = {"primary": "primary", "guardrails": "guardrail", "metrics": "linked"}
_NO_LINK_OF_ITS_OWN: Final = frozenset({"alias", "page-type", "type"})
_LINK: Final = re.compile(r"\[\[([^\[\]\r\n]+)\]\]|#([^\s#,!?'\":.;\[\]]+)")
_OPAQUE: Final = ("```", "~~~", "#+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One metric that a page measures, the strongest way in which it does, and where that stands first."""

    metric: Metric
    how: How
    path: str
    line: int
    column: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class NameMention:
    """One known name in a text, not linked."""

    known: Known
    start: int
    end: int
    """In the page's text."""
    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """A page read again, with the blocks that graphkit wrote itself."""

    source: SourceText
    outline: Outline
    generated: Container[int]


def known_names(
    names: MetricNames, strategies: Iterable[tuple[str, str]], goals: Iterable[tuple[str, str]]
) -> MentionIndex[Known]:
    """The index of everything that can be mentioned: metrics, declared or not, strategies and goals.

    strategies, goals: pairs of a name and its key.
    """
    known: list[tuple[str, Known]] = [(name, ("metric", metric.key)) for name, metric in names.spellings()]
    known += ((name, ("strategy", key)) for name, key in strategies)
    known += ((name, ("goal", key)) for name, key in goals)
    return MentionIndex(known)


def written_measures(page: PageFacts, names: MetricNames) -> list[Measure]:
    """What the page's properties and `#metric` lines say it measures, without a look at its text; each metric once."""
    found: list[Measure] = []
    for key, how in _PROPERTY_HOW.items():
        for title in read_names(page.properties.get(key, "")):
            metric = names.resolve(title)
            if metric is not None:
                line = page.property_lines.get(key, 1)
                found.append(Measure(metric=metric, how=how, path=page.path, line=line))
    for sighting in page.sightings:
        metric = names.resolve_key(sighting.metric) if sighting.kind == "property" else names.resolve(sighting.metric)
        if metric is not None:
            found.append(
                Measure(metric=metric, how="linked", path=page.path, line=sighting.line, column=sighting.column)
            )
    return strongest(found)


def strongest(found: Iterable[Measure]) -> list[Measure]:
    """Each metric once, by its strongest way; in the order of strength, then as found."""
    kept: dict[str, Measure] = {}
    for measure in found:
        before = kept.get(measure.metric.key)
        if before is None or HOWS.index(measure.how) < HOWS.index(before.how):
            kept[measure.metric.key] = measure
    return sorted(kept.values(), key=lambda measure: HOWS.index(measure.how))


def linked_measures(page: PageFacts, text: PageText, names: MetricNames) -> Iterator[Measure]:
    """Written links to metrics in the page's blocks; those in a block's `primary::`, `guardrails::` count so."""
    if not len(names):
        return
    whole = text.outline.text
    bodies = _Bodies(text)
    for match in _LINK.finditer(whole):
        metric = names.linked(match[1] or match[2])
        if metric is None:
            continue
        how = bodies.link_how(
            match.start() - (1 if match[1] and whole[match.start() - 1 : match.start()] == "#" else 0)
        )
        if how is not None:
            place = text.source.position(match.start())
            yield Measure(metric=metric, how=how, path=page.path, line=place.line, column=place.column)


def find_mentions(text: PageText, index: MentionIndex[Known]) -> Iterator[NameMention]:
    """The known names in the prose of a page, in order; generated blocks, code, links and properties left out."""
    whole = text.outline.text
    bodies = _Bodies(text)
    if any(sign in whole for sign in _OPAQUE):
        # A fence that one block leaves open must not hide what stands in others.
        ranges: Iterable[tuple[int, int]] = ((block.start, block.end) for block in text.outline.blocks)
    else:
        ranges = ((0, len(whole)),)
    for start, end in ranges:
        for mention in index.find(whole[start:end]):
            at = start + mention.span.start
            if bodies.is_prose(at):
                place = text.source.position(at)
                yield NameMention(
                    known=mention.key, start=at, end=start + mention.span.end, line=place.line, column=place.column
                )


class _Bodies:
    """Asks what a place of a page's text is; reads each block, and orders its parts, at most once."""

    def __init__(self, text: PageText) -> None:
        self._outline = text.outline
        self._generated = text.generated
        self._starts = [block.start for block in text.outline.blocks]
        self._parts: dict[int, tuple[list[int], list[tuple[int, str]]]] = {}
        self._references: dict[tuple[int, int], frozenset[int]] = {}

    def _part(self, at: int) -> tuple[int, int, str] | None:
        """The part of a block that holds this place: its range, and the key of its property (empty for prose)."""
        index = bisect_right(self._starts, at) - 1
        if index < 0 or index in self._generated:
            return None
        known = self._parts.get(index)
        if known is None:
            body = read_body(self._outline, index)
            parts = [(span.start, span.end, "") for span in body.prose]
            parts += [(prop.value_start, prop.end, prop.key) for prop in body.properties]
            parts.sort()
            known = self._parts[index] = ([start for start, _, _ in parts], [(end, key) for _, end, key in parts])
        starts, rest = known
        place = bisect_right(starts, at) - 1
        return (starts[place], *rest[place]) if place >= 0 and at < rest[place][0] else None

    def is_prose(self, at: int) -> bool:
        part = self._part(at)
        return part is not None and not part[2]

    def link_how(self, at: int) -> How | None:
        """How the link that begins here counts; None where it is no link (in code, or in generated content)."""
        part = self._part(at)
        if part is None:
            return None
        start, end, key = part
        if key:
            return None if key in _NO_LINK_OF_ITS_OWN else _PROPERTY_HOW.get(key, "linked")
        return "linked" if at - start in self._links(start, end) else None

    def _links(self, start: int, end: int) -> frozenset[int]:
        found = self._references.get((start, end))
        if found is None:
            references = read_inline(self._outline.text[start:end]).references
            found = self._references[start, end] = frozenset(reference.start for reference in references)
        return found


def mention_measures(
    page: PageFacts, mentions: Iterable[NameMention], metric_of: Callable[[str], Metric | None]
) -> Iterator[Measure]:
    """The metrics among the mentions."""
    for mention in mentions:
        kind, key = mention.known
        metric = metric_of(key) if kind == "metric" else None
        if metric is not None:
            yield Measure(metric=metric, how="mention", path=page.path, line=mention.line, column=mention.column)
