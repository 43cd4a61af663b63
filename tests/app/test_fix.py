"""`graphkit check --suggest-links`, `--fix` and `--format` on real folders."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shared_material import SEEDS, needs_shared

from graphkit.app.load import load
from graphkit.app.reading.vault_metrics import open_vault_metrics
from graphkit.app.writing.fixes import fix_findings
from graphkit.cli.main import run
from graphkit.insight.metrics.metric_links import HOWS

DAY = "2026-03-02"
SAMPLE = Path(__file__).parents[2] / "sample_graph"
EXPERIMENT = (
    "page-type:: [[experiment]]\nnote:: retention rates\n\n- #goal [[Keep people]]\n- ### Work\n"
    "\t- TODO retention rate\n\t- TODO measure retention rate, retention rates and NPS, not `retention rate`\n"
    "- We keep people with [[Retention rate]] and 10â€“15% more.\n"
)


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GRAPHKIT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("GRAPHKIT_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.delenv("GRAPHKIT_GRAPH", raising=False)
    root = tmp_path / "vault"
    for path, text in {
        "logseq/config.edn": "{}",
        "pages/Retention rate.md": "page-type:: [[metric]]\n\n- TODO define it",
        "pages/Net Promoter Score.md": "page-type:: [[metric]]\nalias:: NPS",
        "pages/Trial.md": EXPERIMENT,
    }.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text.encode())
    return root


def graphkit(root: Path, *arguments: str) -> int:
    return run(["-g", str(root), "--as-of", DAY, "check", *arguments])


def read(root: Path) -> str:
    return (root / "pages/Trial.md").read_bytes().decode()


LINKED = EXPERIMENT.replace(
    "measure retention rate, retention rates and NPS,",
    "measure [[retention rate]], [retention rates]([[Retention rate]]) and [[NPS]],",
).replace("We keep people", "We [[keep people]]")


def test_links_are_suggested_only_when_asked_for(vault: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert graphkit(vault, "--select", "W416") == 0
    assert capsys.readouterr().out == ""
    assert graphkit(vault, "--select", "W416", "--suggest-links", "--format", "json") == 0
    hints = [finding["hint"] for finding in json.loads(capsys.readouterr().out)["findings"]]
    assert hints == [
        "write [[retention rate]]", "write [retention rates]([[Retention rate]])", "write [[NPS]]",
        "write [[keep people]]",
    ]  # fmt: skip


def test_a_fix_writes_the_links_and_a_second_one_nothing(vault: Path) -> None:
    assert graphkit(vault, "--suggest-links", "--select", "W416", "--fix", "--dry-run") == 0
    assert read(vault) == EXPERIMENT
    assert graphkit(vault, "--suggest-links", "--select", "W416", "--fix") == 0
    assert read(vault) == LINKED
    assert graphkit(vault, "--suggest-links", "--select", "W416", "--fix") == 0
    assert read(vault) == LINKED
    assert run(["-g", str(vault), "undo"]) == 0
    assert read(vault) == EXPERIMENT


PAGES = {
    "Retention rate": "page-type:: [[metric]]\nalias:: customer retention rate\n",
    "Keep people": "page-type:: [[goal]]\nalias:: NPS\n",
    "Net Promoter Score": "page-type:: [[metric]]\nalias:: NPS\n",
    "Plans": "- | Strategy | Key Metrics |\n  |--|--|\n  | Loyalty Program | Retention rate; churn rate; – |\n"
    "  | churn rate | ? |\n",
}


def strength(root: Path) -> dict[tuple[str, str, str], int]:
    """What each experiment measures, tests or mentions, and how strongly: the lower, the stronger."""
    session = load(root, as_of=dt.date(2026, 3, 2))
    vault_metrics = open_vault_metrics(session)
    found = {}
    for page in session.catalog.of_type({"experiment"}):
        for mention in vault_metrics.mentions(page):
            found[page.name, *mention.known] = len(HOWS)
        for measure in vault_metrics.measures(page):
            found[page.name, "metric", measure.metric.key] = HOWS.index(measure.how)
        for test in vault_metrics.tests(page):
            found[page.name, "strategy", test.strategy.key] = 0
    return {key: rank for key, rank in found.items() if key[1] != "goal"}


def fixed(root: Path, state: Path) -> dict[tuple[str, str, str], int]:
    """What there is after `--fix`; a second one does nothing, and nothing has become less."""
    before = strength(root)
    environ = {"GRAPHKIT_STATE_DIR": str(state), "GRAPHKIT_CACHE_DIR": str(state)}
    for turn in range(2):
        report = fix_findings(load(root, as_of=dt.date(2026, 3, 2)), environ, select=["W416"], links=True)
        assert not (turn and report.pages)
    after = strength(root)
    assert {key: rank for key, rank in before.items() if after.get(key, len(HOWS) + 1) > rank} == {}
    return after


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("higher customer retention rates with loyalty programs.",
         "higher [customer retention rates]([[Retention rate]]) with [loyalty programs]([[Loyalty Program]])."),
        ("the Loyalty  Program", "the [Loyalty  Program]([[Loyalty Program]])"),
        ("NPS and churn rate", "[[NPS]] and [[churn rate]]"),
        ("A 10–15% rise – we think?", "A 10–15% rise – we think?"),
        ("x $$retention rate$$ $NPS$ \\(NPS\\)", "x $$retention rate$$ $NPS$ \\(NPS\\)"),
        ("x <b>retention rate</b> [:b NPS]", "x <b>retention rate</b> [:b NPS]"),
        ("[see retention rate](x and NPS", "[see [[retention rate]]](x and [[NPS]]"),
        ("[[see retention rate", "[[see retention rate"),
    ],
)  # fmt: skip
def test_links_keep_what_mentions_said(tmp_path: Path, text: str, linked: str) -> None:
    root = vault_of(tmp_path / "vault", text)
    fixed(root, tmp_path)
    assert read_experiment(root).removeprefix("page-type:: [[experiment]]\n\n- ") == linked


def vault_of(root: Path, text: str) -> Path:
    for title, page in {**PAGES, "Exp": f"page-type:: [[experiment]]\n\n- {text}"}.items():
        path = root / "pages" / f"{title}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8")
    (root / "logseq").mkdir()
    return root


def read_experiment(root: Path) -> str:
    return (root / "pages/Exp.md").read_text(encoding="utf-8")


def test_links_in_another_dialect_keep_what_mentions_said(tmp_path: Path) -> None:
    root = tmp_path / "vault"
    pages = {
        "Metrics/Retention rate": "---\npage-type: metric\naliases: [customer retention rate]\n---\n",
        "Exp": "---\npage-type: experiment\n---\n\n- x customer retention rates\n\n| a |\n|--|\n| retention rates |\n",
    }
    for title, text in pages.items():
        (root / f"{title}.md").parent.mkdir(parents=True, exist_ok=True)
        (root / f"{title}.md").write_text(text, encoding="utf-8")
    (root / ".obsidian").mkdir()
    assert set(fixed(root, tmp_path).values()) == {HOWS.index("linked")}
    text = (root / "Exp.md").read_text(encoding="utf-8")
    assert text == pages["Exp"].replace("customer retention rates", "[[Retention rate|customer retention rates]]")


PIECES = ["retention rate", "customer retention rates", "NPS", "loyalty programs", "churn rate", " ", ", ", "\n- ",
          "[", "]", "](", "(", ")", "[[", "]]", "$", "$$", "<b>", "</b>",
          "`", "*", "**", "#", "|", "\\", "{{", "}}", "-"]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_no_fix_loses_a_relation_whatever_the_text(text: str) -> None:
    with TemporaryDirectory() as folder:
        fixed(vault_of(Path(folder) / "vault", text), Path(folder))


@needs_shared
@pytest.mark.parametrize("made", [False, True])
def test_no_fix_loses_a_relation_of_the_seeds_and_the_sample(tmp_path: Path, *, made: bool) -> None:
    sample = tmp_path / "sample"
    shutil.copytree(SAMPLE, sample)
    root = vault_of(tmp_path / "vault", "x") if made else tmp_path / "vault"
    (root / "pages").mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(sorted(SEEDS.glob("*.txt"))):
        text = seed.read_text(encoding="utf-8")
        (root / "pages" / f"Seed {number}.md").write_text(
            text if "page-type" in text else f"page-type:: [[strategy]]\n\n{text}", encoding="utf-8"
        )
    assert fixed(root, tmp_path) != {}
    assert fixed(sample, tmp_path) != {}


def test_a_broken_encoding_is_put_right_only_when_it_is_named(vault: Path) -> None:
    assert graphkit(vault, "--suggest-links", "--fix") == 1
    assert "10â€“15%" in read(vault)
    assert graphkit(vault, "--fix", "--select", "E130") == 0
    assert read(vault) == LINKED.replace("â€“", "–")


@pytest.mark.parametrize(
    "arguments",
    [("--fix",), ("--dry-run",), ("--fix", "--select", "E1"), ("--fix", "--suggest-links", "--format", "sarif")],
)
def test_what_is_to_be_fixed_has_to_be_said(vault: Path, arguments: tuple[str, ...]) -> None:
    assert graphkit(vault, *arguments) == 2
    assert read(vault) == EXPERIMENT


def test_annotations_for_github(
    vault: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(vault.parent)
    assert graphkit(vault, "--select", "E130", "--format", "github") == 1
    line = capsys.readouterr().out
    assert line.startswith("::warning file=vault/pages/Trial.md,line=8,col=")
    assert "title=E130::the encoding is broken: “10â€“15%25” was probably “10–15%25”" in line


def test_a_sarif_document(vault: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(vault)
    assert graphkit(vault, "--select", "E130", "--format", "sarif") == 1
    document = json.loads(capsys.readouterr().out)
    (found,) = document["runs"][0]["results"]
    assert document["version"] == "2.1.0"
    assert (found["ruleId"], found["level"]) == ("E130", "warning")
    place = found["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "pages/Trial.md"}
    assert place["region"]["startLine"] == 8
    assert [rule["id"] for rule in document["runs"][0]["tool"]["driver"]["rules"]] == ["E130"]


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("mail RR@x.de, RR.team@x.de, a@RR.de and @RR", []),
        ("retention-rate, pre-retention rate and rate-based", []),
        ("the retention\n  rate fell, rate too", ["[[rate]]"]),
        ("the retention\r\n  rate fell", []),
        ("a retention\n\n  rate - RR", ["[[rate]]", "[[RR]]"]),
        ("the (RR) - rate, RR-", ["[[RR]]", "[[rate]]", "[[RR]]"]),
    ],
)
def test_a_part_of_a_longer_word_is_no_link(
    vault: Path, capsys: pytest.CaptureFixture[str], text: str, linked: list[str]
) -> None:
    (vault / "pages/Rate.md").write_text("page-type:: [[metric]]")
    (vault / "pages/Retention rate.md").write_text("page-type:: [[metric]]\nalias:: RR")
    (vault / "pages/Trial.md").write_bytes(f"page-type:: [[experiment]]\n\n- About {text}.\n".encode())
    assert graphkit(vault, "--select", "W416", "--suggest-links", "--format", "json") == 0
    hints = [finding["hint"] for finding in json.loads(capsys.readouterr().out)["findings"]]
    assert hints == [f"write {link}" for link in linked]
