"""Pages and blocks as Logseq's own database holds them, one record per page."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import normalize

from graphkit.facts.generated_blocks import MANAGED_PROPERTY
from graphkit.facts.references import block_identity, block_references, typed_properties
from graphkit.outline.body import read_body
from graphkit.outline.content import content
from graphkit.outline.header import read_header
from graphkit.outline.markers import MARKERS
from graphkit.outline.properties import is_valid_key
from graphkit.outline.typed_values import is_heading, typed_value
from graphkit.text.records import replace
from graphkit.vault.layout import loading_order
from graphkit.vault.names import namespace_parents, page_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from graphkit.app.vault import OpenPage, Vault
    from graphkit.facts.page_facts import PageFacts
    from graphkit.outline.page_outline import Body, Outline
    from graphkit.outline.properties import Property
    from graphkit.outline.typed_values import Value
    from graphkit.vault.names import PageName

Record = dict[str, object]

ALWAYS_THERE = frozenset({"contents", "favorites", "card", "a", "b", "c", *(word.lower() for word in MARKERS)})
"""Pages that Logseq makes in every graph; being the parent of a namespaced page does not add a page.

spec: logseq-format §7.3.
"""


def page_records(vault: Vault) -> Iterator[Record]:
    """One record per page: those with a file in the order of loading, then those only referred to, by name.

    Fields and values are those of Logseq 0.10.15's database; null, false and empty values are omitted. A block whose
    `id::` another block has already keeps its text and carries `duplicate_id`. Beyond that a block has its `line`, and
    `generated` where it stands below a managed block.
    """
    records = _Records(vault)
    skipped = dict(vault.skipped_outlines())
    loaded = {facts.path: facts for facts in vault.catalog.pages()}
    for path in loading_order((*loaded, *skipped)):
        facts = loaded.get(path)
        if facts is None:
            records.take_ids(skipped[path])
            continue
        opened = vault.open_page(facts)
        if opened is not None:
            yield _given(records.page(opened))
    for name in sorted(records.mentioned.keys() - records.with_file):
        yield _given(records.referred(name))


def _given(record: Record) -> Record:
    return {key: value for key, value in record.items() if key == "name" or value not in (None, "", [], {}, False)}


def _is_pre_block(outline: Outline) -> bool:
    """True if the first block is a pre-block to Logseq, too: one with `heading::` is not (spec: logseq-format §3.4)."""
    blocks = outline.blocks
    return bool(blocks) and blocks[0].kind == "pre" and not is_heading(read_body(outline, 0).properties)


def _day_number(day: date | None) -> int | None:
    return int(day.strftime("%Y%m%d")) if day else None


class GeneratedBlocks:
    """Tells, block by block, which blocks of a page are below a managed one."""

    def __init__(self, whole_page: bool) -> None:  # noqa: FBT001 - the only thing there is to say
        self._below: list[bool] = []
        self._whole_page = whole_page

    def add(self, parent: int, body: Body) -> bool:
        """True if the next block of the page is generated."""
        inside = self._whole_page or (parent >= 0 and self._below[parent])
        self._below.append(inside or any(prop.key == MANAGED_PROPERTY for prop in body.properties))
        return inside


class _PathRefs:
    """References that a block has from the blocks above it.

    Logseq finds those by the columns of the bullets alone, not by the tree (spec: logseq-format §6.6): a block that
    the tree makes a sibling of one further left still inherits from it.
    """

    def __init__(self, page: PageName) -> None:
        self._page = page
        self._above: list[tuple[int, set[PageName]]] = []

    def add(self, raw: int, refs: set[PageName]) -> set[PageName]:
        """All references of the next block of the page, its own ones among them."""
        while self._above and self._above[-1][0] >= raw:
            self._above.pop()
        inherited = self._above[-1][1] if self._above else {self._page}
        self._above.append((raw, inherited | refs))
        return self._above[-1][1]


class _Records:
    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._rules = replace(vault.reference_rules, normalise=self._normalise)
        self._days: dict[PageName, int] = {}
        """Days of the journals that references are taken for; not every title format can be read back."""
        self.mentioned: dict[PageName, str] = {}
        """Titles of all pages that anything names, by name, as first seen."""
        self._referred: set[PageName] = set()
        """Pages with a file or a reference; others are only named, as an alias, a page tag or a namespace, and Logseq
        knows neither day nor namespace of them."""
        self.with_file = {facts.name for facts in vault.catalog.pages()}
        self._aliases: dict[PageName, set[PageName]] = {}
        self._seen_ids: set[str] = set()
        for facts in vault.catalog.pages():
            self._relate_aliases(facts)

    def _normalise(self, title: str) -> str:
        journals = self._vault.journals
        day = journals.parse(title)
        number = journals.stored_day(title)
        if day is None or number is None:
            return title
        self._days.setdefault(page_name(journals.title(day)), number)
        return journals.title(day)

    def take_ids(self, outline: Outline) -> None:
        """Note the ids of a file that is skipped: to Logseq they are taken all the same."""
        for block in outline.blocks:
            identity = block_identity(read_body(outline, block.index).properties)
            if identity is not None:
                self._seen_ids.add(identity)

    def _mention(self, title: str) -> PageName:
        name = page_name(title)
        self.mentioned.setdefault(name, title)
        return name

    def _refer(self, title: str) -> PageName:
        """Note a page that something refers to; the namespace it is in is only named by that."""
        name = self._mention(title)
        self._referred.add(name)
        for parent in namespace_parents(title)[:1]:
            if page_name(parent) not in ALWAYS_THERE:
                self._mention(parent)
        return name

    def _relate_aliases(self, facts: PageFacts) -> None:
        names = {self._mention(title) for title in facts.aliases if title.strip()} - {facts.name}
        for name in (facts.name, *names) if names else ():
            self._aliases.setdefault(name, set()).update((names | {facts.name}) - {name})

    def page(self, opened: OpenPage) -> Record:
        facts, outline = opened.facts, opened.outline
        header = read_header(outline)
        is_pre = _is_pre_block(outline)
        invalid = header.invalid_properties if is_pre else ()
        self._refer(facts.title)
        for parent in namespace_parents(facts.title):
            if page_name(parent) not in ALWAYS_THERE:
                self._refer(parent)
        blocks: list[Record] = []
        paths = _PathRefs(facts.name)
        generated = GeneratedBlocks(any(prop.key == MANAGED_PROPERTY for prop in header.properties))
        for block in outline.blocks:
            body = read_body(outline, block.index)
            record, refs = self._block(opened, block.index, body)
            record["path_refs"] = sorted(paths.add(block.raw, refs))
            record["line"] = opened.source.position(block.text_start).line
            record["generated"] = generated.add(block.parent, body)
            blocks.append(record)
        return {
            **self.referred(facts.name, facts.title),
            "file": normalize("NFC", facts.path),
            "journal_day": _day_number(facts.journal_day),
            "tags": sorted({self._mention(tag) for tag in facts.tags}),
            "properties": self._page_values(header.properties, is_pre=is_pre),
            "properties_order": [prop.key for prop in header.properties],
            "invalid_properties": sorted(invalid),
            "blocks": blocks,
        }

    def referred(self, name: PageName, title: str | None = None) -> Record:
        """The facts of a page that do not depend on its file."""
        # A reference loses the slashes at its ends, a file's own title keeps them (verified).
        title = self.mentioned[name].strip("/") if title is None else title
        known = name in self._referred
        parents = [page_name(parent) for parent in namespace_parents(title)] if known else []
        day = self._days.get(name) or _day_number(self._vault.journals.parse(title)) if known else None
        return {
            "name": name,
            "original_name": title,
            "journal_day": day,
            "alias": sorted(self._aliases.get(name, ())),
            "namespace": parents[0] if parents else None,
        }

    def _page_values(self, properties: Iterable[Property], *, is_pre: bool) -> dict[str, Value]:
        """Properties of a page; where it has no pre-block Logseq takes their keys as they are, but for the case."""
        if is_pre:
            return typed_properties(properties, self._rules)
        written = ((prop.raw_key.lower(), prop) for prop in properties)
        return {key: typed_value(prop, self._rules.values) for key, prop in written if is_valid_key(key)}

    def _block(self, opened: OpenPage, index: int, body: Body) -> tuple[Record, set[PageName]]:
        outline = opened.outline
        block = outline.blocks[index]
        references = block_references(outline, index, body, self._rules)
        refs = {self._refer(title) for title in references.pages}
        values: dict[str, Value] = typed_properties(body.properties, self._rules)
        collapsed = block.kind != "pre" and values.get("collapsed", False) is not False
        if collapsed:
            del values["collapsed"]  # Logseq holds it apart, not among the properties (spec: logseq-format §3.6)
        held = [prop for prop in body.properties if not (collapsed and prop.key == "collapsed")]
        if body.heading is not None:
            values["heading"] = body.heading
        uuid = block_identity(body.properties)
        duplicate = uuid is not None and uuid in self._seen_ids
        if uuid is not None:
            self._seen_ids.add(uuid)
        record: Record = {
            "level": block.level,
            "parent": block.parent,
            "content": content(outline, index),
            "pre_block": block.kind == "pre" and not is_heading(body.properties),
            "marker": body.marker,
            "priority": body.priority,
            "scheduled": body.scheduled.journal_day if body.scheduled else None,
            "deadline": body.deadline.journal_day if body.deadline else None,
            "repeated": any(stamp.repeater for stamp in (body.scheduled, body.deadline) if stamp),
            "collapsed": collapsed,
            "properties": values,
            "properties_order": [prop.key for prop in held],
            "properties_text": {prop.key: prop.written for prop in held},
            "invalid_properties": sorted(body.invalid_properties),
            "refs": sorted(refs),
            "block_refs": sorted(set(references.blocks)),
            "macros": sorted({f"{macro.name} {', '.join(macro.arguments)}" for macro in references.macros}),
            "uuid": uuid,
            "duplicate_id": duplicate,
        }
        return record, refs
