"""Heads in sheets: whatever is put into them, written, moved and read again, each file has its own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphkit.cache import index_heads
from graphkit.cache.index_heads import Head, Heads, Sheet, Stamp, stale_paths

NAMES = st.one_of(st.none(), st.text(max_size=3))
WORDS = st.lists(st.text(max_size=2), max_size=2).map(tuple)
HEADS = st.builds(
    Head,
    digest=st.binary(min_size=16, max_size=16).filter(any),
    seal=st.binary(min_size=12, max_size=12),
    essence=st.binary(min_size=12, max_size=12),
    marks=st.binary(min_size=18, max_size=18),
    name=NAMES,
    title=st.text(max_size=3),
    flags=st.integers(0, 7),
    aliases=WORDS,
    types=WORDS,
    ids=WORDS,
    stated=st.one_of(st.none(), st.tuples(st.text(max_size=2))),
    linked=st.one_of(st.none(), st.tuples(st.integers(1, 9), WORDS)),
)
NUMBERS = st.integers(-(2**70), 2**70)
FILES = st.dictionaries(
    st.text("ab\udcff", min_size=1, max_size=3), st.tuples(st.tuples(*[NUMBERS] * 4), HEADS), max_size=9
)


@pytest.fixture(autouse=True, params=[1, 2, 256])
def sheet_size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_heads, "SHEET", request.param)


def head_at(heads: Heads, row: int) -> Head:
    return Head(
        heads.digests.get(row), heads.seals.get(row), heads.essences.get(row), heads.marks.get(row), heads.names[row],
        heads.titles[row], heads.flags[row], heads.aliases.get(row, ()), heads.types.get(row, ()),
        heads.ids.get(row, ()), heads.stated.get(row), heads.linked.get(row),
    )  # fmt: skip


def brought(heads: Heads, files: dict[str, tuple[Stamp, Head]]) -> set[str]:
    """The paths that had to be read for the heads to be those of these files."""
    paths = sorted(files)
    rows = heads.bring_to(paths, [files[path][0] for path in paths])
    for row in rows:
        heads.put(row, files[paths[row]][1])
    return {paths[row] for row in rows}


def same(heads: Heads, files: dict[str, tuple[Stamp, Head]]) -> bool:
    return heads.paths == sorted(files) and all(
        head_at(heads, row) == files[path][1] for row, path in enumerate(heads.paths)
    )


@given(FILES, FILES, st.sets(st.text("ab\udcff", min_size=1, max_size=3)))
def test_what_is_read_again_is_what_was_put_and_only_changes_are_read_and_written(
    before: dict[str, tuple[Stamp, Head]], other: dict[str, tuple[Stamp, Head]], dropped: set[str]
) -> None:
    heads = Heads()
    assert brought(heads, before) == before.keys()
    kept = heads.touched()
    heads = read(kept, heads)
    assert not heads.differ
    assert same(heads, before)
    after = {path: file for path, file in {**before, **other}.items() if path not in dropped}
    changed = {path for path, file in after.items() if path not in before or before[path][0] != file[0]}
    after = {path: file if path in changed else before[path] for path, file in after.items()}
    stamps = {path: stamp for path, (stamp, _) in after.items()}
    stale = stale_paths([sheet[0] for _, sheet in sorted(kept.items())], heads.sheet_seals, stamps)
    assert stale == (changed if before.keys() == after.keys() else None)
    assert brought(heads, after) == changed
    assert same(heads, after)
    assert heads.differ == (before != after)
    written = heads.touched()
    sheets = {number: sheet for number, sheet in kept.items() if number < len(heads.sheet_seals)} | written
    assert same(read(sheets, heads), after)
    if before.keys() == after.keys():
        assert written.keys() == {sorted(after).index(path) // index_heads.SHEET for path in changed}


def read(sheets: dict[int, Sheet], heads: Heads) -> Heads:
    found = Heads.read([sheet for _, sheet in sorted(sheets.items())], heads.sheet_seals)
    assert found is not None
    return found


@given(FILES.filter(bool), st.integers(0, 3), st.integers(0), st.integers(1, 255))
def test_a_damaged_part_is_no_part(files: dict[str, tuple[Stamp, Head]], part: int, at: int, bits: int) -> None:
    heads = Heads()
    brought(heads, files)
    sheets = [list(sheet) for sheet in heads.touched().values()]
    sheet = sheets[at % len(sheets)]
    damaged = bytearray(sheet[part])
    damaged[at % len(damaged)] ^= bits
    sheet[part] = bytes(damaged)
    found = Heads.read([(a, b, c, d) for a, b, c, d in sheets], heads.sheet_seals)
    if part < 2:
        assert found is None
    elif found is not None:  # what pages state and link is missing then, and to be had from their facts
        for row, path in enumerate(found.paths):
            assert found.stated.get(row) in {None, files[path][1].stated}
            assert found.linked.get(row) in {None, files[path][1].linked}
