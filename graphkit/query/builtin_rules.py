"""Rules that every query can call, as Logseq has them. Source: logseq-format 7.2."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from graphkit.query.datalog.parse import parse_rules
from graphkit.query.errors import QueryError
from graphkit.query.own_facts import FILTERS
from graphkit.text.edn import EdnProblem, read_edn

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphkit.query.datalog.clauses import Rule

_EQUAL: Final = "(or [(= ?held ?value)] [(contains? ?held ?value)])"
_EQUAL_OR_TEXT: Final = (
    "[(str ?value) ?text] (or [(= ?held ?value)] [(contains? ?held ?value)] [(contains? ?held ?text)])"
)
RULES: Final = {
    "between": (
        "(between ?b ?from ?to) [?b :block/page ?page] [?page :block/journal? true] [?page :block/journal-day ?day]"
        " [(>= ?day ?from)] [(<= ?day ?to)]"
    ),
    "task": "(task ?b ?wanted) [?b :block/marker ?held] [(contains? ?wanted ?held)]",
    "priority": "(priority ?b ?wanted) [?b :block/priority ?held] [(contains? ?wanted ?held)]",
    "page-tags": "(page-tags ?p ?wanted) [?p :block/tags ?tag] [?tag :block/name ?held] [(contains? ?wanted ?held)]",
    "all-page-tags": "(all-page-tags ?p) [_ :block/tags ?p]",
    "has-page-property": ("(has-page-property ?p ?key) [?p :block/name] [?p :block/properties ?all] [(get ?all ?key)]"),
    "page-property": (
        f"(page-property ?p ?key ?value) [?p :block/name] [?p :block/properties ?all] [(get ?all ?key) ?held] {_EQUAL}"
    ),
    "has-property": (
        "(has-property ?b ?key) [?b :block/properties ?all] [(missing? $ ?b :block/name)] [(get ?all ?key)]"
    ),
    "property": (
        "(property ?b ?key ?value) [?b :block/properties ?all] [(missing? $ ?b :block/name)]"
        f" [(get ?all ?key) ?held] {_EQUAL_OR_TEXT}"
    ),
    "page": "(page ?b ?name) [?b :block/page ?page] [?page :block/name ?name]",
    "page-ref": "(page-ref ?b ?name) [?b :block/path-refs ?page] [?page :block/name ?name]",
    "namespace": "(namespace ?p ?name) [?p :block/namespace ?above] [?above :block/name ?name]",
    "block-content": (
        "(block-content ?b ?part) [?b :block/content ?content] [(clojure.string/includes? ?content ?part)]"
    ),
}


@cache
def builtin_rule(name: str) -> tuple[Rule, ...]:
    """One rule, read from its text."""
    form = read_edn(f"[[{RULES.get(name) or FILTERS[name]}]]")
    if form is None or isinstance(form, EdnProblem):
        raise QueryError(f"the rule {name} cannot be read")
    return parse_rules(form)


def builtin_rules(names: Iterable[str]) -> tuple[Rule, ...]:
    """The rules of these names."""
    return tuple(rule for name in names for rule in builtin_rule(name))
