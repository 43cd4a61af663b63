"""Keys and typed values of properties (spec: logseq-format §4.2, §4.3)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphkit.outline.properties import Property, is_valid_key, normal_key
from graphkit.outline.typed_values import Value, ValueRules, typed_value


def prop(key: str, value: str) -> Property:
    return Property(key=normal_key(key), raw_key=key, value=value, start=0, end=0, value_start=0)


@pytest.mark.parametrize(
    "key", ["a.b", "-a", "1abc", "日本", "é", "a'b", "**a**", "😀", "k?", "k.", "a/b", "true", "a#b", "/"]
)
def test_valid_keys(key: str) -> None:
    assert is_valid_key(key)


@pytest.mark.parametrize(
    "key",
    [
        'a"b',
        "a(b)",
        "#tag",
        "[[page]]",
        "a,b",
        "a@b",
        "a~b",
        "a;b",
        "a\\b",
        "k/",
        "/k",
        "a/1",
        "a/b/c",
        "",
        "a\xa0b",
        "a|b",
    ],
)
def test_invalid_keys(key: str) -> None:
    assert not is_valid_key(key)


@pytest.mark.parametrize(("raw", "key"), [("My_Key", "my-key"), ("custom_id", "id"), ("Ä b", "ä-b")])
def test_keys_are_normalised(raw: str, key: str) -> None:
    assert normal_key(raw) == key


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("k", "", ""),
        ("k", "true", True),
        ("k", "TRUE", "TRUE"),
        ("k", "false", False),
        ("k", "007", 7),
        ("k", "-3", "-3"),
        ("k", "9007199254740991", 9007199254740991),
        ("k", "9007199254740992", "9007199254740992"),
        ("k", "a, b", "a, b"),
        ("k", '"[[x]]"', '"[[x]]"'),
        ("k", "see [[p]], #q and [[p]]", ("p", "q")),
        ("k", "#[[a b]], #c", ("a b", "c")),
        ("k", "[l]([[t]])", ("t",)),
        ("k", "[doc](x.md)", "[doc](x.md)"),
        ("k", "**[[b]]**", "**[[b]]**"),
        ("k", "**[[b]]** [[c]]", ("c",)),
        ("k", "{{embed [[e]]}}", ("e",)),
        ("tags", "a b, #c, [[d, e]]， f", ("a b", "c", "d, e", "f")),
        ("tags", "``code``", "``code``"),
        ("tags", "", ""),
        ("alias", '"a", b', ('"a"', "b")),
        ("title", "[[x]]", "[[x]]"),
        ("template", "7", "7"),
        ("icon", "true", "true"),
    ],
)
def test_typed_values(key: str, value: str, expected: Value) -> None:
    assert typed_value(prop(key, value)) == expected
    assert type(typed_value(prop(key, value))) is type(expected)


def test_keys_of_the_configuration_are_split_too() -> None:
    assert typed_value(prop("people", "a, b"), ValueRules(comma_separated=frozenset({"people"}))) == ("a", "b")


@given(st.text(), st.sampled_from(["k", "tags", "title"]))
def test_any_value_has_a_type(value: str, key: str) -> None:
    typed = typed_value(prop(key, value.strip()))
    assert isinstance(typed, bool | int | str | tuple)
