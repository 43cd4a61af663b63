"""Links of experiments to pages that do not exist while a page of nearly the same name does. spec: domain §9."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.facts.diagnostic_codes import CODES
from graphkit.facts.property_values import read_names
from graphkit.text.diagnostics import Diagnostic
from graphkit.text.misspelling import NearTitles
from graphkit.vault.names import page_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from graphkit.facts.catalog import Catalog
    from graphkit.facts.page_facts import PageFacts

_KEYS: Final = ("goal", "goals", "primary", "metrics", "guardrails", "strategy", "owner")
"""Properties whose values name pages."""
CODE: Final = "W521"


def near_links(catalog: Catalog, is_experiment: Callable[[PageFacts], bool]) -> Iterator[Diagnostic]:
    """W521: a name in a property of an experiment, or of a `#goal`, that was probably meant as another page's.

    A strategy may also be a row of a strategy table; one that is neither page nor row is reported if the vault has any
    strategy table.
    """
    missing = [
        (page, key, name, line)
        for page in catalog.pages()
        if is_experiment(page)
        for key, name, line in _named(page)
        if catalog.page(name) is None
    ]
    if not missing:
        return
    rows = [row.name.text for page in catalog.stating() for row in page.strategies]
    known_rows = {page_name(row) for row in rows}
    pages = NearTitles(catalog.titles())
    with_rows = NearTitles([*rows, *catalog.titles()])
    for page, key, name, line in missing:
        if key == "strategy":
            if page_name(name) in known_rows:
                continue
            meant = with_rows.meant(name)
        else:
            meant = pages.meant(name)
        if meant is not None:
            yield _finding(
                page, line, f"`{key}::` names “{name}”, which has no page; “{meant}” is nearly the same",
                f"if it is meant, write [[{meant}]]",
            )  # fmt: skip
        elif key == "strategy" and rows:
            yield _finding(
                page, line, f"`strategy::` names “{name}”, which is neither a page nor a row of a strategy table",
                "write the name of a strategy, as `graphkit strategies` lists them",
            )  # fmt: skip


def _named(page: PageFacts) -> Iterator[tuple[str, str, int]]:
    """Key, name and line of what an experiment names."""
    for key in _KEYS:
        value = page.properties.get(key)
        if value:
            for name in read_names(value):
                yield key, name, page.property_lines.get(key, 1)
    lines = {page.property_lines.get(key) for key in ("goal", "goals")}
    for goal in page.goals:
        if goal.line not in lines:
            yield "goal", goal.title, goal.line


def _finding(page: PageFacts, line: int, message: str, hint: str) -> Diagnostic:
    return Diagnostic(code=CODE, severity=CODES[CODE].severity, path=page.path, line=line, message=message, hint=hint)
