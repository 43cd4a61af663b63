"""Pages of Obsidian, plain Markdown and mirrors: which blocks there are, how they nest, what they say."""

from __future__ import annotations

from datetime import date

import pytest

from graphkit.outline.body import read_body
from graphkit.outline.header import read_header
from graphkit.outline.markdown_dialect.list_items import scan_plain_page


def tree(text: str, *, mirror: bool = False) -> list[str]:
    """The blocks as their kind's first letter and their title, indented by level."""
    outline = scan_plain_page(text, mirror=mirror)
    lines = []
    for block in outline.blocks:
        title = read_body(outline, block.index).title
        lines.append("  " * (block.level - 1) + f"{block.kind[0]} {outline.text[title.start : title.end]}".rstrip())
    return lines


def fields(text: str, index: int = 0, *, mirror: bool = False) -> dict[str, str]:
    outline = scan_plain_page(text, mirror=mirror)
    return {prop.key: prop.value for prop in read_body(outline, index).properties}


def header(text: str, *, mirror: bool = False) -> dict[str, str]:
    return {prop.key: prop.value for prop in read_header(scan_plain_page(text, mirror=mirror)).properties}


def marks(text: str, *, mirror: bool = False) -> list[tuple[int, str]]:
    outline = scan_plain_page(text, mirror=mirror)
    assert outline.reader is not None
    return [(index, marker) for index, marker, _ in outline.reader.task_marks(outline)]


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("", []),
        ("   \n\n", ["p"]),
        ("- a\n* b\n+ c\n1. d\n2) e\n", ["b a", "b b", "b c", "b d", "b e"]),
        ("- a\n  - b\n    - c\n- d\n", ["b a", "  b b", "    b c", "b d"]),
        ("- a\n\t- b\n\t\t- c\n", ["b a", "  b b", "    b c"]),
        ("1. a\n  - two columns are enough\n", ["b a", "  b two columns are enough"]),
        ("- a\n - one is not\n", ["b a", "b one is not"]),
        ("- a\n    - b\n  - c\n", ["b a", "  b b", "  b c"]),
        ("# A\n## B\n- i\n### C\n## D\n# E\n", ["h A", "  h B", "    b i", "    h C", "  h D", "h E"]),
        ("### A\n## B\n#### C\n", ["h A", "h B", "  h C"]),
        ("## Closed ##\n## Not#\n#\n", ["h Closed", "h Not#", "h"]),
        ("#tag is text\n####### seven\n", ["p #tag is text"]),
        ("# A\ntext\nmore\n\nother\n", ["h A", "  p text", "  p other"]),
        ("A\n===\nB\n---\ntext\n", ["h A", "  h B", "    p text"]),
        ("two\nlines\n---\nnext\n", ["p two", "p next"]),
        ("---\n***\n* * *\n- - -\n_ _ _\ntext\n", ["p text"]),
        ("- a\n  own line\nlazy line\n\n  own paragraph\n\nnext\n", ["b a", "p next"]),
        ("- a\n  - b\n\n  of a\n", ["b a", "  b b", "  p of a"]),
        ("The year is\n2024. A sentence\n- item\n", ["p The year is", "b item"]),
        ("text\n1. item\n", ["p text", "b item"]),
        ("- a\n  ## of a\n", ["b a"]),
        ("- # heading in an item\n  - below\n", ["b heading in an item", "  b below"]),
        ("> [!note] Title\n> - a\n>   - b\n> more\n\n- c\n", ["p [!note] Title", "  b a", "    b b", "b c"]),
        ("- a\n> - quoted\n- b\n", ["b a", "b quoted", "b b"]),
        ("- a ^block-1\n", ["b a"]),
        ("\ufeff- a\n", ["b a"]),
        ("- a\r\n  - b\r- c\r\n", ["b a", "  b b", "b c"]),
    ],
)
def test_blocks(text: str, blocks: list[str]) -> None:
    assert tree(text) == blocks


@pytest.mark.parametrize(
    "text",
    [
        "- a\n```\n- no\n```\n- b\n",
        "- a\n````\n```\n- no\n```\n````\n- b\n",
        "- a\n~~~ info ` here\n```\n- no\n~~~~~\n- b\n",
        "- a\n\n  ```\n  - no\n  ```\n- b\n",
        "- a\n  ```\n  - no\n- b\n",
        "- a\n<!--\n- no\n-->\n- b\n",
        "- a\n  <!--\n  - no\n  -->\n- b\n",
        "- a\n%%\n- no\n%%\n- b\n",
        "- a\n$$\n- no\n$$\n- b\n",
        "- a\n  :LOGBOOK:\n  * no\n  :END:\n- b\n",
        "- a <!-- - no -->\n- b <!-- never closed\n",
    ],
)
def test_hidden_bullets(text: str) -> None:
    assert [line.split(" ")[1] for line in tree(text)] == ["a", "b"]


def test_unclosed_fence_hides_the_rest_and_is_reported() -> None:
    outline = scan_plain_page("- a\n\n```\n- no\n")
    assert outline.reader is not None
    found = [(f.code, f.line, f.column) for f in outline.reader.findings(outline)]
    assert (len(outline.blocks), found) == (1, [("E141", 3, 1)])


def test_inline_backticks_are_no_fence() -> None:
    assert tree("``` not `a` fence ```\n- b\n") == ["p ``` not `a` fence ```", "b b"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "- [ ] a\n* [x] b\n+ [/] c\n1. [-] d\n2) [!] e\n",
            [(0, "[ ]"), (1, "[x]"), (2, "[/]"), (3, "[-]"), (4, "[!]")],
        ),
        ("- [>] a\n- [?] b\n- [link](u)\n- [[page]]\n- []\n- [ab] c\n- [1] d\n", [(0, "[>]"), (1, "[?]")]),
        ("- TODO a\n* DONE b\n- TODOS\n- todo c\n\nTODO text\n## LATER d\n", [(0, "TODO"), (1, "DONE"), (5, "LATER")]),
        ("[ ] text\n", []),
        ("- [ ]\n", [(0, "[ ]")]),
        ("> - [ ] quoted\n", [(0, "[ ]")]),
    ],
)
def test_tasks(text: str, found: list[tuple[int, str]]) -> None:
    assert marks(text) == found


def test_emoji_fields_of_a_task() -> None:
    text = "- [ ] Ship [[Form|it]] #ui ⏫ 🔁 every 2 weeks when done 🛫 2026-01-01 ⏳ 2026-01-02 📅 2026-01-03 ^x1\n"
    outline = scan_plain_page(text)
    body = read_body(outline, 0)
    assert text[body.title.start : body.title.end] == "Ship [[Form|it]] #ui"
    assert body.priority == "A"
    assert body.scheduled is not None
    assert body.deadline is not None
    assert (body.scheduled.date, body.deadline.date) == (date(2026, 1, 2), date(2026, 1, 3))
    assert (body.deadline.repeater, body.deadline.number, body.deadline.unit) == (".+", 2, "w")
    assert {prop.key: prop.value for prop in body.properties} == {
        "repeat": "every 2 weeks when done",
        "start": "2026-01-01",
    }


def test_emoji_in_the_middle_is_read_and_left_out_of_the_task_text() -> None:
    text = "- [x] Pay 📅 2026-01-03 rent ✅ 2026-01-04 [effort:: 2h] soon"
    outline = scan_plain_page(text)
    body = read_body(outline, 0)
    assert outline.reader is not None
    assert outline.reader.task_text(text[body.title.start : body.title.end]) == "Pay rent soon"
    assert fields(text) == {"effort": "2h", "completed": "2026-01-04"}


def test_emoji_outside_tasks_are_text() -> None:
    assert tree("- released 📅 2026-01-03\n") == ["b released 📅 2026-01-03"]


@pytest.mark.parametrize("word", ["high", "Highest", "A"])
def test_priority_field(word: str) -> None:
    assert read_body(scan_plain_page(f"- [ ] a [priority:: {word}]\n"), 0).priority == "A"


def test_fields_of_blocks() -> None:
    text = (
        "- a\n  Owner Name:: [[people/Ana|Ana]]\n  **Bold**:: x\n  std::vector\n  (inside:: y) text [other:: [[z]]]\n"
    )
    assert fields(text) == {"owner-name": "[[people/Ana]]", "bold": "x", "inside": "y", "other": "[[z]]"}
    assert fields("- key:: value\n") == {"key": "value"}
    assert fields("- a\n  ```\n  key:: code\n  ```\n") == {}


def test_stamps_and_logbook_of_a_former_logseq_page() -> None:
    text = "- TODO a\n  SCHEDULED: <2026-01-02 Fri>\n  :LOGBOOK:\n  CLOCK: [x]\n  :END:\n  id:: y\n"
    body = read_body(scan_plain_page(text), 0)
    assert body.scheduled is not None
    assert (body.scheduled.date, [text[s.start : s.end].strip() for s in body.logbook]) == (
        date(2026, 1, 2),
        ["CLOCK: [x]"],
    )
    assert [text[s.start : s.end] for s in body.prose] == ["a"]


def test_prose_leaves_out_code_fields_and_quote_signs() -> None:
    text = "> [!note] [[A]]\n> more [[B]]\n> key:: [[C]]\n> ```\n> [[D]]\n> ```\n"
    body = read_body(scan_plain_page(text), 0)
    assert [text[s.start : s.end] for s in body.prose] == ["[!note] [[A]]", "more [[B]]"]


def test_page_properties() -> None:
    assert header("---\ntype: experiment\nowner: Ana\n---\nowner:: Ben\nstatus:: running\n\n- due:: 2026-01-01\n") == {
        "type": "experiment",
        "owner": "Ana",
        "status": "running",
        "due": "2026-01-01",
    }
    assert header("- type:: [[experiment]]\n- owner:: Ana\n- text\n- late:: x\n") == {
        "type": "[[experiment]]",
        "owner": "Ana",
    }
    assert header("# A\n\npage-type:: [[experiment]]\n") == {"page-type": "[[experiment]]"}
    assert header("# A\n- page-type:: [[experiment]]\n") == {}


def test_header_block() -> None:
    outline = scan_plain_page("a:: 1\nb:: 2\n\n- x\n")
    assert [(block.kind, block.level) for block in outline.blocks] == [("pre", 1), ("bullet", 1)]
    assert tree("a:: 1\ntext\n") == ["p"]


MIRROR = """id:: 11111111-1111-4111-8111-111111111111
* owner:: [[Alice]]
* Reviewed by::
  - [[Bob]]
  - [[Eve]]

- TODO Write draft #work
  * Priority:: High
  - child
    second line
- IN-REVIEW Other
"""


def test_mirror() -> None:
    assert tree(MIRROR, mirror=True) == ["p", "b Write draft #work", "  b child", "b Other"]
    assert header(MIRROR, mirror=True) == {
        "id": "11111111-1111-4111-8111-111111111111",
        "owner": "[[Alice]]",
        "reviewed-by": "[[Bob]], [[Eve]]",
    }
    assert fields(MIRROR, 1, mirror=True) == {"priority": "High"}
    assert marks(MIRROR, mirror=True) == [(1, "TODO"), (3, "IN-REVIEW")]
    assert read_body(scan_plain_page(MIRROR, mirror=True), 1).priority == "A"


def test_mirror_properties_are_items_elsewhere() -> None:
    assert tree("- a\n  * key:: v\n") == ["b a", "  b"]
