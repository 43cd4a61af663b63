"""The page `overview`: what needs a decision, every experiment as a row, and a timeline."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from graphkit.report.charts.burnup_chart import burnup_chart
from graphkit.report.charts.timeline import Span, timeline
from graphkit.report.page_contexts import CardGroup, OverviewContext, Tile
from graphkit.report.shared_parts import CLOSED

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from graphkit.report.page_contexts import ExperimentCard
    from graphkit.report.safe_text import Html
    from graphkit.report.shared_parts import Parts

GROUPS: Final = (
    ("decide", "Needs a decision", ("rollback due", "decision due", "guardrail breached")),
    ("attend", "Needs attention", ("off track", "overdue", "blocked", "stale", "at risk")),
    ("running", "Under way", ("running", "stopped")),
    ("waiting", "Not started", ("ready", "draft")),
    ("closed", "Closed", ("decided", "archived")),
)
"""Key, title and words of attention of each group (spec: domain §6)."""
_RECENT: Final = timedelta(days=92)
"""Closed experiments stay in the timeline for so long."""


def overview_context(parts: Parts) -> OverviewContext:
    """The context of the page."""
    records = parts.records
    rows = records.status.experiments
    cards = [parts.card(row) for row in rows]
    groups = [
        CardGroup(key=key, title=title, cards=tuple(card for card in cards if card.row.attention in words))
        for key, title, words in GROUPS
    ]
    live = [card for card in cards if card.row.lifecycle not in CLOSED]
    healths = dict.fromkeys(card.health for card in cards)
    return OverviewContext(
        status=records.status,
        tiles=_tiles(parts, live, len(groups[0].cards)),
        decisions=groups[0].cards,
        groups=tuple(group for group in groups if group.cards),
        goals=_sorted(title for row in rows for title in row.goals),
        owners=_sorted(title for row in rows for title in row.owners),
        statuses=tuple(dict.fromkeys(row.lifecycle for row in rows)),
        healths=tuple(healths),
        timeline=_timeline(parts, cards),
        burnup=records.burnup,
        burnup_chart=burnup_chart(records.burnup),
    )


def _sorted(titles: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(titles), key=lambda title: (title.lower(), title)))


def _tiles(parts: Parts, live: list[ExperimentCard], deciding: int) -> tuple[Tile, ...]:
    counts = {word: sum(card.health == word for card in live) for word in ("on track", "at risk", "off track")}
    counts["no target"] = sum(card.health == "no target" for card in live)
    last = parts.records.burnup.points[-1] if parts.records.burnup.points else None
    tiles = [Tile(key="decide", number=str(deciding), label="to decide", tone="decide" if deciding else "none")]
    tiles += [
        Tile(key=word.replace(" ", "-"), number=str(count), label=word, tone=word.replace(" ", "-"))
        for word, count in counts.items()
        if count or word != "no target"
    ]
    if last is not None:
        tiles.append(
            Tile(key="done", number=f"{last.done_leaves}/{last.leaves}", label="tasks done", tone="none")
        )  # fmt: skip
    return tuple(tiles)


def _timeline(parts: Parts, cards: list[ExperimentCard]) -> Html:
    today = parts.records.status.as_of
    spans: list[tuple[date, str, Span]] = []
    for card in cards:
        row = card.row
        decided = parts.records.decided.get(row.name)
        end = decided if row.lifecycle in CLOSED and decided else row.due
        if row.start is None or end is None or (row.lifecycle in CLOSED and end < today - _RECENT):
            continue
        forecast = card.forecast.forecast if card.forecast else None
        said = f"{row.title}: {row.start} to {end}, {card.health}"
        span = Span(
            label=row.title,
            start=row.start,
            end=end,
            done=row.progress.fraction,
            p85=forecast.p85 if forecast else None,
            tone=card.tone,
            words=said,
        )
        spans.append((end, row.name, span))
    return timeline("Timeline", [span for _, _, span in sorted(spans, key=lambda item: item[:2])], today)
