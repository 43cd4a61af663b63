"""Hypothesis strategies for pages: odd soups of constructs, ordinary outlines, any text at all."""

from __future__ import annotations

from hypothesis import strategies as st

_PIECES = (
    "\n",
    "\n",
    "\n- ",
    "\n\t- ",
    "\n  ",
    "\r\n",
    "\r",
    "- ",
    "# ",
    "## ",
    "TODO ",
    "[#A] ",
    "aa ",
    "客户 ",
    "[[x]]",
    "#tag ",
    "k:: v",
    "\nid:: 1\n",
    "collapsed:: true",
    "```",
    "\n```\n",
    "~~~",
    "$$",
    "> ",
    "* ",
    "1. ",
    "| a | b |",
    "\n---\n",
    ":LOGBOOK:\n",
    "\n:END:\n",
    ":PROPERTIES:\n",
    ":a: b\n",
    "#+BEGIN_QUOTE\n",
    "\n#+END_QUOTE",
    "#+k: v",
    "\\begin{x}",
    "\\end{x}",
    "<div>",
    "</div>",
    "<!--",
    "-->",
    "[:div ",
    "]",
    "[^1]: ",
    "[//]: # ",
    "SCHEDULED: <2024-01-05 Fri>",
    "DEADLINE: [2024-02-06 Tue 10:00 +1w]",
    "\ufeff",
    "\x00",
    "\f",
    "\x0b",
    "\xa0",
    "\udc80",
    "---\n",
)

soups = st.lists(st.sampled_from(_PIECES), max_size=40).map("".join)
"""Pages of every construct in any order, closed or not."""

texts = st.text(alphabet=st.characters(), max_size=200)
"""Any text, surrogates included."""

pages = st.one_of(soups, texts)

words = st.text(alphabet="abc XYZ äß客.,!", min_size=1, max_size=20).map(lambda text: "w" + text.strip())

levels = st.lists(st.integers(min_value=0, max_value=12), min_size=1, max_size=60)
"""White-space characters before the dash of each bullet."""
