"""Links, embeds and tags as Obsidian and Markdown write them."""

from __future__ import annotations

import pytest

from graphkit.outline.markdown_dialect.wiki_links import only_page, read_plain_inline, shown_plain


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[[a]] [[folder/b|label]] [[c#heading]] [[d#^block]]", ["page a", "page folder/b", "page c", "page d"]),
        ("| [[a\\|b]] |", ["page a"]),
        ("[[#same page]] [[]] [[|x]] [[ ]]", []),
        ("![[note]] ![[picture.png]] [[deck.pdf]] [[v1.2]]", ["embed note", "page v1.2"]),
        ("[[Note.md]]", ["page Note"]),
        ("[t](b.md) [t](./c.md#x) [t](../d%20e.md) [t](/f.md) [t](<g h.md>)",
         ["page ./b", "page ./c", "page ../d e", "page /f", "page ./g h"]),
        ("[t](https://x.org/a.md) [t](mailto:a@b) [t](picture.png) [t](#place)", []),
        ("#tag, #nested/tag. (#in) #a-b_c #été #2026w1", ["tag tag", "tag nested/tag", "tag in", "tag a-b_c", "tag été",
          "tag 2026w1"]),
        ("#1984 a#b https://x.org/#frag ## #", []),
        ("#weight:66.9kg #finance/bank1:-2.7USD", ["tag weight", "tag finance/bank1"]),
        ("#[[two words]]", ["tag two words"]),
        ("`[[a]]` ``[[b]] ` [[c]]`` [[d]] `open [[e]]", ["page d", "page e"]),
        ("\\[[a]] \\#b", []),
        ("((11111111-1111-4111-8111-111111111111)) ((x))", ["block 11111111-1111-4111-8111-111111111111"]),
    ],
)  # fmt: skip
def test_references(text: str, found: list[str]) -> None:
    assert [f"{ref.kind} {ref.target}" for ref in read_plain_inline(text).references] == found


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("[[a|label]]", "a"),
        ("[label](x/b.md)", "./x/b"),
        ("[[a]] and more", None),
        ("[label](https://x.org)", None),
        ("text", None),
    ],
)
def test_only_page(text: str, page: str | None) -> None:
    assert only_page(text) == page


def test_shown() -> None:
    assert shown_plain("**If** [[people/Ana|Ana]] reads [the note](x.md), `code`") == "If Ana reads the note, code"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("R&#x27;D &#39; &amp;", []),
        ("https://x.org/a[[Page|there]]", ["Page"]),
        ("see ![[data.xyz]] and ![[Note]]", ["Note"]),
        ("| [[Exp\\|the test]] | [[M/Rate|rate]] |", ["Exp", "M/Rate"]),
        ("\\``x` ``[[z]]``", []),
    ],
)
def test_entities_embedded_files_and_addresses_name_no_page(text: str, expected: list[str]) -> None:
    assert [reference.target for reference in read_plain_inline(text).references] == expected
