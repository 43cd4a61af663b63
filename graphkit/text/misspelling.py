"""Words and titles that are probably misspellings of known ones: one matcher for keys, types, headings and links."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable

_SHORT: Final = 4
"""Up to this length only two letters that changed places, or a plural, count: most short words are near another."""
_LONG: Final = 7
"""From this length on, two edits count."""
LONGEST: Final = 120
"""Longer texts are not compared."""
_DIGITS: Final = lazy_pattern(r"\d+")


def edits_between(one: str, other: str, most: int = 2) -> int | None:
    """The letters to insert, delete, replace or swap with their neighbour to get from one text to the other.

    None if it takes more than `most`. Source: optimal string alignment distance, in a band of `most` diagonals.
    """
    if abs(len(one) - len(other)) > most:
        return None
    far = most + 1
    before: list[int] = []
    row = [min(column, far) for column in range(len(other) + 1)]
    for i, letter in enumerate(one, 1):
        previous, row = row, [far] * (len(other) + 1)
        row[0] = min(i, far)
        for j in range(max(1, i - most), min(len(other), i + most) + 1):
            same = letter == other[j - 1]
            best = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (not same))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == other[j - 1]:
                best = min(best, before[j - 2] + 1)
            row[j] = min(best, far)
        if min(row) > most:
            return None
        before = previous
    return row[-1] if row[-1] <= most else None


def edits_allowed(word: str) -> int:
    """How many edits a word of this length may be away from the one that was meant."""
    return 2 if len(word) >= _LONG else 1


def is_plural_of(word: str, known: str) -> bool:
    """True if one of the two is the English plural of the other."""
    one, many = sorted((word, known), key=len)
    return many in {f"{one}s", f"{one}es"} or (one.endswith("y") and many == f"{one[:-1]}ies")


def is_misspelling(word: str, known: str) -> bool:
    """True if a word is not the known one but was probably meant as it; letter case is ignored.

    Numbers are never misspelt: *Q1 2025* is not *Q1 2026*.
    """
    word, known = word.lower(), known.lower()
    if word == known or len(word) > LONGEST or _DIGITS.findall(word) != _DIGITS.findall(known):
        return False
    if is_plural_of(word, known):
        return True
    shorter = min(word, known, key=len)
    if len(shorter) <= _SHORT:
        return len(word) == len(known) > 2 and sorted(word) == sorted(known) and edits_between(word, known, 1) == 1
    return edits_between(word, known, edits_allowed(shorter)) is not None


@lru_cache(maxsize=4096)
def meant_word(word: str, known: tuple[str, ...]) -> str | None:
    """The known word that another one was probably meant as, the nearest one; None if it is known, or none is near."""
    lowered = word.lower()
    if len(word) > LONGEST or lowered in known:
        return None
    near = [candidate for candidate in known if is_misspelling(lowered, candidate)]
    return min(near, key=lambda candidate: (edits_between(lowered, candidate.lower(), 3) or 3, candidate), default=None)


class NearTitles:
    """Finds titles by a misspelt one; linear in the titles, then in those that share a word or an end with it."""

    def __init__(self, titles: Iterable[str]) -> None:
        """Titles: all that can be meant."""
        self._by_part: dict[str, list[str]] = {}
        for title in titles:
            if len(title) <= LONGEST:
                for part in _parts(title.lower()):
                    same = self._by_part.setdefault(part, [])
                    if len(same) < _MOST_COMPARED:
                        same.append(title)

    def meant(self, title: str) -> str | None:
        """The title that was probably meant; None if none is near."""
        if len(title) > LONGEST:
            return None
        near = {
            known
            for part in _parts(title.lower())
            for known in self._by_part.get(part, ())
            if is_misspelling(title, known)
        }
        return min(near, key=lambda known: (edits_between(title.lower(), known.lower(), 3) or 3, known), default=None)


_MOST_COMPARED: Final = 500
"""Titles with one part in common that are compared."""


def _parts(title: str) -> set[str]:
    """The words of a title, and its first and last three letters: two edits leave one of them as it is."""
    return {title[:3] + "…", "…" + title[-3:], *title.split()}
