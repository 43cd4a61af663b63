"""`graphkit rollup`: every managed block and page brought up to date, as plans first and then on the disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.app.failures import RequestError
from graphkit.app.page_reader import scan_outline
from graphkit.app.results.writes import EntryState, RollupEntry, RollupReport
from graphkit.app.writing.apply_plans import (
    Change,
    KeptError,
    WriteReport,
    page_finding,
    require_writable,
    require_writer,
    write_changes,
)
from graphkit.app.writing.new_page_path import NoPage, place_new_page, why_no_pages
from graphkit.app.writing.region_rendering import Rendering
from graphkit.app.writing.template_lookup import Templates
from graphkit.facts.generated_blocks import MANAGED_PROPERTY
from graphkit.store.reading.files import read_bytes
from graphkit.store.writing.writable import refuse_content, refuse_path
from graphkit.text.diagnostics import Diagnostic, Severity
from graphkit.text.diff import plan_diff, printable
from graphkit.text.records import Record, field, replace
from graphkit.text.source import SourceText
from graphkit.views.find_regions import Region, find_regions
from graphkit.views.page_plan import plan_new_page, plan_page

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from graphkit.app.vault import Vault
    from graphkit.facts.page_facts import PageFacts
    from graphkit.text.edit import Plan
    from graphkit.views.page_plan import PagePlan, RegionState

CREATED: Mapping[str, str] = {
    "Experiment status": "status",
    "Experiments this week": "weekly",
    "Open tasks": "tasks",
}
"""The managed pages that `--create` makes where they are missing, and the view of each (spec: writing §1)."""


class RollupPlan(Record):
    """The plan of a rollup."""

    entries: list[RollupEntry] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    diffs: list[str] = field(default_factory=list)
    findings: list[Diagnostic] = field(default_factory=list)


def run_rollup(
    vault: Vault,
    environ: Mapping[str, str],
    *,
    create: bool = False,
    force: bool = False,
    dry_run: bool = False,
) -> RollupReport:
    """Bring every managed block and page up to date; with `dry_run` only report what would change.

    force: overwrite edited regions, and write even if part of the vault could not be read.
    Raises RequestError for a vault that is only read, where `writer` names another host, and, with `create`, where
    graphkit makes no pages.
    """
    require_writable(vault)
    if create and (no_page := why_no_pages(vault)) is not None:
        raise RequestError(
            f"the rollup pages {no_page.reason}",
            "put `graphkit:: status` below a block of a page of yours, and run `graphkit rollup`",
        )
    if not dry_run:
        require_writer(vault, environ)
    with Templates(vault.root) as templates:
        plan = plan_rollup(vault, templates, create=create, force=force)
        report = WriteReport()
        if not dry_run:
            report = write_changes(vault.root, plan.changes, command="rollup", environ=environ)
    return RollupReport(
        vault=vault.name,
        as_of=vault.today,
        dry_run=dry_run,
        entries=tuple(plan.entries),
        pages=report.pages,
        diffs=tuple(plan.diffs),
        findings=(*dict.fromkeys(plan.findings), *report.findings),
        unread=tuple(vault.unread),
        run=report.run,
    )


def plan_rollup(vault: Vault, templates: Templates, *, create: bool = False, force: bool = False) -> RollupPlan:
    """The plan of a rollup, by path; its changes can be applied while `templates` is open."""
    plan = RollupPlan()
    _name_skipped(vault, plan)
    rendering = Rendering(vault, templates, plan.findings)
    for page in sorted(vault.catalog.pages(), key=lambda page: page.path):
        if page.managed:
            _plan_one(vault, page, rendering, plan, force=force)
    if create:
        for title, view in CREATED.items():
            _plan_created(vault, title, view, rendering, plan)
    if vault.unread and not force:
        _withhold(plan, vault.unread)
    return plan


def _name_skipped(vault: Vault, plan: RollupPlan) -> None:
    """Say what is no page here and so has no rollup: symbolic links, and files whose page another file holds (W606)."""
    for finding in vault.loaded.findings:
        if finding.code == "E111":
            plan.findings.append(finding)
        elif finding.code == "E204":
            data = read_bytes(vault.root, finding.path)
            text = "" if isinstance(data, Diagnostic) else SourceText.decode(data).text
            if find_regions(scan_outline(text, vault.dialect)):
                plan.findings.append(_refused(finding.path, finding.message, finding.hint))


def _refused(path: str, reason: str, remedy: str) -> Diagnostic:
    return page_finding("W606", path, f"it is not written, because {reason}", remedy)


def _withhold(plan: RollupPlan, unread: Sequence[Diagnostic]) -> None:
    """Write nothing if part of the vault could not be read: correct rollups would become wrong (W612).

    Of files that only vanished meanwhile, as while they are renamed, no more is said: the next run finds what became of
    them.
    """
    if not plan.changes:
        return
    plan.changes.clear()
    plan.diffs.clear()
    plan.entries[:] = (
        replace(entry, state="refused") if entry.state in {"outdated", "created"} else entry for entry in plan.entries
    )
    locked = [finding for finding in unread if finding.severity is Severity.ERROR]
    if locked:
        more = f", nor could {len(locked) - 1} more" if locked[1:] else ""
        plan.findings.append(
            page_finding(
                "W612",
                locked[0].path,
                f"it could not be read{more}, so the rollups are left as they are",
                "make it readable, or run `graphkit rollup --force` to roll up the rest",
            )
        )


def _plan_one(vault: Vault, page: PageFacts, rendering: Rendering, plan: RollupPlan, *, force: bool) -> None:
    path = page.path
    data = read_bytes(vault.root, path)
    if isinstance(data, Diagnostic):
        plan.findings.append(data)
        return
    refusal = refuse_path(path) or refuse_content(data)
    if refusal is not None:
        plan.findings.append(_refused(path, refusal.reason, refusal.remedy))
        return
    found = _page_plan(vault, page, data, rendering, force=force)
    if found.broken:
        plan.findings.append(
            page_finding(
                "W609",
                path,
                "the rollup would change how other blocks of the page read, so nothing is written into it",
                "close what is left open above the managed block (a code fence, a drawer, `$$`), or move the block up",
            )
        )
    for region in found.regions:
        state: EntryState = region.state
        if state == "edited" and force:
            state = "taken over"
        if state == "edited":
            plan.findings.append(_edited(path, region))
        elif state != "current" and found.broken:
            state = "refused"
        plan.entries.append(
            RollupEntry(path=path, line=region.line, view=region.view, state=state, diff=printable(region.diff))
        )
    if found.plan is not None:
        plan.diffs.append(printable(plan_diff(found.plan, SourceText.decode(data).text)))
        plan.changes.append(Change(plan=found.plan, replan=_replanning(vault, page, rendering, force=force)))


def _edited(path: str, region: RegionState) -> Diagnostic:
    what = (
        f"someone has edited what the view {region.view} wrote here"
        if region.written
        else f"there is already text where the view {region.view} would write"
    )
    return page_finding(
        "W601",
        path,
        f"{what}, so it is left alone",
        "move that text out of the block, or run `graphkit rollup --force` to overwrite it",
        line=region.line,
    )


def _page_plan(vault: Vault, page: PageFacts, data: bytes, rendering: Rendering, *, force: bool) -> PagePlan:
    return plan_page(
        page.path,
        data,
        rendering.of_page(page, data),
        rendering.scan,
        indentation=vault.config.bullet_indentation,
        force=force,
    )


def _replanning(vault: Vault, page: PageFacts, rendering: Rendering, *, force: bool) -> Callable[[bytes], Plan | None]:
    def replan(data: bytes) -> Plan | None:
        """The same rollup for newer bytes of the page; what they change of the facts is the next rollup's business."""
        found = _page_plan(vault, page, data, rendering, force=force)
        if found.edited and not force:
            raise KeptError("someone has just edited the generated words in it", "run the command again")
        if found.broken:
            raise KeptError("the rollup would change how other blocks of it read", "run the command again")
        return found.plan

    return replan


def _plan_created(vault: Vault, title: str, view: str, rendering: Rendering, plan: RollupPlan) -> None:
    existing = vault.catalog.page(title)
    if existing is not None and MANAGED_PROPERTY in existing.properties:
        return
    place = place_new_page(vault, title)
    if isinstance(place, NoPage):
        plan.findings.append(
            page_finding("W610", place.exists or title, f"the page “{title}” {place.reason}", place.remedy)
        )
        return
    region = Region(
        block=0, whole_page=True, view=view, values={}, odd=(), sum=None, sum_span=None, value_end=0, first=1, stop=1
    )
    blocks = rendering.blocks(region, None, place.path, 1)
    if blocks is None:
        return
    head = f"title:: {place.title}\n" if place.title_property else ""
    created = plan_new_page(
        place.path,
        f"{head}{MANAGED_PROPERTY}:: {view}",
        blocks,
        indentation=vault.config.bullet_indentation,
        reason=f"{view} rollup",
    )
    plan.entries.append(RollupEntry(path=place.path, line=1, view=view, state="created"))
    plan.diffs.append(printable(plan_diff(created, "")))
    plan.changes.append(Change(plan=created))
