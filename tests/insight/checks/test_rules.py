from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphkit.facts.catalog import MemoryCatalog
from graphkit.facts.extract import extract_page
from graphkit.facts.page_source import PageSource, Reading
from graphkit.insight.checks.checked_page import CheckContext, PageReading
from graphkit.insight.checks.encoding import repaired
from graphkit.insight.checks.page_alone import catalog_rules, check_alone
from graphkit.insight.checks.rules import RULES, check_page
from graphkit.outline.header import read_header
from graphkit.outline.scanner import scan_page
from graphkit.text.source import SourceText

READING = Reading()
LINES = st.sampled_from((
    "page-type:: [[experiment]]", "type:: experiment, x", "Type:: experiment", "page_type:: [[experiment]]",
    "tags:: [[experiment]]", "owner:: [[A]], B", "owner:: C", "result:: won", "a(b):: c", "graphkit:: x", "#+type: a",
    "---", "- a", "- TODO a", "- type:: experiment", "  type:: experiment", "  owner:: [[A]]", "  b:: 1", "  b:: 2",
    "- ## type:: experiment", "  :properties:\n  :type: experiment\n  :end:", "- ```", "  ```", "-b", "\t- ### c", "",
    "x `", "- ### Result", "text", "> type:: experiment", "id:: 12", "  Id:: 12",
))  # fmt: skip
UUID = "6f1d2c3b-84ae-4b0f-9d27-3c5e7a90b1f4"


class Unhurried(PageReading):
    """A page whose rules look into every block."""

    run_end = 0
    may_be_managed = True


def found(text: str, *, logseq: bool = True, kind: type[PageReading] = PageReading) -> list[str]:
    """`code line:column` of everything on a page that is alone in its vault."""
    return [f"{found.code} {found.line}:{found.column}" for found in check_page(read(text, logseq=logseq, kind=kind))]


def read(text: str, *, logseq: bool = True, kind: type[PageReading] = PageReading) -> PageReading:
    """A page that is alone in its vault, to be checked."""
    source = SourceText(text)
    outline = scan_page(text)
    facts = extract_page(
        PageSource(
            path="pages/p.md", title="p", journal_day=None, source=source, outline=outline, header=read_header(outline)
        ),
        READING,
    )
    context = CheckContext(targets=MemoryCatalog.of([facts]), reading=READING, logseq=logseq)
    return kind(facts, source, scan_page, context)


WRONG = {
    "mojibake": ("- 10â€“15%, itâ€™s\n", ["E130 1:5"]),
    "letters": ("- caf\u00c3\u00a9\n", ["E130 1:6"]),
    "bom": ("\ufeff- a\n", ["E131 1:1"]),
    "bytes": ("- a\udce9\n", ["E132 1:4"]),
    "control": ("- a\x00\n", ["E133 1:4"]),
    "conflict": ("- a\n<<<<<<< HEAD\n- b\n=======\n- c\n>>>>>>> topic\n", ["E134 2:1"]),
    "breaking date": ("- a <2024-01-05 Fri 10:30 x>\n", ["E135 1:5"]),
    "replacement": ("- a\ufffd\n", ["E136 1:4"]),
    "heading": ("- a\n  ## b\n", ["E140 2:3"]),
    "open fence": ("- ```\n  a\n", ["E141 1:3"]),
    "second run": ("- a\n  b:: 1\n  c\n  d:: 2\n", ["E150 4:3"]),
    "invalid key": ("- a\n  b(c):: 1\n", ["E151 2:3"]),
    "no space": ("- a\n  due::2026-03-01\n", ["E152 2:3"]),
    "directive": ("alias:: x\n\n- a\n- #+foo: bar\n", ["E153 4:3"]),
    "twice": ("- a\n  b:: 1\n  b:: 2\n", ["E154 3:3"]),
    "bad id": ("- a\n  id:: 12\n", ["E205 2:3"]),
    "same id": (f"- a\n  id:: {UUID}\n- b\n  id:: {UUID}\n", ["E206 4:3"]),
    "no target": (f"- see (({UUID}))\n", ["E207 1:7"]),
    "empty task": ("- TODO\n- a\n", ["W310 1:3"]),
    "colon": ("- TODO: a\n", ["W311 1:3"]),
    "tab": ("- TODO\ta\n", ["W311 1:3"]),
    "bold": ("- **TODO** a\n", ["W311 1:5"]),
    "priority first": ("- [#A] TODO a\n", ["W311 1:8"]),
    "word with colon": ("- NOW: a\n", ["W312 1:3"]),
    "small": ("- todo ask Mei\n", ["W312 1:3"]),
    "boxes": ("- [ ] a\n- [x] b\n", ["W313 1:3"]),
    "dash": ("- a\n-TODO b\n", ["W314 2:1"]),
    "dash heading": ("-### Work\n", ["W314 1:1"]),
    "dash link": ("-[[x]]\n", ["W314 1:1"]),
    "no weekday": ("- TODO a\n  DEADLINE: <2026-03-01>\n", ["W315 2:3"]),
    "on the title": ("- TODO a SCHEDULED: <2026-03-02 Mon>\n", ["W315 1:10"]),
    "as property": ("- TODO a\n  DEADLINE:: <2026-03-02 Mon>\n", ["W315 2:3"]),
    "as property of a task": ("- TODO a\n  deadline:: 2026-03-02\n- b\n  scheduled:: 2026-03-02\n", ["W315 2:3"]),
    "due that is no date": ("- TODO a\n  due:: soon\n- TODO b\n  due:: 2026-03-02\n- c\n  due:: soon\n", ["W317 2:9"]),
    "name beside links": ("- TODO a\n  owner:: [[A]], B, #c (d), and [[e, f]]; g\n", ["W517 2:3", "W517 2:3"]),
    "no such day": ("- TODO a\n  DEADLINE: <2026-02-30 Mon>\n", ["W316 2:3"]),
    "weekday": ("- TODO a\n  DEADLINE: <2026-03-02 Fri>\n", ["W318 2:3"]),
}

FINE = {
    "german quotes": "- „Spaß“ – «café\u00a0»\n",
    "spanish": "- Todo empieza en 2010\n- todo lo demás\n",
    "noun": "- Todo lists are useful\n- todo list\n",
    "fence": "- ```\n  - TODO\n  -[[x]]\n  <2024-01-05 Fri 10:30 x>\n  ```\n",
    "signs": "- a\n--\n---\n-5\n->\n| - | - |\n",
    "languages": "- a\n  std::vector x\n  ::keyword\n  foo::bar::baz\n",
    "inline code": f"- `(({UUID}))` and `DEADLINE: <2026-03-01>`\n",
    "dates": "- TODO a\n  SCHEDULED: <2026-03-02 Mon 10:30 ++1w>\n  DEADLINE: <2026-03-03 Tue>\n",
    "prose": "- Deadline: Friday\n- the deadline: 5 days\n",
    "quotation": "> words\n-Ada Lovelace\n",
    "id": f"- a\n  id:: {UUID}\n- (({UUID}))\n",
    "headings": "# a\n\n## b\n- c\n",
}


@pytest.mark.parametrize(("text", "expected"), WRONG.values(), ids=WRONG)
def test_a_mistake_is_found_at_its_place(text: str, expected: list[str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize("text", FINE.values(), ids=FINE)
def test_ordinary_text_yields_nothing(text: str) -> None:
    assert found(text) == []


def test_generated_content_yields_nothing() -> None:
    assert found("- a\n  graphkit:: status\n\t- TODO: b\n\t- 10â€“15%\n- TODO: c\n") == ["W311 5:3"]


def test_rules_of_logseqs_reading_hold_in_logseq_graphs_only() -> None:
    assert found("- [ ] a\n- TODO: b\n- 10â€“15%\n", logseq=False) == ["E130 3:5"]


@pytest.mark.parametrize("times", [1, 2, 3])
def test_what_was_encoded_several_times_is_put_right(times: int) -> None:
    text = broken = "naïve – “café” 10–15 % ✓"
    for _ in range(times):
        broken = "".join(_as_windows(byte) for byte in broken.encode())
    assert repaired(broken) == text


def _as_windows(byte: int) -> str:
    return bytes((byte,)).decode("cp1252", "ignore") or chr(byte)


EXPERIMENT = "#goal [[G]]\n- ## Hypothesis\n\t- h\n- ## Work\n\t- TODO a\n"


def test_an_ordinary_experiment_yields_nothing() -> None:
    assert found(f"page-type:: [[experiment]]\n\n- {EXPERIMENT}") == []


def test_types_at_wrong_places_still_make_an_experiment() -> None:
    assert found(f"page-type:: [[experiment]]\npage-type:: [[note]]\n\n- {EXPERIMENT}") == ["W504 2:1"]
    assert found(f"- page-type:: [[experiment]]\n- {EXPERIMENT}") == ["W505 1:3"]
    assert found(f"owner:: [[A]]\n\npage-type:: [[experiment]]\n\n- {EXPERIMENT}") == ["W505 3:1"]


def test_a_type_with_one_colon_is_no_type() -> None:
    assert found(f"page-type: [[experiment]]\nowner: x\n\n- {EXPERIMENT}") == ["W514 1:1"]
    assert found(f"- Type: metric\n- {EXPERIMENT}") == ["W514 1:3"]
    assert found("type: [[note]]\n- x\n") == []
    assert found("- x\npage-type: [[experiment]]\n") == ["W519 2:1"]


def test_what_counts_only_at_the_top_of_an_experiments_page() -> None:
    page = "page-type:: [[experiment]]\nresult:: won\n\n- #goal [[G]]\n- ## Hypothesis\n\t- h\n- ## Work\n\t- TODO a\n"
    assert found(f"{page}- status:: running\n") == ["W516 9:3"]
    assert found(f"{page}- ## Result\n\t- result:: lost\n\t- stop-date:: 2026-03-01\n") == ["W516 10:4"]
    assert found(f"{page}- ## Decision\n\t- decision:: keep\n- variant\n  status:: shipped\n- say `status:: x`\n") == []
    assert found("- status:: running\n") == []


def test_what_an_experiment_lacks() -> None:
    assert found("page-type:: [[experiment]]\n\n- ## Hypotesis\n- TODO a\n") == [
        "W506 4:3", "W507 3:1", "W508 1:1", "W509 1:1",
    ]  # fmt: skip


@given(st.lists(LINES, max_size=12), st.sampled_from(("\n", "\r\n")))
def test_plain_properties_at_the_top_are_judged_without_a_look_at_the_blocks(lines: list[str], end: str) -> None:
    text = end.join(lines)
    assert found(text) == found(text, kind=Unhurried)


TOP = "page-type:: [[experiment]]\n\n"
PIECES = st.sampled_from(
    [text.rstrip("\n") for text, _ in WRONG.values()] + [text.rstrip("\n") for text in FINE.values()]
)
SIGNS = st.text(alphabet="\t -#*_=^[](){}<>:.,`~|A1\u00e9\u00c3\u201c\u017f\ufffd\x00TODdo\n", max_size=30)


@given(st.sampled_from(("", TOP, "tags:: experiment\n", "type:: experiment\ntype:: experiment, x\n")), st.data())
def test_no_finding_is_lost_by_running_only_the_rules_that_have_a_reason(top: str, data: st.DataObject) -> None:
    pieces = data.draw(st.lists(st.one_of(PIECES, LINES, SIGNS), max_size=8))
    text = top + data.draw(st.sampled_from(("\n", "\r\n"))).join(pieces)
    page = read(text)
    everything = [finding for rule in RULES if not rule.catalog for finding in rule.find(page)]
    checked = check_alone(read(text))
    assert sorted(map(repr, checked.findings)) == sorted(map(repr, everything))
    if any(True for rule in catalog_rules() if rule.codes != ("E208",) for _ in rule.find(page)):
        assert checked.refers


@pytest.mark.parametrize("language", ["markdown", "md", "text", "org"])
def test_code_that_shows_notes_on_purpose_does_not_swallow_them(language: str) -> None:
    text = f"- ```{language}\n  x\n- TODO Publish\n- ```\n  y\n  ```\n"
    assert [line for line in found(text) if line.startswith("E142")] == []
    assert [line for line in found(text.replace(language, "sh")) if line.startswith("E142")] == ["E142 1:3"]
