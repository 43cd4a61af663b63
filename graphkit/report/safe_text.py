"""Text on its way into markup: what is markup already, what is cut, and which characters are shown by their numbers."""

from __future__ import annotations

from typing import Final

from graphkit.text.patterns import lazy_pattern

MOST_CHARACTERS: Final = 500
"""Longer values are cut: a page of a report is for reading."""

_UNSAFE: Final = lazy_pattern(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""Control characters, overrides of the writing direction, and halves of characters that were not UTF-8."""


class Html(str):
    """Markup that needs no escaping; templates recognise it by `__html__`."""

    __slots__ = ()

    def __html__(self) -> str:
        """Itself."""
        return str(self)


def clean(text: str, most: int = MOST_CHARACTERS) -> str:
    """The text with control characters by their numbers (`<U+202E>`), cut to a length with `…`; not escaped yet."""
    if len(text) > most:
        text = text[:most].rstrip() + "…"
    return _UNSAFE.sub(lambda found: f"<U+{ord(found[0]):04X}>", text)
