"""The layout of a vault: its dialect, which paths are pages, their order, what is skipped. Opens no file."""

from __future__ import annotations

import re
from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING
from unicodedata import normalize

from graphkit.text.diagnostics import Diagnostic, Severity
from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

CONFIG_PATH = "logseq/config.edn"
SETTINGS_PATH = "graphkit.toml"
MIRROR_FOLDER = "mirror/markdown"
PAGE_SUFFIXES = (".md", ".markdown")
"""Extensions of pages, in lower case only (spec: logseq-format §1.2)."""


class Dialect(StrEnum):
    """How the pages of a vault are to be read."""

    LOGSEQ = "logseq"
    OBSIDIAN = "obsidian"
    MARKDOWN = "markdown"
    MIRROR = "mirror"
    """A Markdown mirror that Logseq 2.x derives from a database graph: read only (spec: logseq-format §9.3)."""


_SKIPPED_FOLDERS = ("logseq/bak", "logseq/version-files")
"""Folders of Logseq's own copies, in addition to those that start with a dot (spec: logseq-format §1.1, §1.2)."""

_LEFT_OUT: Sequence[tuple[str, re.Pattern[str]]] = (
    ("E120", lazy_pattern(r"\.sync-conflict-[0-9]|\((?:[^()]{1,80} )?(?:conflicted copy|Konfliktkopie)")),
    ("E121", lazy_pattern(r"\.icloud\Z")),
    ("E122", lazy_pattern(r"\A\.#|\A#.*#\Z|~\Z|\A~\$|\.(?:bak|orig|rej|swp|swo|swx)\Z")),
)
"""File names of copies that are no pages: conflict copies, placeholders, backup and swap files (spec: writing §3)."""

_SUSPECT = lazy_pattern(r"onflict|~|\#|\.excalidraw")
"""What only names of other files hold; looked for in all names at once, since most vaults have none."""

_BEYOND_BASIC = lazy_pattern("[\U00010000-\U0010ffff]")
_RAW_BYTE = lazy_pattern("[\udc80-\udcff]")
_COPY_OF_PAGE = lazy_pattern(r"\.(?:md|markdown)\b", re.IGNORECASE)

_NOT_READ: Sequence[tuple[str, re.Pattern[str]]] = (
    ("Org files", lazy_pattern(r"\.org\Z")),
    ("whiteboards", lazy_pattern(r"(?:\A|/)whiteboards/[^/]*\.edn\Z")),
    ("drawings", lazy_pattern(r"\.excalidraw\Z")),
    ("canvases", lazy_pattern(r"\.canvas\Z")),
    ("files with an upper-case extension", lazy_pattern(r"\.(?!md\Z|markdown\Z)(?i:md|markdown)\Z")),
)
"""Other files that people wrote and graphkit does not read, by name of the kind."""


def detect_dialect(top: Collection[str], location: Sequence[str] = ()) -> Dialect:
    """The dialect of a vault, by the names directly in its folder and the parts of the folder's own path.

    A `logseq` folder makes a Logseq graph, and so do `pages` or `journals` without `.obsidian`; `.obsidian` makes an
    Obsidian vault; a folder `mirror/markdown`, or one with `db.sqlite` beside `mirror`, is a mirror. Anything else is
    plain Markdown (spec: domain §1, spec: logseq-format §9.1, §9.3).
    """
    return explain_dialect(top, location)[0]


def explain_dialect(top: Collection[str], location: Sequence[str] = ()) -> tuple[Dialect, str]:
    """The dialect as `detect_dialect` finds it, and what of the folder shows it: `it has a folder logseq/`."""
    names = frozenset(top)
    if tuple(location[-2:]) == ("mirror", "markdown"):
        return Dialect.MIRROR, "it is the folder mirror/markdown/"
    if "db.sqlite" in names and "mirror" in names:
        return Dialect.MIRROR, "it has a database, db.sqlite, and a folder mirror/"
    if "logseq" in names:
        return Dialect.LOGSEQ, "it has a folder logseq/"
    if ".obsidian" in names:
        return Dialect.OBSIDIAN, "it has a folder .obsidian/ and none called logseq/"
    for name in ("pages", "journals"):
        if name in names:
            return Dialect.LOGSEQ, f"it has a folder {name}/"
    return Dialect.MARKDOWN, "nothing in it points to Logseq or Obsidian"


def skip_folder(path: str) -> bool:
    """True if nothing below this folder (relative, `/`) is ever a page, so that a walk can skip it."""
    name = path[path.rfind("/") + 1 :]
    return name.startswith(".") or name == "node_modules" or path in _SKIPPED_FOLDERS


def page_like(name: str) -> bool:
    """True if a file of this name may be a page, an Org file or a copy of one, so that a walk must examine it."""
    return name.endswith((".md", ".markdown", ".org"))


class Hidden:
    """The configured `:hidden` entries and further ignored prefixes, as one test.

    Entries are plain prefixes: a leading `/` is added to entry and path, then compared (spec: logseq-format §1.2); so
    `/arch` also hides `archive.md`. An empty entry hides nothing.
    """

    __slots__ = ("_prefixes",)

    def __init__(self, prefixes: Iterable[str]) -> None:
        self._prefixes = tuple(f"/{prefix.removeprefix('/')}" for prefix in prefixes if prefix.strip("/ "))

    def __bool__(self) -> bool:
        """True if anything is hidden at all."""
        return bool(self._prefixes)

    def __call__(self, path: str) -> bool:
        """True if this path (relative, `/`) is hidden."""
        return f"/{path}".startswith(self._prefixes)


class Layout(Record, frozen=True, kw_only=True):
    """A classified listing: the pages in order of loading, and the files that are not read."""

    pages: tuple[str, ...]
    """Relative paths, as the file system spells them, in the order in which Logseq would load them."""
    not_read: tuple[tuple[str, int], ...] = ()
    """Kinds of files that are not read, with their number, in the order of the table."""
    org_pages: tuple[str, ...] = ()
    """The Org files: `[[page]]` may point to one of them (spec: logseq-format §10)."""
    diagnostics: tuple[Diagnostic, ...] = ()


def arrange(paths: Iterable[str], dialect: Dialect, hidden: Iterable[str] = ()) -> Layout:
    """Sorts out a listing of relative paths of files; only names are looked at.

    Reports E120 (conflict copies), E121 (files that are still in the cloud), E122 (backup and swap files),
    E123 (paths that differ only by case or Unicode form), E124 (names that are not UTF-8).
    """
    paths = list(paths)
    suspects = _SUSPECT.search("\0".join(paths)) is not None
    is_hidden = Hidden(hidden)
    hides = bool(is_hidden)
    pages: list[str] = []
    org_pages: list[str] = []
    counts: Counter[str] = Counter()
    diagnostics: list[Diagnostic] = []
    for path in paths:
        if hides and is_hidden(path):
            continue
        name = path[path.rfind("/") + 1 :]
        if (suspects and _SUSPECT.search(name)) or not name.endswith(".md"):
            code = _copy_code(name)
            if code is not None:
                if _COPY_OF_PAGE.search(name):
                    diagnostics.append(_copy_finding(code, path))
                continue
            kind = _kind_not_read(path, dialect)
            if kind is not None:
                counts[kind] += 1
                if path.endswith(".org"):
                    org_pages.append(path)
                continue
        if name.endswith(PAGE_SUFFIXES) and not name.startswith(".") and _in_dialect(path, dialect):
            pages.append(path)
            if not path.isascii() and (problem := _undecodable(path)):
                diagnostics.append(problem)
    diagnostics.extend(_twins(pages))
    diagnostics.sort(key=lambda finding: (finding.path, finding.code))
    return Layout(
        pages=tuple(loading_order(pages)),
        not_read=tuple((kind, counts[kind]) for kind, _ in _NOT_READ if counts[kind]),
        org_pages=tuple(sorted(org_pages)),
        diagnostics=tuple(diagnostics),
    )


def loading_order(paths: Iterable[str]) -> list[str]:
    """Paths in the order in which Logseq loads them; the first of two files for one page wins.

    spec: logseq-format §2.8.

    Those with `journals/` in their path first, in descending order; then `contents.`; then all others, ascending, by
    UTF-16 code units. spec: logseq-format §1.2, verified.
    """
    journals: list[str] = []
    contents: list[str] = []
    others: list[str] = []
    for path in paths:
        if "journals/" in path:
            journals.append(path)
        elif "contents." in path:
            contents.append(path)
        else:
            others.append(path)
    return [*_by_code_units(journals)[::-1], *_by_code_units(contents), *_by_code_units(others)]


def _by_code_units(paths: list[str]) -> list[str]:
    # Code points and UTF-16 units sort alike but for characters beyond the basic plane.
    if _BEYOND_BASIC.search("\0".join(paths)):
        return sorted(paths, key=lambda path: path.encode("utf-16-be", "surrogatepass"))
    return sorted(paths)


def _in_dialect(path: str, dialect: Dialect) -> bool:
    if dialect is not Dialect.MIRROR:
        return True
    # The mirror's own folder may be the vault, or the database graph around it.
    return path.startswith(("pages/", "journals/", f"{MIRROR_FOLDER}/"))


def _copy_code(name: str) -> str | None:
    for code, pattern in _LEFT_OUT:
        if pattern.search(name):
            return code
    return None


def _kind_not_read(path: str, dialect: Dialect) -> str | None:
    if path.endswith(".excalidraw.md"):  # a plug-in's drawing in Obsidian, a page like any other in Logseq
        return "drawings" if dialect is Dialect.OBSIDIAN else None
    for kind, pattern in _NOT_READ:
        if pattern.search(path):
            return kind
    return None


_COPY_MESSAGES: Mapping[str, tuple[Severity, str, str]] = {
    "E120": (
        Severity.WARNING,
        "this is a conflict copy, so it is ignored",
        "merge the missing text into the page, then delete the copy",
    ),
    "E121": (
        Severity.WARNING,
        "this page is still in the cloud and only its placeholder is here, so it is ignored",
        "download it with your sync client",
    ),
    "E122": (
        Severity.INFO,
        "this is an editor's backup or swap file, so it is ignored",
        "delete it once nobody is editing the page",
    ),
}


def _copy_finding(code: str, path: str) -> Diagnostic:
    severity, message, hint = _COPY_MESSAGES[code]
    return Diagnostic(code=code, severity=severity, path=path, message=message, hint=hint)


def _undecodable(path: str) -> Diagnostic | None:
    if _RAW_BYTE.search(path):
        return Diagnostic(
            code="E124",
            severity=Severity.WARNING,
            path=path,
            message="the file's name is not UTF-8; its page is named after the bytes as they are",
            hint="rename the file",
        )
    return None


def _difference(path: str, other: str) -> str:
    """In what the two paths differ that name one page, since some of it cannot be seen."""
    if normalize("NFC", path) != normalize("NFC", other):
        return "only by case or Unicode form"
    form = "decomposed (NFD)" if normalize("NFC", path) != path else "composed (NFC)"
    return f"only by its Unicode form, which is {form} here; both look the same"


def _twins(paths: list[str]) -> Iterable[Diagnostic]:
    keys = [path.lower() if path.isascii() else normalize("NFC", normalize("NFC", path).lower()) for path in paths]
    if len(set(keys)) == len(keys):
        return
    first: dict[str, str] = {}
    for key, path in sorted(zip(keys, paths, strict=True)):
        other = first.setdefault(key, path)
        if other != path:
            yield Diagnostic(
                code="E123",
                severity=Severity.INFO,
                path=path,
                message=f"the path differs from {other!r} {_difference(path, other)}",
                hint="macOS and Windows cannot keep both files; rename one of them",
            )
