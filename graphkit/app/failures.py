"""Requests that fail, as exceptions with their message; the command line maps them to exit statuses."""

from __future__ import annotations


class RequestError(Exception):
    """A request for something that does not exist or is invalid; exit status 2."""

    def __init__(self, message: str, hint: str = "") -> None:
        """Message: one sentence, without a full stop. hint: what to do."""
        super().__init__(message)
        self.message = message
        self.hint = hint


class ChangedError(RequestError):
    """Somebody changed a page meanwhile, so nothing was written; exit status 3."""
