"""Whole documents: one file with all pages, or a file for each page; style and script inside, and a policy for them."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from graphkit.report.html_templates import render_page, shipped_text
from graphkit.report.safe_text import Html
from graphkit.report.shared_parts import LIMITS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphkit.report.site import Page, Site


BASE_SIZE: Final = 100_000
SIZE_EACH: Final = 15_000
"""Bytes that one file may have, and for each of its experiments."""


def one_file(site: Site) -> str:
    """The document with all pages of a report; less is shown where it would become too large."""
    most = BASE_SIZE + SIZE_EACH * len(site.records.details)
    text = ""
    for limits in LIMITS:
        shown = site.limited(limits)
        text = document(shown, [shown.page(key) for key in shown.keys], "")
        if len(text.encode()) <= most:
            break
    return text


def many_files(site: Site) -> Iterator[tuple[str, str]]:
    """File name and document of each page."""
    for key in site.keys:
        href = site.links.page(key)
        yield href, document(site, [site.page(key)], href)


def document(site: Site, pages: Sequence[Page], current: str) -> str:
    """A document with some pages. current: the address of the only one in the navigation."""
    css, script = _style(), _script()
    policy = (
        f"default-src 'none'; style-src 'sha256-{_digest(css)}'; script-src 'sha256-{_digest(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    title = site.records.status.vault if len(pages) != 1 else f"{pages[0].title} · {site.records.status.vault}"
    tools = {"pages": pages, "css": css, "script": script, "policy": policy, "document_title": title,
             "current": current, "many": len(pages) > 1, "home": site.links.page("overview")}  # fmt: skip
    return str(render_page("document", site.frame(), tools)) + "\n"


def _style() -> Html:
    return Html(shipped_text("report.css").strip())


def _script() -> Html:
    return Html(shipped_text("report.js").strip())


def _digest(text: str) -> str:
    return b64encode(sha256(text.encode()).digest()).decode()
