"""The digest that graphkit uses throughout, without the rest of `hashlib`.

`import hashlib` takes 6 ms, mostly for OpenSSL's functions, none of which graphkit uses.
"""

from __future__ import annotations

try:
    from _blake2 import blake2b
except ImportError:  # a Python without the extension module
    from hashlib import blake2b

__all__ = ["blake2b", "file_digest"]


def file_digest(data: bytes) -> bytes:
    """The digest of a file's bytes."""
    return blake2b(data, digest_size=16).digest()
