"""The options that all commands share, and the invocation they fill. They go before or after the command."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click
from click.core import ParameterSource

from graphkit.cli.replay import KEPT
from graphkit.text.records import Record, field

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphkit.app.vault import Vault
    from graphkit.cli.replay import Request
    from graphkit.cli.terminal.output import Output

Decorated = TypeVar("Decorated", bound="Callable[..., Any] | click.Command")


class Invocation(Record):
    """The shared options before and after the command, merged; the later one overrides the earlier."""

    graph: Path | None = None
    as_of: dt.date | None = None
    color: Literal["auto", "always", "never"] = "auto"
    width: int | None = None
    debug: bool = False
    no_index: bool = False
    form: str | None = None
    """The value of `--format`; None: a screen in a terminal, else tsv."""
    fields: tuple[str, ...] = ()
    """The columns chosen with `--fields`."""
    raw: bool = False
    """Write formulas to CSV as they are."""
    command: str = ""
    """The subcommand."""
    request: Request | None = None
    """The key under which the output can be cached; None: it is not cached."""
    vaults: list[Vault] = field(default_factory=list)
    """The vaults that were opened."""
    said: list[tuple[int, str]] = field(default_factory=list)
    """The output so far, each chunk with its stream: 1 for stdout, 2 for stderr."""

    def output(self) -> Output:
        """The streams of this process, set up according to these options."""
        from graphkit.cli.terminal.output import Layout, Output  # noqa: PLC0415 - not needed for `--version`

        return Output.of_process(
            color=self.color,
            width=self.width,
            said=None if self.request is None else self.said,
            layout=Layout(form=self.form, fields=self.fields, raw=self.raw),
        )

    def close(self) -> None:
        """Store the facts that were read in the index, however the command ended."""
        from graphkit.app.cache_writing import save_facts  # noqa: PLC0415 - not needed for `--version`

        for vault in self.vaults:
            trouble = save_facts(vault)
            if trouble is not None:
                self.output().note(f"The index could not be written ({trouble}).")

    def keep(self, code: object) -> None:
        """Cache the output if it depends on one vault and one day only."""
        request, vaults = self.request, self.vaults
        if request is None or len(vaults) != 1 or self.no_index or self.command not in KEPT:
            return
        if not isinstance(code, int) or (self.as_of is None and vaults[0].today.timetuple()[:3] != request.day):
            return
        from graphkit.app.cache_writing import has_rollups, save_output  # noqa: PLC0415 - only if the output is cached

        if self.command != "check" or not has_rollups(vaults[0]):
            save_output(vaults[0], request.key, os.environ, int(code), self.said)


def _remember(context: click.Context, parameter: click.Parameter, value: object) -> None:
    if value is None or value is False or not parameter.name:
        return
    invocation = context.ensure_object(Invocation)
    # Both the program and its command read the environment; an option before the command overrides it.
    from_environment = context.get_parameter_source(parameter.name) is ParameterSource.ENVIRONMENT
    if not from_environment or not getattr(invocation, parameter.name):
        setattr(invocation, parameter.name, value)


def read_day(context: click.Context, parameter: click.Parameter, value: str | None) -> dt.date | None:
    """Parse the date that an option gives. Raises BadParameter if it is not a date."""
    try:
        return None if value is None else dt.date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"'{value}' is not a date; write it as 2026-03-31.", context, parameter) from None


def _remember_day(context: click.Context, parameter: click.Parameter, value: str | None) -> None:
    _remember(context, parameter, read_day(context, parameter, value))


_SHARED = (
    click.option(
        "-g", "--graph", type=click.Path(path_type=Path), envvar="GRAPHKIT_GRAPH", metavar="DIR",
        help="The vault. [default: the nearest folder upwards with logseq/config.edn or graphkit.toml, else this one]",
        expose_value=False, callback=_remember,
    ),
    click.option(
        "--as-of", metavar="DATE", help="Use this date as today: 2026-03-31.",
        expose_value=False, callback=_remember_day,
    ),
    click.option(
        "--color", type=click.Choice(["auto", "always", "never"]), help="When to use colour. [default: auto]",
        expose_value=False, callback=_remember,
    ),
    click.option(
        "--width", type=click.IntRange(20, 1000), metavar="COLUMNS", help="Width of the output.",
        expose_value=False, callback=_remember,
    ),
    click.option(
        "--no-index", is_flag=True, envvar="GRAPHKIT_NO_INDEX",
        help="Read every page, and neither use nor update the index.", expose_value=False, callback=_remember,
    ),
    click.option(
        "--debug", is_flag=True, help="Show a traceback if an error occurs.", expose_value=False, callback=_remember
    ),
)  # fmt: skip


def shared_options(function: Decorated) -> Decorated:
    """Add the options that every command has. Their values are in the `Invocation` of the context."""
    for option in reversed(_SHARED):
        function = option(function)
    return function


json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
"""For commands that write. Reading commands have `format_options`."""

FORMATS = ("screen", "text", "tsv", "csv", "json", "jsonl", "markdown")
"""The values of `--format`."""


def _remember_format(context: click.Context, parameter: click.Parameter, value: str | None) -> None:
    _remember(context, parameter, value)


def _remember_fields(context: click.Context, _: click.Parameter, value: str | None) -> None:
    if value is not None:
        names = tuple(name.strip() for name in value.split(",") if name.strip())
        context.ensure_object(Invocation).fields = names


def _json_wanted(context: click.Context, _: click.Parameter, value: bool) -> bool:  # noqa: FBT001 - click's way
    invocation = context.ensure_object(Invocation)
    if value and invocation.form not in {None, "json"}:
        raise click.UsageError(f"--json cannot be combined with --format {invocation.form}.")
    if value:
        invocation.form = "json"
    return invocation.form == "json"


_FORMAT_OPTIONS = (
    click.option(
        "--format", "form", type=click.Choice(FORMATS), is_eager=True, expose_value=False, callback=_remember_format,
        help="How to print the result. [default: screen in a terminal, tsv in a pipe]",
    ),
    click.option(
        "--fields", metavar="NAMES", is_eager=True, expose_value=False, callback=_remember_fields,
        help="Print only these columns: --fields title,due. docs/json.md lists them.",
    ),
    click.option(
        "--raw", is_flag=True, is_eager=True, expose_value=False, callback=_remember,
        help="With --format csv, leave cells as they are that a spreadsheet would run as formulas.",
    ),
    click.option("--json", "as_json", is_flag=True, callback=_json_wanted, help="The same as --format json."),
)  # fmt: skip


def format_options(function: Decorated) -> Decorated:
    """Add the options of every reading command: `--format`, `--fields`, `--raw`, and `--json` as `as_json`."""
    for option in reversed(_FORMAT_OPTIONS):
        function = option(function)
    return function
