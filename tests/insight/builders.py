"""Pages from indented text, so that tests of `insight` need no parser: two blanks a level, one block a line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from graphkit.facts.page_facts import MARKER_STATUS, BlockId, PageFacts, Section, SectionKind, Task
from graphkit.vault.names import page_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_MARKER = re.compile(r"(" + "|".join(sorted(map(re.escape, MARKER_STATUS), key=len, reverse=True)) + r") (.*)")
_PROPERTY = re.compile(r"\{([a-z-]+):: ([^}]*)\}")
_SECTION_KINDS: Mapping[str, SectionKind] = {"work": "work", "result": "result", "goal": "goal"}


def page_of(
    outline: str, title: str = "Page", *, experiment: bool = False, properties: Mapping[str, str] | None = None
) -> PageFacts:
    """A page: `DONE text {estimate:: 2h} {id:: a}` is a task, `# work` a section, any other line a plain block.

    Lines count from 1 at the outline's first line that is not blank.
    """
    lines = [line for line in outline.splitlines() if line.strip()]
    margin = min((len(line) - len(line.lstrip()) for line in lines), default=0)
    levels = [(len(line) - len(line.lstrip()) - margin) // 2 + 1 for line in lines]
    stops = _stops(levels)
    tasks: list[Task] = []
    sections: list[Section] = []
    ids: dict[BlockId, int] = {}
    ancestors: list[tuple[int, int]] = []
    for block, line in enumerate(lines):
        content = line.strip()
        while ancestors and ancestors[-1][0] >= levels[block]:
            ancestors.pop()
        written = dict(_PROPERTY.findall(content))
        identity = BlockId(written.pop("id")) if "id" in written else None
        if identity is not None:
            ids[identity] = block
        if content.startswith("# "):
            name = content[2:]
            kind = _SECTION_KINDS.get(name, "other")
            sections.append(Section(kind=kind, title=name, block=block, line=block + 1, first=block, stop=stops[block]))
        match = _MARKER.match(_PROPERTY.sub("", content).strip() + " ")
        if match:
            text = match[2].strip()
            tasks.append(
                Task(
                    block=block,
                    stop=stops[block],
                    line=block + 1,
                    column=1,
                    level=levels[block],
                    parent=ancestors[-1][1] if ancestors else None,
                    marker=match[1],
                    status=MARKER_STATUS[match[1]],
                    text=text,
                    target_page=text[2:-2] if text.startswith("[[") and text.endswith("]]") else None,
                    target_block=BlockId(text[2:-2]) if text.startswith("((") and text.endswith("))") else None,
                    id=identity,
                    properties=written,
                )
            )
            ancestors.append((levels[block], len(tasks) - 1))
    return PageFacts(
        path=f"pages/{title}.md",
        title=title,
        name=page_name(title),
        types=frozenset({"experiment"}) if experiment else frozenset(),
        properties=properties or {},
        property_lines=dict.fromkeys(properties or {}, 1),
        tasks=tuple(tasks),
        sections=tuple(sections),
        ids=ids,
        block_count=len(lines),
    )


def _stops(levels: list[int]) -> list[int]:
    stops = [len(levels)] * len(levels)
    path: list[int] = []
    for block, level in enumerate(levels):
        while path and levels[path[-1]] >= level:
            stops[path.pop()] = block
        path.append(block)
    return stops


class Pages:
    """A lookup over pages built by hand."""

    def __init__(self, pages: Iterable[PageFacts] = ()) -> None:
        self._pages: dict[str, PageFacts] = {}
        self._blocks: dict[BlockId, tuple[PageFacts, int]] = {}
        for page in pages:
            self._pages[page.title] = page
            for identity, block in page.ids.items():
                self._blocks[identity] = (page, block)

    def page(self, title: str) -> PageFacts | None:
        return self._pages.get(title)

    def block(self, identity: BlockId) -> tuple[PageFacts, int] | None:
        return self._blocks.get(identity)


def is_experiment(page: PageFacts) -> bool:
    return "experiment" in page.types
