"""Observations of one metric: from what is written to dated numbers, merged and checked.

spec: domain §7.
"""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from graphkit.quantities.column_formats import read_day
from graphkit.quantities.measurements import (
    MetricWords,
    doubtful_separator,
    may_be_share,
    read_measurement,
)
from graphkit.quantities.numbers import in_unit, read_count
from graphkit.quantities.units import PERCENT, read_unit, same_unit
from graphkit.quantities.written_dates import read_date
from graphkit.text.diagnostics import Diagnostic, Severity
from graphkit.text.records import Record, replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from graphkit.facts.metric_pages import MetricFacts
    from graphkit.facts.page_facts import Sighting, SightingKind
    from graphkit.quantities.measurements import Fault, Measurement
    from graphkit.quantities.numbers import Number

_SAME: Final = 1e-9
"""Values that differ by no more than this share are equal: rounding, not another count."""


_WHY: Final[Mapping[str | None, str]] = {
    "several": "is not one value",
    "hidden": "does not start with its value",
    "aim": "is a goal, not a measured value",
    "change": "is a change, not a level",
    "narrow": "may cover only a part",
    "fraction": "may be a share or a score",
    "negative": "may be negative, in parentheses",
}
_HINTS: Final[Mapping[str, str]] = {
    "change": "write the new level; if the metric itself is a change, sign the baseline:: on its page",
    "narrow": "write the overall value, or name the part, as in segment:: iOS; put a comma before any prose",
    "fraction": "write `unit:: %` on the metric's page if it is a share, or another unit and one number",
    "negative": "write it without parentheses, and with a minus sign if it is negative",
    "several": "write one number; put another one on its own line with its segment:: or as-of::",
}
_PROSE: Final = frozenset({"hidden", "word", "aim"})
"""Faults of a line that may be nothing but a sentence that links to the metric: only worth knowing.

spec: domain §7.
"""


class Observation(Record, frozen=True, kw_only=True):
    """One value of one metric on one day, in the canonical unit of the metric."""

    day: date
    value: float
    n: float | None
    count: float | None
    """The 471 of `471/4100`."""
    segment: str
    """Empty for the whole."""
    source: str
    kind: SightingKind
    text: str
    """The value as written."""
    path: str
    line: int
    column: int
    block: int | None


class ReadObservations(Record, frozen=True, kw_only=True):
    """Everything the sightings of one metric give."""

    observations: tuple[Observation, ...]
    """By day, then segment; one for each."""
    links: tuple[Sighting, ...]
    """`#metric [[X]]` without a value: links to the metric."""
    unit_text: str
    unit: str
    diagnostics: tuple[Diagnostic, ...]


def read_observations(
    title: str,
    facts: MetricFacts,
    sightings: Iterable[Sighting],
    *,
    today: date,
    parse_journal: Callable[[str], date | None],
) -> ReadObservations:
    """The observations of a metric.

    sightings: in the order in which a later one wins over an earlier one of the same day and segment. A metric without
    a unit of its own takes that of most values.
    **Reports** W401 (no number), W402 (no date), W403 (another unit), W404 (two values on one day), W405 (in the
    future), W406 (a share or a percent), W407 (a number with two readings).
    """
    reader = _Reader(title, facts, today, parse_journal)
    written = list(sightings)
    if not facts.unit_known:
        reader.take_unit(written)
    for sighting in written:
        reader.take(sighting)
    return reader.result()


class _Reader:
    def __init__(
        self, title: str, facts: MetricFacts, today: date, parse_journal: Callable[[str], date | None]
    ) -> None:
        self._title = title
        self._facts = facts
        self._today = today
        self._parse = parse_journal
        self._unit_text = facts.unit_text
        self._unit = facts.unit
        self._unit_from = ""
        """Where a value shows the unit that no page says."""
        self._taken: dict[tuple[date, str], Observation] = {}
        self._links: list[Sighting] = []
        self._bare: list[Observation] = []
        self._found: list[Diagnostic] = []
        self._days: dict[str, date | None] = {}

    def _report(
        self, place: Sighting | Observation, code: str, message: str, hint: str, severity: Severity = Severity.WARNING
    ) -> None:
        self._found.append(
            Diagnostic(
                code=code,
                severity=severity,
                path=place.path,
                line=place.line,
                column=place.column,
                message=message,
                hint=hint,
            )
        )

    def take_unit(self, sightings: Iterable[Sighting]) -> None:
        """The unit of most values; where as many are bare, the written one, else the later one."""
        seen: dict[str, list[Sighting]] = {}
        newest: dict[str, int] = {}
        for place, sighting in enumerate(sightings):
            read = self._measured(sighting)
            if read.number is not None:
                seen.setdefault(read.number.unit, []).append(sighting)
                newest[read.number.unit] = place
        if not seen:
            return
        self._unit = max(seen, key=lambda unit: (len(seen[unit]), unit != "", newest[unit]))
        self._unit_text = self._unit
        shown = seen[self._unit][-1]
        self._unit_from = f"{shown.path}:{shown.line}"

    def _measured(self, sighting: Sighting) -> Measurement:
        return read_measurement(
            sighting.text,
            metric=MetricWords(unit=self._unit_text, title=self._title, signed=self._facts.signed),
            line=sighting.kind == "line",
            today=sighting.day,
            parse_journal=self._parse,
        )

    def take(self, sighting: Sighting) -> None:
        read = self._measured(sighting)
        if read.fault == "link":
            self._links.append(sighting)
            return
        number = read.number
        if number is None:
            self._unread(sighting, read.fault)
            return
        day = self._day(sighting, read)
        if day is None:
            return
        sized = in_unit(number, self._unit_text)
        if sized.unit != self._unit and not same_unit(sized.unit, self._unit):
            self._unread(sighting, "unit")
            return
        doubt = None
        if not number.decimal_comma:
            doubt = doubtful_separator(number, read.written, self._unit, self._unit_text)
        if doubt is not None and self._doubtful(sighting, read.written, *doubt):
            return
        n = self._sample(sighting, number, read.bad_sample)
        observation = Observation(
            day=day,
            value=sized.value,
            n=n,
            count=number.count,
            segment=sighting.segment,
            source=sighting.source,
            kind=sighting.kind,
            text=read.written if sighting.kind == "line" else sighting.text,
            path=sighting.path,
            line=sighting.line,
            column=sighting.column,
            block=sighting.block,
        )
        if self._unit == PERCENT and not number.unit and number.value:
            self._bare.append(observation)
        if day > self._today:
            self._report(
                sighting, "W405", f"this value of “{self._title}” is dated {day.isoformat()}, which is in the future",
                "correct the date; until that day, the value is listed but does not count",
            )  # fmt: skip
        self._merge(observation)

    def _doubtful(self, sighting: Sighting, written: str, sign: str, reading: str) -> bool:
        """W407; whether the value does not count, as where a point in money or a count may separate thousands."""
        dropped = sign == "point"
        self._report(
            sighting, "W407",
            f"the {sign} in “{written}” may separate thousands or decimals, so “{self._title}” has no observation "
            "here" if dropped else f"the {sign} in “{written}” is read as a separator of {reading}",
            "use a decimal point, no thousands separators, and not exactly three decimals",
        )  # fmt: skip
        return dropped

    @staticmethod
    def _shown(sighting: Sighting) -> str:
        return sighting.text if len(sighting.text) <= 40 else sighting.text[:39] + "…"

    def _unread(self, sighting: Sighting, fault: Fault | None) -> None:
        """W401 or W403: the text states no value that counts."""
        shown, title = self._shown(sighting), self._title
        severity = Severity.INFO if fault in _PROSE else Severity.WARNING
        if fault in {"unit", "word"}:
            self._report(
                sighting, "W403",
                f"“{shown}” is not in the unit of “{title}” ({self._unit_text or 'none'}), so it does not count",
                f"write `unit:: …` on the metric's page; its unit currently comes from {self._unit_from}"
                if self._unit_from
                else "write it in that unit, or log it under another metric",
                severity,
            )  # fmt: skip
            return
        why = _WHY.get(fault, "is not a number")
        hint = _HINTS.get(fault or "", "write one number with its unit, such as 41.2%, followed by any prose")
        self._report(sighting, "W401", f"“{shown}” {why}, so “{title}” has no observation here", hint, severity)

    def _sample(self, sighting: Sighting, number: Number, unread: str) -> float | None:
        """How many units were counted; **reports** W401 where something said about that is not used."""
        beside = read_count(sighting.n) if sighting.n else None
        if not unread and sighting.n and (beside is None or number.n not in {None, beside}):
            unread = sighting.n
        if unread:
            why = "is not a whole number" if number.n is None else f"differs from that in the value ({number.n:,.10g})"
            self._report(
                sighting, "W401", f"the sample size “{unread}” {why} and is ignored",
                "write (n=1200) or n:: 1200, once",
            )  # fmt: skip
        return number.n if number.n is not None else beside

    def _day(self, sighting: Sighting, read: Measurement) -> date | None:
        """The day by `as-of::`, behind the value, or of the journal; **reports** W402."""
        told = sighting.as_of or read.bad_day or self._other_week(sighting, read)
        if not told:
            day = read.day or sighting.day
            if day is None:
                beside = (
                    "fill in its date" if sighting.kind in {"table", "csv"} else "add as-of:: 2026-03-31 to its block"
                )
                self._report(
                    sighting, "W402",
                    f"“{self._shown(sighting)}” has no date, so “{self._title}” has no observation here",
                    f"{beside}, or move it to a journal",
                )  # fmt: skip
            return day
        if told not in self._days:
            self._days[told] = read_date(told, self._parse) or read_day(told)
        day = self._days[told]
        if day is None:
            self._report(
                sighting, "W402",
                f"“{told}” is not one day, so “{self._title}” has no observation here",
                "write it as 2026-03-31 or [[Mar 31st, 2026]]",
            )  # fmt: skip
        return day

    @staticmethod
    def _other_week(sighting: Sighting, read: Measurement) -> str:
        """`W12` before a value of another week's journal; the week before the journal's may be the one reported."""
        if read.week is None or sighting.day is None:
            return ""
        weeks = {(sighting.day - timedelta(days=past)).isocalendar().week for past in (0, 7)}
        return "" if read.week in weeks else f"W{read.week}"

    def _merge(self, observation: Observation) -> None:
        key = (observation.day, observation.segment.lower())
        before = self._taken.get(key)
        if before is not None:
            if math.isclose(before.value, observation.value, rel_tol=_SAME):
                if observation.n is None:
                    observation = replace(observation, n=before.n, count=before.count)
            else:
                of = f" ({observation.segment})" if observation.segment else ""
                self._report(
                    observation, "W404",
                    f"“{self._title}”{of} has another value on {observation.day.isoformat()}: “{before.text}” in "
                    f"{before.path}:{before.line}; this one, the later, counts",
                    "remove one of the two, or tell them apart with segment::",
                )  # fmt: skip
        self._taken[key] = observation

    def result(self) -> ReadObservations:
        if self._bare and read_unit(self._unit_text) == read_unit(PERCENT):
            self._check_shares()
        ordered = sorted(self._taken.values(), key=lambda item: (item.day, item.segment))
        return ReadObservations(
            observations=tuple(ordered),
            links=tuple(self._links),
            unit_text=self._unit_text,
            unit=self._unit,
            diagnostics=tuple(self._found),
        )

    def _check_shares(self) -> None:
        """W406 for bare numbers of a percent metric: each that may be a share of 1 and does not count, others once."""
        usual = self._usual_size()
        plain: dict[str, list[Observation]] = {}
        for item in self._bare:
            if may_be_share(item.value, usual):
                if self._taken.get((item.day, item.segment.lower())) is item:
                    del self._taken[item.day, item.segment.lower()]
                self._report(
                    item, "W406",
                    f"“{item.text}” may be a fraction or a percentage, so “{self._title}” has no observation here",
                    f"write {item.value * 10_000:g}% or {item.value * 100:g}%",
                )  # fmt: skip
            else:
                plain.setdefault(item.path, []).append(item)
        for first, *more in plain.values():
            others = f" (and {len(more):,} more in this file)" if more else ""
            self._report(
                first, "W406",
                f"“{first.text}” of “{self._title}” has no percent sign and is read as a percentage{others}",
                f"write {first.value * 100:g}%", Severity.INFO,
            )  # fmt: skip

    def _usual_size(self) -> float | None:
        """What the metric usually measures, from its levels or its other values; None where nothing tells."""
        for level in (self._facts.baseline, self._facts.target):
            if level is not None and level.number.value:
                return abs(level.number.value)
        small = {(item.day, item.segment) for item in self._bare if abs(item.value) <= 0.01}
        others = sorted(
            abs(item.value) for item in self._taken.values() if item.value and (item.day, item.segment) not in small
        )
        return others[len(others) // 2] if others else None


def sorted_sightings(sightings: Sequence[Sighting]) -> list[Sighting]:
    """In the order in which a later value wins: files and pages by path, then journals by day; by line in each."""
    return sorted(
        sightings,
        key=lambda item: (
            0 if item.kind == "csv" else 1 if item.day is None else 2,
            item.day.toordinal() if item.day else 0,
            item.path,
            item.line,
            item.column,
        ),
    )
