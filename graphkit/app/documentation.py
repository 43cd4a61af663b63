"""The documentation that comes with the program: its pages, and the entry of each diagnostic code."""

from __future__ import annotations

import re
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from graphkit.app.failures import RequestError
from graphkit.app.results.explanations import Explanation
from graphkit.facts.diagnostic_codes import CODES

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

_ENTRY = re.compile(r"(?ms)^### (?P<code>[A-Z]\d{3}): [^\n]*\n(?P<text>.*?)(?=^##|\Z)")
_PARTS = re.compile(
    r"\s*\*\w+\.\*\s*(?P<meaning>.*?)\s*\*\*Example:\*\*\s*(?P<example>.*?)\s*"
    r"\*\*Why it matters:\*\*\s*(?P<why>.*?)\s*\*\*How to fix:\*\*\s*(?P<fix>.*?)\s*",
    re.DOTALL,
)


def shipped_folder(name: str) -> Traversable:
    """A folder of files that come with the program, such as `docs` or `templates`."""
    # A wheel holds it inside the package; a checkout, also an editable install, next to the package.
    package = files("graphkit")
    inside = package / name
    return inside if inside.is_dir() else Path(str(package)).parent / name


def topics() -> tuple[str, ...]:
    """The names of the pages of the documentation, sorted."""
    return tuple(sorted(page.name[:-3] for page in shipped_folder("docs").iterdir() if page.name.endswith(".md")))


def read_topic(name: str) -> str:
    """The Markdown of a page. Raises RequestError with similar names if it does not exist."""
    known = topics()
    if name not in known:
        near = get_close_matches(name, known, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"the topics are {', '.join(known)}"
        raise RequestError(f"there is no command or topic '{name}'", hint)
    return (shipped_folder("docs") / f"{name}.md").read_text(encoding="utf-8")


def explain(code: str) -> Explanation:
    """The entry of a diagnostic code, in any case. Raises RequestError that suggests similar codes."""
    wanted = code.upper()
    if wanted not in CODES:
        near = get_close_matches(wanted, CODES, n=3, cutoff=0.7) if wanted else []
        hint = f"similar codes are {', '.join(near)}" if near else "`graphkit explain` lists all codes"
        raise RequestError(f"there is no code '{code}'", hint)
    for entry in _ENTRY.finditer(read_topic("diagnostics")):
        parts = _PARTS.fullmatch(entry["text"])
        if entry["code"] == wanted and parts is not None:
            return Explanation(
                code=wanted, severity=CODES[wanted].severity, title=CODES[wanted].title, **parts.groupdict()
            )
    message = f"docs/diagnostics.md has no entry for {wanted}"
    raise LookupError(message)
