"""Builds a git repository in which sample_graph comes into being, commit by commit, from January to March 2026.

    python docs/sample_history.py FOLDER

The last commit holds exactly the files of `sample_graph`. Each earlier one is worked out from them: a journal is there
from its day on, a task is open before its first clock and done after its last one, a result stands on a page from the
day of its decision. Nothing is random, so that every commit has the same id each time.
"""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

SAMPLE: Final = Path(__file__).resolve().parent.parent / "sample_graph"
FIRST: Final = datetime(2026, 1, 2, 9, 0, tzinfo=UTC)
LAST: Final = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
HOURS: Final = ((9, 30), (11, 15), (12, 45), (14, 30), (16, 0), (18, 0))
"""When the team's folder is committed on a working day."""
RENAMED: Final = {
    "pages/Evening watering reminders.md": ("pages/Reminders in the evening.md", datetime(2026, 2, 4, tzinfo=UTC))
}
"""Pages that had another name until a day."""
MOVED_DUE: Final = {
    "pages/Refill subscription.md": 14,
    "pages/Guided first plant.md": 21,
    "pages/Help centre search.md": 10,
}
"""Experiments whose due date was earlier by so many days in their first half."""

_CLOCK: Final = re.compile(
    r"CLOCK: \[(\d{4}-\d\d-\d\d) \w+ (\d\d:\d\d):\d\d\](?:--\[(\d{4}-\d\d-\d\d) \w+ (\d\d:\d\d):\d\d\])?"
)
_TASK: Final = re.compile(r"(\t*)- (TODO|DOING|DONE|WAITING|CANCELED) ")
_LEVEL: Final = re.compile(r"\t*")
_ROW: Final = re.compile(r"\s*\|?\s*(\d{4}-\d\d-\d\d)\s*[|,]")
_DATE: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)|\[\[(\w{3}) (\d{1,2})\w\w, (\d{4})\]\]")
_MONTHS: Final = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_OUTCOME: Final = ("result::", "decision::", "decided-on::")
_OUTCOME_SECTIONS: Final = ("- ### Result", "- ### Decision", "- ### Learnings")
_GAP: Final = timedelta(days=7)
"""A task whose work rests longer than this was taken for done, and opened again."""
_AUTHORS: Final = ("Ana", "Jonas", "Mei", "Priya", "Ruth", "Tomasz")


def vault_at(moment: datetime) -> dict[str, str]:
    """The files of the vault at a moment, by path; from LAST on those of `sample_graph`."""
    files: dict[str, str] = {}
    for path in sorted(file for file in SAMPLE.rglob("*") if file.is_file()):
        name = path.relative_to(SAMPLE).as_posix()
        text = path.read_bytes().decode()
        if moment >= LAST:
            files[name] = text
            continue
        if name.startswith("journals/"):
            if datetime.strptime(path.stem, "%Y_%m_%d").replace(hour=9, tzinfo=UTC) <= moment:
                files[name] = _without_future(text, moment)
            continue
        if "page-type:: [[experiment]]" not in text:
            files[name] = _without_future_rows(text, moment)
            continue
        page = _Experiment(name, text)
        if page.born <= moment:
            old, until = RENAMED.get(name, (name, FIRST))
            files[old if moment < until else name] = page.at(moment)
    return files


def commits() -> Iterator[tuple[datetime, dict[str, str | None]]]:
    """Each commit: its moment, and what it changed (None: the file is gone)."""
    before: Mapping[str, str] = {}
    day = FIRST.replace(hour=0, minute=0)
    while day <= LAST:
        for hour, minute in HOURS if day.weekday() < 5 else ():
            moment = day.replace(hour=hour, minute=minute)
            if not FIRST <= moment <= LAST:
                continue
            now = vault_at(moment)
            changed: dict[str, str | None] = {path: text for path, text in now.items() if before.get(path) != text}
            changed |= dict.fromkeys(path for path in before if path not in now)
            if changed:
                yield moment, changed
            before = now
        day += timedelta(days=1)


@dataclass
class _Block:
    """One bullet of an experiment's work, and the lines that belong to it."""

    lines: list[str]
    level: int
    marker: str
    sessions: list[tuple[datetime, datetime]]


class _Experiment:
    """An experiment's page through time."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.lines = text.split("\n")
        start = _day_in(self._property("start-date")) or FIRST
        sessions = [session for line in self.lines if (session := _session(line)) is not None]
        self.start = start
        self.born = max(FIRST, min([start - timedelta(days=4), *(begin for begin, _ in sessions)]))
        self.decided = _day_in(self._property("decided-on"))
        self.stopped = _day_in(self._property("stop-date"))

    def _property(self, key: str) -> str:
        return next((line for line in self.lines if line.startswith(f"{key}::")), "")

    def at(self, moment: datetime) -> str:
        """The page's text at a moment."""
        ended = self.decided is not None and self.decided <= moment
        kept: list[str] = []
        skipping = False
        for line in self.lines:
            if line.startswith("- "):
                skipping = not ended and line.startswith(_OUTCOME_SECTIONS)
            if skipping or (not ended and line.startswith(_OUTCOME)):
                continue
            if line.startswith("status::"):
                line = self._status(line, moment)  # noqa: PLW2901
            elif line.startswith("due::"):
                line = self._due(line, moment)  # noqa: PLW2901
            kept.append(line)
        return "\n".join(self._work_at(kept, moment))

    def _status(self, line: str, moment: datetime) -> str:
        if self.decided is not None and moment < self.decided:
            over = self.stopped is not None and moment >= self.stopped
            return "status:: stopped" if over else "status:: running" if moment >= self.start else "status:: ready"
        if self.stopped is not None and moment < self.stopped and line.endswith("stopped"):
            return "status:: running" if moment >= self.start else "status:: ready"
        if moment < self.start and line.endswith("running"):
            return "status:: ready"
        return line

    def _due(self, line: str, moment: datetime) -> str:
        days = MOVED_DUE.get(self.name)
        due = _day_in(line)
        if days is None or due is None or moment >= self.start + (due - self.start) / 2:
            return line
        return f"due:: {due - timedelta(days=days):%Y-%m-%d}"

    def _work_at(self, lines: list[str], moment: datetime) -> list[str]:
        blocks = list(_blocks(lines))
        out: list[str] = []
        hidden = 99
        for index, block in enumerate(blocks):
            if block.level > hidden:
                continue
            hidden = 99
            below = list(_below(blocks, index))
            sessions = sorted(session for one in (block, *below) for session in one.sessions)
            if block.marker and self._comes_later(block, sessions, moment):
                hidden = block.level
                continue
            marker = self._marker(block, below, sessions, moment)
            if marker != "DONE" and block.marker == "DONE" and not block.sessions and not below:
                marker = block.marker
            out += _rendered(block, marker, moment)
        return out

    def _comes_later(self, block: _Block, sessions: list[tuple[datetime, datetime]], moment: datetime) -> bool:
        """Whether a task is still unknown: a third of them were thought of on the way."""
        if _share(block.lines[0]) >= 1 / 3 or block.level <= 2:
            return False
        known = (
            sessions[0][0] - timedelta(days=3)
            if sessions
            else self.start + (LAST - self.start) * _share(block.lines[0]) * 2
        )
        return moment < known

    def _marker(
        self, block: _Block, below: list[_Block], sessions: list[tuple[datetime, datetime]], moment: datetime
    ) -> str:
        if not block.marker or block.marker == "TODO":
            return block.marker
        if block.marker in {"CANCELED", "WAITING"}:
            turned = self.start + (LAST - self.start) * (0.3 + 0.6 * _share(block.lines[0]))
            return block.marker if moment >= turned else "TODO"
        if not sessions or moment < sessions[0][0]:
            return "TODO" if sessions else block.marker
        begun = [session for session in sessions if session[0] <= moment]
        resting = not below and moment >= begun[-1][1] and (
            len(begun) < len(sessions) and sessions[len(begun)][0] - begun[-1][1] >= _GAP
        )  # fmt: skip
        ended = moment >= max(end for _, end in sessions)
        return "DONE" if resting or (ended and block.marker == "DONE") else "DOING"


def _rendered(block: _Block, marker: str, moment: datetime) -> list[str]:
    """The lines of a block with another marker, without clocks of the future; notes stand below what is done."""
    first = block.lines[0]
    if block.marker:
        first = first.replace(f"- {block.marker} ", f"- {marker} ", 1)
    rest = [line for line in block.lines[1:] if (session := _session(line)) is None or session[1] <= moment]
    if any("CLOCK:" in line for line in block.lines) and not any("CLOCK:" in line for line in rest):
        rest = [line for line in rest if line.strip() not in {":LOGBOOK:", ":END:"}]
    return [first, *rest]


def _blocks(lines: Iterable[str]) -> Iterator[_Block]:
    block: _Block | None = None
    for line in lines:
        level = _level(line)
        if block is None or line[level:].startswith("- "):
            if block is not None:
                yield block
            task = _TASK.match(line)
            block = _Block([line], level if line[level:].startswith("- ") else -1, task[2] if task else "", [])
        else:
            block.lines.append(line)
        session = _session(line)
        if session is not None:
            block.sessions.append(session)
    if block is not None:
        yield block


def _below(blocks: list[_Block], index: int) -> Iterator[_Block]:
    for block in blocks[index + 1 :]:
        if block.level <= blocks[index].level:
            return
        if block.marker:
            yield block


def _level(line: str) -> int:
    found = _LEVEL.match(line)
    return found.end() if found else 0


def _session(line: str) -> tuple[datetime, datetime] | None:
    found = _CLOCK.search(line)
    if found is None:
        return None
    begin = datetime.fromisoformat(f"{found[1]}T{found[2]}:00+00:00")
    return begin, datetime.fromisoformat(f"{found[3]}T{found[4]}:00+00:00") if found[3] else LAST


def _day_in(text: str) -> datetime | None:
    found = _DATE.search(text)
    if found is None:
        return None
    if found[1]:
        return datetime(int(found[1]), int(found[2]), int(found[3]), 9, tzinfo=UTC)
    return datetime(int(found[6]), _MONTHS.index(found[4]) + 1, int(found[5]), 9, tzinfo=UTC)


def _without_future(text: str, moment: datetime) -> str:
    """A journal's text without the clocks that are still to come; its tasks are open until then."""
    out: list[str] = []
    for block in _blocks(text.split("\n")):
        last = max((end for _, end in block.sessions), default=None)
        marker = block.marker
        if marker == "DONE" and last is not None and last > moment:
            marker = "TODO"
        out += _rendered(block, marker, moment)
    return "\n".join(out)


def _without_future_rows(text: str, moment: datetime) -> str:
    """A text without the rows of tables that begin with a day that is still to come."""
    day = moment.date().isoformat()
    return "\n".join(line for line in text.split("\n") if not (row := _ROW.match(line)) or row[1] <= day)


def _share(text: str) -> float:
    """A number from 0 to 1 that stands for a text."""
    return int.from_bytes(sha256(text.strip().encode()).digest()[:4]) / 2**32


def _stream() -> Iterator[bytes]:
    for number, (moment, changed) in enumerate(commits(), 1):
        author = _AUTHORS[int(_share(moment.isoformat()) * len(_AUTHORS))]
        # The clocks of the sample are local times, an hour ahead of UTC.
        stamp = f"{author} <{author.lower()}@example.org> {int(moment.timestamp()) - 3600} +0100"
        message = _message(changed).encode()
        yield f"commit refs/heads/main\nmark :{number}\nauthor {stamp}\ncommitter {stamp}\n".encode()
        yield b"data %d\n%s\n" % (len(message), message)
        for path, text in sorted(changed.items()):
            if text is None:
                yield f'D "{path}"\n'.encode()
            else:
                data = text.encode()
                yield f'M 100644 inline "{path}"\ndata {len(data)}\n'.encode() + data + b"\n"
        yield b"\n"


def _message(changed: Mapping[str, str | None]) -> str:
    if len(changed) > 40:
        return "The team's notes go into git"
    pages = sorted(Path(path).stem for path in changed if path.startswith("pages/"))
    if not pages:
        return "Notes of the day"
    return pages[0] if len(pages) == 1 else f"{pages[0]} and {len(pages) - 1} more"


def build_history(folder: Path) -> None:
    """A new repository in a folder, which is made if need be, with all commits on `main`, checked out."""
    folder.mkdir(parents=True, exist_ok=True)

    def git(*arguments: str, data: bytes | None = None) -> None:
        subprocess.run(["git", "-C", str(folder), *arguments], input=data, check=True)  # noqa: S603, S607

    git("init", "-q", "-b", "main", ".")
    git("fast-import", "--quiet", data=b"".join(_stream()))
    git("reset", "-q", "--hard", "main")


if __name__ == "__main__":
    build_history(Path(sys.argv[1]))
