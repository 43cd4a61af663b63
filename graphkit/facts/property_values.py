"""Everything people write behind `key::`, read as names, dates or words."""

from __future__ import annotations

from functools import lru_cache

from graphkit.outline.inline import read_inline
from graphkit.text.patterns import lazy_pattern

_SPLIT = lazy_pattern("[,，;]")
_QUOTED = lazy_pattern(r'"([^"]*)"')


@lru_cache(maxsize=4096)
def read_names(value: str) -> tuple[str, ...]:
    """The names a value lists: its page links and tags where it has any, else its parts between commas.

    `[[Ana]], #Ben` gives Ana and Ben, `Ana, Ben` too; `"x, y"` in quotes is one name. Duplicates are dropped.
    """
    quoted = _QUOTED.fullmatch(value.strip())
    if quoted:
        return (quoted[1],) if quoted[1].strip() else ()
    linked = [reference.target for reference in read_inline(value).references if reference.kind in {"page", "tag"}]
    names = linked or [part.strip() for part in _SPLIT.split(value)]
    return tuple(dict.fromkeys(name for name in names if name))


def dropped_names(value: str) -> tuple[str, ...]:
    """Parts between commas that `read_names`, like Logseq, leaves out as others are links.

    spec: logseq-format §4.3.
    """
    if _QUOTED.fullmatch(value.strip()):
        return ()
    rest, at = "", 0
    for reference in read_inline(value).references:
        if reference.kind in {"page", "tag"}:
            rest += value[at : reference.start] + "\0"
            at = max(at, reference.end)
    parts = (part.strip() for part in _SPLIT.split(rest + value[at:])) if at else ()
    return tuple(part for part in parts if "\0" not in part and any(map(str.isalnum, part)))


def read_word(value: str) -> str:
    """A value that is meant as one word or phrase: link, tag and quote signs removed, lower case."""
    names = read_names(value)
    return (names[0] if len(names) == 1 else value).strip().lower()
