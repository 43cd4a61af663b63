"""One huge vault read in chunks: the pages of each chunk alone, then everything that needs all of them, once.

`page_facts` of every chunk and one `merge_chunks` give the vault that `load` gives, with the links of each page.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Final

from msgspec.msgpack import Decoder, Encoder

from graphkit.app.load import KnownFiles, Opening, Reader, assemble, no_collection
from graphkit.app.page_reader import scan_outline
from graphkit.app.reading.graph_input import written_references
from graphkit.app.vault import LoadOptions, OpenPage
from graphkit.cache.page_file import PageFile  # noqa: TC001 - a field's type is read when a page is decoded
from graphkit.facts.catalog import MemoryCatalog
from graphkit.facts.page_facts import Link
from graphkit.insight.checks.checked_page import CheckContext, PageReading
from graphkit.insight.checks.page_alone import check_alone
from graphkit.store.reading.files import read_bytes, walk
from graphkit.text.diagnostics import Diagnostic
from graphkit.text.records import Record, force_setattr, replace
from graphkit.text.source import SourceText
from graphkit.vault.layout import Dialect

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from graphkit.app.vault import Vault
    from graphkit.facts.page_facts import PageFacts


class _ReadPage(Record, array_like=True):
    """What a chunk gives of one page: its facts with what its text alone gives, and its links in their own coding."""

    file: PageFile
    links: bytes


_encode: Final = Encoder(enc_hook=lambda _: None).encode  # what reads the inside is not passed on
_decode: Final = Decoder(list[bytes]).decode
_decode_page: Final = Decoder(_ReadPage).decode
_decode_links: Final = Decoder(list[Link]).decode
_NO_TARGETS: Final = MemoryCatalog()


def list_pages(root: Path, as_of: dt.date) -> tuple[str, ...]:
    """The paths of a vault's pages in the order of loading. Raises RequestError and VaultError as `load` does."""
    return _opening(root, as_of).arranged()[1].pages


def _opening(root: Path, as_of: dt.date) -> Opening:
    return Opening(root, walk(root), LoadOptions(as_of=as_of))


def page_facts(root: Path, paths: Sequence[str], as_of: dt.date) -> bytes:
    """The facts of some pages of a vault, encoded for `merge_chunks`. Raises RequestError and VaultError.

    Everything is in it that does not depend on other pages: facts, findings of the text, written references. Pages
    that cannot be read are left out; `merge_chunks` tries again.
    """
    conventions, snapshot = _opening(root, as_of).arranged()
    stamps = {entry[0]: entry[1:] for entry in snapshot.listing.files}
    wanted = tuple(path for path in paths if path in stamps)
    files = Reader(conventions).read_all(replace(snapshot, pages=wanted), None, None)
    vault = assemble(conventions, replace(snapshot, pages=wanted, files=files), None, as_of)
    found: list[bytes] = []
    for path, file in files.items():
        if file.unread is not None or file.facts is None:
            continue
        data = read_bytes(root, path)
        if isinstance(data, Diagnostic):
            continue
        facts = file.facts
        source = SourceText.decode(data)
        opened = OpenPage(facts, source, scan_outline(source.text, conventions.dialect))
        if facts.checked is None:
            logseq = conventions.dialect is Dialect.LOGSEQ
            context = CheckContext(targets=_NO_TARGETS, reading=conventions.reading, logseq=logseq)
            reading = PageReading(facts, source, partial(scan_outline, dialect=conventions.dialect), context)
            force_setattr(facts, "checked", check_alone(reading))
        with suppress(ValueError):  # bytes that were no UTF-8 cannot be encoded
            found.append(_encode(_ReadPage(file, _encode(list(written_references(vault, opened))))))
    return _encode(found)


def merge_chunks(
    root: Path, as_of: dt.date, chunks: Iterable[bytes]
) -> tuple[Vault, Callable[[PageFacts], Iterable[Link]]]:
    """The vault whose pages the chunks hold, and a function that gives the written references of a page.

    Pages that no chunk holds, and those that changed in the meantime, are read. Raises RequestError and VaultError.
    """
    with no_collection():
        files: dict[str, PageFile] = {}
        links: dict[str, tuple[bytes, bytes]] = {}
        for chunk in chunks:
            for page in map(_decode_page, _decode(chunk)):
                files[page.file.path] = page.file
                links[page.file.path] = (page.file.digest, page.links)
        conventions, snapshot = _opening(root, as_of).arranged()
        read = Reader(conventions).read_all(snapshot, KnownFiles(files), None)
        vault = assemble(conventions, replace(snapshot, files=read), None, as_of)

    def references(page: PageFacts) -> Iterable[Link]:
        known = links.get(page.path)
        if known is not None and known[0] == read[page.path].digest:
            return _decode_links(known[1])
        opened = vault.open_page(page)
        return () if opened is None else written_references(vault, opened)

    return vault, references
