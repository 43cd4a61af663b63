"""`graphkit check`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Literal

import click

from graphkit.cli.exits import Exit
from graphkit.cli.options import Invocation, json_option, shared_options
from graphkit.cli.vault_command import findings_noted, open_vault, outcome, show

if TYPE_CHECKING:
    from graphkit.app.vault import Vault
    from graphkit.cli.terminal.output import Output

Format = Literal["text", "json", "github", "sarif"]


@click.command("check")
@click.option("--select", multiple=True, metavar="CODE", help="Only findings with this code or prefix: W501, E2.")
@click.option("--ignore", multiple=True, metavar="CODE", help="No findings with this code or prefix.")
@click.option("--page", "pages", multiple=True, metavar="PATH", help="Only findings in files with this path or prefix.")
@click.option("--suggest-links", "links", is_flag=True, help="Also report mentions in experiments that could be links.")
@click.option("--fix", is_flag=True, help="Add the links of --suggest-links, and repair encodings with --select E130.")
@click.option("--dry-run", is_flag=True, help="With --fix: write nothing; show what would change as a unified diff.")
@click.option("--diff", is_flag=True, help="With --fix: show what changes as a unified diff.")
@click.option("--strict", is_flag=True, help="Exit with 1 for infos too.")
@click.option("--show-ignored", is_flag=True, help="Show the findings that are silenced, instead of the others.")
@click.option("--write-baseline", is_flag=True, help="Write .graphkit/baseline.json, so that only new findings count.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "github", "sarif"]), default="text",
    help="Output format; github: annotations for GitHub Actions.",
)  # fmt: skip
@json_option
@shared_options
@click.pass_obj
def command(
    invocation: Invocation,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    pages: tuple[str, ...],
    links: bool,  # noqa: FBT001 - click passes options by name
    fix: bool,  # noqa: FBT001
    dry_run: bool,  # noqa: FBT001
    diff: bool,  # noqa: FBT001
    strict: bool,  # noqa: FBT001
    show_ignored: bool,  # noqa: FBT001
    write_baseline: bool,  # noqa: FBT001
    form: Format,
    as_json: bool,  # noqa: FBT001
) -> int:
    """Find problems in the notes. Each finding has a path:line:col, a code and a hint.

    Exits with 1 when there are errors or warnings; infos alone are fine without --strict. docs/diagnostics.md explains
    every code. --fix changes only what is safe and asked for; `graphkit undo` takes it back.
    """
    from graphkit.app.reading.check import report_check  # noqa: PLC0415 - not for `--help`
    from graphkit.cli.look import check_screen  # noqa: PLC0415

    if (dry_run or diff) and not fix:
        raise click.UsageError("--dry-run and --diff need --fix.")
    if fix and not links and "E130" not in {code.upper() for code in select}:
        raise click.UsageError("Say what to fix: --suggest-links for links, --select E130 for broken encodings.")
    if write_baseline and (fix or show_ignored or select or ignore or pages):
        raise click.UsageError("--write-baseline takes all findings; leave the other options out.")
    if fix and form not in {"text", "json"}:
        raise click.UsageError(f"--fix cannot be used with --format {form}.")
    as_json = as_json or form == "json"
    output = invocation.output()
    vault = open_vault(invocation, output, whole=True)
    if fix:
        return _fix(vault, output, select, ignore, pages, links=links, dry_run=dry_run, diff=diff, as_json=as_json)
    if write_baseline:
        return _write_baseline(vault, output)
    report = report_check(
        vault, select=select, ignore=ignore, paths=pages, links=links, silenced=show_ignored
    )  # fmt: skip
    if form in {"github", "sarif"} and not as_json:
        from graphkit.cli.look import check_formats  # noqa: PLC0415

        if form == "github":
            output.text(check_formats.check_github(report, vault.root))
        else:
            output.text([check_formats.check_sarif(report, vault.root, ascii_only=output.ascii_json)])
    else:
        show(
            output, report, as_json=as_json, vault=vault,
            screen=lambda: check_screen.check_screen(report, output.surface),
            plain=lambda: check_screen.check_plain(report),
        )  # fmt: skip
    if not as_json and (form != "text" or not output.screen):
        output.note(check_screen.check_summary(report))
    serious = any(strict or finding.severity != "info" for finding in report.findings) and not show_ignored
    return outcome(vault, output, Exit.FINDINGS if serious else Exit.FINE)


def _write_baseline(session: Vault, output: Output) -> int:
    from graphkit.app.reading.page_findings import BASELINE_PATH  # noqa: PLC0415 - as above
    from graphkit.app.writing.baseline import write_baseline  # noqa: PLC0415

    count, written = write_baseline(session, os.environ)
    findings_noted(output, written.findings)
    if written.run is not None:
        output.note(
            f"{count:,} finding{'' if count == 1 else 's'} written to {BASELINE_PATH}; "
            f"`graphkit undo` reverts it (run {written.run})"
        )
    elif not written.conflicts and not written.failures:
        output.note(f"{BASELINE_PATH} already has {'this finding' if count == 1 else f'these {count:,} findings'}")
    return outcome(
        session,
        output,
        Exit.CONFLICT if written.conflicts else Exit.FINE,
        Exit.FINDINGS if written.failures else Exit.FINE,
    )


def _fix(
    vault: Vault,
    output: Output,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    pages: tuple[str, ...],
    *,
    links: bool,
    dry_run: bool,
    diff: bool,
    as_json: bool,
) -> int:
    from graphkit.app.writing.fixes import fix_findings  # noqa: PLC0415 - only for --fix
    from graphkit.cli.look import check_screen  # noqa: PLC0415

    report = fix_findings(
        vault, os.environ, select=select, ignore=ignore, paths=pages, links=links, dry_run=dry_run
    )  # fmt: skip
    with_diff = dry_run or diff
    show(
        output, report, as_json=as_json, vault=vault,
        screen=lambda: check_screen.fix_screen(report, output.surface, with_diff=with_diff),
        plain=lambda: check_screen.fix_plain(report, with_diff=with_diff),
    )  # fmt: skip
    findings_noted(output, report.findings)
    if not as_json:
        output.note(check_screen.fix_summary(report))
    serious = any(finding.severity != "info" for finding in report.left)
    return outcome(
        vault,
        output,
        Exit.CONFLICT if report.conflicts else Exit.FINE,
        Exit.FINDINGS if report.failures or serious else Exit.FINE,
    )
