"""`graphkit export`."""

from __future__ import annotations

from pathlib import Path

import click

from graphkit.app.failures import RequestError
from graphkit.cli.options import Invocation, shared_options
from graphkit.cli.vault import open_vault, outcome
from graphkit.vault.layout import Dialect

FORMATS = ("blocks", "json", "graphml", "gexf", "dot", "mermaid", "csv")


@click.command("export")
@click.argument("format_name", metavar="FORMAT", type=click.Choice(FORMATS))
@click.option(
    "-o", "--output", "target", type=click.Path(path_type=Path), metavar="PATH",
    help="Write to this file; for csv a folder that gets nodes.csv and edges.csv. Default: stdout.",
)
@shared_options
@click.pass_obj
def command(invocation: Invocation, format_name: str, target: Path | None) -> int:
    """The vault in another FORMAT: blocks, json, graphml, gexf, dot, mermaid or csv.

    blocks: one JSON line a page, with the fields and values of Logseq's own database, always read as Logseq reads.
    json (networkx node-link), graphml, gexf, dot, mermaid, csv: the graph of pages, tasks, goals and their relations.
    """
    if format_name == "csv" and target is None:
        raise click.UsageError("csv is two files: name a folder for nodes.csv and edges.csv with -o.")
    output = invocation.output()
    if format_name == "blocks":
        from graphkit.export.blocks import iter_pages  # noqa: PLC0415 - each format loads what it needs

        session = open_vault(invocation, output, dialect=Dialect.LOGSEQ)
        lines = iter_pages(session)
        if target is None:
            output.text(lines)
        else:
            _write(target, "".join(f"{line}\n" for line in lines))
        return outcome(session, output)
    from graphkit.app.graph import build_session_graph  # noqa: PLC0415
    from graphkit.export import graphs  # noqa: PLC0415

    session = open_vault(invocation, output)
    graph = build_session_graph(session)
    if format_name == "csv":
        assert target is not None  # noqa: S101 - checked above
        nodes, edges = graphs.to_csv(graph)
        _make_folder(target)
        _write(target / "nodes.csv", nodes)
        _write(target / "edges.csv", edges)
        return outcome(session, output)
    document = graphs.FORMATS[format_name](graph)
    if target is None:
        output.text([document.removesuffix("\n")])
    else:
        _write(target, document)
    return outcome(session, output)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RequestError(f"the folder {folder} cannot be made: {error.strerror}", "name another one with -o") from error


def _write(target: Path, text: str) -> None:
    try:
        target.write_bytes(text.encode("utf-8", "surrogateescape"))
    except OSError as error:
        raise RequestError(f"{target} cannot be written: {error.strerror}", "name another file with -o") from error
