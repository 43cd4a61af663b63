"""The comparison with other tools: what is counted, what is skipped and why, and what the table says of it."""

from __future__ import annotations

import sys
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from benchmarks import peers_vaults
from benchmarks.generate import write_vault
from benchmarks.peers import PAGE, report
from benchmarks.peers_drivers import graphkit_load, logseq_markdown_parser, logseq_python, matryca, obsidian, read_bytes
from benchmarks.peers_drivers.counts import Counts, page_files
from benchmarks.peers_goals import Goal, exponent, goals
from benchmarks.peers_install import Place, python_package, reason_of, suited_python
from benchmarks.peers_measure import Measuring
from benchmarks.peers_run import Outcome, median, run
from benchmarks.peers_table import (
    Figure,
    Group,
    Tally,
    as_columns,
    as_markdown,
    notes,
    ratio,
    read_tally,
    replace_region,
    rows,
)
from benchmarks.peers_tools import BASELINE, TOOLS, Ready, Tool, choose, make_ready
from benchmarks.peers_vaults import Missing, Vault, generated, real

if TYPE_CHECKING:
    from pathlib import Path

NO_COUNTS = '{"pages": 3, "blocks": null, "tasks": null, "links": null, "failed": 0, "error": ""}'


def figure(tool: str, cpu_s: float | None, **more: object) -> Figure:
    return replace(Figure(tool=tool, title=tool.title(), cpu_s=cpu_s), **more)  # type: ignore[arg-type] # fields by name


def group(*figures: Figure, pages: int = 1000, kind: str = "mixed", size: int = 1_000_000) -> Group:
    return Group(kind=kind, title=f"{kind}, {pages:,} pages", pages=pages, size=size, figures=figures)


# --- counting


def test_pages_are_the_markdown_files_outside_hidden_folders_and_logseqs_own(tmp_path: Path) -> None:
    for name in ("pages/a.md", "b.md", "pages/logseq/c.md", "logseq/bak/d.md", ".git/e.md", "pages/f.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    found = [path.relative_to(tmp_path).as_posix() for path in page_files(str(tmp_path))]
    assert found == ["b.md", "pages/a.md", "pages/logseq/c.md"]


def test_graphkit_counts_what_the_generator_wrote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    summary = write_vault(tmp_path, pages=40, kind="experiments")
    counts = Counts()
    monkeypatch.setattr(sys, "argv", ["driver", str(tmp_path)])
    graphkit_load.count(str(tmp_path), counts)
    with_properties = summary.blocks + 40
    assert (counts.pages, counts.blocks, counts.links) == (40, with_properties, None)
    assert counts.tasks is not None
    assert counts.tasks.total() == summary.tasks
    monkeypatch.setattr(sys, "argv", ["driver", str(tmp_path), "links"])
    graphkit_load.count(str(tmp_path), counts)
    assert counts.links is not None
    assert counts.links > 40 * 12


def test_reading_counts_files(tmp_path: Path) -> None:
    write_vault(tmp_path, pages=20)
    counts = Counts()
    read_bytes.count(str(tmp_path), counts)
    assert counts.document() == Counts().document() | {"pages": 20}


def test_a_page_that_the_parser_refuses_is_counted_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.md").write_text(name, encoding="utf-8")

    def parse_file(path: str) -> SimpleNamespace:
        if path.endswith("b.md"):
            raise AssertionError("what stands in the page")
        return SimpleNamespace(blocks=[SimpleNamespace(TODO_state=state) for state in ("TODO", None, "DONE")])

    monkeypatch.setitem(sys.modules, "LogseqMarkdownParser", SimpleNamespace(parse_file=parse_file))
    counts = Counts()
    logseq_markdown_parser.count(str(tmp_path), counts)
    assert counts.document() == {
        "pages": 2,
        "blocks": 6,
        "tasks": {"TODO": 2, "DONE": 2},
        "links": None,
        "failed": 1,
        "error": "AssertionError",
    }


def test_a_warning_of_the_client_is_a_page_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    task = SimpleNamespace(task_state=SimpleNamespace(value="NOW"), get_links=lambda: {"a", "b"}, tags={"c"})
    plain = SimpleNamespace(task_state=None, get_links=set, tags=set())

    def load_graph() -> SimpleNamespace:
        sys.stdout.write("Warning: Could not parse pages/x.md: some text\n")
        return SimpleNamespace(pages={"p": SimpleNamespace(blocks=[task, plain]), "q": SimpleNamespace(blocks=[plain])})

    client = SimpleNamespace(LogseqClient=lambda _root: SimpleNamespace(load_graph=load_graph))
    monkeypatch.setitem(sys.modules, "logseq_py.logseq_client", client)
    counts = Counts()
    logseq_python.count("vault", counts)
    assert counts.document() == {
        "pages": 2,
        "blocks": 3,
        "tasks": {"NOW": 1},
        "links": 3,
        "failed": 1,
        "error": "a warning",
    }


def test_nodes_below_nodes_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    def node(status: str | None, *children: SimpleNamespace) -> SimpleNamespace:
        return SimpleNamespace(task_status=status, wikilinks=["a"], tags=["b", "c"], children=list(children))

    page = SimpleNamespace(root_nodes=[node("TODO", node(None, node("DONE"))), node("TODO")])
    loaded = SimpleNamespace(iter_canonical_pages=lambda: iter([page]))
    package = SimpleNamespace(LogseqGraph=SimpleNamespace(load_directory=lambda _root: loaded))
    monkeypatch.setitem(sys.modules, "logseq_matryca_parser", package)
    counts = Counts()
    matryca.count("vault", counts)
    assert (counts.pages, counts.blocks, counts.tasks, counts.links) == (1, 4, {"TODO": 2, "DONE": 1}, 12)


def test_an_obsidian_vault_has_links_and_no_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    vault = SimpleNamespace(
        md_file_index={"a": 1, "b": 2}, wikilinks_index={"a": ["b", "b"], "b": []}, tags_index={"a": [], "b": ["x"]}
    )
    api = SimpleNamespace(Vault=lambda _root: SimpleNamespace(connect=lambda: vault))
    monkeypatch.setitem(sys.modules, "obsidiantools.api", api)
    counts = Counts()
    obsidian.count("vault", counts)
    assert (counts.pages, counts.blocks, counts.tasks, counts.links) == (2, None, None, 3)


def test_a_tally_is_the_last_line_with_the_most_frequent_marker_first() -> None:
    output = (
        'noise\n{"pages": 2, "blocks": 5, "tasks": {"DONE": 1, "TODO": 3, "CANCELED": 1}, '
        '"links": null, "failed": 1, "error": "E"}\n'
    )
    tally = read_tally(output)
    assert tally == Tally(pages=2, blocks=5, tasks={"TODO": 3, "CANCELED": 1, "DONE": 1}, failed=1, error="E")
    assert list(tally.tasks or ()) == ["TODO", "CANCELED", "DONE"]
    assert Tally.of_markers(["NOW", "TODO", "TODO"]) == Tally(tasks={"TODO": 2, "NOW": 1})


# --- what is skipped


def test_unknown_tools_are_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="no such tool: nonsense; there are status, warm,"):
        choose("git,nonsense")


def test_the_baseline_is_always_measured_and_the_order_is_the_tables() -> None:
    assert [tool.name for tool in choose("git, mldoc")] == [BASELINE, "mldoc", "git"]
    assert choose(None) == list(TOOLS)


def test_a_tool_that_cannot_be_had_is_skipped_by_name_with_the_reason(tmp_path: Path) -> None:
    def missing(_place: Place) -> Ready:
        raise Missing("npm is not on the path")

    here = Ready(version="1", command=lambda _vault: [])
    tools = [Tool(name="a", title="A", ready=missing), Tool(name="b", title="B", ready=lambda _place: here)]
    assert make_ready(tools, Place(work=tmp_path, install=True)) == ({"b": here}, {"a": "npm is not on the path"})


def test_nothing_is_installed_where_that_is_not_wanted(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="not installed, and --no-install"):
        python_package(Place(work=tmp_path, install=False), "logseq-python", (3, 11))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("found", "chosen"),
    [
        ([("own", (3, 13)), ("other", (3, 12))], "own"),
        ([("own", (3, 11)), ("new", (3, 13)), ("old", (3, 10)), ("just", (3, 12))], "just"),
        ([("own", (3, 11))], None),
        ([], None),
    ],
)
def test_a_python_that_is_new_enough_is_found(found: list[tuple[str, tuple[int, int]]], chosen: str | None) -> None:
    assert suited_python(found, (3, 12)) == chosen


def test_an_installers_complaint_is_told_without_addresses() -> None:
    said = "WARNING: slow\nERROR: no matching distribution at https://example.org/simple for x\nhint: see above\n"
    assert reason_of(said) == "ERROR: no matching distribution at … for x"
    assert reason_of(" \n") == "the installer failed without a word"


def test_a_real_graph_is_copied_without_what_logseq_keeps_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peers_vaults, "QUIET_S", 0)
    for name in ("pages/a.md", "logseq/bak/a.md", "logseq/config.edn", ".hidden/b.md"):
        (tmp_path / "corpora" / "garden" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "corpora" / "garden" / name).write_text("text", encoding="utf-8")
    vault = real(tmp_path / "work", tmp_path / "corpora", "garden")
    files = sorted(path.relative_to(vault.root).as_posix() for path in vault.root.rglob("*") if path.is_file())
    assert files == ["logseq/config.edn", "pages/a.md"]
    assert (vault.kind, vault.title, vault.pages, vault.size) == ("real", "garden", 1, 4)
    with pytest.raises(Missing, match="no folder nowhere among the corpora"):
        real(tmp_path / "work", tmp_path / "corpora", "nowhere")


def test_a_generated_vault_is_written_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers_vaults, "QUIET_S", 0)
    vault = generated(tmp_path, "mixed", 5)
    assert (vault.title, vault.pages, vault.size > 0) == ("mixed, 5 pages", 5, True)
    (vault.root / "pages" / "kept.md").touch()
    assert generated(tmp_path, "mixed", 5).pages == 6


# --- running


def test_what_a_process_prints_and_how_it_fails() -> None:
    good = run([sys.executable, "-c", "print('said')"], limit_s=30)
    assert (good.output, good.error, good.over, good.runs) == ("said\n", "", False, 1)
    assert 0 < good.cpu_s < 30
    assert good.peak_mb > 1
    bad = run([sys.executable, "-c", "raise KeyError('x')"], limit_s=30)
    assert bad.error == "KeyError: 'x'"
    assert "no-such-program" in run(["no-such-program"], limit_s=30).error


def test_a_tool_is_stopped_at_the_limit_and_left_out_of_larger_vaults(tmp_path: Path) -> None:
    def python(code: str) -> Ready:
        return Ready(version="", command=lambda _vault: [sys.executable, "-c", code])

    measuring = Measuring(
        tools=[
            ("quick", "Quick", python(f"print({NO_COUNTS!r})")),
            ("slow", "Slow", python("while True: pass")),
            ("broken", "Broken", python("raise ValueError('text of a page')")),
            ("strange", "Strange", python("print('hello')")),
        ],
        rounds=2,
        limit_s=1,
    )
    vault = Vault(kind="mixed", title="mixed, 3 pages", root=tmp_path, git_dir=tmp_path, pages=3, size=9)
    quick, slow, broken, strange = measuring.group(vault).figures
    assert (quick.runs, quick.over, quick.tally, quick.note) == (2, False, Tally(pages=3), "")
    assert (slow.runs, slow.over, slow.tally) == (1, True, None)
    assert (broken.cpu_s, broken.note) == (None, "failed (ValueError)")
    assert (strange.cpu_s, strange.note) == (None, "printed something else than its counts")
    larger = measuring.group(replace(vault, title="mixed, 9 pages"))
    assert larger.figures[1].note == "not run, as it was stopped at mixed, 3 pages"


def test_what_must_be_prepared_and_cannot_is_a_note(tmp_path: Path) -> None:
    def refuse(_vault: Vault) -> None:
        raise Missing("fatal: no space")

    ready = Ready(version="", command=lambda _vault: [], prepare=refuse)
    vault = Vault(kind="real", title="garden", root=tmp_path, git_dir=tmp_path, pages=3, size=9)
    found = Measuring(tools=[("git", "git", ready)], rounds=1, limit_s=1).group(vault)
    assert found.figures == [Figure(tool="git", title="git", note="fatal: no space")]


def test_several_runs_become_their_medians() -> None:
    runs = [Outcome(cpu_s=s, wall_s=10 * s, peak_mb=100 * s, output=str(s)) for s in (3, 1, 8)]
    assert median(runs) == Outcome(cpu_s=3, wall_s=30, peak_mb=300, output="8", runs=3)


# --- the table

TABLE = group(
    figure("status", 0.5, wall_s=0.6, peak_mb=30.4, runs=3, tally=Tally(pages=1000)),
    figure("fast", 0.002, wall_s=0.02, peak_mb=20, peak_hidden=True, runs=3, tally=Tally.of_markers(["TODO"] * 7)),
    figure("slow", 60.2, wall_s=71, peak_mb=1234, runs=1, over=True),
    figure("lazy", 0.2, wall_s=1, peak_mb=50, runs=3, tally=Tally(pages=100, blocks=2000, tasks={"TODO": 7}, links=0)),
    figure("gone", None, note="not run, as it was stopped at something"),
    figure("other", 10.04, wall_s=11, peak_mb=9, runs=2, tally=Tally(pages=950, tasks={}, failed=50, error="OSError")),
)


def test_every_cell_of_a_table() -> None:
    assert rows(TABLE, "status") == [
        ("Status", "0.50", "1.0", "0.60", "30", "3", "1,000", "–", "–", "–"),
        ("Fast", "0.002", "< 0.01", "0.020", "≤ 20", "3", "–", "–", "7", "–"),
        ("Slow", "> 60", "> 120", "71.0", "1,234", "1", "–", "–", "–", "–"),
        ("Lazy", "0.20", "–", "1.00", "50", "3", "100", "2,000", "7", "0"),
        ("Gone", "–", "–", "–", "–", "–", "–", "–", "–", "–"),
        ("Other", "10.0", "20.1", "11.0", "9", "2", "950", "–", "0", "–"),
    ]


def test_notes_say_what_is_missing_and_who_counts_otherwise() -> None:
    assert notes(TABLE) == [
        "Lazy read 100 of 1,000 files: no ratio.",
        "Gone: not run, as it was stopped at something.",
        "Other failed on 50 pages, first with “OSError”.",
        "Tasks by marker: TODO 7 (Fast; Lazy).",
        "Tasks by marker: none (Other).",
    ]


def test_there_is_no_ratio_without_both_times() -> None:
    assert str(ratio(group(figure("status", 2), figure("x", 9)), "x", "status")) == "4.5"
    assert ratio(group(figure("status", None), figure("x", 9)), "x", "status") is None
    assert ratio(group(figure("status", 2, over=True), figure("x", 9)), "x", "status") is None
    assert ratio(group(figure("status", 2)), "x", "status") is None


def test_columns_and_markdown_hold_the_same_cells() -> None:
    cells = [("`a`", "1"), ("b|c", "22")]
    assert as_columns(("tool", "s"), cells) == "tool   s\na      1\nb|c   22"
    assert as_markdown(("tool", "s"), cells) == "| tool | s |\n| --- | ---: |\n| `a` | 1 |\n| b\\|c | 22 |"


# --- goals


def test_growth_in_proportion_is_an_exponent_of_one() -> None:
    small, large = group(figure("status", 1.5), pages=100), group(figure("status", 10.5), pages=1000)
    assert exponent(small, large, "status", 0.5) == pytest.approx(1)
    assert exponent(large, small, "status", 0.5) is None
    assert exponent(small, group(figure("status", 60, over=True), pages=1000), "status", 0.5) is None
    assert exponent(small, large, "warm", 0.5) is None


def test_goals_against_other_tools() -> None:
    tools = (figure("LogseqMarkdownParser", 7.9), figure("logseq-python", 30, over=True), figure("mldoc", 41))
    found = goals([group(figure("status", 2), *tools, pages=10_000), group(*tools)], "status", 0.1)
    cold = "mixed, 10,000 pages: cold at least"
    assert found == [
        Goal(wanted=f"{cold} 4 × faster than LogseqMarkdownParser", measured="3.95 ×", met=False),
        Goal(wanted=f"{cold} 15 × faster than logseq-python", measured="> 15.00 ×", met=True),
        Goal(wanted=f"{cold} 20 × faster than mldoc", measured="20.50 ×", met=True),
    ]


def test_a_tool_stopped_below_the_goal_leaves_it_open() -> None:
    found = goals([group(figure("status", 2), figure("mldoc", 30, over=True), pages=10_000)], "status", 0)
    assert [(goal.measured, goal.met) for goal in found] == [("> 15.00 ×", None)]


def test_goals_of_a_large_vault() -> None:
    small = group(figure("status", 2.1), pages=10_000)
    large = group(figure("status", 20.1, peak_mb=900), figure("warm", 1.6), pages=100_000, size=100_000_000)
    assert [
        (goal.wanted.partition(": ")[2], goal.measured, goal.met) for goal in goals([small, large], "status", 0.1)
    ] == [
        ("exponent ≤ 1.1", "1.00", True),
        ("cold peak ≤ 60 MB + 8 bytes a byte of text = 860 MB", "900 MB", False),
        ("`status`, nothing changed, < 1.5 s of CPU", "1.60 s", False),
    ]


# --- the page


def test_a_region_is_replaced_and_the_rest_stays() -> None:
    page = "# A\n<!-- x: begin -->\nold\n<!-- x: end -->\nrest\n"
    assert replace_region(page, "x", "new\n") == "# A\n<!-- x: begin -->\n\nnew\n\n<!-- x: end -->\nrest\n"
    with pytest.raises(ValueError, match="no region y"):
        replace_region(page, "y", "new")


@pytest.mark.parametrize("region", ["usual", "large"])
def test_the_page_has_a_place_for_results(region: str) -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert "\n\nmeasured\n\n" in replace_region(text, region, "measured")


def test_the_report_holds_all_of_it() -> None:
    small = replace(TABLE, figures=[figure("status", 0.5)])
    said = report(["today"], [small, group(figure("status", 4.1), pages=10_000)], start_s=0.1, markdown=True)
    assert said.startswith(
        "- today\n\n### CPU seconds by vault\n\n| tool | mixed, 1,000 pages | mixed, 10,000 pages |\n"
    )
    assert "\n\n### mixed, 1,000 pages: 1,000 files, 1.0 MB\n\n| tool | CPU s |" in said
    assert "Goals" not in said
    assert said.endswith("from mixed, 1,000 pages, to 10,000: exponent 1.00 (0.10 s of start-up excluded).")


def test_every_row_of_the_table_is_explained_on_the_page() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [tool.title for tool in TOOLS if f"| {tool.title} |" not in text] == []
