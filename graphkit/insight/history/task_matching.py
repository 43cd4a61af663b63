"""Which task of a page's older version is which of the newer one: by `id::`, text and place, then by similar text.

Time is linear in the tasks of both versions and in the length of their texts.

Decided where the specification is silent:

- Equal texts are told apart by the task above them, then by their status, then by their order.
- A text is similar to another when at least half of their pairs of adjacent letters agree (the Dice coefficient).
- Only the nearest few of the tasks left over are compared.
"""

from __future__ import annotations

from collections import Counter, deque
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    from graphkit.facts.page_facts import Task

    _KeyOf = Callable[["Candidate"], Hashable]

_SIMILAR: Final = 0.5
_NEAREST: Final = 8
"""Tasks left over on each side that are compared with one another."""
_COMPARED: Final = 2_000
"""Code points of a text that are compared."""


class Candidate(NamedTuple):
    """A task of one version, and what tells it from others."""

    place: int
    """Its position in the order of the version, or of all pages that are matched together."""
    task: Task
    above: str
    """Text of the task above it; empty at the top."""


def candidates_of(tasks: Sequence[Task], start: int = 0) -> list[Candidate]:
    """The tasks of a page, numbered from start."""
    return [
        Candidate(start + index, task, "" if task.parent is None else tasks[task.parent].text)
        for index, task in enumerate(tasks)
    ]


def match_versions(old: Sequence[Candidate], new: Sequence[Candidate]) -> dict[int, int]:
    """The place of the old task for each place of the new version that has one."""
    pairs: dict[int, int] = {}
    for key in (_identity, _all, _text_above, _text_status, _text):
        old, new = _match_equal(old, new, key, pairs)
        if not old or not new:
            return pairs
    _match_similar(old, new, pairs)
    return pairs


def match_elsewhere(old: Sequence[Candidate], new: Sequence[Candidate]) -> dict[int, int]:
    """As `match_versions` for tasks left over on different pages: by `id::`, else by a text that is there once."""
    pairs: dict[int, int] = {}
    old, new = _match_equal(old, new, _identity, pairs)
    for key in (_text_above, _text):
        once = _once(old, key) & _once(new, key)

        def there_once(item: Candidate, key: _KeyOf = key, once: set[Hashable] = once) -> Hashable:
            return found if (found := key(item)) in once else None

        old, new = _match_equal(old, new, there_once, pairs)
    return pairs


def _once(items: Iterable[Candidate], key: _KeyOf) -> set[Hashable]:
    return {found for found, count in Counter(map(key, items)).items() if count == 1}


def _identity(item: Candidate) -> Hashable:
    return item.task.id


def _all(item: Candidate) -> Hashable:
    return (item.above, item.task.text, item.task.status)


def _text_above(item: Candidate) -> Hashable:
    return (item.above, item.task.text)


def _text_status(item: Candidate) -> Hashable:
    return (item.task.text, item.task.status)


def _text(item: Candidate) -> Hashable:
    return item.task.text


def _match_equal(
    old: Iterable[Candidate],
    new: Iterable[Candidate],
    key: _KeyOf,
    pairs: dict[int, int],
) -> tuple[list[Candidate], list[Candidate]]:
    """Pair what has the same key, in order; what is left over of both. A key of None pairs with nothing."""
    waiting: dict[Hashable, deque[Candidate]] = {}
    left_old: list[Candidate] = []
    for item in old:
        if (found := key(item)) is None:
            left_old.append(item)
        else:
            waiting.setdefault(found, deque()).append(item)
    left_new: list[Candidate] = []
    for item in new:
        queue = waiting.get(key(item))
        if queue:
            pairs[item.place] = queue.popleft().place
        else:
            left_new.append(item)
    left_old += [item for queue in waiting.values() for item in queue]
    left_old.sort()
    return left_old, left_new


def _match_similar(old: Sequence[Candidate], new: Sequence[Candidate], pairs: dict[int, int]) -> None:
    """Pair what is left over by similar text: for each new task the most similar of the old ones nearest in order."""
    bigrams = {item.place: _bigrams(item.task.text) for item in old}
    left = deque(old)
    for item in new:
        own = _bigrams(item.task.text)
        best, share = None, _SIMILAR
        for number in range(min(_NEAREST, len(left))):
            other = left[number]
            if item.task.id is not None and other.task.id is not None:
                continue  # two ids that differ are two tasks
            found = _dice(own, bigrams[other.place])
            if found > share or (found == share and best is None):
                best, share = number, found
        if best is not None:
            pairs[item.place] = left[best].place
            del left[best]
        elif len(left) > _NEAREST:
            left.popleft()


def _bigrams(text: str) -> Counter[tuple[str, str]]:
    return Counter(pairwise(text[:_COMPARED].casefold()))


def _dice(one: Counter[tuple[str, str]], other: Counter[tuple[str, str]]) -> float:
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0
