"""Edits of a page as values: splices, and the plan that holds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.text.digests import blake2b
from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record
from graphkit.text.source import BOM, SourceText

if TYPE_CHECKING:
    from collections.abc import Iterable

_CONFLICT_MARKER = lazy_pattern("<{7}(?=[ \r\n]|\\Z)")


def digest(data: bytes) -> str:
    """The name of these bytes wherever two states of a file are compared: 32 hex digits (blake2b, 128 bits)."""
    return blake2b(data, digest_size=16).hexdigest()


def has_conflict_markers(text: str) -> bool:
    """True if a merge left a `<<<<<<<` at the start of a line; graphkit never writes such a page (spec: writing §3)."""
    for match in _CONFLICT_MARKER.finditer(text):
        start = match.start()
        if start == 0 or text[start - 1] in "\n\r" or (start == 1 and text[0] == BOM):
            return True
    return False


class Splice(Record, frozen=True):
    """The code points `start` to `end` (half-open) of a page's text are replaced by `text`; start == end inserts."""

    start: int
    end: int
    text: str


def apply_splices(text: str, splices: Iterable[Splice]) -> str:
    """The text with every splice done, whatever order they come in; all offsets count in the given text.

    An insertion where another splice starts or ends stands on that side of it.
    Raises ValueError for a splice outside the text, for two that overlap, and for two insertions at one place,
    whose order would be undefined.
    """
    pieces: list[str] = []
    done = 0
    previous: Splice | None = None
    for splice in sorted(splices, key=lambda splice: (splice.start, splice.end)):
        if not 0 <= splice.start <= splice.end <= len(text):
            raise ValueError(f"splice {splice.start}..{splice.end} is outside a text of {len(text)} code points")
        if previous is not None and (
            splice.start < previous.end or (splice.start, splice.end) == (previous.start, previous.end)
        ):
            raise ValueError(
                f"splices {previous.start}..{previous.end} and {splice.start}..{splice.end} claim the same place"
            )
        pieces += (text[done : splice.start], splice.text)
        done = splice.end
        previous = splice
    pieces.append(text[done:])
    return "".join(pieces)


class Plan(Record, frozen=True, kw_only=True):
    """One change of one page that can be shown, applied or refused."""

    page: str
    """Path below the vault, with `/`."""
    digest: str | None
    """`digest` of the bytes the offsets count in; None for a page that is not there yet and is created whole."""
    splices: tuple[Splice, ...]
    reason: str
    """The reason, in a few words: `status rollup`, `task done`."""

    def apply(self, data: bytes) -> bytes:
        """The page's new bytes; every byte outside the splices stays the same.

        `data` of a page that is not there yet is empty.
        Raises ValueError if these are not the bytes that the plan was made from.
        """
        if data if self.digest is None else digest(data) != self.digest:
            raise ValueError(f"the plan for {self.page} was made from other bytes")
        return SourceText(apply_splices(SourceText.decode(data).text, self.splices)).encode()
