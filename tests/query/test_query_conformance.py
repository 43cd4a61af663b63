"""Every query of the conformance data: raw, shown and errors as Logseq 0.10.15 gives them."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest
from conformance_data import read_lines, write_files
from query_vaults import open_tables
from shared_material import CONFORMANCE, CORPORA, SHARED, needs_shared

from graphkit.query.answer import answer
from graphkit.query.errors import QueryError

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit.query.context import Context
    from graphkit.query.fact_tables import Tables

VAULTS = SHARED / "conformance" / "vaults"
RANDOM = "(sample "
"""Queries with this take results at random: only their number is compared."""
NUMBERS = {("uniinfo-notes", 13)}
"""Queries that give the numbers of entities, which Logseq hands out anew each time it loads a graph."""


def normal(items: list[Any] | None) -> list[str]:
    """Items in a comparable form. A page that was pulled without its name has only random things in Logseq's answer."""
    found = []
    for item in items or []:
        held = item
        if isinstance(item, dict) and "page" in item:
            names = ("page",) if item["page"] is None else ("page", "idx")
            held = {name: item[name] for name in names if name in item}
        found.append(json.dumps(held, sort_keys=True))
    return found


def mistakes(cases: list[dict[str, Any]], tables: Tables, context: Context, vault: str) -> list[str]:
    wrong: list[str] = []
    for number, case in enumerate(cases, 1):
        try:
            found = answer(case["q"], context, tables)
        except QueryError as error:
            if not case.get("error"):
                wrong.append(f"[{number}] {case['q'][:200]}: {error.message}")
            continue
        if case.get("error"):
            wrong.append(f"[{number}] {case['q'][:200]}: no error")
            continue
        for name, ours in (("raw", found.raw), ("shown", found.shown)):
            got, expected = sorted(normal([item.json for item in ours])), sorted(normal(case[name]))
            loose = (vault, number) in NUMBERS or (RANDOM in case["q"] and name == "raw")
            if len(got) != len(expected) if loose else RANDOM not in case["q"] and got != expected:
                wrong.append(f"[{number}] {case['q'][:200]} {name}: {got[:5]} instead of {expected[:5]}")
    return wrong


@pytest.mark.parametrize("name", ["queries-small", "queries-random"])
def test_queries_over_written_graphs(name: str, tmp_path: Path) -> None:
    head, *cases = read_lines(CONFORMANCE / f"{name}.jsonl.gz")
    write_files(tmp_path, head["files"])
    tables, context = open_tables(tmp_path, dt.date.fromisoformat(head["today"]), head.get("current_page"))
    assert len(cases) > 50
    assert mistakes(cases, tables, context, name) == []


def test_sorted_queries_keep_the_order(tmp_path: Path) -> None:
    head, *cases = read_lines(CONFORMANCE / "queries-small.jsonl.gz")
    write_files(tmp_path, head["files"])
    tables, context = open_tables(tmp_path, dt.date.fromisoformat(head["today"]))
    ordered = [case for case in cases if "(sort-by" in case["q"] and case["kind"] == "simple"]
    assert len(ordered) == 2
    for case in ordered:
        assert normal([item.json for item in answer(case["q"], context, tables).raw]) == normal(case["raw"])


def vaults() -> list[str]:
    return sorted(path.name.removesuffix(".queries.jsonl.gz") for path in VAULTS.glob("*.queries.jsonl.gz"))


@needs_shared
@pytest.mark.parametrize("vault", vaults())
def test_queries_that_people_wrote(vault: str) -> None:
    head, *cases = read_lines(VAULTS / f"{vault}.queries.jsonl.gz")
    root = CORPORA / vault / next(read_lines(VAULTS / f"{vault}.jsonl.gz")).get("root", "")
    tables, context = open_tables(root, dt.date.fromisoformat(head["today"]), head.get("current_page"))
    assert mistakes(cases, tables, context, vault) == []
