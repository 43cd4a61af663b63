"""`graphkit explain` as a screen and as rows."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from graphkit.cli.look.check_screen import SEVERITY_ROLES
from graphkit.cli.terminal.canvas import said
from graphkit.cli.terminal.documents import document_lines
from graphkit.cli.terminal.formats import Rows
from graphkit.facts.diagnostic_codes import CODES

if TYPE_CHECKING:
    from graphkit.app.results.explanations import Explanation
    from graphkit.cli.terminal.canvas import Line, Surface

EXPLAIN_FIELDS = ("code", "severity", "title", "meaning", "example", "why", "fix")
CODE_FIELDS = ("code", "severity", "title")

_FAMILIES = {
    "E1": "Files, text and structure", "E2": "Links and ids", "W3": "Tasks and progress",
    "W4": "Metrics and observations", "W5": "Experiments and their lifecycle", "W6": "Rollups and templates",
    "W7": "Queries",
}  # fmt: skip


def explain_screen(found: Explanation, surface: Surface) -> list[Line]:
    """The four parts of the entry, then how to silence the code. No line is wider than the surface."""
    head: Line = (
        (f" {found.code} ", "strong"), (found.severity.value, SEVERITY_ROLES[found.severity]),
        (f"  {found.title}", "plain"),
    )  # fmt: skip
    silence = (
        f'Add `graphkit-ignore:: {found.code}` to the block or the page, or `ignore = ["{found.code}"]` below '
        "`[check]` in graphkit.toml."
    )
    text = (
        f"{found.meaning}\n\n## Example\n\n{found.example}\n\n## Why it matters\n\n{found.why}\n\n"
        f"## How to fix it\n\n{found.fix}\n\n## How to silence it\n\n{silence}\n"
    )
    return surface.fit([head, (), *document_lines(text, surface)])


def explain_plain(found: Explanation) -> Rows:
    """One row, fields EXPLAIN_FIELDS."""
    return Rows(EXPLAIN_FIELDS, [tuple(getattr(found, name) for name in EXPLAIN_FIELDS)])


def codes_screen(surface: Surface) -> list[Line]:
    """All codes with their titles, by family."""
    lines: list[Line] = []
    for family, codes in groupby(CODES.items(), key=lambda item: item[0][:2]):
        if lines:
            lines.append(())
        lines.append(said(f" {_FAMILIES[family]}", "heading"))
        for code, about in codes:
            lines.append(
                (
                    (f"   {code}  ", "strong"),
                    (f"{about.severity.value:<8}", SEVERITY_ROLES[about.severity]),
                    (about.title, "plain"),
                )
            )
    return surface.fit(lines)


def codes_plain() -> Rows:
    """One row per code, fields CODE_FIELDS."""
    return Rows(CODE_FIELDS, [(code, about.severity.value, about.title) for code, about in CODES.items()])
