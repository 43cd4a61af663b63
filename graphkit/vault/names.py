"""How pages are named: titles, names and file stems in both of Logseq's encodings. Knows no file and no page's text."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NewType
from unicodedata import normalize

from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record
from graphkit.vault.journal import journal_formats

if TYPE_CHECKING:
    import re
    from datetime import date

    from graphkit.vault.config import GraphConfig, NameFormat

PageName = NewType("PageName", str)
"""A page's identity: the title in lower case, without one leading and one trailing slash, NFC (spec: domain §1)."""

MAX_FILE_NAME_BYTES = 255
"""Longest file name that the usual file systems take, in bytes of UTF-8."""
MAX_NAMESPACE_DEPTH = 100
"""Parents of one title that are followed, nearest first; a bound, so that a line of slashes stays linear."""

_ESCAPED_ASCII = lazy_pattern(r"%([0-7][0-9A-Fa-f])")
_ESCAPED_RUN = lazy_pattern(r"(?:%[0-9A-Fa-f]{2})+")
_STRAY_PERCENT = lazy_pattern(r"%(?![0-9A-Fa-f]{2})")
_AMBIGUOUS_PERCENT = lazy_pattern(r"%(?=[0-9A-Fa-f]{2})")
_RESERVED = lazy_pattern(r'[:*?"<>|#\\]')
_ENCODED = {ord(sign): f"%{ord(sign):02X}" for sign in ':*?"<>|#\\'}
_ENCODED_LEGACY = _ENCODED | {ord(sign): f"%{ord(sign):02X}" for sign in "/%"}
_LOWBARS = lazy_pattern(r"___|_/|/_")
_DEVICE = lazy_pattern(r"(?:CON|PRN|AUX|NUL|COM[1-9]|LPT[1-9])\Z")
_DEVICE_FILE = lazy_pattern(r"(?i:CON|PRN|AUX|NUL|COM[1-9¹²³]|LPT[1-9¹²³]|CONIN\$|CONOUT\$) *(?:\.|\Z)")
_FORBIDDEN_ON_DISK = lazy_pattern(r'[\x00-\x1f/\\:*?"<>|]')
_INNERMOST = lazy_pattern(r"\[\[([^\[\]]+)\]\]")
_URL = lazy_pattern(r"[\x00- ]*(?i:https?|ftp|wss?):[/\\]*[^\s/\\?#<>^|\[\]]")


@lru_cache(maxsize=4096)
def page_name(title: str) -> PageName:
    """The identity of the page that a title names; spaces count, and `""` or `"/"` give the empty name.

    Cached: a report asks for the names on one page several times in a row.

    spec: logseq-format §2.1. JavaScript's and Python's lower-casing follow the same tables (`İ`, `ẞ`, final sigma).
    """
    name = title.lower()
    if "/" in name:
        name = name.removeprefix("/").removesuffix("/")
    return PageName(name if name.isascii() else normalize("NFC", name))


def title_from_stem(stem: str, fmt: NameFormat) -> str:
    """The title that a file stem stands for.

    spec: logseq-format §2.3, §2.4. Triple-lowbar decodes each `%XX` by itself, so bytes beyond ASCII stay encoded;
    legacy decodes the whole as UTF-8 or, where that fails, not at all.
    """
    if fmt == "legacy":
        return _uri_decode(stem.replace(".", "/"))
    title = stem.replace("___", "/")
    if "%" in title:
        title = _ESCAPED_ASCII.sub(_decode_ascii, title)
    if "/" in title:
        title = "/".join(filter(None, title.split("/")))
    return title


def stem_from_title(title: str, fmt: NameFormat) -> str:
    """The file stem under which Logseq keeps a page of this title, never `a/b`: the stem holds no separator.

    spec: logseq-format §2.3, §2.4 (in its order of steps). Whether the title can be read back from it is
    `needs_title_property`; whether it is a possible file name is `file_name_problem`.
    """
    stem = normalize("NFC", title).removeprefix("/").removesuffix("/")
    if fmt == "legacy":
        return stem.translate(_ENCODED_LEGACY)
    stem = _AMBIGUOUS_PERCENT.sub("%25", stem)
    stem = stem.translate(_ENCODED)
    if stem.startswith("."):
        stem = "%2E" + stem[1:]
    if stem.endswith(".") or _DEVICE.match(stem):
        stem += "/"
    stem = _LOWBARS.sub(_percent_lowbars, stem)
    return stem.replace("/", "___")


def needs_title_property(title: str, fmt: NameFormat) -> bool:
    """Whether the file of this page must carry `title::`, because its stem does not give the title back.

    spec: logseq-format §2.4 (legacy also where the title holds reserved characters); for triple-lowbar the same test.
    """
    if fmt == "legacy" and _RESERVED.search(title):
        return True
    return title_from_stem(stem_from_title(title, fmt), fmt) != title


def file_name_problem(name: str) -> str | None:
    """Why this file name (with its extension) cannot be kept on every usual system; None where it can.

    The reason is a clause that fits behind "the name": length, reserved characters, device names, blanks, dots.
    """
    if not name.strip(". "):
        return "is empty"
    if len(name.encode("utf-8", "surrogatepass")) > MAX_FILE_NAME_BYTES:
        return f"is longer than {MAX_FILE_NAME_BYTES} bytes"
    if found := _FORBIDDEN_ON_DISK.search(name):
        return f"holds {found.group()!r}, which some systems do not allow"
    if _DEVICE_FILE.match(name):
        return "is a device on Windows"
    if name.startswith("."):
        return "starts with a dot, so Logseq does not see it"
    if name.endswith((".", " ")):
        return "ends with a dot or a blank, which Windows drops"
    return None


def namespace_pages(title: str) -> tuple[str, ...]:
    """Titles that a reference to this one refers to besides: the pages above it, nearest first.

    Of a nested link it is those of the first link inside, itself included: `[[a [[b/c]]]]` refers to `b/c` and `b`.
    spec: logseq-format §6.1, 6.5, 11.2.
    """
    if "/" not in title:
        return ()
    inner = _INNERMOST.search(title) if "[[" in title else None
    if inner is None:
        return namespace_parents(title)
    parents = namespace_parents(inner[1])
    return (inner[1], *parents) if parents else ()


def namespace_parents(title: str) -> tuple[str, ...]:
    """Titles of the pages above a namespaced title, nearest first; at most `MAX_NAMESPACE_DEPTH` of them.

    `a/b/c` gives `a/b`, `a`. Relative paths, URLs and titles with nested links have none. A namespaced title that ends
    with a slash (`a/b/`) is its own parent. spec: logseq-format §6.5, and what Logseq makes of real vaults.
    """
    if "/" not in title or title.startswith(("./", "../")) or _URL.match(title):
        return ()
    if "[[" in title and _INNERMOST.search(title):
        return ()
    if "/" not in title.removeprefix("/").removesuffix("/"):
        return ()
    if title.startswith("/"):
        title = title[1:].removesuffix("/")
    parents: list[str] = []
    at = title.rfind("/")
    while at > 0 and len(parents) < MAX_NAMESPACE_DEPTH:
        parent = title[:at].removesuffix("/")
        if parent and (not parents or parents[-1] != parent):
            parents.append(parent)
        at = title.rfind("/", 0, at)
    return tuple(parents)


class FileTitle(Record, frozen=True, kw_only=True):
    """What a file calls its page: title as shown, name, and the day where it is a journal."""

    title: str
    name: PageName
    journal_day: date | None = None


def title_of_file(path: str, config: GraphConfig, title_property: str | None = None) -> FileTitle:
    """The page that a file holds, by its path below the graph and the `title::` that opens it (None: it has none).

    An empty `title::` gives the empty name (spec: logseq-format §2.2, §2.5).
    """
    if path.startswith("pages/contents."):
        title = "Contents"
    elif title_property is not None:
        title = title_property
    else:
        stem = path[path.rfind("/") + 1 :].rpartition(".")[0]
        title = title_from_stem(stem if stem.isascii() else normalize("NFC", stem), config.file_name_format)
    formats = journal_formats(config.journal_title_format)
    day = formats.parse(title)
    if day is not None:
        title = formats.title(day)
    return FileTitle(title=title, name=page_name(title), journal_day=day)


def title_of_path(path: str) -> str:
    """The title of a file in a vault that is no Logseq graph: its path without the extension (spec: domain §1)."""
    folder, slash, name = path.rpartition("/")
    stem = name.rpartition(".")[0] or name
    title = f"{folder}{slash}{stem}"
    return title if title.isascii() else normalize("NFC", title)


def _percent_lowbars(found: re.Match[str]) -> str:
    return found.group().replace("_", "%5F")


def _decode_ascii(found: re.Match[str]) -> str:
    return chr(int(found.group(1), 16))


def _decode_run(found: re.Match[str]) -> str:
    return bytes.fromhex(found.group().replace("%", "")).decode("utf-8")


def _uri_decode(text: str) -> str:
    """As JavaScript's `decodeURIComponent`; the text as it is where that would throw."""
    if "%" not in text:
        return text
    if _STRAY_PERCENT.search(text):
        return text
    try:
        return _ESCAPED_RUN.sub(_decode_run, text)
    except UnicodeDecodeError:
        return text
