"""Prompts for the variables of a new page. Each answer is checked before the next prompt."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NoReturn, TypeVar

import click

from graphkit.app.failures import RequestError
from graphkit.cli.terminal.cells import harmless, harmless_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from graphkit.views.template_head import Template, Variable

Answer = TypeVar("Answer")

_FORMS: Mapping[str, str] = {
    "pages": "separated by commas",
    "date": "2026-03-31, or today",
    "number": "a number",
}
"""The format of an answer, by the type of its variable."""


def can_ask() -> bool:
    """True if stdin and stderr are a terminal, so that prompts can be answered."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask_title(check: Callable[[str], object]) -> str:
    """Prompt for the title of the new page. check: raises RequestError for an invalid title."""

    def accepted(answer: str) -> str:
        try:
            check(answer)
        except RequestError as error:
            _again(". ".join(filter(None, (error.message, error.hint))))
        return answer

    return _ask("Title", None, accepted)


def ask_values(
    template: Template, given: Mapping[str, str], answers: dict[str, str], problems: Callable[[str, str], Sequence[str]]
) -> None:
    """Prompt for the variables that were not given. `answers` supplies the defaults and receives the new answers.

    problems: gives the problems of an answer, by the name of its variable.
    """
    for variable in template.variables:
        if variable.name in given:
            continue
        before = answers.pop(variable.name, variable.default)

        def accepted(answer: str, name: str = variable.name) -> str:
            wrong = problems(name, answer) if answer.strip() else ()
            if wrong:
                _again("; ".join(wrong))
            return answer

        answer = _ask(_question(variable), before or (None if variable.required else ""), accepted)
        if answer.strip():
            answers[variable.name] = answer


def ask_again(error: RequestError) -> bool:
    """True if the answers, which do not fit together, are to be given again."""
    click.echo(harmless_lines(f"error: {error.message}\n  {error.hint}"), err=True)
    return _stopping(lambda: click.confirm("Go through the answers again", default=True, err=True))


def _question(variable: Variable) -> str:
    form = ", ".join(variable.choices) or _FORMS.get(variable.type, "")
    return f"{variable.prompt} ({form})" if form else variable.prompt


def _ask(question: str, default: str | None, accepted: Callable[[str], str]) -> str:
    return _stopping(
        lambda: str(
            click.prompt(harmless(question), default=default, show_default=bool(default), err=True, value_proc=accepted)
        )
    )


def _stopping(ask: Callable[[], Answer]) -> Answer:
    try:
        return ask()
    except click.Abort:
        click.echo(err=True)  # so that the shell's prompt starts on a new line
        raise


def _again(reason: str) -> NoReturn:
    raise click.BadParameter(harmless_lines(reason))
