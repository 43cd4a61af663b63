"""What `logseq/config.edn` says, and what is wrong with it (spec: logseq-format §1.3, §1.4)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared_material import CORPORA, needs_shared

from graphkit.text.diagnostics import Diagnostic, Severity
from graphkit.vault.config import GraphConfig, read_config


def config(text: str) -> GraphConfig:
    value, diagnostics = read_config(text)
    assert diagnostics == ()
    return value


def test_nothing_configured_gives_the_defaults() -> None:
    assert [config(text) for text in ("", " \n", "{}", "; only a comment\n", "#_{:hidden 1}", "{:unknown [1 2]}")] == [
        GraphConfig()
    ] * 6


def test_every_honoured_key() -> None:
    text = r"""
    ;; a comment {:with :brackets
    {:meta/version 1
     :file/name-format :triple-lowbar
     :journal/page-title-format "yyyy-MM-dd"
     :journal/file-name-format "yyyy-MM-dd"
     :pages-directory "notes/pages", :journals-directory "/diary/"
     :hidden ["/archive" "drafts"]
     :preferred-format "ORG"
     :preferred-workflow :todo
     :property-pages/enabled? false
     :property-pages/excludelist #{:author :日本}
     :property/separated-by-commas #{:topics}
     :block-hidden-properties #{:graphkit}
     :feature/enable-timetracking? false
     :logbook/settings {:with-second-support? false :enabled-in-all-blocks true}
     :feature/enable-journals? false
     :export/bullet-indentation :two-spaces}
    """
    assert config(text) == GraphConfig(
        file_name_format="triple-lowbar",
        journal_title_format="yyyy-MM-dd",
        journal_file_format="yyyy-MM-dd",
        pages_directory="notes/pages",
        journals_directory="diary",
        hidden=("/archive", "drafts"),
        preferred_format="org",
        preferred_workflow="todo",
        property_pages_enabled=False,
        property_pages_excludelist=frozenset({"author", "日本"}),
        properties_separated_by_commas=frozenset({"topics"}),
        block_hidden_properties=frozenset({"graphkit"}),
        timetracking=False,
        logbook_seconds=False,
        journals_enabled=False,
        bullet_indentation="  ",
    )


@pytest.mark.parametrize(
    ("value", "workflow"),
    [(":now", "now"), ('"NOW"', "now"), (":later-now", "now"), (":todo", "todo"), ('"Now"', "todo")],
)
def test_workflow_is_now_where_its_name_says_so(value: str, workflow: str) -> None:
    assert config(f"{{:preferred-workflow {value}}}").preferred_workflow == workflow


def test_the_older_key_for_titles_is_second_choice() -> None:
    assert config('{:date-formatter "yyyy_MM_dd"}').journal_title_format == "yyyy_MM_dd"
    both = '{:date-formatter "yyyy_MM_dd" :journal/page-title-format "do MMM yyyy"}'
    assert config(both).journal_title_format == "do MMM yyyy"


@pytest.mark.parametrize(
    "odd",
    [
        r"\a", r"\newline", r"\backspace", r"\u00e9", r"\o101", r"\(", r"\;", "1/2", "1/0", "-1.5e3",
        "1.", "1M", "0x1F", "1N", "017", "36rZZ", "+5", "##Inf", "^:x [1]", "^{:a 1} {}", "#_ gone 1", "#_ #_ a b 1",
        '#inst "2024"', '#uuid "x"', "(fn [r] [:pre.code (pprint r)])", "(-> x' ->> . ... % %1 & <= a/b)", ":a.b/c?",
        ":→", ":x'", '"two\nlines"', r'"\"\\\n\t\u00e9"', "#{}", "{#{1} [2] [3] 4}", "nil", "true", "foo",
        "#! rest\n 1", ":a#b",
    ],
)  # fmt: skip
def test_all_that_logseq_reads_is_read(odd: str) -> None:
    assert config(f'{{:x {odd}, :hidden ["a"]}} }} ] only the first form counts').hidden == ("a",)


@pytest.mark.parametrize(
    "text", ['{:hidden ["a"]\r\n}\r\n', '\ufeff{:hidden ["a"]}', '^:m {:hidden ["a"]}', '#_x {:hidden ["a"]}']
)
def test_line_ends_marks_and_prefixes_around_the_map(text: str) -> None:
    assert config(text).hidden == ("a",)


def test_keywords_beyond_the_usual_letters_keep_their_names() -> None:
    text = "{:property-pages/excludelist #{:a' :🔨 :café :c|d :%0}}"
    assert config(text).property_pages_excludelist == {"a'", "🔨", "café", "c|d", "%0"}


def test_halves_of_a_character_are_joined() -> None:
    assert config(r'{:hidden ["\ud83d\ude00é"]}').hidden == ("😀é",)


@pytest.mark.parametrize(
    ("text", "line", "column", "reason"),
    [
        ("{:a", 1, 1, "'{' is not closed"),
        ("{:a 1\n :b [1 2}", 2, 9, "'}'has no opening bracket"),
        ("]", 1, 1, "']'has no opening bracket"),
        ("{:a}", 1, 1, "a map needs a value for each key"),
        ("{:a 1\n :a 2}", 2, 2, "':a'is duplicated; Logseq refuses duplicate keys"),
        ("{:x {:m 1 :m 2}}", 1, 11, "':m'is duplicated; Logseq refuses duplicate keys"),
        ("{:x #{1 1}}", 1, 9, "'1'is duplicated; Logseq refuses duplicate keys"),
        ("{:a #(inc %)}", 1, 5, "an anonymous function `#(…)` is refused by Logseq"),
        ('{:a #"re"}', 1, 5, 'a regular expression `#"…"` is refused by Logseq'),
        ("{:a @x}", 1, 5, "'@' is refused by Logseq"),
        ("{:a x`y}", 1, 6, "'`' is refused by Logseq"),
        ("{:a ::kw}", 1, 5, "the keyword '::kw' is refused by Logseq: it starts with two colons"),
        ("{:a :b:}", 1, 5, "':b:' is no keyword"),
        ("{:a :a/b/c}", 1, 5, "':a/b/c' is no keyword"),
        ("{:a #foo 1}", 1, 5, "the tag '#foo' is refused by Logseq"),
        ("{:a #'x}", 1, 5, 'the tag "#\'x" is refused by Logseq'),
        ('{:a "x}', 1, 5, "the string is not closed"),
        (r'{:a "\x41"}', 1, 6, r"'\\x' is no escape in a string"),
        (r"{:a \foo}", 1, 5, r"'\\foo' is no character"),
        ("{:a 1x}", 1, 5, "'1x' is no number"),
        ("{:a 08}", 1, 5, "'08' is no number"),
        ("{:a ##x}", 1, 5, "'##x' is no constant"),
        ("{:a #_}", 1, 7, "nothing follows '#_'"),
        ("{:a #:: {:b 1}}", 1, 5, "'#::' is refused by Logseq"),
        ("[1]", 1, 1, "the first form is no map"),
        ("{" * 1000, 1, 151, "brackets are nested more than 150 deep"),
        ("[" + "1 " * 200_000, 1, 200_000, "there are more than 100,000 tokens"),
        ("{}" + " ;" * 600_000, 1, 1, "it is longer than 1,000,000 characters"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(text: str, line: int, column: int, reason: str) -> None:
    assert read_config(text) == (
        GraphConfig(),
        (
            Diagnostic(
                code="E101",
                severity=Severity.ERROR,
                path="logseq/config.edn",
                line=line,
                column=column,
                message=f"the configuration cannot be read: {reason}; defaults are used",
                hint="correct it at this place; Logseq does not apply such a configuration either",
            ),
        ),
    )


@pytest.mark.parametrize(
    ("entry", "wanted"),
    [
        (':hidden "x"', 'a vector of strings, such as ["archive" "/test.md"]'),
        (":hidden [:x]", 'a vector of strings, such as ["archive" "/test.md"]'),
        (':file/name-format "triple-lowbar"', ":legacy or :triple-lowbar"),
        (':property-pages/excludelist ["a"]', "a set of keywords, such as #{:author :source}"),
        (":property-pages/enabled? 0", "true or false"),
        (":journal/page-title-format :x", "a date format in double quotes"),
        (':pages-directory "../other"', "a folder in the graph"),
        (":export/bullet-indentation :tabs", "one of :tab, :two-spaces, :four-spaces, :eight-spaces"),
        (':preferred-format "docx"', '"Markdown" or "Org"'),
        (":preferred-workflow 1", "a keyword or a string"),
        (":logbook/settings 1", "a map"),
    ],
)
def test_a_value_of_the_wrong_kind_keeps_the_default_of_its_key_only(entry: str, wanted: str) -> None:
    key = entry.partition(" ")[0]
    assert read_config(f"{{:feature/enable-timetracking? false\n {entry}}}") == (
        GraphConfig(timetracking=False),
        (
            Diagnostic(
                code="E102",
                severity=Severity.WARNING,
                path="logseq/config.edn",
                line=2,
                column=2,
                message=f"{key} is not {wanted}; its default is used",
                hint=f"give {key} a value of that kind, or remove it",
            ),
        ),
    )


def test_journal_formats_are_checked() -> None:
    value, diagnostics = read_config('{:journal/page-title-format "EE"\n :journal/file-name-format "yyyy.MM.dd"}')
    assert value == GraphConfig(journal_file_format="yyyy.MM.dd")
    assert [(finding.code, finding.line, finding.column) for finding in diagnostics] == [("E103", 1, 2), ("E104", 2, 2)]


PIECES = (
    "{", "}", "[", "]", "(", ")", "#{", " ", "\n", ":a", ":hidden", ":macros", '"x"', '"', "\\", "#_", "^", "1", "01",
    "#", ";", ",", "nil", "::", "/", "@", "##", "#inst", "\ufeff", "\ud800", "'", "#:a", ":file/name-format",
    ":triple-lowbar", "\\newline", '"\\u12"', "1/0", "1e999", "-",
)  # fmt: skip
EDN_PIECES = st.lists(st.sampled_from(PIECES)).map("".join)


@given(text=st.text() | EDN_PIECES | EDN_PIECES.map(lambda inner: "{" + inner + "}"))
def test_any_text_gives_a_configuration(text: str) -> None:
    value, diagnostics = read_config(text)
    lines = len(text.splitlines()) + 1
    assert isinstance(value, GraphConfig)
    assert all(1 <= finding.line <= lines and finding.column >= 1 for finding in diagnostics)


@needs_shared
def test_the_configurations_of_real_vaults_are_read_without_a_finding() -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(CORPORA.glob("*/logseq/config.edn"))]
    assert len(texts) >= 10
    assert [read_config(text)[1] for text in texts] == [()] * len(texts)
