"""The rows of a vault's tables against what its own `--json` says, read independently here."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from portfolio_vaults import DAY, command, write_teams
from shared_material import CORPORA, ROOT, needs_shared

from graphkit.app.load import load
from graphkit.app.page_chunks import list_pages, merge_chunks, page_facts
from graphkit.app.reading.graph import build_session_graph
from graphkit.app.tables.arrow_tables import arrow_schema
from graphkit.app.tables.table_rows import VaultRows
from graphkit.app.tables.table_schema import ARROW_NAMES, TABLES, markdown
from graphkit.portfolio.listed_vault import ListedVault
from graphkit.portfolio.vault_source import Source
from graphkit.portfolio.vault_tables import vault_tables

if TYPE_CHECKING:
    from collections.abc import Mapping

Table = list[dict[str, Any]]

EVERY_STATUS = [word for status in ("todo", "doing", "waiting", "done", "cancelled") for word in ("--status", status)]


def tables_of(root: Path) -> dict[str, Table]:
    """All tables of a vault as its Arrow batches hold them, days as in JSON."""
    found = vault_tables(ListedVault(source=Source(kind="folder", address=str(root)), digest="x"), DAY)
    tables: dict[str, Table] = {}
    for table, batches in found.items():
        rows = [row for batch in batches for row in pl.DataFrame(batch).to_dicts()]
        tables[table] = [{key: iso(value) for key, value in row.items() if key != "vault"} for row in rows]
    return tables


def iso(value: object) -> object:
    return value.isoformat() if isinstance(value, dt.date) else value


def said(root: Path, *words: str) -> dict[str, Any]:
    """The JSON document of a command."""
    code, out, errors = command("-g", root, "--as-of", DAY.isoformat(), "--no-index", *words, "--json")
    assert code in {0, 1, 4}, errors
    document: dict[str, Any] = json.loads(out)
    return document


def escaped(value: object) -> object:
    """Texts with lone surrogates as the tables have them."""
    if isinstance(value, str):
        return "".join(f"\\u{ord(sign):04x}" if 0xD800 <= ord(sign) < 0xE000 else sign for sign in value)
    if isinstance(value, list):
        return [escaped(item) for item in value]
    return value


def kept(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: escaped(row[name]) for name in names}


def experiment(row: Mapping[str, Any]) -> dict[str, Any]:
    progress, forecast = row["progress"], row["forecast"] or {}
    return {
        **kept(
            row, "id", "title", "path", "lifecycle", "lifecycle_derived", "attention", "reason", "word", "goals",
            "owners", "tags", "start", "due", "result", "questions", "strategies", "health", "health_reason",
            "health_stated", "states", "last_activity", "stale",
        ),
        **kept(
            progress, "todo", "doing", "waiting", "done", "blocked", "recurring", "total", "fraction", "percent",
            "mode", "unit", "done_weight", "total_weight", "total_deviation",
        ),
        "findings": row["diagnostics"],
        "metrics": [metric["id"] for metric in row["metrics"]],
        "metric_ties": [metric["how"] for metric in row["metrics"]],
        "breached": [metric["id"] for metric in row["metrics"] if metric["breached"]],
        "forecast_outcome": forecast.get("outcome"),
        "forecast_source": forecast.get("source"),
        "p50": forecast.get("p50"),
        "p85": forecast.get("p85"),
        "chance": forecast.get("chance"),
        "forecast_reason": forecast.get("reason"),
    }  # fmt: skip


def task(row: Mapping[str, Any]) -> dict[str, Any]:
    below = row["progress"]
    return {
        **kept(
            row, "id", "page", "path", "line", "marker", "status", "text", "priority", "scheduled", "deadline", "depth",
            "experiment", "flags", "block_id", "done_on", "last_activity",
        ),
        "leaf": below is None,
        "leaves_done": below and below["done"],
        "leaves": below and below["total"],
        "percent": below and below["percent"],
    }  # fmt: skip


def metric(row: Mapping[str, Any]) -> dict[str, Any]:
    names = {column.name for column in TABLES["metrics"]} - {"vault", "experiments", "findings"}
    return {
        **kept(row, *names),
        "experiments": [f"experiment:{escaped(use['name'])}" for use in row["experiments"]],
        "findings": row["diagnostics"],
    }


def goal(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **kept(row, "id", "title", "path", "owners", "due", "serves", "score"),
        **kept(row["progress"], "done", "total", "fraction", "percent"),
        "metrics": [item["id"] for item in row["metrics"]],
        "experiments": [f"experiment:{escaped(item['name'])}" for item in row["experiments"]],
    }


def assert_as_json(root: Path) -> dict[str, Table]:
    """Compare every table that a command prints as JSON."""
    tables = tables_of(root)
    without_rank = [{k: v for k, v in row.items() if k != "attention_rank"} for row in tables["experiments"]]
    assert without_rank == [experiment(row) for row in said(root, "status", "--all")["experiments"]]
    ranks = [row["attention_rank"] for row in tables["experiments"]]
    assert ranks == sorted(ranks)
    assert tables["tasks"] == [task(row) for row in said(root, "tasks", *EVERY_STATUS)["tasks"]]
    assert tables["metrics"] == [metric(row) for row in said(root, "metrics")["metrics"]]
    assert tables["goals"] == [goal(row) for row in said(root, "goals")["goals"]]
    names = ("code", "severity", "path", "line", "column", "message", "hint")
    assert tables["findings"] == [kept(row, *names) for row in said(root, "check")["findings"]]
    strategies = said(root, "strategies")["strategies"]
    assert [row["id"] for row in tables["strategies"]] == [escaped(row["id"]) for row in strategies]
    assert [row["impact"] for row in tables["strategies"]] == [escaped(row["impact"]) for row in strategies]
    (vault,) = tables["vaults"]
    assert vault["error"] is None
    for table in TABLES:
        if table != "vaults":
            assert vault[table] == len(tables[table])
            assert len({row.get("id") for row in tables[table]}) == len(tables[table]) or table not in {
                "experiments", "goals", "metrics", "strategies"
            }  # fmt: skip
    return tables


def test_the_sample_vault_says_the_same_in_its_tables_and_in_json() -> None:
    root = ROOT / "sample_graph"
    tables = assert_as_json(root)
    seen = Counter(row["metric"] for row in tables["observations"])
    assert sum(seen.values()) > 50
    for row in tables["metrics"]:
        document = said(root, "metrics", row["title"])
        names = ("day", "value", "text", "written", "n", "segment", "source", "kind", "path", "line", "future")
        own = [kept(item, *names) for item in tables["observations"] if item["metric"] == row["id"]]
        assert own == [kept(item, *names) for item in document["observations"]]
    for title in {row["title"] for row in tables["readouts"]}:
        document = said(root, "readout", title)
        compared = [
            (result["metric"], result["role"], item["variant"], item["outcome"], item["lift"], item["p_value"])
            for result in document["results"]
            for item in result["comparisons"]
        ]
        own_rows = [row for row in tables["readouts"] if row["title"] == title]
        columns = ("metric", "role", "variant", "outcome", "lift", "p_value")
        assert [tuple(row[name] for name in columns) for row in own_rows] == compared
        assert {row["decision"] for row in own_rows} == {document["call"]["decision"]}


@needs_shared
@pytest.mark.engines
@pytest.mark.parametrize("name", sorted(path.name for path in CORPORA.glob("*/")) if CORPORA.is_dir() else [])
def test_real_vaults_say_the_same_in_their_tables_and_in_json(name: str) -> None:
    assert_as_json(CORPORA / name)


def test_fifty_generated_vaults_say_the_same_in_their_tables_and_in_json(tmp_path: Path) -> None:
    for root in write_teams(tmp_path, 50, least=10, most=40):
        assert_as_json(root)


def test_every_column_has_its_type_and_every_table_is_documented() -> None:
    page = (ROOT / "docs/portfolio.md").read_text(encoding="utf-8")
    types = {
        "utf8": "Utf8", "list<utf8>": "List(Utf8)", "int64": "Int64", "float64": "Float64", "bool": "Boolean",
        "date32": "Date32",
    }  # fmt: skip
    for table, columns in TABLES.items():
        assert f"### {table}\n\n" in page
        assert markdown(table) in page, table
        schema = arrow_schema(table)
        assert schema.names == [column.name for column in columns]
        for kind, column in zip(schema.types, columns, strict=True):
            assert types[ARROW_NAMES[column.kind]].rstrip(")") in str(kind), (table, column.name)


def edges_by_networkx(root: Path) -> Counter[tuple[Any, ...]]:
    graph = build_session_graph(load(root, as_of=DAY))
    return Counter(
        (source, target, data["kind"], data.get("how", ""), data["path"], data["line"])
        for source, target, data in graph.edges(data=True)
    )


CHUNKED = {"sample_graph", "obsidian-tracker", "lablog"}
"""Vaults that are read in chunks in every run; the others take two minutes together."""
VAULTS = [ROOT / "sample_graph", *(sorted(CORPORA.glob("*/")) if CORPORA.is_dir() else [])]


IN_CHUNKS = [
    path if path.name in CHUNKED else pytest.param(path, marks=pytest.mark.engines, id=path.name) for path in VAULTS
]


@pytest.mark.parametrize("root", VAULTS, ids=lambda path: path.name)
def test_the_edges_are_those_of_the_graph(root: Path) -> None:
    assert Counter(VaultRows(load(root, as_of=DAY)).rows("edges")) == edges_by_networkx(root)


@pytest.mark.parametrize("root", IN_CHUNKS, ids=lambda path: path.name)
def test_a_vault_read_in_chunks_has_the_rows_of_one_read_in_one_piece(root: Path) -> None:
    pages = list_pages(root, DAY)
    step = max(3, len(pages) // 4)
    chunks = [page_facts(root, pages[start : start + step], DAY) for start in range(0, len(pages), step)]
    vault, links = merge_chunks(root, DAY, chunks)
    merged, whole = VaultRows(vault, links), VaultRows(load(root, as_of=DAY, whole=True))
    for table in TABLES:
        if table != "vaults":
            assert list(merged.rows(table)) == list(whole.rows(table)), table


def test_pages_that_change_between_chunk_and_merge_are_read_again(tmp_path: Path) -> None:
    (root,) = write_teams(tmp_path, 1, least=30, most=30)
    pages = list_pages(root, DAY)
    chunks = [page_facts(root, pages[:10], DAY), page_facts(root, pages[10:], DAY)]
    (root / pages[0]).write_text("- TODO something else [[A new link]]\n", encoding="utf-8")
    (root / pages[1]).unlink()
    (root / "pages" / "Fresh.md").write_text("page-type:: [[experiment]]\n\n- TODO begin\n", encoding="utf-8")
    vault, links = merge_chunks(root, DAY, chunks)
    merged, whole = VaultRows(vault, links), VaultRows(load(root, as_of=DAY, whole=True))
    for table in ("experiments", "tasks", "edges", "findings"):
        assert list(merged.rows(table)) == list(whole.rows(table)), table


def test_names_that_are_not_utf_8_are_escaped_and_lose_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "vault" / "pages"
    folder.mkdir(parents=True)
    path = f"{folder}/caf\udce9.md".encode("utf-8", "surrogateescape")
    Path(path.decode("utf-8", "surrogateescape")).write_bytes(b"- TODO dr\xfcben\n")
    rows = tables_of(tmp_path / "vault")["tasks"]
    assert [(row["path"], row["text"]) for row in rows] == [("pages/caf\\udce9.md", "dr\\udcfcben")]
