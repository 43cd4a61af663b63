"""Commands that keep running: the signals that end them, and the progress of the first read."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

from graphkit.cli.exits import Exit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from graphkit.cli.terminal.output import Output, Ticker


class Ending:
    """How a command that keeps running was ended."""

    def __init__(self) -> None:
        self.exit = Exit.FINE
        """INTERRUPTED for Ctrl-C. A service that is asked to terminate succeeds."""


@contextmanager
def until_signal(stop: Callable[[], None], resized: Callable[[], None] | None = None) -> Iterator[Ending]:
    """Call `stop` on SIGINT and SIGTERM during a `with` block. A write in progress is finished first.

    resized: called when the size of the terminal window changes.
    """
    ending = Ending()

    def handle(number: int, _frame: FrameType | None) -> None:
        if number == signal.SIGINT:
            ending.exit = Exit.INTERRUPTED
        stop()

    wanted = dict.fromkeys((signal.SIGINT, signal.SIGTERM), handle)
    before = {number: signal.signal(number, handler) for number, handler in wanted.items()}
    window = getattr(signal, "SIGWINCH", None)
    if resized is not None and window is not None:
        before[window] = signal.signal(window, lambda _number, _frame: resized())
    try:
        yield ending
    finally:
        for number, handler in before.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)


def reading(output: Output) -> Callable[[int, int], None]:
    """A progress line for the first read of a vault."""
    ticker: Ticker | None = None

    def progress(done: int, total: int) -> None:
        nonlocal ticker
        ticker = ticker or output.progress("reading", total=total)
        ticker(done)

    return progress
