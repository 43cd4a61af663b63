"""Candidates for metrics in the prose of one page: not in properties, code or what graphkit wrote itself."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from graphkit.insight.metrics.candidates import MEASURES, STOP_WORDS, find_candidates
from graphkit.outline.body import read_body

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from graphkit.insight.metrics.candidates import Candidate
    from graphkit.outline.page_outline import Body, Outline


def page_candidates(
    outline: Outline,
    generated: Container[int],
    *,
    measures: frozenset[str] = MEASURES,
    stop_words: frozenset[str] = STOP_WORDS,
) -> Iterator[Candidate]:
    """The names that the page uses as metrics, in order; measures, stop_words: as for `find_candidates`."""
    starts = [block.start for block in outline.blocks]
    bodies: dict[int, Body] = {}
    for candidate in find_candidates(outline.text, measures=measures, stop_words=stop_words):
        index = bisect_right(starts, candidate.span.start) - 1
        if index < 0 or index in generated:
            continue
        body = bodies.get(index)
        if body is None:
            body = bodies[index] = read_body(outline, index)
        if any(span.start <= candidate.span.start < span.end for span in body.prose):
            yield candidate
