"""What tests of the report share: the sample vault with its history, records and pages of it, small vaults."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from docs.sample_history import build_history
from graphkit.app.load import load
from graphkit.report.report_records import ReportRecords, gather
from graphkit.report.site import Site

if TYPE_CHECKING:
    from graphkit.app.vault import Vault

DAY = dt.date(2026, 3, 2)
EMPTY_ELEMENTS = {"meta", "link", "input", "br", "hr", "img"}


@cache
def sample_folder() -> Path:
    """sample_graph as a git repository; never written to."""
    folder = Path(mkdtemp(prefix="graphkit-report-")) / "sample_graph"
    build_history(folder)
    return folder


@cache
def sample_vault() -> Vault:
    return load(sample_folder(), as_of=DAY)


@cache
def sample_records() -> ReportRecords:
    return gather(sample_vault())


@cache
def sample_site() -> Site:
    return Site(sample_records())


def small_vault(root: Path, pages: dict[str, str]) -> Vault:
    """A Logseq graph with these pages, by title."""
    (root / "logseq").mkdir(parents=True, exist_ok=True)
    (root / "logseq" / "config.edn").write_text("{}", encoding="utf-8")
    (root / "pages").mkdir(exist_ok=True)
    for title, text in pages.items():
        (root / "pages" / f"{title}.md").write_text(text, encoding="utf-8")
    return load(root, as_of=DAY)


class Elements(HTMLParser):
    """Elements of a document: their names, attributes and texts; complains about what is not closed."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.wrong: list[str] = []
        self._open: list[str] = []
        self.feed(markup)
        self.close()
        self.wrong += [f"<{name}> is not closed" for name in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in EMPTY_ELEMENTS:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1] != tag:
            self.wrong.append(f"</{tag}> closes {self._open[-1:]} at {self.getpos()}")
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] not in {"script", "style"}:
            self.texts.append(data)

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.texts))
