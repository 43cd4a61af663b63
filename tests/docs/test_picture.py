"""docs/status.svg, the README's picture, is what docs/picture.py draws; GRAPHKIT_UPDATE_GOLDEN=1 writes it there."""

from __future__ import annotations

from golden_text import same_as_golden

from docs.picture import PICTURE, draw


def test_the_picture_is_current() -> None:
    assert same_as_golden(draw(), PICTURE)
