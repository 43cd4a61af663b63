"""JavaScript's regular expressions, run by the library `regex` with a limit of time."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from graphkit.query.errors import QueryError
from graphkit.query.query_values import Sequence, Vector

if TYPE_CHECKING:
    import regex

TIMEOUT: Final = 0.25
"""Seconds that one match may take."""
MAX_PATTERN: Final = 5_000


class Pattern:
    """A compiled expression; equal to itself only, as in JavaScript."""

    __slots__ = ("compiled", "source")

    def __init__(self, source: str, compiled: regex.Pattern[str]) -> None:
        self.source = source
        self.compiled = compiled

    def __repr__(self) -> str:
        return f'#"{self.source}"'


@lru_cache(maxsize=200)
def compile_pattern(source: str) -> Pattern:
    """An expression as ClojureScript's `re-pattern` reads it: flags in front as `(?i)`. Raises QueryError."""
    import regex  # noqa: PLC0415 - most queries have no expression

    if len(source) > MAX_PATTERN:
        raise QueryError(f"a regular expression is longer than {MAX_PATTERN:,} characters", limit=True)
    flags, body = 0, source
    if source.startswith("(?") and (end := source.find(")")) > 2 and set(source[2:end]) <= set("idmsux"):
        letters, body = source[2:end], source[end + 1 :]
        if unknown := set(letters) - set("imsu"):
            raise QueryError(f"invalid flags in the regular expression: {''.join(sorted(unknown))}")
        flags = sum({"i": regex.I, "m": regex.M, "s": regex.S, "u": 0}[letter] for letter in set(letters))
    try:
        compiled = regex.compile(_translate(body, multiline=bool(flags & regex.M)), flags | regex.V0)
    except (regex.error, RecursionError, OverflowError, ValueError) as error:
        raise QueryError(f"invalid regular expression /{body[:60]}/: {error}") from None
    return Pattern(source, compiled)


_CLASSES: Final = {
    "d": "0-9",
    "w": "A-Za-z0-9_",
    "s": r"\t-\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff",
}
_UNSUPPORTED: Final = ("(?>", "(?P", "(?#", "(?|", "(?&", "(?R", "(?0", "(?(")


def _translate(source: str, *, multiline: bool) -> str:
    """JavaScript's syntax in that of `regex`. Raises QueryError for what has no equivalent."""
    out: list[str] = []
    index, in_class = 0, False
    while index < len(source):
        character = source[index]
        if character == "\\" and index + 1 < len(source):
            escape, index = _escape(source, index, in_class=in_class)
            out.append(escape)
            continue
        if in_class:
            in_class = character != "]"
            out.append("\\[" if character == "[" else character)
        elif character == "[":
            negated = source.startswith("[^", index)
            after = index + 2 if negated else index + 1
            if source.startswith("]", after):
                out.append(r"[\s\S]" if negated else r"(?!)")
                index = after
            else:
                in_class = True
                out.append("[^" if negated else "[")
                index = after - 1
        elif character == "$":
            out.append("$" if multiline else r"\Z")
        elif character == ".":
            out.append(r"[^\n\r\u2028\u2029]")
        elif character == "(" and source.startswith(_UNSUPPORTED, index):
            raise QueryError(f"invalid regular expression /{source[:60]}/: {source[index : index + 3]} is not a group")
        elif character in "*+?}" and source.startswith("+", index + 1):
            raise QueryError(f"invalid regular expression /{source[:60]}/: nothing to repeat")
        elif character == "{" and not _counted(source, index):
            out.append(r"\{")
        elif character == "}" and not out_of_count(out):
            out.append(r"\}")
        else:
            out.append(character)
        index += 1
    return "".join(out)


def out_of_count(out: list[str]) -> bool:
    """True if the brace that comes now closes a count such as `{2,3}`."""
    for piece in reversed(out):
        if piece == "{":
            return True
        if not (piece.isdigit() or piece == ","):
            return False
    return False


def _counted(source: str, index: int) -> bool:
    end = source.find("}", index)
    low, comma, high = source[index + 1 : end].partition(",") if end > index else ("", "", "")
    return low.isdigit() and low.isascii() and (not comma or not high or (high.isdigit() and high.isascii()))


def _escape(source: str, index: int, *, in_class: bool) -> tuple[str, int]:
    letter = source[index + 1]
    if letter in _CLASSES:
        return (_CLASSES[letter] if in_class else f"[{_CLASSES[letter]}]"), index + 2
    if letter.lower() in _CLASSES and not in_class:
        return f"[^{_CLASSES[letter.lower()]}]", index + 2
    if letter in "bB" and not in_class:
        word = _CLASSES["w"]
        at_edge = f"(?:(?<=[{word}])(?![{word}])|(?<![{word}])(?=[{word}]))"
        return (at_edge if letter == "b" else f"(?!{at_edge})"), index + 2
    if letter == "u" and len(digits := source[index + 2 : index + 6]) == 4 and _hexadecimal(digits):
        return f"\\u{digits}", index + 6
    if letter == "x" and len(digits := source[index + 2 : index + 4]) == 2 and _hexadecimal(digits):
        return f"\\x{digits}", index + 4
    if letter == "k" and source.startswith("<", index + 2) and (end := source.find(">", index)) > 0:
        return f"(?P={source[index + 3 : end]})", end + 1
    if letter == "c" and source[index + 2 : index + 3].isalpha():
        return f"\\x{ord(source[index + 2].upper()) % 32:02x}", index + 3
    if letter in "DWS" or letter in "nrtfv" or letter.isdigit():
        return (r"\x00" if letter == "0" else f"\\{letter}"), index + 2
    if letter == "b":
        return r"\x08", index + 2
    return (letter if letter.isalnum() or letter == "_" else f"\\{letter}"), index + 2


def _hexadecimal(digits: str) -> bool:
    return all(each in "0123456789abcdefABCDEF" for each in digits)


def find(pattern: Pattern, text: str) -> object:
    """`re-find`: the first match, or the match and its groups. Raises QueryError when it takes too long."""
    try:
        return _match(pattern.compiled.search(text, timeout=TIMEOUT))
    except TimeoutError:
        raise _too_long(pattern) from None


def match_all(pattern: Pattern, text: str) -> object:
    """`re-matches`: as `find`, where the whole text matches. Raises QueryError when it takes too long."""
    try:
        found = pattern.compiled.search(text, timeout=TIMEOUT)
    except TimeoutError:
        raise _too_long(pattern) from None
    return _match(found) if found and found[0] == text else None


def find_all(pattern: Pattern, text: str) -> object:
    """`re-seq`: all matches; nil if it has none. Raises QueryError when it takes too long."""
    found: list[object] = []
    try:
        for match in pattern.compiled.finditer(text, timeout=TIMEOUT):
            found.append(_match(match))
            if len(found) > 100_000:
                raise QueryError("re-seq finds more than 100,000 matches", limit=True)
    except TimeoutError:
        raise _too_long(pattern) from None
    return Sequence(found) if found else None


def _match(found: regex.Match[str] | None) -> object:
    if found is None:
        return None
    return Vector((found[0], *found.groups())) if found.re.groups else found[0]


def _too_long(pattern: Pattern) -> QueryError:
    return QueryError(f"the regular expression {pattern.source[:60]!r} takes too long", limit=True)
