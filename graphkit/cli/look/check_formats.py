"""Findings for other programs: annotations for GitHub Actions, and SARIF 2.1.0."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING
from urllib.parse import quote

from graphkit.cli.terminal.cells import harmless_lines
from graphkit.facts.diagnostic_codes import CODES
from graphkit.text.diagnostics import Severity
from graphkit.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from graphkit.app.results.reports import CheckReport
    from graphkit.text.diagnostics import Diagnostic

_GITHUB: Mapping[Severity, str] = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_SARIF: Mapping[Severity, str] = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def from_here(root: Path, path: str) -> str:
    """A page's path from the current folder, with `/`. These programs expect it to be the root of the repository."""
    return os.path.relpath(root / path).replace(os.sep, "/")


def check_github(report: CheckReport, root: Path) -> Iterator[str]:
    """One workflow command per finding: `::warning file=…,line=…,col=…,title=W501::message`."""
    for finding in report.findings:
        place = f"file={_property(from_here(root, finding.path))},line={finding.line},col={finding.column}"
        said = f"{finding.message} ({finding.hint})" if finding.hint else finding.message
        yield f"::{_GITHUB[finding.severity]} {place},title={finding.code}::{_data(said)}"


def _data(text: str) -> str:
    """A message with the signs escaped that end a workflow command."""
    return harmless_lines(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def check_sarif(report: CheckReport, root: Path, *, ascii_only: bool) -> str:
    """One SARIF document with the rules that were violated and a result for each finding."""
    codes = sorted({finding.code for finding in report.findings})
    document = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {"name": "graphkit", "version": __version__, "rules": [_rule(code) for code in codes]}
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(finding, root, codes.index(finding.code)) for finding in report.findings],
            }
        ],
    }
    return json.dumps(document, ensure_ascii=ascii_only, indent=1)


def _rule(code: str) -> dict[str, object]:
    known = CODES[code]
    return {
        "id": code,
        "shortDescription": {"text": known.title},
        "defaultConfiguration": {"level": _SARIF[known.severity]},
    }


def _result(finding: Diagnostic, root: Path, rule: int) -> dict[str, object]:
    text = f"{finding.message}. {finding.hint}" if finding.hint else finding.message
    path = from_here(root, finding.path)
    return {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": _SARIF[finding.severity],
        "message": {"text": text.encode("utf-8", "replace").decode()},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(path, errors="surrogateescape")},
                    "region": {"startLine": finding.line, "startColumn": finding.column},
                }
            }
        ],
    }
