"""A vault's template in a process of its own, with limits on time and memory, because it is untrusted code.

spec: writing §5.

One child serves a whole run: requests go in as pickles (they are ours), answers come back as JSON (they are not). The
clock of the parent is the bound everywhere; where the system has resource limits, memory and processor time are
bounded in the child as well, so that it cannot outlive a killed parent in an endless loop.
"""

from __future__ import annotations

import json
import os
import pickle
import queue
import subprocess
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from graphkit.views.environment import MAX_RENDERED, TemplateError

if TYPE_CHECKING:
    from collections.abc import Mapping

RENDER_S = 5.0
"""Seconds that one template may take; the shipped ones take a few milliseconds."""
START_S = 20.0
"""Seconds that the child may take to start, on a machine that is busy with other things."""
MEMORY_BYTES = 512 * 1024 * 1024
"""Address space of the child; Python with Jinja takes some 60 MB of it."""

_LENGTH = 8
_MAX_ANSWER = 16 * MAX_RENDERED
"""Bytes of an answer: JSON writes a code point beyond the first plane in 12."""


class RenderChild:
    """The child process; started with the first template, started again after one that had to be stopped."""

    def __init__(
        self, *, render_s: float = RENDER_S, memory_bytes: int = MEMORY_BYTES, start_s: float = START_S
    ) -> None:
        self._render_s = render_s
        self._start_s = start_s
        self._memory = memory_bytes
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()

    def render(self, source: str, variables: Mapping[str, object], *, name: str) -> str:
        """The rendered template. Raises TemplateError, also if it takes too long or too much memory."""
        if self._process is None:
            self._start()
        request = pickle.dumps((source, dict(variables), name, self._render_s))
        answer = self._ask(request, name)
        if answer is None:
            bound = self._memory >> 20
            raise TemplateError(name, None, f"its process ended without an answer; it may take {bound} MB of memory")
        told = json.loads(answer)
        if isinstance(told, dict) and isinstance(told.get("text"), str):
            return str(told["text"])
        line = told.get("line") if isinstance(told, dict) else None
        reason = told.get("reason") if isinstance(told, dict) else None
        raise TemplateError(name, line if isinstance(line, int) else None, str(reason or "its answer cannot be read"))

    def close(self) -> None:
        """Stop the child."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        process.wait()

    def _start(self) -> None:
        paths = [path for path in sys.path if os.path.isabs(path)]  # noqa: PTH117
        environment = {
            key: value
            for key, value in os.environ.items()
            if key.upper() in {"SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "PATH", "LD_LIBRARY_PATH", "LANG"}
        }
        environment |= {"PYTHONPATH": os.pathsep.join(paths), "PYTHONDONTWRITEBYTECODE": "1"}
        # -P: the folder one happens to stand in, often the vault, is no place to import modules from.
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter with a fixed module
            [sys.executable, "-P", "-m", "graphkit.app.writing.render_child", str(self._memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        self._answers = queue.SimpleQueue()
        threading.Thread(target=_listen, args=(self._process, self._answers), daemon=True).start()
        if self._wait(self._start_s) != b"ready":
            self.close()
            raise TemplateError("the process for templates", None, "it cannot be started")

    def _ask(self, request: bytes, name: str) -> bytes | None:
        process = self._process
        assert process is not None  # noqa: S101 - it was started above
        assert process.stdin is not None  # noqa: S101 - it has a pipe
        try:
            process.stdin.write(len(request).to_bytes(_LENGTH, "big") + request)
            process.stdin.flush()
            answer = self._wait(self._render_s)
        except TimeoutError:
            self.close()
            raise TemplateError(name, None, f"it takes longer than {self._render_s:g} s, and was stopped") from None
        except OSError:
            answer = None
        if answer is None:
            self.close()
        return answer

    def _wait(self, seconds: float) -> bytes | None:
        try:
            return self._answers.get(timeout=seconds)
        except queue.Empty:
            raise TimeoutError from None


def _listen(process: subprocess.Popen[bytes], answers: queue.SimpleQueue[bytes | None]) -> None:
    """Hand on every answer of the child; None when it has ended or says more than any template may."""
    stream = process.stdout
    assert stream is not None  # noqa: S101 - it has a pipe
    with suppress(OSError, ValueError):
        while head := stream.read(_LENGTH):
            length = int.from_bytes(head, "big")
            if length > _MAX_ANSWER:
                break
            data = stream.read(length)
            if len(data) < length:
                break
            answers.put(data)
    answers.put(None)
