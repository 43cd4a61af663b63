"""The segmented bar of progress: done, in progress, waiting and open leaves, each as wide as its number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.report.charts.svg import Svg

if TYPE_CHECKING:
    from graphkit.insight.work.progress import Progress
    from graphkit.report.safe_text import Html

WIDTH: Final = 120
HEIGHT: Final = 8


def segments(progress: Progress) -> Html:
    """The bar of some progress; without leaves an empty one."""
    parts = [("done", progress.done), ("doing", progress.doing), ("waiting", progress.waiting), ("todo", progress.todo)]
    words = [f"{count} {'in progress' if name == 'doing' else 'open' if name == 'todo' else name}"
             for name, count in parts if count]  # fmt: skip
    svg = Svg(WIDTH, HEIGHT, ", ".join(words) or "no tasks", css="bar")
    before = 0
    for name, count in parts:
        if count:
            start, end = (WIDTH * part / progress.total for part in (before, before + count))
            last = before + count == progress.total
            svg.rect(start, 0, end - start - (0 if last else 1), HEIGHT, name)
            before += count
    if not before:
        svg.rect(0, 0, WIDTH, HEIGHT, "none")
    return svg.html()
