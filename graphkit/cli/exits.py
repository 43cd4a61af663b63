"""The exit statuses: one table for outcomes, one for exceptions."""

from __future__ import annotations

from enum import IntEnum

import click

from graphkit.app.failures import ChangedError, RequestError


class Exit(IntEnum):
    """How a run ended."""

    FINE = 0
    FINDINGS = 1
    USAGE = 2
    """Incorrect usage or configuration, or a vault that is missing or cannot be read."""
    CONFLICT = 3
    """Something was not written because the page had changed in the meantime."""
    PARTIAL = 4
    """Part of the vault could not be read."""
    INTERRUPTED = 130


STRENGTH = (Exit.INTERRUPTED, Exit.USAGE, Exit.CONFLICT, Exit.PARTIAL, Exit.FINDINGS, Exit.FINE)
"""Strongest first: 3 overrides 4, which overrides 1. A run that ends before its work is done overrides them all."""

EXCEPTIONS: tuple[tuple[type[BaseException], Exit], ...] = (
    (BrokenPipeError, Exit.FINE),
    (KeyboardInterrupt, Exit.INTERRUPTED),
    (click.Abort, Exit.INTERRUPTED),
    (click.ClickException, Exit.USAGE),
    (ChangedError, Exit.CONFLICT),
    (RequestError, Exit.USAGE),
    (OSError, Exit.USAGE),
)
"""The first class that matches is used. If the reader has gone (`| head`), the run was successful."""


def exit_of(problem: BaseException) -> Exit:
    """The exit status of an exception. A bug in the program gives 2, since 1 stands for findings."""
    return next((code for kind, code in EXCEPTIONS if isinstance(problem, kind)), Exit.USAGE)


def strongest(*outcomes: Exit) -> Exit:
    """The exit status of a run that had all these outcomes; FINE if there are no outcomes."""
    return min(outcomes, key=STRENGTH.index, default=Exit.FINE)
