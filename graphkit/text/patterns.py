"""Regular expressions that are compiled when they are first used.

Starting `status` imports 300 patterns and uses half of them; compiling all takes 28 ms.
"""

from __future__ import annotations

import re
from typing import AnyStr, cast

_METHODS = ("findall", "finditer", "fullmatch", "groupindex", "groups", "match", "scanner", "search", "split", "sub")


class _LazyPattern:
    """A stand-in for a compiled pattern: the first use compiles it and binds its methods."""

    __slots__ = ("flags", "pattern", *_METHODS)

    def __init__(self, source: str | bytes, flags: int) -> None:
        self.pattern = source
        self.flags = flags

    def __getattr__(self, name: str) -> object:
        # Called for slots that are still empty, and for names that no pattern has.
        if name not in _METHODS:
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self.flags)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def lazy_pattern(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """The pattern `re.compile` would give, compiled when one of its methods is first called.

    Raises re.error at that moment, not here; the tests compile every pattern.
    """
    return cast("re.Pattern[AnyStr]", _LazyPattern(source, flags))
