"""Named queries: in `graphkit.toml`, and the `:default-queries` of `config.edn` by their titles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.app.failures import RequestError
from graphkit.query.advanced import title_text
from graphkit.query.forms import map_entry
from graphkit.store.reading.files import read_bytes
from graphkit.text.edn import EdnProblem, Form, Map, Vector, read_edn
from graphkit.text.edn_atoms import Keyword
from graphkit.text.source import SourceText

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphkit.app.vault import Vault

CONFIG = "logseq/config.edn"


def _config(vault: Vault) -> tuple[str, Form] | None:
    """The text and form of Logseq's configuration; None if it is missing or cannot be read."""
    data = read_bytes(vault.root, CONFIG)
    if not isinstance(data, bytes):
        return None
    text = SourceText.decode(data).text
    form = read_edn(text)
    return None if form is None or isinstance(form, EdnProblem) else (text, form)


def named_transforms(vault: Vault) -> Mapping[str, Form]:
    """The `:query/result-transforms` of `config.edn`."""
    found = _config(vault)
    held = None if found is None else map_entry(found[1], "query/result-transforms")
    if held is None or not isinstance(held.value, Map):
        return {}
    return {key.value.name: value for key, value in held.value.entries if isinstance(key.value, Keyword)}


def named_queries(vault: Vault) -> Mapping[str, str]:
    """All named queries; those of `graphkit.toml` override the others."""
    return {**_default_queries(vault), **vault.settings.queries}


def _default_queries(vault: Vault) -> dict[str, str]:
    found = _config(vault)
    held = None if found is None else map_entry(found[1], "default-queries")
    if found is None or held is None or not isinstance(held.value, Map):
        return {}
    queries: dict[str, str] = {}
    for _, listed in held.value.entries:
        if isinstance(listed.value, Vector):
            for form in listed.value.items:
                title = title_text(map_entry(form, "title"))
                if title:
                    queries[title] = found[0][form.start : form.end]
    return queries


def query_named(vault: Vault, name: str) -> str:
    """The text of a named query, in any case. Raises RequestError that lists the names."""
    queries = named_queries(vault)
    for known, text in queries.items():
        if known.lower() == name.lower():
            return text
    there = f"there are {', '.join(sorted(queries))}" if queries else "define one in [queries] of graphkit.toml"
    raise RequestError(f"no query is named {name!r}", there)
