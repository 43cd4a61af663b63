from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sample_reports import STATUS

from graphkit.app.results.encode import encode
from graphkit.cli.look.status_screen import export_svg, status_plain, status_screen
from graphkit.cli.terminal.canvas import ASCII, UNICODE, line_text
from graphkit.cli.terminal.formats import formatted
from graphkit.cli.terminal.output import STYLES, ColorChoice, Layout, Output, colored, picture

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parent.parent.parent


class Stream(io.TextIOWrapper):
    """A text stream over bytes in memory that claims to be a terminal, or not."""

    def __init__(self, *, terminal: bool = False, encoding: str = "utf-8") -> None:
        super().__init__(io.BytesIO(), encoding=encoding, newline="")
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal

    def written(self) -> bytes:
        self.flush()
        buffer = self.buffer
        assert isinstance(buffer, io.BytesIO)
        return buffer.getvalue()


def output(
    stdout: Stream, *, stderr: Stream | None = None, width: int | None = None, env: Mapping[str, str] | None = None
) -> Output:
    return Output(stdout, stderr or Stream(), environment=env or {}, width=width)


@pytest.mark.parametrize(
    ("choice", "environment", "terminal", "color"),
    [
        ("auto", {}, True, True),
        ("auto", {}, False, False),
        ("auto", {"TERM": "dumb"}, True, False),
        ("auto", {"TERM": "xterm-256color"}, True, True),
        ("auto", {"NO_COLOR": "1"}, True, False),
        ("auto", {"NO_COLOR": ""}, True, True),
        ("auto", {"NO_COLOR": "1"}, False, False),
        ("auto", {"FORCE_COLOR": "1"}, False, True),
        ("auto", {"FORCE_COLOR": ""}, False, False),
        ("auto", {"FORCE_COLOR": "0"}, True, False),
        ("auto", {"FORCE_COLOR": "1", "TERM": "dumb"}, True, True),
        ("auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False, False),
        ("always", {"NO_COLOR": "1"}, False, True),
        ("never", {"FORCE_COLOR": "1"}, True, False),
    ],
)
def test_colour_is_decided_in_one_place(
    choice: ColorChoice, environment: Mapping[str, str], terminal: bool, color: bool
) -> None:
    assert colored(choice, environment, terminal=terminal) is color


@pytest.mark.parametrize("color", ["auto", "always", "never"])
@pytest.mark.parametrize(
    ("form", "terminal", "screen"),
    [
        (None, True, True), (None, False, False), ("screen", False, True), ("text", False, True), ("tsv", True, False),
        ("csv", True, False), ("jsonl", True, False), ("markdown", True, False),
    ],
)  # fmt: skip
def test_layout_does_not_depend_on_colour(form: str | None, terminal: bool, screen: bool, color: ColorChoice) -> None:
    out = Output(Stream(terminal=terminal), Stream(), environment={}, color=color, layout=Layout(form=form))
    assert out.screen is screen
    assert not (form == "text" and out.color)


def test_colour_adds_nothing_but_codes() -> None:
    plain, colored = Stream(terminal=True), Stream(terminal=True)
    without = output(plain, env={"NO_COLOR": "1", "COLUMNS": "90"})
    coloring = output(colored, env={"COLUMNS": "90"})
    without.lines(status_screen(STATUS, without.surface))
    coloring.lines(status_screen(STATUS, coloring.surface))
    assert b"\x1b" not in plain.written()
    assert b"\x1b[1;31m" in colored.written()
    assert re.sub(rb"\x1b\[[0-9;]*m", b"", colored.written()) == plain.written()


def test_every_role_has_a_style_that_rich_knows() -> None:
    stream = Stream(terminal=True)
    output(stream).lines([[("x", role)] for role in STYLES])
    assert re.sub(r"\x1b\[[0-9;]*m", "", stream.written().decode()) == "x\n" * len(STYLES)


@pytest.mark.parametrize(("encoding", "glyphs"), [("utf-8", UNICODE), ("ascii", ASCII), ("latin-1", ASCII)])
def test_the_signs_are_those_that_the_encoding_has(encoding: str, glyphs: object) -> None:
    assert output(Stream(encoding=encoding)).surface.glyphs is glyphs


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "cp437", "shift_jis"])
@pytest.mark.parametrize("terminal", [True, False])
def test_no_encoding_stops_a_report(encoding: str, terminal: bool) -> None:
    stream = Stream(terminal=terminal, encoding=encoding)
    out = output(stream, width=80, env={"NO_COLOR": "1"})
    if out.screen:
        out.lines(status_screen(STATUS, out.surface))
    else:
        out.text(formatted(status_plain(STATUS), "tsv"))
    text = stream.written().decode(encoding)
    assert "Faster first paint" in text
    assert all(len(line) <= 80 for line in text.splitlines()) or not terminal


def test_json_stays_json_in_any_encoding() -> None:
    for encoding in ("utf-8", "ascii", "latin-1"):
        stream = Stream(encoding=encoding)
        out = output(stream)
        out.text([encode(STATUS, ascii_only=out.ascii_json).rstrip("\n")])
        titles = [row["title"] for row in json.loads(stream.written().decode(encoding))["experiments"]]
        assert titles == [row.title for row in STATUS.experiments]


def test_a_lone_surrogate_is_written_as_an_escape() -> None:
    stream = Stream()
    output(stream).text(['"caf\udce9"'])
    assert json.loads(stream.written()) == "caf\udce9"


@pytest.mark.parametrize(
    ("environment", "asked", "expected"),
    [({"COLUMNS": "132"}, None, 132), ({"COLUMNS": "132"}, 60, 60), ({"COLUMNS": "3"}, None, 20), ({}, 70, 70)],
)
def test_width_is_what_was_asked_for_or_what_the_terminal_has(
    environment: dict[str, str], asked: int | None, expected: int
) -> None:
    assert output(Stream(), width=asked, env=environment).surface.width == expected


def test_messages_go_to_stderr() -> None:
    stdout, stderr = Stream(), Stream()
    out = output(stdout, stderr=stderr)
    out.problem("error", "no vault at /nowhere", "graphkit -g DIR names one")
    out.note("3 more; use --all to show them")
    assert stdout.written() == b""
    assert stderr.written().decode() == (
        "error: no vault at /nowhere\n  graphkit -g DIR names one\n3 more; use --all to show them\n"
    )


def test_quick_work_draws_no_progress_line_and_a_pipe_never_gets_one() -> None:
    for stderr in (Stream(terminal=True), Stream()):
        out = output(Stream(), stderr=stderr)
        with out.progress("Reading", total=3) as step:
            step(1)
            step(3)
        assert stderr.written() == b""


def test_long_work_draws_its_line_and_takes_it_away(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter([0.0, 0.4, 0.6, 0.65, 0.8])
    monkeypatch.setattr("graphkit.cli.terminal.output.time.monotonic", lambda: next(moments))
    stderr = Stream(terminal=True)
    out = output(Stream(), stderr=stderr, width=30)
    with out.progress("Reading", total=4) as step:
        for done in range(1, 5):
            step(done)
    *drawn, blank, end = stderr.written().decode().split("\r")
    assert drawn == ["", "Reading █████░░░░░ 2/4", "Reading ██████████ 4/4"]
    assert (blank.strip(), end) == ("", "")


def test_a_picture_is_the_same_every_time_and_asks_no_other_host() -> None:
    svg = export_svg(STATUS, 100)
    assert svg == export_svg(STATUS, 100)
    assert "graphkit&#160;status" in svg or "graphkit status" in svg
    assert "Faster&#160;first&#160;paint" in svg
    assert set(re.findall(r"https?://[^\s\"]+", svg)) == {"http://www.w3.org/2000/svg"}


def test_a_picture_shows_what_the_lines_say() -> None:
    svg = picture([(("one & ", "bad"), ("two", "plain")), ()], title="t", width=20, name="n")
    assert "one&#160;&amp;" in svg
    assert "n-matrix" in svg


@pytest.mark.parametrize(("force", "form", "expected"), [("", "tsv", False), ("1", "screen", True)])
def test_rich_is_imported_for_colour_only(force: str, form: str, expected: bool) -> None:
    program = (
        "import os, sys; from graphkit.cli.terminal.output import Layout, Output;"
        "from graphkit.cli.look.status_screen import *; from sample_reports import STATUS;"
        "from graphkit.cli.terminal.formats import formatted;"
        "out = Output.of_process(layout=Layout(form=os.environ['FORM']));"
        "lines = status_screen(STATUS, out.surface) if out.screen else None;"
        "out.lines(lines) if lines else out.text(formatted(status_plain(STATUS), 'tsv'));"
        "print(any(name.split('.')[0] == 'rich' for name in sys.modules), file=sys.stderr)"
    )
    environment = {
        **os.environ,
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}",
        "FORCE_COLOR": force,
        "FORM": form,
    }
    environment.pop("NO_COLOR", None)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True, encoding="utf-8"
    )
    assert done.stderr == f"{expected}\n"
    assert ("\x1b[" in done.stdout) is expected


def test_lines_are_written_as_they_are() -> None:
    stream = Stream()
    out = output(stream)
    lines = status_screen(STATUS, out.surface)
    out.lines(lines)
    assert stream.written().decode() == "".join(line_text(line) + "\n" for line in lines)
