"""Findings that a team has silenced: by `graphkit-ignore::` in the notes, by `[check] ignore`, or by a baseline.

spec: domain §9.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Final

from graphkit.app.reading.page_findings import BASELINE_PATH
from graphkit.facts.diagnostic_codes import CODES
from graphkit.store.reading.files import read_bytes
from graphkit.text.diagnostics import Diagnostic
from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from graphkit.app.vault import Vault
    from graphkit.facts.page_facts import Silence

CODE: Final = "E105"
_CODE_LIKE: Final = lazy_pattern(r"[A-Za-z]\d{0,3}\Z")


def split_silenced(
    vault: Vault,
    findings: Iterable[Diagnostic],
    written: Mapping[str, Sequence[Silence]],
    *,
    searched: Callable[[str], bool],
    with_baseline: bool = True,
) -> tuple[tuple[Diagnostic, ...], tuple[Diagnostic, ...]]:
    """The findings that are shown and those that are silenced.

    E105 for each silence in a page that covers no finding is among those that are shown, and for a baseline that cannot
    be read, which silences nothing. written: the silences of each page, by its path. searched: true for
    the beginning of a code if all its findings were looked for.
    """
    settings = tuple(prefix.upper() for prefix in vault.settings.check.ignore)
    baseline, problem = _read_baseline(vault) if with_baseline else (Counter[tuple[str, str, str]](), ())
    used: set[int] = set()
    shown: list[Diagnostic] = []
    silenced: list[Diagnostic] = []
    for finding in findings:
        covering = [silence for silence in written.get(finding.path, ()) if silence.covers(finding)]
        used.update(id(silence) for silence in covering)
        known = _fingerprint(finding)
        if covering or (settings and finding.code.startswith(settings)):
            silenced.append(finding)
        elif baseline[known] > 0:
            baseline[known] -= 1
            silenced.append(finding)
        else:
            shown.append(finding)
    shown.extend(
        _idle(path, silence)
        for path, silences in written.items()
        for silence in silences
        if id(silence) not in used and searched(silence.code)
    )
    shown.extend(problem)
    return tuple(shown), tuple(silenced)


def _idle(path: str, silence: Silence) -> Diagnostic:
    known = _CODE_LIKE.match(silence.code) and any(code.startswith(silence.code) for code in CODES)
    why = "nothing is found here that it silences" if known else "there is no such code"
    return Diagnostic(
        code=CODE, severity=CODES[CODE].severity, path=path, line=silence.line,
        message=f"`graphkit-ignore:: {silence.code}` has no effect: {why}", hint="take it away",
    )  # fmt: skip


def _fingerprint(finding: Diagnostic) -> tuple[str, str, str]:
    """What a baseline knows a finding by: lines may move, so they do not count."""
    return finding.path, finding.code, finding.message


def baseline_text(findings: Sequence[Diagnostic]) -> str:
    """The content of a baseline of these findings."""
    rows = sorted(_fingerprint(finding) for finding in findings)
    document = {"schema": "graphkit.baseline/1", "findings": [dict(zip(_NAMES, row, strict=True)) for row in rows]}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


_NAMES: Final = ("path", "code", "message")


def _read_baseline(vault: Vault) -> tuple[Counter[tuple[str, str, str]], tuple[Diagnostic, ...]]:
    data = read_bytes(vault.root, BASELINE_PATH)
    if isinstance(data, Diagnostic):
        return Counter(), ()
    try:
        rows = json.loads(data)["findings"]
        return Counter((str(row["path"]), str(row["code"]), str(row["message"])) for row in rows), ()
    except (ValueError, KeyError, TypeError, RecursionError):
        problem = Diagnostic(
            code=CODE, severity=CODES[CODE].severity, path=BASELINE_PATH,
            message="this baseline cannot be read, so it silences nothing",
            hint="write it again with `graphkit check --write-baseline`",
        )  # fmt: skip
        return Counter(), (problem,)
