"""Metrics, strategies and goals of whole vaults: the seeds, the sample, small ones written here."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from shared_material import ROOT, SHARED, needs_shared

from graphkit.app.failures import RequestError
from graphkit.app.load import load
from graphkit.app.reading.goals import report_goals
from graphkit.app.reading.graph import build_session_graph
from graphkit.app.reading.metrics import metric_findings, report_candidates, report_metric, report_metrics
from graphkit.app.reading.name_lookup import Filters
from graphkit.app.reading.next import report_next
from graphkit.app.reading.status import report_status
from graphkit.app.reading.strategies import report_strategies
from graphkit.app.reading.vault_metrics import open_vault_metrics
from graphkit.app.writing.new import candidate_values
from graphkit.cli.look.goals_screen import goals_screen
from graphkit.cli.measure.metrics_screen import metrics_screen
from graphkit.cli.terminal.canvas import Surface, line_text

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit.app.vault import Vault

AS_OF = date(2026, 3, 2)
EXPERIMENT = "Customer retention"
METRIC_PAGES = {
    "Retention rate": "page-type:: [[metric]]\nalias:: customer retention rate\n",
    "Repeat purchase rate": "page-type:: [[metric]]\nalias:: repeat purchase metrics\n",
    "Net Promoter Score": "page-type:: [[metric]]\nalias:: NPS\n",
}


def vault(root: Path, pages: dict[str, str]) -> Vault:
    (root / "logseq").mkdir()
    (root / "logseq" / "config.edn").write_text("{:file/name-format :triple-lowbar}", encoding="utf-8")
    for title, text in pages.items():
        folder = root / ("journals" if title[0].isdigit() else "pages")
        folder.mkdir(exist_ok=True)
        (folder / f"{title}.md").write_text(text, encoding="utf-8")
    return load(root, as_of=AS_OF)


def seeds() -> dict[str, str]:
    return {
        EXPERIMENT: (SHARED / "seeds" / "000_695c8fbf29686500.txt").read_text(encoding="utf-8"),
        "Strategies": (SHARED / "seeds" / "001_070152b3e11abac2.txt").read_text(encoding="utf-8"),
    }


@pytest.fixture(scope="module")
def sample() -> Vault:
    return load(ROOT / "sample_graph", as_of=AS_OF)


@needs_shared
def test_the_seeds_alone(tmp_path: Path) -> None:
    session = vault(tmp_path, seeds())
    (row,) = report_status(session, Filters()).experiments
    assert [(metric.title, metric.how, metric.declared) for metric in row.metrics] == [
        ("retention rate", "mention", False)
    ]
    report = report_strategies(session)
    assert (len(report.strategies), report.key_metrics, report.declared, len(report.initiatives)) == (3, 6, 0, 3)
    first = report.strategies[0]
    assert [(use.experiment, use.how) for use in first.experiments] == [(EXPERIMENT, "metric")]
    assert (first.expectations[0].low, first.expectations[0].high, first.expectations[0].subject) == (
        0.1, 0.15, "retention",
    )  # fmt: skip
    assert first.expectations[0].expected == "10–15% improvement in retention"
    assert {row.title for row in report_candidates(session).candidates} >= {
        "churn rate",
        "customer lifetime value",
        "customer retention rate",
        "repeat purchase rate",
        "Net Promoter Score",
    }


@needs_shared
def test_the_seeds_with_three_metric_pages(tmp_path: Path) -> None:
    session = vault(tmp_path, seeds() | METRIC_PAGES)
    (row,) = report_status(session, Filters()).experiments
    assert {(metric.title, metric.how, metric.declared) for metric in row.metrics} == {
        (title, "mention", True) for title in METRIC_PAGES
    }
    report = report_strategies(session)
    assert (len(report.strategies), report.key_metrics, report.declared, len(report.initiatives)) == (3, 6, 2, 3)
    uses = {row.title: [use.experiment for use in row.experiments] for row in report_metrics(session).metrics}
    assert all(uses[title] == [EXPERIMENT] for title in METRIC_PAGES)
    graph = build_session_graph(session)
    experiment, metric = f"experiment:{EXPERIMENT.lower()}", "metric:retention rate"
    strategy = "strategy:strategies#enhanced customer service"
    assert graph.has_edge(experiment, "goal:improve customer retention")
    assert [data["how"] for data in graph.get_edge_data(experiment, metric).values()] == ["mention"]
    assert [data["how"] for data in graph.get_edge_data(strategy, metric).values()] == ["key-metric"]
    assert "page:retention rate" not in graph


def test_the_strongest_tie_to_a_metric_counts(tmp_path: Path) -> None:
    page = (
        "page-type:: [[experiment]]\nprimary:: [[A rate]]\nguardrails:: B rate\n\n"
        "- a rate and [[B rate]] and [[C rate]] and D rates, `E rate`\n"
        "  #metric [[F rate]] 4%\n"
        "- ### Result\n  guardrails:: [[G rate]]\n"
        "- x\n  graphkit:: status\n\t- H rate [[H rate]]\n"
    )
    pages = {f"{letter} rate": "page-type:: [[metric]]\n" for letter in "ABCDEFGH"}
    session = vault(tmp_path, {"Exp": page, **pages})
    found = open_vault_metrics(session).measures(next(iter(session.catalog.of_type({"experiment"}))))
    assert {(item.metric.title[0], item.how, item.line) for item in found} == {
        ("A", "primary", 2), ("B", "guardrail", 3), ("C", "linked", 5), ("D", "mention", 5), ("F", "linked", 6),
        ("G", "guardrail", 8),
    }  # fmt: skip
    assert [item.how for item in found] == ["primary", "guardrail", "guardrail", "linked", "linked", "mention"]


def test_a_fence_left_open_in_one_block_hides_no_mention_in_another(tmp_path: Path) -> None:
    page = "page-type:: [[experiment]]\n\n- ~~~\n- the a rate\n- ```\n"
    session = vault(tmp_path, {"Exp": page, "A rate": "page-type:: metric\n"})
    found = open_vault_metrics(session).measures(next(iter(session.catalog.of_type({"experiment"}))))
    assert [(item.metric.title, item.line) for item in found] == [("A rate", 4)]


STRATEGY_PAGE = (
    "| Strategy | Key Metrics | Expected Impact |\n|--|--|--|\n"
    "| One | A rate | 10–20% more A |\n| Two, three | B time; C rates | 2h less B time |\n"
)


@pytest.mark.parametrize(
    ("properties", "rows", "codes"),
    [
        ("strategy:: [[Plans]]\nrow:: One\n", ["One"], []),
        ("strategy:: [[Plans]]\nrow:: Two, three\n", ["Two, three"], []),
        ("strategy:: [[Plans]]\nrow:: \\*One\\*\n", [], ["W414"]),
        ("strategy:: [[Plans]]\nrow:: **One**\n", ["One"], []),
        ("strategy:: [[Plans]]\n", ["One", "Two, three"], []),
        ("strategy:: [[One]]\n", ["One"], []),
        ("strategy:: [[Plans]]\nrow:: Four\n", [], ["W414"]),
        ("strategy:: [[Elsewhere]]\n", [], []),
    ],
)
def test_what_an_experiment_tests(tmp_path: Path, properties: str, rows: list[str], codes: list[str]) -> None:
    session = vault(tmp_path, {"Plans": STRATEGY_PAGE, "Exp": f"page-type:: [[experiment]]\n{properties}\n- x\n"})
    vault_metrics = open_vault_metrics(session)
    tests, findings = vault_metrics.table.tests(next(iter(session.catalog.of_type({"experiment"}))))
    assert ([test.strategy.title for test in tests], [finding.code for finding in findings]) == (rows, codes)


@pytest.mark.parametrize(
    ("text", "hows"),
    [
        ("we try [[one]]", {"linked"}),
        ("we try [this]([[One]]) and One", {"linked"}),
        ("we try #One", {"linked"}),
        ("we try one", {"mention"}),
        ("we try `[[One]]`", set()),
        ("we read [[Plans]]", set()),
    ],
)
def test_a_link_to_a_row_s_name_tests_it(tmp_path: Path, text: str, hows: set[str]) -> None:
    page = f"page-type:: [[experiment]]\n\n- {text}\n"
    graph = build_session_graph(vault(tmp_path, {"Plans": STRATEGY_PAGE, "Exp": page}))
    edges = graph.out_edges("experiment:exp", data=True)
    assert {data["how"] for _, node, data in edges if node == "strategy:plans#one"} == hows


@pytest.mark.parametrize("link", ["[[A rate]]", "[the rates]([[A rate]])", "#[[A rate]]", "**[[a rate]]**"])
def test_a_written_link_measures_whatever_it_shows(tmp_path: Path, link: str) -> None:
    pages = {"A rate": "page-type:: metric\n", "Exp": f"page-type:: [[experiment]]\n\n- x {link}\n"}
    session = vault(tmp_path, pages)
    found = open_vault_metrics(session).measures(next(iter(session.catalog.of_type({"experiment"}))))
    assert [(item.metric.title, item.how, item.line) for item in found] == [("A rate", "linked", 3)]


def test_status_groups_by_the_strongest_tie_that_strategies_shows(tmp_path: Path) -> None:
    experiments = {
        "Tests": "strategy:: [[Plans]]\nrow:: One\nmetrics:: [[C rates]]\n\n- x\n",
        "Measures": "metrics:: [[C rates]]\n\n- One and two, three in words\n",
        "Names": "\n\n- One in words\n",
        "Other": "strategy:: [[elsewhere]]\n\n- x\n",
        "Nothing": "\n\n- x\n",
    }
    pages = {title: f"page-type:: [[experiment]]\n{text}" for title, text in experiments.items()}
    session = vault(tmp_path, {"Plans": STRATEGY_PAGE, "Elsewhere page": "alias:: elsewhere\n", **pages})
    uses = {row.title: row.experiments for row in report_strategies(session).strategies}
    assert {title: [(use.experiment, use.how, use.further) for use in found] for title, found in uses.items()} == {
        "One": [("Tests", "tests", ()), ("Measures", "mention", ()), ("Names", "mention", ())],
        "Two, three": [("Measures", "metric", ("mention",)), ("Tests", "metric", ())],
    }
    rows = report_status(session, Filters()).experiments
    assert {row.title: row.strategies for row in rows} == {
        "Tests": ("One",),
        "Measures": ("Two, three",),
        "Names": ("One",),
        "Other": ("Elsewhere page",),
        "Nothing": (),
    }


@pytest.mark.parametrize(
    ("a", "b", "outcomes"),
    [
        ("11%", "3h", ["reached", "reached"]),
        ("10.5%", "4h", ["on the way", "on the way"]),
        ("9%", "6h", ["the other way", "the other way"]),
        ("10%", "5h", ["no change", "no change"]),
    ],
)
def test_expected_against_observed(tmp_path: Path, a: str, b: str, outcomes: list[str]) -> None:
    session = vault(
        tmp_path,
        {
            "Plans": STRATEGY_PAGE,
            "A rate": "page-type:: [[metric]]\nunit:: %\nbaseline:: 10%\n",
            "B time": "page-type:: [[metric]]\nunit:: h\nbaseline:: 5h\n",
            "2026_03_01": f"- #metric [[A rate]] {a}\n- #metric [[B time]] {b}\n",
        },
    )
    found = [item.outcome for row in report_strategies(session).strategies for item in row.expectations]
    assert found == outcomes


@pytest.mark.parametrize(
    ("properties", "values", "promise", "outcome"),
    [
        ("unit:: %\ndirection:: down\n", ("5%", "4.4%"), "10% improvement in M", "reached"),
        ("unit:: %\ndirection:: down\n", ("5%", "5.5%"), "10% improvement in M", "the other way"),
        ("unit:: %\ndirection:: up\n", ("5%", "5.5%"), "10% improvement in M", "reached"),
        ("unit:: %\ntarget:: 4%\n", ("5%", "4.4%"), "better M", "reached"),
        ("unit:: h\ndirection:: down\n", ("6h", "4h"), "20–30% faster M", "reached"),
        ("unit:: h\ndirection:: down\n", ("6h", "4h"), "M 1–2h faster", "reached"),
        ("unit:: h\n", ("6h", "4h"), "faster M", None),
        ("unit:: %\ndirection:: hold\n", ("6%", "4%"), "improved M", None),
        ("unit:: %\ndirection:: down\n", ("5%", "5.5%"), "10% more M", "reached"),
        ("unit:: €\n", ("€100", "€112"), "double M", "on the way"),
        ("unit:: €\n", ("€100", "€200"), "double M", "reached"),
        ("unit:: €\n", ("€100", "€60"), "halve M", "on the way"),
        ("unit:: €\n", ("€100", "€50"), "halve M", "reached"),
        ("unit:: €\n", ("€100", "€50"), "2x less M", "reached"),
    ],
)
def test_a_promise_is_held_against_what_better_means_for_the_metric(
    tmp_path: Path, properties: str, values: tuple[str, str], promise: str, outcome: str | None
) -> None:
    session = vault(
        tmp_path,
        {
            "Plans": f"| Strategy | Key Metrics | Expected Impact |\n|--|--|--|\n| One | M | {promise} |\n",
            "M": f"page-type:: [[metric]]\nbaseline:: {values[0]}\n{properties}",
            "2026_03_01": f"- #metric [[M]] {values[1]}\n",
        },
    )
    (row,) = report_strategies(session).strategies
    assert [item.outcome for item in row.expectations] == [outcome]


def test_findings_of_tables_and_names(tmp_path: Path) -> None:
    page = "| Strategy | Key Metrics |\n|--|--|\n| One | C rates | more |\n"
    session = vault(tmp_path, {"Plans": page, "C rate": "page-type:: [[metric]]\ndata:: ../../x.csv\n"})
    assert sorted((finding.code, finding.path, finding.line) for finding in metric_findings(session)) == [
        ("W411", "pages/C rate.md", 2),
        ("W415", "pages/Plans.md", 3),
        ("W417", "pages/Plans.md", 3),
    ]


def test_the_sample_tells_its_story(sample: Vault) -> None:
    rows = {row.title: row for row in report_metrics(sample).metrics}
    assert round(rows["Retention rate"].score or 0, 3) == 0.457
    assert round(rows["Churn rate"].score or 0, 3) == 0.45
    assert rows["Engagement rate"].freshness == "missing"
    assert [title for title, row in rows.items() if row.guard_holds is False] == ["Checkout error rate"]
    unclear = {title: row.guard_needed for title, row in rows.items() if row.guard_needed is not None}
    assert list(unclear) == ["Notification opt-out rate"]  # beyond its guard, but not by more than chance
    assert rows["Average order value"].observations == 10
    outcomes = {row.title: [item.outcome for item in row.expectations] for row in report_strategies(sample).strategies}
    assert outcomes == {
        "Proactive care": ["reached"],
        "Loyalty points": ["on the way"],
        "Personal plans": [None],
        "Honest exits": ["reached"],
        "Answers before questions": [None],
        "One good answer": ["reached"],
    }


def test_goals_with_and_without_work(sample: Vault, tmp_path: Path) -> None:
    report = report_goals(sample)
    assert [goal.title for goal in report.goals if not goal.experiments] == ["Open the German shop"]
    assert report.without_goal == ()
    retention = next(goal for goal in report.goals if goal.title == "Improve customer retention")
    assert [metric.title for metric in retention.metrics] == ["Retention rate", "Churn rate", "Net Promoter Score"]
    assert round(retention.score or 0, 3) == 0.386
    two = {
        "One": "page-type:: experiment\n\n- #goal [[G]]\n- ### Work\n\t- DONE a\n\t- TODO [[Two]]\n",
        "Two": "page-type:: experiment\n\n- #goal [[g]]\n- ### Work\n\t- DONE b\n\t- TODO c\n",
        "Three": "page-type:: experiment\n\n- TODO d\n",
    }
    small = report_goals(vault(tmp_path, two))
    assert [(goal.title, goal.progress.text, len(goal.experiments)) for goal in small.goals] == [("G", "[2/3]", 2)]
    assert [item.title for item in small.without_goal] == ["Three"]
    with pytest.raises(RequestError):
        report_goals(sample, ["Nothing like it"])


def test_the_score_of_a_goal_goes_by_what_its_experiments_name(tmp_path: Path) -> None:
    def metric(value: int) -> str:
        table = f"- ## Observations\n  | date | value |\n  |--|--|\n  | 2026-03-01 | {value} |\n"
        return f"page-type:: [[metric]]\nbaseline:: 0\ntarget:: 100\n\n{table}"

    pages = {
        "One": "page-type:: experiment\nprimary:: [[M1]]\nguardrails:: [[M3]]\n\n- #goal [[G]]\n- M4 in words\n",
        "Two": "page-type:: experiment\nmetrics:: M2\n\n- #goal [[G]] by [[M5]]\n",
        "Own": "page-type:: goal\nmetrics:: [[M4]]\n",
        "Three": "page-type:: experiment\nprimary:: [[M1]]\ngoal:: [[Own]]\n\n- x\n",
        **{f"M{number}": metric(number * 10) for number in range(1, 6)},
    }
    goals = {goal.title: goal for goal in report_goals(vault(tmp_path, pages)).goals}
    assert sorted(metric.title for metric in goals["G"].metrics) == ["M1", "M2", "M5"]
    assert round(goals["G"].score or 0, 3) == round((0.1 + 0.2 + 0.5) / 3, 3)
    shown = {item.title: [(metric.title, metric.how) for metric in item.metrics] for item in goals["G"].experiments}
    assert shown["One"] == [("M1", "primary"), ("M3", "guardrail"), ("M4", "mention")]
    assert ([metric.title for metric in goals["Own"].metrics], goals["Own"].score) == (["M4"], 0.4)
    lines = [line_text(line) for line in goals_screen(report_goals(load(tmp_path, as_of=AS_OF)), Surface())]
    assert "     M1 10 · guardrail M3 30 · ~M4 40" in lines
    assert lines[-1] == " ~ named in the text without a link"


def test_what_is_next(tmp_path: Path) -> None:
    pages = {
        "Exp": (
            "page-type:: experiment\nowner:: [[Ana]]\nprimary:: [[M]]\n\n"
            "- TODO parent\n\t- DOING a\n\t- TODO later\n\t  SCHEDULED: <2026-04-01 Wed>\n\t- WAITING w\n\t- DONE d\n"
        ),
        "Note": "- TODO urgent\n  DEADLINE: <2026-03-01 Sun>\n  owner:: [[Ben]]\n",
        "Done": "page-type:: experiment\nstatus:: archived\n\n- TODO never\n",
        "Late": "page-type:: experiment\nstop-date:: 2026-02-01\nowner:: [[Ben]]\nstatus:: stopped\n\n- DONE x\n",
    }
    session = vault(tmp_path, pages)
    report = report_next(session)
    assert [task.text for task in report.tasks] == ["urgent", "a"]
    assert [item.title for item in report.decisions] == ["Late"]
    assert [(item.title, item.freshness) for item in report.metrics] == [("M", "missing")]
    mine = report_next(session, owners=["ana"])
    assert ([task.text for task in mine.tasks], mine.decisions, len(mine.metrics)) == (["a"], (), 1)


def test_one_metric_by_name_alias_slug_or_beginning(sample: Vault) -> None:
    for name in ("retention rate", "customer retention rate", "retention-rate", "Reten"):
        assert report_metric(sample, name).metric.title == "Retention rate"
    with pytest.raises(RequestError):
        report_metric(sample, "no such thing")


def test_further_words_find_candidates_in_another_language(tmp_path: Path) -> None:
    notes = "- Der monatliche Umsatz und die Klickrate und der Umsatz je Kunde\n"
    session = vault(tmp_path, {"Notes": notes})
    assert report_candidates(session).candidates == ()
    (tmp_path / "graphkit.toml").write_text(
        '[candidates]\nmeasures = ["Umsatz"]\nstop_words = ["Der", "und", "je"]\n', encoding="utf-8"
    )
    found = report_candidates(load(tmp_path, as_of=session.today)).candidates
    assert [row.title for row in found] == ["monatliche Umsatz", "Umsatz"]


def test_a_candidate_with_a_page_names_it_and_is_not_made_again(tmp_path: Path) -> None:
    pages = {"interest": "alias:: interest rate\n\n- x\n", "Churn rate": "page-type:: [[goal]]\n\n- x\n"}
    session = vault(tmp_path, {**pages, "Notes": "- the interest rate, the churn rate, the error rate\n"})
    found = report_candidates(session).candidates
    assert [(row.title, row.page) for row in found] == [("error rate", ""), ("interest rate", "pages/interest.md")]
    with pytest.raises(RequestError) as raised:
        candidate_values(session, "interest rate")
    assert raised.value.hint == "write page-type:: [[metric]] into its first line"


def test_a_page_made_from_a_candidate_keeps_every_name_it_had(tmp_path: Path) -> None:
    table = "- | Strategy | Key Metrics |\n  |--|--|\n  | Care | conversion rates |\n"
    session = vault(tmp_path, {"S": table, "Notes": "- the conversion rate (CR), the conversion rate\n"})
    assert candidate_values(session, "conversion rate") == {"title": "Conversion rate", "alias": "CR, conversion rates"}
    assert candidate_values(session, "conversion rate", "Orders per visit") == {
        "title": "Orders per visit",
        "alias": "conversion rate, CR, conversion rates",
    }


def test_candidates_of_the_sample_have_no_page(sample: Vault) -> None:
    declared = {row.title.lower() for row in report_metrics(sample).metrics if row.declared}
    assert not declared & {row.title.lower() for row in report_candidates(sample).candidates}


def test_an_owner_is_shown_by_the_title_of_the_page(tmp_path: Path) -> None:
    pages = {"Ana": "alias:: Ana Weber\n", "Users": "page-type:: [[metric]]\nowner:: [[Ana Weber]]\n"}
    pages["X"] = "page-type:: [[experiment]]\nstatus:: running\nprimary:: [[Users]]\n\n- TODO a"
    session = vault(tmp_path, pages)
    assert report_metric(session, "Users").metric.owners == ("Ana",)
    assert [item.owners for item in report_next(session).metrics] == [("Ana",)]


@pytest.mark.parametrize(
    ("value", "holds", "words"),
    [
        ("1.5% (n=200)", None, ">= 2% unclear, n 2,122 needed"),
        ("1.5% (n=20000)", False, ">= 2% breached"),
        ("1.5%", False, ">= 2% breached"),
        ("2.5% (n=200)", True, ">= 2%"),
    ],
)
def test_a_guard_is_breached_only_by_more_than_chance(
    tmp_path: Path, value: str, holds: bool | None, words: str
) -> None:
    pages = {
        "logseq/config.edn": "{}",
        "pages/Signups.md": "page-type:: [[metric]]\nunit:: %\nguard:: >= 2%\n",
        "journals/2026_03_01.md": f"- #metric [[Signups]] {value}\n",
    }
    for path, text in pages.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    report = report_metrics(load(tmp_path, as_of=date(2026, 3, 2)))
    (row,) = report.metrics
    assert row.guard_holds is holds
    lines = [line_text(line) for line in metrics_screen(report, Surface(width=160))]
    assert any(line.rstrip().endswith(words) or f"{words}  " in line for line in lines)
    assert ("guard breached" in lines[0]) is (holds is False)
