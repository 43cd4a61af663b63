"""Values in pieces: each comes back, and no damage to a file gives another value."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphkit.cache.pieces import Pieces, keep_pieces

PLAIN = st.recursive(
    st.booleans() | st.integers() | st.text() | st.binary(), lambda some: st.lists(some) | st.tuples(some, some)
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("cache") / "marks" / "pages")


@given(head=PLAIN, pieces=st.lists(PLAIN, max_size=5))
def test_every_piece_comes_back_in_any_order(place: str, head: object, pieces: list[object]) -> None:
    assert keep_pieces(place, head, pieces)
    with Pieces(place) as kept:
        assert kept.head == head
        for number in reversed(range(len(pieces))):
            assert kept.read(number) == pieces[number]


@given(pieces=st.lists(st.binary(max_size=9), min_size=1, max_size=3), data=st.data())
def test_no_damage_gives_another_value(place: str, pieces: list[bytes], data: st.DataObject) -> None:
    keep_pieces(place, "head", pieces)
    whole = bytearray(Path(place).read_bytes())
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] ^= data.draw(st.integers(1, 255))
    Path(place).write_bytes(whole[: data.draw(st.sampled_from((len(whole), at + 1)))])
    damaged = 0
    try:
        with Pieces(place) as kept:
            assert kept.head == "head"
            for number, piece in enumerate(pieces):
                try:
                    assert kept.read(number) == piece
                except ValueError:
                    damaged += 1
    except ValueError:
        damaged += 1
    assert damaged


def test_a_file_that_is_not_there_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Pieces(str(tmp_path / "none"))


def test_where_nothing_can_be_kept_that_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert not keep_pieces(str(tmp_path / "file" / "pages"), "head", ["piece"])
