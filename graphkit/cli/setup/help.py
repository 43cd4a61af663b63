"""`graphkit help`."""

from __future__ import annotations

import click

from graphkit.cli.exits import Exit
from graphkit.cli.options import Invocation, shared_options


@click.command("help")
@click.argument("words", nargs=-1, metavar="[COMMAND | TOPIC]")
@shared_options
@click.pass_context
def command(context: click.Context, words: tuple[str, ...]) -> int:
    """Show the help of a command, or a page of the documentation.

    Without a name, list the commands and topics.
    """
    from graphkit.app.documentation import read_topic, topics  # noqa: PLC0415 - not for `--help`

    output = context.ensure_object(Invocation).output()
    top = context.find_root()
    if not words:
        output.text([top.get_help(), "", "Topics for `graphkit help TOPIC`:", *(f"  {name}" for name in topics())])
        return Exit.FINE
    found, names = top.command, list(words)
    inner = top
    while names and isinstance(found, click.Group) and (below := found.get_command(inner, names[0])) is not None:
        found, inner = below, click.Context(below, info_name=names.pop(0), parent=inner)
    if inner is not top and not names:
        output.text([found.get_help(inner)])
        return Exit.FINE
    text = read_topic(" ".join(words))
    if output.screen:
        from graphkit.cli.terminal.documents import document_lines  # noqa: PLC0415 - imports rich

        output.lines(document_lines(text, output.surface))
    else:
        output.document(text)
    return Exit.FINE
