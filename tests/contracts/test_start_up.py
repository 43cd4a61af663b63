"""What a start costs, counted and not timed: the modules that `status` imports, and the patterns it compiles."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import pytest
from shared_material import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PAGE = """page-type:: [[experiment]]
owner:: [[Dana]]
due:: [[Sep 9th, 2026]]

- ### #[[goal]]
\t- #goal [[Keep customers]]
- ### Hypothesis
\t- People come back.
- ### #[[work]]
\t- DONE [[Split the sample]]
\t- TODO [[Roll out]]
"""

SCRIPT = """
import json, re, sys
compiled = []
compile_one = re._compiler.compile
def counting(pattern, flags=0):
    compiled.append(pattern)
    return compile_one(pattern, flags)
re._compiler.compile = counting
from graphkit.cli.main import run
run(sys.argv[1:])
modules = [name for name in sys.modules if name.startswith("graphkit.")]
print(json.dumps([modules, sorted(sys.modules), len(compiled)]), file=sys.stderr)
"""

NOT_FOR_AN_OVERVIEW = {
    "graphkit.app.reading.check", "graphkit.app.reading.readout", "graphkit.app.reading.filter_values",
    "graphkit.insight.checks.rules", "graphkit.insight.checks.task_markers", "graphkit.insight.checks.encoding",
    "graphkit.insight.metrics.read_metric", "graphkit.insight.metrics.mentions", "graphkit.insight.statistics.ab_test",
    "graphkit.quantities.numbers", "graphkit.cli.terminal.plot", "graphkit.app.results.encode", "tomllib",
}  # fmt: skip
"""Rules, metrics, readouts and plots, which a vault with one plain experiment gives no reason to import."""


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], list[str], int]:
    """What a `status` of one experiment imported of graphkit and at all, and how many patterns it compiled."""
    root: Path = tmp_path_factory.mktemp("start") / "vault"
    (root / "pages").mkdir(parents=True)
    (root / "logseq").mkdir()
    (root / "pages" / "Reminder.md").write_text(PAGE, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, "-g", str(root), "--no-index", "--as-of", "2026-03-02", "status"],
        capture_output=True, text=True, check=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    modules, everything, compiled = json.loads(done.stderr.strip().splitlines()[-1])
    return modules, everything, compiled


def test_status_imports_only_what_its_vault_needs(started: tuple[list[str], list[str], int]) -> None:
    modules, everything, _ = started
    assert not NOT_FOR_AN_OVERVIEW.intersection(everything)
    assert len(modules) <= 153


def test_status_compiles_only_the_patterns_that_it_uses(started: tuple[list[str], list[str], int]) -> None:
    assert started[2] <= 80


def lazy_patterns() -> list[tuple[str, re.Pattern[str]]]:
    found = []
    for path in sorted((ROOT / "graphkit").rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        if "lazy_pattern(" in path.read_text(encoding="utf-8"):
            module = import_module(name)
            found += [
                (f"{name}.{key}", value)
                for key, value in vars(module).items()
                if type(value).__name__ == "_LazyPattern"
            ]
    return found


def test_every_pattern_that_waits_for_its_first_use_compiles() -> None:
    patterns = lazy_patterns()
    assert len(patterns) > 300
    for place, pattern in patterns:
        assert re.compile(pattern.pattern, pattern.flags).groups == pattern.groups, place


def test_a_lazy_pattern_does_what_a_compiled_one_does() -> None:
    from graphkit.text.patterns import lazy_pattern  # noqa: PLC0415

    lazy, compiled = lazy_pattern("(a)(b)?", re.IGNORECASE), re.compile("(a)(b)?", re.IGNORECASE)
    assert lazy.sub("x", "AB a") == compiled.sub("x", "AB a")
    assert [match.span() for match in lazy.finditer("ab A")] == [match.span() for match in compiled.finditer("ab A")]
    assert lazy.split("1ab2") == compiled.split("1ab2")
    assert lazy.groupindex == compiled.groupindex
    with pytest.raises(AttributeError):
        _ = lazy.nothing  # type: ignore[attr-defined]
