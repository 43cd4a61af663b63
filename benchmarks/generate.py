"""Seeded vaults for measuring: it knows what a team's graph looks like in numbers, and nothing of graphkit.

    python benchmarks/generate.py DIR --pages 10000 --kind mixed --seed 1

The same arguments give the same bytes on every machine.
"""

from __future__ import annotations

import argparse
import random
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar, get_args

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")
Kind = Literal["mixed", "experiments"]

LAST_DAY = date(2026, 3, 2)
"""The newest journal; the others go back from it day by day."""

CONFIG = """{:meta/version 1
 :preferred-format "Markdown"
 :preferred-workflow :todo
 :file/name-format :triple-lowbar
 :journal/page-title-format "MMM do, yyyy"
 :journal/file-name-format "yyyy_MM_dd"
 :feature/enable-timetracking? true
 :hidden []}
"""

ADJECTIVES = (
    "early", "quiet", "shared", "weekly", "narrow", "open", "plain", "second", "guided", "steady", "local", "simple",
    "visible", "missing", "annual", "personal", "cheap", "careful", "first", "late", "common", "naïve", "small", "new",
)  # fmt: skip
NOUNS = (
    "reminder", "checkout", "trial", "survey", "invoice", "onboarding", "notice", "discount", "report", "dashboard",
    "letter", "signup", "search", "delivery", "question", "interview", "backlog", "support chat", "price list",
    "release", "migration", "café", "newsletter", "waiting list", "first week", "help page", "field test", "résumé",
)  # fmt: skip
SUBJECTS = (
    "the team", "most customers", "new people", "nobody", "the second group", "everyone on the list", "our supplier",
    "half of the sample", "the support desk", "a beginner", "the old page", "the control group", "whoever signed up",
)  # fmt: skip
VERBS = (
    "found", "left", "asked about", "compared", "returned to", "skipped", "wanted", "rewrote", "measured", "noticed",
    "opened", "waited for", "talked about", "stopped using", "paid for", "sent back", "tried", "planned", "moved",
)  # fmt: skip
TAILS = (
    "after a week", "in the first month", "before the deadline", "without a reason", "on the phone", "for two weeks",
    "because the retention rate fell", "although repeat purchases rose", "as far as we know", "with a sample of 1,200",
    "at 41.2%, up from 38%", "in three of ten cases", "when churn was high", "– and said so", "in Zürich", "by hand",
    "which costs €3 each time", "since the release", "more often than before", "once the trial conversion was known",
)  # fmt: skip
TAGS = ("idea", "meeting", "question", "decision", "later", "data", "design", "support", "shop", "research")
PEOPLE = ("Ada", "Bo", "Chidi", "Dana", "Emre", "Freya", "Goran", "Hana")
STEPS = (
    "Identify the goals", "Split the sample", "Develop the variants", "Roll out", "Measure the effect",
    "Read the results", "Refine", "Repeat",
)  # fmt: skip
STEP_LENGTHS = (109, 224, 173, 160, 239, 185, 203, 155)
"""Characters of the text below each step, as real experiment pages of this shape have them."""
MARKERS = ("TODO",) * 8 + ("DONE",) * 8 + ("DOING",) * 3 + ("WAITING", "LATER", "NOW", "CANCELED")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
CODE = (
    "def weekly(rows):\n    # - not a bullet, [[not a link]]\n    return sum(row.n for row in rows)",
    "select day, count(*)\nfrom events\nwhere name = 'open'\ngroup by day",
    "- TODO this is text\n- and so is this",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultSummary:
    """What was written: pages by kind (they add up to `pages`), and what they hold together."""

    root: Path
    pages: int
    experiments: int
    goals: int
    metrics: int
    journals: int
    notes: int
    blocks: int
    """Bullets and headings; page properties are not counted."""
    tasks: int
    size: int
    """Bytes of all pages."""


def journal_title(day: date) -> str:
    """The title of a day's journal in Logseq's default format: `Mar 2nd, 2026`."""
    number = day.day
    suffix = "th" if 11 <= number <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{MONTHS[day.month - 1]} {number}{suffix}, {day.year}"


def file_stem(title: str) -> str:
    """The file name, without extension, of a title made here (`:triple-lowbar`; only `/` and `?` occur)."""
    return title.replace("/", "___").replace("?", "%3F")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Titles:
    experiments: tuple[str, ...]
    goals: tuple[str, ...]
    metrics: tuple[str, ...]
    days: tuple[date, ...]
    notes: tuple[str, ...]


class _Writer:
    """Pages as lists of lines, with running counts; everything random comes from one generator."""

    def __init__(self, seed: int, titles: _Titles, linkable: Sequence[str]) -> None:
        self._random = random.Random(seed)
        self.titles = titles
        self._linkable = linkable
        self._ids: list[str] = []
        self.blocks = 0
        self.tasks = 0
        self._lines: list[str] = []
        sentences = [self._sentence() for _ in range(3000)]
        self._prose = " ".join(sentences)
        self._starts: list[int] = []
        at = 0
        for sentence in sentences[:-30]:
            self._starts.append(at)
            at += len(sentence) + 1

    # --- choices

    def _pick(self, options: Sequence[T]) -> T:
        return options[int(self._random.random() * len(options))]

    def _chance(self, probability: float) -> bool:
        return self._random.random() < probability

    def _sentence(self) -> str:
        pick = self._pick
        subject, tail = pick(SUBJECTS), pick(TAILS)
        return f"{subject[0].upper()}{subject[1:]} {pick(VERBS)} the {pick(ADJECTIVES)} {pick(NOUNS)} {tail}."

    def text(self, length: int) -> str:
        """Prose of about `length` characters, cut after a word."""
        start = self._pick(self._starts)
        stop = self._prose.find(" ", start + length)
        return self._prose[start:stop].rstrip(".,– ")

    def link(self) -> str:
        """A title; few of them are named often, most hardly ever."""
        return self._linkable[int(len(self._linkable) * self._random.random() ** 3)]

    def day(self) -> date:
        return LAST_DAY - timedelta(days=int(self._random.random() * 400))

    def stamp(self) -> str:
        day = self.day() + timedelta(days=40)
        repeater = " .+1w" if self._chance(0.1) else ""
        return f"<{day} {WEEKDAYS[day.weekday()]}{repeater}>"

    # --- lines

    def block(self, depth: int, text: str, *more: str) -> None:
        """A bullet at `depth` (0 = top) with its continuation lines."""
        self.blocks += 1
        tabs = "\t" * depth
        self._lines.append(f"{tabs}- {text}")
        self._lines += [f"{tabs}  {line}" for line in more]

    def task(self, depth: int, text: str, *more: str) -> None:
        """A task with a random marker; done ones mostly carry a clock."""
        self.tasks += 1
        marker = self._pick(MARKERS)
        lines = list(more)
        if marker == "DONE" and self._chance(0.7):
            day = self.day()
            clock = f"{day} {WEEKDAYS[day.weekday()]}"
            lines += [":LOGBOOK:", f"CLOCK: [{clock} 09:00:00]--[{clock} 10:30:00] =>  01:30:00", ":END:"]
        self.block(depth, f"{marker} {text}", *lines)

    def take(self, properties: Sequence[str] = ()) -> str:
        """The page as Logseq saves it: properties, a blank line, blocks, no final line break."""
        body = "\n".join(self._lines)
        self._lines = []
        return "\n".join([*properties, "", body]) if properties else body

    # --- pages

    def experiment(self) -> str:
        """27 bullets and 9 tasks: goals, hypothesis, related items, a work tree of eight steps, expected outcome."""
        block, text = self.block, self.text
        properties = ["page-type:: [[experiment]]"]
        if self._chance(0.6):
            properties.append(f"owner:: [[{self._pick(PEOPLE)}]]")
            properties.append(f"start-date:: [[{journal_title(self.day())}]]")
            properties.append(f"due:: [[{journal_title(self.day() + timedelta(days=90))}]]")
        if self.titles.metrics and self._chance(0.5):
            properties.append(f"primary:: [[{self._pick(self.titles.metrics)}]]")
        goals = self.titles.goals or ("Keep customers", "Know what works")
        block(0, "### #[[goal]]")
        block(1, f"#goal [[{self._pick(goals)}]]")
        block(1, f"#goal [[{self._pick(goals)}]]")
        block(0, "### Hypothesis")
        block(1, text(166))
        block(0, "### Related items")
        block(1, f"[[{self.link()}]]")
        block(0, "### #[[work]]")
        name = self._pick(NOUNS)
        self.task(1, f"[[Work on the {name}]]")
        for step, length in zip(STEPS, STEP_LENGTHS, strict=True):
            self.task(2, f"[[{step} ({name})]]")
            block(3, text(length))
        block(0, "### Expected outcome")
        block(1, text(565))
        return self.take(properties)

    def goal(self) -> str:
        for _ in range(3):
            self.block(0, self.text(160))
        self.block(0, f"Measured by [[{self._pick(self.titles.metrics)}]]")
        return self.take(["page-type:: [[goal]]", f"owner:: [[{self._pick(PEOPLE)}]]", "due:: [[Jun 30th, 2026]]"])

    def metric(self, number: int) -> str:
        base = 10 + self._random.randrange(300) / 10
        properties = [
            "page-type:: [[metric]]",
            f"alias:: M{number}",
            "unit:: %",
            "direction:: up",
            f"baseline:: {base:.1f}% on [[Jan 1st, 2026]]",
            f"target:: {base + 6:.1f}% by [[Jun 30th, 2026]]",
            f"guard:: >= {base - 3:.1f}%",
            "cadence:: weekly",
        ]
        self.block(0, self.text(140))
        if self._chance(0.5):
            rows = [f"| {self.day()} | {base + i * 0.2:.1f}% | {900 + i} |" for i in range(8)]
            self.block(0, "### Observations", "| date | value | n |", "|--|--|--|", *rows)
        return self.take(properties)

    def journal(self) -> str:
        properties: list[str] = []
        if self._chance(0.05):
            properties.append(f"weather:: {self._pick(ADJECTIVES)}")
        self._outline(6 + self._random.randrange(8), tasks=0.15, links=0.4)
        if self.titles.metrics and self._chance(0.3):
            value = 10 + self._random.randrange(400) / 10
            self.block(0, f"#metric [[{self._pick(self.titles.metrics)}]] {value:.1f}% (n=1200) {self.text(20)}")
        return self.take(properties)

    def note(self, number: int) -> str:
        properties: list[str] = []
        if self._chance(0.4):
            properties.append(f"tags:: {self._pick(TAGS)}, {self._pick(TAGS)}")
            if self._chance(0.25):
                properties.append(f"alias:: N{number}")
        blocks = 8 + self._random.randrange(9)
        if self._chance(0.004):
            blocks *= 30
        self._outline(blocks, tasks=0.05, links=0.3)
        return self.take(properties)

    def _outline(self, count: int, *, tasks: float, links: float) -> None:
        depth = 0
        for index in range(count):
            if index:
                depth = max(0, min(depth + self._pick((-2, -1, 0, 0, 0, 1, 1)), 6))
            text = self.text(15 + int(self._random.random() * 90))
            if self._chance(links):
                text += f" [[{self.link()}]]"
            if self._chance(0.08):
                text += f" #{self._pick(TAGS)}"
            more: list[str] = []
            what = self._random.random()
            if what < 0.03:
                identity = f"{self._random.getrandbits(128):032x}"
                identity = "-".join((identity[:8], identity[8:12], identity[12:16], identity[16:20], identity[20:]))
                self._ids.append(identity)
                more.append(f"id:: {identity}")
            elif what < 0.06 and self._ids:
                text += f" (({self._pick(self._ids)}))"
            elif what < 0.09:
                more.append(f"source:: {self._pick(PEOPLE)}")
            elif what < 0.11:
                more += ["```", *self._pick(CODE).split("\n"), "```"]
            if self._chance(tasks):
                if self._chance(0.2):
                    more.insert(0, f"{self._pick(('SCHEDULED', 'DEADLINE'))}: {self.stamp()}")
                self.task(depth, f"[#{self._pick('ABC')}] {text}" if self._chance(0.1) else text, *more)
            elif index and depth == 0 and self._chance(0.1):
                self.block(depth, f"## {text}", *more)
            else:
                self.block(depth, text, *more)


def _plan(pages: int, kind: Kind) -> _Titles:
    """Titles by kind: 2 % experiments, 5 % goals and metrics, 33 % journals, the rest notes; or only experiments."""
    experiments = pages if kind == "experiments" else max(1, round(pages * 0.02))
    others = pages - experiments
    metrics = min(others, max(1, round(pages * 0.03))) if others else 0
    goals = min(others - metrics, max(1, round(pages * 0.02))) if others else 0
    journals = min(others - metrics - goals, round(pages * 0.33))
    notes = others - metrics - goals - journals

    def title(number: int, kind: str) -> str:
        adjective = ADJECTIVES[number % len(ADJECTIVES)].capitalize()
        return f"{adjective} {NOUNS[number // len(ADJECTIVES) % len(NOUNS)]} {kind}{number}"

    def note_title(number: int) -> str:
        plain = title(number, "")
        if number % 20 == 7:
            return f"Projects/{plain}"
        return f"{plain}?" if number % 50 == 11 else plain

    return _Titles(
        experiments=tuple(title(i, "test ") for i in range(experiments)),
        goals=tuple(title(i, "goal ") for i in range(goals)),
        metrics=tuple(title(i, "rate ") for i in range(metrics)),
        days=tuple(LAST_DAY - timedelta(days=i) for i in range(journals)),
        notes=tuple(note_title(i) for i in range(notes)),
    )


def write_vault(root: Path, *, pages: int, kind: str = "mixed", seed: int = 1) -> VaultSummary:
    """Write a Logseq graph of exactly `pages` Markdown files into `root`, which must be absent or empty.

    Raises:
        ValueError: `pages` is below 1 or `kind` is neither `mixed` nor `experiments`.
        FileExistsError: there is something in `root`.
    """
    if pages < 1:
        raise ValueError(f"a vault has at least one page, not {pages}")
    if kind not in get_args(Kind):
        raise ValueError(f"kind is one of {', '.join(get_args(Kind))}, not {kind}")
    if root.is_dir() and any(root.iterdir()):
        raise FileExistsError(f"{root} is not empty")
    titles = _plan(pages, "experiments" if kind == "experiments" else "mixed")
    linkable = [*titles.experiments, *titles.goals, *titles.metrics, *titles.notes]
    random.Random(seed).shuffle(linkable)
    writer = _Writer(seed, titles, linkable)
    for folder in ("logseq", "pages", "journals"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    (root / "logseq" / "config.edn").write_bytes(CONFIG.encode())
    size = 0
    prefix = str(root)

    def write(folder: str, stem: str, text: str) -> None:
        nonlocal size
        data = text.encode()
        size += len(data)
        with open(f"{prefix}/{folder}/{stem}.md", "wb") as file:  # noqa: PTH123 - a Path a page costs a third of the time
            file.write(data)

    for title in titles.experiments:
        write("pages", file_stem(title), writer.experiment())
    for title in titles.goals:
        write("pages", file_stem(title), writer.goal())
    for number, title in enumerate(titles.metrics):
        write("pages", file_stem(title), writer.metric(number))
    for day in titles.days:
        write("journals", f"{day:%Y_%m_%d}", writer.journal())
    for number, title in enumerate(titles.notes):
        write("pages", file_stem(title), writer.note(number))
    return VaultSummary(
        root=root,
        pages=pages,
        experiments=len(titles.experiments),
        goals=len(titles.goals),
        metrics=len(titles.metrics),
        journals=len(titles.days),
        notes=len(titles.notes),
        blocks=writer.blocks,
        tasks=writer.tasks,
        size=size,
    )


def main() -> None:
    """Write one vault as the command line says, and print what is in it."""
    parser = argparse.ArgumentParser(description="Write a Logseq graph for benchmarks.")
    parser.add_argument("root", type=Path, metavar="DIR", help="absent or empty folder")
    parser.add_argument("--pages", type=int, default=1000, metavar="N")
    parser.add_argument("--kind", choices=get_args(Kind), default="mixed")
    parser.add_argument("--seed", type=int, default=1, metavar="S")
    arguments = parser.parse_args()
    try:
        summary = write_vault(arguments.root, pages=arguments.pages, kind=arguments.kind, seed=arguments.seed)
    except (ValueError, FileExistsError) as error:
        parser.error(str(error))
    print(
        f"{summary.root}: {summary.pages} pages ({summary.experiments} experiments, {summary.goals} goals, "
        f"{summary.metrics} metrics, {summary.journals} journals, {summary.notes} notes), "
        f"{summary.blocks} blocks, {summary.tasks} tasks, {summary.size / 1e6:.1f} MB"
    )


if __name__ == "__main__":
    main()
