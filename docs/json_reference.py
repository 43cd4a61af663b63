"""Writes docs/json.md and docs/schemas/: the fields of every reading command, and a JSON Schema of every document.

`python docs/json_reference.py` writes them. Both are made from the program's own records: names and types from their
annotations, descriptions from the docstrings below the fields. tests/docs/test_json_reference.py holds them to that.
"""

from __future__ import annotations

import ast
import datetime as dt
import importlib
import inspect
import json
import pkgutil
import re
import types
import typing
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from enum import Enum
from functools import cache
from itertools import pairwise
from pathlib import Path

import graphkit
from graphkit.app.results.encode import COMPUTED, SCHEMAS, TABLE_VERSION
from graphkit.cli.look import (
    explain_screen,
    goals_screen,
    log_screen,
    next_screen,
    query_screen,
    status_screen,
    strategies_screen,
    tasks_screen,
    tree_screen,
)
from graphkit.cli.measure import burnup_screen, forecast_screen, metrics_screen, plan_screen, readout_screen
from graphkit.cli.setup import doctor_screen
from graphkit.text.records import Record, field_names

HERE = Path(__file__).resolve().parent
PAGE = HERE / "json.md"
SCHEMA_FOLDER = HERE / "schemas"
DIALECT = "https://json-schema.org/draft/2020-12/schema"

COMMAND_FIELDS: Mapping[str, Sequence[str]] = {
    "status": status_screen.PLAIN_COLUMNS,
    "tasks": tasks_screen.TASK_COLUMNS,
    "next": next_screen.NEXT_FIELDS,
    "tree": tree_screen.TREE_COLUMNS,
    "goals": goals_screen.GOAL_FIELDS,
    "strategies": strategies_screen.STRATEGY_FIELDS,
    "log": log_screen.LOG_FIELDS,
    "query": query_screen.COLUMNS,
    "metrics": metrics_screen.METRIC_COLUMNS,
    "metrics NAME": metrics_screen.OBSERVATION_FIELDS,
    "metrics --candidates": metrics_screen.CANDIDATE_FIELDS,
    "readout": readout_screen.READOUT_FIELDS,
    "plan": plan_screen.PLAN_FIELDS,
    "forecast": forecast_screen.FORECAST_FIELDS,
    "burnup": burnup_screen.BURNUP_FIELDS,
    "explain": explain_screen.CODE_FIELDS,
    "explain CODE": explain_screen.EXPLAIN_FIELDS,
    "doctor": doctor_screen.DOCTOR_COLUMNS,
}
"""The columns of each reading command in tsv, csv, jsonl and markdown. `graph`, `index`, `portfolio` name theirs."""

COMMANDS_OF: Mapping[str, str] = {
    "status": "status", "experiments": "status NAME", "tree": "tree", "tasks": "tasks", "check": "check",
    "rollup": "rollup", "runs": "undo --list", "undo": "undo", "form": "fmt", "task": "task", "new": "new",
    "init": "init", "git-setup": "git-setup", "doctor": "doctor", "metrics": "metrics", "metric": "metrics NAME",
    "candidates": "metrics --candidates", "strategies": "strategies", "goals": "goals", "next": "next",
    "readout": "readout", "plan": "plan", "metric-log": "metric log", "metric-import": "metric import",
    "fix": "check --fix", "forecast": "forecast", "burnup": "burnup", "log": "log", "explain": "explain",
    "portfolio-build": "portfolio build",
}  # fmt: skip
"""The command that prints each document, by the name of its schema."""

_JSON_WORDS = {"None": "null", "True": "true", "False": "false"}

_RESULT = ("kind", "page", "path", "line", "breadcrumb", "text", "marker")
QUERY_SCHEMA: Mapping[str, object] = {
    "$schema": DIALECT,
    "title": "graphkit.query/1",
    "description": "The answer of `graphkit query`; with --page or --all-pages, one answer per query in `queries`.",
    "type": "object",
    "properties": {
        "schema": {"const": "graphkit.query/1"},
        "vault": {"type": "string"},
        "as_of": {"type": "string", "format": "date"},
        "queries": {"type": "array", "items": {"$ref": "#/$defs/Answer"}},
    },
    "required": ["schema", "vault", "as_of"],
    "anyOf": [{"required": ["queries"]}, {"$ref": "#/$defs/Answer"}],
    "$defs": {
        "Answer": {
            "type": "object",
            "properties": {
                "query": {"type": "string"},
                "title": {"type": ["string", "null"]},
                "raw": {"description": "What the query finds, in Logseq's own form."},
                "shown": {"type": "array", "description": "What Logseq lists, in its order."},
                "columns": {"type": "array", "items": {"type": "string"}},
                "rows": {"type": "array"},
                "results": {"type": "array", "items": {"$ref": "#/$defs/Result"}},
                "notes": {"type": "array", "items": {"type": "string"}},
                "plan": {"type": "array"},
                "error": {"type": ["string", "null"]},
            },
            "required": ["query", "title", "raw", "shown", "columns", "rows", "results", "notes"],
        },
        "Result": {"type": "object", "required": list(_RESULT)},
    },
}
"""The schema of the one document that is not made from records."""

HEAD = """\
# Output for programs

<!-- This page is generated: edit and run docs/json_reference.py. -->

Every reading command takes `--format`. In a terminal the default is `screen`, in a pipe `tsv`; colour does not affect
the choice.

| format | prints |
|---|---|
| `screen` | the layout for people, with colour where the terminal has it |
| `text` | the same layout without colour |
| `tsv` | a header line, then one row per line; tabs and line ends inside a cell become spaces |
| `csv` | RFC 4180; a text that a spreadsheet would run as a formula begins with `'`, unless `--raw` is given |
| `json` | one document with everything the command knows; `--json` is short for it |
| `jsonl` | one JSON object per row, with numbers as numbers and lists as lists |
| `markdown` | a table to paste into a page, an issue or a mail |

`--fields title,due` chooses columns and their order in all formats but `json`; on a screen it draws them as a table.
`check` prints `path:line:col` lines or what its own `--format` names.

```console
$ graphkit -g sample_graph --as-of 2026-03-02 status --fields experiment,due --format markdown --health off-track
```

## Columns

In `tsv`, `csv` and `markdown`, unknown values are empty, yes and no stand for true and false, dates are ISO 8601, and
lists are separated by `; `. In `jsonl` they are `null`, `true`, `false`, dates as text, and arrays. New columns are
only ever added at the end.

| command | columns |
|---|---|
"""

DOCUMENTS = """
## Documents

Every JSON document has `schema`, `vault` and `as_of`: the name and version of its schema, the name of the vault's
folder and the day used as today. (`undo` and `index`, which do not read the vault, have neither.)
A new key keeps the version; every other change increments it. The schemas are JSON Schema
2020-12, in [schemas/](schemas).

| command | schema |
|---|---|
"""

RECORDS = """
## Records

The objects inside the documents. Keys are always present; `null` stands for an unknown value.
"""


@cache
def namespace() -> dict[str, object]:
    """Every record and enum of the program by name, and the types their annotations use."""
    for module in pkgutil.walk_packages(graphkit.__path__, "graphkit."):
        if module.name.startswith(("graphkit.app.results", "graphkit.insight", "graphkit.facts", "graphkit.text")):
            importlib.import_module(module.name)
    found: dict[str, object] = {
        "date": dt.date, "datetime": dt.datetime, "Mapping": Mapping, "Sequence": Sequence, "dt": dt,
        "Literal": typing.Literal, "AbstractSet": AbstractSet,
    }  # fmt: skip
    queue: list[type] = [*Record.__subclasses__(), *Enum.__subclasses__()]
    while queue:
        kind = queue.pop()
        queue += kind.__subclasses__()
        if kind.__module__.startswith("graphkit."):
            found[kind.__name__] = kind
    return found


def annotations(kind: type) -> dict[str, object]:
    """The types of a record's fields, by name, in order."""
    found: dict[str, object] = {}
    for base in reversed(kind.__mro__):
        for name, written in inspect.get_annotations(base).items():
            module = vars(inspect.getmodule(base)) if isinstance(written, str) else {}
            found[name] = eval(written, {**namespace(), **module}) if isinstance(written, str) else written  # noqa: S307
    return {name: found[name] for name in field_names(kind)}


@cache
def descriptions(kind: type) -> dict[str, str]:
    """The docstring below each field of a record."""
    found: dict[str, str] = {}
    for base in reversed(kind.__mro__):
        if not base.__module__.startswith("graphkit."):
            continue
        body = typing.cast("ast.ClassDef", ast.parse(inspect.cleandoc("\n" + inspect.getsource(base))).body[0]).body
        for field, after in pairwise(body):
            if (
                isinstance(field, ast.AnnAssign)
                and isinstance(field.target, ast.Name)
                and isinstance(after, ast.Expr)
                and isinstance(after.value, ast.Constant)
            ):
                text = " ".join(str(after.value.value).split())
                found[field.target.id] = re.sub(r"\b(None|True|False)\b", lambda word: _JSON_WORDS[word[0]], text)
    return found


def schema_of(kind: object, records: dict[str, type]) -> dict[str, object]:
    """The JSON Schema of a type. Records become references and are collected in `records`."""
    simple: dict[object, dict[str, object]] = {
        str: {"type": "string"}, int: {"type": "integer"}, float: {"type": "number"}, bool: {"type": "boolean"},
        type(None): {"type": "null"}, dt.date: {"type": "string", "format": "date"}, object: {},
        dt.datetime: {"type": "string", "format": "date-time"},
    }  # fmt: skip
    if kind in simple:
        return simple[kind]
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Literal:
        return {"enum": list(inner)}
    if origin in {typing.Union, types.UnionType}:
        return {"anyOf": [schema_of(each, records) for each in inner]}
    if origin is tuple and inner[-1:] != (...,):
        parts = [schema_of(each, records) for each in inner]
        return {"type": "array", "prefixItems": parts, "items": False, "minItems": len(parts)}
    if origin in {tuple, list, frozenset, set} or (
        inspect.isclass(origin) and issubclass(origin, Sequence | AbstractSet)
    ):
        return {"type": "array", "items": schema_of(inner[0], records)}
    if inspect.isclass(origin) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": schema_of(inner[1], records)}
    if inspect.isclass(kind) and issubclass(kind, Enum):
        return {"enum": [each.value for each in kind]}
    if inspect.isclass(kind) and issubclass(kind, Record):
        records[kind.__name__] = kind
        return {"$ref": f"#/$defs/{kind.__name__}"}
    message = f"no schema for {kind!r}"
    raise TypeError(message)


def record_schema(kind: type, records: dict[str, type]) -> dict[str, object]:
    """The JSON Schema of a record: its fields with their descriptions, and the keys computed for it."""
    about = descriptions(kind)
    properties: dict[str, object] = {}
    for name, annotation in annotations(kind).items():
        described = {"description": about[name]} if name in about else {}
        properties[name] = {**schema_of(annotation, records), **described}
    for name, compute in COMPUTED.get(kind, {}).items():
        properties.setdefault(name, computed_schema(kind, name, compute))
    first = (inspect.getdoc(kind) or "").split("\n")[0]
    return {"type": "object", "description": first, "properties": properties, "required": list(properties)}


def computed_schema(kind: type, name: str, _: object) -> dict[str, object]:
    """The schema of a computed key: an id, or a property of the record itself."""
    if name == "id":
        return {"type": ["string", "null"], "description": "The id of its node in the graph."}
    getter = typing.cast("property", inspect.getattr_static(kind, name)).fget
    written = typing.cast("types.FunctionType", getter).__annotations__["return"]
    about = (inspect.getdoc(getter) or "").split("\n")[0]
    kind_of = eval(written, namespace()) if isinstance(written, str) else written  # noqa: S307 - our own annotation
    return {**schema_of(kind_of, {}), "description": about}


def document_schema(report: type, name: str) -> dict[str, object]:
    """The JSON Schema of one document, with every record it holds under `$defs`."""
    records: dict[str, type] = {}
    top = record_schema(report, records)
    properties = typing.cast("dict[str, object]", top["properties"])
    whole = {
        "schema": {"const": name},
        "vault": {"type": "string", "description": "Name of the vault's folder."},
        "as_of": {"type": "string", "format": "date", "description": "The day used as today."},
        **properties,
    }
    definitions: dict[str, object] = {}
    while missing := [each for each in records if each not in definitions]:
        for each in missing:
            definitions[each] = record_schema(records[each], records)
    return {
        "$schema": DIALECT,
        "title": name,
        "description": top["description"],
        "type": "object",
        "properties": whole,
        "required": ["schema", *properties],
        "$defs": dict(sorted(definitions.items())),
    }


def schemas() -> dict[str, str]:
    """The text of each file of docs/schemas, by its name."""
    found = {}
    for report, name in SCHEMAS.items():
        text = json.dumps(document_schema(report, name), indent=1, ensure_ascii=False)
        found[f"{name.partition('.')[2].replace('/', '-')}.json"] = f"{text}\n"
    found["query-1.json"] = json.dumps(QUERY_SCHEMA, indent=1, ensure_ascii=False) + "\n"
    return found


def type_words(schema: Mapping[str, object]) -> str:
    """A type in words: `text`, `number or null`, `list of TaskRow`."""
    words = {
        "string": "text",
        "integer": "whole number",
        "boolean": "true or false",
        "number": "number",
        "null": "null",
    }
    if "$ref" in schema:
        name = str(schema["$ref"]).rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "enum" in schema:
        return " or ".join(f"`{each}`" for each in typing.cast("list[str]", schema["enum"]))
    if "anyOf" in schema:
        return " or ".join(map(type_words, typing.cast("list[dict[str, object]]", schema["anyOf"])))
    if schema.get("type") == "array" and "prefixItems" in schema:
        parts = typing.cast("list[dict[str, object]]", schema["prefixItems"])
        return f"[{', '.join(map(type_words, parts))}]"
    if schema.get("type") == "array":
        return f"list of {type_words(typing.cast('dict[str, object]', schema['items']))}"
    if schema.get("format") == "date":
        return "date"
    kind = schema.get("type", "any value")
    return " or ".join(
        words.get(each, each) for each in ([kind] if isinstance(kind, str) else typing.cast("list[str]", kind))
    )


def field_table(schema: Mapping[str, object]) -> list[str]:
    """The fields of a record as a Markdown table."""
    lines = ["| key | value | |", "|---|---|---|"]
    for name, each in typing.cast("dict[str, dict[str, object]]", schema["properties"]).items():
        about = str(each.get("description", "")).replace("|", "\\|")
        lines.append(f"| `{name}` | {type_words(each)} | {about} |")
    return lines


def page() -> str:
    """The text of docs/json.md."""
    lines = [HEAD.rstrip("\n")]
    lines += [
        f"| `{command}` | {', '.join(f'`{name}`' for name in names)} |" for command, names in COMMAND_FIELDS.items()
    ]
    lines.append(DOCUMENTS.rstrip("\n"))
    records: dict[str, type] = {}
    bodies: list[str] = []
    for report, name in SCHEMAS.items():
        short = name.partition(".")[2]
        file = short.replace("/", "-")
        lines.append(f"| `{COMMANDS_OF[short.partition('/')[0]]}` | [`{name}`](schemas/{file}.json) |")
        bodies += ["", f"### {name}", "", *field_table(record_schema(report, records))]
    lines.append("| `query` | [`graphkit.query/1`](schemas/query-1.json), described in [queries.md](queries.md) |")
    lines += [
        f"| `graph …`, `index …` | `graphkit.NAME/{TABLE_VERSION}`: `title`, and `rows` with the columns as keys |",
        f"| `portfolio …` | `graphkit.portfolio-NAME/{TABLE_VERSION}`: `place`, `vaults`, and `rows` likewise |",
    ]
    lines += bodies
    lines.append(RECORDS.rstrip("\n"))
    done: set[str] = set()
    while missing := sorted(set(records) - done):
        for name in missing:
            done.add(name)
            schema = record_schema(records[name], records)
            lines += ["", f"### {name}", "", str(schema["description"]), "", *field_table(schema)]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the page and the schemas."""
    PAGE.write_text(page(), encoding="utf-8")
    SCHEMA_FOLDER.mkdir(exist_ok=True)
    for name, text in schemas().items():
        (SCHEMA_FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
