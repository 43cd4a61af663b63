"""`graphkit check --suggest-links` and `--fix`: links for mentions, signs in a broken encoding put right."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from graphkit.app.page_reader import read_page, scan_outline
from graphkit.app.reading.check import report_check
from graphkit.app.reading.vault_metrics import open_measuring
from graphkit.app.results.edits import FixReport
from graphkit.app.writing.apply_plans import Change, WriteReport, page_finding, require_writable, write_changes
from graphkit.app.writing.page_edit import same_blocks, touched_blocks
from graphkit.facts.generated_blocks import generated_content
from graphkit.insight.checks.encoding import repairs
from graphkit.insight.experiments.goal_rollup import read_goals
from graphkit.insight.metrics.link_suggestions import suggest_links
from graphkit.insight.metrics.metric_links import PageText, find_mentions, written_links
from graphkit.outline.header import read_header
from graphkit.store.reading.files import read_bytes
from graphkit.store.writing.writable import refuse_content, refuse_path
from graphkit.text.diagnostics import Diagnostic
from graphkit.text.diff import plan_diff, printable
from graphkit.text.edit import Plan, Splice, apply_splices, digest
from graphkit.text.source import SourceText
from graphkit.vault.layout import Dialect
from graphkit.vault.names import page_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from graphkit.app.reading.vault_metrics import Measuring
    from graphkit.app.session import Session
    from graphkit.facts.page_facts import PageFacts
    from graphkit.insight.metrics.link_suggestions import LinkSuggestion
    from graphkit.insight.metrics.metric_links import Known

LINKS = "W416"
ENCODING = "E130"


class Linking:
    """Suggestions of links for the experiments of a vault."""

    def __init__(self, session: Session) -> None:
        """Reads which names there are."""
        self._session = session
        self._measuring: Measuring = open_measuring(session)
        self._titles: dict[Known, str] = {("metric", metric.key): metric.title for metric in self._measuring.book.names}
        self._titles |= {("strategy", item.key): item.title for item in self._measuring.strategies}
        goals = read_goals(session.catalog, (), session.reading.goal_types)
        self._titles |= {("goal", goal.name): goal.title for goal in goals}

    def suggestions(self, page: PageFacts, source: SourceText) -> list[LinkSuggestion]:
        """Those of one page whose text this is; none for a page that is no experiment."""
        if not self._session.is_experiment(page):
            return []
        text = self._page_text(source)
        mentions = tuple(find_mentions(text, self._measuring.index))
        found = list(
            suggest_links(
                text,
                mentions,
                index=self._measuring.index,
                title_of=lambda known: None if known[1] == page.name else self._titles.get(known),
                leads_to=self._leads_to,
                labelled=self._labelled,
            )
        )
        after = self._page_text(SourceText(apply_splices(source.text, (item.splice for item in found))))
        left = {mention.known for mention in find_mentions(after, self._measuring.index)}
        left.update(link.known for link in written_links(page.path, after, self._linked))
        return found if all(mention.known in left for mention in mentions) else []

    def _page_text(self, source: SourceText) -> PageText:
        outline = scan_outline(source.text, self._session.dialect)
        return PageText(source=source, outline=outline, generated=generated_content(outline, read_header(outline)))

    def _linked(self, title: str) -> Sequence[Known]:
        page = self._session.catalog.page(title)
        goal: Known = ("goal", page.name if page is not None else page_name(title))
        return (*self._measuring.linked(title), goal)

    def _leads_to(self, words: str, known: Known) -> bool:
        return known in self._linked(words)

    def _labelled(self, words: str, title: str) -> str:
        return f"[{words}]([[{title}]])" if self._session.dialect is Dialect.LOGSEQ else f"[[{title}|{words}]]"


def link_findings(session: Session) -> Iterator[Diagnostic]:
    """W416 for every mention in an experiment that could be a link; the hint says which."""
    linking = Linking(session)
    for page in session.catalog.of_type(session.reading.experiment_types):
        data = read_bytes(session.root, page.path)
        if isinstance(data, Diagnostic):
            continue
        for item in linking.suggestions(page, SourceText.decode(data)):
            yield Diagnostic(
                code=LINKS,
                severity=page_finding(LINKS, page.path, "").severity,
                path=page.path,
                line=item.line,
                column=item.column,
                message=f"“{item.words}” names the {item.kind} “{item.title}”, but is no link",
                hint=f"write {item.splice.text}",
            )


def fix_findings(
    session: Session,
    environ: Mapping[str, str],
    *,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    paths: Sequence[str] = (),
    links: bool = False,
    dry_run: bool = False,
) -> FixReport:
    """Put right what may be: links with `links`, broken encodings where `select` names E130 itself.

    select, ignore, paths: as for `report_check`. A page that would read otherwise than before is left as it is.
    Raises RequestError for a vault that is only read.
    """
    require_writable(session)
    report = report_check(session, select=select, ignore=ignore, paths=paths, links=links)
    wanted = {code for code in (LINKS, ENCODING) if any(finding.code == code for finding in report.findings)}
    if ENCODING not in {code.upper() for code in select}:
        wanted.discard(ENCODING)
    linking = Linking(session) if LINKS in wanted else None
    makers: list[tuple[str, Callable[[PageFacts, SourceText], Iterable[Splice]]]] = []
    if ENCODING in wanted:
        makers.append((ENCODING, lambda page, source: _repairs(session, page, source)))
    if linking is not None:
        makers.append((LINKS, lambda page, source: (item.splice for item in linking.suggestions(page, source))))
    changes: list[Change] = []
    diffs: list[str] = []
    findings: list[Diagnostic] = []
    planned: set[tuple[str, str]] = set()
    for path in dict.fromkeys(finding.path for finding in report.findings if finding.code in wanted):
        page, data = session.catalog.at_path(path), read_bytes(session.root, path)
        if page is None or isinstance(data, Diagnostic):
            continue
        refusal = refuse_path(path) or refuse_content(data)
        if refusal is not None:
            findings.append(page_finding("W606", path, f"it is not written, because {refusal.reason}", refusal.remedy))
            continue
        own = [
            (code, make)
            for code, make in makers
            if any(finding.code == code and finding.path == path for finding in report.findings)
        ]
        plan, codes = _plan(session, page, data, own)
        if plan is not None:
            planned.update((code, path) for code in codes)
            diffs.append(printable(plan_diff(plan, SourceText.decode(data).text)))
            changes.append(Change(plan=plan, replan=_replanning(session, page, own)))
    written = WriteReport()
    if not dry_run:
        written = write_changes(session.root, changes, command="check --fix", environ=environ)
    unwritten = {page.path for page in written.pages if page.outcome not in {"written", "unchanged"}}
    fixed = {
        finding
        for finding in report.findings
        if (finding.code, finding.path) in planned and finding.path not in unwritten
    }
    return FixReport(
        vault=session.name,
        dry_run=dry_run,
        fixed=tuple(finding for finding in report.findings if finding in fixed),
        left=tuple(finding for finding in report.findings if finding not in fixed),
        page_count=report.pages,
        diffs=tuple(diffs),
        pages=written.pages,
        findings=(*findings, *written.findings),
        run=written.run,
    )


_Maker = tuple[str, "Callable[[PageFacts, SourceText], Iterable[Splice]]"]


def _repairs(session: Session, page: PageFacts, source: SourceText) -> list[Splice]:
    """Repairs outside of what graphkit wrote itself, which follows its source."""
    del page
    outline = scan_outline(source.text, session.dialect)
    generated = generated_content(outline, read_header(outline))
    starts = [block.start for block in outline.blocks]
    return [
        splice for splice in repairs(source.text) if max(bisect_right(starts, splice.start) - 1, 0) not in generated
    ]


def _plan(
    session: Session, page: PageFacts, data: bytes, makers: Sequence[_Maker]
) -> tuple[Plan | None, tuple[str, ...]]:
    """The plan for one page and the codes that it puts right; those that would change how the page reads left out."""
    source = SourceText.decode(data)
    splices: list[Splice] = []
    codes: list[str] = []
    for code, make in makers:
        # Edits of different kinds that meet are left to the next run.
        spans = sorted((other.start, other.end) for other in splices)
        more = [splice for splice in make(page, source) if not _meets(spans, splice)]
        if more and _reads_alike(session, page.path, source.text, [*splices, *more]):
            splices += more
            codes.append(code)
    if not splices:
        return None, ()
    reason = "check --fix"
    return Plan(page=page.path, digest=digest(data), splices=tuple(splices), reason=reason), tuple(codes)


def _meets(spans: Sequence[tuple[int, int]], splice: Splice) -> bool:
    """Whether a splice overlaps one of these ranges, which are in order and apart."""
    before = bisect_left(spans, (splice.end, -1)) - 1
    return before >= 0 and spans[before][1] > splice.start


def _reads_alike(session: Session, path: str, before: str, splices: Sequence[Splice]) -> bool:
    """Whether a page keeps its blocks, tasks and sections."""
    after = apply_splices(before, splices)
    outline = scan_outline(before, session.dialect)
    touched = touched_blocks(outline, splices)
    old, new = (read_page(path, SourceText(text).encode(), session) for text in (before, after))
    if old is None or new is None or not same_blocks(session, before, after, changed=touched):
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


def _replanning(session: Session, page: PageFacts, makers: Sequence[_Maker]) -> Callable[[bytes], Plan | None]:
    def replan(data: bytes) -> Plan | None:
        """The same kinds of edits for newer bytes."""
        return _plan(session, page, data, makers)[0]

    return replan
