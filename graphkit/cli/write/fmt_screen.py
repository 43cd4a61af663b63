"""The output of `fmt`: the pages that are not formatted, diffs, or the formatted text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.cli.terminal.canvas import count
from graphkit.cli.terminal.cells import harmless
from graphkit.cli.write.rollup_screen import diff_lines
from graphkit.text.diff import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphkit.app.results.edits import FormReport, FormRow
    from graphkit.cli.terminal.canvas import Line, Role

_ROLES: Mapping[str, Role] = {
    "would change": "warn",
    "refused": "bad",
    "written": "good",
    "unchanged": "muted",
    "conflict": "bad",
    "failed": "bad",
}


def form_texts(report: FormReport) -> str:
    """The formatted text of one page; of several, each below a line with its path. Refused pages are not included."""
    formed = [row for row in report.rows if row.state != "refused"]
    if len(report.rows) == 1:
        return "".join(row.text for row in formed)
    return "\n".join(f"==> {row.path} <==\n{row.text}" for row in formed)


def form_screen(report: FormReport, *, with_diff: bool) -> list[Line]:
    """The pages that are not formatted, each with its outcome, then the diffs."""
    lines: list[Line] = []
    for row in _told(report):
        word = _word(row, report)
        lines.append(((f"{word:<14}", _ROLES[word]), (harmless(row.path), "place")))
    if with_diff:
        lines += diff_lines(printable(row.diff) for row in report.rows if row.diff)
    return lines


def form_plain(report: FormReport, *, with_diff: bool) -> list[str]:
    """The diffs alone, as `patch` reads them, if they are wanted; else one page per line, separated by tabs."""
    if with_diff:
        return [line for row in report.rows if row.diff for line in printable(row.diff).rstrip("\n").split("\n")]
    return ["state\tpath", *(f"{_word(row, report)}\t{harmless(row.path)}" for row in _told(report))]


def form_summary(report: FormReport) -> str:
    """A summary in one sentence, for stderr."""
    other = [row for row in report.rows if row.state == "other"]
    refused = sum(1 for row in report.rows if row.state == "refused")
    formed = f"{count(sum(1 for row in report.rows if row.state == 'formed'), 'page')} formatted as Logseq saves them"
    parts = [formed]
    if report.pages:
        written = sum(1 for page in report.pages if page.outcome == "written")
        undo = f" (`graphkit undo` reverts it, run {report.run})" if report.run is not None else ""
        parts.append(f"{written} written{undo}")
    elif other:
        parts.append(f"{len(other)} that Logseq would rewrite on the next edit")
    if refused:
        parts.append(f"{count(refused, 'page')} skipped")
    return ", ".join(parts)


def _told(report: FormReport) -> list[FormRow]:
    return [row for row in report.rows if row.state != "formed"]


def _word(row: FormRow, report: FormReport) -> str:
    if row.state == "refused":
        return "refused"
    return next((page.outcome for page in report.pages if page.path == row.path), "would change")
