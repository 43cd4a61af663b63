"""Pages and blocks as in Logseq's own database, one JSON line per page. Conformance is measured on this format."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from graphkit.app.querying.block_records import page_records
from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphkit.app.vault import Vault

_BYTE = lazy_pattern("[\udc80-\udcff]")
_OURS = frozenset({"line", "generated"})


def iter_pages(vault: Vault) -> Iterator[str]:
    """One JSON document per page, as `page_records` gives them, with the fields of Logseq's database."""
    for record in page_records(vault):
        blocks = record.get("blocks")
        if isinstance(blocks, list):
            record["blocks"] = [{key: value for key, value in block.items() if key not in _OURS} for block in blocks]
        line = json.dumps(record)
        yield json.dumps(_decodable(record)) if "\\ud" in line else line


def _decodable(value: object) -> object:
    """The value with U+FFFD for bytes that are not UTF-8, in names and texts alike; the files keep theirs."""
    if isinstance(value, str):
        return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace") if _BYTE.search(value) else value
    if isinstance(value, dict):
        return {_decodable(key): _decodable(item) for key, item in value.items()}
    return [_decodable(item) for item in value] if isinstance(value, list) else value
