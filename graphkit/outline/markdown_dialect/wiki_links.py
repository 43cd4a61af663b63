"""References as Obsidian and Markdown write them.

Targets are given as written, without label, heading, block and extension; a path that counts from the page's own
folder begins with `./` or `../`, one that counts from the vault's with `/` (docs/dialects.md).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from graphkit.outline.inline import NOTHING, Inline, Reference, plain_text
from graphkit.text.patterns import lazy_pattern
from graphkit.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

_NOT_IN_TAG: Final = (
    r"\x00-,.:-@\[-\^`{-\xa0\u1680\u2000-\u206f\u2190-\u21ff\u2e00-\u2e7f\u3000-\u303f\ufeff\uff01-\uff0f\uff1a-\uff20"
)
_TOKEN: Final = lazy_pattern(
    r"\\."
    r"|(`++)"  # 1: code
    r"|\[\[([^\[\]\r\n]++)\]\]"  # 2: link
    r"|!\[\[([^\[\]\r\n]++)\]\]"  # 3: embed
    r"|\]\((?:<([^<>\r\n]++)>|([^\s()<>]++))"  # 4, 5: address of a link
    rf"|\#(?<![^\s(\[{{>,;\"'*_~|]\#)(?:([^{_NOT_IN_TAG}]++)|\[\[([^\[\]\r\n]++)\]\])"  # 6, 7: tag
    r"|\(\(([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\)\)"  # 8: block of a former Logseq graph
    r"|(?:https?|file|obsidian|mailto):(?:(?!\[\[)[^\s<>\])])++"
)
_CODE: Final = lazy_pattern(r"`+")
_LABELLED: Final = lazy_pattern(r"\[\[([^\[\]\r\n|]++)\|([^\[\]\r\n]*+)\]\]")
_PLACE: Final = lazy_pattern(r"[#^]")
_PAGE_SUFFIX: Final = lazy_pattern(r"\.(?:md|markdown)\Z", re.IGNORECASE)
_SCHEME: Final = lazy_pattern(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
_ATTACHMENT: Final = lazy_pattern(
    r"\.(?:png|jpe?g|gif|svg|webp|bmp|avif|pdf|mp[34]|m4a|wav|ogg|flac|webm|mov|mkv|canvas|base|excalidraw|csv|json"
    r"|zip|docx?|xlsx?|pptx?|html?)\Z",
    re.IGNORECASE,
)
_FILE: Final = lazy_pattern(r"\.[A-Za-z][A-Za-z0-9]{1,4}\Z")
_HAS_LETTER: Final = lazy_pattern(r"[^\d/_-]")
_ONLY_LINK: Final = lazy_pattern(r"\[[^\[\]\r\n]*+\]\((?:<([^<>\r\n]++)>|([^\s()<>]++))\)")


def read_plain_inline(text: str) -> Inline:
    """The references of a text in order; total and linear.

    `[[page|label]]`, `[[page#heading]]`, `[[page#^block]]`, `![[embed]]`, `[label](page.md)`, `#nested/tag`. A tag is
    made of letters, digits, `_`, `-` and `/`, and of more than digits. Links to a place on the same page, to
    attachments and to addresses elsewhere do not count.
    """
    if not ("]]" in text or "#" in text or "](" in text or "))" in text):
        return NOTHING
    found = tuple(_references(text))
    return Inline(found, ()) if found else NOTHING


def _references(text: str) -> Iterator[Reference]:
    runs: dict[int, list[int]] | None = None
    at = 0
    while match := _TOKEN.search(text, at):
        at = match.end()
        kind = match.lastindex
        if kind == 1:
            runs = _code_runs(text) if runs is None else runs
            same = runs.get(len(match[1]), [])
            place = bisect_left(same, at)
            if place < len(same):
                at = same[place] + len(match[1])
        elif kind in {2, 3, 7}:
            target = wiki_target(match[2] or match[3] or match[7])
            if target and not (kind == 3 and _FILE.search(target)):
                yield Reference("page" if kind == 2 else "embed" if kind == 3 else "tag", target, match.start(), at)
        elif kind in {4, 5}:
            target = file_target(match[4] or match[5])
            if target:
                yield Reference("page", target, match.start(), at)
        elif kind == 6:
            tag = match[6].strip("/")
            if _HAS_LETTER.search(tag):
                yield Reference("tag", tag, match.start(), at)
        elif kind == 8:
            yield Reference("block", match[8], match.start(), at)


def _code_runs(text: str) -> dict[int, list[int]]:
    """Where runs of backticks start, by their length."""
    runs: dict[int, list[int]] = {}
    for run in _CODE.finditer(text):
        runs.setdefault(len(run[0]), []).append(run.start())
    return runs


def wiki_target(inner: str) -> str | None:
    """The page that the text between `[[` and `]]` names; None for a place on the same page and for attachments."""
    target = inner.partition("|")[0].removesuffix("\\")  # in a table the bar is escaped
    place = _PLACE.search(target)
    if place:
        target = target[: place.start()]
    target = _PAGE_SUFFIX.sub("", target.strip())
    return None if not target or _ATTACHMENT.search(target) else target


def file_target(address: str) -> str | None:
    """The page that the address of a `[label](address)` means, marked as relative; None where it means none."""
    path = address.partition("#")[0]
    if _SCHEME.match(path) or not _PAGE_SUFFIX.search(path):
        return None
    path = _PAGE_SUFFIX.sub("", unquote(path))
    return path if path.startswith(("/", "./", "../")) else f"./{path}"


def only_page(text: str) -> str | None:
    """The page where a text is nothing but one link to it."""
    link = _ONLY_LINK.fullmatch(text)
    if link:
        return file_target(link[1] or link[2])
    references = read_plain_inline(text).references
    if len(references) == 1 and references[0].kind in {"page", "embed"}:
        reference = references[0]
        if (reference.start, reference.end) == (0, len(text)):
            return reference.target
    return None


def without_labels(text: str) -> str:
    """The text with `[[page]]` for `[[page|label]]`, whose bar is escaped in tables."""
    return _LABELLED.sub(_unlabelled, text) if "|" in text else text


def _unlabelled(link: re.Match[str]) -> str:
    return f"[[{link[1].removesuffix(chr(92))}]]"


def labels_only(text: str) -> str:
    """The text with `label` for `[[page|label]]`."""
    return _LABELLED.sub(r"\2", text) if "|" in text else text


def code_spans(text: str, start: int, end: int) -> list[Span]:
    """Where code stands between backticks in a part of a text."""
    if text.find("`", start, end) < 0:
        return []
    found: list[Span] = []
    runs = list(_CODE.finditer(text, start, end))
    last = {len(run[0]): number for number, run in enumerate(runs)}
    number = 0
    while number < len(runs):
        opening = runs[number]
        number += 1
        if last[len(opening[0])] < number:
            continue
        while len(runs[number][0]) != len(opening[0]):
            number += 1
        found.append(Span(opening.start(), runs[number].end()))
        number += 1
    return found


def shown_plain(text: str) -> str:
    """The text as a reader sees it: labels for links, no emphasis and code signs."""
    return plain_text(labels_only(text))
