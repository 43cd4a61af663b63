"""`new`: pages that read back as meant, in the form Logseq saves, under names that stay inside the vault."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphkit.app.failures import RequestError
from graphkit.app.load import load
from graphkit.app.reading.vault_metrics import open_vault_metrics
from graphkit.app.writing.logseq_templates import create_from_logseq_template
from graphkit.app.writing.new import KINDS, create_page, find_template, row_values, shortcut_values
from graphkit.app.writing.undo import undo_run
from graphkit.cli.main import run
from graphkit.outline.saving.serialiser import saved_text
from graphkit.outline.scanner import scan_page
from graphkit.vault.names import page_name
from graphkit.views.logseq_variables import fill_in, read_day
from graphkit.views.template_values import read_titles

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from graphkit.app.vault import Vault

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
        "- Talk with <% nobody in particular %>\n  template:: Talk\n\t- said\n- other\n  template:: Talk\n"
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
def session(vault: Path) -> Vault:
    return load(vault, as_of=DAY)


@pytest.fixture
def environ(tmp_path: Path) -> Mapping[str, str]:
    return {"XDG_STATE_HOME": str(tmp_path / "state"), "XDG_CACHE_HOME": str(tmp_path / "cache")}


def test_a_page_is_written_once_read_back_and_undone(vault: Path, session: Vault, environ: Mapping[str, str]) -> None:
    given = {"owner": "Ana", "goals": "[[Keep people]], [[Save time]]", "start": "today", "metric": "csat"}
    report = create_page(session, "experiment", "Free returns", given, environ)
    path = vault / "pages/Free returns.md"
    assert path.read_text(encoding="utf-8") == report.text
    again = load(vault, as_of=DAY)
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
def test_every_kind_is_a_fixed_point_of_the_form(kind: str, session: Vault, environ: Mapping[str, str]) -> None:
    text = create_page(session, kind, "Something new", {}, environ, dry_run=True).text
    assert saved_text(scan_page(text)) == text


def test_a_row_of_a_strategy_table_fills_an_experiment(session: Vault) -> None:
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
    further = row_values(session, "retention#proactive", primary=False)
    assert (further.get("metric"), further["related"]) == (None, "[[CSAT]], [[Retention rate]]")
    with pytest.raises(RequestError, match="names no single row"):
        row_values(session, "Retention#Nothing")
    with pytest.raises(RequestError, match="names no row of a strategy table"):
        row_values(session, "Nowhere#Nothing")


@pytest.mark.parametrize("name", ["Save $5 a month", "<10 min replies", "C# tips", "a\\b", "a:: b", "{{m}} #x"])
def test_a_row_of_any_name_is_tested_by_the_experiment_made_from_it(
    tmp_path: Path, environ: Mapping[str, str], name: str
) -> None:
    (tmp_path / "logseq").mkdir()
    create_page(load(tmp_path, as_of=DAY), "strategy", "Odd", {"first": name}, environ)
    session = load(tmp_path, as_of=DAY)
    (row,) = open_vault_metrics(session).strategies
    values = {key: value for key, value in row_values(session, f"Odd#{row.title}").items() if key != "title"}
    create_page(session, "experiment", "Trial of it", values, environ)
    session = load(tmp_path, as_of=DAY)
    page = session.catalog.page("Trial of it")
    assert page is not None
    tests, findings = open_vault_metrics(session).table.tests(page)
    assert ([test.strategy.title for test in tests], findings) == ([row.title], [])


def test_signs_in_a_property_stay_as_they_are(session: Vault, environ: Mapping[str, str]) -> None:
    given = {"unit": "$", "guard": "<= $2", "alias": "C# rev, Rev$", "source": "a #b"}
    text = create_page(session, "metric", "Refunds", given, environ, dry_run=True).text
    lines = text.splitlines()
    assert lines[1:4] == ["alias:: C# rev, Rev$", "unit:: $", "guard:: <= $2"]
    assert "source:: a \\#b" in lines


def test_a_new_strategy_reads_back_as_one_that_says_nothing_yet(vault: Path, environ: Mapping[str, str]) -> None:
    create_page(load(vault, as_of=DAY), "strategy", "Be kind", {}, environ)
    session = load(vault, as_of=DAY)
    assert row_values(session, "Be kind#Be kind") == {"title": "Be kind", "strategy": "Be kind", "row": "Be kind"}
    assert "–" not in {metric.title for metric in open_vault_metrics(session).book.metrics}
    undo_run(vault, environ)


@pytest.mark.parametrize(
    ("kind", "options", "lines"),
    [
        ("experiment", {"metric": ["CSAT", "Retention rate", "CAC"]},
         ["primary:: [[CSAT]]", "metrics:: [[Retention rate]], [[CAC]]"]),
        ("experiment", {"metric": ["customer satisfaction, CAC"]}, ["primary:: [[CSAT]]", "metrics:: [[CAC]]"]),
        ("goal", {"metric": ["customer satisfaction"], "owner": ["Ana", "Ruth, [[Mei, PhD]]"]},
         ["owner:: [[Ana]], [[Ruth]], [[Mei, PhD]]", "metrics:: [[CSAT]]"]),
        ("strategy", {"metric": ["CSAT", "CAC"]}, ["  | **X** | – | CSAT; CAC | – | – | – |"]),
        ("experiment", {"goal": ["a#b", "Ben #1"]}, ["\t- #goal [[a#b]]", "\t- #goal [[Ben #1]]"]),
    ],
)  # fmt: skip
def test_every_page_that_an_option_names_is_in_the_page(
    kind: str, options: dict[str, list[str]], lines: list[str], session: Vault, environ: Mapping[str, str]
) -> None:
    values = shortcut_values(session, find_template(session, kind), options)
    text = create_page(session, kind, "X", values, environ, dry_run=True).text
    assert set(lines) <= set(text.split("\n"))


@pytest.mark.parametrize(
    ("variable", "written", "link", "note"),
    [
        ("metric", "customer SATISFACTION", "primary:: [[CSAT]]", ()),
        ("metric", "CSA", "primary:: [[CSAT]]", ("metric: “CSA” is taken for “CSAT”",)),
        ("metric", "CAST", "primary:: [[CAST]]", ("no page “CAST” yet; did you mean “CSAT”?",)),
        ("metric", "Something else", "primary:: [[Something else]]", ()),
        ("owner", "CSA", "owner:: [[CSA]]", ()),
        ("related", "Ret", "\t- [[Retention]]", ("related: “Ret” is taken for “Retention”",)),
        ("strategy", "Proactive", "strategy:: [[Proactive care]]",
         ("strategy: “Proactive” is taken for “Proactive care”",)),
    ],
)  # fmt: skip
def test_names_are_matched_exactly_then_by_alias_then_by_a_unique_beginning(
    variable: str, written: str, link: str, note: tuple[str, ...], session: Vault, environ: Mapping[str, str]
) -> None:
    report = create_page(session, "experiment", "X", {variable: written}, environ, dry_run=True)
    assert link in report.text.split("\n")
    assert report.notes == note


@given(st.lists(st.text("ab,;，#[] ", max_size=8), max_size=4))
def test_no_word_of_a_list_of_titles_is_left_out(parts: list[str]) -> None:
    written = ",".join(parts)
    said = "".join(read_titles(written))
    assert {character: said.count(character) > 0 for character in "ab"} == {
        character: written.count(character) > 0 for character in "ab"
    }


@pytest.mark.parametrize(
    ("kind", "given", "reason"),
    [
        ("metric", {"target": "abc"}, "target:: abc is not understood"),
        ("metric", {"direction": "up", "baseline": "40%", "target": "30%"}, "the target lies the other way"),
        ("metric", {"guard": "low"}, "guard:: low is not understood"),
        ("experiment", {"metric": "A, B"}, "metric takes one page, and “A”, “B” are 2"),
        ("experiment", {"goals": "a]]b"}, "“a]]b” is not a valid title for a link"),
    ],
)
def test_values_that_would_not_be_understood_are_refused(
    kind: str, given: dict[str, str], reason: str, session: Vault, environ: Mapping[str, str]
) -> None:
    with pytest.raises(RequestError, match=reason.replace("[", r"\[")):
        create_page(session, kind, "X", given, environ, dry_run=True)


def test_a_metric_that_is_to_be_held_within_a_bound(session: Vault, environ: Mapping[str, str]) -> None:
    values = {"unit": "%", "direction": "hold", "guard": ">= 36%"}
    text = create_page(session, "metric", "M", values, environ, dry_run=True).text
    assert text.startswith("page-type:: [[metric]]\nunit:: %\ndirection:: hold\nguard:: >= 36%\n")


def test_all_that_is_wrong_is_said_at_once(session: Vault, environ: Mapping[str, str]) -> None:
    with pytest.raises(RequestError) as caught:
        create_page(session, "experiment", "X", {"due": "soon", "status": "odd", "colour": "red"}, environ)
    assert "“colour” is not a variable" in caught.value.message
    assert "due: “soon” is not a day" in caught.value.message
    assert "status: “odd” is not one of draft, ready, running" in caught.value.message
    assert "has the variables goals, owner" in caught.value.hint


@pytest.mark.parametrize(
    ("title", "path"),
    [
        ("a/b", "pages/a___b.md"),
        ("C:\\x?", None),
        (".hidden", None),
        ("plant 🌱", "pages/plant 🌱.md"),
        ("# lead", None),
        ("k:: v", None),
    ],
)
def test_odd_titles_are_encoded_or_refused(
    title: str, path: str | None, vault: Path, session: Vault, environ: Mapping[str, str]
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
        ("a]]b", "is not a valid title for a link"),
        ("[[a]]", "is not a valid title for a link"),
        ("((65f1c0de-0000-4000-8000-000000000001))", "is not a valid title for a link"),
        ("two\nlines", "several lines"),
        ("a\x07b", "a control character"),
        ("a\udcff", "not UTF-8"),
        ("", "it is empty"),
        *(
            (path, r"a part of it is empty, `.` or `..`")
            for path in ("../../x", "/etc/passwd", "..", ".", "a//b", "a/")
        ),
        ("TRIAL", "exists already"),
        ("the Trial", "is another name of"),
        ("Mar 3rd, 2026", "is a date"),
    ],
)
def test_titles_that_cannot_be_are_refused_with_a_reason(
    title: str, reason: str, session: Vault, environ: Mapping[str, str]
) -> None:
    if title == "CON":  # Logseq writes it as `CON___`, which no system keeps for a device
        assert create_page(session, "goal", title, {}, environ, dry_run=True).path == "pages/CON___.md"
        return
    with pytest.raises(RequestError, match=reason):
        create_page(session, "goal", title, {}, environ)


@given(st.text(max_size=60))
def test_whatever_the_title_nothing_leaves_the_pages_folder(session: Vault, vault: Path, title: str) -> None:
    try:
        report = create_page(session, "goal", title, {"reason": title, "owner": title}, {}, dry_run=True)
    except RequestError:
        return
    assert report.path.count("/") == 1
    assert (vault / report.path).resolve().parent == (vault / "pages").resolve()
    assert saved_text(scan_page(report.text)) == report.text
    assert page_name(report.title) == page_name(title.strip())


def test_logseqs_own_templates(session: Vault, environ: Mapping[str, str]) -> None:
    report = create_from_logseq_template(session, "Weekly", "Week 10", NOW, environ, dry_run=True)
    assert (report.path, report.text) == (
        "pages/Week 10.md",
        "## Plan for [[Mar 2nd, 2026]]\n\t- TODO see [[Mar 1st, 2026]] and [[Week 10]] at 09:05\n\t  k:: v",
    )
    report = create_from_logseq_template(session, "Talk", "Talk 1", NOW, environ, dry_run=True)
    assert report.text == "- Talk with nobody in particular\n\t- said"
    assert report.notes == ("2 templates are called “Talk”; this is the one in pages/Templates.md:9",)
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
    assert "“strategy” is not a variable" in capsys.readouterr().err
    assert run([*base, "goal", "X", "--from", "Retention#Proactive care"]) == 2
    assert "--from creates an experiment" in capsys.readouterr().err
    assert run([*base, "goal", "X", "--owner", "Ana", "--set", "owner=Ben"]) == 2
    assert "cannot be combined" in capsys.readouterr().err
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
