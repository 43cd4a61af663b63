"""Plain values as bytes with a digest before them, so that damage shows. Knows neither files nor what is sealed."""

from __future__ import annotations

import marshal

from graphkit.text.digests import blake2b

TYPE_CHECKING = False  # typing takes longer to import than an edited note may take
if TYPE_CHECKING:
    from typing import Any

SEAL_SIZE = 12
_MARSHAL = 2
"""Equal values give equal bytes: later versions write references to whatever happens to be shared."""


def sealed(value: Any) -> bytes:  # noqa: ANN401
    """The value as bytes, its seal before them. Raises ValueError for what cannot be kept."""
    body = marshal.dumps(value, _MARSHAL)
    return blake2b(body, digest_size=SEAL_SIZE).digest() + body


def unsealed(kept: object) -> Any:  # noqa: ANN401
    """The value; None for what is missing or damaged."""
    if not isinstance(kept, bytes):
        return None
    body = kept[SEAL_SIZE:]
    if blake2b(body, digest_size=SEAL_SIZE).digest() != kept[:SEAL_SIZE]:
        return None
    return marshal.loads(body)  # noqa: S302 - the user's own file, under a digest
