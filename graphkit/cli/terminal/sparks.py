"""Sparklines, and the parts of a metric that several screens show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.cli.terminal.canvas import UNICODE, said

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphkit.app.results.metric_reports import MetricBrief
    from graphkit.app.results.reports import ExperimentRow
    from graphkit.cli.terminal.canvas import Line, Role, Surface

_STEPS: Final = "▁▂▃▄▅▆▇█"
_ASCII_STEPS: Final = "_.-~=+*#"

FRESH_ROLES: Mapping[str, Role] = {"fresh": "good", "late": "warn", "missing": "muted"}
"""The role of each freshness. The word is shown next to it if there is room."""


def spark(values: Sequence[float], surface: Surface, *, cells: int = 8) -> str:
    """The last values as a sparkline; empty for fewer than two. Equal values are in the middle."""
    shown = values[-cells:]
    if len(shown) < 2:
        return ""
    steps = _STEPS if surface.glyphs is UNICODE and _can_write(surface.encoding) else _ASCII_STEPS
    low, high = min(shown), max(shown)
    if high <= low:
        return steps[3] * len(shown)
    return "".join(steps[min(7, int(8 * (value - low) / (high - low)))] for value in shown)


def _can_write(encoding: str) -> bool:
    try:
        _STEPS.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def brief(metric: MetricBrief, surface: Surface, *, named: bool = True, cells: int = 8) -> Line:
    """A metric in one cell: its name, value and sparkline, with a note if the value is late or missing."""
    parts: list[Line] = []
    if named:
        mentioned = metric.how == "mention"
        parts.append(said(("~" if mentioned else "") + surface.show(metric.title), "muted" if mentioned else "plain"))
    if metric.text:
        role: Role = "bad" if metric.breached else "strong" if metric.freshness == "fresh" else "muted"
        parts.append(said(surface.show(metric.text) + ("!" if metric.breached else ""), role))
    line = spark(metric.series, surface, cells=cells)
    if line:
        parts.append(said(line, "calm" if metric.freshness == "fresh" else "muted"))
    if metric.freshness != "fresh":
        parts.append(said(metric.freshness if metric.text else "no value", FRESH_ROLES[metric.freshness]))
    return tuple(piece for index, part in enumerate(parts) for piece in ((((" ", "plain"),) if index else ()) + part))


def leading_metric(row: ExperimentRow, surface: Surface) -> Line:
    """The most important metric of an experiment: the primary one, else a guardrail, a linked or a mentioned one."""
    return brief(row.metrics[0], surface) if row.metrics else ()


def percent(share: float | None) -> str:
    """A fraction as a whole percentage, rounded down; empty for None."""
    return "" if share is None else f"{int(share * 100 + 1e-9)}%"
