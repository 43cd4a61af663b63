"""Everything a pass over a text collects: references, macros, and what a reader sees instead of the source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.outline.inline.tokens import Macro, Reference, ReferenceKind

if TYPE_CHECKING:
    from collections.abc import Iterable


class Findings:
    """References and macros of one text, and `marks` where a display is wanted."""

    __slots__ = ("macros", "marks", "references", "text")

    def __init__(self, text: str, *, display: bool) -> None:
        self.text = text
        self.references: list[Reference] = []
        self.macros: list[Macro] = []
        self.marks: list[tuple[int, int, str]] | None = [] if display else None
        """Replacements (start, end, shown text) that turn the source into what a reader sees."""

    def refer(self, found: Iterable[tuple[ReferenceKind, str]], start: int, end: int) -> None:
        """Note what the construct at `text[start:end]` refers to."""
        self.references.extend(Reference(kind, target, start, end) for kind, target in found)

    def show(self, start: int, end: int, shown: str) -> None:
        """Note what a reader sees of `text[start:end]`."""
        if self.marks is not None:
            self.marks.append((start, end, shown))

    def sort(self) -> None:
        """Bring the references in text order, the outer before the inner; macros are found in order."""
        self.references.sort(key=lambda reference: (reference.start, -reference.end))

    def shown(self) -> str:
        """The text with the marked stretches replaced; a mark inside another one has no effect."""
        parts: list[str] = []
        at = 0
        for start, end, replacement in sorted(self.marks or (), key=lambda mark: (mark[0], -mark[1])):
            if start >= at:
                parts.extend((self.text[at:start], replacement))
                at = end
        parts.append(self.text[at:])
        return "".join(parts)
