"""The goals a page names: `goal::`, `#goal [[…]]` lines, lists below a goal section (spec: domain §1)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from graphkit.facts.dialects import inline_of, listed_goals
from graphkit.facts.page_facts import GoalLink
from graphkit.facts.property_values import read_names
from graphkit.text.patterns import lazy_pattern
from graphkit.vault.names import page_name
from graphkit.vault.paths import absolute_target

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from graphkit.facts.block_finder import BlockFinder
    from graphkit.facts.generated_blocks import GeneratedContent
    from graphkit.facts.page_facts import Section
    from graphkit.facts.page_source import PageSource
    from graphkit.outline.page_outline import Outline
    from graphkit.outline.properties import Property

_GOAL_TAG = lazy_pattern(r"#(?:goal|\[\[goal\]\])[ \t]", re.IGNORECASE)
_GOAL_KEY = lazy_pattern(r"::(?:(?<=(?i:goal)::)|(?<=(?i:goals)::))")
"""From its end: colons are rarer than letters, and a literal is looked for many times faster."""
_PLAIN_GOAL = lazy_pattern(r"#goal \[\[(?!assets|draws)([A-Za-z0-9]+(?:[ -][A-Za-z0-9]+)*)\]\]")
"""A text that needs no look at what else can be in a line."""
_BETWEEN_GOALS = lazy_pattern(r"[ \t,;]*(?:and[ \t]+)?")


def read_goal_links(
    page: PageSource,
    header: Mapping[str, Property],
    finder: BlockFinder,
    generated: GeneratedContent,
    sections: tuple[Section, ...],
    *,
    in_blocks: bool,
    tagged: bool,
) -> tuple[GoalLink, ...]:
    """The goals that a page names, each once, where it does so first.

    in_blocks: in a block's `goal::` too, which on other pages may be any aim. tagged: whether a `#goal` may occur.
    """
    if generated.whole_page or not (tagged or header or in_blocks):
        return ()
    outline, source = page.outline, page.source
    goals: dict[str, GoalLink] = {}

    def add(title: str, offset: int) -> None:
        place = source.position(offset)
        goals.setdefault(page_name(title), GoalLink(title=title, line=place.line, column=place.column))

    said = [header[key] for key in ("goal", "goals") if key in header]
    for index in finder.candidates(_GOAL_KEY) if in_blocks else ():
        said += [p for p in finder.body(index).properties if p.key in {"goal", "goals"} and index not in generated]
    for prop in said:
        for title in read_names(prop.value):
            add(title, prop.value_start)
    for index in finder.candidates(_GOAL_TAG) if tagged else ():
        if index in generated:
            continue
        for span in finder.body(index).prose:
            for title, offset in _tagged_goals(outline, outline.text[span.start : span.end]):
                add(absolute_target(title, page.path), span.start + offset)
    for title, offset in listed_goals(outline, page.path, sections):
        add(title, offset)
    return tuple(goals.values())


def _tagged_goals(outline: Outline, prose: str) -> Iterable[tuple[str, int]]:
    """Links that follow a `#goal` tag with nothing but blanks, commas or "and" between."""
    plain = _PLAIN_GOAL.fullmatch(prose) if outline.reader is None else None
    if plain:
        yield plain[1], plain.start(1) - 2
        return
    end: int | None = None
    for reference in inline_of(outline, prose).references:
        if reference.kind == "tag" and reference.target.lower() == "goal":
            end = reference.end
        elif reference.kind == "page" and end is not None:
            gap = _BETWEEN_GOALS.match(prose, end, reference.start)
            if gap and gap.end() == reference.start:
                yield reference.target, reference.start
                end = reference.end
            else:
                end = None
