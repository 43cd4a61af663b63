"""A team's `graphkit.toml` as values, checked against one table of keys."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record, field, replace
from graphkit.vault.journal import JournalFormatError, compile_format
from graphkit.vault.layout import SETTINGS_PATH, Dialect

if TYPE_CHECKING:
    from collections.abc import Callable

SECTION_KINDS = (
    "goal", "hypothesis", "related", "work", "outcome", "result", "decision", "learnings", "metrics", "risks",
    "questions",
)  # fmt: skip
"""Kinds of sections that may be given further names (spec: domain §1)."""

STRATEGY_WORDS = ("strategy", "description", "key-metrics", "assumptions", "risks", "impact", "initiatives")
"""Columns of a strategy table, and the heading of initiatives, that may be given further names (spec: domain §1)."""

RESULT_WORDS = (
    "variant", "metric", "date", "n", "conversions", "rate", "mean", "sd", "se", "derived", "total", "control",
)  # fmt: skip
"""Columns of a result table, and the rows of totals and controls, that may be given further names (spec: domain §8)."""

CANDIDATE_WORDS = {
    "measures": "further words in which the name of a metric ends",
    "stop_words": "further words that end it",
}
"""The word lists of `metrics --candidates` (spec: domain §7)."""

ENVIRONMENT_PREFIX = "GRAPHKIT_"


class SettingsError(Exception):
    """A setting that cannot be used: its place, the problem, and what was probably meant."""

    def __init__(self, message: str, *, source: str = SETTINGS_PATH, line: int | None = None, remedy: str = "") -> None:
        super().__init__(f"{source}{f':{line}' if line else ''}: {message}")
        self.message = message
        self.source = source
        """The file, or the name of the environment variable."""
        self.line = line
        """1-based; None if it is not known."""
        self.remedy = remedy


class Estimates(Record, frozen=True, kw_only=True):
    """How written estimates are counted (spec: domain §3.4)."""

    hours_per_day: float = 8.0
    days_per_week: float = 5.0
    sizes: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({"S": 1.0, "M": 3.0, "L": 8.0}))
    """Points by size, sizes in upper case."""


class PageMarks(Record, frozen=True, kw_only=True):
    """The words that mark a page as experiment, goal or metric (spec: domain §1); all words in lower case."""

    properties: tuple[str, ...] = ("page-type", "type")
    """Page properties whose value names the kind."""
    by_tag: bool = True
    """True if a page tag names it as well."""
    experiment: tuple[str, ...] = ("experiment",)
    goal: tuple[str, ...] = ("goal",)
    metric: tuple[str, ...] = ("metric",)
    strategy: tuple[str, ...] = ("strategy",)


class Stale(Record, frozen=True, kw_only=True):
    """The number of quiet days after which work is stale (spec: domain §4)."""

    doing: int = 14
    waiting: int = 7
    dormant: int = 90
    """Days without activity after which open work is dormant and listed separately."""


class Check(Record, frozen=True, kw_only=True):
    """The findings that `check` leaves out."""

    ignore: tuple[str, ...] = ()
    """Beginnings of codes."""


class Journals(Record, frozen=True, kw_only=True):
    """Daily notes outside Logseq graphs."""

    format: str | None = None
    """How they are named, such as `dd.MM.yyyy`; None: as Obsidian's own settings say, or else `yyyy-MM-dd`."""


class Settings(Record, frozen=True, kw_only=True):
    """The settings of a vault; without `graphkit.toml` the defaults."""

    dialect: Dialect | None = None
    """The dialect; None: detect it from the folders."""
    checkboxes: bool | None = None
    """True if `- [ ]` boxes are tasks; None: depends on the dialect (in a Logseq graph they are not)."""
    repeaters: Literal["logseq", "org"] = "logseq"
    """Whose rule gives the next date of a completed repeating task (spec: logseq-format §5.5)."""
    sequential_units: float = 5000.0
    """Units of a test at which the sequential interval is narrowest (spec: domain §8)."""
    writer: str | None = None
    """The one host, or `ci`, that writes rollups for the team; None: everyone may."""
    ignore: tuple[str, ...] = ()
    """Prefixes of paths that are ignored, in addition to `:hidden`."""
    journals: Journals = field(default_factory=Journals)
    sections: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """Further names of sections, in lower case, by kind."""
    strategies: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """Further headers of a strategy table's columns, and words of an initiatives heading, in lower case, by kind."""
    results: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """Further headers of a result table's columns, and names of totals and controls, in lower case, by kind."""
    candidates: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """Further measures and stop words of candidates for metrics, in lower case, by kind."""
    estimates: Estimates = field(default_factory=Estimates)
    experiment: PageMarks = field(default_factory=PageMarks)
    stale: Stale = field(default_factory=Stale)
    check: Check = field(default_factory=Check)
    queries: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Named queries."""


class _WrongValueError(ValueError):
    """A value of the wrong kind; the message completes "… must be"."""


def _boolean(value: object) -> bool:
    if not isinstance(value, bool):
        raise _WrongValueError("true or false")
    return value


def _positive(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < float("inf"):
        raise _WrongValueError("a number above 0")
    return float(value)


def _days(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise _WrongValueError("a whole number of days, at least 1")
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
        raise _WrongValueError('a list of words, such as ["one", "two"]')
    return tuple(item.strip() for item in value)


def _words(value: object) -> tuple[str, ...]:
    return tuple(text.lower() for text in _texts(value))


def _some_words(value: object) -> tuple[str, ...]:
    words = _words(value)
    if not words:
        raise _WrongValueError("a list with at least one word")
    return words


def _sizes(value: object) -> Mapping[str, float]:
    if not isinstance(value, dict) or not value:
        raise _WrongValueError("a table of points, such as { S = 1, M = 3 }")
    return MappingProxyType({str(name).upper(): _positive(points) for name, points in value.items()})


def _dialect(value: object) -> Dialect:
    if not isinstance(value, str) or value not in set(Dialect):
        raise _WrongValueError("one of " + ", ".join(f'"{dialect}"' for dialect in Dialect))
    return Dialect(value)


def _queries(value: object) -> Mapping[str, str]:
    if not isinstance(value, dict) or not all(isinstance(text, str) and text.strip() for text in value.values()):
        raise _WrongValueError('a table of queries, such as { open = "(task TODO)" }')
    return MappingProxyType(dict(value))


def _repeaters(value: object) -> str:
    if value not in {"logseq", "org"}:
        raise _WrongValueError('"logseq" or "org"')
    return str(value)


def _journal_format(value: object) -> str:
    if not isinstance(value, str) or (problem := _format_fault(value)):
        raise _WrongValueError('a format such as "dd.MM.yyyy"' + (f": {problem}" if isinstance(value, str) else ""))
    return value


def _format_fault(text: str) -> str | None:
    try:
        form = compile_format(text)
    except JournalFormatError as error:
        return f"{error.letters!r} stands for nothing"
    return None if form.pattern is not None and "day" in form.fields else "it does not give a day that can be read back"


def _name(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _WrongValueError('the name of a host, or "ci"')
    return value.strip()


class Key(Record, frozen=True):
    """One key of `graphkit.toml`."""

    name: str
    """Dotted: `estimates.sizes`."""
    read: Callable[[object], Any]
    form: Literal["word", "flag", "number", "words", "table"]
    """How a `GRAPHKIT_…` variable spells the value; a table cannot be given this way."""
    meaning: str

    @property
    def variable(self) -> str:
        """The environment variable that overrides it."""
        return ENVIRONMENT_PREFIX + self.name.replace(".", "_").upper()


KEYS: tuple[Key, ...] = (
    Key("dialect", _dialect, "word", "how the vault is read; by default detected from its folders"),
    Key("checkboxes", _boolean, "flag", "whether `- [ ]` boxes are tasks"),
    Key("repeaters", _repeaters, "word", "whose rule dates a repeating task's next round: `logseq` (0.10.15) or `org`"),
    Key("sequential_units", _positive, "number", "units of a test at which its sequential interval is narrowest"),
    Key("writer", _name, "word", "the one host, or `ci`, that writes rollups for the team"),
    Key("ignore", _texts, "words", "prefixes of paths that are ignored, in addition to `:hidden`"),
    Key("queries", _queries, "table", "queries by name"),
    Key("journals.format", _journal_format, "word", "how daily notes are named outside Logseq graphs"),
    *(Key(f"sections.{kind}", _words, "words", f"further names of the section *{kind}*") for kind in SECTION_KINDS),
    Key("estimates.hours_per_day", _positive, "number", "hours that `1d` counts"),
    Key("estimates.days_per_week", _positive, "number", "days that `1w` counts"),
    Key("estimates.sizes", _sizes, "table", "points by size"),
    Key("experiment.properties", _some_words, "words", "page properties that name a page's kind"),
    Key("experiment.by_tag", _boolean, "flag", "whether a page tag names the kind as well"),
    Key("experiment.experiment", _some_words, "words", "words that mark an experiment"),
    Key("experiment.goal", _some_words, "words", "words that mark a goal"),
    Key("experiment.metric", _some_words, "words", "words that mark a metric"),
    Key("experiment.strategy", _some_words, "words", "words that mark a page of strategies"),
    *(Key(f"strategies.{kind}", _words, "words", f"further headers of *{kind}*") for kind in STRATEGY_WORDS),
    *(Key(f"results.{kind}", _words, "words", f"further names of *{kind}* in result tables") for kind in RESULT_WORDS),
    *(Key(f"candidates.{kind}", _words, "words", meaning) for kind, meaning in CANDIDATE_WORDS.items()),
    Key("check.ignore", _texts, "words", "codes, or beginnings of codes, that `check` leaves out"),
    Key("stale.doing", _days, "number", "quiet days after which work in progress is stale"),
    Key("stale.waiting", _days, "number", "quiet days after which waiting work is stale"),
    Key("stale.dormant", _days, "number", "quiet days after which open work is dormant"),
)
"""All keys, in the order of the documentation."""

_BY_NAME: Mapping[str, Key] = {key.name: key for key in KEYS}
_TABLES = frozenset(key.name.partition(".")[0] for key in KEYS if "." in key.name)


LONGEST = 100_000
"""Characters of settings that are read."""
MOST_PARTS = 8
"""Parts of a dotted key that are read; the keys here have two."""
_PART = r"(?:[\w-]++|\"[^\"\r\n]*+\"|'[^'\r\n]*+')"
_LONG_KEY = lazy_pattern(
    rf"^[ \t]*+\[{{0,2}}+[ \t]*+{_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{{MOST_PARTS},}}+", re.MULTILINE
)
_INNER_KEY = lazy_pattern(rf"[{{,][ \t]*+{_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{{MOST_PARTS},}}+[ \t]*+=")


def _check_size(text: str) -> None:
    """Raises SettingsError for what would take the TOML reader, which is not linear, more than a moment."""
    if len(text) > LONGEST:
        raise SettingsError(
            f"it is longer than {LONGEST:,} characters", remedy="keep only what differs from the defaults"
        )
    found = _LONG_KEY.search(text) or _INNER_KEY.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        raise SettingsError(f"a key has more than {MOST_PARTS} parts", line=line, remedy="no key of graphkit has")


def read_settings(text: str) -> Settings:
    """The settings in a text of TOML.

    Raises SettingsError, with the line where it is known, for TOML that cannot be read, for unknown keys (with the
    nearest known one) and for values of the wrong kind.
    """
    import tomllib  # noqa: PLC0415 - most vaults have no settings

    _check_size(text)
    try:
        document = tomllib.loads(text.removeprefix("\ufeff"))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)", str(error))
        reason = str(error)[: found.start()] if found else str(error)
        line = int(found[1]) if found and found[1] else len(text.splitlines()) if found else None
        raise SettingsError(f"this is not valid TOML: {reason}", line=line, remedy="correct this line") from None
    values: dict[str, Any] = {}
    for name, value in _flatten(document):
        key = _BY_NAME.get(name)
        if key is None:
            raise SettingsError(f"unknown key {name!r}", line=_line_of(text, name), remedy=_suggestion(name))
        values[name] = _value(key, value, source=SETTINGS_PATH, line=_line_of(text, name))
    return _with_values(Settings(), values)


def apply_environment(settings: Settings, environ: Mapping[str, str]) -> Settings:
    """The settings with `GRAPHKIT_…` variables over them; lists are separated by commas.

    Other variables, and unset or blank ones, are ignored. Raises SettingsError for values of the wrong kind.
    """
    values: dict[str, Any] = {}
    for key in KEYS:
        text = environ.get(key.variable, "").strip()
        if text and key.form != "table":
            values[key.name] = _value(key, _from_variable(key, text), source=key.variable, line=None)
    return _with_values(settings, values)


def _flatten(document: Mapping[str, object]) -> list[tuple[str, object]]:
    flat: list[tuple[str, object]] = []
    for name, value in document.items():
        if name in _TABLES and isinstance(value, dict):
            flat.extend((f"{name}.{inner}", item) for inner, item in value.items())
        else:
            flat.append((name, value))
    return flat


def _value(key: Key, value: object, *, source: str, line: int | None) -> object:
    try:
        return key.read(value)
    except _WrongValueError as wrong:
        raise SettingsError(f"{key.name!r} must be {wrong}", source=source, line=line, remedy=key.meaning) from None


def _from_variable(key: Key, text: str) -> object:
    if key.form == "words":
        return [part.strip() for part in text.split(",") if part.strip()]
    if key.form == "flag":
        return {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}.get(text.lower(), text)
    if key.form == "number":
        try:
            return int(text) if text.isdecimal() else float(text)
        except ValueError:
            return text
    return text


def _with_values(settings: Settings, values: Mapping[str, Any]) -> Settings:
    changes: dict[str, Any] = {name: value for name, value in values.items() if "." not in name}
    for table in _TABLES:
        inner = {name.partition(".")[2]: value for name, value in values.items() if name.startswith(f"{table}.")}
        if not inner:
            continue
        if isinstance(getattr(settings, table), Mapping):
            changes[table] = MappingProxyType({**getattr(settings, table), **inner})
        else:
            changes[table] = replace(getattr(settings, table), **inner)
    return replace(settings, **changes) if changes else settings


def _suggestion(name: str) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - only a mistake needs it

    near = get_close_matches(name, _BY_NAME, n=1, cutoff=0.6)
    if not near and "." not in name:
        inner = {known.rpartition(".")[2]: known for known in _BY_NAME}
        near = [inner[found] for found in get_close_matches(name, inner, n=1, cutoff=0.75)]
    return f"did you mean {near[0]!r}?" if near else "known keys: " + ", ".join(_BY_NAME)


def _line_of(text: str, name: str) -> int | None:
    """The line on which a key is written; None if it stands in an unusual form."""
    table, _, inner = name.rpartition(".")
    last = re.escape(inner)
    quoted = rf"(?:{last}|\"{last}\"|'{last}')"
    direct = re.compile(rf"\s*{quoted}\s*[=.]")
    anywhere: list[re.Pattern[str]] = []
    if table:
        anywhere.append(re.compile(rf"\s*{re.escape(table)}\s*\.\s*{quoted}\s*[=.]"))
        anywhere.append(re.compile(rf"\s*{re.escape(table)}\s*=\s*\{{.*\b{last}\b"))
    here = ""
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[+\s*([^\]]*?)\s*\]", line):
            here = header[1]
            if here == name:
                return number
        elif any(pattern.match(line) for pattern in ((direct, *anywhere) if here == table else anywhere)):
            return number
    return None
