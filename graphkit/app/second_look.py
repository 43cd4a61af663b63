"""Whether a vault still says what it said though a few of its pages have changed: reads these, and nothing else.

Most edits touch prose, in pages that an answer is not made of. Everything beyond the pages has been compared already.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from graphkit.app.edits import FEW
from graphkit.app.failures import RequestError
from graphkit.app.page_reader import read_page
from graphkit.app.session import frame_session
from graphkit.cache.index import IndexUnusableError, pages_before
from graphkit.cache.packing import essence, other_links, outward, pack_page
from graphkit.facts.journal_links import link_key
from graphkit.store.places import INDEX_NAME, places_for
from graphkit.store.reading.files import FileEntry, Listing, VaultError, read_bytes
from graphkit.store.reading.stat_walk import STAMPED, is_young
from graphkit.text.diagnostics import Diagnostic
from graphkit.text.digests import file_digest
from graphkit.vault.layout import Dialect

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from graphkit.app.session import Session
    from graphkit.cache.index import KnownPage
    from graphkit.store.reading.stat_walk import Folder


def still_says(
    root: str,
    folders: Sequence[Folder],
    basis: tuple[bytes, bytes],
    touched: Collection[str] | None,
    linked: Collection[str] | None,
    environment: Mapping[str, str],
) -> tuple[bool, bool]:
    """Whether the pages say what they said when the index had this fingerprint and this state, as they were seen now.

    Names and kinds of all files are known to be the same. touched: pages whose inside counts, too; None: all. linked:
    of what it counts whether a journal links it, as `link_key` has it; None: of everything. The second value: whether
    the stamps of the changed pages are old enough to be trusted from now on.
    """
    began = time.time_ns()
    place = Path(root)
    stamps = {prefix + entry[0]: entry[1:] for prefix, entries in folders for entry in entries if len(entry) == STAMPED}
    try:
        cache = places_for(place, environment).cache
        changed = pages_before(cache / INDEX_NAME, *basis, stamps, most=FEW)
        if changed is None:
            return False, False
        listing = Listing(
            files=tuple(FileEntry(path, *stamps[path]) for path in changed),
            others=(),
            top=frozenset(entry[0] for entry in folders[0][1]),
        )
        frame = frame_session(place, listing=listing, environment=environment)
    except (IndexUnusableError, RequestError, VaultError):
        return False, False
    session = frame.session
    # Outside of Logseq graphs other pages have a part in a page's name.
    if session.dialect is not Dialect.LOGSEQ or len(frame.pages) != len(changed):
        return False, False
    same = all(
        _says_the_same(session, path, known, linked, inside=touched is None or path in touched)
        for path, known in changed.items()
    )
    return same, not any(is_young(stamps[path], began) for path in changed)


def _says_the_same(
    session: Session, path: str, known: KnownPage, linked: Collection[str] | None, *, inside: bool
) -> bool:
    data = read_bytes(session.root, path)
    if isinstance(data, Diagnostic):
        return False
    if file_digest(data) == known.digest:
        return True
    facts = read_page(path, data, session)
    if facts is None or not facts.types.isdisjoint(session.reading.experiment_types):
        return False  # answers are made of the text of experiments, too
    before, after = known.facts, pack_page(facts)
    if inside:
        return essence(after) == essence(before)
    links = map(link_key, other_links(before, after))
    return outward(after) == outward(before) and not any(linked is None or link in linked for link in links)
