"""The history of a vault's experiments: from its git repository if it has one, else as written in its pages."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - the fields' types are read when a history is decoded
from functools import partial
from typing import TYPE_CHECKING, Final

from graphkit.app.history.history_cache import HistoryCache
from graphkit.app.opening import today
from graphkit.app.page_reader import identity_of, read_heads, read_page
from graphkit.app.reading.experiments import work_tree
from graphkit.facts.page_facts import INSIDE
from graphkit.insight.history.commit_replay import Replay, ReplayState
from graphkit.insight.history.past_catalog import PastCatalog
from graphkit.insight.history.written import written_history
from graphkit.store.git.blobs import read_blobs
from graphkit.store.git.commits import find_repository, read_commits
from graphkit.store.git.process import GitError
from graphkit.text.records import Record, force_setattr, replace
from graphkit.vault.layout import arrange, skip_folder
from graphkit.vault.paths import PagePaths

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from graphkit.app.history.history_cache import Version
    from graphkit.app.vault import Vault
    from graphkit.facts.page_facts import PageFacts
    from graphkit.insight.history.commit_replay import Rollups
    from graphkit.insight.history.forecasts import HistorySource
    from graphkit.insight.history.work_history import WorkHistory
    from graphkit.store.git.commits import Commit

_NO_REPOSITORY: Final = "not a git repository"


class VaultHistory(Record, frozen=True, kw_only=True):
    """The history of every experiment of a vault."""

    source: HistorySource
    histories: Mapping[str, WorkHistory]
    """By the path of the experiment's page."""
    notes: tuple[str, ...] = ()
    """Notes on what is missing."""
    first: date | None = None
    """Day of the first commit that counts."""
    commits: int = 0
    blobs_read: int = 0
    """The number of page versions read from git rather than the cache."""


class KeptHistory(Record, frozen=True, array_like=True):
    """The part of a history that is cached for the next command."""

    head: str
    """The commit up to which it goes."""
    first: date
    last: date
    """Days of its first and last commit."""
    commits: int
    missing: int
    """The number of versions that this clone does not have."""
    modules: tuple[str, ...]
    """Submodules, which are ignored."""
    files: str
    """Paths and blobs of the pages of that commit, one after the other with NUL between: read when they are needed."""
    replay: ReplayState


def read_history(vault: Vault, rollups: Rollups | None = None, *, source: HistorySource = "git") -> VaultHistory:
    """The history of all experiments up to the vault's day.

    rollups: all experiments as they are now with their work trees, where these are there already. source: `written`
    leaves git alone. If git cannot be read, the notes say why, and the written history is used instead.
    """
    if source == "written":
        return _written(vault, rollups, ())
    try:
        return _GitHistory(vault, rollups).read()
    except GitError as error:
        missing = "this vault is in no git repository" if _NO_REPOSITORY in str(error) else f"git: {error}"
        return _written(vault, rollups, (f"{missing}, so the past is known only from what is written in the pages",))


def _written(vault: Vault, rollups: Rollups | None, notes: tuple[str, ...]) -> VaultHistory:
    histories = {
        path: written_history(page, tree, vault.journals.parse, vault.today)
        for path, (page, tree) in (rollups or _rollups(vault)).items()
    }
    starts = [history.start for history in histories.values() if history.start is not None]
    return VaultHistory(source="written", histories=histories, notes=notes, first=min(starts, default=None))


def _rollups(vault: Vault) -> Rollups:
    pages = vault.catalog.of_type(vault.reading.experiment_types)
    return {page.path: (page, work_tree(vault, page)) for page in pages}


class _GitHistory:
    """Reads the history of a vault from git, unless it is cached from an earlier command."""

    def __init__(self, vault: Vault, rollups: Rollups | None) -> None:
        self._vault = vault
        self._rollups = rollups
        self._cache = None if vault.cache is None else HistoryCache(vault.cache)
        self._blobs_read = 0

    def read(self) -> VaultHistory:
        """The history. Raises GitError."""
        vault = self._vault
        repository = find_repository(vault.root)
        if not repository.head:
            raise GitError("the repository has no commit yet")
        kept = None if self._cache is None else self._cache.read_state(KeptHistory)
        if kept is not None and kept.last > vault.today:
            kept = None
        catalog = PastCatalog(vault.journals.normalise, self._locator())
        replay = Replay(catalog, vault.is_experiment, vault.estimate_scale)
        notes = ["the clone is shallow: everything before its first commit is missing"] if repository.shallow else []
        whole = True
        if kept is not None and kept.head == repository.head:
            replay.resume(kept.replay)
        else:
            commits = read_commits(vault.root, repository.head, kept.head if kept is not None else "")
            if kept is not None and commits[0].parent != kept.head:
                kept = None  # the branch was rebased, or another one is checked out
            kept, later, whole = self._apply(replay, catalog, commits, kept, repository.head)
            if later:
                notes.append(f"{_commits(later)} dated in the future; the day of the commit before is used")
        if whole:
            rollups = _rollups(vault) if self._rollups is None else self._rollups
            replay.conclude(vault.today, rollups, lambda path: vault.catalog.at_path(path) is not None)
        if kept.modules:
            shown = ", ".join(kept.modules[:3]) + (" …" if len(kept.modules) > 3 else "")
            notes.append(f"submodules are ignored: {shown}")
        if kept.missing:
            notes.append(f"{kept.missing:,} versions of pages are missing in this clone and ignored")
        return VaultHistory(
            source="git",
            histories=replay.histories(),
            notes=tuple(notes),
            first=kept.first,
            commits=kept.commits,
            blobs_read=self._blobs_read,
        )

    def _apply(
        self, replay: Replay, catalog: PastCatalog, commits: Sequence[Commit], kept: KeptHistory | None, head: str
    ) -> tuple[KeptHistory, int, bool]:
        """Apply commits, cached ones first; the result, the number of future dates, and whether all count."""
        vault = self._vault
        days, later = days_of(commits, max(today(), vault.today), kept.last if kept is not None else None)
        known = [(commit, day) for commit, day in zip(commits, days, strict=True) if day <= vault.today]
        paths = _page_paths(vault, known)
        if not paths and not (kept is not None and kept.files):
            raise GitError("no commit of the repository up to this day holds a page of this vault")
        words = iter(kept.files.split("\0") if kept is not None and kept.files else ())
        files = dict(zip(words, words, strict=True))
        reader = _VersionReader(vault, self._cache, paths | files.keys())
        if kept is not None:
            for path, facts in next(reader.read([list(files.items())])):
                catalog.replace(path, facts)
            replay.resume(kept.replay)
        wanted = [[(path, blob) for path, blob in commit.files if path in paths] for commit, _ in known]
        for (_, day), changes in zip(known, reader.read(wanted), strict=True):
            replay.apply(day, changes)
        for changed in wanted:
            for path, blob in changed:
                files.pop(path, None) if blob is None else files.update({path: blob})
        self._blobs_read = reader.count
        modules = {path for commit, _ in known for path in commit.submodules}
        found = KeptHistory(
            head=head,
            first=kept.first if kept is not None else known[0][1],
            last=known[-1][1] if known else kept.last if kept is not None else days[-1],
            commits=len(known) + (kept.commits if kept is not None else 0),
            missing=reader.missing + (kept.missing if kept is not None else 0),
            modules=tuple(sorted(modules.union(kept.modules if kept is not None else ()))),
            files="\0".join(word for file in files.items() for word in file),
            replay=replay.state(),
        )
        whole = len(known) == len(commits)
        if self._cache is not None and whole and not later:
            versions = {(path, blob) for changed in wanted for path, blob in changed if blob is not None}
            self._cache.save(found, versions if kept is None else None)
        return found, later, whole

    def _locator(self) -> Callable[[Iterable[str]], Callable[[str], str | None]] | None:
        """What finds files where pages are named by their paths."""
        if self._vault.paths is None:
            return None
        return lambda paths: PagePaths(paths, self._vault.dialect).find


def days_of(commits: Sequence[Commit], now: date, before: date | None = None) -> tuple[list[date], int]:
    """The day of each commit, oldest first, so that days never run back; and how many are dated in the future.

    before: the day of the commit before the first one.

    A commit's day is the latest author's date so far. A date in the future, or one that cannot be read, counts as the
    day before it, of the first commit as today.
    """
    last = before or min((day for commit in commits if (day := commit.authored) and day <= now), default=now)
    days: list[date] = []
    later = 0
    for commit in commits:
        day = commit.authored
        if day is not None and day > now:
            later += 1
        elif day is not None and day > last:
            last = day
        days.append(last)
    return days, later


def _commits(number: int) -> str:
    return "1 commit is" if number == 1 else f"{number:,} commits are"


def _page_paths(vault: Vault, commits: Iterable[tuple[Commit, date]]) -> set[str]:
    """All paths that a page of this vault ever had."""
    touched = {path for commit, _ in commits for path, _ in commit.files if path.endswith((".md", ".markdown"))}
    entered: dict[str, bool] = {"": True}

    def enters(folder: str) -> bool:
        if folder not in entered:
            above = folder[: folder.rfind("/")] if "/" in folder else ""
            entered[folder] = not skip_folder(folder) and enters(above)
        return entered[folder]

    inside = (path for path in touched if enters(path[: path.rfind("/")] if "/" in path else ""))
    return set(arrange(inside, vault.dialect, (*vault.config.hidden, *vault.settings.ignore)).pages)


class _VersionReader:
    """Pages of versions; each blob is read once, in one process, cached ones not at all."""

    def __init__(self, vault: Vault, cache: HistoryCache | None, paths: set[str]) -> None:
        self._vault = vault if vault.paths is None else replace(vault, paths=PagePaths(sorted(paths), vault.dialect))
        self._cache = cache
        self.count = 0
        self.missing = 0
        if cache is not None:
            cache.load()

    def read(self, steps: Sequence[Collection[tuple[str, str | None]]]) -> Iterator[list[tuple[str, PageFacts | None]]]:
        """The pages of some steps, each with its paths and blobs (None: the page is gone)."""
        kept: dict[Version, PageFacts | None] = {}
        for files in steps:
            for path, blob in files:
                found = self._find((path, blob)) if blob is not None and (path, blob) not in kept else None
                if found is not None and blob is not None:
                    kept[path, blob] = found[0]
        unread = (blob for files in steps for path, blob in files if blob is not None and (path, blob) not in kept)
        answers = read_blobs(self._vault.root, unread)
        for files in steps:
            pages: dict[str, PageFacts | None] = dict.fromkeys(path for path, _ in files)
            fresh: dict[Version, bytes] = {}
            for path, blob in files:
                if blob is None:
                    continue
                if (path, blob) in kept:
                    pages[path] = kept[path, blob]
                    continue
                _, data = next(answers)
                self.count += 1
                if data is None:
                    self.missing += 1
                else:
                    fresh[path, blob] = data
            read = read_heads([(path, data) for (path, _), data in fresh.items()], self._vault)
            for version, facts in zip(fresh, read, strict=True):
                pages[version[0]] = facts
                if self._cache is not None:
                    self._cache.put(version, facts)
            yield list(pages.items())

    def _find(self, version: Version) -> tuple[PageFacts | None] | None:
        """The cached page, if its name is still the same."""
        found = None if self._cache is None else self._cache.find(version)
        if found is None or (facts := found[0]) is None:
            return found
        paths = self._vault.paths
        if paths is not None and (facts.title, facts.name) != identity_of(facts.path, self._vault, paths)[:2]:
            return None
        if facts.pending:
            force_setattr(facts, "read", partial(self._read_inside, version[1]))
        return found

    def _read_inside(self, blob: str, page: PageFacts, _: str) -> Mapping[str, object]:
        """The facts of a page that are not cached."""
        _, data = next(read_blobs(self._vault.root, [blob]))
        self.count += 1
        facts = None if data is None else read_page(page.path, data, self._vault)
        return {} if facts is None else {name: getattr(facts, name) for name in INSIDE}
