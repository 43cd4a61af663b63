"""The one digest that is used throughout, without what `hashlib` loads beside it.

`import hashlib` takes 6 ms, most of them for OpenSSL's functions, of which none is used here.
"""

from __future__ import annotations

try:
    from _blake2 import blake2b
except ImportError:  # a Python that keeps it elsewhere
    from hashlib import blake2b

__all__ = ["blake2b", "file_digest"]


def file_digest(data: bytes) -> bytes:
    """The digest of a file's bytes."""
    return blake2b(data, digest_size=16).digest()
