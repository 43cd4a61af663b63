"""Obsidian's own settings: the format of its daily notes and the folder of its templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record
from graphkit.vault.journal import JournalFormatError, compile_format

if TYPE_CHECKING:
    from collections.abc import Mapping

DAILY_NOTES_PATH = ".obsidian/daily-notes.json"
TEMPLATES_PATH = ".obsidian/templates.json"

_LONGEST = 100_000
"""Bytes of a settings file that are read."""

_PIECE = lazy_pattern(r"\[(?P<literal>[^\]]*)\]|(?P<token>Do|([A-Za-z])\3*)|(?P<text>[^A-Za-z\[]+|\[)")
_TOKENS: Mapping[str, str] = {
    "YYYY": "yyyy", "YY": "yy", "MMMM": "MMMM", "MMM": "MMM", "MM": "MM", "M": "M", "DD": "dd", "D": "d", "Do": "do",
    "dddd": "EEEE", "ddd": "EEE",
}  # fmt: skip
"""Letters of Obsidian's date formats (moment.js) that name a day, and those of Logseq's that mean the same."""


class ObsidianSettings(Record, frozen=True, kw_only=True):
    """The settings of Obsidian that decide how its pages are read."""

    daily_format: str | None = None
    """How daily notes are named, in the letters of `journal.compile_format`; None: as by default, or unusable."""
    templates: str | None = None
    """The folder of templates, relative to the vault."""


def read_obsidian(daily_notes: bytes | None, templates: bytes | None) -> ObsidianSettings:
    """The settings in the two files; None for a file that is absent. Whatever cannot be used counts as absent."""
    written = _text(daily_notes, "format")
    folder = (_text(templates, "folder") or "").strip("/ ")
    return ObsidianSettings(
        daily_format=journal_format(written) if written else None,
        templates=f"{folder}/" if folder and folder != "." else None,
    )


def journal_format(moment: str) -> str | None:
    """The format of a note's name, without folders; None if it does not name a day or has letters of another use."""
    parts: list[str] = []
    for piece in _PIECE.finditer(moment):
        if piece["token"] is None:
            literal = piece["text"] if piece["literal"] is None else piece["literal"]
            parts.append(literal if not any(map(str.isalpha, literal)) else "'" + literal.replace("'", "") + "'")
        elif (letters := _TOKENS.get(piece["token"])) is None:
            return None
        else:
            parts.append(letters)
    text = "".join(parts).rpartition("/")[2]
    try:
        form = compile_format(text)
    except JournalFormatError:
        return None
    return text if form.pattern is not None and {"year", "day"} <= set(form.fields) and len(form.fields) == 3 else None


def _text(data: bytes | None, key: str) -> str | None:
    if data is None or len(data) > _LONGEST:
        return None
    import json  # noqa: PLC0415 - few vaults have such a file

    try:
        found = json.loads(data.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return None
    value = found.get(key) if isinstance(found, dict) else None
    return value if isinstance(value, str) else None
