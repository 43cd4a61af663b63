"""Plain values as bytes with a digest before them, so that damage shows. Knows neither files nor what is sealed."""

from __future__ import annotations

import marshal
from typing import Any, Final

from graphkit.text.digests import blake2b

SEAL_SIZE: Final = 12
_MARSHAL: Final = 2
"""Equal values give equal bytes: later versions write references to whatever happens to be shared."""


def plain(value: Any) -> bytes:  # noqa: ANN401 - whatever is to be kept
    """The value as bytes without a seal, for a part of what will have one. Raises ValueError for what has no such."""
    return marshal.dumps(value, _MARSHAL)


def from_plain(body: bytes) -> Any:  # noqa: ANN401
    """The value of bytes that were under a seal."""
    return marshal.loads(body)  # noqa: S302 - the user's own file, under a digest


def sealed(value: Any) -> bytes:  # noqa: ANN401
    """The value as bytes, its seal before them. Raises ValueError for what cannot be kept."""
    body = plain(value)
    return blake2b(body, digest_size=SEAL_SIZE).digest() + body


def unsealed(kept: object) -> Any:  # noqa: ANN401
    """The value; None for what is missing or damaged."""
    if not isinstance(kept, bytes):
        return None
    body = kept[SEAL_SIZE:]
    if blake2b(body, digest_size=SEAL_SIZE).digest() != kept[:SEAL_SIZE]:
        return None
    return from_plain(body)
