"""Ray on loopback, started and stopped here: the rows are those of the engine `local`."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from portfolio_vaults import DAY, build, build_locally, digests, write_teams
from shared_material import CORPORA, ROOT

from graphkit.app.failures import RequestError
from graphkit.portfolio.batch_reading import BatchJob, read_batch
from graphkit.portfolio.build import Sizes, build_dataset
from graphkit.portfolio.engines.choice import open_engine
from graphkit.portfolio.engines.engine import JobFailure
from graphkit.portfolio.engines.ray import RayEngine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

pytestmark = [
    pytest.mark.engines,
    pytest.mark.filterwarnings("ignore"),  # Ray's own
]


@pytest.fixture(scope="module")
def ray() -> Iterator[Any]:
    """Ray with two processors, on this machine alone."""
    library = pytest.importorskip("ray")
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "portfolio")])
    library.init(
        address="local",
        num_cpus=2,
        include_dashboard=False,
        log_to_driver=False,
        _node_ip_address="127.0.0.1",
        object_store_memory=200_000_000,
        runtime_env={"env_vars": {"PYTHONPATH": paths}},
    )
    yield library
    library.shutdown()


def fail_on_three(number: int) -> int:
    if number == 3:
        raise ValueError("three is too much")
    return number * number


@pytest.mark.usefixtures("ray")
def test_a_failure_is_that_of_its_job_alone() -> None:
    with RayEngine() as engine:
        assert engine.workers == 2
        found = dict(engine.map(fail_on_three, range(12)))
    assert found.pop(3) == JobFailure("ValueError: three is too much")
    assert found == {number: number * number for number in range(12) if number != 3}


@pytest.mark.usefixtures("ray")
def test_ray_and_local_give_the_same_rows_of_forty_vaults_and_the_corpora(tmp_path: Path) -> None:
    words = write_teams(tmp_path / "teams", 40, least=10, most=300)
    if CORPORA.is_dir():
        words += sorted(CORPORA.glob("*/"))
    build_locally(tmp_path / "local", *words)
    with open_engine("ray") as engine:
        build_dataset([str(word) for word in words], str(tmp_path / "ray"), engine, DAY, tmp_path)
    assert digests(tmp_path / "ray") == digests(tmp_path / "local")
    assert (tmp_path / "ray" / "manifest.json").read_bytes() == (tmp_path / "local" / "manifest.json").read_bytes()


class KillingRay(RayEngine):
    """Ray whose second job loses its worker the first time it runs."""

    mark: Path

    def map(self, function: Callable[[Any], Any], jobs: Sequence[Any]) -> Iterator[tuple[int, Any]]:
        mark = str(self.mark)
        victim = jobs[1]

        def kill_once(job: BatchJob) -> object:
            if job == victim and not Path(mark).exists():
                Path(mark).touch()
                os.kill(os.getpid(), signal.SIGKILL)
            return function(job)

        return super().map(kill_once, jobs)


@pytest.mark.usefixtures("ray")
def test_a_worker_that_is_killed_in_the_middle_changes_nothing(tmp_path: Path) -> None:
    write_teams(tmp_path / "teams", 8, least=10, most=60)
    sizes = Sizes(batch_pages=60)
    build(tmp_path / "here", "teams/*", sizes=sizes)
    with KillingRay() as engine:
        engine.mark = tmp_path / "mark"
        build_dataset(["teams/*"], str(tmp_path / "there"), engine, DAY, tmp_path, sizes=sizes)
    assert (tmp_path / "mark").exists()
    assert digests(tmp_path / "here") == digests(tmp_path / "there")
    assert read_batch.__module__ == "graphkit.portfolio.batch_reading"


@pytest.mark.usefixtures("ray")
def test_a_huge_vault_is_read_in_chunks_on_ray(tmp_path: Path) -> None:
    write_teams(tmp_path / "teams", 1, least=300, most=300)
    build(tmp_path / "whole", "teams/*")
    with open_engine("ray") as engine:
        build_dataset(
            ["teams/*"], str(tmp_path / "chunks"), engine, DAY, tmp_path, sizes=Sizes(huge=100, chunk_pages=50)
        )
    assert digests(tmp_path / "whole") == digests(tmp_path / "chunks")


def test_without_ray_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(RequestError) as missing, open_engine("ray"):
        pass
    assert "logseq-graphkit[portfolio,ray]" in missing.value.hint
