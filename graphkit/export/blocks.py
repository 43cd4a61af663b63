"""Pages and blocks as Logseq's own database holds them: one JSON line a page. The measure of conformance."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from graphkit.app.querying.block_records import page_records

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphkit.app.vault import Vault

_OURS = frozenset({"line", "generated"})


def iter_pages(vault: Vault) -> Iterator[str]:
    """One JSON document a page, as `page_records` gives them, with the fields that Logseq has."""
    for record in page_records(vault):
        blocks = record.get("blocks")
        if isinstance(blocks, list):
            record["blocks"] = [{key: value for key, value in block.items() if key not in _OURS} for block in blocks]
        yield json.dumps(record)
