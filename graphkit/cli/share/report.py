"""`graphkit report`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from graphkit.cli.measure.history_options import history_options
from graphkit.cli.options import Invocation, shared_options
from graphkit.cli.share.output_file import guard, make_folder, write_file
from graphkit.cli.vault_command import open_vault, outcome

if TYPE_CHECKING:
    from graphkit.app.vault import Vault
    from graphkit.report.site import Site

PAGE_WORDS = (
    "overview", "goals", "metrics", "strategies", "programme", "graph", "findings", "decisions", "experiments"
)  # fmt: skip
"""Values of `--only`, as in `report.site`, which `--help` does not import."""


@click.command("report")
@click.option(
    "-o",
    "--output",
    "target",
    metavar="PATH",
    help="The file to write, or a folder for a file per page: DIR/. [default: stdout]",
)
@click.option(
    "--only",
    multiple=True,
    type=click.Choice(PAGE_WORDS),
    metavar="PAGE",
    help="Only this page: overview, experiments, goals, metrics, strategies, programme, graph, findings or decisions. "
    "Can be repeated.",
)
@history_options
@shared_options
@click.pass_obj
def command(
    invocation: Invocation,
    target: str | None,
    only: tuple[str, ...],
    goal: tuple[str, ...],
    owner: tuple[str, ...],
    written: bool,  # noqa: FBT001 - click passes options by name
) -> int:
    """Write a report with charts as HTML: overview, experiments, goals, metrics, programme, decisions.

    A file holds everything, loads nothing from the network, and can be sent, printed, and read without JavaScript. The
    history comes from the vault's git repository if it has one. Pages with report:: private are left out.
    """
    from graphkit.app.reading.name_lookup import Filters  # noqa: PLC0415 - not for `--help`
    from graphkit.report.document import one_file  # noqa: PLC0415
    from graphkit.report.report_records import gather  # noqa: PLC0415
    from graphkit.report.site import Site  # noqa: PLC0415

    output = invocation.output()
    vault = open_vault(invocation, output)
    records = gather(vault, Filters(goals=goal, owners=owner), source="written" if written else "git")
    if target is None:
        output.document(one_file(Site(records, only=only)))
        return outcome(vault, output)
    place = Path(target)
    if target.endswith(("/", "\\")) or place.is_dir() or not (place.suffix or place.exists()):
        size = _write_folder(vault, Site(records, "folder", only), place)
        what = f"{place / 'index.html' if not only or 'overview' in only else place}"
    else:
        guard(vault, place, "a report")
        text = one_file(Site(records, only=only))
        write_file(place, [text])
        size, what = len(text.encode()), str(place)
    output.note(f"Wrote {what} ({max(1, round(size / 1000)):,} kB).")
    return outcome(vault, output)


def _write_folder(vault: Vault, site: Site, folder: Path) -> int:
    """Write each page to a file of its own; the number of bytes."""
    from graphkit.report.document import many_files  # noqa: PLC0415 - not for `--help`

    guard(vault, folder / "index.html", "a report")
    make_folder(folder)
    size = 0
    for name, text in many_files(site):
        write_file(folder / name, [text])
        size += len(text.encode())
    return size
