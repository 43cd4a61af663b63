"""From one page's outline to its facts: tasks, sections, goals, questions, ids."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from graphkit.facts.block_finder import BlockFinder
from graphkit.facts.dialects import (
    day_of,
    dialect_findings,
    inline_of,
    shown_text,
    status_of,
    task_target,
    titles_in,
)
from graphkit.facts.generated_blocks import generated_content
from graphkit.facts.goal_links import read_goal_links
from graphkit.facts.journal_links import journal_links
from graphkit.facts.observations import PageReading, may_state_values
from graphkit.facts.page_facts import (
    CLOSED,
    BlockId,
    PageFacts,
    Question,
    Section,
    Task,
)
from graphkit.facts.page_types import PageTypes, may_name_type, read_page_types
from graphkit.facts.references import block_identity
from graphkit.facts.sections import outcome_properties, read_sections
from graphkit.facts.statements import NO_MEASURES, Measures, read_measures
from graphkit.facts.strategy_tables import has_key_result_header, has_strategy_header
from graphkit.text.patterns import lazy_pattern
from graphkit.vault.names import page_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from graphkit.facts.generated_blocks import GeneratedContent
    from graphkit.facts.page_source import PageSource, Reading
    from graphkit.outline.dates import Timestamp
    from graphkit.outline.page_outline import Block, Body, Outline, PageHeader
    from graphkit.outline.properties import Property
    from graphkit.text.source import SourceText

_BOX = lazy_pattern(r"[ \t]*\[([ xX/!-])\](?=[ \t])")
_ID = lazy_pattern(r"id::[ \t]+[0-9a-fA-F]{8}-")
_QUESTION_TAG = lazy_pattern(r"#(?:(?:open-)?question(?![\w/-])|\[\[(?:open-)?question\]\])", re.IGNORECASE)
_TELLING_TAG = lazy_pattern(r"#(?:\[\[)?(?:open-)?(goal|metric|question)", re.IGNORECASE)
"""How the tags begin that extraction looks for; one search tells a page that has none of them."""
_ONLY_PAGE = lazy_pattern(r"\[\[([^\[\]\r\n]+)\]\]")
_ONLY_BLOCK = lazy_pattern(r"\(\(([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\)\)")

_NOT_OF_TASKS = frozenset({"id", "collapsed"})
_NO_TYPES = PageTypes()
_NO_PROPERTIES: Mapping[str, str] = {}
QUESTION_TAGS = frozenset({"question", "open-question"})
"""Tags that make a block an open question of its experiment."""


def extract_page(page: PageSource, reading: Reading) -> PageFacts:
    """The facts of one page.

    Blocks below a managed block, and all blocks of a managed page, yield none (spec: domain §1, "generated content").
    Sections, goals and questions with their places are read on every page that has them; sections on experiments only.
    """
    outline = page.outline
    text = outline.text
    header = {prop.key: prop for prop in page.header.properties}
    types, misplaced = _types(page, reading)
    finder = BlockFinder(outline, page.header)
    generated = generated_content(outline, page.header)
    is_experiment = not types.isdisjoint(reading.experiment_types)
    tags = telling_tags(text)
    line_of = _line_counter(page.source)
    sections: tuple[Section, ...] = ()
    if is_experiment and not generated.whole_page:
        sections = tuple(s for s in read_sections(outline, line_of, reading.section_words) if s.block not in generated)
    measures = NO_MEASURES
    if not generated.whole_page and (types or may_measure(text, tags, reading, journal=page.journal_day is not None)):
        measures = page_measures(page, types, finder, generated, reading)
    tasks = _tasks(page, finder, generated, reading)
    said = {**outcome_properties(outline, sections, generated, finder.body), **misplaced, **header}
    return PageFacts(
        path=page.path,
        title=page.title,
        name=page_name(page.title) if page.name is None else page.name,
        journal_day=page.journal_day,
        aliases=_aliases(page, header),
        tags=titles_in(outline, header.get("tags")),
        types=types,
        properties={key: prop.value for key, prop in said.items()},
        property_lines={key: line_of(prop.start) for key, prop in said.items()},
        tasks=tasks,
        sections=sections,
        goals=read_goal_links(
            page, header, finder, generated, sections, in_blocks=is_experiment, tagged="goal" in tags
        ),
        questions=_questions(page, finder, generated, sections, tasks, tagged="question" in tags),
        ids=_ids(text, finder),
        block_count=len(outline.blocks),
        managed=generated.managed,
        strategies=measures.strategies,
        initiatives=measures.initiatives,
        sightings=measures.sightings,
        linked=_linked(page, finder, generated),
        diagnostics=(*measures.findings, *dialect_findings(outline, page.path, tasks)),
    )


def telling_tags(text: str) -> frozenset[str]:
    """Which of goal, metric and question the text may have as tags."""
    return frozenset(map(str.lower, _TELLING_TAG.findall(text))) if "#" in text else frozenset()


def may_measure(text: str, tags: frozenset[str], reading: Reading, *, journal: bool) -> bool:
    """Cheap: whether `page_measures` can find something in a page of no type. tags: its `telling_tags`."""
    return (
        "metric" in tags
        or (
            "|" in text
            and (has_strategy_header(text, reading.measure_words.strategy_columns) or has_key_result_header(text))
        )
        or may_state_values(text, anywhere=journal)
    )


def page_measures(
    page: PageSource, types: frozenset[str], finder: BlockFinder, generated: GeneratedContent, reading: Reading
) -> Measures:
    """The strategies, initiatives and possible observations of a page of these types."""
    place = PageReading(
        path=page.path,
        day=page.journal_day,
        outline=page.outline,
        source=page.source,
        generated=generated,
        body=finder.body,
        at=finder.at,
    )
    is_experiment = not types.isdisjoint(reading.experiment_types)
    return read_measures(place, title=page.title, types=types, is_experiment=is_experiment, words=reading.measure_words)


def _linked(page: PageSource, finder: BlockFinder, generated: GeneratedContent) -> frozenset[str]:
    if page.journal_day is None or generated.whole_page:
        return frozenset()
    return journal_links(page.outline, generated, managed=generated.managed, at=finder.at)


def _types(page: PageSource, reading: Reading) -> tuple[frozenset[str], Mapping[str, Property]]:
    """The types of a page, and what its first block says of the page where a type is misplaced there."""
    found = page_types(page.outline, page.header, reading, journal=page.journal_day is not None)
    return found.names, {prop.key: prop for prop in (*found.beside, *found.misplaced)}


def page_types(outline: Outline, header: PageHeader, reading: Reading, *, journal: bool) -> PageTypes:
    """Everything a page says about its kind, in the words of this vault; on a journal only where Logseq reads it so."""
    if not header.properties and not may_name_type(outline.text, reading.type_properties):
        return _NO_TYPES
    return read_page_types(
        outline,
        header.properties,
        keys=reading.type_properties,
        known=reading.experiment_types | reading.goal_types | reading.measure_words.metric_types,
        by_tag=reading.types_by_tag,
        elsewhere=not journal,
    )


def _aliases(page: PageSource, header: Mapping[str, Property]) -> tuple[str, ...]:
    """Further names; outside Logseq graphs `aliases` counts like `alias`, and a `title` is one too."""
    aliases = titles_in(page.outline, header.get("alias"))
    if page.outline.reader is None or not header:
        return aliases
    title = header["title"].value if "title" in header else ""
    names = (*aliases, *titles_in(page.outline, header.get("aliases")), *([title] if title else []))
    return tuple(alias for alias in dict.fromkeys(names) if alias != page.title)


def _line_counter(source: SourceText) -> Callable[[int], int]:
    return lambda offset: source.position(offset).line


def _tasks(page: PageSource, finder: BlockFinder, generated: GeneratedContent, reading: Reading) -> tuple[Task, ...]:
    if generated.whole_page:
        return ()
    blocks = page.outline.blocks
    tasks: list[Task] = []
    open_ancestors: list[tuple[int, int]] = []  # (index in tasks, stop of its subtree)
    for index, marker, place in _task_marks(page.outline, finder, checkboxes=reading.checkboxes):
        if generated.managed and index in generated:
            continue
        while open_ancestors and open_ancestors[-1][1] <= index:
            open_ancestors.pop()
        parent = open_ancestors[-1][0] if open_ancestors else None
        open_ancestors.append((len(tasks), blocks[index].stop))
        tasks.append(_task(page, blocks[index], marker, place, parent, finder.body(index), reading))
    return tuple(tasks)


def _task_marks(outline: Outline, finder: BlockFinder, *, checkboxes: bool) -> Iterable[tuple[int, str, int]]:
    """The blocks that are tasks, in page order: index, marker or box, its offset."""
    if outline.reader is not None:
        marks = outline.reader.task_marks(outline)
        return sorted({mark[0]: mark for mark in marks if checkboxes or not mark[1].startswith("[")}.values())
    found = [
        (index, body.marker, body.marker_span.start)
        for index in outline.marked
        if (body := finder.body(index)).marker is not None and body.marker_span is not None
    ]
    text = outline.text
    if not checkboxes or "[" not in text:
        return found
    marked = {index for index, _, _ in found}
    boxes = (
        (block.index, f"[{box[1]}]", box.end() - 3)
        for block in outline.blocks
        if block.index not in marked and (box := _BOX.match(text, block.text_start, block.end))
    )
    return sorted((*found, *boxes))


def _task(
    page: PageSource, block: Block, marker: str, marker_at: int, parent: int | None, body: Body, reading: Reading
) -> Task:
    title, target = _task_text(page, marker, marker_at, body)
    ref = _ONLY_BLOCK.fullmatch(title) if title.startswith("((") else None
    scheduled = body.scheduled.date if body.scheduled else None
    deadline = body.deadline.date if body.deadline else None
    properties: Mapping[str, str] = _NO_PROPERTIES
    if body.properties:
        properties = {prop.key: prop.value for prop in body.properties if prop.key not in _NOT_OF_TASKS}
    if properties:  # in a Logseq graph only `due` counts (spec: domain §4), as Logseq knows none of the three
        foreign = page.outline.reader is not None
        scheduled = scheduled or day_of(properties, ("scheduled",) if foreign else (), reading.parse_day)
        deadline = deadline or day_of(properties, ("due", "deadline") if foreign else ("due",), reading.parse_day)
    line, column = page.source.position(marker_at)
    return Task(
        block=block.index,
        stop=block.stop,
        line=line,
        column=column,
        level=block.level,
        parent=parent,
        marker=marker,
        status=status_of(marker),
        priority=body.priority,
        text=title,
        target_page=target,
        target_block=BlockId(ref[1].lower()) if ref else None,
        id=block_identity(body.properties) if body.properties else None,
        scheduled=scheduled,
        deadline=deadline,
        repeated=_repeats(body.scheduled) or _repeats(body.deadline),
        properties=properties,
        logbook=tuple([page.outline.text[start:end].strip() for start, end in body.logbook]) if body.logbook else (),
    )


def _task_text(page: PageSource, marker: str, marker_at: int, body: Body) -> tuple[str, str | None]:
    """The text of a task, and the title of the page where it is nothing but a link to it."""
    outline = page.outline
    first, last = body.title
    if outline.reader is not None:
        title = outline.text[first:last].strip()
        return outline.reader.task_text(title), task_target(outline, page.path, title)
    title = outline.text[marker_at + 3 if marker[0] == "[" else first : last].strip()
    only = _ONLY_PAGE.fullmatch(title) if title.startswith("[[") else None
    return title, only[1] if only else None


def _repeats(stamp: Timestamp | None) -> bool:
    return stamp is not None and stamp.repeater is not None


def _ids(text: str, finder: BlockFinder) -> dict[BlockId, int]:
    ids: dict[BlockId, int] = {}
    if "id::" in text:
        for index in finder.candidates(_ID):
            identity = block_identity(finder.body(index).properties)
            if identity is not None:
                ids.setdefault(identity, index)
    return ids


def _questions(
    page: PageSource,
    finder: BlockFinder,
    generated: GeneratedContent,
    sections: tuple[Section, ...],
    tasks: tuple[Task, ...],
    *,
    tagged: bool,
) -> tuple[Question, ...]:
    """Blocks tagged `#question`, and those directly below a *Questions* section, unless they are closed tasks."""
    if generated.whole_page or not (tagged or sections):
        return ()
    outline, source = page.outline, page.source
    blocks, text = outline.blocks, outline.text
    closed = {task.block for task in tasks if task.status in CLOSED}
    found: set[int] = set()
    if tagged:
        found = {index for index in finder.candidates(_QUESTION_TAG) if _has_question_tag(outline, finder.body(index))}
    for section in sections:
        if section.kind == "questions":
            at = section.first + 1
            while at < section.stop:
                found.add(at)
                at = blocks[at].stop
    questions = []
    for index in sorted(found):
        if index in generated or index in closed:
            continue
        body = finder.body(index)
        question = shown_text(outline, _QUESTION_TAG.sub("", text[body.title.start : body.title.end])).strip()
        if question:
            questions.append(Question(text=question, line=source.position(blocks[index].text_start).line))
    return tuple(questions)


def _has_question_tag(outline: Outline, body: Body) -> bool:
    return any(
        reference.kind == "tag" and reference.target.lower() in QUESTION_TAGS
        for span in body.prose
        for reference in inline_of(outline, outline.text[span.start : span.end]).references
    )
