"""The tables of a vault, each column with its type and meaning. docs/portfolio.md is held to this module by a test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMA_VERSION: Final = 1
"""Incremented by every change of a column's name, type or meaning, also by a new column."""

Kind = Literal["text", "texts", "whole", "number", "flag", "day"]
"""Text, a list of texts, a 64-bit integer, a double, true or false, a date without a time zone."""

ARROW_NAMES: Final[Mapping[Kind, str]] = {
    "text": "utf8",
    "texts": "list<utf8>",
    "whole": "int64",
    "number": "float64",
    "flag": "bool",
    "day": "date32",
}
"""The Arrow type of each kind, as documentation names it."""


class Column(Record, frozen=True):
    """One column of a table."""

    name: str
    kind: Kind
    meaning: str
    optional: bool = False
    """True if a row can lack a value."""


def _column(name: str, kind: Kind, meaning: str) -> Column:
    return Column(name.rstrip("?"), kind, meaning, optional=name.endswith("?"))


_VAULT: Final = _column("vault", "text", "Id of the vault: a slug of its name and a hash of its source")

TABLES: Final[Mapping[str, tuple[Column, ...]]] = {
    "vaults": (
        _VAULT,
        _column("name", "text", "Name of the vault's folder, repository or prefix"),
        _column("source", "text", "Where it was read, without credentials"),
        _column("revision", "text", "Commit that was read; empty for anything but a git repository"),
        _column("digest", "text", "Digest of the listing: the vault is read again when it changes"),
        _column("as_of", "day", "The day used as today"),
        _column("dialect", "text", "`logseq`, `obsidian`, `markdown`, `mirror`; empty if nothing could be read"),
        _column("pages", "whole", "Pages that have a file"),
        _column("journals", "whole", "Journals among them"),
        _column("experiments", "whole", "Rows of the table `experiments`"),
        _column("tasks", "whole", "Rows of `tasks`"),
        _column("goals", "whole", "Rows of `goals`"),
        _column("metrics", "whole", "Rows of `metrics`"),
        _column("observations", "whole", "Rows of `observations`"),
        _column("strategies", "whole", "Rows of `strategies`"),
        _column("readouts", "whole", "Rows of `readouts`"),
        _column("findings", "whole", "Rows of `findings`"),
        _column("edges", "whole", "Rows of `edges`"),
        _column("errors", "whole", "Findings that are errors"),
        _column("warnings", "whole", "Findings that are warnings"),
        _column("unread", "whole", "Files and folders that could not be read"),
        _column("error?", "text", "Why the vault could not be read; without a value if it could"),
        _column("schema", "whole", "Version of these tables"),
    ),
    "experiments": (
        _VAULT,
        _column("id", "text", "`experiment:` and the name of its page"),
        _column("title", "text", "Title of its page"),
        _column("path", "text", "File of its page"),
        _column("lifecycle", "text", "`draft`, `ready`, `running`, `stopped`, `awaiting decision` …"),
        _column("lifecycle_derived", "flag", "True if no `status::` says it"),
        _column("attention", "text", "The word that gives its place in `status`"),
        _column("attention_rank", "whole", "That place: 0 is the most urgent word"),
        _column("reason", "text", "The reason in words"),
        _column("word", "text", "`no tasks`, `not started`, `in progress`, `blocked` or `done`"),
        _column("todo", "whole", "Leaves to do"),
        _column("doing", "whole", "Leaves in progress"),
        _column("waiting", "whole", "Leaves that wait"),
        _column("done", "whole", "Leaves that are done"),
        _column("blocked", "whole", "Leaves among `todo` and `doing` that are blocked"),
        _column("recurring", "whole", "Leaves with a repeater, which count on neither side"),
        _column("total", "whole", "Leaves in scope"),
        _column("fraction?", "number", "Share done by weight, 0 to 1"),
        _column("percent?", "whole", "Percent done, rounded down"),
        _column("mode", "text", "`count` or `estimate`"),
        _column("unit", "text", "Unit of the weights: `leaves`, `hours` or `points`"),
        _column("done_weight", "number", "Weight of what is done"),
        _column("total_weight", "number", "Weight of the scope"),
        _column("total_deviation", "number", "Standard deviation of that weight, where estimates are ranges"),
        _column("goals", "texts", "Goals by title"),
        _column("owners", "texts", "Owners by title"),
        _column("tags", "texts", "Tags of its page"),
        _column("start?", "day", "Day on which it starts"),
        _column("due?", "day", "Day on which it is due"),
        _column("result?", "text", "`won`, `lost`, `inconclusive` or `dnf`"),
        _column("questions", "texts", "Open questions"),
        _column("findings", "whole", "Findings on its page"),
        _column("strategies", "texts", "Titles of the closest strategies"),
        _column("metrics", "texts", "Ids of the metrics it measures, the strongest link first"),
        _column("metric_ties", "texts", "How it measures each: `primary`, `guardrail`, `linked` …"),
        _column("breached", "texts", "Ids of those that are beyond their guard by more than chance"),
        _column("health?", "text", "`on track`, `at risk`, `off track` or `no target`"),
        _column("health_reason", "text", "The reason in words"),
        _column("health_stated", "flag", "True if a person wrote it"),
        _column("states", "texts", "Every word of attention that holds"),
        _column("last_activity?", "day", "Latest activity recorded in the vault"),
        _column("stale", "flag", "True if it is stale"),
        _column("forecast_outcome?", "text", "`forecast`, `not enough history` …; no value once it is closed"),
        _column("forecast_source?", "text", "`written`: the past is read from the pages"),
        _column("p50?", "day", "Day by which it is done with a chance of 50 %"),
        _column("p85?", "day", "The same with 85 %"),
        _column("chance?", "number", "Probability of being done by the due date"),
        _column("forecast_reason?", "text", "Why there is no forecast"),
    ),
    "tasks": (
        _VAULT,
        _column("id", "text", "`task:` and the block's id, else its path and line"),
        _column("page", "text", "Title of its page"),
        _column("path", "text", "File of its page"),
        _column("line", "whole", "Line, from 1"),
        _column("marker", "text", "Marker as written"),
        _column("status", "text", "`todo`, `doing`, `waiting`, `done` or `cancelled`"),
        _column("text", "text", "Text in plain words"),
        _column("priority?", "text", "`A`, `B` or `C`"),
        _column("scheduled?", "day", "`SCHEDULED`"),
        _column("deadline?", "day", "`DEADLINE`"),
        _column("depth", "whole", "Depth in the task tree, from 0"),
        _column("experiment?", "text", "Title of the experiment whose page it is on"),
        _column("leaf", "flag", "True if it has no live subtasks"),
        _column("leaves_done?", "whole", "Leaves below it that are done"),
        _column("leaves?", "whole", "Leaves below it"),
        _column("percent?", "whole", "Percent done below it"),
        _column("flags", "texts", "Those of `overdue`, `slipped`, `blocked`, `stale` and `dormant` that apply"),
        _column("block_id?", "text", "Its `id::`"),
        _column("done_on?", "day", "Day on which it was last done"),
        _column("last_activity?", "day", "Latest activity recorded in the vault"),
    ),
    "goals": (
        _VAULT,
        _column("id", "text", "`goal:` and its name"),
        _column("title", "text", "Title"),
        _column("path", "text", "File of its page; empty without a page"),
        _column("owners", "texts", "Owners by title"),
        _column("due?", "day", "Day on which it is due"),
        _column("serves", "texts", "Goals that its own page names"),
        _column("done", "whole", "Leaves of its experiments that are done"),
        _column("total", "whole", "Leaves of its experiments"),
        _column("fraction?", "number", "Share done by weight, 0 to 1"),
        _column("percent?", "whole", "Percent done, rounded down"),
        _column("score?", "number", "Mean score of its metrics, 0 to 1"),
        _column("metrics", "texts", "Ids of the metrics of the score"),
        _column("experiments", "texts", "Ids of its experiments, in order of attention"),
    ),
    "metrics": (
        _VAULT,
        _column("id", "text", "`metric:` and its key"),
        _column("title", "text", "Title"),
        _column("declared", "flag", "True if it has a page of its own"),
        _column("path", "text", "File of its page; empty without a page"),
        _column("unit", "text", "Unit of its values; shares are fractions, durations seconds"),
        _column("direction?", "text", "`up`, `down` or `hold`"),
        _column("value?", "number", "Current value"),
        _column("text", "text", "Current value as people write it"),
        _column("day?", "day", "Day of the last observation"),
        _column("baseline?", "number", "Baseline"),
        _column("baseline_day?", "day", "Day of the baseline"),
        _column("target?", "number", "Target"),
        _column("target_day?", "day", "Day of the target"),
        _column("score?", "number", "Share of the way to the target, 0 to 1"),
        _column("score_raw?", "number", "The same before it is clipped"),
        _column("score_reason", "text", "Why there is no score"),
        _column("guard", "text", "Guard as read"),
        _column("guard_holds?", "flag", "True if the guard holds"),
        _column("holds?", "flag", "Verdict on a metric with `direction:: hold`"),
        _column("freshness", "text", "`fresh`, `late` or `missing`"),
        _column("cadence_days", "whole", "Days between two observations"),
        _column("observations", "whole", "Number of observations"),
        _column("owners", "texts", "Owners by title"),
        _column("experiments", "texts", "Ids of the experiments that measure it"),
        _column("strategies", "texts", "Titles of the strategies whose key metric it is"),
        _column("findings", "whole", "Findings about its values"),
    ),
    "observations": (
        _VAULT,
        _column("id", "text", "`observation:` and metric, day and segment"),
        _column("metric", "text", "Id of its metric"),
        _column("title", "text", "Title of its metric"),
        _column("day", "day", "Day of the value"),
        _column("value", "number", "Value; shares are fractions, durations seconds"),
        _column("text", "text", "Value in the metric's unit, rounded"),
        _column("written", "text", "Value as written"),
        _column("n?", "number", "Sample size"),
        _column("segment", "text", "Part of the whole that it covers; empty for all of it"),
        _column("source", "text", "Source as written"),
        _column("kind", "text", "`property`, `line`, `table` or `csv`"),
        _column("path", "text", "File it stands in"),
        _column("line", "whole", "Line, from 1"),
        _column("future", "flag", "True if its day is after today"),
    ),
    "strategies": (
        _VAULT,
        _column("id", "text", "`strategy:` and page and row"),
        _column("title", "text", "Name of the row"),
        _column("page", "text", "Title of its page"),
        _column("path", "text", "File of its page"),
        _column("line", "whole", "Line, from 1"),
        _column("description", "text", "Description as written"),
        _column("metrics", "texts", "Ids of its key metrics"),
        _column("assumptions", "texts", "Assumptions"),
        _column("risks", "texts", "Risks"),
        _column("impact", "text", "Expected impact as written"),
        _column("expected", "texts", "Each expected impact"),
        _column("outcomes", "texts", "What became of each: `reached`, `on the way` … or `unknown`"),
        _column("experiments", "texts", "Ids of the experiments tied to it, the strongest tie first"),
    ),
    "readouts": (
        _VAULT,
        _column("experiment", "text", "Id of the experiment"),
        _column("title", "text", "Title of the experiment"),
        _column("metric", "text", "Title of the metric; empty if none is named"),
        _column("role", "text", "`primary`, `guardrail` or `secondary`"),
        _column("better", "text", "`up`, `down` or `hold`"),
        _column("path", "text", "File of the result table"),
        _column("line", "whole", "Line of the result table"),
        _column("day?", "day", "Day of the numbers, if the table is dated"),
        _column("over", "flag", "True if the test has ended"),
        _column("control", "text", "Name of the control"),
        _column("variant", "text", "Name of the treatment"),
        _column("outcome", "text", "`better`, `worse`, `different`, `no difference`, `too few` …"),
        _column("words", "text", "The verdict in a sentence"),
        _column("scale", "text", "Quantity of `low` and `high`: `lift` or `difference`"),
        _column("lift?", "number", "Relative difference to the control"),
        _column("low?", "number", "Low end of the deciding interval"),
        _column("high?", "number", "Its high end"),
        _column("interval", "text", "`sequential` or `fixed`"),
        _column("level?", "number", "Level of the interval"),
        _column("difference?", "number", "Difference in the metric's unit"),
        _column("p_value?", "number", "Two-sided p-value"),
        _column("chance_to_win?", "number", "Probability of being better, after the end only"),
        _column("risk?", "number", "Expected relative loss, after the end only"),
        _column("harm?", "text", "Of a guardrail: `safe`, `harmed`, `unclear` …"),
        _column("ratio_mismatch", "flag", "True if the sample ratio is wrong"),
        _column("decision", "text", "Call of the experiment: `ship`, `do not ship`, `keep running` …"),
        _column("sentence", "text", "The call in a sentence"),
    ),
    "edges": (
        _VAULT,
        _column("source", "text", "Id of the node that it leads from"),
        _column("target", "text", "Id of the node that it leads to"),
        _column("kind", "text", "Kind of the edge; docs/export.md lists them"),
        _column("how", "text", "Of `measures` and `tests`: the tie; empty otherwise"),
        _column("path", "text", "File it was read from"),
        _column("line", "whole", "Line, from 1"),
    ),
    "findings": (
        _VAULT,
        _column("code", "text", "Code; docs/diagnostics.md explains it"),
        _column("severity", "text", "`error`, `warning` or `info`"),
        _column("path", "text", "File"),
        _column("line", "whole", "Line, from 1"),
        _column("column", "whole", "Column in code points, from 1"),
        _column("message", "text", "Message"),
        _column("hint", "text", "What to do"),
    ),
}  # fmt: skip
"""The columns of each table, by the table's name."""


def markdown(table: str) -> str:
    """The columns of a table as a table of Markdown, as docs/portfolio.md holds it."""
    lines = ["| column | type | meaning |", "|---|---|---|"]
    for column in TABLES[table]:
        kind = f"{ARROW_NAMES[column.kind]}{', optional' if column.optional else ''}"
        lines.append(f"| `{column.name}` | {kind} | {column.meaning} |")
    return "\n".join(lines)
