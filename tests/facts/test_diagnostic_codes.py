from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from shared_material import ROOT

from graphkit.facts.diagnostic_codes import CODES
from graphkit.insight.checks.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CODE = re.compile(r"[EW][0-9]{3}")
TABLE = ROOT / "graphkit" / "facts" / "diagnostic_codes.py"


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted((ROOT / "graphkit").rglob("*.py")):
        if path != TABLE:
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def test_every_code_in_the_source_is_in_the_table_and_the_other_way_round() -> None:
    used = {
        node.value
        for _, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value)
    }
    assert used == set(CODES)


def test_a_finding_made_in_place_has_the_severity_of_the_table() -> None:
    wrong = []
    for path, tree in sources():
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Diagnostic"):
                continue
            given = {keyword.arg: keyword.value for keyword in node.keywords}
            code, severity = given.get("code"), given.get("severity")
            if (
                isinstance(code, ast.Constant)
                and isinstance(code.value, str)
                and isinstance(severity, ast.Attribute)
                and CODES[code.value].severity.name != severity.attr
            ):
                wrong.append((path.name, code.value))
    assert wrong == []


def test_no_code_is_written_twice_in_the_table() -> None:
    keys = re.findall(r'^    "([EW][0-9]{3})":', TABLE.read_text(encoding="utf-8"), re.MULTILINE)
    assert keys == sorted(set(keys), key=keys.index)
    assert len({code.title for code in CODES.values()}) == len(CODES)


def test_every_rule_reports_known_codes() -> None:
    assert {code for rule in RULES for code in rule.codes} <= set(CODES)
