from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from sample_reports import CHECK, DETAIL, EMPTY, EXPERIMENTS, RANK, STATUS, TASK_REPORT, TREE

from graphkit.app.results.encode import COMPUTED, SCHEMAS, encode, iter_json
from graphkit.app.results.reports import ExperimentRow
from graphkit.insight.work.progress import Progress
from graphkit.text.records import Record, field_names

if TYPE_CHECKING:
    from collections.abc import Mapping

REPORTS = (STATUS, DETAIL, TREE, TASK_REPORT, CHECK)


def decoded(report: object) -> Any:  # noqa: ANN401 - whatever JSON holds
    return json.loads(encode(report))


def test_a_status_document_has_these_keys_in_this_order() -> None:
    document = decoded(STATUS)
    assert list(document) == [
        "schema",
        "vault",
        "dialect",
        "as_of",
        "pages",
        "journals",
        "experiments",
        "unread",
        "errors",
        "warnings",
        "not_read",
        "experiments_in_vault",
    ]
    assert document["schema"] == "graphkit.status/1"
    assert document["as_of"] == "2026-03-14"


def test_an_experiment_is_encoded_whole() -> None:
    row = decoded(STATUS)["experiments"][8]
    assert row == {
        "name": "referral credits",
        "title": "Referral credits",
        "path": "pages/Referral credits.md",
        "lifecycle": "running",
        "lifecycle_derived": True,
        "attention": "running",
        "reason": "",
        "word": "in progress",
        "progress": {
            "todo": 6,
            "doing": 3,
            "waiting": 0,
            "done": 3,
            "blocked": 0,
            "recurring": 0,
            "mode": "estimate",
            "unit": "hours",
            "done_weight": 30.0,
            "total_weight": 60.0,
            "total_deviation": 0.0,
            "total": 12,
            "fraction": 0.5,
            "percent": 50,
        },
        "goals": ["Grow recurring revenue"],
        "owners": ["Priya"],
        "tags": [],
        "start": None,
        "due": "2026-06-30",
        "result": None,
        "questions": [],
        "diagnostics": 0,
        "strategies": ["Loyalty Programs", "Personalized Experiences"],
        "metrics": [],
        "health": None,
        "health_reason": "",
        "health_stated": False,
        "states": [],
        "last_activity": None,
        "stale": False,
        "forecast": None,
        "id": "experiment:referral credits",
    }


def test_no_tasks_is_null_and_never_zero() -> None:
    progress = decoded(STATUS)["experiments"][11]["progress"]
    assert (progress["total"], progress["fraction"], progress["percent"]) == (0, None, None)


def test_tasks_have_the_ids_of_their_nodes() -> None:
    assert [row["id"] for row in decoded(TASK_REPORT)["tasks"]][:2] == [
        "task:pages/Win-back calls.md:16",
        "task:pages/Win-back calls.md:22",
    ]


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: type(report).__name__)
def test_every_report_is_one_document_with_its_schema_and_all_its_fields(report: Any) -> None:  # noqa: ANN401
    document = decoded(report)
    assert list(document) == ["schema", *field_names(report)]
    name, _, version = document["schema"].partition("/")
    assert name.startswith("graphkit.")
    assert version.isdecimal()


def test_no_two_reports_share_a_schema() -> None:
    assert len(set(SCHEMAS.values())) == len(SCHEMAS)


def test_a_finding_is_encoded_with_its_place_and_severity() -> None:
    assert decoded(CHECK)["findings"][2] == {
        "code": "I502",
        "severity": "info",
        "path": "pages/日本.md",
        "line": 1,
        "column": 1,
        "message": "the page has two page-type:: lines",
        "hint": "keep one",
    }


def test_rows_of_a_small_table_are_objects() -> None:
    document = decoded(RANK)
    assert document["schema"] == "graphkit.graph-rank/1"
    assert document["rows"][2] == {"rank": 3, "node": "x", "kind": None, "score": 2.0}


def test_each_entry_of_a_list_stands_on_a_line_of_its_own() -> None:
    lines = list(iter_json(STATUS))
    assert sum(line.startswith('    {"name": ') for line in lines) == len(EXPERIMENTS)
    assert "\n".join(lines) + "\n" == encode(STATUS)


def test_empty_lists_and_ascii() -> None:
    assert decoded(EMPTY)["experiments"] == []
    text = encode(STATUS, ascii_only=True)
    assert text.isascii()
    assert json.loads(text) == decoded(STATUS)


def test_computed_keys_hide_no_field() -> None:
    names: Mapping[type, set[str]] = {kind: set(field_names(kind)) for kind in COMPUTED}
    assert set(COMPUTED) >= {Progress, ExperimentRow}
    assert all(names[kind].isdisjoint(computed) for kind, computed in COMPUTED.items())


class Stranger(Record, frozen=True):
    number: int


def test_a_value_without_a_schema_is_refused() -> None:
    with pytest.raises(TypeError, match="Stranger has no schema"):
        encode(Stranger(number=1))
