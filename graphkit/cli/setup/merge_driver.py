"""`graphkit merge-driver`, which git calls."""

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
@click.argument("labels", nargs=-1)
def command(base: Path, ours: Path, theirs: Path, marker_size: int, path: str, labels: tuple[str, ...]) -> int:
    """Merge three versions of a page (git's %O %A %B %L %P) into the second one. Exits with 3 on a conflict.

    labels: git's names of the three versions (%S %X %Y). git before 2.44 passes these placeholders literally.
    """
    from graphkit.app.writing.merge_driver import LABELS, merge_versions  # noqa: PLC0415 - not for `--help`

    called = [
        given if given and not given.startswith("%") else name for given, name in zip(labels, LABELS, strict=False)
    ]
    clean = merge_versions(
        base,
        ours,
        theirs,
        marker_size=marker_size,
        path=path,
        here=Path.cwd(),
        labels=(called[0], called[1], called[2]) if len(called) == len(LABELS) else LABELS,
    )
    return Exit.FINE if clean else Exit.CONFLICT
