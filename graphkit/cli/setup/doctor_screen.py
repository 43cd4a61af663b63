"""`graphkit doctor` as a screen and as tab-separated lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.cli.look.check_screen import finding_lines
from graphkit.cli.terminal.canvas import count, line_width
from graphkit.cli.terminal.cells import wrap
from graphkit.cli.terminal.formats import Rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphkit.app.results.reports import DoctorReport
    from graphkit.cli.terminal.canvas import Line, Surface
    from graphkit.text.diagnostics import Diagnostic

DOCTOR_COLUMNS = ("topic", "what", "value")
"""Fields of the tab-separated form."""

_LABEL = 18


def _facts(report: DoctorReport) -> Iterator[tuple[str, str, str]]:
    yield "graphkit", "version", report.version
    yield "graphkit", "Python", report.python
    yield "graphkit", "platform", report.platform
    yield "graphkit", "output", _output(report)
    yield "vault", "folder", report.path
    yield "vault", "read as", f"{report.dialect}: {report.dialect_reason}"
    yield "vault", "today", report.as_of.isoformat()
    yield "vault", "logseq/config.edn", report.config
    yield "vault", "graphkit.toml", report.settings
    yield "vault", "file names", report.file_name_format
    yield "vault", "journal titles", report.journal_title_format
    yield "vault", "journal files", report.journal_file_format
    yield "vault", "hidden", ", ".join(report.hidden) or "nothing"
    yield "vault", "git", "a work tree" if report.git else "no work tree"
    yield "content", "pages", f"{report.pages:,} ({count(report.journals, 'journal')})"
    yield "content", "experiments", f"{report.experiments:,} ({count(report.goals, 'goal')})"
    yield "content", "tasks", f"{report.tasks:,} in {count(report.blocks, 'block')}"
    yield "content", "not read", ", ".join(f"{kind} ({number:,})" for kind, number in report.not_read) or "nothing"
    yield "content", "unreadable", f"{len(report.unread):,}"
    numbers = (count(report.errors, "error"), count(report.warnings, "warning"), count(report.notes, "note"))
    yield "content", "findings", f"{', '.join(numbers)}: graphkit check lists them"
    yield "content", "read in", f"{report.seconds:.2f} s"


def _output(report: DoctorReport) -> str:
    kind = "terminal" if report.terminal else "not a terminal"
    return f"{kind}, {report.encoding}, {report.width} columns, {'colour' if report.color else 'no colour'}"


def doctor_screen(report: DoctorReport, surface: Surface) -> list[Line]:
    """Facts by topic, then unreadable files, the findings of loading, and suggestions."""
    lines: list[Line] = []
    topic = ""
    for about, what, value in _facts(report):
        if about != topic:
            lines += [(), ((f" {about}", "heading"),)] if topic else [((f" {about}", "heading"),)]
            topic = about
        head: Line = ((f"   {what:<{_LABEL}} ", "muted"),)
        room = max(surface.width - line_width(head), 1)
        for number, part in enumerate(wrap(surface.show(value), room) or [""]):
            lines.append((*(head if not number else ((" " * line_width(head), "plain"),)), (part, "plain")))
    lines += _found("could not be read", report.unread, surface)
    lines += _found("findings", report.findings, surface)
    if report.suggestions:
        lines += [(), ((" suggestions", "heading"),)]
        for suggestion in report.suggestions:
            for number, part in enumerate(wrap(surface.say(suggestion), max(surface.width - 5, 1))):
                lines.append(((f"   {surface.glyphs.bullet if not number else ' '} ", "open"), (part, "plain")))
    return surface.fit(lines)


def _found(title: str, findings: Sequence[Diagnostic], surface: Surface) -> Iterator[Line]:
    if findings:
        yield ()
        yield ((f" {title}", "heading"),)
        for finding in findings:
            yield from finding_lines(finding, surface, with_path=True)


def doctor_plain(report: DoctorReport) -> Rows:
    """A header line, then one line per fact, finding and suggestion, fields (DOCTOR_COLUMNS) separated by tabs."""
    found = [
        (topic, finding.code, f"{finding.path}:{finding.line}:{finding.column}: {finding.message}")
        for topic, findings in (("unreadable", report.unread), ("finding", report.findings))
        for finding in findings
    ]
    helpful = [("suggestion", "", suggestion) for suggestion in report.suggestions]
    return Rows(DOCTOR_COLUMNS, [*_facts(report), *found, *helpful])
