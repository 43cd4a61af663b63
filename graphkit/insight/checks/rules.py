"""The rules of `graphkit check` as one table: each reads one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.insight.checks import (
    encoding,
    experiment_pages,
    ids_and_aliases,
    near_keys,
    property_lines,
    structure,
    swallowed_tasks,
    task_markers,
    type_lines,
    unread_dates,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphkit.insight.checks.checked_page import PageReading
    from graphkit.insight.checks.rule import Rule
    from graphkit.text.diagnostics import Diagnostic

RULES: tuple[Rule, ...] = (
    *encoding.RULES,
    *structure.RULES,
    *swallowed_tasks.RULES,
    *property_lines.RULES,
    *ids_and_aliases.RULES,
    *task_markers.RULES,
    *unread_dates.RULES,
    *experiment_pages.RULES,
    *type_lines.RULES,
    *near_keys.RULES,
)
"""Every rule about one page."""


def check_page(page: PageReading) -> Iterator[Diagnostic]:
    """The findings of the rules on a page, in rule order; none in generated content (spec: domain §1)."""
    for rule in RULES:
        yield from rule.find(page)
