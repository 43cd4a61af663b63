"""The rules of `graphkit check`: a table of rules, each reading one page. Knows no file and no order of findings."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from graphkit.insight.checks import (
    encoding,
    experiment_pages,
    ids_and_aliases,
    property_lines,
    structure,
    task_markers,
    unread_dates,
)
from graphkit.insight.checks.checked_page import CheckContext, PageReading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from graphkit.text.diagnostics import Diagnostic

__all__ = ["RULES", "CheckContext", "PageReading", "Rule", "check_page"]


class Rule(NamedTuple):
    """One rule and where it holds."""

    codes: tuple[str, ...]
    """What it can report."""
    run: Callable[[PageReading], Iterator[Diagnostic]]
    outline: bool = True
    """Whether it follows from how Logseq reads a page; other dialects read it otherwise."""


RULES: tuple[Rule, ...] = (
    Rule(("E130",), encoding.broken_encoding, outline=False),
    Rule(("E131",), encoding.byte_order_mark),
    Rule(("E132",), encoding.undecodable_bytes, outline=False),
    Rule(("E133",), encoding.control_characters, outline=False),
    Rule(("E134",), encoding.conflict_markers, outline=False),
    Rule(("E136",), encoding.lost_characters, outline=False),
    Rule(("E135",), unread_dates.dates_that_break_logseq),
    Rule(("E140",), structure.nested_headings),
    Rule(("E141",), structure.open_fences),
    Rule(("E142",), structure.swallowing_fences),
    Rule(("E150", "E151", "E154"), property_lines.property_lines),
    Rule(("E152",), property_lines.missing_spaces),
    Rule(("E153",), property_lines.lost_page_properties),
    Rule(("E205", "E206"), ids_and_aliases.block_ids),
    Rule(("E207",), ids_and_aliases.missing_targets),
    Rule(("E208",), ids_and_aliases.taken_aliases),
    Rule(("W310",), task_markers.empty_tasks),
    Rule(("W311", "W312"), task_markers.misspelt_markers),
    Rule(("W312",), task_markers.lower_case_markers),
    Rule(("W313",), task_markers.checkboxes),
    Rule(("W314",), task_markers.lost_spaces),
    Rule(("W315", "W316", "W318"), unread_dates.task_dates),
    Rule(("W317",), unread_dates.due_dates, outline=False),
    Rule(("W504",), experiment_pages.repeated_types),
    Rule(("W505",), experiment_pages.misplaced_types),
    Rule(("W514",), experiment_pages.single_colon),
    Rule(("W516",), experiment_pages.properties_in_blocks),
    Rule(("W517",), experiment_pages.names_beside_links),
    Rule(("W506",), experiment_pages.missing_work, outline=False),
    Rule(("W507",), experiment_pages.nearly_known_headings, outline=False),
    Rule(("W508",), experiment_pages.missing_hypothesis, outline=False),
    Rule(("W509",), experiment_pages.missing_goals, outline=False),
)
"""Every rule about one page, in the order of their codes' families."""


def check_page(page: PageReading) -> Iterator[Diagnostic]:
    """What the rules find on a page, in the order of the rules; nothing in generated content (spec: domain §1)."""
    for rule in RULES:
        if page.context.logseq or not rule.outline:
            for finding in rule.run(page):
                if not page.is_generated(finding.line):
                    yield finding
