"""Findings as values: what is wrong, how bad it is and where."""

from __future__ import annotations

from enum import StrEnum

from graphkit.text.records import Record


class Severity(StrEnum):
    """The severity of a finding; `check` fails for errors and warnings, not for infos."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Diagnostic(Record, frozen=True, kw_only=True, array_like=True):
    """One finding with its place; `line` and `column` are 1-based, columns in code points."""

    code: str
    severity: Severity
    path: str
    line: int = 1
    column: int = 1
    message: str
    hint: str = ""
