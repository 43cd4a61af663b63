"""Approved outputs: a text compared with a file beside the test, rewritten where GRAPHKIT_UPDATE_GOLDEN is set."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def same_as_golden(text: str, path: Path) -> bool:
    """Whether the file holds exactly this text; with GRAPHKIT_UPDATE_GOLDEN it will, and the diff is the review."""
    if os.environ.get("GRAPHKIT_UPDATE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return path.read_text(encoding="utf-8") == text
