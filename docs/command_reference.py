"""Writes docs/commands.md: the help of every command, and an example of each on the sample vault.

`python docs/command_reference.py` writes the page. tests/docs/test_commands.py holds it to what this module makes.
"""

from __future__ import annotations

import contextlib
import copy
import io
import os
import re
import shlex
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from unittest import mock

import click

from graphkit.cli.main import run
from graphkit.cli.options import shared_options
from graphkit.cli.program import COMMANDS, cli

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).resolve().parent
PAGE = HERE / "commands.md"
SAMPLE = HERE.parent / "sample_graph"
SHOWN = 16
"""How many lines of an example's output are shown."""

HEAD = """\
# Commands

<!-- This page is generated: edit and run docs/command_reference.py. -->

`graphkit [-g DIR] COMMAND …` writes its result to stdout and everything else to stderr. In a terminal, a command draws
a screen. In a pipe, it prints tab-separated lines with a header line; new columns are only ever added at the end.
`--json` prints one document whose `schema` names its version. [json.md](json.md) lists formats, columns and schemas.

| exit status | meaning |
|---|---|
| 0 | success; also if the vault is empty, or if `config.edn` is invalid and its defaults are used |
| 1 | findings: `check` found errors or warnings, or `--fail-on` found what it names |
| 2 | incorrect usage, an invalid `graphkit.toml`, or a vault that does not exist or cannot be read |
| 3 | something was not written because the page had changed in the meantime |
| 4 | part of the vault could not be read; everything else is shown |
| 130 | interrupted |

A name on the command line is matched exactly (ignoring case), then as an alias, then as a unique prefix of a title. If
nothing matches, graphkit suggests similar names.

Colour and width depend on the terminal. `NO_COLOR`, `FORCE_COLOR` and `COLUMNS` are honoured; `--color` and `--width`
override them. If the output encoding has no characters for bars, graphkit draws them in ASCII. `GRAPHKIT_GRAPH` names
the vault if `-g` does not.

The examples run in a copy of `sample_graph` on 2 March 2026, as if each command had `--as-of 2026-03-02`. Long outputs
are cut off with `…`.
"""

GLOBAL = """\
The options `-g` to `--debug` can be given before or after the name of a command; the later one overrides the earlier.
They are not repeated below.
"""

NOTES = {
    "status": "In a pipe, the header line names the columns.",
    "tasks": "Tasks are sorted by days overdue, deadline, priority, work in progress before work to do, and place.",
    "check": "Findings never stop a command. [diagnostics.md](diagnostics.md) describes each code.",
    "report": "[report.md](report.md) describes the pages and what is left out.",
    "portfolio": "[portfolio.md](portfolio.md) describes sources, datasets, tables and the engines.",
    "export": "[export.md](export.md) lists the formats, nodes and edges, and how to open each.",
    "graph": "Each answer is a small table: drawn in a terminal, tab-separated in a pipe, `rows` with `--json`.",
    "metrics": "[metrics.md](metrics.md) describes metrics, strategies and goals.",
    "readout": "[readout.md](readout.md) describes how to write down a test and how to read its result.",
    "plan": "[plan.md](plan.md) describes the options and the formulas.",
    "forecast": "[forecast.md](forecast.md) describes the method and how past forecasts are rated.",
    "burnup": "[history.md](history.md) describes where the history comes from.",
    "log": "[history.md](history.md) describes where the history comes from.",
    "query": "[queries.md](queries.md) describes both query languages.",
    "new": "[new.md](new.md) describes templates, names and prompts.",
    "task": "[tasks.md](tasks.md) describes clocks and repeated tasks.",
    "rollup": "[rollups.md](rollups.md) describes views and their parameters.",
    "watch": "[watch.md](watch.md) has a longer example.",
    "fmt": "[fmt.md](fmt.md) describes the format.",
    "index": "[performance.md](performance.md) describes the index.",
    "init": "[configuration.md](configuration.md) describes the settings.",
    "git-setup": "[team.md](team.md) describes hooks, merging and who writes rollups.",
}


class Example(NamedTuple):
    """Commands of one example."""

    commands: tuple[str, ...]
    shown: bool = True
    """False if the output depends on the machine, or is much like that of a command nearby."""
    before: tuple[str, ...] = ()
    """Commands that are run before and not shown."""


def _one(command: str, *, shown: bool = True) -> Example:
    return Example((command,), shown)


_BUILD = "graphkit portfolio build . -o ../dataset"


def _asked(command: str) -> Example:
    """A question to a dataset that is built before, without being shown."""
    return Example((command,), before=(_BUILD,))


EXAMPLES = {
    "": _one("graphkit --version", shown=False),
    "status": _one("graphkit status --goal 'Grow trial conversion'"),
    "tree": _one("graphkit tree 'Event pipeline repair'"),
    "tasks": _one("graphkit tasks --overdue"),
    "next": _one("graphkit next --owner Ana"),
    "goals": _one("graphkit goals 'Grow trial conversion'"),
    "metrics": _one("graphkit metrics 'Churn rate'"),
    "metric log": _one("graphkit metric log 'Activation rate' 34.9% --n 2631 --date 2026-02-27 --dry-run"),
    "metric import": _one("graphkit metric import export.csv --metric 'Activation rate' --dry-run"),
    "readout": _one("graphkit readout 'Day-ten trial reminder'"),
    "plan": _one("graphkit plan --baseline 30% --mde 10% --traffic 4000/week"),
    "forecast": _one("graphkit forecast --written 'Refill subscription'"),
    "burnup": _one("graphkit burnup --written 'Refill subscription'"),
    "log": _one("graphkit log --written --since -4d --experiment 'Cancel flow asks why'"),
    "strategies": _one("graphkit strategies 'Loyalty points'"),
    "new": _one("graphkit new goal 'Reach more beginners' --owner Mei --no-input --dry-run"),
    "task": _one("graphkit task done 'Call the lawyer' --dry-run"),
    "rollup": _one("graphkit rollup --create"),
    "watch": Example(
        ("graphkit rollup --create", "graphkit task done 'Call the lawyer' --at 09:30", "graphkit watch --once")
    ),
    "undo": Example(("graphkit task done 'Call the lawyer' --at 09:30", "graphkit undo")),
    "fmt": _one("graphkit fmt --check --all"),
    "check": _one("graphkit check --select E2"),
    "explain": _one("graphkit explain W303"),
    "help": _one("graphkit help fmt"),
    "query": _one("graphkit query '(and (task doing) (priority A))'"),
    "open": _one("graphkit open 'Write the offer page' --print", shown=False),
    "report": _one("graphkit report --only overview -o overview.html", shown=False),
    "export": _one("graphkit export mermaid --kind experiment --kind goal"),
    "portfolio build": _one(_BUILD),
    "portfolio sql": _asked("graphkit portfolio sql -d ../dataset 'SELECT title, due FROM goals ORDER BY due'"),
    "portfolio status": _asked("graphkit portfolio status -d ../dataset"),
    "portfolio win-rate": _asked("graphkit portfolio win-rate -d ../dataset"),
    "portfolio velocity": _one("graphkit portfolio velocity -d ../dataset", shown=False),
    "portfolio metrics": _one("graphkit portfolio metrics -d ../dataset", shown=False),
    "portfolio stale": _one("graphkit portfolio stale -d ../dataset --all", shown=False),
    "graph stats": _one("graphkit graph stats"),
    "graph neighbors": _one("graphkit graph neighbors 'Loyalty points'"),
    "graph path": _one("graphkit graph path 'Event pipeline repair' 'Improve customer retention'"),
    "graph rank": _one("graphkit graph rank --kind goal --limit 3"),
    "index info": _one("graphkit index info", shown=False),
    "index rebuild": _one("graphkit index rebuild", shown=False),
    "index drop": _one("graphkit index drop", shown=False),
    "doctor": _one("graphkit doctor", shown=False),
    "init": _one("graphkit init --dry-run"),
    "git-setup": _one("graphkit git-setup --write", shown=False),
    "completion": _one('eval "$(graphkit completion bash)"', shown=False),
}
"""An example of each command, by the words that call it."""

_CLOCK = re.compile(r"^\d\d:\d\d:\d\d\b")
"""What `watch` writes before each line."""
IMPORTED = "date,value,n\n2026-02-27,34.8%,2625\n2026-03-01,34.9%,2631\n"


def commands() -> Iterator[tuple[str, click.Context]]:
    """Every command with the words that call it, such as `graph stats`, and its context."""
    settings = {**cli.context_settings, "terminal_width": 80}
    top = click.Context(cli, info_name="graphkit", **settings)
    yield "", top
    for name in COMMANDS:
        command = cli.get_command(top, name)
        if command is None:
            raise LookupError(name)
        context = click.Context(command, parent=top, info_name=name, terminal_width=80)
        yield name, context
        if isinstance(command, click.Group):
            for inner, subcommand in command.commands.items():
                yield f"{name} {inner}", click.Context(subcommand, parent=context, info_name=inner, terminal_width=80)


@shared_options
def _shared() -> None:
    """Carry the options of every command."""


SHARED = {option.name for option in click.command()(_shared).params}


def help_of(words: str, context: click.Context) -> str:
    """The help of a command; without the options of every command, except at the top."""
    command = copy.copy(context.command)
    if words:
        command.params = [parameter for parameter in command.params if parameter.name not in SHARED]
    return command.get_help(context)


def outputs(example: Example) -> Iterator[str]:
    """The lines of an example as a terminal without colour would show them, in a copy of the sample vault."""
    with tempfile.TemporaryDirectory() as folder:
        vault = Path(folder, "sample_graph")
        shutil.copytree(SAMPLE, vault)
        (vault / "export.csv").write_text(IMPORTED, encoding="utf-8")
        own = {f"XDG_{kind}_HOME": str(Path(folder, "own")) for kind in ("CACHE", "CONFIG", "DATA", "STATE")}
        kept = {key: value for key, value in os.environ.items() if not key.startswith("GRAPHKIT_")}
        environment = mock.patch.dict(os.environ, {**kept, **own, "COLUMNS": "100", "NO_COLOR": "1"}, clear=True)
        with contextlib.chdir(vault), environment:
            for command in example.before:
                _printed([*shlex.split(command)[1:], "--as-of", "2026-03-02"])
            for command in example.commands:
                yield f"$ {command}"
                if example.shown:
                    yield from _cut(_printed([*shlex.split(command)[1:], "--as-of", "2026-03-02"]))


class _Terminal(io.TextIOWrapper):
    """A stream that passes for a terminal and remembers what was written."""

    def __init__(self) -> None:
        self.bytes = io.BytesIO()
        super().__init__(self.bytes, encoding="utf-8", newline="\n", write_through=True)

    def isatty(self) -> bool:
        return True


def _printed(arguments: list[str]) -> list[str]:
    terminal = _Terminal()
    with contextlib.redirect_stdout(terminal), contextlib.redirect_stderr(terminal):
        run(arguments)
    return [_CLOCK.sub("09:30:00", line) for line in terminal.bytes.getvalue().decode("utf-8").splitlines()]


def _cut(lines: list[str]) -> list[str]:
    return lines if len(lines) <= SHOWN else [*lines[: SHOWN - 1], "…"]


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for words, context in commands():
        heading = f"`graphkit {words}`" if words else "`graphkit`"
        parts += [f"{'#' * (1 + max(1, len(words.split())))} {heading}\n"]
        if note := NOTES.get(words) if words else GLOBAL.rstrip():
            parts.append(f"{note}\n")
        parts.append(f"```text\n{help_of(words, context)}\n```\n")
        if words in EXAMPLES:
            lines = "\n".join(line.rstrip() for line in outputs(EXAMPLES[words]))
            parts.append(f"For example:\n\n```console\n{lines}\n```\n")
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
