"""Every diagnostic code of the program with its severity and title."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from graphkit.text.diagnostics import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping


class Code(NamedTuple):
    """Everything one code stands for, wherever it is found."""

    severity: Severity
    """Error: something is lost or unreadable. Warning: probably a mistake. Info: worth knowing."""
    title: str
    """A short description of the problem."""


_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

CODES: Mapping[str, Code] = {
    # files and their names, configuration
    "E101": Code(_ERROR, "configuration that cannot be read"),
    "E102": Code(_WARNING, "setting of the wrong type"),
    "E103": Code(_WARNING, "journal format that Logseq cannot write"),
    "E104": Code(_WARNING, "journal format that is not read back"),
    "E105": Code(_INFO, "silence without an effect"),
    "E110": Code(_ERROR, "folder that cannot be read"),
    "E111": Code(_INFO, "symbolic link"),
    "E112": Code(_WARNING, "not a regular file"),
    "E113": Code(_ERROR, "file that cannot be read"),
    "E114": Code(_INFO, "file that vanished"),
    "E120": Code(_WARNING, "conflict copy"),
    "E121": Code(_WARNING, "page that is still in the cloud"),
    "E122": Code(_INFO, "backup or swap file"),
    "E123": Code(_INFO, "paths that differ only by case or Unicode form"),
    "E124": Code(_WARNING, "file name that is not UTF-8"),
    "E125": Code(_WARNING, "page that looks like a copy"),
    # text
    "E130": Code(_WARNING, "broken encoding"),
    "E131": Code(_WARNING, "byte-order mark"),
    "E132": Code(_ERROR, "bytes that are not UTF-8"),
    "E133": Code(_WARNING, "control characters"),
    "E134": Code(_WARNING, "conflict markers"),
    "E135": Code(_ERROR, "date that breaks Logseq's parser"),
    "E136": Code(_WARNING, "lost characters"),
    # structure and properties
    "E140": Code(_WARNING, "heading without a bullet inside a block"),
    "E141": Code(_WARNING, "code fence that is never closed"),
    "E142": Code(_INFO, "code fence that swallows blocks"),
    "E143": Code(_WARNING, "tasks that a construct swallows"),
    "E150": Code(_WARNING, "property that Logseq ignores in this place"),
    "E151": Code(_WARNING, "invalid property key"),
    "E152": Code(_WARNING, "property without a space"),
    "E153": Code(_ERROR, "page properties lost to a directive"),
    "E154": Code(_WARNING, "property written twice"),
    "E160": Code(_WARNING, "front matter that cannot be read"),
    "E161": Code(_WARNING, "front matter that is never closed"),
    # links and ids
    "E204": Code(_WARNING, "two files with one page name"),
    "E205": Code(_WARNING, "malformed id"),
    "E206": Code(_WARNING, "id of two blocks"),
    "E207": Code(_WARNING, "block reference without a target"),
    "E208": Code(_WARNING, "alias that means another page"),
    # tasks and progress
    "W301": Code(_WARNING, "open tasks below a closed one"),
    "W302": Code(_WARNING, "circular work"),
    "W303": Code(_INFO, "ready to close"),
    "W304": Code(_WARNING, "hours and points mixed"),
    "W305": Code(_WARNING, "unreadable estimate"),
    "W306": Code(_WARNING, "unknown kind of progress"),
    "W307": Code(_WARNING, "work without estimates"),
    "W308": Code(_WARNING, "work section without tasks"),
    "W310": Code(_WARNING, "marker without text"),
    "W311": Code(_WARNING, "marker that Logseq does not read"),
    "W312": Code(_INFO, "possible marker"),
    "W313": Code(_INFO, "checkboxes in a Logseq graph"),
    "W314": Code(_WARNING, "dash without a space"),
    "W315": Code(_WARNING, "date that Logseq does not read"),
    "W316": Code(_WARNING, "date that does not exist"),
    "W317": Code(_WARNING, "due date of a task that cannot be read"),
    "W318": Code(_INFO, "wrong weekday"),
    "W319": Code(_INFO, "checkbox of a custom theme"),
    "W320": Code(_INFO, "clock that was not stopped"),
    # metrics and observations
    "W401": Code(_WARNING, "value that cannot be read"),
    "W402": Code(_WARNING, "value without a date"),
    "W403": Code(_WARNING, "value in another unit"),
    "W404": Code(_WARNING, "two values for one day"),
    "W405": Code(_WARNING, "value in the future"),
    "W406": Code(_WARNING, "percent without its sign"),
    "W407": Code(_WARNING, "ambiguous comma"),
    "W408": Code(_INFO, "gap between observations"),
    "W409": Code(_WARNING, "target before its baseline"),
    "W410": Code(_WARNING, "property of a metric that is not understood"),
    "W411": Code(_WARNING, "data file that cannot be read"),
    "W412": Code(_WARNING, "table of observations without its columns"),
    "W413": Code(_WARNING, "direction against the target"),
    "W414": Code(_WARNING, "unknown row of a strategy"),
    "W415": Code(_INFO, "key metric that resembles a known one"),
    "W416": Code(_INFO, "name that could be a link"),
    "W417": Code(_WARNING, "row with too many cells"),
    "W418": Code(_WARNING, "part of a strategy table that is not read"),
    "W419": Code(_INFO, "metric with values of segments only"),
    "W420": Code(_WARNING, "sum of percentages"),
    "W421": Code(_INFO, "column of a table that is not read"),
    # experiments
    "W501": Code(_WARNING, "date of an experiment that cannot be read"),
    "W502": Code(_WARNING, "unknown status"),
    "W503": Code(_WARNING, "unknown result"),
    "W504": Code(_WARNING, "page type written twice"),
    "W505": Code(_WARNING, "page type that is not a page property"),
    "W506": Code(_INFO, "experiment without a work section"),
    "W507": Code(_INFO, "heading that resembles a known one"),
    "W508": Code(_INFO, "experiment without a hypothesis"),
    "W509": Code(_INFO, "experiment without a goal"),
    "W510": Code(_WARNING, "health that is not understood"),
    "W511": Code(_WARNING, "result table without its columns"),
    "W512": Code(_WARNING, "row of a result table that is not understood"),
    "W513": Code(_WARNING, "property of a result that is not understood"),
    "W514": Code(_WARNING, "page type with a single colon"),
    "W515": Code(_WARNING, "date before the start"),
    "W516": Code(_WARNING, "property of an experiment in a block"),
    "W517": Code(_WARNING, "name without brackets next to links"),
    "W518": Code(_INFO, "stated health that has grown old"),
    "W519": Code(_WARNING, "page type that does not count"),
    "W520": Code(_INFO, "key that is nearly a known one"),
    "W521": Code(_INFO, "link that is nearly a page's name"),
    # rendering and managed blocks
    "W601": Code(_WARNING, "edited rollup"),
    "W602": Code(_WARNING, "unknown view"),
    "W603": Code(_WARNING, "parameter of a view that cannot be used"),
    "W604": Code(_ERROR, "template that fails"),
    "W605": Code(_ERROR, "rendered text that does not read back"),
    "W606": Code(_WARNING, "page that must not be written"),
    "W607": Code(_WARNING, "parameter that names nothing known"),
    "W608": Code(_ERROR, "page that was not written"),
    "W609": Code(_WARNING, "rollup that would change its surroundings"),
    "W610": Code(_INFO, "page that cannot be created"),
    "W611": Code(_WARNING, "another program's text kept outside the vault"),
    "W612": Code(_WARNING, "rollup of a partly read vault"),
    "W613": Code(_INFO, "page with other names"),
    "W620": Code(_WARNING, "page that Logseq's format would damage"),
    # queries
    "W701": Code(_WARNING, "query that Logseq cannot run"),
    "W702": Code(_WARNING, "attribute that does not exist"),
    "W703": Code(_INFO, "query that finds nothing"),
}
"""All codes. A released code keeps its meaning permanently. If a rule is removed, its number is not used again.

The families are those of spec: domain §9: E1xx files, text and structure, E2xx links and ids, W3xx tasks and progress,
W4xx metrics, W5xx experiments, W6xx rendering.
"""
