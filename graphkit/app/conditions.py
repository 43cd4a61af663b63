"""What reading a vault depends on beside its pages: configuration, settings, program. Knows not what they mean."""

from __future__ import annotations

import os
import sys
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Final

import graphkit
from graphkit.store.files import read_bytes
from graphkit.text.diagnostics import Diagnostic
from graphkit.text.records import dataclass
from graphkit.vault.layout import CONFIG_PATH, SETTINGS_PATH

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphkit.store.files import Listing

VARIABLES: Final = "GRAPHKIT_"
NOT_SETTINGS: Final = frozenset({"GRAPHKIT_GRAPH", "GRAPHKIT_CACHE_DIR", "GRAPHKIT_STATE_DIR", "GRAPHKIT_NO_INDEX"})
"""Variables of the environment that change no answer."""

_FACTS: Final = ("text", "outline", "vault", "facts")
"""The layers that make facts of a file."""

_ANSWERS: Final = (*_FACTS, "insight", "app")
"""The layers that make answers of facts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """The sources of configuration and settings; None for a file that is not there."""

    config: bytes | Diagnostic | None
    settings: bytes | Diagnostic | None
    environment: tuple[tuple[str, str], ...]

    def fingerprint(self, dialect: str) -> bytes:
        """A digest of them, of the dialect and of this program: where it differs, nothing that was read holds."""
        platform = f"{sys.implementation.cache_tag} {sys.platform} {sys.byteorder}"
        parts = (
            graphkit.__version__,
            platform,
            dialect,
            self.config,
            self.settings,
            self.environment,
            _program(_FACTS),
        )
        return _digest(parts)

    def scene(self, root: Path, listing: Listing) -> bytes:
        """A digest of everything beside the stamps of pages that a vault is read by: these, and its other files."""
        place = root.resolve().parts
        parts = (
            self.fingerprint(""),
            _program(_ANSWERS),
            place,
            sorted(listing.top),
            sorted(listing.others),
            listing.diagnostics,
        )
        return _digest(parts)


def read_conditions(root: Path, top: frozenset[str], environment: Mapping[str, str]) -> Conditions:
    """The sources in this vault. top: the names in its folder."""
    return Conditions(
        config=_configuration(root) if "logseq" in top else None,
        settings=read_bytes(root, SETTINGS_PATH) if SETTINGS_PATH in top else None,
        environment=tuple(
            sorted(
                (name, value)
                for name, value in environment.items()
                if name.startswith(VARIABLES) and name not in NOT_SETTINGS
            )
        ),
    )


def _configuration(root: Path) -> bytes | Diagnostic | None:
    """The graph's configuration, why it cannot be read, or None where there is none."""
    if not (root / CONFIG_PATH).parent.is_dir():
        return None
    data = read_bytes(root, CONFIG_PATH)
    return None if isinstance(data, Diagnostic) and data.code == "E114" else data


def _digest(parts: object) -> bytes:
    return blake2b(repr(parts).encode("utf-8", "replace"), digest_size=16).digest()


@cache
def _program(layers: tuple[str, ...]) -> list[tuple[str, int, int]]:
    """Names, sizes and times of the modules of these layers, so that a changed program trusts nothing old."""
    package = Path(__file__).parent.parent
    found: list[tuple[str, int, int]] = []
    pending = [str(package / layer) for layer in layers]
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
