"""Two states of a page as a unified diff."""

from __future__ import annotations

import json
import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from graphkit.text.edit import Plan, apply_splices
from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LINE = lazy_pattern("[^\n]*\n|[^\n]+")
_MATCHED_LINES = 20_000
"""Longer middles are shown as one replacement: difflib's time grows with the square of what repeats.

Measured: 0.07 s for 5,000 lines of 120 kinds, 1 s for 20,000.
"""


def unified_diff(page: str, before: str | None, after: str | None, *, context: int = 3) -> str:
    """The diff that `patch` and `git apply` take; "" where nothing changes, None for a file that is not there.

    context: unchanged lines shown around a change. Lines end at LF only, so CR and every other control character
    stays part of its line; a byte that was not UTF-8 stays the lone surrogate of `SourceText` (see `printable`).
    Headers hold no times: the same change gives the same diff.
    """
    if before == after:
        return ""
    old, new = _LINE.findall(before or ""), _LINE.findall(after or "")
    pieces = [
        f"--- {'/dev/null' if before is None else _name('a', page)}\n",
        f"+++ {'/dev/null' if after is None else _name('b', page)}\n",
    ]
    for group in _groups(old, new, context):
        pieces.append(f"@@ -{_range(group[0][1], group[-1][2])} +{_range(group[0][3], group[-1][4])} @@\n")
        for tag, old_start, old_end, new_start, new_end in group:
            if tag == "equal":
                pieces += _marked(" ", old[old_start:old_end])
            else:
                pieces += _marked("-", old[old_start:old_end])
                pieces += _marked("+", new[new_start:new_end])
    return "".join(pieces)


def plan_diff(plan: Plan, text: str, *, context: int = 3) -> str:
    """The plan's changes to the page whose decoded text this is ("" for a page that is not there yet)."""
    before = None if plan.digest is None else text
    return unified_diff(plan.page, before, apply_splices(text, plan.splices), context=context)


def printable(text: str) -> str:
    r"""The text for a stream that takes only UTF-8: a byte that was not UTF-8 is shown as `\xNN`."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


_Opcode = tuple[str, int, int, int, int]


def _groups(old: Sequence[str], new: Sequence[str], context: int) -> Iterator[list[_Opcode]]:
    """Hunks as difflib's opcodes; what both sides begin and end with is never given to the matcher."""
    shortest = min(len(old), len(new))
    head = next((index for index in range(shortest) if old[index] != new[index]), shortest)
    limit = shortest - head
    tail = next((count for count in range(limit) if old[-1 - count] != new[-1 - count]), limit)
    lead, trail = min(head, context), min(tail, context)
    first, old_end, new_end = head - lead, len(old) - tail + trail, len(new) - tail + trail
    if max(old_end, new_end) - first > _MATCHED_LINES:
        yield [
            ("equal", first, head, first, head),
            ("replace", head, old_end - trail, head, new_end - trail),
            ("equal", old_end - trail, old_end, new_end - trail, new_end),
        ]
        return
    matcher = SequenceMatcher(None, old[first:old_end], new[first:new_end])
    for group in matcher.get_grouped_opcodes(context):
        yield [(tag, a1 + first, a2 + first, b1 + first, b2 + first) for tag, a1, a2, b1, b2 in group]


def _range(start: int, end: int) -> str:
    """Lines as a hunk header counts them: 1-based, the length left out where it is 1, the line before where it is 0."""
    length = end - start
    if length == 1:
        return str(start + 1)
    return f"{start + 1 if length else start},{length}"


def _marked(sign: str, lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        yield sign + line if line.endswith("\n") else f"{sign}{line}\n\\ No newline at end of file\n"


def _name(side: str, page: str) -> str:
    """The path as git writes it: quoted where it holds a quote, a backslash or a control character."""
    name = f"{side}/{page}"
    return json.dumps(name, ensure_ascii=False) if re.search('[\x00-\x1f\x7f"\\\\]', name) else name
