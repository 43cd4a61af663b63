"""What reading a vault depends on beside its pages: configuration, settings, program. Knows not what they mean."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

from graphkit.app.inputs_checksum import ANSWER_LAYERS, FACT_LAYERS, circumstances, own_variables, platform, program
from graphkit.store.reading.files import read_bytes
from graphkit.text.diagnostics import Diagnostic
from graphkit.text.digests import blake2b
from graphkit.text.records import Record
from graphkit.vault.layout import CONFIG_PATH, SETTINGS_PATH
from graphkit.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from graphkit.store.reading.files import Listing


class Conditions(Record, frozen=True, kw_only=True):
    """The sources of configuration and settings; None for a file that is not there."""

    config: bytes | Diagnostic | None
    settings: bytes | Diagnostic | None
    environment: tuple[tuple[str, str], ...]

    def fingerprint(self, dialect: str) -> bytes:
        """A digest of them, of the dialect and of this program: where it differs, nothing that was read holds."""
        parts = (
            __version__,
            platform(),
            dialect,
            self.config,
            self.settings,
            self.environment,
            program_now(FACT_LAYERS),
        )
        return _digest(parts)

    def scene(self, root: Path, listing: Listing) -> bytes:
        """A digest of everything beside the stamps of pages that a vault is read by: these, and its other files."""
        place = root.resolve().parts
        parts = (
            self.fingerprint(""),
            program_now(ANSWER_LAYERS),
            place,
            sorted(listing.top),
            sorted(listing.others),
            listing.diagnostics,
        )
        return _digest(parts)

    def circumstances(self, root: Path) -> bytes | None:
        """What `circumstances_now` gives where nothing changes; None where a file could not be read."""
        if isinstance(self.config, Diagnostic) or isinstance(self.settings, Diagnostic):
            return None
        return circumstances(os.fspath(root), self.config, self.settings, self.environment)


def read_conditions(root: Path, top: frozenset[str], environment: Mapping[str, str]) -> Conditions:
    """The sources in this vault. top: the names in its folder."""
    return Conditions(
        config=_configuration(root) if "logseq" in top else None,
        settings=read_bytes(root, SETTINGS_PATH) if SETTINGS_PATH in top else None,
        environment=own_variables(environment),
    )


def _configuration(root: Path) -> bytes | Diagnostic | None:
    """The graph's configuration, why it cannot be read, or None where there is none."""
    if not (root / CONFIG_PATH).parent.is_dir():
        return None
    data = read_bytes(root, CONFIG_PATH)
    return None if isinstance(data, Diagnostic) and data.code == "E114" else data


def _digest(parts: object) -> bytes:
    return blake2b(repr(parts).encode("utf-8", "replace"), digest_size=16).digest()


program_now = cache(program)
"""The modules of these layers as they were when this process asked first."""
