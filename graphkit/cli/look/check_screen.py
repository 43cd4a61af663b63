"""`graphkit check` as a screen grouped by page, and as lines that editors can jump to."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from graphkit.cli.terminal.canvas import Surface, count, line_width
from graphkit.cli.terminal.cells import harmless, wrap
from graphkit.cli.write.rollup_screen import diff_lines
from graphkit.text.diagnostics import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphkit.app.results.edits import FixReport
    from graphkit.app.results.reports import CheckReport
    from graphkit.cli.terminal.canvas import Line, Role
    from graphkit.text.diagnostics import Diagnostic

SEVERITY_ROLES: Mapping[Severity, Role] = {
    Severity.ERROR: "bad",
    Severity.WARNING: "warn",
    Severity.INFO: "calm",
}

_LONGEST_PROSE = 110


def check_screen(report: CheckReport, surface: Surface) -> list[Line]:
    """Findings by page, each with place, code and hint, then the summary. Long messages are wrapped."""
    lines: list[Line] = []
    for path, findings in groupby(report.findings, key=lambda finding: finding.path):
        group = list(findings)
        shown = surface.cut(surface.show(path), surface.width - 1)
        lines += [(*_page(shown), (f"  {len(group):,}", "muted"))]
        for finding in group:
            lines += finding_lines(finding, surface, with_path=False)
        lines.append(())
    lines.append(_summary(report, surface))
    if report.findings:
        most = report.findings[0].code
        lines.append(((f"   graphkit explain {most}", "plain"), (" tells what a code means", "muted")))
    return surface.fit(lines)


def _page(path: str) -> Line:
    folder, slash, name = path.rpartition("/")
    return ((f" {folder}{slash}", "place"), (name, "strong"))


def finding_lines(finding: Diagnostic, surface: Surface, *, with_path: bool) -> list[Line]:
    """Place, code and severity of one finding, its message next to them (or below, after a path), and its hint."""
    place = f"{finding.line}:{finding.column}"
    where = f"{surface.show(finding.path)}:{place}" if with_path else f"{place:<7}"
    severity = finding.severity.value
    head: Line = (
        ("   ", "plain"),
        (where, "place"),
        (f" {finding.code} {severity}", SEVERITY_ROLES[finding.severity]),
    )
    beside = (*head, (" " * (9 - len(severity)), "plain"))
    margin = line_width(beside)
    lines: list[Line] = []
    lead: Line = beside
    if with_path or margin > surface.width // 2:
        margin = 5
        lines.append(surface.cut_line(head, surface.width))
        lead = ((" " * margin, "plain"),)
    room = max(min(surface.width - margin, _LONGEST_PROSE), 10)
    for text in wrap(surface.say(finding.message), room):
        lines.append((*lead, (text, "plain")))
        lead = ((" " * margin, "plain"),)
    sign = f"{surface.glyphs.toward} "
    for text in wrap(surface.say(finding.hint), room - len(sign)):
        lines.append(((" " * margin, "plain"), (f"{sign}{text}", "muted")))
        sign = " " * len(sign)
    return lines


def check_summary(report: CheckReport) -> str:
    """`2 errors, 5 warnings and 1 note in 157 pages`."""
    pages = count(report.pages, "page")
    numbers = [
        count(number, word)
        for severity, word in ((Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "note"))
        if (number := sum(1 for finding in report.findings if finding.severity is severity))
    ]
    if not numbers:
        return f"no findings in {pages}"
    *most, last = numbers
    return f"{', '.join(most)} and {last} in {pages}" if most else f"{last} in {pages}"


def _summary(report: CheckReport, surface: Surface) -> Line:
    worst: Role = "good"
    for severity in (Severity.INFO, Severity.WARNING, Severity.ERROR):
        if any(finding.severity is severity for finding in report.findings):
            worst = SEVERITY_ROLES[severity]
    sign = surface.glyphs.closed if not report.findings else surface.glyphs.alarm
    return surface.cut_line(((" ", "plain"), (sign, worst), (f" {check_summary(report)}", "strong")), surface.width)


def check_plain(report: CheckReport) -> Iterator[str]:
    """`path:line:col: CODE severity: message`, one line per finding; the hint, if there is one, after a tab."""
    return map(_plain, report.findings)


def _plain(finding: Diagnostic) -> str:
    line = (
        f"{harmless(finding.path)}:{finding.line}:{finding.column}: "
        f"{finding.code} {finding.severity.value}: {harmless(finding.message)}"
    )
    return f"{line}\t{harmless(finding.hint)}" if finding.hint else line


def fix_screen(report: FixReport, surface: Surface, *, with_diff: bool) -> list[Line]:
    """The findings that were fixed, then those that are left, then the diffs."""
    lines: list[Line] = []
    for finding in report.fixed:
        word = "would fix" if report.dry_run else "fixed"
        place = f"{surface.show(finding.path)}:{finding.line}:{finding.column}"
        lines.append(((f"{word:<10}", "good"), (place, "place"), (f"  {finding.code} ", "muted")))
        lines += [
            (("          ", "plain"), (text, "plain")) for text in wrap(surface.say(finding.hint), _LONGEST_PROSE)
        ]
    for finding in report.left:
        lines += finding_lines(finding, surface, with_path=True)
    return lines + diff_lines(report.diffs) if with_diff else lines


def fix_plain(report: FixReport, *, with_diff: bool) -> list[str]:
    """The diffs alone, as `patch` reads them, if wanted; else one line per finding, after `fixed` or `left`."""
    if with_diff:
        return [line for diff in report.diffs for line in diff.rstrip("\n").split("\n")]
    fixed = "would fix" if report.dry_run else "fixed"
    return [
        *(f"{fixed}\t{_plain(finding)}" for finding in report.fixed),
        *(f"left\t{_plain(finding)}" for finding in report.left),
    ]


def fix_summary(report: FixReport) -> str:
    """`3 findings fixed, 1 left`."""
    fixed = "would be fixed" if report.dry_run else "fixed"
    told = f"{count(len(report.fixed), 'finding')} {fixed}, {len(report.left)} left"
    undo = f"; `graphkit undo` reverts it (run {report.run})" if report.run is not None else ""
    return f"{told} in {count(report.page_count, 'page')}{undo}"
