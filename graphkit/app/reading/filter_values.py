"""Resolve the names, words and codes of filters; an unknown one is an error, never an empty result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphkit.app.failures import RequestError
from graphkit.app.reading.name_lookup import named
from graphkit.facts.diagnostic_codes import CODES
from graphkit.facts.property_values import read_names
from graphkit.insight.experiments.experiment import ATTENTION, LIFECYCLES, RESULTS
from graphkit.text.records import replace
from graphkit.vault.names import page_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from graphkit.app.reading.name_lookup import Filters
    from graphkit.app.vault import Vault
    from graphkit.facts.catalog import Catalog
    from graphkit.insight.experiments.experiment import Experiment

PROGRESS_WORDS: Final = ("not started", "in progress", "blocked", "done", "no tasks")
"""The words for an experiment's progress (spec: domain §6)."""
STATUS_WORDS: Final = tuple(dict.fromkeys((*LIFECYCLES, *ATTENTION, *PROGRESS_WORDS, *sorted(RESULTS))))
"""All values of `--status`."""
HEALTH_WORDS: Final = ("on track", "at risk", "off track", "no target")


def identity_in(catalog: Catalog) -> Callable[[str], str]:
    """A function that gives a name's identity: the name of the page with this title or alias, else the name itself."""

    def identity(title: str) -> str:
        page = catalog.page(title)
        return page.name if page else page_name(title)

    return identity


def settle_filters(vault: Vault, filters: Filters, experiments: Sequence[Experiment]) -> Filters:
    """The filters with each value resolved to an identity or a word.

    A goal, owner or tag is one that an experiment has, or any page, or one that the vault names elsewhere. Raises
    RequestError with the near names.
    """
    catalog = vault.catalog
    return replace(
        filters,
        goals=_settled(
            catalog,
            filters.goals,
            (name for item in experiments for name in item.goals),
            lambda: goal_titles(vault),
            noun="goal",
        ),
        owners=settle_owners(catalog, filters.owners, (name for item in experiments for name in item.owners)),
        tags=_settled(
            catalog,
            tuple(tag.removeprefix("#") for tag in filters.tags),
            (tag for item in experiments for tag in item.page.tags),
            lambda: (tag for page in catalog.pages() for tag in page.tags),
            noun="tag",
        ),
        statuses=tuple(_word(word, STATUS_WORDS, "status") for word in filters.statuses),
        healths=tuple(_word(word, HEALTH_WORDS, "health") for word in filters.healths),
    )


def settle_owners(catalog: Catalog, wanted: Sequence[str], held: Iterable[str] = ()) -> tuple[str, ...]:
    """Identities of the owners that names mean. Raises RequestError that suggests similar names.

    held: names that are looked at first; then those of all pages and tasks.
    """
    return _settled(catalog, wanted, held, lambda: owner_titles(catalog), noun="owner")


def goal_titles(vault: Vault) -> Iterator[str]:
    """Titles of the pages of the type goal, and what pages name as their goals."""
    yield from (page.title for page in vault.catalog.of_type(vault.reading.goal_types))
    yield from (goal.title for page in vault.catalog.stating() for goal in page.goals)


def owner_titles(catalog: Catalog) -> Iterator[str]:
    """Whoever owns a page or a task, as it is written there."""
    for page in catalog.pages():
        yield from read_names(page.properties.get("owner", ""))
        for task in page.tasks:
            yield from read_names(task.properties.get("owner", ""))


def _settled(
    catalog: Catalog,
    wanted: Sequence[str],
    held: Iterable[str],
    others: Callable[[], Iterable[str]],
    *,
    noun: str,
) -> tuple[str, ...]:
    if not wanted:
        return ()
    identity = identity_in(catalog)
    near: dict[str, str] = {}

    def note(names: Iterable[str]) -> None:
        for name in dict.fromkeys(names):
            page = catalog.page(name)
            near.setdefault(page.name if page else page_name(name), page.title if page else name)

    note(held)
    complete = False
    found: list[str] = []
    for name in wanted:
        own = page_name(name.strip())
        if own and (identity(name) in near or catalog.page(name) is not None):
            found.append(identity(name))
            continue
        if not complete:  # searches the whole vault, so only for names that are not exact
            note(others())
            complete = True
        title = named(name, list(near.values()), title=lambda item: item, aliases=lambda _: (), noun=noun)
        found.append(identity(title))
    return tuple(found)


def _word(wanted: str, words: Sequence[str], noun: str) -> str:
    plain = wanted.strip().lower().replace("-", " ")
    return named(plain, words, title=lambda word: word, aliases=lambda _: (), noun=noun)


def settle_codes(wanted: Sequence[str]) -> tuple[str, ...]:
    """Prefixes of diagnostic codes in upper case. Raises RequestError for one that matches no code."""
    found = tuple(code.strip().upper() for code in wanted)
    for code, written in zip(found, wanted, strict=True):
        if code and any(known.startswith(code) for known in CODES):
            continue
        alike = (tuple(known for known in CODES if code and known.startswith(code[:size])) for size in (3, 2))
        near = next((known for known in alike if known), ())[:5]
        families = sorted({known[:2] for known in CODES})
        hint = f"near are {', '.join(near)}" if near else f"codes begin with {', '.join(families)}"
        raise RequestError(f"no diagnostic code begins with “{written}”", hint)
    return found
