"""Save what the next command can reuse: the facts of the vault's pages, and this command's output."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.cache.last_output import LastOutput, keep_output
from graphkit.store.reading.stat_walk import digest_of_walk

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphkit.app.vault import Vault
    from graphkit.cache.last_output import Chunk


def save_facts(vault: Vault) -> str | None:
    """Save new facts and those read on demand; returns the reason for a failure worth reporting."""
    if vault.cache is None:
        return None
    from graphkit.cache.database import CacheUnusableError  # noqa: PLC0415 - brings sqlite3

    try:
        vault.cache.save(vault.snapshot.files)
    except CacheUnusableError as error:
        return None if error.quiet else str(error)
    return None


def save_output(vault: Vault, key: bytes, environment: Mapping[str, str], code: int, chunks: Sequence[Chunk]) -> None:
    """Save a command's output if it depends only on inputs that are compared before a replay."""
    snapshot = vault.snapshot
    inputs = snapshot.inputs.checksum(vault.root)
    if vault.cache is None or vault.unread or inputs is None:
        return
    if any(file.stamp is None for file in snapshot.files.values()):
        return  # stamps may hide another change
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
    """True if pages are rendered from templates, which are not among the compared inputs."""
    return any(page.managed for page in vault.catalog.pages())
