"""Guardrails as tests of harm: the one-sided bounds of a lift against the margin that may be lost."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from graphkit.insight.statistics.values import Interval

HARM_ALPHA = 0.10
"""Level of the two-sided interval whose ends are one-sided 95 % bounds."""

Wanted: TypeAlias = Literal["up", "down", "hold"]
"""The direction in which a metric is better; one to hold is better in neither."""


class Harm(StrEnum):
    """The outcome of a guardrail."""

    SAFE = "safe"
    HARMED = "harmed"
    UNCLEAR = "unclear"
    WORSE = "worse"
    NO_SIGN = "no sign of harm"


def judge_harm(bounds: Interval, wanted: Wanted, margin: float | None = None) -> Harm:
    """The outcome of a guardrail from the interval of its lift at 1 − HARM_ALPHA.

    With a margin (a share of the control's value): *safe* when the bound of the harm is inside it, *harmed* when the
    opposite bound is above 0 and it is not safe, else *unclear*. Without one: *worse* or *no sign of harm*. Harm is the
    lift in the bad direction; of a metric to hold, in both.
    """
    falls, rises = -bounds.low, bounds.high  # the largest loss and gain that are not ruled out
    most = {"up": falls, "down": rises, "hold": max(falls, rises)}[wanted]
    harmed = {"up": bounds.high < 0, "down": bounds.low > 0, "hold": bounds.excludes_zero}[wanted]
    if margin is None:
        return Harm.WORSE if harmed else Harm.NO_SIGN
    if most < margin:
        return Harm.SAFE
    return Harm.HARMED if harmed else Harm.UNCLEAR
