"""Templates: where they are found, what they may do, and that none can hang or fill the machine."""

from __future__ import annotations

import datetime as dt
import os
from typing import TYPE_CHECKING

import pytest

from graphkit.app.writing.render_limits import RenderChild
from graphkit.app.writing.template_lookup import VAULT_FOLDER, Templates, shipped
from graphkit.cli.main import run
from graphkit.outline.header import read_header
from graphkit.outline.scanner import scan_page
from graphkit.vault.journal import journal_formats
from graphkit.views.environment import TemplateError, render
from graphkit.views.new_page import read_new_page
from graphkit.views.template_head import read_template
from graphkit.views.template_values import PAGE_VARIABLES, read_values
from graphkit.views.view_table import PAGE_TEMPLATES, VIEWS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def child() -> Iterator[RenderChild]:
    started = RenderChild(render_s=1.0)
    yield started
    started.close()


LOOP = "{% for a in range(99999) %}"
ENDLESS = LOOP * 3 + "{% endfor %}" * 3


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (ENDLESS, "takes longer than 1 s"),
        ("{{ 'a' * 900000000 }}", "too much memory"),
        (
            "{% set n = namespace(x='a' * 99999) %}{% for i in range(20) %}{% set n.x = n.x * 2 %}{% endfor %}",
            "too much memory|takes longer",
        ),
        ("{% for i in range(99999) %}{{ 'abcdefghijklmnopqrstuvwxyz' }}{% endfor %}", "more than 2,000,000 characters"),
        ("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "calls itself endlessly"),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="memory is bounded by the system's resource limits, which Windows lacks")
def test_what_never_ends_is_stopped_with_a_reason(child: RenderChild, source: str, reason: str) -> None:
    with pytest.raises(TemplateError, match=reason) as caught:
        child.render(source, {}, name="mine.md.j2")
    assert caught.value.template == "mine.md.j2"
    assert child.render("- {{ a }}", {"a": "still there"}, name="mine.md.j2") == "- still there"


@pytest.mark.parametrize(
    ("source", "line", "reason"),
    [
        ("- a\n- {{ nothing }}", 2, "'nothing' is undefined"),
        ("- {{ item.nothing }}", 1, "no attribute 'nothing'"),
        ("- a\n{% for x in y %}", 2, "endfor"),
        ("{{ ''.__class__ }}", 1, "sandbox"),
        ("{{ item.__init__.__globals__ }}", 1, "sandbox"),
        ("{% include '/etc/passwd' %}", 1, "TemplateNotFound"),
        ("{% import 'os' as os %}", 1, "TemplateNotFound"),
        ("{{ item.values.append(1) }}", 1, "sandbox"),
        ("\n{{ 1 / 0 }}", 2, "division by zero"),
        ("{{ 'a'|attr('x') }}", 1, "No filter named 'attr'"),
        ("{{ range(999999999) }}", 1, "Range too big"),
    ],
)
def test_what_a_template_may_not_do_names_template_and_line(source: str, line: int, reason: str) -> None:
    class Item:
        values: list[int] = []  # noqa: RUF012 - a template must not be able to change it

    with pytest.raises(TemplateError, match=reason) as caught:
        render(source, {"item": Item()}, name="views/x.md.j2")
    assert (caught.value.template, caught.value.line) == ("views/x.md.j2", line)


def test_macros_and_set_blocks_keep_what_they_made_safe() -> None:
    source = "{% macro m(x) %}{{ x|page_ref }}{% endmacro %}{% set b %}{{ m('A') }} {{ v }}{% endset %}- {{ b }}"
    assert render(source, {"v": "#x"}, name="t") == "- [[A]] \\#x"


def test_line_numbers_count_from_the_top_of_the_file() -> None:
    template = read_template("t", "---\ndescription: x\n---\n- a\n- {{ nothing }}\n", trusted=True)
    with pytest.raises(TemplateError) as caught:
        render(template.source, {}, name=template.name)
    assert caught.value.line == 5
    assert render(read_template("t", "---\ndescription: x\n---\n\t- a\n", trusted=True).source, {}, name="t") == "\t- a"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("---\nvariables: 3\n---\n", "is not a list"),
        ("---\nvariables:\n  - {prompt: x}\n---\n", "needs a `name`"),
        ("---\nvariables:\n  - {name: a, type: colour}\n---\n", "type of 'a'"),
        ("---\nvariables:\n  - {name: a, type: choice}\n---\n", "list of `choices`"),
        ("---\nvariables:\n  - {name: a, needed: true}\n---\n", "'needed'"),
        ("---\nvariables:\n  - {name: a}\n  - {name: a}\n---\n", "twice"),
        ("---\nother: 1\n---\n", "'other'"),
        ("---\ndescription: [a]\n---\n", "no text"),
        ("---\nvariables:\n  - &a {name: a}\n  - *a\n---\n", "has an alias"),
        ("---\n- [\n---\n", "is not valid YAML"),
        ("---\n!!python/object/apply:os.system [ls]\n---\n", "is not valid YAML"),
    ],
)
def test_front_matter_that_says_anything_else_is_an_error(text: str, reason: str) -> None:
    with pytest.raises(TemplateError, match=reason.replace("[", r"\[")):
        read_template("t", text, trusted=True)


def write(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GRAPHKIT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("GRAPHKIT_STATE_DIR", str(tmp_path / "state"))
    root = tmp_path / "vault"
    write(root, "logseq/config.edn", "{}")
    write(root, "pages/E.md", "page-type:: experiment\n\n- TODO a\n")
    write(root, "pages/Board.md", "- s\n  graphkit:: status\n- t\n  graphkit:: tasks\n")
    return root


def test_a_vaults_own_template_goes_before_the_shipped_one(vault: Path) -> None:
    write(
        vault,
        f"{VAULT_FOLDER}/views/status.md.j2",
        "{% for e in experiments %}\n- ours: {{ e.title|page_ref }}\n{% endfor %}\n",
    )
    assert run(["-g", str(vault), "rollup"]) == 0
    assert "\t- ours: [[E]]\n- t\n" in (vault / "pages/Board.md").read_text(encoding="utf-8")
    with Templates(vault) as templates:
        assert templates.find("views", "tasks").trusted
        assert not templates.find("views", "status").trusted


@pytest.mark.parametrize(
    ("source", "code", "told"),
    [
        ("- {{ nothing }}", "W604", ".graphkit/templates/views/status.md.j2:1: W604"),
        ("- a\n{% for %}", "W604", ".graphkit/templates/views/status.md.j2:2: W604"),
        ("hello", "W605", "line 1 of what it gives (“hello”)"),
        ("- TODO a", "W605", "marker TODO"),
    ],
)
def test_a_broken_template_is_reported_and_the_rest_is_rendered(
    vault: Path, source: str, code: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(vault, f"{VAULT_FOLDER}/views/status.md.j2", source)
    assert run(["-g", str(vault), "rollup"]) == 1
    err = capsys.readouterr().err
    assert code in err
    assert told in err
    assert "- s\n  graphkit:: status\n- t\n  graphkit:: tasks sum=" in (vault / "pages/Board.md").read_text(
        encoding="utf-8"
    )


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need rights there")
def test_a_template_behind_a_symbolic_link_is_not_read(vault: Path, tmp_path: Path) -> None:
    write(tmp_path, "outside.md.j2", "- x")
    (vault / VAULT_FOLDER / "views").mkdir(parents=True)
    (vault / VAULT_FOLDER / "views" / "status.md.j2").symlink_to(tmp_path / "outside.md.j2")
    with Templates(vault) as templates, pytest.raises(TemplateError, match="symbolic link"):
        templates.find("views", "status")


def test_every_view_and_page_kind_has_a_shipped_template() -> None:
    assert all(shipped("views", name) for name in VIEWS)
    assert all(shipped("pages", name) for name in PAGE_TEMPLATES)
    assert shipped("views", "nothing") is None


JOURNALS = journal_formats("MMM do, yyyy")
GIVEN = {
    "date": "2026-04-01",
    "pages": "[[A]], B c",
    "page": "[[P/q]]",
    "number": "3",
    "text": "words: TODO #x\n- y:: z",
}


def page_of(kind: str, given: dict[str, str], root: Path, title: str = "Shorter forms") -> str:
    with Templates(root) as templates:
        template = templates.find("pages", kind)
        values = read_values(
            template, given, title=title, today=dt.date(2026, 3, 2), todo="TODO", parse_day=JOURNALS.parse,
            day_title=JOURNALS.title,
        )  # fmt: skip
        assert (values.missing, values.problems) == ((), ())
        return read_new_page(templates.render(template, values.values), scan_page, indentation="\t")


def test_the_experiment_page_has_the_sections_of_the_seed(tmp_path: Path) -> None:
    given = {"goals": "Keep people", "owner": "Ana", "due": "2026-04-01", "hypothesis": "It helps", "tasks": "One, Two"}
    assert page_of("experiment", given, tmp_path) == (
        "page-type:: [[experiment]]\nowner:: [[Ana]]\nstatus:: draft\ndue:: [[Apr 1st, 2026]]\n\n- ### #[[goal]]\n"
        "\t- #goal [[Keep people]]\n- ### Hypothesis\n\t- It helps\n- ### Related items\n- ### #[[work]]\n"
        "\t- TODO Shorter forms\n\t\t- TODO One\n\t\t- TODO Two\n- ### Expected outcome"
    )


@pytest.mark.parametrize("kind", PAGE_TEMPLATES)
@pytest.mark.parametrize("title", ["Plain", "# a]] b\n- c:: d", "TODO x", "```", "😀"])
def test_every_page_template_reads_back_whatever_it_is_given(kind: str, title: str, tmp_path: Path) -> None:
    with Templates(tmp_path) as templates:
        variables = templates.find("pages", kind).variables
    everything = {item.name: item.choices[-1] if item.choices else GIVEN[item.type] for item in variables}
    for given in ({}, everything):
        page = page_of(kind, given, tmp_path, title)
        header = {prop.key: prop.value for prop in read_header(scan_page(page)).properties}
        assert header["page-type"] == f"[[{kind}]]"
        assert not page.endswith("\n")


def test_values_of_the_wrong_kind_are_named(tmp_path: Path) -> None:
    with Templates(tmp_path) as templates:
        template = templates.find("pages", "experiment")
    values = read_values(
        template, {"due": "soon", "status": "fast", "colour": "red"}, title="T", today=dt.date(2026, 3, 2), todo="TODO",
        parse_day=JOURNALS.parse, day_title=JOURNALS.title,
    )  # fmt: skip
    assert values.problems == (
        "“colour” is not a variable of templates/pages/experiment.md.j2",
        "status: “fast” is not one of draft, ready, running",
        "due: “soon” is not a day; write it as 2026-03-31",
    )
    assert set(PAGE_VARIABLES) <= set(values.values)
