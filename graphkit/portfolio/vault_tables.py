"""One vault as Arrow tables: a function of its files and a day, which any process on any machine can run."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from graphkit.app.failures import RequestError
from graphkit.app.load import load
from graphkit.app.tables.arrow_tables import record_batches
from graphkit.app.tables.table_rows import VaultRows
from graphkit.app.tables.table_schema import SCHEMA_VERSION, TABLES
from graphkit.portfolio.listing import without_secrets
from graphkit.portfolio.manifest import Asset, VaultEntry
from graphkit.portfolio.object_store import StoreError
from graphkit.portfolio.opened_source import opened_source
from graphkit.store.git.process import GitError
from graphkit.store.reading.files import VaultError
from graphkit.text.diagnostics import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator

    from graphkit.app.tables.arrow_tables import ArrowBatch, Tables
    from graphkit.app.vault import Vault
    from graphkit.facts.page_facts import Link, PageFacts
    from graphkit.portfolio.listed_vault import ListedVault

Kept = TypeVar("Kept")

FAILURES = (RequestError, VaultError, GitError, StoreError, OSError, MemoryError, RecursionError)
"""What can keep a vault from being read; its row says so, and the others go on."""


def vault_tables(listed: ListedVault, as_of: dt.date) -> Tables:
    """The record batches of each table of `TABLES`, for a vault that cannot be read those of `vaults` alone.

    Equal files and days give equal rows. No cache folder, environment variable or clock is used.
    Raises RequestError if the extra `portfolio` is not installed.
    """
    return read_tables(listed, as_of)[1]


def read_tables(listed: ListedVault, as_of: dt.date) -> tuple[VaultEntry, Tables]:
    """The vault's entry in a manifest, without its batch, and its tables as `vault_tables` gives them."""
    if listed.error:
        return failed_tables(listed, as_of, listed.error)
    try:
        with opened_source(listed) as root:
            vault = load(root, as_of=as_of, whole=True)
            return kept_tables(listed, vault, lambda _, batches: list(batches))
    except FAILURES as error:
        return failed_tables(listed, as_of, failure_reason(error, listed))


def failure_reason(error: BaseException, listed: ListedVault) -> str:
    """Why a vault could not be read, in one line and without credentials."""
    message = error.message if isinstance(error, (RequestError, VaultError)) else str(error)
    return without_secrets(message.strip() or type(error).__name__, listed.source)


def kept_tables(
    listed: ListedVault,
    vault: Vault,
    keep: Callable[[str, Iterator[ArrowBatch]], Kept],
    links: Callable[[PageFacts], Iterable[Link]] | None = None,
) -> tuple[VaultEntry, dict[str, Kept]]:
    """The entry of a vault that has been loaded, and whatever `keep` makes of each table.

    keep: called with the name and the batches of one table after the other. links: the written references of a page,
    if they are known already.
    """
    rows = VaultRows(vault, links)
    identity = listed.source.id
    counts = dict.fromkeys((table for table in TABLES if table != "vaults"), 0)
    severities = {Severity.ERROR.value: 0, Severity.WARNING.value: 0, Severity.INFO.value: 0}

    def values(table: str) -> Iterable[tuple[object, ...]]:
        for row in rows.rows(table):
            if table == "findings":
                severities[str(row[1])] += 1
            counts[table] += 1
            yield (identity, *row)

    kept = {table: keep(table, record_batches(table, values(table))) for table in counts}
    pages, journals = vault.catalog.count()
    entry = VaultEntry(
        id=identity,
        name=listed.source.name,
        source=listed.source.shown,
        batch="",
        digest=listed.digest,
        revision=listed.commit,
        counts=counts,
        assets=tuple(
            Asset(page, written, digest.hex()) for (page, written), digest in sorted(vault.assets.digests.items())
        ),
        unread=len(vault.unread),
    )
    row = _vaults_row(
        entry,
        vault.today,
        vault.dialect.value,
        pages=pages,
        journals=journals,
        errors=severities[Severity.ERROR.value],
        warnings=severities[Severity.WARNING.value],
    )
    return entry, {"vaults": keep("vaults", record_batches("vaults", [row])), **kept}


def failed_tables(listed: ListedVault, as_of: dt.date, reason: str) -> tuple[VaultEntry, Tables]:
    """The entry and the one row of a vault that could not be read."""
    source = listed.source
    entry = VaultEntry(
        id=source.id,
        name=source.name,
        source=source.shown,
        batch="",
        revision=listed.commit,
        counts=dict.fromkeys((table for table in TABLES if table != "vaults"), 0),
        error=reason,
    )
    return entry, {"vaults": list(record_batches("vaults", [_vaults_row(entry, as_of, "")]))}


def _vaults_row(
    entry: VaultEntry,
    as_of: dt.date,
    dialect: str,
    *,
    pages: int = 0,
    journals: int = 0,
    errors: int = 0,
    warnings: int = 0,
) -> tuple[object, ...]:
    values: dict[str, object] = {
        **entry.counts,
        "vault": entry.id,
        "name": entry.name,
        "source": entry.source,
        "revision": entry.revision,
        "digest": entry.digest,
        "as_of": as_of,
        "dialect": dialect,
        "pages": pages,
        "journals": journals,
        "errors": errors,
        "warnings": warnings,
        "unread": entry.unread,
        "error": entry.error or None,
        "schema": SCHEMA_VERSION,
    }
    return tuple(values[column.name] for column in TABLES["vaults"])
