"""`graphkit rollup`: every managed block and page brought up to date, as plans first and then on the disk."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from graphkit.app.experiments import experiments_of, page_tree
from graphkit.app.measuring import open_measuring
from graphkit.app.newpage import NoPage, place_new_page
from graphkit.app.readout import read_out_page
from graphkit.app.session import scan_outline
from graphkit.app.templates import Templates
from graphkit.app.write import (
    Change,
    KeptError,
    WriteReport,
    page_finding,
    require_writable,
    require_writer,
    write_changes,
)
from graphkit.app.write_results import EntryState, RollupEntry, RollupReport
from graphkit.facts.managed import MANAGED_PROPERTY
from graphkit.insight.timestates import urgency
from graphkit.store.files import read_bytes
from graphkit.store.writable import refuse_content, refuse_path
from graphkit.text.diagnostics import Diagnostic
from graphkit.text.diff import plan_diff, printable
from graphkit.text.records import dataclass
from graphkit.text.source import SourceText
from graphkit.views.contexts import variables
from graphkit.views.environment import TemplateError
from graphkit.views.generated import ReadBackError, read_generated
from graphkit.views.material import Material
from graphkit.views.page_plan import plan_new_page, plan_page
from graphkit.views.region_find import Region
from graphkit.views.table import VIEWS
from graphkit.views.view import Asked, ParameterError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from graphkit.app.measuring import Measuring
    from graphkit.app.session import Session
    from graphkit.facts.values import PageFacts
    from graphkit.insight.experiments import Experiment
    from graphkit.insight.worktree import WorkNode
    from graphkit.outline.tree import Outline
    from graphkit.text.edit import Plan
    from graphkit.views.generated import GeneratedBlock
    from graphkit.views.page_plan import PagePlan, Renderer

CREATED: Mapping[str, str] = {
    "Experiment status": "status",
    "Experiments this week": "weekly",
    "Open tasks": "tasks",
}
"""The managed pages that `--create` makes where they are missing, and the view of each (writing 1)."""


@dataclass(slots=True)
class RollupPlan:
    """Everything that a rollup would do."""

    entries: list[RollupEntry] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    diffs: list[str] = field(default_factory=list)
    findings: list[Diagnostic] = field(default_factory=list)


def run_rollup(
    session: Session,
    environ: Mapping[str, str],
    *,
    create: bool = False,
    force: bool = False,
    dry_run: bool = False,
) -> RollupReport:
    """Bring every managed block and page up to date; with `dry_run` only say what would be done.

    Raises RequestError for a vault that is only read, and where `writer` names another host.
    """
    require_writable(session)
    if not dry_run:
        require_writer(session, environ)
    with Templates(session.root) as templates:
        plan = plan_rollup(session, templates, create=create, force=force)
        report = WriteReport()
        if not dry_run:
            report = write_changes(session.root, plan.changes, command="rollup", environ=environ)
    return RollupReport(
        vault=session.name,
        as_of=session.today,
        dry_run=dry_run,
        entries=tuple(plan.entries),
        pages=report.pages,
        diffs=tuple(plan.diffs),
        findings=(*dict.fromkeys(plan.findings), *report.findings),
        unread=tuple(session.unread),
        run=report.run,
    )


def plan_rollup(session: Session, templates: Templates, *, create: bool = False, force: bool = False) -> RollupPlan:
    """What a rollup would do, in the order of paths; its changes can be applied while `templates` is open."""
    plan = RollupPlan()
    rendering = Rendering(session, templates, plan.findings)
    for page in sorted(session.catalog.pages(), key=lambda page: page.path):
        if page.managed:
            _plan_one(session, page, rendering, plan, force=force)
    if create:
        for title, view in CREATED.items():
            _plan_created(session, title, view, rendering, plan)
    return plan


def _plan_one(session: Session, page: PageFacts, rendering: Rendering, plan: RollupPlan, *, force: bool) -> None:
    path = page.path
    data = read_bytes(session.root, path)
    if isinstance(data, Diagnostic):
        plan.findings.append(data)
        return
    refusal = refuse_path(path) or refuse_content(data)
    if refusal is not None:
        plan.findings.append(page_finding("W606", path, f"it is not written, because {refusal.reason}", refusal.remedy))
        return
    found = _page_plan(session, page, data, rendering, force=force)
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
        if state == "edited":
            if force:
                state = "taken over"
            else:
                plan.findings.append(
                    page_finding(
                        "W601",
                        path,
                        f"someone has edited what the view {region.view} wrote here, so it is left alone",
                        "move those words out of the block, or run `graphkit rollup --force` to write over them",
                        line=region.line,
                    )
                )
        plan.entries.append(
            RollupEntry(path=path, line=region.line, view=region.view, state=state, diff=printable(region.diff))
        )
    if found.plan is not None:
        plan.diffs.append(printable(plan_diff(found.plan, SourceText.decode(data).text)))
        plan.changes.append(Change(plan=found.plan, replan=_replanning(session, page, rendering, force=force)))


def _page_plan(session: Session, page: PageFacts, data: bytes, rendering: Rendering, *, force: bool) -> PagePlan:
    return plan_page(
        page.path,
        data,
        rendering.of_page(page, data),
        rendering.scan,
        indentation=session.config.bullet_indentation,
        force=force,
    )


def _replanning(
    session: Session, page: PageFacts, rendering: Rendering, *, force: bool
) -> Callable[[bytes], Plan | None]:
    def replan(data: bytes) -> Plan | None:
        """The same rollup for newer bytes of the page; what they change of the facts is the next rollup's business."""
        found = _page_plan(session, page, data, rendering, force=force)
        if found.edited and not force:
            raise KeptError("someone has just edited the generated words in it", "run the command again")
        if found.broken:
            raise KeptError("the rollup would change how other blocks of it read", "run the command again")
        return found.plan

    return replan


def _plan_created(session: Session, title: str, view: str, rendering: Rendering, plan: RollupPlan) -> None:
    existing = session.catalog.page(title)
    if existing is not None and MANAGED_PROPERTY in existing.properties:
        return
    place = place_new_page(session, title)
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
        indentation=session.config.bullet_indentation,
        reason=f"{view} rollup",
    )
    plan.entries.append(RollupEntry(path=place.path, line=1, view=view, state="created"))
    plan.diffs.append(printable(plan_diff(created, "")))
    plan.changes.append(Change(plan=created))


class Rendering:
    """From a region to the outline that belongs there; what is wrong on the way becomes findings, each once."""

    def __init__(self, session: Session, templates: Templates, findings: list[Diagnostic]) -> None:
        """`findings`: where they are added."""
        self._session = session
        self._templates = templates
        self._findings = findings
        self._material = material_of(session)
        self._done: dict[tuple[object, ...], tuple[GeneratedBlock, ...]] = {}
        self._failed: set[str] = set()

    def scan(self, text: str) -> Outline:
        """The vault's reading of a page."""
        return scan_outline(text, self._session.dialect)

    def of_page(self, page: PageFacts, data: bytes) -> Renderer:
        """The renderer for the regions of one page."""
        outline: list[tuple[SourceText, Outline]] = []

        def line(region: Region) -> int:
            if not outline:
                source = SourceText.decode(data)
                outline.append((source, self.scan(source.text)))
            source, scanned = outline[0]
            return source.position(scanned.blocks[region.block].text_start).line

        def render(region: Region) -> tuple[GeneratedBlock, ...] | None:
            return self.blocks(region, page, page.path, line(region))

        return render

    def blocks(self, region: Region, page: PageFacts | None, path: str, line: int) -> tuple[GeneratedBlock, ...] | None:
        """The outline of one region; None where it cannot be had.

        Reports W602 to W605, and W607 for names that mean nothing (the outline is then an empty one).
        """
        view = VIEWS.get(region.view)
        if view is None:
            what = f"“{region.view}” is no view" if region.view else "no view is named"
            self._report("W602", path, line, what, f"the views are {', '.join(VIEWS)}")
            return None
        known = {parameter.name for parameter in view.parameters}
        wrong = [*region.odd, *(f"{name}=" for name in region.values if name not in known)]
        if wrong:
            listed = ", ".join(f"{name}=" for name in sorted(known))
            self._report(
                "W603", path, line, f"the view {view.name} does not understand {', '.join(wrong)}", f"it takes {listed}"
            )
            return None
        key = (view.name, tuple(sorted(region.values.items())), page.path if page is not None else None)
        if key not in self._done:
            try:
                built = view.build(self._material, Asked(page=page, values=region.values))
            except ParameterError as error:
                self._report("W603", path, line, error.message, error.hint)
                return None
            for note in built.notes:
                self._report("W607", path, line, note, "correct the name, or create the page")
            blocks = self._rendered(view.name, variables(built.context), whole_page=region.whole_page)
            if blocks is None:
                return None
            self._done[key] = blocks
        return self._done[key]

    def _rendered(
        self, name: str, values: Mapping[str, object], *, whole_page: bool
    ) -> tuple[GeneratedBlock, ...] | None:
        if name in self._failed:
            return None
        shown = name
        try:
            template = self._templates.find("views", name)
            shown = template.name
            return read_generated(self._templates.render(template, values), self.scan, whole_page=whole_page)
        except TemplateError as error:
            self._failed.add(name)
            self._report(
                "W604", error.template, error.line or 1, f"the template fails: {error.reason}", "correct the template"
            )
        except ReadBackError as error:
            self._report("W605", shown, 1, str(error), "correct the template; docs/templates.md says what it may give")
        return None

    def _report(self, code: str, path: str, line: int, message: str, hint: str) -> None:
        self._findings.append(page_finding(code, path, message, hint, line=line))


def material_of(session: Session) -> Material:
    """The facts of a session for its views; each list is made when it is first asked for."""
    experiments: list[Sequence[Experiment]] = []
    tasks: list[Sequence[WorkNode]] = []
    opened: list[Measuring] = []

    def measured() -> Measuring:
        if not opened:
            opened.append(open_measuring(session))
        return opened[0]

    def all_experiments() -> Sequence[Experiment]:
        if not experiments:
            experiments.append(experiments_of(session, measured()))
        return experiments[0]

    def all_tasks() -> Sequence[WorkNode]:
        if not tasks:
            found = [
                (urgency(node.task, session.today, order), node)
                for order, page in enumerate(session.catalog.pages())
                if page.tasks
                for node in page_tree(session, page).nodes
                if node.page is page
            ]
            found.sort(key=lambda entry: entry[0])
            tasks.append([node for _, node in found])
        return tasks[0]

    return Material(
        today=session.today,
        catalog=session.catalog,
        parse_journal=session.journals.parse,
        is_experiment=session.is_experiment,
        is_goal=lambda page: not page.types.isdisjoint(session.reading.goal_types),
        experiments=all_experiments,
        tasks=all_tasks,
        measured=measured,
        readouts=lambda page: read_out_page(session, measured(), page)[0],
    )
