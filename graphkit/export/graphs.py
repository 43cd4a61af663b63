r"""The graph in the formats of other programs: node-link JSON, GraphML, GEXF, DOT, Mermaid, CSV.

Text that a format cannot hold is replaced: in a title by U+FFFD, in a node's id by an escape such as `\u0001`, so that
two nodes never become one.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import networkx as nx

from graphkit.export.spreadsheets import csv_line
from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator, Mapping

    from graphkit.insight.graph.vault_graph import VaultGraph

NODE_COLUMNS = (
    "id", "kind", "title", "path", "line", "marker", "status", "value", "unit", "day", "n", "segment",
)  # fmt: skip
"""Columns of `nodes.csv`. `marker` and `status` belong to tasks, and those after them to observations."""
EDGE_COLUMNS = ("source", "target", "kind", "path", "line", "how")
"""Columns of `edges.csv`. `how` belongs to `measures` and `tests`."""

MERMAID_EDGES = 500
MERMAID_TEXT = 50_000
"""Mermaid's default limits of edges and characters of text. Source: `maxEdges` and `maxTextSize` in its manual."""

_NOT_IN_XML = lazy_pattern("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_IN_UTF8 = lazy_pattern("[\ud800-\udfff]")
_NOT_IN_DOT_ID = lazy_pattern(r"[^ !#-\[\]-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPECIAL_IN_MERMAID = lazy_pattern(r'[#"`<>&;%\\]')
_LIST_IN_MERMAID = lazy_pattern(r"\A(\d*)([-+*.)])(?= )")
"""Text that Mermaid would read as the start of a list and refuse to draw."""
_TODAY = lazy_pattern(' lastmodifieddate="[^"]*"')
"""networkx writes the current day into GEXF. It is removed, so that the same vault always gives the same bytes."""
_CREATOR = lazy_pattern("<creator>[^<]*</creator>")
"""networkx also writes its own version, which differs between machines."""
_MERMAID_SHAPES: Mapping[str, tuple[str, str]] = {
    "experiment": ("[[", "]]"),
    "goal": ("([", "])"),
    "task": ("[", "]"),
    "section": ("[/", "/]"),
    "journal": ("[(", ")]"),
    "tag": ("{{", "}}"),
}
_MERMAID_SHAPE = ("(", ")")


def to_json(graph: VaultGraph) -> str:
    """Node-link JSON as `networkx.node_link_graph(…, edges="edges")` reads it, with a `schema` field."""
    document = {"schema": "graphkit.graph/1", **nx.node_link_data(_portable(graph, _NOT_IN_UTF8), edges="edges")}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def to_graphml(graph: VaultGraph) -> str:
    """GraphML. Missing values, such as the path of a page without a file, are omitted."""
    return _declared(nx.generate_graphml(_without_unknown(_portable(graph, _NOT_IN_XML))))


def to_gexf(graph: VaultGraph) -> str:
    """GEXF 1.2. A node's label is its title, and an edge's label is its kind."""
    clean = _without_unknown(_portable(graph, _NOT_IN_XML))
    for node in clean:
        clean.nodes[node]["label"] = clean.nodes[node]["title"]
    for number, (_, _, data) in enumerate(clean.edges(data=True)):
        data["id"] = str(number)
        data["label"] = data.pop("kind")  # `kind` has another meaning in GEXF
    lines = (_TODAY.sub("", line) for line in nx.generate_gexf(clean))
    return _declared(_CREATOR.sub("<creator>graphkit</creator>", line) for line in lines)


def _declared(lines: Iterator[str]) -> str:
    text = "\n".join(lines)
    return text if text.startswith("<?xml") else f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def to_dot(graph: VaultGraph) -> str:
    """A Graphviz digraph. A node's label is its title, and an edge's label is its kind."""
    lines = ["digraph graphkit {", "  node [shape=box];"]
    for node, data in graph.nodes(data=True):
        lines.append(f"  {_dot_id(node)} [label={_dot(data['title'])}, kind={_dot(data['kind'])}];")
    for source, target, data in graph.edges(data=True):
        ends = f"{_dot_id(source)} -> {_dot_id(target)}"
        lines.append(f"  {ends} [label={_dot(data['kind'])}];")
    return "\n".join([*lines, "}"]) + "\n"


def to_mermaid(graph: VaultGraph) -> str:
    """A Mermaid flowchart. Nodes are numbered in the graph's order, and their shapes show their kinds."""
    lines = ["flowchart LR"]
    names = {node: f"n{number}" for number, node in enumerate(graph)}
    for node, data in graph.nodes(data=True):
        left, right = _MERMAID_SHAPES.get(str(data["kind"]), _MERMAID_SHAPE)
        lines.append(f'  {names[node]}{left}"{_mermaid(data["title"])}"{right}')
    for source, target, data in graph.edges(data=True):
        lines.append(f"  {names[source]} -- {data['kind']} --> {names[target]}")
    return "\n".join(lines) + "\n"


def to_csv(graph: VaultGraph, *, raw: bool = False) -> tuple[str, str]:
    """Two tables: nodes and edges, with a header line, RFC 4180 quoting and CR LF line ends.

    raw: leave texts that a spreadsheet would run as formulas as they are.
    """
    clean = _portable(graph, _NOT_IN_UTF8)
    nodes = [csv_line(NODE_COLUMNS)]
    for node, data in clean.nodes(data=True):
        nodes.append(csv_line([node, *(data.get(column, "") for column in NODE_COLUMNS[1:])], raw=raw))
    edges = [csv_line(EDGE_COLUMNS)]
    for source, target, data in clean.edges(data=True):
        edges.append(csv_line([source, target, *(data.get(column, "") for column in EDGE_COLUMNS[2:])], raw=raw))
    return "\r\n".join([*nodes, ""]), "\r\n".join([*edges, ""])


FORMATS: Mapping[str, Callable[[VaultGraph], str]] = {
    "json": to_json,
    "graphml": to_graphml,
    "gexf": to_gexf,
    "dot": to_dot,
    "mermaid": to_mermaid,
}
"""Formats that are one document. `csv` is two, and `blocks` is made from pages, not from the graph."""


def _dot(text: str) -> str:
    """A quoted DOT string, with backslashes escaped. Source: the language page of Graphviz."""
    return '"' + _one_line(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _dot_id(node: str) -> str:
    """A node's id in quotes. In an id, a backslash is literal, but one before a quote would escape it."""
    return '"' + _NOT_IN_DOT_ID.sub(lambda match: f"\\u{ord(match[0]):04x}", node).replace('"', '\\"') + '"'


def _mermaid(text: str) -> str:
    """A text inside Mermaid's quotes. Characters that could end or style it become character entities."""
    escaped = _SPECIAL_IN_MERMAID.sub(lambda match: f"#{ord(match[0])};", _one_line(text))
    return _LIST_IN_MERMAID.sub(lambda match: f"{match[1]}#{ord(match[2])};", escaped) or "#8203;"


def _one_line(text: str) -> str:
    return " ".join(_NOT_IN_XML.sub("\ufffd", text).split())


def _portable_id(node: str, foreign: re.Pattern[str] = _NOT_IN_XML) -> str:
    return foreign.sub(lambda match: f"\\u{ord(match[0]):04x}", node)


def _portable(graph: VaultGraph, foreign: re.Pattern[str]) -> VaultGraph:
    """The same graph without the text that the pattern matches. Its attributes are copies."""
    clean: VaultGraph = nx.MultiDiGraph()
    for node, data in graph.nodes(data=True):
        clean.add_node(_portable_id(node, foreign), **_portable_attributes(data, foreign))
    for source, target, data in graph.edges(data=True):
        clean.add_edge(
            _portable_id(source, foreign), _portable_id(target, foreign), **_portable_attributes(data, foreign)
        )
    return clean


def _portable_attributes(data: Mapping[str, object], foreign: re.Pattern[str]) -> dict[str, object]:
    return {key: foreign.sub("\ufffd", value) if isinstance(value, str) else value for key, value in data.items()}


def _without_unknown(graph: VaultGraph) -> VaultGraph:
    for _, data in graph.nodes(data=True):
        for key in [key for key, value in data.items() if value is None]:
            del data[key]
    return graph
