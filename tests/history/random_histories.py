"""Random vaults with random histories, and what is true of them: written down as they are made, not read from them."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from git_repositories import Draft

MARKERS = ("TODO", "TODO", "DOING", "WAITING", "DONE", "CANCELED", "LATER", "NOW")
WORDS = [
    "write",
    "draft",
    "build",
    "check",
    "measure",
    "ship",
    "review",
    "invite",
    "plan",
    "call",
    "price",
    "list",
    "mail",
    "page",
    "form",
    "test",
    "survey",
    "group",
    "report",
]


@dataclass
class Block:
    text: str
    marker: str = ""
    level: int = 0
    estimate: str = ""
    identity: str = ""

    def lines(self) -> str:
        tabs = "\t" * self.level
        head = f"{tabs}- {self.marker} {self.text}\n" if self.marker else f"{tabs}- {self.text}\n"
        extra = f"{tabs}  estimate:: {self.estimate}\n" if self.estimate else ""
        extra += f"{tabs}  id:: {self.identity}\n" if self.identity else ""
        return head + extra


@dataclass
class Page:
    experiment: bool
    blocks: list[Block] = field(default_factory=list)
    alias: str = ""
    progress: str = ""
    born: int = 0
    """Number of the page, which stays when it is renamed."""

    def text(self) -> str:
        head = "page-type:: [[experiment]]\n" if self.experiment else ""
        head += f"alias:: {self.alias}\n" if self.alias else ""
        head += f"progress:: {self.progress}\n" if self.progress else ""
        return (f"{head}\n" if head else "") + "".join(block.lines() for block in self.blocks)


class RandomVault:
    """A vault that changes at random; `draft.steps` are its commits, `renamed` says what its pages are called now."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - a seeded test
        self.draft = Draft(files={"logseq/config.edn": "{}\n"})
        self.pages: dict[str, Page] = {}
        self.count = 0
        self.numbers: list[dict[int, str]] = []
        """For each commit the path of each page by its number, which it keeps when it is renamed."""

    def run(self, commits: int) -> Draft:
        day = date(2026, 1, 5)
        for _ in range(self.random.randint(2, 4)):
            self.new_page(experiment=self.random.random() < 0.7)
        self.new_page(experiment=True)
        self.commit(day)
        for _ in range(commits):
            for _ in range(self.random.randint(1, 4)):
                self.change()
            day += timedelta(days=self.random.choice((0, 0, 1, 2, 5)))
            # An author's clock may run behind; days never run back.
            written = day - timedelta(days=self.random.choice((0, 0, 0, 3)))
            self.commit(written)
        return self.draft

    def commit(self, day: date) -> None:
        files = {f"pages/{title}.md": page.text() for title, page in self.pages.items()}
        self.draft.files = {"logseq/config.edn": "{}\n", **files}
        self.numbers.append({page.born: f"pages/{title}.md" for title, page in self.pages.items()})
        self.draft.commit(day, zone=self.random.choice(("+0000", "+0530", "-0800", "+1300")))

    def sentence(self) -> str:
        self.count += 1
        return " ".join(self.random.choices(WORDS, k=3)) + f" {self.count}"

    def new_page(self, *, experiment: bool) -> None:
        self.count += 1
        page = Page(experiment, born=self.count)
        if experiment and self.random.random() < 0.5:
            page.blocks.append(Block("## Work"))
        for _ in range(self.random.randint(0, 6)):
            self.add_task(page)
        self.pages[f"Page {self.count}"] = page

    def add_task(self, page: Page) -> None:
        heading = bool(page.blocks) and page.blocks[0].text == "## Work"
        deepest = page.blocks[-1].level + 1 if page.blocks else 0
        level = self.random.randint(1 if heading else 0, max(deepest, 1 if heading else 0))
        block = Block(self.sentence(), self.random.choice(MARKERS), level)
        if self.random.random() < 0.15 and self.pages:
            block.text = f"[[{self.random.choice(list(self.pages))}]]"
        elif self.random.random() < 0.1:
            known = [other.identity for one in self.pages.values() for other in one.blocks if other.identity]
            block.text = f"(({self.random.choice(known)}))" if known else block.text
        if self.random.random() < 0.25:
            block.estimate = self.random.choice(("1h", "2h", "1d", "3", "0.5-2h", "M"))
        if self.random.random() < 0.2:
            block.identity = f"{self.random.getrandbits(32):08x}-0000-4000-8000-{self.count:012x}"
        page.blocks.append(block)

    def change(self) -> None:
        title = self.random.choice(list(self.pages))
        page = self.pages[title]
        tasks = [block for block in page.blocks if block.marker]
        kind = self.random.random()
        if kind < 0.4 and tasks:
            self.random.choice(tasks).marker = self.random.choice(MARKERS)
        elif kind < 0.6:
            self.add_task(page)
        elif kind < 0.66 and tasks:
            page.blocks.remove(self.random.choice(tasks))
        elif kind < 0.74 and tasks:
            block = self.random.choice(tasks)
            if not block.text.startswith(("[[", "((")):
                block.text += " soon"
        elif kind < 0.78 and tasks:
            self.random.choice(tasks).estimate = self.random.choice(("", "4h", "2", "1-3d"))
        elif kind < 0.82:
            self.count += 1
            self.pages[f"Page {self.count}"] = self.pages.pop(title)
        elif kind < 0.86 and tasks:
            other = self.pages[self.random.choice(list(self.pages))]
            block = self.random.choice(tasks)
            page.blocks.remove(block)
            block.level = 1 if other.blocks and other.blocks[0].text == "## Work" else 0
            other.blocks.append(block)
        elif kind < 0.89:
            page.alias = self.random.choice(("", "Other name", f"Page {self.random.randint(1, 20)}"))
        elif kind < 0.92:
            page.progress = self.random.choice(("", "count", "estimate"))
        elif kind < 0.94:
            page.experiment = not page.experiment
        elif kind < 0.97:
            self.new_page(experiment=self.random.random() < 0.6)
        elif len(self.pages) > 2:
            del self.pages[title]
