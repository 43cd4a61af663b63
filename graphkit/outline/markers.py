"""The words that make a block a task, and priorities."""

from __future__ import annotations

from typing import Final

from graphkit.text.patterns import lazy_pattern

MARKERS: Final[tuple[str, ...]] = (
    "TODO",
    "DOING",
    "WAITING",
    "WAIT",
    "DONE",
    "CANCELED",
    "CANCELLED",
    "STARTED",
    "IN-PROGRESS",
    "NOW",
    "LATER",
)
"""All markers Logseq reads, upper case only (spec: logseq-format §5.1)."""

MARKER_ALTERNATIVES: Final = "|".join(sorted(MARKERS, key=len, reverse=True))
"""The markers as alternatives of a pattern, longer ones first."""

_SPACE: Final = r"[ \t\f\x1a]"

MARKER: Final = lazy_pattern(rf"{_SPACE}*+({MARKER_ALTERNATIVES})(?= |\Z)")
"""A marker at the start of a title; `\\Z` is the end of the file, not of the line (spec: logseq-format §5.1)."""

PRIORITY: Final = lazy_pattern(rf"{_SPACE}*+\[#([\x00-\x09\x0b\x0c\x0e-\x7f])\]")
"""A priority cookie directly after the marker or at the start of a title (spec: logseq-format §5.3)."""
