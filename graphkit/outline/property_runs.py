"""Runs of property lines: what each line sets, and which keys are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.outline.constructs import ORG_PROPERTY_LINE, PROPERTIES_DRAWER, PROPERTY_LINE
from graphkit.outline.properties import JS_SPACE, Property, is_valid_key, normal_key
from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable

_DRAWER_LINE: Final = lazy_pattern(r"[ \t\f\x1a]*:([^:\r\n]+):([^\r\n]*)")
_LINE_END: Final = lazy_pattern(r"\r\n|[\r\n]")
_SIMPLE_LINE: Final = lazy_pattern(r"([a-z][a-z0-9-]*+)::(?: ([^\r\n]*+))?(?=\n|\Z)")
_SIMPLE_RUN: Final = lazy_pattern(r"(?:[a-z][a-z0-9-]*+::(?: [^\r\n]*+)?(?:\n|\Z))++\n*+")
_INDENTED_RUN: Final = lazy_pattern(r"(?:[ \t]*+[a-z][a-z0-9-]*+::(?: [^\r\n]*+)?(?:\n|\Z))++\n*+")


def read_run(text: str, start: int, end: int) -> tuple[list[Property], dict[str, None]]:
    """The valid properties and the refused keys, each once and in order, of a run of property lines."""
    found: list[Property] = []
    invalid: dict[str, None] = {}
    at = start
    while at < end:
        match = PROPERTY_LINE.match(text, at, end)
        if match:
            _add(property_of(match, at), found, invalid)
            at = match.end()
        elif match := ORG_PROPERTY_LINE.match(text, at, end):
            _add(property_of(match, at, trimmed=False), found, invalid)
            at = match.end()
        elif drawer := PROPERTIES_DRAWER.match(text, at, end):
            for line in _DRAWER_LINE.finditer(text, *drawer.span(1)):
                _add(property_of(line, line.start(), trimmed=False), found, invalid)
            at = drawer.end()
        else:
            at += 1
            continue
        eol = _LINE_END.match(text, at, end)
        at = eol.end() if eol else max(at, at + 1)
    return found, invalid


def sorted_out(properties: Iterable[Property]) -> tuple[list[Property], dict[str, None]]:
    """Properties whose keys are valid, and the keys of the others, each once; both in order.

    spec: logseq-format §4.2.
    """
    found: list[Property] = []
    invalid: dict[str, None] = {}
    for prop in properties:
        _add(prop, found, invalid)
    return found, invalid


def _add(prop: Property, found: list[Property], invalid: dict[str, None]) -> None:
    if is_valid_key(prop.key):
        found.append(prop)
    else:
        invalid[prop.key] = None


def property_of(match: re.Match[str], start: int, *, trimmed: bool = True) -> Property:
    """The property of a match whose groups are key and value, on a line that begins at `start`.

    trimmed: whether Logseq's parser drops white space behind the value; it does of `key:: value` lines only.
    """
    raw_key, raw = match.groups()
    end = match.end()
    if not raw:
        return Property(key=normal_key(raw_key), raw_key=raw_key, value="", start=start, end=end, value_start=end)
    value = raw.strip(JS_SPACE)
    edges = ("", "")
    if not trimmed or not raw.isascii() or "\x0b" in raw or "\x1a" in raw:
        written = raw.lstrip(" \t\f\x1a")
        written = written.rstrip(" \t\f") if trimmed else written
        value = written.strip(JS_SPACE)
        before = len(written) - len(written.lstrip(JS_SPACE))
        edges = (written[:before], written[before + len(value) :])
    after = match.start(2) if value else end
    if value and raw[0] != value[0]:
        after += raw.index(value[0])
    return Property(
        key=normal_key(raw_key), raw_key=raw_key, value=value, start=start, end=end, value_start=after, edges=edges
    )


def simple_run_end(text: str) -> int:
    """Where the run of plain property lines ends with which a page begins, blank lines behind it included; else 0."""
    match = _SIMPLE_RUN.match(text)
    return match.end() if match else 0


def read_simple_run(text: str, end: int) -> tuple[Property, ...]:
    """The properties up to `end` where nothing else stands before it, as on most pages; empty where something does.

    Only a short cut: `read_run` finds the same.
    """
    return simple_properties(text, end) if is_simple_run(text, end) else ()


def simple_properties(text: str, end: int) -> tuple[Property, ...]:
    """The properties of the simple run that ends here and begins the text."""
    return tuple([property_of(match, match.start()) for match in _SIMPLE_LINE.finditer(text, 0, end)])


def is_simple_run(text: str, end: int) -> bool:
    """True if `read_simple_run` finds everything that stands before `end`."""
    return "#+" not in text and _SIMPLE_RUN.fullmatch(text, 0, end) is not None


def is_indented_run(text: str, start: int, end: int) -> bool:
    """True if a range of whole lines holds plain property lines, blank lines behind them, and nothing else."""
    return _INDENTED_RUN.fullmatch(text, start, end) is not None
