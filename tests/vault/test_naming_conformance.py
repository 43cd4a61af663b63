"""Names, journal days and duplicates of the conformance graphs, as Logseq itself gave them."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

import pytest
from shared_material import CONFORMANCE, CORPORA, SHARED, needs_shared

from graphkit.store.reading.files import walk
from graphkit.vault.config import GraphConfig, read_config
from graphkit.vault.journal import journal_formats
from graphkit.vault.layout import Dialect, arrange
from graphkit.vault.names import PageName, namespace_parents, page_name, title_of_file

if TYPE_CHECKING:
    from pathlib import Path


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]


CASES = {case["name"]: case for name in ("cases", "random-pages") for case in lines(CONFORMANCE / f"{name}.jsonl.gz")}
VAULTS = sorted((SHARED / "conformance/vaults").glob("*.jsonl.gz"))
NAMING = [
    name
    for name in CASES
    if name.startswith(("names-", "journal-", "cfg-", "pp-title", "fuzz-"))
    or name in {"hidden-config", "dup-case", "empty-title"}
]


def shown(pages: list[dict[str, Any]]) -> dict[str, tuple[str, int | None, str | None]]:
    """By file: name, journal day and namespace."""
    return {
        page["file"]: (page.get("name", ""), page.get("journal_day"), page.get("namespace"))
        for page in pages
        if "file" in page
    }


def read(path: str, config: GraphConfig, title: str | None) -> tuple[str, int | None, str | None]:
    """The same of one file, by our rules."""
    found = title_of_file(path, config, title)
    parents = namespace_parents(found.title)
    day = found.journal_day
    return (
        found.name,
        int(day.strftime("%Y%m%d")) if day else None,
        page_name(parents[0]) if parents else None,
    )


NAMES_NOTHING = {("empty-title", "pages/t6.md")}
"""Files whose `title::` stands below other text: a property that names nothing (spec: logseq-format §2.2)."""


@pytest.mark.parametrize("name", NAMING)
def test_files_are_the_pages_that_logseq_makes_of_them(name: str) -> None:
    case = CASES[name]
    files: dict[str, str] = {
        path: text for path, text in case["files"].items() if isinstance(text, str) and text.strip()
    }
    config, _ = read_config(files.get("logseq/config.edn", ""))
    expected = shown(case["pages"])
    titles = {
        page["file"]: page["properties"]["title"]
        for page in case["pages"]
        if "title" in page.get("properties", {}) and (name, page["file"]) not in NAMES_NOTHING
    }
    skipped = {item["file"] for item in case.get("skipped") or ()}
    pages = [path for path in arrange(files, Dialect.LOGSEQ, config.hidden).pages if path not in skipped]
    assert {path: read(path, config, titles.get(path)) for path in pages} == expected


@pytest.mark.parametrize("name", ["journal-in-pages", "dup-case"])
def test_the_first_of_two_files_for_one_page_wins(name: str) -> None:
    case = CASES[name]
    kept: dict[PageName, str] = {}
    skipped: list[dict[str, str]] = []
    for path in arrange(case["files"], Dialect.LOGSEQ).pages:
        title = case["files"][path].partition("\n")[0].partition("title:: ")[2] or None
        page = title_of_file(path, GraphConfig(), title).name
        if page in kept:
            skipped.append({"file": path, "kept": kept[page]})
        kept.setdefault(page, path)
    assert sorted(skipped, key=str) == sorted(case["skipped"], key=str)


@pytest.mark.parametrize("name", ["journal-refs", "lowercase-unicode", "ns-refs"])
def test_references_name_the_pages_that_logseq_makes_of_them(name: str) -> None:
    case = CASES[name]
    text = "\n".join(case["files"].values())
    formats = journal_formats(GraphConfig().journal_title_format)
    targets = [part.partition("]]\n")[0].removesuffix("]]") for part in text.replace("]] ", "]]\n").split("[[")[1:]]
    if name == "ns-refs":
        targets = ["a/b/c", "x/y/z", "../rel/p", "./rel", "a//b", "A/B [[c/d]]", "c/d"]
    titles = [formats.normalise(target) for target in targets]
    names = {page_name(title) for title in titles}
    names |= {page_name(parent) for title in titles for parent in namespace_parents(title)}
    assert names == {page["name"] for page in case["pages"] if "file" not in page}


@needs_shared
@pytest.mark.parametrize("golden", [path for path in VAULTS if ".queries" not in path.name], ids=lambda path: path.name)
def test_real_vaults_have_the_pages_that_logseq_found(golden: Path) -> None:
    head, *pages = lines(golden)
    root: Path = CORPORA / golden.name.partition(".")[0] / head["root"]
    settings = root / "logseq/config.edn"
    config, _ = read_config(settings.read_text(encoding="utf-8") if settings.is_file() else "")
    expected = shown(pages)
    if "2021-01-05.md" in expected:
        # A reference [[202-10-15]] elsewhere gives this page the day 2021015 in Logseq; ours keeps its own.
        expected["2021-01-05.md"] = ("2021-01-05", 20210105, None)
    titles = {page["file"]: page.get("properties", {}).get("title") for page in pages}
    left_out = {item["file"] for item in head["skipped"]} | set(head["failed"])
    found = arrange([entry.path for entry in walk(root).files], Dialect.LOGSEQ, config.hidden).pages
    ours = {
        normalize("NFC", path): read(path, config, titles.get(normalize("NFC", path)))
        for path in found
        if normalize("NFC", path) not in left_out and (root / path).read_text(encoding="utf-8").strip()
    }
    assert ours == expected
