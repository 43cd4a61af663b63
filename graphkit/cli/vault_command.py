"""Steps that all reading commands share: opening the vault, printing a report, choosing the exit status."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from graphkit.cli.exits import Exit, strongest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from graphkit.app.vault import Vault
    from graphkit.cli.options import Invocation
    from graphkit.cli.terminal.canvas import Line
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
    from graphkit.app.opening import index_place, locate  # noqa: PLC0415 - not for `--help`

    root = locate(invocation.graph, Path.cwd())
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
    plain: Callable[[], Iterable[str]],
) -> None:
    """Print a report as JSON, as a screen, or as tab-separated lines."""
    if as_json:
        from graphkit.app.results.encode import iter_json  # noqa: PLC0415 - only for --json

        output.text(iter_json(report, ascii_only=output.ascii_json))
    elif output.screen:
        output.lines(screen())
    else:
        output.text(plain())


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
