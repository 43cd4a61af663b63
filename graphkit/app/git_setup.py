"""`graphkit git-setup`: what a vault in git needs, and the merge driver that keeps rollups out of conflicts."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from graphkit.app.edit_results import GitPart, GitReport
from graphkit.app.failures import RequestError
from graphkit.app.rollup import Rendering
from graphkit.app.session import open_session, scan_outline
from graphkit.app.templates import Templates
from graphkit.app.write import Change, WriteReport, write_changes
from graphkit.store.files import VaultError, find_vault, read_bytes
from graphkit.store.writable import refuse_content
from graphkit.text.diagnostics import Diagnostic
from graphkit.text.edit import Plan, Splice, digest
from graphkit.text.source import SourceText
from graphkit.vault.layout import Dialect
from graphkit.views.merging import with_generated_of
from graphkit.views.page_plan import plan_page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphkit.app.session import Session

ATTRIBUTES = ("*.md merge=graphkit",)
"""Lines for `.gitattributes`: pages are merged by graphkit's driver."""
IGNORED = ("logseq/bak/", "logseq/.recycle/", "logseq/version-files/", ".graphkit-*.tmp", ".graphkit-*.swap")
"""Lines for `.gitignore`: Logseq's own copies (reference 1.1), and what a killed run of graphkit may leave."""
CONFIG = (
    ("merge.graphkit.name", "people's words merged, rollups rendered anew"),
    ("merge.graphkit.driver", "graphkit merge-driver %O %A %B %L %P"),
)
"""Settings of the repository, which git does not share: everyone runs `git-setup --write` once."""

_LINE_BY_LINE = 7
_GIT_FAILED = 128


def git_setup(session: Session, environ: Mapping[str, str], *, write: bool = False) -> GitReport:
    """What this vault's repository lacks; with `write` the missing lines are added below those that people wrote.

    Raises RequestError where the vault is in no git repository, or git cannot be run.
    """
    root = session.root.resolve()
    _git(root, "rev-parse", "--show-toplevel")
    parts: list[GitPart] = []
    changes: list[Change] = []
    for name, lines in ((".gitattributes", ATTRIBUTES), (".gitignore", IGNORED)):
        data = read_bytes(session.root, name) if (root / name).exists() else None
        if isinstance(data, Diagnostic):
            raise RequestError(f"{name}: {data.message}", data.hint)
        missing = _missing(data, lines)
        parts.append(GitPart(place=name, missing=missing))
        if missing:
            changes.append(Change(plan=_addition(name, data, missing)))
    settings = [
        f"{key} = {value}"
        for key, value in CONFIG
        if _git(root, "config", "--local", "--get", key, fails=True) != value
    ]
    parts.append(GitPart(place="git config", missing=tuple(settings)))
    written = WriteReport()
    if write:
        written = write_changes(session.root, changes, command="git-setup", environ=environ)
        for key, value in CONFIG:
            _git(root, "config", "--local", key, value)
    return GitReport(parts=tuple(parts), wrote=write, pages=written.pages, findings=written.findings, run=written.run)


def _missing(data: bytes | None, lines: Sequence[str]) -> tuple[str, ...]:
    present = {" ".join(line.split()) for line in (data or b"").decode("utf-8", "replace").splitlines()}
    return tuple(line for line in lines if line not in present)


def _addition(name: str, data: bytes | None, missing: Sequence[str]) -> Plan:
    text = SourceText.decode(data or b"").text
    lead = "\n" if text and not text.endswith("\n") else ""
    return Plan(
        page=name,
        digest=None if data is None else digest(data),
        splices=(Splice(len(text), len(text), lead + "".join(f"{line}\n" for line in missing)),),
        reason="git-setup",
    )


def _git(folder: Path, *arguments: str, fails: bool = False) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - arguments of this module's own
            ["git", "-C", str(folder), *arguments],  # noqa: S607 - the git that people use
            capture_output=True, check=False, text=True, timeout=60,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError) as error:
        raise RequestError(f"git cannot be run: {error}", "install git, or leave this vault without it") from error
    if done.returncode and not fails:
        raise RequestError(
            f"git {arguments[0]} failed: {done.stderr.strip().partition(chr(10))[0]}",
            "the vault must lie in a git repository: run `git init` in its folder first",
        )
    return done.stdout.strip()


def merge_versions(base: Path, ours: Path, theirs: Path, marker_size: int, path: str, here: Path) -> bool:
    """Merge a page as git asks a driver to: the result stands in `ours` afterwards; True where it is clean.

    What graphkit generated is taken for equal in all versions, so that only people's words can conflict; where they
    merge cleanly the page's rollups are rendered anew. path: the page below `here`, the top of the work tree. A block
    in which someone has edited generated words merges like any text.
    """
    versions = [file.read_bytes() for file in (base, ours, theirs)]
    if not any(refuse_content(data) for data in versions):
        outlines = [scan_outline(SourceText.decode(data).text, Dialect.LOGSEQ) for data in versions]
        versions[0] = SourceText(with_generated_of(outlines[0], outlines[1])).encode()
        versions[2] = SourceText(with_generated_of(outlines[2], outlines[1])).encode()
    merged, conflicts = _merged(versions, marker_size)
    if not conflicts and b"raphkit::" in merged:
        merged = _rendered(merged, path, here)
    ours.write_bytes(merged)
    return not conflicts


def _merged(versions: Sequence[bytes], marker_size: int) -> tuple[bytes, bool]:
    """Base, ours and theirs as `git merge-file` merges them line by line. Raises RequestError where it cannot."""
    with tempfile.TemporaryDirectory(prefix="graphkit-merge-") as folder:
        names = [Path(folder, name) for name in ("base", "ours", "theirs")]
        for name, data in zip(names, versions, strict=True):
            name.write_bytes(data)
        labels = [part for label in ("ours", "base", "theirs") for part in ("-L", label)]
        done = subprocess.run(  # noqa: S603 - arguments of this module's own
            ["git", "merge-file", "-p", f"--marker-size={marker_size or _LINE_BY_LINE}", *labels,  # noqa: S607
             str(names[1]), str(names[0]), str(names[2])],
            capture_output=True, check=False, timeout=60,
        )  # fmt: skip
    if done.returncode >= _GIT_FAILED or done.returncode < 0:
        raise RequestError(f"git merge-file failed: {done.stderr.decode('utf-8', 'replace').strip()}")
    return done.stdout, done.returncode > 0


def _rendered(data: bytes, path: str, here: Path) -> bytes:
    """The page with its rollups as the work tree gives them now; as it is where nothing can be rendered."""
    place = (here / path).absolute()
    try:
        root = find_vault(place.parent if place.parent.is_dir() else here)
        session = open_session(root)
    except (VaultError, RequestError):
        return data
    page = session.catalog.at_path(place.relative_to(root.absolute()).as_posix())
    if page is None or session.dialect is not Dialect.LOGSEQ:
        return data
    with Templates(session.root) as templates:
        rendering = Rendering(session, templates, [])
        found = plan_page(
            page.path,
            data,
            rendering.of_page(page, data),
            rendering.scan,
            indentation=session.config.bullet_indentation,
        )
    return found.plan.apply(data) if found.plan is not None else data
