"""The block-level fields of every conformance page are what Logseq itself stored."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import unicodedata
from typing import TYPE_CHECKING, Any

import pytest
from shared_material import CONFORMANCE, CORPORA, SHARED, needs_shared

from graphkit.outline.body import read_body
from graphkit.outline.content import content
from graphkit.outline.invariants import check_outline
from graphkit.outline.scanner import scan_page
from graphkit.outline.typed_values import typed_value

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit.outline.page_outline import Outline

UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
BLOCK_FIELDS = {
    "level": 1,
    "parent": -1,
    "content": "",
    "pre_block": False,
    "marker": None,
    "priority": None,
    "scheduled": None,
    "deadline": None,
    "repeated": False,
    "collapsed": False,
    "properties": {},
    "properties_order": [],
    "properties_text": {},
    "uuid": None,
    "invalid_properties": [],
}
OWN_TEXT = ("content", "properties", "properties_order", "properties_text", "uuid")
"""Fields of a block whose id was taken already that Logseq stores differently from the file."""

Row = dict[str, Any]


def _comparable(properties: Row) -> Row:
    return {key: sorted(value) if isinstance(value, list | tuple) else value for key, value in properties.items()}


def block_rows(outline: Outline) -> list[Row]:
    rows = []
    for block in outline.blocks:
        body = read_body(outline, block.index)
        kept = [prop for prop in body.properties if not (body.collapsed and prop.key == "collapsed")]
        typed: Row = {prop.key: typed_value(prop) for prop in kept}
        identity = typed.get("id")
        if body.heading:
            typed["heading"] = body.heading
        rows.append({
            "level": block.level,
            "parent": block.parent,
            "content": content(outline, block.index),
            "pre_block": block.kind == "pre",
            "marker": body.marker,
            "priority": body.priority,
            "scheduled": body.scheduled.journal_day if body.scheduled else None,
            "deadline": body.deadline.journal_day if body.deadline else None,
            "repeated": any(stamp.repeater for stamp in (body.scheduled, body.deadline) if stamp),
            "collapsed": body.collapsed,
            "properties": _comparable(typed),
            "properties_order": [prop.key for prop in kept],
            "properties_text": {prop.key: prop.value for prop in kept},
            "uuid": identity.lower() if isinstance(identity, str) and UUID.fullmatch(identity) else None,
            "invalid_properties": sorted(body.invalid_properties),
        })  # fmt: skip
    return rows


def differences(text: str, expected: list[Row], without: tuple[str, ...] = ()) -> list[tuple[int, str, object, object]]:
    outline = scan_page(text)
    check_outline(outline)
    rows = block_rows(outline)
    if len(rows) != len(expected):
        return [(-1, "blocks", len(rows), len(expected))]
    found = []
    for index, (row, stored) in enumerate(zip(rows, expected, strict=True)):
        wanted = {field: stored.get(field, default) for field, default in BLOCK_FIELDS.items()}
        wanted["properties"] = _comparable(wanted["properties"])
        wanted["invalid_properties"] = sorted(wanted["invalid_properties"])
        if "content_sha1" in stored:
            wanted["content"] = stored["content_sha1"]
            row["content"] = hashlib.sha1(row["content"].encode(), usedforsecurity=False).hexdigest()[:8]
        left_out = {*without, *(OWN_TEXT if row["uuid"] and not wanted["uuid"] else ())}
        found += [
            (index, field, row[field], wanted[field])
            for field in BLOCK_FIELDS
            if field not in left_out and row[field] != wanted[field]
        ]
    return found


def _read_cases(name: str) -> list[Row]:
    with gzip.open(CONFORMANCE / name, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _text(file: str | dict[str, str]) -> str:
    return file if isinstance(file, str) else base64.b64decode(file["b64"]).decode("utf-8", "surrogateescape")


@pytest.mark.parametrize("name", ["cases.jsonl.gz", "random-pages.jsonl.gz"])
def test_pages_of_the_conformance_data(name: str) -> None:
    wrong = []
    for case in _read_cases(name):
        if "separated-by-commas" in str(case["files"].get("logseq/config.edn")) or case["name"].startswith("cfg"):
            continue
        for page in case["pages"]:
            if "file" in page:
                found = differences(_text(case["files"][page["file"]]), page["blocks"])
                wrong += [(case["name"], page["file"], *difference) for difference in found]
    assert wrong == []


@needs_shared
@pytest.mark.parametrize(
    "golden",
    sorted((SHARED / "conformance" / "vaults").glob("*[!s].jsonl.gz")),
    ids=lambda path: path.name.split(".")[0],
)
def test_pages_of_real_vaults(golden: Path) -> None:
    if ".queries." in golden.name:
        pytest.skip("queries, no pages")
    with gzip.open(golden, "rt", encoding="utf-8") as lines:
        first, *pages = [json.loads(line) for line in lines]
    name = golden.name.split(".")[0]
    root = CORPORA / name / first.get("root", "")
    if not root.is_dir():
        root = CORPORA / first["root"]
    wrong = []
    for page in pages:
        path = root / page["file"]
        if not path.exists():
            path = root / unicodedata.normalize("NFD", page["file"])
        text = path.read_bytes().decode("utf-8", "surrogateescape")
        found = differences(text, page["blocks"], without=("properties_text",))
        wrong += [(page["file"], *difference) for difference in found]
    assert wrong == []
