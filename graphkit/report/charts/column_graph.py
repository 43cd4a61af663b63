"""A graph in columns, ordered by the barycentre of neighbours, at whole-number coordinates: always the same drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.report.charts.scales import fitted
from graphkit.report.charts.svg import Svg, said
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphkit.report.safe_text import Html

COLUMN: Final = 240
BOX: Final = 184
ROW: Final = 30
_SWEEPS: Final = 6


class Node(Record, frozen=True, kw_only=True):
    """One node."""

    key: str
    title: str
    column: int
    href: str = ""
    """Where it leads; may be empty."""


def order_columns(nodes: Sequence[Node], edges: Sequence[tuple[str, str]], columns: int) -> list[list[Node]]:
    """The nodes of each column from top to bottom: by the mean place of their neighbours, in sweeps to and fro."""
    near: dict[str, list[str]] = {node.key: [] for node in nodes}
    for one, other in edges:
        near[one].append(other)
        near[other].append(one)
    found = [[node for node in nodes if node.column == column] for column in range(columns)]
    places: dict[str, float] = {}
    for column in found:
        places.update({node.key: index / max(len(column), 1) for index, node in enumerate(column)})
    for sweep in range(_SWEEPS):
        for number in range(columns) if sweep % 2 == 0 else range(columns - 1, -1, -1):
            centres = {node.key: _mean([places[key] for key in near[node.key]], places[node.key])
                       for node in found[number]}  # fmt: skip
            found[number].sort(key=lambda node: (centres[node.key], node.title, node.key))
            places.update({node.key: index / len(found[number]) for index, node in enumerate(found[number])})
    return found


def _mean(places: Sequence[float], otherwise: float) -> float:
    return round(sum(places) / len(places), 9) if places else otherwise


def column_graph(
    title: str, nodes: Sequence[Node], edges: Sequence[tuple[str, str]], headings: Sequence[str], *, prefix: str
) -> Html:
    """The graph. Nodes that lead somewhere are links; `data-n` of a node and `data-e` of an edge name its ends.

    prefix: begins the ids of nodes. Edges to unknown nodes raise KeyError.
    """
    columns = order_columns(nodes, edges, len(headings))
    height = 34 + ROW * max([1, *map(len, columns)])
    numbers: Mapping[str, int] = {node.key: index for index, node in enumerate(nodes)}
    places: dict[str, tuple[int, int]] = {}
    for number, column in enumerate(columns):
        top = 30 + (height - 34 - ROW * len(column)) // 2
        places.update({node.key: (COLUMN * number, top + ROW * row) for row, node in enumerate(column)})
    svg = Svg(COLUMN * (len(headings) - 1) + BOX, height, title, css="chart wide graph")
    svg.raw('<g class="edges" aria-hidden="true">')
    for one, other in edges:
        (x1, y1), (x2, y2) = sorted((places[one], places[other]))
        half = (x2 - x1 - BOX) // 2
        svg.raw(f'<path data-e="{numbers[one]} {numbers[other]}" '
                f'd="M{x1 + BOX} {y1 + 12}c{half} 0 {half} {y2 - y1} {x2 - x1 - BOX} {y2 - y1}"/>')  # fmt: skip
    svg.raw("</g>")
    for number, heading in enumerate(headings):
        svg.text(COLUMN * number, 14, heading, "head")
    for column in columns:
        for node in column:
            x, y = places[node.key]
            name = said(fitted(node.title, BOX - 16, 11))
            inner = (f'<title>{said(node.title)}</title><rect x="{x}" y="{y}" width="{BOX}" height="24" rx="5"/>'
                     f'<text x="{x + 8}" y="{y + 16}">{name}</text>')  # fmt: skip
            tag = f'a href="{said(node.href)}"' if node.href else "g"
            svg.raw(f'<{tag} class="node k{node.column}" data-n="{numbers[node.key]}" id="{prefix}{numbers[node.key]}">'
                    f'{inner}</{tag[0]}>')  # fmt: skip
    return Html_group(svg)


def Html_group(svg: Svg) -> Html:  # noqa: N802
    """A drawing whose parts can be reached, and which therefore is a group and not an image."""
    from graphkit.report.safe_text import Html  # noqa: PLC0415

    return Html(svg.html().replace('role="img"', 'role="group"', 1))
