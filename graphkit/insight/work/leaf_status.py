"""Everything each task of a rollup counts as: leaf or not, open, done or cancelled, and what closed it.

spec: domain §3.2, §3.6.

Knows a layout and the markers in it; nothing of weights, percentages or messages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.facts.page_facts import TaskStatus

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphkit.facts.page_facts import PageFacts, Task
    from graphkit.insight.work.expansion import Layout
    from graphkit.insight.work.work_scope import Standing

_DONE, _CANCELLED = TaskStatus.DONE, TaskStatus.CANCELLED


class Rollup:
    """A layout with what counts: standing, leaves, and who closed whom."""

    __slots__ = ("children", "closed_by", "layout", "leaves", "recurring", "standing")

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.standing: list[TaskStatus] = []
        self.closed_by: dict[int, tuple[PageFacts, Task]] = {}
        """For open rows that something else closed: the done task that did."""
        self.children: list[list[int]] = [[] for _ in layout.tasks]
        live_parents = self._stand()
        if layout.links:
            self._close_linked()
        links = layout.links
        ends = [
            row
            for row, status in enumerate(self.standing)
            if status is not _CANCELLED and row not in live_parents and row not in links
        ]
        tasks = layout.tasks
        self.recurring: frozenset[int] = frozenset(row for row in ends if tasks[row].repeated)
        """Leaves with a repeater, which never end and so count on neither side (spec: domain §3.2)."""
        self.leaves: list[int] = [row for row in ends if row not in self.recurring] if self.recurring else ends

    def _stand(self) -> set[int]:
        """Pass status down the tree; the rows with a live child."""
        layout, standing, children = self.layout, self.standing, self.children
        inherited, parents = layout.inherited, layout.parents
        live_parents: set[int] = set()
        for row, task in enumerate(layout.tasks):
            status = task.status
            parent = parents[row]
            if parent >= 0:
                children[parent].append(row)
                above = standing[parent]
                if status is _CANCELLED or above is _CANCELLED:
                    status = _CANCELLED
                elif above is _DONE and status is not _DONE:
                    status = _DONE
                    self.closed_by[row] = self._closer(parent)
            if inherited and row in inherited:
                status = self._inherit(row, status, inherited[row])
            if status is not _CANCELLED and parent >= 0:
                live_parents.add(parent)
            standing.append(status)
        return live_parents

    def _inherit(self, row: int, status: TaskStatus, above: Standing) -> TaskStatus:
        if status is _CANCELLED or above.cancelled:
            self.closed_by.pop(row, None)
            return _CANCELLED
        if above.closer is not None and status is not _DONE:
            self.closed_by[row] = (self.layout.pages[row], above.closer)
            return _DONE
        return status

    def _closer(self, row: int) -> tuple[PageFacts, Task]:
        """The done task that closes what stands below a row that counts as done."""
        task = self.layout.tasks[row]
        return (self.layout.pages[row], task) if task.status is _DONE else self.closed_by[row]

    def _close_linked(self) -> None:
        """Close what closed rows stand for at other places, each place once."""
        links, linked, standing = self.layout.links, self.layout.linked, self.standing
        closing = [row for row in sorted(links, reverse=True) if standing[row] is _DONE]
        seen: set[int] = set()
        while closing:
            source = closing.pop()
            closer = self._closer(source)
            for key in links[source]:
                below = [] if key in seen else list(linked[key])
                seen.add(key)
                while below:
                    row = below.pop()
                    if standing[row] is _DONE or standing[row] is _CANCELLED:
                        continue
                    standing[row] = _DONE
                    self.closed_by[row] = closer
                    below += self.children[row]
                    if row in links:
                        closing.append(row)

    def standing_for(self, rows: Iterable[int]) -> set[int]:
        """The rows given and all that they count for: parents, rows that link to them, and so on up."""
        links, linked, parents = self.layout.links, self.layout.linked, self.layout.parents
        keys_of: dict[int, list[int]] = {}
        for key, targets in linked.items():
            for row in targets:
                keys_of.setdefault(row, []).append(key)
        linking: dict[int, list[int]] = {}
        for row, keys in links.items():
            for key in keys:
                linking.setdefault(key, []).append(row)
        found: set[int] = set()
        todo = list(rows)
        while todo:
            row = todo.pop()
            if row < 0 or row in found:
                continue
            found.add(row)
            todo.append(parents[row])
            for key in keys_of.get(row, ()):
                todo += linking.pop(key, ())
        return found
