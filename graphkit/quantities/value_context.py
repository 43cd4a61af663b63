"""The text around a value in a note: signs before it, and behind it samples, days, comparisons or doubts.

A value counts where it can be nothing else (spec: domain §7). Behind it can be its sample size, its tolerance, its
fraction, its day and what it is compared with; then, on a line, prose. Four things leave the value in doubt:

- a word that makes it a change (`3% more`, `2 pp up`), or a sign (`+3%`) that levels of the metric do not have;
- a second value of the same unit that is compared with nothing (`41.2% iOS / 38% Android`);
- words that narrow it to a part of what is measured (`on iOS`, `(mobile)`, `users churned`);
- words for a time that is not one day (`last week`, `in March`).
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from graphkit.quantities.numbers import find_quantity, read_quantity
from graphkit.quantities.units import MONTHS, PERCENT, POINTS, SECONDS, UNITS, read_unit
from graphkit.quantities.value_days import PERIOD, day_in_words
from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from graphkit.quantities.numbers import Number

Doubt = Literal["change", "several", "narrow", "word", "unit"]

# fmt: off
CARRIES_ON: Final = frozenset([
    "across", "after", "again", "against", "already", "although", "among", "and", "as", "at", "because", "before",
    "both", "but", "by", "compared", "despite", "down", "due", "during", "following", "for", "from", "in", "instead",
    "last", "now", "on", "only", "or", "over", "since", "so", "still", "than", "thanks", "that", "the", "this",
    "though", "through", "till", "to", "today", "tonight", "until", "up", "versus", "via", "vs", "was", "when",
    "where", "which", "while", "with", "within", "without", "yesterday", "yet",
    "nach", "seit", "vor", "heute", "wegen", "dank", "trotz", "und", "aber", "après", "depuis", "avant", "grâce",
    "et", "mais", "aujourd", "tras", "después", "desde", "antes", "hoy", "y", "pero", "após", "depois", "hoje", "e",
    "mas",
])
"""Words that go on with a sentence behind a value, so that none of them can be its unit."""
_NARROWING: Final = frozenset([
    "on", "in", "for", "among", "amongst", "of", "with", "without", "from", "excluding", "excl", "except", "within",
    "auf", "bei", "für", "unter", "ohne", "nur", "mit", "von", "im", "pour", "chez", "sur", "dans", "sans", "parmi",
    "en", "para", "sin", "entre", "con", "em", "no", "na", "nos", "nas", "com", "sem", "de", "del", "do", "da",
])
"""Words behind a value that begin what it is limited to (`on iOS`, `in Germany`, `with the new page`)."""
_TURNS: Final = frozenset([
    "more", "less", "fewer", "higher", "lower", "up", "down", "better", "worse", "increase", "decrease", "growth",
    "improvement", "drop", "rise", "uplift", "lift", "reduction", "decline", "gain", "loss", "faster", "slower",
    "mehr", "weniger", "höher", "niedriger", "besser", "schlechter", "plus", "moins", "más", "menos", "mais",
])
"""Words behind a quantity that make it a change."""
_WHOLE: Final = frozenset([
    "total", "all", "average", "avg", "mean", "median", "overall", "general", "now", "far", "everyone", "everybody",
    "first", "once", "both", "change", "row", "end", "insgesamt", "gesamt", "durchschnitt", "schnitt", "moyenne",
    "tous", "promedio", "todos", "média", "source", "via",
])
"""Words that say that a value is of all that is measured."""
_REMARKS: Final = frozenset([
    "estimate", "estimated", "est", "preliminary", "provisional", "final", "approx", "approximately", "rounded",
    "record", "new", "best", "worst", "ok", "good", "great", "bad", "again", "finally", "target", "goal", "done", "yay",
    "nice", "high", "low", "peak", "geschätzt",
]) | _WHOLE
"""Words about a value that leave it that of the whole."""
_TIMES: Final = frozenset([
    "day", "days", "week", "weeks", "month", "months", "quarter", "sprint", "weekend", "morning", "evening", "launch",
    "release", "woche", "wochen", "monat", "semaine", "mois", "semana", "mes", "mês",
])
"""Nouns that make what follows `in` or `on` a time of the journal's (`in the second week of …`)."""
# fmt: on

_EMPHASIS: Final = "*_`^ \t"
_EMOJI: Final = "\u2600-\u2793\u2b00-\u2bff\U0001f300-\U0001faff"
_RISING: Final = "▲▼△▽↑↓↗↘⬆⬇🔺🔻🔼🔽📈📉"
_WEEK: Final = r"(?:\d{4}-?)?(?:W|KW|CW|wk\.?[ ]?|week[ ]|Woche[ ]|semaine[ ]|semana[ ])[ ]?(\d{1,2})(?!\d)"
_LEAD: Final = lazy_pattern(
    rf"(?:[—―•·:：|][ \t]*+|([{_RISING}])\ufe0f?[ \t]*+|([{_EMOJI}])\ufe0f?[ \t]*+|{_WEEK}[ \t]*+[:,]?[ \t]*+(?=\S))",
    re.IGNORECASE,
)
_AIMING: Final = "🎯"
_IN_PARENTHESES: Final = lazy_pattern(r"[(（][ \t]*+([^()（）\r\n]{1,40}?)[ \t]*+[)）]")
_CHANGE: Final = lazy_pattern(
    r"(?:(?:is|was|went|has|have|a|an)[ \t]++)?(?:up|down|plus|minus|more|less|gain(?:ed|s)?|lost|loses|fell|falls|"
    r"rose|rises|grew|grows|dropp?(?:ed|s)?|increas(?:e|ed|es)|decreas(?:e|ed|es)|improv(?:ed|es|ement)|declined?|"
    r"gestiegen|gefallen|hausse|baisse|subió|bajó|subiu|caiu|上升|下降|提升|增长|减少|降低)"
    r"(?:[ \t]++(?:by|of|um|de))?(?:[ \t]*+(?=[\d$€£¥+-])|[ \t]++about[ \t]++)",
    re.IGNORECASE,
)
_POWER: Final = lazy_pattern(r"\^(?!\^)[-+]?\d|\*\*?[ \t]?\d|[ \t]?[×x·*][ \t]?10(?!\d)|[⁰¹²³⁴-⁹]")
_TOLERANCE: Final = lazy_pattern(r"[ \t]*+[(,]?[ \t]*+(?:±|\+/-|\+-|plus or minus[ \t])[ \t]*+")
_PARENTHESIS: Final = lazy_pattern(r"[ \t]*+[(（\[]((?!\[)[^()（）\[\]\r\n]{0,80})[)）\]]")
_COMPARED: Final = lazy_pattern(
    r"[ \t,;=]*+(?:was|were|prev(?:ious(?:ly)?)?\.?|before|vs\.?|versus|compared|up|down|from|after|last|target|goal|"
    r"baseline|against|instead|than|to|war|vorher|zuvor|vorwoche|ziel|statt|gegen(?:über)?|était|avant|contre|objectif|"
    r"antes|era|contra|meta|objetivo|之前|上周|上月|原来|目标|since|source|via|incl\.?|including|without|not|nicht)"
    r"(?![^\W\d_])",
    re.IGNORECASE,
)
_STRUCK: Final = lazy_pattern(r"~~(?:[^~\r\n]|~(?!~))++~~")
_WORD: Final = lazy_pattern(r"[ \t]*+([^\W\d_]++)")
_WORDS: Final = lazy_pattern(r"[^\W\d_][\w'’-]*+")
_NAMES: Final = lazy_pattern(r"\[\[[^\[\]\r\n]{1,100}\]\]|#[^\W\d_]")
_MOST: Final = 6
"""More quantities or parts behind a value are not looked at."""


class Lead(NamedTuple):
    """The text before a value and is no part of it."""

    end: int
    week: int | None = None
    """ISO week that the value is said to be of (`W12`)."""
    change: bool = False
    """An arrow or the like says that it is a change."""
    aim: bool = False


class Tail(NamedTuple):
    """The text behind a value, as far as it belongs to it."""

    rest: str
    """What is left: prose."""
    n: float | None = None
    successes: float | None = None
    day: date | None = None
    bad_day: str = ""
    doubt: Doubt | None = None


def read_lead(text: str) -> Lead:
    """Signs, emoji and a week before a value: `— 41%`, `✅ 41%`, `W12: 41%`."""
    end, week, change, aim = 0, None, False, False
    for _ in range(_MOST):
        match = _LEAD.match(text, end)
        if match is None:
            break
        change = change or match[1] is not None or match[2] in _RISING if match[1] or match[2] else change
        aim = aim or match[2] == _AIMING
        week = int(match[3]) if match[3] else week
        end = match.end()
    return Lead(end, week, change, aim)


def unwrapped(text: str) -> str:
    """`(41.2%) …` without its parentheses; money and counts in them may be negative, and stay as they are."""
    match = _IN_PARENTHESES.match(text)
    inner = read_quantity(match[1]) if match else None
    if match is None or inner is None or inner.unit != PERCENT or match[1][inner.span.end :].strip():
        return text
    return match[1] + text[match.end() :]


def states_change(text: str) -> bool:
    """True if a text begins like `down 2 pp` or `increased by 3%`."""
    match = _CHANGE.match(text)
    return match is not None and read_quantity(text[match.end() :].lstrip("+-−")) is not None


def continues_number(rest: str) -> bool:
    """True if digits go on in a spelling that is not read (`10^6`, `2×10^6`)."""
    return _POWER.match(rest) is not None


def is_change(number: Number, unit: str) -> bool:
    """True if a sign makes a value a change, on a metric whose levels are written without one.

    A minus may be a level of money and of bare numbers, as of a score; a plus says nothing that a level needs.
    """
    if not number.signed or number.sign == "=":
        return False
    if read_unit(unit).name == POINTS:
        return False
    falls = (number.value if number.low is None else number.low) < 0
    return not falls or number.unit in {PERCENT, POINTS, SECONDS} or counts_things(unit)


def counts_things(unit: str) -> bool:
    """True if a unit as written is a plural noun, so that values in it are whole (`users`, `Bestellungen`, `pages`)."""
    word = unit.strip()
    if word in UNITS or word.lower() in UNITS or not word.isalpha() or len(word) < 3:
        return False
    lower = word.lower()
    return lower.endswith(("s", "en", "er")) or lower in {"people", "pax", "children", "pedidos", "leads"}


def read_tail(number: Number, rest: str, *, unit: str, names: str, line: bool, today: date | None) -> Tail:
    """The text behind a value.

    unit: of the metric, as written. names: the metric's title, whose words can be behind its value. line: prose may
    follow. today: day of the journal, by which `yesterday` and `(Mar 1)` are days.
    """
    rest = _STRUCK.sub(" ", rest)
    n = count = None
    day, bad_day = None, ""
    place = 0
    for _ in range(_MOST):
        found = _tolerance(number, rest, place) or _fraction(number, rest, place)
        if found is not None:
            place, n, count = found[0], found[1] or n, found[2] or count
            continue
        dated = day_in_words(rest, place, today) if day is None and not bad_day else None
        if dated is not None:
            place, day, bad_day = dated
            continue
        aside = _PARENTHESIS.match(rest, place)
        if aside is None:
            break
        if not _is_aside(aside[1], names):
            return Tail(rest, doubt="narrow" if _WORDS.search(aside[1]) else "several")
        place = aside.end()
    # a tail that belongs to the value leaves the rest behind it to prose
    rest = rest[place:]
    doubt = _doubt(number, rest, unit, names) if rest.strip(f".!{_EMPHASIS}") else None
    if not line and doubt is not None:
        doubt = "unit" if doubt == "word" and read_unit(unit).name else None
    return Tail(rest, n, count, day, bad_day, doubt)


def _tolerance(number: Number, rest: str, place: int) -> tuple[int, None, None] | None:
    match = _TOLERANCE.match(rest, place)
    width = read_quantity(rest[match.end() :]) if match else None
    if match is None or width is None or (width.unit and width.unit not in {number.unit, POINTS, PERCENT}):
        return None
    end = match.end() + width.span.end
    return (end + 1 if "(" in match[0] and rest[end : end + 1] == ")" else end), None, None


def _fraction(number: Number, rest: str, place: int) -> tuple[int, float | None, float | None] | None:
    """`(471/4100)` behind `11.5%`, or the percentage behind the fraction; None where the two do not agree."""
    match = _PARENTHESIS.match(rest, place)
    inner = match[1] if match else rest[place:].lstrip(" \t=")
    other = read_quantity(inner)
    if other is None or other.unit != PERCENT or number.unit not in {PERCENT, ""} or other.low is not None:
        return None
    if match is None and not rest[place:].lstrip(" \t").startswith("="):
        return None
    if (number.count is None) == (other.count is None) or (match and inner[other.span.end :].strip()):
        return None
    exact, rounded = (number, other) if number.count is not None else (other, number)
    stated = rounded.value if rounded.unit else rounded.value / 100
    if abs(exact.value - stated) > 0.005 + 1e-9:
        return None
    end = match.end() if match else len(rest) - len(inner) + other.span.end
    return end, exact.n, exact.count


def _is_aside(text: str, names: str) -> bool:
    """True if what stands in parentheses behind a value does not mention the part of the whole that it is of."""
    words = [word.lower() for word in _WORDS.findall(text)]
    if _COMPARED.match(text):
        return True
    number = read_quantity(text)
    if number is not None and (number.signed or not words or words[0] in _TURNS):
        return number.signed or bool(words)
    if not words:
        return True
    if _NAMES.search(text):
        return False
    own = _name_words(names)
    if words[0] in _NARROWING:
        return _is_whole(words[1:], own)
    return len(words) > 3 or words[0] in CARRIES_ON or any(word in _REMARKS or word in own for word in words)


def _is_whole(words: list[str], own: frozenset[str]) -> bool:
    """True if the words behind a narrowing one name all that is measured (`in total`, `for now`, `on average`)."""
    told = [word for word in words if word not in {"the", "a", "an", "our", "so", "this", "these", "today"}]
    return (not told and bool(words)) or (bool(told) and (told[0] in _WHOLE or told[0] in own))


@cache
def _name_words(names: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORDS.findall(names))


def _doubt(number: Number, rest: str, unit: str, names: str) -> Doubt | None:
    """What in the prose behind a value leaves open whether it is the metric's."""
    if _another_value(number, rest, unit):
        return "several"
    own = _name_words(names)
    word = _WORD.match(rest)
    if word is None:
        return _narrowed_at_the_end(rest, own)
    first = word[1].lower()
    words = [found.lower() for found in _WORDS.findall(rest[:200])]
    if first in _TURNS:
        return None if _COMPARED.match(rest) and _quantity_near(rest) else "change"
    if first in _NARROWING:
        return None if _is_open(rest[word.end() :], words[1:], own, first) else "narrow"
    if first in CARRIES_ON or first in own:
        return None
    if number.unit:
        return None if first in _REMARKS else "narrow"
    if read_unit(unit).name:
        known = word[1].lower() in UNITS or word[1].lower().rstrip("s") in UNITS
        return "unit" if known else "word"
    # a noun behind a bare number of a metric without a unit names what is counted, unless more is said of it
    following = rest[word.end() :]
    after = _WORD.match(following)
    noun = first.endswith(("s", "en", "er")) or not first.isascii()
    stops = after is None or after[1].lower() in CARRIES_ON - _NARROWING or after[1].lower() in own
    return None if noun and stops else "word"


def _is_open(following: str, words: list[str], own: frozenset[str], first: str) -> bool:
    """True if what follows a narrowing word narrows nothing: a time, a comparison, the whole."""
    text = following.strip()
    if not text or _is_whole(words, own):
        return True
    if first == "from" and (read_quantity(text) is not None or text.startswith("[[")):
        return True
    if text[:1].isdigit() or PERIOD.match(text) or not _TIMES.isdisjoint(words[:4]):
        return True
    return first in {"from", "via"} and bool(words) and words[-1] in {"export", "dashboard", "report", "query"}


def _narrowed_at_the_end(rest: str, own: frozenset[str]) -> Doubt | None:
    """One or two words behind a comma or dash that look like a part's name (`41%, iOS`, `41% – Android only`)."""
    text = rest.strip(f",;:–—-|.! {_EMPHASIS}")
    words = _WORDS.findall(text)
    if not words or len(words) > 2 or len(text.split()) > 2 or text[:1] in "#[(":
        return None
    lower = {word.lower() for word in words}
    if lower & {"only", "nur", "seulement", "solo", "somente", "仅"}:
        return "narrow"
    if lower & (_REMARKS | own | CARRIES_ON) or not all(any(sign.isupper() for sign in word) for word in words):
        return None
    return "narrow"


def _quantities(text: str, unit: str) -> Iterator[Number]:
    place = 0
    for _ in range(_MOST):
        number = find_quantity(text, unit=unit, start=place)
        if number is None:
            return
        yield number
        place = number.span.end


def _quantity_near(rest: str) -> bool:
    return next(_quantities(rest[:60], ""), None) is not None


def _another_value(number: Number, rest: str, unit: str) -> bool:
    """True if a second value of the same unit follows that is compared with nothing."""
    if not number.unit or number.unit in {SECONDS, MONTHS}:
        return False
    for other in _quantities(rest[:400], unit):
        if other.unit != number.unit or other.signed:
            continue
        before = rest[: other.span.start].rstrip(" \t(~≈").lower()
        word = _WORD.match(rest, other.span.end)
        if word is not None and word[1].lower() in _TURNS:
            continue
        last = before.rpartition(" ")[2].strip(",;(")
        if not _COMPARED.match(last) and _COMPARED.match(before.lstrip(" ,;(–—-")) is None and last not in _CHANGED:
            return True
    return False


_CHANGED: Final = frozenset(
    ["by", "of", "up", "down", "plus", "minus", "over", "under", "above", "below", "about", "the"]
)
