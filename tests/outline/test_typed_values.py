"""What a property's value refers to, and the text Logseq keeps of it (spec: logseq-format §4.3, §4.4, §11.2)."""

from __future__ import annotations

import pytest

from graphkit.outline.body import read_body
from graphkit.outline.properties import Property, is_valid_key, key_page, normal_key
from graphkit.outline.scanner import scan_page
from graphkit.outline.typed_values import (
    Value,
    ValueRules,
    listed_titles,
    typed_value,
    value_blocks,
    value_titles,
)

ID = "65f1c0de-0000-4000-8000-000000000001"


def prop(key: str, value: str) -> Property:
    return Property(key=normal_key(key), raw_key=key, value=value, start=0, end=0, value_start=0)


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("p", "[[2024-01-02]]", ("2024-01-02",)),
        ("p", "[[ A b ]]", ("A b",)),
        ("p", r"[[a\'s b]] #x\_y", (r"a\'s b", r"x\_y")),
        ("p", "[[a [[b]] c]]", ("a [[b]] c",)),
        ("p", "#[[a]]b", ("a",)),
        ("p", "#a[[b]]", ("a",)),
        ("p", "{{query [[x]]}}", ("x",)),
        ("p", "![i]([[x]])", ("x",)),
        ("p", "[l](x.md) [l]([[y]])", ("y",)),
        ("p", "[[assets/a.png]]", "[[assets/a.png]]"),
        ("p", "[[draws/a]]", ("draws/a",)),
        ("tags", r"a\*b, C:\foo \alpha", ("a*b", "C:foo")),
        ("tags", "a **b**, c `d` e", ("a", "c", "e")),
        ("tags", "c, [[a]], b", ("c", "a", "b")),
        ("tags", "- x", "- x"),
        ("tags", "# x", "# x"),
        ("tags", "a:: b", "a:: b"),
        ("tags", "| a |", "| a |"),
        ("tags", "> a", "> a"),
        ("tags", "1. a", "1. a"),
        ("tags", "[1/3]", "[1/3]"),
        ("tags", f"(({ID}))", f"(({ID}))"),
        ("tags", "<https://x.y>", "<https://x.y>"),
        ("tags", "{{m a}}, b", ("b",)),
        ("tags", "12", ("12",)),
    ],
)
def test_typed_values(key: str, value: str, expected: Value) -> None:
    assert typed_value(prop(key, value)) == expected


def test_keys_that_the_configuration_names_as_strings_keep_their_text_and_their_references() -> None:
    rules = ValueRules(unread=frozenset({"m"}))
    assert typed_value(prop("m", "[[k]]"), rules) == "[[k]]"
    assert value_titles(prop("m", r"[[k\'s]] {{x [[no]]}}"), rules) == ("k's",)


@pytest.mark.parametrize(
    ("value", "expected"), [('"a, b"', ('"a, b"',)), ("**a**", ("**a**",)), ("", ()), ("a, b", ("a", "b"))]
)
def test_a_page_tag_without_items_is_the_whole_text(value: str, expected: tuple[str, ...]) -> None:
    assert listed_titles(prop("tags", value)) == expected


def test_blocks_count_whatever_the_key_but_not_in_quotes() -> None:
    assert value_blocks(prop("template", f"see (({ID}))")) == (ID,)
    assert value_blocks(prop("p", f'"see (({ID}))"')) == ()


@pytest.mark.parametrize("key", ["la[[a]]n", "a[b]c", "n\xa0", "a,b,c", "a\\b\\c", "a'b", "客"])
def test_keys_that_edn_reads_as_a_map_of_pairs(key: str) -> None:
    assert is_valid_key(key)


@pytest.mark.parametrize("key", ["a[b]", "a[b", "a]b", "a[[a]]:a", "a[x][y]z", "a\xa0b", "a\u3000b", "s/a/b", ":a"])
def test_keys_that_edn_refuses(key: str) -> None:
    assert not is_valid_key(key)


@pytest.mark.parametrize(("key", "page"), [("a", "a"), ("s/icon", "icon"), ("/", "/"), ("b/c", "c")])
def test_a_key_names_the_page_behind_its_namespace(key: str, page: str) -> None:
    assert key_page(key) == page


@pytest.mark.parametrize(
    ("line", "value", "written"),
    [
        ("k::  v \t", "v", "v"),
        ("k:: \xa0v\u3000", "v", "\xa0v\u3000"),
        ("k:: \x1av", "v", "v"),
        ("k:: \x0b", "", "\x0b"),
    ],
)
def test_white_space_that_the_parser_does_not_know_stays_at_a_value(line: str, value: str, written: str) -> None:
    found = read_body(scan_page(f"- x\n  {line}"), 0).properties[0]
    assert (found.value, found.written) == (value, written)
