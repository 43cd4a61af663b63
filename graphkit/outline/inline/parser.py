"""The two doors of the package: the references of a text, and the text as a reader sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.outline.inline.inline_scanner import scan
from graphkit.outline.inline.tokens import NOTHING, Inline, Reference
from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    from graphkit.outline.inline.tokens import ReferenceKind

_KINDS: Final[tuple[ReferenceKind, ...]] = ("page", "page", "tag")
"""Kinds by the group of `_SIMPLE` that matched."""
_ID_LENGTH: Final = 36
_ODD: Final = r"\x00-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_SIMPLE = lazy_pattern(
    rf"\[\[(?!assets|draws)([^\[\]\\(./{_ODD}][^\[\]\r\n\\]*)\]\]"
    rf"|#(?!\()([^{_ODD}#,;.!?'\":\[\]\\`$*_~^=<{{]+)(?=[ \t\r\n,!?'\":]|[.;]+(?:[ \t\r\n]|\Z)|\Z)"
    r"|\[|#|`|\$|\*|_|~~|\^|==|<|\\|\{\{|@@|://|\(\(|!\["
)
"""Plain references, or the first sign that the text needs the whole scanner; every alternative starts literally."""

_READER_SEES_OTHERWISE = lazy_pattern(r"[\[#*_~^=`$<\\!]")


def read_inline(text: str) -> Inline:
    """References and macros of a paragraph, its line breaks and indentation included, exactly as Logseq sees them.

    `text` is what a block's title, a line of its body or a property value holds; constructs that swallow whole lines
    (fences, drawers, display math and HTML at line start, quotes; spec: logseq-format §3.4) are the caller's. Total,
    linear.
    """
    if not ("[[" in text or "#" in text or "((" in text or "](" in text or "{{" in text or "id:" in text):
        return NOTHING
    references: list[Reference] = []
    for match in _SIMPLE.finditer(text):
        kind = match.lastindex
        if kind is None or len(match[kind]) == _ID_LENGTH:
            found = scan(text, display=False)
            return Inline(tuple(found.references), tuple(found.macros))
        references.append(Reference(_KINDS[kind], match[kind], match.start(), match.end()))
    return Inline(tuple(references), ()) if references else NOTHING


def plain_text(text: str) -> str:
    """The text as a reader sees it: names without brackets and `#`, labels without addresses, no signs.

    Macros, block references, dates and footnotes stay as written.
    """
    if not _READER_SEES_OTHERWISE.search(text):
        return text
    return scan(text, display=True).shown()
