"""A graph in columns, ordered by the barycentre of neighbours, at whole-number coordinates: always the same drawing."""

from __future__ import annotations

from graphkit.report.svg import Html, Svg, said
from graphkit.report.text_measures import fitted
from graphkit.text.records import Record

_COLUMN, _BOX, _ROW, _TOP = 240, 184, 30, 30
_SWEEPS = 6


class Node(Record, frozen=True, kw_only=True):
    """One node."""

    key: str
    title: str
    column: int
    href: str = ""
    """Where it leads; may be empty."""


def order_columns(nodes: list[Node], edges: list[tuple[str, str]], columns: int) -> list[list[Node]]:
    """The nodes of each column from top to bottom: by the mean place of their neighbours, in sweeps to and fro."""
    near: dict[str, list[str]] = {node.key: [] for node in nodes}
    for one, other in edges:
        near[one].append(other)
        near[other].append(one)
    found = [[node for node in nodes if node.column == column] for column in range(columns)]
    places = {node.key: row / len(column) for column in found for row, node in enumerate(column)}

    def centre(node: Node) -> tuple[float, str, str]:
        around = [places[key] for key in near[node.key]] or [places[node.key]]
        return round(sum(around) / len(around), 9), node.title, node.key

    for sweep in range(_SWEEPS):
        for column in found if sweep % 2 == 0 else reversed(found):
            column.sort(key=centre)
            places.update((node.key, row / len(column)) for row, node in enumerate(column))
    return found


def column_graph(title: str, nodes: list[Node], edges: list[tuple[str, str]], headings: tuple[str, ...]) -> Html:
    """The graph; nodes that lead somewhere are links. `data-n` of a node and `data-e` of an edge name its ends.

    Edges to unknown nodes raise KeyError.
    """
    columns = order_columns(nodes, edges, len(headings))
    rows = max([1, *map(len, columns)])
    numbers = {node.key: index for index, node in enumerate(nodes)}
    places: dict[str, tuple[int, int]] = {}
    for number, column in enumerate(columns):
        top = _TOP + _ROW * (rows - len(column)) // 2
        places |= {node.key: (_COLUMN * number, top + _ROW * row) for row, node in enumerate(column)}
    size = _COLUMN * (len(headings) - 1) + _BOX + 2, _TOP + 4 + _ROW * rows
    svg = Svg(*size, title, css="chart wide graph", role="group")
    for one, other in edges:
        (x1, y1), (x2, y2) = sorted((places[one], places[other]))
        drawn, x, y = f"M{x1 + _BOX} {y1 + 12}", x1 + _BOX, y1 + 12
        for passed in range(x1 + _COLUMN, x2, _COLUMN):  # between two nodes of a column, never through one
            top = _TOP + _ROW * (rows - len(columns[passed // _COLUMN])) // 2
            gap = top - 3 + _ROW * max(0, ((y1 + y2) // 2 + 12 - top + _ROW // 2) // _ROW)
            drawn += f"C{x + 28} {y} {passed - 28} {gap} {passed} {gap}h{_BOX}"
            x, y = passed + _BOX, gap
        svg.raw(f'<path data-e="{numbers[one]} {numbers[other]}" d="{drawn}'
                f'C{x + 28} {y} {x2 - 28} {y2 + 12} {x2} {y2 + 12}"/>')  # fmt: skip
    for number, heading in enumerate(headings):
        svg.text(_COLUMN * number, 14, heading, "head")
    for node in (node for column in columns for node in column):
        x, y = places[node.key]
        tag = f'a href="{said(node.href)}"' if node.href else "g"
        svg.raw(
            f'<{tag} class="node k{node.column}" data-n="{numbers[node.key]}">'
            f'<title>{said(node.title)}</title><rect x="{x}" y="{y}" width="{_BOX}" height="24" rx="5"/>'
            f'<text x="{x + 8}" y="{y + 16}">{said(fitted(node.title, _BOX - 16, 11))}</text></{tag[0]}>'
        )
    return svg.html()
