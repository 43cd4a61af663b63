"""The day that a short text names: ISO dates, timestamps and journal titles."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Callable

_ISO_DATE = lazy_pattern(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T].*)?")
_WRAPPED = lazy_pattern(r"<([^<>]*)>|\[\[([^\[\]]*)\]\]|\[([^\[\]]*)\]")


def read_date(value: str, parse_journal: Callable[[str], date | None]) -> date | None:
    """The day a value names, or None: `2026-03-31`, `<2026-03-31 Tue 10:00>`, a journal's title bare or linked."""
    text = value.strip()
    wrapped = _WRAPPED.fullmatch(text)
    if wrapped:
        text = (wrapped[1] or wrapped[2] or wrapped[3] or "").strip()
    iso = _ISO_DATE.fullmatch(text)
    if iso:
        try:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        except ValueError:
            return None
    return parse_journal(text)
