"""What tests of the index share: opening a vault with and without one, and everything a session says."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from graphkit.app.cache_writing import save_facts
from graphkit.app.load import load
from graphkit.app.opening import IndexPlace

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from graphkit.app.vault import Vault

DAY = dt.date(2026, 3, 2)


def opened(
    root: Path, index: Path | None, *, damaged: bool = False, environment: Mapping[str, str] | None = None
) -> Vault:
    """The vault, through the index in this file where one is named; damaged: that may turn out to be unusable."""
    place = None if index is None else IndexPlace(path=index)
    vault = load(root, as_of=DAY, environment=environment or {}, index=place)
    assert damaged or (vault.cache is None) == (index is None), vault.loaded.cache_trouble
    return vault


def everything(vault: Vault) -> dict[str, object]:
    """All that a catalog answers and all that was found, in order. Keeps what was read."""
    catalog = vault.catalog
    pages = list(catalog.pages())
    asked = sorted({title for page in pages for title in (page.title, page.title.upper(), *page.aliases)} | {"No such"})
    identities = sorted({identity for page in pages for identity in page.ids})
    types = sorted({name for page in pages for name in page.types})
    answers: dict[str, object] = {
        "pages": pages,
        "titles": list(catalog.titles()),
        "count": catalog.count(),
        "stating": [page.path for page in catalog.stating()],
        "stating or goal": [page.path for page in catalog.stating({"goal"})],
        "by title": {title: found and found.path for title in asked for found in [catalog.page(title)]},
        "by path": [page.path for page in pages if catalog.at_path(page.path) == page],
        "no path": catalog.at_path("pages/none.md"),
        "blocks": {
            identity: (found[0].path, found[1])
            for identity in identities
            for found in [catalog.block(identity)]
            if found
        },
        "types": {name: [page.path for page in catalog.of_type({name})] for name in types},
        "findings": vault.loaded.findings,
        "unread": vault.unread,
        "not read": (vault.loaded.not_read, vault.loaded.org_pages),
    }
    save_facts(vault)
    return answers
