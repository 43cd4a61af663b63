"""The last `status` again, where nothing has changed: compares stamps and reads no page. Works nothing out.

An answer is kept with everything that it depends on: the stamps of all files, configuration and program, the day, the
filters, and the files beside pages that metrics name. Where one of them differs there is no answer here, and the
vault is opened. Measured at 10,000 pages: a fifth of the time of working it out from facts that are read already.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from graphkit.app.conditions import read_conditions
from graphkit.app.results import ExperimentRow, StatusReport
from graphkit.facts.packing import DAY, Form, finding_form, many, one
from graphkit.store.files import walk
from graphkit.store.index import IndexUnusableError, glance_at, stamps_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from pathlib import Path

    from graphkit.app.opening import IndexPlace
    from graphkit.app.select import Filters
    from graphkit.app.session import Session
    from graphkit.store.files import Listing

ANSWER: Final = "status"
"""Name under which the answer lies in the index."""


def glance_status(
    root: Path, place: IndexPlace, filters: Filters, *, day: dt.date, environment: Mapping[str, str]
) -> tuple[StatusReport | None, Listing]:
    """The report that was kept, if it still holds, and the listing of the vault.

    Raises VaultError as `walk` does.
    """
    listing = walk(root)
    conditions = read_conditions(root, listing.top, environment)
    try:
        seen = glance_at(place.path, ANSWER)
    except IndexUnusableError:
        return None, listing
    if seen is None or seen.files != stamps_of(listing.files) or seen.scene != conditions.scene(root, listing):
        return None, listing
    key, assets, packed = seen.answer
    if key != _key(filters, day, seen.state) or not _same_assets(root, assets):
        return None, listing
    report: StatusReport = _form().unpack(packed)
    return report, listing


def recall_status(session: Session, filters: Filters) -> StatusReport | None:
    """The report that was kept, if nothing that has changed since has a part in it."""
    index = session.index
    kept = None if index is None or session.unread else index.part(ANSWER)
    if kept is None:
        return None
    key, assets, packed = kept
    if key != _key(filters, session.today, session.state) or not _same_assets(session.root, assets):
        return None
    report: StatusReport = _form().unpack(packed)
    return report


def keep_status(session: Session, filters: Filters, report: StatusReport) -> None:
    """Keep a report for the next command; one of a vault that could not be read as a whole is not kept."""
    index = session.index
    if index is None or session.unread or not report.pages or any(found.code == "E101" for found in session.findings):
        return
    key = _key(filters, session.today, session.state)
    assets = tuple((page, written, digest) for (page, written), digest in sorted(session.assets.items()))
    index.keep(ANSWER, (key, assets, _form().pack(report)))


def _key(filters: Filters, day: dt.date, state: bytes) -> tuple[Any, ...]:
    return (filters.goals, filters.owners, filters.statuses, filters.tags, filters.healths, day.toordinal(), state)


def _same_assets(root: Path, assets: tuple[tuple[str, str, bytes], ...]) -> bool:
    if not assets:
        return True
    from graphkit.app.assets import asset_digest  # noqa: PLC0415 - most vaults have none

    return all(asset_digest(root, page, written) == digest for page, written, digest in assets)


@cache
def _form() -> Form:
    from graphkit.app.metric_results import MetricBrief  # noqa: PLC0415 - only where there is an answer
    from graphkit.insight.progress import Progress  # noqa: PLC0415

    row = Form(
        ExperimentRow,
        progress=one(Form(Progress)),
        start=DAY,
        due=DAY,
        last_activity=DAY,
        metrics=many(Form(MetricBrief, day=DAY)),
    )
    return Form(StatusReport, as_of=DAY, experiments=many(row), unread=many(finding_form()))
