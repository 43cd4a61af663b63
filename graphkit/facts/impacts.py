"""What an *Expected Impact* cell promises: a range with unit and subject, or only a direction (domain 7)."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from graphkit.facts.numbers import Number, find_quantity
from graphkit.facts.units import PERCENT, POINTS
from graphkit.text.records import dataclass
from graphkit.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Mapping

Direction = Literal["up", "down"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
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


UP = (
    "increase", "increases", "increased", "increasing", "improve", "improves", "improved", "improving",
    "improvement", "improvements", "enhance", "enhances", "enhanced", "enhancing", "enhancement", "grow", "grows",
    "growing", "growth", "grew", "rise", "rises", "rising", "raise", "raises", "raised", "raising", "boost",
    "boosts", "boosted", "boosting", "uplift", "uplifts", "lift", "lifts", "gain", "gains", "gained", "expand",
    "expands", "expanded", "expanding", "expansion", "strengthen", "strengthens", "strengthened", "strengthening",
    "maximize", "maximizes", "maximized", "maximizing", "maximise", "maximised", "accelerate", "accelerates",
    "accelerated", "accelerating", "double", "doubled", "triple", "tripled", "higher", "greater", "more", "better",
    "stronger", "faster", "up",
)  # fmt: skip
DOWN = (
    "decrease", "decreases", "decreased", "decreasing", "reduce", "reduces", "reduced", "reducing", "reduction",
    "reductions", "lower", "lowers", "lowered", "lowering", "decline", "declines", "declined", "declining", "drop",
    "drops", "dropped", "dropping", "cut", "cuts", "cutting", "fall", "falls", "falling", "shrink", "shrinks",
    "shrinking", "minimize", "minimizes", "minimized", "minimizing", "minimise", "minimised", "lessen", "lessened",
    "fewer", "less", "smaller", "down",
)  # fmt: skip
DIRECTIONS: Mapping[str, Direction] = {**dict.fromkeys(UP, "up"), **dict.fromkeys(DOWN, "down")}
"""Words that say in which direction something moves."""

_CLAUSE_END = re.compile(r"[;\r\n]|<br ?/?>|(?<=[^\s.])\.(?=\s)", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:[-'’/&][^\W_]+)*|[^\s*_`\[\]#]")
_LIST = re.compile(r"\s*(?:,\s*and\s|,|&|\sand\s)\s*", re.IGNORECASE)
_TO = re.compile(r"\s{1,4}to\s{1,4}", re.IGNORECASE)
_LINKING = frozenset(["in", "of", "to", "for", "on"])
_ENDING = frozenset(
    ["by", "through", "via", "within", "per", "over", "from", "after", "when", "due", "using", "at", "until", "during",
     "across", "while", "if", "than", "with", "as"]
)  # fmt: skip
_FILLING = frozenset(["the", "a", "an", "our", "their", "overall", "is", "are", "be", "will", *_LINKING])
_MARKS = re.compile(r"[*_`\[\]#]+")
_YEARS = range(1900, 2101)


def read_impacts(cell: str) -> tuple[Impact, ...]:
    """One impact for each clause (between `;`, line breaks and full stops) that has a quantity or a direction."""
    found = []
    start = 0
    for end, following in [*(match.span() for match in _CLAUSE_END.finditer(cell)), (len(cell), len(cell))]:
        impact = _read_clause(cell, start, end)
        if impact is not None:
            found.append(impact)
        start = following
    return tuple(found)


def read_impact(cell: str) -> Impact | None:
    """The first clause with a quantity, else the first with a direction, else None."""
    impacts = read_impacts(cell)
    return next((impact for impact in impacts if impact.low is not None), impacts[0] if impacts else None)


def _read_clause(cell: str, start: int, end: int) -> Impact | None:
    clause = cell[start:end]
    text = clause.strip()
    start += len(clause) - len(clause.lstrip())
    number = _change(text)
    words = [word for word in _WORD.finditer(text) if number is None or not _overlap(word, number)]
    turn = next((index for index, word in enumerate(words) if word[0].lower() in DIRECTIONS), None)
    direction = None if turn is None else DIRECTIONS[words[turn][0].lower()]
    if number is None and direction is None:
        return None
    impact = Impact(text=text, direction=direction, subject="", span=Span(start, start + len(text)))
    if number is None:
        return replace(impact, subject=_subject(text, words, turn, None))
    target = _target(text, number)
    if target is not None:
        number, low, unit, direction = target
        high = low
    else:
        low, high = (
            (number.value, number.value) if number.low is None or number.high is None else (number.low, number.high)
        )
        unit = number.unit
        if high <= 0 and number.signed:
            low, high, direction = -high, -low, "down"
        elif direction is None and number.signed:
            direction = "up"
    words = [word for word in words if not _overlap(word, number)]
    turn = next((index for index, word in enumerate(words) if word[0].lower() in DIRECTIONS), None)
    return replace(
        impact,
        low=low,
        high=high,
        unit=unit,
        direction=direction,
        subject=_subject(text, words, turn, number.span),
        number=replace(number, span=Span(start + number.span.start, start + number.span.end)),
    )


def _overlap(word: re.Match[str], number: Number) -> bool:
    return word.start() < number.span.end and word.end() > number.span.start


def _change(text: str) -> Number | None:
    """The first quantity that can be the size of a change: no year, and no bare number in the middle of a sentence."""
    place = 0
    for _ in range(20):
        number = find_quantity(text, start=place)
        if number is None:
            return None
        before = _MARKS.sub("", text[max(0, number.span.start - 60) : number.span.start]).rstrip(" (").lower()
        marked = number.unit or number.signed or number.sign or number.n is not None
        level = number.value if number.n is None or number.count is None else number.n  # `phase 2 of 2026`
        year = (not marked or number.count is not None) and level.is_integer() and int(level) in _YEARS
        if (marked and not year) or (not year and (not before or before.endswith((" by", " of")))):
            return number
        place = number.span.end
    return None


def _target(text: str, number: Number) -> tuple[Number, float, str, Direction] | None:
    """`from A to B` as the change from one to the other; percent levels differ by percentage points."""
    if not text[: number.span.start].rstrip().lower().endswith("from"):
        return None
    if number.low is not None and number.high is not None:
        first, last = number.low, number.high
    else:
        following = _TO.match(text, number.span.end)
        other = None if following is None else find_quantity(text, start=following.end())
        if following is None or other is None or other.span.start != following.end() or other.unit != number.unit:
            return None
        first, last = number.value, other.value
        number = replace(number, span=Span(number.span.start, other.span.end))
    unit = POINTS if number.unit == PERCENT else number.unit
    size = abs(Decimal(repr(last)) - Decimal(repr(first)))  # .15 and .10 differ by .05
    return number, float(size), unit, "up" if last > first else "down"


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
    if last == first:
        return ""
    return " ".join(_MARKS.sub("", text[words[first].start() : words[last - 1].end()]).split()).strip(" ,&")
