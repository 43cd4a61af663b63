"""Laws of readouts: any table and any numbers give a value, a reason or a finding, and words for it."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from graphkit.facts.results.result_cells import ArmNumbers, CellError, read_arm
from graphkit.facts.results.result_headers import result_words
from graphkit.facts.results.result_layout import Grid, GridRow, Layout, NoLayout, read_layout
from graphkit.facts.results.result_properties import Effect
from graphkit.facts.results.result_tables import ArmFact, ResultFacts
from graphkit.insight.experiments.ab_readout import Outcome, Planned, ResultReadout, RunState, read_result
from graphkit.insight.experiments.call import make_call
from graphkit.insight.experiments.readout_words import table_words, verdict_words, warnings
from graphkit.insight.statistics.comparison import Comparison
from graphkit.text.span import Span

TODAY = date(2026, 3, 2)
WORDS = result_words()
cells = st.sampled_from(
    [
        "variant", "n", "conversions", "rate", "rate (%)", "mean", "sd", "se", "metric", "date", "lift", "total",
        "control",
        "400/4000", "10%", "10% (n=40)", "4000", "400", "-3", "1,234", "1.234", "0.5", "~7", "", "abc", "Ångström", "¾",
        "1/0", "0/0", "5/4", "2026-03-01", "1e9", "∞", "9" * 400, "10–20%",
    ]
)  # fmt: skip


@given(st.integers(1, 5).flatmap(lambda wide: st.lists(st.tuples(*[cells] * wide), min_size=1, max_size=5)))
def test_any_table_is_laid_out_or_refused(lines: list[tuple[str, ...]]) -> None:
    header, *others = (GridRow(line, number) for number, line in enumerate(lines, 1))
    layout = read_layout(Grid(header, tuple(others)), WORDS)
    assert layout is None or isinstance(layout, Layout | NoLayout)
    for metric in layout.metrics if isinstance(layout, Layout) else ():
        for arm in metric.arms:
            try:
                numbers = read_arm(arm.texts, percent=metric.percent)
            except CellError:
                continue
            assert numbers.conversions is not None or numbers.mean is not None


counts = st.integers(-1, 3_000_000)
floats = st.floats(-1e6, 1e6) | st.floats()


@st.composite
def results(draw: st.DrawFn) -> ResultFacts:
    shares = draw(st.booleans())
    arms = []
    for number in range(draw(st.integers(0, 4))):
        n = draw(counts)
        if shares:
            numbers = ArmNumbers(n=n, conversions=min(draw(counts), n) if draw(st.booleans()) else draw(counts))
        elif draw(st.booleans()):
            numbers = ArmNumbers(n=n, mean=draw(floats), sd=draw(floats))
        else:
            numbers = ArmNumbers(n=draw(st.none() | counts), mean=draw(floats), se=draw(floats))
        arms.append(ArmFact(name=f"arm {number}", line=number + 1, numbers=numbers))
    effect = st.none() | st.builds(Effect, value=st.floats(1e-6, 3), relative=st.booleans())
    return ResultFacts(
        path="pages/X.md",
        line=1,
        span=Span(0, 1),
        arms=tuple(arms),
        rows=tuple(arm.name for arm in arms),
        shares=shares,
        control=draw(st.sampled_from(["arm 0", "arm 1", "other"])),
        stop=draw(st.sampled_from([None, date(2026, 3, 1), date(2026, 3, 9)])),
        day=draw(st.sampled_from([None, date(2026, 2, 1)])),
        effect=draw(effect),
        margin=draw(effect),
        sequential=draw(st.booleans()),
    )


@given(
    results(), st.lists(results(), max_size=2), st.sampled_from(["up", "down", "hold"]), st.booleans(), st.booleans()
)
def test_any_numbers_give_a_readout_with_words_and_a_call(
    facts: ResultFacts, others: list[ResultFacts], wanted: str, over: bool, decided: bool
) -> None:
    state = RunState(today=TODAY, over=over, decided=decided, start=date(2026, 1, 1))
    read = [read_result(facts, others, state=state, wanted=wanted)]  # type: ignore[arg-type]
    read += [read_result(item, state=state, role="guardrail", wanted=wanted) for item in others]  # type: ignore[arg-type]
    for result in read:
        assert all(map(str, (*table_words(result), *warnings(result))))
        for verdict in result.verdicts:
            assert "nan" not in verdict_words(result, verdict)
            check(result, verdict.comparison, verdict.outcome, verdict.planned)
    call = make_call(read)
    assert call.sentence.endswith(".")
    assert "nan" not in call.sentence


def check(result: ResultReadout, compared: object, outcome: Outcome, planned: object) -> None:
    """The verdict, the interval and the p-value of one treatment say the same."""
    if not isinstance(compared, Comparison):
        assert outcome is Outcome.NOT_COMPUTED
        return
    assert 0 <= compared.p_value <= 1
    assert not compared.interval.low > compared.interval.high
    if not result.sequential and not compared.shortages:
        decided = outcome in {Outcome.BETTER, Outcome.WORSE, Outcome.DIFFERENT}
        assert decided == compared.interval.excludes_zero
        if abs(compared.p_value - 0.05) > 1e-9:
            assert decided == (compared.p_value < 0.05)
    if isinstance(planned, Planned):
        assert planned.enough == (planned.missing_control == planned.missing_treatment == 0)
