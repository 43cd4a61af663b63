"""`graphkit completion`."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from graphkit.cli.options import Invocation, shared_options


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]), metavar="SHELL")
@shared_options
@click.pass_context
def command(context: click.Context, shell: str) -> int:
    """Print a completion script for SHELL: bash, zsh or fish.

    For bash, add `eval "$(graphkit completion bash)"` to ~/.bashrc. For zsh, add the same with zsh to ~/.zshrc.
    For fish, run `graphkit completion fish > ~/.config/fish/completions/graphkit.fish`.
    """
    invocation = context.ensure_object(Invocation)
    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101 - the choices are the shells that click knows
    root = context.find_root()
    invocation.output().text([kind(root.command, {}, "graphkit", "_GRAPHKIT_COMPLETE").source().rstrip("\n")])
    return 0
