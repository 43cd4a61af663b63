"""Inline text of a block: references, macros and the plain reading of it."""

from graphkit.outline.inline.parser import plain_text, read_inline
from graphkit.outline.inline.tokens import NOTHING, Inline, Macro, Reference, ReferenceKind

__all__ = ["NOTHING", "Inline", "Macro", "Reference", "ReferenceKind", "plain_text", "read_inline"]
