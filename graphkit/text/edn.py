"""EDN text → forms with their places, as Logseq's reader takes it.

`read_edn` reads the first form of a text, as Logseq does with `config.edn` and with the body of a query: symbols and
code are data, `;` and `#!` start comments, `#_` drops the next form, `^` drops metadata, `#inst` and `#uuid` are the
only tags. What Logseq refuses is an `EdnProblem`, never an exception: `#(…)`, `#"…"`, `@`, `` ` ``, `~`, `::keyword`,
other tags, equal keys or set members. A quote is part of a symbol: `'x` is the symbol of that name.

Reading takes time linear in the text and recurses nowhere (spec: logseq-format §1.4).
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from graphkit.text.edn_atoms import Atom, Keyword, RefusedError, is_symbol, read_atom, short
from graphkit.text.records import Record, field
from graphkit.text.source import BOM, SourceText

if TYPE_CHECKING:
    from graphkit.text.span import Position

MAX_DEPTH = 150
"""The deepest nesting that is read; a configuration has about ten levels."""
MAX_TOKENS = 100_000
MAX_LENGTH = 1_000_000
"""Longest text that is read, in tokens and code points; a configuration has some hundred tokens in 15,000."""


class Form(Record, frozen=True):
    """A value and where it was read, `text[start:end]` in code points; prefixes that were dropped are outside."""

    value: Value
    start: int
    end: int


class List(Record, frozen=True):
    """`( … )`."""

    items: tuple[Form, ...]


class Vector(Record, frozen=True):
    """`[ … ]`."""

    items: tuple[Form, ...]


class Set(Record, frozen=True):
    """`#{ … }`, in the order of the text."""

    items: tuple[Form, ...]


class Map(Record, frozen=True):
    """`{ … }`, keys with their values in the order of the text; the keys of `#:n{:a 1}` are read as `:n/a`."""

    entries: tuple[tuple[Form, Form], ...]


class Tagged(Record, frozen=True):
    """`#inst "2026-03-02"` or `#uuid "…"`; `tag` is without the `#`, and the form is not checked against it."""

    tag: str
    form: Form


Value: TypeAlias = "Atom | List | Vector | Set | Map | Tagged"


class EdnProblem(Record, frozen=True, kw_only=True):
    """Why a text cannot be read, and where the reader stopped: offset in code points, line and column from 1."""

    message: str
    offset: int
    position: Position


class _Bracket(Record):
    """An open bracket, or the text around all brackets, and what has been read inside it."""

    opening: str
    start: int
    namespace: str = ""
    forms: list[Form] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    """Texts of map keys and set members; those in brackets and `##NaN` are not compared."""
    prefixes: list[tuple[str, int]] = field(default_factory=list)
    """`#_`, `^` and tags that still wait for their form, with their offsets."""


_CLOSING = {"(": ")", "[": "]", "{": "}", "#{": "}"}
_DROPPING = frozenset({"#_", "^", "#^"})
_TAGS = frozenset({"#inst", "#uuid"})


def is_readable(text: str) -> bool:
    """True if Logseq's reader accepts the first form of a text."""
    return isinstance(read_edn(text), Form)


def read_edn(text: str) -> Form | EdnProblem | None:
    """The first form of a text, None if the text has no form, or the problem. The rest of the text is ignored."""
    try:
        return _read(text)
    except RefusedError as refused:
        place = SourceText(text).position(refused.offset)
        return EdnProblem(message=refused.message, offset=refused.offset, position=place)


@cache
def _tokens() -> re.Pattern[str]:
    """One token: comment, `#{` and its like, namespaced map, string, atom, character, bracket, end of the text."""
    atom = r"[^\[\](){}\";^\\\t\n\r ,]"
    return re.compile(
        rf'[\t\n\r ,]*+(;[^\n]*+|\#(?:[{{^_]|![^\n]*+|:{atom}++[\t\n\r ,]*+\{{)|"[^"\\]*+(?:\\.[^"\\]*+)*+"'
        rf"|\\?{atom}++|\\.|.|\Z)",
        re.DOTALL,
    )


def _read(text: str) -> Form | None:
    if len(text) > MAX_LENGTH:
        raise RefusedError(f"it is longer than {MAX_LENGTH:,} characters", 0)
    around: list[_Bracket] = []
    inside = _Bracket("", 0)
    for count, found in enumerate(_tokens().finditer(text, 1 if text.startswith(BOM) else 0), 1):
        token, start, end = found[1], *found.span(1)
        if count > MAX_TOKENS:
            raise RefusedError(f"there are more than {MAX_TOKENS:,} tokens", start)
        if not token:
            break
        if token[0] == ";" or token.startswith("#!"):
            continue
        if token in _DROPPING or token in _TAGS:
            if token in _TAGS and inside.prefixes and inside.prefixes[-1][0] in _TAGS:
                raise RefusedError(f"a tag cannot follow {inside.prefixes[-1][0]!r}", start)
            inside.prefixes.append((token, start))
            continue
        if token[-1] in "([{" and token[0] != "\\":
            if len(around) >= MAX_DEPTH:
                raise RefusedError(f"brackets are nested more than {MAX_DEPTH} deep", start)
            around.append(inside)
            inside = _opened(token, start, end)
            continue
        if token in {")", "]", "}"}:
            form = Form(_closed(inside, token, start), inside.start, end)
            inside, is_key = around.pop(), False
        elif token[0] == "#" and not token.startswith("##"):
            raise _tag_refused(token, text[end : end + 1], start)
        else:
            form, is_key = Form(read_atom(token, start), start, end), token[0] != "#"
        if inside.prefixes and inside.prefixes[-1][0] in _TAGS:
            tag, start = inside.prefixes.pop()
            form = Form(Tagged(tag[1:], form), start, end)
        if inside.prefixes:
            inside.prefixes.pop()
        elif not around:
            return form
        else:
            if is_key and (inside.opening == "#{" or (inside.opening == "{" and len(inside.forms) % 2 == 0)):
                _compare(inside, text[start:end], start)
            inside.forms.append(form)
    if around:
        raise RefusedError(f"{inside.opening!r} is not closed", inside.start)
    _expect_no_prefix(inside, len(text))
    return None


def _opened(token: str, start: int, end: int) -> _Bracket:
    if not token.startswith("#:"):
        return _Bracket(token, start)
    namespace = token[2:-1].rstrip("\t\n\r ,")
    if namespace.startswith(":"):
        raise RefusedError("'#::' is refused by Logseq", start)
    if "/" in namespace or not is_symbol(namespace):
        raise RefusedError(f"{short(f'#:{namespace}')}does not name a namespace", start)
    return _Bracket("{", end - 1, namespace)


def _closed(bracket: _Bracket, token: str, offset: int) -> Value:
    if _CLOSING.get(bracket.opening) != token:
        raise RefusedError(f"{token!r}has no opening bracket", offset)
    _expect_no_prefix(bracket, offset)
    items = tuple(bracket.forms)
    match bracket.opening:
        case "(":
            return List(items)
        case "[":
            return Vector(items)
        case "#{":
            return Set(items)
    if len(items) % 2:
        raise RefusedError("a map needs a value for each key", bracket.start)
    keys = [_qualified(key, bracket.namespace) for key in items[::2]] if bracket.namespace else items[::2]
    return Map(tuple(zip(keys, items[1::2], strict=True)))


def _expect_no_prefix(bracket: _Bracket, offset: int) -> None:
    if bracket.prefixes:
        raise RefusedError(f"nothing follows {bracket.prefixes[-1][0]!r}", offset)


def _tag_refused(token: str, following: str, offset: int) -> RefusedError:
    what = {'#"': 'a regular expression `#"…"`', "#(": "an anonymous function `#(…)`"}.get(token + following)
    return RefusedError(f"{what or f'the tag {short(token)}'} is refused by Logseq", offset)


def _compare(bracket: _Bracket, key: str, offset: int) -> None:
    if key in bracket.keys:
        raise RefusedError(f"{short(key)}is duplicated; Logseq refuses duplicate keys", offset)
    bracket.keys.add(key)


def _qualified(key: Form, namespace: str) -> Form:
    """A key of `#:namespace{…}`: `:a` is in the namespace, `:_/a` in none."""
    if not isinstance(key.value, Keyword):
        return key
    before, slash, name = key.value.name.partition("/")
    if not slash:
        return Form(Keyword(f"{namespace}/{before}"), key.start, key.end)
    return Form(Keyword(name), key.start, key.end) if before == "_" else key
