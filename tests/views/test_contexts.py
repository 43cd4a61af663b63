"""Contexts are what they are declared to be: in the values, in the templates and in the documentation."""

from __future__ import annotations

import re
import shutil
from datetime import date
from typing import TYPE_CHECKING

import jinja2
import pytest
from jinja2 import meta
from shared_material import ROOT

from graphkit.app.load import load
from graphkit.app.writing.region_rendering import material_of
from graphkit.app.writing.template_lookup import shipped
from graphkit.text.records import Record, field_names
from graphkit.views import contexts
from graphkit.views.environment import JINJA_FILTERS
from graphkit.views.filters import FILTERS
from graphkit.views.template_head import read_template
from graphkit.views.template_values import PAGE_VARIABLES
from graphkit.views.view import Asked
from graphkit.views.view_table import PAGE_TEMPLATES, VIEWS

if TYPE_CHECKING:
    from pathlib import Path

DOCS = (ROOT / "docs" / "templates.md").read_text(encoding="utf-8")
SHARED_CONTEXTS = {
    "One experiment": contexts.ExperimentContext,
    "One task": contexts.TaskContext,
    "Tasks of one page": contexts.TaskGroup,
    "A count": contexts.AttentionCount,
    "Progress": contexts.ProgressContext,
    "One metric": contexts.MetricContext,
    "One observation": contexts.ObservationContext,
    "One strategy": contexts.StrategyContext,
    "One expectation": contexts.ExpectationContext,
    "One result table": contexts.ResultContext,
    "One variant": contexts.ArmContext,
}


def documented(heading: str) -> list[str]:
    section = DOCS.partition(f"\n### {heading}\n")[2].partition("\n### ")[0]
    return re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)


def names_of(kind: type) -> list[str]:
    assert issubclass(kind, Record)
    return list(field_names(kind))


@pytest.mark.parametrize("name", VIEWS)
def test_every_field_of_a_views_context_is_documented(name: str) -> None:
    assert documented(f"View `{name}`") == names_of(VIEWS[name].context)


@pytest.mark.parametrize("heading", SHARED_CONTEXTS)
def test_every_field_of_a_shared_context_is_documented(heading: str) -> None:
    assert documented(heading) == names_of(SHARED_CONTEXTS[heading])


def test_every_filter_and_page_variable_is_documented() -> None:
    for name in (*FILTERS, *PAGE_VARIABLES):
        assert f"| `{name}` |" in DOCS
    listed = " ".join(DOCS.partition("Jinja's `")[2].partition("`")[0].split())
    assert listed == " ".join(JINJA_FILTERS)


def test_every_view_and_its_parameters_are_documented() -> None:
    text = (ROOT / "docs" / "rollups.md").read_text(encoding="utf-8")
    for view in VIEWS.values():
        line = next(line for line in text.splitlines() if line.startswith(f"| `{view.name}` |"))
        assert set(re.findall(r"`(\w+)=`", line)) == {parameter.name for parameter in view.parameters}


def undeclared(source: str) -> set[str]:
    environment = jinja2.Environment(autoescape=False)  # noqa: S701 - it renders nothing
    environment.filters |= dict(FILTERS)
    return meta.find_undeclared_variables(environment.parse(source))


@pytest.mark.parametrize("name", VIEWS)
def test_a_views_template_uses_only_its_context(name: str) -> None:
    source = shipped("views", name)
    assert source is not None
    template = read_template(name, source, trusted=True)
    assert undeclared(template.source) <= set(names_of(VIEWS[name].context))


@pytest.mark.parametrize("kind", PAGE_TEMPLATES)
def test_a_page_template_uses_only_what_it_declares(kind: str) -> None:
    template = read_template(kind, shipped("pages", kind) or "", trusted=True)
    declared = {variable.name for variable in template.variables}
    assert undeclared(template.source) <= declared | set(PAGE_VARIABLES)
    assert declared <= undeclared(template.source)


def matches(value: object, wanted: str) -> bool:
    """Whether a value is of the declared type, looked at by its name."""
    for choice in wanted.split(" | "):
        if choice == "None":
            if value is None:
                return True
        elif choice.startswith("tuple["):
            inner = choice.removeprefix("tuple[").removesuffix(", ...]")
            if isinstance(value, tuple):
                return all(matches(item, inner) for item in value)
        elif type(value).__name__ == choice:
            return not isinstance(value, Record) or all(
                matches(getattr(value, name), str(declared)) for name, declared in type(value).__annotations__.items()
            )
    return False


@pytest.mark.parametrize("name", VIEWS)
def test_a_real_context_holds_what_is_declared(name: str, tmp_path: Path) -> None:
    root = tmp_path / "sample"
    shutil.copytree(ROOT / "sample_graph", root)
    material = material_of(load(root, as_of=date(2026, 3, 2)))
    asked = {
        "experiment": {"experiment": "Guided first plant"},
        "goal": {"goal": "Make the first week work"},
        "metric": {"metric": "Retention rate"},
        "readout": {"experiment": "Care streaks"},
        "query": {"expr": "(task TODO)"},
    }
    built = VIEWS[name].build(material, Asked(page=None, values=asked.get(name, {})))
    assert type(built.context) is VIEWS[name].context
    assert matches(built.context, type(built.context).__name__)
