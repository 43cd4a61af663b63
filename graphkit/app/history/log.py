"""`graphkit log`: what changed in experiments since a day: tasks, scope, lifecycle, results, values of metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.app.failures import RequestError
from graphkit.app.history.day_words import read_day_words
from graphkit.app.history.vault_history import days_of
from graphkit.app.history.work_past import Past
from graphkit.app.reading.vault_metrics import open_vault_metrics
from graphkit.app.results.history_reports import HistoryLog, LogEntry
from graphkit.insight.history.leaves import OPEN
from graphkit.insight.metrics.metric_text import value_text
from graphkit.outline.inline import plain_text
from graphkit.quantities.written_dates import read_date
from graphkit.store.git.commits import find_repository, read_commits, resolve_revision
from graphkit.store.git.process import GitError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from graphkit.app.history.work_past import ExperimentPast
    from graphkit.app.reading.name_lookup import Filters
    from graphkit.app.reading.vault_metrics import VaultMetrics
    from graphkit.app.vault import Vault
    from graphkit.insight.history.forecasts import HistorySource
    from graphkit.insight.history.leaves import Leaf

_ORDER: Final = (
    "lifecycle", "result", "due", "property", "done", "started", "reopened", "slipped", "postponed", "added",
    "removed", "value",
)  # fmt: skip
"""Kinds of entries in the order of one day."""
_RANK: Final = {kind: number for number, kind in enumerate(_ORDER)}
_DATES: Final = ("due", "end-date", "stop-date")
_KINDS_OF_KEYS: Final = {"lifecycle": "lifecycle", "result": "result", "due": "due", "end-date": "due"}


def report_log(
    vault: Vault, since: str, names: Sequence[str], filters: Filters, source: HistorySource = "git"
) -> HistoryLog:
    """The changes from a day, or from a revision of the repository, up to the vault's day.

    Raises RequestError if `since` is neither, and for an unknown name.
    """
    day, end = since_day(vault, since), vault.today
    past = Past(vault, source)
    vault_metrics = open_vault_metrics(vault)
    entries: list[LogEntry] = []
    titles: list[str] = []
    for item in past.chosen(names, filters):
        found = [
            entry
            for entry in (*_of_leaves(item, end), *_of_page(vault, item), *_of_metrics(item, vault_metrics))
            if day <= entry.day <= end
        ]
        found.sort(key=lambda entry: (entry.day, _RANK[entry.kind], entry.path, entry.line))
        if found:
            titles.append(item.experiment.page.title)
            entries += found
    return HistoryLog(
        vault=vault.name,
        as_of=end,
        since=day,
        source=past.source,
        notes=past.notes,
        experiments=tuple(titles),
        entries=tuple(entries),
    )


def since_day(vault: Vault, since: str) -> date:
    """The day that `--since` names, in words or by a revision of git: that of the revision's commit in the history."""
    day = read_day_words(since, vault.today, vault.journals.parse)
    if day is not None:
        return day
    try:
        commit = resolve_revision(vault.root, since)
        commits = read_commits(vault.root, find_repository(vault.root).head)
    except GitError as error:
        raise RequestError(
            f"“{since}” is neither a day nor a commit: {error}",
            "write a day such as 2026-03-31, “last monday” or -7d, or a revision of the vault's repository",
        ) from error
    days, _ = days_of(commits, vault.today)
    for found, day in zip(commits, days, strict=True):
        if found.id == commit:
            return day
    raise RequestError(
        f"the commit “{since}” is not on the first-parent line of HEAD",
        "name a commit that `git log --first-parent` lists",
    )


def _of_leaves(item: ExperimentPast, until: date) -> Iterator[LogEntry]:
    for leaf in item.history.leaves:
        text = plain_text(leaf.text)

        def entry(day: date, kind: str, detail: str = "", leaf: Leaf = leaf, text: str = text) -> LogEntry:
            return LogEntry(
                day=day,
                kind=kind,
                experiment=item.experiment.page.title,
                text=text,
                detail=detail,
                path=leaf.path,
                line=leaf.line,
            )

        if (day := leaf.completed()) is not None:
            yield entry(day, "done")
        if (day := leaf.started()) is not None:
            yield entry(day, "started")
        for day in leaf.reopened():
            yield entry(day, "reopened")
        for day in leaf.slipped(until):
            yield entry(day, "slipped")
        for day, old, new in leaf.postponed():
            yield entry(day, "postponed", f"{old.isoformat()} → {new.isoformat()}")
        if leaf.added is not None:
            yield entry(leaf.added, "added")
        last = leaf.spans[-1]
        if last.state == "gone" and last.since is not None and leaf.spans[-2].state in OPEN:
            yield entry(last.since, "removed")


def _of_page(vault: Vault, item: ExperimentPast) -> Iterator[LogEntry]:
    page = item.experiment.page

    def entry(day: date, kind: str, text: str, detail: str, line: int) -> LogEntry:
        return LogEntry(day=day, kind=kind, experiment=page.title, text=text, detail=detail, path=page.path, line=line)

    for change in item.history.changes:
        detail = f"{_said(vault, change.key, change.before)} → {_said(vault, change.key, change.after)}"
        line = page.property_lines.get(change.key, 1)
        kind = _KINDS_OF_KEYS.get(change.key, "property")
        yield entry(change.day, kind, change.key if kind == "property" else "", detail, line)
    decided = read_date(page.properties.get("decided-on", ""), vault.journals.parse)
    if item.history.source == "written" and decided is not None:
        yield entry(decided, "result", "", item.experiment.result or "–", page.property_lines.get("decided-on", 1))


def _said(vault: Vault, key: str, value: str) -> str:
    """A property's value in plain words; a date as ISO 8601, a dash if it is empty."""
    day = read_date(value, vault.journals.parse) if key in _DATES else None
    return day.isoformat() if day is not None else plain_text(value) or "–"


def _of_metrics(item: ExperimentPast, vault_metrics: VaultMetrics) -> Iterator[LogEntry]:
    for measure in vault_metrics.measures(item.experiment.page):
        if measure.how == "mention":
            continue
        reading = vault_metrics.book.reading(measure.metric)
        for seen in reading.observations:
            yield LogEntry(
                day=seen.day,
                kind="value",
                experiment=item.experiment.page.title,
                text=reading.metric.title,
                detail=value_text(seen.value, reading.unit_text) + (f" ({seen.segment})" if seen.segment else ""),
                path=seen.path,
                line=seen.line,
            )
