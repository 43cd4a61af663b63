"""Relations: rows of values under names of variables, joined by hashing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.query.errors import expect_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from graphkit.query.errors import Budget

Row = tuple[object, ...]


class Relation:
    """Rows with one value for each of `names`."""

    __slots__ = ("names", "rows")

    def __init__(self, names: Sequence[str], rows: list[Row]) -> None:
        self.names = tuple(names)
        self.rows = rows

    def column(self, name: str) -> list[object]:
        """The different values of one variable, in their order."""
        index = self.names.index(name)
        return list(dict.fromkeys([row[index] for row in self.rows]))

    def project(self, names: Iterable[str]) -> Relation:
        """The different rows of some of the variables."""
        kept = [name for name in self.names if name in names]
        if len(kept) == len(self.names):
            return self
        indexes = [self.names.index(name) for name in kept]
        if len(indexes) == 1:
            only = indexes[0]
            return Relation(kept, [(value,) for value in dict.fromkeys([row[only] for row in self.rows])])
        return Relation(kept, list(dict.fromkeys([tuple([row[i] for i in indexes]) for row in self.rows])))

    def arranged(self, names: Sequence[str]) -> list[Row]:
        """The rows with their values in this order of variables."""
        if tuple(names) == self.names:
            return self.rows
        indexes = [self.names.index(name) for name in names]
        return [tuple([row[i] for i in indexes]) for row in self.rows]


class Work:
    """Everything a join is charged to, and which clause it is named after when it grows too large."""

    __slots__ = ("budget", "offset", "text")

    def __init__(self, budget: Budget, text: str, offset: int) -> None:
        self.budget = budget
        self.text = text
        self.offset = offset

    def spend(self, steps: int) -> None:
        """Count steps. Raises QueryError when none are left."""
        self.budget.spend(steps, self.text, self.offset)

    def expect(self, rows: int) -> None:
        """Raises QueryError when there would be too many rows."""
        expect_rows(rows, self.text, self.offset)


def join(left: Relation, right: Relation, work: Work) -> Relation:
    """Rows of both that agree in the variables of both; all pairs where they share none. Raises QueryError."""
    common = [name for name in left.names if name in right.names]
    added = [index for index, name in enumerate(right.names) if name not in left.names]
    names = (*left.names, *(right.names[index] for index in added))
    if not common:
        work.expect(len(left.rows) * len(right.rows))
        work.spend(len(left.rows) * len(right.rows))
        return Relation(names, [a + b for a in left.rows for b in right.rows])
    work.spend(len(left.rows) + len(right.rows))
    left_keys, right_keys = ([each.names.index(name) for name in common] for each in (left, right))
    if not added:
        known = set(_keys(right.rows, right_keys))
        pairs = zip(_keys(left.rows, left_keys), left.rows, strict=True)
        return Relation(names, [row for key, row in pairs if key in known])
    table: dict[object, list[Row]] = {}
    tails = [tuple([row[index] for index in added]) for row in right.rows]
    for key, tail in zip(_keys(right.rows, right_keys), tails, strict=True):
        table.setdefault(key, []).append(tail)
    rows: list[Row] = []
    for key, row in zip(_keys(left.rows, left_keys), left.rows, strict=True):
        rows += [row + tail for tail in table.get(key, ())]
        if len(rows) > 1_000_000:
            work.expect(len(rows))
    work.spend(len(rows))
    return Relation(names, rows)


def without(left: Relation, right: Relation, work: Work) -> Relation:
    """Rows of the left one that agree with no row of the right one, whose variables it has all."""
    work.spend(len(left.rows) + len(right.rows))
    known = set(_keys(right.rows, range(len(right.names))))
    indexes = [left.names.index(name) for name in right.names]
    pairs = zip(_keys(left.rows, indexes), left.rows, strict=True)
    return Relation(left.names, [row for key, row in pairs if key not in known])


def _keys(rows: list[Row], indexes: Sequence[int]) -> list[object]:
    if len(indexes) == 1:
        only = indexes[0]
        return [row[only] for row in rows]
    return [tuple([row[index] for index in indexes]) for row in rows]
