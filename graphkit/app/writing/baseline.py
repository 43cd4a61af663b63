"""Writing the findings of a vault as its baseline, so that `check` reports only new ones."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from graphkit.app.reading.check import report_check
from graphkit.app.reading.silences import BASELINE_PATH, baseline_text

if TYPE_CHECKING:
    from graphkit.app.vault import Vault


def write_baseline(vault: Vault) -> int:
    """Write `.graphkit/baseline.json` in one step; the number of findings in it. Raises OSError."""
    findings = report_check(vault, with_baseline=False).findings
    path = vault.root / BASELINE_PATH
    path.parent.mkdir(exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=".baseline-", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.write(baseline_text(findings))
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return len(findings)
