"""The view `query`: what a query of Logseq's finds, as list, table or count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.views.contexts import QueryContext
from graphkit.views.status_view import LIMIT
from graphkit.views.view import Built, Parameter, ParameterError, View
from graphkit.views.view_material import DEFAULT_LIMIT

if TYPE_CHECKING:
    from graphkit.views.view import Asked
    from graphkit.views.view_material import Material

FORMS = ("list", "table", "count")


def build(material: Material, asked: Asked) -> Built:
    """The context of `query`."""
    forms = asked.words("as", FORMS) or ("list",)
    if len(forms) > 1:
        raise ParameterError(f"as={','.join(forms)} names several forms", "write one of list, table, count")
    limit = asked.limit(DEFAULT_LIMIT)
    title = asked.page.title if asked.page is not None else None
    found = material.query(asked.values.get("expr"), asked.values.get("name"), asked.text, title)
    rows = found.rows if found.columns else ()
    total = len(rows) if found.columns else len(found.items)
    return Built(
        context=QueryContext(
            form=forms[0],
            items=() if found.columns else found.items[:limit],
            columns=found.columns,
            rows=rows[:limit],
            total=total,
            more=max(0, total - limit),
        )
    )


VIEW = View(
    name="query",
    meaning="what a query finds: that of the block itself, of expr= or of name=",
    parameters=(
        Parameter(name="expr", kind="words", meaning="the query, where the block itself holds none"),
        Parameter(name="name", kind="name", meaning="a query of graphkit.toml or of config.edn"),
        Parameter(name="as", kind="words", choices=FORMS, meaning="how it is shown; default: list"),
        LIMIT,
    ),
    context=QueryContext,
    build=build,
)
