"""Where the tests find material that is not part of the project: conformance vaults and real corpora."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("GRAPHKIT_SHARED", ROOT.parent / "shared"))
CORPORA = SHARED / "corpora"
SEEDS = SHARED / "seeds"
CONFORMANCE = Path(__file__).resolve().parent / "conformance"

needs_shared = pytest.mark.skipif(not CORPORA.is_dir(), reason=f"no corpora at {CORPORA}")
