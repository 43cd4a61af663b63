"""Files beside pages that metrics name, and digests of them by which an answer knows that they are as they were."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.store.reading.assets import read_asset
from graphkit.text.diagnostics import Diagnostic
from graphkit.text.digests import blake2b

if TYPE_CHECKING:
    from pathlib import Path


def digest_of(found: tuple[str, bytes] | Diagnostic) -> bytes:
    """A digest of what reading a file gave, or of why it could not be read."""
    written = repr(found).encode("utf-8", "replace") if isinstance(found, Diagnostic) else found[1]
    return blake2b(written, digest_size=16).digest()


def asset_digest(root: Path, page: str, written: str) -> bytes:
    """The digest of the file that a page names now."""
    from graphkit.facts.observations import MOST_CSV_BYTES  # noqa: PLC0415 - most vaults have no such file

    return digest_of(read_asset(root, page, written, most=MOST_CSV_BYTES))
