"""graphkit: an experiment tracker inside a team's Logseq graph.

`graphkit.load("folder")` gives a `Vault`; docs/tutorial.md shows it. Importing graphkit loads none of it.
"""

from __future__ import annotations

from graphkit.version import __version__

TYPE_CHECKING = False  # as in `typing`, which takes 5 ms to import
if TYPE_CHECKING:
    from graphkit.app.api import ExperimentStatus, Goal, Page, Task, Vault, load
    from graphkit.app.failures import RequestError
    from graphkit.insight.work.progress import Progress
    from graphkit.text.diagnostics import Diagnostic

__all__ = [
    "Diagnostic",
    "ExperimentStatus",
    "Goal",
    "Page",
    "Progress",
    "RequestError",
    "Task",
    "Vault",
    "__version__",
    "load",
]

_HOMES = {
    "Diagnostic": "graphkit.text.diagnostics",
    "ExperimentStatus": "graphkit.app.api",
    "Goal": "graphkit.app.api",
    "Page": "graphkit.app.api",
    "Progress": "graphkit.insight.work.progress",
    "RequestError": "graphkit.app.failures",
    "Task": "graphkit.app.api",
    "Vault": "graphkit.app.api",
    "load": "graphkit.app.api",
}


if not TYPE_CHECKING:  # type checkers see the imports above, and complain about every other name

    def __getattr__(name: str) -> object:
        """What `__all__` names, imported when it is first asked for."""
        home = _HOMES.get(name)
        if home is None:
            raise AttributeError(f"module 'graphkit' has no attribute {name!r}")
        from importlib import import_module  # noqa: PLC0415 - `graphkit --version` needs none of it

        value = globals()[name] = getattr(import_module(home), name)
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
