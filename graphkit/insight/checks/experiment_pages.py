"""How an experiment's page is laid out: its type, its sections, its goal.

spec: domain §1.
"""

from __future__ import annotations

from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from graphkit.facts.property_values import dropped_names, read_names
from graphkit.facts.results.result_properties import RESULT_KEYS
from graphkit.facts.sections import OUTCOME_KEYS
from graphkit.insight.checks.checked_page import NAME_LISTS, excerpt
from graphkit.insight.checks.rule import Rule
from graphkit.outline.properties import normal_key
from graphkit.text.misspelling import meant_word
from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphkit.insight.checks.checked_page import PageReading
    from graphkit.text.diagnostics import Diagnostic


_SINGLE_COLON: Final = lazy_pattern(r"\ufeff?[ \t]*+(?:-[ \t]++)?([^\s:]++):[ \t]*+([^\s:][^\r\n]*+)")


_TYPE_END: Final = lazy_pattern(r":(?<=(?i:type):)")


def _types_are_plain(page: PageReading) -> bool:
    """Cheap: whether each key of a type stands once at the page's top, and none of them anywhere else."""
    keys = page.context.reading.type_properties
    said = [line.key for line in page.property_lines if line.start < page.run_end and line.key in keys]
    return (
        len(said) == len(set(said))
        and page.run_end > 0
        and all(key.endswith("type") for key in keys)
        and _TYPE_END.search(page.text, page.run_end) is None
    )


def repeated_types(page: PageReading) -> Iterator[Diagnostic]:
    """W504: a second line that says what kind of page this is; Logseq takes the last one, graphkit all of them."""
    if page.facts.types and page.text.count("type::") + page.text.count("type:") > 1 and not _types_are_plain(page):
        for prop in page.types.repeated:
            yield page.finding(
                "W504",
                prop.start,
                f"`{prop.raw_key}::` is written twice; Logseq uses only this one",
                "write one line, with the types separated by commas",
            )


def misplaced_types(page: PageReading) -> Iterator[Diagnostic]:
    """W505: a line that says what kind of page this is, where Logseq does not take it for the page's."""
    if page.facts.types and "::" in page.text and not _types_are_plain(page):
        first = page.outline.blocks[0]
        for prop in page.types.misplaced:
            at_the_top = first.kind == "pre" and prop.start < first.end
            yield page.finding(
                "W505",
                prop.start,
                f"`{prop.raw_key}:: {excerpt(prop.value)}` is not a page property in Logseq, but graphkit reads it",
                "remove the directive or front matter that makes Logseq drop it"
                if at_the_top
                else "move it to the first line of the page, without a bullet",
            )


def _stands_at_the_top(text: str, start: int) -> bool:
    """True if only property lines stand above: then a directive or front matter is why Logseq does not read it."""
    return all("::" in line and not line.lstrip().startswith("-") for line in text[:start].splitlines())


def single_colon(page: PageReading) -> Iterator[Diagnostic]:
    """W514: a first line that would say what kind of page this is, had it a second colon."""
    line = None if page.facts.types else _SINGLE_COLON.match(page.text)
    if line is None or line[1].lower() not in page.context.reading.type_properties:
        return
    reading = page.context.reading
    known = reading.experiment_types | reading.goal_types | reading.measure_words.metric_types
    if any(name.lower() in known for name in read_names(line[2])):
        yield page.finding(
            "W514",
            line.start(1),
            f"`{line[1]}: {excerpt(line[2])}` has one colon, so it is text and this page has no type",
            f"write `{line[1]}:: {excerpt(line[2])}`",
        )


def _is_experiment(page: PageReading) -> bool:
    return not page.facts.types.isdisjoint(page.context.reading.experiment_types)


def _type_line(page: PageReading) -> int:
    lines = page.facts.property_lines
    return next((lines[key] for key in (*page.context.reading.type_properties, "tags") if key in lines), 1)


_OF_THE_PAGE: Final = frozenset(
    {"status", "start-date", "due", "end-date", "owner", "health", "health-note", "primary", "guardrails", "strategy",
     "row", "blocked-by", *OUTCOME_KEYS}
)  # fmt: skip
"""Properties that an experiment's page holds (spec: domain §1), and that count nowhere else."""


def properties_in_blocks(page: PageReading) -> Iterator[Diagnostic]:
    """W516: a bullet that is nothing but an experiment's properties, which do not count there."""
    if not _is_experiment(page):
        return
    results = [range(part.first, part.stop) for part in page.facts.sections if part.kind == "result"]
    for line in page.property_lines:
        key = normal_key(line.key)
        if line.start < page.run_end or key not in _OF_THE_PAGE or not line.value or page.is_code(line.start):
            continue
        block = page.block_at(line.start)
        body = page.body(block)
        place = page.source.position(line.start).line
        counts = page.facts.property_lines.get(key) == place or page.outline.blocks[block].kind == "pre"
        of_result = key in RESULT_KEYS and any(block in part for part in results)
        if counts or of_result or body.marker or body.title.start < body.title.end:
            continue
        below = " or below its *Result*" if key in OUTCOME_KEYS else ""
        yield page.finding(
            "W516",
            line.start,
            f"`{line.key}:: {excerpt(line.value)}` in a block of its own does not apply to the experiment",
            f"move it to the properties at the top of the page{below}",
        )


def names_beside_links(page: PageReading) -> Iterator[Diagnostic]:
    """W517: a name without brackets in a list with links, where Logseq and graphkit read the links only."""
    for line in page.property_lines:
        if normal_key(line.key) in NAME_LISTS and not page.is_code(line.start):
            for name in dropped_names(line.value):
                yield page.finding(
                    "W517",
                    line.start,
                    f"“{excerpt(name)}” in `{line.key}::` is ignored because other names there are links",
                    f"write [[{name}]]",
                )


def _has_section(page: PageReading, kind: str) -> bool:
    return any(section.kind == kind for section in page.facts.sections)


def missing_work(page: PageReading) -> Iterator[Diagnostic]:
    """W506: an experiment whose tasks stand below no work section: all tasks of its page count (spec: domain §3.8)."""
    if _is_experiment(page) and page.facts.tasks and not _has_section(page, "work"):
        yield page.finding_at(
            "W506",
            page.facts.tasks[0].line,
            "this experiment has no work section, so all tasks of the page count",
            "put the tasks below a `Work` heading",
            column=page.facts.tasks[0].column,
        )


_WORD: Final = lazy_pattern(r"\w+")
_CLOSE: Final = 0.83
_ENOUGH: Final = 100
"""How many headings of a page are compared; the comparison is slow."""
_AROUND: Final = frozenset({"items", "next", "our", "the", "my", "list", "to", "do", "of", "action"})
"""Words that stand beside a section's name in headings such as *Work items* or *Next steps*."""


def nearly_known_headings(page: PageReading) -> Iterator[Diagnostic]:
    """W507: a heading that is nearly a section's name, where the page has no such section."""
    if not _is_experiment(page):
        return
    words = page.context.reading.section_words
    others = [section for section in page.facts.sections if section.kind == "other"]
    for section in others[:_ENOUGH]:
        near = _near_word(section.title.lower(), tuple(words))
        if near and not _has_section(page, words[near]):
            yield page.finding_at(
                "W507",
                section.line,
                f"“{excerpt(section.title)}” is not a known section; “{near}” is",
                f"if you mean that section, rename the heading to “{near}”, or add its name to `graphkit.toml`",
            )


_NUMBERING: Final = lazy_pattern(r"[^\w]*+(?:\d++[.)]?[^\w]*+)?")


def _without_numbering(title: str) -> str:
    """A heading without the emoji, signs or number that it begins with."""
    match = _NUMBERING.match(title)
    return title[match.end() :] if match else title


@lru_cache(maxsize=1024)
def _near_word(title: str, known: tuple[str, ...]) -> str | None:
    """The section's name that a heading in lower case is close to; cached, as experiments share their template."""
    title = _without_numbering(title)
    if title in known:
        return title
    if near := meant_word(title, known):
        return near
    if close := (get_close_matches(title, known, 1, _CLOSE) if len(title) <= 40 else []):
        return close[0]
    words = _WORD.findall(title)
    rest = [word for word in words if word not in known]
    inside = [word for word in words if word in known]
    return inside[0] if len(inside) == 1 and len(words) <= 4 and all(word in _AROUND for word in rest) else None


def missing_hypothesis(page: PageReading) -> Iterator[Diagnostic]:
    """W508: an experiment that does not say what it expects."""
    if _is_experiment(page) and not _has_section(page, "hypothesis") and not page.facts.properties.get("hypothesis"):
        yield page.finding_at(
            "W508",
            _type_line(page),
            "this experiment has no hypothesis",
            "add a `Hypothesis` heading with a sentence that can be proved wrong",
        )


def missing_goals(page: PageReading) -> Iterator[Diagnostic]:
    """W509: an experiment that names no goal."""
    if _is_experiment(page) and not page.facts.goals:
        yield page.finding_at(
            "W509",
            _type_line(page),
            "this experiment names no goal",
            "write `goal:: [[Name of the goal]]`, or `#goal [[Name of the goal]]` in a block",
        )


PROPERTY_RULES: Final = (
    Rule(("W504",), repeated_types),
    Rule(("W505",), misplaced_types),
    Rule(("W514",), single_colon),
    Rule(("W516",), properties_in_blocks),
    Rule(("W517",), names_beside_links),
)
"""Those about lines of properties."""

LAYOUT_RULES: Final = (
    Rule(("W506",), missing_work, outline=False),
    Rule(("W507",), nearly_known_headings, outline=False),
    Rule(("W508",), missing_hypothesis, outline=False),
    Rule(("W509",), missing_goals, outline=False),
)
"""Those about sections, which follow from a page's facts."""

RULES: Final = (*PROPERTY_RULES, *LAYOUT_RULES)
"""The rules of this module."""
