"""The entry point of the `graphkit` command: from arguments to an exit status. Imports almost nothing."""

from __future__ import annotations

import gc
import os
import sys

from graphkit.cli.replay import replay, request_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

    from graphkit.cli.options import Invocation


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit with one of the statuses of `exits`."""
    # Modules and pages create many objects and little garbage: Python's threshold of 700 would collect all the time.
    gc.set_threshold(50_000)
    _reopen_closed_streams()
    code = run(arguments)
    # Freeing the modules and pages of a run one by one takes longer than many commands do.
    for stream in (sys.stdout, sys.stderr):
        try:  # noqa: SIM105 - importing contextlib takes longer than replaying an output
            stream.flush()
        except (OSError, ValueError):  # a reader that has gone is already reported
            pass
    os._exit(code)


def _reopen_closed_streams() -> None:
    """Open the null device for each standard stream that was closed before the start (`2>&-`).

    Otherwise the next file that is opened, a page perhaps, would get its number and whatever is written to the stream.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest free number, which is this one


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and give the exit status."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    # Python sets a stream to None if it was closed before the start (`>&-`).
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - for the whole run
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    invocation: Invocation | None = None
    try:
        request = request_of(words)
        code = None if request is None else replay(request)
        if code is None:
            from graphkit.cli.options import Invocation  # noqa: PLC0415 - brings click
            from graphkit.cli.program import cli  # noqa: PLC0415

            invocation = Invocation(request=request)
            try:
                code = cli.main(words, prog_name="graphkit", standalone_mode=False, obj=invocation)
                invocation.keep(code)
            finally:
                invocation.close()
        sys.stdout.flush()
    except Exception as problem:  # noqa: BLE001 - every error becomes a message and an exit status here
        return _failed(problem, invocation)
    except KeyboardInterrupt:
        return 130
    return code if isinstance(code, int) else 0


def _failed(problem: Exception, invocation: Invocation | None) -> int:
    from graphkit.cli.error_messages import report  # noqa: PLC0415 - only when something went wrong
    from graphkit.cli.options import Invocation  # noqa: PLC0415

    return report(problem, invocation or Invocation())


if __name__ == "__main__":
    main()
