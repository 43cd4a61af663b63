"""Draws docs/status.svg, the README's picture: `graphkit status` on sample_graph as the terminal shows it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from graphkit.app.load import load
from graphkit.app.reading.name_lookup import Filters
from graphkit.app.reading.status import report_status
from graphkit.cli.look.status_screen import export_svg

HERE = Path(__file__).resolve().parent
PICTURE = HERE / "status.svg"


def draw() -> str:
    """The picture as SVG; the same for the same sample vault."""
    vault = load(HERE.parent / "sample_graph", as_of=dt.date(2026, 3, 2))
    return export_svg(report_status(vault, Filters()), width=104)


if __name__ == "__main__":
    PICTURE.write_text(draw(), encoding="utf-8")
