"""`graphkit readout` as a screen and as tab-separated lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.cli.look.check_screen import finding_lines
from graphkit.cli.terminal.canvas import said
from graphkit.cli.terminal.cells import wrap
from graphkit.cli.terminal.forest import Bar, forest
from graphkit.cli.terminal.formats import Rows
from graphkit.cli.terminal.table import Column, table
from graphkit.insight.experiments.readout_words import p_text, percent
from graphkit.insight.metrics.metric_text import value_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphkit.app.results.readouts import ArmRow, CallRow, ReadoutReport, ResultRow, VerdictRow
    from graphkit.cli.terminal.canvas import Line, Role, Surface

READOUT_FIELDS = (
    "metric", "role", "variant", "control", "n", "conversions", "mean", "sd", "se", "lift", "low", "high", "scale",
    "interval", "level", "outcome", "harm", "margin", "chance_to_win", "risk", "p_value", "minimum_effect",
    "needed_control", "needed_treatment", "missing_control", "missing_treatment", "missing_days", "ratio_p_value",
    "words", "path", "line", "unit", "decision",
)  # fmt: skip
"""Fields of the tab-separated form. New ones are only added at the end."""
_WIDEST: Final = 100
_CALL_ROLES: Final[dict[str, Role]] = {
    "ship": "good",
    "do not ship": "bad",
    "keep running": "doing",
    "no difference worth having": "strong",
    "cannot be told": "warn",
}


def readout_screen(report: ReadoutReport, surface: Surface) -> list[Line]:
    """The recommendation, then each result: arms, lifts, intervals, verdict. No line is wider than the surface."""
    lines: list[Line] = [surface.cut_line(((" ", "plain"), (surface.show(report.experiment), "strong")), surface.width)]
    lines += call_lines(report.call, report.results, surface)
    for result in report.results:
        lines += [(), *result_lines(result, surface)]
    if report.findings:
        lines.append(())
        for finding in report.findings:
            lines += finding_lines(finding, surface, with_path=True)
    return surface.fit(lines)


def call_lines(call: CallRow, results: Sequence[ResultRow], surface: Surface) -> list[Line]:
    """The recommendation with the reasons that the results do not show, and the result that it proposes."""
    lines = _words(call.sentence, surface, _CALL_ROLES.get(call.decision, "strong"))
    below = {verdict.words for result in results for verdict in result.comparisons}
    for reason in call.reasons:
        if reason not in below:
            lines += _words(reason, surface, "plain")
    if call.proposed_result:
        lines += _words(f"to record this decision, write result:: {call.proposed_result}", surface, "muted")
    return lines


def result_lines(result: ResultRow, surface: Surface, *, margin: int = 1) -> list[Line]:
    """One result table with its comparisons, its plot and its text. margin: spaces before the name of its metric."""
    head = [said(surface.show(result.metric) or "Result", "heading")]
    if result.role != "primary":
        head.append(said(result.role, "muted"))
    if result.better == "down":
        head.append(said("lower is better", "muted"))
    if result.day is not None:
        head.append(said(f"of {result.day.isoformat()}", "muted"))
    if result.stop is not None:
        head.append(said(f"stop {result.stop.isoformat()}", "muted" if result.over else "warn"))
    if result.ratio_p_value is not None:
        role: Role = "bad" if result.ratio_mismatch else "muted"
        head.append(said(f"sample ratio {p_text(result.ratio_p_value)}", role))
    lines: list[Line] = [surface.cut_line(((" " * margin, "plain"), *surface.join(head)), surface.width)]
    lines += _numbers(result, surface)
    lines += _plot(result, surface)
    for verdict in result.comparisons:
        lines += _words(verdict.words, surface, "plain")
    for words in result.words:
        lines += _words(words, surface, "bad" if result.ratio_mismatch and words is result.words[0] else "muted")
    for warning in result.warnings:
        lines += _words(warning, surface, "warn")
    return lines


def _numbers(result: ResultRow, surface: Surface) -> list[Line]:
    verdicts = {verdict.variant: verdict for verdict in result.comparisons}
    level = next((verdict.level for verdict in result.comparisons if verdict.level is not None), 0.95)
    kind = next((verdict.interval for verdict in result.comparisons if verdict.interval), "fixed")
    sure = f"{100 * level:.4g}% interval" + (", sequential" if kind == "sequential" else "")
    columns = [
        Column(header="variant", least=8, most=30),
        Column(header="n", align="right"),
        Column(header="value", align="right"),
        Column(header="lift", align="right"),
        Column(header=sure, align="right"),
        Column(header="to win", align="right"),
        Column(header="risk", align="right"),
    ]
    cells = [_cells(arm, verdicts.get(arm.variant), result.unit, surface) for arm in result.arms]
    return table(columns, cells, surface, indent=3, header=True, room=surface.width - 1)


def _cells(arm: ArmRow, verdict: VerdictRow | None, unit: str, surface: Surface) -> list[Line]:
    share = arm.conversions is not None
    value = "" if arm.mean is None else percent(arm.mean, signed=False) if share else _mean(arm.mean, unit)
    name = said(surface.show(arm.variant), "muted" if arm.control else "strong")
    first = [name, said("" if arm.n is None else f"{arm.n:,.0f}"), said(value)]
    if arm.control:
        return [*first, said("control", "muted"), (), (), ()]
    if verdict is None:
        return [*first, (), (), (), ()]
    apart = verdict.outcome in {"better", "worse", "different"}
    return [
        *first,
        said("" if verdict.lift is None else percent(verdict.lift), "strong" if apart else "plain"),
        said(surface.show(verdict.interval_text)),
        said("" if verdict.chance_to_win is None else percent(verdict.chance_to_win, signed=False)),
        said("" if verdict.risk is None else f"{100 * verdict.risk:.2g}%", "muted"),
    ]


def _mean(value: float, unit: str) -> str:
    return value_text(value, unit) if unit else f"{value:.4g}"


_OUTCOME_ROLES: Final[dict[str, Role]] = {"better": "good", "worse": "bad", "safe": "good", "harmed": "bad"}


def _plot(result: ResultRow, surface: Surface) -> list[Line]:
    """The intervals on one axis: of the looks if there are several, else of the treatments."""
    bars = [
        Bar(
            label=f"{look.day.isoformat()} {look.variant}" if len(result.comparisons) > 1 else look.day.isoformat(),
            low=look.low,
            value=look.lift,
            high=look.high,
        )
        for look in result.looks
        if look.low is not None
    ]
    if not bars:
        bars = [
            Bar(
                label=verdict.variant,
                low=verdict.low,
                value=verdict.lift if verdict.scale == "lift" else verdict.difference,
                high=verdict.high,
                role=_OUTCOME_ROLES.get(verdict.harm or verdict.outcome, "plain"),
            )
            for verdict in result.comparisons
            if verdict.low is not None
        ]
    differences = any(verdict.scale == "difference" for verdict in result.comparisons)
    return forest(bars, surface, text=(lambda value: _mean(value, result.unit)) if differences else None)


def _words(text: str, surface: Surface, role: Role) -> list[Line]:
    wrapped = wrap(surface.say(text[:1].upper() + text[1:]), max(min(surface.width - 6, _WIDEST), 10))
    return [(("   " if not index else "     ", "plain"), (line, role)) for index, line in enumerate(wrapped)]


def readout_plain(report: ReadoutReport) -> Rows:
    """A header line, then one line per variant, fields (READOUT_FIELDS) separated by tabs, numbers unrounded."""
    return Rows(READOUT_FIELDS, (_fields(result, arm, report.call) for result in report.results for arm in result.arms))


def _fields(result: ResultRow, arm: ArmRow, call: CallRow) -> Sequence[object]:
    verdict = next((item for item in result.comparisons if item.variant == arm.variant and not arm.control), None)
    words = (*([verdict.words] if verdict else []), *result.words, *result.warnings)
    values: dict[str, object] = {
        "metric": result.metric, "role": result.role, "variant": arm.variant, "control": arm.control,
        "n": arm.n, "conversions": arm.conversions, "mean": arm.mean, "sd": arm.sd, "se": arm.se,
        "ratio_p_value": result.ratio_p_value, "words": words, "path": result.path, "line": arm.line,
        "unit": result.unit, "decision": call.decision,
    }  # fmt: skip
    return tuple(_field(values[name] if name in values else getattr(verdict, name, None)) for name in READOUT_FIELDS)


def _field(value: object) -> object:
    """Without the noise of the last binary digits of a number."""
    return float(f"{value:.8g}") if isinstance(value, float) else value
