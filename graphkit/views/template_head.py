"""A template's front matter: the variables that it asks for.

Between two `---` lines at the top stand `description:` and `variables:`, a list of mappings with `name`, `prompt`,
`type`, `default` and `required` (spec: writing §5).
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, get_args

from graphkit.text.patterns import lazy_pattern
from graphkit.text.records import Record, field
from graphkit.views.environment import TemplateError

if TYPE_CHECKING:
    from collections.abc import Mapping

VariableType = Literal["text", "page", "pages", "date", "number", "choice"]
"""text: words on one line; page, pages: titles; date: a day; number; choice: one of `choices`."""

MAX_HEAD = 20_000
"""The most characters of front matter that are read."""

_HEAD = lazy_pattern(r"---[ \t]*\r?\n(.*?)(?:\r?\n)?^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_NAME = lazy_pattern(r"[a-z][a-z0-9_]*")
_TOP_KEYS = frozenset({"description", "variables"})
_KEYS = frozenset({"name", "prompt", "type", "default", "required", "choices"})


class Variable(Record, frozen=True, kw_only=True):
    """One variable that a template asks for."""

    name: str
    prompt: str
    """The question for a person; by default the name."""
    type: VariableType = "text"
    default: str | None = None
    """As a person would type it; None without a default."""
    required: bool = False
    choices: tuple[str, ...] = ()


class Template(Record, frozen=True, kw_only=True):
    """A template with its path and text."""

    name: str
    """Its name: a path below the vault, or `templates/views/status.md.j2` for a shipped one."""
    source: str
    """Without the front matter, whose lines are left empty so that line numbers stay those of the file."""
    trusted: bool
    """True for the shipped ones; any other renders in a child process."""
    description: str = ""
    variables: tuple[Variable, ...] = field(default=())


def read_template(name: str, text: str, *, trusted: bool) -> Template:
    """A template with its declared variables. Raises TemplateError for front matter that says anything else."""
    text = text.removeprefix("\ufeff")
    match = _HEAD.match(text)
    if match is None:
        return Template(name=name, source=text, trusted=trusted)
    if len(match[1]) > MAX_HEAD:
        raise TemplateError(name, 1, f"its front matter is longer than {MAX_HEAD:,} characters")
    head = _load(name, match[1])
    variables = head.get("variables") or []
    if not isinstance(variables, list):
        raise TemplateError(name, 1, "`variables` in its front matter is not a list")
    found = tuple(_variable(name, item) for item in variables)
    names = [variable.name for variable in found]
    if len(set(names)) < len(names):
        raise TemplateError(name, 1, "its front matter declares a variable twice")
    # A comment of the template language absorbs its own line ends, so the lines below keep their numbers.
    blank = "{#" + "\n" * (match[0].count("\n") - 1) + "#}\n"
    return Template(
        name=name,
        source=blank + text[match.end() :],
        trusted=trusted,
        description=_words(name, "description", head.get("description")) or "",
        variables=found,
    )


def _load(name: str, text: str) -> Mapping[str, Any]:
    import yaml  # noqa: PLC0415 - only where a template is read

    try:
        # Aliases can turn a small text into a huge value, and front matter does not need them.
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.SafeLoader)):
            raise TemplateError(name, 1, "its front matter has an alias (`*name`), which is not supported")
        head = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark is not None else 1
        problem = getattr(error, "problem", None) or error
        raise TemplateError(name, line, f"its front matter is not valid YAML: {problem}") from error
    if head is None:
        return {}
    if not isinstance(head, dict):
        raise TemplateError(name, 1, "its front matter is not a list of `key: value`")
    for key in head:
        if key not in _TOP_KEYS:
            raise TemplateError(name, 1, f"{key!r} in its front matter is not one of {', '.join(sorted(_TOP_KEYS))}")
    return head


def _variable(name: str, item: object) -> Variable:
    if not isinstance(item, dict) or not isinstance(item.get("name"), str) or not _NAME.fullmatch(item["name"]):
        raise TemplateError(name, 1, "each variable needs a `name` of small letters, digits and _")
    own = item["name"]
    for key in item:
        if key not in _KEYS:
            raise TemplateError(name, 1, f"{key!r} of variable {own!r} is not one of {', '.join(sorted(_KEYS))}")
    kind = item.get("type", "text")
    if kind not in get_args(VariableType):
        raise TemplateError(name, 1, f"the type of {own!r} is not one of {', '.join(get_args(VariableType))}")
    choices = item.get("choices") or ()
    if not isinstance(choices, (list, tuple)) or (kind == "choice") != bool(choices):
        raise TemplateError(name, 1, f"{own!r}: a variable of type choice, and no other, has a list of `choices`")
    required = item.get("required", False)
    if not isinstance(required, bool):
        raise TemplateError(name, 1, f"`required` of {own!r} is neither true nor false")
    return Variable(
        name=own,
        prompt=_words(name, f"the prompt of {own!r}", item.get("prompt")) or own.replace("_", " "),
        type=kind,
        default=_default(name, own, item.get("default")),
        required=required,
        choices=tuple(_words(name, f"a choice of {own!r}", choice) or "" for choice in choices),
    )


def _default(name: str, own: str, value: object) -> str | None:
    if isinstance(value, (list, tuple)):
        return ", ".join(_words(name, f"the default of {own!r}", item) or "" for item in value)
    return _words(name, f"the default of {own!r}", value)


def _words(name: str, what: str, value: object) -> str | None:
    """A text, number, date or truth value as people write it; None for nothing."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (str, int, float)):
        return str(value)
    raise TemplateError(name, 1, f"{what} is no text")
