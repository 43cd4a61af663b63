"""`graphkit query`: the vault's tables, and answers with places for readers."""

from __future__ import annotations

import json
from time import perf_counter
from typing import TYPE_CHECKING

from graphkit.app.failures import RequestError
from graphkit.app.querying.block_records import page_records
from graphkit.app.querying.named_queries import named_transforms
from graphkit.app.querying.query_facts import own_facts
from graphkit.app.reading.tree import page_named
from graphkit.app.results.query_results import PlanStep, QueryAnswer, QueryReport, QueryRow
from graphkit.cache.query_tables import open_in_memory
from graphkit.query.answer import answer
from graphkit.query.context import Context
from graphkit.query.errors import QueryError
from graphkit.query.fact_tables import Tables
from graphkit.query.fill import fill
from graphkit.query.held import held_queries
from graphkit.query.own_facts import add_facts, with_facts, without_generated
from graphkit.text.records import Record, replace
from graphkit.text.source import SourceText
from graphkit.vault.names import page_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphkit.app.vault import Vault
    from graphkit.query.answer import Answer
    from graphkit.query.held import HeldQuery
    from graphkit.query.items import Item


class Place(Record, frozen=True, kw_only=True):
    """The place of a query in the vault."""

    page: str
    path: str | None
    line: int
    uuid: str
    held: HeldQuery


class QueryEngine:
    """A vault's tables, filled once, and the queries that are asked of them."""

    def __init__(self, vault: Vault, *, own: bool = False) -> None:
        """own: graphkit's own attributes and filters count too, and generated blocks are left out."""
        self._vault = vault
        self._connection = open_in_memory()
        self.context = Context(
            today=vault.today,
            parse_title=vault.journals.parse,
            clock=perf_counter,
            own=own,
            transforms=named_transforms(vault),
        )
        fill(self._connection, page_records(vault))
        self.tables = Tables(self._connection, self.context.now)
        if own:
            without_generated(self._connection)
            add_facts(self._connection, own_facts(vault))
            with_facts(self.tables)

    def ask(self, text: str, *, page: str | None = None, inputs: tuple[str, ...] | None = None) -> QueryAnswer:
        """The answer to a query. Raises RequestError if the query fails."""
        try:
            return self._answer(text, replace(self.context, current_page=page, inputs=inputs))
        except QueryError as error:
            raise RequestError(_placed(text, error), _remedy(error)) from None

    def _answer(self, text: str, context: Context) -> QueryAnswer:
        found = answer(text, context, self.tables)
        return QueryAnswer(
            query=text,
            title=found.title,
            raw=[item.json for item in found.raw],
            shown=[item.json for item in found.shown],
            rows=[[item.json for item in row] for row in found.rows],
            columns=found.columns,
            notes=tuple(found.notes),
            plan=tuple(PlanStep(clause=step.text, rows=step.rows, depth=step.depth) for step in found.ran),
            results=tuple(self._rows(found)),
            has_table=any(item.kind == "value" for row in found.rows for item in row),
        )

    def held(self, page: str | None = None) -> Iterator[Place]:
        """The queries that a page holds, or the vault, in the order of loading."""
        condition, parameters = ("WHERE pages.name = ?", (page,)) if page is not None else ("", ())
        rows = self._connection.execute(
            "SELECT pages.original_name, files.path, blocks.line, blocks.uuid, blocks.content,"  # noqa: S608
            " (SELECT json_group_array(json_extract(macros.properties, '$')) FROM macros WHERE block = blocks.id)"
            " FROM blocks JOIN pages ON pages.id = blocks.page LEFT JOIN files ON files.id = pages.file"
            f" {condition} ORDER BY blocks.id",
            parameters,
        )
        for title, path, line, uuid, content, macros in rows:
            for held in held_queries(content, _macro_texts(macros)):
                yield Place(page=title, path=path, line=(line or 1) + held.line, uuid=uuid, held=held)

    def ask_held(self, place: Place, *, page: str | None = None) -> QueryAnswer:
        """The answer to a query of the vault, which holds the reason if the query failed."""
        context = replace(self.context, current_page=page or place.page, current_block=place.uuid)
        text = place.held.text
        try:
            found = self._answer(text, context)
        except QueryError as error:
            found = QueryAnswer(query=text, error=_placed(text, error))
        return replace(found, page=place.page, path=place.path, line=place.line)

    def _rows(self, found: Answer) -> Iterator[QueryRow]:
        numbers = [item.entity for item in found.shown if item.kind == "block" and item.entity is not None]
        blocks = self._blocks(numbers)
        pages = self._pages([item.entity for item in found.shown if item.kind == "page" and item.entity is not None])
        for item in found.shown:
            if item.kind == "block" and item.entity is not None and item.entity in blocks:
                yield blocks[item.entity]
            elif item.kind == "page":
                yield pages.get(item.entity or 0) or QueryRow(kind="page", page=_named(item), text=_named(item) or "")
            else:
                yield QueryRow(kind="value", text=_text(item.json))

    def _pages(self, numbers: list[int]) -> Mapping[int, QueryRow]:
        rows = self._connection.execute(
            "SELECT pages.id, original_name, path FROM pages LEFT JOIN files ON files.id = pages.file"
            " WHERE pages.id IN (SELECT value FROM json_each(?))",
            (json.dumps(numbers),),
        )
        return {
            number: QueryRow(kind="page", page=title, path=path, line=1 if path else None, text=title)
            for number, title, path in rows
        }

    def _blocks(self, numbers: list[int]) -> Mapping[int, QueryRow]:
        above: dict[int, tuple[int, str]] = {}
        wanted = set(numbers)
        rows: dict[int, tuple[object, ...]] = {}
        while wanted:
            found = self._connection.execute(
                "SELECT blocks.id, parent, content, marker, line, original_name, path,"
                " json_extract(blocks.properties, '$.id') FROM blocks"
                " JOIN pages ON pages.id = blocks.page LEFT JOIN files ON files.id = pages.file"
                " WHERE blocks.id IN (SELECT value FROM json_each(?))",
                (json.dumps(sorted(wanted)),),
            ).fetchall()
            wanted = set()
            for row in found:
                rows[row[0]] = row
                above[row[0]] = (row[1], _first_line(row[2]))
                if row[1] not in above:
                    wanted.add(row[1])
        made: dict[int, QueryRow] = {}
        for number in numbers:
            row = rows[number]
            crumbs: list[str] = []
            parent = above[number][0]
            while parent in above:
                parent, text = above[parent]
                crumbs.append(text)
            made[number] = QueryRow(
                kind="block",
                page=str(row[5]),
                path=row[6],  # type: ignore[arg-type]
                line=row[4],  # type: ignore[arg-type]
                breadcrumb=tuple(reversed(crumbs)),
                text=_first_line(str(row[2])),
                marker=row[3],  # type: ignore[arg-type]
                id=row[7],  # type: ignore[arg-type]
            )
        return made


def _macro_texts(written: object) -> list[str]:
    texts: list[str] = []
    for properties in json.loads(str(written)):
        held = json.loads(properties) if isinstance(properties, str) else properties
        texts.append(f"{held['logseq.macro-name']} {', '.join(held['logseq.macro-arguments'])}")
    return texts


def _first_line(content: str) -> str:
    return content.partition("\n")[0].strip()


def _named(item: Item) -> str | None:
    held = item.json
    if not isinstance(held, dict):
        return None
    return held.get("page") or held.get("name")


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _placed(text: str, error: QueryError) -> str:
    place = SourceText(text).position(max(0, min(error.offset, len(text))))
    return f"{place.line}:{place.column}: {error.message}"


def _remedy(error: QueryError) -> str:
    return "add a clause that narrows it down" if error.limit else "Logseq fails on it too"


def report_query(
    vault: Vault,
    text: str,
    *,
    page: str | None = None,
    inputs: tuple[str, ...] | None = None,
    own: bool = False,
) -> QueryReport:
    """The answer to one query. Raises RequestError if the query fails."""
    found = QueryEngine(vault, own=own).ask(text, page=_known_page(vault, page), inputs=inputs)
    return QueryReport(vault=vault.name, as_of=vault.today, answers=(found,))


def _known_page(vault: Vault, page: str | None) -> str | None:
    if page is None:
        return None
    known = vault.catalog.page(page)
    return known.title if known is not None else page


def report_held_queries(vault: Vault, page: str | None) -> QueryReport:
    """The answers to all queries of a page, or of the vault. Raises RequestError if there is no such page."""
    name = None if page is None else page_name(page_named(vault, page).title)
    engine = QueryEngine(vault)
    answers = tuple(engine.ask_held(place) for place in engine.held(name))
    return QueryReport(vault=vault.name, as_of=vault.today, answers=answers)
