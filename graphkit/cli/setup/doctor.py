"""`graphkit doctor`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from graphkit.cli.options import Invocation, format_options, shared_options
from graphkit.cli.vault_command import open_vault, outcome, show

if TYPE_CHECKING:
    from graphkit.app.vault import Vault


@click.command("doctor")
@format_options
@shared_options
@click.pass_obj
def command(invocation: Invocation, as_json: bool) -> int:  # noqa: FBT001 - click passes options by name
    """Show how graphkit sees the vault and this machine, and suggest improvements.

    Attach the output to bug reports. It contains paths and names of files, but nothing of their content.
    """
    from graphkit.app.reading.doctor import Screen, report_doctor  # noqa: PLC0415 - not for `--help`
    from graphkit.cli.setup import doctor_screen  # noqa: PLC0415

    output = invocation.output()
    opened: list[Vault] = []

    def open_session() -> Vault:
        opened.append(open_vault(invocation, output, whole=True))
        return opened[0]

    screen = Screen(encoding=output.encoding, terminal=output.terminal, color=output.color, width=output.surface.width)
    report = report_doctor(open_session, screen)
    show(
        output, report, as_json=as_json, vault=invocation.vaults[-1],
        screen=lambda: doctor_screen.doctor_screen(report, output.surface),
        plain=lambda: doctor_screen.doctor_plain(report),
    )  # fmt: skip
    return outcome(opened[0], output)
