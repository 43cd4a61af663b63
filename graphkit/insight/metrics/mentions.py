"""Names that a text mentions without linking them: one pass over the text, regardless of how many and long the names.

spec: domain §2.

Decided where the specification leaves it open (spec: domain §2):

- A word is a run of letters, digits and underscores between them. A boundary is needed only where a name begins or
  ends with a letter or digit of a script that separates its words; in Chinese, Japanese, Korean, Thai, Lao, Khmer and
  Burmese every character is a word of its own: `NPS` is found in `提升NPS值`.
- Spaces in a name stand for one or more spaces on one line; a name does not go across a line end.
- Of names that begin at one place the longest wins; the search goes on behind it. A name that several keys share gives
  one mention for each, in the order of the names.
- Case is compared word by word in lower case (not case-folded), after NFC, so spans are right for `İ` and for NFD text.
- A name without a letter or digit (`–`, `?`) is never looked for.

The names are an automaton after Aho and Corasick over words, with one change: a node also knows the names that are
resolved once the text cannot go on from it. So the longest of the names that begin first is found without ever going
back in the text, and every word costs amortised constant time.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

from graphkit.insight.metrics.prose import mask
from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record
from graphkit.text.scripts import UNSPACED, is_plain
from graphkit.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

Key = TypeVar("Key", bound="Hashable")

_SPACES = " \t\u00a0\u3000"
_ASCII_WORD = "[A-Za-z0-9]+(?:_+[A-Za-z0-9]+)*"
_ASCII_TOKEN = lazy_pattern(rf"{_ASCII_WORD}|[ \t]+|[\s\S]")
"""What `_any_token` finds in ASCII; that one takes 20 ms to build, which few vaults have to pay."""
_PLAIN_WORD = r"[^\W_]+(?:_+[^\W_]+)*"
_PLAIN_TOKEN = lazy_pattern(rf"{_PLAIN_WORD}|[{_SPACES}]+|[\s\S]")
"""What it finds in a plain text."""
_WORDS_AHEAD = 3
"""So many are looked at before the automaton is asked, so that a text full of beginnings stays linear."""


class Mention(Record, Generic[Key], frozen=True, kw_only=True):
    """One name found in a text."""

    name: str
    """As it was given to the index."""
    key: Key
    span: Span
    """Where it stands, a plural s included."""


class _Node(Generic[Key]):
    """The tokens with which names begin, up to some token: what may follow, and the names that end here."""

    __slots__ = ("depth", "exact", "fallback", "following", "plural", "settled")

    settled: _Settled[Key] | None
    """The names that lie in these tokens where no name goes on with what follows, the last first."""
    fallback: _Node[Key]
    """Where to go on then: the longest beginning of a name behind the resolved ones."""

    def __init__(self, depth: int = 0) -> None:
        self.depth = depth
        """Number of tokens."""
        self.following: dict[str, _Node[Key]] = {}
        self.exact: dict[Key, str] = {}
        self.plural: dict[Key, str] = {}
        """Names that end here with a plural s; an exact one overrides them."""

    def after(self, token: str) -> _Node[Key]:
        """The node behind this token, made if it has none yet."""
        node = self.following.get(token)
        if node is None:
            node = self.following[token] = _Node(self.depth + 1)
        return node


_Settled: TypeAlias = "tuple[_Settled[Key] | None, int, _Node[Key]]"
"""Those before, the number of the token at which the last one begins, and the node at which it ends."""


class MentionIndex(Generic[Key]):
    """The names to look for, as an automaton over their words; built once, then asked for many texts."""

    def __init__(self, names: Iterable[tuple[str, Key]]) -> None:
        self._root: _Node[Key] = _Node()
        openers: set[str] = set()
        for name, key in names:
            if not any(map(str.isalnum, name)):
                continue
            tokens = [_fold(match[0]) for match in _token_pattern(name).finditer(" ".join(name.split()))]
            node = self._root
            for token in tokens[:-1]:
                node = node.after(token)
            last = tokens[-1]
            node.after(last).exact.setdefault(key, name)
            if last[-1].isalpha() and not _is_unspaced(last[-1]):
                node.after(last + "s").plural.setdefault(key, name)
            if not tokens[0][0].isalnum() or _is_unspaced(tokens[0][0]):
                openers.add(tokens[0])
        self._settle()
        self._signs = "".join(f"|{re.escape(sign)}" for sign in sorted(openers))
        self._found_by: dict[str, tuple[re.Pattern[str], re.Pattern[str]]] = {}

    def _settle(self) -> None:
        """Find what is resolved at every node, and its fallback: shorter nodes first, each from the one before it."""
        root = self._root
        root.settled, root.fallback = None, root
        waiting = [root]
        for node in waiting:  # grows on the way
            waiting += node.following.values()
            for token, child in node.following.items():
                if child.exact or child.plural:
                    child.settled = (None, 0, child)
                    child.fallback = root
                    continue
                settled, state = node.settled, node.fallback
                while state is not root and token not in state.following:
                    settled, state = _joined(settled, state, node.depth), state.fallback
                child.settled = settled
                child.fallback = root if node is root else state.following.get(token, root)

    def find(self, text: str, *, masked: bool = False) -> list[Mention[Key]]:
        """All mentions in the order of the text, none overlapping another place; each key of a shared name by itself.

        masked: the text has gone through `prose.mask` already; otherwise that is done here.
        """
        if not self._root.following:
            return []
        if not masked:
            text = mask(text)
        folded = _folded(text)
        if folded is not None:
            text = folded
        first = self._root.following
        found: list[Mention[Key]] = []
        free = 0
        start, token = self._patterns(text)
        if folded is None:
            starts = (match for match in start.finditer(text) if _fold(match[0]) in first)
        else:
            starts = (match for match in start.finditer(text) if match[0] in first and _goes_on(first, match, start))
        for match in starts:
            if match.start() >= free:
                free = self._run(text, match, first[_fold(match[0])], token, found)
        return found

    def _patterns(self, text: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
        """With what a name can begin in a text, and of what it consists."""
        word = _word_pattern(text)
        found = self._found_by.get(word)
        if found is None:
            found = self._found_by[word] = re.compile(word + self._signs), _token_pattern(text)
        return found

    def _run(
        self, text: str, first: re.Match[str], node: _Node[Key], pattern: re.Pattern[str], found: list[Mention[Key]]
    ) -> int:
        """Go on from the first word of a name until no name can go on; the end of what was looked at."""
        root = self._root
        edges = [first.start(), first.end()]
        """Where the tokens begin and end; the node's are the last ones."""
        for match in pattern.finditer(text, first.end()):
            token = _fold(match[0])
            while (following := node.following.get(token)) is None and node is not root:
                node = self._settled(node, edges, found)
            if following is None:
                return match.end()
            node = following
            edges.append(match.end())
        while node is not root:
            node = self._settled(node, edges, found)
        return len(text)

    @staticmethod
    def _settled(node: _Node[Key], edges: list[int], found: list[Mention[Key]]) -> _Node[Key]:
        """Where to go on from a node with which the text does not go on; adds the names that are resolved by that."""
        for start, last in _in_order(node.settled):
            begin = len(edges) - 1 - node.depth + start
            span = Span(edges[begin], edges[begin + last.depth])
            found += (Mention(name=name, key=key, span=span) for key, name in (last.exact or last.plural).items())
        node = node.fallback
        if len(edges) > 4 * node.depth + 10_000:  # a line of many megabytes must not be held word by word
            del edges[: len(edges) - 1 - node.depth]
        return node


def _goes_on(first: Mapping[str, _Node[Key]], match: re.Match[str], start: re.Pattern[str]) -> bool:
    """Cheap: whether the first words of a name, and not only its very first one, stand at a place of a folded text."""
    text, end = match.string, match.end()
    node = first[match[0]]
    for _ in range(_WORDS_AHEAD):
        if node.exact or node.plural:
            return True
        sign = text[end : end + 1]
        if sign != " ":
            return sign.isalnum() or sign in _SPACES or sign in node.following
        spaced = node.following.get(sign)
        if spaced is None:
            return False
        word = start.match(text, end + 1)
        if word is None:
            return True
        following = spaced.following.get(word[0])
        if following is None:
            return False
        node, end = following, word.end()
    return True


def _joined(settled: _Settled[Key] | None, state: _Node[Key], depth: int) -> _Settled[Key] | None:
    """The names resolved before with those of a state, whose tokens are the last of so many."""
    for start, last in _in_order(state.settled):
        settled = (settled, depth - state.depth + start, last)
    return settled


def _in_order(settled: _Settled[Key] | None) -> Sequence[tuple[int, _Node[Key]]]:
    """Settled names, the first one first: the number of the token at which each begins, and its last node."""
    if settled is None:
        return ()
    names = []
    while settled is not None:
        settled, start, last = settled
        names.append((start, last))
    return names[::-1]


def _fold(token: str) -> str:
    """One token as it is compared: lower case then NFC, as page names are; a run of spaces is one space.

    spec: domain §1.
    """
    if token[0] in _SPACES:
        return " "
    return token.lower() if token.isascii() else unicodedata.normalize("NFC", token.lower())


def _folded(text: str) -> str | None:
    """A text with each of its words folded, at the offsets they have; None where they have to be folded one by one.

    `İ` grows in lower case; which small sigma stands in a word depends on what follows; marks may have to be composed.
    """
    lower = text.lower()
    if text.isascii():
        return lower
    same = len(lower) == len(text) and "Σ" not in text and unicodedata.is_normalized("NFC", lower)
    return lower if same else None


def _is_unspaced(letter: str) -> bool:
    return not letter.isascii() and _unspaced_pattern().match(letter) is not None


def _word_pattern(text: str) -> str:
    """How a word is found in a text, by the simplest pattern that will do."""
    if text.isascii():
        return _ASCII_WORD
    return _PLAIN_WORD if is_plain(text) else _spaced_word_pattern()


def _token_pattern(text: str) -> re.Pattern[str]:
    """What finds whatever a text consists of: words, runs of spaces, single other signs such as line ends."""
    if text.isascii():
        return _ASCII_TOKEN
    return _PLAIN_TOKEN if is_plain(text) else _any_token()


@cache
def _spaced_word_pattern() -> str:
    """A word of a script with spaces; combining marks belong to the letter before them."""
    letter = rf"[^\W_{UNSPACED}]"
    with_marks = rf"{letter}+(?:[{_marks()}]+{letter}*)*"
    return rf"{with_marks}(?:_+{with_marks})*"


@cache
def _any_token() -> re.Pattern[str]:
    return re.compile(rf"{_spaced_word_pattern()}|[{_SPACES}]+|[\s\S]")


@cache
def _unspaced_pattern() -> re.Pattern[str]:
    return re.compile(f"[{UNSPACED}]")


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
