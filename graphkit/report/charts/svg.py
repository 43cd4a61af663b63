"""SVG under construction: shapes with classes that the style sheet colours, whole or tenth coordinates, escaped text."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from graphkit.report.safe_text import Html, clean

if TYPE_CHECKING:
    from collections.abc import Iterable


def number(value: float) -> str:
    """A coordinate with at most one decimal, the same on every machine."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def said(text: str, most: int = 200) -> str:
    """A text as it may stand in markup: cut, cleaned and escaped."""
    return escape(clean(text, most), quote=True)


class Svg:
    """A drawing of a size in pixels, to which shapes are added in the order of painting."""

    def __init__(self, width: float, height: float, title: str, desc: str = "", *, css: str = "chart") -> None:
        """title, desc: what a screen reader says. css: classes of the whole drawing."""
        self.width, self.height = width, height
        size = f"{number(width)} {number(height)}"
        self._parts = [f'<svg class="{css}" role="img" viewBox="0 0 {size}"><title>{said(title)}</title>']
        if desc:
            self._parts.append(f"<desc>{said(desc, 600)}</desc>")

    def line(self, x1: float, y1: float, x2: float, y2: float, css: str, title: str = "") -> None:
        """A straight line."""
        self._add(f'path class="{css}" d="M{number(x1)} {number(y1)}L{number(x2)} {number(y2)}"', "path", title)

    def path(self, points: Iterable[tuple[float, float]], css: str, *, closed: bool = False, title: str = "") -> None:
        """A line through points, or the area inside it."""
        drawn = "L".join(f"{number(x)} {number(y)}" for x, y in points)
        self._add(f'path class="{css}" d="M{drawn}{"Z" if closed else ""}"', "path", title)

    def rect(
        self, x: float, y: float, width: float, height: float, css: str, title: str = "", round_: float = 0
    ) -> None:
        """A rectangle, with round corners where asked for."""
        corner = f' rx="{number(round_)}"' if round_ else ""
        place = f'x="{number(x)}" y="{number(y)}" width="{number(max(width, 0))}" height="{number(max(height, 0))}"'
        self._add(f'rect class="{css}" {place}{corner}', "rect", title)

    def dot(self, x: float, y: float, radius: float, css: str, title: str = "") -> None:
        """A filled circle."""
        self._add(f'circle class="{css}" cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"', "circle", title)

    def text(self, x: float, y: float, text: str, css: str = "", *, end: bool = False, middle: bool = False) -> None:
        """A line of text that begins, ends or has its middle at x."""
        look = f' class="{css}"' if css else ""
        anchor = ' text-anchor="end"' if end else ' text-anchor="middle"' if middle else ""
        self._parts.append(f'<text x="{number(x)}" y="{number(y)}"{look}{anchor}>{said(text)}</text>')

    def raw(self, markup: str) -> None:
        """Markup of the caller's own making."""
        self._parts.append(markup)

    def _add(self, opening: str, name: str, title: str) -> None:
        self._parts.append(f"<{opening}><title>{said(title)}</title></{name}>" if title else f"<{opening}/>")

    def html(self) -> Html:
        """The finished drawing."""
        return Html("".join((*self._parts, "</svg>")))
