"""Everything a query may ask about where and when it stands."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from graphkit.text.records import Record, field

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from graphkit.text.edn import Form


def _no_title(_title: str) -> dt.date | None:
    return None


def _no_clock() -> float:
    return 0.0


class Context(Record, frozen=True, kw_only=True):
    """Where and when a query stands."""

    today: dt.date
    parse_title: Callable[[str], dt.date | None] = _no_title
    """The day of a journal's title, None for any other title."""
    current_page: str | None = None
    """Title or name of the page on which the query stands."""
    current_block: str | None = None
    """Identity (uuid) of the block that holds the query; it is left out of the answer."""
    inputs: tuple[str, ...] | None = None
    """EDN texts that take the place of the query's `:inputs`."""
    own: bool = False
    """True if graphkit's own filters and attributes count; Logseq knows none of them."""
    clock: Callable[[], float] = _no_clock
    """Seconds from some moment on, to stop regular expressions by; never part of an answer."""
    transforms: Mapping[str, Form] = field(default_factory=dict)
    """Named transforms of `config.edn`, `:query/result-transforms`."""

    @property
    def now(self) -> int:
        """Noon of today in UTC, in milliseconds; the files know no times, and no answer depends on the clock."""
        return self.midnight(self.today) + NOON

    @staticmethod
    def midnight(day: dt.date) -> int:
        """The beginning of a day in UTC, in milliseconds."""
        return (day - dt.date(1970, 1, 1)).days * DAY


DAY: Final = 86_400_000
NOON: Final = DAY // 2
