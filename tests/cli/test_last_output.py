"""Answers that are given again: after any history of edits what a command writes is what it writes without an index."""

from __future__ import annotations

import io
import os
import shutil
import tempfile
import time
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from shared_material import ROOT

from graphkit.app import edits, inputs_checksum
from graphkit.cache import answers
from graphkit.cli import main
from graphkit.cli.program import COMMANDS
from graphkit.cli.replay import KEPT
from graphkit.store.reading import stat_walk
from graphkit.store.user_folders import ANSWERS_NAME, MARKS_NAME, cache_folder
from graphkit.vault.layout import CONFIG_PATH, SETTINGS_PATH

YOUNG_NS = 30_000_000
"""Some ticks of the system's clock: as coarse as the times of a file are here, and as two seconds are elsewhere."""

COMMANDS_ASKED = (
    ("status", "--json"), ("status",), ("status", "--by", "goal"), ("status", "Test"), ("tasks", "--json"), ("tasks",),
    ("check", "--json"), ("metrics", "--json"), ("goals", "--json"), ("next",), ("strategies",), ("tree", "Test"),
    ("readout", "Test"), ("metrics", "NPS"), ("status", "--owner", "Ana"), ("status", "--fail-on", "error"),
)  # fmt: skip

EXPERIMENT = """\
page-type:: [[experiment]]
goal:: [[Growth]]
due:: 2026-02-01
primary:: [[NPS]]
guardrails:: [[Churn]]

- ## Hypothesis
\t- NPS rises, see [[Notes]]
- ## Work
\t- TODO [[Other]]
\t- TODO ((11111111-1111-4111-8111-111111111111))
\t- DOING Ask [[Ana]]
"""

PAGES = {
    "pages/Test.md": (
        EXPERIMENT, EXPERIMENT.replace("TODO", "DONE"), EXPERIMENT.replace("DOING", "WAITING"),
        EXPERIMENT + "- Growth was mentioned, and Renamed\n", EXPERIMENT + "-  odd #[[\n", "- TODO once a test\n",
    ),
    "pages/Other.md": (
        "- TODO x\n", "- DONE x\n", "page-type:: experiment\n- DONE one\n- TODO two\n", "title:: Renamed\n- TODO x\n",
        "alias:: NPS\n- y\n",
    ),
    "pages/Notes.md": (
        "- prose\n", "- prose, and more\n- of it\n", "- prose\n\t- id:: 11111111-1111-4111-8111-111111111111\n", "",
        "- a block\n  id:: 11111111-1111-4111-8111-111111111111\n", "- NPS: 12\n", "alias:: Test, Ana\n- prose\n",
        "- TODO a task\n  id:: 11111111-1111-4111-8111-111111111111\n", "type:: goal\n- prose\n", "- ```\n  TODO x\n",
    ),
    "pages/NPS.md": (
        "type:: metric\ndata:: ../assets/nps.csv\ntarget:: 50\n", "type:: metric\n- 2026-01-05 41\n", "- no metric\n",
        "type:: metric\nalias:: Churn, Growth\ncurrent:: 12\n",
    ),
    "pages/Churn.md": ("type:: metric\nguard:: 5%\nunit:: %\ncurrent:: 7%\n", "type:: metric\nguard:: 9%\n"),
    "pages/Growth.md": ("type:: goal\n- why\n", "type:: goal\nstrategy:: [[Wide]]\n- #metric [[NPS]]\n", "- no goal\n"),
    "journals/2026_01_10.md": (
        "- worked on [[Test]]\n", "- #metric [[NPS]]: 44\n", "- #metric [[NPS]]: 45\n- [[Ana]]\n", "- slept\n",
        "- DONE a thing ((11111111-1111-4111-8111-111111111111))\n",
    ),
    "journals/2026-01-10.md": ("- the same day again\n", "- TODO twice\n"),
    "old/Test.md": ("- TODO hidden, or not\n", EXPERIMENT),
    "assets/nps.csv": ("date,value\n2026-01-01,40\n", "date,value\n2026-01-01,41\n", "nonsense"),
    "assets/picture.png": ("x",),
    "logseq/config.edn": ("{}", '{:hidden ["old"]}', '{:journal/page-title-format "yyyy-MM-dd"}', "{"),
    "graphkit.toml": ("", "checkboxes = true\n", '[experiment]\nexperiment = ["experiment", "goal"]\n'),
}  # fmt: skip

OTHERWISE = bytes.maketrans(b"TDN12", b"DTM21")
"""Another text of the same size."""


class Asked(RuleBasedStateMachine):
    """Edits of all kinds, and between them commands, each asked with an index and without."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.root = self.folder / "vault"
        self.day = "2026-03-02"
        self.patches = ExitStack()
        self.patches.enter_context(patch.dict(os.environ, {"GRAPHKIT_CACHE_DIR": str(self.folder / "cache")}))
        self.patches.enter_context(patch("graphkit.app.opening.WORTH_AN_INDEX", 0))
        self.patches.enter_context(patch.object(stat_walk, "YOUNG_NS", YOUNG_NS))
        for path, texts in PAGES.items():
            if not path.startswith("old/"):
                self.put(path, texts[0])

    def teardown(self) -> None:
        self.patches.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def put(self, path: str, text: str) -> None:
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")

    @rule(place=st.sampled_from([(path, text) for path, texts in PAGES.items() for text in texts]))
    def write(self, place: tuple[str, str]) -> None:
        self.put(*place)

    @rule(path=st.sampled_from(sorted(PAGES)), text=st.sampled_from(("- more prose\n", "- [[Test]]\n", "x:: y\n")))
    def append(self, path: str, text: str) -> None:
        if (self.root / path).exists():
            with (self.root / path).open("a", encoding="utf-8") as file:
                file.write(text)

    @rule(path=st.sampled_from(sorted(PAGES)))
    def change_with_the_same_size_and_time(self, path: str) -> None:
        place = self.root / path
        if place.exists():
            before = place.stat()
            place.write_bytes(place.read_bytes().translate(OTHERWISE))
            os.utime(place, ns=(before.st_atime_ns, before.st_mtime_ns))

    @rule(path=st.sampled_from(sorted(PAGES)), seconds=st.sampled_from((-(10**8), -3, 0, 3, 10**8)))
    def set_the_time(self, path: str, seconds: int) -> None:
        place = self.root / path
        if place.exists():
            when = place.stat().st_mtime_ns + seconds * 10**9
            os.utime(place, ns=(when, when))

    @rule(old=st.sampled_from(sorted(PAGES)), new=st.sampled_from(sorted(PAGES)))
    def rename(self, old: str, new: str) -> None:
        if (self.root / old).exists():
            (self.root / new).parent.mkdir(parents=True, exist_ok=True)
            (self.root / old).replace(self.root / new)

    @rule(path=st.sampled_from(sorted(PAGES)))
    def delete(self, path: str) -> None:
        (self.root / path).unlink(missing_ok=True)

    @rule(day=st.sampled_from(("2026-03-02", "2026-01-11")))
    def be_another_day(self, day: str) -> None:
        self.day = day

    @rule(at=st.integers(0, 5000), bits=st.integers(1, 255))
    def damage_the_answers(self, at: int, bits: int) -> None:
        for file in Path(cache_folder(str(self.root), os.environ), ANSWERS_NAME).glob("*"):
            data = bytearray(file.read_bytes())
            if at < len(data):
                data[at] ^= bits
                file.write_bytes(data)

    @rule(words=st.sampled_from(COMMANDS_ASKED), times=st.integers(1, 3))
    def ask(self, words: tuple[str, ...], times: int) -> None:
        given = ["-g", str(self.root), "--as-of", self.day, *words]
        expected = written([*given, "--no-index"])
        for _ in range(times):
            assert written(given) == expected

    @rule(words=st.lists(st.sampled_from(COMMANDS_ASKED), min_size=3, max_size=3))
    def ask_much(self, words: list[tuple[str, ...]]) -> None:
        for some in words:
            self.ask(some, 2)


def written(words: list[str]) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main.run(words)
    return code, out.getvalue(), err.getvalue()


Asked.TestCase.settings = settings(max_examples=12, stateful_step_count=12, deadline=None)
TestAsked = Asked.TestCase


@pytest.mark.soak
def test_a_long_history_of_questions() -> None:
    run_state_machine_as_test(Asked, settings=settings(max_examples=400, stateful_step_count=40, deadline=None))


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GRAPHKIT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr("graphkit.app.opening.WORTH_AN_INDEX", 0)
    monkeypatch.setattr(stat_walk, "YOUNG_NS", 0)
    shutil.copytree(ROOT / "sample_graph", tmp_path / "vault")
    return tmp_path / "vault"


def kept_in(vault: Path) -> list[Path]:
    return sorted(Path(cache_folder(str(vault), os.environ), ANSWERS_NAME).glob("*"))


def refuse(*_: object, **__: object) -> object:
    pytest.fail("the vault was opened")


def test_a_change_of_prose_is_seen_to_change_nothing(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    note = vault / "pages" / "A note.md"
    note.write_text("tags:: [[x]]\n\n- nothing to count here\n", encoding="utf-8")
    words = ["-g", str(vault), "--as-of", "2026-03-02", "status", "--json"]
    before = written(words)
    with monkeypatch.context() as opening:
        opening.setattr("graphkit.app.load.load", refuse)
        for text in (
            "tags:: [[x]]\n\n- nothing to count\n\t- or\n\t- to see here\n",
            "tags:: [[x]]\n\n- TODONE [[y]]\n",
        ):
            note.write_text(text, encoding="utf-8")
            for _ in range(2):
                assert written(words) == before
    note.write_text("tags:: [[x]]\n\n- TODO a task\n", encoding="utf-8")
    assert written(words) == written([*words, "--no-index"])


def test_tasks_of_pages_that_no_experiment_is_made_of_change_nothing(
    vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = {name: vault / "pages" / f"{name}.md" for name in ("A test", "Plan", "Empty", "Notes", "Unread")}
    pages["A test"].write_text(
        "page-type:: [[experiment]]\n\n- ## #[[work]]\n\t- TODO [[Plan]]\n\t- TODO [[Empty]]\n\t- TODO see [[Notes]]\n",
        encoding="utf-8",
    )
    pages["Empty"].write_text("- nothing\n", encoding="utf-8")
    for name in ("Plan", "Notes", "Unread"):
        pages[name].write_text("- TODO one\n- TODO two\n", encoding="utf-8")
    words = ["-g", str(vault), "--as-of", "2026-03-02"]
    status, tasks = [*words, "status", "--json"], [*words, "tasks", "--json"]
    written(status)
    pages["A test"].write_text(pages["A test"].read_text(encoding="utf-8") + "- more\n", encoding="utf-8")
    stood, listed = written(status), written(tasks)
    with monkeypatch.context() as opening:
        opening.setattr("graphkit.app.load.load", refuse)
        pages["Unread"].write_text("- DONE one\n- `and` a word\n- TODO two\n", encoding="utf-8")
        assert written(status) == stood
        opening.setattr("graphkit.app.second_look.still_says", refuse)
        pages["Notes"].write_text("- DONE one\n- and a word\n\t- TODO two\n", encoding="utf-8")
        assert written(status) == stood
        for text in ("- nothing\n", "- nothing\n- LATER three\n"):
            pages["Notes"].write_text(text, encoding="utf-8")
            assert written(status) == stood
    assert written([*status, "--no-index"]) == stood
    assert written(tasks) == written([*tasks, "--no-index"]) != listed
    for name in ("Plan", "Empty"):
        pages[name].write_text("- DONE one\n- TODO two\n", encoding="utf-8")
        before, stood = stood, written(status)
        assert before != stood == written([*status, "--no-index"])


def test_links_of_journals_count_where_they_lead_to_experiments_and_their_work(
    vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (vault / "pages" / "A test.md").write_text(
        "page-type:: [[experiment]]\nalias:: T1\n\n- ## #[[work]]\n\t- DOING [[Plan]]\n", encoding="utf-8"
    )
    status = ["-g", str(vault), "--as-of", "2026-03-02", "status", "--json"]
    journals = [vault / "journals" / f"2026_02_{day}.md" for day in ("01", "02", "03")]
    for journal in journals:
        journal.write_text("- slept\n", encoding="utf-8")
    stood = written(status)
    with monkeypatch.context() as opening:
        opening.setattr("graphkit.app.load.load", refuse)
        journals[0].write_text("- slept, and [[Dreams]] #night\n", encoding="utf-8")
        assert written(status) == stood
    for journal, link in zip(journals, ("[[t1]]", "#Plan", "[[A test]]"), strict=True):
        journal.write_text(f"- worked {link}\n", encoding="utf-8")
        before, stood = stood, written(status)
        assert before != stood == written([*status, "--no-index"])


def test_what_was_read_for_another_command_is_not_taken_for_unchanged(vault: Path) -> None:
    words = ["-g", str(vault), "--as-of", "2026-03-02"]
    page = next(page for page in (vault / "pages").glob("*.md") if "DOING" in page.read_text(encoding="utf-8"))
    before = written([*words, "status", "--json"])
    page.write_text(page.read_text(encoding="utf-8").replace("DOING", "DONE"), encoding="utf-8")
    written([*words, "tasks"])
    after = written([*words, "status", "--json"])
    assert after == written([*words, "status", "--json", "--no-index"])
    assert after != before


def test_only_so_many_answers_are_kept_and_drop_deletes_them(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "MOST", 3)
    marks = Path(cache_folder(str(vault), os.environ), MARKS_NAME)
    for number in range(5):
        assert written(["-g", str(vault), "--as-of", f"2026-03-0{number + 1}", "status"])[0] == 0
    assert len(kept_in(vault)) == 3
    assert len(list(marks.glob("*"))) == 1
    assert written(["-g", str(vault), "index", "drop"])[0] == 0
    assert kept_in(vault) == list(marks.glob("*")) == []


def test_nothing_is_kept_of_what_writes_fails_or_wants_no_index(vault: Path) -> None:
    for words in (
        ["status", "--no-index"], ["check", "--fix", "--suggest-links", "--dry-run"], ["status", "No such name"],
        ["status", "--help"], ["new", "goal", "status", "--dry-run"], ["export", "--to", "status"], ["doctor"],
    ):  # fmt: skip
        written(["-g", str(vault), *words])
        assert kept_in(vault) == []


def test_the_words_that_are_looked_for_before_click_are_commands_and_paths_of_the_vault() -> None:
    assert set(COMMANDS) >= KEPT
    assert (inputs_checksum.CONFIG_PLACE, inputs_checksum.SETTINGS_PLACE) == (CONFIG_PATH, SETTINGS_PATH)


def test_an_answer_for_a_terminal_is_none_for_a_pipe_of_another_encoding(vault: Path) -> None:
    words = ["-g", str(vault), "--as-of", "2026-03-02", "status", "--json"]
    plain = written(words)
    data = io.BytesIO()
    out = io.TextIOWrapper(data, encoding="ascii")
    with redirect_stdout(out):
        main.run(words)
    out.flush()
    assert data.getvalue().isascii()
    assert not plain[1].isascii()
    assert written(words) == plain


def test_a_name_in_the_prose_of_an_experiment_is_seen(vault: Path) -> None:
    (vault / "pages" / "A trial.md").write_text("type:: experiment\n\n- TODO it\n", encoding="utf-8")
    words = ["-g", str(vault), "--as-of", "2026-03-02", "status", "--json"]
    before = written(words)
    (vault / "pages" / "A trial.md").write_text(
        "type:: experiment\n\n- TODO it\n- Churn rate may fall\n", encoding="utf-8"
    )
    after = written(words)
    assert after == written([*words, "--no-index"])
    assert after != before


def test_a_page_too_young_to_be_trusted_is_read_again(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stat_walk, "YOUNG_NS", 3600 * 10**9)
    # A file system that tells no change: its stamps are always the same.
    monkeypatch.setattr(stat_walk, "_STAMP", lambda state: (state.st_size, *[time.time_ns() // 10**12 * 10**12] * 3))
    page = vault / "pages" / "A trial.md"
    words = ["-g", str(vault), "--as-of", "2026-03-02", "status", "--json"]
    said = []
    for text in ("type:: experiment\n\n- TODO it\n", "type:: experiment\n\n- DONE it\n"):
        page.write_text(text, encoding="utf-8")
        for _ in range(2):
            said.append(written(words))
            assert said[-1] == written([*words, "--no-index"])
    assert said[0] != said[-1]


def test_a_page_that_was_blank_and_is_what_it_was_before_is_seen(vault: Path) -> None:
    page = vault / "pages" / "A trial.md"
    words = ["-g", str(vault), "--as-of", "2026-03-02", "status", "--json"]
    said = []
    for text in ("- TODO it\n", "", "- TODO it\n"):
        page.write_text(text, encoding="utf-8")
        said.append(written(words))
        assert said[-1] == written([*words, "--no-index"])
    assert said[0] == said[2] != said[1]


def test_check_sees_what_only_the_text_of_a_note_shows(vault: Path) -> None:
    note = vault / "pages" / "A note.md"
    words = ["-g", str(vault), "--as-of", "2026-03-02", "check", "--json"]
    said = []
    for text in ("- fine\n", "- see ((22222222-2222-4222-8222-222222222222))\n"):
        note.write_text(text, encoding="utf-8")
        said.append(written(words))
        assert said[-1] == written([*words, "--no-index"])
    assert said[0] != said[1]


def test_a_finding_that_depends_on_another_page_is_seen(vault: Path) -> None:
    identity = "22222222-2222-4222-8222-222222222222"
    trial, other = vault / "pages" / "A trial.md", vault / "pages" / "Another.md"
    trial.write_text(f"type:: experiment\nalias:: Elsewhere\n\n- TODO it, see (({identity}))\n", encoding="utf-8")
    words = ["-g", str(vault), "--as-of", "2026-03-02", "status", "--json"]
    said = []
    for text in ("- x\n", f"- x\n  id:: {identity}\n", "alias:: Elsewhere\n\n- x\n", "title:: Elsewhere\n\n- x\n"):
        other.write_text(text, encoding="utf-8")
        for _ in range(2):
            said.append(written(words))
            assert said[-1] == written([*words, "--no-index"])
    assert len(set(said)) >= 3


def test_what_is_wrong_in_the_text_of_an_experiment_is_seen(vault: Path) -> None:
    trial = vault / "pages" / "A trial.md"
    words = ["-g", str(vault), "--as-of", "2026-03-02", "status", "--json"]
    said = []
    for text in ("- fine", "- see ((22222222-2222-4222-8222-222222222222))", "- fine"):
        trial.write_text(f"type:: experiment\n\n- TODO it\n{text}\n", encoding="utf-8")
        said.append(written(words))
        assert said[-1] == written([*words, "--no-index"])
    assert said[0] == said[2] != said[1]


def test_what_journals_link_is_seen(vault: Path) -> None:
    journal = vault / "journals" / "2026_03_01.md"
    (vault / "pages" / "A trial.md").write_text("type:: experiment\n\n- DOING it\n", encoding="utf-8")
    words = ["-g", str(vault), "--as-of", "2026-03-02", "status", "--json"]
    said = []
    for text in ("- slept\n", "- worked on [[A trial]]\n", "- slept\n"):
        journal.write_text(text, encoding="utf-8")
        for _ in range(2):
            said.append(written(words))
            assert said[-1] == written([*words, "--no-index"])
    assert said[0] == said[-1] != said[2]


def test_a_damaged_answer_is_none(vault: Path) -> None:
    words = ["-g", str(vault), "--as-of", "2026-03-02", "status", "--json"]
    before = written(words)
    (kept,) = kept_in(vault)
    kept.write_bytes(kept.read_bytes().replace(b"experiment", b"experimont"))
    assert written(words) == before


def test_a_finding_moves_with_its_line(vault: Path) -> None:
    page = vault / "pages" / "R.md"
    page.write_text("page-type:: metric\ntarget:: xx\n", encoding="utf-8")
    words = ["-g", str(vault), "--as-of", "2026-03-02"]
    metric = [*words, "metrics", "R", "--json"]
    before = written(metric)
    page.write_text("\npage-type:: metric\ntarget:: xx\n", encoding="utf-8")
    written([*words, "goals"])
    assert written(metric) == written([*metric, "--no-index"]) != before


@pytest.mark.parametrize(
    ("path", "before", "after", "command"),
    [
        ("pages/N.md", "\xa0\n- prose\n", "\xa0\n", "status"),
        ("journals/2026_02_20.md", "- x\nretention:: 3\r\n", "- x\nretention:: 3\r", "metrics"),
    ],
)
def test_white_space_can_be_of_consequence(vault: Path, path: str, before: str, after: str, command: str) -> None:
    (vault / "pages" / "Retention.md").write_text("page-type:: metric\n", encoding="utf-8")
    words = ["-g", str(vault), "--as-of", "2026-03-02", command, "--json"]
    (vault / path).write_text(before, encoding="utf-8", newline="")
    stood = written(words)
    (vault / path).write_text(after, encoding="utf-8", newline="")
    assert written(words) == written([*words, "--no-index"]) != stood


def test_a_request_that_cannot_be_met_leaves_no_log_behind(vault: Path) -> None:
    cache = Path(cache_folder(str(vault), os.environ))
    for name in ("Nope", "Nope too"):
        assert written(["-g", str(vault), "tree", name])[0] == 2
    assert [place.name for place in cache.glob("index.sqlite*")] == ["index.sqlite"]


def test_damaged_marks_are_none(vault: Path) -> None:
    note = vault / "pages" / "A note.md"
    note.write_text("- nothing to count here\n", encoding="utf-8")
    words = ["-g", str(vault), "--as-of", "2026-03-02", "status", "--json"]
    before = written(words)
    marks = Path(cache_folder(str(vault), os.environ), MARKS_NAME, edits.NAME)
    whole = marks.read_bytes()
    for damage in (b"", whole[:20], whole[:-9], whole.replace(b"A note", b"A nota"), bytes(len(whole))):
        marks.write_bytes(damage)
        note.write_text(note.read_text(encoding="utf-8") + "- more\n", encoding="utf-8")
        assert written(words) == before


def test_edits_that_have_been_looked_at_are_not_looked_at_again(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    notes = [vault / "pages" / f"{name}.md" for name in ("A note", "Another")]
    for note in notes:
        note.write_text("- nothing to count here\n", encoding="utf-8")
    words = ["-g", str(vault), "--as-of", "2026-03-02"]
    before = {command: written([*words, command, "--json"]) for command in ("status", "tasks")}
    looked: list[str] = []

    def slurp(path: str) -> bytes | None:
        looked.append(path)
        return stat_walk.slurp(path)

    monkeypatch.setattr(edits, "slurp", slurp)
    for note in notes:
        note.write_text("- nothing to count\n- or to see here\n", encoding="utf-8")
        for command, answer in before.items():
            assert written([*words, command, "--json"]) == answer
    assert looked == [str(note) for note in notes]


def test_a_template_that_changes_is_seen_by_check(vault: Path) -> None:
    (vault / "pages" / "Board.md").write_text("- ## Status\n  graphkit:: status\n", encoding="utf-8")
    words = ["-g", str(vault), "--as-of", "2026-03-02", "check", "--json"]
    own = vault / ".graphkit" / "templates" / "views"
    own.mkdir(parents=True)
    said = []
    for text in ("- fine\n", "{{ nothing_of_this_name.or_that }}\n", "- fine\n"):
        (own / "status.md.j2").write_text(text, encoding="utf-8")
        for _ in range(2):
            said.append(written(words))
            assert said[-1] == written([*words, "--no-index"])
    assert said[0] == said[-1] != said[2]
