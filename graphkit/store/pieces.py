"""Values in pieces, in one file with a table of contents, of which some pieces are read. Knows no value.

Table and pieces are each under a seal, so that damage shows.
"""

from __future__ import annotations

import marshal
import os
from itertools import accumulate

from graphkit.store.answers import replace_file
from graphkit.text.digests import blake2b

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any, Self

VERSION = b"1"
"""Of the form of such files."""

_SEAL_SIZE = 16
_LENGTH_SIZE = 8


def keep_pieces(place: str, head: Any, pieces: Iterable[Any]) -> bool:  # noqa: ANN401 - whatever is to be kept
    """Keep pieces of plain values, and what is to be read before them; False where that fails."""
    bodies = [marshal.dumps(piece, 2) for piece in pieces]
    table = marshal.dumps((head, [len(body) for body in bodies], [_seal(body) for body in bodies]), 2)
    return replace_file(place, b"".join((_seal(table), len(table).to_bytes(_LENGTH_SIZE, "little"), table, *bodies)))


class Pieces:
    """An open file that `keep_pieces` made, to be closed by `with`.

    Raises OSError where it is not there or cannot be read, ValueError where it is damaged; reading a piece does, too.
    """

    __slots__ = ("_file", "_places", "_seals", "head")

    def __init__(self, place: str) -> None:
        """Reads the table."""
        self.head: Any
        self._seals: Sequence[bytes]
        self._file = file = open(place, "rb")  # noqa: SIM115 - closed by `__exit__`
        try:
            seal, length = file.read(_SEAL_SIZE), int.from_bytes(file.read(_LENGTH_SIZE), "little")
            # A damaged length must not ask for more memory than there is.
            table = file.read(length) if length <= os.fstat(file.fileno()).st_size else b""
            self.head, lengths, self._seals = _opened(table, seal)
        except BaseException:
            file.close()
            raise
        self._places = list(accumulate(lengths, initial=file.tell()))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def read(self, number: int) -> Any:  # noqa: ANN401 - whatever was kept
        """One piece."""
        start, stop = self._places[number : number + 2]
        self._file.seek(start)
        return _opened(self._file.read(stop - start), self._seals[number])


def _opened(body: bytes, seal: bytes) -> Any:  # noqa: ANN401
    if _seal(body) != seal:
        raise ValueError(seal)
    return marshal.loads(body)  # noqa: S302 - the user's own file, under a digest


def _seal(body: bytes) -> bytes:
    return blake2b(body, digest_size=_SEAL_SIZE, key=VERSION).digest()
