"""The history of a vault's experiments: from its git repository where there is one, else as written in its pages."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, Protocol

from graphkit.app.opening import today
from graphkit.app.page_reader import read_heads
from graphkit.app.reading.experiments import work_tree
from graphkit.insight.history.commit_replay import Replay
from graphkit.insight.history.past_catalog import PastCatalog
from graphkit.insight.history.written import written_history
from graphkit.store.git.blobs import read_blobs
from graphkit.store.git.commits import find_repository, read_commits
from graphkit.store.git.process import GitError
from graphkit.text.records import Record, replace
from graphkit.vault.layout import arrange, skip_folder
from graphkit.vault.paths import PagePaths

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from graphkit.app.vault import Vault
    from graphkit.facts.page_facts import PageFacts
    from graphkit.insight.history.work_history import HistorySource, WorkHistory
    from graphkit.store.git.commits import Commit
    from graphkit.vault.layout import Dialect

_NO_REPOSITORY: Final = "not a git repository"


class VaultHistory(Record, frozen=True, kw_only=True):
    """The history of every experiment of a vault."""

    source: HistorySource
    histories: Mapping[str, WorkHistory]
    """By the path of the experiment's page."""
    notes: tuple[str, ...] = ()
    """What is missing in it, in words."""
    first: date | None = None
    """Day of the first commit that counts."""
    commits: int = 0
    blobs_read: int = 0
    """Versions of pages that were read from git, and not from a cache."""


class FactsCache(Protocol):
    """Facts of versions of pages that are kept between commands; a blob never changes."""

    def get(self, path: str, blob: str) -> PageFacts | None:
        """The facts of this blob as the page at this path; None where they are not kept."""

    def put(self, path: str, blob: str, facts: PageFacts | None) -> None:
        """Keep the facts of a blob; None: there is no page in it."""

    def has(self, path: str, blob: str) -> bool:
        """Whether anything is kept of it."""


def read_history(vault: Vault, *, source: HistorySource = "git", cache: FactsCache | None = None) -> VaultHistory:
    """The history of all experiments up to the vault's day.

    source: `written` leaves git alone. Whatever keeps git from being read is said in the notes, and the written history
    is taken instead.
    """
    if source == "written":
        return _written(vault, ())
    try:
        return _from_git(vault, cache)
    except GitError as error:
        missing = "this vault is in no git repository" if _NO_REPOSITORY in str(error) else f"git: {error}"
        return _written(vault, (f"{missing}; only what is written in the pages is known of the past",))


def _written(vault: Vault, notes: tuple[str, ...]) -> VaultHistory:
    pages = vault.catalog.of_type(vault.reading.experiment_types)
    histories = {
        page.path: written_history(page, work_tree(vault, page), vault.journals.parse, vault.today) for page in pages
    }
    starts = [history.start for history in histories.values() if history.start is not None]
    return VaultHistory(source="written", histories=histories, notes=notes, first=min(starts, default=None))


def _from_git(vault: Vault, cache: FactsCache | None) -> VaultHistory:
    repository = find_repository(vault.root)
    if not repository.head:
        raise GitError("the repository has no commit yet")
    commits = read_commits(vault.root, repository.head)
    notes = ["the clone is shallow: what lies before its first commit is missing"] if repository.shallow else []
    days, later = days_of(commits, max(today(), vault.today))
    if later:
        notes.append(f"{_commits(later)} dated in the future; the day of the commit before is taken")
    known = [(commit, day) for commit, day in zip(commits, days, strict=True) if day <= vault.today]
    paths = _page_paths(vault, known)
    modules = {path for commit, _ in known for path in commit.submodules}
    if modules:
        notes.append(f"submodules are left out: {', '.join(sorted(modules)[:3])}{' …' if len(modules) > 3 else ''}")
    if known and not paths:
        raise GitError("no commit of the repository holds a page of this vault")
    then, locator = vault, None
    if vault.paths is not None:
        then = replace(vault, paths=PagePaths(sorted(paths), vault.dialect))
        locator = partial(_locator, vault.dialect)
    catalog = PastCatalog(vault.journals.normalise, locator)
    replay = Replay(catalog, vault.is_experiment, vault.estimate_scale)
    reader = _VersionReader(then, cache, paths)
    for (_, day), changes in zip(known, reader.read([commit for commit, _ in known]), strict=True):
        replay.apply(day, changes)
    if reader.missing:
        notes.append(f"{reader.missing:,} versions of pages are not in this clone, and left out")
    if len(known) == len(commits):
        current = vault.catalog.of_type(vault.reading.experiment_types)
        rollups = {page.path: (page, work_tree(vault, page)) for page in current}
        replay.conclude(vault.today, rollups, lambda path: vault.catalog.at_path(path) is not None)
    return VaultHistory(
        source="git",
        histories=replay.histories(),
        notes=tuple(notes),
        first=known[0][1] if known else None,
        commits=len(known),
        blobs_read=reader.count,
    )


def _locator(dialect: Dialect, paths: Iterable[str]) -> Callable[[str], str | None]:
    return PagePaths(paths, dialect).find


def days_of(commits: Sequence[Commit], now: date) -> tuple[list[date], int]:
    """The day of each commit, oldest first, so that days never run back; and how many are dated in the future.

    A commit's day is the latest author's date so far. A date in the future, or one that cannot be read, counts as the
    day before it, of the first commit as today.
    """
    days: list[date] = []
    later = 0
    for commit in commits:
        day = commit.authored
        if day is not None and day > now:
            later += 1
            day = None
        if day is None:
            day = (
                days[-1]
                if days
                else min((c.authored for c in commits if c.authored and c.authored <= now), default=now)
            )
        days.append(max(day, days[-1]) if days else day)
    return days, later


def _commits(number: int) -> str:
    return "1 commit is" if number == 1 else f"{number:,} commits are"


def _page_paths(vault: Vault, commits: Iterable[tuple[Commit, date]]) -> set[str]:
    """All paths at which a page of this vault ever was."""
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
    """Turns commits into changes of pages; reads each version of a page once, in one process."""

    def __init__(self, vault: Vault, cache: FactsCache | None, paths: set[str]) -> None:
        self._vault = vault
        self._cache = cache
        self._paths = paths
        self.count = 0
        self.missing = 0

    def read(self, commits: Sequence[Commit]) -> Iterator[list[tuple[str, PageFacts | None]]]:
        """The changes of each commit."""
        wanted = [[(path, blob) for path, blob in commit.files if path in self._paths] for commit in commits]
        kept = {
            (path, blob)
            for files in wanted
            for path, blob in files
            if blob is not None and self._cache is not None and self._cache.has(path, blob)
        }
        answers = read_blobs(
            self._vault.root,
            (blob for files in wanted for path, blob in files if blob is not None and (path, blob) not in kept),
        )
        for files in wanted:
            found: dict[str, PageFacts | None] = dict.fromkeys(path for path, _ in files)
            fresh: list[tuple[str, bytes]] = []
            blobs: list[str] = []
            for path, blob in files:
                if blob is None:
                    continue
                if (path, blob) in kept:
                    found[path] = self._cache.get(path, blob) if self._cache is not None else None
                    continue
                _, data = next(answers)
                self.count += 1
                if data is None:
                    self.missing += 1
                else:
                    fresh.append((path, data))
                    blobs.append(blob)
            for (path, _), blob, facts in zip(fresh, blobs, read_heads(fresh, self._vault), strict=True):
                found[path] = facts
                if self._cache is not None:
                    self._cache.put(path, blob, facts)
            yield list(found.items())
