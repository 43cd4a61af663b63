"""Whole vaults without a `logseq` folder: pages, tasks, experiments and links as their readers mean them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from shared_material import SHARED, needs_shared

from graphkit.app.load import load
from graphkit.app.reading.check import report_check
from graphkit.app.reading.experiments import experiments_of
from graphkit.app.reading.graph import build_session_graph
from graphkit.app.reading.tasks import TaskFilters, report_tasks
from graphkit.app.reading.tree import report_tree
from graphkit.vault.layout import Dialect

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from graphkit.app.vault import Vault

DAY = date(2026, 3, 5)

EXPERIMENT = """---
type: experiment
aliases: [Checkout test]
owner: "[[people/Ana|Ana]]"
due: 2026-03-31
tags: [growth]
---
# Shorter checkout

## Goals
- [[Grow revenue]]
- [[metrics/Speed|faster]]
- no link, no goal

## Hypothesis

If [[people/Ana|Ana]] shortens **the form**, more people finish.

Nobody minds.

## Work

- [x] Sketch ✅ 2026-02-01
    - [ ] below a closed one
- [/] Build
\t- [x] form
\t- [ ] address 📅 2026-03-01 ⏫
- [ ] [the rollout](Rollout.md)
- [-] dropped
- [>] later

## Questions

- Who pays?
"""

FILES = {
    ".obsidian/app.json": "{}",
    "experiments/Shorter checkout.md": EXPERIMENT,
    "experiments/Rollout.md": "- [x] one\n- [ ] two\n",
    "elsewhere/Rollout.md": "- [ ] not this\n",
    "people/Ana.md": "",
    "Grow revenue.md": "text",
    "daily/2026-03-04.md": "---\nbad: a: b\n---\n- [x] saw [[checkout test]], [[Shorter checkout#Work]] #a/b\n",
}


def vault(root: Path, files: Mapping[str, str], dialect: Dialect | None = None) -> Vault:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8", newline="")
    return load(root, as_of=DAY, dialect=dialect)


@pytest.fixture
def session(tmp_path: Path) -> Vault:
    return vault(tmp_path, FILES)


def test_experiment(session: Vault) -> None:
    (experiment,) = experiments_of(session)
    progress = experiment.progress
    assert session.dialect is Dialect.OBSIDIAN
    assert experiment.page.title == "Shorter checkout"
    assert (experiment.goals, experiment.owners, experiment.due) == (
        ("Grow revenue", "metrics/Speed"), ("Ana",), date(2026, 3, 31),
    )  # fmt: skip
    assert (progress.done, progress.total) == (3, 6)
    assert [question.text for question in experiment.page.questions] == ["Who pays?"]
    assert [section.kind for section in experiment.page.sections] == [
        "other",
        "goal",
        "hypothesis",
        "work",
        "questions",
    ]


def test_tasks(session: Vault) -> None:
    rows = report_tasks(session, TaskFilters(experiments=("experiments/shorter checkout",))).tasks
    assert [(row.text, row.marker, row.priority, row.deadline) for row in rows] == [
        ("address", "[ ]", "A", date(2026, 3, 1)),
        ("Build", "[/]", None, None),
        ("the rollout", "[ ]", None, None),
        ("later", "[>]", None, None),
    ]


def test_tree_reads_as_the_page(session: Vault) -> None:
    rows = report_tree(session, "Checkout test").rows
    assert [(row.level, row.kind, row.text) for row in rows if row.line > 7] == [
        (1, "section", "Shorter checkout"),
        (2, "section", "Goals"),
        (3, "block", "Grow revenue"),
        (3, "block", "faster"),
        (3, "block", "no link, no goal"),
        (2, "section", "Hypothesis"),
        (3, "block", "If Ana shortens the form, more people finish."),
        (3, "block", "Nobody minds."),
        (2, "section", "Work"),
        (3, "task", "Sketch"),
        (4, "task", "below a closed one"),
        (3, "task", "Build"),
        (4, "task", "form"),
        (4, "task", "address"),
        (3, "task", "the rollout"),
        (3, "task", "dropped"),
        (3, "task", "later"),
        (2, "section", "Questions"),
        (3, "block", "Who pays?"),
    ]


def test_links(session: Vault) -> None:
    graph = build_session_graph(session)
    found = {(target, data["kind"]) for _, target, data in graph.out_edges("journal:daily/2026-03-04", data=True)}
    assert found == {
        ("experiment:experiments/shorter checkout", "links"),
        ("tag:a/b", "links"),
        ("task:daily/2026-03-04.md:4", "has_task"),
    }
    assert ("tag:a/b", "tag:a") in graph.edges()
    assert ("experiment:experiments/shorter checkout", "page:experiments/rollout") in graph.edges()
    assert {node for node, _, data in graph.edges(data=True) if data["kind"] == "in_namespace"} == {"tag:a/b"}


def test_findings(session: Vault) -> None:
    found = [(f.path, f.line, f.code) for f in report_check(session).findings]
    assert ("daily/2026-03-04.md", 2, "E160") in found
    assert ("experiments/Shorter checkout.md", 30, "W319") in found


def test_journal_day(session: Vault) -> None:
    page = session.catalog.page("2026-03-04")
    assert page is not None
    assert (page.title, page.name, page.journal_day) == ("2026-03-04", "daily/2026-03-04", date(2026, 3, 4))
    assert session.catalog.page("Mar 4th, 2026") is page


@pytest.mark.parametrize(
    "header",
    [
        "---\npage-type: experiment\n---\n",
        "---\ntags: [x, experiment]\n---\n",
        "---\ntags:\n  - '#experiment'\n---\n",
        "---\ntype: '[[Experiment]]'\n---\n",
        "page-type:: [[experiment]]\n",
        "# Title\npage-type:: [[experiment]]\n",
        "- type:: experiment\n",
    ],
)
def test_experiments_by_header(tmp_path: Path, header: str) -> None:
    session = vault(tmp_path, {"notes/A.md": f"{header}\n- [ ] a\n* [x] b\n"})
    (experiment,) = experiments_of(session)
    assert session.dialect is Dialect.MARKDOWN
    assert (experiment.progress.done, experiment.progress.total) == (1, 2)


def test_boxes_can_be_switched_off(tmp_path: Path) -> None:
    session = vault(tmp_path, {"graphkit.toml": "checkboxes = false\n", "A.md": "- [ ] a\n- TODO b\n"})
    assert [row.text for row in report_tasks(session, TaskFilters()).tasks] == ["b"]


def test_pages_that_differ_by_case_are_both_read(tmp_path: Path) -> None:
    session = vault(tmp_path, {"A.md": "- [ ] a\n", "A.markdown": "- [ ] b\n"})
    assert [(page.path, page.name, len(page.tasks)) for page in session.catalog.pages()] == [
        ("A.markdown", "a", 1),
        ("A.md", "A.md", 1),
    ]


def test_mirror(tmp_path: Path) -> None:
    files = {
        "db.sqlite": "",
        "mirror/markdown/pages/Form test.md": (
            "id:: 11111111-1111-4111-8111-111111111111\n* page-type:: [[experiment]]\n* owner:: [[Alice]]\n\n"
            "- ### Work\n  - TODO Draft\n    * Deadline:: [[Mar 1st, 2026]]\n    - IN-REVIEW part\n  - DONE Other\n"
        ),
        "mirror/markdown/pages/a_b.md": "- about [[Form test]]\n",
        "mirror/markdown/journals/2026_03_01.md": "- see [[a/b]]\n",
    }
    session = vault(tmp_path, files)
    (experiment,) = experiments_of(session)
    tasks = experiment.page.tasks
    assert (session.dialect, experiment.page.name, experiment.owners) == (Dialect.MIRROR, "form test", ("Alice",))
    assert [(task.text, task.status.value, task.deadline) for task in tasks] == [
        ("Draft", "todo", date(2026, 3, 1)),
        ("part", "doing", None),
        ("Other", "done", None),
    ]
    journal = session.catalog.page("2026-03-01")
    assert journal is not None
    assert journal.title == "Mar 1st, 2026"
    assert ("journal:mar 1st, 2026", "page:a_b") in build_session_graph(session).edges()


@pytest.mark.parametrize(
    ("block", "goals"),
    [
        ("- Goals\n  - [[Keep customers]]\n  - [[Grow]] slowly\n  - not [[this]]\n", ["Keep customers", "Grow"]),
        ("- Goals: [[Keep customers]], [[Grow]]\n", ["Keep customers", "Grow"]),
        ("- goal [[Grow]]\n", ["Grow"]),
        ("- Goals are hard\n  - [[Grow]]\n", []),
    ],
)
def test_what_a_mirror_says_of_due_dates_and_goals(tmp_path: Path, block: str, goals: list[str]) -> None:
    head = "* page-type:: [[experiment]]\n* Deadline:: [[Feb 20th, 2026]]\n\n"
    session = vault(tmp_path, {"db.sqlite": "", "mirror/markdown/pages/Test.md": head + block})
    (experiment,) = experiments_of(session)
    assert experiment.due == date(2026, 2, 20)
    assert [goal.title for goal in experiment.page.goals] == goals


def test_code_holds_no_fields_and_a_task_is_its_first_line(tmp_path: Path) -> None:
    work = (
        "- [ ] open `[due:: 2026-01-01]` and `📅 2026-01-02`\n- [ ] d:: why not\n- [ ] e (due:: 2026-02-01) `x`\n"
        "- TODO f:: g\n- [ ] `` a ` [due:: 2026-01-03] `` 📅 2026-02-02\n"
    )
    session = vault(tmp_path, {"A.md": f"---\ntype: experiment\n---\n## Work\n{work}"})
    assert [(task.text, task.deadline) for task in next(session.catalog.pages()).tasks] == [
        ("open `[due:: 2026-01-01]` and `📅 2026-01-02`", None),
        ("d:: why not", None),
        ("e `x`", date(2026, 2, 1)),
        ("f:: g", None),
        ("`` a ` [due:: 2026-01-03] ``", date(2026, 2, 2)),
    ]


def test_labelled_links_are_their_page_everywhere(tmp_path: Path) -> None:
    files = {
        "Exp.md": '---\ntype: experiment\nprimary: "[[M/Rate|ret]]"\n---\n- [ ] a\n- #metric [[Rate|ret]] 41%\n',
        "S.md": "| Strategy | Key Metrics |\n|--|--|\n| [[Exp\\|the test]] | [[M/Rate\\|ret]]; NPS |\n",
        "M/Rate.md": "---\ntype: metric\n---\n",
    }
    pages = {page.path: page for page in vault(tmp_path, files).catalog.pages()}
    (strategy,) = pages["S.md"].strategies
    assert strategy.name.text == "Exp"
    assert [metric.text for metric in strategy.key_metrics] == ["M/Rate", "NPS"]
    assert [sighting.metric for sighting in pages["Exp.md"].sightings if sighting.kind == "line"] == ["Rate"]


def test_a_mapping_in_front_matter_names_no_page(tmp_path: Path) -> None:
    front = '---\nby:\n  ana: "[[Ana]]"\nteam:\n  - name: Ben, "x"\n  - "[[Cem]]"\nr: R&#x27;D\n---\n- x\n'
    session = vault(tmp_path, {"A.md": front})
    edges = {target for _, target in build_session_graph(session).edges()}
    assert {name for name in edges if "ana" in name or "ben" in name or "x27" in name} == set()
    assert any("cem" in name for name in edges)


@needs_shared
@pytest.mark.parametrize(
    ("corpus", "dialect"),
    [
        ("obsidian-tasks-vault", None),
        ("obsidian-tracker", None),
        ("airline-strategy", None),
        ("strategy-handbook", None),
        ("experiment-reports", None),
        ("queries-and-scripts", None),
        ("flancian-garden", Dialect.OBSIDIAN),
        ("soul-zh", Dialect.MIRROR),
    ],
)
def test_real_vaults_keep_every_byte(corpus: str, dialect: Dialect | None) -> None:
    root = SHARED / "corpora" / corpus
    session = load(root, as_of=DAY, dialect=dialect)
    for facts in session.catalog.pages():
        opened = session.open_page(facts)
        assert opened is not None
        outline = opened.outline
        text = "".join(outline.text[block.start : block.end] for block in outline.blocks)
        assert text.encode("utf-8", "surrogateescape") == (root / facts.path).read_bytes()
    assert report_tasks(session, TaskFilters(everything=True)).tasks or sum(1 for _ in session.catalog.pages())
