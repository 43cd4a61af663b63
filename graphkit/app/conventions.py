"""A vault's conventions: its configuration, settings, dialect, journals and names, from its configuration files."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, get_args

from graphkit.app.failures import RequestError
from graphkit.cache.inputs import BASELINE_PLACE, OBSIDIAN_PLACES, inputs_checksum, own_variables
from graphkit.facts.page_facts import SectionKind
from graphkit.facts.page_source import Reading
from graphkit.facts.sections import SECTION_WORDS
from graphkit.facts.statements import MeasureWords
from graphkit.facts.strategy_tables import INITIATIVE_WORDS, STRATEGY_COLUMNS, StrategyColumn
from graphkit.store.reading.files import read_bytes
from graphkit.text.diagnostics import Diagnostic
from graphkit.text.records import Record
from graphkit.vault.config import GraphConfig, read_config
from graphkit.vault.journal import JournalFormats, journal_formats
from graphkit.vault.layout import CONFIG_PATH, SETTINGS_PATH, Dialect, detect_dialect
from graphkit.vault.settings import Settings, SettingsError, apply_environment, read_settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from graphkit.facts.page_facts import PageFacts
    from graphkit.vault.paths import PagePaths


class Conventions(Record, frozen=True, kw_only=True):
    """The rules for reading a page, apart from its file."""

    root: Path
    settings: Settings
    config: GraphConfig
    dialect: Dialect
    journals: JournalFormats
    reading: Reading
    ignored: tuple[str, ...] = ()
    """Prefixes of paths that are ignored: `:hidden`, `ignore`, and the folder of Obsidian's templates."""
    paths: PagePaths | None = None
    """Names and titles of pages that are named by their paths; None in a Logseq graph."""

    def is_experiment(self, page: PageFacts) -> bool:
        """True if a page is an experiment."""
        return not page.types.isdisjoint(self.reading.experiment_types)


class Inputs(Record, frozen=True, kw_only=True):
    """The bytes of configuration and settings; None for a missing file."""

    config: bytes | Diagnostic | None
    settings: bytes | Diagnostic | None
    variables: tuple[tuple[str, str], ...]
    obsidian: tuple[bytes | None, ...] = (None, None)
    """Obsidian's settings for daily notes and templates; None also for a file that cannot be read."""
    baseline: bytes | None = None
    """The findings that `check` leaves out."""

    def checksum(self, root: Path) -> bytes | None:
        """The checksum of all inputs other than pages; None if a file cannot be read."""
        if isinstance(self.config, Diagnostic) or isinstance(self.settings, Diagnostic):
            return None
        files = (self.config, self.settings, *self.obsidian, self.baseline)
        return inputs_checksum(os.fspath(root), files, self.variables)


def read_inputs(root: Path, top: frozenset[str], environment: Mapping[str, str]) -> Inputs:
    """The configuration files of this vault. top: the names in its folder."""
    return Inputs(
        config=_configuration(root) if "logseq" in top else None,
        settings=read_bytes(root, SETTINGS_PATH) if SETTINGS_PATH in top else None,
        variables=own_variables(environment),
        obsidian=tuple(_bytes(root, path) for path in OBSIDIAN_PLACES) if ".obsidian" in top else (None, None),
        baseline=_bytes(root, BASELINE_PLACE) if ".graphkit" in top else None,
    )


def _bytes(root: Path, path: str) -> bytes | None:
    data = read_bytes(root, path)
    return None if isinstance(data, Diagnostic) else data


def _configuration(root: Path) -> bytes | Diagnostic | None:
    """The graph's configuration, why it cannot be read, or None if it is missing."""
    if not (root / CONFIG_PATH).parent.is_dir():
        return None
    data = read_bytes(root, CONFIG_PATH)
    return None if isinstance(data, Diagnostic) and data.code == "E114" else data


def read_conventions(
    root: Path, top: frozenset[str], inputs: Inputs, environment: Mapping[str, str], dialect: Dialect | None
) -> tuple[Conventions, tuple[Diagnostic, ...]]:
    """The conventions without paths, and the findings of the configuration.

    dialect: overrides the detected one. Raises RequestError for a broken `graphkit.toml`.
    """
    settings = _settings(inputs.settings, environment)
    config, findings = _config(inputs.config)
    dialect = dialect or settings.dialect or detect_dialect(top, root.resolve().parts)
    daily, ignored = settings.journals.format, (*config.hidden, *settings.ignore)
    if dialect is Dialect.OBSIDIAN and any(inputs.obsidian):
        from graphkit.vault.obsidian import read_obsidian  # noqa: PLC0415 - most vaults do not need it

        obsidian = read_obsidian(*inputs.obsidian)
        daily = daily or obsidian.daily_format
        ignored = (*ignored, *([obsidian.templates] if obsidian.templates else ()))
    journals = journal_formats(_journal_titles(config, dialect, daily))
    conventions = Conventions(
        root=root,
        settings=settings,
        config=config,
        dialect=dialect,
        journals=journals,
        reading=_reading(settings, dialect, journals),
        ignored=ignored,
    )
    return conventions, findings


def _config(data: bytes | Diagnostic | None) -> tuple[GraphConfig, tuple[Diagnostic, ...]]:
    if data is None:
        return GraphConfig(), ()
    if isinstance(data, Diagnostic):
        return GraphConfig(), (data,)
    return read_config(data.decode("utf-8", "replace"))


def _settings(data: bytes | Diagnostic | None, environment: Mapping[str, str]) -> Settings:
    settings = Settings()
    try:
        if isinstance(data, Diagnostic):
            raise RequestError(f"{SETTINGS_PATH}: {data.message}", "check its permissions")
        if data is not None:
            settings = read_settings(data.decode("utf-8", "replace"))
        settings = apply_environment(settings, environment)
        _check_codes(settings.check.ignore)
    except SettingsError as error:
        raise RequestError(str(error), error.remedy) from error
    return settings


def _check_codes(prefixes: tuple[str, ...]) -> None:
    """Raise SettingsError for a beginning that no code has."""
    if not prefixes:
        return
    from difflib import get_close_matches  # noqa: PLC0415 - few vaults ignore anything

    from graphkit.facts.diagnostic_codes import CODES  # noqa: PLC0415

    for prefix in prefixes:
        if not any(code.startswith(prefix.upper()) for code in CODES):
            near = get_close_matches(prefix.upper(), CODES, n=1)
            raise SettingsError(
                f"'check.ignore' names {prefix!r}, but no code begins like that",
                remedy=f"did you mean {near[0]!r}?" if near else "`graphkit explain` lists all codes",
            )


def _journal_titles(config: GraphConfig, dialect: Dialect, daily: str | None) -> str:
    """How journals are titled. daily: the format of daily notes of Obsidian and Markdown (docs/dialects.md)."""
    return config.journal_title_format if dialect in {Dialect.LOGSEQ, Dialect.MIRROR} else daily or "yyyy-MM-dd"


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
