"""Finding templates and rendering them: shipped ones in process, a vault's own in a bounded child.

spec: writing §5.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Literal, Self

from graphkit.app.documentation import shipped_folder
from graphkit.app.writing.render_limits import RenderChild
from graphkit.store.reading.files import read_bytes
from graphkit.text.diagnostics import Diagnostic
from graphkit.views.environment import TemplateError, render
from graphkit.views.template_head import Template, read_template

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Kind = Literal["pages", "views"]

VAULT_FOLDER = ".graphkit/templates"
"""Where a vault keeps its own: Logseq does not look into folders that begin with a dot."""
MAX_TEMPLATE = 500_000
"""Bytes of a template's file that are read."""


class Templates:
    """The templates of one vault, each read once; a context manager, because a vault's own need a child process."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._found: dict[tuple[Kind, str], Template] = {}
        self._child: RenderChild | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the child process, if there is one."""
        if self._child is not None:
            self._child.close()
            self._child = None

    def find(self, kind: Kind, name: str, path: Path | None = None) -> Template:
        """The template of this name: the file given, else the vault's own, else the shipped one.

        Raises TemplateError if it does not exist or cannot be read.
        """
        if path is not None:
            return read_template(str(path), _text(str(path), _read_file(path)), trusted=False)
        key = (kind, name)
        if key not in self._found:
            self._found[key] = self._look_up(kind, name)
        return self._found[key]

    def render(self, template: Template, variables: Mapping[str, object]) -> str:
        """The rendered template. Raises TemplateError, also if time or memory run out."""
        if template.trusted:
            return render(template.source, variables, name=template.name)
        if self._child is None:
            self._child = RenderChild()
        return self._child.render(template.source, variables, name=template.name)

    def _look_up(self, kind: Kind, name: str) -> Template:
        own = f"{VAULT_FOLDER}/{kind}/{name}.md.j2"
        if _is_there(self._root, own):
            data = read_bytes(self._root, own)
            if isinstance(data, Diagnostic):
                raise TemplateError(own, None, data.message)
            return read_template(own, _text(own, data), trusted=False)
        shown = f"templates/{kind}/{name}.md.j2"
        source = shipped(kind, name)
        if source is None:
            raise TemplateError(own, None, "there is no template of this name")
        return read_template(shown, source, trusted=True)


def shipped(kind: Kind, name: str) -> str | None:
    """The text of a shipped template; None if it does not exist."""
    candidate = shipped_folder("templates") / kind / f"{name}.md.j2"
    return candidate.read_text(encoding="utf-8") if candidate.is_file() else None


def _is_there(root: Path, path: str) -> bool:
    """True if the vault has this template. Raises TemplateError for anything in its place that cannot be read as one.

    A symbolic link on the way is not followed, as everywhere in a vault; the shipped template never stands in silently.
    """
    place = str(root)
    try:
        for part in path.split("/"):
            place = os.path.join(place, part)  # noqa: PTH118 - paths are strings here
            state = os.lstat(place)
            if stat.S_ISLNK(state.st_mode):
                raise TemplateError(path, None, "a symbolic link is not followed; put the file itself into the vault")
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise TemplateError(path, None, f"it cannot be read: {error.strerror or error}") from error
    if not stat.S_ISREG(state.st_mode):
        raise TemplateError(path, None, "it is not a regular file")
    if state.st_size > MAX_TEMPLATE:
        raise TemplateError(path, None, f"it is larger than {MAX_TEMPLATE:,} bytes")
    return True


def _read_file(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_TEMPLATE + 1)
    except OSError as error:
        raise TemplateError(str(path), None, f"it cannot be read: {error.strerror or error}") from error


def _text(name: str, data: bytes) -> str:
    if len(data) > MAX_TEMPLATE:
        raise TemplateError(name, None, f"it is larger than {MAX_TEMPLATE:,} bytes")
    try:
        return data.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise TemplateError(name, data.count(b"\n", 0, error.start) + 1, "it is not UTF-8") from error
