"""`graphkit new`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from graphkit.app.failures import RequestError
from graphkit.cli.exits import Exit
from graphkit.cli.options import Invocation, json_option, shared_options
from graphkit.cli.vault_command import findings_noted, open_vault, outcome, show_json
from graphkit.cli.write import new_prompts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from graphkit.app.results.edits import CreateReport
    from graphkit.app.vault import Vault
    from graphkit.cli.terminal.output import Output
    from graphkit.views.template_head import Template

_KINDS = ("experiment", "goal", "metric", "strategy")


@click.command("new")
@click.argument("words", nargs=-1, metavar="[KIND] [TITLE]")
@click.option("--goal", multiple=True, metavar="PAGE", help="A goal of the experiment. Can be repeated.")
@click.option("--metric", multiple=True, metavar="PAGE", help="The primary metric, then others. Can be repeated.")
@click.option("--owner", multiple=True, metavar="PAGE", help="An owner. Can be repeated.")
@click.option("--strategy", metavar="PAGE", help="The page of the strategy to test.")
@click.option("--set", "sets", multiple=True, metavar="KEY=VALUE", help="Set a variable of the template.")
@click.option("--from", "row", metavar="PAGE#ROW", help="Use the values of a row of a strategy table.")
@click.option("--from-candidate", "candidate", metavar="NAME", help="Create a metric listed by `metrics --candidates`.")
@click.option("--template", type=click.Path(path_type=Path), metavar="FILE", help="Use this template.")
@click.option("--logseq-template", metavar="NAME", help="Use the block with `template:: NAME`; do not give a KIND.")
@click.option("--no-input", is_flag=True, help="Do not prompt for values.")
@click.option("--dry-run", is_flag=True, help="Write nothing; print the page.")
@json_option
@shared_options
@click.pass_obj
def command(
    invocation: Invocation,
    words: tuple[str, ...],
    goal: tuple[str, ...],
    metric: tuple[str, ...],
    owner: tuple[str, ...],
    strategy: str | None,
    sets: tuple[str, ...],
    row: str | None,
    candidate: str | None,
    template: Path | None,
    logseq_template: str | None,
    no_input: bool,  # noqa: FBT001 - click passes options by name
    dry_run: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
) -> int:
    """Create a page. KIND is experiment, goal, metric or strategy. Existing pages are never overwritten.

    In a terminal, graphkit prompts for each variable of the template that was not given. Press Enter to accept the
    default.
    """
    from graphkit.app.writing.new import (  # noqa: PLC0415
        candidate_values,
        create_page,
        find_template,
        place_titled,
        row_values,
        shortcut_values,
    )

    given = _pairs(sets)
    output = invocation.output()
    asking = not no_input and not as_json and new_prompts.can_ask()
    kind, titles = ("page", words) if logseq_template is not None else (words[0] if words else "", words[1:])
    titled = bool(titles or asking or row is not None or candidate is not None)
    if (logseq_template is None and kind not in _KINDS) or len(titles) > 1 or not titled:
        raise click.UsageError(f"A kind and a title are required: graphkit new {'|'.join(_KINDS)} TITLE.")
    if candidate is not None and (kind != "metric" or row is not None):
        raise click.UsageError("--from-candidate creates a metric and cannot be combined with --from.")
    if row is not None and kind != "experiment":
        raise click.UsageError("--from creates an experiment and cannot be used for other kinds.")
    vault = open_vault(invocation, output)
    from_vault = row_values(vault, row, primary=not metric) if row is not None else {}
    if candidate is not None:
        from_vault = candidate_values(vault, candidate, titles[0] if titles else None)
    own_title = from_vault.pop("title", None)
    title = titles[0] if titles else own_title
    if title is None:
        title = new_prompts.ask_title(lambda answer: place_titled(vault, answer))
    if logseq_template is not None:
        from graphkit.app.vault import moment  # noqa: PLC0415
        from graphkit.app.writing.logseq_templates import create_from_logseq_template  # noqa: PLC0415

        now = moment(vault).time()
        report = create_from_logseq_template(vault, logseq_template, title, now, os.environ, dry_run=dry_run)
        return _told(output, vault, report, dry_run=dry_run, as_json=as_json)
    place_titled(vault, title)
    found = find_template(vault, kind, template)
    declared = {variable.name for variable in found.variables}
    shortcuts = shortcut_values(
        vault, found, {"goal": goal, "metric": metric, "owner": owner, "strategy": (strategy,) if strategy else ()}
    )
    for name in shortcuts.keys() & given.keys():
        raise click.UsageError(f"--set {name}=… and the option for the same variable cannot be combined.")
    values = {name: value for name, value in from_vault.items() if name in declared} | shortcuts | given

    def create(answers: Mapping[str, str]) -> CreateReport:
        return create_page(
            vault, kind, title, {**values, **answers}, os.environ, template_path=template, dry_run=dry_run
        )

    report = _asked(vault, found, values, create) if asking else create({})
    return _told(output, vault, report, dry_run=dry_run, as_json=as_json)


def _pairs(sets: tuple[str, ...]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for item in sets:
        name, equals, value = item.partition("=")
        if not equals or not name.strip():
            raise click.UsageError(f"--set needs KEY=VALUE, not '{item}'.")
        key = name.strip().replace("-", "_")
        if key in pairs:
            raise click.UsageError(f"--set {name.strip()}=… is given twice; separate the items of a list with commas.")
        pairs[key] = value
    return pairs


def _asked(
    vault: Vault,
    template: Template,
    values: Mapping[str, str],
    create: Callable[[Mapping[str, str]], CreateReport],
) -> CreateReport:
    """The page made from a person's answers. Answers that contradict each other can be corrected."""
    from graphkit.app.writing.new import value_problems  # noqa: PLC0415

    def problems(name: str, written: str) -> tuple[str, ...]:
        return value_problems(vault, template, name, written)

    wrong = [problem for name, written in values.items() for problem in problems(name, written)]
    if wrong:
        raise RequestError("; ".join(wrong), "correct the value, or omit it to be prompted for it")
    answers: dict[str, str] = {}
    while True:
        new_prompts.ask_values(template, values, answers, problems)
        try:
            return create(answers)
        except RequestError as error:
            if not answers or not new_prompts.ask_again(error):
                raise


def _told(output: Output, vault: Vault, report: CreateReport, *, dry_run: bool, as_json: bool) -> int:
    if as_json:
        show_json(output, report, vault)
    elif dry_run:
        output.document(report.text)
    elif report.run is not None:
        output.text([report.path])
        output.note(f"`graphkit undo` reverts it (run {report.run})")
    for note in report.notes:
        output.problem("warning", note)
    findings_noted(output, report.findings)
    return outcome(
        vault,
        output,
        Exit.CONFLICT if report.conflicts else Exit.FINE,
        Exit.FINDINGS if report.failures else Exit.FINE,
    )
