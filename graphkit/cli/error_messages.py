"""What a person reads when a command could not do what was asked: one message, one remedy, no traceback."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from graphkit.app.failures import RequestError
from graphkit.cli.exits import exit_of

if TYPE_CHECKING:
    from graphkit.cli.options import Invocation


def report(problem: Exception, invocation: Invocation) -> int:
    """Say on stderr what went wrong and what to do; the exit code. With `--debug` the traceback comes first."""
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
            f"graphkit itself failed: {type(problem).__name__}: {problem}",
            "this is a fault of graphkit, not of your notes; run it with --debug and report what it prints",
        )
    return code


def _drop_stdout() -> None:
    """The reader is gone: keep Python from complaining once more when it flushes at exit."""
    import os  # noqa: PLC0415

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
