"""Replay of a cached output: the same command line prints it again if nothing has changed.

This happens before click or anything else is imported, so a repeated command takes little more than listing the
vault. A wrong guess here about the arguments finds no output, because outputs are stored under the folder that click
found and the whole command line.
"""

from __future__ import annotations

import os
import sys
import time

from graphkit.text.digests import blake2b

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    from graphkit.cache.last_output import Seen

KEPT = frozenset({"check", "goals", "metrics", "next", "readout", "status", "strategies", "tasks", "tree"})
"""Commands whose output depends only on the vault, the day and the terminal."""

NEVER = frozenset({"--no-index", "--fix", "--watch", "--help", "-h"})
"""Options of command lines whose output is never cached: they write, keep running or bypass the index."""

NO_INDEX_VARIABLE = "GRAPHKIT_NO_INDEX"
GRAPH_VARIABLE = "GRAPHKIT_GRAPH"

_SHOWN_BY = ("COLUMNS", "FORCE_COLOR", "NO_COLOR", "TERM")
"""Environment variables that change how the output looks."""

_MARKERS = ("logseq/config.edn", "graphkit.toml")
"""Files that identify the folder of a vault."""


class Request:
    """A command line with the folder, the day and the terminal it runs in."""

    __slots__ = ("day", "key", "root", "seen")

    def __init__(self, root: str, key: bytes, day: tuple[int, ...]) -> None:
        self.root = root
        """The folder of the vault, guessed from the arguments."""
        self.key = key
        self.day = day
        """Year, month and day in local time."""
        self.seen: Seen = ()
        """The folders of the vault that have been listed."""


def request_of(words: Sequence[str]) -> Request | None:
    """The request of a command line; None if its output is never cached."""
    if KEPT.isdisjoint(words) or not NEVER.isdisjoint(words) or os.environ.get(NO_INDEX_VARIABLE):
        return None
    try:
        here = os.getcwd()
        root = _root(words, here)
        if root is None:
            return None
        day = tuple(time.localtime()[:3])
        environment = sorted(
            item for item in os.environ.items() if item[0].startswith("GRAPHKIT_") or item[0] in _SHOWN_BY
        )
        streams = [_manner(stream) for stream in (sys.stdout, sys.stderr, sys.__stdin__)]
        parts = (list(words), here, os.path.realpath(root), day, environment, streams)
        key = blake2b(repr(parts).encode("utf-8", "backslashreplace"), digest_size=16).digest()
    except (OSError, ValueError):
        return None
    return Request(root, key, day)


def replay(request: Request) -> int | None:
    """Print the cached output if it is still valid, and give its exit status; None if there is no such output."""
    from graphkit.cache.last_output import find_output  # noqa: PLC0415 - not for `--version`

    output, request.seen = find_output(request.root, request.key, os.environ)
    if output is None:
        return None
    for stream, text in output.chunks:
        try:
            (sys.stdout if stream == 1 else sys.stderr).write(text)
        except OSError:  # a note that nobody can read does not make the result wrong, as in `terminal.output`
            if stream == 1:
                raise
    return output.code


def _root(words: Sequence[str], here: str) -> str | None:
    named = os.environ.get(GRAPH_VARIABLE)
    for number, word in enumerate(words):
        if word in {"-g", "--graph"}:
            named = words[number + 1] if number + 1 < len(words) else None
        elif word.startswith("--graph="):
            named = word[len("--graph=") :]
        elif word.startswith("-g"):
            named = word[len("-g") :]
    if named:
        return os.path.join(here, named)
    folder = here
    while not any(os.path.isfile(f"{folder}/{marker}") for marker in _MARKERS):
        above = os.path.dirname(folder)
        if above == folder:
            return here
        folder = above
    return folder


def _manner(stream: TextIO | None) -> tuple[object, ...]:
    """The properties of a stream that affect the output: terminal or not, width, encoding."""
    if stream is None:
        return ()
    try:
        width = os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError, AttributeError):
        width = 0
    try:
        terminal = stream.isatty()
    except (ValueError, AttributeError):
        terminal = False
    return terminal, width, getattr(stream, "encoding", None), getattr(stream, "errors", None)
