"""Whatever is written as a query gives an answer or an error, within the limits."""

from __future__ import annotations

import datetime as dt
import os
import random
import re
from typing import TYPE_CHECKING

import pytest
from growth import assert_linear
from query_vaults import open_tables
from shared_material import ROOT

from graphkit.query.answer import Answer, answer
from graphkit.query.errors import MAX_ROWS, QueryError

if TYPE_CHECKING:
    from graphkit.query.context import Context
    from graphkit.query.fact_tables import Tables

SEEDS = (
    "(and (task TODO DOING) (or [[Customer retention]] (priority A)) (not (page-property type experiment)))",
    "(and (between -7d +2w) (property effort 3) (sort-by effort desc) (sample 3))",
    '(or "retention" #work (namespace a) (page "x") (all-page-tags) (page-tags b [[c d]]))',
    '[:find (pull ?b [*]) :in $ ?day :where [?b :block/scheduled ?d] [(< ?d ?day)] (not [?b :block/marker "DONE"])]',
    """{:query [:find ?p (count ?b) :where [?b :block/page ?q] [?q :block/name ?p]
    [(clojure.string/includes? ?p "a")]] :result-transform (fn [r] (->> r (sort-by second >) (take 3) (map first)))}""",
    """{:query [:find (pull ?b [:block/content {:block/page [:block/name]}]) :in $ % :where (task ?b #{"TODO"})
    (above ?b ?a)] :rules [[(above ?b ?a) [?b :block/parent ?a]]
    [(above ?b ?a) [?b :block/parent ?t] (above ?t ?a)]]}""",
    """{:query [:find ?m ?s :in $ [?m ...] :where [?b :block/marker ?m] [(re-pattern "(a|b)*c") ?r]
    [?b :block/content ?c] [(re-find ?r ?c) ?s] [(str ?m ?s) ?z]] :inputs [["TODO" "DONE"]]}""",
    """{:query (and (todo now) (property :kind [[x]])) :result-transform (fn [r] (loop [i 0 a []] (if (< i 9)
    (recur (inc i) (conj a i)) (reduce + a))))}""",
)
PIECES = (
    "(", ")", "[", "]", "{", "}", "#{", '"', "\\", ";", "#_", "^", "'", "?b", "?x", "_", "$", "%", "...",
    ":find", ":in",
    ":where", ":block/parent", ":block/refs", "-1e308", "1/0", "nil",
    "99999999999999999999", "true", "not", "or", "or-join", "and", "[?b]", "((", "))", "[[", "]]", "(recur)", "\x00",
    "\ud800",
    "[?a ?b ?c]", "[(range 100000) [?x ...]]", "(iterate inc 0)", "(repeat 1)", "[(str ?c ?c) ?c]", "(fn [x] (x x))",
    '#uuid "x"', '[:block/name "a"]',
)  # fmt: skip
FOREVER = (
    ("{:query (task todo) :result-transform (fn [r] (loop [a []] (recur (conj a 1))))}", "steps"),
    ("{:query (task todo) :result-transform (fn [r] (loop [a #{} i 0] (recur (conj a i) (inc i))))}", "steps"),
    (
        "{:query (task todo) :result-transform (fn [r] (loop [a {} i 0] (recur (assoc-in a [:a i] i) (inc i))))}",
        "steps",
    ),
    (
        """{:query (task todo) :result-transform (fn [r] (let [s (clojure.string/join (repeat 99999 "abcdefghi"))]
        (loop [] (clojure.string/lower-case s) (recur))))}""",
        "steps",
    ),
    (
        """{:query (task todo) :result-transform (fn [r] (let [a (vec (range 99999)) b (vec (range 99999))]
        (loop [] (= a b) (recur))))}""",
        "steps",
    ),
    ("[:find ?a ?b ?c :where [?a :block/content] [?b :block/content] [?c :block/content]]", "rows"),
    ("[:find ?a ?b :where [?a :block/uuid ?u] [?b :block/uuid ?v] [(not= ?u ?v)]]", "rows"),
    (
        """{:query [:find ?x :in $ % :where (grow 1 ?x)] :rules [[(grow ?n ?x) [(inc ?n) ?x]]
        [(grow ?n ?x) [(inc ?n) ?m] (grow ?m ?x)]]}""",
        "steps",
    ),
    ("{:query (task todo) :result-transform (fn [r] (reduce + (iterate inc 0)))}", "steps"),
    ("{:query (task todo) :result-transform (fn [r] (loop [i 0] (recur (inc i))))}", "steps"),
    ("{:query (task todo) :result-transform (fn f [r] (f r))}", "deep"),
    (f"{{:query (task todo) :result-transform {'(do ' * 140}1{')' * 140}}}", "deep"),
    (f"{'(not ' * 140}[[x]]{')' * 140}", "deep"),
    (
        f"""{{:query [:find ?s :where [?b :block/content ?c] [(re-pattern "(a+)+$") ?r]
        [(str ?c "{"a" * 5000}!") ?d] [(re-find ?r ?d) ?s]]}}""",
        "long",
    ),
    ('{:query (task todo) :result-transform (fn [r] (loop [s "aa"] (recur (str s s))))}', "characters"),
    ("[:find ?x :where [(range 1000000000) [?x ...]]]", "numbers"),
)
"""Queries that would never end, and a word of the limit that stops each."""


@pytest.fixture(scope="module")
def held() -> tuple[Tables, Context]:
    return open_tables(ROOT / "sample_graph", dt.date(2026, 3, 2), "Cancel flow asks why")


def mutated(rng: random.Random) -> str:
    text = rng.choice(SEEDS)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(text) + 1)
        match rng.randrange(6):
            case 0:
                text = text[:at]
            case 1:
                text = text[:at] + text[min(len(text), at + rng.randint(1, 12)) :]
            case 2:
                text = text[:at] + rng.choice(PIECES) + text[at:]
            case 3:
                end = min(len(text), at + rng.randint(1, 40))
                text = text[:end] + text[at:end] + text[end:]
            case 4:
                other = rng.choice(SEEDS)
                start = rng.randrange(len(other))
                text = text[:at] + other[start : start + rng.randint(1, 40)] + text[at:]
            case 5:
                text = text[:at] + rng.choice("([{") * rng.choice([2, 50, 3000]) + text[at:]
    return text


def failures(held: tuple[Tables, Context], seeds: range) -> list[str]:
    tables, context = held
    found: list[str] = []
    for seed in seeds:
        text = mutated(random.Random(seed))  # noqa: S311 - the same texts each time
        try:
            result = answer(text, context, tables)
        except QueryError as error:
            if not error.message:
                found.append(f"{seed}: an error without a message for {text!r}")
        except Exception as error:  # noqa: BLE001 - whatever it is, it should not have got here
            found.append(f"{seed}: {error!r} for {text!r}")
        else:
            assert isinstance(result, Answer)
            assert len(result.raw) <= MAX_ROWS
    return found


def test_mutated_queries_are_answers_or_errors(held: tuple[Tables, Context]) -> None:
    assert failures(held, range(400)) == []


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_many_mutated_queries(held: tuple[Tables, Context]) -> None:
    """`GRAPHKIT_SOAK_QUERIES` says how many; 10,000 take one to three minutes."""
    assert failures(held, range(10_000, 10_000 + int(os.environ.get("GRAPHKIT_SOAK_QUERIES", "10000")))) == []


@pytest.mark.parametrize(
    ("start", "piece"),
    [
        ("(or ", "["),
        ("(or ", "[[a "),
        ("(or ", "(between "),
        ("(or ", '"'),
        ("(or ", " #"),
        ("(or ", "#[["),
        ("(or ", "{"),
    ],
)
def test_openings_that_nothing_closes_take_linear_time(held: tuple[Tables, Context], start: str, piece: str) -> None:
    tables, context = held

    def fails(text: str) -> None:
        with pytest.raises(QueryError):
            answer(text, context, tables)

    assert_linear(lambda size: start + piece * (size // len(piece)), fails, 40_000)


@pytest.mark.parametrize(("text", "words"), FOREVER, ids=range(len(FOREVER)))
def test_work_without_end_stops_at_a_limit_that_is_named(held: tuple[Tables, Context], text: str, words: str) -> None:
    tables, context = held
    with pytest.raises(QueryError) as caught:
        answer(text, context, tables)
    assert caught.value.limit
    assert words in caught.value.message


def test_a_variable_behind_the_transaction_of_a_pattern_is_not_bound(held: tuple[Tables, Context]) -> None:
    tables, context = held
    with pytest.raises(QueryError, match=r"\?c has no value yet"):
        answer("[:find ?b :where [?b :block/content ?a ?t ?c] [(str ?c) ?s]]", context, tables)


@pytest.mark.parametrize(
    "text",
    [
        "(page-property typ\ud800e experiment)", "(property a\udcff)", "[[a\ud800]]", '"x\udc80"',
        '[:find ?b :where [?b :block/content "\ud800"]]', '{:query (task \udcff) :title "\ud800"}',
    ],
)  # fmt: skip
def test_what_is_not_utf_8_is_a_replacement_character(held: tuple[Tables, Context], text: str) -> None:
    tables, context = held
    found = answer(text, context, tables)
    assert found.raw == answer(re.sub("[\ud800-\udfff]", "\ufffd", text), context, tables).raw


@pytest.mark.parametrize("where", ["% [?b :block/marker ?m]", "[?b :block/marker ?m] %"])
def test_a_sign_for_rules_outside_of_the_inputs_is_an_error(held: tuple[Tables, Context], where: str) -> None:
    tables, context = held
    with pytest.raises(QueryError):
        answer(f'{{:query [:find ?b :in $ ?x :where {where}] :inputs ["TODO"]}}', context, tables)


@pytest.mark.parametrize(
    "transform",
    [
        '(fn [r] (slurp "/etc/hosts"))',
        '(fn [r] (__import__ "os"))',
        "(fn [r] (eval '(+ 1 1)))",
        '(fn [r] (js/fetch "https://example.org"))',
        "(fn [r] (.getClass r))",
        '(fn [r] (read-string "1"))',
        "(fn [r] (require 'os))",
    ],
)
def test_nothing_outside_of_the_interpreter_can_be_named(held: tuple[Tables, Context], transform: str) -> None:
    tables, context = held
    found = answer(f"{{:query (task todo) :result-transform {transform}}}", context, tables)
    assert [item.json for item in found.raw] == [None]
    assert any("is not defined" in note for note in found.notes)
