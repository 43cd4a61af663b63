"""The engine of one machine: failures and killed processes are the failures of their jobs alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from portfolio_vaults import DAY, build, build_locally, digests, write_teams
from shared_material import ROOT

from graphkit.app.failures import RequestError
from graphkit.portfolio.batch_reading import BatchJob, read_batch
from graphkit.portfolio.build import Sizes, build_dataset
from graphkit.portfolio.engines.choice import open_engine
from graphkit.portfolio.engines.engine import JobFailure
from graphkit.portfolio.engines.local import LocalEngine
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

SMALL = Sizes(batch_pages=60, batch_vaults=4)


def square(number: int) -> int:
    if number == 3:
        raise ValueError("three is\ntoo much")
    if number == 5:
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def kill_once(mark: str) -> str:
    """End this process, but not if another one already has."""
    place = Path(mark)
    if mark and not place.exists():
        place.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return mark


class KillOnce(Record, frozen=True):
    """A job that kills its process the first time."""

    job: BatchJob
    mark: str


def read_after_kill(job: KillOnce) -> object:
    kill_once(job.mark)
    return read_batch(job.job)


class KillingEngine:
    """An engine whose third job loses its process in the middle."""

    def __init__(self, engine: LocalEngine, mark: Path) -> None:
        self.workers = engine.workers
        self._engine = engine
        self._mark = mark

    def map(self, function: Callable[[BatchJob], object], jobs: Sequence[BatchJob]) -> Iterator[tuple[int, object]]:
        assert function is read_batch
        killing = [KillOnce(job, str(self._mark) if number == 2 else "") for number, job in enumerate(jobs)]
        assert len(killing) > 3
        return self._engine.map(read_after_kill, killing)


def test_every_job_has_its_result_or_its_failure() -> None:
    with LocalEngine(2) as engine:
        found = dict(engine.map(square, range(8)))
    assert {number: result for number, result in found.items() if number not in {3, 5}} == {
        number: number * number for number in range(8) if number not in {3, 5}
    }
    assert found[3] == JobFailure("ValueError: three is too much")
    assert isinstance(found[5], JobFailure)
    assert "killed" in found[5].message


def test_no_jobs_need_no_process() -> None:
    with LocalEngine(2) as engine:
        assert list(engine.map(square, [])) == []


def test_processes_give_the_rows_of_this_one(tmp_path: Path) -> None:
    write_teams(tmp_path / "teams", 6, least=10, most=40)
    build(tmp_path / "here", "teams/*", sizes=SMALL)
    build_locally(tmp_path / "there", "teams/*", sizes=SMALL)
    assert digests(tmp_path / "here") == digests(tmp_path / "there")
    assert (tmp_path / "here" / "manifest.json").read_bytes() == (tmp_path / "there" / "manifest.json").read_bytes()


def test_a_process_that_is_killed_in_the_middle_changes_nothing(tmp_path: Path) -> None:
    write_teams(tmp_path / "teams", 10, least=10, most=40)
    build(tmp_path / "here", "teams/*", sizes=SMALL)
    with LocalEngine(2) as engine:
        killing = KillingEngine(engine, tmp_path / "mark")
        build_dataset(["teams/*"], str(tmp_path / "there"), killing, DAY, tmp_path, sizes=SMALL)  # type: ignore[arg-type]
    assert (tmp_path / "mark").exists()
    assert digests(tmp_path / "here") == digests(tmp_path / "there")


def read_unless_first(job: BatchJob) -> object:
    if any(vault.source.name == "team-00" for vault in job.vaults):
        os.kill(os.getpid(), signal.SIGKILL)
    return read_batch(job)


def test_a_vault_that_kills_its_process_is_a_row_with_its_error_and_no_other_is(tmp_path: Path) -> None:
    write_teams(tmp_path / "teams", 5, least=5, most=10)

    class Lethal(LocalEngine):
        def map(self, function, jobs):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, ARG002
            return super().map(read_unless_first, jobs)

    with Lethal(2) as engine:
        report = build_dataset(["teams/*"], str(tmp_path / "ds"), engine, DAY, tmp_path)
    assert [vault.source.rsplit("/", 1)[1] for vault in report.unread] == ["team-00"]
    assert "killed" in report.unread[0].error
    assert report.vaults == 5


def test_an_address_belongs_to_ray() -> None:
    with pytest.raises(RequestError), open_engine("local", address="auto"):
        pass


def test_ctrl_c_leaves_no_process_and_the_old_dataset(tmp_path: Path) -> None:
    write_teams(tmp_path / "teams", 30, least=100, most=150)
    words = ["portfolio", "build", str(tmp_path / "teams" / "*"), "-o", str(tmp_path / "ds"), "--workers", "2"]
    running = subprocess.Popen(
        [sys.executable, "-m", "graphkit.cli.main", *words], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, start_new_session=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509 - no threads here
    )  # fmt: skip
    while not list((tmp_path / "ds").glob("*/*.parquet")):
        assert running.poll() is None
        time.sleep(0.02)
    os.killpg(running.pid, signal.SIGINT)
    out, errors = running.communicate(timeout=120)  # ends when no process has the pipes any more
    assert running.returncode == 130
    assert (out, errors.strip()) == ("", "")
    assert not (tmp_path / "ds" / "manifest.json").exists()
