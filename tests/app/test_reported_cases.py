"""Kinds of input on which users of other tools reported a wrong or silent reading; each with further inputs."""

from __future__ import annotations

import datetime as dt
import json
import unicodedata
from typing import TYPE_CHECKING

import pytest

from graphkit.app.failures import RequestError
from graphkit.app.load import load
from graphkit.app.reading.check import report_check
from graphkit.app.reading.strategies import report_strategies
from graphkit.app.writing.task import change_marker
from graphkit.vault.obsidian import journal_format, read_obsidian

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from graphkit.app.vault import Vault

DAY = dt.date(2026, 3, 2)
NOW = dt.datetime(2026, 3, 2, 9, 0)  # noqa: DTZ001 - notes carry no zone
ID = "65f1c0de-0000-4000-8000-000000000001"


def vault(folder: Path, pages: Mapping[str, str], config: str | None = "{}") -> Path:
    files = dict(pages) if config is None else {"logseq/config.edn": config, **pages}
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def opened(folder: Path) -> Vault:
    return load(folder, as_of=DAY, whole=True)


def findings(folder: Path, code: str) -> list[tuple[str, int, str, str]]:
    report = report_check(opened(folder), select=(code,))
    return [(found.path, found.line, found.message, found.hint) for found in report.findings]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("- `retention-rate:: 42%`", [1]),
        ("- text in code: `alias:: x`\n  `alias:: [[also not one]]`", [2]),
        ("- `g:: h`", [1]),
        ("- 语法：`name:: value`", [1]),
        ("- a\n\t- `due:: 2026-01-01` and more", [2]),
        ("- ``a:: b``", [1]),
        ("- how to log: `retention-rate:: 41%`", []),
        ("- write `owner` and `due::`", []),
        ("- ```\n  `a:: b`\n  ```", []),
    ],
)
def test_a_key_in_backticks_that_logseq_takes_for_a_property_is_reported(
    tmp_path: Path, text: str, lines: list[int]
) -> None:
    found = findings(vault(tmp_path, {"pages/Doc.md": text}), "E151")
    assert [line for _, line, _, _ in found] == lines
    assert all("code" in hint for _, _, _, hint in found)


@pytest.mark.parametrize(
    ("config", "line"),
    [
        ("{:meta/version 1\n<<<<<<< HEAD\n :a 1\n=======\n :a 2\n>>>>>>> x\n}", 2),
        ("<<<<<<< Updated upstream\n{:a 1}\n=======\n{:a 2}\n>>>>>>> Stashed changes\n", 1),
        ("{:a 1\n=======\n>>>>>>> main\n}", 2),
        ('{:hidden [\n<<<<<<< ours\n"a"\n||||||| base\n=======\n"b"\n>>>>>>> theirs\n', 2),
        ("{:a {\n>>>>>>> feature/x\n", 2),
    ],
)
def test_a_merge_conflict_in_the_configuration_is_named(tmp_path: Path, config: str, line: int) -> None:
    ((path, at, message, hint),) = findings(vault(tmp_path, {"pages/A.md": "- a"}, config), "E101")
    assert (path, at) == ("logseq/config.edn", line)
    assert "merge conflict" in message
    assert "resolve the conflict" in hint


@pytest.mark.parametrize("config", ["{:a", "{:a 1 :b}", "[1]", '{:a "<<<<<<< HEAD"'])
def test_other_faults_of_the_configuration_are_not_called_a_conflict(tmp_path: Path, config: str) -> None:
    ((_, _, message, _),) = findings(vault(tmp_path, {"pages/A.md": "- a"}, config), "E101")
    assert "conflict" not in message


@pytest.mark.parametrize("name", ["Übung", "Ärger und Ölung", "Café", "ガイド", "Ångström", "é"])
def test_paths_that_look_the_same_are_told_apart_in_words(tmp_path: Path, name: str) -> None:
    pages = {f"pages/{unicodedata.normalize(form, name)}.md": f"- {form}" for form in ("NFC", "NFD")}
    folder = vault(tmp_path, pages)
    if len(list((folder / "pages").iterdir())) < 2:
        pytest.skip("this file system keeps only one of the names")
    ((path, _, message, _),) = findings(folder, "E123")
    form = "composed (NFC)" if unicodedata.is_normalized("NFC", path) else "decomposed (NFD)"
    assert f"only by its Unicode form, which is {form} here" in message
    ((_, _, twin, _),) = findings(folder, "E204")
    assert "differ only in their Unicode form" in twin


def test_paths_that_differ_by_case_are_not_said_to_look_the_same(tmp_path: Path) -> None:
    folder = vault(tmp_path, {"pages/Plan.md": "- a", "pages/plan.md": "- b"})
    if len(list((folder / "pages").iterdir())) < 2:
        pytest.skip("this file system keeps only one of the names")
    assert [message for _, _, message, _ in findings(folder, "E123") if "Unicode form, which" in message] == []


COPIED = {
    "done first": f"- DONE Prep\n  id:: {ID}\n- TODO Prep\n  id:: {ID}\n",
    "open first": f"- TODO Prep\n  id:: {ID}\n- DONE Prep\n  id:: {ID}\n",
    "other marker": f"- CANCELED Prep\n  id:: {ID}\n- DOING Prep\n  id:: {ID}\n",
    "other words": f"- DONE Prep, first part\n  id:: {ID}\n- TODO Prep\n  id:: {ID}\n",
    "three": f"- DONE Prep\n  id:: {ID}\n- DONE Prep\n  id:: {ID}\n- LATER Prep\n  id:: {ID}\n",
}


@pytest.mark.parametrize("text", COPIED.values(), ids=COPIED)
def test_a_copied_id_does_not_hide_the_open_task(tmp_path: Path, text: str) -> None:
    folder = vault(tmp_path / "vault", {"pages/Prep.md": text})
    environ = {"XDG_STATE_HOME": str(tmp_path / "state"), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    report = change_marker(opened(folder), "done", "Prep", NOW, environ, dry_run=True)
    expected = next(
        number
        for number, line in enumerate(text.split("\n"), 1)
        if line.startswith(("- TODO Prep", "- DOING Prep", "- LATER Prep"))
    )
    assert (report.line, report.after) == (expected, "DONE")
    with pytest.raises(RequestError, match="tasks have the id") as caught:
        change_marker(opened(folder), "done", ID, NOW, environ, dry_run=True)
    assert f"pages/Prep.md:{expected}" in caught.value.hint


STALE = (
    "- DOING b\n  :LOGBOOK:\n  CLOCK: [2026-03-02 Mon 09:00:00]\n  :END:\n"
    "- TODO c\n  some words\n\t- a note\n\n- plain\n  words\n"
)


@pytest.mark.parametrize(("line", "first"), [(2, 1), (3, 1), (4, 1), (6, 5), (10, 9)])
def test_a_line_inside_a_block_names_no_task(tmp_path: Path, line: int, first: int) -> None:
    folder = vault(tmp_path / "vault", {"pages/L.md": STALE})
    with pytest.raises(RequestError, match=f"line {line} of pages/L.md belongs to the block at line {first}") as caught:
        change_marker(opened(folder), "doing", f"L:{line}", NOW, {}, dry_run=True)
    assert f"pages/L.md:{first}" in caught.value.hint


@pytest.mark.parametrize(
    ("moment", "name"),
    [
        ("YYYY-MM-DD", "2026-02-18"),
        ("DD.MM.YYYY - dddd", "18.02.2026 - Wednesday"),
        ("YYYY/MM/YYYYMMDD", "20260218"),
        ("MMMM Do, YYYY", "February 18th, 2026"),
        ("[Daily] YYYY-MM-DD", "Daily 2026-02-18"),
        ("ddd D MMM YY", "Wed 18 Feb 26"),
    ],
)
def test_daily_notes_are_named_as_obsidian_is_set_up(tmp_path: Path, moment: str, name: str) -> None:
    pages = {
        ".obsidian/daily-notes.json": json.dumps({"format": moment, "folder": "Daily"}),
        "M/Retention rate.md": '---\ntype: metric\nunit: "%"\n---\n',
        f"Daily/{name}.md": "retention-rate:: 41.3%\n",
    }
    page = opened(vault(tmp_path, pages, None)).catalog.at_path(f"Daily/{name}.md")
    assert page is not None
    assert page.journal_day == dt.date(2026, 2, 18)


@pytest.mark.parametrize("moment", ["gggg-[W]ww", "YYYY-MM", "YYYY-MM-DD HH:mm", "", "DD.MM", "[note]", "YYYY[", "Q"])
def test_formats_that_name_no_day_are_left_alone(moment: str) -> None:
    assert journal_format(moment) is None


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{", b"null", b'{"format": 3}', b"[" * 90_000, b"\xff\xfe", b"x" * 200_000]
)
def test_settings_of_obsidian_that_cannot_be_read_count_as_absent(data: bytes) -> None:
    assert read_obsidian(data, data) == read_obsidian(None, None)


def test_the_setting_overrides_obsidian_and_serves_plain_folders(tmp_path: Path) -> None:
    pages = {"graphkit.toml": '[journals]\nformat = "dd.MM.yyyy"\n', "18.02.2026.md": "- a\n", "2026-02-19.md": "- b\n"}
    vaults = opened(vault(tmp_path, pages, None))
    assert sorted(page.journal_day for page in vaults.catalog.pages() if page.journal_day) == [
        dt.date(2026, 2, 18), dt.date(2026, 2, 19),
    ]  # fmt: skip
    with pytest.raises(RequestError, match=r"journals\.format"):
        load(vault(tmp_path / "b", {"graphkit.toml": '[journals]\nformat = "qq"\n', "a.md": "- a"}, None), as_of=DAY)


@pytest.mark.parametrize("folder", ["templates", "Templates/", "/meta/templates", "T 1", "templates/sub"])
def test_the_folder_of_obsidians_templates_is_ignored(tmp_path: Path, folder: str) -> None:
    clean = folder.strip("/")
    pages = {
        ".obsidian/templates.json": json.dumps({"folder": folder}),
        f"{clean}/ab-test.md": "---\ntags: [experiment]\nstart-date: {{start_date}}\n---\n- [ ] a\n",
        f"{clean}-of-mine/Mail.md": "---\ntags: [experiment]\n---\n- [ ] a\n",
    }
    found = opened(vault(tmp_path, pages, None))
    assert [page.path for page in found.catalog.pages()] == [f"{clean}-of-mine/Mail.md"]
    assert f"{clean}/" in found.ignored


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("c&#124;d", "c|d"), ("R&amp;D days", "R&D days"), ("&lt;5 minutes", "<5 minutes"), ("a&nbsp;b", "a b"),
        ("&#x7C;x", "|x"), ("AT&T plan", "AT&T plan"),
    ],
)  # fmt: skip
def test_html_entities_in_the_cells_of_a_table_are_characters(tmp_path: Path, cell: str, name: str) -> None:
    table = f"- | Strategy | Key Metrics |\n  |--|--|\n  | {cell} | {cell}; NPS |\n"
    report = report_strategies(opened(vault(tmp_path, {"pages/S.md": f"page-type:: [[strategy]]\n\n{table}"})), ())
    (row,) = report.strategies
    assert row.title == name
    assert [metric.title for metric in row.metrics] == [name, "NPS"]
