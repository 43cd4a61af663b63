"""Who may import whom (docs/architecture.md), and what a command may load."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from shared_material import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PACKAGE = ROOT / "graphkit"

MAY_IMPORT = {
    "text": set(),
    "vault": {"text"},
    "outline": {"text"},
    "quantities": {"text"},
    "facts": {"text", "outline", "vault", "quantities"},
    "insight": {"text", "outline", "vault", "quantities", "facts"},
    "query": {"text", "vault"},
    "views": {"text", "outline", "vault", "quantities", "facts", "insight"},
    "store": {"text", "vault", "facts"},
    "cache": {"text", "vault", "facts", "store"},
    "app": {"text", "outline", "vault", "quantities", "facts", "insight", "views", "store", "cache", "query"},
    "export": {"text", "outline", "vault", "facts", "insight", "views", "app"},
    "report": {"text", "outline", "vault", "quantities", "facts", "insight", "app"},
    "portfolio": {"text", "vault", "facts", "insight", "store", "app"},
    "cli": {
        "text",
        "vault",
        "quantities",
        "facts",
        "insight",
        "views",
        "cache",
        "app",
        "export",
        "report",
        "portfolio",
    },
}
"""Each layer and the layers it may import; itself it always may."""

CORE = {"text", "vault", "outline", "quantities", "facts", "insight", "views", "query"}
IMPURE = {
    "os", "io", "time", "logging", "subprocess", "sqlite3", "pathlib", "shutil", "tempfile", "socket", "random",
    "click", "rich", "watchdog",
}  # fmt: skip
"""What the core must not know: files, clocks, processes, terminals."""

OWNERS = {
    "msgspec": {
        "text/records.py",
        "cache/facts_cache.py",
        "app/history/history_cache.py",
        "app/page_chunks.py",
        "portfolio/manifest.py",
    },
    "arro3": {"app/tables/arrow_tables.py"},
    "duckdb": {"portfolio/locked_database.py"},
    "obstore": {"portfolio/object_store.py"},
    "polars": {"app/tables/row_sequence.py"},
    "pandas": {"app/tables/row_sequence.py"},
    "ray": {"portfolio/engines/ray.py"},
    "networkx": {"insight/graph/vault_graph.py", "export/graphs.py"},
    "markdown_it": {"outline/tables.py", "report/markdown_bodies.py"},
    "plotext": {"cli/terminal/plot.py"},
    "scipy": {
        f"insight/statistics/{name}.py"
        for name in ("means", "posterior", "proportions", "sample_ratio", "sample_size", "sequential_plan")
    },
    "numpy": {"insight/statistics/sequential_plan.py", "insight/statistics/throughput.py"},
    "rich": {"cli/terminal/output.py", "cli/terminal/cells.py", "cli/terminal/documents.py"},
    "yaml": {"outline/markdown_dialect/front_matter.py", "views/template_head.py"},
    "jinja2": {"views/environment.py", "report/html_templates.py"},
    "filelock": {"store/writing/lock.py"},
    "platformdirs": {"store/user_folders.py"},
    "sqlite3": {"cache/database.py", "cache/facts_cache.py", "cache/query_tables.py"},
    "regex": {"query/regular_expressions.py"},
    "watchdog": {"store/watching/file_events.py"},
}
"""Third-party libraries and the modules that may import them."""


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE)


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names.add(node.module or "")
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_imports_only_what_stands_left_of_it(path: Path) -> None:
    layer = path.relative_to(PACKAGE).parts[0]
    allowed = MAY_IMPORT[layer] | {layer}
    wrong = {
        name
        for name in imported(path)
        if name.startswith("graphkit.") and name.count(".") >= 1 and name.split(".")[1] not in allowed | {"version"}
    }
    assert not wrong


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_the_core_is_pure_and_libraries_have_one_owner(path: Path) -> None:
    relative = path.relative_to(PACKAGE).as_posix()
    tops = {name.split(".")[0] for name in imported(path)}
    if relative.split("/")[0] in CORE:
        assert not tops & IMPURE
    for library, owners in OWNERS.items():
        if library in tops:
            assert relative in owners


def loaded_by(*arguments: str) -> set[str]:
    script = (
        "import sys, json\n"
        "from graphkit.cli.main import run\n"
        f"code = run({list(arguments)!r})\n"
        "assert code == 0, code\n"
        "print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stderr.strip().splitlines()[-1]))


HEAVY = {
    "networkx", "jinja2", "watchdog", "markdown_it", "scipy", "numpy", "sqlite3", "yaml", "rich", "hypothesis",
    "plotext", "arro3", "duckdb", "obstore", "ray", "multiprocessing", "concurrent",
}  # fmt: skip


def test_version_loads_click_and_nothing_else() -> None:
    assert not loaded_by("--version") & HEAVY


def test_status_loads_no_library_that_it_does_not_need() -> None:
    loaded = loaded_by("-g", "sample_graph", "--as-of", "2026-03-02", "status")
    assert not loaded & HEAVY
