"""The `graphkit` command and the table of its subcommands, which are imported one at a time. Imports only click."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import click

from graphkit.cli.options import Invocation, shared_options
from graphkit.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping

COMMANDS: Mapping[str, tuple[str, str]] = {
    "status": ("look.status", "Every experiment: where it stands, attention first."),
    "tree": ("look.tree", "The outline of a page, tasks with rolled-up counts."),
    "tasks": ("look.tasks", "Tasks across the vault, by urgency."),
    "next": ("look.next", "What to do now: decisions, tasks, values that are due."),
    "goals": ("look.goals", "Goals, the experiments for them, and how far both are."),
    "metrics": ("measure.metrics", "Metrics with their values, targets and guards."),
    "metric": ("measure.metric", "Values of metrics, written into the notes."),
    "readout": ("measure.readout", "An experiment's A/B result: lift, interval, chance to win."),
    "plan": ("measure.plan", "An A/B test before it runs: units an arm, days, smallest effect."),
    "forecast": ("measure.forecast", "When the work will be done, and how far past forecasts came true."),
    "burnup": ("measure.burnup", "Work done and its scope over time, from git."),
    "log": ("look.log", "What changed since a day: tasks, scope, results, values."),
    "strategies": ("look.strategies", "Strategies: key metrics, experiments, expected against observed."),
    "new": ("write.new", "A page for an experiment, goal, metric or strategy."),
    "task": ("write.task", "One task's marker changed, as a tick in Logseq does."),
    "rollup": ("write.rollup", "Managed blocks and pages, brought up to date."),
    "watch": ("write.watch", "Rollups on save."),
    "undo": ("write.undo", "Take back what the last command wrote."),
    "fmt": ("write.fmt", "Pages in the form in which Logseq saves them."),
    "check": ("look.check", "What is wrong in the notes, with place and remedy."),
    "query": ("look.query", "The answer to a query of Logseq's, simple or datalog."),
    "export": ("share.export", "The vault in another format."),
    "graph": ("look.graph", "Questions about the graph."),
    "index": ("setup.index", "What is kept of a vault between two commands."),
    "doctor": ("setup.doctor", "How graphkit sees this vault and this machine."),
    "init": ("setup.init", "A commented graphkit.toml for this vault."),
    "git-setup": ("setup.git_setup", "A merge driver and ignore rules for a vault in git."),
    "completion": ("setup.completion", "A completion script for your shell."),
}
"""Each subcommand: the module that holds it (imported when it is asked for), and its line in `--help`."""

HIDDEN: Mapping[str, str] = {"merge-driver": "setup.merge_driver"}
"""Subcommands for other programs, which `--help` does not list."""


class LazyGroup(click.Group):
    """A group whose subcommands are imported one at a time."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The commands, in the order of their table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of this name."""
        if cmd_name not in COMMANDS and cmd_name not in HIDDEN:
            return None
        module = import_module(f"graphkit.cli.{HIDDEN.get(cmd_name) or COMMANDS[cmd_name][0]}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The list in `--help`, without importing a command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; a reader that has gone (`| head`) is told here, since click itself would exit with 1."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as gone:
            from graphkit.cli.error_messages import report  # noqa: PLC0415 - only when something went wrong

            return report(gone, ctx.ensure_object(Invocation))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command named first in args; an unknown one is a usage error that offers the nearest."""
        name = args[0]
        if name not in COMMANDS and name not in HIDDEN and not name.startswith("-"):
            from difflib import get_close_matches  # noqa: PLC0415 - only for a mistake

            near = get_close_matches(name, COMMANDS, n=1)
            hint = f" Did you mean '{near[0]}'?" if near else " 'graphkit --help' lists them."
            raise click.UsageError(f"There is no command '{name}'.{hint}", ctx)
        ctx.ensure_object(Invocation).command = name
        return super().resolve_command(ctx, args)


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Documentation: the docs/ folder, and `graphkit COMMAND --help`.",
)
@click.version_option(__version__, prog_name="graphkit", message="%(prog)s %(version)s")
@shared_options
def cli() -> None:
    """Track experiments in a Logseq graph: progress, goals, findings. Nothing is uploaded, no app has to run."""
