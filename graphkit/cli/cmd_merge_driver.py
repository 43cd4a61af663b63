"""`graphkit merge-driver`, which git calls; people have no use for it."""

from __future__ import annotations

from pathlib import Path

import click

from graphkit.cli.exits import Exit

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("merge-driver", hidden=True)
@click.argument("base", type=_FILE)
@click.argument("ours", type=_FILE)
@click.argument("theirs", type=_FILE)
@click.argument("marker_size", type=int)
@click.argument("path")
def command(base: Path, ours: Path, theirs: Path, marker_size: int, path: str) -> int:
    """Merge three versions of a page (git's %O %A %B %L %P) into the second one; 1 where people's words conflict."""
    from graphkit.app.git_setup import merge_versions  # noqa: PLC0415 - not for `--help`

    clean = merge_versions(base, ours, theirs, marker_size, path, Path.cwd())
    return Exit.FINE if clean else Exit.FINDINGS
