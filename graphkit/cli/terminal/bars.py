"""Progress as a bar of segments, a count and a percentage."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphkit.cli.terminal.canvas import Line, Role, Surface
    from graphkit.insight.work.progress import Progress


_TRACE = 1e-9
"""The share of a part whose leaves have no weight (an estimate of 0h), so that it is still visible."""


def apportion(weights: Sequence[float], cells: int) -> list[int]:
    """Split this many cells in proportion to the weights. Each weight above 0 gets at least one if there are enough.

    Uses largest remainders; on a tie, earlier weights win. All are zero if there is nothing to split.
    """
    total = sum(weights)
    if total <= 0 or cells <= 0:
        return [0] * len(weights)
    exact = [weight * cells / total for weight in weights]
    shares = [int(share) for share in exact]
    by_remainder = sorted(range(len(weights)), key=lambda index: shares[index] - exact[index])
    for index in by_remainder[: cells - sum(shares)]:
        shares[index] += 1
    for index, weight in enumerate(weights):
        if weight > 0 and shares[index] == 0:
            richest = max(range(len(shares)), key=shares.__getitem__)
            if shares[richest] > 1:
                shares[richest] -= 1
                shares[index] = 1
    return shares


def bar(progress: Progress, cells: int, surface: Surface) -> Line:
    """Done, doing, waiting and open as segments, in this many cells, including the brackets of the ASCII form.

    The done part is the fraction done (of weights in estimate mode); the rest is split by leaves. Empty for a tree
    without leaves. The bar is full only if everything is done, and never empty if something is.
    """
    fraction = progress.fraction
    if fraction is None:
        return ()
    glyphs = surface.glyphs
    inner = cells - len(glyphs.bar_left) - len(glyphs.bar_right)
    unfinished = (progress.doing, progress.waiting, progress.todo)
    rest = sum(unfinished)
    finished = max(fraction, _TRACE) if progress.done else 0.0
    left = max(1 - fraction, _TRACE)
    weights = [finished, *(left * part / rest if part else 0.0 for part in unfinished)]
    signs = (glyphs.done, glyphs.doing, glyphs.waiting, glyphs.open)
    roles: tuple[Role, ...] = ("good", "doing", "waiting", "open")
    line: list[tuple[str, Role]] = [
        (sign * share, role) for sign, role, share in zip(signs, roles, apportion(weights, inner), strict=True) if share
    ]
    if glyphs.bar_left:
        return ((glyphs.bar_left, "muted"), *line, (glyphs.bar_right, "muted"))
    return tuple(line)


def tally(progress: Progress, surface: Surface) -> Line:
    """`[5/12]`: leaves done and all leaves; a dash if there are no leaves."""
    if progress.fraction is None:
        return ((surface.glyphs.dash, "muted"),)
    finished = progress.done == progress.total
    return ((f"[{progress.done}/{progress.total}]", "good" if finished else "plain"),)


def percentage(progress: Progress) -> Line:
    """`41%`; empty if there are no leaves."""
    if progress.percent is None:
        return ()
    return ((f"{progress.percent}%", "good" if progress.percent == 100 else "strong"),)


def legend(surface: Surface) -> Line:
    """A legend of the segments."""
    glyphs = surface.glyphs
    return (
        (glyphs.done, "good"),
        (" done  ", "muted"),
        (glyphs.doing, "doing"),
        (" doing  ", "muted"),
        (glyphs.waiting, "waiting"),
        (" waiting  ", "muted"),
        (glyphs.open, "open"),
        (" open", "muted"),
    )
