"""The README's pictures are what docs/picture.py draws; GRAPHKIT_UPDATE_GOLDEN=1 writes them there."""

from __future__ import annotations

from golden_text import same_as_golden

from docs.picture import PICTURE, REPORT_PICTURE, draw, draw_report


def test_the_pictures_are_current() -> None:
    assert same_as_golden(draw(), PICTURE)
    assert same_as_golden(draw_report(), REPORT_PICTURE)
