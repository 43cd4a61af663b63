"""Logseq's own reading of graphs, and how ours is compared with it (the rules of the conformance data)."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Page = dict[str, Any]

SETS = frozenset({"alias", "tags", "refs", "path_refs", "block_refs", "macros", "invalid_properties"})
"""Fields whose order says nothing."""
NOT_COMPARED = frozenset({"type", "original_name", "duplicate_id"})
IN_CASES_ONLY = frozenset({"path_refs", "macros", "properties_text", "invalid_properties"})
"""Fields of blocks that only some of the files carry at all."""
OF_SOME_PAGES = frozenset({"properties_order", "invalid_properties"})
"""The same of pages."""
ALL_FIELDS = IN_CASES_ONLY | {f"page {key}" for key in OF_SOME_PAGES}
OWN_ID = frozenset({"content", "content_sha1", "properties", "properties_order", "properties_text", "uuid"})
"""Fields of a block whose `id::` was taken already: Logseq drops the line, we keep the text."""


def read_lines(path: Path) -> Iterator[Page]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def write_files(root: Path, files: dict[str, str | dict[str, str]]) -> None:
    for path, text in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode() if isinstance(text, str) else base64.b64decode(text["b64"]))


def content_digest(content: str) -> str:
    return hashlib.sha1(content.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()[:8]


def _value(value: object) -> object:
    return frozenset(map(str, value)) if isinstance(value, list) else value


def _normal(record: Page, skip: frozenset[str]) -> Page:
    normal: Page = {}
    for key, value in record.items():
        if key in skip or value in (None, "", [], {}, False):
            continue
        if key in SETS:
            normal[key] = frozenset(value)
        elif key == "properties":
            normal[key] = {name: _value(item) for name, item in value.items()}
        elif key != "blocks":
            normal[key] = value
    return normal


def carried(pages: list[Page]) -> frozenset[str]:
    """Which of the fields that not every file carries occur in these pages; those of pages as `page FIELD`."""
    blocks = frozenset(key for page in pages for block in page.get("blocks", ()) for key in block) & IN_CASES_ONLY
    return blocks | {f"page {key}" for key in OF_SOME_PAGES if any(key in page for page in pages)}


def differences(ours: Page, theirs: Page, fields: frozenset[str] = ALL_FIELDS) -> list[str]:
    """What differs between our page and Logseq's, one line a field; empty where they are equal."""
    skip = NOT_COMPARED | (IN_CASES_ONLY - fields)
    of_pages = NOT_COMPARED | {key for key in OF_SOME_PAGES if f"page {key}" not in fields}
    found = _compare("page", _normal(ours, of_pages), _normal(theirs, of_pages))
    our_blocks, their_blocks = ours.get("blocks", []), theirs.get("blocks", [])
    if len(our_blocks) != len(their_blocks):
        found.append(f"blocks: {len(our_blocks)} instead of {len(their_blocks)}")
        return found
    for index, (our, their) in enumerate(zip(our_blocks, their_blocks, strict=True)):
        omit = skip | (OWN_ID if our.get("duplicate_id") else frozenset())
        mine = dict(our)
        if "content_sha1" in their:
            mine["content_sha1"] = content_digest(mine.pop("content", ""))
        found += _compare(f"block {index}", _normal(mine, omit), _normal(their, omit))
    return found


def _compare(place: str, ours: Page, theirs: Page) -> list[str]:
    return [
        f"{place} {key}: {ours.get(key)!r} instead of {theirs.get(key)!r}"
        for key in sorted(ours.keys() | theirs.keys())
        if ours.get(key) != theirs.get(key)
    ]
