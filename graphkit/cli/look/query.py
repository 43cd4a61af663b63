"""`graphkit query`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from graphkit.cli.exits import Exit
from graphkit.cli.options import Invocation, format_options, shared_options
from graphkit.cli.vault_command import open_vault, outcome, show, show_rows
from graphkit.vault.layout import Dialect

if TYPE_CHECKING:
    from typing import IO

    from graphkit.app.results.query_results import QueryReport
    from graphkit.app.vault import Vault


@click.command("query")
@click.argument("expression", metavar="[EXPR]", required=False)
@click.option(
    "--file", "source", type=click.File("r", encoding="utf-8"), metavar="FILE", help="Read the query from FILE."
)
@click.option("--name", metavar="NAME", help="Run this query of graphkit.toml or config.edn.")
@click.option("--page", metavar="PAGE", help="Run the queries on this page.")
@click.option("--all-pages", is_flag=True, help="Run every query of the vault.")
@click.option("--inputs", multiple=True, metavar="EDN", help="A value for :in; overrides :inputs. Can be repeated.")
@click.option("--current-page", metavar="PAGE", help="The page that :current-page refers to.")
@click.option("--facts", is_flag=True, help="Add graphkit's attributes and filters, and skip generated blocks.")
@click.option(
    "--check", "only_check", is_flag=True, help="List the queries of the vault that cannot run or find nothing."
)
@click.option("--count", "only_count", is_flag=True, help="Print only the number of results.")
@click.option("--explain", is_flag=True, help="Show the clauses in the order in which they ran, and what was ignored.")
@format_options
@shared_options
@click.pass_obj
def command(
    invocation: Invocation,
    expression: str | None,
    source: IO[str] | None,
    name: str | None,
    page: str | None,
    all_pages: bool,  # noqa: FBT001 - click passes options by name
    inputs: tuple[str, ...],
    current_page: str | None,
    facts: bool,  # noqa: FBT001
    only_check: bool,  # noqa: FBT001
    only_count: bool,  # noqa: FBT001
    explain: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
) -> int:
    """Run a query and print the results that Logseq would give, from the files alone.

    EXPR is a simple query such as '(and (task TODO) [[Customer retention]])', an advanced query
    '{:query [:find …] :inputs […]}', or only its Datalog vector. The vault is read as Logseq reads it.

    Example: graphkit query '(and (task doing) (priority A))'
    """
    from graphkit.cli.look import query_screen  # noqa: PLC0415 - not for `--help`

    if only_check:
        return _check(invocation, as_json=as_json)
    given = [each for each in (expression, source, name, page) if each is not None]
    if len(given) + all_pages != 1:
        raise click.UsageError("Give one of EXPR, --file, --name, --page and --all-pages.")
    output = invocation.output()
    vault = open_vault(invocation, output, dialect=None if facts else Dialect.LOGSEQ, whole=True)
    if name is not None:
        from graphkit.app.querying.named_queries import query_named  # noqa: PLC0415

        expression = query_named(vault, name)
    report = _report(vault, expression, source, page, inputs, current_page, own=facts)
    held = page is not None or all_pages
    if only_count:
        output.text([f"{sum(len(found.shown) for found in report.answers)}"])
    elif as_json:
        output.text(query_screen.query_json(report, held=held, explain=explain, ascii_only=output.ascii_json))
    elif output.screen and not output.layout.fields:
        output.lines(query_screen.query_screen(report, output.surface, explain=explain))
    else:
        show_rows(output, query_screen.query_plain(report))
        if explain:
            for found in report.answers:
                for step in found.plan:
                    output.note(f"{step.rows}\t{'  ' * step.depth}{step.clause}")
                for note in found.notes:
                    output.note(note)
    failed = [found for found in report.answers if found.error is not None]
    if not as_json and not output.screen:
        for found in failed:
            output.problem("error", f"{found.path}:{found.line}: {found.error}")
    return outcome(vault, output, *([Exit.FINDINGS] if failed else []))


def _check(invocation: Invocation, *, as_json: bool) -> int:
    """The findings about queries, as `check --select W7` gives them."""
    from graphkit.app.reading.check import report_check  # noqa: PLC0415 - not for `--help`
    from graphkit.cli.look import check_screen  # noqa: PLC0415

    output = invocation.output()
    vault = open_vault(invocation, output)
    report = report_check(vault, select=("W7",))
    show(
        output, report, as_json=as_json, vault=vault,
        screen=lambda: check_screen.check_screen(report, output.surface),
        plain=lambda: check_screen.check_plain(report),
    )  # fmt: skip
    serious = any(finding.severity != "info" for finding in report.findings)
    return outcome(vault, output, Exit.FINDINGS if serious else Exit.FINE)


def _report(
    vault: Vault,
    expression: str | None,
    source: IO[str] | None,
    page: str | None,
    inputs: tuple[str, ...],
    current_page: str | None,
    *,
    own: bool,
) -> QueryReport:
    from graphkit.app.querying.query import report_held_queries, report_query  # noqa: PLC0415 - not for `--help`

    if expression is None and source is None:
        return report_held_queries(vault, page)
    text = expression or (source.read() if source is not None else "")
    return report_query(vault, text, page=current_page, inputs=inputs or None, own=own)
