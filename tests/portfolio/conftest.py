"""Settings that the tests of portfolios share."""

from __future__ import annotations

import pytest

from graphkit.store.reading import stat_walk


@pytest.fixture(autouse=True)
def old_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that were written just now count as old, or else a digest would depend on how long a test takes."""
    monkeypatch.setattr(stat_walk, "YOUNG_NS", 0)
