"""docs/json.md and docs/schemas are what docs/json_reference.py makes of the program, and real documents keep to them.

GRAPHKIT_UPDATE_GOLDEN=1 writes them there.
"""

from __future__ import annotations

import csv
import json
import shlex
from typing import TYPE_CHECKING, Any

import pytest
from golden_text import same_as_golden
from jsonschema import Draft202012Validator
from shared_material import ROOT

from docs.json_reference import COMMAND_FIELDS, COMMANDS_OF, PAGE, SCHEMA_FOLDER, page, schemas
from graphkit.app.results.encode import SCHEMAS
from graphkit.cli.main import run

if TYPE_CHECKING:
    from collections.abc import Callable

COMMANDS = (
    "status", "status 'Refill subscription'", "tree 'Refill subscription'", "tasks --closed --all", "next", "goals",
    "metrics", "metrics 'Churn rate'", "metrics --candidates", "strategies", "readout 'Onboarding quiz'",
    "check", "doctor", "log",
    "forecast", "burnup 'Refill subscription'", "plan 'Onboarding quiz' --mde 10%",
    "query '(task todo)'", "query --all-pages", "graph stats", "graph rank", "fmt --all --dry-run",
    "task done 'Write the offer page' --dry-run", "new experiment 'A new one' --dry-run --no-input",
    "metric log 'Churn rate' 5% --dry-run", "init --dry-run", "git-setup", "rollup --dry-run",
)  # fmt: skip


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    def run_command(command: str, *options: str) -> str:
        code = run(["-g", str(ROOT / "sample_graph"), "--as-of", "2026-03-02", "--no-index",
                    *shlex.split(command), *options])  # fmt: skip
        out, err = capsys.readouterr()
        assert code in {0, 1}, err
        return out

    return run_command


def test_the_page_is_current() -> None:
    assert same_as_golden(page(), PAGE)


@pytest.mark.parametrize("name", schemas())
def test_each_schema_is_current_and_valid(name: str) -> None:
    text = schemas()[name]
    assert same_as_golden(text, SCHEMA_FOLDER / name)
    Draft202012Validator.check_schema(json.loads(text))


def test_every_schema_has_its_command_and_no_file_is_left_over() -> None:
    assert {name.partition(".")[2].partition("/")[0] for name in SCHEMAS.values()} == set(COMMANDS_OF)
    assert {path.name for path in SCHEMA_FOLDER.iterdir()} == set(schemas())


@pytest.mark.parametrize("command", COMMANDS)
def test_documents_keep_to_their_schema_and_say_where_they_come_from(command: str, printed: Callable[..., str]) -> None:
    document: dict[str, Any] = json.loads(printed(command, "--json"))
    assert next(iter(document)) == "schema"
    assert document["vault"] == "sample_graph"
    assert document["as_of"] == "2026-03-02"
    name, version = document["schema"].removeprefix("graphkit.").split("/")
    if name.startswith("graph-"):
        assert document["rows"]
        return
    schema = json.loads((SCHEMA_FOLDER / f"{name}-{version}.json").read_text(encoding="utf-8"))
    errors = [f"{list(error.path)}: {error.message}" for error in Draft202012Validator(schema).iter_errors(document)]
    assert errors == []


READING = {
    "status": "status", "tasks": "tasks", "next": "next", "tree": "tree 'Refill subscription'", "goals": "goals",
    "strategies": "strategies", "log": "log", "query": "query '(task todo)'", "metrics": "metrics",
    "metrics NAME": "metrics 'Churn rate'", "metrics --candidates": "metrics --candidates",
    "readout": "readout 'Onboarding quiz'",
    "plan": "plan --baseline 10% --mde 10% --traffic 4000/week", "forecast": "forecast",
    "explain": "explain", "explain CODE": "explain w303",
    "burnup": "burnup 'Refill subscription'", "doctor": "doctor",
}  # fmt: skip


@pytest.mark.parametrize("command", COMMAND_FIELDS)
def test_all_formats_show_the_same_rows(command: str, printed: Callable[..., str]) -> None:
    line, fields = READING[command], list(COMMAND_FIELDS[command])
    tsv = [row.split("\t") for row in printed(line).splitlines()]
    assert tsv[0] == fields
    assert len(tsv) > 1 or command == "metrics --candidates"
    table = list(csv.reader(printed(line, "--format", "csv", "--raw").splitlines()))
    assert table[0] == fields
    objects = [json.loads(row) for row in printed(line, "--format", "jsonl").splitlines()]
    assert [list(each) for each in objects] == [fields] * (len(tsv) - 1)
    markdown = printed(line, "--format", "markdown").splitlines()
    assert len(table) == len(tsv) == len(markdown) - 1
    chosen = printed(line, "--fields", f"{fields[1]},{fields[0]}").splitlines()
    assert [row.split("\t") for row in chosen] == [[row[1], row[0]] for row in tsv]


def test_a_wrong_field_is_named_with_the_right_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["-g", str(ROOT / "sample_graph"), "--no-index", "status", "--fields", "dew"]) == 2
    assert "There is no field 'dew' here. The fields are experiment, attention" in capsys.readouterr().err
