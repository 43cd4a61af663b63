r"""Names of entities such as `\alpha` that mldoc 1.5.7 knows; behind any other name a backslash is left out only."""

from __future__ import annotations

from functools import cache
from typing import Final

_NOT_KNOWN: Final = frozenset({"and", "divide", "or", "part"})
"""Names of HTML 4 that it does not know."""
_BEYOND_HTML: Final = """
AA Diamond Downarrow EUR EURcr EURdig EURhv EURtm Leftarrow Leftrightarrow Pr Rightarrow Uparrow angle approx arccos
arcsin arctan arg ast blacksmile bullet cdot checkmark clubsuit cos cosh cot coth csc det diamondsuit dim div dots
downarrow emptyset exists exp gcd gets heartsuit hom hookleftarrow in inf infty ker leftarrow leftrightarrow lg lim
liminf limsup ln log max min neq nsup odot partial pm rightarrow sad sec simeq sin sinh smile smiley spadesuit star
subset supset tan tanh to uparrow varepsilon varsigma vartheta vee vert wedge
"""


@cache
def entity_names() -> frozenset[str]:
    """All names, without backslash."""
    from html.entities import name2codepoint  # noqa: PLC0415 - asked for by backslashes in few values

    return frozenset(name2codepoint) - _NOT_KNOWN | frozenset(_BEYOND_HTML.split())
