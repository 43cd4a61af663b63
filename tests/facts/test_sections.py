from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from graphkit.facts.sections import read_sections
from graphkit.outline.scanner import scan_page

LINES = st.sampled_from((
    "- Work:", "- Work", "- Work: ", "- **Work**", "- __Work__:", "- ==Work==", "- [[Work]]:", "- #work:", "- # Work",
    "- \f## Work", "## Work", "Work:", "- 工作：", "- TODO Tasks:", "\t- Results:", "\t\t- a", "- a", "  Risks:", "",
    "- " + "a" * 61 + ":",
))  # fmt: skip


@given(st.lists(LINES, max_size=10))
def test_sections_do_not_depend_on_how_lines_end(lines: list[str]) -> None:
    told, other = (
        [(part.kind, part.title, part.first, part.stop) for part in read_sections(scan_page(text), lambda _: 0)]
        for text in ("\n".join(lines), "\r\n".join(lines))
    )
    assert told == other
