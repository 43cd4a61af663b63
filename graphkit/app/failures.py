"""Requests that cannot be met, as exceptions that own their message; the command line maps them to exit statuses."""

from __future__ import annotations


class RequestError(Exception):
    """Something was asked for that is not there or makes no sense; exit status 2."""

    def __init__(self, message: str, hint: str = "") -> None:
        """Message: one sentence, without a full stop. hint: what to do."""
        super().__init__(message)
        self.message = message
        self.hint = hint


class ChangedError(RequestError):
    """Somebody changed a page between two looks at it, so that nothing was written; exit status 3."""
