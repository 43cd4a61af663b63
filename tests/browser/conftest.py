"""A Chromium for the tests of pages; every test in this folder is skipped, with the reason, where there is none."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest
from report_sites import sample_records

from graphkit.report.document import many_files, one_file
from graphkit.report.site import Site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install '.[browser]'")
    place = next(filter(None, map(shutil.which, NAMES)), None)
    if place is None:
        pytest.skip("there is no Chromium on this machine: apt-get install chromium")
    with api.sync_playwright() as playwright:
        own = playwright.chromium.launch(executable_path=place, args=list(FLAGS))
        yield own
        own.close()


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's report in one file."""
    path = tmp_path_factory.mktemp("browser") / "report.html"
    path.write_text(one_file(Site(sample_records())), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's report with a file for each page."""
    path = tmp_path_factory.mktemp("pages")
    for name, text in many_files(Site(sample_records(), "folder")):
        (path / name).write_text(text, encoding="utf-8")
    return path
