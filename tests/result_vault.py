"""A vault with one experiment whose *Result* is given, and its readout."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from graphkit.app.load import load
from graphkit.app.reading.check import report_check
from graphkit.app.reading.readout import report_readout

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit.app.results.readouts import ReadoutReport, ResultRow
    from graphkit.app.vault import Vault

AS_OF = date(2026, 3, 2)


def vault(
    root: Path, result: str, *, page: str = "", others: dict[str, str] | None = None, settings: str = ""
) -> Vault:
    """The vault; page: further properties of the experiment, others: texts of other pages by title."""
    (root / "logseq").mkdir(parents=True)
    (root / "pages").mkdir()
    if settings:
        (root / "graphkit.toml").write_text(settings, encoding="utf-8")
    pages = {"X": f"page-type:: [[experiment]]\n{page}\n- ### Result\n{result}", **(others or {})}
    for title, text in pages.items():
        (root / "pages" / f"{title}.md").write_text(text, encoding="utf-8")
    return load(root, as_of=AS_OF)


def report(
    root: Path, result: str, *, page: str = "", others: dict[str, str] | None = None, settings: str = ""
) -> ReadoutReport:
    """The readout of the experiment."""
    return report_readout(vault(root, result, page=page, others=others, settings=settings), "X")


def read(root: Path, result: str, *, page: str = "", others: dict[str, str] | None = None) -> ResultRow:
    """Its only result."""
    (found,) = report(root, result, page=page, others=others).results
    return found


def codes(session: Vault) -> list[tuple[str, int, str]]:
    """Code, line and message of what is wrong with its results."""
    return [(item.code, item.line, item.message) for item in report_check(session, select=["W501", "W51"]).findings]


def rows(*lines: str, head: str = "variant | n | conversions") -> str:
    """A block with one table."""
    marks = "|".join("--" for _ in head.split("|"))
    return "\t- " + "\n\t  ".join((f"| {head} |", f"|{marks}|", *lines)) + "\n"
