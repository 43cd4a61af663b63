"""Pages and blocks as in Logseq's own database, one JSON line per page. Conformance is measured on this format."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from graphkit.app.reading.block_records import page_records

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphkit.app.vault import Vault

_OURS = frozenset({"line", "generated"})


def iter_pages(session: Vault) -> Iterator[str]:
    """One JSON document per page, as `page_records` gives them, with the fields of Logseq's database."""
    for record in page_records(session):
        blocks = record.get("blocks")
        if isinstance(blocks, list):
            record["blocks"] = [{key: value for key, value in block.items() if key not in _OURS} for block in blocks]
        yield json.dumps(record)
