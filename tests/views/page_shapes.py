"""Lines of which tests make pages of every shape around managed blocks."""

from __future__ import annotations

LINES = [
    "", " ", "text", "- a", "- b  ", "\t- c", "\t\t- d", "  - e", "    - f", "      - g", "## heading", "- # h", "-",
    "- -", "key:: value", "  key:: value", "  id:: 01234567-0123-0123-0123-012345678901", "- TODO t", "```",
    "  ```", "- ```",
    "\t  more", "> quote", "  > quote", "* item", "  * item", "| a | b |", "  | a |", "$$", "  $$", "<div>", "</div>",
    ":LOGBOOK:", "  :LOGBOOK:", "  :END:", "#+BEGIN_NOTE", "#+END_NOTE", "  SCHEDULED: <2026-01-01 Thu>", "\f", "é漢😀",
    "- [[A]] [1/2]", "- 2 open", "<!--", "-->", "---", "\t\t\t- deep", " - odd",
]  # fmt: skip
MANAGED = [
    "- m\n  graphkit:: status",
    "\t- m\n\t  graphkit:: status",
    "    - ## m\n      graphkit:: status",
    "## m\ngraphkit:: status",
    "- graphkit:: status",
    " - m\n   graphkit:: status limit=3 sum=k00000000",
    "- m\n  key:: v\n  graphkit:: status\n  x:: y",
]
