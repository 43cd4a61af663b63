"""The segmented bar of progress: done, in progress, waiting and open leaves, each as wide as its number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.report.svg import Html, Svg

if TYPE_CHECKING:
    from graphkit.insight.work.progress import Progress

_WIDTH, _HEIGHT = 120, 8
_WORDS = {"doing": "in progress", "todo": "open"}


def segments(progress: Progress) -> Html:
    """The bar of some progress; without leaves an empty one."""
    parts = {name: getattr(progress, name) for name in ("done", "doing", "waiting", "todo")}
    words = [f"{count} {_WORDS.get(name, name)}" for name, count in parts.items() if count]
    svg = Svg(_WIDTH, _HEIGHT, ", ".join(words) or "no tasks", css="bar")
    before = 0.0
    for name, count in parts.items() if words else [("none", 1)]:
        width = _WIDTH * count / (progress.total or 1)
        if count:
            svg.rect(before, 0, width - (before + width < _WIDTH - 1), _HEIGHT, name)
        before += width
    return svg.html()
