"""What a view is: its parameters and how its context is made. Knows no view in particular."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from graphkit.text.records import Record, field

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from graphkit.facts.page_facts import PageFacts
    from graphkit.views.contexts import Context
    from graphkit.views.view_material import Material

ParameterKind = Literal["name", "number", "words", "week"]
"""name: a page's title; words: one or several of a list, with commas between; week: 2026-W10, this or last."""


class ParameterError(Exception):
    """A parameter cannot be used; the message says what was expected."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Parameter(Record, frozen=True, kw_only=True):
    """One `key=value` that a view takes."""

    name: str
    kind: ParameterKind
    meaning: str
    choices: tuple[str, ...] = ()


class Asked(Record, frozen=True, kw_only=True):
    """What the property of one managed block or page asks for; values are as written."""

    page: PageFacts | None
    """The page it stands on; None while that page is being created."""
    values: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    """What the managed block itself says."""

    def limit(self, default: int) -> int:
        """How many entries are shown. Raises ParameterError for anything but a number above 0."""
        written = self.values.get("limit")
        if written is None:
            return default
        if not (written.isascii() and written.isdecimal() and int(written[:9]) > 0 and len(written) < 9):
            raise ParameterError(f"limit={written} is no number above 0", "write limit=20")
        return int(written)

    def words(self, name: str, choices: tuple[str, ...]) -> tuple[str, ...]:
        """The words of a parameter with commas between. Raises ParameterError for one that is no choice."""
        found = tuple(word.strip().lower() for word in self.values.get(name, "").split(",") if word.strip())
        for word in found:
            if word not in choices:
                raise ParameterError(f"{name}={word} is none of the known words", f"they are {', '.join(choices)}")
        return found


class Built(Record, frozen=True, kw_only=True):
    """A context, and what is to be said about the parameters it was made with."""

    context: Context
    notes: tuple[str, ...] = ()
    """Names in parameters that mean nothing in this vault; one sentence each."""


class View(Record, frozen=True, kw_only=True):
    """One view."""

    name: str
    meaning: str
    parameters: tuple[Parameter, ...]
    context: type
    build: Callable[[Material, Asked], Built]
    """Raises ParameterError."""
