"""docs/commands.md is what docs/command_reference.py makes of the program; GRAPHKIT_UPDATE_GOLDEN=1 writes it there."""

from __future__ import annotations

import re

import click
from golden_text import same_as_golden
from shared_material import ROOT

from docs.command_reference import EXAMPLES, NOTES, PAGE, commands, page
from graphkit.cli.share.export import FORMATS
from graphkit.insight.graph.graph_kinds import EDGE_KINDS, NODE_KINDS


def test_the_page_of_commands_is_current() -> None:
    assert same_as_golden(page(), PAGE)


def test_every_command_has_an_example_and_nothing_else_has() -> None:
    named = {words: context.command for words, context in commands()}
    groups = {words for words, command in named.items() if words and isinstance(command, click.Group)}
    assert set(EXAMPLES) == set(named) - groups
    assert set(NOTES) <= set(named)
    for words, example in EXAMPLES.items():
        assert any(f"graphkit {words}".strip() in command for command in example.commands)


def test_every_option_and_command_has_a_word() -> None:
    for words, context in commands():
        assert context.command.help, words
        for parameter in context.command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, f"graphkit{words} {parameter.name}"


def test_documents_link_to_documents_that_exist() -> None:
    for path in (*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")):
        prose = re.sub(r"^```.*?^```|`[^`\n]*`", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
        for target in re.findall(r"\]\(([^)#:]+\.md)", prose):
            assert (path.parent / target).is_file(), f"{path.name} links {target}"


def test_every_kind_of_node_and_edge_and_every_format_is_documented() -> None:
    text = (ROOT / "docs" / "export.md").read_text(encoding="utf-8")
    assert [kind for kind in (*NODE_KINDS, *EDGE_KINDS, *FORMATS) if f"| `{kind}` |" not in text] == []
