"""Which metrics and strategies an experiment names, by written links and by mentions (spec: domain §2)."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Final, Literal

from graphkit.facts.dialects import inline_of
from graphkit.facts.property_values import read_names
from graphkit.outline.body import read_body
from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record
from graphkit.text.span import Span  # noqa: TC001 - the field's type is read when a mention is unpacked
from graphkit.vault.paths import absolute_target

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence

    from graphkit.facts.page_facts import PageFacts
    from graphkit.insight.metrics.mentions import MentionIndex
    from graphkit.insight.metrics.metric_names import Metric, MetricNames
    from graphkit.outline.page_outline import Outline
    from graphkit.text.source import SourceText

How = Literal["primary", "guardrail", "key-metric", "linked", "mention"]
HOWS: Final[tuple[How, ...]] = ("primary", "guardrail", "key-metric", "linked", "mention")
"""How something measures a metric, the strongest first (spec: domain §2)."""

NameKind = Literal["metric", "strategy", "goal"]
Known = tuple[NameKind, str]
"""What a name stands for: its kind and its key."""

_PROPERTY_HOW: Final[Mapping[str, How]] = {"primary": "primary", "guardrails": "guardrail", "metrics": "linked"}
_OWN_LINKS: Final = frozenset({"alias", "page-type", "type"})
"""Properties whose links say what the page itself is."""
_LINK: Final = lazy_pattern(r"\[\[([^\[\]\r\n]+)\]\]|#([^\s#,!?'\":.;\[\]]+)|\]\(")
_OPAQUE: Final = ("```", "~~~", "#+")


class Measure(Record, frozen=True, kw_only=True):
    """One metric that a page measures, the strongest way in which it does, and where that stands first."""

    metric: Metric
    how: How
    path: str
    line: int
    column: int = 1


class NameMention(Record, frozen=True, kw_only=True, array_like=True):
    """One known name in a text, not linked."""

    known: Known
    start: int
    end: int
    """In the page's text."""
    prose: Span
    """The stretch of prose that it stands in."""
    line: int
    column: int


class NameLink(Record, frozen=True, kw_only=True, array_like=True):
    """One written link to what a known name stands for."""

    known: Known
    key: str
    """The property that holds it; empty in prose."""
    line: int
    column: int


class PageText(Record, frozen=True, kw_only=True):
    """A page read again, with the blocks that graphkit wrote itself."""

    source: SourceText
    outline: Outline
    generated: Container[int]


def known_names(
    names: MetricNames, strategies: Iterable[tuple[str, str]], goals: Iterable[tuple[str, str]]
) -> list[tuple[str, Known]]:
    """Everything that can be mentioned: metrics, declared or not, strategies and goals.

    strategies, goals: pairs of a name and its key.
    """
    known: list[tuple[str, Known]] = [(name, ("metric", metric.key)) for name, metric in names.spellings()]
    known += ((name, ("strategy", key)) for name, key in strategies)
    known += ((name, ("goal", key)) for name, key in goals)
    return known


def written_measures(page: PageFacts, names: MetricNames) -> list[Measure]:
    """All the page's properties and `#metric` lines say it measures, without a look at its text; each metric once."""
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


def written_links(path: str, text: PageText, known: Callable[[str], Sequence[Known]]) -> Iterator[NameLink]:
    """The written links in a page's blocks, for each thing that one leads to; those in generated blocks left out.

    known: what a link with this title leads to. `[words]([[title]])` is such a link as well (spec: logseq-format §6.1).
    """
    outline = text.outline
    whole = outline.text
    starts = [block.start for block in outline.blocks]
    done = -1
    elsewhere: set[str | None] = {None}
    for match in _LINK.finditer(whole):
        if outline.reader is None:
            # Cheap: most links lead elsewhere. Outside Logseq graphs a target has to be read before it is known.
            title = match[1] or match[2]
            if title in elsewhere or not known(title):
                elsewhere.add(title)
                continue
        index = bisect_right(starts, match.start()) - 1
        if index <= done or index in text.generated:
            continue
        done = index
        body = read_body(outline, index)
        parts = [(span.start, span.end, "") for span in body.prose]
        parts += [(prop.value_start, prop.end, prop.key) for prop in body.properties if prop.key not in _OWN_LINKS]
        for start, end, key in parts:
            for reference in inline_of(outline, whole[start:end]).references:
                if reference.kind in {"page", "tag"}:
                    place = text.source.position(start + reference.start)
                    for item in known(absolute_target(reference.target, path)):
                        yield NameLink(known=item, key=key, line=place.line, column=place.column)


def link_measures(path: str, links: Iterable[NameLink], metric_of: Callable[[str], Metric | None]) -> Iterator[Measure]:
    """The metrics among the links; those in a block's `primary::` and `guardrails::` count so."""
    for link in links:
        kind, key = link.known
        metric = metric_of(key) if kind == "metric" else None
        if metric is not None:
            how = _PROPERTY_HOW.get(link.key, "linked")
            yield Measure(metric=metric, how=how, path=path, line=link.line, column=link.column)


def find_mentions(text: PageText, index: MentionIndex[Known]) -> Iterator[NameMention]:
    """The known names in the prose of a page, in order; generated blocks, code, links and properties left out."""
    whole = text.outline.text
    prose = _Prose(text)
    if any(sign in whole for sign in _OPAQUE):
        # A fence that one block leaves open must not hide what stands in others.
        ranges: Iterable[tuple[int, int]] = ((block.start, block.end) for block in text.outline.blocks)
    else:
        ranges = ((0, len(whole)),)
    for start, end in ranges:
        for mention in index.find(whole[start:end]):
            at = start + mention.span.start
            part = prose.around(at)
            if part is not None:
                place = text.source.position(at)
                yield NameMention(
                    known=mention.key,
                    start=at,
                    end=start + mention.span.end,
                    prose=part,
                    line=place.line,
                    column=place.column,
                )


class _Prose:
    """Asks which stretch of prose a place of a page's text stands in; reads each block at most once."""

    def __init__(self, text: PageText) -> None:
        self._outline = text.outline
        self._generated = text.generated
        self._starts = [block.start for block in text.outline.blocks]
        self._known: dict[int, tuple[list[int], tuple[Span, ...]]] = {}

    def around(self, at: int) -> Span | None:
        """None in generated blocks, properties, code, math and whatever else Logseq reads no references in."""
        index = bisect_right(self._starts, at) - 1
        if index < 0 or index in self._generated:
            return None
        known = self._known.get(index)
        if known is None:
            spans = read_body(self._outline, index).prose
            known = self._known[index] = ([span.start for span in spans], spans)
        starts, spans = known
        place = bisect_right(starts, at) - 1
        return spans[place] if place >= 0 and at < spans[place].end else None


def mention_measures(
    page: PageFacts, mentions: Iterable[NameMention], metric_of: Callable[[str], Metric | None]
) -> Iterator[Measure]:
    """The metrics among the mentions."""
    for mention in mentions:
        kind, key = mention.known
        metric = metric_of(key) if kind == "metric" else None
        if metric is not None:
            yield Measure(metric=metric, how="mention", path=page.path, line=mention.line, column=mention.column)
