"""`graphkit merge-driver`: merge three versions of a page, with rollups rendered again instead of conflicts in them."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from graphkit.app.failures import RequestError
from graphkit.app.load import load, with_bytes
from graphkit.app.page_reader import scan_outline
from graphkit.app.writing.region_rendering import Rendering
from graphkit.app.writing.template_lookup import Templates
from graphkit.store.reading.files import VaultError, find_vault
from graphkit.store.writing.writable import refuse_content
from graphkit.text.source import SourceText
from graphkit.vault.layout import Dialect
from graphkit.views.merge import with_generated_of
from graphkit.views.page_plan import plan_page

if TYPE_CHECKING:
    from collections.abc import Sequence


LABELS: Final = ("base", "ours", "theirs")
_MARKER_SIZE: Final = 7
_GIT_FAILED: Final = 128


def merge_versions(
    base: Path,
    ours: Path,
    theirs: Path,
    *,
    marker_size: int,
    path: str,
    here: Path,
    labels: tuple[str, str, str] = LABELS,
) -> bool:
    """Merge a page as git asks a driver to: the result stands in `ours` afterwards; True where it is clean.

    What graphkit generated is taken for equal in all versions, so that only people's words can conflict; where they
    merge cleanly the page's rollups are rendered again, from this page as merged and all others as the work tree has
    them. A block in which someone has edited generated words merges like any text. path: the page below `here`, the top
    of the work tree. labels: what base, ours and theirs are called in a conflict.
    """
    versions = [file.read_bytes() for file in (base, ours, theirs)]
    if not any(refuse_content(data) for data in versions):
        outlines = [scan_outline(SourceText.decode(data).text, Dialect.LOGSEQ) for data in versions]
        versions[0] = SourceText(with_generated_of(outlines[0], outlines[1])).encode()
        versions[2] = SourceText(with_generated_of(outlines[2], outlines[1])).encode()
    merged, conflicts = _merged(versions, marker_size, labels)
    if not conflicts and b"raphkit::" in merged:
        merged = _rendered(merged, path, here)
    ours.write_bytes(merged)
    return not conflicts


def _merged(versions: Sequence[bytes], marker_size: int, labels: tuple[str, str, str]) -> tuple[bytes, bool]:
    """Base, ours and theirs as `git merge-file` merges them line by line. Raises RequestError if it cannot."""
    with tempfile.TemporaryDirectory(prefix="graphkit-merge-") as folder:
        names = [Path(folder, name) for name in ("base", "ours", "theirs")]
        for name, data in zip(names, versions, strict=True):
            name.write_bytes(data)
        base, ours, theirs = labels
        done = subprocess.run(  # noqa: S603 - arguments of this module's own
            ["git", "merge-file", "-p", f"--marker-size={marker_size or _MARKER_SIZE}",  # noqa: S607
             "-L", ours, "-L", base, "-L", theirs, str(names[1]), str(names[0]), str(names[2])],
            capture_output=True, check=False, timeout=60,
        )  # fmt: skip
    if done.returncode >= _GIT_FAILED or done.returncode < 0:
        raise RequestError(f"git merge-file failed: {done.stderr.decode('utf-8', 'replace').strip()}")
    return done.stdout, done.returncode > 0


def _rendered(data: bytes, path: str, here: Path) -> bytes:
    """The page with its rollups as it and the work tree give them now; as it is where nothing can be rendered."""
    place = (here / path).absolute()
    try:
        root = find_vault(place.parent if place.parent.is_dir() else here)
        vault = load(root)
    except (VaultError, RequestError):
        return data
    page = vault.catalog.at_path(place.relative_to(root.absolute()).as_posix())
    if page is None or vault.dialect is not Dialect.LOGSEQ:
        return data
    merged = with_bytes(vault, page.path, data)
    page = None if merged is None else merged.catalog.at_path(page.path)
    if merged is None or page is None:
        return data
    vault = merged
    with Templates(vault.root) as templates:
        rendering = Rendering(vault, templates, [])
        found = plan_page(
            page.path,
            data,
            rendering.of_page(page, data),
            rendering.scan,
            indentation=vault.config.bullet_indentation,
        )
    return found.plan.apply(data) if found.plan is not None else data
