"""The output of `rollup` and `undo`: one line per region or page, and diffs if they are wanted."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from graphkit.app.results.writes import RollupEntry, RollupReport, UndoList, UndoOutcome
    from graphkit.cli.terminal.canvas import Line, Role

_ROLES: dict[str, Role] = {
    "current": "muted",
    "outdated": "good",
    "created": "good",
    "taken over": "warn",
    "edited": "bad",
    "written": "good",
    "unchanged": "muted",
    "conflict": "bad",
    "refused": "bad",
    "failed": "bad",
}
_DIFF_ROLES: dict[str, Role] = {"+": "good", "-": "bad", "@": "calm"}


def rollup_screen(report: RollupReport, *, with_diff: bool) -> list[Line]:
    """Every managed region with its state, then the diffs."""
    lines: list[Line] = []
    for entry in report.entries:
        word = _word(entry, report)
        lines.append(((f"{word:<12}", _ROLES[entry.state]), (f"{entry.view:<11}", "plain"), (_place(entry), "place")))
    if with_diff:
        lines += diff_lines(_diffs(report))
    return lines


def rollup_plain(report: RollupReport, *, with_diff: bool) -> list[str]:
    """The diffs alone, as `patch` reads them, if they are wanted; else one region per line, separated by tabs."""
    if with_diff:
        return [line for diff in _diffs(report) for line in diff.rstrip("\n").split("\n")]
    return [
        "state\tview\tpath\tline",
        *(f"{_word(entry, report)}\t{entry.view}\t{entry.path}\t{entry.line}" for entry in report.entries),
    ]


def rollup_summary(report: RollupReport) -> str:
    """A summary in one sentence, for stderr."""
    if not report.entries and not report.failures:
        return (
            "this vault has no rollups yet; run `graphkit rollup --create` to create pages, "
            "or add the property `graphkit:: status` to a block"
        )
    numbers = Counter(_word(entry, report) for entry in report.entries)
    told = ", ".join(f"{number} {word}" for word, number in numbers.items()) or "no rollups"
    undo = f"; `graphkit undo` reverts it (run {report.run})" if report.run is not None else ""
    return f"{told}{undo}"


def _word(entry: RollupEntry, report: RollupReport) -> str:
    """The outcome of an entry: its state or, if it was to be written, the result of that."""
    if entry.state in {"current", "edited", "refused"}:
        return entry.state
    if report.dry_run:
        return {"outdated": "out of date", "created": "missing"}.get(entry.state, entry.state)
    ended = next((page.outcome for page in report.pages if page.path == entry.path), "")
    if ended in {"written", "unchanged", ""}:
        return {"outdated": "updated"}.get(entry.state, entry.state)
    return ended


def _place(entry: RollupEntry) -> str:
    return f"{entry.path}:{entry.line}"


def _diffs(report: RollupReport) -> list[str]:
    return [diff for diff in report.diffs if diff]


def diff_lines(diffs: Iterable[str]) -> list[Line]:
    """Unified diffs for a screen."""
    lines: list[Line] = []
    for diff in diffs:
        lines.append((("", "plain"),))
        for line in diff.rstrip("\n").split("\n"):
            role: Role = "strong" if line.startswith(("--- ", "+++ ")) else _DIFF_ROLES.get(line[:1], "plain")
            lines.append(((line, role),))
    return lines


def runs_screen(report: UndoList) -> list[Line]:
    """The runs, newest first."""
    lines: list[Line] = []
    for run in report.runs:
        when = run.time.strftime("%Y-%m-%d %H:%M:%S") if run.time else "unknown time"
        note = "  undone" if run.undone else ""
        lines.append(
            ((f"{run.run:>5}  ", "strong"), (f"{when}  ", "muted"), (f"{run.command}", "plain"), (note, "muted"))
        )
        lines += [((f"         {page}", "place"),) for page in run.pages]
    return lines


def runs_plain(report: UndoList) -> list[str]:
    """One run and page per line, separated by tabs."""
    return [
        "run\ttime\tcommand\tundone\tpath",
        *(
            "\t".join(
                (
                    str(run.run),
                    run.time.isoformat() if run.time else "",
                    run.command,
                    "yes" if run.undone else "no",
                    page,
                )
            )
            for run in report.runs
            for page in run.pages
        ),
    ]


def undo_screen(report: UndoOutcome) -> list[Line]:
    """The outcome of each page, and the diffs of a dry run."""
    words = _undo_words(report)
    lines: list[Line] = [
        ((f"{words[page.outcome]:<12}", _ROLES[page.outcome]), (page.path, "place")) for page in report.pages
    ]
    return lines + diff_lines(diff for diff in report.diffs if diff)


def undo_plain(report: UndoOutcome) -> list[str]:
    """The diffs of a dry run; else one page per line, separated by tabs."""
    if report.diffs:
        return [line for diff in report.diffs if diff for line in diff.rstrip("\n").split("\n")]
    words = _undo_words(report)
    return ["outcome\tpath", *(f"{words[page.outcome]}\t{page.path}" for page in report.pages)]


def _undo_words(report: UndoOutcome) -> dict[str, str]:
    written = "would change" if report.diffs else "reverted"
    return {
        "written": written, "unchanged": "unchanged", "conflict": "conflict", "refused": "refused", "failed": "failed"
    }  # fmt: skip


def undo_summary(report: UndoOutcome) -> Sequence[str]:
    """Notes for stderr."""
    run = report.run
    return (f"run {run.run}, {run.command}: {len(report.pages)} page{'s' if len(report.pages) != 1 else ''}",)
