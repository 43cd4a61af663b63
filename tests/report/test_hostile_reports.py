"""Whatever a vault holds stays text in a report: titles, values, tables, links, a million characters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from report_sites import Elements, small_vault

from graphkit.report.document import one_file
from graphkit.report.report_records import gather
from graphkit.report.safe_text import clean
from graphkit.report.site import Site

if TYPE_CHECKING:
    from pathlib import Path

ATTACKS = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "]]><x>", "--><b>", "</title><script>1</script>",
    '" onmouseover="alert(1)', "' autofocus onfocus='alert(1)", "{{ 7 * 7 }}", "{% raw %}", "&lt;b&gt;",
    "\u202eevil\u2066",
    "\x1b[31m", "</section></main>", "javascript:alert(1)", "${1}", "a\u0000b", "%s%n",
)  # fmt: skip
LINKS = (
    "[a](javascript:alert(1))", "[a](JaVaScRiPt:alert(1))", "[a](data:text/html,x)", "[a](vbscript:x)",
    "[a](&#106;avascript:alert(1))", "[a](\tjavascript:alert(1))", "<javascript:alert(1)>", "[a](file:///etc/passwd)",
    "[a][b]\n\n[b]: javascript:alert(1)", "![i](javascript:alert(1))", '[a](https://e.org "\\"><script>")',
)  # fmt: skip


def hostile_page(text: str) -> str:
    return "\n".join((
        "page-type:: [[experiment]]", f"owner:: {text}", f"status:: {text}", "start-date:: [[Jan 5th, 2026]]",
        "due:: [[Mar 9th, 2026]]", f"primary:: [[{text}]]", f"tags:: {text}", f"strategy:: [[{text}]]",
        "result:: won", f"decision:: {text}", "decided-on:: 2026-02-01", "",
        "- ## Goal", f"\t- #goal [[{text}]]",
        "- ## Hypothesis", f"\t- {text} **bold** `{text}`",
        f"- ## {text}", f"\t- {text}", f"\t\t- > {text}", f"\t- | {text} | b |\n\t  |--|--|\n\t  | {text} | {text} |",
        "- ## Decision", f"\t- {text}",
        "- ## Questions", f"\t- {text}",
        "- ## Work", f"\t- TODO {text}", f"\t\t- DONE {text}", f"\t- DOING [[{text}]]",
        "- ## Result", "\t- | variant | n | conversions |\n\t  |--|--|--|",
        f"\t  | {text} | 100 | 10 |\n\t  | b | 100 | 30 |",
    ))  # fmt: skip


def report_of(root: Path, pages: dict[str, str]) -> Elements:
    elements = Elements(one_file(Site(gather(small_vault(root, pages)))))
    assert elements.wrong == []
    for name, attributes in elements.found:
        assert name not in {"img", "x", "iframe", "object", "embed", "base"}
        assert not any(key.startswith("on") or key in {"style", "src", "autofocus"} for key in attributes)
        href = attributes.get("href")
        assert href is None or href.startswith(("#", "logseq://", "https://", "http://", "mailto:", "data:,")), href
    assert len(elements.named("script")) == 1
    assert len(elements.named("style")) == 1
    assert len(elements.named("main")) == 1
    return elements


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_stays_text(attack: str, tmp_path: Path) -> None:
    metric = f"page-type:: [[metric]]\nunit:: {attack}\n\n- {attack} {{{{metric}}}} 3\n"
    strategies = (
        f"- | Strategy | Key Metrics | Expected impact |\n  |--|--|--|\n  | {attack} | {attack} | {attack} 5% |\n"
    )
    pages = {"Experiment": hostile_page(attack), "Metric": metric, "Plan": strategies}
    elements = report_of(tmp_path, pages)
    shown = clean(attack)
    assert " ".join(shown.split())[:12] in elements.text
    assert not any(sign in elements.text for sign in "\u202e\u2066\x1b\x00")


@pytest.mark.parametrize("link", LINKS)
def test_links_that_run_or_read_something_stay_text(link: str, tmp_path: Path) -> None:
    text = f"page-type:: [[experiment]]\n\n- ## Notes\n\t- {link}\n"
    elements = report_of(tmp_path, {"Experiment": text})
    for attributes in elements.named("a"):
        assert "javascript" not in (attributes["href"] or "").lower()


def test_remote_images_become_links_and_local_ones_names(tmp_path: Path) -> None:
    text = "page-type:: [[experiment]]\n\n- ## Notes\n\t- ![far](https://e.org/a.png) ![near](../assets/b.png)\n"
    elements = report_of(tmp_path, {"Experiment": text})
    (link,) = (link for link in elements.named("a") if link["href"] == "https://e.org/a.png")
    assert link["rel"] == "noreferrer noopener"
    assert "[near]" in elements.text
    assert "assets/b.png" not in elements.text


def test_markdown_is_rendered_and_pages_of_the_report_are_linked(tmp_path: Path) -> None:
    text = (
        "page-type:: [[experiment]]\n\n- ## Notes\n\t- **bold** and [[Other]] and [[Nowhere]] and [far](https://e.org)\n"
        "\t\t- nested `code`\n\t- ((64a0f0f0-0000-4000-8000-000000000001))\n"
    )
    other = "page-type:: [[experiment]]\n\n- A block\n  id:: 64a0f0f0-0000-4000-8000-000000000001\n"
    site = Site(gather(small_vault(tmp_path, {"One": text, "Other": other})))
    body = site.page("experiment-one").body
    assert "<strong>bold</strong>" in body
    assert '<a href="#experiment-other">Other</a>' in body
    assert "and Nowhere and" in body
    assert "<code>code</code>" in body
    assert "A block" in body


def test_a_million_characters_are_cut(tmp_path: Path) -> None:
    long = "x" * 1_000_000
    page = hostile_page("short").replace("- TODO short", f"- TODO {long}").replace("owner:: short", f"owner:: {long}")
    page = page.replace("\t- #goal [[short]]", f"\t- #goal [[{long}]]").replace("**bold**", f"**{long}**")
    elements = report_of(tmp_path, {"Experiment": page, "Metric": f"page-type:: [[metric]]\nunit:: {long}\n"})
    assert max(map(len, elements.texts)) <= 2_001
    assert len(one_file(Site(gather(small_vault(tmp_path, {}))))) < 200_000


def test_very_deep_trees_and_outlines_are_shown_flat(tmp_path: Path) -> None:
    tasks = "".join("\t" * depth + f"- TODO t{depth}\n" for depth in range(1, 300))
    notes = "".join("\t" * depth + f"- n{depth}\n" for depth in range(1, 300))
    page = f"page-type:: [[experiment]]\n\n- ## Work\n{tasks}- ## Notes\n{notes}"
    elements = report_of(tmp_path, {"Deep": page})
    assert "t1" in elements.text
    assert "n299" in elements.text


def test_right_to_left_and_wide_texts_are_isolated(tmp_path: Path) -> None:
    pages = {"תוכנית": hostile_page("שלום עולם"), "実験": hostile_page("植物の世話")}
    elements = report_of(tmp_path, pages)
    assert "שלום עולם" in elements.text
    assert "植物の世話" in elements.text
    for attributes in elements.named("h2"):
        assert attributes.get("dir") == "auto" or not attributes["id"].startswith("experiment-")  # type: ignore[union-attr]


def test_names_that_look_alike_have_keys_of_their_own(tmp_path: Path) -> None:
    names = ("A b", "A-b", "A  b", "Ä b", "実験", "試験", "x" * 60, "x" * 61)
    site = Site(gather(small_vault(tmp_path, dict.fromkeys(names, "page-type:: [[experiment]]\n"))))
    keys = [key for key in site.keys if key.startswith("experiment-")]
    assert len(keys) == len(set(keys)) == len(names)
    assert all(key.isascii() and len(key) < 70 for key in keys)
