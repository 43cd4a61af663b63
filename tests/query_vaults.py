"""Vaults as the tables that queries run on."""

from __future__ import annotations

import sqlite3
from time import perf_counter
from typing import TYPE_CHECKING

from graphkit.app.load import load
from graphkit.app.querying.block_records import page_records
from graphkit.query.context import Context
from graphkit.query.fact_tables import Tables
from graphkit.query.fill import fill
from graphkit.vault.layout import Dialect

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path


def open_tables(root: Path, today: dt.date, current_page: str | None = None) -> tuple[Tables, Context]:
    vault = load(root, as_of=today, dialect=Dialect.LOGSEQ)
    connection = sqlite3.connect(":memory:")
    fill(connection, page_records(vault))
    context = Context(today=today, parse_title=vault.journals.parse, clock=perf_counter, current_page=current_page)
    return Tables(connection, context.now), context


def write_graph(root: Path, files: dict[str, str]) -> Path:
    for path, text in {"logseq/config.edn": "{:file/name-format :triple-lowbar}\n", **files}.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="")
    return root
