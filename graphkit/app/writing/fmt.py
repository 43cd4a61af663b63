"""`graphkit fmt`: pages in the form in which Logseq itself would save them. Runs only on request (spec: writing §1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.app.failures import RequestError
from graphkit.app.reading.tree import page_named
from graphkit.app.results.edits import FormReport, FormRow
from graphkit.app.writing.apply_plans import Change, KeptError, page_finding, write_changes
from graphkit.outline.saving.fixed_point import SavedForm, saved_form
from graphkit.outline.scanner import scan_page
from graphkit.store.reading.files import read_bytes
from graphkit.store.writing.writable import refuse_content
from graphkit.text.diagnostics import Diagnostic
from graphkit.text.diff import printable, unified_diff
from graphkit.text.edit import Plan, Splice, digest
from graphkit.text.records import replace
from graphkit.text.source import BOM, SourceText
from graphkit.vault.layout import Dialect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from graphkit.app.vault import Vault
    from graphkit.facts.page_facts import PageFacts

_NAMED_LOSSES = 5


def report_form(vault: Vault, wanted: Iterable[str], *, every: bool = False) -> FormReport:
    """Compare each page with the form in which Logseq would save it; writes nothing.

    wanted: titles, aliases or paths. every: all pages of the vault instead. A page that cannot be read, is not UTF-8 or
    holds conflict markers is refused like one that would lose something.
    Raises RequestError for other vaults than Logseq graphs, and for a name that means no page.
    """
    if vault.dialect is not Dialect.LOGSEQ:
        raise RequestError(
            f"`fmt` writes pages as Logseq saves them, and this vault is not a Logseq graph ({vault.dialect.value})",
            "give a Logseq graph with -g",
        )
    pages = sorted(vault.catalog.pages(), key=lambda page: page.path) if every else _named(vault, wanted)
    rows: list[FormRow] = []
    findings: list[Diagnostic] = []
    for page in pages:
        row, refused = _row(vault, page)
        rows.append(row)
        findings += refused
    return FormReport(vault=vault.name, rows=tuple(rows), findings=tuple(findings))


def write_form(vault: Vault, report: FormReport, environ: Mapping[str, str]) -> FormReport:
    """Write those pages of a report that are not in their form and lose nothing by it; `undo` takes the run back."""
    changes: list[Change] = []
    for row in report.rows:
        page = vault.catalog.at_path(row.path)
        if row.state == "other" and page is not None:
            data = read_bytes(vault.root, row.path)
            if isinstance(data, Diagnostic):
                continue
            replan = _planning(vault, page)
            changes.append(Change(plan=replan(data) or _no_change(row.path, data), replan=replan))
    written = write_changes(vault.root, changes, command="fmt", environ=environ)
    return replace(report, pages=written.pages, findings=(*report.findings, *written.findings), run=written.run)


def _named(vault: Vault, wanted: Iterable[str]) -> list[PageFacts]:
    return list({page.path: page for page in (page_named(vault, name) for name in wanted)}.values())


def _row(vault: Vault, page: PageFacts) -> tuple[FormRow, list[Diagnostic]]:
    path = page.path
    data = read_bytes(vault.root, path)
    if isinstance(data, Diagnostic):
        return FormRow(path=path, state="refused", losses=(data.message,)), [data]
    source = SourceText.decode(data)
    text = source.text
    refusal = refuse_content(data)
    if refusal is not None:
        finding = page_finding("W606", path, f"it is not written, because {refusal.reason}", refusal.remedy)
        return FormRow(path=path, state="refused", losses=(refusal.reason,), text=printable(text)), [finding]
    form = _form(vault, page, text)
    if form.text == text:
        return FormRow(path=path, state="formed", text=text), []
    diff = unified_diff(path, text, form.text)
    if not form.losses:
        return FormRow(path=path, state="other", text=form.text, diff=diff), []
    told = [(source.position(loss.offset).line, loss.what, _REMEDY) for loss in form.losses[:_NAMED_LOSSES]]
    if text.startswith(BOM) and told[0][0] == 1:
        told[0] = (1, *_BOM_LOSS)
    findings = [
        page_finding("W620", path, f"{what}, so the page is left as it is", remedy, line=line)
        for line, what, remedy in told
    ]
    losses = tuple(f"{line}: {what}" for line, what, _ in told)
    return FormRow(path=path, state="refused", losses=losses, text=text, diff=diff), findings


_BOM_LOSS = (
    "the byte-order mark before the first line keeps Logseq from reading that line as a block",
    "save the page as UTF-8 without a byte-order mark",
)
"""The loss if a page begins with U+FEFF, and the hint (spec: logseq-format §1.2)."""
_REMEDY = "change this place by hand: Logseq itself loses it with its next save of the page"


def _form(vault: Vault, page: PageFacts, text: str) -> SavedForm:
    taken = {
        identity
        for identity in page.ids
        if (owner := vault.catalog.block(identity)) is not None and owner[0].path != page.path
    }
    return saved_form(scan_page(text), unit=vault.config.bullet_indentation, taken=taken)


def _planning(vault: Vault, page: PageFacts) -> Callable[[bytes], Plan | None]:
    def plan(data: bytes) -> Plan | None:
        """The page's form for these bytes, as one splice from the first to the last difference."""
        text = SourceText.decode(data).text
        form = _form(vault, page, text)
        if form.losses:
            raise KeptError("it changed meanwhile, and its form would lose something now", "run the command again")
        if form.text == text:
            return None
        return Plan(page=page.path, digest=digest(data), splices=(_one_splice(text, form.text),), reason="fmt")

    return plan


def _no_change(path: str, data: bytes) -> Plan:
    return Plan(page=path, digest=digest(data), splices=(), reason="fmt")


def _one_splice(before: str, after: str) -> Splice:
    """From the first line that differs to the last one."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    most = min(len(old), len(new))
    head = next((number for number in range(most) if old[number] != new[number]), most)
    most -= head
    tail = next((number for number in range(most) if old[-1 - number] != new[-1 - number]), most)
    start = sum(map(len, old[:head]))
    return Splice(start, len(before) - sum(map(len, old[len(old) - tail :])), "".join(new[head : len(new) - tail]))
