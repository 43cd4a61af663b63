"""`open`: which place a reference means, its address, and the editor that is run at the line."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from graphkit.cli.main import run
from graphkit.cli.share.open import editor_command

ID = "65f1c0de-0000-4000-8000-000000000001"
PAGES = {
    "logseq/config.edn": "{}",
    "pages/Trial & error.md": f"- TODO Ask Ana\n  id:: {ID}\n- words\n\t- DONE Ask Ana\n- TODO Water\n- TODO Water\n",
    "pages/Plan.md": "page-type:: [[experiment]]\nalias:: P1\n\n- TODO Send the post\n",
}


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    for path, text in PAGES.items():
        (tmp_path / "my vault" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "my vault" / path).write_text(text, encoding="utf-8")
    return tmp_path / "my vault"


@pytest.mark.parametrize(
    ("reference", "path", "line", "query"),
    [
        ("Plan", "pages/Plan.md", 1, {"page": ["Plan"]}),
        ("p1", "pages/Plan.md", 1, {"page": ["Plan"]}),
        ("Pla", "pages/Plan.md", 1, {"page": ["Plan"]}),
        ("Plan:4", "pages/Plan.md", 4, {"page": ["Plan"]}),
        ("pages/Trial & error.md:1", "pages/Trial & error.md", 1, {"block-id": [ID]}),
        (f"(({ID}))", "pages/Trial & error.md", 1, {"block-id": [ID]}),
        ("ask ana", "pages/Trial & error.md", 1, {"block-id": [ID]}),
        ("the post", "pages/Plan.md", 4, {"page": ["Plan"]}),
    ],
)
def test_a_reference_and_its_address(
    vault: Path, reference: str, path: str, line: int, query: object, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["-g", str(vault), "open", reference, "--print"]) == 0
    address, place = capsys.readouterr().out.splitlines()
    parts = urlsplit(address)
    assert (parts.scheme, parts.netloc, unquote(parts.path)) == ("logseq", "graph", "/my vault")
    assert parse_qs(parts.query) == query
    assert place == f"{vault / path}:{line}"


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("water", "pages/Trial & error.md:5  Water\n  pages/Trial & error.md:6  Water"),
        ("Plna", "did you mean “Plan”?"),
        ("00000000-0000-4000-8000-000000000009", "lists tasks with ids"),
    ],
)
def test_what_fits_several_or_nothing(
    vault: Path, reference: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["-g", str(vault), "open", reference]) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("editor", "expected"),
    [
        ("vim", ["vim", "+7", "/v/a b.md"]),
        ("/usr/bin/nvim -u NONE", ["/usr/bin/nvim", "-u", "NONE", "+7", "/v/a b.md"]),
        ("code --wait", ["code", "--wait", "--goto", "/v/a b.md:7"]),
        ("'/opt/my editor/subl' -w", ["/opt/my editor/subl", "-w", "/v/a b.md:7"]),
        ("pycharm", ["pycharm", "--line", "7", "/v/a b.md"]),
        ("ed", ["ed", "/v/a b.md"]),
    ],
)
def test_each_editor_gets_the_line_in_its_own_way(editor: str, expected: list[str]) -> None:
    assert editor_command(editor, "/v/a b.md", 7) == expected


def test_the_editor_is_run_without_a_shell(
    vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile = vault / "pages" / "$(touch pwned);`x` 'y.md"
    hostile.write_text("- a\n", encoding="utf-8")
    script = tmp_path / "editor.py"
    script.write_text("import json, sys\njson.dump(sys.argv[1:], open(sys.argv[0] + '.json', 'w'))\n", encoding="utf-8")
    monkeypatch.setenv("VISUAL", f"'{sys.executable}' '{script}'")
    monkeypatch.chdir(tmp_path)
    assert run(["-g", str(vault), "open", f"pages/{hostile.name}", "--editor"]) == 0
    assert json.loads(Path(f"{script}.json").read_text(encoding="utf-8")) == [str(hostile)]
    assert not (tmp_path / "pwned").exists()
    monkeypatch.setenv("VISUAL", "no-such-editor-anywhere")
    assert run(["-g", str(vault), "open", "Plan", "--editor"]) == 2
    assert "cannot be run" in capsys.readouterr().err
    monkeypatch.setenv("VISUAL", "'unbalanced")
    assert run(["-g", str(vault), "open", "Plan", "--editor"]) == 2


def test_a_plain_folder_has_no_app(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "A.md").write_text("- a\n", encoding="utf-8")
    assert run(["-g", str(tmp_path), "open", "A", "--app"]) == 2
    assert run(["-g", str(tmp_path), "open", "A"]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'A.md'}:1\n"
    (tmp_path / ".obsidian").mkdir()
    assert run(["-g", str(tmp_path), "open", "A"]) == 0
    assert capsys.readouterr().out.startswith(f"obsidian://open?vault={tmp_path.name}&file=A.md\n")
