"""Whole documents: their policy, their size, their ids and links, the same bytes each time, nothing of the machine."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from report_sites import DAY, Elements, sample_folder, sample_records, sample_vault, small_vault

from graphkit.app.load import load
from graphkit.app.reading.name_lookup import Filters
from graphkit.cli.main import run
from graphkit.report.document import many_files, one_file
from graphkit.report.report_records import gather
from graphkit.report.site import PAGE_WORDS, Site

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = one_file(Site(sample_records()))
ELEMENTS = Elements(WHOLE)


def test_every_element_is_closed_and_every_id_stands_once() -> None:
    assert ELEMENTS.wrong == []
    ids = [attributes["id"] for _, attributes in ELEMENTS.found if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_links_lead_to_what_is_there() -> None:
    ids = {attributes.get("id") for _, attributes in ELEMENTS.found}
    for link in ELEMENTS.named("a"):
        href = link["href"] or ""
        assert href.startswith(("#", "logseq://graph/sample_graph?"))
        assert not href.startswith("#") or href[1:] in ids, href


def test_a_folder_holds_a_file_for_each_page_and_its_links_lead_to_them() -> None:
    site = Site(sample_records(), "folder")
    files = dict(many_files(site))
    assert len(files) == len(site.keys)
    assert "index.html" in files
    ids = {name: {attributes.get("id") for _, attributes in Elements(text).found} for name, text in files.items()}
    for name, text in files.items():
        elements = Elements(text)
        assert elements.wrong == []
        assert len(elements.named("h1")) == len(elements.named("h2")) == 1
        for link in elements.named("a"):
            target, _, anchor = (link["href"] or "").partition("#")
            if not target.startswith("logseq:"):
                assert not anchor or anchor in ids[target or name]
                assert not target or target in files


def test_the_policy_allows_the_own_style_and_script_and_nothing_else() -> None:
    policy = next(meta["content"] or "" for meta in ELEMENTS.named("meta") if "http-equiv" in meta)
    allowed = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    for tag, name in (("style", "style-src"), ("script", "script-src")):
        (inside,) = re.findall(rf"<{tag}>(.*?)</{tag}>", WHOLE, re.DOTALL)
        digest = b64encode(sha256(inside.encode()).digest()).decode()
        assert allowed[name] == f"'sha256-{digest}'"
    assert allowed["default-src"] == allowed["base-uri"] == allowed["form-action"] == "'none'"
    for name, attributes in ELEMENTS.found:
        assert "style" not in attributes
        assert not any(key.startswith("on") for key in attributes)
        assert name not in {"img", "iframe", "object", "embed", "video", "audio", "source", "base"}
        assert "src" not in attributes
    assert not re.search(r"url\(|@import|fetch\(|XMLHttpRequest|WebSocket|innerHTML", WHOLE)


def test_the_report_is_small() -> None:
    count = len(sample_records().details)
    assert len(WHOLE.encode()) <= 100_000 + 15_000 * count
    overview = one_file(Site(sample_records(), only=["overview"]))
    frame = len(one_file(Site(sample_records(), only=["decisions"])).encode())
    assert len(overview.encode()) <= 300_000
    assert frame + (len(overview.encode()) - frame) / count * 100 <= 300_000


def test_a_vault_of_long_pages_has_a_short_report(tmp_path: Path) -> None:
    tasks = "".join(f"\t- TODO {'task ' * 40}{number}\n" for number in range(500))
    notes = "".join(f"- ## Section {number}\n\t- {'words ' * 900}\n" for number in range(40))
    names = ", ".join(f"[[Metric {number}]]" for number in range(30))
    page = f"page-type:: [[experiment]]\nmetrics:: {names}\n\n- ## Work\n{tasks}{notes}"
    values = "".join(f"\t- value:: {day}% on 2026-01-{day:02}\n" for day in range(1, 29))
    pages = {f"Metric {number}": f"page-type:: [[metric]]\nunit:: %\n\n- Log\n{values}" for number in range(30)}
    pages |= {f"Experiment {number}": page for number in range(4)}
    pages |= {f"Goal {number} {'x' * 150}": "page-type:: [[goal]]\n" for number in range(400)}
    text = one_file(Site(gather(small_vault(tmp_path, pages))))
    assert len(text.encode()) <= 100_000 + 15_000 * 4
    assert "Shortened" in text
    assert "Shortened" not in WHOLE


def test_the_same_vault_and_day_give_the_same_bytes_wherever_it_lies(tmp_path: Path) -> None:
    from docs.sample_history import build_history  # noqa: PLC0415

    other = tmp_path / "elsewhere" / "sample_graph"
    build_history(other)
    assert one_file(Site(gather(load(other, as_of=DAY)))) == WHOLE
    assert str(sample_folder().parent) not in WHOLE


def test_only_some_pages() -> None:
    for word in PAGE_WORDS:
        site = Site(sample_records(), only=[word])
        elements = Elements(one_file(site))
        assert elements.wrong == []
        pages = [attributes["id"] for name, attributes in elements.found if name == "section"]
        assert pages == list(site.keys)
        ids = {attributes.get("id") for _, attributes in elements.found}
        for link in elements.named("a"):
            assert (link["href"] or "").startswith("logseq:") or (link["href"] or "")[1:] in ids
    assert Site(sample_records(), only=["goals", "overview"]).keys == ("overview", "goals")


def test_the_options_of_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = ["-g", str(sample_folder()), "--as-of", DAY.isoformat(), "report"]
    assert run([*base, "-o", str(tmp_path / "r.html")]) == 0
    assert (tmp_path / "r.html").read_text(encoding="utf-8") == WHOLE
    assert "Wrote" in capsys.readouterr().err
    assert run(base) == 0
    assert capsys.readouterr().out == WHOLE
    assert run([*base, "-o", f"{tmp_path}/pages/", "--only", "overview", "--only", "experiments"]) == 0
    assert len(list((tmp_path / "pages").iterdir())) == 1 + len(sample_records().details)
    assert run([*base, "--goal", "Grow trial conversion", "--only", "overview", "-o", str(tmp_path / "goal.html")]) == 0
    rows = re.findall(r'<tr id="row-([^"]+)"', (tmp_path / "goal.html").read_text(encoding="utf-8"))
    assert [row[:20] for row in rows] == ["experiment-day-ten-t", "experiment-annual-pl"]
    assert run([*base, "--goal", "Nothing"]) == 2
    assert run([*base, "--only", "decisions", "-o", "/dev/null"]) == 0
    assert run([*base, "--written", "-o", str(tmp_path / "written.html")]) == 0
    assert "as written in the pages" in (tmp_path / "written.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("target", ["pages/New.md", "logseq/report.html", "pages.md/"])
def test_a_report_never_overwrites_the_vault(target: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small_vault(tmp_path, {"E": "page-type:: [[experiment]]\n"})
    code = run(["-g", str(tmp_path), "report", "-o", str(tmp_path / target) + ("/" if target.endswith("/") else "")])
    assert code == (0 if target == "pages.md/" else 2)
    assert "belongs to the vault" in capsys.readouterr().err or target == "pages.md/"


def test_an_empty_vault_has_a_report(tmp_path: Path) -> None:
    elements = Elements(one_file(Site(gather(small_vault(tmp_path, {})))))
    assert elements.wrong == []
    assert "This report has no experiments" in elements.text
    assert len(one_file(Site(gather(small_vault(tmp_path, {}))))) < 60_000


def test_addresses_open_logseq(tmp_path: Path) -> None:
    text = "page-type:: [[experiment]]\n\n- ## Work\n\t- TODO One\n\t  id:: 64a0f0f0-0000-4000-8000-000000000001\n"
    vault = small_vault(tmp_path / "a graph & more", {"Größe 50%": text})
    links = [link["href"] or "" for link in Elements(one_file(Site(gather(vault)))).named("a")]
    own = [link for link in links if link.startswith("logseq:")]
    assert "logseq://graph/a%20graph%20%26%20more?block-id=64a0f0f0-0000-4000-8000-000000000001" in own
    assert any(unquote(link).endswith("?page=Größe 50%") for link in own)


def test_headings_are_in_order_and_tables_have_captions_and_scopes() -> None:
    levels = [int(name[1]) for name, _ in ELEMENTS.found if re.fullmatch("h[1-6]", name)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert len(ELEMENTS.named("table")) == len(ELEMENTS.named("caption"))
    assert all(header.get("scope") for header in ELEMENTS.named("th"))
    assert {"main", "header", "nav", "footer"} <= {name for name, _ in ELEMENTS.found}
    assert all(drawing.get("role") in {"img", "group"} for drawing in ELEMENTS.named("svg"))
    assert WHOLE.count("<svg") == len(re.findall(r"<svg[^>]*><title>[^<]+</title>", WHOLE))


def test_a_fragment_is_an_element_of_its_page_with_its_id() -> None:
    site = Site(sample_records())
    for key in site.keys:
        page = site.page(key)
        assert page.body.startswith(f'<section class="page" id="{key}"')
        for identity, fragment in page.fragments.items():
            assert re.match(rf'<[a-z]+ [^>]*id="{identity}"', fragment)
            assert fragment in page.body


def test_filters_are_said_in_the_report() -> None:
    records = gather(sample_vault(), Filters(owners=("Priya",)))
    assert "owner: Priya" in Elements(one_file(Site(records))).text
