"""The graph's configuration as values, kept for the next command: reading EDN takes a tenth of a start."""

from __future__ import annotations

from functools import lru_cache

from graphkit.app.inputs import program_now
from graphkit.app.inputs_checksum import FACT_LAYERS, platform
from graphkit.cache.answers import keep_answer, read_answer
from graphkit.text.diagnostics import Diagnostic
from graphkit.text.digests import blake2b
from graphkit.text.records import field_names
from graphkit.vault.config import GraphConfig, read_config


def configuration(
    data: bytes | Diagnostic | None, kept: str | None = None
) -> tuple[GraphConfig, tuple[Diagnostic, ...]]:
    """What the bytes of `logseq/config.edn` say, and what is wrong with them; the defaults where there are none.

    kept: the folder in which the values are kept; None: nowhere.
    """
    if data is None:
        return GraphConfig(), ()
    if isinstance(data, Diagnostic):
        return GraphConfig(), (data,)
    return _read(data, kept)


@lru_cache(maxsize=1)
def _read(data: bytes, kept: str | None) -> tuple[GraphConfig, tuple[Diagnostic, ...]]:
    """A second look at a few pages has read the same a moment ago."""
    key = b""
    if kept is not None:
        key = blake2b(repr((data, platform(), program_now(FACT_LAYERS))).encode(), digest_size=16).digest()
        values = read_answer(kept, key)
        if values is not None:
            return GraphConfig(**dict(zip(field_names(GraphConfig), values, strict=True))), ()
    config, findings = read_config(data.decode("utf-8", "replace"))
    if kept is not None and not findings:
        keep_answer(kept, key, tuple(getattr(config, name) for name in field_names(config)))
    return config, findings
