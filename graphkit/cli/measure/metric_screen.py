"""The output of `metric log` and `metric import`: the block, the rows, the diffs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from graphkit.cli.terminal.canvas import count
from graphkit.cli.terminal.cells import harmless
from graphkit.cli.write.rollup_screen import diff_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphkit.app.results.metric_edits import ImportReport, LogReport
    from graphkit.cli.terminal.canvas import Line, Role, Surface

_ROLES: dict[str, Role] = {"new": "good", "known": "muted", "replaced": "warn", "differs": "bad"}
_NAMED = 20


def log_screen(report: LogReport, surface: Surface, *, dry_run: bool) -> list[Line]:
    """The block with its place, and the diff of a dry run."""
    first, *rest = report.text.split("\n")
    place = f"  {surface.show(report.path)}:{report.line}"
    lines: list[Line] = [((surface.show(first), "plain"), (place, "place"))]
    lines += [((surface.show(line), "plain"),) for line in rest]
    if dry_run and report.diff:
        lines += diff_lines([report.diff])
    return lines


def log_plain(report: LogReport, *, dry_run: bool) -> list[str]:
    """The diff of a dry run, as `patch` reads it; else one row separated by tabs."""
    if dry_run:
        return report.diff.rstrip("\n").split("\n") if report.diff else []
    row = (report.metric, report.day.isoformat(), report.text.split("\n")[0], report.path, str(report.line))
    return ["metric\tdate\tblock\tpath\tline", "\t".join(map(harmless, row))]


def log_notes(report: LogReport) -> Iterator[str]:
    """Notes for stderr."""
    if report.known:
        yield "the vault already has this value; nothing was written"
    if report.run is not None:
        made = "created the journal; " if report.created else ""
        yield f"{made}`graphkit undo` reverts it (run {report.run})"


def import_screen(report: ImportReport, surface: Surface, *, with_diff: bool) -> list[Line]:
    """The rows that are not known yet, then the diffs."""
    lines: list[Line] = []
    for row in report.rows:
        if row.state == "known":
            continue
        segment = f"  {surface.show(row.segment)}" if row.segment else ""
        lines.append(
            (
                (f"{row.state:<10}", _ROLES[row.state]),
                (f"{row.day.isoformat()}  ", "plain"),
                (surface.show(row.text), "strong"),
                (segment, "muted"),
                (f"  {surface.show(row.there)} in {surface.show(row.place)}" if row.there else "", "place"),
            )
        )
    return lines + diff_lines(report.diffs) if with_diff else lines


def import_plain(report: ImportReport, *, with_diff: bool) -> list[str]:
    """The diffs alone, as `patch` reads them, if they are wanted; else one row per line, separated by tabs."""
    if with_diff:
        return [line for diff in report.diffs for line in diff.rstrip("\n").split("\n")]
    return [
        "state\tline\tdate\tvalue\tsegment\tthere\tplace",
        *(
            "\t".join(
                map(
                    harmless,
                    (row.state, str(row.line), row.day.isoformat(), row.text, row.segment, row.there, row.place),
                )
            )
            for row in report.rows
        ),
    ]


def import_problems(report: ImportReport) -> Iterator[tuple[str, str]]:
    """Errors with their lines in the file, and hints."""
    file = harmless(report.file)
    for problem in report.problems[:_NAMED]:
        yield f"{file}:{problem.line}: {harmless(problem.message)}", ""
    if len(report.problems) > _NAMED:
        yield f"{file}: {count(len(report.problems) - _NAMED, 'more row')} cannot be read", ""
    differing = [row for row in report.rows if row.state == "differs"]
    for row in differing[:_NAMED]:
        of = f" ({harmless(row.segment)})" if row.segment else ""
        here, there = f"{harmless(row.text)} here", f"{harmless(row.there)} in {harmless(row.place)}"
        hint = "use --replace to overwrite the values in the vault" if row is differing[-1] else ""
        yield f"{file}:{row.line}: {row.day.isoformat()}{of} is {here}, and {there}", hint
    if len(differing) > _NAMED:
        yield f"{file}: {count(len(differing) - _NAMED, 'more value')} that differ from the vault", ""


def import_summary(report: ImportReport) -> str:
    """A summary in one sentence, for stderr."""
    if report.problems:
        whole = next((problem for problem in report.problems if problem.whole), None)
        what = count(len(report.problems), "row") if whole is None else f"the file from line {whole.line} on"
        return f"{what} cannot be read, so nothing was written"
    numbers = Counter(row.state for row in report.rows)
    told = ", ".join(f"{number} {state}" for state, number in numbers.items()) or "the file has no rows"
    if numbers["differs"]:
        return f"{told}; nothing was written"
    undo = f"; `graphkit undo` reverts it (run {report.run})" if report.run is not None else ""
    return f"“{harmless(report.metric)}”: {told}{undo}"
