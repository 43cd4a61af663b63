from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphkit.app.load import load
from graphkit.app.reading.doctor import Screen, report_doctor
from graphkit.app.results.reports import DoctorReport
from graphkit.cli.setup.doctor_screen import DOCTOR_COLUMNS, doctor_plain, doctor_screen
from graphkit.cli.terminal.canvas import Surface, line_text, line_width
from graphkit.cli.terminal.formats import formatted
from graphkit.text.diagnostics import Diagnostic, Severity
from graphkit.text.records import replace

if TYPE_CHECKING:
    from pathlib import Path

DAY = dt.date(2026, 3, 2)
UTF8 = Screen(encoding="utf-8", terminal=True, color=True, width=80)
HIDE = "In logseq/config.edn, add to :block-hidden-properties #{:graphkit}: it hides rollup marks."
EXCLUDE = "In logseq/config.edn, add to :property-pages/excludelist #{:graphkit}: no page of that name then appears."


def examined(root: Path, files: dict[str, str], screen: Screen = UTF8) -> DoctorReport:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return report_doctor(lambda: load(root, as_of=DAY), screen)


@pytest.mark.parametrize(
    ("files", "dialect", "reason"),
    [
        ({"logseq/config.edn": "{}"}, "logseq", "it has a folder logseq/"),
        ({"journals/2026_03_02.md": "- x"}, "logseq", "it has a folder journals/"),
        ({".obsidian/app.json": "{}"}, "obsidian", "it has a folder .obsidian/ and none called logseq/"),
        ({"README.txt": "x"}, "markdown", "nothing in it points to Logseq or Obsidian"),
        (
            {"db.sqlite": "", "mirror/markdown/pages/x.md": ""},
            "mirror",
            "it has a database, db.sqlite, and a folder mirror/",
        ),
        ({"graphkit.toml": "dialect = 'logseq'"}, "logseq", "graphkit.toml or GRAPHKIT_DIALECT says so"),
    ],
)
def test_the_dialect_and_why(tmp_path: Path, files: dict[str, str], dialect: str, reason: str) -> None:
    report = examined(tmp_path, files)
    assert (report.dialect, report.dialect_reason) == (dialect, reason)


@pytest.mark.parametrize(
    ("config", "state", "suggestions"),
    [
        ("{}", "read", (HIDE, EXCLUDE)),
        ("{:property-pages/enabled? false}", "read", (HIDE,)),
        ("{:block-hidden-properties #{:graphkit} :property-pages/excludelist #{:graphkit :n}}", "read", ()),
        (
            "{:hidden 5 :preferred-workflow 9}",
            "read with 2 findings",
            (HIDE, EXCLUDE, "graphkit check lists all findings and how to fix them."),
        ),
        (
            "{:hidden",
            "unreadable",
            (
                HIDE,
                EXCLUDE,
                "Correct logseq/config.edn: until then every setting in it has its default, in Logseq too.",
                "graphkit check lists all findings and how to fix them.",
            ),
        ),
    ],
)
def test_the_configuration_and_what_would_help(
    tmp_path: Path, config: str, state: str, suggestions: tuple[str, ...]
) -> None:
    report = examined(tmp_path, {"logseq/config.edn": config, "pages/A.md": "- a\n"})
    assert (report.config, report.suggestions) == (state, suggestions)


def test_what_is_counted(tmp_path: Path) -> None:
    report = examined(
        tmp_path,
        {
            "logseq/config.edn": '{:file/name-format :triple-lowbar, :hidden ["attic"], :date-formatter "yyyy-MM-dd"}',
            "graphkit.toml": 'ignore = ["drafts"]\n',
            ".git": "gitdir: elsewhere\n",
            "journals/2026_03_02.md": "- TODO x\n\t- y\n",
            "pages/A.md": "page-type:: experiment\ngoal:: [[Keep]], [[keep]]\n\n- DONE x\n",
            "pages/B.md": "page-type:: goal\nalias:: Keep\n",
            "pages/C.org": "* x\n",
            "attic/D.md": "- x\n",
            "drafts/E.md": "- x\n",
        },
    )
    counts = (report.pages, report.journals, report.experiments, report.goals, report.tasks, report.blocks)
    assert counts == (3, 1, 1, 1, 2, 5)
    assert report.not_read == (("Org files", 1),)
    assert report.hidden == ("attic", "drafts")
    assert (report.file_name_format, report.journal_title_format) == ("triple-lowbar", "yyyy-MM-dd")
    assert (report.settings, report.git, report.unread, report.findings) == ("read", True, (), ())
    assert report.seconds >= 0


def test_an_encoding_without_signs_gets_a_word(tmp_path: Path) -> None:
    report = examined(tmp_path, {"A.md": "x\n"}, Screen(encoding="ISO-8859-1", terminal=False, color=False, width=80))
    assert report.suggestions == ("Set PYTHONUTF8=1 or a UTF-8 locale, so that bars and names are drawn correctly.",)


REPORT = DoctorReport(
    version="1", python="CPython 3.13.1", platform="Linux", encoding="utf-8", terminal=True, color=False, width=80,
    path="/home/ana/notes", dialect="logseq", dialect_reason="it has a folder logseq/", as_of=DAY, config="read",
    settings="absent", file_name_format="legacy", journal_title_format="MMM do, yyyy",
    journal_file_format="yyyy_MM_dd",
    hidden=(), git=True, pages=1234, journals=1, experiments=2, goals=1, tasks=3, blocks=4,
    not_read=(("whiteboards", 2),), findings=(), seconds=0.125, errors=1, warnings=2, notes=0, suggestions=("Do it.",),
    unread=(Diagnostic(code="E113", severity=Severity.ERROR, path="pages/x.md", message="it is locked", hint="x"),),
)  # fmt: skip


def test_a_report_as_tab_separated_lines() -> None:
    header, *lines = formatted(doctor_plain(REPORT), "tsv")
    assert header.split("\t") == list(DOCTOR_COLUMNS)
    assert "content\tpages\t1,234 (1 journal)" in lines
    assert "content\tnot read\twhiteboards (2)" in lines
    assert lines[-2:] == ["unreadable\tE113\tpages/x.md:1:1: it is locked", "suggestion\t\tDo it."]


@given(text=st.text(max_size=60), width=st.integers(20, 200))
def test_no_line_is_wider_than_the_screen(text: str, width: int) -> None:
    report = replace(REPORT, path=text, hidden=(text,), suggestions=(text,), dialect_reason=text)
    for line in doctor_screen(report, Surface(width=width)):
        assert line_width(line) <= width
        assert len(line_text(line).splitlines()) <= 1
