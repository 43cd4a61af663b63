"""Names of the files that a write leaves beside its page for a moment."""

from __future__ import annotations

import os

from graphkit.text.edit import digest
from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record

_PREFIX = ".graphkit-"
_NONE = "0" * 16
_NAME = lazy_pattern(r"\.graphkit-([0-9a-f]{8})-([0-9a-f]{16})-([0-9a-f]{16})-[0-9a-f]{8}\.(?:(tmp)|(swap))")


class DotFile(Record, frozen=True, kw_only=True):
    """What the name of a temporary file says; Logseq ignores names that begin with a dot (spec: logseq-format §3.9).

    A name that ends in `.tmp` holds new text, perhaps only a part of it, and nothing else. One that ends in `.swap`
    may have changed places with its page, and then holds what stood there.
    """

    page_key: str
    before: str
    """First digits of the digest of what the page held; zeros where it was not there."""
    after: str
    """First digits of the digest of what it was to hold; zeros where it was to be taken away."""
    may_be_displaced: bool

    def belongs_to(self, name: str) -> bool:
        """True if the page's file name is the one this file was made for."""
        return self.page_key == _page_key(name)

    def holds_before(self, data: bytes) -> bool:
        """True if these are the bytes the write began with."""
        return digest(data).startswith(self.before)

    def holds_after(self, data: bytes) -> bool:
        """True if these are the bytes the write was to leave."""
        return digest(data).startswith(self.after)


def dot_names(name: str, before: bytes | None, after: bytes | None, token: str) -> tuple[str, str]:
    """The `.tmp` and the `.swap` name for one write of the page with this file name; `token` is 8 hex digits."""
    stem = f"{_PREFIX}{_page_key(name)}-{_short(before)}-{_short(after)}-{token}"
    return f"{stem}.tmp", f"{stem}.swap"


def read_dot_name(name: str) -> DotFile | None:
    """What a file name says, if it is one of ours."""
    if not name.startswith(_PREFIX) or (match := _NAME.fullmatch(name)) is None:
        return None
    page_key, before, after, _temporary, swap = match.groups()
    return DotFile(page_key=page_key, before=before, after=after, may_be_displaced=swap is not None)


def _page_key(name: str) -> str:
    return digest(os.fsencode(name))[:8]


def _short(data: bytes | None) -> str:
    return _NONE if data is None else digest(data)[:16]
