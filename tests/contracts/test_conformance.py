"""Every page exactly as Logseq 0.10.15 reads it, through the door that people use: `export blocks`."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import pytest
from conformance_data import Page, carried, differences, read_lines, write_files
from shared_material import CONFORMANCE, CORPORA, SHARED, needs_shared

from graphkit.app.load import load
from graphkit.export.blocks import iter_pages
from graphkit.vault.layout import Dialect

if TYPE_CHECKING:
    from pathlib import Path

VAULTS = SHARED / "conformance" / "vaults"
EXPLAINED = {
    "flancian-garden": {"2021-01-05.md": ["page journal_day: 20210105 instead of 2021015"]},
}
"""Differences that are deliberate, each with its reason in docs/conformance.md."""


def exported(root: Path) -> dict[str, Page]:
    vault = load(root, as_of=dt.date(2026, 3, 2), dialect=Dialect.LOGSEQ)
    return {page.get("name", ""): page for page in map(json.loads, iter_pages(vault))}


def mistakes(case: Page, root: Path, fields: frozenset[str]) -> list[str]:
    write_files(root, case["files"])
    left_out = set(case.get("leave_out", ()))
    ours = {name: page for name, page in exported(root).items() if name not in left_out}
    theirs = {page.get("name", ""): page for page in case["pages"] if page.get("name", "") not in left_out}
    found = [f"page {name!r} is missing" for name in sorted(theirs.keys() - ours.keys())]
    found += [f"page {name!r} is too many" for name in sorted(ours.keys() - theirs.keys())]
    for name in sorted(ours.keys() & theirs.keys()):
        found += [f"{name}: {line}" for line in differences(ours[name], theirs[name], fields)]
    return found


def read_cases(name: str) -> list[Page]:
    return list(read_lines(CONFORMANCE / f"{name}.jsonl.gz"))


def fields_of(cases: list[Page]) -> frozenset[str]:
    return carried([page for case in cases for page in case["pages"]])


SMALL = {case["name"]: (case, fields_of(cases)) for cases in map(read_cases, ("cases", "cases-2")) for case in cases}


@pytest.mark.parametrize("name", SMALL)
def test_small_graphs(name: str, tmp_path: Path) -> None:
    assert mistakes(SMALL[name][0], tmp_path, SMALL[name][1]) == []


@pytest.mark.parametrize("kind", ["random-pages", "seams", "values", "mutated-pages"])
def test_generated_graphs(kind: str, tmp_path: Path) -> None:
    cases = read_cases(kind)
    fields = fields_of(cases)
    wrong = {case["name"]: mistakes(case, tmp_path / case["name"], fields) for case in cases}
    assert {name: found for name, found in wrong.items() if found} == {}


def vaults() -> list[str]:
    return sorted(
        path.name.removesuffix(".jsonl.gz") for path in VAULTS.glob("*[a-z].jsonl.gz") if ".queries" not in path.name
    )


@needs_shared
@pytest.mark.parametrize("name", vaults())
def test_real_vaults(name: str) -> None:
    head, *pages = read_lines(VAULTS / f"{name}.jsonl.gz")
    fields = carried(pages)
    ours = exported(CORPORA / name / head["root"])
    wrong: dict[str, list[str]] = {}
    for page in pages:
        found = differences(ours[page.get("name", "")], page, fields) if page.get("name", "") in ours else ["missing"]
        if found:
            wrong[page["file"]] = found
    assert wrong == EXPLAINED.get(name, {})
