"""Property keys that are nearly ones that graphkit reads, on pages that it reads. spec: domain §9."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.insight.checks.checked_page import KNOWN_KEYS, OWN_KEYS
from graphkit.insight.checks.rule import Rule
from graphkit.text.misspelling import meant_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphkit.insight.checks.checked_page import PageReading
    from graphkit.text.diagnostics import Diagnostic

_MEANT: Final = tuple(
    sorted(OWN_KEYS - {"n", "row", "type", "graphkit", "metrics", "goals"} | {"deadline", "scheduled"})
)


def near_keys(page: PageReading) -> Iterator[Diagnostic]:
    """W520: a property of a page that graphkit reads, or of a task on it, whose key is nearly a known one."""
    for key, line in _unknown_keys(page):
        if meant := meant_word(key, _MEANT):
            yield page.finding_at(
                "W520", line, f"`{key}::` is not a property that graphkit reads; `{meant}::` is",
                f"if it is meant, write `{meant}::`",
            )  # fmt: skip


def _unknown_keys(page: PageReading) -> Iterator[tuple[str, int]]:
    facts = page.facts
    if page.context.reading.is_note(facts.types):
        return
    for key in facts.properties:
        if key not in KNOWN_KEYS:
            yield key, facts.property_lines.get(key, 1)
    if facts.types.isdisjoint(page.context.reading.experiment_types):
        return
    for task in facts.tasks:
        for key in task.properties:
            if key not in KNOWN_KEYS:
                yield key, task.line


RULES: Final = (Rule(("W520",), near_keys, outline=False),)
"""The rules of this module."""
