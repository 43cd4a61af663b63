"""`status --watch`: the screen of `status`, redrawn whenever it changes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Literal

from graphkit.app.failures import RequestError
from graphkit.app.opening import locate, working_folder
from graphkit.app.reading.status import report_details, report_status
from graphkit.app.watching.open_watch import open_follow
from graphkit.cli.long_running import reading, until_signal
from graphkit.cli.look import experiment_screen, status_screen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphkit.app.reading.name_lookup import Filters
    from graphkit.app.vault import Vault
    from graphkit.cli.options import Invocation
    from graphkit.cli.terminal.canvas import Line
    from graphkit.cli.terminal.output import Output


def status_watch(
    invocation: Invocation,
    output: Output,
    names: Sequence[str],
    filters: Filters,
    *,
    by: Literal["goal", "owner", "strategy"] | None,
    limit: int | None,
) -> int:
    """Draw until a signal arrives, and give the exit status. Raises RequestError if a name is unknown at the start."""

    def lines(vault: Vault) -> Sequence[Line]:
        if names:
            return experiment_screen.detail_screen(report_details(vault, names), output.surface)
        return status_screen.status_screen(report_status(vault, filters), output.surface, by=by, limit=limit)

    root = locate(invocation.graph, working_folder(invocation.graph))
    with open_follow(root, os.environ, as_of=invocation.as_of, progress=reading(output)) as follow:
        first = True
        with until_signal(follow.stop, follow.redraw) as ending, output.whole_screen() as draw:
            for vault in follow.sessions():
                output.fit_window()
                try:
                    draw([*_troubled(follow.trouble), *lines(vault)])
                except RequestError as error:  # the experiment may just have been renamed, and may come back
                    if first:
                        raise
                    draw((((error.message, "bad"),), ((error.hint, "plain"),)))
                first = False
    return int(ending.exit)


def _troubled(trouble: RequestError | None) -> Sequence[Line]:
    """The reason why the screen below is out of date."""
    if trouble is None:
        return ()
    return (
        ((trouble.message, "bad"),),
        ((trouble.hint, "plain"),),
        (("Until then, this is the previous state:", "muted"),),
        (),
    )
