"""`graphkit doctor`: how graphkit sees a vault and this machine, with advice. Changes nothing."""

from __future__ import annotations

import os
import platform
import time
from collections import Counter
from typing import TYPE_CHECKING

from graphkit.app.reading.check import report_check
from graphkit.app.results.reports import DoctorReport
from graphkit.app.writing.git_setup import merge_advice
from graphkit.facts.generated_blocks import MANAGED_PROPERTY
from graphkit.insight.experiments.goal_rollup import read_goals
from graphkit.store.writing.temporary_files import read_dot_name
from graphkit.text.diagnostics import Severity
from graphkit.text.records import Record
from graphkit.vault.layout import CONFIG_PATH, SETTINGS_PATH, Dialect, explain_dialect
from graphkit.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from graphkit.app.vault import Vault
    from graphkit.text.diagnostics import Diagnostic


class Screen(Record, frozen=True, kw_only=True):
    """The output of the report, as detected by the command line."""

    encoding: str
    terminal: bool
    color: bool
    width: int


def report_doctor(open_session: Callable[[], Vault], screen: Screen) -> DoctorReport:
    """Open the vault, time it, and report. Raises RequestError as opening does."""
    started = time.perf_counter()
    vault = open_session()
    seconds = time.perf_counter() - started
    config = vault.config
    names = _names_in(vault.root)
    unread = tuple(vault.unread)
    findings = tuple(finding for finding in vault.loaded.findings if finding not in unread)
    pages = list(vault.catalog.pages())
    severities = Counter(finding.severity for finding in report_check(vault).findings)
    return DoctorReport(
        version=__version__,
        python=f"{platform.python_implementation()} {platform.python_version()}",
        platform=platform.platform(),
        encoding=screen.encoding,
        terminal=screen.terminal,
        color=screen.color,
        width=screen.width,
        path=str(vault.root),
        dialect=vault.dialect.value,
        dialect_reason=_dialect_reason(vault, names),
        as_of=vault.today,
        config=_config_state(vault, names),
        settings="read" if SETTINGS_PATH in names else "absent",
        file_name_format=config.file_name_format,
        journal_title_format=config.journal_title_format,
        journal_file_format=config.journal_file_format,
        hidden=vault.ignored,
        git=_in_git(vault.root),
        pages=len(pages),
        journals=sum(page.journal_day is not None for page in pages),
        experiments=sum(vault.is_experiment(page) for page in pages),
        goals=len(read_goals(vault.catalog, (), vault.reading.goal_types)),
        tasks=sum(len(page.tasks) for page in pages),
        blocks=sum(page.block_count for page in pages),
        not_read=vault.loaded.not_read,
        unread=unread,
        findings=findings,
        seconds=round(seconds, 3),
        errors=severities[Severity.ERROR],
        warnings=severities[Severity.WARNING],
        notes=severities[Severity.INFO],
        suggestions=tuple(_suggestions(vault, names, screen, pages=len(pages))),
    )


def _names_in(root: Path) -> frozenset[str]:
    try:
        return frozenset(os.listdir(root))  # noqa: PTH208 - names, not paths
    except OSError:
        return frozenset()


def _dialect_reason(vault: Vault, names: frozenset[str]) -> str:
    if vault.settings.dialect is not None:
        return f"{SETTINGS_PATH} or GRAPHKIT_DIALECT says so"
    return explain_dialect(names, vault.root.resolve().parts)[1]


def _config_findings(vault: Vault) -> list[Diagnostic]:
    return [finding for finding in vault.loaded.findings if finding.path == CONFIG_PATH]


def _config_state(vault: Vault, names: frozenset[str]) -> str:
    if "logseq" not in names or not (vault.root / CONFIG_PATH).is_file():
        return "absent"
    findings = _config_findings(vault)
    if any(finding.severity == "error" for finding in findings):
        return "unreadable"
    if findings:
        return f"read with {len(findings)} finding{'' if len(findings) == 1 else 's'}"
    return "read"


def _in_git(root: Path) -> bool:
    """True if a `.git` (a folder, or a file in a linked work tree) lies in the vault's folder or above it."""
    absolute = root.resolve()
    return any((folder / ".git").exists() for folder in (absolute, *absolute.parents))


def _suggestions(vault: Vault, names: frozenset[str], screen: Screen, *, pages: int) -> Iterator[str]:
    config = vault.config
    if not pages:
        yield "There are no pages here. Give the folder of your graph with -g."
    if vault.dialect is Dialect.LOGSEQ and "logseq" in names:
        # spec: writing §1; without these lines Logseq shows the property and makes a page of its name.
        if MANAGED_PROPERTY not in config.block_hidden_properties:
            yield f"In {CONFIG_PATH}, add to :block-hidden-properties #{{:{MANAGED_PROPERTY}}}: it hides rollup marks."
        if config.property_pages_enabled and MANAGED_PROPERTY not in config.property_pages_excludelist:
            yield (
                f"In {CONFIG_PATH}, add to :property-pages/excludelist #{{:{MANAGED_PROPERTY}}}: "
                "no page of that name then appears."
            )
    if _config_state(vault, names) == "unreadable":
        yield f"Correct {CONFIG_PATH}: until then every setting in it has its default, in Logseq too."
    if _in_git(vault.root) and (advice := merge_advice(vault.root)):
        yield f"Run graphkit git-setup --write: {advice}."
    if left := [path for path in vault.snapshot.listing.others if read_dot_name(path.rpartition("/")[2]) is not None]:
        yield (
            f"A command that was killed left {', '.join(left[:3])}{' and others' if len(left) > 3 else ''}. "
            "The next command that writes cleans up and says what it found."
        )
    if vault.unread:
        yield "Make the files above readable: their contents are missing from every result."
    if vault.loaded.findings:
        yield "graphkit check lists all findings and how to fix them."
    if not screen.encoding.lower().replace("-", "").startswith("utf"):
        yield "Set PYTHONUTF8=1 or a UTF-8 locale, so that bars and names are drawn correctly."
