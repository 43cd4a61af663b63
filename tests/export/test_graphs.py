from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import subprocess
import sys
import warnings
import xml.etree.ElementTree as ET
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import networkx as nx
import pydot
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shared_material import ROOT

from graphkit.app.load import load
from graphkit.app.reading.graph import build_session_graph
from graphkit.export.graphs import EDGE_COLUMNS, NODE_COLUMNS, to_csv, to_dot, to_gexf, to_graphml, to_json, to_mermaid
from graphkit.insight.graph.vault_graph import only_kinds

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphkit.insight.graph.vault_graph import VaultGraph as Graph

HOSTILE = (
    'say "hi"',
    "it's \\ a \\\\ back\\slash\\",
    "two\nlines\r\nand\ttab",
    "]] and [[ and )) }} |",
    "\x00\x01\x1f\x7f\ufffe",
    "emoji 😀 日本語 \u200b\u202e",
    "lone \udcff surrogate \ud800",
    "<b>&amp;</b> <![CDATA[ ]]> --> <!--",
    "`code` **bold** #34; end",
    "1. a list",
    "- a list",
    "end",
    "",
    " ",
    "x" * 10_000,
    "=1+1;,\t\"'",
    "digraph subgraph node edge",
    "%% comment %%{init: {}}%%",
)


def hostile_graph(titles: tuple[str, ...] = HOSTILE) -> Graph:
    graph: Graph = nx.MultiDiGraph()
    kinds = ("page", "experiment", "goal", "task", "section", "journal", "tag")
    nodes = [f"{kinds[number % 7]}:{number}:{title}" for number, title in enumerate(titles)]
    for number, (node, title) in enumerate(zip(nodes, titles, strict=True)):
        known = number % 2 == 0
        graph.add_node(
            node, kind=kinds[number % 7], title=title, path=f"pages/{title}.md" if known else None,
            line=number + 1 if known else None,
        )  # fmt: skip
    for number, node in enumerate(nodes):
        for kind in ("links", "embeds"):
            graph.add_edge(node, nodes[(number * 3 + 1) % len(nodes)], kind=kind, path="pages/x.md", line=7)
    return graph


@pytest.fixture(scope="module")
def sample() -> Graph:
    return build_session_graph(load(ROOT / "sample_graph", as_of=dt.date(2026, 3, 2)))


def described(graph: Graph) -> tuple[list[object], list[object]]:
    """Nodes with what is known of them, and edges, in no order."""
    nodes: list[object] = [
        (node, {key: value for key, value in data.items() if value is not None})
        for node, data in graph.nodes(data=True)
    ]
    edges: list[object] = [
        (source, target, data["kind"], data["path"], data["line"]) for source, target, data in graph.edges(data=True)
    ]
    return sorted(nodes, key=repr), sorted(edges, key=repr)


def portable(text: str, *, xml: bool = True) -> str:
    foreign = "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]" if xml else "[\ud800-\udfff]"
    return re.sub(foreign, "\ufffd", text)


def one_line(text: str) -> str:
    return " ".join(portable(text).split())


def test_json_is_read_by_networkx_as_the_same_graph(sample: Graph) -> None:
    document = json.loads(to_json(sample))
    assert document["schema"] == "graphkit.graph/1"
    read = nx.node_link_graph(document, edges="edges")
    assert isinstance(read, nx.MultiDiGraph)
    assert described(read) == described(sample)


def test_graphml_is_read_by_networkx_as_the_same_graph(sample: Graph) -> None:
    read = nx.parse_graphml(to_graphml(sample), force_multigraph=True)
    assert isinstance(read, nx.MultiDiGraph)
    assert described(read) == described(sample)


def test_gexf_is_read_by_networkx_with_kinds_as_labels(sample: Graph) -> None:
    read = nx.read_gexf(io.BytesIO(to_gexf(sample).encode()))
    assert {node: (data["kind"], data["title"], data["label"]) for node, data in read.nodes(data=True)} == {
        node: (data["kind"], data["title"], data["title"]) for node, data in sample.nodes(data=True)
    }
    assert sorted((u, v, data["label"], data["path"], data["line"]) for u, v, data in read.edges(data=True)) == sorted(
        (u, v, data["kind"], data["path"], data["line"]) for u, v, data in sample.edges(data=True)
    )


def test_dot_is_read_by_pydot(sample: Graph) -> None:
    part = only_kinds(sample, frozenset({"experiment", "goal", "task"}))
    read = read_dot(to_dot(part))
    labels = {
        unquoted(node.get_name()): node.get_attributes() for node in read.get_nodes() if node.get_name() != "node"
    }
    assert {node: (unquoted(data["label"]), unquoted(data["kind"])) for node, data in labels.items()} == {
        node: (one_line(data["title"]), data["kind"]) for node, data in part.nodes(data=True)
    }
    assert sorted(
        (unquoted(edge.get_source()), unquoted(edge.get_destination()), unquoted(edge.get("label")))
        for edge in read.get_edges()
    ) == sorted((u, v, data["kind"]) for u, v, data in part.edges(data=True))


def read_dot(text: str) -> pydot.Dot:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pydot speaks to its parser generator in names of an older version
        read = pydot.graph_from_dot_data(text)
    assert read is not None
    return read[0]


def unquoted(text: object) -> str:
    assert isinstance(text, str)
    assert text[0] == '"' == text[-1]
    return text[1:-1].replace('\\"', '"').replace("\\\\", "\\")


def test_csv_has_a_column_for_every_attribute(sample: Graph) -> None:
    assert {key for _, data in sample.nodes(data=True) for key in data} == set(NODE_COLUMNS[1:])
    assert {key for _, _, data in sample.edges(data=True) for key in data} == set(EDGE_COLUMNS[2:])


def test_csv_is_read_by_the_csv_module(sample: Graph) -> None:
    nodes, edges = (list(csv.DictReader(io.StringIO(table, newline=""))) for table in to_csv(sample))
    assert list(nodes[0]) == list(NODE_COLUMNS)
    assert list(edges[0]) == list(EDGE_COLUMNS)
    assert [(row["id"], row["kind"], row["title"], row["path"], row["line"]) for row in nodes] == [
        (node, data["kind"], data["title"], data["path"] or "", str(data["line"] or ""))
        for node, data in sample.nodes(data=True)
    ]
    assert [(row["source"], row["target"], row["kind"], row["path"], int(row["line"])) for row in edges] == [
        (u, v, data["kind"], data["path"], data["line"]) for u, v, data in sample.edges(data=True)
    ]


def read_mermaid(text: str) -> tuple[dict[str, list[str]], list[list[str]]]:
    if find_spec("mermaid_parser") is None:
        pytest.skip("mermaid-parser-py, which holds Mermaid's own parser, runs on Python 3.11 on Linux only")
    done = subprocess.run(
        [sys.executable, str(Path(__file__).parent / "mermaid_reader.py")],
        input=text.encode(), capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    read = json.loads(done.stdout.decode().splitlines()[-1])
    return read["vertices"], read["edges"]


def decoded(label: str) -> str:
    """A label as Mermaid draws it; its parser hands entities on in a code of its own."""
    return re.sub(r"(?:#|ﬂ°°)(\d+)(?:;|¶ß)", lambda match: chr(int(match[1])), label)


SHAPES = {"experiment": "subroutine", "goal": "stadium", "task": "square"}


def test_mermaid_is_read_by_mermaid(sample: Graph) -> None:
    part = only_kinds(sample, frozenset({"experiment", "goal", "task"}))
    vertices, edges = read_mermaid(to_mermaid(part))
    numbers = {node: f"n{number}" for number, node in enumerate(part)}
    assert {name: (decoded(text), shape) for name, (text, shape) in vertices.items()} == {
        numbers[node]: (one_line(data["title"]), SHAPES[data["kind"]]) for node, data in part.nodes(data=True)
    }
    assert sorted(edges) == sorted([numbers[u], data["kind"], numbers[v]] for u, v, data in part.edges(data=True))


def test_hostile_titles_in_mermaid() -> None:
    graph = hostile_graph()
    vertices, edges = read_mermaid(to_mermaid(graph))
    assert [decoded(vertices[f"n{number}"][0]) for number in range(len(HOSTILE))] == [
        one_line(title) or "\u200b" for title in HOSTILE
    ]
    assert len(edges) == graph.number_of_edges()


def check_json(graph: Graph) -> None:
    text = to_json(graph)
    text.encode()
    read = nx.node_link_graph(json.loads(text), edges="edges")
    assert [data["title"] for _, data in read.nodes(data=True)] == [
        portable(data["title"], xml=False) for _, data in graph.nodes(data=True)
    ]
    assert read.number_of_edges() == graph.number_of_edges()


def xml_title(text: str) -> str:
    return re.sub("\r\n?", "\n", portable(text))  # XML's own rule for line ends


def check_graphml(graph: Graph) -> None:
    text = to_graphml(graph)
    assert ET.fromstring(text.encode()).tag == "{http://graphml.graphdrawing.org/xmlns}graphml"  # noqa: S314 - ours
    read = nx.parse_graphml(text, force_multigraph=True)
    assert [xml_title(data.get("title") or "") for _, data in read.nodes(data=True)] == [
        xml_title(data["title"]) for _, data in graph.nodes(data=True)
    ]
    assert read.number_of_edges() == graph.number_of_edges()


def check_gexf(graph: Graph) -> None:
    text = to_gexf(graph)
    assert ET.fromstring(text.encode()).tag == "{http://www.gexf.net/1.2draft}gexf"  # noqa: S314 - ours
    read = nx.read_gexf(io.BytesIO(text.encode()))
    assert read.number_of_nodes() == graph.number_of_nodes()
    assert read.number_of_edges() == graph.number_of_edges()


def check_dot(graph: Graph) -> None:
    read = read_dot(to_dot(graph))
    nodes = [node for node in read.get_nodes() if node.get_name() != "node"]
    assert [unquoted(node.get("label")) for node in nodes] == [
        one_line(data["title"]) for _, data in graph.nodes(data=True)
    ]
    assert len({node.get_name() for node in nodes}) == graph.number_of_nodes()
    assert len(read.get_edges()) == graph.number_of_edges()


def check_csv(graph: Graph) -> None:
    nodes, edges = (list(csv.DictReader(io.StringIO(table, newline=""))) for table in to_csv(graph, raw=True))
    assert [row["title"] for row in nodes] == [portable(data["title"], xml=False) for _, data in graph.nodes(data=True)]
    assert len({row["id"] for row in nodes}) == graph.number_of_nodes()
    assert len(edges) == graph.number_of_edges()
    guarded = list(csv.DictReader(io.StringIO(to_csv(graph)[0], newline="")))
    formula = re.compile(r"[=+\-@\t\r\n]")
    assert [row["title"] for row in guarded] == [
        f"'{row['title']}" if formula.match(row["title"]) else row["title"] for row in nodes
    ]
    assert not [cell for row in guarded for cell in row.values() if formula.match(cell)]


CHECKS = [check_json, check_graphml, check_gexf, check_dot, check_csv]


@pytest.mark.parametrize("check", CHECKS)
def test_hostile_titles(check: Callable[[Graph], None]) -> None:
    check(hostile_graph())


@pytest.mark.parametrize("check", CHECKS)
@given(titles=st.lists(st.text(st.characters(codec=None, exclude_categories=())), min_size=1, max_size=6))
@settings(max_examples=40)
def test_any_titles(check: Callable[[Graph], None], titles: list[str]) -> None:
    check(hostile_graph(tuple(titles)))


@pytest.mark.parametrize("write", [to_json, to_graphml, to_gexf, to_dot, to_mermaid, to_csv])
def test_an_empty_graph_is_a_document_too(write: Callable[[Graph], object]) -> None:
    assert write(nx.MultiDiGraph())


def test_the_same_graph_gives_the_same_bytes(sample: Graph) -> None:
    for write in (to_json, to_graphml, to_gexf, to_dot, to_mermaid, to_csv):
        assert write(sample) == write(sample.copy())
    assert re.search(r"\d{4}-\d\d-\d\d\"", to_gexf(nx.MultiDiGraph())) is None
