"""All an *Expected Impact* cell promises: a range with unit and subject, or only a direction (spec: domain §7)."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Literal

from graphkit.quantities.numbers import Number, find_quantity
from graphkit.quantities.units import MONTHS, PERCENT, POINTS, SECONDS
from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record, replace
from graphkit.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TypeGuard

Direction = Literal["up", "down"]


class Impact(Record, frozen=True, kw_only=True):
    """One promise: how far what is expected to move, and in which direction.

    `10–15% improvement in retention` is .10 to .15 up, subject `retention`; `Increased CLV` is up without a range.
    """

    text: str
    """The clause it was read from, trimmed, as written."""
    low: float | None = None
    high: float | None = None
    """The size of the change, as written: a reduction of 5 % is .05 down. Both or none; equal for a single value."""
    unit: str = ""
    """Canonical unit (see `units`)."""
    direction: Direction | None = None
    """None where the words do not say."""
    improves: bool = False
    """The words say better, not more (`10% improvement in churn`); up is then only what is usual."""
    target: bool = False
    """Low and high are the level that is to be reached (`to 45%`), not a change."""
    subject: str = ""
    """What moves, as written (`CLV and recurring revenue`); empty where the clause names nothing."""
    number: Number | None = None
    """The quantity with its flags; its span is in the cell."""
    span: Span
    """The clause in the cell."""

    @property
    def subjects(self) -> tuple[str, ...]:
        """The subject's parts between `and`, commas and `&`."""
        return tuple(part for part in (piece.strip() for piece in _LIST.split(self.subject)) if part)


BETTER = frozenset([
    "improve", "improves", "improved", "improving", "improvement", "improvements", "enhance", "enhances", "enhanced",
    "enhancing", "enhancement", "enhancements", "accelerate", "accelerates", "accelerated", "accelerating", "better",
    "faster", "quicker", "sooner",
])  # fmt: skip
"""Words that say that something gets better: less of it where the metric is to go down."""
UP = (
    *BETTER, "increase", "increases", "increased", "increasing", "grow", "grows", "growing", "growth", "grew", "rise",
    "rises", "rising", "raise", "raises", "raised", "raising", "boost", "boosts", "boosted", "boosting", "uplift",
    "uplifts", "lift", "lifts", "gain", "gains", "gained", "expand", "expands", "expanded", "expanding", "expansion",
    "strengthen", "strengthens", "strengthened", "strengthening", "maximize", "maximizes", "maximized", "maximizing",
    "maximise", "maximised", "double", "doubles", "doubled", "doubling", "triple", "triples", "tripled", "tripling",
    "higher", "greater", "more", "stronger", "up",
)  # fmt: skip
DOWN = (
    "decrease", "decreases", "decreased", "decreasing", "reduce", "reduces", "reduced", "reducing", "reduction",
    "reductions", "lower", "lowers", "lowered", "lowering", "decline", "declines", "declined", "declining", "drop",
    "drops", "dropped", "dropping", "cut", "cuts", "cutting", "fall", "falls", "falling", "shrink", "shrinks",
    "shrinking", "minimize", "minimizes", "minimized", "minimizing", "minimise", "minimised", "lessen", "lessened",
    "halve", "halves", "halved", "halving", "fewer", "less", "smaller", "down",
)  # fmt: skip
DIRECTIONS: Mapping[str, Direction] = {**dict.fromkeys(UP, "up"), **dict.fromkeys(DOWN, "down")}
"""Words that say in which direction something moves."""
FACTORS: Mapping[str, float] = {
    **dict.fromkeys(("double", "doubles", "doubled", "doubling"), 2.0),
    **dict.fromkeys(("triple", "triples", "tripled", "tripling"), 3.0),
    **dict.fromkeys(("halve", "halves", "halved", "halving"), 0.5),
}
"""Words that say how far as well, unless a number does."""

_CLAUSE_END = lazy_pattern(r"[;；؛。\r\n]|<br ?/?>|(?<=[^\s.])\.(?=\s)", re.IGNORECASE)
_JOINT = lazy_pattern(r",\s++(?:(?:and|but)\s++)?|\s++(?:and|but|&)\s++", re.IGNORECASE)
_PARENTHESIS = lazy_pattern(r"\([^()]*\)")
_MOST = 20
"""More joints or quantities in one clause are not looked at, so that no text takes long."""
_LINK_TARGET = lazy_pattern(r"\]\([^()\r\n]*\)")
_WORD = lazy_pattern(r"[^\W_]+(?:[-'’/&][^\W_]+)*|[^\s*_`\[\]#]")
_LIST = lazy_pattern(r"\s*(?:,\s*and\s|,|&|\sand\s)\s*", re.IGNORECASE)
_TO = lazy_pattern(r"\s{1,4}to\s{1,4}", re.IGNORECASE)
_ARROW = lazy_pattern(r"\s{0,4}(?:→|⟶|➔|➜|⇒|-{1,2}>|=>)\s{0,4}")
_UP_TO = lazy_pattern(r"up\s{1,4}to\s|bis\s{1,4}zu\s|jusqu|hasta\s|até\s", re.IGNORECASE)
_TO_LEVEL = lazy_pattern(r"(?<!due )(?<!up )(?<!thanks )(?<![^\W_])(?:to|reach|reaches|hit|at|auf|à|al)\Z")
_LINKING = frozenset(["in", "of", "to", "for", "on"])
_ENDING = frozenset(
    ["by", "through", "via", "within", "per", "over", "from", "after", "when", "due", "using", "at", "until", "during",
     "across", "while", "if", "than", "with", "as"]
)  # fmt: skip
_FILLING = frozenset(["the", "a", "an", "our", "their", "overall", "is", "are", "be", "will", *_LINKING])
_TRAILING = frozenset(["and", *_LINKING])
_PERIOD = frozenset(["within", "in", "after", "for", "during", "per", "every", "each", "next", "first", "last"])
"""Words before a duration that is no change, but the time it takes."""
_MARKS = lazy_pattern(r"[*_`\[\]#]+")
_YEARS = range(1900, 2101)


def read_impacts(cell: str) -> tuple[Impact, ...]:
    """One impact for each clause that has a quantity or a direction.

    Clauses stand between `;`, line breaks and full stops, also between commas and `and` where each promises something.
    """
    plain = _LINK_TARGET.sub(lambda target: "]" + " " * (len(target[0]) - 1), cell)
    found = []
    start = 0
    for end, following in [*(match.span() for match in _CLAUSE_END.finditer(plain)), (len(plain), len(plain))]:
        for first, last in _promises(plain, start, end):
            impact = _read_clause(plain, first, last)
            if impact is not None:
                found.append(replace(impact, text=cell[impact.span.start : impact.span.end]))
        start = following
    return tuple(found)


def read_impact(cell: str) -> Impact | None:
    """The first clause with a quantity, else the first with a direction, else None."""
    impacts = read_impacts(cell)
    return next((impact for impact in impacts if impact.low is not None), impacts[0] if impacts else None)


def _promises(cell: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The parts of a clause that are promises of their own: `10% more orders and 5% fewer chats` has two."""
    text = cell[start:end]
    outside = _PARENTHESIS.sub(lambda part: "." * len(part[0]), text)
    taken = [number.span for number in _quantities(text)]
    joints = [
        match.span()
        for match in islice(_JOINT.finditer(outside), _MOST)
        if not any(span.start < match.end() and match.start() < span.end for span in taken)
    ]
    first = 0
    for joint, following in pairwise([*joints, (len(text), 0)]):
        one = _read_clause(cell, start + first, start + joint[0])
        other = _read_clause(cell, start + joint[1], start + following[0])
        # `retention and CLV by 10%` is one promise: the first part has no number, and the second says no direction
        if _complete(one) and _complete(other) and (one.low is not None or other.direction):
            yield start + first, start + joint[0]
            first = joint[1]
    yield start + first, end


def _complete(impact: Impact | None) -> TypeGuard[Impact]:
    """True if two of the three are said: how far, which way, of what."""
    return impact is not None and (impact.low is not None) + bool(impact.direction) + bool(impact.subject) > 1


def _read_clause(cell: str, start: int, end: int) -> Impact | None:
    clause = cell[start:end]
    text = clause.strip()
    start += len(clause) - len(clause.lstrip())
    number = _change(text)
    words = _words(text, number)
    turn = _turn(words)
    word = "" if turn is None else words[turn][0].lower()
    direction = DIRECTIONS.get(word)
    if number is None and direction is None:
        return None
    impact = Impact(
        text=text, direction=direction, improves=word in BETTER, subject="", span=Span(start, start + len(text))
    )
    if number is None:
        factor = FACTORS.get(word)
        unit = "" if factor is None else "x"
        return replace(impact, low=factor, high=factor, unit=unit, subject=_subject(text, words, turn, None))
    target = _target(text, number, direction)
    if target is not None:
        number, low, unit, direction = target
        high = low
        words = _words(text, number)
        turn = _turn(words)
    else:
        low, high = (
            (number.value, number.value) if number.low is None or number.high is None else (number.low, number.high)
        )
        unit = number.unit
        before = text[: number.span.start].rstrip().lower()
        if _UP_TO.match(text, number.span.start):
            low, high = min(0.0, number.value), max(0.0, number.value)
        elif number.low is None and not number.signed and _TO_LEVEL.search(before) and unit not in {SECONDS, MONTHS}:
            impact = replace(impact, target=True, improves=False)
        if high <= 0 and number.signed:
            low, high, direction = -high, -low, "down"
        elif direction is None and number.signed:
            direction = "up"
    return replace(
        impact,
        low=low,
        high=high,
        unit=unit,
        direction=direction,
        improves=impact.improves and target is None and direction == "up",
        subject=_subject(text, words, turn, number.span),
        number=replace(number, span=Span(start + number.span.start, start + number.span.end)),
    )


def _words(text: str, number: Number | None) -> list[re.Match[str]]:
    """The words next to the quantity, also those that stand right at it (`提升10%`)."""
    if number is None:
        return list(_WORD.finditer(text))
    return [*_WORD.finditer(text, 0, number.span.start), *_WORD.finditer(text, number.span.end)]


def _turn(words: list[re.Match[str]]) -> int | None:
    """The first word that says a direction; the `double` of `double digit growth` says none."""
    for index, word in enumerate(words):
        following = words[index + 1][0].lower() if index + 1 < len(words) else ""
        if word[0].lower() in DIRECTIONS and not following.startswith("digit"):
            return index
    return None


def _quantities(text: str) -> Iterator[Number]:
    place = 0
    for _ in range(_MOST):
        number = find_quantity(text, start=place)
        if number is None:
            return
        yield number
        place = number.span.end


def _change(text: str) -> Number | None:
    """The first quantity that can be the size of a change.

    No year, no time that a change takes, no mere `from`, and no bare number in the middle of a sentence.
    """
    for number in _quantities(text):
        before = _MARKS.sub("", text[max(0, number.span.start - 60) : number.span.start]).rstrip(" (").lower()
        word = before.rpartition(" ")[2]
        marked = number.unit or number.signed or number.sign or number.n is not None
        level = number.value if number.n is None or number.count is None else number.n  # `phase 2 of 2026`
        year = (not marked or number.count is not None) and level.is_integer() and int(level) in _YEARS
        period = word in _PERIOD and number.unit in {SECONDS, MONTHS}
        start = word == "from" and _target(text, number, None) is None
        if not (year or period or start) and (marked or not before or word in {"by", "of"}):
            return number
    return None


def _target(
    text: str, number: Number, direction: Direction | None
) -> tuple[Number, float, str, Direction | None] | None:
    """`from A to B` as the change from one to the other; percent levels differ by percentage points.

    direction: what the words say; it counts where only a dash stands between the two (`from 15–10%`).
    """
    arrow = _ARROW.match(text, number.span.end)
    if arrow is None and not text[: number.span.start].rstrip().lower().endswith("from"):
        return None
    if number.low is not None and number.high is not None:
        first, last = number.low, number.high
        if _TO.search(text, number.span.start, number.span.end):
            direction = "up"
    else:
        following = arrow or _TO.match(text, number.span.end)
        other = None if following is None else find_quantity(text, start=following.end())
        if following is None or other is None or other.span.start != following.end() or other.unit != number.unit:
            return None
        first, last = number.value, other.value
        direction = "up" if last > first else "down"
        number = replace(number, span=Span(number.span.start, other.span.end))
    unit = POINTS if number.unit == PERCENT else number.unit
    size = abs(Decimal(repr(last)) - Decimal(repr(first)))  # .15 and .10 differ by .05
    return number, float(size), unit, direction


def _subject(text: str, words: list[re.Match[str]], turn: int | None, number: Span | None) -> str:
    """The words behind the change word, else behind the quantity, else before the change word or the quantity."""
    limit = len(text) if number is None else number.start
    behind_number = (
        0 if number is None else next((i for i, word in enumerate(words) if word.start() >= number.end), None)
    )
    starts = [] if turn is None else [turn + 1]
    if number is not None and behind_number is not None and (turn is None or behind_number > turn):
        starts.append(behind_number)
    for first in starts:
        stop = limit if first < len(words) and words[first].start() < limit else len(text)
        phrase = _phrase(text, words, first, stop)
        if phrase:
            return phrase
    end = turn if turn is not None else next((i for i, word in enumerate(words) if word.start() >= limit), len(words))
    first = behind_number if behind_number is not None and number is not None and behind_number < end else 0
    return _phrase(text, words[:end], first, len(text))


def _phrase(text: str, words: list[re.Match[str]], first: int, stop: int) -> str:
    """The words from `first` on, without filling words before them, up to `stop`, an ending word or punctuation."""
    while first < len(words) and words[first][0].lower() in _FILLING:
        first += 1
    last = first
    while last < len(words) and words[last].start() < stop:
        word = words[last][0].lower()
        if word in _ENDING or not (word[0].isalnum() or word in ",&"):
            break
        last += 1
    while last > first and words[last - 1][0].lower() in _TRAILING:
        last -= 1
    if last == first:
        return ""
    return " ".join(_MARKS.sub("", text[words[first].start() : words[last - 1].end()]).split()).strip(" ,&")
