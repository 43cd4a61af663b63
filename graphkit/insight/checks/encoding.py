"""The problems with the characters of a page: encodings mixed up, bytes lost, merges left open."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from graphkit.insight.checks.checked_page import excerpt
from graphkit.insight.checks.rule import Rule
from graphkit.text.edit import Splice
from graphkit.text.patterns import lazy_pattern
from graphkit.text.source import BOM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphkit.insight.checks.checked_page import PageReading
    from graphkit.text.diagnostics import Diagnostic

_CP1252: Final = {
    decoded or chr(byte): byte
    for byte in range(0x80, 0x100)
    for decoded in (bytes((byte,)).decode("cp1252", "ignore"),)
}
"""The byte that a character stands for when UTF-8 was taken for Windows' encoding; C1 controls where that has none."""

_NEXT: Final = "[" + "".join(re.escape(char) for char, byte in _CP1252.items() if 0x80 <= byte < 0xC0) + "\x80-\x9f]"
_PAIR: Final = rf"[Â-ß]{_NEXT}"
_TRIPLE: Final = rf"[à-ï]{_NEXT}{{2}}"
_QUAD: Final = rf"[ð-ô]{_NEXT}{{3}}"
_RUN: Final = lazy_pattern(rf"(?:{_QUAD}|{_TRIPLE}|{_PAIR})++")
_LEAD: Final = lazy_pattern(rf"[Â-ô]{_NEXT}")
"""How every run begins; one set is looked for many times faster than three alternatives."""
_LIKELY: Final = lazy_pattern("[\xa2-\xbf‚ƒ„†‡ˆ‰Š‹ŒŽ‘•˜™š›œžŸ]")
_CLOSING: Final = frozenset("»”’›“‘…–—\xa0")
_LINE_END: Final = lazy_pattern(r"[\r\n]|\Z")
_BLANK: Final = lazy_pattern(r"[^\S\r\n]|[\r\n|]")


def broken_encoding(page: PageReading) -> Iterator[Diagnostic]:
    """E130: UTF-8 that was read as Windows-1252 and saved so, once a line, with what it probably was.

    spec: domain §7.
    """
    text = page.text
    lead = None if text.isascii() else _LEAD.search(text)
    at = lead.start() if lead else len(text)
    while match := _RUN.search(text, at):
        at = match.end()
        if not _is_broken(text, match):
            continue
        line_end = _line_end(text, at)
        written = _word_around(text, match.start(), match.end(), line_end)
        meant = repaired(written)
        more = sum(1 for other in _RUN.finditer(text, at, line_end) if _is_broken(text, other))
        others = f" (and {more} more on this line)" if more else ""
        yield page.finding(
            "E130",
            match.start(),
            f"the encoding is broken: “{excerpt(written)}” was probably “{excerpt(meant)}”{others}",
            "save the page as UTF-8 with the right characters",
        )
        at = line_end


def repairs(text: str) -> Iterator[Splice]:
    """Every broken run of a page with what it probably was; what cannot be fixed is left out."""
    if text.isascii():
        return
    for match in _RUN.finditer(text):
        if _is_broken(text, match):
            meant = repaired(match[0])
            if meant != match[0]:
                yield Splice(match.start(), match.end(), meant)


def repaired(text: str) -> str:
    """A text with every broken run fixed, encoded twice or once; what cannot be fixed stays as it is."""
    for _ in range(3):
        better = _RUN.sub(lambda match: _decoded(match[0]) or match[0], text)
        if better == text:
            break
        text = better
    return text


def _decoded(run: str) -> str | None:
    try:
        return bytes(_CP1252.get(char, ord(char)) for char in run).decode("utf-8")
    except (UnicodeDecodeError, ValueError):
        return None


def _is_broken(text: str, match: re.Match[str]) -> bool:
    """True if a run is no ordinary text: `Spaß“` and `café »` with its hard space look alike but are."""
    run = match[0]
    meant = _decoded(run)
    if meant is None:
        return False
    if len(meant) > 1:
        return not all(char in _CLOSING for char in run[1:])
    lead = run[0]
    if len(run) == 4:
        return True
    if len(run) == 3:
        return lead == "â" and "\u2000" <= meant <= "\u2bff"
    before = text[match.start() - 1 : match.start()]
    if run[1] in _CLOSING and before.isalpha() and before.isupper():
        return False
    if lead in "ÂÃ":
        return lead == "Ã" or meant >= "\xa0"
    return lead in "ÄÅ" and bool(_LIKELY.match(run[1])) and run[1] not in _CLOSING


def _word_around(text: str, start: int, end: int, line_end: int) -> str:
    """The word that a run stands in, at most 30 characters to each side."""
    low = max(start - 30, 0)
    words = [match.end() for match in _BLANK.finditer(text, low, start)]
    after = _BLANK.search(text, end, min(line_end, end + 30))
    return text[words[-1] if words else low : after.start() if after else min(line_end, end + 30)]


def _line_end(text: str, at: int) -> int:
    match = _LINE_END.search(text, at)
    return match.start() if match else len(text)


_LOST: Final = "\ufffd"


def lost_characters(page: PageReading) -> Iterator[Diagnostic]:
    """E136: replacement characters, left by a program that could not read what stood there; once a page."""
    text = page.text
    first = text.find(_LOST)
    if first >= 0:
        count = text.count(_LOST)
        number = "a character was" if count == 1 else f"{count:,} characters were"
        yield page.finding(
            "E136",
            first,
            f"{number} lost when this text was converted: “{excerpt(text[max(first - 15, 0) : first + 15])}”",
            "retype the lost text",
        )


_RAW_BYTE: Final = lazy_pattern("[\udc80-\udcff]")


def undecodable_bytes(page: PageReading) -> Iterator[Diagnostic]:
    """E132: bytes that are not UTF-8; once a page, at the first of them."""
    first = None if page.text.isascii() or page.source.is_utf8 else _RAW_BYTE.search(page.text)
    if first:
        count = sum(1 for _ in _RAW_BYTE.finditer(page.text))
        byte = ord(first[0]) - 0xDC00
        more = f" ({count:,} such bytes on this page)" if count > 1 else ""
        guess = bytes((byte,)).decode("cp1252", "ignore")
        meant = f"; in Windows-1252 it is “{guess}”" if guess else ""
        yield page.finding(
            "E132",
            first.start(),
            f"byte 0x{byte:02X} is not UTF-8{meant}{more}",
            "save the file as UTF-8",
        )


def byte_order_mark(page: PageReading) -> Iterator[Diagnostic]:
    """E131: a byte-order mark, after which the first line is neither bullet nor heading.

    spec: logseq-format §1.2, §11.1.
    """
    if page.text.startswith(BOM):
        yield page.finding(
            "E131",
            0,
            "the file begins with a byte-order mark, so Logseq does not read its first line as a bullet or heading",
            "save the file as UTF-8 without a byte-order mark",
        )


_CONTROL_BYTES: Final = bytes((*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F))
_CONTROL: Final = lazy_pattern(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def control_characters(page: PageReading) -> Iterator[Diagnostic]:
    """E133: NUL and other characters that nobody types; once a page, at the first of them."""
    text = page.text
    data = text.encode("utf-8", "surrogatepass")
    if len(data.translate(None, _CONTROL_BYTES)) == len(data):  # much faster than a search for any of them
        return
    first = _CONTROL.search(text)
    if first:
        count = sum(1 for _ in _CONTROL.finditer(text))
        more = f" ({count:,} control characters on this page)" if count > 1 else ""
        yield page.finding(
            "E133",
            first.start(),
            f"this line contains the invisible character U+{ord(first[0]):04X}{more}",
            "delete it; most editors can show invisible characters",
        )


_OURS: Final = lazy_pattern(r"\n<<<<<<< \S")
_THEIRS: Final = lazy_pattern(r"\n>>>>>>> \S")


def conflict_markers(page: PageReading) -> Iterator[Diagnostic]:
    """E134: a merge of git that nobody finished: both versions stand in the page."""
    if "<<<<<<< " not in page.text:
        return
    at = 0
    while ours := _OURS.search(page.lined, at):
        theirs = _THEIRS.search(page.lined, ours.end())
        if theirs is None:
            return
        at = theirs.end()
        last = page.source.position(theirs.start()).line
        yield page.finding(
            "E134",
            ours.start(),
            f"a merge was left unfinished: both versions are here, down to line {last}",
            "keep one version, and delete the `<`, `=` and `>` lines",
        )


RULES: Final = (
    Rule(("E130",), broken_encoding, outline=False),
    Rule(("E131",), byte_order_mark),
    Rule(("E132",), undecodable_bytes, outline=False),
    Rule(("E133",), control_characters, outline=False),
    Rule(("E134",), conflict_markers, outline=False),
    Rule(("E136",), lost_characters, outline=False),
)
"""The rules of this module."""
