"""Listing sources: a digest of what is there, so that only vaults that changed are read again."""

from __future__ import annotations

import marshal
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from graphkit.portfolio.listed_vault import MOST_FILES, ListedVault
from graphkit.portfolio.object_store import ObjectPrefix, StoreError, expand_prefix
from graphkit.portfolio.vault_source import Source
from graphkit.store.git.commits import resolve_revision
from graphkit.store.git.process import GitError
from graphkit.store.git.trees import remote_commit
from graphkit.store.reading.files import VaultError, walk
from graphkit.store.reading.stat_walk import PAGE_ENDS, is_young
from graphkit.text.digests import blake2b, file_digest
from graphkit.vault.layout import CONFIG_PATH

if TYPE_CHECKING:
    from collections.abc import Iterable

_OWN_FOLDER: Final = ".graphkit"
"""A vault's own templates and baseline, which the walk skips."""
_DIGEST_SIZE: Final = 16


def expand_sources(sources: Iterable[Source]) -> list[Source]:
    """The sources, each once, with the prefixes of object stores in place of patterns.

    Raises RequestError as `expand_prefix` does.
    """
    found: dict[Source, None] = {}
    for source in sources:
        if source.kind != "objects":
            found[source] = None
            continue
        try:
            addresses = expand_prefix(source.address)
        except StoreError:
            addresses = [source.address]  # listing it says why
        found.update(dict.fromkeys(Source(kind="objects", address=address) for address in addresses))
    return list(found)


def list_vault(source: Source) -> ListedVault:
    """The source with its digest; with an error if it cannot be listed."""
    try:
        if source.kind == "folder":
            return _list_folder(source)
        if source.kind == "git":
            return _list_repository(source)
        return _list_objects(source)
    except VaultError as error:
        return ListedVault(source=source, error=error.message)
    except (GitError, StoreError) as error:
        return ListedVault(source=source, error=without_secrets(str(error), source))


def without_secrets(message: str, source: Source) -> str:
    """A message in which the source's address does not show credentials."""
    return message.replace(source.address, source.shown.removeprefix("git+").partition("#")[0])


def _list_folder(source: Source) -> ListedVault:
    """The digest covers names, sizes and times of all files that a reading of the vault looks at."""
    began = time.time_ns()
    root = source.address
    listing = walk(Path(root))
    if len(listing.files) + len(listing.others) > MOST_FILES:
        return ListedVault(source=source, error=f"the folder holds more than {MOST_FILES:,} files")
    further = (*listing.others, CONFIG_PATH, *_own_files(root))
    stamps = [(path, _stamp(f"{root}/{path}")) for path in sorted(further)]
    whole = blake2b(digest_size=_DIGEST_SIZE)
    for part in (sorted((path, sorted(map(repr, entries))) for path, entries in listing.folders), stamps):
        whole.update(marshal.dumps(part, 2))
    # A change that follows at once may leave the stamps as they are: such a vault is read again next time.
    young = any(
        is_young((entry.size, entry.mtime_ns, entry.inode, entry.ctime_ns), began) for entry in listing.files
    ) or any(stamp is not None and is_young(stamp, began) for _, stamp in stamps)
    return ListedVault(
        source=source,
        digest="" if young else whole.hexdigest(),
        pages=sum(entry.path.endswith(PAGE_ENDS) for entry in listing.files),
    )


def _stamp(path: str) -> tuple[int, int, int, int] | None:
    """Size and times of a file as in a stamp; None if it does not exist."""
    try:
        state = os.lstat(path)
    except (OSError, ValueError):
        return None
    return (state.st_size, state.st_mtime_ns, state.st_ino, state.st_ctime_ns)


def _own_files(root: str) -> list[str]:
    found = []
    for folder, _, names in os.walk(f"{root}/{_OWN_FOLDER}"):
        found += [os.path.relpath(f"{folder}/{name}", root).replace(os.sep, "/") for name in names]
    return found


def _list_repository(source: Source) -> ListedVault:
    if "://" in source.address:
        commit = remote_commit(source.address, source.revision, Path(os.sep))
    else:
        commit = resolve_revision(Path(source.address), source.revision or "HEAD")
    return ListedVault(source=source, digest=f"{commit}", commit=commit)


def _list_objects(source: Source) -> ListedVault:
    """The digest does not depend on the order of the listing, and nothing of it is kept."""
    total = pages = number = 0
    for item in ObjectPrefix(source.address).objects():
        entry = file_digest(f"{item.key}\0{item.size}\0{item.stamp}".encode("utf-8", "surrogatepass"))
        total += int.from_bytes(entry, "big")
        number += 1
        pages += item.key.endswith(PAGE_ENDS)
    if not number:
        return ListedVault(source=source, error="there is nothing below this prefix")
    return ListedVault(source=source, digest=f"{total % (1 << 128):032x}{number:x}", pages=pages)
