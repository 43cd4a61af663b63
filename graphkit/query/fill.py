"""Filling of the tables with the pages and blocks of a vault."""

from __future__ import annotations

import json
from hashlib import sha1
from typing import TYPE_CHECKING

from graphkit.query.schema import INDEXES, TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from graphkit.query.fact_tables import Connection

BUILT_IN_PAGES = (
    "Contents", "Favorites", "card", "NOW", "LATER", "DOING", "DONE", "CANCELED", "CANCELLED", "IN-PROGRESS", "TODO",
    "WAIT", "WAITING", "A", "B", "C",
)  # fmt: skip
"""Pages that Logseq makes in every graph. Source: logseq-format 7.3."""


def fill(connection: Connection, pages: Iterable[Mapping[str, object]]) -> None:
    """Make the tables and fill them.

    pages: records with the fields that `graphkit export blocks` prints, in its order; a block may also have `line`
    (from 1) and `generated` (it stands in a managed block).
    """
    connection.execute("BEGIN")
    for statement in TABLES.split(";"):
        connection.execute(statement)
    filling = _Filling(connection)
    for page in pages:
        filling.add(page)
    filling.finish()
    for statement in INDEXES.split(";"):
        connection.execute(statement)
    connection.execute("COMMIT")


class _Filling:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._last = 0
        self._page_ids: dict[str, int] = {}
        self._pages: dict[int, list[object]] = {}
        self._block_ids: dict[str, int] = {}
        self._block_refs: list[tuple[int, str]] = []
        self._rows: dict[str, list[tuple[object, ...]]] = {
            name: [] for name in ("blocks", "files", "macros", "refs", "path_refs", "aliases", "tags", "properties")
        }
        for title in BUILT_IN_PAGES:
            self._page(title.lower(), title, built_in=True)

    def _next(self) -> int:
        self._last += 1
        return self._last

    def _page(self, name: str, title: str | None = None, *, built_in: bool = False) -> int:
        known = self._page_ids.get(name)
        if known is None:
            known = self._page_ids[name] = self._next()
            identity = uuid_for(f"page {name}")
            names = (readable(name), readable(title or name))
            self._pages[known] = [known, *names, None, None, None, identity, None, None, None, int(built_in)]
        return known

    def add(self, page: Mapping[str, object]) -> None:
        name = str(page.get("name", ""))
        number = self._page(name)
        row = self._pages[number]
        row[2] = readable(str(page.get("original_name", name)))
        row[3] = page.get("journal_day")
        namespace = page.get("namespace")
        row[4] = self._page(str(namespace)) if namespace else None
        row[10] = int(bool(row[10]) and "file" not in page)
        self._links("aliases", number, page.get("alias"))
        self._links("tags", number, page.get("tags"))
        if "file" in page:
            row[5] = self._next()
            self._rows["files"].append((row[5], readable(str(page["file"]))))
        row[7] = self._properties(number, page)
        row[8] = _json(page.get("properties_order"))
        row[9] = _json(page.get("properties_text"))
        blocks = page.get("blocks")
        if isinstance(blocks, list):
            self._blocks(number, name, blocks)
        if len(self._rows["blocks"]) > 5_000:
            self._write()

    def _links(self, table: str, source: int, names: object) -> None:
        if isinstance(names, list) and names:
            known = self._page_ids
            self._rows[table] += [(source, known.get(each) or self._page(each)) for each in names]

    def _properties(self, entity: int, record: Mapping[str, object]) -> str | None:
        values = record.get("properties")
        if not isinstance(values, dict) or (not values and not record.get("collapsed")):
            return None
        rows = self._rows["properties"]
        for key, value in values.items():
            rows.append((entity, readable(key), json.dumps(value)))
        return json.dumps(values)

    def _blocks(self, page: int, name: str, blocks: list[Mapping[str, object]]) -> None:
        first = self._last + 1
        self._last += len(blocks)
        latest: dict[int, int] = {}
        for index, block in enumerate(blocks):
            number = first + index
            parent = block.get("parent", -1)
            above = page if not isinstance(parent, int) or parent < 0 else first + parent
            uuid = str(block.get("uuid") or uuid_for(f"block {name} {index}"))
            if not block.get("duplicate_id"):
                self._block_ids.setdefault(uuid.lower(), number)
            self._rows["blocks"].append((
                number, page, index, above, latest.get(above, above), readable(str(block.get("content", ""))),
                block.get("marker"),
                block.get("priority"), block.get("scheduled"), block.get("deadline"), block.get("repeated") or None,
                block.get("collapsed") or None, block.get("pre_block") or None, uuid, self._properties(number, block),
                _json(block.get("properties_order")), _json(block.get("properties_text")),
                _json(block.get("invalid_properties")), block.get("line"), block.get("generated") or None,
            ))  # fmt: skip
            latest[above] = number
            self._links("refs", number, block.get("refs"))
            self._links("path_refs", number, block.get("path_refs"))
            block_refs, macros = block.get("block_refs"), block.get("macros")
            if isinstance(block_refs, list):
                self._block_refs.extend((number, str(each).lower()) for each in block_refs)
            if isinstance(macros, list):
                self._macros(number, uuid, macros)

    def _macros(self, block: int, uuid: str, macros: list[str]) -> None:
        for macro in macros:
            name, _, arguments = macro.partition(" ")
            parts = arguments.split(", ") if arguments else []
            properties = {"logseq.macro-name": name, "logseq.macro-arguments": parts}
            identity = uuid_for(f"macro {uuid} {macro}")
            self._rows["macros"].append((self._next(), block, identity, json.dumps(properties)))

    def finish(self) -> None:
        stubs: dict[str, int] = {}
        for block, uuid in self._block_refs:
            target = self._block_ids.get(uuid) or stubs.get(uuid)
            if target is None:
                target = stubs[uuid] = self._next()
            self._rows["refs"].append((block, target))
        self._write()
        insert(self._connection, "pages", 11, self._pages.values())
        insert(self._connection, "stubs", 2, ((number, uuid) for uuid, number in stubs.items()))

    def _write(self) -> None:
        widths = {"blocks": 20, "files": 2, "macros": 4, "properties": 3}
        for table, rows in self._rows.items():
            insert(self._connection, table, widths.get(table, 2), rows)
            rows.clear()


def insert(connection: Connection, table: str, width: int, rows: Iterable[list[object] | tuple[object, ...]]) -> None:
    """Add rows to a table; a row whose key is there already is left out."""
    marks = ", ".join("?" * width)
    connection.executemany(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", rows)  # noqa: S608


def uuid_for(text: str) -> str:
    """A stable identity for what has none written."""
    digest = sha1(text.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()
    return f"{digest[:8]}-{digest[8:12]}-5{digest[13:16]}-a{digest[17:20]}-{digest[20:32]}"


def readable(text: str) -> str:
    """The text with U+FFFD instead of bytes that are not UTF-8, as Logseq reads it."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return text


def _json(value: object) -> str | None:
    return json.dumps(value) if value else None
