"""A number for every task that is followed, which it keeps from one version of its page to the next, and across pages.

Decided where the specification is silent:

- A page that vanishes when another appears was renamed to it if at least half of its tasks are there.
- A task keeps its number on another page if it moves there in one step: by `id::`, else by a text that is there once.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from graphkit.facts.page_facts import Task  # noqa: TC001 - the fields' types are read when a state is decoded
from graphkit.insight.history.task_matching import candidates_of, match_elsewhere, match_versions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from graphkit.facts.page_facts import PageFacts
    from graphkit.insight.history.task_matching import Candidate

_BEARERS: Final = 8
"""New pages with the same task that are considered; a task of a template stands on many."""


class TaskVersion(NamedTuple):
    """The tasks of a page's newest version with their numbers."""

    tasks: tuple[Task, ...]
    numbers: dict[int, int]
    """The number of the task in each block."""


class TaskNumbers:
    """Numbers of tasks, by page and block, for the newest version of each page that was numbered."""

    def __init__(self, versions: dict[str, TaskVersion] | None = None, count: int = 0) -> None:
        """Go on from what `state` gave; without it nothing is numbered."""
        self._versions = {} if versions is None else versions
        self._count = count

    def state(self) -> tuple[dict[str, TaskVersion], int]:
        """The versions by path, and how many numbers were given."""
        return self._versions, self._count

    def __contains__(self, path: str) -> bool:
        return path in self._versions

    def paths(self) -> Iterator[str]:
        """All pages that were numbered and not forgotten."""
        return iter(self._versions)

    def number(self, path: str, task: Task) -> int:
        """The number of a task of the newest version."""
        return self._versions[path].numbers[task.block]

    def forget(self, path: str) -> None:
        """Leave out a page that is gone."""
        self._versions.pop(path, None)

    def renames(self, vanished: Iterable[str], appeared: Iterable[PageFacts]) -> dict[str, str]:
        """The new path of each page that was renamed."""
        bearers: dict[str, list[str]] = {}
        for page in appeared:
            for name in {_name(task) for task in page.tasks}:
                bearers.setdefault(name, []).append(page.path)
        renamed: dict[str, str] = {}
        taken: set[str] = set()
        for old in vanished if bearers else ():
            tasks = self._versions[old].tasks
            votes = Counter(path for task in tasks for path in bearers.get(_name(task), ())[:_BEARERS])
            free = [(count, path) for path, count in votes.items() if path not in taken]
            if free and 2 * max(free)[0] >= len(tasks):
                renamed[old] = max(free)[1]
                taken.add(renamed[old])
        return renamed

    def update(self, pages: Iterable[PageFacts], renamed: Mapping[str, str], vanished: Iterable[str] = ()) -> set[int]:
        """Number these versions of pages; the numbers that are new and stand on a page that is new too."""
        origin = {new: old for old, new in renamed.items()}
        left_old: list[Candidate] = []
        left_new: list[Candidate] = []
        old_numbers: list[int] = []
        places: list[tuple[TaskVersion, Task]] = []
        on_new_page: set[int] = set()
        for page in pages:
            own = self._versions.get(page.path) or self._versions.get(origin.get(page.path, ""))
            if own is not None and own.tasks == page.tasks:
                self._versions[page.path] = own
                continue
            version = self._versions[page.path] = TaskVersion(page.tasks, {})
            before = candidates_of(own.tasks, len(old_numbers)) if own is not None else []
            old_numbers += _in_order(own)
            after = candidates_of(page.tasks, len(places))
            places += [(version, task) for task in page.tasks]
            pairs = match_versions(before, after)
            for item in after:
                if item.place in pairs:
                    version.numbers[item.task.block] = old_numbers[pairs[item.place]]
                else:
                    left_new.append(item)
                    if own is None:
                        on_new_page.add(item.place)
            matched = set(pairs.values())
            left_old += [item for item in before if item.place not in matched]
        if left_new:
            for path in vanished:
                if path not in renamed and (gone := self._versions.get(path)) is not None:
                    left_old += candidates_of(gone.tasks, len(old_numbers))
                    old_numbers += _in_order(gone)
        moved = match_elsewhere(left_old, left_new)
        fresh: set[int] = set()
        for item in left_new:
            version, task = places[item.place]
            if item.place in moved:
                version.numbers[task.block] = old_numbers[moved[item.place]]
                continue
            version.numbers[task.block] = self._count
            if item.place in on_new_page:
                fresh.add(self._count)
            self._count += 1
        return fresh


def _in_order(version: TaskVersion | None) -> Sequence[int]:
    return [version.numbers[task.block] for task in version.tasks] if version is not None else ()


def _name(task: Task) -> str:
    return task.id or task.text
