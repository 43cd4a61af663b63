"""What `graphkit.toml` and `GRAPHKIT_…` variables say, and how mistakes in them are named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphkit.vault.layout import Dialect
from graphkit.vault.settings import (
    KEYS,
    Estimates,
    PageMarks,
    Settings,
    SettingsError,
    Stale,
    apply_environment,
    read_settings,
)

EVERYTHING = """
dialect = "logseq"
checkboxes = true
ignore = ["archive", " old/ "]

[sections]
work = ["Schritte", "plan"]
goal = []

[estimates]
hours_per_day = 6
days_per_week = 4.5
sizes = { s = 2, XL = 13 }

[candidates]
measures = ["Umsatz"]
stop_words = ["und", "der"]

[experiment]
properties = ["kind"]
by_tag = false
experiment = ["Experiment", "test"]
goal = ["objective"]
metric = ["kpi"]

[stale]
doing = 3
waiting = 2
dormant = 30
"""


def test_an_empty_file_gives_the_defaults() -> None:
    assert read_settings("") == read_settings("# nothing\n") == Settings()


def test_every_key() -> None:
    assert read_settings(EVERYTHING) == Settings(
        dialect=Dialect.LOGSEQ,
        checkboxes=True,
        ignore=("archive", "old/"),
        sections={"work": ("schritte", "plan"), "goal": ()},
        candidates={"measures": ("umsatz",), "stop_words": ("und", "der")},
        estimates=Estimates(hours_per_day=6.0, days_per_week=4.5, sizes={"S": 2.0, "XL": 13.0}),
        experiment=PageMarks(
            properties=("kind",), by_tag=False, experiment=("experiment", "test"), goal=("objective",), metric=("kpi",)
        ),
        stale=Stale(doing=3, waiting=2, dormant=30),
    )


@pytest.mark.parametrize(
    ("text", "line", "message", "remedy"),
    [
        ("a = 1\nchekboxes = true", 1, "unknown key 'a'", None),
        ("\nchekboxes = true", 2, "unknown key 'chekboxes'", "did you mean 'checkboxes'?"),
        ("[sections]\nwork = ['a']\n\nwrok = ['a']", 4, "unknown key 'sections.wrok'", "did you mean 'sections.work'?"),
        ("[sections]\n'my work' = ['a']", 2, "unknown key 'sections.my work'", None),
        ("[candidates]\nstopwords = []", 2, "unknown key 'candidates.stopwords'",
         "did you mean 'candidates.stop_words'?"),
        ("[stail]\nx = 1", 1, "unknown key 'stail'", None),
        ("hours_per_day = 3", 1, "unknown key 'hours_per_day'", "did you mean 'estimates.hours_per_day'?"),
        ("estimates = { sizez = 1 }", 1, "unknown key 'estimates.sizez'", "did you mean 'estimates.sizes'?"),
        ("x = 1\n[stale]\n", 1, "unknown key 'x'", None),
        ("[stale]\ndoing = '3'", 2, "'stale.doing' must be a whole number of days, at least 1", None),
        ("stale.doing = 0", 1, "'stale.doing' must be a whole number of days, at least 1", None),
        ("checkboxes = 'yes'", 1, "'checkboxes' must be true or false", "whether `- [ ]` boxes are tasks"),
        ("ignore = 'x'", 1, "'ignore' must be a list of words, such as [\"one\", \"two\"]", None),
        ("[sections]\nwork.x = 1", 2, "'sections.work' must be a list of words, such as [\"one\", \"two\"]", None),
        ("[estimates]\nhours_per_day = inf", 2, "'estimates.hours_per_day' must be a number above 0", None),
        ("[estimates]\nsizes = {}", 2, "'estimates.sizes' must be a table of points, such as { S = 1, M = 3 }", None),
        ("[experiment]\ngoal = []", 2, "'experiment.goal' must be a list with at least one word", None),
        ("dialect = 'org'", 1, "'dialect' must be one of \"logseq\", \"obsidian\", \"markdown\", \"mirror\"", None),
        ("a = ", 1, "this is not valid TOML: Invalid value", "correct this line"),
        ("checkboxes = true\ncheckboxes = true", 2, "this is not valid TOML: Cannot overwrite a value", None),
        ("stale = 3", 1, "unknown key 'stale'", None),
    ],
)  # fmt: skip
def test_mistakes_are_named_with_their_line(text: str, line: int, message: str, remedy: str | None) -> None:
    with pytest.raises(SettingsError) as raised:
        read_settings(text)
    error = raised.value
    assert (error.message, error.line, str(error)) == (message, line, f"graphkit.toml:{line}: {message}")
    assert remedy is None or error.remedy == remedy


def test_the_environment_overrides_the_file() -> None:
    environ = {
        "GRAPHKIT_CHECKBOXES": "no",
        "GRAPHKIT_IGNORE": "a, b/c,",
        "GRAPHKIT_SECTIONS_GOAL": "Ziel",
        "GRAPHKIT_ESTIMATES_HOURS_PER_DAY": "7.5",
        "GRAPHKIT_STALE_DOING": "5",
        "GRAPHKIT_STALE_WAITING": " ",
        "GRAPHKIT_CANDIDATES_STOP_WORDS": "oder, Je",
        "GRAPHKIT_GRAPH": "/elsewhere",
        "CHECKBOXES": "true",
    }
    changed = apply_environment(read_settings(EVERYTHING), environ)
    assert changed == Settings(
        dialect=Dialect.LOGSEQ,
        checkboxes=False,
        ignore=("a", "b/c"),
        sections={"work": ("schritte", "plan"), "goal": ("ziel",)},
        candidates={"measures": ("umsatz",), "stop_words": ("oder", "je")},
        estimates=Estimates(hours_per_day=7.5, days_per_week=4.5, sizes={"S": 2.0, "XL": 13.0}),
        experiment=PageMarks(
            properties=("kind",), by_tag=False, experiment=("experiment", "test"), goal=("objective",), metric=("kpi",)
        ),
        stale=Stale(doing=5, waiting=2, dormant=30),
    )


@pytest.mark.parametrize(("variable", "text"), [("GRAPHKIT_STALE_DOING", "3.5"), ("GRAPHKIT_CHECKBOXES", "perhaps")])
def test_a_wrong_variable_is_named(variable: str, text: str) -> None:
    with pytest.raises(SettingsError) as raised:
        apply_environment(Settings(), {variable: text})
    assert (raised.value.source, raised.value.line) == (variable, None)


TOML_PIECES = st.lists(st.sampled_from(["[", "]", "=", "a", "\n", "'", '"', "stale", ".", "1", "{", "}"])).map("".join)


@given(text=st.text() | TOML_PIECES)
def test_any_text_gives_settings_or_a_settings_error(text: str) -> None:
    result: Settings | str
    try:
        result = read_settings(text)
    except SettingsError as error:
        result = error.message
    assert result


def test_keys_have_distinct_variables_and_a_meaning() -> None:
    assert len({key.variable for key in KEYS}) == len(KEYS)
    assert all(key.meaning for key in KEYS)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (".".join(["a"] * 40_000) + " = 1", "8 parts"),
        ("x = {" + ".".join(["a"] * 40_000) + " = 1}", "8 parts"),
        ("[" + ".".join(['"a b"'] * 9) + "]", "8 parts"),
        ("# " + "a" * 100_000, "100,000 characters"),
        ("x = " + "[" * 50_000, "not valid TOML"),
    ],
)
def test_settings_that_would_take_long_are_refused(text: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        read_settings(text)
