"""Names that a text mentions without linking them: one pass over the text, however many names there are (domain 2).

Decided where domain 2 leaves it open:

- A word is a run of letters, digits and underscores between them. A boundary is needed only where a name begins or
  ends with a letter or digit of a script that separates its words; in Chinese, Japanese, Korean, Thai, Lao, Khmer and
  Burmese every character is a word of its own: `NPS` is found in `提升NPS值`.
- Spaces in a name stand for one or more spaces on one line; a name does not go across a line end.
- Of names that begin at one place the longest wins; the search goes on behind it. A name that several keys share gives
  one mention for each, in the order of the names.
- Case is compared word by word in lower case (not case-folded), after NFC, so spans are right for `İ` and for NFD text.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Generic, TypeVar

from graphkit.insight.prose import mask
from graphkit.text.records import dataclass
from graphkit.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

Key = TypeVar("Key", bound="Hashable")

_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
_SPACES = " \t\u00a0\u3000"
_ASCII_WORD = "[A-Za-z0-9]+(?:_+[A-Za-z0-9]+)*"
_ASCII_TOKEN = re.compile(rf"{_ASCII_WORD}|[ \t]+|[^\r\n]")
"""What `_token_pattern` finds in ASCII; that one takes 20 ms to build, which vaults in plain English need not pay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention(Generic[Key]):
    """One name found in a text."""

    name: str
    """As it was given to the index."""
    key: Key
    span: Span
    """Where it stands, a plural s included."""


class _Node(Generic[Key]):
    """What may follow one sequence of tokens, and the names that end here: exactly, or with a plural s."""

    __slots__ = ("exact", "following", "plural")

    def __init__(self) -> None:
        self.following: dict[str, _Node[Key]] = {}
        self.exact: dict[Key, str] = {}
        self.plural: dict[Key, str] = {}

    def after(self, token: str) -> _Node[Key]:
        """The node behind this token, made where there is none yet."""
        node = self.following.get(token)
        if node is None:
            node = self.following[token] = _Node()
        return node


class MentionIndex(Generic[Key]):
    """The names to look for, as a tree of their words; built once, then asked for many texts."""

    def __init__(self, names: Iterable[tuple[str, Key]]) -> None:
        self._root: _Node[Key] = _Node()
        openers: set[str] = set()
        for name, key in names:
            pattern = _ASCII_TOKEN if name.isascii() else _token_pattern()
            tokens = [_fold(match[0]) for match in pattern.finditer(" ".join(name.split()))]
            if not tokens:
                continue
            node = self._root
            for token in tokens[:-1]:
                node = node.after(token)
            last = tokens[-1]
            node.after(last).exact.setdefault(key, name)
            if last[-1].isalpha() and not _unspaced_pattern().match(last[-1]):
                node.after(last + "s").plural.setdefault(key, name)
            if not tokens[0][0].isalnum() or _unspaced_pattern().match(tokens[0]):
                openers.add(tokens[0])
        self._signs = "".join(f"|{re.escape(sign)}" for sign in sorted(openers))
        self._ascii_start = re.compile(_ASCII_WORD + self._signs)
        self._start: re.Pattern[str] | None = None

    def find(self, text: str, *, masked: bool = False) -> list[Mention[Key]]:
        """All mentions in the order of the text, none overlapping another place; each key of a shared name by itself.

        masked: the text has gone through `prose.mask` already; otherwise that is done here.
        """
        if not self._root.following:
            return []
        if not masked:
            text = mask(text)
        ascii_only = text.isascii()
        if ascii_only:
            text = text.lower()
        first = self._root.following
        found: list[Mention[Key]] = []
        free = 0
        if not ascii_only and self._start is None:
            self._start = re.compile(_spaced_word_pattern() + self._signs)
        token = _ASCII_TOKEN if ascii_only else _token_pattern()
        for match in (self._start if self._start and not ascii_only else self._ascii_start).finditer(text):
            word = match[0]
            if not ascii_only:
                word = word.lower() if word.isascii() else _fold(word)
            node = first.get(word)
            if node is None or match.start() < free:
                continue
            end, names = self._longest(text, match.end(), node, token)
            if names:
                free = end
                span = Span(match.start(), end)
                found += (Mention(name=name, key=key, span=span) for key, name in names.items())
        return found

    @staticmethod
    def _longest(text: str, end: int, node: _Node[Key], pattern: re.Pattern[str]) -> tuple[int, dict[Key, str]]:
        """The longest name from this node on: where it ends, and its keys."""
        best = (end, node.exact or node.plural)
        token_at = pattern.match
        while node.following and (token := token_at(text, end)) is not None:
            following = node.following.get(_fold(token[0]))
            if following is None:
                break
            node, end = following, token.end()
            best = (end, node.exact or node.plural) if node.exact or node.plural else best
        return best


def _fold(token: str) -> str:
    """One token as it is compared: lower case then NFC, as page names are (domain 1); a run of spaces is one space."""
    if token[0] in _SPACES:
        return " "
    return token.lower() if token.isascii() else unicodedata.normalize("NFC", token.lower())


@cache
def _spaced_word_pattern() -> str:
    """A word of a script with spaces; combining marks belong to the letter before them."""
    letter = rf"[^\W_{_UNSPACED}]"
    with_marks = rf"{letter}+(?:[{_marks()}]+{letter}*)*"
    return rf"{with_marks}(?:_+{with_marks})*"


@cache
def _token_pattern() -> re.Pattern[str]:
    """Whatever a name consists of: words, runs of spaces, single other signs; never a line end."""
    return re.compile(rf"{_spaced_word_pattern()}|[{_SPACES}]+|[^\r\n]")


@cache
def _unspaced_pattern() -> re.Pattern[str]:
    return re.compile(f"[{_UNSPACED}]")


@cache
def _marks() -> str:
    """Ranges of the combining marks of scripts with spaces, for a character class (`re` knows no categories)."""
    unspaced = _unspaced_pattern()
    marks = [
        code
        for code in (*range(0x300, 0x1B00), *range(0x1DC0, 0x1E00), *range(0x20D0, 0x2100), *range(0xFE20, 0xFE30))
        if unicodedata.category(chr(code)).startswith("M") and not unspaced.match(chr(code))
    ]
    return "".join(f"\\U{code:08x}" for code in marks)
