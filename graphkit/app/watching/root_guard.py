"""True if a vault's folder is still the one that was opened."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from graphkit.app.failures import RequestError

if TYPE_CHECKING:
    from pathlib import Path


class RootGuard:
    """A folder as it was found at the start."""

    def __init__(self, root: Path) -> None:
        """Looks at it."""
        self._root = root
        self._place = _place(root)

    def check(self, command: str) -> None:
        """Raises RequestError if the folder is gone or another one is there now. command: what to start again."""
        place = _place(self._root)
        if place is None or place != self._place:
            what = "is gone" if place is None else "is another folder now"
            raise RequestError(f"the vault {str(self._root)!r} {what}", f"start `{command}` again when it is back")


def _place(root: Path) -> tuple[int, int] | None:
    try:
        state = os.stat(root)  # noqa: PTH116 - a path that may be gone
    except OSError:
        return None
    return state.st_dev, state.st_ino
