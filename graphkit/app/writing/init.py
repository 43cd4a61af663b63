"""`graphkit init`: a commented `graphkit.toml`, and the lines that Logseq's configuration lacks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from graphkit.app.results.edits import InitReport
from graphkit.app.writing.apply_plans import Change, WriteReport, require_writable, write_changes
from graphkit.facts.generated_blocks import MANAGED_PROPERTY
from graphkit.text.edit import Plan, Splice
from graphkit.vault.layout import SETTINGS_PATH, Dialect
from graphkit.vault.settings import KEYS, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphkit.app.vault import Vault

_HEAD = """\
# Settings of graphkit for this vault. Every line is a comment that shows a default value, or an example
# if a key has no default. Uncomment a line to change its value.
"""
_EXAMPLES: Mapping[str, str] = {
    "journals.format": '"yyyy-MM-dd"',
    "dialect": '"logseq"',
    "checkboxes": "true",
    "writer": '"ci"',
}
"""Examples for keys without a default."""


def settings_text() -> str:
    """All keys of `graphkit.toml` with their meaning and default, commented out, in the order of the documentation."""
    lines = [_HEAD]
    table = ""
    for key in KEYS:
        here, _, name = key.name.rpartition(".")
        if here != table:
            lines.append(f"\n# [{here}]")
            table = here
        lines.append(f"# {key.meaning}\n# {name} = {_EXAMPLES.get(key.name) or _written(_default(key.name))}")
    return "\n".join(lines).replace("\n\n\n", "\n\n") + "\n"


def init_vault(vault: Vault, environ: Mapping[str, str], *, dry_run: bool = False) -> InitReport:
    """Write `graphkit.toml` if it does not exist, and report what Logseq's configuration lacks.

    An existing file is left as it is. Raises RequestError for a vault that is only read.
    """
    require_writable(vault)
    exists = (vault.root / SETTINGS_PATH).exists()
    text = settings_text()
    written = WriteReport()
    if not dry_run:
        plan = Plan(page=SETTINGS_PATH, digest=None, splices=(Splice(0, 0, text),), reason="init")
        written = write_changes(vault.root, [] if exists else [Change(plan=plan)], command="init", environ=environ)
    return InitReport(
        path=SETTINGS_PATH,
        exists=exists,
        text=text,
        additions=tuple(_additions(vault)),
        pages=written.pages,
        findings=written.findings,
        run=written.run,
    )


def _additions(vault: Vault) -> Iterator[str]:
    """Lines for `config.edn`, so that Logseq shows no `graphkit::` and makes no page of that name.

    spec: writing §1.
    """
    if vault.dialect is not Dialect.LOGSEQ:
        return
    config = vault.config
    if MANAGED_PROPERTY not in config.block_hidden_properties:
        yield _edn_set("block-hidden-properties", config.block_hidden_properties | {MANAGED_PROPERTY})
    if config.property_pages_enabled and MANAGED_PROPERTY not in config.property_pages_excludelist:
        yield _edn_set("property-pages/excludelist", config.property_pages_excludelist | {MANAGED_PROPERTY})


def _edn_set(key: str, names: frozenset[str]) -> str:
    return f":{key} #{{{' '.join(f':{name}' for name in sorted(names))}}}"


def _default(name: str) -> object:
    """The default of a key; for names that only add to the known ones, nothing."""
    table, _, inner = name.rpartition(".")
    settings = Settings()
    held = getattr(settings, table) if table else settings
    return held.get(inner, ()) if isinstance(held, Mapping) else getattr(held, inner)


def _written(value: object) -> str:
    """A value as TOML writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, tuple):
        return f"[{', '.join(map(_written, value))}]"
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{name} = {_written(item)}' for name, item in value.items())} }}"
    return f'"{value}"' if isinstance(value, str) else str(value)
