"""Which metric a name means: the metrics of a vault, declared by a page or only named (spec: domain §1, §7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record
from graphkit.vault.names import page_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from graphkit.facts.page_facts import PageFacts

_COMMA: Final = lazy_pattern(r"[,、，]|\s(?:and|&|und|et|y|e)\s")
_PARENTHESES = lazy_pattern(r"\([^()]*\)")
_WORD = lazy_pattern(r"[^\W_]+")


class Metric(Record, frozen=True, kw_only=True):
    """A metric by name."""

    key: str
    """Its identity: the name of its page, or of itself where it has none."""
    title: str
    page: PageFacts | None = None
    """Its page, of type metric; None: an undeclared metric."""

    @property
    def declared(self) -> bool:
        """True if it has a page of its own."""
        return self.page is not None

    @property
    def aliases(self) -> tuple[str, ...]:
        """Further names, from its page."""
        return self.page.aliases if self.page else ()

    @property
    def id(self) -> str:
        """Id of its node in the graph (spec: domain §2)."""
        return f"metric:{self.key}"


def slug(name: str) -> str:
    """A name as a property key spells it: lower case, letters and digits with `-` between, parentheses dropped.

    Where nothing but a part in parentheses is left, that part counts (spec: domain §7).
    """
    lower = name.lower()
    return "-".join(_WORD.findall(_PARENTHESES.sub(" ", lower))) or "-".join(_WORD.findall(lower))


class MetricNames:
    """All metrics of a vault; names are resolved by title, then alias, then slug, declared metrics first."""

    def __init__(self, pages: Iterable[PageFacts]) -> None:
        """Pages: those of type metric, in the order of loading."""
        self._metrics: dict[str, Metric] = {}
        self._by_alias: dict[str, Metric] = {}
        self._by_slug: dict[str, Metric] = {}
        for page in pages:
            if page.name in self._metrics:
                continue
            metric = Metric(key=page.name, title=page.title, page=page)
            self._metrics[metric.key] = metric
        declared = tuple(self._metrics.values())
        for metric in declared:
            for alias in metric.aliases:
                self._by_alias.setdefault(page_name(alias), metric)
        for metric in declared:
            self._add_slug(metric.title, metric)
        for metric in declared:
            for alias in metric.aliases:
                self._add_slug(alias, metric)

    def __iter__(self) -> Iterator[Metric]:
        """All metrics, declared ones first."""
        return iter(self._metrics.values())

    def __len__(self) -> int:
        return len(self._metrics)

    def _add_slug(self, name: str, metric: Metric) -> None:
        key = slug(name)
        if key:
            self._by_slug.setdefault(key, metric)

    def of_key(self, key: str) -> Metric | None:
        """The metric with this identity."""
        return self._metrics.get(key)

    def resolve(self, name: str) -> Metric | None:
        """The metric of this name, if there is one."""
        key = page_name(name)
        found = self._metrics.get(key) or self._by_alias.get(key)
        return found if found is not None else self._by_slug.get(slug(name))

    def linked(self, title: str) -> Metric | None:
        """The metric whose page, or whose name, a `[[link]]` of this title leads to: no slugs, as in Logseq."""
        key = page_name(title)
        return self._metrics.get(key) or self._by_alias.get(key)

    def resolve_key(self, key: str) -> Metric | None:
        """The metric that a property's normalised key names: by slug, or by a title or alias without spaces."""
        return self._by_slug.get(key) or self._metrics.get(key) or self._by_alias.get(key)

    def name(self, title: str) -> Metric:
        """The metric of this name; an undeclared one is made if it has none."""
        found = self.resolve(title)
        if found is None:
            found = Metric(key=page_name(title), title=title)
            self._metrics[found.key] = found
            self._add_slug(title, found)
        return found

    def split(self, text: str) -> tuple[str, ...]:
        """The names in a part of a *Key Metrics* cell: of a comma list all, if each is that of a metric with a page."""
        whole = self.resolve(text)
        if whole is not None and whole.declared:
            return (text,)
        parts = tuple(part.strip() for part in _COMMA.split(text))
        found = [self.resolve(part) if part else None for part in parts]
        return parts if all(metric is not None and metric.declared for metric in found) else (text,)

    def spellings(self) -> Iterator[tuple[str, Metric]]:
        """Every title and alias with its metric, for the search for mentions."""
        for metric in self._metrics.values():
            yield metric.title, metric
            for alias in metric.aliases:
                yield alias, metric
