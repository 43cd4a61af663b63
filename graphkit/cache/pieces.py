"""Values in pieces, in one file with a table of contents, of which some pieces are read. Knows no value.

Table and pieces are each under a seal, so that damage shows.
"""

from __future__ import annotations

import os
from itertools import accumulate

from graphkit.cache.answers import replace_file
from graphkit.cache.seals import sealed, unsealed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, Self

_LENGTH_SIZE = 8
"""Bytes of the length of the table, with which a file begins."""


def keep_pieces(place: str, head: Any, pieces: Iterable[Any]) -> bool:  # noqa: ANN401 - whatever is to be kept
    """Keep pieces of plain values other than None, and what is to be read before them; False where that fails."""
    bodies = list(map(sealed, pieces))
    table = sealed((head, list(map(len, bodies))))
    return replace_file(place, b"".join((len(table).to_bytes(_LENGTH_SIZE, "little"), table, *bodies)))


class Pieces:
    """An open file that `keep_pieces` made, to be closed by `with`.

    Raises OSError where it is not there or cannot be read, ValueError where it is damaged; reading a piece does, too.
    """

    __slots__ = ("_file", "_places", "head")

    def __init__(self, place: str) -> None:
        """Reads the table."""
        self.head: Any
        self._file = file = open(place, "rb")  # noqa: SIM115 - closed by `__exit__`
        try:
            length = int.from_bytes(file.read(_LENGTH_SIZE), "little")
            # A damaged length must not ask for more memory than there is.
            self.head, lengths = self._open(min(length, os.fstat(file.fileno()).st_size))
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
        return self._open(stop - start)

    def _open(self, size: int) -> Any:  # noqa: ANN401 - whatever was kept
        value = unsealed(self._file.read(size))
        if value is None:
            raise ValueError(self._file.name)
        return value
