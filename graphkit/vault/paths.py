"""Pages named by their paths: titles, names and what a link means, outside Logseq graphs."""

from __future__ import annotations

from collections import Counter
from posixpath import normpath
from typing import TYPE_CHECKING, Final
from unicodedata import normalize

from graphkit.text.patterns import lazy_pattern
from graphkit.vault.layout import Dialect
from graphkit.vault.names import PageName, page_name, title_of_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_RELATIVE: Final = ("./", "../")
_UNSAFE: Final = lazy_pattern(r'[<>:"|?*\\/\x00-\x1f\x7f]')
_LONGEST_STEM: Final = 160


class PagePaths:
    """The pages of a vault by their paths.

    A page's identity is its path without extension; of two that differ only by case or extension the second keeps its
    whole path as written. In a mirror it is the title, which the file's stem gives (spec: domain §1,
    spec: logseq-format §9.3).
    """

    def __init__(self, paths: Iterable[str], dialect: Dialect) -> None:
        self._mirror = dialect is Dialect.MIRROR
        self._names: dict[str, PageName] = {}
        self._by_name: dict[PageName, str] = {}
        self._by_stem: dict[str, str] = {}
        """The first path of each stem."""
        self._bearers: Counter[str] = Counter()
        """The number of pages whose names have this ending."""
        self._nearest: dict[str, str] = {}
        """The path in the fewest folders, then the first by name, of those whose names have this ending."""
        for path in paths:
            name = page_name(title_of_path(path))
            if name in self._by_name:
                name = PageName(path)
            self._by_name[name] = path
            self._names[path] = name
            self._by_stem.setdefault(_stem(name), path)
            for ending in () if self._mirror else _endings(name):
                self._bearers[ending] += 1
                other = self._nearest.setdefault(ending, path)
                if other is not path and _nearness(path) < _nearness(other):
                    self._nearest[ending] = path

    def name(self, path: str) -> PageName:
        """The identity of the page in this file."""
        return self._names[path]

    def title(self, path: str) -> str:
        """The shortest end of a page's path that is unique: the text of a link to it.

        `Experiments/Checkout.md` gives `Checkout`, or `Experiments/Checkout` where another folder has a `Checkout` too.
        """
        name = self._names[path]
        whole = path if name == path else title_of_path(path)
        if self._mirror:
            return whole[whole.rfind("/") + 1 :]
        at = len(whole)
        while (at := whole.rfind("/", 0, at)) >= 0:
            end = page_name(whole[at + 1 :])
            own = name == end or name.endswith(f"/{end}")
            if self._bearers[end] == own:
                return whole[at + 1 :]
        return whole

    def find(self, link: str) -> str | None:
        """The file that a link means: the page with this path, else a page whose path ends with it.

        Letter case does not matter. Of several matches the one in the fewest folders wins, then the first by name.
        A `/` in front makes the path count from the vault's folder.
        """
        if self._mirror:
            return self._by_stem.get(page_name(mirror_stem(link)))
        name = page_name(link.strip().removeprefix("/"))
        exact = self._by_name.get(name)
        if exact is not None or link.startswith("/"):
            return exact
        if name.startswith(_RELATIVE):
            return None
        return self._nearest.get(name)


def absolute_target(target: str, path: str) -> str:
    """A link's target as a path from the vault's folder where it counts from the page at `path` (`./x`, `../x`).

    Any other target stays as it is, and so does one that would lead out of the vault.
    """
    if not target.startswith(_RELATIVE):
        return target
    folder = path[: path.rfind("/") + 1]
    joined = normpath(f"{folder}{target}")
    return target if joined.startswith("..") else joined


def mirror_stem(title: str) -> str:
    """The file stem under which a mirror keeps a page (spec: logseq-format §9.3)."""
    return _UNSAFE.sub("_", normalize("NFC", title)).rstrip(". ")[:_LONGEST_STEM]


def _stem(name: str) -> str:
    return name[name.rfind("/") + 1 :]


def _endings(name: str) -> Iterator[str]:
    """The name, and the part after each of its slashes."""
    yield name
    at = name.find("/")
    while at >= 0:
        yield name[at + 1 :]
        at = name.find("/", at + 1)


def _nearness(path: str) -> tuple[int, str]:
    return path.count("/"), path
