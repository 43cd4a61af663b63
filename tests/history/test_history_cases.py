"""Single cases of histories: what is followed, what is undated, what is said where git knows less."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from git_repositories import ENVIRONMENT, Step, build, git
from shared_material import ROOT

from docs.sample_history import build_history
from graphkit.app.history.vault_history import read_history
from graphkit.app.load import load
from graphkit.app.reading.experiments import experiments_of
from graphkit.insight.history.hit_rates import with_start
from graphkit.insight.history.written_forecasts import last_monday, written_completions

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from graphkit.insight.history.leaves import Leaf
    from graphkit.insight.history.work_history import WorkHistory

CONFIG = {"logseq/config.edn": "{}\n"}
HEAD = "page-type:: [[experiment]]\n\n"
ID = "78e3a545-82fb-49b3-8bc1-cf8122ebd180"


def day(number: int) -> date:
    return date(2026, 1, 5) + timedelta(days=number)


def history(root: Path, *, today: date | None = None, path: str = "pages/A.md") -> WorkHistory:
    found = read_history(load(root, as_of=today or day(60)))
    assert found.source == "git", found.notes
    return found.histories[path]


def repository(root: Path, *texts: str | Mapping[str, str | None], first: Mapping[str, str] | None = None) -> Path:
    """A repository with a commit a day; a text is that of pages/A.md."""
    steps = [
        Step(day(number), {"pages/A.md": HEAD + text} if isinstance(text, str) else text)
        for number, text in enumerate(texts)
    ]
    steps[0] = Step(day(0), {**(CONFIG if first is None else first), **steps[0].files})
    return build(root, steps)


def leaf(found: WorkHistory, text: str) -> Leaf:
    (item,) = [item for item in found.leaves if item.text == text]
    return item


def test_what_a_page_begins_with_is_undated(tmp_path: Path) -> None:
    found = history(repository(tmp_path, "- DONE old\n- TODO new\n", "- DONE old\n- DONE new\n- DONE at once\n"))
    assert found.undated == 1
    assert found.completions(day(9)) == [day(1), day(1)]
    assert leaf(found, "at once").added == day(1)


def test_a_task_is_done_started_opened_again_and_taken_away(tmp_path: Path) -> None:
    found = history(
        repository(tmp_path, "- TODO a\n", "- DOING a\n", "- TODO a\n", "- DONE a\n", "- DOING a\n", "- DONE a\n", "")
    )
    item = leaf(found, "a")
    assert (item.started(), item.completed(), list(item.reopened())) == (day(1), day(5), [day(4)])
    assert item.cycle_days() == 5
    assert item.state == "gone"
    assert found.completions(day(4)) == []
    assert found.completions(day(3)) == [day(3)]


def test_a_text_that_changes_by_half_is_the_same_task_and_another_one_is_not(tmp_path: Path) -> None:
    found = history(
        repository(
            tmp_path, "- TODO write the first page\n- TODO ship\n", "- DONE write the first pages now\n- TODO rest\n"
        )
    )
    assert leaf(found, "write the first pages now").added is None
    assert leaf(found, "rest").added == day(1)
    assert leaf(found, "ship").state == "gone"


def test_an_id_is_followed_through_any_text(tmp_path: Path) -> None:
    found = history(repository(tmp_path, f"- TODO one\n  id:: {ID}\n", f"- DONE something else\n  id:: {ID}\n"))
    assert len(found.leaves) == 1
    assert found.completions(day(9)) == [day(1)]


def test_equal_texts_are_told_apart_by_what_is_above_them(tmp_path: Path) -> None:
    before = "- TODO x\n\t- TODO test\n- TODO y\n\t- DONE test\n"
    after = "- TODO y\n\t- DONE test\n- TODO x\n\t- DONE test\n"
    found = history(repository(tmp_path, before, after))
    assert found.completions(day(9)) == [day(1)]
    assert found.undated == 1
    assert len(found.leaves) == 2


def test_tasks_that_move_to_another_page_keep_their_past(tmp_path: Path) -> None:
    both = {
        "pages/A.md": HEAD + "- TODO [[B]]\n- TODO stay\n",
        "pages/B.md": "- TODO one\n- DONE two\n",
    }
    found = history(
        repository(tmp_path, "- TODO one\n- TODO two\n- TODO stay\n", "- TODO one\n- DONE two\n- TODO stay\n", both)
    )
    assert found.completions(day(9)) == [day(1)]
    assert leaf(found, "one").path == "pages/B.md"
    assert leaf(found, "one").added is None
    assert [point.leaves for point in found.points] == [3, 3]


def test_a_page_that_is_renamed_and_edited_keeps_its_past(tmp_path: Path) -> None:
    moved = {"pages/A.md": None, "pages/Z.md": HEAD + "- DONE one\n- DONE two\n- TODO three\n- TODO new\n"}
    root = repository(
        tmp_path, "- TODO one\n- TODO two\n- TODO three\n", "- TODO one\n- DONE two\n- TODO three\n", moved
    )
    found = history(root, path="pages/Z.md")
    assert found.start == day(0)
    assert found.completions(day(9)) == [day(1), day(2)]
    assert leaf(found, "new").added == day(2)


def test_a_block_that_a_leaf_refers_to_counts_from_the_day_it_is_there(tmp_path: Path) -> None:
    there = {"pages/B.md": f"- TODO parent\n  id:: {ID}\n\t- TODO one\n\t- TODO two\n"}
    gone: dict[str, str | None] = {"pages/B.md": None}
    found = history(repository(tmp_path, f"- TODO (({ID}))\n", dict(there), gone))
    assert [point.leaves for point in found.points] == [1, 2, 1]


def test_of_two_files_for_one_page_the_first_counts_until_it_is_gone(tmp_path: Path) -> None:
    first = {**CONFIG, "pages/0.md": "title:: B\n\n- TODO one\n- TODO two\n", "pages/B.md": "- TODO three\n"}
    found = history(repository(tmp_path, "- TODO [[B]]\n", {"pages/0.md": None}, first=first))
    assert [point.leaves for point in found.points] == [2, 1]


def test_an_experiment_whose_file_is_shadowed_comes_to_light(tmp_path: Path) -> None:
    first = {**CONFIG, "pages/0.md": "title:: A\n\n- no experiment\n"}
    found = history(repository(tmp_path, "- TODO one\n", {"pages/0.md": None}, first=first))
    assert [(point.day, point.leaves) for point in found.points] == [(day(1), 1)]


def test_links_of_obsidian_find_pages_by_the_end_of_their_path(tmp_path: Path) -> None:
    experiment = "---\npage-type: experiment\n---\n- [ ] [[B]]\n"
    root = build(
        tmp_path,
        [
            Step(day(0), {".obsidian/app.json": "{}", "A.md": experiment, "deep/er/B.md": "- [ ] one\n- [ ] two\n"}),
            Step(day(1), {"deep/er/B.md": "- [x] one\n- [ ] two\n"}),
            Step(day(2), {"B.md": "- [ ] nearer\n"}),
        ],
    )
    found = history(root, path="A.md")
    assert [(point.done_leaves, point.leaves) for point in found.points] == [(0, 2), (1, 2), (0, 1)]


def test_days_never_run_back_and_the_future_is_not_believed(tmp_path: Path) -> None:
    root = build(
        tmp_path,
        [
            Step(day(3), {**CONFIG, "pages/A.md": HEAD + "- TODO a\n- TODO b\n- TODO c\n"}),
            Step(day(1), {"pages/A.md": HEAD + "- DONE a\n- TODO b\n- TODO c\n"}),
            Step(date(2090, 1, 1), {"pages/A.md": HEAD + "- DONE a\n- DONE b\n- TODO c\n"}),
            Step(day(5), {"pages/A.md": HEAD + "- DONE a\n- DONE b\n- DONE c\n"}),
        ],
    )
    found = read_history(load(root, as_of=day(60)))
    assert found.histories["pages/A.md"].completions(day(60)) == [day(3), day(3), day(5)]
    assert any("future" in note for note in found.notes)


def test_a_slip_is_a_scheduled_day_that_passes_and_a_later_date_is_noted(tmp_path: Path) -> None:
    found = history(
        repository(
            tmp_path,
            "- TODO a\n  SCHEDULED: <2026-01-06 Tue>\n",
            "- TODO a\n  SCHEDULED: <2026-01-06 Tue>\n- TODO b\n",
            "- TODO a\n  SCHEDULED: <2026-01-06 Tue>\n- TODO b\n- TODO c\n",
            "- TODO a\n  SCHEDULED: <2026-01-20 Tue>\n- TODO b\n- TODO c\n",
            "- DOING a\n  SCHEDULED: <2026-01-20 Tue>\n- TODO b\n- TODO c\n",
        )
    )
    item = leaf(found, "a")
    assert list(item.slipped(day(60))) == [day(2)]
    assert list(item.postponed()) == [(day(3), date(2026, 1, 6), date(2026, 1, 20))]


def test_changes_of_the_page_itself_are_noted(tmp_path: Path) -> None:
    root = build(
        tmp_path,
        [
            Step(day(0), {**CONFIG, "pages/A.md": "page-type:: [[experiment]]\ndue:: 2026-02-01\n\n- TODO a\n"}),
            Step(day(1), {"pages/A.md": "page-type:: [[experiment]]\ndue:: 2026-03-01\n\n- DOING a\n"}),
            Step(day(2), {"pages/A.md": "page-type:: [[experiment]]\ndue:: 2026-03-01\nresult:: won\n\n- DONE a\n"}),
        ],
    )
    changes = [(change.day, change.key, change.before, change.after) for change in history(root).changes]
    assert changes == [
        (day(1), "due", "2026-02-01", "2026-03-01"),
        (day(1), "lifecycle", "draft", "running"),
        (day(2), "result", "", "won"),
        (day(2), "lifecycle", "running", "decided"),
    ]


def test_bad_encodings_of_text_and_names_are_read(tmp_path: Path) -> None:
    root = build(
        tmp_path,
        [
            Step(day(0), {**CONFIG, "pages/A.md": b"page-type:: [[experiment]]\n\n- TODO caf\xe9\n"}),
            Step(day(1), {"pages/A.md": b"page-type:: [[experiment]]\r\n\r\n- DONE caf\xe9\r\n"}),
            Step(day(2), {"pages/\udce9.md": HEAD + "- TODO b\n"}),
        ],
    )
    found = read_history(load(root, as_of=day(60)))
    assert found.histories["pages/A.md"].completions(day(9)) == [day(1)]
    assert found.histories["pages/\udce9.md"].points[-1].leaves == 1


@pytest.mark.parametrize("state", ["none", "empty", "bare", "ignored"])
def test_where_git_knows_nothing_the_written_history_is_taken_and_it_is_said(tmp_path: Path, state: str) -> None:
    root = tmp_path / "vault"
    if state == "bare":
        build(tmp_path / "made", [Step(day(0), CONFIG)])
        git(tmp_path, "clone", "-q", "--bare", str(tmp_path / "made"), str(root))
    root.mkdir(exist_ok=True)
    if state in {"empty", "ignored"}:
        git(root, "init", "-q", ".")
    if state == "ignored":
        git(root, "commit", "-q", "--allow-empty", "-m", "x", **ENVIRONMENT)
    (root / "logseq").mkdir()
    (root / "pages").mkdir()
    (root / "pages/A.md").write_text(HEAD + "- DONE a\n  completed:: 2026-01-09\n")
    found = read_history(load(root, as_of=day(60)))
    assert found.source == "written"
    assert len(found.notes) == 1
    assert found.histories["pages/A.md"].completions(day(60)) == [date(2026, 1, 9)]


def test_a_shallow_clone_says_so(tmp_path: Path) -> None:
    root = repository(tmp_path / "made", "- TODO a\n", "- DONE a\n", "- DONE a\n- TODO b\n")
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{root}", str(tmp_path / "clone"))
    found = read_history(load(tmp_path / "clone", as_of=day(60)))
    assert any("shallow" in note for note in found.notes)
    assert found.histories["pages/A.md"].undated == 1


def test_the_written_pace_is_that_of_the_written_history() -> None:
    today = date(2026, 3, 2)
    vault = load(ROOT / "sample_graph", as_of=today)
    written = read_history(vault, source="written")
    some = 0
    for experiment in experiments_of(vault):
        expected = with_start(written.histories[experiment.page.path], experiment.start).known(today)
        found = written_completions(experiment.tree, vault.journals.parse, today, experiment.start)
        assert (list(found.days), found.undated, found.start) == (expected.days, expected.undated, expected.start)
        some += len(found.days)
    assert some > 50


def test_the_last_monday_is_the_newest_one() -> None:
    assert [last_monday(date(2026, 3, number)).day for number in range(2, 10)] == [2] * 7 + [9]


def test_the_sample_comes_into_being_in_the_same_commits_each_time(tmp_path: Path) -> None:
    build_history(tmp_path / "one")
    script = str(ROOT / "docs/sample_history.py")
    subprocess.run([sys.executable, script, str(tmp_path / "two")], check=True)
    heads = [git(tmp_path / name, "rev-parse", "HEAD") for name in ("one", "two")]
    assert heads[0] == heads[1]
    assert 140 <= int(git(tmp_path / "one", "rev-list", "--count", "HEAD")) <= 170
    for path in (ROOT / "sample_graph").rglob("*"):
        if path.is_file():
            assert (tmp_path / "one" / path.relative_to(ROOT / "sample_graph")).read_bytes() == path.read_bytes()
    found = read_history(load(tmp_path / "one", as_of=date(2026, 3, 2)))
    reopened = [item for one in found.histories.values() for leaf in one.leaves for item in leaf.reopened()]
    assert reopened
    assert any(change.key == "due" for one in found.histories.values() for change in one.changes)
