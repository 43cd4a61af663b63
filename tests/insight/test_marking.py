"""A marker changed as Logseq changes it: workflows, clocks, repeaters, and nothing but the lines concerned."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from outline.strategies import pages

from graphkit.insight.work.marker_change import WISHES, MarkingError, MarkRules, TaskMark, mark_task
from graphkit.insight.work.repeaters import next_start
from graphkit.outline.body import read_body
from graphkit.outline.markdown_dialect.list_items import scan_plain_page
from graphkit.outline.scanner import scan_page
from graphkit.text.edit import apply_splices

if TYPE_CHECKING:
    from graphkit.insight.work.marker_change import Marking, Wish
    from graphkit.insight.work.repeaters import RepeaterRule
    from graphkit.outline.dates import RepeaterKind
    from graphkit.outline.page_outline import Outline

NOW = datetime(2024, 1, 20, 10, 30)  # noqa: DTZ001 - a Saturday; notes carry no zone
QUIET = MarkRules(workflow="todo", clocks=False)
CLOCKS = MarkRules(workflow="todo")


def mark_of(outline: Outline, index: int) -> TaskMark:
    body = read_body(outline, index)
    if body.marker is None or body.marker_span is None:
        return TaskMark(block=index)
    return TaskMark(block=index, marker=body.marker, offset=body.marker_span.start)


def marking(text: str, wish: Wish, rules: MarkRules = QUIET, now: datetime = NOW, index: int = 0) -> Marking:
    outline = scan_page(text)
    return mark_task(outline, mark_of(outline, index), wish, now, rules)


def changed(text: str, wish: Wish, rules: MarkRules = QUIET, now: datetime = NOW, index: int = 0) -> str:
    return apply_splices(text, marking(text, wish, rules, now, index).splices)


@pytest.mark.parametrize(
    ("workflow", "before", "wish", "after"),
    [
        ("todo", "TODO", "doing", "DOING"),
        ("todo", "DOING", "todo", "TODO"),
        ("todo", "LATER", "doing", "NOW"),
        ("todo", "NOW", "todo", "LATER"),
        ("todo", "DONE", "todo", "TODO"),
        ("now", "DONE", "todo", "LATER"),
        ("now", "WAITING", "doing", "NOW"),
        ("now", "TODO", "doing", "DOING"),
        ("now", "CANCELED", "todo", "LATER"),
        ("todo", "IN-PROGRESS", "todo", "TODO"),
        ("todo", "STARTED", "done", "DONE"),
        ("now", "NOW", "done", "DONE"),
        ("now", "LATER", "waiting", "WAITING"),
        ("now", "LATER", "cancel", "CANCELED"),
        ("todo", "WAIT", "waiting", "WAIT"),
        ("todo", "CANCELLED", "cancel", "CANCELLED"),
        ("todo", "LATER", "todo", "LATER"),
        ("todo", "IN-PROGRESS", "doing", "IN-PROGRESS"),
    ],
)
def test_the_marker_follows_the_flavour_of_the_block_then_the_workflow(
    workflow: str, before: str, wish: Wish, after: str
) -> None:
    rules = MarkRules(workflow="now" if workflow == "now" else "todo", clocks=False)
    assert changed(f"- {before} x", wish, rules) == f"- {after} x"


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("- x", "- TODO x"),
        ("-  x", "- TODO  x"),
        ("- ## x", "- ## TODO x"),
        ("## x", "## TODO x"),
        ("- [#A] x", "- TODO [#A] x"),
        ("- ## [#A] x\r\n", "- ## TODO [#A] x\r\n"),
    ],
)
def test_a_block_without_a_marker_gets_one_at_its_place(text: str, after: str) -> None:
    assert changed(text, "todo") == after


@pytest.mark.parametrize("text", ["-", "- \n- b", "- ##", "only text", "- ```\n  x\n  ```", "- k:: v\n- b"])
def test_what_carries_no_marker_is_refused_or_reads_back(text: str) -> None:
    try:
        after = changed(text, "todo")
    except MarkingError:
        return
    outline = scan_page(after)
    assert read_body(outline, 0).marker == "TODO"
    assert len(outline.blocks) == len(scan_page(text).blocks)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("- TODO: colon", "it begins with TODO, which is not a marker as written: a marker comes first, then a space"),
        ("- TODO\n- b", "it begins with TODO"),
        ("- ## DONE\tx", "it begins with DONE"),
        ("- IN-PROGRESS, x", "it begins with IN-PROGRESS"),
        ("- [#A] TODO x", "it begins with TODO"),
        ("- ```\n  x\n  ```", "no text that could be a task"),
        ("- $$x$$", "no text that could be a task"),
        ("- | a | b |\n  | c | d |", "no text that could be a task"),
        ("- key:: v\n  words", "no text that could be a task"),
        ("- ---", "no text that could be a task"),
        ("-", "no text that could be a task"),
    ],
)
def test_a_marker_is_put_before_words_only(text: str, reason: str) -> None:
    with pytest.raises(MarkingError, match=reason):
        changed(text, "done")


@pytest.mark.parametrize("text", ["- TODOs of today", "- todo x", "- **TODO** x", "- NOW-ish"])
def test_words_that_only_look_a_little_like_a_marker_are_words(text: str) -> None:
    assert changed(text, "done") == text.replace("- ", "- DONE ", 1)


def test_boxes_change_in_other_dialects() -> None:
    outline = scan_plain_page("* [ ] one\n- [/] two\n")
    found = list(outline.reader.task_marks(outline)) if outline.reader else []
    mark = TaskMark(block=found[0][0], marker=found[0][1], offset=found[0][2])
    after = {wish: apply_splices(outline.text, mark_task(outline, mark, wish, NOW, CLOCKS).splices) for wish in WISHES}
    assert {wish: text.partition("\n")[0] for wish, text in after.items()} == {
        "todo": "* [ ] one",
        "doing": "* [/] one",
        "waiting": "* [!] one",
        "done": "* [x] one",
        "cancel": "* [-] one",
    }
    with pytest.raises(MarkingError, match="neither a box nor a marker"):
        mark_task(scan_plain_page("- a"), TaskMark(block=0), "done", NOW, CLOCKS)


RUNNING = "CLOCK: [2024-01-20 Sat 09:00:00]"
EARLIER = "CLOCK: [2024-01-02 Tue 10:00:00]--[2024-01-02 Tue 11:30:00] =>  01:30:00"
NOTED = '* State "DONE" from "TODO" [2024-01-20 Sat 10:00]'
STOPPED = "CLOCK: [2024-01-20 Sat 09:00:00]--[2024-01-20 Sat 10:30:00] =>  01:30:00"


def logged(marker: str, *lines: str) -> str:
    return "\n  ".join((f"- {marker} x", ":LOGBOOK:", *lines, ":END:"))


@pytest.mark.parametrize(
    ("text", "wish", "after"),
    [
        pytest.param(
            "- x", "doing", "- DOING x\n  :LOGBOOK:\n  CLOCK: [2024-01-20 Sat 10:30:00]\n  :END:", id="none to DOING"
        ),
        pytest.param(
            "- TODO x\n\t- LATER y\n",
            "doing",
            "- DOING x\n  :LOGBOOK:\n  CLOCK: [2024-01-20 Sat 10:30:00]\n  :END:\n\t- LATER y\n",
            id="TODO to DOING, above a child",
        ),
        pytest.param(
            "- LATER x\r\n- y",
            "doing",
            "- NOW x\r\n  :LOGBOOK:\r\n  CLOCK: [2024-01-20 Sat 10:30:00]\r\n  :END:\r\n- y",
            id="LATER to NOW, CRLF",
        ),
        pytest.param(logged("DOING", RUNNING), "todo", logged("TODO", STOPPED), id="DOING to TODO"),
        pytest.param(logged("DOING", RUNNING), "done", logged("DONE", STOPPED), id="DOING to DONE"),
        pytest.param(logged("NOW", RUNNING), "todo", logged("LATER", STOPPED), id="NOW to LATER"),
        pytest.param(logged("NOW", RUNNING), "done", logged("DONE", STOPPED), id="NOW to DONE"),
        pytest.param(logged("NOW", RUNNING), "cancel", logged("CANCELED", RUNNING), id="to CANCELED it runs on"),
        pytest.param(logged("DOING", RUNNING), "waiting", logged("WAITING", RUNNING), id="to WAITING as well"),
        pytest.param("- WAITING x", "doing", "- DOING x", id="WAITING to DOING starts none"),
        pytest.param("- DONE x", "doing", "- DOING x", id="nor does DONE to DOING"),
        pytest.param("- TODO x", "done", "- DONE x", id="TODO to DONE has no clock"),
        pytest.param("- DOING x", "done", "- DONE x", id="DOING without a LOGBOOK neither"),
        pytest.param(
            f"{logged('TODO', EARLIER)}\n  rest",
            "doing",
            f"{logged('DOING', EARLIER, 'CLOCK: [2024-01-20 Sat 10:30:00]')}\n  rest",
            id="a drawer is extended at its end",
        ),
        pytest.param(
            logged("DOING", RUNNING, NOTED),
            "done",
            logged("DONE", RUNNING, NOTED),
            id="only the last line is completed",
        ),
        pytest.param(
            "- TODO x\n  DEADLINE: <2024-01-30 Tue>\n  k:: v\n  text\n",
            "doing",
            "- DOING x\n  DEADLINE: <2024-01-30 Tue>\n  k:: v\n"
            "  :LOGBOOK:\n  CLOCK: [2024-01-20 Sat 10:30:00]\n  :END:\n  text\n",
            id="the drawer stands below dates and properties",
        ),
        pytest.param("- TODO", "done", "- DONE", id="a marker at the very end needs no blank"),
        pytest.param(
            "\t- TODO x\n\t\ttext",
            "doing",
            "\t- DOING x\n\t\t:LOGBOOK:\n\t\tCLOCK: [2024-01-20 Sat 10:30:00]\n\t\t:END:\n\t\ttext",
            id="lines are indented as the block's own",
        ),
    ],
)
def test_clocks(text: str, wish: Wish, after: str) -> None:
    assert changed(text, wish, CLOCKS) == after


def test_clocks_without_seconds_and_none_where_time_is_not_tracked() -> None:
    minutes = MarkRules(workflow="todo", seconds=False)
    assert changed("- TODO x", "doing", minutes).splitlines()[2] == "  CLOCK: [2024-01-20 Sat 10:30]"
    text = "- DOING x\n  :LOGBOOK:\n  CLOCK: [2024-01-18 Thu 09:00]\n  :END:"
    assert changed(text, "done", minutes).splitlines()[2] == (
        "  CLOCK: [2024-01-18 Thu 09:00]--[2024-01-20 Sat 10:30] =>  49:30"
    )
    assert changed(text, "done", QUIET) == text.replace("DOING", "DONE")


def test_a_clock_that_began_later_is_refused() -> None:
    with pytest.raises(MarkingError, match="its clock started later, at 2024-01-20 09:00"):
        changed(logged("DOING", RUNNING), "done", CLOCKS, now=datetime(2024, 1, 20, 8, 0))  # noqa: DTZ001


def test_where_a_drawer_would_be_text_the_logbook_stays_as_it_is() -> None:
    text = "- TODO > said\n  more"
    result = marking(text, "doing", CLOCKS)
    assert apply_splices(text, result.splices) == "- DOING > said\n  more"
    assert result.said == ("the LOGBOOK is unchanged, because Logseq would not read it after the text of this block",)


FRIDAY = datetime(2024, 1, 5)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("kind", "rule", "late", "early"),
    [
        (".+", "logseq", (1, 26), (2, 1)),
        ("++", "logseq", (1, 12), (1, 25)),
        ("+", "logseq", (1, 12), (2, 1)),
        (".+", "org", (1, 27), (1, 27)),
        ("++", "org", (1, 26), (2, 1)),
        ("+", "org", (1, 12), (2, 1)),
    ],
)
def test_the_table_of_next_dates(
    kind: RepeaterKind, rule: RepeaterRule, late: tuple[int, int], early: tuple[int, int]
) -> None:
    ticked = [next_start(FRIDAY.replace(day=day), kind, 1, "w", NOW, rule) for day in (5, 25)]
    assert [(day.month, day.day) for day in ticked] == [late, early]


@pytest.mark.parametrize(
    ("start", "kind", "number", "unit", "after"),
    [
        ("2024-01-31 00:00", "+", 1, "m", "2024-02-29 00:00"),
        ("2024-02-29 00:00", "+", 1, "y", "2025-02-28 00:00"),
        ("2023-10-31 00:00", ".+", 1, "m", "2024-01-31 00:00"),
        ("2019-02-01 00:00", ".+", 2, "y", "2025-02-01 00:00"),
        ("2024-01-20 10:30", ".+", 1, "d", "2024-01-21 10:30"),
        ("2024-01-20 10:31", "++", 1, "d", "2024-01-20 10:31"),
        ("2024-01-20 10:00", ".+", 3, "h", "2024-01-20 13:00"),
        ("2024-01-01 00:00", "++", 0, "d", "2024-01-01 00:00"),
    ],
)
def test_steps(start: str, kind: RepeaterKind, number: int, unit: str, after: str) -> None:
    assert next_start(datetime.fromisoformat(start), kind, number, unit, NOW) == datetime.fromisoformat(after)


@given(
    st.datetimes(datetime(1, 1, 1), datetime(2600, 1, 1)),  # noqa: DTZ001
    st.integers(1, 400),
    st.sampled_from("hdwmy"),
    st.sampled_from(["+", "++", ".+"]),
    st.sampled_from(["logseq", "org"]),
)
def test_a_next_date_is_never_earlier_and_dotted_ones_lie_ahead(
    start: datetime, number: int, unit: str, kind: RepeaterKind, rule: RepeaterRule
) -> None:
    after = next_start(start, kind, number, unit, NOW, rule)
    assert after >= start or (kind == ".+" and rule == "org")
    if kind == ".+" or (kind == "++" and rule == "org"):
        assert after > NOW


@pytest.mark.parametrize(
    ("text", "after"),
    [
        pytest.param(
            "- TODO x\n  SCHEDULED: <2024-01-05 Fri .+1w>",
            "- TODO x\n  SCHEDULED: <2024-01-26 Fri .+1w>\n  :LOGBOOK:\n"
            '  * State "DONE" from "TODO" [2024-01-20 Sat 10:30]\n  :END:',
            id="the date moves, the marker stays, the completion is noted",
        ),
        pytest.param(
            "- DOING x\n  SCHEDULED: <2024-01-05 Fri 07:00 ++1w>\n  DEADLINE: <2024-01-31 Wed +1m>\n  :LOGBOOK:\n"
            "  CLOCK: [2024-01-20 Sat 09:00:00]\n  :END:",
            "- TODO x\n  SCHEDULED: <2024-01-12 Fri 07:00 ++1w>\n  DEADLINE: <2024-02-29 Thu +1m>\n  :LOGBOOK:\n"
            f'  {STOPPED}\n  * State "DONE" from "DOING" [2024-01-20 Sat 10:30]\n  :END:',
            id="DOING goes back to TODO, the clock stops, both dates move",
        ),
        pytest.param(
            "- NOW x\n  DEADLINE: <2024-01-05 Fri>\n  SCHEDULED: [2024-1-5 Mon 7:00 .+1d]",
            "- LATER x\n  DEADLINE: <2024-01-05 Fri>\n  SCHEDULED: [2024-01-21 Sun 07:00 .+1d]\n  :LOGBOOK:\n"
            '  * State "DONE" from "NOW" [2024-01-20 Sat 10:30]\n  :END:',
            id="only the repeated date, written in canonical form",
        ),
        pytest.param(
            "- WAITING x\n  DEADLINE: <2024-01-25 Thu ++1w>",
            "- WAITING x\n  DEADLINE: <2024-01-25 Thu ++1w>\n  :LOGBOOK:\n"
            '  * State "DONE" from "WAITING" [2024-01-20 Sat 10:30]\n  :END:',
            id="++ stays while it is still to come; other markers stay",
        ),
        pytest.param(
            "- STARTED x\n  DEADLINE: <2024-01-25 Thu ++1w>",
            "- DONE x\n  DEADLINE: <2024-01-25 Thu ++1w>",
            id="a marker without a checkbox cannot be ticked",
        ),
    ],
)
def test_repeated_tasks(text: str, after: str) -> None:
    assert changed(text, "done", CLOCKS) == after


def test_repeaters_as_org_has_them_and_without_a_logbook() -> None:
    text = "- TODO x\n  SCHEDULED: <2024-01-05 Fri ++1w>"
    assert changed(text, "done", MarkRules(clocks=False, repeaters="org")) == text.replace("2024-01-05", "2024-01-26")
    assert changed(text, "cancel", CLOCKS) == text.replace("TODO", "CANCELED")


def test_a_repeated_date_of_no_calendar_is_refused() -> None:
    with pytest.raises(MarkingError, match="cannot be moved forward"):
        changed("- TODO x\n  SCHEDULED: <2024-02-30 Fri ++1w>", "done", CLOCKS)


@given(pages, st.integers(0, 50), st.sampled_from(sorted(WISHES)))
def test_on_any_page_only_lines_of_the_block_change(text: str, index: int, wish: Wish) -> None:
    outline = scan_page(text)
    assume(outline.blocks)
    index %= len(outline.blocks)
    try:
        result = marking(text, wish, CLOCKS, index=index)
    except MarkingError:
        return
    block = outline.blocks[index]
    assert all(block.start <= splice.start <= splice.end <= block.end for splice in result.splices)
    after = scan_page(apply_splices(text, result.splices))
    assert len(after.blocks) == len(outline.blocks)
    assert (read_body(after, index).marker or "") == result.after


lines = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.sampled_from(["TODO", "DOING", "LATER", "NOW", "WAITING", "DONE", "CANCELED"]),
        st.sampled_from(["a", "[[b]] c", "## x", "d\n  DEADLINE: <2024-01-30 Tue>"]),
    ),
    min_size=1,
    max_size=6,
)


@given(lines, st.sampled_from(["\n", "\r\n"]), st.data())
def test_a_marker_changed_and_changed_back_gives_the_same_bytes(
    tasks: list[tuple[int, str, str]], eol: str, data: st.DataObject
) -> None:
    text = eol.join(f"{chr(9) * depth}- {marker} {words}".replace("\n", eol) for depth, marker, words in tasks)
    index = data.draw(st.integers(0, len(tasks) - 1))
    marker = tasks[index][1]
    back: Wish = {"TODO": "todo", "LATER": "todo", "DOING": "doing", "NOW": "doing", "WAITING": "waiting"}.get(  # type: ignore[assignment]
        marker, "done" if marker == "DONE" else "cancel"
    )
    wish = data.draw(st.sampled_from(sorted(WISHES)))
    rules = MarkRules(workflow="now" if marker in {"NOW", "LATER"} else "todo", clocks=False)
    once = changed(text, wish, rules, index=index)
    assert changed(once, back, rules, index=index) == text
    assert [line for number, line in enumerate(once.split(eol)) if line != text.split(eol)[number]] in (
        [],
        [once.split(eol)[scan_page(text).text[: scan_page(text).blocks[index].start].count("\n")]],
    )
