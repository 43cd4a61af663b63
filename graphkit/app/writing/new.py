"""`graphkit new`: a page from a template, read back before it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.app.failures import RequestError
from graphkit.app.page_reader import read_page, scan_outline
from graphkit.app.reading.name_lookup import named
from graphkit.app.reading.strategies import mended
from graphkit.app.reading.vault_metrics import open_vault_metrics
from graphkit.app.results.edits import CreateReport
from graphkit.app.writing.apply_plans import Change, WriteReport, require_writable, write_changes
from graphkit.app.writing.new_page_path import NewPage, NoPage, place_new_page
from graphkit.app.writing.page_edit import require_read
from graphkit.app.writing.page_titles import TitleFinder
from graphkit.app.writing.template_lookup import Templates
from graphkit.facts.metric_pages import read_metric_page
from graphkit.facts.page_facts import TaskStatus
from graphkit.insight.work.marker_change import STARTING
from graphkit.outline.header import read_header
from graphkit.outline.inline import plain_text
from graphkit.outline.saving.fixed_point import saved_form
from graphkit.text.diagnostics import Severity
from graphkit.text.edit import Plan, Splice
from graphkit.vault.names import page_name, title_of_file
from graphkit.views.environment import TemplateError
from graphkit.views.filters import page_ref
from graphkit.views.new_page import read_new_page
from graphkit.views.rendered_outline import ReadBackError
from graphkit.views.template_values import read_values

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from graphkit.app.vault import Vault
    from graphkit.facts.page_facts import PageFacts
    from graphkit.insight.experiments.strategy_matrix import Strategy
    from graphkit.outline.page_outline import Outline
    from graphkit.views.template_head import Template
    from graphkit.views.template_values import PageValues

KINDS = ("experiment", "goal", "metric", "strategy")
"""The kinds of pages that `new` creates, each from the template of that name."""

SHORTCUTS: Mapping[str, tuple[str, ...]] = {
    "goal": ("goals", "goal"),
    "metric": ("metric", "metrics"),
    "owner": ("owner",),
    "strategy": ("strategy",),
}
"""Options of their own, and the variables that they fill: the first of them that the template declares."""


def find_template(vault: Vault, kind: str, path: Path | None = None) -> Template:
    """The page template of a kind: the file named, else the vault's own, else the shipped one. Raises RequestError."""
    with Templates(vault.root) as templates:
        try:
            return templates.find("pages", kind, path)
        except TemplateError as error:
            raise RequestError(str(error), "docs/templates.md says what a template looks like") from error


def shortcut_values(vault: Vault, template: Template, given: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The values of `--goal`, `--metric` and similar options, by the template's variables.

    A variable that takes one page gets the first of several, and the next in SHORTCUTS the others.
    """
    finder = TitleFinder(vault)
    declared = {variable.name: variable.type for variable in template.variables}
    values: dict[str, str] = {}
    for option, written in given.items():
        titles = [title for value in written for title in finder.split(value)]
        names = [name for name in SHORTCUTS[option] if name in declared] or [option]
        for name in names:
            most = 1 if declared.get(name) == "page" and name != names[-1] else len(titles)
            taken, titles = titles[:most], titles[most:]
            if taken:
                text = declared.get(name) == "text"
                values[name] = "; ".join(taken) if text else ", ".join(map(_as_link, taken))
    return values


def _as_link(title: str) -> str:
    link = f"[[{title}]]"
    return link if page_ref(title) == link else title


def row_values(vault: Vault, reference: str, *, primary: bool = True) -> dict[str, str]:
    """Values for an experiment that tests a row of a strategy table; `title` is the row's name.

    reference: `PAGE#ROW`, or the name of a row alone. The description becomes the hypothesis, the first key metric the
    primary one (a related page as well where not `primary`), the others related pages, the expected impact the outcome.
    Raises RequestError that lists the rows.
    """
    strategy = _strategy(vault, reference)
    fact = strategy.fact
    metrics = [metric.title for metric in strategy.metrics] or [plain_text(cell.text) for cell in fact.key_metrics]
    values = {
        "title": strategy.title,
        "strategy": strategy.page.title,
        "row": strategy.title,
        "hypothesis": plain_text(fact.description.text) if fact.description else "",
        "metric": metrics[0] if metrics and primary else "",
        "related": ", ".join(f"[[{metric}]]" for metric in metrics[primary:]),
        "assumptions": "; ".join(plain_text(cell.text) for cell in fact.assumptions),
        "risks": "; ".join(plain_text(cell.text) for cell in fact.risks),
        "outcome": plain_text(fact.impact.text) if fact.impact else "",
    }
    return {name: mended(value) for name, value in values.items() if value}


def candidate_values(vault: Vault, wanted: str, title: str | None = None) -> dict[str, str]:
    """The title and the aliases of a metric that prose names and nobody declared.

    title: what the page is to be called instead; the candidate's name is then an alias. So is the plural in a *Key
    Metrics* cell, which only its own name or an alias resolves (spec: domain §7).
    Raises RequestError with the near names where there is no such candidate, and for one that has a page.
    """
    from graphkit.app.reading.metrics import report_candidates  # noqa: PLC0415 - reads every page again

    found = named(
        wanted,
        report_candidates(vault).candidates,
        title=lambda row: row.title,
        aliases=lambda row: [row.alias] if row.alias else [],
        noun="candidate for a metric",
    )
    if found.page:
        raise RequestError(
            f"“{found.title}” has a page, {found.page}, which is not marked as a metric",
            "write page-type:: [[metric]] into its first line",
        )
    own = title or found.title[:1].upper() + found.title[1:]
    plural = open_vault_metrics(vault).book.names.resolve(f"{found.title}s")
    names = (found.title, found.alias, plural.title if plural is not None and not plural.declared else "")
    aliases = ", ".join(name for name in names if name and page_name(name) != page_name(own))
    return {"title": own, "alias": aliases} if aliases else {"title": own}


def create_page(
    vault: Vault,
    kind: str,
    title: str,
    given: Mapping[str, str],
    environ: Mapping[str, str],
    *,
    template_path: Path | None = None,
    dry_run: bool = False,
) -> CreateReport:
    """Create a page of this kind; with `dry_run` only report what would be written.

    given: values by the template's variable names, as people write them.
    Raises RequestError for a title that cannot be a page, for values that are missing or wrong (all of them at once),
    and for a template that fails or renders something that does not read back.
    """
    require_writable(vault)
    place = place_titled(vault, title)
    finder = TitleFinder(vault)
    with Templates(vault.root) as templates:
        try:
            template = templates.find("pages", kind, template_path)
            values = _values(vault, template, given, place.title, finder)
            wrong = [f"--set {item.name}=… ({item.prompt}) is missing" for item in values.missing]
            wrong += values.problems
            if wrong:
                known = ", ".join(variable.name for variable in template.variables) or "none"
                raise RequestError("; ".join(wrong), f"{template.name} has the variables {known}")
            rendered = templates.render(template, values.values)
        except TemplateError as error:
            raise RequestError(str(error), "docs/templates.md says what a template may do") from error
    lead = f"title:: {place.title}\n" if place.title_property else ""
    try:
        text = read_new_page(lead + rendered, _scanner(vault), indentation=vault.config.bullet_indentation)
    except ReadBackError as error:
        raise RequestError(
            f"{template.name} gives a page that would not read back as it was meant: {error}",
            "change that place in the template",
        ) from error
    facts = read_page(place.path, text.encode("utf-8", "surrogateescape"), vault)
    if facts is not None:
        _require_understood(vault, facts)
        if kind == "experiment" and not vault.is_experiment(facts):
            finder.notes.append(
                "this vault does not recognise the page as an experiment: see [experiment] in graphkit.toml"
            )
    return write_new_page(vault, kind, place, text, environ, notes=finder.notes, dry_run=dry_run)


def value_problems(vault: Vault, template: Template, name: str, written: str) -> tuple[str, ...]:
    """Problems of a person's value for one variable; one sentence each."""
    values = _values(vault, template, {name: written}, "", TitleFinder(vault))
    return values.problems


def _values(vault: Vault, template: Template, given: Mapping[str, str], title: str, finder: TitleFinder) -> PageValues:
    return read_values(
        template,
        {name.replace("-", "_"): value for name, value in given.items()},
        title=title,
        today=vault.today,
        todo=STARTING[vault.config.preferred_workflow][TaskStatus.TODO],
        parse_day=vault.journals.parse,
        day_title=vault.journals.title,
        titles=finder,
    )


def _require_understood(vault: Vault, facts: PageFacts) -> None:
    """Raises RequestError if `check` would at once find fault with what the new page says, above all of a metric."""
    found = [*facts.diagnostics]
    if not facts.types.isdisjoint(vault.reading.measure_words.metric_types):
        found += read_metric_page(facts, vault.journals.parse).diagnostics
    wrong = [finding for finding in found if finding.severity is not Severity.INFO]
    if wrong:
        raise RequestError("; ".join(finding.message for finding in wrong), wrong[0].hint)


def write_new_page(
    vault: Vault,
    kind: str,
    place: NewPage,
    text: str,
    environ: Mapping[str, str],
    *,
    notes: Sequence[str] = (),
    dry_run: bool = False,
) -> CreateReport:
    """Write a new page's text in the form in which Logseq saves it, once it has been read back under its title.

    notes: what else is to be said, as sentences.
    Raises RequestError if the page would lose something in that form, or would be called otherwise.
    """
    form = saved_form(scan_outline(text, vault.dialect), unit=vault.config.bullet_indentation)
    if form.losses:
        raise RequestError(
            f"the page would not last: {form.losses[0].what} when Logseq saves it", "change that place in the template"
        )
    header = read_header(scan_outline(form.text, vault.dialect))
    found = title_of_file(place.path, vault.config, header.title)
    if found.name != page_name(place.title):
        raise RequestError(
            f"the page would be called “{found.title}” and not “{place.title}”",
            "take `title::` and `#+title:` out of the template, or choose another title",
        )
    written = WriteReport()
    if not dry_run:
        plan = Plan(page=place.path, digest=None, splices=(Splice(0, 0, form.text),), reason=f"new {kind}")
        written = write_changes(vault.root, [Change(plan=plan)], command=f"new {kind}", environ=environ)
    return CreateReport(
        kind=kind,
        title=place.title,
        path=place.path,
        text=form.text,
        notes=tuple(dict.fromkeys(notes)),
        as_of=vault.today,
        pages=written.pages,
        findings=written.findings,
        run=written.run,
    )


def place_titled(vault: Vault, title: str) -> NewPage:
    """Where the page of this title goes. Raises RequestError with the reason where there can be none."""
    place = place_new_page(vault, title)
    shown = " ".join(title.split())
    if isinstance(place, NoPage):
        raise RequestError(f"“{shown}” {place.reason}", place.remedy)
    if page_ref(place.title) != f"[[{place.title}]]":
        raise RequestError(
            f"“{shown}” is not a valid title for a link",
            "choose one that is not an ((id)), does not contain ]], and does not end with ] or \\",
        )
    require_read(vault, place.path)
    return place


def _scanner(vault: Vault) -> Callable[[str], Outline]:
    def scan(text: str) -> Outline:
        return scan_outline(text, vault.dialect)

    return scan


def _strategy(vault: Vault, reference: str) -> Strategy:
    strategies = open_vault_metrics(vault).strategies
    at = len(reference)
    while (at := reference.rfind("#", 0, at)) >= 0:
        page = vault.catalog.page(reference[:at].strip()) or vault.catalog.at_path(reference[:at].strip())
        if page is None:
            continue
        rows = [strategy for strategy in strategies if strategy.page is page]
        wanted = page_name(reference[at + 1 :].strip())
        found = [strategy for strategy in rows if page_name(strategy.title) == wanted]
        found = found or [strategy for strategy in rows if page_name(strategy.title).startswith(wanted)]
        if len(found) == 1:
            return found[0]
        names = "; ".join(f"“{strategy.title}”" for strategy in rows[:10])
        raise RequestError(
            f"“{reference[at + 1 :].strip()}” names no single row of {page.path}",
            f"its rows are {names}" if rows else "this page has no strategy table",
        )
    named = [strategy for strategy in strategies if page_name(strategy.title) == page_name(reference)]
    if len(named) == 1:
        return named[0]
    raise RequestError(
        f"“{reference}” names no row of a strategy table", "write PAGE#ROW; `graphkit strategies` lists them"
    )
