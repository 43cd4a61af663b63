"""What answers depend on beside a vault's pages: configuration, settings, variables, program. Knows not what they mean.

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
    from collections.abc import Iterable, Mapping

VARIABLES = "GRAPHKIT_"
NOT_SETTINGS = frozenset({"GRAPHKIT_GRAPH", "GRAPHKIT_CACHE_DIR", "GRAPHKIT_STATE_DIR", "GRAPHKIT_NO_INDEX"})
"""Variables of the environment that change no answer."""

CONFIG_PLACE = "logseq/config.edn"
SETTINGS_PLACE = "graphkit.toml"
"""As `vault.layout` has them, which takes longer to import than all of this to run; a test holds them equal."""

FACT_LAYERS = ("text", "outline", "vault", "facts")
"""The layers that make facts of a file."""

ANSWER_LAYERS = (*FACT_LAYERS, "insight", "app")
"""The layers that make reports of facts."""

ALL_LAYERS = (*ANSWER_LAYERS, "cli", "export", "store", "views")
"""The layers that have a part in what is written."""


def own_variables(environment: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The variables of the environment that are settings, by name."""
    return tuple(
        sorted(
            (name, value)
            for name, value in environment.items()
            if name.startswith(VARIABLES) and name not in NOT_SETTINGS
        )
    )


def platform() -> str:
    """What runs the program."""
    return f"{sys.implementation.cache_tag} {sys.platform} {sys.byteorder}"


def program(layers: Iterable[str]) -> list[tuple[str, int, int]]:
    """Names, sizes and times of the modules of these layers, so that a changed program trusts nothing old."""
    package = os.path.dirname(os.path.dirname(__file__))
    found: list[tuple[str, int, int]] = []
    pending = [f"{package}/{layer}" for layer in layers]
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


def circumstances(
    root: str, config: bytes | None, settings: bytes | None, variables: tuple[tuple[str, str], ...]
) -> bytes:
    """A digest of all of it. root: the vault's folder. config, settings: the bytes of the files; None: absent."""
    parts = (
        __version__,
        platform(),
        os.path.realpath(root),
        config,
        settings,
        variables,
        program(ALL_LAYERS),
    )
    return blake2b(repr(parts).encode("utf-8", "replace"), digest_size=16).digest()


def circumstances_now(root: str, environment: Mapping[str, str]) -> bytes:
    """The same from the files as they are. Raises OSError where one of them cannot be read."""
    config, settings = (slurp(f"{root}/{path}") for path in (CONFIG_PLACE, SETTINGS_PLACE))
    return circumstances(root, config, settings, own_variables(environment))
