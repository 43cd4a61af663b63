"""Journal titles: the dates that titles stand for, and the titles of dates."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

DEFAULT_TITLE_FORMAT = "MMM do, yyyy"
DEFAULT_FILE_FORMAT = "yyyy_MM_dd"
ALWAYS_READ = (DEFAULT_TITLE_FORMAT, "yyyy-MM-dd", DEFAULT_FILE_FORMAT)
"""Formats in which a title is a date whatever the configuration says (spec: logseq-format §2.5)."""

CENTURY_PIVOT = 46
"""Years below this are of the 2000s; from it on they are taken literally, which makes them early years (`_early`).

Source: Logseq's date library computes it from the clock, (this year + 20) mod 100; here it is the figure of 2026, so
that a vault reads the same every year.
"""

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTH_NUMBER = {name: number for number, full in enumerate(_MONTHS, 1) for name in (full, full[:3])}
_ORDINAL = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}

Field = Literal["year", "month", "day", "month name", "ignored"]


def _names(full: tuple[str, ...]) -> str:
    # The library tries full names before short ones and never takes a choice back: hence the atomic group.
    return "(?>" + "|".join((*full, *(name[:3] for name in full))) + ")"


def _digits(most: int) -> str:
    return f"[0-9]{{1,{most}}}+"


class _Token(Record, frozen=True):
    """One run of a format letter: what it is, how it is read and how it is written."""

    field: Field
    pattern: str
    write: Callable[[date], str]


_TOKENS: Mapping[str, _Token] = {
    "yyyy": _Token("year", _digits(4), lambda day: f"{day.year:04d}"),
    "YYYY": _Token("year", _digits(4), lambda day: f"{day.year:04d}"),
    "Y": _Token("year", _digits(4), lambda day: str(day.year)),
    "y": _Token("year", _digits(4), lambda day: str(day.year)),
    "yy": _Token("year", _digits(2), lambda day: f"{day.year % 100:02d}"),
    "YY": _Token("year", _digits(2), lambda day: f"{day.year % 100:02d}"),
    "MM": _Token("month", _digits(2), lambda day: f"{day.month:02d}"),
    "M": _Token("month", _digits(2), lambda day: str(day.month)),
    "MMM": _Token("month name", _names(_MONTHS), lambda day: _MONTHS[day.month - 1][:3]),
    "MMMM": _Token("month name", _names(_MONTHS), lambda day: _MONTHS[day.month - 1]),
    "dd": _Token("day", _digits(2), lambda day: f"{day.day:02d}"),
    "d": _Token("day", _digits(2), lambda day: str(day.day)),
    "DD": _Token("day", _digits(3), lambda day: f"{day.day:02d}"),
    "D": _Token("day", _digits(3), lambda day: str(day.day)),
    "o": _Token("ignored", "(?:st|nd|rd|th)", lambda day: _ORDINAL.get(day.day, "th")),
    "E": _Token("ignored", _names(_DAYS), lambda day: _DAYS[day.weekday()][:3]),
    "EEE": _Token("ignored", _names(_DAYS), lambda day: _DAYS[day.weekday()][:3]),
    "EEEE": _Token("ignored", _names(_DAYS), lambda day: _DAYS[day.weekday()]),
    "e": _Token("ignored", _digits(2), lambda day: str(day.isoweekday())),
    "ww": _Token("ignored", _digits(2), lambda day: f"{day.isocalendar().week:02d}"),
    "w": _Token("ignored", _digits(2), lambda day: str(day.isocalendar().week)),
    "HH": _Token("ignored", _digits(2), lambda _: "00"),
    "H": _Token("ignored", _digits(2), lambda _: "0"),
    "hh": _Token("ignored", _digits(2), lambda _: "12"),
    "h": _Token("ignored", _digits(2), lambda _: "12"),
    "mm": _Token("ignored", _digits(2), lambda _: "00"),
    "m": _Token("ignored", _digits(2), lambda _: "0"),
    "ss": _Token("ignored", _digits(2), lambda _: "00"),
    "s": _Token("ignored", _digits(2), lambda _: "0"),
    "SSS": _Token("ignored", _digits(3), lambda _: "000"),
    "S": _Token("ignored", _digits(2), lambda _: "0"),
    "A": _Token("ignored", "(?>[AP]M|[ap]m|[APap])", lambda _: "AM"),
    "a": _Token("ignored", "(?>[AP]M|[ap]m|[APap])", lambda _: "am"),
}
"""Format letters. spec: logseq-format §2.5; a number is as many digits as fit, fewer are accepted (verified there)."""

_PIECE = lazy_pattern(r"'(?P<quoted>'|[^']*)'?|(?P<letters>([A-Za-z])\3*)|(?P<text>[^A-Za-z']+)")
_UNREADABLE_TEXT = lazy_pattern(r"[|+*?()\[$^\\]")
_HAS_DIGIT = lazy_pattern("[0-9]")


class JournalFormatError(ValueError):
    """A journal format holds a letter that Logseq does not know; `letters` names it."""

    def __init__(self, format_text: str, letters: str) -> None:
        super().__init__(f"journal format {format_text!r} holds {letters!r}, which Logseq does not know")
        self.letters: Final = letters


class DateFormat(Record, frozen=True):
    """One compiled format, e.g. `MMM do, yyyy`."""

    text: str
    pieces: tuple[str | _Token, ...]
    pattern: re.Pattern[str] | None
    """Matches a whole title; None if Logseq can write the format but never reads it back."""
    fields: tuple[Field, ...]
    """What the pattern's groups hold, in order."""

    def write(self, day: date) -> str:
        """The date in this format, with English names."""
        return "".join(piece if isinstance(piece, str) else piece.write(day) for piece in self.pieces)

    def read(self, capitalised: str) -> date | None:
        """The date of a title whose words are capitalised already; None if the title is not a date."""
        found = self.pattern.fullmatch(capitalised) if self.pattern else None
        if found is None:
            return None
        year, month, day = 0, 1, 1
        for name, text in zip(self.fields, found.groups(), strict=True):
            if name == "year":
                year = int(text)
            elif name == "month":
                month = int(text)
            elif name == "month name":
                month = _MONTH_NUMBER[text]
            else:
                day = int(text)
        year += 2000 if year < CENTURY_PIVOT else 0
        try:
            return date(year, month, day)
        except ValueError:
            return None


def _early(day: date) -> date | None:
    """What Logseq makes of a day before the year 1000; None if it fails on the whole file.

    It keeps the day as a number without leading zeros and reads that number again as `yyyyMMdd`: 202-10-15 becomes
    2021015, and that 2021-01-5. Source: what it makes of `[[202-10-15]]` and `[[202-02-19]]` in a real vault.
    """
    digits = str(_number(day))
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])) if len(digits) > 6 else None
    except ValueError:
        return None


def _number(day: date) -> int:
    return day.year * 10000 + day.month * 100 + day.day


@lru_cache(maxsize=32)
def compile_format(text: str) -> DateFormat:
    """The compiled format. Raises `JournalFormatError` for letters that Logseq does not know (`EE`, `ddd`, `Q` …)."""
    pieces: list[str | _Token] = []
    patterns: list[str] = []
    fields: list[Field] = []
    readable = True
    for found in _PIECE.finditer(text):
        letters = found["letters"]
        if letters is None:
            literal = found["text"] if found["quoted"] is None else found["quoted"]
            if literal:
                pieces.append(literal)
                # Logseq uses literal text as a regular expression: a dot is any character, other signs never match.
                patterns.append(re.escape(literal).replace(r"\.", "."))
                readable = readable and not _UNREADABLE_TEXT.search(literal)
            continue
        token = _TOKENS.get(letters)
        if token is None:
            raise JournalFormatError(text, letters)
        pieces.append(token)
        patterns.append(token.pattern if token.field == "ignored" else f"({token.pattern})")
        if token.field != "ignored":
            fields.append(token.field)
    pattern = re.compile("".join(patterns)) if readable and fields else None
    return DateFormat(text, tuple(pieces), pattern, tuple(fields))


class JournalFormats:
    """Reads and writes the titles of journals of one graph.

    A title is a date in the configured title format or in one of `ALWAYS_READ`, whichever fits first; each of its
    words is capitalised before, blanks at its end are dropped (spec: logseq-format §2.5).
    """

    __slots__ = ("_digits", "_formats", "_opening", "_read", "_title")

    def __init__(self, title_format: str = DEFAULT_TITLE_FORMAT) -> None:
        texts = dict.fromkeys((title_format, *ALWAYS_READ)) if title_format.strip() else dict.fromkeys(ALWAYS_READ)
        formats: list[DateFormat] = []
        for text in texts:
            try:
                formats.append(compile_format(text))
            except JournalFormatError:
                continue
        self._formats = tuple(formats)
        self._title = formats[0] if formats[0].text == title_format else compile_format(DEFAULT_TITLE_FORMAT)
        self._digits = all(form.fields != ("month name",) for form in formats)
        openings = [form.pieces[0] for form in formats if form.pattern is not None]
        patterns = "|".join(piece.pattern for piece in openings if not isinstance(piece, str))
        self._opening = (
            None if any(isinstance(piece, str) for piece in openings) else re.compile(patterns, re.IGNORECASE)
        )
        """What every date begins with: a number or a name; most titles do not. None if a format begins with text."""
        self._read = lru_cache(maxsize=8192)(self._parse)

    def parse(self, title: str) -> date | None:
        """The day of a journal title, None for any other title."""
        if len(title) > 100 or (self._digits and not _HAS_DIGIT.search(title)):
            return None
        if self._opening is not None and not self._opening.match(title):
            return None
        return self._read(title)

    def title(self, day: date) -> str:
        """The title of the journal of that day, in the configured format."""
        return self._title.write(day)

    def normalise(self, title: str) -> str:
        """The title as Logseq keeps it: a date in the configured format, any other title unchanged."""
        day = self.parse(title)
        return title if day is None else self._title.write(day)

    def stored_day(self, title: str) -> int | None:
        """The number that Logseq keeps for the day of a title, `yyyyMMdd` but for years before 1000 (see `_early`)."""
        found = self._found(title)
        return None if found is None else _number(found[0])

    def _parse(self, title: str) -> date | None:
        found = self._found(title)
        return None if found is None else found[1]

    def _found(self, title: str) -> tuple[date, date] | None:
        """The day that a title says, and the one that Logseq makes of it."""
        capitalised = " ".join(map(_capitalise, title.rstrip(" ").split(" ")))
        for form in self._formats:
            day = form.read(capitalised)
            meant = day if day is None or day.year >= 1000 else _early(day)
            if day is not None and meant is not None:
                return day, meant
        return None


def _capitalise(word: str) -> str:
    return word[:1].upper() + word[1:].lower()


@lru_cache(maxsize=16)
def journal_formats(title_format: str) -> JournalFormats:
    """The reader and writer for one title format; an unusable format counts as the default (see `format_problem`)."""
    return JournalFormats(title_format)


def file_stem(day: date, file_format: str) -> str:
    """The stem of that day's journal file in `:journal/file-name-format`; in the default one where that is unusable."""
    try:
        return compile_format(file_format).write(day)
    except JournalFormatError:
        return compile_format(DEFAULT_FILE_FORMAT).write(day)


_PROBES = (date(2023, 11, 25), date(2024, 2, 3))


class FormatProblem(NamedTuple):
    """A problem of a journal format; `message` completes a sentence that begins with its key."""

    code: str
    message: str
    hint: str


def format_problem(text: str, title_format: str | None = None) -> FormatProblem | None:
    """The problem of a journal format in a graph with this title format (None: the default one).

    E103: it holds letters that Logseq does not know. E104: what it writes is not read as that date again, neither by
    itself nor by `ALWAYS_READ`, so that journals would be ordinary pages after the next indexing
    (spec: logseq-format §2.5).
    """
    try:
        written = compile_format(text)
    except JournalFormatError as error:
        return FormatProblem(
            "E103",
            f"{text!r} holds {error.letters!r}, which Logseq cannot write; the default is used",
            f"use the letters of {DEFAULT_TITLE_FORMAT!r} or {DEFAULT_FILE_FORMAT!r}, and quote words like 'this'",
        )
    formats = journal_formats(title_format or DEFAULT_TITLE_FORMAT)
    if all(formats.parse(written.write(day)) == day for day in _PROBES):
        return None
    return FormatProblem(
        "E104",
        f"{text!r} gives {written.write(_PROBES[0])!r}, which Logseq does not read as that date again",
        "yyyy_MM_dd and yyyy-MM-dd are safe",
    )
