"""The table of markers (spec: logseq-format §5.1)."""

from __future__ import annotations

from graphkit.outline.markers import MARKER, MARKERS


def test_every_marker_is_matched_whole() -> None:
    assert len(MARKERS) == 11
    for marker in MARKERS:
        found = MARKER.match(f" {marker} x")
        assert found is not None
        assert found[1] == marker
        assert MARKER.match(f"{marker}x") is None
        assert MARKER.match(f"{marker.lower()} x") is None
