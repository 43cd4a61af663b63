"""Files beside pages that metrics name, and digests of them by which an answer knows that they are as they were."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from graphkit.store.assets import read_asset
from graphkit.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from pathlib import Path

MOST_ASSET_BYTES: Final = 20_000_000


def digest_of(found: tuple[str, bytes] | Diagnostic) -> bytes:
    """A digest of what reading a file gave, or of why it could not be read."""
    written = repr(found).encode("utf-8", "replace") if isinstance(found, Diagnostic) else found[1]
    return blake2b(written, digest_size=16).digest()


def asset_digest(root: Path, page: str, written: str) -> bytes:
    """The digest of the file that a page names now."""
    return digest_of(read_asset(root, page, written, most=MOST_ASSET_BYTES))
