from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from typing import TYPE_CHECKING

import networkx as nx
import pytest
from shared_material import ROOT, SEEDS, needs_shared

import graphkit
from graphkit import Goal, Vault, load

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit import Diagnostic, ExperimentStatus, Page, Progress, Task

DAY = dt.date(2026, 3, 2)


@pytest.fixture(scope="module")
def vault() -> Vault:
    return load(ROOT / "sample_graph", as_of=DAY)


def test_the_values_have_the_types_that_the_package_names(vault: Vault) -> None:
    page: Page = vault.pages[0]
    task: Task = vault.tasks[0]
    experiment: ExperimentStatus = vault.experiments[0]
    progress: Progress = experiment.progress
    found: Diagnostic = vault.diagnostics[0]
    assert {type(value).__module__.split(".")[0] for value in (page, task, experiment, progress, found)} == {"graphkit"}


def test_a_vault_has_pages_experiments_and_tasks(vault: Vault) -> None:
    assert repr(vault) == "<Vault sample_graph: 105 pages, 19 experiments>"
    assert (vault.name, vault.path, vault.as_of) == ("sample_graph", ROOT / "sample_graph", DAY)
    assert {page.path for page in vault.pages} == {
        path.relative_to(vault.path).as_posix()
        for folder in ("pages", "journals")
        for path in (vault.path / folder).glob("*.md")
    }
    assert {experiment.path for experiment in vault.experiments} <= {page.path for page in vault.pages}
    assert len(vault.tasks) == sum(len(page.tasks) for page in vault.pages)


def test_a_page_is_found_by_title_alias_and_day(vault: Vault) -> None:
    ana = vault.page("ANA")
    assert ana is not None
    assert ana.path == "pages/Ana.md"
    assert vault.page("Ana Ferreira") is ana
    day = vault.page("2026-03-02")
    assert day is not None
    assert day.journal_day == DAY
    assert vault.page("No such page") is None


def test_an_experiment_is_found_by_the_beginning_of_its_name(vault: Vault) -> None:
    found: ExperimentStatus = vault.experiment("refill")
    assert (found.title, found.progress.done, found.progress.total) == ("Refill subscription", 5, 8)
    with pytest.raises(graphkit.RequestError, match="names no experiment") as raised:
        vault.experiment("Refill subscriptoin")
    assert raised.value.hint == "did you mean “Refill subscription”?"


def test_goals_come_with_their_experiments(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    pages = {
        "Keep customers": "alias:: Retention\n",
        "Lonely": "page-type:: [[goal]]\n",
        "A": "page-type:: experiment\ngoal:: [[retention]]\n",
        "B": "page-type:: experiment\n\n- #goal [[Keep Customers]] and [[No page]]\n",
        "Plain": "- #goal [[From a page]]\n",
    }
    for title, text in pages.items():
        (tmp_path / "pages" / f"{title}.md").write_text(text, encoding="utf-8")
    assert load(str(tmp_path), as_of=DAY).goals == (
        Goal(title="From a page", path=None, experiments=()),
        Goal(title="Keep customers", path="pages/Keep customers.md", experiments=("A", "B")),
        Goal(title="Lonely", path="pages/Lonely.md", experiments=()),
        Goal(title="No page", path=None, experiments=("B",)),
    )


def test_the_graph_is_networkx(vault: Vault) -> None:
    assert isinstance(vault.graph, nx.MultiDiGraph)
    assert vault.graph is vault.graph
    assert vault.graph.nodes["experiment:care streaks"]["path"] == "pages/Care streaks.md"


def test_diagnostics_are_those_of_check(vault: Vault) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "graphkit.cli.main", "-g", "sample_graph", "--as-of", "2026-03-02", "check", "--json"],
        cwd=ROOT, capture_output=True, check=False,
    )  # fmt: skip
    findings = json.loads(done.stdout)["findings"]
    assert [(found.path, found.line, found.code) for found in vault.diagnostics] == [
        (found["path"], found["line"], found["code"]) for found in findings
    ]
    assert findings


def test_a_folder_that_is_none_is_a_request_error(tmp_path: Path) -> None:
    with pytest.raises(graphkit.RequestError, match="there is no folder"):
        load(tmp_path / "nowhere")
    (tmp_path / "graphkit.toml").write_text("chekboxes = true\n", encoding="utf-8")
    with pytest.raises(graphkit.RequestError, match="unknown key"):
        load(tmp_path)


def test_today_is_the_default(tmp_path: Path) -> None:
    assert abs(load(tmp_path).as_of - dt.datetime.now(tz=dt.UTC).date()) <= dt.timedelta(days=1)


def test_importing_graphkit_loads_its_version_alone() -> None:
    script = "import sys, graphkit; print([name for name in sys.modules if name.startswith('graphkit.')])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "['graphkit.version']\n"


def test_loading_a_vault_loads_no_graph_library() -> None:
    script = (
        "import sys, graphkit; graphkit.load('sample_graph').experiments\n"
        "print({'networkx', 'click', 'rich', 'jinja2'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "set()\n"


def test_every_public_name_can_be_had() -> None:
    assert set(graphkit.__all__) <= set(dir(graphkit))
    for name in graphkit.__all__:
        assert getattr(graphkit, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'lode'"):
        getattr(graphkit, "lode")  # noqa: B009 - type checkers see that it is not there


@needs_shared
def test_the_seed_documents(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    for seed in SEEDS.iterdir():
        (tmp_path / "pages" / f"{seed.stem}.md").write_bytes(seed.read_bytes())
    experiments = load(tmp_path, as_of=DAY).experiments
    found = [(len(each.goals), each.progress.done, each.progress.total, each.word) for each in experiments]
    assert found == [(2, 0, 8, "not started")]
