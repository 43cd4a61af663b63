"""A graph's `logseq/config.edn` as values: which keys count, their kinds and defaults."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

from graphkit.text.diagnostics import Diagnostic, Severity
from graphkit.text.edn import EdnProblem, List, Map, Set, Tagged, Vector, read_edn
from graphkit.text.edn_atoms import Character, Keyword, Symbol
from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record
from graphkit.text.source import SourceText
from graphkit.text.span import Position
from graphkit.vault.journal import DEFAULT_FILE_FORMAT, DEFAULT_TITLE_FORMAT, format_problem
from graphkit.vault.layout import CONFIG_PATH

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphkit.text.edn import Form, Value


NameFormat = Literal["legacy", "triple-lowbar"]
"""The two ways in which Logseq writes a title as a file stem (`:file/name-format`)."""


class GraphConfig(Record, frozen=True, kw_only=True):
    """The keys of `config.edn` that matter to a reader and writer; a missing key has Logseq's default.

    spec: logseq-format §1.3, column "Default".
    """

    file_name_format: NameFormat = "legacy"
    journal_title_format: str = DEFAULT_TITLE_FORMAT
    journal_file_format: str = DEFAULT_FILE_FORMAT
    pages_directory: str = "pages"
    """Where new pages go, relative with `/`; empty for the graph's own folder."""
    journals_directory: str = "journals"
    hidden: tuple[str, ...] = ()
    """Prefixes of paths that are ignored, as written."""
    preferred_format: Literal["markdown", "org"] = "markdown"
    preferred_workflow: Literal["now", "todo"] = "now"
    property_pages_enabled: bool = True
    property_pages_excludelist: frozenset[str] = frozenset()
    """Property keys that are not page references, without the colon."""
    properties_separated_by_commas: frozenset[str] = frozenset()
    """Further property keys that are split on commas, without the colon."""
    unread_properties: frozenset[str] = frozenset()
    """Property keys whose values Logseq leaves as text: strings in `:ignored-page-references-keywords`."""
    block_hidden_properties: frozenset[str] = frozenset()
    timetracking: bool = True
    logbook_seconds: bool = True
    journals_enabled: bool = True
    bullet_indentation: str = "\t"
    """The text of one level of indentation in files that Logseq writes."""


def _value(form: Form) -> Value:
    """The value of a form without its tags: the text of an instant or an id is enough."""
    while isinstance(form.value, Tagged):
        form = form.value.form
    return form.value


class _WrongValueError(ValueError):
    """A value of the wrong kind; the message completes "… is not"."""


def _boolean(value: Value) -> bool:
    if not isinstance(value, bool):
        raise _WrongValueError("true or false")
    return value


def _text(value: Value) -> str:
    if not isinstance(value, str):
        raise _WrongValueError("a string")
    return value


def _format(value: Value) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _WrongValueError("a date format in double quotes")
    return value


def _folder(value: Value) -> str:
    text = _text(value).removeprefix("./").strip("/")
    if text in {"", "."}:
        return ""
    if "\\" in text or any(part in {"", ".", ".."} for part in text.split("/")):
        raise _WrongValueError("a folder in the graph")
    return text


def _texts(value: Value) -> tuple[str, ...]:
    if isinstance(value, Vector | List):
        texts = tuple(item for item in map(_value, value.items) if isinstance(item, str))
        if len(texts) == len(value.items):
            return texts
    raise _WrongValueError('a vector of strings, such as ["archive" "/test.md"]')


def _keywords(value: Value) -> frozenset[str]:
    if isinstance(value, Set):
        items = [item for item in map(_value, value.items) if not isinstance(item, List | Vector | Set | Map)]
        if all(isinstance(item, Keyword) for item in items):
            return frozenset(item.name for item in items if isinstance(item, Keyword))
    raise _WrongValueError("a set of keywords, such as #{:author :source}")


def _strings_among(value: Value) -> frozenset[str]:
    """The strings of a collection; Logseq compares them with property keys, and silently skips keywords."""
    items = value.items if isinstance(value, Vector | List | Set) else ()
    return frozenset(item for item in map(_value, items) if isinstance(item, str))


def _word(value: Value) -> str:
    if isinstance(value, Keyword):
        return value.name
    if isinstance(value, str):
        return value
    raise _WrongValueError("a keyword or a string")


def _name_format(value: Value) -> NameFormat:
    match value:
        case Keyword("legacy"):
            return "legacy"
        case Keyword("triple-lowbar"):
            return "triple-lowbar"
    raise _WrongValueError(":legacy or :triple-lowbar")


def _preferred_format(value: Value) -> Literal["markdown", "org"]:
    match _word(value).lower():
        case "markdown" | "":
            return "markdown"
        case "org":
            return "org"
    raise _WrongValueError('"Markdown" or "Org"')


def _workflow(value: Value) -> Literal["now", "todo"]:
    word = _word(value)
    return "now" if "now" in word or "NOW" in word else "todo"


_INDENTATIONS = {"tab": "\t", "two-spaces": "  ", "four-spaces": "    ", "eight-spaces": "        "}


def _indentation(value: Value) -> str:
    if not isinstance(value, Keyword) or value.name not in _INDENTATIONS:
        raise _WrongValueError("one of " + ", ".join(f":{name}" for name in _INDENTATIONS))
    return _INDENTATIONS[value.name]


def _seconds(value: Value) -> bool:
    if not isinstance(value, Map):
        raise _WrongValueError("a map")
    return all(_boolean(_value(item)) for key, item in value.entries if key.value == Keyword("with-second-support?"))


_KEYS: tuple[tuple[str, str, Callable[[Value], object]], ...] = (
    ("file/name-format", "file_name_format", _name_format),
    ("date-formatter", "journal_title_format", _format),
    ("journal/page-title-format", "journal_title_format", _format),
    ("journal/file-name-format", "journal_file_format", _format),
    ("pages-directory", "pages_directory", _folder),
    ("journals-directory", "journals_directory", _folder),
    ("hidden", "hidden", _texts),
    ("preferred-format", "preferred_format", _preferred_format),
    ("preferred-workflow", "preferred_workflow", _workflow),
    ("property-pages/enabled?", "property_pages_enabled", _boolean),
    ("property-pages/excludelist", "property_pages_excludelist", _keywords),
    ("property/separated-by-commas", "properties_separated_by_commas", _keywords),
    ("ignored-page-references-keywords", "unread_properties", _strings_among),
    ("block-hidden-properties", "block_hidden_properties", _keywords),
    ("feature/enable-timetracking?", "timetracking", _boolean),
    ("logbook/settings", "logbook_seconds", _seconds),
    ("feature/enable-journals?", "journals_enabled", _boolean),
    ("export/bullet-indentation", "bullet_indentation", _indentation),
)
"""Supported keys: key, field, reader of its value; of two keys for one field the later one wins."""

_CONFLICT = lazy_pattern(r"^(?:<{7} |>{7} |={7}$)", re.MULTILINE)
"""What git writes around the two sides of a conflict."""

_FORMAT_KEYS = (
    ("journal/page-title-format", "journal_title_format", DEFAULT_TITLE_FORMAT),
    ("journal/file-name-format", "journal_file_format", DEFAULT_FILE_FORMAT),
)


def read_config(text: str) -> tuple[GraphConfig, tuple[Diagnostic, ...]]:
    """The configuration in a text of EDN, and its findings; every text gives a configuration.

    Reports E101 (the text cannot be read: every key has its default), E102 (a value of the wrong kind: that key has its
    default), E103 and E104 (journal formats, see `journal.format_problem`).
    """
    if not text.strip():
        return GraphConfig(), ()
    source = SourceText(text)
    entries = _entries(text)
    if isinstance(entries, EdnProblem):
        why, place = entries.message, entries.position
        hint = "correct it at this place; Logseq does not apply such a configuration either"
        if conflict := _CONFLICT.search(text):
            why, place = "it has the markers of a merge conflict", source.position(conflict.start())
            hint = "resolve the conflict; Logseq does not apply such a configuration either"
        message = f"the configuration cannot be read: {why}; defaults are used"
        return GraphConfig(), (_finding("E101", Severity.ERROR, place, message, hint),)
    found: dict[str, Any] = {}
    diagnostics: list[Diagnostic] = []
    for key, name, read in _KEYS:
        if key not in entries:
            continue
        offset, value = entries[key]
        if value is None or isinstance(value, Symbol | Character):  # Logseq treats `nil` like an absent key
            continue
        try:
            found[name] = read(value)
        except _WrongValueError as wrong:
            place = source.position(offset)
            message = f":{key} is not {wrong}; its default is used"
            hint = f"give :{key} a value of that kind, or remove it"
            diagnostics.append(_finding("E102", Severity.WARNING, place, message, hint))
    for key, name, default in _FORMAT_KEYS:
        if name in found and (problem := format_problem(found[name], found.get("journal_title_format"))):
            place = source.position(entries[key][0] if key in entries else 0)
            diagnostics.append(
                _finding(problem.code, Severity.WARNING, place, f":{key} {problem.message}", problem.hint)
            )
            if problem.code == "E103":
                found[name] = default
    return GraphConfig(**found), tuple(sorted(diagnostics, key=lambda finding: (finding.line, finding.column)))


def _entries(text: str) -> dict[str, tuple[int, Value]] | EdnProblem:
    """Offset and value of each keyword of the map that the text holds; nothing at all counts as the empty map."""
    form = read_edn(text)
    if form is None or isinstance(form, EdnProblem):
        return form or {}
    held = _value(form)
    if not isinstance(held, Map):
        return EdnProblem(message="the first form is no map", offset=0, position=Position(1, 1))
    return {key.value.name: (key.start, _value(item)) for key, item in held.entries if isinstance(key.value, Keyword)}


def _finding(code: str, severity: Severity, place: Position, message: str, hint: str) -> Diagnostic:
    return Diagnostic(
        code=code,
        severity=severity,
        path=CONFIG_PATH,
        line=place.line,
        column=place.column,
        message=message,
        hint=hint,
    )
