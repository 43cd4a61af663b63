"""Blocks of a page as HTML: Markdown without raw HTML, links that are safe to follow, images as links.

The only module of the report that knows markdown-it-py. Each block is rendered by itself, so that no depth of the
outline is lost, and nested by its level.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Final

from graphkit.facts.generated_blocks import managed_blocks
from graphkit.facts.page_facts import BlockId
from graphkit.outline.body import read_body
from graphkit.outline.content import content
from graphkit.outline.inline import plain_text
from graphkit.report.safe_text import Html, clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererHTML
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token
    from markdown_it.utils import EnvType, OptionsDict

    from graphkit.app.vault import OpenPage, Vault
    from graphkit.facts.page_facts import Section
    from graphkit.report.report_records import ReportRecords

MOST_BLOCK: Final = 1500
"""Code points of a block that are shown."""
_DEEPEST: Final = 8
_ALLOWED: Final = ("http://", "https://", "mailto:")
_LEFT_OUT: Final = re.compile(
    r"(?ms)^[ \t]*:(?:LOGBOOK|PROPERTIES):[ \t]*$.*?^[ \t]*:END:[ \t]*$\n?"
    r"|^[ \t]*(?:[^\s:`|]+::(?:[ \t].*?)?|(?:SCHEDULED|DEADLINE|CLOSED): <.*?)$\n?"
)
_HEADING: Final = re.compile(r"#{1,6}[ \t]+")
_SIGNS: Final = re.compile(r"[\\`*_{}\[\]()#+.!|<>~&-]")
_SCHEME: Final = re.compile(r"[^/?#]*:")
_REF: Final = re.compile(r"\(\(([0-9a-fA-F-]{36})\)\)")


class Bodies:
    """Renders blocks of one vault's pages; links lead to pages of the report where it has them."""

    def __init__(self, vault: Vault, find: Callable[[str], str], scrub: Callable[[str], str]) -> None:
        """find: the address of a page's title in the report, empty without one. scrub: hides what is private."""
        self._vault, self._find, self._scrub = vault, find, scrub
        self._markdown: MarkdownIt | None = None

    def section(self, opened: OpenPage, section: Section, without: Iterable[range] = (), *, most: int) -> Html:
        """The blocks below a section's heading, nested sections included; without some blocks (tasks, tables).

        most: code points that are shown.
        """
        outline = opened.outline
        skipped = {index for found in without for index in found}
        for index in managed_blocks(outline):
            skipped.update(range(index, outline.blocks[index].stop))
        blocks: list[tuple[int, str]] = []
        length = 0
        for index in range(section.first, min(section.stop, len(outline.blocks))):
            if index in skipped:
                continue
            text = _LEFT_OUT.sub("", content(outline, index))
            if index == section.first:
                text = text.partition("\n")[2]
            text = (
                _HEADING.sub("", text.strip("\r\n"), count=1) if text.lstrip().startswith("#") else text.strip("\r\n")
            )
            if not text.strip():
                continue
            if length >= most:
                blocks.append((1, "…"))
                break
            text = text if len(text) <= most - length else f"{text[: most - length].rstrip()}…"
            length += len(text)
            blocks.append((outline.blocks[index].level, text))
        return self._nested(blocks)

    def text(self, text: str) -> Html:
        """One block."""
        shown = _REF.sub(lambda found: self._block_text(found[1]) or found[0], text[: 2 * MOST_BLOCK])
        return Html(self._engine().render(clean(self._scrub(shown), MOST_BLOCK)).strip())

    def _nested(self, blocks: Sequence[tuple[int, str]]) -> Html:
        if len(blocks) == 1:
            return self.text(blocks[0][1])
        parts: list[str] = []
        levels: list[int] = []
        for level, text in blocks:
            while levels and levels[-1] > level:
                parts.append("</li></ul>")
                levels.pop()
            if levels and (levels[-1] == level or len(levels) >= _DEEPEST):
                parts.append("</li><li>")
            else:
                parts.append("<ul><li>")
                levels.append(level)
            parts.append(self.text(text))
        return Html("".join((*parts, "</li></ul>" * len(levels))))

    def _engine(self) -> MarkdownIt:
        if self._markdown is None:
            from markdown_it import MarkdownIt  # noqa: PLC0415 - only where something is rendered

            engine = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
            engine.disable(["heading", "lheading", "html_block", "html_inline", "reference"])
            engine.validateLink = _may_follow  # type: ignore[method-assign]
            engine.inline.ruler.before("link", "logseq", self._reference)
            engine.add_render_rule("image", _image)
            engine.add_render_rule("link_open", _link)
            engine.add_render_rule("table_open", _table)
            engine.add_render_rule("table_close", _table_end)
            engine.add_render_rule("th_open", _header)
            self._markdown = engine
        return self._markdown

    def _reference(self, state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the engine's signature
        """`[[Page]]` as text, with a link where the report has the page."""
        source, at = state.src, state.pos
        end = source.find("]]", at, at + 500) if source.startswith("[[", at) else -1
        title = source[at + 2 : end] if end > 0 else ""
        if not title or "[[" in title or "\n" in title:
            return False
        href = self._find(title)
        if not silent:
            if href:
                opening = state.push("link_open", "a", 1)
                opening.attrs, opening.meta = {"href": href}, {"own": True}
            state.push("text", "", 0).content = clean(title, 200)
            if href:
                state.push("link_close", "a", -1)
        state.pos = end + 2
        return True

    def _block_text(self, identity: str) -> str:
        """The first line of the block with this id, as Markdown for its plain words; empty without one."""
        found = self._vault.catalog.block(BlockId(identity.lower()))
        opened = self._vault.open_page(found[0]) if found is not None else None
        if found is None or opened is None:
            return ""
        body = read_body(opened.outline, found[1])
        texts = (opened.source.text[span.start : span.end] for span in body.prose)
        return _SIGNS.sub(r"\\\g<0>", plain_text(next(texts, "").split("\n", 1)[0]).strip())


def _may_follow(url: str) -> bool:
    """True for addresses of pages on the network and for relative ones, which `_link` leaves without an address."""
    return not _SCHEME.match(url) or url.strip().lower().startswith(_ALLOWED)


def _image(self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    """A link to a remote image; nothing is ever fetched. A local one only by its name."""
    token = tokens[index]
    source = str(token.attrs.get("src", ""))
    name = escape(self.renderInlineAsText(token.children or [], options, env) or "image")
    if not source.lower().startswith(_ALLOWED[:2]):
        return f"[{name}]"
    return f'<a href="{escape(source)}" rel="noreferrer noopener">[{name}]</a>'


def _link(self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    token = tokens[index]
    if str(token.attrs.get("href", "")).lower().startswith(_ALLOWED):
        token.attrSet("rel", "noreferrer noopener")
    elif not token.meta.get("own"):
        token.attrs.pop("href", None)  # leads to a file of the vault, which a report does not hold
    return self.renderToken(tokens, index, options, env)


def _table(self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:  # noqa: ARG001
    return '<div class="scroll" tabindex="0" role="group" aria-label="Table"><table>'


def _table_end(self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:  # noqa: ARG001
    return "</table></div>"


def _header(self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:  # noqa: ARG001
    return '<th scope="col">'


def bodies_of(records: ReportRecords, find: Callable[[str], str]) -> Bodies:
    """The renderer for a report."""
    return Bodies(records.public.vault, find, records.public.scrub)
