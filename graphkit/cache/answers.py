"""What commands wrote last, one file for each command line, under a seal. Knows no report and imports next to nothing.

An answer stands with all that it depends on; whether that still holds is for others to say. Whatever is wrong with a
file makes it no answer, never an error.
"""

from __future__ import annotations

import marshal
import os

from graphkit.text.digests import blake2b

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

VERSION = 5
"""Of the form in which answers are kept."""

MOST = 32
"""Command lines whose answers are kept of a vault; those that were kept first go first."""

MOST_CHARACTERS = 16_000_000
"""A longer answer is not kept."""

_SEAL_SIZE = 16


def read_answer(folder: str, key: bytes) -> tuple[Any, ...] | None:
    """The answer of this key; None where none is kept, or none that can be read."""
    try:
        with open(_place(folder, key), "rb") as file:
            sealed = file.read()
    except OSError:
        return None
    body = sealed[_SEAL_SIZE:]
    if _seal(key, body) != sealed[:_SEAL_SIZE]:
        return None
    answer: tuple[Any, ...] = marshal.loads(body)  # noqa: S302 - the user's own file, under a digest
    return answer


def keep_answer(folder: str, key: bytes, answer: tuple[Any, ...]) -> None:
    """Keep an answer of plain values, in place of an older one. Where that fails it will be worked out again."""
    try:
        body = marshal.dumps(answer, 2)
    except ValueError:
        return
    if replace_file(_place(folder, key), _seal(key, body) + body):
        _forget_the_oldest(folder)


def replace_file(place: str, data: bytes) -> bool:
    """Put these bytes into a file, as a whole or not at all; False where that fails."""
    beside = f"{place}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(place), mode=0o700, exist_ok=True)
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
        with open(handle, "wb") as file:
            file.write(data)
        os.replace(beside, place)
    except OSError:
        _remove(beside)
        return False
    return True


def drop_answers(folder: str) -> None:
    """Delete all answers and their folder. Raises OSError where that is refused."""
    for place in _kept(folder):
        os.unlink(place)
    try:
        os.rmdir(folder)
    except OSError:
        return  # there is none, or another process has kept something by now


def answer_sizes(folder: str) -> list[int]:
    """The size of each answer's file in bytes."""
    return [os.path.getsize(place) for place in _kept(folder)]


def _kept(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return [entry.path for entry in entries]
    except (FileNotFoundError, NotADirectoryError):
        return []


def _forget_the_oldest(folder: str) -> None:
    kept = _kept(folder)
    if len(kept) > MOST:
        kept.sort(key=os.path.getmtime)
        for place in kept[: len(kept) - MOST]:
            _remove(place)


def _remove(place: str) -> None:
    try:
        os.unlink(place)
    except OSError:
        return


def _place(folder: str, key: bytes) -> str:
    return f"{folder}/{key.hex()}"


def _seal(key: bytes, body: bytes) -> bytes:
    return blake2b(body, digest_size=_SEAL_SIZE, key=key + VERSION.to_bytes(2, "little")).digest()
