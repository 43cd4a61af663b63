"""The numbers on the pages are those of `--json`: the same records, and the same figures in the cells."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from report_sites import DAY, Elements, sample_folder, sample_records, sample_site, sample_vault

from graphkit.app.reading.name_lookup import Filters
from graphkit.app.results.encode import encode
from graphkit.app.results.reports import DetailReport
from graphkit.cli.main import run
from graphkit.report.html_templates import chance_text, count_text, short_day, signed_percent
from graphkit.report.page_links import experiment_key, key_of
from graphkit.report.report_records import gather

RECORDS = sample_records()
NAMES = list(RECORDS.details)


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:  # noqa: ANN401 - a document
    code = run(["-g", str(sample_folder()), "--as-of", DAY.isoformat(), *arguments, "--json"])
    assert code == 0
    return json.loads(capsys.readouterr().out)


def plain(record: object) -> Any:  # noqa: ANN401 - a document
    return json.loads(encode(record))


def test_the_rows_are_those_of_status(capsys: pytest.CaptureFixture[str]) -> None:
    assert plain(RECORDS.status) == said(capsys, "status")


def test_the_details_are_those_of_status_with_names(capsys: pytest.CaptureFixture[str]) -> None:
    document = said(capsys, "status", *(detail.experiment.title for detail in RECORDS.details.values()))
    report = DetailReport(vault=RECORDS.status.vault, as_of=DAY, experiments=tuple(RECORDS.details.values()))
    assert plain(report) == document


def test_the_forecasts_are_those_of_forecast(capsys: pytest.CaptureFixture[str]) -> None:
    assert plain(RECORDS.forecast) == said(capsys, "forecast")


@pytest.mark.parametrize("name", NAMES)
def test_the_burn_up_of_an_experiment_is_that_of_burnup(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    title = RECORDS.details[name].experiment.title
    assert plain(RECORDS.burnups[name]) == said(capsys, "burnup", title)


def test_the_burn_up_of_all_is_that_of_burnup(capsys: pytest.CaptureFixture[str]) -> None:
    assert plain(RECORDS.burnup) == said(capsys, "burnup", "--by", "week")


def test_goals_and_strategies_are_those_of_their_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert plain(RECORDS.goals) == said(capsys, "goals")
    assert plain(RECORDS.strategies) == said(capsys, "strategies")


@pytest.mark.parametrize("name", list(RECORDS.metrics))
def test_a_metric_is_that_of_metrics(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert plain(RECORDS.metrics[name]) == said(capsys, "metrics", RECORDS.metrics[name].metric.title)


@pytest.mark.parametrize("name", [name for name in NAMES if RECORDS.details[name].results])
def test_a_readout_is_that_of_readout(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    detail = RECORDS.details[name]
    document = said(capsys, "readout", detail.experiment.title)
    own = plain(DetailReport(vault="", as_of=DAY, experiments=(detail,)))["experiments"][0]
    assert own["results"] == document["results"]
    assert own["call"] == document["call"]


@pytest.mark.parametrize("name", NAMES)
def test_a_row_of_the_overview_shows_the_figures(name: str) -> None:
    row = RECORDS.details[name].experiment
    fragment = sample_site().page("overview").fragments[f"row-{experiment_key(name)}"]
    text = Elements(fragment).text
    assert row.title in text
    assert row.progress.text in text
    assert row.progress.percent is None or f"{row.progress.percent}%" in text
    forecast = RECORDS.forecasts.get(name)
    if forecast is not None and forecast.forecast.p50 is not None:
        assert re.search(f"{short_day(forecast.forecast.p50)} .*{short_day(forecast.forecast.p85)}", text)
        if forecast.forecast.chance is not None:
            assert f"{chance_text(forecast.forecast.chance)} by due date" in text
    if row.due is not None:
        assert f'datetime="{row.due.isoformat()}"' in fragment
    primary = next((metric for metric in row.metrics if metric.how == "primary"), None)
    if primary is not None:
        assert (primary.text or "–") in text
        assert RECORDS.metrics[primary.name].metric.target_text in text
    assert (row.result or row.health or "") in text


@pytest.mark.parametrize("name", NAMES)
def test_a_page_of_an_experiment_shows_the_figures(name: str) -> None:
    detail = RECORDS.details[name]
    page = sample_site().page(experiment_key(name))
    elements = Elements(page.body)
    text = elements.text
    for task in detail.tasks:
        assert task.text in text
        assert f":{task.line}" in text
        assert task.progress is None or task.progress.text in text
    assert detail.call is None or detail.call.sentence in text
    for result in detail.results:
        for arm in result.arms:
            assert count_text(arm.n) in text
            assert count_text(arm.conversions) in text
        for verdict in result.comparisons:
            assert verdict.interval_text in text
            assert signed_percent(verdict.lift) in text
            assert (
                verdict.chance_to_win is None
                or f"Chance to win {chance_text(verdict.chance_to_win)}" in text
                or (detail.call is not None and verdict.words in detail.call.reasons)
            )
    report = RECORDS.burnups[name]
    if report.points:
        last = report.points[-1]
        assert f"{last.done:g} of {last.scope:g}" in text
    for metric in detail.experiment.metrics:
        if metric.how != "mention":
            assert metric.title in text
            assert metric.text in text


def test_goals_metrics_and_the_programme_show_the_figures() -> None:
    site = sample_site()
    for goal in RECORDS.goals.goals:
        text = Elements(site.page("goals").fragments[f"goal-{key_of(goal.name)}"]).text
        assert goal.progress.text in text
        assert goal.score is None or f"score {100 * goal.score:.0f}%" in text
    metrics = site.page("metrics")
    for detail in RECORDS.metrics.values():
        text = Elements(metrics.fragments[f"metric-{key_of(detail.metric.name)}"]).text
        for shown in (detail.metric.title, detail.metric.text, detail.metric.target_text if detail.points else ""):
            assert shown in text
    programme = RECORDS.programme
    text = Elements(site.page("programme").body).text
    assert f"{100 * (programme.win_rate or 0):.0f}%" in text
    assert (programme.won, programme.lost, programme.inconclusive, programme.dnf) == (1, 1, 2, 1)
    for rate in RECORDS.forecast.hit_rates:
        assert f"{rate.came_true} of {rate.forecasts}" in text


def test_filters_keep_the_same_rows_as_status(capsys: pytest.CaptureFixture[str]) -> None:
    records = gather(sample_vault(), Filters(goals=("Earn repeat purchases",), owners=("Priya",)))
    document = said(capsys, "status", "--goal", "Earn repeat purchases", "--owner", "Priya")
    assert plain(records.status) == document
    assert list(records.details) == [row["name"] for row in document["experiments"]]
    assert {goal.title for goal in records.goals.goals} >= {"Earn repeat purchases"}
