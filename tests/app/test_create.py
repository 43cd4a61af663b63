"""`new`: pages that read back as meant, in the form Logseq saves, under names that stay inside the vault."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphkit.app.create import KINDS, create_page, row_values
from graphkit.app.failures import RequestError
from graphkit.app.logseq_templates import create_from_logseq_template
from graphkit.app.session import Session, open_session
from graphkit.app.undo import undo_run
from graphkit.cli.main import run
from graphkit.outline.saving import saved_text
from graphkit.outline.scanner import scan_page
from graphkit.vault.names import page_name
from graphkit.views.dynamic import fill_in, read_day

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

DAY = dt.date(2026, 3, 2)
NOW = dt.time(9, 5)
ROWS = (
    "page-type:: [[strategy]]\n\n"
    "- | **Strategy** | **Description** | **Key Metrics** | **Assumptions** "
    "| **Risks & Mitigation** | **Expected Impact** |\n"
    "  |--|--|--|--|--|--|\n"
    "  | **Proactive care** | Write first. | CSAT<br>Retention rate | People read mail "
    "| Too many mails | +10% retention |\n"
)
PAGES = {
    "logseq/config.edn": "{:file/name-format :triple-lowbar :preferred-workflow :now}",
    "pages/Trial.md": "alias:: The trial\npage-type:: [[experiment]]\n\n- a",
    "pages/Retention.md": ROWS,
    "pages/CSAT.md": "page-type:: [[metric]]\nalias:: Customer satisfaction\n\n- x",
    "pages/Templates.md": (
        "- Weekly\n  template:: Weekly\n  template-including-parent:: false\n"
        "  id:: 65f1c0de-0000-4000-8000-000000000001\n"
        "\t- ## Plan for <% today %>\n\t\t- TODO see <% yesterday %> and <% current page %> at <% time %>\n"
        "\t\t  id:: 65f1c0de-0000-4000-8000-000000000002\n\t\t  k:: v\n"
        "- Talk with <% nobody in particular %>\n  template:: Talk\n\t- said\n"
    ),
}


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("create") / "vault"
    for path, text in PAGES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8", newline="\n")
    return root


@pytest.fixture(scope="module")
def session(vault: Path) -> Session:
    return open_session(vault, as_of=DAY)


@pytest.fixture
def environ(tmp_path: Path) -> Mapping[str, str]:
    return {"XDG_STATE_HOME": str(tmp_path / "state"), "XDG_CACHE_HOME": str(tmp_path / "cache")}


def test_a_page_is_written_once_read_back_and_undone(vault: Path, session: Session, environ: Mapping[str, str]) -> None:
    given = {"owner": "Ana", "goals": "[[Keep people]], [[Save time]]", "start": "today", "metric": "csat"}
    report = create_page(session, "experiment", "Free returns", given, environ)
    path = vault / "pages/Free returns.md"
    assert path.read_text(encoding="utf-8") == report.text
    again = open_session(vault, as_of=DAY)
    page = again.catalog.page("free returns")
    assert page is not None
    assert again.is_experiment(page)
    assert page.properties["owner"] == "[[Ana]]"
    assert page.properties["primary"] == "[[CSAT]]"
    assert page.properties["start-date"] == "[[Mar 2nd, 2026]]"
    assert [goal.title for goal in page.goals] == ["Keep people", "Save time"]
    assert [task.marker for task in page.tasks] == ["LATER"]
    with pytest.raises(RequestError, match="exists already"):
        create_page(again, "experiment", "FREE RETURNS", {}, environ)
    undo_run(vault, environ)
    assert not path.exists()


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_a_fixed_point_of_the_form(kind: str, session: Session, environ: Mapping[str, str]) -> None:
    text = create_page(session, kind, "Something new", {}, environ, dry_run=True).text
    assert saved_text(scan_page(text)) == text


def test_a_row_of_a_strategy_table_fills_an_experiment(session: Session) -> None:
    assert row_values(session, "retention#proactive") == {
        "title": "Proactive care",
        "strategy": "Retention",
        "row": "Proactive care",
        "hypothesis": "Write first.",
        "metric": "CSAT",
        "related": "[[Retention rate]]",
        "assumptions": "People read mail",
        "risks": "Too many mails",
        "outcome": "+10% retention",
    }
    with pytest.raises(RequestError, match="names no single row"):
        row_values(session, "Retention#Nothing")
    with pytest.raises(RequestError, match="names no row of a strategy table"):
        row_values(session, "Nowhere#Nothing")


def test_all_that_is_wrong_is_said_at_once(session: Session, environ: Mapping[str, str]) -> None:
    with pytest.raises(RequestError) as caught:
        create_page(session, "experiment", "X", {"due": "soon", "status": "odd", "colour": "red"}, environ)
    assert "“colour” is no variable" in caught.value.message
    assert "due: “soon” is no day" in caught.value.message
    assert "status: “odd” is none of draft, ready, running" in caught.value.message
    assert "has the variables goals, owner" in caught.value.hint


@pytest.mark.parametrize(
    ("title", "path"),
    [
        ("../../x", "pages/%2E.___..___x.md"),
        ("a/b", "pages/a___b.md"),
        ("C:\\x?", None),
        (".hidden", None),
        ("plant 🌱", "pages/plant 🌱.md"),
        ("# lead", None),
        ("k:: v", None),
    ],
)
def test_odd_titles_are_encoded_or_refused(
    title: str, path: str | None, vault: Path, session: Session, environ: Mapping[str, str]
) -> None:
    before = set(vault.rglob("*"))
    try:
        report = create_page(session, "goal", title, {}, environ, dry_run=True)
    except RequestError:
        return
    assert path is None or report.path == path
    assert (vault / report.path).resolve().parent == (vault / "pages").resolve()
    assert set(vault.rglob("*")) == before


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("x" * 300, "file name"),
        ("CON", ""),
        ("a]]b", "no title that a link could name"),
        ("[[a]]", "no title that a link could name"),
        ("two\nlines", "is no title of a page"),
        ("", "is no title of a page"),
        ("TRIAL", "exists already"),
        ("the Trial", "is another name of"),
        ("Mar 3rd, 2026", "is a date"),
    ],
)
def test_titles_that_cannot_be_are_refused_with_a_reason(
    title: str, reason: str, session: Session, environ: Mapping[str, str]
) -> None:
    if title == "CON":  # Logseq writes it as `CON___`, which no system keeps for a device
        assert create_page(session, "goal", title, {}, environ, dry_run=True).path == "pages/CON___.md"
        return
    with pytest.raises(RequestError, match=reason):
        create_page(session, "goal", title, {}, environ)


@given(st.text(max_size=60))
def test_whatever_the_title_nothing_leaves_the_pages_folder(session: Session, vault: Path, title: str) -> None:
    try:
        report = create_page(session, "goal", title, {"reason": title, "owner": title}, {}, dry_run=True)
    except RequestError:
        return
    assert report.path.count("/") == 1
    assert (vault / report.path).resolve().parent == (vault / "pages").resolve()
    assert saved_text(scan_page(report.text)) == report.text
    assert page_name(report.title) == page_name(title.strip())


def test_logseqs_own_templates(session: Session, environ: Mapping[str, str]) -> None:
    report = create_from_logseq_template(session, "Weekly", "Week 10", NOW, environ, dry_run=True)
    assert (report.path, report.text) == (
        "pages/Week 10.md",
        "## Plan for [[Mar 2nd, 2026]]\n\t- TODO see [[Mar 1st, 2026]] and [[Week 10]] at 09:05\n\t  k:: v",
    )
    report = create_from_logseq_template(session, "Talk", "Talk 1", NOW, environ, dry_run=True)
    assert report.text == "- Talk with nobody in particular\n\t- said"
    with pytest.raises(RequestError, match="no block or page has `template:: weekly`"):
        create_from_logseq_template(session, "weekly", "Week 10", NOW, environ)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("today", "2026-03-02"),
        ("3 days ago", "2026-02-27"),
        ("in two weeks", "2026-03-16"),
        ("a month from now", "2026-04-02"),
        ("last friday", "2026-02-27"),
        ("next friday", "2026-03-13"),
        ("this wednesday", "2026-03-04"),
        ("feb 1st, 2024", "2024-02-01"),
        ("1 february", "2026-02-01"),
        ("2024-02-01", "2024-02-01"),
        ("february 30", None),
        ("99999 years ago", None),
        ("whenever", None),
    ],
)
def test_days_in_words(words: str, day: str | None) -> None:
    assert read_day(words, DAY) == (dt.date.fromisoformat(day) if day else None)


def test_what_is_no_variable_stays() -> None:
    def filled(text: str) -> str:
        return fill_in(text, today=DAY, now=NOW, page="P", title_of=str)

    assert filled("a <%  %>b <% x <% today %> <%%y%> <% open") == "a b x <% today <%%y%> <% open"
    assert filled("<%" * 500_000) == "<%" * 500_000


def test_the_command(
    vault: Path, environ: Mapping[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    base = ["-g", str(vault), "--as-of", "2026-03-02", "new"]
    assert run([*base, "experiment", "--from", "Retention#Proactive care"]) == 0
    assert capsys.readouterr().out == "pages/Proactive care.md\n"
    text = (vault / "pages/Proactive care.md").read_text(encoding="utf-8")
    assert "primary:: [[CSAT]]" in text
    assert "row:: Proactive care" in text
    assert run([*base, "experiment", "Proactive care"]) == 2
    assert run([*base, "nothing", "X"]) == 2
    assert run([*base, "goal", "X", "--set", "owner"]) == 2
    assert run([*base, "goal", "X", "--strategy", "Y"]) == 2
    assert "“strategy” is no variable" in capsys.readouterr().err
    assert run(["-g", str(vault), "undo"]) == 0


def test_a_metric_comes_from_a_name_in_prose(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = tmp_path / "prose"
    (root / "pages").mkdir(parents=True)
    (root / "logseq").mkdir()
    (root / "pages" / "Notes.md").write_text("- We watch the Net Promoter Score (NPS) closely", encoding="utf-8")
    assert run(["-g", str(root), "new", "metric", "--from-candidate", "net promoter"]) == 0
    made = (root / "pages" / "Net Promoter Score.md").read_text(encoding="utf-8")
    assert made.startswith("page-type:: [[metric]]\nalias:: NPS\n")
    assert run(["-g", str(root), "new", "metric", "--from-candidate", "net promoter"]) == 2
    assert "names no candidate" in capsys.readouterr().err
