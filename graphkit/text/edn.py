"""EDN as Logseq's reader takes it: a check of the tokens, then `edn_format` for the values. Knows no configuration key.

This is no parser: `edn_format` builds the values. The text is gone over once before, token by token, for two ends:
to name, with its place, what Logseq refuses (`edn_format` lets some of it pass), and to leave out or rewrite the few
tokens that only Logseq's reader understands. Source of both: reference 1.4.
"""

from __future__ import annotations

import re
import sys
from fractions import Fraction
from functools import lru_cache
from importlib import import_module
from math import isfinite
from types import ModuleType
from typing import TYPE_CHECKING

from graphkit.text.records import Record, field

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_DEPTH = 150
"""Deepest nesting that is read; a configuration has some ten levels."""
MAX_TOKENS = 100_000
MAX_LENGTH = 1_000_000
"""Longest text that is read, in tokens and code points; a configuration has some hundred tokens in 15,000."""


class Keyword(Record, frozen=True):
    """An EDN keyword; `name` is without the leading colon, `file/name-format` for example."""

    name: str


class EdnProblem(Record, frozen=True, kw_only=True):
    """Why a text cannot be read as EDN; `offset` in code points where the reader stopped."""

    message: str
    offset: int


class EdnMap(Record, frozen=True, kw_only=True):
    """The map that a text holds, as far as its keys are keywords.

    Values are None, bool, int, float, str, Keyword, list (vectors), tuple (lists), frozenset and dict. Symbols and
    characters are None, since nothing that is asked for is one.
    """

    values: Mapping[str, object]
    places: Mapping[str, int]
    """Offset of each key."""


_ATOM = r"[^\[\](){}\";^\\\t\n\r ,]"
_TOKEN = re.compile(
    rf"""
    [\t\n\r ,]*+
    (?:
      (?P<comment>(?:;|\#!)[^\n]*+)
    | (?P<string>"[^"\\]*+(?:\\.[^"\\]*+)*+")
    | (?P<open>\#?[{{]|[\[(])
    | (?P<close>[\])}}])
    | (?P<char>\\(?:{_ATOM}++|.))
    | (?P<meta>\#?\^)
    | (?P<discard>\#_)
    | (?P<namespace>\#:{_ATOM}++(?=[\t\n\r ,]*+[{{]))
    | (?P<constant>\#\#{_ATOM}*+)
    | (?P<tag>\#{_ATOM}*+)
    | (?P<atom>{_ATOM}++)
    | (?P<other>.)
    | (?P<end>\Z)
    )
    """,
    re.VERBOSE | re.DOTALL,
)
_BAD_ESCAPE = re.compile(r'\\(?:[trn\\"bf]|u[0-9A-Fa-f]{4}|[0-3]?[0-7]{1,2})|(\\.)', re.DOTALL)
_CHARACTER = re.compile(
    r"\\(?:.|newline|space|tab|backspace|formfeed|return|u[0-9A-Fa-f]{4}|o[0-3]?[0-7]{1,2})", re.DOTALL
)
_NUMBER_LIKE = re.compile(r"[-+]?[0-9]")
_INTEGER = re.compile(
    r"(?P<sign>[-+]?)(?:(?P<dec>0|[1-9][0-9]*)|0[xX](?P<hex>[0-9A-Fa-f]+)|0(?P<oct>[0-7]+)"
    r"|(?P<base>[1-9][0-9]?)[rR](?P<digits>[0-9A-Za-z]+))N?"
)
_RATIO = re.compile(r"(?P<above>[-+]?[0-9]+)/(?P<below>[0-9]+)")
_FLOAT = re.compile(r"(?P<value>[-+]?[0-9]+(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?)M?")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]+N?")
_SYMBOL = re.compile(r"(?!.*:\Z)(?!::)(?:/|[^/]+(?:/(?:/|[^/0-9][^/]*))?)", re.DOTALL)
_PLAIN_KEYWORD = re.compile(r":(?!%)[\w.*+!\-?$%&=#<>]+(?:/[\w.*+!\-?$%&=#<>]+)?")
_NO_CONSTITUENT = re.compile("[@`~]")
_SCALARS = (type(None), bool, int, float, str, Keyword)
_CONSTANTS = {"nil", "true", "false"}
_PAIRS = {"(": ")", "[": "]", "{": "}", "#{": "}"}
_KNOWN_TAGS = frozenset({"#inst", "#uuid"})


class _Frame(Record):
    """One open bracket: how many forms it holds so far, and which keys."""

    opening: str
    offset: int
    dropped: bool = False
    forms: int = 0
    keys: set[str] = field(default_factory=set)
    pending: list[str] = field(default_factory=list)
    """Prefixes (`#_`, `^`) that still wait for the form they take."""


class _Checked(Record):
    text: str
    places: dict[str, int]
    aliases: dict[str, str]
    """Keywords that `edn_format` cannot read, by the name they got instead."""
    is_map: bool


class _RefusedError(Exception):
    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.problem = EdnProblem(message=message, offset=offset)


def read_map(text: str) -> EdnMap | EdnProblem:
    """The first form of a text, which must be a map; nothing at all counts as the empty map.

    Linear in the text; deeper than `MAX_DEPTH` or longer than `MAX_TOKENS` is a problem like any other.
    """
    try:
        checked = _check(text)
    except _RefusedError as refused:
        return refused.problem
    if not checked.text:
        return EdnMap(values={}, places={})
    if not checked.is_map:
        return EdnProblem(message="the first form is no map", offset=0)
    edn_format = _edn_format()
    try:
        # Tables are neither read from nor written to the installed package: building them takes a few milliseconds.
        value = edn_format.loads(checked.text, write_ply_tables=False)
        values = {
            checked.aliases.get(key.name, key.name): _plain(item, checked.aliases)
            for key, item in value.items()
            if isinstance(key, edn_format.Keyword)
        }
    except Exception as error:  # noqa: BLE001 - whatever the library raises, the vault's text is to blame
        return EdnProblem(message=f"{error}".partition("\n")[0][:200] or type(error).__name__, offset=0)
    return EdnMap(values=values, places=checked.places)


def is_readable(text: str) -> bool:
    """Whether the first form of a text is one that Logseq's reader takes."""
    try:
        return bool(_check(text).text)
    except _RefusedError:
        return False


class _LateModule(ModuleType):
    """Stands for a module that is loaded when something of it is first asked for."""

    def __getattr__(self, name: str) -> object:
        return getattr(import_module(self.__name__), name)


@lru_cache(maxsize=1)
def _edn_format() -> ModuleType:
    """The library, loaded when the first configuration is read.

    It loads pyrfc3339 for `#inst`, and that is three quarters of what it costs to load (22 of 30 ms). No `#inst` gets
    there from here, so a stand-in takes that module's place meanwhile; in `edn_format` it stays, and does the same.
    """
    late = "pyrfc3339"
    stands_in = late not in sys.modules
    if stands_in:
        sys.modules[late] = _LateModule(late)
    try:
        import edn_format  # noqa: PLC0415 - a vault without a configuration never needs it
    finally:
        if stands_in:
            del sys.modules[late]
    return edn_format  # type: ignore[no-any-return]


def _plain(value: object, aliases: Mapping[str, str]) -> object:
    edn_format = _edn_format()
    if isinstance(value, edn_format.Keyword):
        name = str(value.name)
        return Keyword(aliases.get(name, name))
    if isinstance(value, str):
        return _join_surrogates(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Fraction):
        return float(value)
    if isinstance(value, edn_format.ImmutableDict):
        pairs = ((_plain(key, aliases), _plain(item, aliases)) for key, item in value.items())
        return {key: item for key, item in pairs if isinstance(key, _SCALARS)}
    if isinstance(value, frozenset):
        return frozenset(item for item in (_plain(each, aliases) for each in value) if isinstance(item, _SCALARS))
    if isinstance(value, tuple | edn_format.ImmutableList):
        return tuple(_plain(item, aliases) for item in value)
    return None


def _join_surrogates(text: str) -> str:
    # `\\ud83d\\ude00` is one character in JavaScript and two halves in Python.
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def _check(text: str) -> _Checked:
    """The tokens of the first form that `edn_format` is to read. Raises _RefusedError at what Logseq refuses."""
    frames = [_Frame("", 0)]
    out: list[str] = []
    places: dict[str, int] = {}
    aliases: dict[str, str] = {}
    is_map = False
    start = 1 if text.startswith("\ufeff") else 0
    tokens = 0
    if len(text) > MAX_LENGTH:
        raise _RefusedError(f"it is longer than {MAX_LENGTH:,} characters", 0)
    for found in _TOKEN.finditer(text, start):
        kind = found.lastgroup or ""
        token = found[kind]
        offset = found.start(kind)
        frame = frames[-1]
        tokens += 1
        if tokens > MAX_TOKENS:
            raise _RefusedError(f"there are more than {MAX_TOKENS:,} tokens", offset)
        match kind:
            case "comment":
                continue
            case "end":
                if len(frames) > 1:
                    raise _RefusedError(f"{frame.opening!r} is not closed", frame.offset)
                if frame.pending:
                    raise _RefusedError(f"nothing follows {frame.pending[-1]!r}", offset)
                break
            case "open":
                _open(frames, token, offset, out)
                continue
            case "meta" | "discard":
                frame.pending.append(token)
                continue
            case "tag":
                if token not in _KNOWN_TAGS:
                    raise _RefusedError(_tag_message(text, token, found.end()), offset)
                continue  # the text of an instant or an id says all that is needed
            case "namespace":
                if token.startswith("#::"):
                    raise _RefusedError("'#::' is refused by Logseq", offset)
                if not (frame.dropped or frame.pending):
                    out.append(token)
                continue
            case "close":
                _close(frames, token, offset, out)
                kind, frame = frame.opening, frames[-1]
            case _:
                written = _atom(kind, token, offset, aliases)
                if not (frame.dropped or frame.pending):
                    out.append(written)
        if frame.pending:
            frame.pending.pop()
            continue
        frame.forms += 1
        if len(frames) == 1:
            is_map = kind == "{"
            break
        _note_key(frame, kind, token, offset)
        if len(frames) == 2 and frame.opening == "{" and frame.forms % 2 and token.startswith(":"):
            places[token[1:]] = offset
    return _Checked(text=" ".join(out), places=places, aliases=aliases, is_map=is_map)


def _open(frames: list[_Frame], token: str, offset: int, out: list[str]) -> None:
    if len(frames) > MAX_DEPTH:
        raise _RefusedError(f"brackets are nested more than {MAX_DEPTH} deep", offset)
    around = frames[-1]
    inner = _Frame(token, offset, dropped=around.dropped or bool(around.pending))
    frames.append(inner)
    if not inner.dropped:
        out.append(token)


def _close(frames: list[_Frame], token: str, offset: int, out: list[str]) -> None:
    frame = frames[-1]
    if len(frames) == 1 or _PAIRS[frame.opening] != token:
        raise _RefusedError(f"{_short(token)} closes nothing here", offset)
    if frame.pending:
        raise _RefusedError(f"nothing follows {frame.pending[-1]!r}", offset)
    if frame.opening == "{" and frame.forms % 2:
        raise _RefusedError("a map needs a value for each key", frame.offset)
    frames.pop()
    if not frame.dropped:
        out.append(token)


def _note_key(frame: _Frame, kind: str, token: str, offset: int) -> None:
    # Keys that are brackets themselves are not compared: no key of a configuration is one.
    is_key = frame.opening == "#{" or (frame.opening == "{" and frame.forms % 2 == 1)
    if is_key and kind in {"atom", "string", "char"}:
        if token in frame.keys:
            raise _RefusedError(f"{_short(token)} stands here twice; Logseq refuses duplicate keys", offset)
        frame.keys.add(token)


def _tag_message(text: str, token: str, end: int) -> str:
    if len(token) == 1 and text[end : end + 1] in {"(", '"'}:
        what = "an anonymous function `#(…)`" if text[end] == "(" else 'a regular expression `#"…"`'
        return f"{what} is refused by Logseq"
    return f"the tag {_short(token)} is refused by Logseq"


def _atom(kind: str, token: str, offset: int, aliases: dict[str, str]) -> str:
    """How one token without brackets is handed on. Raises _RefusedError where Logseq refuses it."""
    if kind == "string":
        bad = next((found for found in _BAD_ESCAPE.finditer(token) if found[1]), None)
        if bad:
            raise _RefusedError(f"{bad[1]!r} is no escape in a string", offset + bad.start())
        return token
    if kind == "char":
        if not _CHARACTER.fullmatch(token):
            raise _RefusedError(f"{_short(token)} is no character", offset)
        return "nil"
    if kind == "constant":
        if token not in {"##Inf", "##-Inf", "##NaN"}:
            raise _RefusedError(f"{_short(token)} is no constant", offset)
        return token
    if kind == "other":
        message = "the string is not closed" if token.startswith('"') else f"{_short(token)} cannot stand here"
        raise _RefusedError(message, offset)
    if odd := _NO_CONSTITUENT.search(token):
        raise _RefusedError(f"{odd.group()!r} is refused by Logseq", offset + odd.start())
    if _NUMBER_LIKE.match(token):
        return _number(token, offset)
    if token.startswith("::"):
        raise _RefusedError(f"the keyword {_short(token)} is refused by Logseq: it starts with two colons", offset)
    if token.startswith(":"):
        if not _SYMBOL.fullmatch(token, 1):
            raise _RefusedError(f"{_short(token)} is no keyword", offset)
        if _PLAIN_KEYWORD.fullmatch(token):
            return token
        alias = f"%{len(aliases)}"
        aliases[alias] = token[1:]
        return f":{alias}"
    if not _SYMBOL.fullmatch(token):
        raise _RefusedError(f"{_short(token)} is no symbol", offset)
    return token if token in _CONSTANTS else "nil"


def _short(token: str) -> str:
    return repr(token if len(token) <= 40 else token[:39] + "…")


def _number(token: str, offset: int) -> str:
    """A number in the decimal form that `edn_format` reads."""
    try:
        if found := _INTEGER.fullmatch(token):
            whole = _integer(found)
            return str(-whole if found["sign"] == "-" else whole)
        if found := _RATIO.fullmatch(token):
            below = int(found["below"])
            return repr(int(found["above"]) / below) if below else "##NaN"
        if (found := _FLOAT.fullmatch(token)) and not _LEADING_ZERO.fullmatch(token):
            value = float(found["value"])
            return repr(value) if isfinite(value) else "##Inf"
    except (ValueError, OverflowError):
        pass
    raise _RefusedError(f"{_short(token)} is no number", offset)


def _integer(found: re.Match[str]) -> int:
    if found["hex"]:
        return int(found["hex"], 16)
    if found["oct"]:
        return int(found["oct"], 8)
    if found["base"]:
        return int(found["digits"], int(found["base"]))
    return int(found["dec"])
