"""Which exit code says what: one table for outcomes, one for exceptions. Knows no message, and exits nothing."""

from __future__ import annotations

from enum import IntEnum

import click

from graphkit.app.failures import ChangedError, RequestError


class Exit(IntEnum):
    """How a run ended."""

    FINE = 0
    FINDINGS = 1
    USAGE = 2
    """Wrong usage or configuration, or a vault that is missing or forbidden."""
    CONFLICT = 3
    """Something was not written, because the page had changed meanwhile."""
    PARTIAL = 4
    """The vault could only be read in part."""
    INTERRUPTED = 130


STRENGTH = (Exit.INTERRUPTED, Exit.USAGE, Exit.CONFLICT, Exit.PARTIAL, Exit.FINDINGS, Exit.FINE)
"""Strongest first: 3 beats 4 beats 1; what ends a run before its work is done beats all of them."""

EXCEPTIONS: tuple[tuple[type[BaseException], Exit], ...] = (
    (BrokenPipeError, Exit.FINE),
    (KeyboardInterrupt, Exit.INTERRUPTED),
    (click.Abort, Exit.INTERRUPTED),
    (click.ClickException, Exit.USAGE),
    (ChangedError, Exit.CONFLICT),
    (RequestError, Exit.USAGE),
    (OSError, Exit.USAGE),
)
"""The first class that fits decides. A reader that has gone (`| head`) has had what it wanted."""


def exit_of(problem: BaseException) -> Exit:
    """The exit code of an exception; a fault of the program itself is 2, since 1 would claim findings."""
    return next((code for kind, code in EXCEPTIONS if isinstance(problem, kind)), Exit.USAGE)


def strongest(*outcomes: Exit) -> Exit:
    """The code of a run that had all these outcomes; FINE for none."""
    return min(outcomes, key=STRENGTH.index, default=Exit.FINE)
