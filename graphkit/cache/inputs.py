"""All inputs of an output other than a vault's pages, and a checksum of them.

Imported by every command before anything else, so it imports next to nothing.
"""

from __future__ import annotations

import os
import sys

from graphkit.store.reading.stat_walk import slurp
from graphkit.text.digests import blake2b
from graphkit.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

VARIABLES = "GRAPHKIT_"
NOT_SETTINGS = frozenset({"GRAPHKIT_GRAPH", "GRAPHKIT_CACHE_DIR", "GRAPHKIT_STATE_DIR", "GRAPHKIT_NO_INDEX"})
"""Environment variables that do not affect output."""

CONFIG_PLACE = "logseq/config.edn"
SETTINGS_PLACE = "graphkit.toml"
OBSIDIAN_PLACES = (".obsidian/daily-notes.json", ".obsidian/templates.json")
BASELINE_PLACE = ".graphkit/baseline.json"
"""The same paths as elsewhere, in modules that take longer to import than this one to run; a test compares them."""


def own_variables(environment: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The environment variables that are settings, by name."""
    return tuple(
        sorted(
            (name, value)
            for name, value in environment.items()
            if name.startswith(VARIABLES) and name not in NOT_SETTINGS
        )
    )


def program() -> list[tuple[str, int, int]]:
    """Names, sizes and times of all modules of this program, so that a changed program does not trust old results."""
    found: list[tuple[str, int, int]] = []
    pending = [os.path.dirname(os.path.dirname(__file__))]
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                if entry.name.endswith(".py"):
                    state = entry.stat()
                    found.append((entry.path, state.st_size, state.st_mtime_ns))
                elif entry.name != "__pycache__" and entry.is_dir():
                    pending.append(entry.path)
    found.sort()
    return found


def inputs_checksum(root: str, files: tuple[bytes | None, ...], variables: tuple[tuple[str, str], ...]) -> bytes:
    """The checksum. root: the vault's folder. files: bytes of the files of configuration; None: absent."""
    parts = (
        __version__,
        f"{sys.implementation.cache_tag} {sys.platform} {sys.byteorder}",
        os.path.realpath(root),
        files,
        variables,
        program(),
    )
    return blake2b(repr(parts).encode("utf-8", "replace"), digest_size=16).digest()


def current_inputs_checksum(root: str, environment: Mapping[str, str]) -> bytes:
    """The same from the files as they are now. Raises OSError if one of them cannot be read."""
    files = tuple(slurp(f"{root}/{path}") for path in (CONFIG_PLACE, SETTINGS_PLACE, *OBSIDIAN_PLACES, BASELINE_PLACE))
    return inputs_checksum(root, files, own_variables(environment))
