"""Citations of the specification: each has the form `spec: domain §3.4` and names a section or rule that exists."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from shared_material import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SPEC = ROOT / "docs" / "spec"
DOCUMENTS = ("domain", "writing", "logseq-format")
CITING = ("graphkit", "templates", "tests", "benchmarks", "docs/spec")
"""Folders whose texts may cite the specification."""

_MARK = r"§\d+(?:\.\d+)*(?:\s+row\s+\d+)?"
_CITATION = re.compile(rf"spec:\s+([a-z-]+)\s+({_MARK}(?:,\s+{_MARK})*)")
_BEGUN = re.compile(r"\bspec:\s+(?:[a-z-]+\s+)?§|\bspec: (?:domain|writing|logseq-format)\b")
_OLD_FORM = re.compile(
    r"\b(?:domain|reference|writing)(?:\.md)?,? (?:§ ?)?\d"
    r"|\b(?<!docs/)(?:cli|house|architecture-options|style-anchors|portfolio|web)\.md\b"
    r"|\(\d+, row \d+\)"
)
_BEGINNING = re.compile(r"spec:\s+$")


def targets(text: str) -> set[str]:
    """What a document can be cited for: `§3`, `§3.4` (a subsection or a numbered rule), `§11 row 6` (of a table)."""
    found: set[str] = set()
    section = ""
    fenced = False
    for line in text.splitlines():
        fenced ^= line.lstrip().startswith("```")
        heading = re.match(r"##+ (\d+(?:\.\d+)*)\.? ", line)
        rule = re.match(r"(\d+)\. ", line)
        row = re.match(r"\| (\d+) \|", line)
        if fenced:
            continue
        if heading:
            section = heading[1]
            found.add(f"§{section}")
        elif rule and section:
            found.add(f"§{section}.{rule[1]}")
        elif row and section:
            found.add(f"§{section} row {row[1]}")
    return found


def citations(text: str) -> Iterator[tuple[str, str, int]]:
    """Document, mark and line of each citation; a citation may go on behind a line end."""
    for match in _CITATION.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        for mark in re.findall(_MARK, match[2]):
            yield match[1], " ".join(mark.split()), line


def wrong_citations(text: str, known: dict[str, set[str]]) -> list[str]:
    """What is wrong with the citations in a text, each with its line."""

    def line(offset: int) -> int:
        return text.count("\n", 0, offset) + 1

    whole = {match.start() for match in _CITATION.finditer(text)}
    dead = [
        f"{at}: {document} {mark} does not exist"
        for document, mark, at in citations(text)
        if document not in known or mark not in known[document]
    ]
    broken = [
        f"{line(match.start())}: {match[0]} is not a whole citation"
        for match in _BEGUN.finditer(text)
        if match.start() not in whole
    ]
    old = [
        f"{line(match.start())}: {match[0]} is not of the form `spec: domain §1`"
        for match in _OLD_FORM.finditer(text)
        if not _BEGINNING.search(text, max(0, match.start() - 60), match.start())
    ]
    return dead + broken + old


KNOWN = {name: targets((SPEC / f"{name}.md").read_text(encoding="utf-8")) for name in DOCUMENTS}


def citing_files() -> Iterator[Path]:
    here = {ROOT / "tests" / "docs" / "test_spec_citations.py"}
    for folder in CITING:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".j2", ".md"} and path not in here and "conformance" not in path.parts:
                yield path


def test_every_citation_leads_to_a_section_or_rule_of_the_specification() -> None:
    wrong = [
        f"{path.relative_to(ROOT).as_posix()}:{problem}"
        for path in citing_files()
        for problem in wrong_citations(path.read_text(encoding="utf-8"), KNOWN)
    ]
    assert wrong == []


def test_the_package_does_cite_each_document() -> None:
    cited = {
        document
        for path in (ROOT / "graphkit").rglob("*.py")
        for document, _, _ in citations(path.read_text(encoding="utf-8"))
    }
    assert cited == set(DOCUMENTS)


@pytest.mark.parametrize(
    ("name", "sections"),
    [
        ("domain", [f"§{number}" for number in range(1, 10)] + [f"§3.{rule}" for rule in range(1, 9)]),
        ("writing", [f"§{number}" for number in range(1, 6)] + ["§1.1", "§3.5"]),
        ("logseq-format", [f"§{number}" for number in range(1, 12)] + ["§1.4", "§3.9", "§5.7", "§11.2"]),
    ],
)
def test_the_documents_keep_their_numbers(name: str, sections: list[str]) -> None:
    assert [mark for mark in sections if mark not in KNOWN[name]] == []


@pytest.mark.parametrize(
    "text",
    [
        "as written (domain 7)",
        "Source: reference 3.4.",
        "see writing.md 3",
        "(cli.md, Conventions)",
        "spec: domain §10",
        "spec: domain §3.9",
        "spec: nowhere §1",
        "spec: domain 3",
        "spec: logseq-format §11 row 999",
        "(spec: domain §1, §99)",
        "(11, row 75)",
    ],
)
def test_another_form_or_a_dead_citation_is_found(text: str) -> None:
    assert len(wrong_citations(text, KNOWN)) == 1


@pytest.mark.parametrize(
    "text",
    ["(spec: domain §3.4, §7)", "spec: logseq-format §11 row 6", "spec: writing\n    §3, spec: logseq-format §5.4"],
)
def test_whole_citations_are_right(text: str) -> None:
    assert wrong_citations(text, KNOWN) == []
