"""Work replayed commit by commit: the leaves of every experiment with their spans, and its progress by day.

A commit is a day and the pages that it changed. Only experiments that a change can concern are rolled up again: each
remembers the pages, names and block ids that its rollup asked for.

Decided where the specification is silent:

- A leaf that comes to an experiment from another one brings its spans with it.
- An experiment that is deleted, or is no experiment any more, is left out, and goes on where it comes back.
"""

from __future__ import annotations

from datetime import date  # noqa: TC003 - the fields' types are read when a state is decoded
from typing import TYPE_CHECKING

from graphkit.insight.experiments.experiment import lifecycle_of
from graphkit.insight.history.leaves import Leaf, Span
from graphkit.insight.history.numbering import TaskNumbers, TaskVersion
from graphkit.insight.history.past_catalog import Key  # noqa: TC001
from graphkit.insight.history.work_history import PAGE_KEYS, PageChange, ProgressPoint, WorkHistory, point_of
from graphkit.insight.work.estimates import DEFAULT_SCALE
from graphkit.insight.work.work_tree import build_work_tree
from graphkit.text.records import Record, field

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from graphkit.facts.page_facts import PageFacts
    from graphkit.insight.history.leaves import State
    from graphkit.insight.history.past_catalog import PastCatalog
    from graphkit.insight.work.estimates import EstimateScale
    from graphkit.insight.work.work_tree import WorkTree

    Rollups = Mapping[str, tuple[PageFacts, WorkTree]]
    """Experiments with their work trees, by path."""


class FollowedLeaf(Record, array_like=True):
    """A leaf while it is followed."""

    spans: list[Span]
    text: str = ""
    path: str = ""
    line: int = 0


class Track(Record, array_like=True):
    """One experiment while it is followed."""

    title: str
    since: date
    leaves: dict[int, FollowedLeaf] = field(default_factory=dict)
    """By the task's number."""
    present: set[int] = field(default_factory=set)
    """Leaves that are not gone."""
    points: list[ProgressPoint] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)
    """What its page says, by key."""
    changes: list[PageChange] = field(default_factory=list)


class ReplayState(Record, frozen=True, array_like=True):
    """Everything that a replay knows after its last commit, but for the pages; to be kept, and gone on with."""

    tracks: dict[str, Track]
    retired: dict[str, Track]
    keys: dict[str, frozenset[Key]]
    versions: dict[str, TaskVersion]
    numbered: int


class Replay:
    """The state after some commits: call `apply` for each, oldest first, then `conclude` and `histories`."""

    def __init__(
        self,
        catalog: PastCatalog,
        is_experiment: Callable[[PageFacts], bool],
        scale: EstimateScale = DEFAULT_SCALE,
    ) -> None:
        self._catalog = catalog
        self._is_experiment = is_experiment
        self._scale = scale
        self._numbers = TaskNumbers()
        self._tracks: dict[str, Track] = {}
        self._retired: dict[str, Track] = {}
        self._keys: dict[str, frozenset[Key]] = {}
        """What the rollup of each experiment depends on."""
        self._dependent: dict[Key, set[str]] = {}
        """The same the other way round."""
        self._last_seen: dict[int, FollowedLeaf] = {}

    def state(self) -> ReplayState:
        """Everything that is known so far; it changes with the replay until it is encoded."""
        versions, numbered = self._numbers.state()
        return ReplayState(self._tracks, self._retired, self._keys, versions, numbered)

    def resume(self, state: ReplayState) -> None:
        """Go on from a state. The catalog has to hold the pages of then."""
        self._tracks, self._retired = state.tracks, state.retired
        self._numbers = TaskNumbers(state.versions, state.numbered)
        for path, keys in state.keys.items():
            self._depend(path, keys)
        for track in (*state.retired.values(), *state.tracks.values()):
            self._last_seen.update(track.leaves)

    def apply(self, day: date, changes: Iterable[tuple[str, PageFacts | None]]) -> None:
        """One commit: the files that it changed, with their pages from now on (None: gone, or no page any more).

        day: not before that of the commit applied before it.
        """
        changes = list(changes)
        catalog = self._catalog
        new_paths = [path for path, facts in changes if facts is not None and not catalog.has_file(path)]
        vanished = [path for path, facts in changes if facts is None and path in self._numbers]
        keys: set[Key] = set()
        for path, facts in changes:
            keys |= catalog.replace(path, facts)
        concerned = {path for key in keys for path in (*self._dependent.get(key, ()), *catalog.files_named(key))}
        concerned.update(path for path, _ in changes)
        rollups: dict[str, tuple[PageFacts, WorkTree]] = {}
        for path in sorted(concerned):
            page = catalog.at_path(path)
            if page is not None and self._is_experiment(page):
                rollups[path] = page, self._roll_up(page)
        gone = [path for path in concerned if path in self._tracks and path not in rollups]
        if rollups or gone:
            appeared = [page for path in new_paths if (page := catalog.at_path(path)) is not None]
            self._step(day, rollups, gone, vanished, appeared if vanished else ())
        for path in vanished:
            self._numbers.forget(path)

    def conclude(self, day: date, rollups: Rollups, exists: Callable[[str], bool]) -> None:
        """The vault as it stands now, after the last commit: all of its experiments.

        exists: whether there is a page in this file now.
        """
        pages = {page.path: page for _, tree in rollups.values() for _, page in tree.tasks}
        vanished = [path for path in self._numbers.paths() if not exists(path)]
        appeared = [page for path, page in pages.items() if path not in self._numbers]
        gone = [path for path in self._tracks if path not in rollups]
        self._step(day, rollups, gone, vanished, appeared)

    def histories(self) -> dict[str, WorkHistory]:
        """The history of each experiment that there is, by its path."""
        return {
            path: WorkHistory(
                title=track.title,
                source="git",
                start=track.since,
                leaves=tuple(
                    Leaf(text=leaf.text, path=leaf.path, line=leaf.line, spans=tuple(leaf.spans))
                    for leaf in track.leaves.values()
                ),
                points=tuple(track.points),
                changes=tuple(track.changes),
            )
            for path, track in sorted(self._tracks.items())
        }

    def _roll_up(self, page: PageFacts) -> WorkTree:
        """The work tree of an experiment; what it asked for is remembered."""
        asked = self._catalog.asked
        asked.clear()
        tree = build_work_tree(page, self._catalog, is_experiment=self._is_experiment, scale=self._scale)
        asked.add(("path", page.path))
        asked.update({("path", other.path) for _, other in tree.tasks})
        self._depend(page.path, frozenset(asked))
        return tree

    def _depend(self, path: str, keys: frozenset[Key]) -> None:
        before = self._keys.get(path, frozenset())
        for key in before - keys:
            self._dependent[key].discard(path)
            if not self._dependent[key]:
                del self._dependent[key]
        for key in keys - before:
            self._dependent.setdefault(key, set()).add(path)
        if keys:
            self._keys[path] = keys
        else:
            self._keys.pop(path, None)

    def _step(
        self,
        day: date,
        rollups: Rollups,
        gone: Collection[str],
        vanished: Collection[str],
        appeared: Iterable[PageFacts],
    ) -> None:
        """Write down what these rollups say from a day on."""
        renamed = self._numbers.renames(vanished, appeared)
        for path in gone:
            new = renamed.get(path, "")
            if new in rollups and new not in self._tracks:
                self._tracks[new] = self._tracks.pop(path)
            else:
                self._retire(path, day)
            self._depend(path, frozenset())
        pages = {page.path: page for _, tree in rollups.values() for _, page in tree.tasks}
        fresh = self._numbers.update(pages.values(), renamed, vanished)
        for path, (page, tree) in rollups.items():
            track = self._tracks.get(path)
            if track is None:
                track = self._retired.pop(path, None) or Track(title=page.title, since=day)
                self._tracks[path] = track
            track.title = page.title
            _note_changes(track, page, tree, day)
            self._write_down(track, tree, day, fresh)

    def _write_down(self, track: Track, tree: WorkTree, day: date, fresh: Collection[int]) -> None:
        first = not track.points
        present: set[int] = set()
        for task, page, status in tree.leaf_tasks:
            number = self._numbers.number(page.path, task)
            present.add(number)
            leaf = track.leaves.get(number)
            if leaf is None:
                other = self._last_seen.get(number)
                leaf = FollowedLeaf(spans=[] if other is None else list(other.spans))
                track.leaves[number] = leaf
            state = _STATES[status]
            if not leaf.spans:
                since = None if first or number in fresh else day
                leaf.spans.append(Span(since, state, task.scheduled, task.deadline))
            else:
                last = leaf.spans[-1]
                if (last.state, last.scheduled, last.deadline) != (state, task.scheduled, task.deadline):
                    leaf.spans.append(Span(day, state, task.scheduled, task.deadline))
            leaf.text, leaf.path, leaf.line = task.text, page.path, task.line
            self._last_seen[number] = leaf
        for number in track.present - present:
            _close(track.leaves[number], day)
        track.present = present
        _put_point(track.points, point_of(day, tree.progress))

    def _retire(self, path: str, day: date) -> None:
        track = self._retired[path] = self._tracks.pop(path)
        for number in track.present:
            _close(track.leaves[number], day)
        track.present = set()
        _put_point(track.points, ProgressPoint(day, 0.0, 0.0, "leaves", 0, 0, 0))


_STATES: Mapping[str, State] = {"todo": "todo", "doing": "doing", "waiting": "waiting", "done": "done"}


def _note_changes(track: Track, page: PageFacts, tree: WorkTree, day: date) -> None:
    said = {key: page.properties.get(key, "") for key in PAGE_KEYS}
    said["lifecycle"] = lifecycle_of(page, tree.progress)
    if track.said:
        track.changes += [
            PageChange(day, key, track.said[key], value) for key, value in said.items() if track.said[key] != value
        ]
    track.said = said


def _close(leaf: FollowedLeaf, day: date) -> None:
    last = leaf.spans[-1]
    if last.state != "gone":
        leaf.spans.append(Span(day, "gone", last.scheduled, last.deadline))


def _put_point(points: list[ProgressPoint], point: ProgressPoint) -> None:
    """Append a point; one of the same day is replaced, one that says the same as the last is left out."""
    if points and points[-1].day == point.day:
        points.pop()
    if not points or points[-1] != ProgressPoint(
        points[-1].day, point.done, point.scope, point.unit, point.done_leaves, point.leaves, point.doing
    ):
        points.append(point)
