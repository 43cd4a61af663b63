"""Outputs that are replayed: after any history of edits what a command writes is what it writes without a cache."""

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

from graphkit.app.reading.page_findings import BASELINE_PATH
from graphkit.cache import inputs, last_output
from graphkit.cache.last_output import OUTPUTS_NAME
from graphkit.cache.page_file import pages_from
from graphkit.cli import main
from graphkit.cli.program import COMMANDS
from graphkit.cli.replay import KEPT
from graphkit.store.places import places_for
from graphkit.store.reading import stat_walk
from graphkit.store.user_folders import cache_folder
from graphkit.store.writing.lock import LockUnusableError, writing
from graphkit.vault.layout import CONFIG_PATH, SETTINGS_PATH
from graphkit.vault.obsidian import DAILY_NOTES_PATH, TEMPLATES_PATH

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
    """Edits of all kinds, and between them commands, each asked with a cache and without."""

    steps = 0
    """Commands that were run."""
    replayed = 0
    """Those of them whose last output was replayed."""
    from_cache = 0
    """Those of them for which more pages came from the cache than from files."""

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
    def add_text(self, path: str, text: str) -> None:
        self.append(path, text)

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
    def damage_the_outputs(self, at: int, bits: int) -> None:
        for file in Path(cache_folder(str(self.root), os.environ), OUTPUTS_NAME).glob("*"):
            data = bytearray(file.read_bytes())
            if at < len(data):
                data[at] ^= bits
                file.write_bytes(data)

    @rule(words=st.sampled_from(COMMANDS_ASKED), times=st.integers(1, 3))
    def ask(self, words: tuple[str, ...], times: int) -> None:
        given = ["-g", str(self.root), "--as-of", self.day, *words]
        expected = written([*given, "--no-index"])
        for _ in range(times):
            time.sleep(YOUNG_NS / 1e9)
            replayed, before = len(last_output.replayed), dict(pages_from)
            assert written(given) == expected
            kept, read = (pages_from[place] - before.get(place, 0) for place in ("cache", "files"))
            Asked.replayed += len(last_output.replayed) > replayed
            Asked.from_cache += kept > read
            Asked.steps += 1

    @rule(words=st.lists(st.sampled_from(COMMANDS_ASKED), min_size=3, max_size=3))
    def ask_much(self, words: list[tuple[str, ...]]) -> None:
        for some in words:
            self.ask(some, 2)

    @rule(words=st.sampled_from(COMMANDS_ASKED))
    def ask_around_an_edit(self, words: tuple[str, ...]) -> None:
        """The same question with nothing changed, and with one page changed: one of each way to answer it."""
        self.ask(words, 2)
        self.append("pages/Notes.md", "- more prose\n")
        self.ask(words, 1)


def written(words: list[str]) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main.run(words)
    return code, out.getvalue(), err.getvalue()


def hold(max_examples: int, stateful_step_count: int) -> None:
    Asked.steps = Asked.replayed = Asked.from_cache = 0
    run_state_machine_as_test(
        Asked, settings=settings(deadline=None, max_examples=max_examples, stateful_step_count=stateful_step_count)
    )
    assert Asked.replayed + Asked.from_cache >= Asked.steps / 2 > 10
    assert min(Asked.replayed, Asked.from_cache) > Asked.steps / 10


def test_any_history_of_questions() -> None:
    hold(max_examples=12, stateful_step_count=12)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_a_long_history_of_questions() -> None:
    """`GRAPHKIT_SOAK_HISTORIES` says how many."""
    hold(max_examples=int(os.environ.get("GRAPHKIT_SOAK_HISTORIES", "100")), stateful_step_count=40)


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GRAPHKIT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr("graphkit.app.opening.WORTH_AN_INDEX", 0)
    monkeypatch.setattr(stat_walk, "YOUNG_NS", 0)
    shutil.copytree(ROOT / "sample_graph", tmp_path / "vault")
    return tmp_path / "vault"


def kept_in(vault: Path) -> list[Path]:
    return sorted(Path(cache_folder(str(vault), os.environ), OUTPUTS_NAME).glob("*"))


def test_links_of_journals_count_where_they_lead_to_experiments_and_their_work(vault: Path) -> None:
    (vault / "pages" / "A test.md").write_text(
        "page-type:: [[experiment]]\nalias:: T1\n\n- ## #[[work]]\n\t- DOING [[Plan]]\n", encoding="utf-8"
    )
    status = ["-g", str(vault), "--as-of", "2026-03-02", "status", "--json"]
    journals = [vault / "journals" / f"2026_02_{day}.md" for day in ("01", "02", "03")]
    for journal in journals:
        journal.write_text("- slept\n", encoding="utf-8")
    stood = written(status)
    for journal, link in zip(journals, ("[[t1]]", "#Plan", "[[A test]]"), strict=True):
        journal.write_text(f"- worked {link}\n", encoding="utf-8")
        before, stood = stood, written(status)
        assert before != stood == written([*status, "--no-index"])


def test_what_was_read_for_another_command_is_not_taken_for_unchanged(vault: Path) -> None:
    words = ["-g", str(vault), "--as-of", "2026-03-02"]
    page = vault / "pages" / "Refill subscription.md"
    before = written([*words, "status", "--json"])
    page.write_text(page.read_text(encoding="utf-8").replace("DOING", "DONE"), encoding="utf-8")
    written([*words, "tasks"])
    after = written([*words, "status", "--json"])
    assert after == written([*words, "status", "--json", "--no-index"])
    assert after != before


def test_only_so_many_outputs_are_kept_and_drop_deletes_them(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(last_output, "MOST", 3)
    for number in range(5):
        assert written(["-g", str(vault), "--as-of", f"2026-03-0{number + 1}", "status"])[0] == 0
    assert len(kept_in(vault)) == 3
    assert written(["-g", str(vault), "index", "drop"])[0] == 0
    assert kept_in(vault) == []


def test_nothing_is_kept_of_what_writes_fails_or_wants_no_index(vault: Path) -> None:
    for words in (
        ["status", "--no-index"], ["check", "--fix", "--suggest-links", "--dry-run"], ["status", "No such name"],
        ["status", "--help"], ["new", "goal", "status", "--dry-run"], ["export", "--to", "status"], ["doctor"],
    ):  # fmt: skip
        written(["-g", str(vault), *words])
        assert kept_in(vault) == []


def test_the_words_that_are_looked_for_before_click_are_commands_and_paths_of_the_vault() -> None:
    assert set(COMMANDS) >= KEPT
    assert (inputs.CONFIG_PLACE, inputs.SETTINGS_PLACE) == (CONFIG_PATH, SETTINGS_PATH)
    assert inputs.BASELINE_PLACE == BASELINE_PATH
    assert inputs.OBSIDIAN_PLACES == (DAILY_NOTES_PATH, TEMPLATES_PATH)


def test_an_output_for_a_terminal_is_none_for_a_pipe_of_another_encoding(vault: Path) -> None:
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


def test_a_damaged_output_is_none(vault: Path) -> None:
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


def test_the_same_command_line_is_replayed_before_anything_is_opened(
    vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["-g", str(vault), "--as-of", "2026-03-02", "status", "--json"]
    before = written(words)

    def opened(*_: object, **__: object) -> object:
        pytest.fail("the vault was opened")

    monkeypatch.setattr("graphkit.app.load.load", opened)
    assert written(words) == before


def test_any_other_stamp_means_that_nothing_is_replayed(vault: Path) -> None:
    words = ["-g", str(vault), "--as-of", "2026-03-02", "status", "--json"]
    written(words)
    for path in ("pages/Prose.md", "pages/drawing.excalidraw"):
        count = len(last_output.replayed)
        (vault / path).write_text("- prose that no report shows\n", encoding="utf-8")
        assert written(words) == written([*words, "--no-index"])
        assert len(last_output.replayed) == count
        written(words)
        assert len(last_output.replayed) == count + 1


def test_outputs_that_another_process_prunes_meanwhile_fail_nothing(
    vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(last_output, "MOST", 1)
    words = ["-g", str(vault), "--as-of", "2026-03-02"]
    written([*words, "status"])
    find = last_output._stat
    pruned: list[str] = []

    def vanished(place: str) -> os.stat_result | None:
        pruned.append(place)
        Path(place).unlink()
        return find(place)

    monkeypatch.setattr(last_output, "_stat", vanished)
    for command in ("tasks", "goals"):
        code, _, err = written([*words, command])
        assert (code, err) == (0, "")
    assert len(pruned) == 3


def test_an_abandoned_temporary_file_goes_and_one_in_use_stays(vault: Path) -> None:
    words = ["-g", str(vault), "--as-of", "2026-03-02"]
    written([*words, "status"])
    folder = Path(cache_folder(str(vault), os.environ), OUTPUTS_NAME)
    (folder / "ab.1").write_text("")
    (folder / "ab.2").write_text("")
    os.utime(folder / "ab.1", (1, 1))
    written([*words, "tasks"])
    assert not (folder / "ab.1").exists()
    assert (folder / "ab.2").exists()


@pytest.mark.parametrize("place", ["outputs", ""])
def test_a_folder_that_cannot_be_made_fails_no_command(vault: Path, place: str) -> None:
    words = ["-g", str(vault), "--as-of", "2026-03-02", "status", "--json"]
    before = written([*words, "--no-index"])
    cache = Path(cache_folder(str(vault), os.environ))
    (cache / place).parent.mkdir(parents=True)
    (cache / place).write_text("no folder", encoding="utf-8")
    assert written(words)[:2] == before[:2]


@pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX")
@pytest.mark.parametrize("umask", [0, 0o022, 0o277])
def test_the_cache_folder_is_private_whatever_the_umask(vault: Path, umask: int) -> None:
    cache = Path(cache_folder(str(vault), os.environ))
    cache.parent.mkdir()
    before = os.umask(umask)
    try:
        written(["-g", str(vault), "--as-of", "2026-03-02", "status"])
    finally:
        os.umask(before)
    assert [path.stat().st_mode & 0o777 for path in (cache, cache / OUTPUTS_NAME)] == [0o700, 0o700]


@pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX")
@pytest.mark.parametrize("maker", ["writer", "person"])
def test_the_cache_folder_is_private_whoever_makes_it(vault: Path, maker: str) -> None:
    cache = Path(cache_folder(str(vault), os.environ))
    if maker == "person":
        cache.mkdir(parents=True)
        cache.chmod(0o755)
        written(["-g", str(vault), "--as-of", "2026-03-02", "status"])
    else:
        with writing(places_for(vault, os.environ), "test"):
            assert cache.is_dir()
    assert cache.stat().st_mode & 0o777 == 0o700


def test_a_cache_folder_that_is_a_link_is_not_followed(vault: Path, tmp_path: Path) -> None:
    words = ["-g", str(vault), "--as-of", "2026-03-02", "status", "--json"]
    expected = written(words)
    cache, elsewhere = Path(cache_folder(str(vault), os.environ)), tmp_path / "elsewhere"
    cache.rename(elsewhere)
    before = sorted((path, path.stat().st_mtime_ns) for path in elsewhere.rglob("*"))
    cache.symlink_to(elsewhere)
    count = len(last_output.replayed)
    code, out, err = written(words)
    assert (code, out) == expected[:2]
    assert "The index could not be used (it is a link" in err
    assert len(last_output.replayed) == count
    assert written(["-g", str(vault), "index", "drop"])[0] == 2
    with pytest.raises(LockUnusableError), writing(places_for(vault, os.environ), "test"):
        pass
    assert sorted((path, path.stat().st_mtime_ns) for path in elsewhere.rglob("*")) == before
