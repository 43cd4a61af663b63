"""Building a dataset: list the sources, read those that changed, and replace the manifest."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from graphkit.app.page_chunks import list_pages, merge_chunks
from graphkit.app.results.portfolio_reports import BuildReport, UnreadVault
from graphkit.app.tables.arrow_tables import require_extra
from graphkit.app.tables.table_schema import SCHEMA_VERSION
from graphkit.portfolio.batch_reading import BatchJob, ChunkJob, read_batch, read_chunk, write_batch, write_loaded
from graphkit.portfolio.dataset_place import is_same_folder, open_place
from graphkit.portfolio.engines.engine import JobFailure
from graphkit.portfolio.listing import expand_sources, list_vault
from graphkit.portfolio.manifest import Asset, Manifest, VaultEntry, collected
from graphkit.portfolio.vault_source import read_sources
from graphkit.portfolio.vault_tables import failed_tables, failure_reason
from graphkit.store.reading.assets import asset_digest
from graphkit.text.records import Record, replace
from graphkit.version import __version__

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from graphkit.portfolio.batch_reading import BatchResult
    from graphkit.portfolio.engines.engine import Engine
    from graphkit.portfolio.listed_vault import ListedVault

BATCH_PAGES: Final = 2_000
"""Pages that are read in one job: a second or two of work, so that processes wait for each other at the end only."""
BATCH_VAULTS: Final = 64
UNKNOWN_PAGES: Final = 200
"""Pages counted for a git repository, whose size is not known before it is fetched."""
HUGE: Final = 20_000
"""Pages from which a folder is read in chunks by several processes."""
CHUNK_PAGES: Final = 5_000


class Sizes(Record, frozen=True, kw_only=True):
    """How work is cut into jobs. The rows do not depend on it."""

    batch_pages: int = BATCH_PAGES
    batch_vaults: int = BATCH_VAULTS
    huge: int = HUGE
    chunk_pages: int = CHUNK_PAGES


def build_dataset(
    words: Sequence[str],
    place: str,
    engine: Engine,
    as_of: dt.date,
    here: Path,
    *,
    everything: bool = False,
    sizes: Sizes | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> BuildReport:
    """Bring the dataset at a place up to date with its sources.

    words: as on the command line. everything: read vaults that have not changed too. progress: called with what is
    being done, and with the number of vaults done and of all. Raises RequestError for words that cannot be sources and
    for a place that cannot be used, and ChangedError if another run replaced the manifest meanwhile.
    """
    require_extra()
    tell = progress or (lambda _what, _done, _total: None)
    sizes = sizes or Sizes()
    found = expand_sources(read_sources(words, here))
    # A pattern may match the dataset of the last run, too.
    sources = [source for source in found if source.kind != "folder" or not is_same_folder(place, source.address)]
    target = open_place(place)
    before = target.load()
    listed: list[ListedVault] = []
    for number, source in enumerate(sources):
        tell("listing", number, len(sources))
        listed.append(list_vault(source))
    kept, wanted = _sorted_out(listed, None if everything else before, as_of)
    done = 0
    entries, batches = list(kept), list(before.batches if before else ())
    for result in _read(wanted, engine, place, as_of, sizes):
        entries += result.entries
        batches.append(result.batch)
        done += len(result.entries)
        tell("reading", done, len(wanted))
    old = before or Manifest()
    present = target.list_parts()
    fresh = collected(as_of.isoformat(), entries, batches)
    gone = frozenset(old.retired).intersection(present) - fresh.parts
    manifest = replace(fresh, retired=tuple(sorted(present - fresh.parts - gone)))
    if before != manifest:
        target.commit(manifest)
    target.delete(gone)
    return _report(manifest, as_of, target.shown, read=len(wanted), removed=len(_ids(old.vaults) - _ids(entries)))


def _ids(entries: Iterable[VaultEntry]) -> set[str]:
    return {entry.id for entry in entries}


def _sorted_out(
    listed: Iterable[ListedVault], before: Manifest | None, as_of: dt.date
) -> tuple[list[VaultEntry], list[ListedVault]]:
    """The entries that still hold, and the vaults to read."""
    same = before is not None and (before.tables, before.program, before.as_of) == (
        SCHEMA_VERSION, __version__, as_of.isoformat()
    )  # fmt: skip
    known = {entry.id: entry for entry in before.vaults} if before is not None and same else {}
    kept: list[VaultEntry] = []
    wanted: list[ListedVault] = []
    for vault in listed:
        entry = known.get(vault.source.id)
        if entry is not None and _holds(entry, vault):
            kept.append(entry)
        else:
            wanted.append(vault)
    return kept, wanted


def _holds(entry: VaultEntry, listed: ListedVault) -> bool:
    """True if a vault is as it was when it was read."""
    if listed.error or not entry.digest or entry.digest != listed.digest:
        return False
    return listed.source.kind != "folder" or all(_same(asset, listed.source.address) for asset in entry.assets)


def _same(asset: Asset, root: str) -> bool:
    return asset_digest(Path(root), asset.page, asset.written).hex() == asset.digest


def _read(
    wanted: Sequence[ListedVault], engine: Engine, place: str, as_of: dt.date, sizes: Sizes
) -> Iterator[BatchResult]:
    """The results of reading these vaults: many in one job, and a huge one in several."""
    huge = [vault for vault in wanted if vault.source.kind == "folder" and vault.pages >= sizes.huge]
    others = [vault for vault in wanted if vault not in huge] if huge else wanted
    jobs = [BatchJob(vaults=some, as_of=as_of, place=place) for some in _batches(others, sizes)]
    apart: list[BatchJob] = []
    for number, result in engine.map(read_batch, jobs):
        if not isinstance(result, JobFailure):
            yield result
        elif len(jobs[number].vaults) == 1:
            yield _failed(jobs[number], result)
        else:
            apart += [replace(jobs[number], vaults=(vault,)) for vault in jobs[number].vaults]
    for number, result in engine.map(read_batch, apart) if apart else ():
        yield _failed(apart[number], result) if isinstance(result, JobFailure) else result
    for vault in huge:
        yield _read_huge(vault, engine, place, as_of, sizes)


def _failed(job: BatchJob, failure: JobFailure) -> BatchResult:
    return write_batch(job.place, (failed_tables(vault, job.as_of, failure.message) for vault in job.vaults))


def _batches(vaults: Sequence[ListedVault], sizes: Sizes) -> Iterator[tuple[ListedVault, ...]]:
    """The vaults in their order, as many together as make a job. The number of workers does not matter."""
    together: list[ListedVault] = []
    pages = 0
    for vault in vaults:
        own = vault.pages if vault.source.kind != "git" else UNKNOWN_PAGES
        if together and (pages + own > sizes.batch_pages or len(together) == sizes.batch_vaults):
            yield tuple(together)
            together, pages = [], 0
        together.append(vault)
        pages += own
    if together:
        yield tuple(together)


def _read_huge(vault: ListedVault, engine: Engine, place: str, as_of: dt.date, sizes: Sizes) -> BatchResult:
    """The result of a vault whose pages are read in chunks; what needs all pages is computed here, once."""
    root = Path(vault.source.address)
    try:
        pages = list_pages(root, as_of)
        step = sizes.chunk_pages
        jobs = [
            ChunkJob(root=root, paths=pages[start : start + step], as_of=as_of) for start in range(0, len(pages), step)
        ]
        found = (result for _, result in engine.map(read_chunk, jobs) if not isinstance(result, JobFailure))
        loaded, links = merge_chunks(root, as_of, found)
        return write_loaded(place, vault, loaded, links)
    except Exception as error:  # noqa: BLE001 - the failure of this vault, as it would be in an engine
        return write_batch(place, [failed_tables(vault, as_of, failure_reason(error, vault))])


def _report(manifest: Manifest, as_of: dt.date, place: str, *, read: int, removed: int) -> BuildReport:
    rows: dict[str, int] = {}
    for entry in manifest.vaults:
        for table, number in entry.counts.items():
            rows[table] = rows.get(table, 0) + number
    return BuildReport(
        place=place,
        as_of=as_of,
        vaults=len(manifest.vaults),
        read=read,
        unchanged=len(manifest.vaults) - read,
        removed=removed,
        rows=rows,
        unread=tuple(
            UnreadVault(id=entry.id, source=entry.source, error=entry.error) for entry in manifest.vaults if entry.error
        ),
        partly=tuple(entry.id for entry in manifest.vaults if entry.unread and not entry.error),
    )
