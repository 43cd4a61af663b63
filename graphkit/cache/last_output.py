"""Replay the last output of the same command line, if nothing that it depends on has changed.

An output is kept with all of that: the stamps of the vault's files and the names of all others, the checksum of the
other inputs, and digests of the other files that metrics name. The command line, the day and the terminal are in
its key. Any difference invalidates the output, whether it matters or not. Saving and pruning never
fail. Imported by every command before anything else, so it imports next to nothing.
"""

from __future__ import annotations

import marshal
import os
import time

from graphkit.cache.inputs import current_inputs_checksum
from graphkit.store.reading.stat_walk import digest_of_walk, stat_again
from graphkit.store.user_folders import cache_folder, is_folder, make_private_folder
from graphkit.text.digests import blake2b

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from graphkit.store.reading.stat_walk import Folder

    Seen = Sequence[Folder]
    """The folders of a vault that were listed."""

Chunk = tuple[int, str]
"""Output to a stream: 1 for stdout, 2 for stderr."""

Asset = tuple[str, str, bytes]
"""A page, a file that it names, and the digest of that file."""

OUTPUTS_NAME = "outputs"
"""The folder in a vault's cache folder."""

VERSION = 6
"""The version of the format in which outputs are saved."""

MOST = 32
"""The number of outputs kept for a vault; the oldest are deleted first."""

MOST_CHARACTERS = 16_000_000
"""Longer outputs are not saved."""

_CHECKSUM_SIZE = 16
_ABANDONED_S = 3600
"""Seconds after which a temporary file is considered abandoned."""

replayed: list[bytes] = []
"""The keys of the outputs that this process replayed; for tests."""


class LastOutput:
    """The output and exit status of a command, and their inputs."""

    __slots__ = ("assets", "chunks", "code", "folders", "inputs", "walk")

    def __init__(
        self,
        folders: tuple[str, ...],
        walk: bytes,
        inputs: bytes,
        assets: tuple[Asset, ...],
        code: int,
        chunks: tuple[Chunk, ...],
    ) -> None:
        self.folders = folders
        """The vault's folders, as `stat_walk.Folder` has them."""
        self.walk = walk
        """Digest of everything seen in them."""
        self.inputs = inputs
        """Checksum of all other inputs."""
        self.assets = assets
        self.code = code
        self.chunks = chunks


def find_output(root: str, key: bytes, environment: Mapping[str, str]) -> tuple[LastOutput | None, Seen]:
    """The output under a key, if it is still valid; and those folders of the vault that were listed."""
    kept = _read(_folder(root, environment), key)
    if kept is None:
        return None, ()
    folders = stat_again(root, kept.folders)
    if folders is None:
        return None, ()
    try:
        holds = digest_of_walk(folders) == kept.walk and current_inputs_checksum(root, environment) == kept.inputs
    except OSError:
        return None, folders
    if not holds or not _same_assets(root, kept.assets):
        return None, folders
    replayed.append(key)
    return kept, folders


def keep_output(root: str, key: bytes, environment: Mapping[str, str], output: LastOutput) -> None:
    """Save an output, replacing an older one. If that fails, it will be computed again."""
    if sum(len(text) for _, text in output.chunks) > MOST_CHARACTERS:
        return
    folder = _folder(root, environment)
    beside = f"{folder}/{key.hex()}.{os.getpid()}"
    try:
        body = marshal.dumps(tuple(getattr(output, name) for name in _FIELDS), 2)
        make_private_folder(os.path.dirname(folder))
        make_private_folder(folder)
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
        with open(handle, "wb") as file:
            file.write(_checksum(key, body) + body)
        os.replace(beside, f"{folder}/{key.hex()}")
    except (OSError, ValueError):
        _remove(beside)
        return
    _prune(folder)


def drop_outputs(cache: str) -> None:
    """Delete all outputs and their folder. Raises OSError if that is refused."""
    folder = f"{cache}/{OUTPUTS_NAME}"
    for name in _names(folder):
        try:
            os.unlink(f"{folder}/{name}")
        except FileNotFoundError:
            continue
    try:
        os.rmdir(folder)
    except OSError:
        return  # it does not exist, or another process has saved something meanwhile


def output_sizes(cache: str) -> list[int]:
    """The size of each output's file in bytes."""
    folder = f"{cache}/{OUTPUTS_NAME}"
    return [state.st_size for name in _names(folder) if (state := _stat(f"{folder}/{name}")) is not None]


_FIELDS = ("folders", "walk", "inputs", "assets", "code", "chunks")


def _folder(root: str, environment: Mapping[str, str]) -> str:
    return f"{cache_folder(root, environment)}/{OUTPUTS_NAME}"


def _is_usable(folder: str) -> bool:
    """True if neither the folder nor the vault's cache folder is a link."""
    return is_folder(os.path.dirname(folder)) and is_folder(folder)


def _read(folder: str, key: bytes) -> LastOutput | None:
    """The output under a key; None if it is missing or incomplete."""
    if not _is_usable(folder):
        return None
    try:
        with open(f"{folder}/{key.hex()}", "rb") as file:
            data = file.read()
    except OSError:
        return None
    body = data[_CHECKSUM_SIZE:]
    if _checksum(key, body) != data[:_CHECKSUM_SIZE]:
        return None
    return LastOutput(*marshal.loads(body))  # noqa: S302 - the user's own file, under a checksum


def _prune(folder: str) -> None:
    """Delete the oldest outputs and abandoned temporary files. Other processes may do the same concurrently."""
    kept: list[tuple[float, str]] = []
    for name in _names(folder):
        place = f"{folder}/{name}"
        state = _stat(place)
        if state is None:
            continue
        if "." not in name:
            kept.append((state.st_mtime, place))
        elif state.st_mtime < time.time() - _ABANDONED_S:
            _remove(place)
    kept.sort()
    for _, place in kept[: max(0, len(kept) - MOST)]:
        _remove(place)


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder) if _is_usable(folder) else []
    except OSError:
        return []


def _stat(place: str) -> os.stat_result | None:
    try:
        return os.stat(place)
    except OSError:
        return None


def _remove(place: str) -> None:
    try:
        os.unlink(place)
    except OSError:
        return


def _checksum(key: bytes, body: bytes) -> bytes:
    return blake2b(body, digest_size=_CHECKSUM_SIZE, key=key + VERSION.to_bytes(2, "little")).digest()


def _same_assets(root: str, assets: Iterable[Asset]) -> bool:
    if not assets:
        return True
    from pathlib import Path  # noqa: PLC0415 - most vaults have no such files

    from graphkit.store.reading.assets import asset_digest  # noqa: PLC0415

    return all(asset_digest(Path(root), page, written) == digest for page, written, digest in assets)
