"""Generated queries give what npm's `datascript` gives; skipped where Node or the package is not at hand.

One difference is explained in docs/queries.md: the npm package stops checking a query as soon as nothing is left of
it, while the version that Logseq 0.10.15 holds checks every clause. So an error of ours that tells of the query's
form may meet an answer of the package.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from generated_queries import NOW, Generator, datoms, graph, tables

from graphkit.query.datalog.datalog_query import parse_query
from graphkit.query.datalog.find import run
from graphkit.query.datalog.parse import parse_rules
from graphkit.query.errors import Budget, QueryError
from graphkit.query.query_values import Vector, lift, to_json
from graphkit.query.schema import attributes
from graphkit.text.edn import EdnProblem, Form, read_edn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphkit.query.fact_tables import Tables

VERSION = "1.8.1"
OF_FORM = (
    "has no value yet",
    "has a value yet",
    "takes more variables",
    "must use the same variables",
    "there is no entity",
)
PER_GRAPH = 30


@pytest.fixture(scope="module")
def package() -> Path:
    """The folder in which the pinned package is installed."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("datascript needs Node and npm")
    folder = Path(os.environ.get("GRAPHKIT_DATASCRIPT", Path.home() / ".cache" / "graphkit-tests" / VERSION))
    if not (folder / "node_modules" / "datascript").is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--prefix", str(folder), "--ignore-scripts", "--no-save", f"datascript@{VERSION}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=90)
        if done.returncode:
            pytest.skip(f"datascript {VERSION} cannot be installed from npm")
    return folder


@pytest.fixture
def driver(package: Path) -> Iterator[subprocess.Popen[str]]:
    script = Path(__file__).with_name("datascript_driver.js")
    with subprocess.Popen(
        ["node", str(script), str(package)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        yield process
        process.kill()


def schema() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for name, attribute in attributes(NOW).items():
        held = {}
        if attribute.kind == "reference":
            held[":db/valueType"] = ":db.type/ref"
        if attribute.many:
            held[":db/cardinality"] = ":db.cardinality/many"
        if attribute.unique:
            held[":db/unique"] = ":db.unique/identity"
        if held:
            found[name] = held
    return found


def form(text: str) -> Form:
    read = read_edn(text)
    assert read is not None
    assert not isinstance(read, EdnProblem)
    return read


def value(given: object) -> object:
    return Vector(value(each) for each in given) if isinstance(given, list) else lift(given)


def ours(query: dict[str, Any], held: Tables) -> dict[str, object]:
    try:
        rules = parse_rules(form(query["rules"])) if query["rules"] else ()
        inputs = tuple(value(each) for each in query["inputs"])
        found = run(parse_query(form(query["query"])), inputs, rules, held, Budget())
    except QueryError as error:
        return {"error": error.message}
    return {"value": to_json(found.value)}


def normal(result: object) -> object:
    return sorted(map(json.dumps, result)) if isinstance(result, list) else result


def differences(driver: subprocess.Popen[str], seeds: range) -> tuple[list[str], int]:
    """What differs, and how many queries had answers that were compared."""
    assert driver.stdin is not None
    assert driver.stdout is not None
    wrong: list[str] = []
    compared = 0
    for seed in seeds:
        rng = random.Random(seed)  # noqa: S311 - the same queries each time
        held = tables(graph(rng))
        generator = Generator(rng)
        queries = [generator.query() for _ in range(PER_GRAPH)]
        driver.stdin.write(json.dumps({"schema": schema(), "datoms": datoms(held), "queries": queries}) + "\n")
        driver.stdin.flush()
        for query, theirs in zip(queries, json.loads(driver.stdout.readline()), strict=True):
            got = ours(query, held)
            trouble = str(got.get("error", ""))
            if "value" in theirs and any(words in trouble for words in OF_FORM):
                continue
            compared += 1
            if ("error" in got) != ("error" in theirs) or normal(got.get("value")) != normal(theirs.get("value")):
                wrong.append(f"{seed}: {query}\n  ours {got}\n  datascript {theirs}")
    return wrong, compared


def test_generated_queries_give_what_datascript_gives(driver: subprocess.Popen[str]) -> None:
    wrong, compared = differences(driver, range(12))
    assert wrong == []
    assert compared > 12 * PER_GRAPH * 3 // 4


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_ten_thousand_generated_queries(driver: subprocess.Popen[str]) -> None:
    wrong, compared = differences(driver, range(1000, 1400))
    assert wrong == []
    assert compared > 8_500
