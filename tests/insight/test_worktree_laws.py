"""Laws of work trees over random vaults, and agreement with the rules written down naively."""

from __future__ import annotations

import math
from typing import NamedTuple

from builders import Pages, is_experiment, page_of
from hypothesis import given
from hypothesis import strategies as st

from graphkit.facts.page_facts import BlockId, PageFacts, TaskStatus
from graphkit.insight.work.progress import Progress, count_leaves
from graphkit.insight.work.work_tree import WorkTree, build_work_tree
from graphkit.text.records import replace

NAMES = "ABC"
DEPTH = 4
TARGETS = [f"[[{name}]]" for name in NAMES] + [f"(({name.lower()}{line}))" for name in NAMES for line in range(4)]
MARKERS = ["TODO", "DOING", "WAITING", "DONE", "DONE", "CANCELLED"]
ESTIMATES = ["2h", "1-3h", "1d", "90m", "soon"]


@st.composite
def outlines(draw: st.DrawFn, name: str, *, estimates: bool) -> str:
    lines: list[str] = []
    level = -1
    for number in range(draw(st.integers(0, 7))):
        level = draw(st.integers(0, min(level + 1, DEPTH)))
        kind = draw(st.sampled_from(["task", "task", "task", "reference", "reference", "text", "work"]))
        marker = draw(st.sampled_from(MARKERS))
        words = {
            "task": f"{marker} {name}{number}",
            "reference": f"{marker} {draw(st.sampled_from(TARGETS))}",
            "text": "text",
            "work": "# work",
        }[kind]
        if kind != "work":
            words += f" {{id:: {name.lower()}{number}}}"
        if estimates and draw(st.booleans()):
            words += f" {{estimate:: {draw(st.sampled_from(ESTIMATES))}}}"
        lines.append("  " * level + words)
    return "\n".join(lines)


@st.composite
def vaults(draw: st.DrawFn, *, estimates: bool = False) -> tuple[PageFacts, ...]:
    """Three pages that name each other; the rollup is that of the first."""
    return tuple(
        page_of(draw(outlines(name, estimates=estimates)), name, experiment=draw(st.booleans())) for name in NAMES
    )


def build(pages: tuple[PageFacts, ...]) -> WorkTree:
    return build_work_tree(pages[0], Pages(pages), is_experiment=is_experiment)


class Key(NamedTuple):
    page: str
    place: int


class Naive:
    """Domain 3 as sets: slow, recursive where it can be, and without any order."""

    def __init__(self, pages: tuple[PageFacts, ...]) -> None:
        self.pages = {page.title: page for page in pages}
        self.blocks = {identity: (page.title, block) for page in pages for identity, block in page.ids.items()}
        self.found: dict[Key, frozenset[Key]] = {}
        self.live = [key for page in pages for key in self.keys(page.title) if self.is_live(key)]
        self.found = dict.fromkeys(self.live, frozenset())
        while True:
            after = {key: self.step(key) for key in self.live}
            if after == self.found:
                break
            self.found = after

    def keys(self, title: str) -> list[Key]:
        return [Key(title, index) for index in range(len(self.pages[title].tasks))]

    def line_up(self, key: Key) -> list[Key]:
        """The task and those above it on its page."""
        line = [key]
        tasks = self.pages[key.page].tasks
        parent = tasks[key.place].parent
        while parent is not None:
            line.append(Key(key.page, parent))
            parent = tasks[parent].parent
        return line

    def status(self, key: Key) -> TaskStatus:
        return self.pages[key.page].tasks[key.place].status

    def is_live(self, key: Key) -> bool:
        return all(self.status(above) is not TaskStatus.CANCELLED for above in self.line_up(key))

    def scope(self, title: str) -> set[Key]:
        page = self.pages[title]
        work = [range(section.first + 1, section.stop) for section in page.sections if section.kind == "work"]
        keys = {key for key in self.keys(title) if self.is_live(key)}
        if not is_experiment(page) or not work:
            return keys
        return {key for key in keys if any(page.tasks[key.place].block in part for part in work)}

    def children(self, key: Key) -> list[Key]:
        tasks = self.pages[key.page].tasks
        return [
            other for other in self.keys(key.page) if tasks[other.place].parent == key.place and self.is_live(other)
        ]

    def target(self, key: Key) -> set[Key]:
        """All live tasks that a task is replaced by."""
        task = self.pages[key.page].tasks[key.place]
        if self.children(key):
            return set()
        if task.target_page in self.pages:
            return self.scope(task.target_page)
        page, block = self.blocks.get(task.target_block or BlockId(""), ("", -1))
        return {other for other in self.live if other.page == page and self.block(other) == block}

    def block(self, key: Key) -> int:
        return self.pages[key.page].tasks[key.place].block

    def step(self, key: Key) -> frozenset[Key]:
        below = self.children(key) or self.target(key)
        return frozenset().union(*(self.found[other] for other in below)) if below else frozenset({key})

    def view(self, title: str) -> tuple[dict[Key, set[Key]], set[Key], set[Key]]:
        """What each task in view stands for, the leaves, and all that is closed."""
        seen: set[Key] = set()
        edges: dict[Key, set[Key]] = {}
        leaves: set[Key] = set()
        todo = sorted(self.scope(title))
        while todo:
            key = todo.pop()
            if key in seen:
                continue
            seen.add(key)
            below = set(self.children(key)) or self.target(key)
            if not below or (not any(self.found[other] for other in below) and not self.children(key)):
                leaves.add(key)
                below = set()
            edges[key] = below
            todo += below
        closed = {key for key in seen if any(self.status(above) is TaskStatus.DONE for above in self.line_up(key))}
        while True:
            more = closed.union(*(edges[key] for key in closed))
            if more == closed:
                break
            closed = more
        return edges, leaves, closed

    def progress(self, title: str) -> Progress:
        _, leaves, closed = self.view(title)
        open_leaves = [self.status(key) for key in leaves - closed]
        return count_leaves(
            todo=open_leaves.count(TaskStatus.TODO),
            doing=open_leaves.count(TaskStatus.DOING),
            waiting=open_leaves.count(TaskStatus.WAITING),
            done=len(leaves & closed),
        )

    def ready_and_blocked(self, title: str) -> tuple[set[Key], set[Key]]:
        edges, leaves, closed = self.view(title)
        ready: set[Key] = set()
        blocked: set[Key] = set()
        for key in edges:
            below: set[Key] = set()
            todo = [key]
            while todo:
                at = todo.pop()
                if at not in below:
                    below.add(at)
                    todo += edges[at]
            still_open = (below & leaves) - closed
            if not still_open and key not in leaves and key not in closed:
                ready.add(key)
            if still_open and all(self.status(leaf) is TaskStatus.WAITING for leaf in still_open):
                blocked.add(key)
        return ready, blocked


@given(vaults())
def test_the_rollup_is_what_the_rules_say(pages: tuple[PageFacts, ...]) -> None:
    assert build(pages).progress == Naive(pages).progress("A")


@given(vaults())
def test_ready_and_blocked_are_what_the_rules_say(pages: tuple[PageFacts, ...]) -> None:
    tree = build(pages)
    keys = [Key(node.page.title, node.page.tasks.index(node.task)) for node in tree.nodes]
    ready = {key for key, node in zip(keys, tree.nodes, strict=True) if node.ready}
    blocked = {key for key, node in zip(keys, tree.nodes, strict=True) if node.blocked}
    assert (ready, blocked) == Naive(pages).ready_and_blocked("A")


@given(vaults(estimates=True))
def test_bounds_and_sums(pages: tuple[PageFacts, ...]) -> None:
    tree = build(pages)
    progress = tree.progress
    leaves = list(tree.leaves)
    assert progress.total == len(leaves) == len({(node.path, node.task.block) for node in leaves})
    assert progress.done == sum(node.status is TaskStatus.DONE for node in leaves)
    assert all(node.status is not TaskStatus.CANCELLED for node in leaves)
    assert (progress.percent is None) == (not leaves)
    assert (progress.percent == 100) == (bool(leaves) and progress.done == progress.total)
    assert progress.fraction is None or 0 <= progress.fraction <= 1
    assert 0 <= progress.done_weight <= progress.total_weight * (1 + 1e-12)


@given(vaults(estimates=True))
def test_every_node_is_the_sum_of_its_children(pages: tuple[PageFacts, ...]) -> None:
    nodes = build(pages).nodes
    assert len(nodes) == len({(node.path, node.task.block) for node in nodes})
    for index, node in enumerate(nodes):
        assert all(nodes[child].parent == index and nodes[child].depth == node.depth + 1 for child in node.children)
        below = [nodes[child] for child in node.children]
        rolled = node.progress or Progress()
        assert rolled.total == (
            0
            if node.leaf or node.status is TaskStatus.CANCELLED
            else sum(child.leaf + (child.progress.total if child.progress else 0) for child in below)
        )


@given(vaults(estimates=True), st.data())
def test_progress_does_not_fall_when_any_live_task_becomes_done(
    pages: tuple[PageFacts, ...], data: st.DataObject
) -> None:
    """For any task of the tree that counts, leaf or parent, on whatever page: only cancelling changes the leaves."""
    tree = build(pages)
    live = [node for node in tree.nodes if node.status is not TaskStatus.CANCELLED]
    if not live:
        return
    node = data.draw(st.sampled_from(live))
    after = build(tuple(with_done(page, node.task.block) if page.path == node.path else page for page in pages))
    assert after.progress.total == tree.progress.total
    assert after.progress.mode == tree.progress.mode
    assert math.isclose(after.progress.total_weight, tree.progress.total_weight)
    assert after.progress.done >= tree.progress.done + (node.leaf and node.status is not TaskStatus.DONE)
    assert (after.progress.fraction or 0) >= (tree.progress.fraction or 0) - 1e-12
    assert (after.progress.percent or 0) >= (tree.progress.percent or 0)


def with_done(page: PageFacts, block: int) -> PageFacts:
    tasks = tuple(
        replace(task, marker="DONE", status=TaskStatus.DONE) if task.block == block else task for task in page.tasks
    )
    return replace(page, tasks=tasks)


@given(vaults(), st.permutations(["[[A]]", "[[B]]", "((c1))", "[[C]]", "((a2))"]))
def test_the_order_of_expansions_does_not_matter(pages: tuple[PageFacts, ...], order: list[str]) -> None:
    """What is counted, and the circles found, do not depend on the order in which leaves name the same pages."""
    trees = [
        build((page_of("\n".join(f"TODO {target}" for target in targets), "Root"), *pages))
        for targets in (order, sorted(order))
    ]
    assert trees[0].progress == trees[1].progress
    assert circles(trees[0]) == circles(trees[1])


def circles(tree: WorkTree) -> list[tuple[str, str]]:
    return sorted((item.path, item.message) for item in tree.diagnostics if item.code == "W302")


@given(outlines("A", estimates=True))
def test_a_page_alone_counts_the_same_with_and_without_expansion(outline: str) -> None:
    """The short way for plain pages and the long way for expansions agree."""
    page = page_of(outline, "A")
    alone = build((page,))
    through = build((page_of("TODO [[A]]", "Root"), page))
    if alone.progress.total and not circles(alone):
        assert through.progress == alone.progress
    elif not alone.progress.total:
        assert through.progress == count_leaves(todo=1)
