"""Reads a flowchart from stdin with Mermaid's own parser and prints its nodes and edges; a process of its own.

The parser is Mermaid's JavaScript in an embedded engine, which is not to be loaded into the process of the tests.
"""

from __future__ import annotations

import json
import sys

from mermaid_parser import MermaidParser

graph = MermaidParser().parse(sys.stdin.buffer.read().decode("utf-8"))["graph_data"]
vertices = {name: [vertex.get("text"), vertex.get("type")] for name, vertex in graph["vertices"].items()}
edges = [[edge["start"], edge["text"], edge["end"]] for edge in graph["edges"]]
sys.stdout.write("\n" + json.dumps({"vertices": vertices, "edges": edges}))
