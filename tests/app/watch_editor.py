"""A process that edits pages as a person, Logseq, a synchronisation and a careless editor do; it logs every word.

    python watch_editor.py VAULT LOG SECONDS PAUSE SEED

Each step reads a page, adds a block with a new word at its end, sometimes ticks a task, and saves the whole page in one
of four ways. A word is logged when its save is complete; what a save overwrites unread is this editor's own doing, so
it looks once more right before it writes, as Logseq does.
"""

from __future__ import annotations

import os
import random
import sys
import time
from pathlib import Path

PAGES = ("pages/Build it.md", "pages/Board.md", "pages/Notes.md")


def in_place(path: Path, text: str, _pause: float) -> None:
    fd = os.open(path, os.O_WRONLY)
    try:
        os.write(fd, text.encode())
        os.ftruncate(fd, len(text.encode()))
    finally:
        os.close(fd)


def truncate_and_write(path: Path, text: str, pause: float) -> None:
    with path.open("w", encoding="utf-8", newline="") as page:
        page.flush()
        time.sleep(pause / 4)
        page.write(text[: len(text) // 2])
        page.flush()
        time.sleep(pause / 4)
        page.write(text[len(text) // 2 :])


def atomic(path: Path, text: str, _pause: float) -> None:
    fresh = path.with_name(f"{path.name}.part")
    fresh.write_text(text, encoding="utf-8", newline="")
    fresh.replace(path)


def delete_and_create(path: Path, text: str, pause: float) -> None:
    path.unlink()
    time.sleep(pause / 4)
    path.write_text(text, encoding="utf-8", newline="")


WAYS = (in_place, truncate_and_write, atomic, delete_and_create)


def tick(text: str, chance: random.Random) -> str:
    """The page with one task done, or open again."""
    if chance.random() < 0.5 and "TODO" in text:
        return text.replace("- TODO ", "- DONE ", 1)
    return text.replace("- DONE ", "- TODO ", 1)


def main() -> None:
    root, log, seconds, pause, seed = Path(sys.argv[1]), Path(sys.argv[2]), *map(float, sys.argv[3:6])
    chance = random.Random(seed)  # noqa: S311 - repeatable
    end = time.monotonic() + seconds
    number = 0
    with log.open("w", encoding="utf-8") as words:
        while time.monotonic() < end:
            number += 1
            word = f"word{number:06d}"
            path = root / chance.choice(PAGES)
            before = path.read_bytes().decode()
            text = f"{before.rstrip()}\n- {word}\n"
            if path.name == "Build it.md":
                text = tick(text, chance)
            if path.read_bytes().decode() != before:
                continue
            way = chance.choice(WAYS)
            way(path, text, pause)
            words.write(f"{word} {path.name} {way.__name__}\n")
            words.flush()
            time.sleep(chance.uniform(0, pause * 2))


if __name__ == "__main__":
    main()
