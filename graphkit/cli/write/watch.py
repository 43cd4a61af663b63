"""`graphkit watch`."""

from __future__ import annotations

import os

import click

from graphkit.cli.exits import Exit, strongest
from graphkit.cli.options import Invocation, shared_options

_QUIET = 5.0


@click.command("watch")
@click.option("--once", is_flag=True, help="Update everything once, and exit.")
@click.option("--poll", is_flag=True, help="Poll every two seconds instead of waiting for file system events.")
@click.option(
    "--quiet",
    type=click.FloatRange(min=0, max=3600),
    default=_QUIET,
    show_default=True,
    metavar="SECONDS",
    help="Debounce: write a page only if nobody has changed it for this long.",
)
@shared_options
@click.pass_obj
def command(
    invocation: Invocation,
    once: bool,  # noqa: FBT001 - click passes options by name
    poll: bool,  # noqa: FBT001
    quiet: float,
) -> int:
    """Keep every rollup up to date while people write.

    Whenever a page is saved, graphkit reads it again and updates the blocks and pages with `graphkit:: VIEW`. It never
    creates a page, and never writes to today's journal. Press Ctrl-C to stop; a write in progress is finished first.
    `graphkit undo` reverts the last update.
    """
    from graphkit.app.opening import locate, working_folder  # noqa: PLC0415 - not for `--help`
    from graphkit.app.watching.open_watch import open_watch  # noqa: PLC0415
    from graphkit.cli.long_running import reading, until_signal  # noqa: PLC0415
    from graphkit.cli.write.watch_screen import WatchView  # noqa: PLC0415

    output = invocation.output()
    root = locate(invocation.graph, working_folder(invocation.graph))
    with open_watch(
        root, os.environ, quiet_s=quiet, once=once, poll=poll, as_of=invocation.as_of, progress=reading(output)
    ) as watch:
        view = WatchView(output, once=once)
        with until_signal(watch.stop) as ending:
            view.begin(watch)
            for update in watch.updates():
                view.show(update)
                output.flush()
        view.end(watch, interrupted=ending.exit is Exit.INTERRUPTED)
    return strongest(ending.exit, Exit.CONFLICT if once and watch.waiting else Exit.FINE, *(view.exits if once else ()))
