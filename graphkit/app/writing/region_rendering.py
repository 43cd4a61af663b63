"""From a managed region to the outline that belongs there: views, templates, and what is wrong on the way.

Plans nothing and writes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.app.page_reader import scan_outline
from graphkit.app.querying.view_queries import ViewQueries
from graphkit.app.reading.experiments import experiments_of, page_tree
from graphkit.app.reading.readout import page_readout
from graphkit.app.reading.vault_metrics import open_vault_metrics
from graphkit.app.writing.apply_plans import page_finding
from graphkit.insight.history.written_forecasts import WrittenForecasts, last_monday
from graphkit.insight.work.time_states import urgency
from graphkit.outline.content import content
from graphkit.text.source import SourceText
from graphkit.views.contexts import variables
from graphkit.views.environment import TemplateError
from graphkit.views.rendered_outline import ReadBackError, read_generated
from graphkit.views.view import Asked, ParameterError
from graphkit.views.view_material import Material
from graphkit.views.view_table import VIEWS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphkit.app.reading.vault_metrics import VaultMetrics
    from graphkit.app.vault import Vault
    from graphkit.app.writing.template_lookup import Templates
    from graphkit.facts.page_facts import PageFacts
    from graphkit.insight.experiments.experiment import Experiment
    from graphkit.insight.work.work_tree import WorkNode
    from graphkit.outline.page_outline import Outline
    from graphkit.text.diagnostics import Diagnostic
    from graphkit.views.find_regions import Region
    from graphkit.views.page_plan import Renderer
    from graphkit.views.rendered_outline import GeneratedBlock


class Rendering:
    """From a region to the outline that belongs there; what is wrong on the way becomes findings, each once."""

    def __init__(self, vault: Vault, templates: Templates, findings: list[Diagnostic]) -> None:
        """`findings`: where they are added."""
        self._vault = vault
        self._templates = templates
        self._findings = findings
        self._material = material_of(vault)
        self._done: dict[tuple[object, ...], tuple[GeneratedBlock, ...]] = {}
        self._failed: set[str] = set()

    def scan(self, text: str) -> Outline:
        """The vault's reading of a page."""
        return scan_outline(text, self._vault.dialect)

    def of_page(self, page: PageFacts, data: bytes) -> Renderer:
        """The renderer for the regions of one page."""
        outline: list[tuple[SourceText, Outline]] = []

        def scanned() -> tuple[SourceText, Outline]:
            if not outline:
                source = SourceText.decode(data)
                outline.append((source, self.scan(source.text)))
            return outline[0]

        def line(region: Region) -> int:
            source, found = scanned()
            return source.position(found.blocks[region.block].text_start).line

        def render(region: Region) -> tuple[GeneratedBlock, ...] | None:
            text = content(scanned()[1], region.block) if region.view == "query" and not region.whole_page else ""
            return self.blocks(region, page, page.path, line(region), text)

        return render

    def blocks(
        self, region: Region, page: PageFacts | None, path: str, line: int, text: str = ""
    ) -> tuple[GeneratedBlock, ...] | None:
        """The outline of one region; None if it cannot be had. text: what the managed block itself says.

        Reports W602 to W605, and W607 for names that mean nothing (the outline is then an empty one).
        """
        view = VIEWS.get(region.view)
        if view is None:
            what = f"“{region.view}” is not a view" if region.view else "no view is named"
            self._report("W602", path, line, what, f"the views are {', '.join(VIEWS)}")
            return None
        known = {parameter.name for parameter in view.parameters}
        wrong = [*region.odd, *(f"{name}=" for name in region.values if name not in known)]
        if wrong:
            what = f"the view {view.name} does not understand {', '.join(wrong)}"
            hint = f"it takes {', '.join(f'{name}=' for name in sorted(known))}"
            if any(word.count('"') % 2 for word in region.odd):
                hint = 'close the quote: key="two words"'
            self._report("W603", path, line, what, hint)
            return None
        key = (view.name, tuple(sorted(region.values.items())), page.path if page is not None else None, text)
        if key not in self._done:
            try:
                built = view.build(self._material, Asked(page=page, values=region.values, text=text))
            except ParameterError as error:
                self._report("W603", path, line, error.message, error.hint)
                return None
            for note in built.notes:
                self._report("W607", path, line, note, "correct the name, or create the page")
            blocks = self._rendered(view.name, variables(built.context), whole_page=region.whole_page)
            if blocks is None:
                return None
            self._done[key] = blocks
        return self._done[key]

    def _rendered(
        self, name: str, values: Mapping[str, object], *, whole_page: bool
    ) -> tuple[GeneratedBlock, ...] | None:
        if name in self._failed:
            return None
        shown = name
        try:
            template = self._templates.find("views", name)
            shown = template.name
            return read_generated(self._templates.render(template, values), self.scan, whole_page=whole_page)
        except TemplateError as error:
            self._failed.add(name)
            self._report(
                "W604", error.template, error.line or 1, f"the template fails: {error.reason}", "correct the template"
            )
        except ReadBackError as error:
            self._report("W605", shown, 1, str(error), "correct the template; docs/templates.md says what it may give")
        return None

    def _report(self, code: str, path: str, line: int, message: str, hint: str) -> None:
        self._findings.append(page_finding(code, path, message, hint, line=line))


def material_of(vault: Vault) -> Material:
    """The facts of a vault for its views; each list is made when it is first asked for."""
    experiments: list[Sequence[Experiment]] = []
    tasks: list[Sequence[WorkNode]] = []
    opened: list[VaultMetrics] = []
    forecasts: list[WrittenForecasts] = []

    def measured() -> VaultMetrics:
        if not opened:
            opened.append(open_vault_metrics(vault))
        return opened[0]

    def all_experiments() -> Sequence[Experiment]:
        if not experiments:
            experiments.append(experiments_of(vault, measured()))
        return experiments[0]

    def all_forecasts() -> WrittenForecasts:
        if not forecasts:
            day = last_monday(vault.today)
            forecasts.append(WrittenForecasts(all_experiments, vault.journals.parse, day))
        return forecasts[0]

    def all_tasks() -> Sequence[WorkNode]:
        if not tasks:
            found = [
                (urgency(node.task, vault.today, order), node)
                for order, page in enumerate(vault.catalog.working())
                for node in page_tree(vault, page).nodes
                if node.page is page
            ]
            found.sort(key=lambda entry: entry[0])
            tasks.append([node for _, node in found])
        return tasks[0]

    return Material(
        today=vault.today,
        catalog=vault.catalog,
        parse_journal=vault.journals.parse,
        is_experiment=vault.is_experiment,
        experiments=all_experiments,
        tasks=all_tasks,
        forecasts=all_forecasts,
        measured=measured,
        goal_pages=lambda: vault.catalog.of_type(vault.reading.goal_types),
        query=ViewQueries(vault).answer,
        readout=lambda page: page_readout(vault, measured(), page),
    )
