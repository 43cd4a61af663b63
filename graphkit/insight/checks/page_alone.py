"""The findings of the rules about one page alone, without running those that cannot find anything there.

Most pages give no rule a reason to run: a few searches tell, and take a fiftieth of the time of the rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.facts.page_facts import TextCheck
from graphkit.insight.checks.checked_page import KNOWN_KEYS, NAME_LISTS
from graphkit.insight.checks.silence_lines import SILENCE_KEY, read_silences
from graphkit.outline.dates import breaks_logseq
from graphkit.outline.markers import MARKER_ALTERNATIVES
from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from graphkit.facts.page_facts import PageFacts, Silence
    from graphkit.insight.checks.checked_page import PageReading
    from graphkit.insight.checks.rule import Rule

_CLEAN: Final = TextCheck()
_REFERS: Final = TextCheck(refers=True)

_CONTROL_BYTES: Final = bytes((*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F))
_TWICE: Final = lazy_pattern(rb"\xc3[\x82-\xb4][\xc2-\xf4]")
"""A letter from Â to ô with another one that is not ASCII behind it: UTF-8 taken for another encoding begins so."""
_SIGNS: Final = (b"\xef\xbf\xbd", b"\xef\xbb\xbf", b"\xed")
"""U+FFFD, the byte-order mark, and the beginning of lone surrogates, which stand for bytes that are not UTF-8."""
_SURE: Final = r"TODO|DOING|DONE|WAITING|IN-PROGRESS|CANCELL?ED"
_LINE: Final = lazy_pattern(
    r"\n[ \t]*+(?:#++[ \t]|-(?:[#\[(*]|[^\W\d_]|[ \t]++(?:#++[ \t]++)?(?:"
    rf"(?:{MARKER_ALTERNATIVES})(?:[\r\n\t]| ?[:：])|[*_=^]++(?:{_SURE})|(?:\{{\{{)?\[\[(?:{_SURE})\]\]"
    rf"|\[#[A-Za-z]\][ \t]++(?:{MARKER_ALTERNATIVES})|[Tt]odo|TO-DO|[Tt]o-do|\[[ xX]\] )))"
)
"""A line that one of the rules about markers, boxes, lost spaces and nested headings may find something in."""
_KEYWORD: Final = lazy_pattern(r":(?:(?<=(?i:scheduled):)|(?<=(?i:deadline):))")
_ID: Final = lazy_pattern(r"::(?<=(?i:id)::)")
_COMMAS: Final = frozenset(",，;")


def check_alone(page: PageReading) -> TextCheck:
    """The findings of the rules that ask for no other page, and whether the others have to be run.

    The findings are those of `check_page` without the rules of `catalog_rules`.
    """
    found = tuple(finding for rule in _rules(page) if not rule.catalog for finding in rule.find(page))
    refers = "((" in page.text or _ID.search(page.text, page.run_end) is not None
    silences: tuple[Silence, ...] = ()
    if SILENCE_KEY in page.text:
        silences = read_silences(page.source, page.outline)
    if found or silences:
        return TextCheck(findings=found, refers=refers, silences=silences)
    return _REFERS if refers else _CLEAN


def catalog_rules() -> Iterable[Rule]:
    """The rules that ask for other pages."""
    from graphkit.insight.checks import ids_and_aliases  # noqa: PLC0415 - few pages refer to blocks

    return ids_and_aliases.RULES


def _rules(page: PageReading) -> Iterator[Rule]:
    """The rules that may find something; each family is imported when it is needed."""
    if not page.context.logseq:
        from graphkit.insight.checks.rules import RULES  # noqa: PLC0415

        yield from RULES
        return
    lined = _LINE.search(page.lined)
    if _is_damaged(page.text):
        from graphkit.insight.checks import encoding  # noqa: PLC0415

        yield from encoding.RULES
    if lined or "```" in page.text or "~~~" in page.text:
        from graphkit.insight.checks import structure  # noqa: PLC0415

        yield from structure.RULES
    if page.outline.hidden:
        from graphkit.insight.checks import swallowed_tasks  # noqa: PLC0415

        yield from swallowed_tasks.RULES
    if lined:
        from graphkit.insight.checks import task_markers  # noqa: PLC0415

        yield from task_markers.RULES
    if _has_dates(page.text, page.facts):
        from graphkit.insight.checks import unread_dates  # noqa: PLC0415

        yield from unread_dates.RULES
    if _has_doubtful_properties(page):
        from graphkit.insight.checks import experiment_pages, property_lines  # noqa: PLC0415

        yield from property_lines.RULES
        yield from experiment_pages.PROPERTY_RULES
    if _has_doubtful_layout(page.facts):
        from graphkit.insight.checks import experiment_pages  # noqa: PLC0415

        yield from experiment_pages.LAYOUT_RULES
    yield from _near_misses(page)


def _near_misses(page: PageReading) -> Iterator[Rule]:
    """The rules about what was nearly written in the vault's words."""
    if page.context.reading.is_note(page.facts.types):
        from graphkit.insight.checks import type_lines  # noqa: PLC0415

        yield from type_lines.RULES
    elif any(key not in KNOWN_KEYS for key in page.facts.properties) or any(
        key not in KNOWN_KEYS for task in page.facts.tasks for key in task.properties
    ):
        from graphkit.insight.checks import near_keys  # noqa: PLC0415

        yield from near_keys.RULES


def _is_damaged(text: str) -> bool:
    data = text.encode("utf-8", "surrogatepass")
    return (
        len(data.translate(None, _CONTROL_BYTES)) != len(data)  # much faster than a search for any of them
        or "<<<<<<< " in text
        or (len(data) != len(text) and (any(sign in data for sign in _SIGNS) or _TWICE.search(data) is not None))
    )


def _has_dates(text: str, facts: PageFacts) -> bool:
    return (
        _KEYWORD.search(text) is not None
        or breaks_logseq(text) is not None
        or any(task.properties and "due" in task.properties for task in facts.tasks)
    )


def _has_doubtful_properties(page: PageReading) -> bool:
    """True if property lines stand elsewhere than at the top, twice there, or hold a list of names."""
    if not page.facts.types or page.text.find("::", page.run_end) >= 0:
        return True
    said = page.header.properties
    return len({prop.key for prop in said}) != len(said) or any(
        prop.key in NAME_LISTS and not _COMMAS.isdisjoint(prop.value) for prop in said
    )


def _has_doubtful_layout(facts: PageFacts) -> bool:
    kinds = {section.kind for section in facts.sections}
    return not facts.goals or "hypothesis" not in kinds or "other" in kinds or "work" not in kinds
