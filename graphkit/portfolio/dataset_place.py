"""Where a dataset is kept: a folder, or a prefix of an object store. Replacing the manifest is the only commit."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from graphkit.app.failures import ChangedError, RequestError
from graphkit.app.tables.table_schema import TABLES
from graphkit.portfolio.manifest import MANIFEST, Manifest, decode_manifest, is_part
from graphkit.portfolio.object_store import ObjectPrefix, StoreError
from graphkit.portfolio.vault_source import without_credentials

if TYPE_CHECKING:
    from collections.abc import Iterable

PART_END: Final = ".parquet"


class Place(Protocol):
    """A dataset's files."""

    shown: str
    """For messages, without credentials."""

    def load(self) -> Manifest | None:
        """The manifest, which `commit` will replace; None without one. Raises RequestError."""

    def write_part(self, name: str, data: bytes) -> None:
        """Write a file named after its content, if it is not there already. Raises RequestError."""

    def commit(self, manifest: Manifest) -> None:
        """Replace the manifest that `load` gave. Raises ChangedError if there is another one now."""

    def list_parts(self) -> frozenset[str]:
        """The names of all files that may be parts, named by a manifest or not."""

    def delete(self, names: Iterable[str]) -> None:
        """Delete parts; those that are gone are no error."""


def is_same_folder(address: str, folder: str) -> bool:
    """True if a dataset is kept in this folder."""
    return "://" not in address and os.path.realpath(address) == os.path.realpath(folder)


def open_place(address: str) -> Place:
    """The place with this address: `s3://BUCKET/PREFIX`, or a folder, which need not exist. Raises RequestError."""
    if address.startswith("s3://"):
        return _ObjectPlace(address)
    if "://" in address or address.startswith("-") or not address:
        raise RequestError(f"{address!r} is no place for a dataset", "give a folder, or s3://BUCKET/PREFIX")
    return _FolderPlace(Path(address))


class _FolderPlace:
    def __init__(self, root: Path) -> None:
        self._root = root
        self._before: bytes | None = None
        self.shown = str(root)

    def load(self) -> Manifest | None:
        self._before = self._read()
        return None if self._before is None else decode_manifest(self._before, self.shown)

    def _read(self) -> bytes | None:
        try:
            return (self._root / MANIFEST).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            reason = error.strerror or str(error)
            raise RequestError(f"{self.shown}/{MANIFEST} cannot be read: {reason}", "check its permissions") from error

    def write_part(self, name: str, data: bytes) -> None:
        place = self._root / name
        try:
            if place.is_file() and place.stat().st_size == len(data):
                return
            _write(place, data)
        except OSError as error:
            raise RequestError(f"{place} cannot be written: {error.strerror or error}") from error

    def commit(self, manifest: Manifest) -> None:
        if self._read() != self._before:
            raise ChangedError(
                "the dataset was changed while this run was reading, so its result was not saved", "run it again"
            )
        try:
            _write(self._root / MANIFEST, manifest.encode())
        except OSError as error:
            raise RequestError(f"{self.shown} cannot be written: {error.strerror or error}") from error

    def list_parts(self) -> frozenset[str]:
        found: set[str] = set()
        for table in TABLES:
            with suppress(FileNotFoundError):
                found.update(f"{table}/{name}" for name in os.listdir(self._root / table))  # noqa: PTH208 - names
        return frozenset(filter(is_part, found))

    def delete(self, names: Iterable[str]) -> None:
        for name in filter(is_part, names):
            with suppress(FileNotFoundError):
                (self._root / name).unlink()


def _write(place: Path, data: bytes) -> None:
    """Write a file in one step: a reader sees all of it or what was there before."""
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".graphkit-", dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


class _ObjectPlace:
    def __init__(self, address: str) -> None:
        self.shown = without_credentials(address).rstrip("/")
        try:
            self._prefix = ObjectPrefix(address)
        except StoreError as error:
            raise self._failed(error) from error
        self._version: Any = None

    def _failed(self, error: StoreError) -> RequestError:
        return RequestError(f"{self.shown}: {error}", "check the address and the credentials")

    def load(self) -> Manifest | None:
        try:
            found = self._prefix.read_tagged(MANIFEST)
        except StoreError as error:
            raise self._failed(error) from error
        self._version = None if found is None else found[1]
        return None if found is None else decode_manifest(found[0], self.shown)

    def read_part(self, name: str) -> bytes:
        """The bytes of a file. Raises RequestError."""
        try:
            data = self._prefix.read(name)
        except StoreError as error:
            raise self._failed(error) from error
        if data is None:
            raise RequestError(f"{self.shown}/{name} is missing", "build the dataset again with --all")
        return data

    def write_part(self, name: str, data: bytes) -> None:
        try:
            self._prefix.write(name, data)
        except StoreError as error:
            raise self._failed(error) from error

    def commit(self, manifest: Manifest) -> None:
        try:
            self._prefix.write(MANIFEST, manifest.encode(), version=self._version, create=self._version is None)
        except StoreError as error:
            raise self._failed(error) from error

    def list_parts(self) -> frozenset[str]:
        try:
            return frozenset(item.key for item in self._prefix.objects() if is_part(item.key))
        except StoreError as error:
            raise self._failed(error) from error

    def delete(self, names: Iterable[str]) -> None:
        try:
            self._prefix.delete(filter(is_part, names))
        except StoreError as error:
            raise self._failed(error) from error
