"""The words of the graph: kinds of nodes and edges.

spec: domain §2.
"""

from __future__ import annotations

NODE_KINDS = (
    "page", "journal", "experiment", "goal", "task", "metric", "strategy", "initiative", "section", "observation",
    "tag",
)  # fmt: skip
"""All node kinds of spec: domain §2."""

EDGE_KINDS = (
    "links", "block_ref", "embeds", "tagged", "alias_of", "in_namespace", "has_goal", "has_task", "subtask_of",
    "blocked_by", "measures", "tests", "observes", "recorded_in", "owned_by", "related_to",
)  # fmt: skip
"""All edge kinds of spec: domain §2."""

NAMED_KINDS = ("page", "journal", "experiment", "goal", "metric", "tag")
"""Kinds of nodes that a page's title names; the others stand inside a page."""

RANKED_KINDS = (*NAMED_KINDS, "strategy", "initiative")
"""Kinds of nodes that people refer to by a name; `graph rank` ranks these."""
