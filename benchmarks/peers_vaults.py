"""The vaults that all tools read: generated ones and copies of real ones, made once and kept. Knows no tool."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.peers_drivers.counts import page_files

if TYPE_CHECKING:
    from collections.abc import Mapping

GENERATOR = Path(__file__).resolve().parent / "generate.py"
REAL = ("flancian-garden", "logseq-docs", "ladder-zh")
"""Real graphs by name of their folder: a large garden, Logseq's documentation, Chinese notes with tasks."""
KINDS = ("mixed", "experiments", "real")
QUIET_S = 2.2
"""Longer than a file stays so young that its times alone are not trusted, neither by graphkit nor by git."""
GIT: Mapping[str, str] = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    **{f"GIT_{who}_NAME": "nobody" for who in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{who}_EMAIL": "nobody@localhost" for who in ("AUTHOR", "COMMITTER")},
}
"""git as it is without anybody's own settings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vault:
    """A vault on disk. Tools only read it."""

    kind: str
    """`mixed`, `experiments`, or `real`."""
    title: str
    root: Path
    git_dir: Path
    """Its repository, outside of it, so that no tool stumbles over its files."""
    pages: int
    """Markdown files, whatever is in them."""
    size: int
    """Bytes in them."""


class Missing(Exception):  # noqa: N818 - a reason to skip something, no fault
    """Something that cannot be measured here, with the reason."""


def generated(work: Path, kind: str, pages: int) -> Vault:
    """A vault of `generate.py`; made by a process of its own, because a child's peak memory begins with its parent's.

    A changed generator makes it anew.
    """
    mark = sha256(GENERATOR.read_bytes()).hexdigest()[:8]
    name = f"{kind}-{pages}-{mark}"
    root = work / "vaults" / name
    if not root.exists():
        for old in (work / "vaults").glob(f"{kind}-{pages}-*"):
            shutil.rmtree(old)
        partial = _fresh(work / "vaults" / f"{name}.partial")
        words = [sys.executable, str(GENERATOR), str(partial), "--pages", str(pages), "--kind", kind]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
        _finish(partial, root)
    title = "all experiments" if kind == "experiments" else kind
    return _vault(work, root, kind, f"{title}, {pages:,} pages")


def real(work: Path, corpora: Path, name: str) -> Vault:
    """A copy of a real graph without hidden folders and without the copies that Logseq keeps of its pages.

    Raises Missing where there is no such folder.
    """
    source = corpora / name
    if not source.is_dir():
        raise Missing(f"no folder {name} among the corpora")
    root = work / "vaults" / name
    if not root.exists():
        partial = _fresh(work / "vaults" / f"{name}.partial")
        shutil.copytree(source, partial, ignore=shutil.ignore_patterns(".*", "bak", "version-files"))
        _finish(partial, root)
    return _vault(work, root, "real", name)


def empty(work: Path) -> Path:
    """A graph without a page: what a command costs before it reads one."""
    root = work / "vaults" / "empty"
    (root / "logseq").mkdir(parents=True, exist_ok=True)
    (root / "pages").mkdir(exist_ok=True)
    (root / "logseq" / "config.edn").write_text("{:meta/version 1}\n", encoding="utf-8")
    return root


def _fresh(partial: Path) -> Path:
    if partial.exists():
        shutil.rmtree(partial)
    partial.parent.mkdir(parents=True, exist_ok=True)
    return partial


def _finish(partial: Path, root: Path) -> None:
    """Give a vault that is complete its name."""
    partial.rename(root)
    time.sleep(QUIET_S)


def _vault(work: Path, root: Path, kind: str, title: str) -> Vault:
    pages = page_files(str(root))
    return Vault(
        kind=kind,
        title=title,
        root=root,
        git_dir=work / "git" / root.name,
        pages=len(pages),
        size=sum(page.stat().st_size for page in pages),
    )


def git_command(vault: Vault) -> list[str]:
    """`git` with this vault as its work tree; needs `GIT` in the environment."""
    return ["git", "-c", "gc.auto=0", "--git-dir", str(vault.git_dir), "--work-tree", str(vault.root)]


def commit(vault: Vault) -> None:
    """Have a repository in which all files of the vault are committed. Raises Missing where git refuses."""
    if (vault.git_dir / "committed").exists():
        return
    if vault.git_dir.exists():
        shutil.rmtree(vault.git_dir)
    vault.git_dir.parent.mkdir(parents=True, exist_ok=True)
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "as it is"]):
        done = subprocess.run(
            [*git_command(vault), *words], check=False, capture_output=True, text=True, env={**os.environ, **GIT}
        )
        if done.returncode:
            raise Missing((done.stderr.strip().splitlines() or ["git failed"])[-1])
    (vault.git_dir / "committed").touch()
    time.sleep(QUIET_S)
