"""The last answer to the same command line again, where nothing has changed: reads no page, works nothing out.

An answer is kept with everything that it depends on: the stamps of all files, the names of all others, configuration
and program, the files beside pages that metrics name; the command line, the day and the terminal are in its key.
Where one of them differs there is no answer here. Where it is no more than a few pages, `edits` looks at their bytes,
and `second_look` reads them.
"""

from __future__ import annotations

from graphkit.app.inputs_checksum import circumstances_now
from graphkit.cache.answers import MOST_CHARACTERS, keep_answer, read_answer
from graphkit.store.reading.stat_walk import digests_of, look_again, names_digest
from graphkit.store.user_folders import ANSWERS_NAME, MARKS_NAME, cache_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from graphkit.app.session import Session
    from graphkit.store.reading.stat_walk import Folder

    Seen = Sequence[Folder]

Chunk = tuple[int, str]
"""What was written to a stream: 1 for stdout, 2 for stderr."""

Asset = tuple[str, str, bytes]
"""A page, a file that it names, and the digest of that."""


_ORDER = (
    "prefixes", "look", "names", "circumstances", "fingerprint", "state", "by_facts", "touched", "linked", "assets",
    "code", "chunks",
)  # fmt: skip

_MOST = 5_000
"""Paths or links that are kept with an answer; where there are more, all count."""


class Answer:
    """What a command wrote, its exit code, and what both depend on."""

    __slots__ = _ORDER

    def __init__(
        self,
        prefixes: tuple[str, ...],
        look: bytes,
        names: bytes,
        circumstances: bytes,
        fingerprint: bytes,
        state: bytes,
        by_facts: bool,  # noqa: FBT001 - kept by its place
        touched: frozenset[str] | None,
        linked: frozenset[str] | None,
        assets: tuple[Asset, ...],
        code: int,
        chunks: tuple[Chunk, ...],
    ) -> None:
        self.prefixes = prefixes
        """The vault's folders."""
        self.look = look
        """Digests of all that was seen in them; empty where the stamp of a page was too young to be trusted."""
        self.names = names
        """The same without stamps."""
        self.circumstances = circumstances
        self.fingerprint = fingerprint
        """Of the index."""
        self.state = state
        """Digest of what all pages say, as the index has it; empty for an answer that depends on prose of notes."""
        self.by_facts = by_facts
        """Whether it depends on nothing in the pages beyond the essence of their facts and the text of experiments."""
        self.touched = touched
        """Pages whose inside it depends on, by path, of all others on what is known without; None: all."""
        self.linked = linked
        """What it counts of whether a journal links it, as `link_key` has it; None: everything."""
        self.assets = assets
        self.code = code
        self.chunks = chunks

    def packed(self) -> tuple[object, ...]:
        """As it is kept."""
        return tuple(getattr(self, name) for name in _ORDER)


def glance(root: str, key: bytes, environment: Mapping[str, str]) -> tuple[Answer | None, Seen]:
    """The answer that was kept under a key, if it still holds; and the vault's folders, as far as they were listed."""
    cache = cache_folder(root, environment)
    packed = read_answer(f"{cache}/{ANSWERS_NAME}", key)
    if packed is None:
        return None, ()
    answer = Answer(*packed)
    folders = look_again(root, answer.prefixes)
    if folders is None:
        return None, ()
    try:
        if circumstances_now(root, environment) != answer.circumstances:
            return None, folders
    except OSError:
        return None, folders
    digests = digests_of(folders)
    look = b"".join(digests)
    holds = answer.look == look
    if not holds and answer.state:
        from graphkit.app.edits import still_holds  # noqa: PLC0415 - most often nothing has changed

        basis = answer.fingerprint, answer.state
        holds, settled = still_holds(root, f"{cache}/{MARKS_NAME}", basis, answer.touched, folders, digests)
        if not holds and answer.by_facts and names_digest(folders) == answer.names:
            from graphkit.app.second_look import still_says  # noqa: PLC0415 - brings the readers of pages

            holds, settled = still_says(root, folders, basis, answer.touched, answer.linked, environment)
        if holds and settled:
            answer.look = look
            keep_answer(f"{cache}/{ANSWERS_NAME}", key, answer.packed())
    return (answer if holds and _same_assets(root, answer.assets) else None), folders


def keep(
    session: Session, key: bytes, environment: Mapping[str, str], code: int, chunks: Sequence[Chunk], *, by_facts: bool
) -> None:
    """Keep what a command wrote of a vault that could be read as a whole.

    by_facts: it depends on nothing in the pages beyond the essence of their facts and the text of experiments.
    """
    basis = session.basis
    circumstances = None if basis is None or session.unread or not session.answer_is_whole else basis.circumstances
    if basis is None or circumstances is None or sum(len(text) for _, text in chunks) > MOST_CHARACTERS:
        return
    cache, folders = cache_folder(str(session.root), environment), basis.listing.folders
    state, digests = b"" if session.saw_prose else session.state, digests_of(folders)
    answer = Answer(
        prefixes=tuple(path for path, _ in folders),
        look=b"" if basis.young else b"".join(digests),
        names=names_digest(folders),
        circumstances=circumstances,
        fingerprint=basis.fingerprint,
        state=state,
        by_facts=by_facts,
        touched=_few(session.touched()),
        linked=_few(session.traces.asked if session.traces is not None else ()),
        assets=tuple((page, written, digest) for (page, written), digest in sorted(session.assets.items())),
        code=code,
        chunks=tuple(chunks),
    )
    keep_answer(f"{cache}/{ANSWERS_NAME}", key, answer.packed())
    if state:
        from graphkit.app.edits import keep_marks  # noqa: PLC0415 - where nothing has changed nothing is kept

        keep_marks(f"{cache}/{MARKS_NAME}", (basis.fingerprint, state), folders, digests, basis.marks, basis.young)


def _few(found: Collection[str] | None) -> frozenset[str] | None:
    """Kept as far as they are few: every command that has nothing new to say reads them, and most do not need them."""
    return None if found is None or len(found) > _MOST else frozenset(found)


def _same_assets(root: str, assets: Iterable[Asset]) -> bool:
    if not assets:
        return True
    from pathlib import Path  # noqa: PLC0415 - most vaults have no such files

    from graphkit.app.reading.metric_files import asset_digest  # noqa: PLC0415

    return all(asset_digest(Path(root), page, written) == digest for page, written, digest in assets)
