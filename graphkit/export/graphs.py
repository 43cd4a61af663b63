"""The graph in the formats of other programs: node-link JSON, GraphML, GEXF, DOT, Mermaid, CSV. Adds no meaning."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING

import networkx as nx

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from graphkit.insight.graph import VaultGraph

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MERMAID_SHAPES: Mapping[str, tuple[str, str]] = {
    "experiment": ("[[", "]]"),
    "goal": ("([", "])"),
    "task": ("[", "]"),
    "section": ("[/", "/]"),
    "journal": ("[(", ")]"),
    "tag": ("{{", "}}"),
}
NODE_COLUMNS = ("id", "kind", "title", "path", "line", "marker", "status")
EDGE_COLUMNS = ("source", "target", "kind", "path", "line")


def to_json(graph: VaultGraph) -> str:
    """Node-link JSON as `networkx.node_link_graph(…, edges="edges")` reads it, with a `schema` field."""
    document = {"schema": "graphkit.graph/1", **nx.node_link_data(graph, edges="edges")}
    return json.dumps(_clean_json(document), ensure_ascii=False, indent=1) + "\n"


def to_graphml(graph: VaultGraph) -> str:
    """GraphML; characters that XML cannot hold become U+FFFD."""
    return "\n".join(nx.generate_graphml(_clean_xml(graph), prettyprint=True)) + "\n"


def to_gexf(graph: VaultGraph) -> str:
    """GEXF 1.2, labels are titles; characters that XML cannot hold become U+FFFD."""
    clean = _clean_xml(graph)
    for _, data in clean.nodes(data=True):
        data["label"] = data["title"]
    for number, (_, _, data) in enumerate(clean.edges(data=True)):
        data["id"] = str(number)
        data["label"] = data.pop("kind")
    # The format's own word for a parallel edge's kind is its label; `kind` would be taken for the edge's direction.
    return "\n".join(nx.generate_gexf(clean)) + "\n"


def to_dot(graph: VaultGraph) -> str:
    """A Graphviz digraph; labels are titles, edges carry their kind as label."""
    lines = ["digraph graphkit {", "  node [shape=box];"]
    for node, data in graph.nodes(data=True):
        lines.append(f"  {_dot(node)} [label={_dot(data['title'])}, kind={_dot(data['kind'])}];")
    for source, target, kind in graph.edges(data="kind"):
        lines.append(f"  {_dot(source)} -> {_dot(target)} [label={_dot(kind)}];")
    return "\n".join([*lines, "}"]) + "\n"


def to_mermaid(graph: VaultGraph) -> str:
    """A Mermaid flowchart; nodes are numbered in the graph's order, shapes tell their kind."""
    lines = ["flowchart LR"]
    names: dict[str, str] = {}
    for number, (node, data) in enumerate(graph.nodes(data=True)):
        names[node] = f"n{number}"
        left, right = _MERMAID_SHAPES.get(data["kind"], ("(", ")"))
        lines.append(f'  n{number}{left}"{_mermaid(data["title"])}"{right}')
    for source, target, kind in graph.edges(data="kind"):
        lines.append(f"  {names[source]} -- {kind} --> {names[target]}")
    return "\n".join(lines) + "\n"


def to_csv(graph: VaultGraph) -> tuple[str, str]:
    """Two tables: nodes and edges, with a header line, RFC 4180 quoting and CR LF line ends."""
    nodes, edges = io.StringIO(newline=""), io.StringIO(newline="")
    rows = csv.writer(nodes)
    rows.writerow(NODE_COLUMNS)
    for node, data in graph.nodes(data=True):
        rows.writerow([node, *(data.get(column, "") for column in NODE_COLUMNS[1:])])
    rows = csv.writer(edges)
    rows.writerow(EDGE_COLUMNS)
    for source, target, data in graph.edges(data=True):
        rows.writerow([source, target, *(data.get(column, "") for column in EDGE_COLUMNS[2:])])
    return nodes.getvalue(), edges.getvalue()


FORMATS: Mapping[str, Callable[[VaultGraph], str]] = {
    "json": to_json,
    "graphml": to_graphml,
    "gexf": to_gexf,
    "dot": to_dot,
    "mermaid": to_mermaid,
}
"""Formats that are one document; `csv` is two, `blocks` is made from pages and not from the graph."""


def _dot(text: str) -> str:
    """A quoted DOT string. Source: Graphviz's language page; a backslash would begin an escape of its own."""
    flat = " ".join(_printable(text).split())
    return '"' + flat.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _mermaid(text: str) -> str:
    """A text inside Mermaid's quotes: what could end or style it is written as a character entity."""
    flat = " ".join(_printable(text).split())
    return re.sub(r'[#"`<>&;\\]', lambda match: f"#{ord(match[0])};", flat) or "#8203;"


def _printable(text: str) -> str:
    return _NOT_IN_XML.sub("\ufffd", text)


def _clean_json(value: object) -> object:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8") if not value.isprintable() else value
    if isinstance(value, dict):
        return {key: _clean_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_clean_json(item) for item in value]
    return value


def _clean_xml(graph: VaultGraph) -> VaultGraph:
    clean: VaultGraph = nx.MultiDiGraph()
    for node, data in graph.nodes(data=True):
        clean.add_node(_printable(node), **_clean_attributes(data))
    for source, target, data in graph.edges(data=True):
        clean.add_edge(_printable(source), _printable(target), **_clean_attributes(data))
    return clean


def _clean_attributes(data: Mapping[str, object]) -> dict[str, object]:
    return {
        key: _printable(value) if isinstance(value, str) else value for key, value in data.items() if value is not None
    }
