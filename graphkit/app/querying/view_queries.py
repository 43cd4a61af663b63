"""Queries of managed views: graphkit's own facts count, generated blocks do not."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from graphkit.app.failures import RequestError
from graphkit.app.querying.named_queries import query_named
from graphkit.app.querying.query import QueryEngine
from graphkit.facts.page_facts import TaskStatus
from graphkit.outline.inline import plain_text
from graphkit.outline.markers import MARKERS
from graphkit.query.held import held_queries, macros_in
from graphkit.views.contexts import QueryItem
from graphkit.views.view import ParameterError
from graphkit.views.view_material import SIGNS, QueryFound

if TYPE_CHECKING:
    from graphkit.app.results.query_results import QueryAnswer, QueryRow
    from graphkit.app.vault import Vault

_STATES = {"DOING": TaskStatus.DOING, "NOW": TaskStatus.DOING, "IN-PROGRESS": TaskStatus.DOING,
           "STARTED": TaskStatus.DOING, "WAIT": TaskStatus.WAITING, "WAITING": TaskStatus.WAITING,
           "DONE": TaskStatus.DONE, "CANCELED": TaskStatus.CANCELLED, "CANCELLED": TaskStatus.CANCELLED}  # fmt: skip


class ViewQueries:
    """Answers for views; the tables are filled when the first one is asked for."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._engine: QueryEngine | None = None

    def answer(self, expression: str | None, name: str | None, text: str, page: str | None) -> QueryFound:
        """The answer to the query that a view means. Raises ParameterError."""
        query = self._query(expression, name, text)
        if "(sample" in query.replace(" ", ""):
            raise ParameterError("a query view cannot take a sample", "remove (sample …); limit= shortens the list")
        if self._engine is None:
            self._engine = QueryEngine(self._vault, own=True)
        try:
            return _found(self._engine.ask(query, page=page))
        except RequestError as error:
            raise ParameterError(f"the query has no answer: {error.message}", error.hint) from None

    def _query(self, expression: str | None, name: str | None, text: str) -> str:
        if expression is not None:
            return expression
        if name is not None:
            try:
                return query_named(self._vault, name)
            except RequestError as error:
                raise ParameterError(error.message, error.hint) from None
        held = held_queries(text, macros_in(text))
        if not held:
            raise ParameterError("the block holds no query", 'write {{query …}} in it, or expr="…", or name="…"')
        return held[0].text


def _found(answer: QueryAnswer) -> QueryFound:
    if answer.has_table:
        rows = tuple(tuple(_cell(cell) for cell in row) for row in answer.rows)
        return QueryFound(columns=answer.columns, rows=tuple(sorted(rows)) if not _is_sorted(answer) else rows)
    return QueryFound(items=tuple(_item(row) for row in answer.results))


def _is_sorted(answer: QueryAnswer) -> bool:
    return "sort" in answer.query


def _cell(value: object) -> str:
    if isinstance(value, dict) and isinstance(value.get("page"), str):
        return str(value["page"])
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _item(row: QueryRow) -> QueryItem:
    if row.kind != "block":
        return QueryItem(page=row.page or row.text, text="" if row.page else row.text, sign="", id=None)
    text = row.text
    word, _, rest = text.lstrip("# ").partition(" ")
    if row.marker is not None and word == row.marker and word in MARKERS:
        text = re.sub(r"^\s*\[#[A-Za-z]\]", "", rest)
    sign = SIGNS[_STATES.get(row.marker, TaskStatus.TODO)] if row.marker else ""
    return QueryItem(page=row.page or "", text=plain_text(text).strip(), sign=sign, id=row.id)
