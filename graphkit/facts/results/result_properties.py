"""The properties of a test: control, split, stop, effects, plan; what is not understood is reported (W513)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from graphkit.facts.property_values import read_word
from graphkit.outline.body import read_body
from graphkit.outline.inline import plain_text
from graphkit.quantities.numbers import read_quantity, read_split
from graphkit.quantities.units import PERCENT, POINTS
from graphkit.quantities.written_dates import read_date
from graphkit.text.diagnostics import Diagnostic, Severity
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from graphkit.facts.page_facts import PageFacts
    from graphkit.outline.page_outline import Outline
    from graphkit.text.source import SourceText

RESULT_KEYS: Final = (
    "control", "split", "primary", "stop-date", "mde", "plan", "sample", "metric", "margin", "as-of", "date",
)  # fmt: skip
LOCAL_KEYS: Final = frozenset({"metric", "margin", "as-of", "date"})
"""Those that hold for the next table alone, and for tables below the block that has them."""
PLANS: Final = {
    **dict.fromkeys(("sequential", "sequenziell", "séquentiel", "secuencial", "sequencial", "序贯"), True),
    **dict.fromkeys(("fixed", "fixed horizon", "fest", "fixe", "fijo", "fixo", "固定"), False),
}
"""Values of `plan::`, and whether they mean a sequential one."""
_OTHER_SIGNS: Final = re.compile(r"[;,]")
_THOUSANDS: Final = re.compile(r"(?<=\d)[,.](?=\d{3}(?!\d))")

Said = dict[str, tuple[str, int]]
"""Values as written, with their lines, by key."""


class Effect(Record, frozen=True, kw_only=True):
    """A change as written, as of `mde::` and `margin::`."""

    value: float
    """A share for a relative change; in the metric's own unit, a share for percentage points, for an absolute one."""
    relative: bool


def written_properties(page: PageFacts, outline: Outline, source: SourceText) -> Said:
    """The properties of a test on an experiment's page: those below *Result*, the first of each, else the page's."""
    said: Said = {}
    for section in page.sections:
        if section.kind == "result":
            for index in range(section.first, min(section.stop, len(outline.blocks))):
                for prop in read_body(outline, index).properties:
                    if prop.key in RESULT_KEYS and prop.value.strip():
                        said.setdefault(prop.key, (prop.value, source.position(prop.start).line))
    for key in RESULT_KEYS:
        if page.properties.get(key):
            said.setdefault(key, (page.properties[key], page.property_lines.get(key, 1)))
    return said


class ResultProperties:
    """Readers of a test's properties; `findings` are in the order of reading."""

    def __init__(self, path: str, parse_journal: Callable[[str], date | None]) -> None:
        self._path = path
        self._parse = parse_journal
        self.findings: list[Diagnostic] = []

    def day(self, said: Said, key: str, *, known: str = "") -> date | None:
        """The day of a property. known: a value that has been reported elsewhere."""
        text, line = said.get(key, ("", 0))
        found = read_date(text, self._parse) if text else None
        if text and found is None and text != known:
            self.report(line, f"{key}:: {text} is not a date", "write it as [[Mar 31st, 2026]]")
        return found

    def split(self, said: Said, rows: Sequence[bool], control: int) -> tuple[float, ...] | None:
        """The planned shares of the rows that can be read, in the table's order; None where what is said does not fit.

        rows: for each row, True where it can be read. control: the place of the control, whose share is written first.
        """
        text, line = said.get("split", ("", 0))
        if not text:
            return ()
        shares = list(read_split(_OTHER_SIGNS.sub("/", _without_brackets(text).replace("%", ""))) or ())
        if len(shares) != len(rows):
            self.report(
                line,
                f"split:: {text} does not match a table of {len(rows)} row{'' if len(rows) == 1 else 's'}, "
                "so the arms' sizes are not compared with it",
                "write one share for each row of the table, the control's first, as in `50/50`",
            )
            return None
        shares.insert(control, shares.pop(0))
        return tuple(share for share, usable in zip(shares, rows, strict=True) if usable)

    def control(self, said: Said, names: Mapping[str, str]) -> str:
        """The control's name as a reader sees it; empty where nothing is said. names: as written, by lower case."""
        text, line = said.get("control", ("", 0))
        control = plain_text(text).strip()
        if control and names and control.lower() not in names:
            self.report(
                line,
                f"control:: {control} is not a variant in the table, so nothing is compared",
                f"write one of {', '.join(f'“{name}”' for name in names.values() if name)}",
            )
        return control

    def sequential(self, said: Said) -> bool:
        """True for `plan:: sequential`."""
        text, line = said.get("plan", ("", 0))
        known = PLANS.get(read_word(text))
        if text and known is None:
            self.report(line, f"plan:: {text} is not understood", "write `plan:: sequential`, or `plan:: fixed`")
        return bool(known)

    def sample(self, said: Said) -> tuple[int, ...]:
        """The planned units of control and treatments, in this order; empty where nothing is said."""
        text, line = said.get("sample", ("", 0))
        parts = [_THOUSANDS.sub("", part.strip()) for part in re.split("[/:]", text)] if text else []
        if not all(part.isdecimal() and int(part) > 0 for part in parts):
            self.report(line, f"sample:: {text} is not understood", "write the units per arm, as in `14751/14751`")
            return ()
        return tuple(int(part) for part in parts)

    def effect(self, said: Said, key: str, *, shares: bool) -> Effect | None:
        """The change that a property names. shares: the table's values are shares, which alone change by points."""
        text, line = said.get(key, ("", 0))
        if not text:
            return None
        plain = plain_text(text)
        number = read_quantity(plain)
        rest = plain[number.span.end :].strip(" .()").lower() if number else ""
        if number is not None and number.value > 0 and number.low is None and rest in {"", "relative", "absolute"}:
            if number.unit == POINTS and not shares:
                self.report(
                    line,
                    f"{key}:: {text} is in percentage points, but the table has means, so it is not compared",
                    "write a relative change, as in `10%`",
                )
                return None
            if number.unit == POINTS or (number.unit == PERCENT and rest == "absolute"):
                return Effect(value=number.value, relative=False)
            if number.unit == PERCENT or (not number.unit and number.value < 1 and rest != "absolute"):
                return Effect(value=number.value, relative=True)
            if rest == "absolute":
                return Effect(value=number.value, relative=False)
        self.report(
            line,
            f"{key}:: {text} is not understood",
            "write a relative change, as in `10%`, or percentage points, as in `1pp`",
        )
        return None

    def report(self, line: int, message: str, hint: str, code: str = "W513") -> None:
        """One more finding."""
        self.findings.append(
            Diagnostic(code=code, severity=Severity.WARNING, path=self._path, line=line, message=message, hint=hint)
        )


def _without_brackets(text: str) -> str:
    """`50/50 (control first)` without its remark."""
    return re.sub(r"\s*\([^()]*\)\s*\Z", "", text)
