"""The view `status`: all experiments, or those that match the parameters, in order of attention."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from graphkit.insight.experiments.experiment import ATTENTION, LIFECYCLES, RESULTS
from graphkit.vault.names import page_name
from graphkit.views.contexts import AttentionCount, StatusContext
from graphkit.views.view import Built, Parameter, View
from graphkit.views.view_material import DEFAULT_LIMIT, experiment_context, meant, same_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphkit.insight.experiments.experiment import Experiment
    from graphkit.views.view import Asked
    from graphkit.views.view_material import Material

STATUS_WORDS = tuple(
    dict.fromkeys((
        *ATTENTION, *LIFECYCLES, *sorted(RESULTS), "no tasks", "not started", "in progress", "blocked", "done",
    ))
)  # fmt: skip
"""The values of `status=`: an attention, a lifecycle, a result, a word for progress."""

LIMIT = Parameter(name="limit", kind="number", meaning=f"most entries shown; {DEFAULT_LIMIT} without it")


def kept_experiments(material: Material, asked: Asked, notes: list[str]) -> list[Experiment]:
    """The experiments that `goal= owner= status= tag=` keep; unknown names are noted."""
    kept = everything = list(material.experiments())
    for name, names_of in (
        ("goal", lambda item: item.goals),
        ("owner", lambda item: item.owners),
        ("tag", lambda item: item.page.tags),
        ("strategy", lambda item: experiment_context(item).strategies),
    ):
        wanted = asked.values.get(name)
        if wanted is None or not everything:
            continue
        titles = (title for item in everything for title in names_of(item))
        unknown = f'{name}="{wanted}" is the {name} of no experiment'
        names = same_name(meant(wanted, titles, material, notes, unknown=unknown), material)
        kept = [item for item in kept if _names(names_of(item)) & names]
    words = asked.words("status", STATUS_WORDS)
    if words:
        kept = [
            item
            for item in kept
            if {item.lifecycle, item.attention, item.progress.word, item.result or ""}.intersection(words)
        ]
    return kept


def _names(titles: Iterable[str]) -> frozenset[str]:
    return frozenset(page_name(title) for title in titles)


def build(material: Material, asked: Asked) -> Built:
    """The context of `status`."""
    notes: list[str] = []
    limit = asked.limit(DEFAULT_LIMIT)
    kept = kept_experiments(material, asked, notes)
    counts = Counter(item.attention for item in kept)
    return Built(
        context=StatusContext(
            experiments=tuple(experiment_context(item) for item in kept[:limit]),
            total=len(kept),
            more=max(0, len(kept) - limit),
            counts=tuple(
                AttentionCount(attention=attention, number=counts[attention])
                for attention in ATTENTION
                if counts[attention]
            ),
        ),
        notes=tuple(notes),
    )


VIEW = View(
    name="status",
    meaning="experiments, what needs attention first",
    parameters=(
        Parameter(name="goal", kind="name", meaning="only experiments for this goal"),
        Parameter(name="owner", kind="name", meaning="only experiments of this owner"),
        Parameter(name="strategy", kind="name", meaning="only experiments that test this strategy"),
        Parameter(name="tag", kind="name", meaning="only experiments whose page has this tag"),
        Parameter(
            name="status", kind="words", choices=STATUS_WORDS,
            meaning="only these: a lifecycle, an attention, a result or a word for progress",
        ),
        LIMIT,
    ),
    context=StatusContext,
    build=build,
)  # fmt: skip
