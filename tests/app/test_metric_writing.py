"""`graphkit metric log` and `graphkit metric import` on real folders: bytes, what reads back, refusals."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphkit.app.failures import RequestError
from graphkit.app.load import load
from graphkit.app.reading.vault_metrics import open_vault_metrics
from graphkit.app.writing.import_rows import Spelling
from graphkit.app.writing.metric_import import import_observations
from graphkit.app.writing.metric_log import log_observation
from graphkit.cli.main import run
from graphkit.quantities.numbers import write_number

DAY = "2026-03-02"
RETENTION = "page-type:: [[metric]]\nunit:: %\n\n- Share of those who stay."


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GRAPHKIT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("GRAPHKIT_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.delenv("GRAPHKIT_GRAPH", raising=False)
    root = tmp_path / "vault"
    write(root, "logseq/config.edn", "{}")
    write(root, "pages/Retention rate.md", RETENTION)
    write(root, "pages/Price.md", "page-type:: [[metric]]\nunit:: EUR\n")
    return root


def write(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_bytes(text.encode())


def read(root: Path, path: str) -> str:
    return (root / path).read_bytes().decode()


def graphkit(root: Path, *arguments: str) -> int:
    return run(["-g", str(root), "--as-of", DAY, "metric", *arguments])


def observed(root: Path, name: str) -> list[tuple[str, float, float | None, str]]:
    book = open_vault_metrics(load(root, as_of=date(2026, 3, 2))).book
    metric = book.resolve(name)
    assert metric is not None
    reading = book.reading(metric)
    assert [finding for finding in reading.diagnostics if finding.code != "W419"] == []
    return [(item.day.isoformat(), item.value, item.n, item.segment) for item in reading.observations]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("- a", "- a\n- #metric [[Retention rate]] 41.2% (n=1200), fixed"),
        ("- a\n\t- b\n", "- a\n\t- b\n- #metric [[Retention rate]] 41.2% (n=1200), fixed\n"),
        ("- a\r\n- b\r\n\r\n", "- a\r\n- b\r\n- #metric [[Retention rate]] 41.2% (n=1200), fixed\r\n\r\n"),
        ("\ufeff- a", "\ufeff- a\n\n- #metric [[Retention rate]] 41.2% (n=1200), fixed"),
        ("tags:: x", "tags:: x\n\n- #metric [[Retention rate]] 41.2% (n=1200), fixed"),
    ],
)
def test_a_line_is_appended_as_the_page_is_written(vault: Path, before: str, after: str) -> None:
    write(vault, "journals/2026_03_02.md", before)
    assert graphkit(vault, "log", "retention-rate", "41.2%", "--n", "1200", "--note", "fixed") == 0
    assert read(vault, "journals/2026_03_02.md") == after
    assert observed(vault, "Retention rate") == [(DAY, 0.412, 1200.0, "")]
    assert run(["-g", str(vault), "undo"]) == 0
    assert read(vault, "journals/2026_03_02.md") == before


def test_a_journal_is_found_in_another_format(vault: Path) -> None:
    write(vault, "journals/2026-03-02.md", "- a")
    assert graphkit(vault, "log", "Retention rate", "41.2%", "--segment", "DE") == 0
    assert read(vault, "journals/2026-03-02.md") == "- a\n- #metric [[Retention rate]] 41.2%\n  segment:: DE"
    assert observed(vault, "Retention rate") == [(DAY, 0.412, None, "DE")]


def test_a_journal_is_made_only_when_asked_for(vault: Path) -> None:
    assert graphkit(vault, "log", "Retention rate", "41.2%") == 2
    assert not (vault / "journals").exists()
    assert graphkit(vault, "log", "Retention rate", "41.2%", "--create-journal", "--dry-run") == 0
    assert not (vault / "journals").exists()
    assert graphkit(vault, "log", "Retention rate", "41.2%", "--create-journal") == 0
    assert read(vault, "journals/2026_03_02.md") == "- #metric [[Retention rate]] 41.2%"
    assert graphkit(vault, "log", "Retention rate", "41.2%") == 0  # known: nothing is written
    assert read(vault, "journals/2026_03_02.md") == "- #metric [[Retention rate]] 41.2%"


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        ("logseq/config.edn", '{:hidden ["/journals"]}', "is ignored because of `:hidden` in logseq/config.edn"),
        ("graphkit.toml", 'ignore = ["jour"]', "is ignored because of `ignore`"),
        ("logseq/config.edn", "{:feature/enable-journals? false}", "has no journals"),
        ("logseq/config.edn", '{:journal/file-name-format "EEEE"}', "would not be the journal of 2026-03-02"),
    ],
)
def test_nothing_is_written_where_nothing_is_read(
    vault: Path, capsys: pytest.CaptureFixture[str], path: str, text: str, said: str
) -> None:
    write(vault, path, text)
    assert graphkit(vault, "log", "Retention rate", "41.2%", "--create-journal") == 2
    assert said in capsys.readouterr().err
    assert not (vault / "journals").exists()


@pytest.mark.parametrize(("before", "value"), [("3%", "12"), ("2.5%", "5"), ("3%", "0.12")])
def test_no_percent_sign_is_added_that_nobody_wrote(
    vault: Path, capsys: pytest.CaptureFixture[str], before: str, value: str
) -> None:
    write(vault, "pages/Refunds.md", "page-type:: [[metric]]\n")
    write(vault, "journals/2026_03_01.md", f"- #metric [[Refunds]] {before}")
    write(vault, "journals/2026_03_02.md", "- a")
    assert graphkit(vault, "log", "--", "Refunds", value) == 2
    assert f"are percentages, but “{value}” has no percent sign" in capsys.readouterr().err
    assert read(vault, "journals/2026_03_02.md") == "- a"
    assert graphkit(vault, "log", "--", "Refunds", f"{value}%") == 0
    assert read(vault, "journals/2026_03_02.md") == f"- a\n- #metric [[Refunds]] {value}%"


@pytest.mark.parametrize(
    "arguments",
    [
        ("Retention rate", "0.41"),
        ("Retention rate", "10-15%"),
        ("Retention rate", "5 EUR"),
        ("Price", "1,234"),
        ("Price", "1.234"),
        ("Retention rate", ">= 41%"),
        ("Retention rate", "many"),
        ("Retention rate", "471/4100", "--n", "5"),
        ("Retention rate", "41%", "--n", "few"),
        ("Retention rate", "41%", "--n", "1.5"),
        ("Retention rate", "41%", "--date", "2026-03-03"),
        ("Retention rate", "41%", "--note", "#metric [[Price]] 5 EUR"),
        ("Unknown thing", "41%"),
    ],
)
def test_what_is_doubtful_is_refused(vault: Path, arguments: tuple[str, ...]) -> None:
    write(vault, "journals/2026_03_02.md", "- a")
    assert graphkit(vault, "log", *arguments) == 2
    assert read(vault, "journals/2026_03_02.md") == "- a"


def test_an_open_fence_is_not_written_into(vault: Path) -> None:
    write(vault, "journals/2026_03_02.md", "- a\n  ```\n  code")
    code = graphkit(vault, "log", "Retention rate", "41%")
    text = read(vault, "journals/2026_03_02.md")
    assert (code == 2 and text == "- a\n  ```\n  code") or observed(vault, "Retention rate") == [(DAY, 0.41, None, "")]


@settings(max_examples=25, deadline=None)
@given(
    st.decimals(min_value="-9999", max_value="99999", places=2).filter(lambda value: value == 0 or abs(value) > 1),
    st.one_of(st.none(), st.integers(0, 10**9)),
    st.sampled_from(["", "DE", "new users"]),
)
def test_a_number_that_is_logged_reads_back_equal(value: object, n: int | None, segment: str) -> None:
    text = write_number(float(str(value)))
    with TemporaryDirectory() as folder:
        root = Path(folder) / "vault"
        write(root, "logseq/config.edn", "{}")
        write(root, "pages/Price.md", "page-type:: [[metric]]\nunit:: EUR\n")
        write(root, "journals/2026_03_02.md", "- a\n")
        environ = {"GRAPHKIT_STATE_DIR": f"{folder}/state", "GRAPHKIT_CACHE_DIR": f"{folder}/cache"}
        session = load(root, as_of=date(2026, 3, 2))
        report = log_observation(
            session, "Price", text, environ, day=session.today, n="" if n is None else str(n), segment=segment
        )
        assert report.value == float(str(value))
        assert observed(root, "Price") == [(DAY, float(str(value)), None if n is None else float(n), segment)]


def test_rows_go_into_a_new_section_then_into_its_table(vault: Path, tmp_path: Path) -> None:
    file = tmp_path / "values.csv"
    file.write_text("Segment;Value;Date\n;41.2%;2026-02-01\nDE;40%;2026-02-01\n;41.2%;2026-02-01\n")
    assert graphkit(vault, "import", str(file), "--metric", "retention rate") == 0
    section = (
        "\n- ### Observations\n\t- | date | value | n | segment | source |\n\t  |--|--|--|--|--|\n"
        "\t  | 2026-02-01 | 41.2% | | | |\n\t  | 2026-02-01 | 40% | | DE | |"
    )
    assert read(vault, "pages/Retention rate.md") == RETENTION + section
    assert graphkit(vault, "import", str(file), "--metric", "retention rate") == 0
    assert read(vault, "pages/Retention rate.md") == RETENTION + section
    more = tmp_path / "more.json"
    more.write_text(json.dumps({"observations": [{"date": "2026-02-08T00:00:00Z", "value": 0.42, "n": 900}]}))
    assert graphkit(vault, "import", str(more), "--metric", "retention rate") == 1
    assert graphkit(vault, "import", str(more), "--metric", "retention rate", "--fractions") == 0
    assert read(vault, "pages/Retention rate.md") == RETENTION + section + "\n\t  | 2026-02-08 | 42% | 900 | | |"


def test_a_table_of_a_person_keeps_its_columns_and_line_ends(vault: Path, tmp_path: Path) -> None:
    page = "page-type:: [[metric]]\r\n\r\n- ## Observations\r\n  - |Value|Who|Date|\r\n    |--|--|--|\r\n- after\r\n"
    write(vault, "pages/Calls.md", page)
    file = tmp_path / "values.csv"
    file.write_text("when,calls\n2026-02-01,12\n")
    options = ("--metric", "Calls", "--date-column", "when", "--value-column", "calls")
    assert graphkit(vault, "import", str(file), *options) == 0
    added = page.replace("|--|--|--|\r\n", "|--|--|--|\r\n    | 12 | | 2026-02-01 |\r\n")
    assert read(vault, "pages/Calls.md") == added


def test_another_value_is_an_error_unless_it_is_to_be_replaced(
    vault: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(vault, "journals/2026_02_01.md", "- x\n  retention-rate:: 39%\n")
    file = tmp_path / "values.csv"
    file.write_text("date,value\n2026-02-08,40%\n2026-02-01,41%\n")
    assert graphkit(vault, "import", str(file), "--metric", "Retention rate") == 1
    assert "values.csv:3: 2026-02-01 is 41% here, and 39% in journals/2026_02_01.md:2" in capsys.readouterr().err
    assert read(vault, "pages/Retention rate.md") == RETENTION
    assert graphkit(vault, "import", str(file), "--metric", "Retention rate", "--replace") == 0
    assert read(vault, "journals/2026_02_01.md") == "- x\n  retention-rate:: 41%\n"
    assert observed(vault, "Retention rate") == [("2026-02-01", 0.41, None, ""), ("2026-02-08", 0.4, None, "")]


@pytest.mark.parametrize(
    ("name", "text", "line", "said"),
    [
        ("a.csv", "date,value\n2026-02-01,41%\nsoon,41%\n", 3, "“soon” is not a day"),
        ("a.csv", "date,value\n2026-02-01,\n", 2, "has no value"),
        ("a.csv", "date,value\n2026-02-01,41%,5\n", 2, "more cells than the header"),
        ("a.csv", "date,value\n2026-02-01,41%\n2026-02-01,42%\n", 3, "another value"),
        ("a.csv", "date,value\n2027-02-01,41%\n", 2, "is in the future"),
        ("a.csv", "day,rate\n2026-02-01,41%\n", 1, "no column “value”"),
        ("a.csv", "", 1, "empty"),
        ("a.json", '[\n{"date": "2026-02-01", "value": "41%"},\n{"date": "2026-02-02", "value": [1]}\n]', 3, "neither"),
        ("a.json", '[\n{"date": "2026-02-01", "value": "41%"}\n', 3, "not valid JSON"),
        ("a.json", "{}", 1, "not a JSON list"),
        ("a.json", '{"values": [\n{"date": "2026-02', 2, "not valid JSON from here on"),
        ("a.json", '{"a": 1', 1, "not valid JSON from here on"),
        ("a.json", "nonsense", 1, "not valid JSON from here on"),
        ("a.json", "[" * 100_000, 1, "nested too deep"),
        ("a.csv", "date,value\n05/01/2026,41%\n", 2, "“05/01/2026” is ambiguous; give the order with --date-order"),
        ("a.csv", "date,value\n31/01/2026,41%\n01/31/2026,41%\n", 3, "“01/31/2026” is not a day"),
        (
            "a.csv",
            'date,value\n2026-02-01,"1,234"\n',
            2,
            "may separate thousands or decimals; give the decimal separator",
        ),
        ("a.csv", "date;value\n2026-02-01;1.234\n2026-02-02;2.345\n", 2, "may separate thousands or decimals; give"),
        ("a.csv", "date,value,n\n2026-02-01,41%,1.5\n", 2, "“1.5” is not a whole number"),
        ("a.csv", "date;value\n2026-02-01;41,2\n2026-02-02;41.3\n", 2, "may separate thousands or decimals"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_written(
    vault: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, line: int, said: str
) -> None:
    file = tmp_path / name
    file.write_text(text)
    assert graphkit(vault, "import", str(file), "--metric", "Retention rate") == 1
    error = capsys.readouterr().err
    assert f"{name}:{line}: " in error
    assert said in error
    from_here = "the file from line" in error
    assert from_here == any(word in said for word in ("no column", "empty", "JSON", "nested"))
    assert read(vault, "pages/Retention rate.md") == RETENTION


def imported(root: Path, folder: Path, text: str, *arguments: str) -> int:
    file = folder / "values.csv"
    file.write_text(text, encoding="utf-8")
    return graphkit(root, "import", str(file), "--metric", "Retention rate", *arguments)


@pytest.mark.parametrize(
    ("column", "arguments", "days"),
    [
        (["2026-02-01 10:00", "2026/2/12", "20260203", "4 Feb 2026", "February 5th, 2026", "06.02.2026"], [],
         ["2026-02-01", "2026-02-12", "2026-02-03", "2026-02-04", "2026-02-05", "2026-02-06"]),
        (["05/01/2026", "31/01/2026"], [], ["2026-01-05", "2026-01-31"]),
        (["01-05-2026", "01-31-2026"], [], ["2026-01-05", "2026-01-31"]),
        (["05/01/2026"], ["--date-order", "dmy"], ["2026-01-05"]),
        (["01/05/2026", "02/02/2026"], ["--date-order", "mdy"], ["2026-01-05", "2026-02-02"]),
        (["[[Jan 5th, 2026]]", "<2026-01-06 Tue>"], [], ["2026-01-05", "2026-01-06"]),
    ],
)  # fmt: skip
def test_days_are_read_as_their_column_has_them(
    vault: Path, tmp_path: Path, column: list[str], arguments: list[str], days: list[str]
) -> None:
    write(vault, "pages/Retention rate.md", RETENTION.replace("unit:: %", "unit:: %\ncadence:: every 90 days"))
    text = "date;value\n" + "".join(f"{day};41%\n" for day in column)
    assert imported(vault, tmp_path, text, *arguments) == 0
    assert [day for day, _, _, _ in observed(vault, "Retention rate")] == sorted(days)


@pytest.mark.parametrize(
    ("values", "arguments", "expected"),
    [
        ([("41,2", ""), ("42", "1.200")], [], [("41.2%", ""), ("42%", "1200")]),
        ([("41.2", ""), ("1,041.5", "1,200")], [], [("41.2%", ""), ("1041.5%", "1200")]),
        ([("1.041,5", "")], [], [("1041.5%", "")]),
        ([("1.041", ""), ("2.345", "")], ["--decimal", "comma"], [("1041%", ""), ("2345%", "")]),
        ([("1.041", "")], ["--decimal", "point"], [("1.041%", "")]),
        ([("41", "1.200"), ("42", "1,200")], [], [("41%", "1200"), ("42%", "1200")]),
        ([("1,041", "")], ["--decimal", "comma"], [("1.041%", "")]),
        ([("1,041", "")], ["--decimal", "point"], [("1041%", "")]),
    ],
)
def test_decimals_are_read_as_their_column_has_them(
    vault: Path, tmp_path: Path, values: list[tuple[str, str]], arguments: list[str], expected: list[tuple[str, str]]
) -> None:
    text = "date;value;n\n" + "".join(f"0{day}.02.2026;{value};{n}\n" for day, (value, n) in enumerate(values, 1))
    assert imported(vault, tmp_path, text, *arguments) == 0
    rows = [line.split("|")[2:4] for line in read(vault, "pages/Retention rate.md").split("\n")[-len(values) :]]
    assert [(value.strip(), n.strip()) for value, n in rows] == expected


def test_a_fraction_above_one_is_none(vault: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert imported(vault, tmp_path, "date,value\n2026-02-01,0.41\n2026-02-02,41\n", "--fractions") == 1
    assert "values.csv:3: “41” is not a fraction between -1 and 1" in capsys.readouterr().err
    assert read(vault, "pages/Retention rate.md") == RETENTION


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (f"{RETENTION}\n- ### Observations\n  graphkit:: metric\n\t- x", "below Observations"),
        (RETENTION.replace("\n\n", "\ngraphkit:: metric\n\n"), "as a whole"),
    ],
)
def test_rows_are_not_written_among_what_graphkit_writes(
    vault: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], page: str, said: str
) -> None:
    write(vault, "pages/Retention rate.md", page)
    assert imported(vault, tmp_path, "date,value\n2026-02-01,41%\n") == 2
    error = capsys.readouterr().err
    assert "written by graphkit" in error
    assert said in error
    assert read(vault, "pages/Retention rate.md") == page


def test_a_comma_with_one_reading_is_logged_as_a_point(vault: Path) -> None:
    write(vault, "journals/2026_03_02.md", "- a")
    assert graphkit(vault, "log", "Retention rate", "41,3%") == 0
    assert graphkit(vault, "log", "Price", "1.234,50 €") == 0
    assert read(vault, "journals/2026_03_02.md") == (
        "- a\n- #metric [[Retention rate]] 41.3%\n- #metric [[Price]] 1234.50 €"
    )


def test_rows_go_into_the_csv_that_the_page_names(vault: Path, tmp_path: Path) -> None:
    write(vault, "pages/Price.md", "page-type:: [[metric]]\nunit:: EUR\ndata:: ../assets/price.csv\n")
    write(vault, "assets/price.csv", "date;value;n\r\n2026-01-01;24.5;\r\n")
    file = tmp_path / "values.csv"
    file.write_text("date,value,n\n2026-02-01,25.5,10\n2026-01-01,24.5,\n")
    for _ in range(2):
        assert graphkit(vault, "import", str(file), "--metric", "Price", "--to", "csv") == 0
        assert read(vault, "assets/price.csv") == "date;value;n\r\n2026-01-01;24.5;\r\n2026-02-01;25.5;10\r\n"
    assert observed(vault, "Price") == [("2026-01-01", 24.5, None, ""), ("2026-02-01", 25.5, 10.0, "")]
    file.write_text("date,value,segment\n2026-02-08,25.5,DE\n")
    assert graphkit(vault, "import", str(file), "--metric", "Price", "--to", "csv") == 2


ROWS = st.dictionaries(
    st.tuples(st.dates(min_value=date(2020, 1, 1), max_value=date(2026, 3, 2)), st.sampled_from(["", "DE", "a | b"])),
    st.tuples(st.integers(2, 10**6), st.one_of(st.none(), st.integers(0, 10**6))),
    min_size=1,
    max_size=6,
)  # fmt: skip


@settings(max_examples=20, deadline=None)
@given(ROWS)
def test_an_import_is_idempotent_and_complete(rows: dict[tuple[object, str], tuple[int, int | None]]) -> None:
    with TemporaryDirectory() as folder:
        root = Path(folder) / "vault"
        write(root, "logseq/config.edn", "{}")
        write(root, "pages/Calls.md", "page-type:: [[metric]]\ncadence:: every 520 weeks\n\n- What it is\n")
        file = Path(folder) / "rows.json"
        items = [
            {"date": str(day), "value": value, "n": n, "segment": segment}
            for (day, segment), (value, n) in rows.items()
        ]
        file.write_text(json.dumps(items))
        environ = {"GRAPHKIT_STATE_DIR": f"{folder}/state", "GRAPHKIT_CACHE_DIR": f"{folder}/cache"}
        for turn in range(2):
            session = load(root, as_of=date(2026, 3, 2))
            report = import_observations(session, file, "Calls", environ, spelling=Spelling())
            assert {row.state for row in report.rows} == {"known" if turn else "new"}
            assert bool(report.pages) is not bool(turn)
        wanted = [
            (str(day), float(value), None if n is None else float(n), segment)
            for (day, segment), (value, n) in rows.items()
        ]
        assert sorted(observed(root, "Calls"), key=lambda item: (item[0], item[3])) == sorted(
            wanted, key=lambda item: (item[0], item[3])
        )


def test_a_metric_without_a_page_takes_no_import(vault: Path, tmp_path: Path) -> None:
    write(vault, "journals/2026_03_02.md", "- #metric [[Calls]] 5")
    file = tmp_path / "values.csv"
    file.write_text("date,value\n2026-02-01,5\n")
    with pytest.raises(RequestError, match="has no page"):
        import_observations(load(vault, as_of=date(2026, 3, 2)), file, "Calls", {}, spelling=Spelling())


def test_rows_of_another_metric_are_refused(vault: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "metric,date,value\n[[Retention rate]],2026-02-01,41%\nPrice,2026-02-02,12\n"
    assert imported(vault, tmp_path, text) == 1
    error = capsys.readouterr().err
    assert "values.csv:3: the row is of “Price”, another metric; split the file by metric" in error
    assert read(vault, "pages/Retention rate.md") == RETENTION
    assert imported(vault, tmp_path, text.replace("Price", "retention rate")) == 0
    assert observed(vault, "Retention rate") == [("2026-02-01", 0.41, None, ""), ("2026-02-02", 0.12, None, "")]


def test_json_rows_of_another_metric_are_refused(vault: Path, tmp_path: Path) -> None:
    file = tmp_path / "values.json"
    rows = [{"metric": "Price", "date": "2026-02-01", "value": "41%"}]
    file.write_text(json.dumps(rows), encoding="utf-8")
    assert graphkit(vault, "import", str(file), "--metric", "Retention rate") == 1
    file.write_text(json.dumps([{**rows[0], "metric": "Retention rate"}]), encoding="utf-8")
    assert graphkit(vault, "import", str(file), "--metric", "Retention rate") == 0
    assert graphkit(vault, "import", str(file), "--metric", "Price", "--value-column", "metric") == 1
