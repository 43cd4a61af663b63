"""Attributes of Logseq's database and where the tables hold them. Source: logseq-format 7.3.

Every attribute is read from one or more selections of `(entity, value)`. Entities are pages, blocks, macros, files, and
blocks that are only referred to; their numbers come from one counter.
"""

from __future__ import annotations

from typing import Final, Literal

from graphkit.text.records import Record

Kind = Literal["plain", "reference", "truth", "uuid", "keyword", "map", "list", "set"]


class Selection(Record, frozen=True):
    """Rows of one table that hold an attribute's values."""

    table: str
    value: str
    """A column, or an expression over the table's columns."""
    entity: str = "id"
    condition: str = ""


class Attribute(Record, frozen=True, kw_only=True):
    """One attribute: how its values are written in the tables, and whether an entity can have several."""

    name: str
    kind: Kind = "plain"
    selections: tuple[Selection, ...]
    many: bool = False
    unique: bool = False


TABLES: Final = """
CREATE TABLE pages (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, original_name TEXT, journal_day INTEGER,
  namespace INTEGER, file INTEGER, uuid TEXT, properties TEXT, properties_order TEXT, properties_text TEXT,
  built_in INTEGER NOT NULL DEFAULT 0);
CREATE TABLE blocks (id INTEGER PRIMARY KEY, page INTEGER NOT NULL, idx INTEGER NOT NULL, parent INTEGER NOT NULL,
  before INTEGER NOT NULL, content TEXT NOT NULL, marker TEXT, priority TEXT, scheduled INTEGER, deadline INTEGER,
  repeated INTEGER, collapsed INTEGER, pre_block INTEGER, uuid TEXT NOT NULL, properties TEXT, properties_order TEXT,
  properties_text TEXT, invalid_properties TEXT, line INTEGER, generated INTEGER);
CREATE TABLE files (id INTEGER PRIMARY KEY, path TEXT NOT NULL);
CREATE TABLE macros (id INTEGER PRIMARY KEY, block INTEGER NOT NULL, uuid TEXT NOT NULL, properties TEXT NOT NULL);
CREATE TABLE stubs (id INTEGER PRIMARY KEY, uuid TEXT NOT NULL);
CREATE TABLE refs (source INTEGER NOT NULL, target INTEGER NOT NULL, PRIMARY KEY (source, target)) WITHOUT ROWID;
CREATE TABLE path_refs (source INTEGER NOT NULL, target INTEGER NOT NULL, PRIMARY KEY (source, target)) WITHOUT ROWID;
CREATE TABLE aliases (source INTEGER NOT NULL, target INTEGER NOT NULL, PRIMARY KEY (source, target)) WITHOUT ROWID;
CREATE TABLE tags (source INTEGER NOT NULL, target INTEGER NOT NULL, PRIMARY KEY (source, target)) WITHOUT ROWID;
CREATE TABLE properties (entity INTEGER NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (entity, key))
  WITHOUT ROWID;
"""

INDEXES: Final = """
CREATE INDEX blocks_page ON blocks (page);
CREATE INDEX blocks_parent ON blocks (parent);
CREATE INDEX blocks_before ON blocks (before);
CREATE INDEX blocks_uuid ON blocks (uuid);
CREATE INDEX blocks_marker ON blocks (marker) WHERE marker IS NOT NULL;
CREATE INDEX blocks_priority ON blocks (priority) WHERE priority IS NOT NULL;
CREATE INDEX blocks_scheduled ON blocks (scheduled) WHERE scheduled IS NOT NULL;
CREATE INDEX blocks_deadline ON blocks (deadline) WHERE deadline IS NOT NULL;
CREATE INDEX pages_journal_day ON pages (journal_day) WHERE journal_day IS NOT NULL;
CREATE INDEX pages_namespace ON pages (namespace) WHERE namespace IS NOT NULL;
CREATE INDEX macros_block ON macros (block);
CREATE INDEX refs_target ON refs (target);
CREATE INDEX path_refs_target ON path_refs (target);
CREATE INDEX aliases_target ON aliases (target);
CREATE INDEX tags_target ON tags (target);
CREATE INDEX properties_key ON properties (key);
"""


def _of(table: str, value: str, *, present: bool = False) -> Selection:
    return Selection(table, value, condition="" if present else f"{value} IS NOT NULL")


def _block(
    name: str, column: str | None = None, *, kind: Kind = "plain", present: bool = False, unique: bool = False
) -> Attribute:
    selection = _of("blocks", column or name.replace("-", "_"), present=present)
    return Attribute(name=f"block/{name}", kind=kind, selections=(selection,), unique=unique)


def _page(name: str, column: str | None = None, *, kind: Kind = "plain", unique: bool = False) -> Attribute:
    selection = _of("pages", column or name.replace("-", "_"))
    return Attribute(name=f"block/{name}", kind=kind, selections=(selection,), unique=unique)


def _links(name: str, table: str) -> Attribute:
    selection = Selection(table, "target", entity="source")
    return Attribute(name=f"block/{name}", kind="reference", selections=(selection,), many=True)


def _times(name: str, now: int) -> Attribute:
    own = Selection(
        "properties", "value", entity="entity", condition=f"key = '{name}' AND json_type(value) = 'integer'"
    )
    of_pages = Selection("pages", str(now), condition="built_in = 0")
    return Attribute(name=f"block/{name}", selections=(own, of_pages))


def attributes(now: int) -> dict[str, Attribute]:
    """All attributes by name; `now` is when the pages count as made and changed, in milliseconds."""
    both = ("pages", "blocks")
    listed = (
        _block("content", present=True),
        _block("page", kind="reference", present=True),
        _block("parent", kind="reference", present=True),
        _block("left", "before", kind="reference", present=True),
        _block("marker"),
        _block("priority"),
        _block("scheduled"),
        _block("deadline"),
        _block("repeated?", "repeated", kind="truth"),
        _block("collapsed?", "collapsed", kind="truth"),
        _block("pre-block?", "pre_block", kind="truth"),
        _block("format", "'markdown'", kind="keyword", present=True),
        _block("invalid-properties", kind="set"),
        _page("name", unique=True),
        _page("original-name"),
        Attribute(name="block/journal?", kind="truth", selections=(Selection("pages", "journal_day IS NOT NULL"),)),
        _page("journal-day"),
        _page("namespace", kind="reference"),
        _page("file", kind="reference"),
        _links("refs", "refs"),
        _links("path-refs", "path_refs"),
        _links("alias", "aliases"),
        _links("tags", "tags"),
        Attribute(
            name="block/uuid",
            kind="uuid",
            unique=True,
            selections=tuple(_of(table, "uuid") for table in (*both, "macros", "stubs")),
        ),
        Attribute(
            name="block/properties",
            kind="map",
            selections=tuple(_of(table, "properties") for table in (*both, "macros")),
        ),
        Attribute(
            name="block/properties-order",
            kind="list",
            selections=tuple(_of(table, "properties_order") for table in both),
        ),
        Attribute(
            name="block/properties-text-values",
            kind="map",
            selections=tuple(_of(table, "properties_text") for table in both),
        ),
        Attribute(
            name="block/macros",
            kind="reference",
            many=True,
            selections=(Selection("macros", "id", entity="block"),),
        ),
        Attribute(name="block/type", selections=(Selection("macros", "'macro'"),)),
        Attribute(name="file/path", unique=True, selections=(Selection("files", "path"),)),
        _times("created-at", now),
        _times("updated-at", now),
    )
    return {attribute.name: attribute for attribute in listed}


ABSENT: Final = frozenset({"block/body", "block/title", "block/level", "block/path-ref", "block/link", "file/content"})
"""Attributes of other versions, or held by Logseq only while it runs; they match nothing here."""
