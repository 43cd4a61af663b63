"""`graphkit plan --write`: `mde::` and `sample::` below an experiment's *Result*, else among its page's properties."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.app.failures import RequestError
from graphkit.app.page_reader import read_page, scan_outline
from graphkit.app.writing.apply_plans import Change, KeptError, WriteReport, require_writable, write_changes
from graphkit.app.writing.page_edit import read_for_writing, same_blocks, touched_blocks
from graphkit.facts.generated_blocks import MANAGED_PROPERTY, generated_content
from graphkit.facts.results.result_properties import written_properties
from graphkit.outline.body import read_body
from graphkit.outline.header import read_header
from graphkit.text.diff import plan_diff, printable
from graphkit.text.edit import Plan, Splice, apply_splices, digest
from graphkit.text.records import replace
from graphkit.text.source import SourceText
from graphkit.views.region_plan import line_end

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphkit.app.results.plans import PlanReport
    from graphkit.app.vault import Vault
    from graphkit.facts.page_facts import PageFacts
    from graphkit.outline.page_outline import Outline
    from graphkit.outline.properties import Property


def write_plan(vault: Vault, report: PlanReport, environ: Mapping[str, str], *, dry_run: bool = False) -> PlanReport:
    """The report with what was, or with dry_run would be, written into the experiment's page.

    Existing values are replaced; every other byte stays. Raises RequestError for a page that is only read, and
    where the page would not read back as before with the new values.
    """
    require_writable(vault)
    page = vault.catalog.page(report.experiment)
    if page is None or page.path != report.path:
        raise RequestError(f"{report.path} is not read any more", "run the command again")
    if MANAGED_PROPERTY in page.properties:
        raise RequestError(f"{page.path} is written by graphkit as a whole", "plan the experiment's own page")
    values = _values(report)
    data = read_for_writing(vault, page.path)
    plan = _plan(vault, page, values, data)
    written = WriteReport()
    if plan.splices and not dry_run:

        def replan(newer: bytes) -> Plan:
            """The same values in whatever stands there now."""
            try:
                return _plan(vault, page, values, newer)
            except RequestError as error:
                raise KeptError(error.message, error.hint) from error

        change = Change(plan=plan, replan=replan)
        written = write_changes(vault.root, [change], command=f"plan {report.experiment}", environ=environ)
    return replace(
        report,
        written=tuple(f"{key}:: {value}" for key, value in values.items()),
        diff=printable(plan_diff(plan, SourceText.decode(data).text)),
        pages=written.pages,
        findings=written.findings,
        run=written.run,
    )


def _values(report: PlanReport) -> dict[str, str]:
    effect = report.effect_text.strip().lstrip("+-−") or f"{100 * abs(report.plan.effect):.4g}%"
    return {"mde": effect, "sample": "/".join(map(str, report.plan.units))}


def _plan(vault: Vault, page: PageFacts, values: Mapping[str, str], data: bytes) -> Plan:
    text = SourceText.decode(data).text
    outline = scan_outline(text, vault.dialect)
    facts = read_page(page.path, data, vault)
    if facts is None:
        raise RequestError(f"{page.path} is not a page any more", "run the command again")
    splices = tuple(_splices(outline, facts, values))
    after = apply_splices(text, splices)
    _check(vault, facts, outline, splices, after, values)
    return Plan(page=page.path, digest=digest(data), splices=splices, reason="plan")


def _splices(outline: Outline, page: PageFacts, values: Mapping[str, str]) -> Iterator[Splice]:
    """New values over existing ones; missing ones after the properties of the best place."""
    present = _present(outline, page)
    missing: list[str] = []
    for key, value in values.items():
        prop = present.get(key)
        if prop is None:
            missing.append(f"{key}:: {value}")
        elif prop.value != value:
            yield Splice(prop.value_start, prop.value_start + len(prop.value), value)
    if missing:
        yield _insertion(outline, page, missing)


def _present(outline: Outline, page: PageFacts) -> dict[str, Property]:
    """The properties that count for the test, by key: those below *Result* before the page's."""
    generated = generated_content(outline, read_header(outline))
    found: dict[str, Property] = {}
    for section in page.sections:
        if section.kind == "result":
            for index in range(section.first, min(section.stop, len(outline.blocks))):
                if index not in generated:
                    for prop in read_body(outline, index).properties:
                        found.setdefault(prop.key, prop)
    for prop in read_header(outline).properties:
        found.setdefault(prop.key, prop)
    return found


def _insertion(outline: Outline, page: PageFacts, lines: list[str]) -> Splice:
    """The lines after the properties of the *Result* heading, or by default after the page's own."""
    text = outline.text
    eol = line_end(text)
    result = next((section for section in page.sections if section.kind == "result"), None)
    if result is not None:
        body, block = read_body(outline, result.first), outline.blocks[result.first]
        if body.properties:
            return _behind(text, body.properties[-1], lines, eol)
        end = _line_stop(text, block.text_start)
        start = text.rfind("\n", 0, block.text_start) + 1
        white = text[start : block.start] if block.start >= start else ""
        white = text[start : block.text_start].replace("-", " ") if not white.strip() else white
        indentation = white[: len(white) - len(white.lstrip(" \t"))] if white.strip() else white
        return Splice(end, end, "".join(f"{eol}{indentation}{line}" for line in lines))
    header = read_header(outline).properties
    if not header:
        raise RequestError(
            f"{page.path} has no place for the plan", "add a heading `Result`, then run the command again"
        )
    return _behind(text, header[-1], lines, eol)


def _behind(text: str, prop: Property, lines: list[str], eol: str) -> Splice:
    start = text.rfind("\n", 0, prop.start) + 1
    line = text[start : prop.end]
    indentation = line[: len(line) - len(line.lstrip(" \t"))]
    return Splice(prop.end, prop.end, "".join(f"{eol}{indentation}{line}" for line in lines))


def _line_stop(text: str, start: int) -> int:
    ends = [place for sign in "\r\n" if (place := text.find(sign, start)) >= 0]
    return min(ends, default=len(text))


def _check(
    vault: Vault,
    before: PageFacts,
    outline: Outline,
    splices: tuple[Splice, ...],
    after: str,
    values: Mapping[str, str],
) -> None:
    """Raises RequestError if the new page would not read as the old one with the new values."""
    source = SourceText(after)
    facts = read_page(before.path, source.encode(), vault)
    changed = touched_blocks(outline, splices)
    if facts is not None and same_blocks(vault, outline.text, after, changed=changed):
        said = written_properties(facts, scan_outline(after, vault.dialect), source)
        kept = {key: value for key, value in facts.properties.items() if key not in values}
        was = {key: value for key, value in before.properties.items() if key not in values}
        read = all(said.get(key, ("", 0))[0] == value for key, value in values.items())
        if read and kept == was and len(facts.tasks) == len(before.tasks):
            return
    raise RequestError(
        f"the plan would not be read back from {before.path}", "write its lines below the heading `Result` by hand"
    )
