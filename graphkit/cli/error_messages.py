"""Error messages on stderr: one message and one hint, without a traceback."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from graphkit.app.failures import RequestError
from graphkit.cli.exits import exit_of

if TYPE_CHECKING:
    from graphkit.cli.options import Invocation


def report(problem: Exception, invocation: Invocation) -> int:
    """Print an error and its hint to stderr, and give the exit status. With `--debug`, the traceback comes first."""
    code = int(exit_of(problem))
    if isinstance(problem, BrokenPipeError):
        _drop_stdout()
        return code
    if isinstance(problem, click.exceptions.Exit):
        return problem.exit_code
    if invocation.debug:
        import traceback  # noqa: PLC0415

        traceback.print_exception(problem)
    output = invocation.output()
    if isinstance(problem, click.Abort):
        return code
    if isinstance(problem, click.exceptions.NoArgsIsHelpError):
        output.note(problem.message)
        return code
    if isinstance(problem, click.ClickException):
        usage = problem.ctx.get_usage() if isinstance(problem, click.UsageError) and problem.ctx else ""
        output.problem("error", problem.format_message(), usage)
    elif isinstance(problem, RequestError):
        output.problem("error", problem.message, problem.hint)
    elif isinstance(problem, OSError):
        output.problem("error", str(problem))
    else:
        output.problem(
            "error",
            f"internal error: {type(problem).__name__}: {problem}",
            "this is a bug in graphkit, not a problem in your notes; please report it with the output of --debug",
        )
    return code


def _drop_stdout() -> None:
    """Redirect stdout, whose reader is gone, so that Python does not report it again when it flushes at exit."""
    import os  # noqa: PLC0415

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
