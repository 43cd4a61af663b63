"""Metrics that prose names before anyone makes a page for them; they are offered, never nodes of a graph.

spec: domain §7.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

from graphkit.insight.metrics.prose import mask
from graphkit.quantities.impacts import DIRECTIONS
from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record
from graphkit.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

Place = TypeVar("Place")


class Candidate(Record, frozen=True, kw_only=True):
    """One place at which a text names what may be a metric."""

    name: str
    """The phrase as written, with its last word in the singular."""
    alias: str = ""
    """The `ABC` of an `(ABC)` behind it."""
    how: Literal["list", "measure"]
    """Found behind *metrics such as …*, or by the measure it ends in."""
    span: Span
    """The phrase in the text, its plural s included, the alias not."""

    @property
    def key(self) -> str:
        """Everything that is the same for all spellings of one name: lower case, hyphens as spaces."""
        return " ".join(self.name.lower().replace("-", " ").split())


class CountedCandidate(Record, Generic[Place], frozen=True, kw_only=True):
    """One candidate with all its places."""

    name: str
    """The spelling found most often, the first of them at equal counts."""
    alias: str
    """The alias found most often, if any."""
    places: tuple[Place, ...]


# fmt: off
GENERIC = frozenset([
    "rate", "score", "value", "ratio", "share", "count", "cost", "time", "index", "percentage", "margin",
    "frequency",
])
"""Measures that say nothing alone: a phrase needs a word before them."""

ABBREVIATIONS = frozenset([
    "nps", "clv", "cltv", "ltv", "cac", "csat", "ces", "arpu", "arpa", "aov", "mrr", "arr", "gmv", "ctr", "cpa",
    "cpc", "cpm", "roi", "roas", "dau", "wau", "mau", "mttr", "mtbf",
])
"""Measures that count only where they are written in capitals."""

MEASURES = GENERIC | ABBREVIATIONS | frozenset(["revenue", "churn"])
"""Words in which the name of a metric ends (spec: domain §7; configurable), singular, lower case."""

STOP_WORDS = frozenset([
    # articles, determiners and numbers
    "a", "an", "the", "this", "that", "these", "those", "any", "each", "every", "some", "all", "both", "no", "such",
    "my", "our", "your", "their", "its", "his", "her", "which", "what", "whose", "other", "another", "same",
    "certain", "various", "several", "multiple", "many", "much", "few", "very", "too", "zero", "one", "two", "three",
    "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen",
    "sixteen", "seventeen", "eighteen", "nineteen", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty",
    "ninety", "hundred", "thousand", "million", "billion", "dozen",
    # prepositions
    "about", "above", "across", "after", "against", "along", "among", "around", "as", "at", "before", "behind",
    "below", "beneath", "beside", "besides", "between", "beyond", "by", "despite", "down", "during", "except",
    "for", "from", "in", "inside", "into", "like", "near", "of", "off", "on", "onto", "out", "outside", "over",
    "past", "per", "since", "through", "throughout", "till", "to", "toward", "towards", "under", "until", "up",
    "upon", "versus", "via", "vs", "with", "within", "without", "including",
    # conjunctions and adverbs that join
    "and", "or", "but", "nor", "so", "yet", "if", "when", "where", "while", "because", "although", "though",
    "unless", "than", "then", "whether", "how", "why", "eg", "ie", "etc", "also", "not", "only", "just", "even",
    # comparatives and superlatives
    "more", "most", "less", "least", "fewer", "better", "best", "worse", "worst", "higher", "highest", "lower",
    "lowest", "greater", "greatest", "larger", "largest", "smaller", "smallest", "faster", "fastest", "slower",
    "slowest", "longer", "longest", "shorter", "shortest", "stronger", "weaker", "earlier", "later", "bigger",
    "biggest",
    # pronouns and auxiliary verbs
    "i", "we", "you", "he", "she", "it", "they", "us", "them", "me", "who", "there", "here", "it's", "let's",
    "don't", "we'll", "won't", "is", "are", "was", "were", "be", "been", "am", "has", "have", "had", "do", "does",
    "did", "will", "would", "can", "could", "should", "shall", "may", "might", "must", "cannot", "let", "please",
    "today", "always", "often", "still",
])
"""Words that no phrase reaches across (spec: domain §7; configurable), lower case."""

_PICKING = frozenset([
    "previous", "current", "last", "next", "known", "new", "old", "default", "initial", "actual", "absolute",
    "target", "given", "additional", "significant", "potential", "specific", "particular", "different", "important",
    "maximum", "minimum", "high", "low", "real",
])
"""Words that pick out one value of a metric (`current conversion rate`); they cut as stop words do."""

_VERBS = frozenset([
    "use", "uses", "get", "gets", "give", "gives", "provide", "provides", "drive", "drives", "add", "adds", "make",
    "makes", "achieve", "achieves", "prevent", "prevents", "manage", "manages", "keep", "keeps", "see", "sees",
    "find", "finds", "save", "saves", "help", "helps", "create", "creates", "generate", "generates", "track",
    "tracks", "measure", "measures", "monitor", "monitors", "report", "reports", "display", "displays", "show",
    "shows", "take", "takes", "ensure", "ensures", "allow", "allows", "optimize", "optimise", "maintain",
    "maintains", "deliver", "delivers", "compute", "computes", "calculate", "calculates", "estimate", "predict",
    "compare", "evaluate", "review", "check", "set", "need", "needs", "want", "wants", "build", "builds", "rebuild",
    "face", "feed", "bring", "brings", "yield", "yields", "lose", "earn", "earns", "spend", "wastes", "waste",
    "think", "define", "defines", "identify", "analyze", "analyse", "revolutionize", "revolutionise", "transform",
    "unlock", "capture", "captures", "influence", "affect", "affects", "impact", "impacts", "protect", "fell",
    "rose",
]) | frozenset(DIRECTIONS)
"""Verbs that stand before a metric in prose; they cut as -ing and -ed words do, in whatever form they are."""

_NO_NOUNS = frozenset([
    "first", "second", "third", "long", "short", "full", "part", "right", "good", "great", "little", "enough",
    "spare", "free", "own", "local", "present", "whole", "entire", "extra", "limited", "original", "big", "small",
    "hard", "run", "prime", "ancient", "early", "late", "proper", "random", "empty", "rare", "linear", "universal",
    "equal", "efficient", "sufficient", "private", "slow", "fast", "ample", "quality", "busy", "nice", "bad", "dead",
    "fun", "back", "aside", "single", "finite", "considerable", "available", "spent", "took", "comes", "dedicate",
    "allocate", "invest", "choose", "include",
])
"""Words before `time` that make no measure of it (`first time`, `spare time`, `took time`)."""

_PERIODS = frozenset(["hourly", "daily", "weekly", "monthly", "quarterly", "yearly", "early"])
"""Words in -ly that are adjectives; all others are adverbs, which no phrase reaches across."""
# fmt: on

_WORD = lazy_pattern(r"[^\W_]+(?:[-'’][^\W_]+)*")
_ALIAS = lazy_pattern(r"[ \t]?\(([A-Z][A-Z0-9]{1,7})s?\)")
_LIST_OPENING = lazy_pattern(r"\bmetrics,?[ \t]+\(?(?:such[ \t]+as|like|including)\b:?[ \t]*", re.IGNORECASE)
_LIST_SEPARATOR = lazy_pattern(
    r"[ \t]*(?:,[ \t]*(?:(?:and|or)\b)?|&|(?:and|or|as[ \t]+well[ \t]+as)\b)[ \t]*", re.IGNORECASE
)
_INFLECTED = lazy_pattern(r"..(?:ing|[^e]ed)\Z")
_JOINING = frozenset(["and", "or", "as"])
_ARTICLES = frozenset(["a", "an", "the", "our", "your", "their"])
_LONGEST = 4
"""Words of a phrase (spec: domain §7)."""
_BEYOND_LATIN = "\u0250"
"""Letters from here on are of other scripts."""

_Word = tuple[str, int, int]
"""A word in lower case, its start and its end."""


def find_candidates(
    text: str, *, measures: frozenset[str] = MEASURES, stop_words: frozenset[str] = STOP_WORDS, masked: bool = False
) -> list[Candidate]:
    """The names that the text uses as metrics, in order; code, math, addresses, links and tags are passed over.

    measures, stop_words: in lower case. masked: the text has gone through `prose.mask`.
    """
    measures |= {_singular(word) for word in measures}
    prose = text if masked else mask(text)
    found = _listed(prose, measures, stop_words)
    taken = deque((item.span.start, _behind_alias(prose, item.span.end)) for item in found)
    words = [(match[0].lower().replace("’", "'"), match.start(), match.end()) for match in _WORD.finditer(prose)]
    behind = 0
    for index, (_, start, end) in enumerate(words):
        if start < behind or not _ends_phrase(prose, words, index, measures, stop_words):
            continue
        while taken and taken[0][1] <= start:
            taken.popleft()
        first = _first_word(prose, words, index, stop_words)
        phrase = words[first : index + 1]
        if (taken and taken[0][0] < end) or not _says_something(phrase) or _is_foreign(prose, phrase):
            continue
        behind = _behind_alias(prose, end)
        found.append(_made(prose, words[first : index + 1], _ALIAS.match(prose, end), "measure"))
    return sorted(found, key=lambda candidate: candidate.span)


def count_candidates(sightings: Iterable[tuple[Place, Candidate]]) -> list[CountedCandidate[Place]]:
    """The candidates with their places, the most frequent first, then by name.

    An abbreviation that is the alias of exactly one longer name counts with that name.
    """
    names: dict[str, Counter[str]] = {}
    aliases: dict[str, Counter[str]] = {}
    places: dict[str, list[Place]] = {}
    for place, candidate in sightings:
        names.setdefault(candidate.key, Counter())[candidate.name] += 1
        places.setdefault(candidate.key, []).append(place)
        if candidate.alias:
            aliases.setdefault(candidate.key, Counter())[candidate.alias] += 1
    owners: dict[str, list[str]] = {}
    for key, counted in aliases.items():
        for alias in counted:
            owners.setdefault(alias.lower(), []).append(key)
    for alias, keys in owners.items():
        if alias in places and len(keys) == 1 and keys[0] != alias:
            places[keys[0]] += places.pop(alias)
    return sorted(
        (
            CountedCandidate(
                name=names[key].most_common(1)[0][0],
                alias=aliases[key].most_common(1)[0][0] if key in aliases else "",
                places=tuple(where),
            )
            for key, where in places.items()
        ),
        key=lambda candidate: (-len(candidate.places), candidate.name.lower()),
    )


def _listed(prose: str, measures: frozenset[str], stop_words: frozenset[str]) -> list[Candidate]:
    """The items of the lists behind *metrics such as / like / including*; a stop word inside an item ends the list."""
    found = []
    for opening in _LIST_OPENING.finditer(prose):
        place = opening.end()
        while True:
            words: list[_Word] = []
            stopped = False
            while (match := _WORD.match(prose, place)) is not None:
                word = match[0].lower()
                if words and word in _JOINING:
                    break
                if word in stop_words and (words or word not in _ARTICLES):
                    stopped = True
                    break
                if words or word not in _ARTICLES:
                    words.append((word, match.start(), match.end()))
                place = match.end() + (1 if prose[match.end() : match.end() + 1] == " " else 0)
            while words and _INFLECTED.search(words[0][0]) and _measure(words[-1][0]) in measures:
                words = words[1:]
            if not words:
                break
            alias = _ALIAS.match(prose, words[-1][2])
            if len(words) <= _LONGEST and _says_something(words):
                found.append(_made(prose, words, alias, "list"))
            separator = _LIST_SEPARATOR.match(prose, alias.end() if alias else words[-1][2])
            if stopped or separator is None:
                break
            place = separator.end()
    return found


def _ends_phrase(
    prose: str, words: list[_Word], index: int, measures: frozenset[str], stop_words: frozenset[str]
) -> bool:
    """True if the word is a measure and the last of its phrase (`churn` in `churn rate` or `churn model` is not)."""
    word, start, end = words[index]
    measure = _measure(word)
    if measure not in measures:
        return False
    if measure in ABBREVIATIONS and not prose[start:end].rpartition("-")[2][: len(measure)].isupper():
        return False
    if index + 1 == len(words) or not _adjacent(prose, words[index], words[index + 1]):
        return True
    behind = words[index + 1][0]
    if _measure(behind) in measures:
        return False
    return (
        measure in ABBREVIATIONS
        or behind in stop_words
        or behind in _VERBS
        or behind[0].isdigit()
        or _INFLECTED.search(behind) is not None
    )


def _first_word(prose: str, words: list[_Word], last: int, stop_words: frozenset[str]) -> int:
    """Where the phrase that ends at `last` begins.

    Cut after stop words, adverbs, figures, single letters and words of another script, then behind verbs.
    """
    first = last
    latin = words[last][0] < _BEYOND_LATIN
    while first > max(0, last - _LONGEST + 1) and _adjacent(prose, words[first - 1], words[first]):
        word = words[first - 1][0]
        adverb = word.endswith("ly") and word not in _PERIODS
        if (
            word in stop_words
            or word in _PICKING
            or word in _VERBS
            or adverb
            or (word < _BEYOND_LATIN) != latin
            or (latin and len(word) == 1)
            or word[0].isdigit()
            or word.endswith("'s")
        ):
            break
        first -= 1
    while first < last and _INFLECTED.search(words[first][0]):
        first += 1
    return first


def _says_something(phrase: list[_Word]) -> bool:
    """True if a general measure has a word before it that makes it one, and `time` a noun."""
    before, _, measure = phrase[-1][0].rpartition("-")
    measure = _singular(measure)
    if not before and len(phrase) > 1:
        before = phrase[-2][0]
        return _singular(before) != measure and (measure != "time" or before not in _NO_NOUNS)
    if measure not in GENERIC:
        return True
    if measure in {"time", "index"} or len(before) == 1:  # `start-time`, `z-index`, `p-value`
        return False
    return bool(before) and before not in _PICKING | _NO_NOUNS | STOP_WORDS | _VERBS


def _is_foreign(prose: str, phrase: list[_Word]) -> bool:
    """True if only the measure is written as a noun is in German (`kleinste Index`), though no abbreviation."""
    if len(phrase) < 2 or _measure(phrase[-1][0]) not in GENERIC:
        return False
    before, last = (prose[word[1] : word[2]] for word in phrase[-2:])
    return before.islower() and last[0].isupper() and not last.isupper()


def _measure(word: str) -> str:
    """What a word measures: itself in the singular, of `win-rate` its last part."""
    return _singular(word.rpartition("-")[2])


def _behind_alias(prose: str, end: int) -> int:
    alias = _ALIAS.match(prose, end)
    return alias.end() if alias else end


def _adjacent(prose: str, one: _Word, other: _Word) -> bool:
    return other[1] - one[2] <= 3 and not prose[one[2] : other[1]].strip(" \t\u00a0")


def _made(prose: str, words: list[_Word], alias: re.Match[str] | None, how: Literal["list", "measure"]) -> Candidate:
    start, end = words[0][1], words[-1][2]
    phrase = prose[start:end]
    cut = len(words[-1][0]) - len(_singular(words[-1][0]))
    name = " ".join(phrase[: len(phrase) - cut].split())
    return Candidate(name=name, alias=alias[1] if alias else "", how=how, span=Span(start, end))


def _singular(word: str) -> str:
    """A word without its plural s; `class`, `status`, `analysis` and short words such as `ces` keep theirs."""
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
