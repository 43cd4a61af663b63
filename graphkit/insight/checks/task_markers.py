"""Everything that looks like a task and is not one in Logseq, and bullets that lost their space.

spec: logseq-format §5.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.insight.checks.checked_page import excerpt
from graphkit.insight.checks.rule import Rule
from graphkit.outline.markers import MARKER_ALTERNATIVES
from graphkit.text.patterns import lazy_pattern

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from graphkit.insight.checks.checked_page import PageReading
    from graphkit.text.diagnostics import Diagnostic

_BULLET: Final = r"\n[ \t]*+(?:-[ \t]++(?:#++[ \t]++)?|#++[ \t]++)"
_EMPTY: Final = lazy_pattern(rf"{_BULLET}({MARKER_ALTERNATIVES})(?=[\r\n])")


def empty_tasks(page: PageReading) -> Iterator[Diagnostic]:
    """W310: a marker with nothing behind it, which is plain text once Logseq reads the file again."""
    for match in page.lines(_EMPTY):
        if page.starts_block(match.start()):
            yield page.finding(
                "W310",
                match.start(1) - 1,
                f"{match[1]} without text is not a task in Logseq",
                "describe the task, or delete the line",
            )


_SURE: Final = r"TODO|DOING|DONE|WAITING|IN-PROGRESS|CANCELL?ED"
_MISSPELT: Final = lazy_pattern(
    rf"{_BULLET}(?:"
    rf"(?P<colon>{MARKER_ALTERNATIVES}) ?[:：](?![:：])"
    rf"|(?P<tab>{MARKER_ALTERNATIVES})\t"
    rf"|(?P<mark>\*\*|__|==|\^\^|\*|_)(?P<marked>{_SURE}):?(?P=mark)(?::|(?=[ \t]))"
    rf"|(?:\{{\{{)?\[\[(?P<link>{_SURE})\]\](?:\}}\}})?(?=[ \t])"
    rf"|\[#[A-Za-z]\][ \t]++(?P<priority>{MARKER_ALTERNATIVES})(?= )"
    r")[ \t]*+(?=[^\s])"
)
_WORDS: Final = frozenset({"NOW", "LATER", "WAIT", "STARTED"})
"""Markers that head a line of prose as well as a task when a colon follows."""
_SPELLINGS: Final = {
    "colon": "a marker with a colon",
    "tab": "a marker followed by a tab",
    "marked": "a marker in bold or italics",
    "link": "a marker written as a link",
    "priority": "a marker after the priority",
}


def misspelt_markers(page: PageReading) -> Iterator[Diagnostic]:
    """W311, or W312 where a word may be meant: a marker in a spelling that Logseq does not read as one."""
    for match in page.lines(_MISSPELT):
        spelling = match.lastgroup or ""
        if spelling == "mark" or not spelling:
            spelling = next(name for name in _SPELLINGS if match[name])
        marker = match[spelling]
        line_start = match.start()
        if not page.starts_block(line_start):
            continue
        start = match.start(spelling) - 1
        doubtful = spelling == "link" or (spelling == "colon" and marker in _WORDS)
        yield page.finding(
            "W312" if doubtful else "W311",
            start,
            f"{_SPELLINGS[spelling]} is not a task in Logseq: “{excerpt(page.rest_of_line(start))}”",
            f"write `- {marker} …`: the marker comes first, in capitals, followed by one space",
        )


_LOWER: Final = lazy_pattern(
    rf"{_BULLET}(?P<word>todo|Todo|TO-DO|To-do|to-do)(?P<colon> ?[:：](?![:：]))? +(?P<next>\S+)"
)
_NOT_TO_DO_WORDS: Final = """
    list lists item items app apps application file files note notes page pages task tasks section entry entries
    manager management tracker board query queries state states marker markers status label tag tags block blocks
    keyword comment comments tree items' tool tools system systems workflow plugin template txt text and or is are was
    were has have had can could should would will may might must does did in on of from for at as by with into vs than
    but not that this which when where if because - – — = -> → / | & +
    el la los las lo le les un una uno unos esto esta este estos estas eso esa ese aquello ello mi mis tu tus su sus
    nuestro nuestra se es está era fue sea va bien mal ha han muy más menos tipo lugar tiempo momento día mundo comenzó
    empezó empieza cambió cambia depende parece y e o u a de del en por para con sin que cuanto tiene puede
    dia mundo isso isto aquele aquela os as um uma no na nos nas do da dos das com sem ser é são foi em pela pelo
"""
_NOT_TO_DO: Final = frozenset(_NOT_TO_DO_WORDS.split())
"""What follows `todo` where it is a noun in English, or Spanish or Portuguese for "all"."""
_NOT_ENGLISH: Final = lazy_pattern(r" (?:de|del|el|la|los|las|en|que|por|para|con|una?|se|es|da|do|uma?|com|não) ")


def lower_case_markers(page: PageReading) -> Iterator[Diagnostic]:
    """W312: `todo` in small letters in front of what may be a task; not where it is an ordinary word."""
    if "odo" not in page.text and "o-do" not in page.text and "TO-DO" not in page.text:
        return
    for match in page.lines(_LOWER):
        start = match.start("word") - 1
        line = page.rest_of_line(start)
        if match["colon"] is None:
            follows = match["next"].lower().rstrip(",.;:!?")
            if follows in _NOT_TO_DO or not follows or _NOT_ENGLISH.search(line):
                continue
        if page.starts_block(match.start()):
            yield page.finding(
                "W312",
                start,
                f"if this is meant as a task, Logseq does not recognise it: “{excerpt(line)}”",
                "write `TODO` in capitals and without a colon",
            )


_BOX: Final = lazy_pattern(r"\n[ \t]*+-[ \t]+(\[[ xX]\]) ")


def checkboxes(page: PageReading) -> Iterator[Diagnostic]:
    """W313: `- [ ]` in a Logseq graph that does not count boxes as tasks (spec: domain §1); once a page."""
    if page.context.reading.checkboxes or "- [" not in page.text:
        return
    boxes = [match.start(1) - 1 for match in page.lines(_BOX) if page.starts_block(match.start())]
    if boxes:
        number = "a checkbox is" if len(boxes) == 1 else f"{len(boxes):,} checkboxes are"
        yield page.finding(
            "W313",
            boxes[0],
            f"{number} plain text in Logseq, not a task",
            "use TODO and DONE instead, or set `checkboxes = true` in graphkit.toml",
        )


_LOST_SPACE: Final = lazy_pattern(
    rf"\n(?P<indent>[ \t]*+)-(?P<rest>(?:{MARKER_ALTERNATIVES})(?=[ \t\r\n:]|\Z)|#++[ \t]|\[\[|\(\(|#[^\s#]|\*\*[^\s*]"
    r"|[^\W\d_][^\W_]++(?=[ ,:;.\r\n]|\Z))"
)
_SIGNS: Final = "[(#*"


def lost_spaces(page: PageReading) -> Iterator[Diagnostic]:
    """W314: `-text`, which Logseq reads as more text of the block above (spec: logseq-format §11 row 6).

    Not `--`, `-5` or `->`; a single line of words only where bullets stand around it, as dashes begin other lines too.
    """
    for match in page.lines(_LOST_SPACE):
        start = match.start("rest") - 2
        rest = match["rest"]
        words = rest[0] not in _SIGNS and not rest.isupper()
        if words and not _among_bullets(page, match):
            continue
        if page.is_hidden(start):
            continue
        yield page.finding(
            "W314",
            start,
            f"the dash is not followed by a space, so this is not a block: “{excerpt(page.rest_of_line(start))}”",
            "put a space after the dash",
        )


_NEIGHBOUR: Final = lazy_pattern(r"([ \t]*+)-(?:([^\S\r\n])|[^\W\d_])")
_QUOTE: Final = lazy_pattern(r"[ \t]*+-?[ \t]*+[>\"“«„]")


def _among_bullets(page: PageReading, match: re.Match[str]) -> bool:
    """True if the line above or below is a bullet, or lost its space too.

    A word in small letters is as often an option of a command, so there the neighbour is a bullet of the same
    indentation. What follows a quotation is its author.
    """
    text = page.text
    start = match.start()
    before = text.rfind("\n", 0, max(start - 1, 0)) + 1 if start else 0
    after = page.line_end(start) + 1
    small = match["rest"][0].isascii() and match["rest"][0].islower()
    if before != start and _QUOTE.match(text, before):
        return False
    for line in (before, after):
        neighbour = _NEIGHBOUR.match(text, line) if line != start else None
        if neighbour and (not small or (neighbour[2] and neighbour[1] == match["indent"])):
            return True
    return False


RULES: Final = (
    Rule(("W310",), empty_tasks),
    Rule(("W311", "W312"), misspelt_markers),
    Rule(("W312",), lower_case_markers),
    Rule(("W313",), checkboxes),
    Rule(("W314",), lost_spaces),
)
"""The rules of this module."""
