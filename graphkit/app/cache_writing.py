"""What a finished command leaves for the next one: the facts of the vault's pages, and its own output."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.cache.last_output import LastOutput, keep_output
from graphkit.store.reading.stat_walk import digest_of_walk

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphkit.app.vault import Vault
    from graphkit.cache.last_output import Chunk


def save_facts(vault: Vault) -> str | None:
    """Keep the facts that are new, and those that were read on demand; why that fails, where it is worth a word."""
    if vault.cache is None:
        return None
    from graphkit.cache.database import CacheUnusableError  # noqa: PLC0415 - brings sqlite3

    try:
        vault.cache.save(vault.snapshot.files)
    except CacheUnusableError as error:
        return None if error.quiet else str(error)
    return None


def save_output(vault: Vault, key: bytes, environment: Mapping[str, str], code: int, chunks: Sequence[Chunk]) -> None:
    """Keep what a command wrote, where it depends on nothing but what is compared before it is replayed."""
    snapshot = vault.snapshot
    inputs = snapshot.inputs.checksum(vault.root)
    if vault.cache is None or vault.unread or inputs is None:
        return
    if any(file.stamp is None for file in snapshot.files.values()):
        return  # another change may not show in the stamps
    keep_output(
        str(vault.root),
        key,
        environment,
        LastOutput(
            folders=tuple(path for path, _ in snapshot.listing.folders),
            walk=digest_of_walk(snapshot.listing.folders),
            inputs=inputs,
            assets=tuple((page, written, digest) for (page, written), digest in sorted(vault.assets.digests.items())),
            code=code,
            chunks=tuple(chunks),
        ),
    )


def has_rollups(vault: Vault) -> bool:
    """True if pages are rendered from templates, which are no inputs that are compared."""
    return any(page.managed for page in vault.catalog.pages())
