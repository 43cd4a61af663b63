"""The width of a drawn text, estimated without a font: what fits, and which labels stand beside each other."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import east_asian_width

if TYPE_CHECKING:
    from collections.abc import Iterable


def text_width(text: str, size: float = 10) -> float:
    """The estimated width of a text in pixels, wide characters counted double."""
    return size * sum(1.0 if sign in "%+@WM" or east_asian_width(sign) in "WF" else 0.6 for sign in text)


def fitted(text: str, width: float, size: float = 10) -> str:
    """The text, cut with `…` where it is wider than so many pixels."""
    if len(text) <= 400 and text_width(text, size) <= width:
        return text
    kept = text[: int(width / size * 2) + 1]
    while kept and text_width(kept + "…", size) > width:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def apart(labels: Iterable[tuple[float, str]], size: float = 10, gap: float = 6) -> list[tuple[float, str]]:
    """The labels, centred at their places, that do not run into an earlier one; in order of place."""
    kept: list[tuple[float, str]] = []
    for place, text in sorted(labels):
        if not kept or place - kept[-1][0] >= (text_width(text, size) + text_width(kept[-1][1], size)) / 2 + gap:
            kept.append((place, text))
    return kept
