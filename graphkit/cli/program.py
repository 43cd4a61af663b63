"""The `graphkit` command and the table of its subcommands, each of which is imported only when it is run."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import click

from graphkit.cli.options import Invocation, shared_options
from graphkit.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping

COMMANDS: Mapping[str, tuple[str, str]] = {
    "status": ("look.status", "Show every experiment, those that need attention first."),
    "tree": ("look.tree", "Show the outline of a page with counts for its tasks."),
    "tasks": ("look.tasks", "List the tasks of the vault by urgency."),
    "next": ("look.next", "List what to do now: decisions, tasks and values that are due."),
    "goals": ("look.goals", "Show goals with their experiments and progress."),
    "strategies": ("look.strategies", "Compare what strategies expect with what is observed."),
    "log": ("look.log", "Show what changed since a day: tasks, scope, results, values."),
    "check": ("look.check", "Find problems in the notes and say how to fix them."),
    "explain": ("look.explain", "Explain the code of a finding."),
    "query": ("look.query", "Run a Logseq query, simple or Datalog."),
    "graph": ("look.graph", "Explore the graph of pages, experiments, goals and tasks."),
    "new": ("write.new", "Create a page for an experiment, goal, metric or strategy."),
    "task": ("write.task", "Change the marker of a task, as Logseq does."),
    "rollup": ("write.rollup", "Update managed blocks and pages."),
    "watch": ("write.watch", "Update rollups whenever a page is saved."),
    "undo": ("write.undo", "Undo what the last command wrote."),
    "fmt": ("write.fmt", "Format pages as Logseq saves them."),
    "metrics": ("measure.metrics", "Show metrics with their values, targets and guards."),
    "metric": ("measure.metric", "Record values of metrics in the notes."),
    "readout": ("measure.readout", "Evaluate an A/B test: lift, interval, chance to win."),
    "plan": ("measure.plan", "Plan an A/B test: sample size, duration, smallest effect."),
    "forecast": ("measure.forecast", "Forecast when work will be done, and rate past forecasts."),
    "burnup": ("measure.burnup", "Plot completed work and scope over time."),
    "report": ("share.report", "Write a report with charts as HTML."),
    "open": ("share.open", "Open a page or a task in Logseq or in your editor."),
    "export": ("share.export", "Export the vault to another format."),
    "portfolio": ("share.portfolio", "Query many vaults as one dataset."),
    "init": ("setup.init", "Write a commented graphkit.toml."),
    "doctor": ("setup.doctor", "Show how graphkit sees the vault and this machine."),
    "index": ("setup.index", "Inspect, rebuild or delete the index."),
    "git-setup": ("setup.git_setup", "Set up a merge driver and ignore rules for a vault in git."),
    "help": ("setup.help", "Show the help of a command, or a page of the documentation."),
    "completion": ("setup.completion", "Print a completion script for your shell."),
}
"""Each subcommand with its module, whose room decides its group in `--help`, and its line there."""

GROUPS: Mapping[str, str] = {
    "look": "Look at a vault",
    "write": "Write into a vault",
    "measure": "Measure",
    "share": "Share",
    "setup": "Set up",
}
"""The headings of `--help`, by the room of the commands below them."""

HIDDEN: Mapping[str, str] = {"merge-driver": "setup.merge_driver"}
"""Subcommands for other programs. `--help` does not list them."""


class LazyGroup(click.Group):
    """A group whose subcommands are imported only when they are run."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The commands, in the order of their table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command with this name."""
        if cmd_name not in COMMANDS and cmd_name not in HIDDEN:
            return None
        module = import_module(f"graphkit.cli.{HIDDEN.get(cmd_name) or COMMANDS[cmd_name][0]}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list of commands by group, without importing a command."""
        widest = max(map(len, COMMANDS))
        for room, heading in GROUPS.items():
            with formatter.section(heading):
                formatter.write_dl(
                    [
                        (name.ljust(widest), text)
                        for name, (module, text) in COMMANDS.items()
                        if module.startswith(f"{room}.")
                    ]
                )

    def invoke(self, ctx: click.Context) -> object:
        """Run the command. A closed pipe (`| head`) is handled here, since click would exit with 1."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as gone:
            from graphkit.cli.error_messages import report  # noqa: PLC0415 - only when something went wrong

            return report(gone, ctx.ensure_object(Invocation))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command named first in args. An unknown name is a usage error that suggests a similar one."""
        name = args[0]
        if name not in COMMANDS and name not in HIDDEN and not name.startswith("-"):
            from difflib import get_close_matches  # noqa: PLC0415 - only for unknown names

            near = get_close_matches(name, COMMANDS, n=1)
            hint = f" Did you mean '{near[0]}'?" if near else " See 'graphkit --help' for a list."
            raise click.UsageError(f"There is no command '{name}'.{hint}", ctx)
        ctx.ensure_object(Invocation).command = name
        return super().resolve_command(ctx, args)


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Run `graphkit COMMAND --help` for the options of a command.",
)
@click.version_option(__version__, prog_name="graphkit", message="%(prog)s %(version)s")
@shared_options
def cli() -> None:
    """Track experiments in a Logseq graph: progress, goals and findings, from the files on your disk."""
