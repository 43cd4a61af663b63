"""The output of `task`: the task with its old and new marker, and other changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.cli.terminal.cells import harmless
from graphkit.cli.write.rollup_screen import diff_lines

if TYPE_CHECKING:
    from graphkit.app.results.edits import MarkReport
    from graphkit.cli.terminal.canvas import Line, Surface
    from graphkit.insight.work.progress import Progress


def mark_screen(report: MarkReport, surface: Surface, *, dry_run: bool) -> list[Line]:
    """`TODO → DONE  Write the survey`, its place, and the diff of a dry run."""
    change = report.after if report.before == report.after else f"{report.before or '–'} → {report.after}"
    lines: list[Line] = [
        (
            (f"{change.replace('→', surface.glyphs.toward).replace('–', surface.glyphs.dash)}  ", "strong"),
            (surface.show(report.text), "plain"),
            (f"  {surface.show(report.path)}:{report.line}", "place"),
        )
    ]
    if dry_run:
        lines += diff_lines([report.diff] if report.diff else [])
    return lines


def mark_plain(report: MarkReport, *, dry_run: bool) -> list[str]:
    """The diff of a dry run, as `patch` reads it; else one row separated by tabs."""
    if dry_run:
        return report.diff.rstrip("\n").split("\n") if report.diff else []
    row = (report.before, report.after, harmless(report.text), harmless(report.path), str(report.line))
    return ["before\tafter\ttask\tpath\tline", "\t".join(row)]


def _tally(progress: Progress) -> str:
    return f"[{progress.done}/{progress.total}]"


def mark_notes(report: MarkReport, *, dry_run: bool) -> list[str]:
    """Notes for stderr."""
    if not report.diff:
        return [f"it is already {report.after}; nothing was written"]
    notes = [f"{harmless(said)}" for said in report.said]
    notes += [f"{harmless(change.title)} {_tally(change.before)} → {_tally(change.after)}" for change in report.moved]
    notes += [f"ready now: {harmless(task.text)} ({harmless(task.path)}:{task.line})" for task in report.ready]
    if not dry_run and report.run is not None:
        notes.append(f"`graphkit undo` reverts it (run {report.run})")
    return notes
