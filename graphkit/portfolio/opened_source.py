"""A source as a folder: its own, or a temporary one with the files that reading a vault needs."""

from __future__ import annotations

import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from graphkit.portfolio.object_store import ObjectPrefix, StoreError
from graphkit.portfolio.vault_source import is_safe_path
from graphkit.store.git.blobs import read_blobs
from graphkit.store.git.trees import fetch_commit, read_tree
from graphkit.store.reading.files import LARGEST_FILE
from graphkit.vault.layout import CONFIG_PATH, page_like, skip_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from graphkit.portfolio.listed_vault import ListedVault

_DATA: Final = (".csv", ".tsv", ".txt", ".toml", ".j2")
_OWN_FOLDER: Final = ".graphkit/"
_AT_ONCE: Final = 16
"""Objects that are fetched at the same time."""
_LARGEST_VAULT: Final = 8_000_000_000
"""Bytes of a vault's pages that are fetched."""


@contextmanager
def opened_source(listed: ListedVault) -> Iterator[Path]:
    """The vault's folder for the length of a `with` block. Raises GitError, StoreError and OSError."""
    source = listed.source
    if source.kind == "folder":
        yield Path(source.address)
        return
    with tempfile.TemporaryDirectory(prefix="graphkit-portfolio-") as place:
        root = Path(place, "vault", source.name if is_safe_path(source.name) else "vault")
        root.mkdir(parents=True)
        if source.kind == "git":
            _fetch_repository(listed, Path(place), root)
        else:
            _fetch_objects(source.address, root)
        yield root


def _fetch_repository(listed: ListedVault, place: Path, root: Path) -> None:
    source = listed.source
    repository = Path(source.address)
    if "://" in source.address:
        repository = place / "repository.git"
        repository.mkdir()
        fetch_commit(source.address, listed.commit, repository)
    files = [file for file in read_tree(repository, listed.commit, source.folder) if is_safe_path(file.path)]
    _check_size(file.size for file in files)
    for file in files:
        _make_room(root, file.path, file.size)
    wanted = [file for file in files if _is_needed(file.path) and file.size <= LARGEST_FILE]
    for file, (_, data) in zip(wanted, read_blobs(repository, (file.blob for file in wanted)), strict=True):
        if data is not None:
            _write(root, file.path, data)


def _fetch_objects(address: str, root: Path) -> None:
    prefix = ObjectPrefix(address)
    wanted: list[str] = []
    total = 0
    for item in prefix.objects():
        if not is_safe_path(item.key):
            continue
        _make_room(root, item.key, item.size)
        if _is_needed(item.key) and item.size <= LARGEST_FILE:
            wanted.append(item.key)
            total += item.size
    _check_size((total,))
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        for key, data in zip(wanted, threads.map(prefix.read, wanted), strict=True):
            if data is not None:
                _write(root, key, data)


def _check_size(sizes: Iterable[int]) -> None:
    if sum(sizes) > _LARGEST_VAULT:
        raise StoreError(f"the vault is larger than {_LARGEST_VAULT // 1_000_000_000} GB")


def _is_needed(path: str) -> bool:
    """True for a file whose content a reading of the vault may look at; of the others only the names count."""
    if path == CONFIG_PATH or path.startswith(_OWN_FOLDER):
        return True
    folders = path.split("/")[:-1]
    if any(skip_folder("/".join(folders[: depth + 1])) for depth in range(len(folders))):
        return False
    return page_like(path) or path.lower().endswith(_DATA)


def _make_room(root: Path, path: str, size: int) -> None:
    """An empty file where a file has to be listed; one that is too large to be read has its size."""
    place = root.joinpath(*path.split("/"))
    place.parent.mkdir(parents=True, exist_ok=True)
    place.touch()
    if size > LARGEST_FILE:
        os.truncate(place, size)


def _write(root: Path, path: str, data: bytes) -> None:
    root.joinpath(*path.split("/")).write_bytes(data)
