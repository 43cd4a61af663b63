"""`graphkit open`."""

from __future__ import annotations

import os
import shlex
import subprocess
from typing import TYPE_CHECKING

import click

from graphkit.app.failures import RequestError
from graphkit.cli.exits import Exit
from graphkit.cli.options import Invocation, shared_options
from graphkit.cli.vault_command import open_vault, outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

_AT_COLON = frozenset({"subl", "sublime_text", "zed", "hx", "helix", "mate"})
_GOTO = frozenset({"code", "code-insiders", "codium", "cursor", "windsurf"})
_IDEA = frozenset({"idea", "pycharm", "webstorm", "goland", "clion"})
_PLUS = frozenset(
    {"vi", "vim", "nvim", "gvim", "view", "emacs", "emacsclient", "nano", "pico", "kak", "micro", "joe", "ne"}
)
"""Editors by the way in which they take a line number. Any other is given the file only."""


@click.command("open")
@click.argument("reference", metavar="PAGE|REF")
@click.option("--app", "how", flag_value="app", help="Open it in Logseq or Obsidian (the default for their vaults).")
@click.option("--editor", "how", flag_value="editor", help="Open it in $VISUAL or $EDITOR, at the line.")
@click.option("--print", "how", flag_value="print", help="Print the address and the file with its line.")
@shared_options
@click.pass_obj
def command(invocation: Invocation, reference: str, how: str | None) -> int:
    """Open a page, a line (`page:line`), a block by its id, or a task by its words.

    In a pipe, print the address and the place instead.
    """
    from graphkit.app.reading.open_target import address, find_target  # noqa: PLC0415 - not for `--help`

    output = invocation.output()
    vault = open_vault(invocation, output, whole=True)
    target = find_target(vault, reference.strip())
    link = address(vault, target)
    file = vault.root / target.path
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    if how is None:
        how = "print" if not output.terminal else "app" if link else "editor" if editor else "print"
    if how == "app":
        if link is None:
            raise RequestError("no app is known for this kind of vault", "use --editor or --print")
        if click.launch(link) != 0:
            raise RequestError(f"this system has nothing that opens {link}", "use --editor or --print")
    elif how == "editor":
        _edit(editor, os.fspath(file), target.line)
    else:
        output.text([*([link] if link else []), f"{file}:{target.line}"])
    return outcome(vault, output, Exit.FINE)


def _edit(editor: str, file: str, line: int) -> None:
    if not editor:
        raise RequestError("there is no editor", "set VISUAL or EDITOR, for example EDITOR=nano")
    try:
        subprocess.run(editor_command(editor, file, line), check=True)  # noqa: S603 - the user's own editor
    except (OSError, ValueError) as error:
        raise RequestError(f"the editor `{editor}` cannot be run: {error}", "correct VISUAL or EDITOR") from error
    except subprocess.CalledProcessError as error:
        raise RequestError(f"`{editor}` ended with exit status {error.returncode}") from error


def editor_command(editor: str, file: str, line: int) -> Sequence[str]:
    """The words of the command line that opens a file at a line. Raises ValueError for unbalanced quotes."""
    words = shlex.split(editor)
    name = os.path.basename(words[0]).removesuffix(".exe").lower()  # noqa: PTH119 - a word, not a file
    if name in _GOTO:
        return [*words, "--goto", f"{file}:{line}"]
    if name in _AT_COLON:
        return [*words, f"{file}:{line}"]
    if name in _IDEA:
        return [*words, "--line", str(line), file]
    return [*words, *([f"+{line}"] if name in _PLUS else []), file]
