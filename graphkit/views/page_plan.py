"""One page with its managed regions: a plan for its bytes, and findings.

The whole page is read back before a plan is given: every block that is not generated must still be there, with its
place and words, so that a construct that someone left open cannot damage the page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from graphkit.outline.content import content
from graphkit.text.edit import Plan, Splice, apply_splices, digest
from graphkit.text.records import Record
from graphkit.text.source import SourceText
from graphkit.views.find_regions import SUM_WORD, find_regions
from graphkit.views.region_plan import State, plan_region
from graphkit.views.rendered_outline import GeneratedBlock, checksum, normal_form, read_present, write_outline

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from graphkit.outline.page_outline import Outline
    from graphkit.views.find_regions import Region


class Renderer(Protocol):
    """Renders the outline that belongs in a region."""

    def __call__(self, region: Region, /) -> tuple[GeneratedBlock, ...] | None:
        """None if it cannot be rendered, which is reported elsewhere; the region is then left alone."""
        ...


class RegionState(Record, frozen=True, kw_only=True):
    """The state of one region."""

    line: int
    """Line of the managed block, 1-based."""
    view: str
    state: State
    written: bool = True
    """True if `sum=` says that a rollup was written here before."""
    diff: str = ""
    """For an edited region: the diff of its text and the rendered text."""


class PagePlan(Record, frozen=True, kw_only=True):
    """The plan for one page."""

    plan: Plan | None = None
    """None if there is nothing to write."""
    regions: tuple[RegionState, ...] = ()
    """Those that could be rendered, in page order."""
    broken: bool = False
    """True if the rollup would change how the rest of the page reads, so that there is no plan."""

    @property
    def edited(self) -> tuple[RegionState, ...]:
        """The regions in which a person has written."""
        return tuple(region for region in self.regions if region.state == "edited")


def plan_page(
    path: str,
    data: bytes,
    render: Renderer,
    scan: Callable[[str], Outline],
    *,
    indentation: str,
    force: bool = False,
) -> PagePlan:
    """The plan that brings every managed region of a page up to date, checked by reading the result.

    scan: the vault's reading of a page. force: take over regions that a person has edited.
    """
    source = SourceText.decode(data)
    outline = scan(source.text)
    states: list[RegionState] = []
    splices: list[Splice] = []
    renewed: dict[int, tuple[Region, tuple[GeneratedBlock, ...]]] = {}
    for region in find_regions(outline):
        blocks = render(region)
        if blocks is None:
            continue
        found = plan_region(outline, region, blocks, indentation=indentation, force=force)
        splices += found.splices
        if found.splices:
            renewed[region.block] = (region, blocks)
        line = source.position(outline.blocks[region.block].text_start).line
        states.append(
            RegionState(line=line, view=region.view, state=found.state, written=region.sum is not None, diff=found.diff)
        )
    if not splices:
        return PagePlan(regions=tuple(states))
    after = scan(apply_splices(source.text, splices))
    if not _reads_back(outline, after, renewed):
        return PagePlan(regions=tuple(states), broken=True)
    views = ", ".join(dict.fromkeys(region.view for region, _ in renewed.values()))
    return PagePlan(
        plan=Plan(page=path, digest=digest(data), splices=tuple(splices), reason=f"{views} rollup"),
        regions=tuple(states),
    )


def plan_new_page(path: str, head: str, blocks: Sequence[GeneratedBlock], *, indentation: str, reason: str) -> Plan:
    """A managed page that is not there yet: its property line with the sum, and its outline, as Logseq writes it."""
    written = write_outline(blocks, indent="", unit=indentation, eol="\n")
    text = f"{head} sum={checksum(blocks)}\n\n{written}"
    return Plan(page=path, digest=None, splices=(Splice(0, 0, text),), reason=reason)


def _reads_back(before: Outline, after: Outline, renewed: dict[int, tuple[Region, tuple[GeneratedBlock, ...]]]) -> bool:
    at = 0
    index = 0
    while index < len(before.blocks):
        if at >= len(after.blocks):
            return False
        old, new = before.blocks[index], after.blocks[at]
        if (old.level, old.kind) != (new.level, new.kind):
            return False
        mine, yours = content(before, index).rstrip(), content(after, at).rstrip()
        if index in renewed:
            mine, yours = SUM_WORD.sub("", mine), SUM_WORD.sub("", yours)
        if mine != yours:
            return False
        at += 1
        if index not in renewed:
            index += 1
            continue
        region, blocks = renewed[index]
        stop = at + len(blocks)
        base = 0 if region.whole_page else new.level
        if stop > len(after.blocks) or (not region.whole_page and new.stop != stop):
            return False
        if normal_form(read_present(after, range(at, stop), base)) != normal_form(blocks):
            return False
        at, index = stop, region.stop
    return at == len(after.blocks)
