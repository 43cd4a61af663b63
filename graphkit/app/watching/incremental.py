"""The vault of a long-running process: brought up to date by `refresh`, with what watchers ask of its files."""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING

from graphkit.app.load import load, on_day, refresh
from graphkit.store.reading.files import read_bytes
from graphkit.text.diagnostics import Diagnostic
from graphkit.text.edit import digest

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from graphkit.app.vault import Vault


class LiveVault:
    """One vault, kept up to date by `rescan` and `refresh`."""

    def __init__(
        self,
        root: Path,
        *,
        as_of: dt.date | None = None,
        environment: Mapping[str, str] | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        """Read it. Raises RequestError as `load` does, and so do the methods that look at everything."""
        self.vault: Vault = load(root, as_of=as_of, environment=environment, progress=progress, whole=True)
        gc.freeze()  # tens of megabytes of facts that stay: no collection needs to look at them again

    @property
    def others(self) -> tuple[str, ...]:
        """Files other than pages, as of the last full check."""
        return self.vault.snapshot.listing.others

    def rescan(self) -> frozenset[str]:
        """Check every file, and read those that differ; the paths whose bytes, presence or readability changed.

        Raises VaultError if the vault is gone.
        """
        self.vault = refresh(self.vault)
        return self.vault.loaded.changed

    def refresh(self, paths: Iterable[str]) -> frozenset[str]:
        """Read these files again, if they hold other bytes, as `load.refresh` does; the paths that changed."""
        self.vault = refresh(self.vault, paths)
        return self.vault.loaded.changed

    def knows(self, path: str) -> bool:
        """True if the page's file still holds the bytes that were read last."""
        known = self.digest_of(path)
        if not known:
            return False
        data = read_bytes(self.vault.root, path)
        return not isinstance(data, Diagnostic) and digest(data) == known

    def digest_of(self, path: str) -> str:
        """The digest of the bytes of a page that were read last; empty if it was not read."""
        file = self.vault.snapshot.files.get(path)
        return "" if file is None else file.digest.hex()

    def changed_at(self, path: str) -> float:
        """The modification time of the page's file, in seconds since 1970; 0 if it does not exist."""
        try:
            return os.lstat(f"{self.vault.root}/{path}").st_mtime
        except (OSError, ValueError):
            return 0.0

    def set_day(self, day: dt.date) -> None:
        """Another day has begun."""
        if day != self.vault.today:
            self.vault = on_day(self.vault, day)
