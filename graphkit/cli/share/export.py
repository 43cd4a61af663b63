"""`graphkit export`."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click

from graphkit.app.failures import RequestError
from graphkit.cli.options import Invocation, shared_options
from graphkit.cli.vault_command import open_vault, outcome
from graphkit.insight.graph.graph_kinds import NODE_KINDS
from graphkit.vault.layout import SETTINGS_PATH, Dialect

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphkit.app.vault import Vault
    from graphkit.cli.terminal.output import Output

FORMATS = ("blocks", "json", "graphml", "gexf", "dot", "mermaid", "csv")

_GUARDED_SUFFIXES = frozenset({".md", ".markdown", ".org"})
_GUARDED_FOLDERS = frozenset({"logseq", "mirror", "whiteboards"})


@click.command("export")
@click.argument("format_name", metavar="FORMAT", type=click.Choice(FORMATS))
@click.option(
    "-o",
    "--output",
    "target",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="The file to write, or for csv the folder for nodes.csv and edges.csv. [default: stdout]",
)
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(NODE_KINDS),
    metavar="KIND",
    help="Only nodes of this kind and the edges between them: experiment, goal, task … Can be repeated.",
)
@click.option("--raw", is_flag=True, help="With csv, leave cells as they are that a spreadsheet would run as formulas.")
@shared_options
@click.pass_obj
def command(
    invocation: Invocation,
    format_name: str,
    target: Path | None,
    kinds: tuple[str, ...],
    raw: bool,  # noqa: FBT001 - click passes options by name
) -> int:
    """Export the vault to another FORMAT: blocks, json, graphml, gexf, dot, mermaid or csv.

    blocks writes one JSON line per page with the fields and values of Logseq's own database. It reads the vault as
    Logseq does, whatever its dialect. All others contain the graph of pages, experiments, goals, tasks and their
    relations: json (networkx node-link), graphml, gexf, dot, mermaid, and csv in two files.

    Output is always UTF-8. An existing file is overwritten, but never a page of the vault.
    """
    if format_name == "csv" and target is None:
        raise click.UsageError("csv writes two files: use -o to name a folder for nodes.csv and edges.csv.")
    if raw and format_name != "csv":
        raise click.UsageError("--raw goes with csv.")
    if format_name == "blocks" and kinds:
        raise click.UsageError("--kind selects nodes of the graph, which the format blocks does not have.")
    output = invocation.output()
    if format_name == "blocks":
        from graphkit.export.blocks import iter_pages  # noqa: PLC0415 - each format imports what it needs

        vault = open_vault(invocation, output, dialect=Dialect.LOGSEQ)
        _deliver(vault, output, (f"{line}\n" for line in iter_pages(vault)), target)
        return outcome(vault, output)
    from graphkit.app.reading.graph import build_session_graph  # noqa: PLC0415
    from graphkit.export import graphs  # noqa: PLC0415

    vault = open_vault(invocation, output)
    graph = build_session_graph(vault, kinds)
    if format_name == "csv" and target is not None:
        _write_tables(vault, graphs.to_csv(graph, raw=raw), target)
        return outcome(vault, output)
    document = graphs.FORMATS[format_name](graph)
    _deliver(vault, output, [document], target)
    too_much = graph.number_of_edges() >= graphs.MERMAID_EDGES or len(document) > graphs.MERMAID_TEXT
    if format_name == "mermaid" and too_much:
        output.note(
            f"By default, Mermaid draws under {graphs.MERMAID_EDGES} edges and {graphs.MERMAID_TEXT:,} characters. "
            "Raise its maxEdges and maxTextSize, or use --kind experiment --kind goal for a smaller graph."
        )
    return outcome(vault, output)


def _deliver(vault: Vault, output: Output, parts: Iterable[str], target: Path | None) -> None:
    if target is None:
        for part in parts:
            output.document(part)
    else:
        _guard(vault, target)
        _write(target, parts)


def _write_tables(vault: Vault, tables: tuple[str, str], folder: Path) -> None:
    targets = folder / "nodes.csv", folder / "edges.csv"
    for target in targets:
        _guard(vault, target)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RequestError(
            f"cannot create the folder {folder}: {error.strerror}", "name another one with -o"
        ) from error
    for target, table in zip(targets, tables, strict=True):
        _write(target, [table])


def _guard(vault: Vault, target: Path) -> None:
    """Raise RequestError if the target is a page or a configuration file of the vault."""
    root, place = vault.root.resolve(), target.resolve()
    if not place.is_relative_to(root):
        return
    inside = place.relative_to(root)
    if (
        place.suffix.lower() in _GUARDED_SUFFIXES
        or inside.parts[:1] == (SETTINGS_PATH,)
        or not _GUARDED_FOLDERS.isdisjoint(inside.parts[:1])
    ):
        raise RequestError(f"{target} belongs to the vault; an export never overwrites it", "name another file with -o")


def _write(target: Path, parts: Iterable[str]) -> None:
    """Write the whole document, or keep the previous content on failure. Devices and pipes are written directly."""
    special = target.exists() and not target.is_file()
    real = target if special else target.resolve()
    part_file = real if special else real.with_name(f"{real.name}.{os.getpid()}.part")
    try:
        try:
            with part_file.open("wb") as file:
                file.writelines(part.encode("utf-8", "surrogateescape") for part in parts)
            if not special:
                if real.exists():
                    shutil.copymode(real, part_file)
                part_file.replace(real)
        except BaseException:
            if not special:
                part_file.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise RequestError(f"cannot write {target}: {error.strerror}", "name another file with -o") from error
