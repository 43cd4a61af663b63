"""Runs one command and says what it used. Small on purpose: a process begins with the peak memory of its parent.

    python -I -S launch.py LIMIT_S CLOCK_S OUT ERR COMMAND…

Prints one JSON object; the command's own output goes to the files OUT and ERR.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import time


def main() -> None:
    """Run the command that the arguments name."""
    limit_s, clock_s, out, err, *command = sys.argv[1:]
    idle = os.fork()
    if not idle:
        os._exit(0)
    floor = os.wait4(idle, 0)[2].ru_maxrss
    began = time.monotonic()
    child = os.fork()
    if not child:
        _become(command, int(limit_s), out, err)
    stopped = False

    def stop(*_: object) -> None:
        nonlocal stopped
        stopped = True
        os.kill(child, signal.SIGKILL)

    signal.signal(signal.SIGALRM, stop)
    signal.signal(signal.SIGTERM, stop)
    signal.alarm(int(clock_s))
    _, status, usage = os.wait4(child, 0)
    wall_s = time.monotonic() - began
    signal.alarm(0)
    code = os.waitstatus_to_exitcode(status)
    print(
        f'{{"code": {code}, "stopped": {str(stopped).lower()}, "cpu_s": {usage.ru_utime + usage.ru_stime}, '
        f'"wall_s": {wall_s}, "peak": {usage.ru_maxrss}, "floor": {floor}}}'
    )


def _become(command: list[str], limit_s: int, out: str, err: str) -> None:
    """Turn this child into the command; the system stops it when its time is used up."""
    try:
        for descriptor, path in ((1, out), (2, err)):
            os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), descriptor)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        resource.setrlimit(resource.RLIMIT_CPU, (limit_s, limit_s + 5))
        os.execvp(command[0], command)  # noqa: S606 - no shell on purpose
    except OSError as error:
        os.write(2, f"{command[0]}: {error}\n".encode())
    os._exit(127)


if __name__ == "__main__":
    main()
