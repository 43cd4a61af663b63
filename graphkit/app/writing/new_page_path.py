"""Where a new page goes: its path by the vault's own rules, or why it must not be made (spec: writing §1, §5)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import category, normalize

from graphkit.store.reading.files import walk
from graphkit.text.records import Record
from graphkit.vault.layout import Dialect
from graphkit.vault.names import file_name_problem, needs_title_property, page_name, stem_from_title

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphkit.app.vault import Vault


class NewPage(Record, frozen=True, kw_only=True):
    """A page that can be created."""

    path: str
    """Relative to the vault, with `/`."""
    title: str
    title_property: bool
    """True if the title cannot be read back from the file's name, so that the page needs a `title::` line."""


class NoPage(Record, frozen=True, kw_only=True):
    """Why no page of a title can be created."""

    reason: str
    """One clause, to stand behind the title."""
    remedy: str = ""
    exists: str | None = None
    """Path of the page that has the name already."""


def why_no_pages(vault: Vault) -> NoPage | None:
    """Why no page at all can be created in this vault; None if pages can."""
    if vault.dialect is not Dialect.LOGSEQ:
        return NoPage(
            reason=f"cannot be created, because this vault is not a Logseq graph ({vault.dialect.value})",
            remedy="make the page in the program that you keep these notes with; docs/dialects.md says how it is read",
        )
    if vault.config.preferred_format == "org":
        return NoPage(
            reason="cannot be created, because this graph keeps its pages in Org format",
            remedy="graphkit writes Markdown pages only",
        )
    return None


def place_new_page(vault: Vault, title: str) -> NewPage | NoPage:
    """The path of a new page, or why there can be none.

    Refused are titles that no page can have, or that another page or alias has in any case, file names that differ
    only by case or Unicode form from one that is there, names that some system cannot keep, Org graphs, and vaults that
    are no Logseq graph.
    spec: logseq-format §2.1, §2.3, §2.4, §2.6.
    """
    nowhere = why_no_pages(vault)
    if nowhere is not None:
        return nowhere
    clean = title.strip()
    odd = _odd_title(clean)
    if odd is not None:
        return odd
    if vault.journals.parse(clean) is not None:
        return NoPage(reason="is a date, and journals are Logseq's to make", remedy="choose another title")
    page = vault.catalog.page(clean)
    if page is not None:
        what = "exists already" if page.name == page_name(clean) else f"is another name of “{page.title}”"
        return NoPage(reason=f"{what} ({page.path}), and is not overwritten", exists=page.path)
    config = vault.config
    fmt = config.file_name_format
    name = f"{stem_from_title(clean, fmt)}.md"
    problem = file_name_problem(name)
    if problem is not None:
        return NoPage(reason=f"has a file name that {problem}", remedy="choose another title")
    path = f"{config.pages_directory}/{name}" if config.pages_directory else name
    listing = walk(vault.root)
    clash = _clash(path, (*(entry.path for entry in listing.files), *listing.others))
    if clash is not None:
        return NoPage(reason=f"would have the same file name as {clash}, and is not overwritten", exists=clash)
    return NewPage(path=path, title=clean, title_property=needs_title_property(clean, fmt))


def _odd_title(title: str) -> NoPage | None:
    """Why no page is called like this, whatever else is in the vault."""
    if not title:
        return NoPage(reason="is not a valid page title: it is empty", remedy="give the page a title")
    if len(title.splitlines()) > 1:
        return NoPage(reason="is not a valid page title: it has several lines", remedy="write it on one line")
    if any("\ud800" <= character <= "\udfff" for character in title):
        return NoPage(reason="is not a valid page title: it is not UTF-8", remedy="write it in UTF-8")
    if any(category(character) == "Cc" or character == "\ufeff" for character in title):
        return NoPage(reason="is not a valid page title: it holds a control character", remedy="remove it")
    if any(part.strip() in {"", ".", ".."} for part in title.split("/")):
        return NoPage(
            reason="is not a valid page title: a part of it is empty, `.` or `..`",
            remedy="name every part, as in Research/Interviews",
        )
    return None


def _clash(path: str, others: Iterable[str]) -> str | None:
    """A file of the same folder and stem, compared as file systems without case or Unicode forms do."""
    wanted = _folded(path)
    return next((other for other in others if _folded(other) == wanted), None)


def _folded(path: str) -> str:
    stem = path.rpartition(".")[0] if path.endswith((".md", ".markdown", ".org")) else path
    return normalize("NFC", normalize("NFC", stem).casefold())
