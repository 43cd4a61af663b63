"""Everything a metric's page says about the metric: unit, direction, baseline, target, guard and the like.

spec: domain §7.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, get_args

from graphkit.facts.observations import data_paths
from graphkit.facts.property_values import read_names, read_word
from graphkit.quantities.measurements import doubtful_separator, foreign_word, may_be_share
from graphkit.quantities.numbers import in_unit, split_quantity
from graphkit.quantities.units import PERCENT, read_unit, same_unit
from graphkit.quantities.written_dates import read_date
from graphkit.text.diagnostics import Diagnostic, Severity
from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record, replace

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import date

    from graphkit.facts.page_facts import PageFacts, Sighting
    from graphkit.quantities.numbers import Number

Direction = Literal["up", "down", "hold"]
AggregateKind = Literal["last", "sum", "mean", "min", "max"]
Period = Literal["day", "week", "month"]

_AGGREGATE: Final = lazy_pattern(r"(last|sum|mean|min|max)(?: (?:per|a|each) (day|week|month))?")
_DATE_LEAD: Final = lazy_pattern(
    r"\A(?:on|by|at|since|from|until|before|as of|,)[ \t]*+(?=[^a-z]|[A-Z])", re.IGNORECASE
)


class Aggregate(Record, frozen=True, kw_only=True):
    """How several observations of one period become one value."""

    kind: AggregateKind
    period: Period


class Level(Record, frozen=True, kw_only=True):
    """A value with the day from or by which it holds."""

    number: Number
    day: date | None


class MetricFacts(Record, frozen=True, kw_only=True):
    """One metric's page; what it does not say, or not in a readable way, is None or empty."""

    unit_text: str = ""
    """`unit::` as written; if it has none, the unit in which baseline, target or guard are written."""
    unit: str = ""
    """Its canonical name (see `units`)."""
    unit_known: bool = False
    """True if the page says or shows which unit; else the first observation decides."""
    direction: Direction | None = None
    baseline: Level | None = None
    target: Level | None = None
    guard: Number | None = None
    aggregate: Aggregate | None = None
    cadence_text: str = ""
    owners: tuple[str, ...] = ()
    source: str = ""
    data: tuple[str, ...] = ()
    """Files that `data::` names, as written."""
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def signed(self) -> bool:
        """True if baseline, target or guard have a sign, so that `+3%` is a level too."""
        levels = [level.number for level in (self.baseline, self.target) if level is not None]
        return any(number.signed for number in (*levels, *([self.guard] if self.guard else ())))


NOTHING_SAID: Final = MetricFacts()
"""The known facts about a metric without a page."""


def read_metric_page(
    page: PageFacts, parse_journal: Callable[[str], date | None], *, shown_unit: str = ""
) -> MetricFacts:
    """The properties of a metric's page.

    shown_unit: of its values, for a guard without a unit on a page that says none: percent (W406), or not used (W403).

    **Reports** W403 (a level in another unit), W406 (a share or a percent), W407 (a number with two readings), W409
    (target before baseline), W410 (a value that is not understood), W413 (target against the direction).
    """
    return _Reader(page, parse_journal).read(shown_unit)


def with_key_result(facts: MetricFacts, levels: Sequence[Sighting]) -> MetricFacts:
    """Everything a page says of a metric, with baseline and target of a table of key results where it says none itself.

    levels: sightings of the kinds `baseline` and `target`; the last one of a kind counts.
    """
    if not levels:
        return facts
    said: dict[str, Level | None] = {"baseline": facts.baseline, "target": facts.target}
    unit_text = facts.unit_text
    for key, level in said.items():
        written = next((item.text for item in reversed(levels) if item.kind == key), "")
        found = split_quantity(written, unit=unit_text) if written and level is None else None
        if found is not None and not found[1]:
            unit_text = unit_text or found[0].unit
            number = in_unit(found[0], unit_text) if unit_text else found[0]
            said[key] = Level(number=number, day=None)
    unit = read_unit(unit_text).name
    fitting = {key: level if level is None or level.number.unit == unit else None for key, level in said.items()}
    return replace(
        facts,
        baseline=fitting["baseline"],
        target=fitting["target"],
        unit_text=unit_text,
        unit=unit,
        unit_known=facts.unit_known or any(level is not None for level in fitting.values()),
    )


class _Reader:
    def __init__(self, page: PageFacts, parse_journal: Callable[[str], date | None]) -> None:
        self._page = page
        self._parse = parse_journal
        self._found: list[Diagnostic] = []
        self._unit_text = page.properties.get("unit", "").strip()

    def read(self, shown_unit: str) -> MetricFacts:
        page = self._page
        levels = {key: self._level(key) for key in ("baseline", "target", "guard")}
        unit_text = self._unit_text
        if not unit_text:
            unit_text = next((level.number.unit for level in levels.values() if level and level.number.unit), "")
        known = bool(unit_text)
        if not known and shown_unit:
            levels["guard"] = self._shown(levels["guard"], shown_unit)
            unit_text = shown_unit
        unit = read_unit(unit_text).name
        fitting = {key: self._fitting(key, level, unit_text, unit) for key, level in levels.items()}
        if read_unit(unit_text) == read_unit(PERCENT):
            doubtful = self._check_shares({key: level.number for key, level in levels.items() if level is not None})
            fitting.update(dict.fromkeys(doubtful))
        baseline, target, guard = fitting["baseline"], fitting["target"], fitting["guard"]
        directions: dict[str, Direction] = {word: word for word in get_args(Direction)}
        direction = directions.get(self._word("direction", directions))
        self._compare(baseline, target, direction)
        return MetricFacts(
            unit_text=unit_text,
            unit=unit,
            unit_known=known or baseline is not None or target is not None,
            direction=direction,
            baseline=baseline,
            target=target,
            guard=guard.number if guard else None,
            aggregate=self._aggregate(),
            cadence_text=page.properties.get("cadence", ""),
            owners=read_names(page.properties.get("owner", "")),
            source=page.properties.get("source", ""),
            data=data_paths(page.properties.get("data", "")),
            diagnostics=tuple(self._found),
        )

    def _report(self, key: str, code: str, message: str, hint: str, severity: Severity = Severity.WARNING) -> None:
        self._found.append(
            Diagnostic(
                code=code,
                severity=severity,
                path=self._page.path,
                line=self._page.property_lines.get(key, 1),
                message=message,
                hint=hint,
            )
        )

    def not_understood(self, key: str, hint: str) -> None:
        value = self._page.properties.get(key, "")
        self._report(key, "W410", f"{key}:: {value} is not understood and is ignored", hint)

    def _word(self, key: str, allowed: Collection[str]) -> str:
        value = self._page.properties.get(key, "").strip()
        word = read_word(value) if value else ""
        if word in allowed or not word:
            return word
        self.not_understood(key, f"write one of {', '.join(allowed)}")
        return ""

    def _level(self, key: str) -> Level | None:
        value = self._page.properties.get(key, "").strip()
        if not value:
            return None
        found = split_quantity(value, unit=self._unit_text)
        example = ">= 36%" if key == "guard" else "38% on [[Jan 1st, 2026]]"
        if found is None:
            self.not_understood(key, f"start with a number, such as {example}")
            return None
        number, rest = found
        day = read_date(_DATE_LEAD.sub("", rest, count=1), self._parse) if rest else None
        word = "" if day or not self._unit_text else foreign_word(number, rest, self._unit_text)
        if word:
            self._report(
                key, "W403",
                f"{key}:: {value} is in {word}, not in the metric's unit ({self._unit_text}), and is ignored",
                "write it in that unit, or change unit::",
            )  # fmt: skip
            return None
        if rest and key == "guard":
            self._report(
                key, "W410", f"“{rest}” in {key}:: is ignored", "write one limit, or a range such as 30–35%"
            )  # fmt: skip
        elif rest and day is None:
            self._report(
                key, "W410", f"“{rest}” in {key}:: is not a date and is ignored",
                f"write it as {example}",
            )  # fmt: skip
        return Level(number=number, day=day)

    def _shown(self, guard: Level | None, shown_unit: str) -> Level | None:
        """A guard without a unit beside values with one: percent only, since `3` beside `2h` may be of any length."""
        if guard is None or read_unit(shown_unit) == read_unit(PERCENT):
            return guard
        self._report(
            "guard", "W403",
            f"guard:: {self._page.properties['guard']} has no unit, but the values are in {shown_unit}; it is ignored",
            "write the guard with its unit, or give the page a unit::",
        )  # fmt: skip
        return None

    def _fitting(self, key: str, level: Level | None, unit_text: str, unit: str) -> Level | None:
        if level is None:
            return None
        number = in_unit(level.number, unit_text) if unit_text else level.number
        value = self._page.properties[key]
        if same_unit(number.unit, unit):
            doubt = None if number.decimal_comma else doubtful_separator(number, value, unit, unit_text)
            if doubt is not None:
                sign, reading = doubt
                self._report(
                    key, "W407", f"the {sign} in {key}:: {value} is read as a separator of {reading}",
                    "use a decimal point, no thousands separators, and not exactly three decimals",
                )  # fmt: skip
            return replace(level, number=number)
        self._report(
            key, "W403",
            f"{key}:: {value} is not in the metric's unit ({unit_text or 'none'}) and is ignored",
            "write it in that unit, or change unit::",
        )  # fmt: skip
        return None

    def _check_shares(self, written: Mapping[str, Number]) -> list[str]:
        """W406 for a level of a percent metric without its sign; those that may be a share of 1, which do not count."""
        doubtful = []
        usual = next((abs(number.value) for number in written.values() if number.unit and number.value), None)
        for key, number in written.items():
            if number.unit or not number.value:
                continue
            said = f"{key}:: {self._page.properties[key]}"
            if may_be_share(number.value / 100, usual):
                doubtful.append(key)
                message = f"{said} may be a fraction or a percentage, so it is ignored"
                hint = f"add a percent sign: {number.value:g}% or {number.value * 100:g}%"
                self._report(key, "W406", message, hint)
            else:
                message = f"{said} has no percent sign and is read as a percentage"
                self._report(key, "W406", message, "add a percent sign", Severity.INFO)
        return doubtful

    def _compare(self, baseline: Level | None, target: Level | None, direction: str | None) -> None:
        if baseline is None or target is None:
            return
        if baseline.day and target.day and target.day < baseline.day:
            self._report(
                "target", "W409",
                f"the target is for {target.day.isoformat()}, before the baseline of {baseline.day.isoformat()}",
                "correct one of the dates",
            )  # fmt: skip
        way = target.number.value - baseline.number.value
        if (direction == "up" and way < 0) or (direction == "down" and way > 0):
            self._report(
                "target", "W413", f"direction:: is {direction}, but the target lies the other way",
                "correct the direction or one of the values",
            )  # fmt: skip

    def _aggregate(self) -> Aggregate | None:
        value = self._page.properties.get("aggregate", "").strip()
        if not value:
            return None
        match = _AGGREGATE.fullmatch(" ".join(value.lower().replace("average", "mean").split()))
        if match is None:
            self.not_understood("aggregate", "write last, sum, mean, min or max per day, week or month")
            return None
        kinds: dict[str, AggregateKind] = {kind: kind for kind in get_args(AggregateKind)}
        periods: dict[str, Period] = {period: period for period in get_args(Period)}
        return Aggregate(kind=kinds[match[1]], period=periods[match[2] or "day"])
