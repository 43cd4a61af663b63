"""The work that an engine runs: read some vaults and write their rows as files."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - a field's type
from itertools import chain
from typing import TYPE_CHECKING

from graphkit.app.page_chunks import page_facts
from graphkit.app.tables.arrow_tables import parquet_bytes
from graphkit.portfolio.dataset_place import PART_END, open_place
from graphkit.portfolio.listed_vault import ListedVault  # noqa: TC001
from graphkit.portfolio.manifest import Batch, VaultEntry
from graphkit.portfolio.vault_tables import kept_tables, read_tables
from graphkit.text.digests import file_digest
from graphkit.text.records import Record, replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from graphkit.app.tables.arrow_tables import ArrowBatch, Batches, Tables
    from graphkit.app.vault import Vault
    from graphkit.facts.page_facts import Link, PageFacts
    from graphkit.portfolio.dataset_place import Place


class BatchJob(Record, frozen=True, kw_only=True):
    """Vaults to read together."""

    vaults: tuple[ListedVault, ...]
    as_of: date
    place: str
    """Address of the dataset."""


class BatchResult(Record, frozen=True, kw_only=True):
    """The manifest's rows of a batch."""

    entries: tuple[VaultEntry, ...]
    batch: Batch


def read_batch(job: BatchJob) -> BatchResult:
    """Read the vaults of a job and write the parts of their tables. Raises RequestError if they cannot be written."""
    return write_batch(job.place, (read_tables(listed, job.as_of) for listed in job.vaults))


def write_batch(place: str, tables: Iterable[tuple[VaultEntry, Tables]]) -> BatchResult:
    """Write the tables of some vaults, one file a table, named after its content."""
    entries: list[VaultEntry] = []
    together: dict[str, list[Batches]] = {}
    for entry, own in tables:
        entries.append(entry)
        for table, some in own.items():
            together.setdefault(table, []).append(some)
    target = open_place(place)
    parts = {
        table: _write_part(target, table, chain.from_iterable(groups))
        for table, groups in together.items()
        if any(groups)
    }
    return _result(entries, parts)


def write_loaded(
    place: str, listed: ListedVault, vault: Vault, links: Callable[[PageFacts], Iterable[Link]]
) -> BatchResult:
    """Write the tables of one vault that has been loaded, one table after the other, as a huge one needs it."""
    target = open_place(place)

    def write(table: str, batches: Iterator[ArrowBatch]) -> str:
        first = next(batches, None)
        return "" if first is None else _write_part(target, table, chain((first,), batches))

    entry, parts = kept_tables(listed, vault, write, links)
    return _result([entry], {table: part for table, part in parts.items() if part})


def _write_part(target: Place, table: str, batches: Iterable[ArrowBatch]) -> str:
    data = parquet_bytes(table, batches)
    name = f"{table}/{file_digest(data).hex()}{PART_END}"
    target.write_part(name, data)
    return name


def _result(entries: Sequence[VaultEntry], parts: dict[str, str]) -> BatchResult:
    identity = file_digest("\0".join(sorted(parts.values())).encode()).hex()
    return BatchResult(
        entries=tuple(replace(entry, batch=identity) for entry in entries),
        batch=Batch(id=identity, vaults=tuple(entry.id for entry in entries), parts=parts),
    )


class ChunkJob(Record, frozen=True, kw_only=True):
    """Some pages of one huge vault."""

    root: Path
    paths: tuple[str, ...]
    as_of: date


def read_chunk(job: ChunkJob) -> bytes:
    """The facts of these pages, as `merge_chunks` takes them."""
    return page_facts(job.root, job.paths, job.as_of)
