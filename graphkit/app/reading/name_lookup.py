"""Which of the vault's pages a name on the command line means, and which experiments match the filters."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from graphkit.app.failures import RequestError
from graphkit.text.records import Record
from graphkit.vault.matching import NoMatch, match_name
from graphkit.vault.names import page_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from graphkit.app.results.reports import ExperimentRow

Item = TypeVar("Item")


def named(
    wanted: str,
    items: Sequence[Item],
    *,
    title: Callable[[Item], str],
    aliases: Callable[[Item], Iterable[str]],
    noun: str,
) -> Item:
    """The item that a name means: its exact title, then an alias, then a unique beginning of a title.

    Raises RequestError that suggests similar names.
    """
    if not page_name(wanted).strip():
        raise RequestError(f"the name of the {noun} is empty", f"name the {noun}, or leave the name out")
    found = match_name(wanted, items, title=title, aliases=aliases)
    if not isinstance(found, NoMatch):
        return found
    what = "is a prefix of several names" if found.several else f"names no {noun}"
    raise RequestError(f"“{wanted}” {what}", found.offer or f"there is no {noun} with a name like this")


class Filters(Record, frozen=True, kw_only=True):
    """The filters of `status`; an empty tuple matches everything. `filter_values.settle_filters` resolves them."""

    goals: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    healths: tuple[str, ...] = ()
    """`off-track` and `off track` are the same."""

    def __bool__(self) -> bool:
        """True if anything is filtered."""
        return bool(self.goals or self.owners or self.statuses or self.tags or self.healths)

    def keeps(self, row: ExperimentRow, identity: Callable[[str], str]) -> bool:
        """True if the experiment matches every given filter.

        identity: the identity of a name, for comparison with the resolved names of the filters.
        """
        return (
            _any_of(self.goals, map(identity, row.goals))
            and _any_of(self.owners, map(identity, row.owners))
            and _any_of(self.tags, map(identity, row.tags))
            and _any_of(self.healths, (row.health or "",))
            and _any_of(self.statuses, (row.lifecycle, *row.states, row.word, row.result or ""))
        )


def _any_of(wanted: Sequence[str], held: Iterable[str]) -> bool:
    return not wanted or not set(wanted).isdisjoint(held)
