"""Everything an inline text holds: references and macros with their places."""

from __future__ import annotations

from typing import Literal, NamedTuple

ReferenceKind = Literal["page", "tag", "block", "embed", "embed_block"]
"""`page`, `tag` and `embed` name a page; `block` and `embed_block` carry the id of a block."""


class Reference(NamedTuple):
    """One reference as Logseq takes it, before dates are normalised and letters lower-cased.

    One place can give two references: `[[((id))]]` and `{{embed ((id))}}` give a page named like the id and the
    block itself (spec: logseq-format §6.4); a nested `[[a [[b]]]]` gives both pages (spec: logseq-format §6.1).
    """

    kind: ReferenceKind
    target: str
    """A page title, or a block id as it is written."""
    start: int
    """First code point of the construct, brackets and `#` included."""
    end: int


class Macro(NamedTuple):
    """One `{{name arguments}}`, and where it stands."""

    name: str
    arguments: tuple[str, ...]
    start: int
    end: int


class Inline(NamedTuple):
    """References and macros of one text, each in text order."""

    references: tuple[Reference, ...]
    macros: tuple[Macro, ...]


NOTHING = Inline((), ())
"""What a text without references and macros gives; shared."""
