"""`graphkit check --suggest-links` and `--fix`: links for mentions, repair of characters in a broken encoding."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from graphkit.app.page_reader import read_page, scan_outline
from graphkit.app.reading.check import report_check
from graphkit.app.reading.link_mentions import LINKS, Linking
from graphkit.app.results.edits import FixReport
from graphkit.app.writing.apply_plans import Change, WriteReport, page_finding, require_writable, write_changes
from graphkit.app.writing.page_edit import same_blocks, touched_blocks
from graphkit.facts.generated_blocks import generated_content
from graphkit.insight.checks.encoding import repairs
from graphkit.outline.header import read_header
from graphkit.store.reading.files import read_bytes
from graphkit.store.writing.writable import refuse_content, refuse_path
from graphkit.text.diagnostics import Diagnostic
from graphkit.text.diff import plan_diff, printable
from graphkit.text.edit import Plan, Splice, apply_splices, digest
from graphkit.text.records import Record, field
from graphkit.text.source import SourceText

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from graphkit.app.vault import Vault
    from graphkit.facts.page_facts import PageFacts

ENCODING = "E130"


_Maker = tuple[str, "Callable[[PageFacts, SourceText], Iterable[Splice]]"]
"""A code, and the splices that fix its findings on a page."""


class _Planned(Record):
    """Changes that are ready to be written, and the findings they fix."""

    changes: list[Change] = field(default_factory=list)
    diffs: list[str] = field(default_factory=list)
    findings: list[Diagnostic] = field(default_factory=list)
    """Pages that may not be written, each with the reason."""
    codes: set[tuple[str, str]] = field(default_factory=set)
    """Code and path of every finding that a change fixes."""


def fix_findings(
    vault: Vault,
    environ: Mapping[str, str],
    *,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    paths: Sequence[str] = (),
    links: bool = False,
    dry_run: bool = False,
) -> FixReport:
    """Fix what can be fixed: links with `links`, broken encodings if `select` names E130 itself.

    select, ignore, paths: as for `report_check`. A page that would read otherwise than before is left as it is.
    Raises RequestError for a vault that is only read.
    """
    require_writable(vault)
    report = report_check(vault, select=select, ignore=ignore, paths=paths, links=links)
    makers = _makers(vault, report.findings, select)
    planned = _plan_pages(vault, report.findings, makers)
    written = WriteReport()
    if not dry_run:
        written = write_changes(vault.root, planned.changes, command="check --fix", environ=environ)
    unwritten = {page.path for page in written.pages if page.outcome not in {"written", "unchanged"}}

    def is_fixed(finding: Diagnostic) -> bool:
        return (finding.code, finding.path) in planned.codes and finding.path not in unwritten

    return FixReport(
        vault=vault.name,
        dry_run=dry_run,
        fixed=tuple(finding for finding in report.findings if is_fixed(finding)),
        left=tuple(finding for finding in report.findings if not is_fixed(finding)),
        page_count=report.pages,
        diffs=tuple(planned.diffs),
        pages=written.pages,
        findings=(*planned.findings, *written.findings),
        run=written.run,
    )


def _makers(vault: Vault, findings: Iterable[Diagnostic], select: Sequence[str]) -> list[_Maker]:
    """The kinds of fixes that these findings call for; encodings are repaired only where `select` names E130."""
    codes = {finding.code for finding in findings}
    makers: list[_Maker] = []
    if ENCODING in codes and ENCODING in {code.upper() for code in select}:
        makers.append((ENCODING, lambda page, source: _repairs(vault, page, source)))
    if LINKS in codes:
        linking = Linking(vault)
        makers.append((LINKS, lambda page, source: (item.splice for item in linking.suggestions(page, source))))
    return makers


def _plan_pages(vault: Vault, findings: Sequence[Diagnostic], makers: Sequence[_Maker]) -> _Planned:
    """A change for every page with a finding that one of the makers can fix."""
    planned = _Planned()
    codes_of: dict[str, set[str]] = {}
    for finding in findings:
        if any(finding.code == code for code, _ in makers):
            codes_of.setdefault(finding.path, set()).add(finding.code)
    for path, codes in codes_of.items():
        page, data = vault.catalog.at_path(path), read_bytes(vault.root, path)
        if page is None or isinstance(data, Diagnostic):
            continue
        refusal = refuse_path(path) or refuse_content(data)
        if refusal is not None:
            planned.findings.append(
                page_finding("W606", path, f"it is not written, because {refusal.reason}", refusal.remedy)
            )
            continue
        own = [maker for maker in makers if maker[0] in codes]
        plan, fixed = _plan(vault, page, data, own)
        if plan is not None:
            planned.codes.update((code, path) for code in fixed)
            planned.diffs.append(printable(plan_diff(plan, SourceText.decode(data).text)))
            planned.changes.append(Change(plan=plan, replan=_replanning(vault, page, own)))
    return planned


def _repairs(vault: Vault, page: PageFacts, source: SourceText) -> list[Splice]:
    """Repairs outside of what graphkit wrote itself, which follows its source."""
    del page
    outline = scan_outline(source.text, vault.dialect)
    generated = generated_content(outline, read_header(outline))
    starts = [block.start for block in outline.blocks]
    return [
        splice for splice in repairs(source.text) if max(bisect_right(starts, splice.start) - 1, 0) not in generated
    ]


def _plan(vault: Vault, page: PageFacts, data: bytes, makers: Sequence[_Maker]) -> tuple[Plan | None, tuple[str, ...]]:
    """The plan for one page and the codes that it fixes, without those that would change how the page reads."""
    source = SourceText.decode(data)
    splices: list[Splice] = []
    codes: list[str] = []
    for code, make in makers:
        # Overlapping edits of different kinds are left to the next run.
        spans = sorted((other.start, other.end) for other in splices)
        more = [splice for splice in make(page, source) if not _meets(spans, splice)]
        if more and _reads_alike(vault, page.path, source.text, [*splices, *more]):
            splices += more
            codes.append(code)
    if not splices:
        return None, ()
    reason = "check --fix"
    return Plan(page=page.path, digest=digest(data), splices=tuple(splices), reason=reason), tuple(codes)


def _meets(spans: Sequence[tuple[int, int]], splice: Splice) -> bool:
    """True if a splice overlaps one of these ranges, which are in order and apart."""
    before = bisect_left(spans, (splice.end, -1)) - 1
    return before >= 0 and spans[before][1] > splice.start


def _reads_alike(vault: Vault, path: str, before: str, splices: Sequence[Splice]) -> bool:
    """True if a page keeps its blocks, tasks and sections."""
    after = apply_splices(before, splices)
    outline = scan_outline(before, vault.dialect)
    touched = touched_blocks(outline, splices)
    old, new = (read_page(path, SourceText(text).encode(), vault) for text in (before, after))
    if old is None or new is None or not same_blocks(vault, before, after, changed=touched):
        return False
    shape = [
        (
            [(task.block, task.marker, task.scheduled, task.deadline) for task in facts.tasks],
            [(section.kind, section.first, section.stop) for section in facts.sections],
            facts.types,
            set(facts.properties),
            [goal.title for goal in facts.goals],
        )
        for facts in (old, new)
    ]
    return shape[0] == shape[1]


def _replanning(vault: Vault, page: PageFacts, makers: Sequence[_Maker]) -> Callable[[bytes], Plan | None]:
    def replan(data: bytes) -> Plan | None:
        """The same kinds of edits for newer bytes."""
        return _plan(vault, page, data, makers)[0]

    return replan
