"""`graphkit readout` as a screen and as tab-separated lines. Computes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.cli.look.check_screen import finding_lines
from graphkit.cli.terminal.canvas import said
from graphkit.cli.terminal.cells import wrap
from graphkit.cli.terminal.table import Column, tab_separated, table
from graphkit.insight.experiments.ab_readout import p_text
from graphkit.insight.metrics.metric_text import value_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphkit.app.results.readouts import ArmRow, ReadoutReport, ResultRow, VerdictRow
    from graphkit.cli.terminal.canvas import Line, Role, Surface

READOUT_FIELDS = (
    "metric", "variant", "control", "n", "conversions", "mean", "sd", "lift", "low", "high", "interval",
    "chance_to_win", "risk", "p_value", "minimum_effect", "needed_per_arm", "missing_per_arm", "ratio_p_value",
    "words", "path", "line", "unit",
)  # fmt: skip
"""Fields of the tab-separated form; later ones are added at the end."""
_WIDEST: Final = 100


def readout_screen(report: ReadoutReport, surface: Surface) -> list[Line]:
    """Each result table: arms, lifts, and what they mean. No line is wider than the surface."""
    lines: list[Line] = [surface.cut_line(((" ", "plain"), (surface.show(report.experiment), "strong")), surface.width)]
    for result in report.results:
        lines += [(), *result_lines(result, surface)]
    if report.findings:
        lines.append(())
        for finding in report.findings:
            lines += finding_lines(finding, surface, with_path=True)
    return surface.fit(lines)


def result_lines(result: ResultRow, surface: Surface, *, margin: int = 1) -> list[Line]:
    """One result table with its comparisons, then the words. margin: blanks before its metric's name."""
    head = [said(surface.show(result.metric) or "Result", "heading")]
    if result.better == "down":
        head.append(said("less is better", "muted"))
    if result.stop is not None:
        head.append(said(f"stop {result.stop.isoformat()}", "warn" if result.early else "muted"))
    if result.ratio_p_value is not None:
        role: Role = "bad" if result.ratio_mismatch else "muted"
        head.append(said(f"sample ratio {p_text(result.ratio_p_value)}", role))
    lines: list[Line] = [surface.cut_line(((" " * margin, "plain"), *surface.join(head)), surface.width)]
    verdicts = {verdict.variant: verdict for verdict in result.comparisons}
    sure = "95% interval" + (", sequential" if result.early else "")
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
    lines += table(columns, cells, surface, indent=3, header=True, room=surface.width - 1)
    for verdict in result.comparisons:
        lines += _words(verdict.words, surface, "plain")
    for words in result.words:
        lines += _words(words, surface, "bad" if result.ratio_mismatch and words is result.words[0] else "muted")
    return lines


def _cells(arm: ArmRow, verdict: VerdictRow | None, unit: str, surface: Surface) -> list[Line]:
    value = "" if arm.mean is None else _percent(arm.mean) if arm.conversions is not None else _mean(arm.mean, unit)
    first = [said(surface.show(arm.variant), "muted" if arm.control else "strong"), said(f"{arm.n:,.0f}"), said(value)]
    if arm.control:
        return [*first, said("control", "muted"), (), (), ()]
    if verdict is None or verdict.lift is None or verdict.low is None or verdict.high is None:
        return [*first, (), (), (), ()]
    apart = verdict.low > 0 or verdict.high < 0
    return [
        *first,
        said(_percent(verdict.lift, signed=True), "strong" if apart else "plain"),
        said(f"{_percent(verdict.low, signed=True)} to {_percent(verdict.high, signed=True)}"),
        said("" if verdict.chance_to_win is None else _percent(verdict.chance_to_win)),
        said("" if verdict.risk is None else f"{100 * verdict.risk:.2g}%", "muted"),
    ]


def _mean(value: float, unit: str) -> str:
    return value_text(value, unit) if unit else f"{value:.4g}"


def _words(text: str, surface: Surface, role: Role) -> list[Line]:
    wrapped = wrap(surface.say(text[:1].upper() + text[1:]), max(min(surface.width - 4, _WIDEST), 10))
    return [(("   " if not index else "     ", "plain"), (line, role)) for index, line in enumerate(wrapped)]


def _percent(value: float, *, signed: bool = False) -> str:
    return f"{100 * value:+.1f}%" if signed else f"{100 * value:.1f}%"


def readout_plain(report: ReadoutReport) -> Iterator[str]:
    """A header line, then one line a variant, fields (READOUT_FIELDS) separated by tabs; numbers in full."""
    return tab_separated(READOUT_FIELDS, (_fields(result, arm) for result in report.results for arm in result.arms))


def _fields(result: ResultRow, arm: ArmRow) -> Sequence[str]:
    verdict = next((item for item in result.comparisons if item.variant == arm.variant and not arm.control), None)
    numbers: tuple[float | None, ...] = (None,) * 9
    if verdict is not None:
        numbers = (
            verdict.lift, verdict.low, verdict.high, verdict.chance_to_win, verdict.risk, verdict.p_value,
            verdict.minimum_effect, verdict.needed_per_arm, verdict.missing_per_arm,
        )  # fmt: skip
    lift, low, high, *rest = map(_full, numbers)
    return (
        result.metric,
        arm.variant,
        "yes" if arm.control else "no",
        _full(arm.n),
        _full(arm.conversions),
        _full(arm.mean),
        _full(arm.sd),
        lift,
        low,
        high,
        verdict.interval if verdict else "",
        *rest,
        _full(result.ratio_p_value),
        "; ".join((*([verdict.words] if verdict else []), *result.words)),
        result.path,
        str(arm.line),
        result.unit,
    )


def _full(value: float | None) -> str:
    return "" if value is None else f"{value:.8g}"
