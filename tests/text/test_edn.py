"""EDN as Logseq's reader takes it (logseq-format 1.4): forms, their places, and what is refused."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphkit.text.edn import (
    MAX_DEPTH,
    MAX_LENGTH,
    MAX_TOKENS,
    EdnProblem,
    Form,
    List,
    Map,
    Set,
    Tagged,
    Value,
    Vector,
    read_edn,
)
from graphkit.text.edn_atoms import Character, Keyword, Symbol

if TYPE_CHECKING:
    from collections.abc import Iterator


class Held(NamedTuple):
    """Brackets, tags, symbols and the like without places: what the tests write down and print."""

    kind: str
    of: tuple[object, ...]


def kw(name: str) -> Held:
    return Held(":", (name,))


def sym(name: str) -> Held:
    return Held("symbol", (name,))


def held(value: Value) -> object:
    match value:
        case Keyword(name):
            return Held(":", (name,))
        case Symbol(name):
            return Held("symbol", (name,))
        case Character(text):
            return Held("\\", (text,))
        case List(items):
            return Held("(", tuple(held(item.value) for item in items))
        case Vector(items):
            return Held("[", tuple(held(item.value) for item in items))
        case Set(items):
            return Held("#{", tuple(held(item.value) for item in items))
        case Map(entries):
            return Held("{", tuple((held(key.value), held(item.value)) for key, item in entries))
        case Tagged(tag, form):
            return Held("#" + tag, (held(form.value),))
    return value


def read(text: str) -> object:
    form = read_edn(text)
    assert isinstance(form, Form), form
    return held(form.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("nil", None), ("true", True), ("false", False), ("trueish", sym("trueish")),
        ("0", 0), ("-0", 0), ("42", 42), ("+5", 5), ("-17", -17), ("1N", 1), ("0x1F", 31), ("-0XfF", -255), ("017", 15),
        ("2r101", 5), ("36rZZ", 1295), ("-36rZZ", -1295), ("1/2", 0.5), ("-3/4", -0.75), ("1/0", math.inf),
        ("1.", 1.0), ("1.5", 1.5), ("-1.5e3", -1500.0), ("1e-2", 0.01), ("2.5M", 2.5), ("3M", 3.0), ("1e999", math.inf),
        ("08.5", 8.5), ("##Inf", math.inf), ("##-Inf", -math.inf), (str(2**70), 2**70),
        ('""', ""), ('"two\nlines"', "two\nlines"), (r'"\"\\\n\t\r\b\f"', '"\\\n\t\r\b\f'), (r'"\u00e9\u20AC"', "é€"),
        (r'"\101\7"', "A\a"), (r'"\ud83d\ude00"', "😀"), ('"; no comment #_ ["', "; no comment #_ ["),
        (r"\a", Held("\\", ("a",))), (r"\newline", Held("\\", ("\n",))), (r"\backspace", Held("\\", ("\b",))),
        (r"\u00e9", Held("\\", ("é",))),
        (r"\o101", Held("\\", ("A",))), (r"\(", Held("\\", ("(",))), (r"\\", Held("\\", ("\\",))),
        (r"\u", Held("\\", ("u",))), (r"\o", Held("\\", ("o",))),
        (r"[\a\space]", Held("[", (Held("\\", ("a",)), Held("\\", (" ",))))),
        (":a", kw("a")), (":file/name-format", kw("file/name-format")), (":a.b/c?", kw("a.b/c?")),
        (":日本", kw("日本")),
        (":/", kw("/")), (":1", kw("1")), (":a'#b", kw("a'#b")), (":block/scheduled|x", kw("block/scheduled|x")),
        ("?p", sym("?p")), ("'x", sym("'x")), ("->>", sym("->>")), ("-", sym("-")), ("+a", sym("+a")), ("/", sym("/")),
        ("clojure.string/lower-case", sym("clojure.string/lower-case")), ("a//", sym("a//")), (".5", sym(".5")),
        ("()", Held("(", ())), ("[]", Held("[", ())), ("{}", Held("{", ())), ("#{}", Held("#{", ())),
        ("[1,2 , 3]", Held("[", (1, 2, 3))), ("[1[2]3]", Held("[", (1, Held("[", (2,)), 3))),
        ("#{:b :a}", Held("#{", (kw("b"), kw("a")))), ("{:a 1 [2] 3}", Held("{", ((kw("a"), 1), (Held("[", (2,)), 3)))),
        ("(and [[a]])", Held("(", (sym("and"), Held("[", (Held("[", (sym("a"),)),))))),
        ('["a""b"]', Held("[", ("a", "b"))), ('[:a"b"]', Held("[", (kw("a"), "b"))),
        ('#inst "2026-03-02"', Held("#inst", ("2026-03-02",))), ('#uuid\n;c\n"x"', Held("#uuid", ("x",))),
        ('#inst #_ 1 "x"', Held("#inst", ("x",))), ('[#_ #inst "x" 2]', Held("[", (2,))),
        ("#_ gone 1", 1), ("#_#_ a b 1", 1), ("#_[a {b c}] 1", 1), ("[1 #_2]", Held("[", (1,))), ("#_;c\nx 1", 1),
        ("; c\n1", 1), ("#! c\n1", 1), ("[1 ; ]\n2]", Held("[", (1, 2))), ("[1;]\r\n]", Held("[", (1,))),
        ("^:m [1]", Held("[", (1,))), ("^{:a 1} {}", Held("{", ())), ("#^:m []", Held("[", ())),
        ("^ ^:a b c", sym("c")),
        ("[^#_ x y z]", Held("[", (sym("z"),))), ("[^:m #inst 1]", Held("[", (Held("#inst", (1,)),))),
        ("#:n{:a 1 :m/b 2 :_/c 3 d 4}", Held("{", ((kw("n/a"), 1), (kw("m/b"), 2), (kw("c"), 3), (sym("d"), 4)))),
        ("#:n.m \n, {:a 1}", Held("{", ((kw("n.m/a"), 1),))),
        ("\ufeff[1]", Held("[", (1,))), ("1 ] not read", 1), ("1)", 1),
        ("{1 :a 1N :b}", Held("{", ((1, kw("a")), (1, kw("b"))))),
    ],
)  # fmt: skip
def test_what_a_text_holds(text: str, value: object) -> None:
    found = read(text)
    assert found == value
    assert type(found) is type(value)


def test_not_a_number_is_a_number() -> None:
    for text in ("##NaN", "0/0"):
        value = read(text)
        assert isinstance(value, float)
        assert math.isnan(value)


@pytest.mark.parametrize("text", ["", " \n,", "; only a comment", "#! the same", "#_ x", "\ufeff"])
def test_a_text_without_a_form(text: str) -> None:
    assert read_edn(text) is None


def test_not_a_number_equals_nothing_and_may_stand_twice() -> None:
    form = read_edn("#{##NaN ##NaN}")
    assert isinstance(form, Form)
    assert isinstance(form.value, Set)
    assert len(form.value.items) == 2


def test_tokens_are_read_to_their_limit_and_refused_beyond() -> None:
    assert isinstance(read_edn("[" + "1 " * (MAX_TOKENS - 2) + "]"), Form)
    beyond = read_edn("[" + "1 " * (MAX_TOKENS - 1) + "]")
    assert isinstance(beyond, EdnProblem)
    assert (beyond.message, beyond.offset) == ("there are more than 100,000 tokens", 2 * MAX_TOKENS - 1)


def test_forms_know_their_places() -> None:
    text = '{:query [:find ?b]\n #_ old ^:m :n #inst "2026"}'
    form = read_edn(text)
    assert isinstance(form, Form)
    assert [text[inner.start : inner.end] for inner in walk(form)] == [
        text, ":query", "[:find ?b]", ":find", "?b", ":n", '#inst "2026"', '"2026"',
    ]  # fmt: skip


def walk(form: Form) -> Iterator[Form]:
    yield form
    match form.value:
        case List(items) | Vector(items) | Set(items):
            inner = list(items)
        case Map(entries):
            inner = [each for entry in entries for each in entry]
        case Tagged(_, tagged):
            inner = [tagged]
        case _:
            inner = []
    for each in inner:
        yield from walk(each)


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("[1\n [2\n", 2, 2, "'[' is not closed"),
        ("#{", 1, 1, "'#{' is not closed"),
        ("#:a{", 1, 4, "'{' is not closed"),
        ("[1\n )", 2, 2, "')'has no opening bracket"),
        ("{:a 1 :b}", 1, 1, "a map needs a value for each key"),
        ("#_", 1, 3, "nothing follows '#_'"),
        ("[:a ^]", 1, 6, "nothing follows '^'"),
        ("[#inst]", 1, 7, "nothing follows '#inst'"),
        ("#uuid ; x", 1, 10, "nothing follows '#uuid'"),
        ('#inst #inst "x"', 1, 7, "a tag cannot follow '#inst'"),
        ("[#js {:a 1}]", 1, 2, "the tag '#js' is refused by Logseq"),
        ("#queue []", 1, 1, "the tag '#queue' is refused by Logseq"),
        ("#'x", 1, 1, "the tag \"#'x\" is refused by Logseq"),
        ("#=(+ 1 2)", 1, 1, "the tag '#=' is refused by Logseq"),
        ("#?(:clj 1)", 1, 1, "the tag '#?' is refused by Logseq"),
        ("#", 1, 1, "the tag '#' is refused by Logseq"),
        ("#(inc %)", 1, 1, "an anonymous function `#(…)` is refused by Logseq"),
        ('[(re-pattern #"a+")]', 1, 14, 'a regular expression `#"…"` is refused by Logseq'),
        ("@x", 1, 1, "'@' is refused by Logseq"),
        ("(a ~b)", 1, 4, "'~' is refused by Logseq"),
        ("a`b@c", 1, 2, "'`' is refused by Logseq"),
        ("[::a]", 1, 2, "the keyword '::a' is refused by Logseq: it starts with two colons"),
        (":", 1, 1, "':' is no keyword"),
        (":a/", 1, 1, "':a/' is no keyword"),
        (":a/1", 1, 1, "':a/1' is no keyword"),
        (":a/b:", 1, 1, "':a/b:' is no keyword"),
        ("a:", 1, 1, "'a:' is no symbol"),
        ("/a", 1, 1, "'/a' is no symbol"),
        ("a/b/c", 1, 1, "'a/b/c' is no symbol"),
        ("1a", 1, 1, "'1a' is no number"),
        ("-1-", 1, 1, "'-1-' is no number"),
        ("08", 1, 1, "'08' is no number"),
        ("0x", 1, 1, "'0x' is no number"),
        ("37r1", 1, 1, "'37r1' is no number"),
        ("2r2", 1, 1, "'2r2' is no number"),
        ("9" * 1001, 1, 1, "'" + "9" * 39 + "…' is no number"),
        ("9" * 400 + "/1", 1, 1, "'" + "9" * 39 + "…' is no number"),
        ("##Infinity", 1, 1, "'##Infinity' is no constant"),
        ('"a', 1, 1, "the string is not closed"),
        ('["a\\"]', 1, 2, "the string is not closed"),
        ('"a\\qb"', 1, 3, "'\\\\q' is no escape in a string"),
        ('"\\u12"', 1, 2, "'\\\\u' is no escape in a string"),
        ("\\", 1, 1, "'\\\\' cannot stand here"),
        ("\\ab", 1, 1, "'\\\\ab' is no character"),
        ("\\u12", 1, 1, "'\\\\u12' is no character"),
        ("\\u00e91", 1, 1, "'\\\\u00e91' is no character"),
        ("\\u+123", 1, 1, "'\\\\u+123' is no character"),
        ("\\o400", 1, 1, "'\\\\o400' is no character"),
        ("#::n{:a 1}", 1, 1, "'#::' is refused by Logseq"),
        ("#:a/b {:c 1}", 1, 1, "'#:a/b'does not name a namespace"),
        ("#:a [1]", 1, 1, "the tag '#:a' is refused by Logseq"),
        ("{:a 1\n :a 2}", 2, 2, "':a'is duplicated; Logseq refuses duplicate keys"),
        ('#{"x" "x"}', 1, 7, "'\"x\"'is duplicated; Logseq refuses duplicate keys"),
        ('#{#inst "x" #inst "x"}', 1, 13, "'#inst \"x\"'is duplicated; Logseq refuses duplicate keys"),
    ],
)  # fmt: skip
def test_what_is_refused_is_named_with_its_place(text: str, line: int, column: int, message: str) -> None:
    found = read_edn(text)
    assert isinstance(found, EdnProblem)
    assert (*found.position, found.message) == (line, column, message)
    assert text.count("\n", 0, found.offset) == line - 1


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("[", "]"),
        ("(", ")"),
        ("{:a ", "}"),
        ("#{", "}"),
        ("[#inst ", "]"),
        ("#_[", "] x"),
        ("^[", "] x"),
        ("#:a{:b ", "}"),
    ],
)
def test_nesting_is_read_to_its_limit_and_refused_beyond(opening: str, closing: str) -> None:
    within = read_edn(opening * MAX_DEPTH + "x" + closing * MAX_DEPTH)
    assert isinstance(within, Form)
    beyond = read_edn(opening * (MAX_DEPTH + 1))
    assert isinstance(beyond, EdnProblem)
    assert beyond.message == "brackets are nested more than 150 deep"
    assert len(opening) * MAX_DEPTH <= beyond.offset < len(opening) * (MAX_DEPTH + 1)


HOSTILE = {
    "brackets": ("[", MAX_LENGTH, "brackets are nested more than 150 deep"),
    "closing brackets": ("]", 1, "']'has no opening bracket"),
    "one string": ('"' + "\\n" * 400_000, 1, "the string is not closed"),
    "one atom": ("[" + "a" * 900_000, 1, "'[' is not closed"),
    "one number": ("1" * 900_000, 1, "'" + "1" * 39 + "…' is no number"),
    "discards": ("#_ ", 300_000, "there are more than 100,000 tokens"),
    "comments": (";\n", 400_000, "there are more than 100,000 tokens"),
    "namespaces": ("#_#:a" + " " * 500, 1_900, "the tag '#:a' is refused by Logseq"),
    "backslashes": ("[" + "\\" * 900_000, 1, "there are more than 100,000 tokens"),
    "too long": (" ", MAX_LENGTH + 1, "it is longer than 1,000,000 characters"),
}


@pytest.mark.parametrize(("piece", "times", "message"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts_are_refused(piece: str, times: int, message: str) -> None:
    found = read_edn(piece * times)
    assert isinstance(found, EdnProblem)
    assert found.message == message


def text_of_size(kind: str, size: int) -> str:
    pieces = size // 10
    match kind:
        case "set":
            return "#{" + " ".join(map(str, range(pieces))) + "}"
        case "string":
            return '"' + r"\u00e9x" * pieces + '"'
        case "map":
            return "{" + " ".join(f":k{number} [1.5 a]" for number in range(pieces // 2)) + "}"
        case "discards":
            return "#_ " * pieces + "a " * (pieces + 1)
        case "namespaces":
            return "[" + "#:a   {:b 1} " * (pieces // 2) + "]"
    return "[" + "1" * 900 + " " + "1234567890.5e10 " * (pieces // 2) + "]"


@pytest.mark.parametrize("kind", ["set", "string", "map", "discards", "namespaces", "numbers"])
def test_reading_takes_time_linear_in_the_text(kind: str) -> None:
    def seconds(text: str) -> float:
        began = time.process_time()
        assert isinstance(read_edn(text), Form)
        return time.process_time() - began

    small, large = text_of_size(kind, 30_000), text_of_size(kind, 300_000)
    ratio = min(seconds(large) for _ in range(3)) / min(seconds(small) for _ in range(5))
    assert ratio < 40  # 10 where it is linear, 100 where it is quadratic


PIECES = (
    "{", "}", "[", "]", "(", ")", "#{", " ", "\n", ":a", ":a/b", '"x"', '"', "\\", "#_", "^", "1", "01", "#", ";", ",",
    "nil", "::", "/", "@", "##", "#inst", "#uuid", "\ufeff", "\ud800", "'", "#:a", "#:", "#!", "\\newline", '"\\u12"',
    "1/0", "1e999", "-", "\\o", "\\u00e9", "##NaN",
)  # fmt: skip


@given(text=st.text() | st.lists(st.sampled_from(PIECES)).map("".join))
def test_any_text_is_read_or_refused_at_a_place_in_it(text: str) -> None:
    found = read_edn(text)
    if isinstance(found, EdnProblem):
        assert 0 <= found.offset <= len(text)
        assert found.position.line >= 1
        assert found.position.column >= 1
        assert found.message
    elif found is not None:
        for form in walk(found):
            if text.startswith("\ufeff", form.start):
                continue  # at the start of a text it would be a byte-order mark
            again = read_edn(text[form.start : form.end])
            assert isinstance(again, Form)
            assert (again.start, again.end) == (0, form.end - form.start)


NAMES = st.from_regex(r"[a-z日é?*+!<>=&%_.-][a-z0-9日é'?*+!<>=&%_.#-]{0,6}", fullmatch=True).filter(
    lambda name: not (name[0] in "+-" and name[1:2].isdigit()) and name not in {"nil", "true", "false"}
)
QUALIFIED = st.builds("/".join, st.tuples(NAMES, NAMES)) | NAMES
ATOMS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
    | st.builds(kw, QUALIFIED) | st.builds(sym, QUALIFIED)
    | st.builds(lambda text: Held("\\", (text,)), st.sampled_from('a1(;" \n\té日'))
)  # fmt: skip


def brackets(inner: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    keys = st.lists(ATOMS, max_size=4, unique_by=plain)
    return (
        st.builds(Held, st.sampled_from(["(", "["]), st.lists(inner, max_size=4).map(tuple))
        | st.builds(Held, st.just("#{"), keys.map(tuple))
        | st.builds(lambda of, to: Held("{", tuple(zip(of, to, strict=False))), keys, st.lists(inner, min_size=4))
        | st.builds(lambda tag, of: Held(tag, (of,)), st.sampled_from(["#inst", "#uuid"]), st.text())
    )


def plain(value: object) -> str:
    """A value as the reader's counterpart writes it, independent of it."""
    match value:
        case None | bool():
            return {None: "nil", True: "true", False: "false"}[value]
        case int() | float():
            return repr(value)
        case str():
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        case Held(":", (name,)):
            return f":{name}"
        case Held("symbol", (name,)):
            return str(name)
        case Held("\\", (character,)):
            return {"\n": r"\newline", "\t": r"\tab", " ": r"\space"}.get(str(character), f"\\{character}")
        case Held("{", entries):
            assert all(isinstance(entry, tuple) for entry in entries)
            return "{" + ", ".join(f"{plain(key)} {plain(item)}" for key, item in entries) + "}"  # type: ignore[misc,has-type]
        case Held(kind, (inner,)) if kind.startswith("#") and kind != "#{":
            return f"{kind} {plain(inner)}"
        case Held(kind, items):
            return kind + " ".join(map(plain, items)) + {"(": ")", "[": "]", "#{": "}"}[kind]
    raise AssertionError(value)


VALUES = st.recursive(ATOMS, brackets, max_leaves=25)


@given(value=VALUES)
def test_what_is_printed_is_read_again(value: object) -> None:
    found = read(plain(value))
    assert found == value
    assert repr(found) == repr(value)  # 1, 1.0 and true are equal to Python


@given(value=VALUES, other=VALUES)
def test_what_is_dropped_changes_nothing(value: object, other: object) -> None:
    noise = f" #_ {plain(other)} ; {plain(other)!r}\n #!\n, ^:m ^{{:a 1}} "
    assert repr(read(f"[{noise}{plain(value)} #_{plain(other)}]")) == repr(Held("[", (value,)))
