"""This user's folders for graphkit's own files: their names, and how a private one is made."""

from __future__ import annotations

import errno
import os
import stat
import sys
from contextlib import suppress

from graphkit.text.digests import blake2b

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

CACHE_VARIABLE = "GRAPHKIT_CACHE_DIR"
STATE_VARIABLE = "GRAPHKIT_STATE_DIR"
"""Environment variables that name other base folders than the platform's."""

PRIVATE = 0o700
"""The mode of a vault's folders."""

_LONGEST = 40


def vault_folder(root: str) -> str:
    """A folder name for the vault: the safe characters of its name, and 16 hex digits of its real path."""
    real = os.path.realpath(root)
    harmless = "".join(sign if sign.isalnum() or sign in "_-" else " " for sign in os.path.basename(real))
    name = "-".join(harmless.split())[:_LONGEST].strip("-") or "vault"
    return f"{name}-{blake2b(os.fsencode(os.path.normcase(real)), digest_size=8).hexdigest()}"


def base_folder(environ: Mapping[str, str], kind: str) -> str:
    """The user's folder for this kind, `cache` or `state`: the one that `environ` names, else the platform's own."""
    override = environ.get(CACHE_VARIABLE if kind == "cache" else STATE_VARIABLE)
    if override:
        return os.path.abspath(os.path.expanduser(override))
    if sys.platform == "linux":
        # As platformdirs has it, whose import takes longer than a warm `status` may take for it.
        variable, default = ("XDG_CACHE_HOME", "~/.cache") if kind == "cache" else ("XDG_STATE_HOME", "~/.local/state")
        return f"{os.path.expanduser(os.environ.get(variable, '').strip() or default)}/graphkit"
    import platformdirs  # noqa: PLC0415 - only where there is no other way to know

    find = platformdirs.user_cache_dir if kind == "cache" else platformdirs.user_state_dir
    return find("graphkit", appauthor=False)


def cache_folder(root: str, environ: Mapping[str, str]) -> str:
    """The folder for what can be derived again from a vault."""
    return f"{base_folder(environ, 'cache')}/{vault_folder(root)}"


def is_folder(folder: str) -> bool:
    """True if this is an existing folder and not a link to one."""
    try:
        return stat.S_ISDIR(os.lstat(folder).st_mode)
    except OSError:
        return False


def make_private_folder(folder: str) -> None:
    """Make a folder that only this user can enter, whatever the umask; one that is there becomes such a folder.

    Raises OSError if that is refused, and NotADirectoryError where a link or a file stands in its place.
    """
    above = os.path.dirname(folder)
    if above:
        os.makedirs(above, mode=PRIVATE, exist_ok=True)
    with suppress(FileExistsError):
        os.mkdir(folder, PRIVATE)
    state = os.lstat(folder)
    if not stat.S_ISDIR(state.st_mode):
        raise NotADirectoryError(errno.ENOTDIR, "it is a link, or not a folder", folder)
    if os.name == "posix" and stat.S_IMODE(state.st_mode) != PRIVATE:
        os.chmod(folder, PRIVATE)
