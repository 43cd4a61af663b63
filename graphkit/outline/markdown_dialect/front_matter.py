"""YAML front matter as properties. Knows YAML's events and no page; PyYAML is imported nowhere else.

Events are read instead of objects: nothing is ever constructed, so no tag can run code, no alias can multiply, and
values stay as they are written (`2026-01-05` and `yes` are no date and no truth value here). A mapping inside a value
names no page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.outline.markdown_dialect.wiki_links import without_labels
from graphkit.outline.properties import Property, normal_key
from graphkit.text.diagnostics import Diagnostic, Severity
from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record
from graphkit.text.source import SourceText

if TYPE_CHECKING:
    from collections.abc import Iterator

    from yaml import Event

    from graphkit.text.span import Span

LARGEST: Final = 200_000
"""Characters of front matter that are read; more is no header but data."""
DEEPEST: Final = 40
"""Levels of nesting that are read."""

_SURROGATE: Final = lazy_pattern("[\ud800-\udfff]")
_NEEDS_BRACKETS: Final = lazy_pattern(r'[,，;"]')
_LINKED: Final = lazy_pattern(r"\[\[|#")
_WHITE: Final = lazy_pattern(r"\s+")
_ROUND: Final = str.maketrans("[]", "()")
_PLURALS: Final = {"aliases": "alias", "tag": "tags"}
"""Two spellings of one key; values of both are united."""
_NULL: Final = frozenset({"", "~", "null", "Null", "NULL"})


class FrontMatter(Record, frozen=True, kw_only=True):
    """Everything a page's front matter says, and what is wrong in it."""

    properties: tuple[Property, ...] = ()
    """In order; of a key that comes twice the last one counts. Items of a list are joined with commas."""
    findings: tuple[Diagnostic, ...] = ()
    """E160 (not YAML) and E154 (a key twice); the path is left empty."""


class _StopError(Exception):
    """Front matter that is no header; `offset` is a place in it."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


def read_front_matter(text: str, span: Span) -> FrontMatter:
    """The properties between the two `---` lines of a page; total.

    Broken YAML gives no properties and one finding. A null gives an empty value, a mapping inside a value its text.
    """
    import yaml  # noqa: PLC0415 - most pages have no front matter

    inner = text[span.start : span.end]
    entries: list[tuple[str, str, int, int, int]] = []
    problem: tuple[str, int] | None = None
    if len(inner) > LARGEST:
        return FrontMatter(findings=(_finding("E160", SourceText(text), span.start, "it is too long to be a header"),))
    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        events = yaml.parse(_SURROGATE.sub("\ufffd", inner), Loader=loader)
        entries = list(_entries(events, inner))
    except _StopError as stop:
        problem = str(stop), stop.offset
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = str(error.problem or error.context), mark.index if mark else 0
    except yaml.reader.ReaderError as error:
        problem = f"it contains the character U+{_code_point(error.character):04X}", error.position
    if problem is not None:
        message, offset = problem
        return FrontMatter(
            findings=(_finding("E160", SourceText(text), span.start + min(offset, len(inner)), message),)
        )
    properties: dict[str, Property] = {}
    findings: list[Diagnostic] = []
    source = SourceText(text)
    for raw_key, written, start, value_start, end in entries:
        key = normal_key(raw_key)
        key = _PLURALS.get(key, key)
        value = without_labels(written)
        known = properties.get(key)
        if known is not None and known.raw_key != raw_key:
            value = ", ".join(filter(None, (known.value, value)))
        elif known is not None:
            findings.append(_finding("E154", source, span.start + start, raw_key))
        properties[key] = Property(
            key=key,
            raw_key=raw_key,
            value=value,
            start=span.start + start,
            end=span.start + end,
            value_start=span.start + value_start,
        )
    return FrontMatter(properties=tuple(properties.values()), findings=tuple(findings))


def _code_point(character: object) -> int:
    if isinstance(character, int):
        return character
    return ord(character[:1]) if isinstance(character, (str, bytes)) and character else 0


def _entries(events: Iterator[Event], text: str) -> Iterator[tuple[str, str, int, int, int]]:
    """Key, value, start, start of the value and end of each entry at the top, as offsets in `text`."""
    import yaml  # noqa: PLC0415

    key: tuple[str, int] | None = None
    items: list[str] | None = None
    started = 0
    depth = nested = 0
    is_mapping = False
    known: dict[str, str] = {}
    for event in events:
        at = event.start_mark.index if event.start_mark else 0
        end = event.end_mark.index if event.end_mark else at
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            depth += 1
            if depth > DEEPEST:
                raise _StopError("it nests too deeply", at)
            if depth == 1 and isinstance(event, yaml.SequenceStartEvent):
                return
            if depth == 2:
                if key is None:
                    raise _StopError("a key must be one word or phrase", at)
                started = at
                items = [] if isinstance(event, yaml.SequenceStartEvent) else None
            elif depth == 3:
                nested, is_mapping = at, isinstance(event, yaml.MappingStartEvent)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            depth -= 1
            if depth == 1 and key is not None:
                value = _joined(items) if items is not None else _without_names(_flat(text[started:end]))
                yield key[0], value, key[1], started, max(started, len(text[:end].rstrip()))
                key = items = None
            elif depth == 2 and items is not None and not is_mapping:
                items.append(_flat(text[nested:end]))
        elif isinstance(event, (yaml.ScalarEvent, yaml.AliasEvent)):
            word = _scalar(event, known)
            if depth == 0:
                return
            if depth == 2 and items is not None:
                items.append(word)
            elif depth == 1 and key is None:
                key = word, at
            elif depth == 1 and key is not None:
                yield key[0], word, key[1], at, max(end, at)
                key = None


def _scalar(event: Event, known: dict[str, str]) -> str:
    import yaml  # noqa: PLC0415

    if isinstance(event, yaml.AliasEvent):
        return known.get(str(event.anchor), "")
    assert isinstance(event, yaml.ScalarEvent)  # noqa: S101 - the caller has asked
    word = "" if event.implicit[0] and event.value in _NULL else _flat(event.value)
    if event.anchor:
        known[event.anchor] = word
    return word


def _flat(value: str) -> str:
    return _WHITE.sub(" ", value).strip()


def _without_names(mapping: str) -> str:
    """The text of a mapping, in which no link and no tag is left: it names no page."""
    return mapping.replace("[[", "((").replace("]]", "))").replace("#", "")


def _joined(items: list[str]) -> str:
    """Items as one value from which `read_names` gives them again."""
    items = [item for item in items if item]
    if any(_LINKED.search(item) or _NEEDS_BRACKETS.search(item) for item in items):
        items = [item if _LINKED.match(item) else f"[[{item.translate(_ROUND)}]]" for item in items]
    return ", ".join(items)


def _finding(code: str, source: SourceText, offset: int, what: str) -> Diagnostic:
    line, column = source.position(offset)
    if code == "E154":
        return Diagnostic(
            code=code,
            severity=Severity.WARNING,
            path="",
            line=line,
            column=column,
            message=f"the front matter has the key “{what}” twice; the last value counts",
            hint="keep one of them",
        )
    return Diagnostic(
        code=code,
        severity=Severity.WARNING,
        path="",
        line=line,
        column=column,
        message=f"the front matter cannot be read: {what}, so the page gets no properties from it",
        hint="quote values that contain `: `, `#`, `[` or `{`, and indent with spaces",
    )
