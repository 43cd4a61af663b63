"""Atoms of EDN: strings, numbers, characters, keywords, symbols."""

from __future__ import annotations

import re
from functools import cache
from math import inf, nan
from typing import TypeAlias

from graphkit.text.records import Record

MAX_NUMBER = 1_000
"""Longest number, in characters: conversion between decimal and binary is not linear."""


class Keyword(Record, frozen=True):
    """An EDN keyword; `name` is without the leading colon, `file/name-format` for example."""

    name: str


class Symbol(Record, frozen=True):
    """An EDN symbol: `?page`, `page-ref`, `'x`, `clojure.string/lower-case`."""

    name: str


class Character(Record, frozen=True):
    r"""An EDN character such as `\a` or `\newline`; `text` is the character itself, one UTF-16 unit for `\uXXXX`."""

    text: str


Atom: TypeAlias = "bool | int | float | str | Keyword | Symbol | Character | None"


class RefusedError(Exception):
    """Logseq refuses the token at this offset of the text; never leaves `read_edn`."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


_CONSTANTS = {"nil": None, "true": True, "false": False}
_SYMBOLIC = {"##Inf": inf, "##-Inf": -inf, "##NaN": nan}
_CHARACTERS = {"newline": "\n", "space": " ", "tab": "\t", "backspace": "\b", "formfeed": "\f", "return": "\r"}
_ESCAPES = {"t": "\t", "r": "\r", "n": "\n", "b": "\b", "f": "\f", "\\": "\\", '"': '"'}
_HEX = frozenset("0123456789abcdefABCDEF")
_DIGITS = frozenset("0123456789")


def read_atom(token: str, offset: int) -> Atom:
    """The value of a token that is no bracket, prefix or comment. Raises RefusedError if Logseq refuses it."""
    if token[0] == '"':
        return _string(token, offset)
    if token[0] == "\\":
        return _character(token, offset)
    if token[0] == "#":
        if token not in _SYMBOLIC:
            raise RefusedError(f"{short(token)} is no constant", offset)
        return _SYMBOLIC[token]
    if "@" in token or "`" in token or "~" in token:
        index = min(token.index(each) for each in "@`~" if each in token)
        raise RefusedError(f"{token[index]!r} is refused by Logseq", offset + index)
    if token[0] in _DIGITS or (token[0] in "+-" and token[1:2] in _DIGITS):
        return _number(token, offset)
    if token[0] == ":":
        if token.startswith("::"):
            raise RefusedError(f"the keyword {short(token)} is refused by Logseq: it starts with two colons", offset)
        if not is_symbol(token[1:]):
            raise RefusedError(f"{short(token)} is no keyword", offset)
        return Keyword(token[1:])
    if not is_symbol(token):
        raise RefusedError(f"{short(token)} is no symbol", offset)
    return _CONSTANTS[token] if token in _CONSTANTS else Symbol(token)


def is_symbol(name: str) -> bool:
    """True for `name`, `namespace/name` and `/`; names after a namespace start with no digit, none ends in a colon."""
    before, slash, after = name.partition("/")
    if not slash:
        return bool(name) and not name.endswith(":")
    if not before:
        return not after
    return after == "/" or not (after[:1] in _DIGITS or not after or "/" in after or after.endswith(":"))


def short(token: str) -> str:
    """A token in quotes for a message, its first 39 characters where it is longer than 40."""
    return repr(token if len(token) <= 40 else token[:39] + "…")


@cache
def _escapes() -> re.Pattern[str]:
    return re.compile(r"\\(?:u([0-9A-Fa-f]{4})|([0-7]{1,3})|(.))", re.DOTALL)


def _string(token: str, offset: int) -> str:
    if len(token) == 1:
        raise RefusedError("the string is not closed", offset)
    if "\\" not in token:
        return token[1:-1]

    def character(found: re.Match[str]) -> str:
        point, octal, letter = found.groups()
        if letter and letter not in _ESCAPES:
            raise RefusedError(f"{found[0]!r} is no escape in a string", offset + 1 + found.start())
        return _ESCAPES[letter] if letter else chr(int(point, 16) if point else int(octal, 8))

    text = _escapes().sub(character, token[1:-1])
    # `\ud83d\ude00` is one character in JavaScript and two halves in Python.
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def _character(token: str, offset: int) -> Character:
    name, digits = token[1:], frozenset(token[2:])
    if len(name) == 1:
        return Character(name)
    if name in _CHARACTERS:
        return Character(_CHARACTERS[name])
    if name[:1] == "u" and len(name) == 5 and digits <= _HEX:
        return Character(chr(int(name[1:], 16)))
    if name[:1] == "o" and len(name) <= 4 and digits <= frozenset("01234567") and int(name[1:], 8) <= 0o377:
        return Character(chr(int(name[1:], 8)))
    raise RefusedError(f"{short(token)} " + ("is no character" if name else "cannot stand here"), offset)


@cache
def _numbers() -> re.Pattern[str]:
    return re.compile(
        r"([-+]?)(?:(?:(?P<dec>0|[1-9][0-9]*)|0[xX](?P<hex>[0-9A-Fa-f]+)|0(?P<oct>[0-7]+)"
        r"|(?P<base>[1-9][0-9]?)[rR](?P<digits>[0-9A-Za-z]+))N?|(?P<above>[0-9]+)/(?P<below>[0-9]+)"
        r"|(?!0[0-9]+\Z)(?P<float>[0-9]+(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?)M?)"
    )


def _number(token: str, offset: int) -> int | float:
    if len(token) == 1:
        return int(token)
    found = _numbers().fullmatch(token) if len(token) <= MAX_NUMBER else None
    try:
        if found:
            value = _magnitude(found)
            return -value if found[1] == "-" else value
    except (ValueError, OverflowError):  # a digit or base that does not exist; a ratio beyond the largest float
        pass
    raise RefusedError(f"{short(token)} is no number", offset)


def _magnitude(found: re.Match[str]) -> int | float:
    if found["dec"]:
        return int(found["dec"])
    if found["float"]:
        return float(found["float"])
    if found["above"]:
        above, below = int(found["above"]), int(found["below"])
        return above / below if below else inf if above else nan
    if found["base"]:
        return int(found["digits"], int(found["base"]))
    return int(found["hex"], 16) if found["hex"] else int(found["oct"], 8)
