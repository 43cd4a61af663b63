"""Which of the vault's pages a name on the command line means, and which experiments the filters keep."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from graphkit.app.failures import RequestError
from graphkit.text.records import dataclass
from graphkit.vault.names import page_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from graphkit.app.results import ExperimentRow

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

    Raises RequestError that offers the near names. Source: cli.md, conventions.
    """
    name = page_name(wanted)
    if not name.strip():
        raise RequestError(f"the name of the {noun} is empty", f"name the {noun}, or leave the name out")
    for item in items:
        if page_name(title(item)) == name:
            return item
    for item in items:
        if any(page_name(alias) == name for alias in aliases(item)):
            return item
    beginning = [item for item in items if page_name(title(item)).startswith(name)]
    if len(beginning) == 1:
        return beginning[0]
    near = [title(item) for item in beginning] or _near(name, [title(item) for item in items])
    hint = f"did you mean {_either(near[:5])}?" if near else f"there is no {noun} with a name like this"
    what = "is the beginning of several names" if beginning else f"names no {noun}"
    raise RequestError(f"“{wanted}” {what}", hint)


def _near(name: str, titles: Iterable[str]) -> list[str]:
    from difflib import get_close_matches  # noqa: PLC0415 - only for a mistake

    by_name: dict[str, str] = {page_name(title): title for title in titles}
    within = [title for key, title in by_name.items() if name and name in key]
    return list(dict.fromkeys([*within, *(by_name[key] for key in get_close_matches(name, by_name, n=5))]))


def _either(names: Sequence[str]) -> str:
    quoted = [f"“{name}”" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What `status` keeps; an empty tuple keeps everything. `choices.settle_filters` makes them comparable."""

    goals: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    healths: tuple[str, ...] = ()
    """`off-track` and `off track` are the same."""

    def __bool__(self) -> bool:
        """Whether anything is filtered."""
        return bool(self.goals or self.owners or self.statuses or self.tags or self.healths)

    def keeps(self, row: ExperimentRow, identity: Callable[[str], str]) -> bool:
        """Whether every given filter has a value that the experiment carries.

        identity: what makes a name that the experiment carries comparable with the settled names here.
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
