"""Names of the temporary files next to a page that is being written."""

from __future__ import annotations

import os

from graphkit.text.edit import digest
from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record

_PREFIX = ".graphkit-"
_NONE = "0" * 16
_NAME = lazy_pattern(r"\.graphkit-([0-9a-f]{8})-([0-9a-f]{16})-([0-9a-f]{16})-[0-9a-f]{8}\.(?:(tmp)|(swap))")


class DotFile(Record, frozen=True, kw_only=True):
    """The parsed name of a temporary file; Logseq ignores names that begin with a dot (spec: logseq-format §3.9).

    A name that ends in `.tmp` holds new text, perhaps only a part of it, and nothing else. One that ends in `.swap`
    may have changed places with its page, and then holds what was there.
    """

    page_key: str
    before: str
    """First digits of the digest of what the page held; zeros if it did not exist."""
    after: str
    """First digits of the digest of what it was to hold; zeros if it was to be deleted."""
    may_be_displaced: bool

    def belongs_to(self, name: str) -> bool:
        """True if the page's file name is the one this file was made for."""
        return self.page_key == _page_key(name)

    def holds_before(self, data: bytes) -> bool:
        """True if these are the bytes the write began with."""
        return digest(data).startswith(self.before)

    def holds_after(self, data: bytes) -> bool:
        """True if these are the bytes that the write was meant to leave."""
        return digest(data).startswith(self.after)


def dot_names(name: str, before: bytes | None, after: bytes | None, token: str) -> tuple[str, str]:
    """The `.tmp` and the `.swap` name for one write of the page with this file name; `token` is 8 hex digits."""
    stem = f"{_PREFIX}{_page_key(name)}-{_short(before)}-{_short(after)}-{token}"
    return f"{stem}.tmp", f"{stem}.swap"


def read_dot_name(name: str) -> DotFile | None:
    """The parsed file name, if it is one of ours."""
    if not name.startswith(_PREFIX) or (match := _NAME.fullmatch(name)) is None:
        return None
    page_key, before, after, _temporary, swap = match.groups()
    return DotFile(page_key=page_key, before=before, after=after, may_be_displaced=swap is not None)


def _page_key(name: str) -> str:
    return digest(os.fsencode(name))[:8]


def _short(data: bytes | None) -> str:
    return _NONE if data is None else digest(data)[:16]
