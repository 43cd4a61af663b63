"""The folders for graphkit's own files: one for caches, one for state. Creates and reads nothing."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from graphkit.store.user_folders import CACHE_VARIABLE, STATE_VARIABLE, base_folder, vault_folder
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CACHE_VARIABLE", "INDEX_NAME", "STATE_VARIABLE", "Places", "places_for", "vault_key"]

INDEX_NAME = "index.sqlite"
"""The index's file in the cache folder."""


class Places(Record, frozen=True, kw_only=True):
    """The folders of one vault and one user; none of them needs to exist."""

    cache: Path
    """For what can be derived again: the index, last outputs, the writer's lock."""
    state: Path
    """For what cannot: the undo store."""

    @property
    def undo(self) -> Path:
        """The undo store."""
        return self.state / "undo"


def places_for(root: Path, environ: Mapping[str, str]) -> Places:
    """The places of the vault in this folder, the same however one got there (links, `..`).

    environ: read for `GRAPHKIT_CACHE_DIR` and `GRAPHKIT_STATE_DIR`; without them the platform's own folders, which are
    outside of synced documents and of roaming profiles.
    """
    key = vault_key(root)
    return Places(cache=Path(base_folder(environ, "cache"), key), state=Path(base_folder(environ, "state"), key))


def vault_key(root: Path) -> str:
    """A folder name for the vault: the safe characters of its name, and 16 hex digits of its real path."""
    return vault_folder(os.fspath(root))
