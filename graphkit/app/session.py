"""A vault opened for one command: configuration, catalog, findings of loading. "Today" enters here and nowhere else."""

from __future__ import annotations

import datetime as dt
import gc
from typing import TYPE_CHECKING, get_args

from graphkit.app.failures import RequestError
from graphkit.app.inputs import read_conditions
from graphkit.app.opening import today
from graphkit.app.page_reader import identity_of, note_marks, read_heads, read_pages, scan_outline, second_file
from graphkit.facts.catalog import MemoryCatalog
from graphkit.facts.page_facts import SectionKind
from graphkit.facts.page_source import Reading
from graphkit.facts.references import ReferenceRules
from graphkit.facts.sections import SECTION_WORDS
from graphkit.facts.statements import MeasureWords
from graphkit.facts.strategy_tables import INITIATIVE_WORDS, STRATEGY_COLUMNS, StrategyColumn
from graphkit.insight.work.estimates import EstimateScale
from graphkit.store.reading.files import read_batches, read_bytes, walk
from graphkit.text.diagnostics import Diagnostic, Severity
from graphkit.text.digests import file_digest
from graphkit.text.records import Record, field
from graphkit.text.source import SourceText
from graphkit.vault.config import GraphConfig, read_config
from graphkit.vault.journal import JournalFormats, journal_formats
from graphkit.vault.layout import SETTINGS_PATH, Dialect, arrange, detect_dialect
from graphkit.vault.paths import PagePaths
from graphkit.vault.settings import Settings, SettingsError, apply_environment, read_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from graphkit.app.inputs import Conditions
    from graphkit.app.opening import IndexPlace
    from graphkit.app.reading.experiment_texts import KeptTexts
    from graphkit.cache.index import Index
    from graphkit.facts.catalog import Catalog
    from graphkit.facts.page_facts import PageFacts
    from graphkit.insight.work.activity import Traces
    from graphkit.outline.tree import Outline
    from graphkit.store.reading.files import Listing
    from graphkit.store.reading.stat_walk import Folder


class OpenPage(Record, frozen=True):
    """One page read again, for commands that need more than its facts."""

    facts: PageFacts
    source: SourceText
    outline: Outline
    digest: bytes
    """Of the file's bytes."""


class Basis(Record, frozen=True, kw_only=True):
    """What a session was read by."""

    listing: Listing
    circumstances: bytes | None
    """What `circumstances_now` gave then; None where a part of it could not be read."""
    fingerprint: bytes
    """Of the index."""
    young: frozenset[str]
    """Pages whose stamps are too young to be trusted."""
    marks: Mapping[str, bytes]
    """What the pages have in common with themselves after edits of no consequence, by path (see `app.edits`)."""


class Session(Record, kw_only=True):
    """One vault as it was when the command started."""

    root: Path
    today: dt.date
    settings: Settings
    config: GraphConfig
    dialect: Dialect
    journals: JournalFormats
    reading: Reading
    catalog: Catalog
    findings: list[Diagnostic] = field(default_factory=list)
    """What is wrong with configuration, files and names, in the order of reading."""
    unread: list[Diagnostic] = field(default_factory=list)
    """Files and folders that could not be read; a subset of the findings."""
    not_read: tuple[tuple[str, int], ...] = ()
    org_pages: tuple[str, ...] = ()
    paths: PagePaths | None = None
    """Names and titles of the pages where their paths give them; None in a Logseq graph."""
    assets: dict[tuple[str, str], bytes] = field(default_factory=dict)
    """Digests of the files that metrics' pages name, by page and name, as far as they were read."""
    instead: dict[str, bytes] = field(default_factory=dict)
    """Bytes that count for those of a page's file, by path: the facts are made of them."""
    index: Index | None = None
    """Where answers are kept for the next command; None where nothing is."""
    state: bytes = b""
    """Digest of everything that the vault says; empty where there is no index."""
    texts: KeptTexts | None = None
    """What the text of experiments said before; None where it has to be read."""
    touched: Callable[[], Collection[str] | None] = lambda: None
    """Gives the pages whose inside may have been looked at, by path (see `IndexCatalog`); None: all."""
    saw_prose: bool = False
    """Whether the text of a page that is no experiment was looked at, so that its prose may be in the answer."""
    answer_is_whole: bool = True
    """Whether all that was answered depends on pages, configuration and assets alone, so that it may be kept."""
    basis: Basis | None = None
    """What the vault was read by; None where there is no index."""
    index_trouble: str | None = None
    """Why the index was not used though it was asked for; None where it was, or was not wanted."""

    traces: Traces | None = None
    """What is known of when things were touched; made when it is first asked for."""

    @property
    def name(self) -> str:
        """Name of the vault's folder."""
        return self.root.resolve().name or str(self.root)

    @property
    def estimate_scale(self) -> EstimateScale:
        """How written estimates count here."""
        own = self.settings.estimates
        return EstimateScale(
            hours_per_day=own.hours_per_day, days_per_week=own.days_per_week, sizes=tuple(own.sizes.items())
        )

    @property
    def reference_rules(self) -> ReferenceRules:
        """What counts as a reference in this vault."""
        config = self.config
        return ReferenceRules(
            normalise=self.journals.normalise,
            property_pages=config.property_pages_enabled,
            excluded_properties=config.property_pages_excludelist,
            comma_separated=config.properties_separated_by_commas,
        )

    def is_experiment(self, page: PageFacts) -> bool:
        """Whether a page is an experiment."""
        return not page.types.isdisjoint(self.reading.experiment_types)

    def open_page(self, facts: PageFacts) -> OpenPage | None:
        """A page's text and outline, read from its file again; None where the file is gone or unreadable now."""
        self.saw_prose |= not self.is_experiment(facts)
        data = self.instead.get(facts.path) or read_bytes(self.root, facts.path)
        if isinstance(data, Diagnostic):
            return None
        source = SourceText.decode(data)
        return OpenPage(facts, source, scan_outline(source.text, self.dialect), file_digest(data))


class Frame(Record, frozen=True, kw_only=True):
    """A session without its pages, and what it takes to read them."""

    session: Session
    pages: tuple[str, ...]
    """In the order of loading."""
    memory: MemoryCatalog
    """The session's catalog, empty."""
    listing: Listing
    conditions: Conditions


def moment(session: Session, at: dt.time | None = None) -> dt.datetime:
    """The session's day at this time, or at the time it is here now; without a zone, as logbooks are."""
    return dt.datetime.combine(session.today, at or dt.datetime.now().astimezone().time().replace(microsecond=0))


def open_session(
    root: Path,
    *,
    as_of: dt.date | None = None,
    environment: Mapping[str, str] | None = None,
    dialect: Dialect | None = None,
    progress: Callable[[int, int], None] | None = None,
    index: IndexPlace | None = None,
    seen: Iterable[Folder] = (),
    whole: bool = False,
    lasting: bool = False,
) -> Session:
    """Read a whole vault.

    as_of: what to take for today. dialect: read as this one, whatever the folder looks like. progress: called with
    the number of pages read and of all pages. index: the file that keeps what was read, so that only changes are read
    again; the answers are the same without it. seen: folders that were listed just now. whole: the inside of every
    page will be asked for, so that reading it with the rest is quicker. lasting: the process ends with this session, so
    that no collection has to look at anything again that is there now.
    Raises RequestError for a folder that is none and for a broken `graphkit.toml`.
    """
    # Half a million small values, none of them garbage: collecting while they are made would double the time.
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        listing = walk(root, seen)
        if index is not None and len(listing.files) < index.least:
            index = None  # nothing is kept of a small vault
        frame = frame_session(root, listing=listing, as_of=as_of, environment=environment, dialect=dialect)
        session = frame.session
        indexed = index is not None and len(frame.pages) >= index.least and _load_indexed(frame, index.path, progress)
        if not indexed:
            _load(session, frame.memory, frame.pages, read_pages if whole else read_heads, progress)
        if lasting:
            gc.freeze()
    finally:
        if was_enabled:
            gc.enable()
    return session


def frame_session(
    root: Path,
    *,
    listing: Listing | None = None,
    as_of: dt.date | None = None,
    environment: Mapping[str, str] | None = None,
    dialect: Dialect | None = None,
) -> Frame:
    """A vault with everything but its pages: configuration, settings, names; its catalog is empty still.

    Arguments and errors as those of `open_session`.
    """
    listing = walk(root) if listing is None else listing
    conditions = read_conditions(root, listing.top, environment or {})
    settings = _settings(conditions.settings, environment or {})
    config, findings = _graph_config(conditions.config)
    unread = findings if isinstance(conditions.config, Diagnostic) else ()
    dialect = dialect or settings.dialect or detect_dialect(listing.top, root.resolve().parts)
    layout = arrange((entry.path for entry in listing.files), dialect, (*config.hidden, *settings.ignore))
    others = arrange(listing.others, dialect, (*config.hidden, *settings.ignore))
    journals = journal_formats(_journal_titles(config, dialect))
    paths = None if dialect is Dialect.LOGSEQ else PagePaths(layout.pages, dialect)
    session = Session(
        root=root,
        today=as_of or today(),
        settings=settings,
        config=config,
        dialect=dialect,
        journals=journals,
        reading=_reading(settings, dialect, journals),
        catalog=(memory := MemoryCatalog(journals.normalise, None if paths is None else paths.find)),
        findings=[*findings, *listing.diagnostics, *layout.diagnostics, *others.diagnostics],
        unread=[finding for finding in (*unread, *listing.diagnostics) if finding.severity is Severity.ERROR],
        not_read=(*layout.not_read, *others.not_read),
        org_pages=layout.org_pages,
        paths=paths,
    )
    return Frame(session=session, pages=layout.pages, memory=memory, listing=listing, conditions=conditions)


def _graph_config(data: bytes | Diagnostic | None) -> tuple[GraphConfig, tuple[Diagnostic, ...]]:
    """The values in `logseq/config.edn` and what is wrong with it; defaults where it is absent or cannot be read."""
    if isinstance(data, bytes):
        return read_config(data.decode("utf-8", "replace"))
    return GraphConfig(), () if data is None else (data,)


def _load_indexed(frame: Frame, place: Path, progress: Callable[[int, int], None] | None) -> bool:
    """Fill the catalog by way of the index; False where that cannot be used."""
    from graphkit.app.reading.experiment_texts import KeptTexts  # noqa: PLC0415
    from graphkit.app.refresh import Reader, load_indexed  # noqa: PLC0415 - brings sqlite3
    from graphkit.cache.index import IndexUnusableError  # noqa: PLC0415

    session, pages = frame.session, frame.pages
    fingerprint = frame.conditions.fingerprint(session.dialect)
    scene = frame.conditions.scene(session.root, frame.listing)
    paths = session.paths
    reader = Reader(
        root=session.root,
        pages=pages,
        read=lambda files: read_pages(files, session),
        marks=lambda data, facts: note_marks(data, facts, session),
        named=None if paths is None else lambda path: identity_of(path, session, paths)[:2],
        normalise=session.journals.normalise,
        locate=None if paths is None else paths.find,
        second_file=second_file,
        scene=scene,
        told=repr((session.name, session.findings, session.not_read, session.org_pages)).encode("utf-8", "replace"),
        is_note=session.reading.is_note,
        reread=session.reading.experiment_types,
        progress=progress,
    )
    try:
        loaded = load_indexed(reader, frame.listing, place, fingerprint)
    except IndexUnusableError as error:
        session.index_trouble = None if error.quiet else str(error)
        return False
    session.catalog = loaded.catalog
    session.findings += loaded.findings
    session.unread += loaded.unread
    session.index_trouble = loaded.trouble
    session.index = loaded.index
    session.state = loaded.state
    session.touched = lambda: loaded.catalog.touched
    circumstances = frame.conditions.circumstances(session.root)
    session.basis = Basis(
        listing=frame.listing,
        circumstances=circumstances,
        fingerprint=fingerprint,
        young=loaded.young,
        marks=loaded.marks,
    )
    if circumstances is not None:
        session.texts = KeptTexts(loaded.index, loaded.catalog, circumstances)
    return True


def _settings(data: bytes | Diagnostic | None, environment: Mapping[str, str]) -> Settings:
    settings = Settings()
    try:
        if isinstance(data, Diagnostic):
            raise RequestError(f"{SETTINGS_PATH}: {data.message}", "check its rights")
        if data is not None:
            settings = read_settings(data.decode("utf-8", "replace"))
        return apply_environment(settings, environment)
    except SettingsError as error:
        raise RequestError(str(error), error.remedy) from error


def _journal_titles(config: GraphConfig, dialect: Dialect) -> str:
    """How journals are titled: daily notes of Obsidian and Markdown are named after the day (docs/dialects.md)."""
    return config.journal_title_format if dialect in {Dialect.LOGSEQ, Dialect.MIRROR} else "yyyy-MM-dd"


def _reading(settings: Settings, dialect: Dialect, journals: JournalFormats) -> Reading:
    boxes = settings.checkboxes
    own_words = {word: kind for kind in get_args(SectionKind) for word in settings.sections.get(kind, ())}
    marks = settings.experiment
    return Reading(
        section_words={**SECTION_WORDS, **own_words},
        checkboxes=dialect is not Dialect.LOGSEQ if boxes is None else boxes,
        type_properties=marks.properties,
        types_by_tag=marks.by_tag,
        experiment_types=frozenset(marks.experiment),
        goal_types=frozenset(marks.goal),
        parse_day=journals.parse,
        measure_words=_measure_words(settings),
    )


def _measure_words(settings: Settings) -> MeasureWords:
    own = settings.strategies
    columns = {word: kind for kind in get_args(StrategyColumn) for word in own.get(kind, ())}
    return MeasureWords(
        metric_types=frozenset(settings.experiment.metric),
        strategy_types=frozenset(settings.experiment.strategy),
        strategy_columns={**STRATEGY_COLUMNS, **columns} if columns else STRATEGY_COLUMNS,
        initiative_words=INITIATIVE_WORDS.union(own.get("initiatives", ())),
    )


def _load(
    session: Session,
    catalog: MemoryCatalog,
    paths: tuple[str, ...],
    read: Callable[[Sequence[tuple[str, bytes]], Session], list[PageFacts | None]],
    progress: Callable[[int, int], None] | None,
) -> None:
    """Read all pages into the catalog."""
    kept: dict[str, str] = {}
    done = 0
    for batch in read_batches(session.root, paths):
        if progress is not None:
            progress(done, len(paths))
        done += len(batch)
        pages = iter(read([(path, data) for path, data in batch if not isinstance(data, Diagnostic)], session))
        for path, data in batch:
            if isinstance(data, Diagnostic):
                session.findings.append(data)
                session.unread.append(data)
                continue
            facts = next(pages)
            if facts is None:
                continue
            first = kept.setdefault(facts.name, path)
            if first != path:
                session.findings.append(second_file(path, first, facts.title))
                continue
            catalog.put(facts)
