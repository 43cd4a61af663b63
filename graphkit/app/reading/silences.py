"""Findings that a team has silenced: by `graphkit-ignore::` in the notes, by `[check] ignore`, or by a baseline.

spec: domain §9.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Final

from graphkit.facts.diagnostic_codes import CODES
from graphkit.store.reading.files import read_bytes
from graphkit.text.diagnostics import Diagnostic
from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from graphkit.app.vault import OpenPage, Vault
    from graphkit.outline.page_outline import Outline
    from graphkit.text.source import SourceText

BASELINE_PATH: Final = ".graphkit/baseline.json"
CODE: Final = "E105"
_KEY: Final = "graphkit-ignore::"
_LINE: Final = lazy_pattern(r"(?m)^[ \t]*+(?:-[ \t]++)?graphkit-ignore:: ([^\r\n]*)")
_CODE_LIKE: Final = lazy_pattern(r"[A-Za-z]\d{0,3}\Z")


class _Silence(Record, frozen=True, kw_only=True):
    """One place that silences findings."""

    path: str
    """The page; empty for all pages."""
    first: int = 1
    last: int | None = None
    """Lines that it covers; None: to the end of the page."""
    code: str
    """The beginning of the codes that it silences, in upper case."""
    line: int = 1
    """Where it is written."""

    def covers(self, finding: Diagnostic) -> bool:
        """True if a finding is silenced by it."""
        return (
            finding.code.startswith(self.code)
            and (not self.path or self.path == finding.path)
            and self.first <= finding.line
            and (self.last is None or finding.line <= self.last)
        )


def split_silenced(
    vault: Vault, findings: Iterable[Diagnostic], *, searched: Callable[[str], bool], with_baseline: bool = True
) -> tuple[tuple[Diagnostic, ...], tuple[Diagnostic, ...]]:
    """The findings that are shown and those that are silenced.

    E105 for each silence in a page that covers no finding is among those that are shown, and for a baseline that cannot
    be read, which silences nothing. searched: true for the beginning of a code if all its findings were looked for.
    """
    findings = tuple(findings)
    written = [silence for page in vault.catalog.pages() for silence in _written(vault, page.path)]
    settings = tuple(prefix.upper() for prefix in vault.settings.check.ignore)
    by_path: dict[str, list[_Silence]] = {}
    for silence in written:
        by_path.setdefault(silence.path, []).append(silence)
    baseline, problem = _read_baseline(vault) if with_baseline else (Counter[tuple[str, str, str]](), ())
    used: set[int] = set()
    shown: list[Diagnostic] = []
    silenced: list[Diagnostic] = []
    for finding in findings:
        covering = [silence for silence in by_path.get(finding.path, ()) if silence.covers(finding)]
        used.update(id(silence) for silence in covering)
        known = _fingerprint(finding)
        if covering or (settings and finding.code.startswith(settings)):
            silenced.append(finding)
        elif baseline[known] > 0:
            baseline[known] -= 1
            silenced.append(finding)
        else:
            shown.append(finding)
    shown.extend(_idle(silence) for silence in written if id(silence) not in used and searched(silence.code))
    shown.extend(problem)
    return tuple(shown), tuple(silenced)


def _written(vault: Vault, path: str) -> Iterator[_Silence]:
    """The silences of a page: of the whole page if written among its properties, else of a block and its children."""
    data = read_bytes(vault.root, path)
    if isinstance(data, Diagnostic) or _KEY.encode() not in data:
        return
    facts = vault.catalog.at_path(path)
    opened: OpenPage | None = vault.open_page(facts) if facts is not None else None
    if opened is None:
        return
    text, source, outline = opened.source.text, opened.source, opened.outline
    hidden = outline.hidden
    for match in _LINE.finditer(text):
        at = match.start(1)
        if any(span.start <= at < span.end for span in hidden) and not _in_front(outline.blocks[0].end, at):
            continue
        first, last = _covered(source, outline, at)
        for code in match[1].replace(",", " ").split():
            yield _Silence(
                path=path, first=first, last=last, code=code.strip("`[]#").upper(), line=source.position(at).line
            )


def _in_front(end: int, at: int) -> bool:
    return at < end


def _covered(source: SourceText, outline: Outline, at: int) -> tuple[int, int | None]:
    blocks = outline.blocks
    index = max((block.index for block in blocks if block.start <= at), default=0)
    block = blocks[index]
    if block.kind == "pre":
        return 1, None
    end = blocks[block.stop - 1].end
    return source.position(block.start).line, source.position(max(end - 1, block.start)).line


def _idle(silence: _Silence) -> Diagnostic:
    known = _CODE_LIKE.match(silence.code) and any(code.startswith(silence.code) for code in CODES)
    why = "nothing is found here that it silences" if known else "there is no such code"
    return Diagnostic(
        code=CODE, severity=CODES[CODE].severity, path=silence.path, line=silence.line,
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
