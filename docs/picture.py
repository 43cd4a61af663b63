"""Draws the README's pictures: `graphkit status` on sample_graph as the terminal shows it, and a part of its report."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from graphkit.app.load import load
from graphkit.app.reading.name_lookup import Filters
from graphkit.app.reading.status import report_status
from graphkit.cli.look.status_screen import export_svg
from graphkit.report.html_templates import shipped_text
from graphkit.report.overview_page import overview_context
from graphkit.report.page_links import Links
from graphkit.report.report_records import gather
from graphkit.report.shared_parts import Parts

HERE = Path(__file__).resolve().parent
PICTURE = HERE / "status.svg"
REPORT_PICTURE = HERE / "report.svg"
DAY = dt.date(2026, 3, 2)
WIDTH = 980


def draw() -> str:
    """The picture of `status` as SVG; the same for the same sample vault."""
    vault = load(HERE.parent / "sample_graph", as_of=DAY)
    return export_svg(report_status(vault, Filters()), width=104)


def draw_report() -> str:
    """The report's numbers, timeline, burn-up and a metric as one SVG; from the dates written in the pages."""
    records = gather(load(HERE.parent / "sample_graph", as_of=DAY), source="written")
    parts = Parts(records, Links(style="file", pages=frozenset(), graph=""))
    overview = overview_context(parts)
    panel = parts.panel(records.metrics["retention rate"])
    bottom = max(130 + _height(overview.timeline, 560), 350 + _height(panel.chart, 330))
    shapes = [f'<rect width="{WIDTH}" height="{bottom + 24}" rx="12" fill="var(--bg)"/>', _text(28, 40, "Overview", 22)]
    for index, tile in enumerate(overview.tiles):
        x = 28 + 156 * index
        shapes += [
            f'<rect x="{x}" y="58" width="144" height="54" rx="8" fill="var(--card)" stroke="var(--line)"/>',
            f'<rect x="{x}" y="58" width="144" height="3" rx="1" fill="{_TONES.get(tile.tone, "var(--line)")}"/>',
            _text(x + 12, 84, tile.number, 19),
            _text(x + 12, 102, tile.label, 12, "var(--dim)"),
        ]
    shapes.append(_placed(overview.timeline, 28, 130, 560))
    shapes += [_text(624, 150, "All work", 13), _placed(overview.burnup_chart, 620, 156, 330)]
    shapes += [_text(624, 344, panel.detail.metric.title, 13), _placed(panel.chart, 620, 350, 330)]
    body = _with_colours("".join([f"<style>{_style()}</style>", *shapes]))
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {bottom + 24}">{body}</svg>\n'


_TONES = {
    "decide": "var(--bad)", "off-track": "var(--bad)", "at-risk": "var(--warn)", "on-track": "var(--good)"
}  # fmt: skip


def _text(x: int, y: int, text: str, size: int, fill: str = "var(--ink)") -> str:
    look = f'style="font:600 {size}px system-ui,sans-serif;fill:{fill}"'
    return f'<text x="{x}" y="{y}" {look}>{text}</text>'


def _height(chart: str, width: int) -> int:
    size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', chart)
    return round(width * float(size[2]) / float(size[1])) if size else 0


def _placed(chart: str, x: int, y: int, width: int) -> str:
    place = f'<svg x="{x}" y="{y}" width="{width}" height="{_height(chart, width)}"'
    return re.sub(r"<desc>.*?</desc>", "", chart.replace("<svg", place, 1))


def _style() -> str:
    """The rules of the report's style sheet that colour drawings."""
    rules = re.findall(r"[^{}]+\{[^{}]*\}", shipped_text("report.css").partition("@media screen and (max-width")[0])
    drawn = [
        rule.strip()
        for rule in rules
        if re.match(r"\s*(svg [a-z.]|rect\.|\.span|\.[a-z]+-(track|risk|target)\.)", rule)
    ]
    return "text{font-family:system-ui,sans-serif}" + "".join(drawn)


def _with_colours(markup: str) -> str:
    """The light colours of the style sheet in place of its variables, which an image viewer may not know."""
    light = dict(re.findall(r"--([\w-]+):([^;}]+)", shipped_text("report.css").partition("@media")[0]))
    return re.sub(r"var\(--([\w-]+)\)", lambda found: light[found[1]], markup)


if __name__ == "__main__":
    PICTURE.write_text(draw(), encoding="utf-8")
    REPORT_PICTURE.write_text(draw_report(), encoding="utf-8")
