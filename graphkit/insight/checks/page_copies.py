"""Pages that a sync program or a file manager seems to have copied. spec: domain §9."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.facts.diagnostic_codes import CODES
from graphkit.text.diagnostics import Diagnostic
from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from graphkit.facts.catalog import Catalog
    from graphkit.facts.page_facts import PageFacts

_NUMBERED: Final = lazy_pattern(r"(?:[ _-]?\([1-9]\d?\))+\Z|[ _][1-9]\d?\Z")
"""`X (1)`, `X(1)(2)`, `X 2`, `X_2`: iCloud, Google Drive, browsers and file managers."""
_NAMED: Final = lazy_pattern(
    r"(?i)(?:[ _.-]*\((?:[^()]{0,60}\b)?(?:copy|kopie|copie|copia|cópia|conflict|conflicted)\b[^()]{0,60}\)"
    r"|[ _-]+(?:- )?(?:copy|kopie|copie|copia|cópia)(?:[ _-]?\(?\d{1,2}\)?)?"
    r"|[ _.-]+conflict(?:ed)?(?:[ _.-][\w-]{1,40})?"
    r"| \(case conflict(?: \d+)?\)|-[A-Z0-9]{2,15}-?PC|的副本| 副本)\Z"
)
"""`X copy`, `X - Kopie (2)`, `X (Ana's conflicted copy …)`, `X.conflict-…`, `X 副本`."""
_ENOUGH: Final = 0.5
"""The share of a copy's tasks that the other page has, too."""
CODE: Final = "E125"


def page_copies(catalog: Catalog, is_typed: Callable[[PageFacts], bool]) -> Iterator[Diagnostic]:
    """E125: a page named as another one's copy, if both have tasks in common, or are of one type by name of a copy.

    is_typed: true for a page of a kind that graphkit reads. A journal's copy counts by its name alone: no other page
    is called like a day and a number.
    """
    for page in catalog.pages():
        stem, dot, suffix = page.path.rpartition(".")
        named = _NAMED.search(stem)
        match = named or _NUMBERED.search(stem)
        if match is None or "/" in match[0]:
            continue
        original = catalog.at_path(f"{stem[: match.start()]}{dot}{suffix}")
        if original is not None and _agree(page, original, is_typed, named=named is not None or "(" in match[0]):
            yield Diagnostic(
                code=CODE,
                severity=CODES[CODE].severity,
                path=page.path,
                message=f"this looks like a copy of {original.path}: what both hold counts twice",
                hint="move what is missing into that page, then delete this one",
            )


def _agree(page: PageFacts, original: PageFacts, is_typed: Callable[[PageFacts], bool], *, named: bool) -> bool:
    if original.journal_day is not None:
        return page.journal_day is None
    if named and page.types == original.types and is_typed(page):
        return True
    tasks = {task.text for task in page.tasks if task.text}
    shared = tasks & {task.text for task in original.tasks}
    return bool(shared) and len(shared) >= _ENOUGH * len(tasks)
