"""The item that a name means among several with titles, or similar ones if there is no match."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from graphkit.text.records import Record
from graphkit.vault.names import page_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

Item = TypeVar("Item")

_MOST_OFFERED = 5


class NoMatch(Record, frozen=True, kw_only=True):
    """A name that matches none of the items, or several."""

    several: bool
    """True if several titles begin with it."""
    near: tuple[str, ...]
    """Those titles, or else similar ones; at most five."""

    @property
    def offer(self) -> str:
        """`did you mean “A”, “B” or “C”?`; empty if nothing is similar."""
        quoted = [f"“{title}”" for title in self.near]
        if not quoted:
            return ""
        return f"did you mean {' or '.join([', '.join(quoted[:-1]), quoted[-1]] if quoted[1:] else quoted)}?"


def match_name(
    wanted: str,
    items: Sequence[Item],
    *,
    title: Callable[[Item], str],
    aliases: Callable[[Item], Iterable[str]] = lambda _: (),
) -> Item | NoMatch:
    """The item with this exact title, or with this alias, or the only one whose title begins with it.

    An empty name matches nothing.
    """
    name = page_name(wanted)
    if not name.strip():
        return NoMatch(several=False, near=())
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
    return NoMatch(several=bool(beginning), near=tuple(near[:_MOST_OFFERED]))


def _near(name: str, titles: Iterable[str]) -> list[str]:
    from difflib import get_close_matches  # noqa: PLC0415 - only for a mistake

    by_name: dict[str, str] = {page_name(title): title for title in titles}
    within = [title for key, title in by_name.items() if name in key]
    return list(dict.fromkeys([*within, *(by_name[key] for key in get_close_matches(name, by_name, n=5))]))
