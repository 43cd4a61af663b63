"""The sources of a portfolio: what a word of the command line names, and what identifies a vault.

A source is refused if git or a shell could take it for anything but a place to read from.
"""

from __future__ import annotations

import glob
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import urlsplit, urlunsplit

from graphkit.app.failures import RequestError
from graphkit.text.digests import file_digest
from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Kind = Literal["folder", "git", "objects"]

LONGEST_LIST: Final = 64_000_000
"""Bytes of a file that lists sources."""
_GIT_PROTOCOLS: Final = frozenset({"https", "ssh", "file"})
_OBJECT_PROTOCOLS: Final = frozenset({"s3", "file"})
_FORMS: Final = (
    "a source is a folder, a glob pattern, a file that lists sources, git+PATH, git+https://…, git+ssh://…, "
    "s3://BUCKET/PREFIX or file:///PREFIX"
)
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)(::|://)")
_SCP_LIKE: Final = re.compile(r"[\w.-]+@[\w.-]+:(?!//)")
_REVISION: Final = re.compile(r"\w[\w./+@~^{}-]*")
_NOT_SLUG: Final = re.compile(r"[^a-z0-9]+")
_LONGEST_SLUG: Final = 40


class Source(Record, frozen=True, kw_only=True):
    """One vault to read."""

    kind: Kind
    address: str
    """A folder, the URL or folder of a git repository, or the URL of a prefix; may hold credentials."""
    revision: str = ""
    """Of a git repository: a commit, branch or tag; empty for its default branch."""
    folder: str = ""
    """Of a git repository: the vault's folder in it; empty for the whole repository."""

    @property
    def shown(self) -> str:
        """The source as it may be written down: without user and password."""
        shown = without_credentials(self.address)
        if self.kind != "git":
            return shown
        rest = f"{self.revision}{':' if self.folder else ''}{self.folder}"
        return f"git+{shown}{'#' if rest else ''}{rest}"

    @property
    def name(self) -> str:
        """The last part of the source's path."""
        path = self.folder or urlsplit(self.shown.removeprefix("git+")).path or self.address
        return path.rstrip("/").rsplit("/", 1)[-1].removesuffix(".git") or "vault"

    @property
    def id(self) -> str:
        """A slug of the name and a hash of the source: the same in every run, and different for equal names."""
        slug = _NOT_SLUG.sub("-", self.name.lower()).strip("-")[:_LONGEST_SLUG].rstrip("-")
        return f"{slug or 'vault'}-{file_digest(self.shown.encode('utf-8', 'surrogatepass')).hex()[:10]}"


def without_credentials(address: str) -> str:
    """The address without the user and the password of a URL."""
    if "://" not in address:
        return address
    parts = urlsplit(address)
    _, at, host = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=host, query="")) if at or parts.query else address


def _refused(word: str) -> RequestError:
    return RequestError(f"{without_credentials(word)!r} cannot be a source", _FORMS)


def read_sources(words: Iterable[str], here: Path) -> list[Source]:
    """The sources that words name, each once, in order; prefixes of object stores are not listed yet.

    here: the folder that relative paths start from. Raises RequestError for a word that is refused, a pattern that
    matches no folder, and a list that cannot be read.
    """
    found = dict.fromkeys(source for word in words for source in _read_word(word, here, listed=False))
    return list(found)


def _read_word(word: str, here: Path, *, listed: bool) -> Iterator[Source]:
    if not word or word.startswith("-") or any(ord(char) < 0x20 or char == "\x7f" for char in word):
        raise _refused(word)
    if word.startswith("git+"):
        yield _git_source(word.removeprefix("git+"), word, here)
        return
    scheme = _SCHEME.match(word)
    if scheme is not None:
        yield _url_source(word, scheme[1].lower(), scheme[2])
        return
    path = here / word
    if _is_list(path):
        if listed:
            raise RequestError(f"{word!r} is a file: a list of sources cannot name another list", _FORMS)
        yield from _read_list(path)
    elif glob.has_magic(word) and not path.exists():
        folders = sorted(entry for entry in glob.glob(str(path), recursive=True) if Path(entry).is_dir())  # noqa: PTH207 - with `**`
        if not folders:
            raise RequestError(f"{word!r} matches no folder", "put the pattern in quotes, and give it from here")
        for folder in folders:
            yield _folder_source(Path(folder))
    elif _SCP_LIKE.match(word) and not path.exists():
        host, _, rest = word.partition(":")
        raise RequestError(f"{word!r} is no folder", f"write a repository as git+ssh://{host}/{rest}")
    else:
        yield _folder_source(path)


def _is_list(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _folder_source(path: Path) -> Source:
    return Source(kind="folder", address=str(path.resolve()))


def _url_source(word: str, scheme: str, sign: str) -> Source:
    if scheme in _OBJECT_PROTOCOLS and sign == "://":
        return Source(kind="objects", address=word)
    if scheme in {"https", "ssh"} and sign == "://":
        raise RequestError(f"{without_credentials(word)!r} could be many things", f"write git+{scheme}://… for git")
    raise RequestError(f"{without_credentials(word)!r} names the protocol {scheme!r}, which is not read", _FORMS)


def _git_source(place: str, word: str, here: Path) -> Source:
    address, _, rest = place.partition("#")
    revision, _, folder = rest.partition(":")
    folder = folder.strip("/")
    scheme = _SCHEME.match(address)
    if scheme is not None:
        if scheme[2] != "://" or scheme[1].lower() not in _GIT_PROTOCOLS:
            raise RequestError(
                f"{without_credentials(word)!r} names the protocol {scheme[1]!r}, which is not read", _FORMS
            )
        host = urlsplit(address).netloc.rpartition("@")[2]
        if host.startswith("-"):
            raise _refused(word)
    elif not address or address.startswith("-") or "::" in address or _SCP_LIKE.match(address):
        raise _refused(word)
    else:
        address = str((here / address).resolve())
    if revision and (".." in revision or not _REVISION.fullmatch(revision)):
        raise RequestError(f"{revision!r} is no commit, branch or tag", "write git+REPOSITORY#REVISION:FOLDER")
    if folder and not is_safe_path(folder):
        raise RequestError(f"{folder!r} is no folder of a repository", "write git+REPOSITORY#REVISION:FOLDER")
    return Source(kind="git", address=address, revision=revision, folder=folder)


def is_safe_path(path: str) -> bool:
    """True if a relative path stays below its folder, and out of git's own."""
    parts = path.split("/")
    return (
        "\\" not in path
        and "\0" not in path
        and not any(part in {"", ".", ".."} or part.lower() == ".git" for part in parts)
    )


def _read_list(path: Path) -> Iterator[Source]:
    """The sources in a file, one a line; blank lines and lines that begin with `#` are skipped."""
    try:
        if path.stat().st_size > LONGEST_LIST:
            raise RequestError(f"{path} is larger than {LONGEST_LIST // 1_000_000} MB", "split it into several lists")
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise RequestError(f"{path} cannot be read as a list of sources: {error}", _FORMS) from error
    for number, line in enumerate(lines, 1):
        word = line.strip()
        if not word or word.startswith("#"):
            continue
        try:
            yield from _read_word(word, path.parent, listed=True)
        except RequestError as error:
            raise RequestError(f"{path}:{number}: {error.message}", error.hint) from None
