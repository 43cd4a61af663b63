"""The views `metric`, `strategy` and `readout`, and the metrics in `experiment`: exact text, and a second run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphkit.cli.main import run

if TYPE_CHECKING:
    from pathlib import Path

METRIC = (
    "page-type:: [[metric]]\nunit:: %\nbaseline:: 38% on 2026-01-01\ntarget:: 45% by 2026-06-30\nguard:: >= 44%\n\n"
    "- ### Observations\n\t- | date | value | n | segment |\n\t  |--|--|--|--|\n"
    "\t  | 2026-02-02 | 40% | 900 | |\n\t  | 2026-03-01 | 41.2% | 1200 | |\n\t  | 2026-03-05 | 50% | | |\n"
    "- ### Now\n  graphkit:: metric\n"
)
PLAN = (
    "- | Strategy | Key Metrics | Expected Impact |\n  |--|--|--|\n"
    "  | Care | Retention rate; Joy | 5â€“10% improvement in retention |\n- now\n  graphkit:: strategy\n"
)
TRIAL = (
    "page-type:: [[experiment]]\nprimary:: [[Retention rate]]\nstop-date:: 2026-03-10\n\n"
    "- ### Work\n\t- TODO one\n- ### Result\n  control:: old\n"
    "\t- | variant | n | conversions |\n\t  |--|--|--|\n\t  | old | 4000 | 400 |\n\t  | new | 4100 | 471 |\n"
    "- ### Progress\n  graphkit:: experiment\n- ### Readout\n  graphkit:: readout\n"
)


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GRAPHKIT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("GRAPHKIT_STATE_DIR", str(tmp_path / "state"))
    for name in ("GRAPHKIT_GRAPH", "GRAPHKIT_WRITER", "CI"):
        monkeypatch.delenv(name, raising=False)
    root = tmp_path / "vault"
    for path, text in {
        "logseq/config.edn": "{}",
        "pages/Retention rate.md": METRIC,
        "pages/Plan.md": PLAN,
        "pages/Trial.md": TRIAL,
    }.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text.encode())
    return root


def generated(root: Path, name: str, heading: str) -> list[str]:
    text = (root / f"pages/{name}.md").read_text(encoding="utf-8")
    below = text.partition(f"\n- {heading}\n")[2].split("\n")[1:]
    end = next((number for number, line in enumerate(below) if line.startswith("-")), len(below))
    return [line.removeprefix("\t") for line in below[:end] if line]


def rollup(root: Path, day: str = "2026-03-02") -> int:
    return run(["-g", str(root), "--as-of", day, "rollup"])


def test_a_metric_on_its_own_page(vault: Path) -> None:
    assert rollup(vault) == 0
    where = "41.2% on 2026-03-01 · target 45% by 2026-06-30 · ▰▰▰▰▱▱▱▱▱▱ 45% of the way from 38%"
    assert generated(vault, "Retention rate", "### Now") == [
        f"- {where} · breaches its guard >= 44%",
        "- | Date | Value | n | Segment | Source |",
        "  |--|--|--|--|--|",
        "  | 2026-03-01 | 41.2% | 1,200 | – | – |",
        "  | 2026-02-02 | 40% | 900 | – | – |",
        "- key metric of Care",
        "- [[Trial]] [0/1] ▱▱▱▱▱▱▱▱▱▱ · draft",
    ]


def test_a_guard_that_chance_may_explain_is_shown_and_not_called_breached(vault: Path) -> None:
    page = vault / "pages/Retention rate.md"
    page.write_bytes(page.read_bytes().replace(b"guard:: >= 44%", b"guard:: >= 42%"))
    assert rollup(vault) == 0
    assert generated(vault, "Retention rate", "### Now")[0] == (
        "- 41.2% on 2026-03-01 · target 45% by 2026-06-30 · ▰▰▰▰▱▱▱▱▱▱ 45% of the way from 38% · guard >= 42%"
    )
    assert generated(vault, "Plan", "now")[1] == "\t- [[Retention rate]] 41.2% on 2026-03-01 · ▰▰▰▰▱▱▱▱▱▱ 45%"


def test_strategies_on_their_page(vault: Path) -> None:
    assert rollup(vault) == 0
    assert generated(vault, "Plan", "now") == [
        "- Care",
        "\t- [[Retention rate]] 41.2% on 2026-03-01 · ▰▰▰▰▱▱▱▱▱▱ 45% · breaches its guard >= 44%",
        "\t- Joy no page yet",
        "\t- expected: 5–10% improvement in retention · reached, +8.42% so far",
        "\t- [[Trial]] [0/1] ▱▱▱▱▱▱▱▱▱▱ · draft",
    ]


def test_an_experiment_with_its_metrics_and_its_readout(vault: Path) -> None:
    assert rollup(vault, "2026-03-11") == 0
    assert generated(vault, "Trial", "### Progress")[-1] == (
        "- primary: [[Retention rate]] 50% on 2026-03-05 · ▰▰▰▰▰▰▰▰▰▰ 100% · target 45%"
    )
    assert generated(vault, "Trial", "### Readout") == [
        "- **Ship “new”: Retention rate +14.9% (+1.3% to +30.3%, p = 0.031).**",
        "- [[Retention rate]] stopped on 2026-03-10 · sample ratio p = 0.27",
        "\t- | Variant | n | Result | Lift | Interval | Chance to win | Risk |",
        "\t  |--|--|--|--|--|--|--|",
        "\t  | old (control) | 4,000 | 10% | – | – | – | – |",
        "\t  | new | 4,100 | 11.5% | +14.9% | +1.3% to +30.3% | 98.5% | 0.037% |",
        "\t- “new” is better than “old”",
        "\t- no split is given, so graphkit assumes an equal one",
    ]


def test_a_readout_never_takes_another_arm_for_the_control(vault: Path) -> None:
    (vault / "pages/Trial.md").write_text(TRIAL.replace("| old | 4000 |", "| old | ~4000 |"), encoding="utf-8")
    assert rollup(vault, "2026-03-11") == 0
    assert generated(vault, "Trial", "### Readout") == [
        "- **Cannot tell: not computed: the control's row cannot be read (“old”).**",
        "- [[Retention rate]] stopped on 2026-03-10",
        "\t- | Variant | n | Result | Lift | Interval | Chance to win | Risk |",
        "\t  |--|--|--|--|--|--|--|",
        "\t  | new | 4,100 | 11.5% | – | – | – | – |",
        "\t- not computed: the control's row cannot be read (“old”)",
    ]


def test_an_early_readout_says_so_with_an_absolute_day_and_does_not_change_by_the_day(vault: Path) -> None:
    assert rollup(vault, "2026-03-02") == 0
    read = generated(vault, "Trial", "### Readout")
    assert read[1] == "- [[Retention rate]] read before its stop date, 2026-03-10 · sample ratio p = 0.27"
    assert read[5] == "\t  | new | 4,100 | 11.5% | +14.9% | -5.6% to +39.7% | – | – |"
    assert rollup(vault, "2026-03-03") == 0
    assert generated(vault, "Trial", "### Readout") == read


def test_a_second_rollup_writes_nothing(vault: Path) -> None:
    assert rollup(vault) == 0
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in vault.rglob("*.md")}
    assert rollup(vault) == 0
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in vault.rglob("*.md")} == before


@pytest.mark.parametrize(
    "view", ['metric metric="Nothing"', "metric", 'strategy strategy="Nothing"', "readout", "metric limit=0"]
)
def test_a_view_that_names_nothing_says_so(vault: Path, capsys: pytest.CaptureFixture[str], view: str) -> None:
    (vault / "pages/Other.md").write_text(f"- x\n  graphkit:: {view}\n")
    assert rollup(vault) == 1
    assert "pages/Other.md:1: W60" in capsys.readouterr().err
