"""The variables of a page template, from a person's input."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.quantities.written_dates import read_date
from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record
from graphkit.views.filters import page_ref

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from graphkit.views.template_head import Template, Variable

_PART = lazy_pattern(r"(?:\[\[[^\[\]]*+\]\]|[^,，;])+")
_LINK = lazy_pattern(r"#?\[\[([^\[\]]*+)\]\]|#(\S+)")


class DayContext(Record, frozen=True, kw_only=True):
    """A day in a page template."""

    iso: str
    """`2026-03-31`."""
    title: str
    """The title of its journal, in the vault's format; with `page_ref` a link to it."""


PAGE_VARIABLES: Mapping[str, str] = {
    "title": "the title of the page that is made, as it was given",
    "today": "the day, with `iso` and `title`",
    "todo": "the marker of an open task in this vault's workflow, `TODO` or `LATER`: use the filter `marker`",
}
"""The variables of every page template besides its declared ones; these names are reserved."""


class PageValues(Record, frozen=True, kw_only=True):
    """The variables of a page template, and the problems of the input."""

    values: Mapping[str, object]
    """Every declared variable and `PAGE_VARIABLES`; None or an empty tuple if not given."""
    missing: tuple[Variable, ...] = ()
    """Required ones that were not given."""
    problems: tuple[str, ...] = ()
    """One sentence each: unknown names, values of the wrong kind."""


def read_values(
    template: Template,
    given: Mapping[str, str],
    *,
    title: str,
    today: date,
    todo: str,
    parse_day: Callable[[str], date | None],
    day_title: Callable[[date], str],
    titles: Callable[[Variable, str], Sequence[str]] = lambda _, written: read_titles(written),
) -> PageValues:
    """Typed values for a template, from what people write.

    Days are written as 2026-03-31, as a journal's title or as `today`. A variable that is not given, or given blank,
    has its default. titles: those that the value of a variable for pages names.
    """
    days = {name: DayContext(iso=day.isoformat(), title=day_title(day)) for name, day in (("today", today),)}
    values: dict[str, object] = {"title": title, "today": days["today"], "todo": todo}
    known = {variable.name for variable in template.variables}
    problems = [f"“{name}” is not a variable of {template.name}" for name in given if name not in known]
    problems += [f"{template.name} declares “{name}”, which is given to every page" for name in known & set(values)]
    missing: list[Variable] = []
    for variable in template.variables:
        written = given.get(variable.name, "").strip() or (variable.default or "").strip()
        if not written and variable.required:
            missing.append(variable)
        if variable.type in {"page", "pages"}:
            values[variable.name] = _pages(variable, titles(variable, written) if written else (), problems)
        else:
            values[variable.name] = _value(variable, written, today, parse_day, day_title, problems)
    return PageValues(values=values, missing=tuple(missing), problems=tuple(problems))


def read_titles(written: str) -> tuple[str, ...]:
    """The titles between commas, each once: bare, as `[[link]]` or as `#tag`; a comma in a link belongs to its title.

    Whatever else is written is part of a title: nothing is left out.
    """
    found: list[str] = []
    for match in _PART.finditer(written):
        part = match[0].strip()
        links = [(link[1] or link[2] or "").strip() for link in _LINK.finditer(part)]
        found += links if links and not _LINK.sub("", part).strip() else [part]
    return tuple(dict.fromkeys(title for title in found if title))


def _pages(variable: Variable, titles: Sequence[str], problems: list[str]) -> object:
    """The titles of a variable for pages, or the one of a variable for a page."""
    problems += [
        f"{variable.name}: “{title}” is not a valid title for a link"
        for title in titles
        if page_ref(title) != f"[[{title}]]"
    ]
    if variable.type == "pages":
        return tuple(titles)
    if len(titles) > 1:
        problems.append(
            f"{variable.name} takes one page, and {', '.join(f'“{title}”' for title in titles)} are {len(titles)} "
            "(a title with a comma stands in [[ ]])"
        )
    return titles[0] if titles else None


def _value(
    variable: Variable,
    written: str,
    today: date,
    parse_day: Callable[[str], date | None],
    day_title: Callable[[date], str],
    problems: list[str],
) -> object:
    kind = variable.type
    if not written:
        return None
    if kind == "date":
        day = today if written.lower() == "today" else read_date(written, parse_day)
        if day is None:
            problems.append(f"{variable.name}: “{written}” is not a day; write it as 2026-03-31")
            return None
        return DayContext(iso=day.isoformat(), title=day_title(day))
    if kind == "number" and not _is_number(written):
        problems.append(f"{variable.name}: “{written}” is not a number")
    if kind == "choice" and written not in variable.choices:
        problems.append(f"{variable.name}: “{written}” is not one of {', '.join(variable.choices)}")
    return written


def _is_number(written: str) -> bool:
    try:
        return float(written) not in {float("inf"), float("-inf")} and float(written) == float(written)
    except ValueError:
        return False
