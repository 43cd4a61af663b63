"""Writing the findings of a vault as its baseline, so that `check` reports only new ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.app.reading.check import report_check
from graphkit.app.reading.page_findings import BASELINE_PATH
from graphkit.app.reading.silences import baseline_text
from graphkit.app.writing.apply_plans import Change, write_changes
from graphkit.store.reading.files import read_bytes
from graphkit.text.diagnostics import Diagnostic
from graphkit.text.edit import Plan, Splice, digest
from graphkit.text.source import SourceText

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphkit.app.vault import Vault
    from graphkit.app.writing.apply_plans import WriteReport


def write_baseline(vault: Vault, environ: Mapping[str, str]) -> tuple[int, WriteReport]:
    """Write `.graphkit/baseline.json`, as a run that `undo` can take back; the number of findings in it."""
    findings = report_check(vault, with_baseline=False).findings
    text = baseline_text(findings).encode("utf-8", "backslashreplace").decode()
    data = read_bytes(vault.root, BASELINE_PATH)
    present = None if isinstance(data, Diagnostic) else data

    def plan(now: bytes | None) -> Plan:
        before = "" if now is None else SourceText.decode(now).text
        splices = (Splice(0, len(before), text),)
        return Plan(page=BASELINE_PATH, digest=None if now is None else digest(now), splices=splices, reason="baseline")

    change = Change(plan=plan(present), replan=plan)
    return len(findings), write_changes(vault.root, [change], command="check --write-baseline", environ=environ)
