from __future__ import annotations

import datetime as dt
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from growth import assert_linear
from shared_material import CORPORA, ROOT, needs_shared

from graphkit.app.load import load
from graphkit.app.reading.graph import build_session_graph
from graphkit.insight.graph.graph_kinds import EDGE_KINDS, NAMED_KINDS, NODE_KINDS, RANKED_KINDS

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit.insight.graph.vault_graph import VaultGraph

DAY = dt.date(2026, 3, 2)
Node = tuple[str, str, str | None, int | None]
Edge = tuple[str, str, str, str, int]


def graph_of(root: Path, files: dict[str, str]) -> VaultGraph:
    (root / "logseq").mkdir(parents=True)
    for path, text in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(dedent(text).lstrip("\n"), encoding="utf-8", newline="\n")
    return build_session_graph(load(root, as_of=DAY))


def nodes_of(graph: VaultGraph) -> dict[str, Node]:
    return {node: (data["kind"], data["title"], data["path"], data["line"]) for node, data in graph.nodes(data=True)}


def edges_of(graph: VaultGraph) -> list[Edge]:
    return sorted(
        (source, data["kind"], target, data["path"], data["line"]) for source, target, data in graph.edges(data=True)
    )


def test_an_experiment_with_its_sections_tasks_and_goals(tmp_path: Path) -> None:
    graph = graph_of(
        tmp_path,
        {
            "pages/Trial.md": """
                page-type:: experiment
                owner:: [[Ana]]

                - ### Goal
                \t- #goal [[Growth]]
                - ### Related
                \t- [[Elsewhere]]
                - ### Work
                \t- TODO Do it
                \t\t- DONE First half
                \t\t  id:: 11111111-2222-3333-4444-555555555555
                \t- WAITING Ask
                \t  blocked-by:: [[Other]], ((11111111-2222-3333-4444-555555555555))
                \t  owner:: Ben
                """,
            "pages/Growth.md": "- a goal\n",
            "pages/Other.md": "- TODO something\n",
        },
    )
    trial = "pages/Trial.md"
    done = "task:11111111-2222-3333-4444-555555555555"
    assert nodes_of(graph) == {
        "experiment:trial": ("experiment", "Trial", trial, 1),
        "goal:growth": ("goal", "Growth", "pages/Growth.md", 1),
        "page:other": ("page", "Other", "pages/Other.md", 1),
        "page:ana": ("page", "Ana", None, None),
        "page:ben": ("page", "Ben", None, None),
        "page:elsewhere": ("page", "Elsewhere", None, None),
        "tag:goal": ("tag", "goal", None, None),
        "section:trial#goal": ("section", "Goal", trial, 4),
        "section:trial#related": ("section", "Related", trial, 6),
        "section:trial#work": ("section", "Work", trial, 8),
        "task:pages/Trial.md:9": ("task", "Do it", trial, 9),
        done: ("task", "First half", trial, 10),
        "task:pages/Trial.md:12": ("task", "Ask", trial, 12),
        "task:pages/Other.md:1": ("task", "something", "pages/Other.md", 1),
    }
    assert edges_of(graph) == sorted(
        [
            ("experiment:trial", "has_goal", "goal:growth", trial, 5),
            ("experiment:trial", "links", "goal:growth", trial, 5),
            ("experiment:trial", "links", "tag:goal", trial, 5),
            ("experiment:trial", "links", "page:elsewhere", trial, 7),
            ("experiment:trial", "related_to", "page:elsewhere", trial, 7),
            ("experiment:trial", "links", "page:ana", trial, 2),
            ("experiment:trial", "owned_by", "page:ana", trial, 2),
            ("experiment:trial", "links", "page:other", trial, 13),
            ("experiment:trial", "block_ref", done, trial, 13),
            ("experiment:trial", "has_task", "task:pages/Trial.md:9", trial, 9),
            ("experiment:trial", "has_task", "task:pages/Trial.md:12", trial, 12),
            ("section:trial#work", "has_task", "task:pages/Trial.md:9", trial, 9),
            ("section:trial#work", "has_task", "task:pages/Trial.md:12", trial, 12),
            ("section:trial#goal", "recorded_in", "experiment:trial", trial, 4),
            ("section:trial#related", "recorded_in", "experiment:trial", trial, 6),
            ("section:trial#work", "recorded_in", "experiment:trial", trial, 8),
            (done, "subtask_of", "task:pages/Trial.md:9", trial, 10),
            ("task:pages/Trial.md:12", "blocked_by", "page:other", trial, 12),
            ("task:pages/Trial.md:12", "blocked_by", done, trial, 12),
            ("task:pages/Trial.md:12", "owned_by", "page:ben", trial, 12),
            ("page:other", "has_task", "task:pages/Other.md:1", "pages/Other.md", 1),
        ]
    )
    assert graph.nodes[done] == {
        "kind": "task", "title": "First half", "path": trial, "line": 10, "marker": "DONE", "status": "done",
    }  # fmt: skip


def test_names_without_a_file_and_what_makes_their_kind(tmp_path: Path) -> None:
    graph = graph_of(
        tmp_path,
        {
            "pages/A.md": """
                alias:: The first, a
                tags:: blue, green
                goal:: [[Calm]]

                - #red and #blue and [[green]]
                - on [[2026-03-04]] and [[Mar 4th, 2026]], and [[the first]] itself
                - {{embed [[red]]}} and {{embed ((11111111-2222-3333-4444-555555555555))}}
                """,
            "journals/2026_03_02.md": "- [[a]]\n",
        },
    )
    assert nodes_of(graph) == {
        "page:a": ("page", "A", "pages/A.md", 1),
        "page:the first": ("page", "The first", None, None),
        "tag:blue": ("tag", "blue", None, None),
        "page:green": ("page", "green", None, None),
        "page:red": ("page", "red", None, None),
        "goal:calm": ("goal", "Calm", None, None),
        "journal:mar 2nd, 2026": ("journal", "Mar 2nd, 2026", "journals/2026_03_02.md", 1),
        "journal:mar 4th, 2026": ("journal", "Mar 4th, 2026", None, None),
    }
    assert edges_of(graph) == sorted(
        [
            ("page:the first", "alias_of", "page:a", "pages/A.md", 1),
            ("page:a", "tagged", "tag:blue", "pages/A.md", 2),
            ("page:a", "tagged", "page:green", "pages/A.md", 2),
            ("page:a", "has_goal", "goal:calm", "pages/A.md", 3),
            ("page:a", "links", "goal:calm", "pages/A.md", 3),
            ("page:a", "links", "page:red", "pages/A.md", 5),
            ("page:a", "links", "tag:blue", "pages/A.md", 5),
            ("page:a", "links", "page:green", "pages/A.md", 5),
            ("page:a", "links", "journal:mar 4th, 2026", "pages/A.md", 6),
            ("page:a", "links", "journal:mar 4th, 2026", "pages/A.md", 6),
            ("page:a", "links", "page:a", "pages/A.md", 6),
            ("page:a", "embeds", "page:red", "pages/A.md", 7),
            ("journal:mar 2nd, 2026", "links", "page:a", "journals/2026_03_02.md", 1),
        ]
    )


def test_namespaces_with_and_without_files(tmp_path: Path) -> None:
    graph = graph_of(
        tmp_path,
        {
            "logseq/config.edn": "{:file/name-format :triple-lowbar}",
            "pages/Lab.md": "- #one/two\n- [[Lab/x/y]] [[Lab/x/z]]\n",
            "pages/Lab___x___y.md": "- here\n",
        },
    )
    assert [edge[:3] for edge in edges_of(graph) if edge[1] == "in_namespace"] == [
        ("page:lab/x", "in_namespace", "page:lab"),
        ("page:lab/x/y", "in_namespace", "page:lab/x"),
        ("page:lab/x/z", "in_namespace", "page:lab/x"),
        ("tag:one/two", "in_namespace", "tag:one"),
    ]


def test_an_id_belongs_to_the_first_block_that_has_it(tmp_path: Path) -> None:
    identity = "11111111-2222-3333-4444-555555555555"
    graph = graph_of(
        tmp_path, {"pages/A.md": f"- TODO a\n  id:: {identity}\n- TODO b\n  id:: {identity}\n- (({identity}))\n"}
    )
    assert edges_of(graph) == [
        ("page:a", "block_ref", f"task:{identity}", "pages/A.md", 5),
        ("page:a", "has_task", f"task:{identity}", "pages/A.md", 1),
        ("page:a", "has_task", "task:pages/A.md:3", "pages/A.md", 3),
    ]


def test_a_goal_named_by_its_alias_is_one_node(tmp_path: Path) -> None:
    graph = graph_of(
        tmp_path, {"pages/Retention.md": "alias:: Keep\n", "pages/B.md": "page-type:: experiment\ngoal:: [[Keep]]\n"}
    )
    assert {node for node, kind in nodes_of(graph).items() if kind[0] == "goal"} == {"goal:retention"}


def test_a_reference_is_one_edge_however_it_is_written(tmp_path: Path) -> None:
    graph = graph_of(tmp_path, {"pages/A.md": "- #[[B c]] #x\n- [[B c]] [[B c]]\n"})
    links = [(edge[2], edge[4]) for edge in edges_of(graph) if edge[1] == "links"]
    assert links == [("page:b c", 1), ("page:b c", 2), ("page:b c", 2), ("tag:x", 1)]


def test_generated_content_is_not_input(tmp_path: Path) -> None:
    graph = graph_of(
        tmp_path,
        {
            "pages/A.md": "- Status\n  graphkit:: status\n\t- [[Made]] #made\n- [[Written]]\n",
            "pages/Rollup.md": "graphkit:: tasks\n\n- [[Made too]]\n",
        },
    )
    assert [edge[:3] for edge in edges_of(graph)] == [("page:a", "links", "page:written")]


def test_sections_of_one_name_are_two_nodes(tmp_path: Path) -> None:
    graph = graph_of(
        tmp_path, {"pages/A.md": "page-type:: experiment\n\n- ## Work\n\t- TODO a\n- ## Work\n\t- TODO b\n"}
    )
    assert [edge[:3] for edge in edges_of(graph) if edge[0].startswith("section:") and edge[1] == "has_task"] == [
        ("section:a#work", "has_task", "task:pages/A.md:4"),
        ("section:a#work:5", "has_task", "task:pages/A.md:6"),
    ]


def check_shape(graph: VaultGraph) -> None:
    """What holds for the graph of any vault."""
    for node, data in graph.nodes(data=True):
        assert node.split(":", 1)[0] == data["kind"]
        assert data["kind"] in NODE_KINDS
        assert isinstance(data["title"], str)
        assert (data["path"] is None) == (data["line"] is None)
    for _, _, data in graph.edges(data=True):
        assert data.keys() - {"how"} == {"kind", "path", "line"}
        assert ("how" in data) == (data["kind"] in {"measures", "tests"})
        assert data["kind"] in EDGE_KINDS
        assert data["line"] >= 1


def test_the_sample_vault() -> None:
    vault = load(ROOT / "sample_graph", as_of=DAY)
    graph = build_session_graph(vault)
    check_shape(graph)
    experiments = {node for node, data in graph.nodes(data=True) if data["kind"] == "experiment"}
    assert experiments == {f"experiment:{page.name}" for page in vault.catalog.of_type(vault.reading.experiment_types)}
    files = {data["path"] for node, data in graph.nodes(data=True) if data["kind"] in NAMED_KINDS}
    assert files - {None} == {page.path for page in vault.catalog.pages()}
    tasks = sum(len(page.tasks) for page in vault.catalog.pages())
    assert sum(data["kind"] == "task" for _, data in graph.nodes(data=True)) == tasks


@needs_shared
@pytest.mark.parametrize(
    "name", ["airline-strategy", "experiment-reports", "lablog", "logseq-docs", "obsidian-tasks-vault", "zettel"]
)
def test_real_vaults(name: str) -> None:
    graph = build_session_graph(load(CORPORA / name, as_of=DAY))
    check_shape(graph)
    assert graph.number_of_nodes() > 10


def test_the_kinds_are_those_of_the_design() -> None:
    assert set(NAMED_KINDS) < set(RANKED_KINDS) < set(NODE_KINDS)
    assert len(set(EDGE_KINDS)) == len(EDGE_KINDS) == 16


def test_many_sections_and_tasks_take_linear_time(tmp_path: Path) -> None:
    def make(count: int) -> dict[str, str]:
        text = "page-type:: experiment\n\n" + "- ## Work\n\t- TODO x [[y]]\n" * count
        return {"pages/A.md": text, "pages/B.md": "- [[" + "a/" * (count * 3 // 4) + "z]]\n"}

    folders = (tmp_path / str(number) for number in range(10))
    assert_linear(make, lambda pages: graph_of(next(folders), pages), 4000)
    graph = graph_of(next(folders), make(4000))
    assert graph.number_of_edges() == 4000 * 4 + 1 + 100
