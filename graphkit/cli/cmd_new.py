"""`graphkit new`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from graphkit.cli.exits import Exit
from graphkit.cli.options import Invocation, json_option, shared_options
from graphkit.cli.vault import findings_noted, open_vault, outcome

if TYPE_CHECKING:
    from graphkit.app.edit_results import CreateReport
    from graphkit.app.session import Session
    from graphkit.views.template_head import Template

_KINDS = ("experiment", "goal", "metric", "strategy")


@click.command("new")
@click.argument("words", nargs=-1, metavar="[KIND] [TITLE]")
@click.option("--goal", multiple=True, metavar="PAGE", help="A goal that it serves.")
@click.option("--metric", multiple=True, metavar="PAGE", help="Its primary metric; of a goal, one that shows it.")
@click.option("--owner", metavar="PAGE", help="Who owns it.")
@click.option("--strategy", metavar="PAGE", help="The page of the strategy that it tests.")
@click.option("--set", "sets", multiple=True, metavar="KEY=VALUE", help="A variable of the template.")
@click.option("--from", "row", metavar="PAGE#ROW", help="Take what a row of a strategy table says.")
@click.option("--from-candidate", "candidate", metavar="NAME", help="A metric of `metrics --candidates`.")
@click.option("--template", type=click.Path(path_type=Path), metavar="FILE", help="Render this template.")
@click.option("--logseq-template", metavar="NAME", help="Take the block with `template:: NAME`; KIND is left out then.")
@click.option("--no-input", is_flag=True, help="Ask nothing, also on a terminal.")
@click.option("--dry-run", is_flag=True, help="Write nothing; print the page.")
@json_option
@shared_options
@click.pass_obj
def command(
    invocation: Invocation,
    words: tuple[str, ...],
    goal: tuple[str, ...],
    metric: tuple[str, ...],
    owner: str | None,
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
    """Make a page: KIND is experiment, goal, metric or strategy. Nothing that exists is ever overwritten.

    On a terminal every variable of the template that was not given is asked for (Enter leaves it as it is).
    """
    from graphkit.app.create import (  # noqa: PLC0415
        candidate_values,
        create_page,
        find_template,
        row_values,
        shortcut_values,
    )

    given = _pairs(sets)
    output = invocation.output()
    if logseq_template is not None:
        if len(words) != 1:
            raise click.UsageError("Give the title of the new page, and nothing else.")
        from graphkit.app.logseq_templates import create_from_logseq_template  # noqa: PLC0415
        from graphkit.app.session import moment  # noqa: PLC0415

        session = open_vault(invocation, output)
        now = moment(session).time()
        report = create_from_logseq_template(session, logseq_template, words[0], now, os.environ, dry_run=dry_run)
        return _told(invocation, session, report, dry_run=dry_run, as_json=as_json)
    if not words or words[0] not in _KINDS or len(words) > 2 or (len(words) == 1 and row is None and candidate is None):
        raise click.UsageError(f"Say what and how it is called: graphkit new {'|'.join(_KINDS)} TITLE.")
    kind = words[0]
    if candidate is not None and (kind != "metric" or row is not None):
        raise click.UsageError("--from-candidate makes a metric, and takes no row.")
    session = open_vault(invocation, output)
    found = find_template(session, kind, template)
    from_row = row_values(session, row) if row is not None else {}
    if candidate is not None:
        from_row = candidate_values(session, candidate)
    title = words[1] if len(words) > 1 else from_row["title"]
    declared = {variable.name for variable in found.variables}
    values = {name: value for name, value in from_row.items() if name in declared and name != "title"}
    shortcuts = {
        "goal": goal, "metric": metric, "owner": (owner,) if owner else (), "strategy": (strategy,) if strategy else ()
    }  # fmt: skip
    values |= shortcut_values(found, shortcuts) | given
    if not no_input and not as_json and sys.stdin.isatty() and sys.stderr.isatty():
        values |= _asked(found, values)
    report = create_page(session, kind, title, values, os.environ, template_path=template, dry_run=dry_run)
    return _told(invocation, session, report, dry_run=dry_run, as_json=as_json)


def _pairs(sets: tuple[str, ...]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for item in sets:
        name, equals, value = item.partition("=")
        if not equals or not name.strip():
            raise click.UsageError(f"--set takes KEY=VALUE, and '{item}' is none.")
        pairs[name.strip().replace("-", "_")] = value
    return pairs


def _asked(template: Template, values: dict[str, str]) -> dict[str, str]:
    """What a person answers for the variables that were not given."""
    answers: dict[str, str] = {}
    for variable in template.variables:
        if variable.name in values:
            continue
        choices = f" ({', '.join(variable.choices)})" if variable.choices else ""
        default = None if variable.required and variable.default is None else variable.default or ""
        answer = click.prompt(
            f"{variable.prompt}{choices}", default=default, show_default=bool(default), err=True, type=str
        )
        if answer.strip():
            answers[variable.name] = answer
    return answers


def _told(invocation: Invocation, session: Session, report: CreateReport, *, dry_run: bool, as_json: bool) -> int:
    output = invocation.output()
    if as_json:
        from graphkit.app.encode import iter_json  # noqa: PLC0415 - only for --json

        output.text(iter_json(report, ascii_only=output.ascii_json))
    elif dry_run:
        output.document(report.text)
    elif report.run is not None:
        output.text([report.path])
        output.note(f"`graphkit undo` takes it back (run {report.run})")
    for note in report.notes:
        output.problem("warning", note)
    findings_noted(output, report.findings)
    return outcome(
        session,
        output,
        Exit.CONFLICT if report.conflicts else Exit.FINE,
        Exit.FINDINGS if report.failures else Exit.FINE,
    )
