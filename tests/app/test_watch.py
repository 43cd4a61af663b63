"""The watch loop, fed with events and a clock of the test's own."""

from __future__ import annotations

import datetime as dt
import os
import time
from typing import TYPE_CHECKING

import pytest

from graphkit.app.failures import RequestError
from graphkit.app.load import load
from graphkit.app.watching.debounce import Debouncer
from graphkit.app.watching.watch import Watch
from graphkit.app.watching.watch_values import Clock, Update, WatchOptions
from graphkit.app.writing.rollup import plan_rollup, run_rollup
from graphkit.store.places import places_for
from graphkit.store.reading.files import read_bytes
from graphkit.store.writing.lock import watching, writing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DAY = dt.date(2026, 3, 2)
PAGE = (
    "page-type:: [[experiment]]\n\n- ### Progress\n  graphkit:: experiment\n"
    "- ### #[[work]]\n\t- TODO one\n\t- TODO two\n"
)
BOARD = "- ## Status\n  graphkit:: status\n"
LONG_AGO = 1_700_000_000.0
START = 1_800_000_000.0


class Time(Clock):
    def __init__(self) -> None:
        self.at = 0.0
        self.today = DAY

    def now(self) -> float:
        return self.at

    def wall(self) -> float:
        return START + self.at

    def day(self) -> dt.date:
        return self.today


class Script:
    """A feed that plays steps: each a moment, and what is done then (it gives the paths of its events)."""

    def __init__(self, clock: Time, steps: list[tuple[float, object]], until: float = 100.0) -> None:
        self.clock = clock
        self.steps = steps
        self.until = until
        self.polling = ""
        self.watch: Watch | None = None

    def take(self, timeout_s: float) -> list[str]:
        end = self.clock.at + max(timeout_s, 0.0)
        if self.steps and self.steps[0][0] <= end:
            at, action = self.steps.pop(0)
            self.clock.at = max(at, self.clock.at)
            return list(action()) if callable(action) else []
        self.clock.at = end
        if end >= self.until and self.watch is not None:
            self.watch.stop()
        return []

    def wake(self) -> None: ...

    def poll(self, reason: str) -> None:
        self.polling = reason


class Vault:
    def __init__(self, folder: Path) -> None:
        self.root = folder / "vault"
        self.clock = Time()
        self.environ = {"GRAPHKIT_CACHE_DIR": str(folder / "cache"), "GRAPHKIT_STATE_DIR": str(folder / "state")}
        self.write("logseq/config.edn", "{}", LONG_AGO)
        self.write("pages/Build it.md", PAGE, LONG_AGO)
        self.write("pages/Board.md", BOARD, LONG_AGO)

    def write(self, path: str, text: str, at: float | None = None) -> list[str]:
        """Save a page at this moment, or the present one; the event it gives."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode())
        moment = self.clock.wall() if at is None else at
        os.utime(target, (moment, moment))
        return [path]

    def read(self, path: str) -> str:
        return (self.root / path).read_bytes().decode()

    def run(self, *steps: tuple[float, object], until: float = 100.0, **options: object) -> list[Update]:
        feed = Script(self.clock, list(steps), self.clock.at + until)
        watch = Watch(self.root, self.environ, feed, options=WatchOptions(**options), clock=self.clock)  # type: ignore[arg-type]
        feed.watch = watch
        self.feed, self.watch = feed, watch
        return list(watch.updates())


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path)


def times(updates: list[Update]) -> list[tuple[float, tuple[str, ...]]]:
    return [(round(update.at.timestamp() - START, 3), update.written) for update in updates if update.written]


def test_it_begins_with_everything_and_then_writes_nothing(vault: Vault) -> None:
    updates = vault.run()
    assert times(updates) == [(0.0, ("pages/Board.md", "pages/Build it.md"))]
    assert len(updates) == 1
    assert "[0/2]" in vault.read("pages/Board.md")
    before = vault.read("pages/Board.md"), (vault.root / "pages/Board.md").stat().st_mtime_ns
    assert times(vault.run()) == []
    assert (vault.read("pages/Board.md"), (vault.root / "pages/Board.md").stat().st_mtime_ns) == before


def test_a_burst_is_one_update_after_five_quiet_seconds(vault: Vault) -> None:
    def tick() -> list[str]:
        return vault.write("pages/Build it.md", vault.read("pages/Build it.md").replace("TODO one", "DONE one"))

    def save_again() -> list[str]:
        return vault.write("pages/Build it.md", vault.read("pages/Build it.md") + "- note\n")

    updates = vault.run((10.0, tick), (11.0, save_again), (12.5, save_again))
    assert times(updates)[1:] == [(17.5, ("pages/Board.md", "pages/Build it.md"))]
    assert updates[1].changed == ("pages/Build it.md",)
    assert "[1/2]" in vault.read("pages/Board.md")


def test_a_page_that_somebody_writes_waits_and_the_others_do_not(vault: Vault) -> None:
    def typing(number: int) -> object:
        def save() -> list[str]:
            text = vault.read("pages/Build it.md").replace("TODO one", "DONE one")
            return vault.write("pages/Build it.md", f"{text}- word {number}\n")

        return save

    updates = vault.run(*[(10.0 + second, typing(second)) for second in range(40)])
    written = times(updates)[1:]
    assert written[0] == (40.0, ("pages/Board.md",))
    assert written[-1] == (54.0, ("pages/Build it.md",))
    assert [update.held for update in updates if update.held] == [(("pages/Build it.md", "somebody is writing it"),)]
    assert all(f"- word {number}\n" in vault.read("pages/Build it.md") for number in range(40))


def test_its_own_writes_and_mere_touches_never_trigger_it(vault: Vault) -> None:
    def echo() -> list[str]:
        return ["pages/Board.md", "pages/Build it.md"]

    updates = vault.run((1.0, echo), (20.0, echo))
    assert len(updates) == 1


def test_delete_and_create_is_a_replacement(vault: Vault) -> None:
    def gone() -> list[str]:
        (vault.root / "pages/Build it.md").unlink()
        return ["pages/Build it.md"]

    updates = vault.run(
        (10.0, gone), (10.4, lambda: vault.write("pages/Build it.md", PAGE.replace("TODO two", "DONE two")))
    )
    assert times(updates)[1:] == [(15.4, ("pages/Board.md", "pages/Build it.md"))]
    assert "[1/2]" in vault.read("pages/Board.md")


def test_a_page_that_was_just_saved_waits_at_the_start_too(vault: Vault) -> None:
    vault.write("pages/Board.md", BOARD)
    updates = vault.run(until=50)
    assert times(updates) == [(0.0, ("pages/Build it.md",)), (5.0, ("pages/Board.md",))]


def test_once_waits_for_what_is_being_written_and_ends(vault: Vault) -> None:
    vault.write("pages/Board.md", BOARD)
    updates = vault.run(once=True)
    assert times(updates) == [(0.0, ("pages/Build it.md",)), (5.0, ("pages/Board.md",))]
    assert not vault.watch.waiting
    assert vault.clock.at == 5.0


def test_todays_journal_is_never_made_or_touched(vault: Vault) -> None:
    journal = "- mine\n  graphkit:: tasks\n"
    vault.write("journals/2026_03_02.md", journal, LONG_AGO)
    updates = vault.run()
    assert updates[0].held == (("journals/2026_03_02.md", "it is today's journal"),)
    assert vault.read("journals/2026_03_02.md") == journal
    assert sorted(path.name for path in (vault.root / "pages").iterdir()) == ["Board.md", "Build it.md"]

    def midnight() -> list[str]:
        vault.clock.today = DAY + dt.timedelta(days=1)
        return []

    vault.run((vault.clock.at + 1, midnight))
    assert "○ one" in vault.read("journals/2026_03_02.md")


def test_missed_events_are_found_by_a_look_and_then_it_polls(vault: Vault) -> None:
    def silent() -> list[str]:
        vault.write("pages/Build it.md", vault.read("pages/Build it.md").replace("TODO one", "DONE one"))
        return []

    updates = vault.run((10.0, silent), until=400)
    assert times(updates)[1:] == [(300.0, ("pages/Board.md", "pages/Build it.md"))]
    assert vault.feed.polling == "changes came without an event"


def test_a_broken_configuration_is_reported_once_and_survived(vault: Vault) -> None:
    def broken() -> list[str]:
        return vault.write("graphkit.toml", "checkboxs = true\n")

    def mended() -> list[str]:
        (vault.root / "graphkit.toml").unlink()
        text = vault.read("pages/Build it.md").replace("TODO one", "DONE one")
        return ["graphkit.toml", *vault.write("pages/Build it.md", text)]

    updates = vault.run((10.0, broken), (200.0, mended), until=250)
    assert [update.problem for update in updates if update.problem] == [updates[1].problem]
    assert "checkboxs" in updates[1].problem
    assert times(updates)[1:] == [(205.0, ("pages/Board.md", "pages/Build it.md"))]


def test_a_batch_that_fails_is_reported_and_the_next_one_works(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:

    def failing(*_: object, **__: object) -> object:
        raise ZeroDivisionError("on purpose")

    def breaks() -> list[str]:
        monkeypatch.setattr("graphkit.app.watching.watch.plan_rollup", failing)
        return vault.write("pages/Build it.md", vault.read("pages/Build it.md").replace("TODO one", "DONE one"))

    def works() -> list[str]:
        monkeypatch.setattr("graphkit.app.watching.watch.plan_rollup", plan_rollup)
        return []

    updates = vault.run((10.0, breaks), (20.0, works))
    assert [update.problem for update in updates] == ["", "ZeroDivisionError: on purpose", ""]
    assert times(updates)[1:] == [(45.0, ("pages/Board.md", "pages/Build it.md"))]


def test_what_was_saved_beside_a_broken_configuration_is_not_forgotten(vault: Vault) -> None:
    def broken() -> list[str]:
        text = vault.read("pages/Build it.md").replace("TODO one", "DONE one")
        return [*vault.write("graphkit.toml", "checkboxs = true\n"), *vault.write("pages/Build it.md", text)]

    def mended() -> list[str]:
        (vault.root / "graphkit.toml").unlink()
        return []

    updates = vault.run((10.0, broken), (60.0, mended))
    assert times(updates)[1:] == [(75.0, ("pages/Board.md", "pages/Build it.md"))]
    assert "[1/2]" in vault.read("pages/Board.md")


def before_plan(number: int, action: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> None:
    """Do something between the reading of what changed and the plan that is made with it, the plan of this number."""
    plans = 0

    def plan(*arguments: object, **options: object) -> object:
        nonlocal plans
        plans += 1
        if plans == number:
            action()
        return plan_rollup(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("graphkit.app.watching.watch.plan_rollup", plan)


def test_a_save_between_reading_and_planning_is_planned_again(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    def tick(words: str) -> list[str]:
        return vault.write("pages/Build it.md", vault.read("pages/Build it.md").replace(f"TODO {words}", "DONE x"))

    before_plan(2, lambda: tick("two"), monkeypatch)
    updates = vault.run((10.0, lambda: tick("one")))
    assert times(updates)[1:] == [(15.0, ("pages/Board.md",)), (20.0, ("pages/Board.md", "pages/Build it.md"))]
    assert [update.held for update in updates if update.held] == [(("pages/Build it.md", "somebody is writing it"),)]
    assert "[2/2]" in vault.read("pages/Build it.md")
    assert "[2/2]" in vault.read("pages/Board.md")


def test_a_save_that_a_look_finds_before_its_event_is_planned_again(vault: Vault) -> None:
    vault.write("pages/Other.md", "page-type:: [[experiment]]\n\n- ### #[[work]]\n\t- TODO a\n\t- TODO b\n", LONG_AGO)

    def tick(words: str) -> list[str]:
        return vault.write("pages/Other.md", vault.read("pages/Other.md").replace(f"TODO {words}", "DONE x"))

    def silent() -> list[str]:
        tick("b")
        return []

    vault.run((10.0, lambda: tick("a")), (13.0, silent), (16.0, lambda: ["pages/Other.md"]), rescan_s=14.0, until=40)
    assert "[2/2]" in vault.read("pages/Board.md")


def test_a_page_caught_while_it_is_replaced_is_no_finding(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    path = "pages/Build it.md"
    before_plan(2, (vault.root / path).unlink, monkeypatch)
    updates = vault.run(
        (10.0, lambda: vault.write("pages/Note.md", "- x\n")),
        (15.1, lambda: [path]),
        (15.2, lambda: vault.write(path, PAGE.replace("TODO two", "DONE two"))),
    )
    assert [finding for update in updates for finding in update.findings] == []
    assert "[1/2]" in vault.read("pages/Board.md")


def test_a_page_that_vanishes_while_it_is_read_is_no_finding_either(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = "pages/Build it.md"

    def vanish() -> list[str]:
        monkeypatch.setattr("graphkit.app.load.read_bytes", lambda root, _path: read_bytes(root, "pages/none.md"))
        return vault.write(path, PAGE.replace("TODO two", "DONE two"))

    def appear() -> list[str]:
        monkeypatch.undo()
        return [path]

    updates = vault.run((10.0, vanish), (16.0, appear))
    assert [update.findings for update in updates] == [(), ()]
    assert times(updates)[1:] == [(21.0, ("pages/Board.md", path))]


def test_once_does_not_take_graphkits_own_writes_for_a_persons(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault.clock, "wall", time.time)
    run_rollup(load(vault.root, as_of=DAY), vault.environ)
    vault.write("pages/Note.md", "page-type:: [[experiment]]\n\n- TODO new\n", LONG_AGO)
    updates = vault.run(once=True, quiet_s=30.0)
    assert (vault.clock.at, [update.held for update in updates]) == (0.0, [()])
    assert "[[Note]]" in vault.read("pages/Board.md")


def test_a_vault_that_is_taken_away_ends_it_with_a_clear_error(vault: Vault) -> None:
    def moved() -> list[str]:
        vault.root.rename(vault.root.with_name("elsewhere"))
        return []

    with pytest.raises(RequestError, match="is gone"):
        vault.run((10.0, moved))


def test_it_waits_while_another_command_writes(vault: Vault) -> None:
    with writing(places_for(vault.root, vault.environ), "rollup"):
        updates = vault.run(until=3)
    assert [path for path, _ in updates[0].held] == ["pages/Board.md", "pages/Build it.md"]
    assert "`rollup`" in updates[0].held[0][1]
    assert updates[0].findings == ()
    assert vault.read("pages/Board.md") == BOARD


def test_elsewhere_it_shows_and_does_not_write(vault: Vault) -> None:
    vault.write("graphkit.toml", 'writer = "ci"\n', LONG_AGO)
    updates = vault.run()
    assert "“ci”" in vault.watch.elsewhere
    assert [entry.path for entry in updates[0].entries] == ["pages/Board.md", "pages/Build it.md"]
    assert updates[0].shown_only
    assert len(updates) == 1
    assert vault.read("pages/Board.md") == BOARD


def test_a_persons_words_in_a_rollup_are_told_once_and_stay(vault: Vault) -> None:
    vault.run()
    edited = vault.read("pages/Board.md").replace("[0/2]", "[0/2] ask Ruth")
    begin = vault.clock.at

    def edit() -> list[str]:
        return vault.write("pages/Board.md", edited)

    def note() -> list[str]:
        return vault.write("pages/Note.md", "- x\n")

    updates = vault.run((begin + 10, edit), (begin + 30, note))
    assert [finding.code for update in updates for finding in update.findings] == ["W601"]
    assert vault.read("pages/Board.md") == edited


def test_one_watch_a_vault(vault: Vault) -> None:
    from graphkit.app.watching.open_watch import open_watch  # noqa: PLC0415 - brings the watcher

    with (
        watching(places_for(vault.root, vault.environ), "graphkit watch"),
        pytest.raises(RequestError, match=r"`graphkit watch` \(process \d+ on .*\) is already watching this vault"),
        open_watch(vault.root, vault.environ),
    ):
        pass


def test_a_burst_is_over_after_quiet_or_when_patience_ends() -> None:
    debounce = Debouncer(5, 30)
    assert Debouncer(5, 30).due_at is None
    debounce.note("a", 1)
    debounce.note("b", 2)
    assert debounce.due_at == 7.0
    assert debounce.half_at == 4.5
    assert debounce.pending == {"a", "b"}
    for second in range(3, 40):
        debounce.note("a", second)
    assert debounce.due_at == 31
    assert debounce.quiet_at("a") == 44
    assert debounce.take(39) == {"a", "b"}
    assert debounce.due_at is None
    debounce.ask(44)
    debounce.ask(50)
    assert debounce.due_at == 44
    debounce.note("b", 50)
    debounce.put_off(80)
    assert (debounce.pending, debounce.due_at, debounce.half_at) == ({"b"}, 80, None)
