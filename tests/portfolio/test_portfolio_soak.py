"""Long runs: 300 vaults of very different sizes, and one vault of 300,000 pages in chunks on Ray."""

from __future__ import annotations

import os
import resource
from typing import TYPE_CHECKING

import pytest
from portfolio_vaults import DAY, build, build_locally, digests, write_teams
from shared_material import ROOT

from benchmarks.generate import write_vault
from graphkit.portfolio.build import HUGE, Sizes, build_dataset
from graphkit.portfolio.engines.choice import open_engine

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.soak,
    pytest.mark.timeout(7200),
    pytest.mark.filterwarnings("ignore"),  # Ray's own
]

PAGES = int(os.environ.get("GRAPHKIT_SOAK_PAGES", "300000"))


def on_ray(words: list[str], place: Path) -> None:
    ray = pytest.importorskip("ray")
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    ray.init(
        address="local", num_cpus=2, include_dashboard=False, log_to_driver=False, _node_ip_address="127.0.0.1",
        runtime_env={"env_vars": {"PYTHONPATH": paths}},
    )  # fmt: skip
    try:
        with open_engine("ray") as engine:
            build_dataset(words, str(place), engine, DAY, place.parent)
    finally:
        ray.shutdown()


def test_three_hundred_vaults_of_very_different_sizes(tmp_path: Path) -> None:
    write_teams(tmp_path / "teams", 300, least=10, most=3000)
    build_locally(tmp_path / "local", "teams/*")
    on_ray(["teams/*"], tmp_path / "ray")
    assert digests(tmp_path / "local") == digests(tmp_path / "ray")


def test_a_huge_vault_in_chunks_on_ray_is_equal_to_it_in_one_piece(tmp_path: Path) -> None:
    write_vault(tmp_path / "huge", pages=PAGES)
    assert PAGES >= HUGE
    on_ray(["huge"], tmp_path / "chunks")
    merging = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    assert merging < 2048, "megabytes of the process that merges the chunks"
    build(tmp_path / "whole", "huge", sizes=Sizes(huge=PAGES + 1))
    assert digests(tmp_path / "chunks") == digests(tmp_path / "whole")


def test_a_chunk_is_read_in_less_than_a_gigabyte(tmp_path: Path) -> None:
    write_vault(tmp_path / "huge", pages=PAGES)
    build_locally(tmp_path / "chunks", "huge")
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024 < 1024, "megabytes of the largest child"
