"""`graphkit query` as a screen, as tab-separated lines, and as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from graphkit.cli.terminal.formats import Rows
from graphkit.cli.terminal.table import Column, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphkit.app.results.query_results import QueryAnswer, QueryReport, QueryRow
    from graphkit.cli.terminal.canvas import Line, Surface

COLUMNS = ("kind", "path", "line", "page", "marker", "text", "breadcrumb")
"""Fields of the tab-separated form. New ones are only added at the end."""


def place(row: QueryRow) -> str:
    """`path:line`, or the path if there is no line."""
    if row.path is None:
        return ""
    return row.path if row.line is None or row.kind == "page" else f"{row.path}:{row.line}"


def query_screen(report: QueryReport, surface: Surface, *, explain: bool = False) -> list[Line]:
    """Each query with its results as a table."""
    lines: list[Line] = []
    for found in report.answers:
        if found.page is not None or found.title:
            name = found.title or _short(found.query)
            where = f"  {found.path}:{found.line}" if found.path else ""
            lines.append(((" ", "plain"), (surface.show(name), "strong"), (surface.show(where), "place")))
        lines += _body(found, surface)
        if explain:
            lines += _explanation(found, surface)
        lines.append(())
    return surface.fit(lines[:-1] if lines else [((" No queries.", "muted"),)])


def _short(text: str) -> str:
    return " ".join(text.split())[:80]


def _body(found: QueryAnswer, surface: Surface) -> list[Line]:
    if found.error is not None:
        return [((" ", "plain"), (surface.show(found.error), "bad"))]
    if found.has_table:
        columns = [Column(header=name, least=8) for name in found.columns]
        rows: list[list[Line]] = [[((surface.show(_cell(cell)), "plain"),) for cell in row] for row in found.rows]
        return table(columns, rows, surface, indent=1, header=True) if rows else [_nothing()]
    if not found.results:
        return [_nothing()]
    cells: list[list[Line]] = [
        [
            ((surface.show(_words(row)), "plain"),),
            ((surface.show(" › ".join(row.breadcrumb)), "muted"),),
            ((surface.show(place(row)), "place"),),
        ]
        for row in found.results
    ]
    columns = [Column(least=20), Column(least=0, most=40), Column(least=12)]
    count = len(found.results)
    total: Line = ((f" {count} result{'' if count == 1 else 's'}", "muted"),)
    return [*table(columns, cells, surface, indent=1), total]


def _nothing() -> Line:
    return ((" No results.", "muted"),)


def _words(row: QueryRow) -> str:
    return row.text or "(empty)"


def _cell(value: object) -> str:
    if isinstance(value, dict) and value.get("page"):
        index = value.get("idx")
        return str(value["page"]) if index is None else f"{value['page']} #{index}"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _explanation(found: QueryAnswer, surface: Surface) -> list[Line]:
    lines: list[Line] = [((" Clauses in the order in which they ran:", "heading"),)] if found.plan else []
    digits = max((len(str(step.rows)) for step in found.plan), default=1)
    for step in found.plan:
        indent = "  " * min(step.depth, 8)
        lines.append(((f" {step.rows:>{digits}}  {indent}", "open"), (surface.show(step.clause), "plain")))
    lines += [((" ", "plain"), (surface.show(note), "muted")) for note in found.notes]
    return lines


def query_plain(report: QueryReport) -> Rows:
    """A header line, then one line per result, fields separated by tabs. A query for values has its own columns."""
    if len(report.answers) == 1 and report.answers[0].has_table:
        found = report.answers[0]
        rows = [[_cell(cell) for cell in row] for row in found.rows]
        return Rows(found.columns, rows)
    return Rows(
        COLUMNS,
        (
            (
                row.kind,
                row.path,
                row.line,
                row.page,
                row.marker,
                row.text,
                " › ".join(row.breadcrumb),
            )
            for found in report.answers
            for row in found.results
        ),
    )


def query_json(report: QueryReport, *, held: bool, explain: bool, ascii_only: bool = False) -> Iterator[str]:
    """One JSON document: `raw` and `shown` as in the conformance data, `rows`, and the results with their places."""
    head = {"schema": "graphkit.query/1", "vault": report.vault, "as_of": report.as_of.isoformat()}
    if held:
        document: dict[str, object] = {
            **head, "queries": [_document(found, held=True, explain=explain) for found in report.answers]
        }  # fmt: skip
    else:
        document = {**head, **_document(report.answers[0], held=False, explain=explain)}
    text = json.dumps(document, ensure_ascii=ascii_only, indent=1)
    yield text.encode("utf-8", "replace").decode() + "\n"


def _document(found: QueryAnswer, *, held: bool, explain: bool) -> dict[str, object]:
    document: dict[str, object] = {"query": found.query, "title": found.title or None}
    if held:
        document |= {"page": found.page, "path": found.path, "line": found.line, "error": found.error}
    document |= {
        "raw": found.raw,
        "shown": found.shown,
        "columns": list(found.columns),
        "rows": found.rows,
        "results": [
            {
                "kind": row.kind,
                "page": row.page,
                "path": row.path,
                "line": row.line,
                "breadcrumb": list(row.breadcrumb),
                "text": row.text,
                "marker": row.marker,
            }
            for row in found.results
        ],
        "notes": list(found.notes),
    }
    if explain:
        document["plan"] = [{"clause": step.clause, "rows": step.rows, "depth": step.depth} for step in found.plan]
    return document
