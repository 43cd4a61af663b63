"""The two doors of the package: the references of a text, and the text as a reader sees it."""

from __future__ import annotations

import re

from graphkit.outline.inline.links import BLANK, UNUSUAL, page_references
from graphkit.outline.inline.scanner import scan
from graphkit.outline.inline.values import NOTHING, Inline, Reference

_SIMPLE = re.compile(
    r"\[\[([^\[\]\r\n\\]+)\]\]"
    r"|#([^ \t\x1a\x0c\r\n#,;.!?'\":\[\]\\`$*_~^=<{]+)(?=[ \t\x1a\x0c\r\n,!?'\":]|[.;]+(?:[ \t\x1a\x0c\r\n]|\Z)|\Z)"
    r"|\[|#|`|\$|\*|_|~~|\^|==|<|\\|\{\{|@@|://|\(\(|!\["
)
"""Plain references, or the first sign that the text needs the whole scanner; every alternative starts literally."""

_READER_SEES_OTHERWISE = re.compile(r"[\[#*_~^=`$<\\!]")


def read_inline(text: str) -> Inline:
    """References and macros of a paragraph, its line breaks and indentation included, exactly as Logseq sees them.

    `text` is what a block's title, a line of its body or a property value holds; constructs that swallow whole lines
    (fences, drawers, display math and HTML at line start, quotes; reference 3.4) are the caller's. Total, linear.
    """
    if not ("[[" in text or "#" in text or "((" in text or "](" in text or "{{" in text or "id:" in text):
        return NOTHING
    references: list[Reference] = []
    for match in _SIMPLE.finditer(text):
        kind = match.lastindex
        if kind == 1:
            title = match[1]
            if len(title) == 36 or title.startswith(UNUSUAL) or not title.strip(BLANK):
                references.extend(Reference(*found, *match.span()) for found in page_references("page", title))
            else:
                references.append(Reference("page", title, match.start(), match.end()))
        elif kind == 2 and match[2][0] != "(" and match[2].strip(BLANK):
            references.append(Reference("tag", match[2], match.start(), match.end()))
        else:
            found = scan(text, display=False)
            return Inline(tuple(found.references), tuple(found.macros))
    return Inline(tuple(references), ()) if references else NOTHING


def plain_text(text: str) -> str:
    """The text as a reader sees it: names without brackets and `#`, labels without addresses, no emphasis or code signs.

    Macros, block references, dates and footnotes stay as written.
    """
    if not _READER_SEES_OTHERWISE.search(text):
        return text
    return scan(text, display=True).shown()
