"""The report in a real Chromium: widths, schemes, keyboard, accessibility, no JavaScript, print, hostile text."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from report_sites import sample_site, small_vault

from graphkit.report.document import one_file
from graphkit.report.report_records import gather
from graphkit.report.site import Site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.browser

EXPERIMENT = "experiment-evening-watering-reminders"
KEYS = (
    "overview", "goals", "metrics", "strategies", "programme", "graph", "findings", "decisions", EXPERIMENT,
    "experiment-onboarding-quiz",
)  # fmt: skip
WIDTHS = (360, 1280, 2560)


@contextmanager
def opened(browser: Any, path: Path, anchor: str = "", **options: Any) -> Iterator[Any]:  # noqa: ANN401 - playwright's
    """A page of the browser; fails for errors of the console and for requests to anything but the file."""
    context = browser.new_context(**options)
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "request", lambda request: wrong.append(request.url) if not request.url.startswith(("file:", "data:")) else 0
    )
    page.on("requestfailed", lambda request: wrong.append(f"failed {request.url}"))
    page.goto(path.as_uri() + (f"#{anchor}" if anchor else ""))
    yield page
    assert wrong == []
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_fits_its_window_in_both_schemes(width: int, scheme: str, browser: Any, report: Path) -> None:  # noqa: ANN401
    with opened(browser, report, viewport={"width": width, "height": 900}, color_scheme=scheme) as page:
        for key in sample_site().keys:
            page.goto(f"{report.as_uri()}#{key}")
            shown = page.evaluate("[...document.querySelectorAll('.page')].filter(p => p.offsetHeight).map(p => p.id)")
            assert shown == [key]
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), key
            over = page.evaluate(
                "[...document.querySelectorAll('.page.current *')].filter(e => !e.closest('.scroll, svg, .sr')"
                " && e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 80))"
            )
            assert over == [], key


def test_a_page_of_a_folder_leads_to_the_others(browser: Any, folder: Path) -> None:  # noqa: ANN401
    with opened(browser, folder / "index.html", viewport={"width": 1280, "height": 900}) as page:
        page.click("nav >> text=Metrics")
        assert page.url.endswith("/metrics.html")
        page.click("text=Evening watering reminders")
        assert page.url.endswith(f"/{EXPERIMENT}.html")
        assert page.inner_text("h2") == "Evening watering reminders"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing(width: int, scheme: str, browser: Any, report: Path) -> None:  # noqa: ANN401
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    # The policy of the report forbids foreign scripts, axe among them.
    with opened(
        browser, report, viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    ) as page:
        for key in KEYS:
            page.goto(f"{report.as_uri()}#{key}")
            page.wait_for_timeout(50)
            found = axe.Axe().run(page, options={"resultTypes": ["violations"]})
            told = [(item["id"], node["html"][:120], node.get("failureSummary", "")[:200])
                    for item in found.response["violations"] for node in item["nodes"]]  # fmt: skip
            assert told == [], key


def test_axe_finds_nothing_without_javascript_pages_hidden(browser: Any, report: Path) -> None:  # noqa: ANN401
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    with opened(browser, report, viewport={"width": 1280, "height": 900}, bypass_csp=True) as page:
        page.evaluate("document.documentElement.classList.remove('js')")
        found = axe.Axe().run(page, options={"resultTypes": ["violations"]})
        assert [item["id"] for item in found.response["violations"]] == []


REACHABLE = "a[href], button, input, select, summary, [tabindex='0']"


@pytest.mark.parametrize("key", KEYS)
def test_the_keyboard_reaches_everything_with_a_visible_focus(key: str, browser: Any, report: Path) -> None:  # noqa: ANN401
    with opened(browser, report, key, viewport={"width": 1280, "height": 900}) as page:
        page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
        wanted = page.evaluate(
            f"[...document.querySelectorAll({json.dumps(REACHABLE)})].filter(e => e.checkVisibility()"
            " || e.ownerSVGElement).filter(e => !e.closest('.page') || e.closest('.page.current'))"
            ".map((e, i) => (e.dataset.test = i, i))"
        )
        reached: set[int] = set()
        page.evaluate("document.body.tabIndex = -1, document.body.focus()")
        for _ in range(len(wanted) + 5):
            page.keyboard.press("Tab")
            at = page.evaluate(
                "(() => { const e = document.activeElement, s = getComputedStyle(e);"
                " return [e.dataset.test ?? null, s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2]; })()"
            )
            if at[0] is not None:
                reached.add(int(at[0]))
                assert at[1], "the focus is not visible"
        # What is inside a closed <details> is reached when it is open.
        closed = page.evaluate(
            "[...document.querySelectorAll('[data-test]')].filter(e => e.closest('details:not([open])')"
            " && !(e.tagName === 'SUMMARY' && !e.parentElement.parentElement.closest('details:not([open])')))"
            ".map(e => +e.dataset.test)"
        )
        assert set(wanted) - reached - set(closed) == set()


def test_filters_sorting_and_search_work_from_the_keyboard(browser: Any, report: Path) -> None:  # noqa: ANN401
    rows = "[...document.querySelectorAll('#experiments tbody tr:not(.group)')].filter(r => r.checkVisibility())"
    with opened(browser, report, "overview", viewport={"width": 1280, "height": 900}) as page:
        everything = page.evaluate(f"{rows}.length")
        assert everything == len(sample_site().records.details)
        page.focus("input[name=text]")
        page.keyboard.type("reminder")
        assert page.evaluate(f"{rows}.map(r => r.querySelector('a').textContent)") == [
            "Evening watering reminders", "Day-ten trial reminder"
        ]  # fmt: skip
        assert page.inner_text(".filters output") == "2 shown"
        page.keyboard.press("Control+A")
        page.keyboard.press("Delete")
        page.focus("select[name=owner]")
        page.keyboard.type("Priya")
        page.keyboard.press("Tab")
        owners = page.evaluate(f"{rows}.map(r => r.dataset.owner)")
        assert set(owners) == {"Priya"}
        assert 0 < len(owners) < everything
        page.select_option("select[name=owner]", "")
        page.focus("th[data-sort=number] button")
        page.keyboard.press("Enter")
        values = page.evaluate(
            "[...document.querySelectorAll('#group-running tr:not(.group) td.progress')].map(c => +c.dataset.v)"
        )
        assert values == sorted(values)
        page.keyboard.press("Enter")
        down = page.evaluate(
            "[...document.querySelectorAll('#group-running tr:not(.group) td.progress')].map(c => +c.dataset.v)"
        )
        assert down == sorted(values, reverse=True)
        assert page.get_attribute("th[data-sort=number]", "aria-sort") == "descending"


def test_links_change_the_page_and_back_returns(browser: Any, report: Path) -> None:  # noqa: ANN401
    with opened(browser, report, viewport={"width": 1280, "height": 900}) as page:
        assert page.evaluate("document.querySelector('.page.current').id") == "overview"
        page.click(f"#row-{EXPERIMENT} a")
        assert page.evaluate("document.querySelector('.page.current').id") == EXPERIMENT
        assert page.evaluate("document.activeElement.id") == "main"
        page.click(f"#{EXPERIMENT}-metrics a >> nth=0")
        assert page.evaluate("document.querySelector('.page.current').id") == "metrics"
        page.go_back()
        page.go_back()
        assert page.evaluate("document.querySelector('.page.current').id") == "overview"


def test_skipping_to_the_content_stays_on_the_page(browser: Any, report: Path) -> None:  # noqa: ANN401
    with opened(browser, report, "goals", viewport={"width": 1280, "height": 900}) as page:
        page.keyboard.press("Tab")
        page.evaluate("document.querySelector('.skip').focus()")
        page.keyboard.press("Enter")
        assert page.evaluate("document.querySelector('.page.current').id") == "goals"
        assert page.evaluate("document.activeElement.id") == "main"
        assert page.get_attribute("nav a[aria-current]", "href") == "#goals"


def test_places_are_copied(browser: Any, report: Path) -> None:  # noqa: ANN401
    options = {"viewport": {"width": 1280, "height": 900}, "permissions": ["clipboard-read", "clipboard-write"]}
    with opened(browser, report, EXPERIMENT, **options) as page:
        page.focus(f"#{EXPERIMENT}-work .fold > span button.at >> nth=0")
        page.keyboard.press("Enter")
        page.wait_for_timeout(100)
        assert page.evaluate("navigator.clipboard.readText()") == "pages/Evening watering reminders.md:21"


def test_the_graph_shows_neighbours_on_hover_and_focus_and_finds_nodes(browser: Any, report: Path) -> None:  # noqa: ANN401
    with opened(browser, report, "graph", viewport={"width": 1280, "height": 900}) as page:
        near = "[...document.querySelectorAll('#graph-drawing .node.near title')].map(t => t.textContent).sort()"
        page.focus("#graph-drawing .node:has-text('Care streaks')")
        expected = page.evaluate(near)
        assert "Care streaks" in expected
        assert "Make the first week work" in expected
        page.evaluate("document.activeElement.blur()")
        assert page.evaluate(near) == []
        page.hover("#graph-drawing .node:has-text('Care streaks')")
        assert page.evaluate(near) == expected
        page.fill("[data-graph]", "streaks")
        assert page.evaluate("[...document.querySelectorAll('.node.found title')].map(t => t.textContent)") == [
            "Care streaks"
        ]


def test_without_javascript_the_whole_story_is_on_one_page(browser: Any, report: Path) -> None:  # noqa: ANN401
    with opened(browser, report, viewport={"width": 1280, "height": 900}, java_script_enabled=False) as page:
        text = page.inner_text("main")
        for detail in sample_site().records.details.values():
            assert detail.experiment.title in text
            assert all(task.text in text for task in detail.tasks[:1])
        assert page.is_visible("#metrics")
        assert page.is_visible(f"#{EXPERIMENT}-work svg.chart")
        assert not page.is_visible(".filters")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_prints_every_page_and_what_is_folded(scheme: str, browser: Any, report: Path, tmp_path: Path) -> None:  # noqa: ANN401
    with opened(browser, report, viewport={"width": 794, "height": 900}, color_scheme=scheme) as page:
        page.pdf(path=str(tmp_path / "report.pdf"), format="A4")
        data = (tmp_path / "report.pdf").read_bytes()
        assert data.startswith(b"%PDF")
        assert data.count(b"/Type /Page\n") >= len(sample_site().keys)
        page.emulate_media(media="print")
        assert page.evaluate("[...document.querySelectorAll('.page')].every(p => p.checkVisibility())")
        assert not page.is_visible("nav")
        assert page.evaluate("getComputedStyle(document.body).color") == "rgb(29, 35, 41)"
        assert page.evaluate("getComputedStyle(document.querySelector('#experiments tr')).display") == "table-row"
        assert page.evaluate("[...document.querySelectorAll('details')].every(d => d.open)")


def test_the_accessibility_tree_tells_the_story(browser: Any, report: Path) -> None:  # noqa: ANN401
    with opened(browser, report, viewport={"width": 1280, "height": 900}) as page:
        tree = page.locator("body").aria_snapshot()
        for said in (
            "banner", 'navigation "Pages"', "main", "contentinfo", 'heading "Overview" [level=2]',
            'table "Experiments by urgency', 'columnheader "Progress"', 'rowheader "One-tap checkout',
            'img "4 done, 1 open"', "at risk", 'searchbox "Search"', 'combobox "Owner"',
        ):  # fmt: skip
            assert said in tree, said
        page.goto(f"{report.as_uri()}#{EXPERIMENT}")
        tree = page.locator("main").aria_snapshot()
        assert "Burn-up: 5 of 8 tasks done" in tree
        assert "Send at seven in local time" in tree
        assert 'group "What Evening watering reminders is connected to"' in tree


def test_on_a_phone_the_table_is_still_a_table(browser: Any, report: Path) -> None:  # noqa: ANN401
    with opened(browser, report, viewport={"width": 360, "height": 800}) as page:
        tree = page.locator("#experiments").aria_snapshot()
        assert "table" in tree
        assert 'rowheader "One-tap checkout' in tree


def test_hostile_text_runs_nothing_and_stays_inside(browser: Any, tmp_path: Path) -> None:  # noqa: ANN401
    attacks = (
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "]]>", "\u202eevil", "x" * 100_000,
        "[a](javascript:alert(1))", '"><svg onload=alert(1)>',
    )  # fmt: skip
    tasks = "".join(f"\t- TODO {attack}\n\t- [[{attack}]]\n" for attack in attacks)
    text = (
        f"page-type:: [[experiment]]\nowner:: {attacks[0]}\n\n- ## Work\n{tasks}- ## {attacks[1]}\n\t- {attacks[5]}\n"
    )
    metric = f"page-type:: [[metric]]\nunit:: {attacks[6]}\n"
    vault = small_vault(tmp_path / "vault", {"תוכנית עבודה": text, "東京": text, "M": metric})
    path = tmp_path / "hostile.html"
    path.write_text(one_file(Site(gather(vault))), encoding="utf-8")
    with opened(browser, path, viewport={"width": 360, "height": 800}) as page:
        page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
        for key in page.evaluate("[...document.querySelectorAll('.page')].map(p => p.id)"):
            page.goto(f"{path.as_uri()}#{key}")
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), key
        assert page.evaluate("document.querySelectorAll('main img, main script, svg svg').length") == 0


def test_right_to_left_titles_read_from_their_side(browser: Any, tmp_path: Path) -> None:  # noqa: ANN401
    vault = small_vault(tmp_path / "vault", {"תוכנית": "page-type:: [[experiment]]\n\n- ## Work\n\t- TODO שלום\n"})
    path = tmp_path / "rtl.html"
    path.write_text(one_file(Site(gather(vault))), encoding="utf-8")
    with opened(browser, path, viewport={"width": 800, "height": 800}) as page:
        page.goto(path.as_uri() + "#" + page.evaluate("document.querySelectorAll('.page')[8].id"))
        assert page.evaluate("getComputedStyle(document.querySelector('.page.current h2')).direction") == "rtl"
        assert page.evaluate("getComputedStyle(document.documentElement).direction") == "ltr"
