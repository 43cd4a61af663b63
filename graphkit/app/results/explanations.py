"""The result of `graphkit explain`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.text.records import Record

if TYPE_CHECKING:
    from graphkit.text.diagnostics import Severity


class Explanation(Record, frozen=True, kw_only=True):
    """One diagnostic code, as docs/diagnostics.md describes it."""

    code: str
    severity: Severity
    title: str
    meaning: str
    """What is wrong, in Markdown, like the three that follow."""
    example: str
    why: str
    """Why it matters."""
    fix: str
    """How to fix it."""
