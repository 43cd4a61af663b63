"""The manifest of a dataset: its vaults, and the files that hold their rows. It alone gives files a meaning."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from msgspec import DecodeError, ValidationError, json

from graphkit.app.failures import RequestError
from graphkit.app.tables.table_schema import SCHEMA_VERSION, TABLES
from graphkit.text.records import Record, field
from graphkit.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable

MANIFEST: Final = "manifest.json"
SCHEMA: Final = "graphkit.portfolio/1"


_PART: Final = re.compile(rf"(?:{'|'.join(TABLES)})/[0-9a-f]{{32}}\.parquet")


def is_part(name: str) -> bool:
    """True for the name of a file that holds rows: `TABLE/HASH.parquet`."""
    return _PART.fullmatch(name) is not None


class Asset(Record, frozen=True, array_like=True):
    """A file other than a page that a page of the vault names, and the digest of what reading it gave."""

    page: str
    written: str
    digest: str


class VaultEntry(Record, frozen=True, kw_only=True):
    """One vault of the dataset."""

    id: str
    name: str
    source: str
    """Without credentials."""
    batch: str
    """The batch whose parts hold its rows."""
    digest: str = ""
    """Of its listing; empty: it is read again next time."""
    revision: str = ""
    """The commit that was read."""
    counts: dict[str, int] = field(default_factory=dict)
    """Rows by table."""
    assets: tuple[Asset, ...] = ()
    unread: int = 0
    """Files and folders that could not be read."""
    error: str = ""
    """Why nothing of it could be read."""


class Batch(Record, frozen=True, kw_only=True):
    """Vaults that were read together and share files."""

    id: str
    vaults: tuple[str, ...]
    """Ids of the vaults whose rows are in its parts, also of those that have been read again since."""
    parts: dict[str, str]
    """The file of each table that has rows."""


class Manifest(Record, frozen=True, kw_only=True):
    """Everything about a dataset."""

    schema: str = SCHEMA
    tables: int = SCHEMA_VERSION
    """Version of the tables."""
    program: str = __version__
    """Version of graphkit that wrote it."""
    as_of: str = ""
    """The day used as today."""
    vaults: tuple[VaultEntry, ...] = ()
    """By id."""
    batches: tuple[Batch, ...] = ()
    retired: tuple[str, ...] = ()
    """Files that nothing names any more; the next run deletes them."""

    @property
    def parts(self) -> frozenset[str]:
        """All files that hold rows."""
        return frozenset(part for batch in self.batches for part in batch.parts.values())

    def encode(self) -> bytes:
        """The manifest as JSON; equal manifests give equal bytes."""
        return json.format(json.encode(self, order="deterministic"), indent=1) + b"\n"


def decode_manifest(data: bytes, place: str) -> Manifest:
    """The manifest of a dataset. Raises RequestError for other data and other versions."""
    try:
        found = json.decode(data, type=Manifest)
    except (DecodeError, ValidationError, RecursionError) as error:
        raise RequestError(f"{place}/{MANIFEST} is no manifest of a portfolio: {error}", "build it again") from error
    strange = next((part for part in (*found.parts, *found.retired) if not is_part(part)), None)
    if strange is not None:
        raise RequestError(f"{place}/{MANIFEST} names {strange!r}, which is not a file of a dataset", "build it again")
    if found.schema != SCHEMA:
        raise RequestError(
            f"{place}/{MANIFEST} has the schema {found.schema!r}, and this version of graphkit reads {SCHEMA!r}",
            "build the dataset again, or use the version of graphkit that wrote it",
        )
    return found


def collected(
    as_of: str, entries: Iterable[VaultEntry], batches: Iterable[Batch], retired: Iterable[str] = ()
) -> Manifest:
    """The manifest of these vaults, with those of the batches that hold rows of one of them."""
    vaults = tuple(sorted(entries, key=lambda entry: entry.id))
    live = {entry.batch for entry in vaults}
    kept = {batch.id: batch for batch in batches if batch.id in live}
    found = Manifest(as_of=as_of, vaults=vaults, batches=tuple(kept[key] for key in sorted(kept)))
    return Manifest(
        as_of=as_of, vaults=vaults, batches=found.batches, retired=tuple(sorted(set(retired) - found.parts))
    )
