"""Random graphs and datalog queries over them, the same for graphkit and for npm's `datascript`."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from graphkit.query.fact_tables import Tables
from graphkit.query.fill import fill
from graphkit.query.query_values import Boolean, Uuid
from graphkit.query.schema import attributes

if TYPE_CHECKING:
    import random

NOW = 1_709_380_800_000
MARKERS = ("TODO", "DOING", "DONE", "WAITING")
WORDS = ("alpha", "beta", "gamma", "churn", "retention", "Übung", "客户")
BLOCK_TEXT, BLOCK_DAY, BLOCK_REF = (
    ("block/marker", "block/priority", "block/content"),
    ("block/scheduled", "block/deadline"),
    ("block/page", "block/parent", "block/left", "block/refs", "block/path-refs"),
)
PAGE_TEXT, PAGE_DAY, PAGE_REF = (
    ("block/name", "block/original-name"),
    ("block/journal-day",),
    ("block/tags", "block/alias", "block/namespace"),
)
RULES = {
    "above": "[(above ?x ?y) [?x :block/parent ?y]] [(above ?x ?y) [?x :block/parent ?t] (above ?t ?y)]",
    "below": "[(below ?x ?y) [?y :block/parent ?x]] [(below ?x ?y) [?t :block/parent ?x] (below ?t ?y)]",
    "linked": "[(linked ?x ?y) [?x :block/refs ?y]] [(linked ?x ?y) [?y :block/refs ?x]]",
    "marked": '[(marked ?x ?y) [?x :block/marker ?y] (not [?x :block/priority "A"])]',
    "open": '[(open ?x) [?x :block/marker ?m] [(contains? #{"TODO" "DOING"} ?m)]]',
}


def graph(rng: random.Random) -> list[dict[str, Any]]:
    """Records of some pages with blocks."""
    names = [f"page {n}" for n in range(rng.randint(4, 7))] + ["a/b", "a/c"]
    pages: list[dict[str, Any]] = []
    for name in names:
        blocks: list[dict[str, Any]] = []
        for index in range(rng.randint(0, 7)):
            refs = sorted(rng.sample(names, rng.randint(0, 2)))
            block: dict[str, Any] = {
                "parent": rng.randint(-1, index - 1),
                "content": " ".join(rng.sample(WORDS, rng.randint(0, 3))),
                "refs": refs,
                "path_refs": sorted({name, *refs}),
            }
            if rng.random() < 0.6:
                block["marker"] = rng.choice(MARKERS)
            if rng.random() < 0.4:
                block["priority"] = rng.choice("ABC")
            for key in ("scheduled", "deadline"):
                if rng.random() < 0.3:
                    block[key] = 20_260_301 + rng.randint(0, 9)
            blocks.append(block)
        page: dict[str, Any] = {"name": name, "original_name": name.title(), "file": f"{name}.md", "blocks": blocks}
        if rng.random() < 0.3:
            page["journal_day"] = 20_260_301 + rng.randint(0, 9)
        if rng.random() < 0.4:
            page["tags"] = rng.sample(names, 1)
        if rng.random() < 0.3:
            page["alias"] = rng.sample(names, 1)
        if "/" in name:
            page["namespace"] = "a"
        pages.append(page)
    return pages


def tables(records: list[dict[str, Any]]) -> Tables:
    connection = sqlite3.connect(":memory:")
    fill(connection, records)
    return Tables(connection, NOW)


def datoms(held: Tables) -> list[list[object]]:
    """All facts of the tables but times, properties and identities, as entity, attribute, value."""
    left_out = {"block/created-at", "block/updated-at", "block/format", "block/properties", "block/properties-order"}
    found: list[list[object]] = []
    for name in attributes(NOW):
        if name in left_out:
            continue
        for entity, value in held.scan(name):
            plain = bool(value) if isinstance(value, Boolean) else value.text if isinstance(value, Uuid) else value
            found.append([entity, name, plain])
    return found


class Generator:
    """Makes queries, most of them well formed."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._kinds: dict[str, str] = {}
        self._rules: set[str] = set()

    def query(self) -> dict[str, Any]:
        rng = self._rng
        self._kinds, self._rules = {}, set()
        inputs, given = self._inputs()
        clauses = [self._pattern() for _ in range(rng.randint(1, 3))]
        clauses += [self._clause(0) for _ in range(rng.randint(0, 4))]
        if rng.random() < 0.15:
            rng.shuffle(clauses)
        sought = sorted(self._kinds)
        chosen = rng.sample(sought, min(len(sought), rng.randint(1, 3)))
        find = " ".join(chosen)
        if rng.random() < 0.2:
            function = rng.choice(["count", "count-distinct", "min", "max"])
            find = f"{find} ({function} {rng.choice(sought)})"
        elif rng.random() < 0.1:
            find = f"[{chosen[0]} ...]"
        places = ["$", *inputs, *(["%"] if self._rules else [])]
        text = f"[:find {find} :in {' '.join(places)} :where {' '.join(clauses)}]"
        rules = " ".join(dict.fromkeys(RULES[name] for name in sorted(self._rules)))
        return {"query": text, "inputs": given, "rules": f"[{rules}]" if self._rules else None}

    def _inputs(self) -> tuple[list[str], list[object]]:
        rng = self._rng
        names: list[str] = []
        given: list[object] = []
        if rng.random() < 0.35:
            kind = rng.choice(["text", "day", "many", "pair"])
            if kind == "text":
                names.append(self._known("?in", "text"))
                given.append(rng.choice(MARKERS))
            elif kind == "day":
                names.append(self._known("?in", "day"))
                given.append(20_260_301 + rng.randint(0, 9))
            elif kind == "many":
                names.append(f"[{self._known('?in', 'text')} ...]")
                given.append(rng.sample(MARKERS, rng.randint(0, 3)))
            else:
                names.append(f"[[{self._known('?in', 'text')} {self._known('?out', 'day')}]]")
                given.append([[marker, 20_260_301 + rng.randint(0, 9)] for marker in rng.sample(MARKERS, 2)])
        return names, given

    def _known(self, name: str, kind: str) -> str:
        self._kinds[name] = kind
        return name

    def _variable(self, kind: str, *, fresh: float = 0.5) -> str:
        known = [name for name, held in self._kinds.items() if held == kind]
        if known and (fresh <= 0.1 or self._rng.random() > fresh):
            return self._rng.choice(known)
        letter = {"entity": "e", "text": "t", "day": "d"}[kind]
        return self._known(f"?{letter}{self._rng.randint(1, 3)}", kind)

    def _other(self, first: str, kind: str, fresh: float) -> str:
        """A variable that is not this one."""
        found = self._variable(kind, fresh=fresh)
        return self._known(f"{first}x", kind) if found == first else found

    def _pattern(self, *, fresh: float = 0.5) -> str:
        rng = self._rng
        group = rng.choice([BLOCK_TEXT, BLOCK_DAY, BLOCK_REF, BLOCK_REF, PAGE_TEXT, PAGE_DAY, PAGE_REF])
        attribute = rng.choice(group)
        entity = self._variable("entity", fresh=fresh)
        kind = "text" if group in {BLOCK_TEXT, PAGE_TEXT} else "day" if group in {BLOCK_DAY, PAGE_DAY} else "entity"
        roll = rng.random()
        if roll < 0.15:
            return f"[{entity} :{attribute}]"
        if roll < 0.4:
            return f"[{entity} :{attribute} {self._constant(attribute, kind)}]"
        if roll < 0.45:
            return f"[{entity} :{attribute} _]"
        return f"[{entity} :{attribute} {self._other(entity, kind, fresh)}]"

    def _constant(self, attribute: str, kind: str) -> str:
        rng = self._rng
        if kind == "day":
            return str(20_260_301 + rng.randint(0, 9))
        if kind == "entity":
            return f'[:block/name "page {rng.randint(0, 3)}"]'
        values = {"block/marker": MARKERS, "block/priority": "ABC", "block/name": ("page 1", "a/b", "none")}
        return f'"{rng.choice(values.get(attribute, WORDS))}"'

    def _clause(self, depth: int) -> str:
        rng = self._rng
        kinds = ["pattern", "pattern", "predicate", "predicate", "function", "rule"]
        if depth < 2:
            kinds += ["not", "or", "not-join", "or-join"]
        kind = rng.choice(kinds)
        if kind == "predicate":
            return self._predicate()
        if kind == "function":
            return self._function()
        if kind == "rule":
            name = rng.choice(sorted(RULES))
            self._rules.add(name)
            first = self._variable("entity", fresh=0.2)
            if name == "open":
                return f"(open {first})"
            second = self._other(first, "text" if name == "marked" else "entity", 0.4)
            return f"({name} {first} {second})"
        if kind in {"not", "or", "not-join", "or-join"}:
            return self._nested(kind, depth)
        return self._pattern()

    def _nested(self, kind: str, depth: int) -> str:
        rng = self._rng
        before = dict(self._kinds)
        count = rng.randint(1, 2)
        if kind in {"not", "not-join"}:
            inner = [self._pattern(fresh=0.2)] + [self._clause(depth + 1) for _ in range(count - 1)]
            self._kinds = before
            if kind == "not":
                return f"(not {' '.join(inner)})"
            joined = rng.sample(sorted(before), min(len(before), rng.randint(1, 2)))
            return f"(not-join [{' '.join(joined)}] {' '.join(inner)})" if joined else inner[0]
        entity = self._variable("entity", fresh=0.2)
        branches: list[str] = []
        for _ in range(rng.randint(2, 3)):
            texts = [
                f"[{entity} :{rng.choice([*BLOCK_TEXT, *BLOCK_DAY])}]"
                if rng.random() < 0.3
                else f'[{entity} :block/marker "{rng.choice(MARKERS)}"]'
                for _ in range(rng.randint(1, 2))
            ]
            branches.append(texts[0] if len(texts) == 1 else f"(and {' '.join(texts)})")
        if kind == "or":
            return f"(or {' '.join(branches)})"
        branches.append(f"(and [{entity} :block/parent ?own] [?own :block/marker])")
        return f"(or-join [{entity}] {' '.join(branches)})"

    def _predicate(self) -> str:
        rng = self._rng
        roll = rng.random()
        if roll < 0.25:
            text = self._variable("text", fresh=0.1)
            word = rng.choice([*MARKERS, *WORDS])
            return rng.choice(
                [
                    f'[(= {text} "{word}")]',
                    f'[(not= "{word}" {text})]',
                    f'[(clojure.string/includes? {text} "{word[:2]}")]',
                    f'[(clojure.string/starts-with? {text} "{word[:1]}")]',
                    f'[(contains? #{{"TODO" "DONE" "alpha"}} {text})]',
                    f'[(< {text} "{word}")]',
                ]
            )
        if roll < 0.5:
            day = self._variable("day", fresh=0.1)
            return f"[({rng.choice(['<', '>', '<=', '>=', '='])} {day} {20_260_301 + rng.randint(0, 9)})]"
        if roll < 0.75:
            entity = self._variable("entity", fresh=0.1)
            return f"[(missing? $ {entity} :{rng.choice([*BLOCK_TEXT, *PAGE_TEXT, 'block/tags', 'block/parent'])})]"
        kind = rng.choice(["entity", "text", "day"])
        first, second = self._variable(kind, fresh=0.1), self._variable(kind, fresh=0.3)
        return f"[({rng.choice(['=', 'not=', '!='])} {first} {second})]"

    def _function(self) -> str:
        rng = self._rng
        roll = rng.random()
        if roll < 0.4:
            entity = self._variable("entity", fresh=0.1)
            name = rng.choice(["block/marker", "block/priority", "block/original-name"])
            return f'[(get-else $ {entity} :{name} "none") {self._variable("text", fresh=0.7)}]'
        if roll < 0.6:
            text = self._variable("text", fresh=0.1)
            return f'[(str {text} "-") {self._variable("text", fresh=0.9)}]'
        if roll < 0.8:
            day = self._variable("day", fresh=0.1)
            return f"[({rng.choice(['+', '-', 'max', 'mod'])} {day} 7) {self._variable('day', fresh=0.7)}]"
        text = self._variable("text", fresh=0.1)
        return f"[(count {text}) {self._variable('day', fresh=0.8)}]"
