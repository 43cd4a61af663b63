"""Where graphkit keeps what is no part of a vault: one folder for caches, one for state. Creates and reads nothing."""

from __future__ import annotations

import os
import re
import sys
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from graphkit.text.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

CACHE_VARIABLE = "GRAPHKIT_CACHE_DIR"
STATE_VARIABLE = "GRAPHKIT_STATE_DIR"
"""Environment variables that name other base folders than the platform's."""

INDEX_NAME = "index.sqlite"
"""The index's file in the cache folder."""

_UNREADABLE = re.compile(r"[^\w-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The folders of one vault and one user; none of them needs to exist."""

    cache: Path
    """What can be derived again: the index, the writer's lock."""
    state: Path
    """What cannot: the undo store."""

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
    return Places(
        cache=_base(environ.get(CACHE_VARIABLE), "cache") / key, state=_base(environ.get(STATE_VARIABLE), "state") / key
    )


def vault_key(root: Path) -> str:
    """A folder name for the vault: its own name, as far as it is harmless, and 16 hex digits of its real path."""
    real = os.path.realpath(root)
    name = _UNREADABLE.sub("-", Path(real).name)[:40].strip("-") or "vault"
    return f"{name}-{blake2b(os.fsencode(os.path.normcase(real)), digest_size=8).hexdigest()}"


def _base(override: str | None, kind: str) -> Path:
    if override:
        return Path(override).expanduser().absolute()
    if sys.platform == "linux":
        # As platformdirs has it, whose import takes longer than a warm `status` may take for it.
        variable, default = ("XDG_CACHE_HOME", "~/.cache") if kind == "cache" else ("XDG_STATE_HOME", "~/.local/state")
        return Path(os.environ.get(variable, "").strip() or default).expanduser() / "graphkit"
    import platformdirs  # noqa: PLC0415 - only commands that write or cache need it

    if kind == "cache":
        return platformdirs.user_cache_path("graphkit", appauthor=False)
    return platformdirs.user_state_path("graphkit", appauthor=False)
