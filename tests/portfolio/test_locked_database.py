"""One SELECT over a dataset, and nothing else of the machine."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from portfolio_vaults import DAY, build, command, rows_of, write_teams
from shared_material import ROOT

from graphkit.app.tables.table_schema import TABLES

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("portfolio")
    write_teams(root / "teams", 4, least=20, most=40)
    (root / "ds-other").mkdir()
    (root / "ds-other" / "secret.csv").write_text("a\nsecret\n", encoding="utf-8")
    (root / "empty").mkdir()
    build(root / "ds", ROOT / "sample_graph", "teams/*", "empty")
    return root / "ds"


HOSTILE = [
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_blob('/etc/passwd')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM read_csv('{place}/../ds-other/secret.csv')",
    "SELECT * FROM read_csv('{place}-other/secret.csv')",
    "SELECT * FROM read_parquet('s3://bucket/x.parquet')",
    "SELECT * FROM read_parquet('https://example.org/x.parquet')",
    "COPY (SELECT 1) TO '{place}/x.csv'",
    "COPY tasks TO '/tmp/graphkit-x.csv'",
    "EXPORT DATABASE '{place}/export'",
    "ATTACH '{place}/x.db'",
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "RESET enable_external_access",
    "PRAGMA database_list",
    "PRAGMA enable_external_access",
    "INSTALL httpfs",
    "LOAD httpfs",
    "CREATE TABLE x AS SELECT 1",
    "CREATE OR REPLACE VIEW tasks AS SELECT 1",
    "DROP VIEW tasks",
    "INSERT INTO tasks SELECT * FROM tasks",
    "WITH x AS (SELECT 1) INSERT INTO tasks SELECT * FROM x",
    "SELECT 1; SELECT 2",
    "SELECT 1; DROP VIEW tasks",
    "CALL pragma_version()",
    "PREPARE x AS SELECT 1",
    "CHECKPOINT",
    "EXPLAIN ANALYZE SELECT 1",
    "SELECT * FROM query('COPY (SELECT 1) TO ''{place}/x.csv''')",
    "SELECT getenv('HOME')",
    "SELECT * FROM command",
    "",
    ";",
    "-- nothing",
    "SELEKT 1",
    "SELECT 'open",
    "SELECT $unknown",
    "SELECT error('stop')",
    "SELECT * FROM nothing",
]


@pytest.mark.parametrize("query", HOSTILE)
def test_what_is_not_one_select_over_the_dataset_is_refused(query: str, place: Path) -> None:
    before = sorted(os.walk(place.parent))
    code, out, errors = command("portfolio", "sql", "-d", place, query.format(place=place))
    assert (code, out) == (2, "")
    assert errors.startswith("error: ")
    assert "Traceback" not in errors
    assert "internal error" not in errors
    assert sorted(os.walk(place.parent)) == before


def test_select_gives_tab_separated_lines_and_json(place: Path) -> None:
    query = "SELECT name, experiments, as_of, error FROM vaults WHERE name = 'sample_graph'"
    code, out, _ = command("portfolio", "sql", "-d", place, query)
    assert (code, out) == (0, "name\texperiments\tas_of\terror\nsample_graph\t19\t2026-03-02\t\n")
    code, out, _ = command("portfolio", "sql", "-d", place, "--json", query)
    document = json.loads(out)
    assert document["schema"] == "graphkit.portfolio-sql/1"
    assert (document["vaults"], document["unread"], document["as_of"]) == (6, 0, DAY.isoformat())
    assert document["rows"] == [{"name": "sample_graph", "experiments": 19, "as_of": "2026-03-02", "error": None}]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1.50::DECIMAL(4,2)", 1.5),
        ("'nan'::DOUBLE", "nan"),
        ("sum(1::BIGINT)", 1),
        ("DATE '2026-03-02'", "2026-03-02"),
        ("TIMESTAMP '2026-03-02 10:00:00'", "2026-03-02T10:00:00"),
        ("{'a': [1, NULL]}", {"a": [1, None]}),
        ("'x'::BLOB", "78"),
        ("true", True),
        ("[DATE '2026-03-02']", ["2026-03-02"]),
    ],
)
def test_every_kind_of_value_has_a_form_in_json(expression: str, value: object, place: Path) -> None:
    code, out, errors = command("portfolio", "sql", "-d", place, "--json", f"SELECT {expression} AS x")
    assert code == 0, errors
    assert json.loads(out)["rows"] == [{"x": value}]


def test_columns_of_one_name_are_told_apart_in_json(place: Path) -> None:
    _, out, _ = command("portfolio", "sql", "-d", place, "--json", "SELECT 1 AS x, 2 AS x, 3 AS x")
    assert json.loads(out)["rows"] == [{"x": 1, "x_2": 2, "x_3": 3}]


def test_control_characters_of_a_vault_do_not_reach_the_terminal(place: Path) -> None:
    code, out, _ = command(
        "portfolio",
        "sql",
        "-d",
        place,
        "SELECT chr(27) || '[31mred' AS x",
        "--format",
        "screen",
        "--color",
        "always",
        "--width",
        "60",
    )
    assert code == 0
    assert "\\x1b[31mred" in out


def test_tables_without_rows_have_their_columns_too(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    build(tmp_path / "ds", "empty")
    for table, columns in TABLES.items():
        assert [row["vault"] for row in rows_of(tmp_path / "ds", table)] == (
            [rows_of(tmp_path / "ds", "vaults")[0]["vault"]] if table == "vaults" else []
        )
        code, out, errors = command("portfolio", "sql", "-d", tmp_path / "ds", f"DESCRIBE {table}")
        assert code == 0, errors
        assert [line.split("\t")[0] for line in out.splitlines()[1:]] == [column.name for column in columns]


def test_a_part_that_is_missing_or_damaged_is_an_error(tmp_path: Path) -> None:
    write_teams(tmp_path / "teams", 1, least=3, most=3)
    build(tmp_path / "ds", "teams/*")
    (part,) = (tmp_path / "ds" / "edges").iterdir()
    part.write_bytes(b"PAR1 nothing PAR1")
    code, _, errors = command("portfolio", "sql", "-d", tmp_path / "ds", "SELECT count(*) FROM edges")
    assert code == 2
    assert "Traceback" not in errors
    part.unlink()
    code, _, errors = command("portfolio", "sql", "-d", tmp_path / "ds", "SELECT count(*) FROM edges")
    assert code == 2
