"""Contexts of the report are what they are declared to be: in the values, in the templates, in the documentation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, get_args, get_type_hints

import jinja2
import pytest
from jinja2 import meta
from report_sites import sample_site
from shared_material import ROOT

from graphkit.report import page_contexts
from graphkit.report.html_templates import FILTERS, shipped_text
from graphkit.report.site import EXPERIMENTS, PAGE_WORDS, PAGES
from graphkit.text.records import Record, field_names

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCS = (ROOT / "docs" / "report.md").read_text(encoding="utf-8")
CONTEXTS: dict[str, type[Record]] = {
    "overview": page_contexts.OverviewContext,
    "experiment": page_contexts.ExperimentPageContext,
    "goals": page_contexts.GoalsContext,
    "metrics": page_contexts.MetricsContext,
    "strategies": page_contexts.StrategiesContext,
    "programme": page_contexts.ProgrammeContext,
    "graph": page_contexts.GraphContext,
    "findings": page_contexts.FindingsContext,
    "decisions": page_contexts.DecisionsContext,
}
TOOLS = {"links", "fragment", "key", "title", "today", "find"}


def names_in(name: str) -> set[str]:
    environment = jinja2.Environment(autoescape=True)
    environment.filters.update(FILTERS)
    source = shipped_text(f"{name}.html.j2")
    return meta.find_undeclared_variables(environment.parse(source))


def documented(name: str) -> list[str]:
    section = DOCS.partition(f"\n### Page `{name}`\n")[2].partition("\n### ")[0]
    return re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)


def test_every_page_has_a_context() -> None:
    site = sample_site()
    assert set(CONTEXTS) == {*PAGES, "experiment"}
    assert set(PAGE_WORDS) == {*PAGES, EXPERIMENTS}
    for key in site.keys:
        kind = CONTEXTS["experiment" if key not in PAGES else key]
        assert type(site.context(key)) is kind


@pytest.mark.parametrize("name", CONTEXTS)
def test_a_template_uses_the_fields_of_its_context_and_all_of_them(name: str) -> None:
    fields = set(field_names(CONTEXTS[name]))
    used = names_in(name)
    assert used <= fields | TOOLS
    assert fields <= used


@pytest.mark.parametrize("name", CONTEXTS)
def test_the_fields_of_a_context_are_documented(name: str) -> None:
    assert documented(name) == list(field_names(CONTEXTS[name]))


def test_the_frame_uses_what_every_page_begins_and_ends_with() -> None:
    used = names_in("frame")
    fields = set(field_names(page_contexts.SiteContext))
    assert fields <= used
    assert used <= fields | {"pages", "current", "many", "home"}


def records_in(value: object) -> Iterator[Record]:
    if isinstance(value, Record) and type(value).__module__ == page_contexts.__name__:
        yield value
        for name in field_names(value):
            yield from records_in(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from records_in(item)


def test_values_have_the_declared_kinds() -> None:
    site = sample_site()
    checked = set()
    for context in (site.frame(), *map(site.context, site.keys)):
        for record in records_in(context):
            kind = type(record)
            checked.add(kind)
            hints = get_type_hints(kind, {**vars(page_contexts), **names_for_hints()})
            for name in field_names(kind):
                value, hint = getattr(record, name), hints[name]
                kinds = get_args(hint) if not isinstance(hint, type) else (hint,)
                plain = tuple(found for found in kinds if isinstance(found, type)) or (object,)
                if not str(hint).startswith("tuple"):
                    assert isinstance(value, plain), (kind.__name__, name, value)
                else:
                    assert isinstance(value, tuple)
    declared = {kind for kind in vars(page_contexts).values()
                if isinstance(kind, type) and issubclass(kind, Record) and kind is not Record}  # fmt: skip
    assert declared == checked


def names_for_hints() -> dict[str, object]:
    """What `page_contexts` imports for type checkers only."""
    from datetime import date  # noqa: PLC0415

    from graphkit.app.results import history_reports, metric_reports, readouts, reports, task_row  # noqa: PLC0415
    from graphkit.insight.experiments.programme import Programme  # noqa: PLC0415
    from graphkit.insight.history.hit_rates import HitRate  # noqa: PLC0415
    from graphkit.report.safe_text import Html  # noqa: PLC0415
    from graphkit.text.diagnostics import Diagnostic  # noqa: PLC0415

    names: dict[str, object] = {
        "date": date, "Programme": Programme, "HitRate": HitRate, "Html": Html, "Diagnostic": Diagnostic
    }  # fmt: skip
    for module in (history_reports, metric_reports, readouts, reports, task_row):
        names.update(vars(module))
    return names
