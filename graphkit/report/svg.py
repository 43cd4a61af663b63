"""SVG under construction: shapes with classes that the style sheet colours, at most one decimal, escaped text."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from graphkit.report.safe_text import Html, clean

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Html", "Svg", "number", "said"]


def number(value: float) -> str:
    """A coordinate with at most one decimal, the same on every machine."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def said(text: str, most: int = 200) -> str:
    """A text for markup: cut, cleaned and escaped."""
    return escape(clean(text, most))


class Svg:
    """A drawing of a size in pixels, to which shapes are added in the order of painting."""

    def __init__(
        self, width: float, height: float, title: str, desc: str = "", *, css: str = "chart", role: str = "img"
    ) -> None:
        """title, desc: what a screen reader says. css: classes of the whole drawing."""
        self.width = width
        size = f'viewBox="0 0 {number(width)} {number(height)}"'
        told = f"<desc>{said(desc, 600)}</desc>" if desc else ""
        self._parts = [f'<svg class="{css}" role="{role}" {size}><title>{said(title)}</title>{told}']

    def path(self, points: Iterable[tuple[float, float]], css: str, title: str = "", *, closed: bool = False) -> None:
        """A line through points, or the area inside it; points inside a level stretch are left out."""
        drawn = "L".join(f"{number(x)} {number(y)}" for x, y in _bends(list(points)))
        self._add("path", css, f'd="M{drawn}{"Z" if closed else ""}"', title)

    def rect(self, x: float, y: float, width: float, height: float, css: str, title: str = "", corner: int = 0) -> None:
        """A rectangle, with round corners where asked for."""
        size = f'width="{number(max(width, 0))}" height="{number(max(height, 0))}"' + f' rx="{corner}"' * bool(corner)
        self._add("rect", css, f'x="{number(x)}" ' + f'y="{number(y)}" ' * bool(y) + size, title)

    def dot(self, x: float, y: float, radius: float, css: str, title: str = "") -> None:
        """A filled circle."""
        self._add("circle", css, f'cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"', title)

    def text(self, x: float, y: float, text: str, css: str, anchor: str = "") -> None:
        """A line of text that begins at x; with the anchor `end` or `middle` it ends or has its middle there."""
        place = f'x="{number(x)}" y="{number(y)}"' + f' text-anchor="{anchor}"' * bool(anchor)
        self._add("text", css, place, inner=said(text))

    def texts(self, texts: Iterable[tuple[float, float, str]], anchor: str) -> None:
        """The labels of an axis, with their places."""
        labels = "".join(f'<text x="{number(x)}" y="{number(y)}">{said(text)}</text>' for x, y, text in texts)
        self.raw(f'<g class="tick" text-anchor="{anchor}">{labels}</g>')

    def grid(self, lines: Iterable[tuple[float, float, float, float]]) -> None:
        """The lines of an axis, each from a point to another."""
        self.raw(f'<path class="grid" d="{"".join(_line(*line) for line in lines)}"/>')

    def raw(self, markup: str) -> None:
        """Markup of the caller's own making."""
        self._parts.append(markup)

    def _add(self, name: str, css: str, attributes: str, title: str = "", inner: str = "") -> None:
        inner += f"<title>{said(title)}</title>" if title else ""
        self.raw(f'<{name} class="{css}" {attributes}' + (f">{inner}</{name}>" if inner else "/>"))

    def html(self) -> Html:
        """The finished drawing."""
        return Html("".join((*self._parts, "</svg>")))


def _bends(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The points without those between two at the same height."""
    triples = zip(points, points[1:], points[2:], strict=False)
    inner = [here for before, here, after in triples if not before[1] == here[1] == after[1]]
    return [*points[:1], *inner, *points[1:][-1:]]


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f"M{number(x1)} {number(y1)}L{number(x2)} {number(y2)}"
