"""`graphkit metric import`: the rows of a file as observations of one metric, each day and segment once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from graphkit.app.failures import RequestError
from graphkit.app.page_reader import read_page, scan_outline
from graphkit.app.reading.vault_metrics import open_vault_metrics, read_data
from graphkit.app.results.metric_edits import FileProblem, ImportReport, ImportRow
from graphkit.app.writing.apply_plans import Change, KeptError, WriteReport, require_writable, write_changes
from graphkit.app.writing.import_rows import Row, Spelling, read_rows
from graphkit.app.writing.metric_log import metric_named, unit_of
from graphkit.app.writing.observation_table import COLUMNS, add_rows
from graphkit.app.writing.page_edit import read_for_writing, same_blocks, touched_blocks
from graphkit.facts.observations import observation_fields, read_csv
from graphkit.facts.property_values import read_names
from graphkit.insight.metrics.series import read_observations, sorted_sightings
from graphkit.store.reading.assets import read_asset
from graphkit.text.diagnostics import Diagnostic
from graphkit.text.diff import plan_diff, printable
from graphkit.text.edit import Plan, Splice, apply_splices, digest
from graphkit.text.records import Record, replace
from graphkit.text.source import SourceText
from graphkit.views.region_plan import content_end, line_end

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from graphkit.app.reading.vault_metrics import VaultMetrics
    from graphkit.app.vault import Vault
    from graphkit.app.writing.import_rows import Key
    from graphkit.facts.page_facts import Sighting
    from graphkit.insight.metrics.metric_names import Metric
    from graphkit.insight.metrics.metric_reading import MetricReading
    from graphkit.insight.metrics.series import Observation
    from graphkit.insight.metrics.stated_value import MetricUnit

Target = Literal["page", "csv"]
_SAME: Final = 1e-9


class _Import(Record, frozen=True, kw_only=True):
    """One import: the observations that the vault should hold afterwards."""

    vault: Vault
    vault_metrics: VaultMetrics
    metric: Metric
    reading: MetricReading
    unit: MetricUnit
    added: tuple[Row, ...]
    replaced: tuple[Row, ...]
    places: Mapping[Key, Sequence[Observation]]
    """Every place in which a value stands that is replaced."""

    def observations(self, sightings: Iterable[Sighting]) -> tuple[Observation, ...]:
        facts = replace(self.reading.facts, unit_text=self.unit.text, unit=self.unit.name, unit_known=self.unit.known)
        seen = tuple(sightings)
        return read_observations(
            self.metric.title, facts, seen, today=self.vault.today, parse_journal=self.vault.journals.parse
        ).observations


def import_observations(
    vault: Vault,
    file: Path,
    name: str,
    environ: Mapping[str, str],
    *,
    spelling: Spelling,
    target: Target = "page",
    replacing: bool = False,
    dry_run: bool = False,
) -> ImportReport:
    """Add the rows of a CSV or JSON file to a metric's page, or to the CSV that its `data::` names.

    replacing: overwrite another value of the same day and segment in place. All rows are read before anything
    is planned; if one is invalid or contradicts the vault, nothing is written. Raises RequestError for an
    unknown metric, one without a page, a target that is not there, and one that graphkit writes itself.
    """
    require_writable(vault)
    vault_metrics = open_vault_metrics(vault)
    metric = metric_named(vault_metrics, name)
    if metric.page is None:
        raise RequestError(
            f"the metric “{metric.title}” has no page", f'create one with `graphkit new metric "{metric.title}"`'
        )
    reading = vault_metrics.book.reading(metric)
    path = metric.page.path if target == "page" else _data_path(vault, reading)

    def is_wanted(written: str) -> bool:
        names = read_names(written)
        found = vault_metrics.book.resolve(names[0] if len(names) == 1 else written)
        return found is not None and found.key == metric.key

    rows, problems = read_rows(
        file,
        spelling,
        unit_of(reading),
        today=vault.today,
        parse_journal=vault.journals.parse,
        is_wanted=is_wanted,
    )
    here = {(item.day, item.segment.lower()): item for item in reading.observations}
    told = [_told(row, here.get(row.key), replacing=replacing) for row in rows]
    if replacing:
        problems += [
            FileProblem(line=row.line, message=f"{row.there} of that day stands in {row.place}, which is not rewritten")
            for row in told
            if row.state == "replaced" and here[row.day, row.segment.lower()].kind == "csv"
        ]
    report = ImportReport(
        metric=metric.title, file=str(file), path=path, dry_run=dry_run, rows=tuple(told), problems=tuple(problems)
    )
    if problems or report.failures:
        return report
    states = [row.state for row in told]
    job = _Import(
        vault=vault,
        vault_metrics=vault_metrics,
        metric=metric,
        reading=reading,
        unit=unit_of(reading),
        added=tuple(
            sorted((row for row, state in zip(rows, states, strict=True) if state == "new"), key=lambda row: row.key)
        ),
        replaced=tuple(row for row, state in zip(rows, states, strict=True) if state == "replaced"),
        places={},
    )
    if job.replaced:
        job = replace(job, places=_places(job))
    plans = list(_plans(job, path, target))
    _check_reading(job, plans)
    diffs = [printable(plan_diff(plan, SourceText.decode(data).text)) for plan, data in plans]
    written = WriteReport()
    if not dry_run:
        changes = [Change(plan=plan, replan=_replanning(job, plan.page, path, target)) for plan, _ in plans]
        written = write_changes(vault.root, changes, command=f"metric import {metric.title}", environ=environ)
    return replace(report, diffs=tuple(diffs), pages=written.pages, findings=written.findings, run=written.run)


def _data_path(vault: Vault, reading: MetricReading) -> str:
    page = reading.metric.page
    written = reading.facts.data
    if page is None or len(written) != 1:
        what = "names no file" if not written else "names several files"
        raise RequestError(
            f"the page of “{reading.metric.title}” {what} in data::", "name one there, such as ../assets/values.csv"
        )
    found = read_asset(vault.root, page.path, written[0])
    if isinstance(found, Diagnostic):
        raise RequestError(f"{page.path}: {found.message}", found.hint)
    return found[0]


def _told(row: Row, known: Observation | None, *, replacing: bool) -> ImportRow:
    told = ImportRow(
        line=row.line,
        state="new",
        day=row.day,
        value=row.stated.value,
        text=row.stated.written,
        n=row.stated.n,
        segment=row.segment,
        source=row.source,
    )
    if known is None:
        return told
    same = abs(known.value - row.stated.value) <= _SAME * max(abs(known.value), abs(row.stated.value))
    fits = row.stated.n is None or known.n is None or row.stated.n == known.n
    return replace(
        told,
        state="known" if same and fits else "replaced" if replacing else "differs",
        place=f"{known.path}:{known.line}",
        there=known.text,
    )


def _plans(job: _Import, path: str, target: Target) -> Iterator[tuple[Plan, bytes]]:
    """One plan a page that changes, with the bytes it was made from."""
    pages = dict.fromkeys([path] if job.added else [])
    pages.update(dict.fromkeys(place.path for row in job.replaced for place in job.places.get(row.key, ())))
    for page in pages:
        data = read_for_writing(job.vault, page)
        plan = _plan(job, page, data, path, target)
        if plan.splices:
            yield plan, data


def _places(job: _Import) -> Mapping[Key, Sequence[Observation]]:
    wanted = {row.key for row in job.replaced}
    found: dict[Key, list[Observation]] = {}
    for sighting in job.vault_metrics.book.sightings(job.metric):
        for item in job.observations([sighting]):
            key = item.day, item.segment.lower()
            if key in wanted:
                found.setdefault(key, []).append(item)
    return found


def _plan(job: _Import, page: str, data: bytes, path: str, target: Target) -> Plan:
    text = SourceText.decode(data).text
    splices = list(_replacements(job, page, text))
    if page == path and job.added:
        splices.append(_table_rows(job, text) if target == "page" else _csv_rows(job, text, page))
    reason = f"metric import {job.metric.title}"
    plan = Plan(page=page, digest=digest(data), splices=tuple(splices), reason=reason)
    if page != path or target == "page":
        after = apply_splices(text, splices)
        outline = scan_outline(text, job.vault.dialect)
        touched = touched_blocks(outline, splices)
        if not same_blocks(job.vault, text, after, changed=touched) and not _inserted(job, text, after, touched):
            raise RequestError(
                f"the rows would change how {page} reads", "close what is left open in it, or add a table by hand"
            )
    return plan


def _inserted(job: _Import, before: str, after: str, touched: set[int]) -> bool:
    """True if the blocks of a page are still there in their order, a heading and a table at most among them."""
    old = scan_outline(before, job.vault.dialect)
    new = scan_outline(after, job.vault.dialect)
    texts = [(block.level, after[block.text_start : block.end].strip()) for block in new.blocks]
    at = 0
    for block in old.blocks:
        wanted = (block.level, before[block.text_start : block.end].strip())
        while at < len(texts) and texts[at] != wanted and not (block.index in touched and texts[at][0] == wanted[0]):
            at += 1
        if at >= len(texts):
            return False
        at += 1
    return len(new.blocks) - len(old.blocks) <= 2


def _replacements(job: _Import, page: str, text: str) -> Iterator[Splice]:
    starts = SourceText(text).line_starts
    for row in job.replaced:
        for place in job.places.get(row.key, ()):
            if place.path != page:
                continue
            start = starts[place.line - 1] + place.column - 1 if place.line <= len(starts) else len(text)
            end = start + len(place.text)
            if text[start:end] != place.text:
                raise RequestError(f"{page} has changed just now", "run the command again")
            yield Splice(start, end, row.stated.written)


def _table_rows(job: _Import, text: str) -> Splice:
    outline = scan_outline(text, job.vault.dialect)
    return add_rows(outline, [row.fields for row in job.added], indentation=job.vault.config.bullet_indentation)


def _csv_rows(job: _Import, text: str, path: str) -> Splice:
    """Lines behind the file's last one, in its own columns and separators."""
    import csv  # noqa: PLC0415 - for this target only
    import io  # noqa: PLC0415

    header = text.removeprefix("\ufeff").splitlines()[0] if text.strip("\ufeff \r\n") else ""
    delimiter = max(",;\t", key=header.count)
    cells = next(csv.reader([header], delimiter=delimiter, skipinitialspace=True), [])
    fields = observation_fields(cells)
    needed = {field for field in COLUMNS for row in job.added if row.fields[field]}
    missing = [field for field in COLUMNS if field in needed and field not in fields]
    if missing:
        raise RequestError(
            f"{path} has no column {' and '.join(f'“{field}”' for field in missing)}", "add it to the file's header"
        )
    eol = line_end(text)
    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter, lineterminator=eol)
    by_place = {place: field for field, place in fields.items()}
    for row in job.added:
        writer.writerow([row.fields[by_place[place]] if place in by_place else "" for place in range(len(cells))])
    end = content_end(text, 0, len(text))
    return Splice(end, end, eol + written.getvalue().removesuffix(eol))


def _check_reading(job: _Import, plans: Sequence[tuple[Plan, bytes]]) -> None:
    """Raises RequestError unless every row reads back from the new pages as what it says."""
    new = {plan.page: plan.apply(data) for plan, data in plans}
    book = job.vault_metrics.book
    sightings = [item for item in book.sightings(job.metric) if item.path not in new]
    facts = job.reading.facts
    page = job.metric.page
    if page is not None and facts.data:
        sightings += [item for item in read_data(job.vault, page, facts)[0] if item.path not in new]
    for path, data in new.items():
        if page is not None and job.vault.catalog.at_path(path) is None:
            sightings += read_csv(data, path, page.title)[0]
            continue
        read = read_page(path, data, job.vault)
        for item in read.sightings if read else ():
            named = (book.names.resolve_key if item.kind == "property" else book.names.resolve)(item.metric)
            if named is not None and named.key == job.metric.key:
                sightings.append(item)
    found = {(item.day, item.segment.lower()): item for item in job.observations(sorted_sightings(sightings))}
    for row in (*job.added, *job.replaced):
        there = found.get(row.key)
        if (
            there is None
            or there.value != row.stated.value
            or row.stated.n not in {None, there.n}
            or there.segment.lower() != row.segment.lower()
        ):
            raise RequestError(
                f"line {row.line}, {row.stated.written} on {row.day.isoformat()}, would not read back as that",
                "check the names and characters in that row",
            )


def _replanning(job: _Import, page: str, path: str, target: Target) -> Callable[[bytes], Plan | None]:
    def replan(data: bytes) -> Plan | None:
        """The same rows where nothing but other words of the page have changed."""
        if job.replaced or target == "csv":
            raise KeptError("it changed meanwhile", "run the command again")
        try:
            plan = _plan(job, page, data, path, target)
            read = read_page(page, data, job.vault)
            there = job.observations(item for item in read.sightings if item.kind == "table") if read else ()
            if {(item.day, item.segment.lower()) for item in there} & {row.key for row in job.added}:
                raise KeptError("somebody has just added values to it", "run the command again")
            _check_reading(job, [(plan, data)])
        except RequestError as error:
            raise KeptError(error.message, error.hint) from error
        return plan

    return replan
