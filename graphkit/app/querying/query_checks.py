"""Findings about queries of a vault: those that fail in Logseq, use unknown attributes, or find nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from graphkit.app.querying.query import QueryEngine
from graphkit.facts.diagnostic_codes import CODES
from graphkit.query.schema import ABSENT
from graphkit.store.reading.files import read_bytes
from graphkit.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from graphkit.app.querying.query import Place
    from graphkit.app.vault import Vault

_HOLDS = re.compile(rb"\{\{query |#\+begin_query", re.IGNORECASE)
_ATTRIBUTE = re.compile(r":((?:block|page|file)/[A-Za-z?_-]+)")


def holds_queries(vault: Vault) -> bool:
    """True if a page of the vault holds a query."""
    for facts in vault.catalog.pages():
        data = read_bytes(vault.root, facts.path)
        if isinstance(data, bytes) and _HOLDS.search(data):
            return True
    return False


def query_findings(vault: Vault) -> Iterator[Diagnostic]:
    """The findings of all queries of the vault, each with the place of the query."""
    engine = QueryEngine(vault)
    known = engine.tables.attributes.keys()
    for place in engine.held():
        if place.path is None:
            continue
        found = engine.ask_held(place)
        if found.error is not None:
            yield _finding("W701", place, f"Logseq cannot run this query: {found.error}", "correct the query")
            continue
        for name in _unknown(place.held.text, known):
            hint = "logseq-format §7.3 lists the attributes"
            yield _finding("W702", place, f"no block or page has the attribute :{name}", hint)
        if not found.shown:
            yield _finding("W703", place, "this query finds nothing", "")


def _unknown(text: str, known: Collection[str]) -> list[str]:
    names: dict[str, None] = {}
    for found in _ATTRIBUTE.finditer(text):
        space, _, name = found[1].partition("/")
        read = f"block/{name}" if space == "page" else found[1]
        if read in {"block/ref-pages", "block/ref-blocks"} or name.startswith("_"):
            continue
        if read in ABSENT or read not in known:
            names[found[1]] = None
    return list(names)


def _finding(code: str, place: Place, message: str, hint: str) -> Diagnostic:
    return Diagnostic(
        code=code, severity=CODES[code].severity, path=place.path or "", line=place.line, message=message, hint=hint
    )
