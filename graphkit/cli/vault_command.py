"""Steps that all reading commands share: opening the vault, printing a report, choosing the exit status."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from graphkit.cli.exits import Exit, strongest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from graphkit.app.vault import Vault
    from graphkit.cli.options import Invocation
    from graphkit.cli.terminal.canvas import Line
    from graphkit.cli.terminal.formats import Rows
    from graphkit.cli.terminal.output import Output
    from graphkit.text.diagnostics import Diagnostic
    from graphkit.vault.layout import Dialect

_NAMED_UNREAD = 5
_BROKEN_CONFIG = "E101"
"""All settings in `config.edn` are lost, so titles and folders may be misread. Every command reports it."""


def open_vault(invocation: Invocation, output: Output, *, dialect: Dialect | None = None, whole: bool = False) -> Vault:
    """Open the vault that `-g` names, or the nearest one upwards. Raises RequestError.

    whole: for commands that read every page, and not only those that experiments lead to.
    """
    from graphkit.app.load import load  # noqa: PLC0415 - not for `--help`
    from graphkit.app.opening import index_place, locate, working_folder  # noqa: PLC0415 - not for `--help`

    root = locate(invocation.graph, working_folder(invocation.graph))
    index = None if invocation.no_index or dialect is not None else index_place(root, os.environ)
    request = invocation.request
    seen = request.seen if request is not None and request.seen and root.samefile(request.root) else ()
    ticker = None

    def progress(done: int, total: int) -> None:
        nonlocal ticker
        ticker = ticker or output.progress("reading", total=total)
        ticker(done)

    vault = load(
        root,
        as_of=invocation.as_of,
        environment=os.environ,
        dialect=dialect,
        progress=progress,
        index=index,
        seen=seen,
        whole=whole,
        once=True,
    )
    output.clear_progress()
    invocation.vaults.append(vault)
    if vault.loaded.cache_trouble is not None:
        output.note(f"The index could not be used ({vault.loaded.cache_trouble}), so every page was read.")
    return vault


def show(
    output: Output,
    report: object,
    *,
    as_json: bool,
    screen: Callable[[], Sequence[Line]],
    plain: Callable[[], Rows | Iterable[str]],
    vault: Vault | None = None,
) -> None:
    """Print a report as JSON, as a screen, or as a table in the format chosen with `--format`.

    plain: the rows of a reading command, or the lines that a writing command prints for other programs. vault: names
    the vault and the day in a JSON document that does not do so itself.
    """
    layout = output.layout
    if as_json:
        if layout.fields:
            raise click.UsageError("--fields chooses columns; for JSON use --format jsonl, or a tool such as jq.")
        show_json(output, report, vault)
    elif output.screen and not layout.fields:
        output.lines(screen())
    else:
        show_rows(output, plain())


def show_json(output: Output, report: object, vault: Vault | None = None) -> None:
    """Print a report as one JSON document that names the vault and the day."""
    from graphkit.app.results.encode import Envelope, iter_json  # noqa: PLC0415 - only for --json

    envelope = None if vault is None else Envelope(vault=vault.name, as_of=vault.today)
    output.text(iter_json(report, ascii_only=output.ascii_json, envelope=envelope))


def show_rows(output: Output, found: Rows | Iterable[str]) -> None:
    """Print a table in the format and with the fields that the command line asks for. Raises UsageError."""
    from graphkit.cli.terminal.formats import Rows, UnknownFieldError, drawn, formatted, select  # noqa: PLC0415

    layout = output.layout
    if not isinstance(found, Rows):
        output.text(found)
        return
    try:
        rows = select(found, layout.fields) if layout.fields else found
    except UnknownFieldError as error:
        raise click.BadParameter(str(error), param_hint="--fields") from None
    if output.screen:
        output.lines(drawn(rows, output.surface))
    else:
        output.text(formatted(rows, layout.form or "tsv", raw=layout.raw, ascii_only=output.ascii_json))


def outcome(vault: Vault, output: Output, *others: Exit, told: bool = False) -> Exit:
    """The exit status of a command: the strongest of these outcomes, or PARTIAL if something could not be read.

    Unreadable files, an invalid configuration and an empty vault are reported on stderr. told: the report has already
    named the unreadable files and the empty vault.
    """
    if not told:
        for finding in vault.unread[:_NAMED_UNREAD]:
            output.problem("warning", f"{finding.path}: {finding.message}")
        if len(vault.unread) > _NAMED_UNREAD:
            output.problem("warning", f"{len(vault.unread) - _NAMED_UNREAD} more could not be read")
        if not vault.unread and not vault.catalog.count()[0]:
            output.note("This vault has no pages yet. Use -g DIR to choose another one.")
    for finding in vault.loaded.findings:
        if finding.code == _BROKEN_CONFIG:
            place = f"{finding.path}:{finding.line}:{finding.column}"
            output.problem("warning", f"{place}: {finding.message}", finding.hint)
    return strongest(*others, *([Exit.PARTIAL] if vault.unread else []))


def findings_noted(output: Output, findings: Iterable[Diagnostic]) -> None:
    """Report the findings of a writing command on stderr, each with its place, its code and its hint."""
    for finding in findings:
        output.problem(
            finding.severity.value, f"{finding.path}:{finding.line}: {finding.code} {finding.message}", finding.hint
        )
