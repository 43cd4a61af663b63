"""The report's own templates, rendered with autoescape. Unlike those of views, a vault cannot replace them."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from graphkit.report.safe_text import Html, clean
from graphkit.text.records import Record, field_names

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from jinja2 import Environment

_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@lru_cache(maxsize=32)
def shipped_text(name: str) -> str:
    """A file of `templates/report/`."""
    # A wheel holds templates/ inside the package; a checkout next to it.
    package = files("graphkit")
    for folder in (package / "templates", Path(str(package)).parent / "templates"):
        candidate = folder / "report" / name
        if candidate.is_file():
            return candidate.read_text(encoding="utf-8")
    raise FileNotFoundError(name)


def render_page(name: str, context: Record, tools: Mapping[str, object]) -> Html:
    """A page from its context. tools: further names for the template, such as the addresses."""
    template = _environment().get_template(f"{name}.html.j2")
    values = {field: getattr(context, field) for field in field_names(context)}
    return Html(template.render(**values, **tools))


@lru_cache(maxsize=1)
def _environment() -> Environment:
    import jinja2  # noqa: PLC0415 - only where something is rendered

    environment = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        loader=jinja2.FunctionLoader(shipped_text),
    )
    environment.filters.update(FILTERS)
    return environment


def _finalize(value: Any) -> Any:  # noqa: ANN401 - a template's value is anything
    """None as nothing; text without control characters and not too long; markup as it is."""
    if value is None:
        return ""
    return clean(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def day_text(day: date | None) -> Html:
    """`2 Mar 2026` as a time that programs can read."""
    if day is None:
        return Html("")
    return Html(f'<time datetime="{day.isoformat()}">{day.day} {_MONTHS[day.month - 1]} {day.year}</time>')


def short_day(day: date | None) -> str:
    """`2 Mar`, for places where the year is clear."""
    return "" if day is None else f"{day.day} {_MONTHS[day.month - 1]}"


def chance_text(chance: float | None) -> str:
    """A probability in percent; never 0 or 100 unless it is certain."""
    if chance is None:
        return ""
    if 0 < chance < 0.01:
        return "<1%"
    return ">99%" if 0.99 < chance < 1 else f"{100 * chance:.0f}%"


def signed_percent(share: float | None) -> str:
    """`+14.9%`."""
    return "" if share is None else f"{share:+.1%}"


def count_text(number: float | None) -> str:
    """A count with thousands apart: `4,100`."""
    return "" if number is None else f"{number:,.10g}" if number != int(number) else f"{number:,.0f}"


def duration_text(seconds: float) -> str:
    """`12 h 30 min`."""
    hours, minutes = divmod(int(seconds) // 60, 60)
    return f"{hours:,} h {minutes} min" if hours else f"{minutes} min"


def days_text(days: float) -> str:
    """`1 day`, `4.5 days`."""
    return "1 day" if days == 1 else f"{days:g} days"


def sentence(text: str) -> str:
    """The text with a capital at the beginning and a full stop at the end."""
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith((".", "!", "?", "…")) else ".") if text else ""


def plural(number: int, noun: str, nouns: str = "") -> str:
    """`1 task`, `2 tasks`."""
    return f"{number:,} {noun if number == 1 else nouns or noun + 's'}"


FILTERS: Final[Mapping[str, Callable[..., object]]] = {
    "day": day_text,
    "short_day": short_day,
    "chance": chance_text,
    "signed_percent": signed_percent,
    "count_text": count_text,
    "days": days_text,
    "duration": duration_text,
    "plural": plural,
    "sentence": sentence,
}
"""Filters of the templates in addition to Jinja's own."""
