"""What Logseq 0.10.15 takes for a reference, case by case; every row was compared with the real parser."""

from __future__ import annotations

import pytest

from graphkit.outline.inline import NOTHING, Inline, Macro, Reference, read_inline

ID = "64f00000-0000-4000-8000-000000000009"
OTHER = "64f00000-0000-4000-8000-00000000000e"


def pairs(text: str) -> list[tuple[str, str]]:
    return [(reference.kind, reference.target) for reference in read_inline(text).references]


PAGES = {
    "[[a]] and [[b c]]": ["a", "b c"],
    "[[a/b]]": ["a/b"],
    "[[ x ]]": [" x "],
    "[[a]]b]]": ["a"],
    "[[x]]]": ["x"],
    "[[[x]]]": ["[x"],
    "[[[[x]]]]": ["[[x"],
    "[[a\\]]b]]": ["a]]b"],
    "[[a\\*b]]": ["a*b"],
    "([[p]])": ["p"],
    '"[[q]]"': ["q"],
    "中[[p]]文": ["p"],
    "[[foo [[bar]] baz]]": ["foo [[bar]] baz", "bar"],
    "[[a [[b [[c]]]] d]]": ["a [[b [[c]]]] d", "b [[c]]", "c"],
    "[[a\n  [[b]] c]]": ["a\n  [[b]] c", "b"],
    "[[a [b] [[c]]]]": ["a [b] [[c"],
    "\\[[[[[]]\n]]": ["[[]]\n"],
    "[[2024-01-05]]": ["2024-01-05"],
    "$5 [[a]] $6": ["a"],
    "[[a": [],
    "[[]]": [],
    "[[ ]] [[\u2003]]": [],
    "[[a\nb]]": [],
    "\\[[x]]": [],
    "[[draws/x]] [[assets/x]] [[../assets/x]] [[./assets/x]]": [],
}


@pytest.mark.parametrize(("text", "titles"), PAGES.items())
def test_page_references(text: str, titles: list[str]) -> None:
    assert pairs(text) == [("page", title) for title in titles]


TAGS = {
    "#tag": ["tag"],
    "#a #b,#c": ["a", "b", "c"],
    "a#b": ["b"],
    "##x": ["x"],
    "### h #t": ["t"],
    "(#x)": ["x)"],
    "x #t.y #a. #b;": ["t.y", "a", "b"],
    "#a.,b": ["a."],
    "#tag's #tag:x #t!y": ["tag", "tag", "t"],
    "#m。 #tag\xa0nb #é́": ["m。", "tag\xa0nb", "é́"],
    "#123 #TODO #c++ #.net #@me": ["123", "TODO", "c++", ".net", "@me"],
    "#u`v` #a*b* #<b>": ["u`v`", "a*b*", "<b>"],
    "#[link #[a]": ["[link", "[a]"],
    "#a\\b #a\\*b": ["a\\b", "a*b"],
    "`a`#b $x$#y [x]#z": ["b", "y", "z"],
    "a@b.com#z www.x.com#y": ["z", "y"],
    "\\\\#esc text\\#no": ["esc"],
    "[#A] x": ["A]"],
    "# #, #! #' #[[]] #[[ ]]": [],
    "**text #bold** *it #it* ^^#hl^^ ==a #h== ~~#s~~ __#u__": [],
    "http://x.com/a#b, ok <http://x.com/#y>": [],
}


@pytest.mark.parametrize(("text", "names"), TAGS.items())
def test_tags(text: str, names: list[str]) -> None:
    assert pairs(text) == [("tag", name) for name in names]


MIXED = {
    "#[[two words]]": [("tag", "two words"), ("page", "two words")],
    "#[[a]]b": [("tag", "[[a]]b"), ("page", "a")],
    "#[[a [[b]]]]": [("tag", "a [[b]]"), ("page", "a [[b]]"), ("page", "b")],
    "#x[l](y.md)": [("tag", "x[l](y.md)"), ("page", "l")],
    f"#(({ID}))": [("tag", ID), ("tag", f"(({ID}))")],
    "[label]([[Page]])": [("page", "Page")],
    "![label]([[Page]])": [("page", "Page")],
    '[label]([[a b]] "title")': [("page", "a b")],
    "[label](../pages/x.md)": [("page", "label")],
    "[label](<a b.markdown>)": [("page", "label")],
    "[a `b` c](x.md)": [("page", "a ")],
    "[`b`](x.md)": [("page", "b")],
    "[**b**](x.md)": [],
    "[label](https://a.b/c.md)": [],
    "[a [[in label]]](http://u) ![[[x]]](a.png)": [],
    "[x [y] \nz]([[p]])": [("page", "p")],
    f"[l]((({ID})))": [("block", ID)],
    f"(({ID})) x": [("block", ID)],
    f"[[(({ID}))]]": [("page", ID), ("block", ID)],
    f"[[{ID}]]": [("page", ID), ("block", ID)],
    f"x(({ID})) ((( {ID})) ((({ID}))) ((z)) (({ID}z))": [],
    "**[[x]]** _[[y]]_ ~~[[s]]~~ ==[[a]]== ^^[[h]]^^": [("page", p) for p in ("x", "y", "s", "a", "h")],
    "**b [[x]] _i [[y]] `[[z]]`_**": [("page", "x"), ("page", "y")],
    "***[[x]]***": [],
    "`[[a]]` ``[[b]]\n[[c]]`` $[[d]]$ $$[[e]]$$ \\([[f]]\\)": [],
    "`[[a]]\n`": [("page", "a")],
    "<b>[[m]]</b> <i><i>#x</i> [[y]]</i> <br/> [[z]]": [("page", "z")],
    "<foo>[[m]]</foo>": [("page", "m")],
    "<!-- [[m]] --> @@html: [[x]]@@ [:div [:p h] #x [[h]]": [],
    "[[x]]<br>[[y]]": [("page", "x"), ("page", "y")],
    "[2024-01-05 Fri #x] <2024-01-05 Fri #y> [^#z]": [],
    "a\n_[[b]]_ #c": [("page", "b"), ("tag", "c")],
    "a\n_#b_": [("tag", "b_")],
    ".\n_#b_": [],
    "<% today %> [[x]]": [("page", "x")],
}


@pytest.mark.parametrize(("text", "expected"), MIXED.items())
def test_other_constructs(text: str, expected: list[tuple[str, str]]) -> None:
    assert pairs(text) == expected


def test_embeds_are_macros_that_refer() -> None:
    text = f"{{{{embed [[x]]}}}} {{{{embed (({OTHER}))}}}}"
    assert read_inline(text) == Inline(
        (
            Reference("embed", "x", 0, 15),
            Reference("embed", OTHER, 16, 66),
            Reference("embed_block", OTHER, 16, 66),
        ),
        (
            Macro("embed", ("[[x]]",), 0, 15),
            Macro("embed", (f"(({OTHER}))",), 16, 66),
        ),
    )


MACROS = {
    "{{query (task TODO)}}": [("query", ("(task TODO)",))],
    "{{query (and [[a]] [[b]]), c}}": [("query", ("(and [[a]] [[b]])", "c"))],
    "{{cloze [[x]]}} {{tweet}}": [("cloze", ("[[x]]",)), ("tweet", ())],
    '{{a "x, y", z}}': [("a", ('"x, y"', "z"))],
    "{{{#m}}} {{youtube https://y/#x}}": [("#m", ()), ("youtube", ("https://y/#x",))],
    "{{query {:q [:find ?b]}}}": [("query", ("{:q [:find ?b]",))],
}


@pytest.mark.parametrize(("text", "expected"), MACROS.items())
def test_other_macros_hide_references(text: str, expected: list[tuple[str, tuple[str, ...]]]) -> None:
    found = read_inline(text)
    assert [(macro.name, macro.arguments) for macro in found.macros] == expected
    assert found.references == ()


def test_text_after_a_reference_argument_is_no_macro() -> None:
    assert read_inline("{{cloze [[x]] text}}") == Inline((Reference("page", "x", 8, 13),), ())


@pytest.mark.parametrize("text", ["", "plain", "a\n  b", "C# is # no\ttag #", "*b* `c` $d$"])
def test_text_without_references_gives_nothing(text: str) -> None:
    assert read_inline(text) == NOTHING


def test_places_are_those_of_the_whole_construct() -> None:
    text = "a [[b]] **[[c [[d]] ]]** #[[e]] [f](g.md)"
    assert [text[found.start : found.end] for found in read_inline(text).references] == [
        "[[b]]",
        "[[c [[d]] ]]",
        "[[d]]",
        "#[[e]]",
        "[[e]]",
        "[f](g.md)",
    ]
