"""Facts beyond Logseq's database, in a table beside its own, and the attributes by which queries ask for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from graphkit.query.schema import Attribute, Selection
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphkit.query.fact_tables import Connection, Tables


class Place(Record, frozen=True, kw_only=True):
    """A page by its name, or a block by file and line."""

    page: str | None = None
    path: str = ""
    line: int = 0


Value: TypeAlias = "str | int | float | Place"


class Fact(Record, frozen=True):
    """One value of one entity."""

    place: Place
    name: str
    value: Value


REFERENCES: Final = frozenset({"experiment/goal", "experiment/metric", "task/experiment"})
MANY: Final = frozenset({
    "experiment/owner", "experiment/tag", "experiment/strategy", "task/flag", "metric/owner", "goal/owner",
    "observation/value", *REFERENCES,
})  # fmt: skip
NAMES: Final = (
    "experiment/lifecycle", "experiment/attention", "experiment/health", "experiment/start", "experiment/due",
    "experiment/done", "experiment/total", "experiment/owner", "experiment/tag", "experiment/strategy",
    "experiment/goal", "experiment/metric", "task/status", "task/text", "task/flag", "task/deadline", "task/done-on",
    "task/experiment", "metric/value", "metric/target", "metric/baseline", "metric/score", "metric/direction",
    "metric/freshness", "metric/owner", "observation/value", "observation/day", "observation/count", "goal/done",
    "goal/total", "goal/score", "goal/due", "goal/owner", "strategy/title", "strategy/impact",
)  # fmt: skip
"""All attributes. Days are yyyymmdd; `experiment/goal` and its like are references to pages."""


def without_generated(connection: Connection) -> None:
    """Take out managed blocks, which may hold the words of a query, what stands below them, and all that they say."""
    connection.execute(
        "DELETE FROM blocks WHERE generated = 1 OR id IN (SELECT entity FROM properties WHERE key = 'graphkit')"
    )
    for table in ("refs", "path_refs"):
        connection.execute(
            f"DELETE FROM {table} WHERE source NOT IN (SELECT id FROM blocks)"  # noqa: S608 - two names of the schema
        )
    connection.execute("DELETE FROM macros WHERE block NOT IN (SELECT id FROM blocks)")
    connection.execute(
        "DELETE FROM properties WHERE entity NOT IN (SELECT id FROM blocks UNION ALL SELECT id FROM pages)"
    )


def add_facts(connection: Connection, facts: Iterable[Fact]) -> None:
    """Write facts into a table of their own; those of a place that the tables do not have are left out."""
    connection.execute("CREATE TABLE facts (name TEXT NOT NULL, entity INTEGER NOT NULL, value)")
    pages: dict[object, object] = dict(connection.execute("SELECT name, id FROM pages").fetchall())  # type: ignore[arg-type]
    blocks = {
        (path, line): number
        for path, line, number in connection.execute(
            "SELECT files.path, blocks.line, blocks.id FROM blocks JOIN pages ON pages.id = blocks.page"
            " JOIN files ON files.id = pages.file"
        ).fetchall()
    }

    def number(place: Place) -> object:
        return blocks.get((place.path, place.line)) if place.page is None else pages.get(place.page)

    rows: list[tuple[object, ...]] = []
    for fact in facts:
        value = number(fact.value) if isinstance(fact.value, Place) else fact.value
        entity = number(fact.place)
        if entity is not None and value is not None:
            rows.append((fact.name, entity, value))
    connection.executemany("INSERT INTO facts VALUES (?, ?, ?)", rows)
    connection.execute("CREATE INDEX facts_name ON facts (name, value)")
    connection.execute("CREATE INDEX facts_entity ON facts (entity)")


def with_facts(tables: Tables) -> Tables:
    """The same tables, which also know the attributes of facts."""
    for name in NAMES:
        selection = Selection("facts", "value", entity="entity", condition=f"name = '{name}'")
        kind = "reference" if name in REFERENCES else "plain"
        tables.attributes[name] = Attribute(
            name=name, kind="reference" if kind == "reference" else "plain", selections=(selection,), many=name in MANY
        )
    return tables


FILTERS: Final = {
    "experiment": "(experiment ?p ?wanted) [?p :experiment/lifecycle ?held] [(contains? ?wanted ?held)]",
    "health": "(health ?p ?wanted) [?p :experiment/health ?held] [(contains? ?wanted ?held)]",
    "attention": "(attention ?p ?wanted) [?p :experiment/attention ?held] [(contains? ?wanted ?held)]",
    "experiment-owner": "(experiment-owner ?p ?wanted) [?p :experiment/owner ?held] [(contains? ?wanted ?held)]",
    "experiment-goal": (
        "(experiment-goal ?p ?wanted) [?p :experiment/goal ?goal] [?goal :block/original-name ?held]"
        " [(contains? ?wanted ?held)]"
    ),
    "task-flag": "(task-flag ?b ?wanted) [?b :task/flag ?held] [(contains? ?wanted ?held)]",
    "task-status": "(task-status ?b ?wanted) [?b :task/status ?held] [(contains? ?wanted ?held)]",
}
"""Filters of simple queries, as rules: `(experiment running)`, `(health "at risk" "off track")`."""
