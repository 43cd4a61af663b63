"""Every file-system call that writing needs, one method each, so that a test can fail each in turn."""

from __future__ import annotations

import errno
import functools
import os
import stat
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    class _RenameAt2(Protocol):
        def __call__(self, old_folder: int, old: bytes, new_folder: int, new: bytes, flags: int, /) -> int: ...


_COMMON = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)
_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | _COMMON
"""Never through a symbolic link, and never waiting for the other end of a pipe."""

_AT_FDCWD = -100
_RENAME_NOREPLACE = 1
_RENAME_EXCHANGE = 2
"""Linux, renameat2(2)."""

_UNSUPPORTED = frozenset({errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EPERM})
"""The errors for an unknown rename flag: from file systems, and (EPERM) from containers that filter calls.

If a permission is really missing, the plain call that follows reports it.
"""

_WINDOWS_BUSY = frozenset({5, 32, 33})
"""Access denied, sharing violation, lock violation: what Windows says while a scanner or editor holds a file open."""
_WINDOWS_PAUSES_S = (0.01, 0.03, 0.1, 0.3)


class FileSystem:
    """The disk; absolute paths in, OSError out. Nothing here follows a symbolic link at the end of a path."""

    def lstat(self, path: str) -> os.stat_result:
        """The state of whatever is at the path."""
        return os.lstat(path)

    def names(self, folder: str) -> list[str]:
        """Names in a folder, in no order."""
        return os.listdir(folder)  # noqa: PTH208 - paths are strings here

    def read(self, path: str) -> tuple[bytes, os.stat_result]:
        """All bytes of a regular file, and its state; OSError ELOOP for a link, EINVAL for what is no regular file."""
        fd = os.open(path, _READ)
        with os.fdopen(fd, "rb") as file:
            state = os.fstat(fd)
            if not stat.S_ISREG(state.st_mode):
                raise OSError(errno.EINVAL, "this is not a regular file", path)
            return file.read(), state

    def may_write(self, path: str) -> bool:
        """True if the file's own permissions let this user change it."""
        return os.access(path, os.W_OK)

    def is_being_written(self, path: str) -> bool:
        """True if some program has the file open for writing; False if the system cannot tell (only Linux can).

        A read lease is granted only where no such program is (fcntl(2), F_SETLEASE); it is given back at once.
        """
        if sys.platform != "linux":
            return False
        import fcntl  # noqa: PLC0415 - exists only on POSIX systems
        import signal  # noqa: PLC0415 - needed only here

        fd = os.open(path, _READ)
        try:
            # Should someone open it for writing within these microseconds, the kernel tells us by a signal;
            # the default one, SIGIO, would end the process, SIGURG is ignored.
            fcntl.fcntl(fd, fcntl.F_SETSIG, signal.SIGURG)
            fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_RDLCK)
            fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_UNLCK)
        except OSError as error:
            return error.errno == errno.EAGAIN
        finally:
            os.close(fd)
        return False

    def create(self, path: str, mode: int) -> int:
        """Descriptor of a new empty file; FileExistsError where anything stands there. `mode` is less the umask."""
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _COMMON, mode)

    def append(self, path: str) -> int:
        """Descriptor that writes at the end of a file, which is made where it is missing."""
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | _COMMON, 0o600)

    def fstat(self, fd: int) -> os.stat_result:
        """State of an open file."""
        return os.fstat(fd)

    def write(self, fd: int, data: bytes) -> int:
        """How many of the bytes were taken, at least one."""
        return os.write(fd, data)

    def chown(self, fd: int, uid: int, gid: int) -> None:
        """Give an open file to another user and group (-1: as it is)."""
        if sys.platform != "win32":
            os.fchown(fd, uid, gid)

    def chmod(self, fd: int, mode: int) -> None:
        """Set the permission bits of an open file."""
        if sys.platform != "win32":
            os.fchmod(fd, mode)

    def copy_attributes(self, source: str, fd: int) -> None:
        """Extended attributes of `source` (tags, sync marks, access lists) for an open file, where the system has them.

        One that cannot be kept is left out, except an access list, which is part of who may read the page.
        """
        if sys.platform != "linux":
            return
        try:
            names = os.listxattr(source, follow_symlinks=False)
        except OSError:
            return
        for name in names:
            try:
                os.setxattr(fd, name, os.getxattr(source, name, follow_symlinks=False))
            except OSError:
                if name.startswith("system.posix_acl"):
                    raise

    def fsync(self, fd: int) -> None:
        """Return when the file's bytes are on the disk."""
        os.fsync(fd)

    def close(self, fd: int) -> None:
        """Close a descriptor."""
        os.close(fd)

    def exchange(self, one: str, other: str) -> bool:
        """Let two files change places in one step; False if the system or file system cannot."""
        return _rename2(one, other, _RENAME_EXCHANGE)

    def replace(self, source: str, target: str) -> None:
        """Rename over whatever stands at `target`, in one step."""
        self._patiently(lambda: os.replace(source, target))  # noqa: PTH105 - paths are strings here

    def publish(self, source: str, target: str) -> None:
        """Rename to a free name in one step; FileExistsError where anything stands there."""
        if sys.platform == "win32":
            self._patiently(lambda: os.rename(source, target))  # noqa: PTH104 - refuses an existing target there
        elif not _rename2(source, target, _RENAME_NOREPLACE):
            self.link(source, target)
            with suppress(OSError):  # published all the same; the second name goes with the next run
                self.unlink(source)

    def link(self, source: str, target: str) -> None:
        """A second name for a file; FileExistsError where anything stands there."""
        if os.link in os.supports_follow_symlinks:
            os.link(source, target, follow_symlinks=False)
        else:
            os.link(source, target)

    def unlink(self, path: str) -> None:
        """Take a file's name away."""
        self._patiently(lambda: os.unlink(path))  # noqa: PTH108 - paths are strings here

    def make_folder(self, path: str, mode: int = 0o777) -> None:
        """A new folder; FileExistsError where anything stands there."""
        os.mkdir(path, mode)  # noqa: PTH102 - paths are strings here

    def remove_folder(self, path: str) -> None:
        """Take an empty folder away."""
        os.rmdir(path)  # noqa: PTH106 - paths are strings here

    def sync_folder(self, path: str) -> None:
        """Bring a folder's names to the disk; without effect where folders cannot be opened (Windows)."""
        if sys.platform == "win32":
            return
        fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)

    def pause(self, seconds: float) -> None:
        """Let another program finish."""
        time.sleep(seconds)

    def _patiently(self, call: Callable[[], None]) -> None:
        """On Windows a file that is open elsewhere for a moment is tried again for less than half a second."""
        for pause in _WINDOWS_PAUSES_S:
            try:
                return call()
            except OSError as error:
                if getattr(error, "winerror", None) not in _WINDOWS_BUSY:
                    raise
            self.pause(pause)
        return call()


DISK = FileSystem()
"""The file system of the machine."""


def write_all(fs: FileSystem, fd: int, data: bytes) -> None:
    """Write every byte, even if the system accepts only some at a time."""
    rest = memoryview(data)
    while rest:
        rest = rest[fs.write(fd, bytes(rest)) :]


def write_new(fs: FileSystem, path: str, data: bytes, mode: int = 0o600, *, durable: bool = True) -> None:
    """A new file with these bytes, on the disk if `durable`; where that fails, none.

    FileExistsError where anything stands there.
    """
    fd = fs.create(path, mode)
    try:
        try:
            write_all(fs, fd, data)
            if durable:
                fs.fsync(fd)
        finally:
            fs.close(fd)
    except OSError:
        with suppress(OSError):
            fs.unlink(path)
        raise


def _rename2(source: str, target: str, flags: int) -> bool:
    """Linux's rename with flags; False if it does not exist or the file system does not know the flag."""
    call = _renameat2()
    if call is None:
        return False
    import ctypes  # noqa: PLC0415 - 10 ms that only writing pays

    if call(_AT_FDCWD, os.fsencode(source), _AT_FDCWD, os.fsencode(target), flags) == 0:
        return True
    code = ctypes.get_errno()
    if code in _UNSUPPORTED:
        return False
    raise OSError(code, os.strerror(code), target)


@functools.cache
def _renameat2() -> _RenameAt2 | None:
    if sys.platform != "linux":
        return None
    import ctypes  # noqa: PLC0415 - 10 ms that only writing pays

    try:
        function = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return None
    function.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)
    function.restype = ctypes.c_int

    def renameat2(old_folder: int, old: bytes, new_folder: int, new: bytes, flags: int, /) -> int:
        return int(function(old_folder, old, new_folder, new, flags))

    return renameat2
