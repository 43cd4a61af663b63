"""Scripts that put no space between words."""

from __future__ import annotations

from typing import Final

from graphkit.text.patterns import lazy_pattern

UNSPACED: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
"""Thai, Lao, Burmese, Khmer, Japanese, Chinese and Korean letters, as the inside of a character class."""
_NOT_PLAIN = lazy_pattern(r"[^\x00-\u02ff\u0370-\u0482\u048a-\u052f\u2000-\u20cf\u2100-\u2bff]")


def is_plain(text: str) -> bool:
    """True if a text holds only Latin, Greek and Cyrillic letters, punctuation, currency signs and arrows.

    It holds neither combining marks nor letters of `UNSPACED` then, and patterns that know of these need not be built:
    they take milliseconds for the thousands of characters in their classes.
    """
    return text.isascii() or _NOT_PLAIN.search(text) is None
