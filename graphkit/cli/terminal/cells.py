"""Text in a terminal: cell widths, cutting, wrapping, escaping of control characters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

_UNSHOWABLE = lazy_pattern(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_SPACES = frozenset("\t\n\v\f\r\x85\u2028\u2029")
_NARROW = lazy_pattern("[\x20-\x7e\xa1-\xac\xae-\xff…·–─█▓▒░▲◆△●■○◌✓×◐◇•→“”▁▂▃▄▅▆▇]*")
"""Characters of one cell that need no look-up: Latin-1, and those that the screens themselves draw."""


def _spell(match: re.Match[str]) -> str:
    char = match[0]
    if char in _SPACES:
        return " "
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def harmless(text: str) -> str:
    r"""The text as one line without anything that a terminal would interpret.

    Line ends and tabs become spaces; other control characters, bidirectional overrides and lone surrogates (from file
    names that are not UTF-8) are escaped as `\x1b`, `\u202e`, `\udc80`.
    """
    return text if text.isascii() and text.isprintable() else _UNSHOWABLE.sub(_spell, text)


_OBEYED = lazy_pattern(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]|\r(?!\n)")
"""What a terminal obeys, or what changes the order of what it shows; line ends and tabs stay."""


def harmless_lines(text: str) -> str:
    r"""Text of several lines that a terminal can only show: control characters as `\u001b`, as JSON spells them."""
    return _OBEYED.sub(lambda match: f"\\u{ord(match[0]):04x}", text) if _OBEYED.search(text) else text


def _clusters(text: str) -> Iterator[tuple[str, int]]:
    """The grapheme clusters with their widths: a letter with its accents, a joined emoji, a flag."""
    from rich.cells import split_graphemes  # noqa: PLC0415 - takes 15 ms, and plain output does not need it

    spans, _ = split_graphemes(text)
    return ((text[start:end], cells) for start, end, cells in spans)


def width(text: str) -> int:
    """The width of the text in cells: 2 for wide characters and emoji, 0 for accents and joiners.

    Source: rich's Unicode tables. Ambiguous characters count as narrow, as in most terminals.
    """
    if (text.isascii() and text.isprintable()) or _NARROW.fullmatch(text):
        return len(text)
    from rich.cells import cell_len  # noqa: PLC0415 - as above

    return cell_len(text)


def cut(text: str, cells: int, ellipsis: str = "…") -> str:
    """The text, cut to at most this many cells, with the ellipsis at the end if something was cut off."""
    if width(text) <= cells:
        return text
    room = cells - width(ellipsis)
    if room <= 0:
        return ellipsis[: max(cells, 0)]
    kept, used = [], 0
    for cluster, own in _clusters(text):
        if used + own > room:
            break
        kept.append(cluster)
        used += own
    return "".join(kept).rstrip(" ") + ellipsis


def wrap(text: str, cells: int) -> list[str]:
    """The text in lines of at most this many cells, broken at spaces, or inside a word that is too long for a line."""
    lines: list[str] = []
    line, used = "", 0
    for word in text.split():
        own = width(word)
        if line and used + 1 + own <= cells:
            line, used = f"{line} {word}", used + 1 + own
            continue
        if line:
            lines.append(line)
        line, used = word, own
        if own <= cells:
            continue
        line, used = "", 0
        for cluster, step in _clusters(word):
            if used + step > cells and line:
                lines.append(line)
                line, used = "", 0
            line, used = line + cluster, used + step
    if line:
        lines.append(line)
    return lines
