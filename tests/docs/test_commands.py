"""docs/commands.md holds the help of every command as it is; GRAPHKIT_UPDATE_GOLDEN=1 writes it there."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import click
from golden_text import same_as_golden
from shared_material import ROOT

from graphkit.cli.program import COMMANDS, cli
from graphkit.cli.share.export import FORMATS
from graphkit.insight.graph.graph_kinds import EDGE_KINDS, NODE_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = ROOT / "docs" / "commands.md"
_HELP = re.compile(r"^```text graphkit([^\n]*)\n.*?^```$", re.MULTILINE | re.DOTALL)


def commands() -> Iterator[tuple[str, click.Context]]:
    """Every command with the words that call it, as ` graph stats`, and its context."""
    top = click.Context(cli, info_name="graphkit", **cli.context_settings)
    yield "", top
    for name in COMMANDS:
        command = cli.get_command(top, name)
        assert command is not None
        context = click.Context(command, parent=top, info_name=name)
        yield f" {name}", context
        if isinstance(command, click.Group):
            for inner in command.commands:
                yield f" {name} {inner}", click.Context(command.commands[inner], parent=context, info_name=inner)


HELP = {words: context.command.get_help(context) for words, context in commands()}


def test_every_command_is_documented_as_its_help_says() -> None:
    text = PAGE.read_text(encoding="utf-8")
    written = _HELP.findall(text)
    if os.environ.get("GRAPHKIT_UPDATE_GOLDEN"):
        for words in [words for words in HELP if words not in written]:
            text += f"\n{'#' * (1 + len(words.split()))}{words}\n\n```text graphkit{words}\n```\n"
    current = _HELP.sub(lambda found: f"```text graphkit{found[1]}\n{HELP[found[1]]}\n```", text)
    assert same_as_golden(current, PAGE)
    assert sorted(_HELP.findall(current)) == sorted(HELP)


def test_every_option_and_command_has_a_word() -> None:
    for words, context in commands():
        assert context.command.help, words
        for parameter in context.command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, f"graphkit{words} {parameter.name}"


def test_documents_link_to_documents_that_exist() -> None:
    for page in (*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")):
        prose = re.sub(r"^```.*?^```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
        for target in re.findall(r"\]\(([^)#:]+\.md)", prose):
            assert (page.parent / target).is_file(), f"{page.name} links {target}"


def test_every_kind_of_node_and_edge_and_every_format_is_documented() -> None:
    text = (ROOT / "docs" / "export.md").read_text(encoding="utf-8")
    assert [kind for kind in (*NODE_KINDS, *EDGE_KINDS, *FORMATS) if f"| `{kind}` |" not in text] == []
