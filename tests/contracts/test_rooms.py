"""The rooms of the house: how large they and their modules are, what modules are called, and no import circles."""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import pytest
from shared_material import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PACKAGE = ROOT / "graphkit"
MODULES = sorted(PACKAGE.rglob("*.py"))
ROOMS = sorted({path.parent for path in MODULES})

MOST_MODULES = 25
MOST_LINES = 400
MOST_CACHE_LINES = 900


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def import_graph() -> dict[str, set[str]]:
    """Every import of one module by another, those inside functions and for type checkers included."""
    names = {name_of(path): path for path in MODULES}
    graph: dict[str, set[str]] = defaultdict(set)
    for name, path in names.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                graph[name].update(alias.name for alias in node.names if alias.name in names)
            elif isinstance(node, ast.ImportFrom) and node.module in names:
                graph[name].update(
                    whole if (whole := f"{node.module}.{alias.name}") in names else node.module for alias in node.names
                )
    return graph


def circles(graph: dict[str, set[str]]) -> list[str]:
    """The modules that can be reached from themselves."""
    found = []
    for start in sorted(graph):
        seen, waiting = set(), list(graph[start])
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                waiting += graph.get(name, ())
        if start in seen:
            found.append(start)
    return found


def test_a_circle_is_found() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}) == ["b", "c"]


def test_no_imports_run_in_a_circle() -> None:
    assert circles(import_graph()) == []


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.relative_to(ROOT).as_posix())
def test_a_room_holds_few_modules_and_says_what_it_is(room: Path) -> None:
    modules = [path for path in room.glob("*.py") if path.name != "__init__.py"]
    assert len(modules) <= MOST_MODULES
    assert ast.get_docstring(ast.parse((room / "__init__.py").read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_is_read_in_one_sitting(path: Path) -> None:
    assert path.read_text(encoding="utf-8").count("\n") <= MOST_LINES


def test_the_cache_is_small() -> None:
    assert sum(path.read_text(encoding="utf-8").count("\n") for path in (PACKAGE / "cache").glob("*.py")) <= (
        MOST_CACHE_LINES
    )


def test_a_name_stands_once_but_for_a_command_and_its_use_case() -> None:
    places = defaultdict(list)
    for path in MODULES:
        if path.name != "__init__.py":
            places[path.name].append(path.relative_to(PACKAGE).parts[0])
    twice = {name: tuple(sorted(rooms)) for name, rooms in places.items() if len(rooms) > 1}
    assert Counter(twice.values()).keys() <= {("app", "cli")}
