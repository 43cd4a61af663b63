from __future__ import annotations

import re
from datetime import date

import pytest
from growth import assert_linear, repeated
from hypothesis import example, given
from hypothesis import strategies as st
from page_facts import facts_of

from graphkit.facts.observations import data_paths, may_state_values, read_csv
from graphkit.facts.page_facts import Sighting

DAY = date(2026, 3, 2)
EXPERIMENT = "page-type:: [[experiment]]\n\n"


def test_a_property_in_a_journal_block_with_what_stands_beside_it() -> None:
    page = "- Monday\n  retention-rate:: 41.2%\n  n:: 1200\n  segment:: [[new]]\n  as-of:: [[Mar 1st, 2026]]\n"
    assert facts_of(page, day=DAY).sightings == (
        Sighting(
            kind="property",
            metric="retention-rate",
            text="41.2%",
            path="journals/2026_03_02.md",
            line=2,
            column=20,
            day=DAY,
            as_of="[[Mar 1st, 2026]]",
            n="1200",
            segment="new",
            block=0,
        ),
    )


def test_the_page_properties_of_a_journal_count() -> None:
    assert [item.text for item in facts_of("churn-rate:: 5%\n\n- x\n", day=DAY).sightings] == ["5%"]


def test_lines_with_and_without_a_value() -> None:
    page = (
        "- #metric [[A]] 41.2% (n=1200) after the fix #metric [[B]]: 3\n"
        "  #[[metric]] [[C d]]\n"
        "  `#metric [[E]] 4`\n"
        "- a #metric and [[F]]\n"
    )
    assert [(item.metric, item.text, item.line) for item in facts_of(page, day=DAY).sightings] == [
        ("A", "41.2% (n=1200) after the fix", 1),
        ("B", "3", 1),
        ("C d", "", 2),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("- x\n  retention-rate:: 41%\n", 1),
        ("- x\n  retention-rate:: about forty\n", 1),
        ("- x\n  retention-rate:: good\n", 0),
        ("retention-rate:: 41%\n\n- x\n", 0),
        ("- x\n  id:: 65\n  points:: 3\n", 0),
        (EXPERIMENT + "- x\n  retention-rate:: good\n", 1),
        ("- ```\n  a:: 4\n  ```\n", 0),
    ],
)
def test_where_a_property_may_be_a_value(text: str, found: int) -> None:
    assert len(facts_of(text).sightings) == found


def test_tables_on_a_metric_page_below_any_heading_in_any_order_of_columns() -> None:
    page = (
        "page-type:: [[metric]]\n\n"
        "- ### Observations\n"
        "\t- | segment | **Value** | Date | n |\n"
        "\t  |--|--|--|--|\n"
        "\t  | new | 5% | 2026-01-31 | 20 |\n"
        "\t  | | 6% | 2026-02-28 | |\n"
        "- | date | value |\n  |--|--|\n  | 2026-01-01 | 1% |\n"
    )
    facts = facts_of(page, "Churn")
    assert [(item.metric, item.text, item.as_of, item.n, item.segment, item.line) for item in facts.sightings] == [
        ("Churn", "5%", "2026-01-31", "20", "new", 6),
        ("Churn", "6%", "2026-02-28", "", "", 7),
        ("Churn", "1%", "2026-01-01", "", "", 10),
    ]
    assert facts.diagnostics == ()


@pytest.mark.parametrize("heading", ["## Observations", "Observations:", "**Observations**", "**Observation:**"])
def test_a_bullet_with_only_the_name_of_the_section_is_its_heading(heading: str) -> None:
    table = "- | date | value |\n\t  |--|--|\n\t  | 2026-01-01 | 1% |\n- **Risks**\n"
    page = f"page-type:: metric\n\n- {heading}\n\t{table}"
    assert [item.text for item in facts_of(page).sightings] == ["1%"]


def test_a_table_without_its_columns_is_a_finding() -> None:
    page = "page-type:: metric\n\n## Observations\n| when | value |\n|--|--|\n| 2026 | 1% |\n"
    facts = facts_of(page)
    assert facts.sightings == ()
    assert [(finding.code, finding.line) for finding in facts.diagnostics] == [("W412", 4)]


def test_generated_content_is_no_input() -> None:
    assert facts_of("- x\n  graphkit:: status\n\t- #metric [[A]] 3%\n\t- y\n\t  a-rate:: 3%\n", day=DAY).sightings == ()
    assert facts_of("graphkit:: status\n\n- #metric [[A]] 3%\n", day=DAY).sightings == ()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_rows_with_their_lines(separator: str) -> None:
    text = "\ufeffdate,value,n\r\n2026-01-01,41%,12\r\n\r\n2026-01-02,42%\r\n".replace(",", separator)
    rows, findings = read_csv(text.encode(), "assets/x.csv", "M")
    assert [(row.as_of, row.text, row.n, row.line) for row in rows] == [
        ("2026-01-01", "41%", "12", 2),
        ("2026-01-02", "42%", "", 4),
    ]
    assert findings == []


@pytest.mark.parametrize("data", [b"", b"\x00\xff", b"a,b\n1,2\n"])
def test_a_file_without_its_columns_is_a_finding(data: bytes) -> None:
    rows, findings = read_csv(data, "assets/x.csv", "M")
    assert rows == []
    assert [finding.code for finding in findings] == ["W412"]


def test_a_field_without_end_is_a_finding() -> None:
    rows, findings = read_csv(b'date,value\n2026-01-01,"' + b"x" * 200_000, "assets/x.csv", "M")
    assert (rows, [finding.code for finding in findings]) == ([], ["W411"])


@pytest.mark.parametrize(
    ("value", "paths"),
    [
        ("../assets/x.csv", ("../assets/x.csv",)),
        ("[data](../assets/x y.csv)", ("../assets/x y.csv",)),
        ("![x](a.csv), ![y](b.csv)", ("a.csv", "b.csv")),
        ("a.csv, `b.csv`", ("a.csv", "b.csv")),
        ("", ()),
    ],
)
def test_the_files_that_data_names(value: str, paths: tuple[str, ...]) -> None:
    assert data_paths(value) == paths


@pytest.mark.parametrize("sign", ["#metric ", "a:: 1\n", "\n- a:: ", "#metric [[", "#metric [[a]] "])
def test_hostile_pages_take_linear_time(sign: str) -> None:
    assert_linear(repeated(sign), lambda text: facts_of(text, day=DAY), 400_000)


VALUE_PIECES = (
    "\n",
    "\n- ",
    "- ",
    " ",
    "\t",
    "a",
    "owner",
    "::",
    ":",
    ":: 5",
    "::\t5",
    "[[x]]",
    "5",
    "\r\n",
    "\ufeff",
    "about ",
)


@given(st.lists(st.sampled_from(VALUE_PIECES), max_size=12).map("".join))
@example("\ufeff:: 5")
def test_a_value_may_stand_where_a_line_begins_with_a_key(text: str) -> None:
    lines = text.removeprefix("\ufeff").split("\n")
    found = [re.match(r"[ \t]*(?:-[ \t]+)?([^\s:]{1,100})::[ \t]+[^\s\[({]", line) for line in lines]
    assert may_state_values(text, anywhere=True) == any(match and match[1] != "owner" for match in found)
