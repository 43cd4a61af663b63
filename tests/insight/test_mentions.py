"""Mentions: exact names in prose, the longest first, on word boundaries, and never inside code, links or tags."""

from __future__ import annotations

import random
import re

import pytest
from growth import NOISE_S, assert_linear, cpu_seconds, repeated
from hypothesis import given
from hypothesis import strategies as st
from shared_material import SEEDS, needs_shared

from graphkit.insight.metrics.mentions import Mention, MentionIndex
from graphkit.insight.metrics.prose import FILLER, mask
from graphkit.text.span import Span


def mentioned(names: list[str], text: str) -> list[tuple[str, str]]:
    """Name and text of each mention."""
    index = MentionIndex((name, name) for name in names)
    return [(mention.name, text[mention.span.start : mention.span.end]) for mention in index.find(text)]


@pytest.mark.parametrize(
    ("names", "text", "expected"),
    [
        (["Retention rate"], "the retention rate fell", [("Retention rate", "retention rate")]),
        (["Retention rate"], "both RETENTION  RATES fell", [("Retention rate", "RETENTION  RATES")]),
        (["Retention rate"], "retention\nrate", []),
        (["Retention rate"], "preretention rate, retention rated", []),
        (["rate", "retention rate"], "retention rate, rate", [("retention rate", "retention rate"), ("rate", "rate")]),
        (["a b c", "a b", "c d"], "a b c d", [("a b c", "a b c")]),
        (["a b c", "a"], "a b d", [("a", "a")]),
        (["NPS"], "the NPS's (NPS) **NPS** _NPS_ x-NPS.", [("NPS", "NPS")] * 5),
        (["NPS"], "NPS_2 xNPS NPS2 NPSé", []),
        (["Net Promoter Score (NPS)"], "a Net Promoter Score (NPS)!", [("Net Promoter Score (NPS)",) * 2]),
        (["NPS"], "a Net Promoter Score (NPS)", [("NPS", "NPS")]),
        (["C++", "$ARPU"], "C++11 and US$ARPU", [("C++", "C++"), ("$ARPU", "$ARPU")]),
        (["Retention-rate"], "retention-rate retention rate", [("Retention-rate", "retention-rate")]),
        (["churn"], "churns churnss", [("churn", "churns")]),
        (["rates"], "rate rates", [("rates", "rates")]),
        (["rate", "rates"], "rates", [("rates", "rates")]),
        (["客户留存率", "NPS"], "提升客户留存率和NPS值", [("客户留存率", "客户留存率"), ("NPS", "NPS")]),
        (["リテンション率"], "リテンション率が高い", [("リテンション率", "リテンション率")]),
        (["유지율"], "유지율을", [("유지율", "유지율")]),
        (["İzmir"], "İİ x İZMİR izmir", []),
        (["İZMİR"], "İİ x İZMİR izmir", [("İZMİR", "İZMİR")]),
        (["Café"], "CAFE\u0301 cafés cafe", [("Café", "CAFE\u0301"), ("Café", "cafés")]),
        (["معدل الاحتفاظ"], "ارتفع معدل الاحتفاظ كثيرا", [("معدل الاحتفاظ", "معدل الاحتفاظ")]),
        (["", "  "], "anything", []),
        (["–", "-", "?", "…", "( )", "NPS?"], "10–15% - what? NPS? …", [("NPS?", "NPS?")]),
        (["a b", "c", "a b c c d"], "a b c c e", [("a b", "a b"), ("c", "c"), ("c", "c")]),
        (["a", "a a a b"], "a a a a b", [("a", "a"), ("a a a b", "a a a b")]),
    ],
)
def test_a_name_is_found_where_it_stands(names: list[str], text: str, expected: list[tuple[str, str]]) -> None:
    assert mentioned(names, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "`NPS`",
        "``a ` NPS``",
        "```\nNPS\n```",
        "- ~~~ text\nNPS\n```",
        "#+BEGIN_SRC sql\nNPS\n#+END_SRC",
        "[[NPS]]",
        "[[the NPS [[of]] us]]",
        "#NPS",
        "#[[NPS]]",
        "a#NPS.x",
        "[NPS](https://example.org)",
        "[label](../NPS.md)",
        "![NPS](x.png)",
        "https://example.org/NPS?x=NPS",
        "<ftp://NPS>",
        "www.example.org/NPS",
        "{{query NPS}}",
        "{{renderer :chart, NPS}}",
        "$$NPS$$",
        "a $NPS$ b",
        "\\(NPS\\) and \\[NPS\\]",
    ],
)
def test_code_links_tags_macros_and_addresses_hold_no_mentions(text: str) -> None:
    assert mentioned(["NPS"], f"{text}\nthen NPS") == [("NPS", "NPS")]
    assert len(mask(text)) == len(text)


@pytest.mark.parametrize(
    "text",
    [
        "` NPS",
        "```\nNPS",
        "[[ NPS",
        "[NPS] (x)",
        "{{ NPS",
        "# NPS",
        "a [b]( NPS",
        "`a\nNPS`",
        "$5 NPS $6",
        "\\$NPS\\$",
        "\\(NPS",
    ],
)
def test_what_is_not_closed_is_text(text: str) -> None:
    assert mentioned(["NPS"], text) == [("NPS", "NPS")]


def test_every_key_of_a_shared_name_is_mentioned_once() -> None:
    index = MentionIndex([("NPS", "metric"), ("nps", "goal"), ("Nps", "metric")])

    assert index.find("NPS") == [
        Mention(name="NPS", key="metric", span=Span(0, 3)),
        Mention(name="nps", key="goal", span=Span(0, 3)),
    ]


@needs_shared
def test_the_first_seed_mentions_its_three_metrics() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("000_*")))
    index = MentionIndex(
        [
            ("Retention rate", "retention"),
            ("customer retention rate", "retention"),
            ("Repeat purchase rate", "repeat"),
            ("Net Promoter Score", "nps"),
            ("NPS", "nps"),
        ]
    )
    measuring = next(line for line in text.splitlines() if "metrics such as" in line)

    assert [mention.key for mention in index.find(measuring)] == ["retention", "repeat", "nps", "nps"]


# Laws

words = st.text(alphabet="abAB", min_size=1, max_size=3)
names_of_words = st.lists(words, min_size=1, max_size=3).map(" ".join)
few_words = st.sampled_from(["a", "b", "as", "a+", "+", "客", "客a"])
names_of_few_words = st.lists(few_words, min_size=1, max_size=7).map(" ".join)


@given(
    st.lists(names_of_words, max_size=6) | st.lists(names_of_few_words, max_size=8),
    st.text(alphabet="abAB  .\n", max_size=60)
    | st.lists(st.one_of(few_words, st.sampled_from(["x", "s", "\n"])), max_size=40).map(" ".join),
)
def test_the_index_finds_what_a_search_for_each_name_finds(names: list[str], text: str) -> None:
    names = [name for name in names if any(map(str.isalnum, name))]

    def ends(name: str, start: int) -> int:
        pattern = re.escape(name).replace(r"\ ", " +")
        edge = "s?(?![a-z0-9])" if name[-1] in "abABsS" else ""
        found = re.compile(pattern + edge, re.IGNORECASE).match(text, start)
        begins_word = name[0].isascii() and name[0].isalnum()
        inside = begins_word and start > 0 and text[start - 1].isascii() and text[start - 1].isalnum()
        return found.end() if found and not inside else -1

    expected, place = [], 0
    while place < len(text):
        end = max((ends(name, place) for name in names), default=-1)
        if end > place:
            expected.append(Span(place, end))
            place = end
        else:
            place += 1
    index = MentionIndex((name, name.lower()) for name in names)
    assert sorted({mention.span for mention in index.find(text)}) == expected


@given(st.text(alphabet="[](){}`#~:/\n ab\0é客İ\u0301_", max_size=80))
def test_masking_keeps_every_place(text: str) -> None:
    masked = mask(text)

    assert len(masked) == len(text)
    assert all(there in {here, FILLER} for here, there in zip(text, masked, strict=True))
    for mention in MentionIndex([("a", 1), ("客", 2), ("b é", 3)]).find(text):
        assert masked[mention.span.start : mention.span.end] == text[mention.span.start : mention.span.end]


def test_the_time_does_not_depend_on_the_number_of_names() -> None:
    chance = random.Random(5)  # noqa: S311 - a seeded text, no secret
    vocabulary = ["".join(chance.choices("abcdefghijklmnop", k=chance.randint(3, 9))) for _ in range(20_000)]
    text = " ".join(chance.choices(vocabulary, k=150_000))
    names = [" ".join(chance.choices(vocabulary, k=3)) for _ in range(5_000)]
    few, many = (MentionIndex((name, name) for name in names[:count]) for count in (50, 5_000))
    # A hundred times the names find more, and may take a few times as long for it.
    assert cpu_seconds(lambda: many.find(text)) < 8 * cpu_seconds(lambda: few.find(text)) + NOISE_S


@pytest.mark.parametrize(
    "names", [["a " * 1000 + "b"], ["a", "a " * 1000 + "b"], [f"{'a ' * words}a" for words in range(200)]]
)
@pytest.mark.parametrize("text", ["a " * 100_000, "a b " * 50_000, f"{'a ' * 3000}\n" * 32])
def test_the_time_does_not_depend_on_the_length_of_names(names: list[str], text: str) -> None:
    index, short = MentionIndex((name, name) for name in names), MentionIndex([("a b", "a b")])
    # Looked for from every word anew, a name of a thousand words would take a hundred times as long.
    assert cpu_seconds(lambda: index.find(text)) < 15 * cpu_seconds(lambda: short.find(text)) + NOISE_S


@pytest.mark.parametrize(
    "piece",
    [
        "[[",
        "]]",
        "`",
        "``` ",
        "```\n",
        "](",
        "[",
        "{{",
        "#",
        "((",
        "://",
        "a://",
        "www.",
        "_",
        "a_",
        "[[a](",
        "`a``b",
        "* a",
        "$",
        "$a ",
        "\\(",
        "\\[a\\) ",
    ],
)
def test_hostile_texts_are_searched_in_linear_time(piece: str) -> None:
    assert_linear(repeated(piece), MentionIndex([("a b", 1), ("NPS", 2)]).find, 500_000)


plain_words = st.sampled_from(
    ["Café", "café", "NÄHE", "nähe", "naïve rate", "Кот", "коты", "ΑΣ", "ας", "a_b", "5", "€", "–", "x", "'s"]
)


@given(st.lists(plain_words, min_size=1, max_size=4), st.lists(plain_words, max_size=12).map(" ".join))
def test_a_script_without_spaces_elsewhere_in_a_text_changes_nothing(names: list[str], text: str) -> None:
    index = MentionIndex((name, name) for name in names)

    assert index.find(text) == index.find(f"{text}\n客 e\u0301")
