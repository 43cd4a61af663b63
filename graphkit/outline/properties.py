"""Property lines and their keys as Logseq normalises them, and the built-in ones (spec: logseq-format §4.2, §4.5)."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record

COMMA_KEYS: Final = frozenset({"tags", "alias", "aliases"})
"""Keys whose values are split at commas (spec: logseq-format §4.3)."""

EDITABLE_RAW: Final = frozenset(
    {
        "title",
        "icon",
        "template",
        "filters",
        "macro",
        "filetags",
        "logseq.color",
        *(
            f"logseq.table.{name}"
            for name in ("version", "compact", "headers", "hover", "borders", "stripes", "max-width")
        ),
    }
)
"""Built-in keys shown to people whose values stay strings (spec: logseq-format §4.5)."""

EDITABLE_TYPED: Final = frozenset(
    {"public", "template-including-parent", "exclude-from-graph-view", "logseq.query/nlp-date"}
)
"""Built-in switches (spec: logseq-format §4.5)."""

HIDDEN_RAW: Final = frozenset(
    {
        "id",
        "custom-id",
        "background-color",
        "query-properties",
        "query-sort-by",
        "ls-type",
        "hl-type",
        "hl-color",
        "logseq.macro-name",
        "logseq.macro-arguments",
        "logseq.order-list-type",
        "logseq.tldraw.page",
        "logseq.tldraw.shape",
    }
)
"""Built-in keys that Logseq does not show, values stay strings (spec: logseq-format §4.5)."""

HIDDEN_BOOLEAN: Final = frozenset({"collapsed", "heading", "query-table", "query-sort-desc"})
"""Hidden switches; `heading` may be a number (spec: logseq-format §4.5)."""

HIDDEN_INTEGER: Final = frozenset(
    {"created-at", "updated-at", "last-modified-at", "hl-page", "hl-stamp", "todo", "doing", "now", "later", "done"}
)
"""Hidden numbers (spec: logseq-format §4.5)."""

HIDDEN: Final = HIDDEN_RAW | HIDDEN_BOOLEAN | HIDDEN_INTEGER
"""All built-in keys that live in files only (spec: logseq-format §4.5); flashcard keys are hidden at run time."""

RAW: Final = EDITABLE_RAW | HIDDEN_RAW
"""Keys whose values are never read (spec: logseq-format §4.3.1)."""

BUILT_IN: Final = COMMA_KEYS | EDITABLE_RAW | EDITABLE_TYPED | HIDDEN
"""Keys that are no page references themselves (spec: logseq-format §4.4)."""

JS_SPACE: Final = (
    "\t\n\v\f\r \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
"""The characters Logseq strips at the ends of a text: JavaScript's white space."""

_PLAIN_KEY: Final = lazy_pattern(r"[a-z0-9*+!_?$%&=<>.-]+(?:/[a-z*+!_?$%&=<>.-][a-z0-9*+!_?$%&=<>.-]*)?")
_NOT_IN_KEYS: Final = lazy_pattern(r"[\"^(){}|]|\A#")
_SPACE_TO_BLANK: Final = dict.fromkeys(map(ord, JS_SPACE), " ")


class Property(Record, kw_only=True):
    """One line of a page that sets a property; final instead of frozen, for speed."""

    key: Final[str]
    """Normalised: lower-case, `_` and spaces as `-`, `custom-id` as `id` (spec: logseq-format §4.2)."""
    raw_key: Final[str]
    """As written."""
    value: Final[str]
    """As written, without white space at its ends."""
    start: Final[int]
    """First code point of the line (of the text after the bullet in a title)."""
    end: Final[int]
    """After the line, without its line end."""
    value_start: Final[int]
    """First code point of `value`."""
    edges: Final[tuple[str, str]] = ("", "")
    """White space before and behind `value` that Logseq's parser keeps, as no-break spaces."""

    @property
    def written(self) -> str:
        """The value as Logseq's parser hands it on, which knows blanks, tabs and form feeds as white space only."""
        before, behind = self.edges
        return f"{before}{self.value}{behind}" if before or behind else self.value


def normal_key(raw: str) -> str:
    """A key as Logseq compares it (spec: logseq-format §4.2)."""
    key = raw.lower().replace(" ", "-").replace("_", "-")
    return "id" if key == "custom-id" else key


def is_valid_key(key: str) -> bool:
    """True if Logseq takes a normalised key: its EDN reader reads `{:key nil}`, none of its special signs.

    So `a,b` is not one (three forms make no map), but `a[[b]]c` is one.
    """
    return _PLAIN_KEY.fullmatch(key) is not None or _is_readable_key(key)


@lru_cache(maxsize=1024)
def _is_readable_key(key: str) -> bool:
    if not key or _NOT_IN_KEYS.search(key):
        return False
    from graphkit.text.edn import is_readable  # noqa: PLC0415 - few pages have such keys

    return is_readable(f"{{:{key.translate(_SPACE_TO_BLANK)} nil}}")


def key_page(key: str) -> str:
    """The page that a key names: what follows the slash of its namespace (spec: logseq-format §4.2)."""
    space, slash, name = key.partition("/")
    return name if slash and space and name and "/" not in name else (space or key)
