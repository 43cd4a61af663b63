"""What filters mean: exact names, aliases, unique beginnings; whatever means nothing is an error."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from graphkit.app.failures import RequestError
from graphkit.app.load import load
from graphkit.app.reading.check import report_check
from graphkit.app.reading.name_lookup import Filters
from graphkit.app.reading.next import report_next
from graphkit.app.reading.status import report_details, report_status
from graphkit.app.reading.tasks import TaskFilters, report_tasks

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit.app.vault import Vault

PAGES = {
    "Ana": "page-type:: [[person]]\nalias:: Ana Ferreira\n\n- x\n",
    "Ruth": "page-type:: [[person]]\n\n- x\n",
    "Grow": "page-type:: [[goal]]\nalias:: Growth\nowner:: [[Tomasz]]\n\n- x\n",
    "Great service": "page-type:: [[goal]]\n\n- x\n",
    "Alpha": "page-type:: [[experiment]]\nowner:: [[Ana]]\ngoal:: [[Growth]]\ntags:: shop, web\n\n- TODO a\n",
    "Beta": "page-type:: [[experiment]]\nowner:: Ana Ferreira\ngoal:: [[Grow]]\n\n- DOING b\n  owner:: Jonas\n",
    "Gamma": "page-type:: [[experiment]]\nowner:: Anselm\ngoal:: Retain\nresult:: won\n\n- DONE c\n",
}


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    (tmp_path / "logseq").mkdir()
    (tmp_path / "pages").mkdir()
    for title, text in PAGES.items():
        (tmp_path / "pages" / f"{title}.md").write_text(text, encoding="utf-8")
    return load(tmp_path, as_of=dt.date(2026, 3, 2))


@pytest.mark.parametrize(
    ("filters", "titles"),
    [
        (Filters(), ["Alpha", "Beta", "Gamma"]),
        (Filters(owners=("ana",)), ["Alpha", "Beta"]),
        (Filters(owners=("Ana Ferreira",)), ["Alpha", "Beta"]),
        (Filters(owners=("Ans",)), ["Gamma"]),
        (Filters(owners=("Ana", "Anselm")), ["Alpha", "Beta", "Gamma"]),
        (Filters(owners=("Ruth",)), []),
        (Filters(owners=("Jon",)), []),
        (Filters(goals=("Growth",)), ["Alpha", "Beta"]),
        (Filters(goals=("gro",)), ["Alpha", "Beta"]),
        (Filters(goals=("Great",)), []),
        (Filters(goals=("retain",)), ["Gamma"]),
        (Filters(tags=("#SHOP",)), ["Alpha"]),
        (Filters(tags=("w",)), ["Alpha"]),
        (Filters(statuses=("won",)), ["Gamma"]),
        (Filters(statuses=("in-progress",)), ["Beta"]),
        (Filters(statuses=("arch",)), []),
        (Filters(owners=("Ana",), statuses=("Not started",)), ["Alpha"]),
    ],
)
def test_what_filters_keep(vault: Vault, filters: Filters, titles: list[str]) -> None:
    assert sorted(row.title for row in report_status(vault, filters).experiments) == titles


@pytest.mark.parametrize(
    ("filters", "message", "hint"),
    [
        (Filters(owners=("Anna",)), "“Anna” names no owner", "did you mean “Ana”?"),
        (Filters(owners=("An",)), "“An” is a prefix of several names", "did you mean “Ana” or “Anselm”?"),
        (Filters(owners=("Nobody",)), "“Nobody” names no owner", "there is no owner with a name like this"),
        (Filters(goals=("Gr",)), "“Gr” is a prefix of several names", "did you mean “Grow” or “Great service”?"),
        (Filters(tags=("shpo",)), "“shpo” names no tag", "did you mean “shop”?"),
        (Filters(statuses=("runing",)), "“runing” names no status", "did you mean “running”?"),
        *(
            (Filters(**{kind: (empty,)}), f"the name of the {noun} is empty", f"name the {noun}, or leave the name out")
            for kind, noun in (("owners", "owner"), ("goals", "goal"), ("tags", "tag"), ("statuses", "status"))
            for empty in ("", "  ")
        ),
    ],
)
def test_a_filter_that_means_nothing_is_an_error(vault: Vault, filters: Filters, message: str, hint: str) -> None:
    with pytest.raises(RequestError) as caught:
        report_status(vault, filters)
    assert (caught.value.message, caught.value.hint) == (message, hint)


def test_tasks_by_owner(vault: Vault) -> None:
    def texts(owner: str) -> list[str]:
        return sorted(row.text for row in report_tasks(vault, TaskFilters(owners=(owner,), everything=True)).tasks)

    assert texts("Ana Ferreira") == ["a"]
    assert texts("jon") == ["b"]
    assert texts("Ruth") == []
    with pytest.raises(RequestError, match="“Jonsa” names no owner"):
        texts("Jonsa")


def test_what_is_next_for_an_owner(vault: Vault) -> None:
    assert [task.text for task in report_next(vault, owners=["Ana Ferreira"]).tasks] == ["a"]
    assert [task.text for task in report_next(vault, owners=["Jon"]).tasks] == ["b"]
    with pytest.raises(RequestError) as raised:
        report_next(vault, owners=["Anna"])
    assert (str(raised.value), raised.value.hint) == ("“Anna” names no owner", "did you mean “Ana”?")


def test_an_empty_name_of_an_experiment(vault: Vault) -> None:
    with pytest.raises(RequestError, match="the name of the experiment is empty"):
        report_details(vault, [""])


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        ("W599", "near are W501, W502, W503, W504, W505"),
        ("W5011", "near are W501, W502, W503, W504, W505"),
        ("X", "codes begin with E1, E2, W3, W4, W5, W6, W7"),
        ("", "codes begin with E1, E2, W3, W4, W5, W6, W7"),
    ],
)
def test_a_code_that_no_known_one_begins_with(vault: Vault, code: str, hint: str) -> None:
    for select, ignore in ((["w5", code], []), ([], [code])):
        with pytest.raises(RequestError) as caught:
            report_check(vault, select=select, ignore=ignore)
        assert (caught.value.message, caught.value.hint) == (f"no diagnostic code begins with “{code}”", hint)


SECTIONS = """page-type:: [[experiment]]

- # Alpha, the first
\t- ### Goal
\t\t- #goal [[Grow]]
\t\t- #### Why now
\t\t\t- The **season** begins.
\t- ### Hypothesis
\t\t- It grows.
\t\t- #### Doubts
\t\t\t- None.
\t- ### Work
\t\t- TODO a
\t\t\t- #### Inside a task
\t\t- #### Phase one
\t\t\t- TODO b
\t- ### Expected outcome
\t\t- Ten [[more]]
\t\t  orders.
\t\t- By May.
\t- ### Decision
\t- ### Sketches
\t\t- | a | b |
\t\t  | --- | --- |
\t\t  | 1 | 2 |
\t\t- Rolled up
\t\t  graphkit:: progress
\t\t\t- generated
\t\t- TODO draw
\t\t- #### Details
\t\t\t- Small ones.
\t- ### Open questions
\t\t- Which?
"""


def test_a_detail_has_every_section_that_nothing_else_tells(tmp_path: Path) -> None:
    (tmp_path / "logseq").mkdir()
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "Alpha.md").write_text(SECTIONS, encoding="utf-8")
    (detail,) = report_details(load(tmp_path, as_of=dt.date(2026, 3, 2)), ["Alpha"]).experiments
    assert detail.hypothesis == "It grows.\nDoubts\nNone."
    assert detail.sections == (
        ("Why now", "The season begins."),
        ("Expected outcome", "Ten more orders.\nBy May."),
        ("Decision", ""),
        ("Sketches", "a | b\n1 | 2\nTODO draw"),
        ("Details", "Small ones."),
    )
