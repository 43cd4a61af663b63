"""`graphkit metric log`: one observation as a line in the journal of its day, read back before it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.app.failures import RequestError
from graphkit.app.page_reader import read_page, scan_outline
from graphkit.app.reading.name_lookup import named
from graphkit.app.reading.vault_metrics import open_vault_metrics
from graphkit.app.results.metric_edits import LogReport
from graphkit.app.writing.apply_plans import (
    Change,
    KeptError,
    WriteReport,
    page_finding,
    require_writable,
    write_changes,
)
from graphkit.app.writing.page_edit import read_for_writing, require_read, same_blocks
from graphkit.facts.generated_blocks import MANAGED_PROPERTY
from graphkit.insight.metrics.series import read_observations
from graphkit.insight.metrics.stated_value import MetricUnit, Stated, StatedError, read_stated
from graphkit.quantities.column_formats import decimal_sign, with_point
from graphkit.quantities.measurements import measures_change
from graphkit.quantities.value_context import CARRIES_ON
from graphkit.text.diff import plan_diff, printable
from graphkit.text.edit import Plan, Splice, apply_splices, digest
from graphkit.text.records import Record, replace
from graphkit.text.source import SourceText
from graphkit.vault.journal import file_stem
from graphkit.vault.layout import Dialect
from graphkit.vault.names import title_of_file
from graphkit.views.region_plan import content_end, line_end

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from graphkit.app.reading.vault_metrics import VaultMetrics
    from graphkit.app.vault import Vault
    from graphkit.facts.page_facts import PageFacts
    from graphkit.insight.metrics.metric_names import Metric
    from graphkit.insight.metrics.metric_reading import MetricReading
    from graphkit.insight.metrics.series import Observation
    from graphkit.text.diagnostics import Diagnostic


class _Wish(Record, frozen=True, kw_only=True):
    """The observation to write, and how it must read back."""

    metric: Metric
    reading: MetricReading
    unit: MetricUnit
    day: date
    stated: Stated
    segment: str
    note: str

    @property
    def lines(self) -> tuple[str, ...]:
        text = f"#metric [[{self.metric.title}]] {self.stated.written}"
        first = f"- {text}{_joint(self.note)}{self.note}"
        return (first, f"  segment:: {self.segment}") if self.segment else (first,)


def _joint(note: str) -> str:
    """A blank where the note carries the value on (`after the fix`), else a comma, so that it does not narrow it."""
    if not note:
        return ""
    return " " if note.split(maxsplit=1)[0].lower() in CARRIES_ON else ", "


def metric_named(vault_metrics: VaultMetrics, wanted: str) -> Metric:
    """The metric of this name, alias or slug. Raises RequestError that suggests similar names."""
    return vault_metrics.book.resolve(wanted) or named(
        wanted,
        vault_metrics.book.metrics,
        title=lambda item: item.title,
        aliases=lambda item: item.aliases,
        noun="metric",
    )


def unit_of(reading: MetricReading) -> MetricUnit:
    """The unit in which values of a metric are to be stated."""
    declared = reading.facts.unit_known
    return MetricUnit(
        title=reading.metric.title,
        text=reading.unit_text,
        name=reading.unit,
        known=declared or bool(reading.observations),
        declared=declared,
        signed=reading.facts.signed or measures_change(reading.metric.title),
    )


def log_observation(
    vault: Vault,
    name: str,
    value: str,
    environ: Mapping[str, str],
    *,
    day: date,
    n: str = "",
    segment: str = "",
    note: str = "",
    create: bool = False,
    dry_run: bool = False,
) -> LogReport:
    """Append `- #metric [[Name]] value` to the journal of a day; nothing where the vault says so already.

    value, n: as written. create: create the journal if it does not exist, with nothing else in it.
    Raises RequestError for an unknown metric, a value that does not fit it, a future day, a missing journal, and for
    a line that would not read back as what was meant.
    """
    require_writable(vault)
    vault_metrics = open_vault_metrics(vault)
    metric = metric_named(vault_metrics, name)
    reading = vault_metrics.book.reading(metric)
    unit = unit_of(reading)
    if day > vault.today:
        raise RequestError(f"{day.isoformat()} is in the future", "log a value on its day, or correct --date")
    try:
        stated = read_stated(with_point(value, decimal_sign([value])), n, unit)
    except StatedError as error:
        raise RequestError(error.message, error.remedy) from error
    for what, text in (("segment", segment), ("note", note)):
        if any(ord(character) < 0x20 for character in text):
            raise RequestError(f"the {what} goes over several lines", "write it on one")
    wish = _Wish(
        metric=metric, reading=reading, unit=unit, day=day, stated=stated, segment=segment.strip(), note=note.strip()
    )
    known = _known(reading, wish)
    if known is not None and known.value == stated.value and not wish.note and stated.n in {None, known.n}:
        written = WriteReport()
        if not dry_run:  # what a killed run left behind is cleaned up all the same
            written = write_changes(vault.root, (), command=f"metric log {metric.title}", environ=environ)
        return replace(_report(wish, known.path, known.line, known=True), findings=written.findings)
    path, data = _journal(vault, day, create=create)
    plan = _plan(vault, vault_metrics, wish, path, data)
    text = "" if data is None else SourceText.decode(data).text
    after = apply_splices(text, plan.splices)
    findings = [] if known is None or known.value == stated.value else [_other_value(wish, known, path, after)]
    written = WriteReport()
    if not dry_run:

        def replan(newer: bytes) -> Plan:
            """The same line behind whatever stands there now."""
            try:
                return _plan(vault, vault_metrics, wish, path, newer)
            except RequestError as error:
                raise KeptError(error.message, error.hint) from error

        written = write_changes(
            vault.root, [Change(plan=plan, replan=replan)], command=f"metric log {metric.title}", environ=environ
        )
    line = SourceText(after).position(after.rindex(wish.lines[0])).line
    return replace(
        _report(wish, path, line, known=False),
        created=data is None,
        diff=printable(plan_diff(plan, text)),
        pages=written.pages,
        findings=(*findings, *written.findings),
        run=written.run,
    )


def _report(wish: _Wish, path: str, line: int, *, known: bool) -> LogReport:
    return LogReport(
        metric=wish.metric.title,
        day=wish.day,
        value=wish.stated.value,
        unit=wish.stated.unit,
        n=wish.stated.n,
        segment=wish.segment,
        text="\n".join(wish.lines),
        path=path,
        line=line,
        created=False,
        known=known,
    )


def _known(reading: MetricReading, wish: _Wish) -> Observation | None:
    return next(
        (
            item
            for item in reading.observations
            if item.day == wish.day and item.segment.lower() == wish.segment.lower()
        ),
        None,
    )


def _other_value(wish: _Wish, known: Observation, path: str, after: str) -> Diagnostic:
    return page_finding(
        "W404",
        path,
        f"“{wish.metric.title}” has another value on {wish.day.isoformat()}: “{known.text}” in "
        f"{known.path}:{known.line}",
        "remove one of the two, or distinguish them with --segment",
        line=SourceText(after).position(after.rindex(wish.lines[0])).line,
    )


def find_journal(vault: Vault, day: date) -> PageFacts | None:
    """The journal page of a day, whatever format its title or its file's name has."""
    page = vault.catalog.page(vault.journals.title(day))
    if page is not None and page.journal_day == day:
        return page
    return next((page for page in vault.catalog.pages() if page.journal_day == day), None)


def _journal(vault: Vault, day: date, *, create: bool) -> tuple[str, bytes | None]:
    """The journal's path and its bytes; None if it is to be created."""
    if vault.dialect is Dialect.LOGSEQ and not vault.config.journals_enabled:
        raise RequestError(
            "this graph has no journals, as :feature/enable-journals? in logseq/config.edn says",
            "enable them there, or write the value into a table below Observations on the metric's page",
        )
    page = find_journal(vault, day)
    if page is not None:
        if MANAGED_PROPERTY in page.properties:
            raise RequestError(f"{page.path} is written by graphkit as a whole", "log the value on another day's page")
        return page.path, read_for_writing(vault, page.path)
    config = vault.config
    for path in vault.loaded.org_pages:
        if title_of_file(path, config).journal_day == day:
            raise RequestError(f"the journal of this day is an Org file ({path})", "graphkit writes Markdown only")
    if vault.dialect is not Dialect.LOGSEQ:
        raise RequestError(
            f"this vault has no daily note of {day.isoformat()}", "create the note, then run the command again"
        )
    stem = file_stem(day, config.journal_file_format)
    path = f"{config.journals_directory}/{stem}.md" if config.journals_directory else f"{stem}.md"
    require_read(vault, path)
    if (vault.root / path).exists():  # nothing but blanks in it, which is no page (spec: logseq-format §1.2)
        return path, read_for_writing(vault, path)
    if not create:
        raise RequestError(
            f"there is no journal of {day.isoformat()} yet",
            "open that day in Logseq first, or let graphkit make the page with --create-journal",
        )
    if config.preferred_format == "org":
        raise RequestError("this graph keeps its pages in Org format", "graphkit writes Markdown pages only")
    if title_of_file(path, config).journal_day != day:
        raise RequestError(
            f"a file named {path} would not be the journal of {day.isoformat()}",
            "correct :journal/file-name-format in logseq/config.edn",
        )
    return path, None


def _plan(vault: Vault, vault_metrics: VaultMetrics, wish: _Wish, path: str, data: bytes | None) -> Plan:
    """The line behind the page's last one, in the page's own line ends, its final newline or the lack of it kept.

    Raises RequestError if the page would not read back as before and with this observation.
    """
    text = "" if data is None else SourceText.decode(data).text
    end = content_end(text, 0, len(text))
    if not text.strip("\ufeff \t\r\n"):
        # A blank file is no page yet; its byte-order mark stays in front.
        end = len(text)
        block = line_end(text).join(wish.lines)
    else:
        eol = line_end(text)
        blocks = scan_outline(text, vault.dialect).blocks
        # Logseq leaves a blank line behind page properties.
        block = eol * (2 if blocks[-1].kind == "pre" else 1) + eol.join(wish.lines)
    splice = Splice(end, end, block)
    after = apply_splices(text, [splice])
    _check_reading(vault, vault_metrics, wish, path, text, after)
    reason = f"metric log {wish.metric.title}"
    return Plan(page=path, digest=None if data is None else digest(data), splices=(splice,), reason=reason)


def _check_reading(vault: Vault, vault_metrics: VaultMetrics, wish: _Wish, path: str, before: str, after: str) -> None:
    old = read_page(path, SourceText(before).encode(), vault) if before else None
    new = read_page(path, SourceText(after).encode(), vault)
    was = frozenset(old.sightings) if old else frozenset()
    added = [item for item in new.sightings if item not in was] if new else []
    if old is not None and (
        not same_blocks(vault, before, after)
        or (new is not None and (len(new.tasks), new.properties) != (len(old.tasks), old.properties))
    ):
        raise RequestError(
            f"a line at the end of {path} would change how the page reads",
            "close what is left open in it: a code fence, a drawer, a block of math",
        )
    if len(added) == 1:
        metric = vault_metrics.book.names.linked(added[0].metric)
        facts = replace(wish.reading.facts, unit_text=wish.unit.text, unit=wish.unit.name, unit_known=wish.unit.known)
        read = read_observations(wish.metric.title, facts, added, today=vault.today, parse_journal=vault.journals.parse)
        if metric is not None and metric.key == wish.metric.key and len(read.observations) == 1:
            found = read.observations[0]
            said = (found.day, found.value, found.n, found.segment)
            if said == (wish.day, wish.stated.value, wish.stated.n, wish.segment):
                return
    raise RequestError(
        f"“{wish.lines[0]}” would not be read as {wish.stated.written} of “{wish.metric.title}”",
        "omit links, tags and numbers from the note"
        if wish.note
        else "write the value in another way, or rename the metric",
    )
