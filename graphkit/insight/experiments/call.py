"""The call on an experiment: one sentence that says what to do, with its reasons. It proposes a result, no more.

Decided where the specification is silent:

- Guardrails are asked before a treatment ships: harm forbids it, a margin inside which it is not shown to be safe
  leaves it open. A treatment that wins while its test runs may ship, since the sequential interval allows it.
- Without a difference the interval inside ±`mde` means *no difference worth having*; missing units mean *keep running*;
  a sample that was large enough means *do not ship*; without `mde::` nobody can tell.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from graphkit.insight.experiments.ab_readout import Outcome, Planned
from graphkit.insight.experiments.readout_words import (
    change_text,
    interval_text,
    p_text,
    planned_words,
    verdict_words,
)
from graphkit.insight.statistics.comparison import Comparison
from graphkit.insight.statistics.margins import Harm
from graphkit.insight.statistics.values import NotComputable
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from graphkit.insight.experiments.ab_readout import ResultReadout, Verdict


_LONGEST_DAYS: Final = 365
"""A test that is over does not go on for longer than this."""


class Decision(StrEnum):
    """The decision about an experiment."""

    SHIP = "ship"
    DO_NOT_SHIP = "do not ship"
    KEEP_RUNNING = "keep running"
    NO_DIFFERENCE = "no difference worth having"
    CANNOT_TELL = "cannot be told"


class Call(Record, frozen=True, kw_only=True):
    """The call and why."""

    decision: Decision
    sentence: str
    reasons: tuple[str, ...] = ()
    variant: str = ""
    """The treatment to ship."""
    until: date | None = None
    """The day until which to keep running, where one is known."""
    proposed: str = ""
    """The `result::` to write; empty while nothing is decided."""


class PageReadout(Record, frozen=True, kw_only=True):
    """All results of an experiment's page, and the call."""

    call: Call
    results: tuple[ResultReadout, ...]
    warnings: tuple[tuple[str, ...], ...]
    """Of each result."""


def make_call(results: Sequence[ResultReadout]) -> Call:
    """The call from all results of an experiment: the primary one decides, guardrails may forbid."""
    primary = next((result for result in results if result.role == "primary"), None)
    if primary is None:
        return _cannot("no table of the primary metric can be read")
    broken = next((result for result in results if result.mismatch), None)
    if broken is not None and not isinstance(broken.ratio, NotComputable):
        what = f" of {broken.metric}" if broken.metric else ""
        return _cannot(f"the arms' sizes{what} do not match the split ({p_text(broken.ratio.p_value)})")
    guardrails = [result for result in results if result.role == "guardrail"]
    harmed = _harmed(guardrails)
    winners = sorted(_with(primary, Outcome.BETTER), key=lambda item: _size(item, primary), reverse=True)
    allowed = [verdict for verdict in winners if verdict.name.lower() not in harmed]
    if allowed:
        return _ship(primary, allowed[0], guardrails)
    if winners:
        return _no(primary, winners[0], harmed[winners[0].name.lower()])
    lost = [*_with(primary, Outcome.WORSE), *_with(primary, Outcome.DIFFERENT)]
    if lost and len(lost) == len(primary.verdicts):
        return _no(primary, lost[0])
    open_ones = [verdict for verdict in primary.verdicts if verdict not in lost]
    if not primary.over and harmed and all(verdict.name.lower() in harmed for verdict in open_ones):
        return _no(primary, open_ones[0], harmed[open_ones[0].name.lower()])
    return _undecided(primary, open_ones)


def _cannot(reason: str, *reasons: str) -> Call:
    return Call(decision=Decision.CANNOT_TELL, sentence=f"Cannot tell: {reason}.", reasons=reasons)


def _with(result: ResultReadout, outcome: Outcome) -> list[Verdict]:
    return [verdict for verdict in result.verdicts if verdict.outcome is outcome]


def _size(verdict: Verdict, result: ResultReadout) -> float:
    """How much better a treatment is, for choosing among winners."""
    compared = verdict.comparison
    if not isinstance(compared, Comparison):
        return 0.0
    return -compared.difference if result.wanted == "down" else compared.difference


def _harmed(guardrails: Sequence[ResultReadout]) -> dict[str, str]:
    """The treatments that a guardrail forbids, in lower case, with the reason."""
    found: dict[str, str] = {}
    for result in guardrails:
        for verdict in result.verdicts:
            if verdict.harm in {Harm.HARMED, Harm.WORSE}:
                found.setdefault(verdict.name.lower(), f"{_metric(result)}: {verdict_words(result, verdict)}")
    return found


def _metric(result: ResultReadout) -> str:
    return result.metric or "the result"


def _measured(result: ResultReadout, verdict: Verdict) -> str:
    """`Trial conversion +14.9% (+1.3% to +30.3%, p = 0.031)`."""
    compared = verdict.comparison
    if not isinstance(compared, Comparison) or verdict.interval is None:
        return _metric(result)
    value = compared.difference if compared.no_lift else compared.lift
    shown = "" if value is None else f" {change_text(compared, value, result.facts.unit)}"
    interval = interval_text(compared, verdict.interval, result.facts.unit)
    p_value = "" if result.sequential else f", {p_text(compared.p_value)}"
    return f"{_metric(result)}{shown} ({interval}{p_value})"


def _ship(primary: ResultReadout, verdict: Verdict, guardrails: Sequence[ResultReadout]) -> Call:
    unclear = [
        f"{_metric(result)}: {verdict_words(result, found)}"
        for result in guardrails
        for found in result.verdicts
        if found.name.lower() == verdict.name.lower() and _is_open(found)
    ]
    measured = _measured(primary, verdict)
    if unclear:
        return _cannot(f"“{verdict.name}” is better ({measured}), but {unclear[0]}", *unclear[1:])
    checked = [
        f"{_metric(result)}: {verdict_words(result, found)}"
        for result in guardrails
        for found in result.verdicts
        if found.name.lower() == verdict.name.lower()
    ]
    return Call(
        decision=Decision.SHIP,
        sentence=f"Ship “{verdict.name}”: {measured}.",
        reasons=tuple(checked),
        variant=verdict.name,
        proposed="won",
    )


def _is_open(found: Verdict) -> bool:
    """A guardrail that asks for a margin and has no verdict, or is unclear."""
    return found.harm is Harm.UNCLEAR or (found.harm is None and found.margin is not None)


def _no(primary: ResultReadout, verdict: Verdict, harm: str = "") -> Call:
    measured = _measured(primary, verdict)
    if harm:
        return Call(
            decision=Decision.DO_NOT_SHIP, sentence=f"Do not ship “{verdict.name}”: {harm}.", reasons=(measured,),
            proposed="lost",
        )  # fmt: skip
    which = f"“{verdict.name}” is {verdict.outcome}" if len(primary.verdicts) == 1 else "every treatment is worse"
    return Call(decision=Decision.DO_NOT_SHIP, sentence=f"Do not ship: {which}, {measured}.", proposed="lost")


def _undecided(primary: ResultReadout, open_ones: Sequence[Verdict]) -> Call:
    """The call where no treatment has won and one may still."""
    words = tuple(verdict_words(primary, verdict) for verdict in primary.verdicts)
    if all(_inside(verdict) for verdict in open_ones):
        planned = next(item.planned for item in open_ones if isinstance(item.planned, Planned))
        sentence = (
            f"No difference worth having: {_measured(primary, open_ones[0])} is inside ±{100 * planned.effect:.3g}%."
        )
        return Call(decision=Decision.NO_DIFFERENCE, sentence=sentence, reasons=words, proposed="inconclusive")
    stuck = next((verdict for verdict in open_ones if verdict.outcome is Outcome.NOT_COMPUTED), None)
    if stuck is not None:
        return _cannot(verdict_words(primary, stuck))
    lacking = [item.planned for item in open_ones if isinstance(item.planned, Planned) and not item.planned.enough]
    if not primary.over or (lacking and not primary.state.decided and not _with(primary, Outcome.TOO_FEW)):
        return _keep_running(primary, open_ones, lacking, words)
    few = next((verdict for verdict in open_ones if verdict.outcome in {Outcome.TOO_FEW, Outcome.TOO_EARLY}), None)
    if few is not None:
        return _cannot(verdict_words(primary, few))
    if lacking:
        return _cannot(f"no difference is shown, {_measured(primary, open_ones[0])}, with too small a sample", *words)
    if any(verdict.planned is None or isinstance(verdict.planned, NotComputable) for verdict in open_ones):
        return _cannot(
            f"no difference is shown, {_measured(primary, open_ones[0])}, and no mde:: sets the size that matters",
            *words,
        )
    shown = _measured(primary, open_ones[0])
    return Call(
        decision=Decision.DO_NOT_SHIP,
        sentence=f"Do not ship: the planned sample shows no difference, {shown}.",
        reasons=words,
        proposed="inconclusive",
    )


def _inside(verdict: Verdict) -> bool:
    """The interval lies inside ±mde."""
    compared, planned, interval = verdict.comparison, verdict.planned, verdict.interval
    if verdict.outcome is not Outcome.NO_DIFFERENCE or not isinstance(planned, Planned) or interval is None:
        return False
    effect = planned.effect
    if isinstance(compared, Comparison) and compared.no_lift:
        effect *= compared.control.mean
    return -effect < interval.low and interval.high < effect


def _keep_running(
    primary: ResultReadout, open_ones: Sequence[Verdict], lacking: Sequence[Planned], words: tuple[str, ...]
) -> Call:
    most = max(lacking, key=lambda item: item.missing_control + item.missing_treatment, default=None)
    if primary.over and most is not None and most.days is not None and most.days > _LONGEST_DAYS:
        shown = _measured(primary, open_ones[0])
        return _cannot(
            f"no difference is shown, {shown}, and it would take {most.days:,} more days at this pace", *words
        )
    until = primary.facts.stop if not primary.over else None
    more = ""
    if most is not None:
        of = next(verdict for verdict in open_ones if verdict.planned is most)
        more = planned_words(most, primary.control, of.name)
        if most.days is not None:
            needed = (primary.facts.day or primary.state.today) + timedelta(days=most.days)
            until = max(until, needed) if until else needed
    day = f" until {until.isoformat()}" if until else ""
    reason = more or verdict_words(primary, open_ones[0])
    return Call(decision=Decision.KEEP_RUNNING, sentence=f"Keep running{day}: {reason}.", reasons=words, until=until)
