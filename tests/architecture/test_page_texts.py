"""What a web page of ours says is a message, in its scripts and in its markup."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.i18n.extraction import PAGES, ROOT
from tests.architecture.plain_page_texts import css_classes, texts_in_markup, texts_in_script

FOLDERS = [ROOT / page for page in PAGES]
SCRIPTS = [path for folder in FOLDERS for path in sorted(folder.rglob("*.js"))]
MARKUP = [path for folder in FOLDERS for path in sorted(folder.rglob("*.html"))]
CLASSES = frozenset().union(*map(css_classes, FOLDERS))


def _named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", SCRIPTS, ids=_named)
def test_a_text_of_a_script_is_a_message(path: Path) -> None:
    found = list(texts_in_script(path.read_text(encoding="utf-8"), _named(path), CLASSES))
    assert found == [], 'CONTRIBUTING.md, "How to write a text"'


@pytest.mark.parametrize("path", MARKUP, ids=_named)
def test_a_text_of_a_page_is_a_message(path: Path) -> None:
    found = list(texts_in_markup(path.read_text(encoding="utf-8"), _named(path)))
    assert found == [], 'CONTRIBUTING.md, "How to write a text"'


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ('el("p", {}, "Close");', ["Close"]),
        (
            'el("p", {}, `Show all ${[...text].map((x) => { return x; })} characters`);',
            ["Show all ", " characters"],
        ),
        ('const WORDS = { x: "default yes" };', ["default yes"]),
        ('f(x ? "Yes" : "No");', ["Yes"]),
        ('el("p", {}, msg("Close"));', []),
        ('el("p", {}, msg("Close {x}", { x: "some words" }));', ["some words"]),
        ('el("p", { class: "text subtle" });', []),
        ('node.querySelector("button, img");', []),
        ('import { x } from "./some words";', []),
        ('if (key === "Some words") f();', []),
        ('switch (x) { case "Fields": break; }', []),
        ("// Some words.\nf(/some words/);", []),
    ],
)
def test_what_counts_as_a_text_of_a_script(script: str, found: list[str]) -> None:
    assert [one.text for one in texts_in_script(script, "x.js", frozenset({"text", "subtle"}))] == found


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        ("<p>Some words</p>", ["Some words"]),
        ('<button aria-label="Run it" data-msg="text">Run</button>', ["Run it"]),
        ('<button aria-label="Run it" data-msg="text aria-label">Run</button>', []),
        ('<p data-msg="text">Some words</p><p>and</p>', ["and"]),
        ('<h1 translate="no">Xquik</h1>', []),
        ('<img alt="" title="A picture">', ["A picture"]),
        ("<!-- Some words --><script>some.words</script>", []),
    ],
)
def test_what_counts_as_a_text_of_a_page(markup: str, found: list[str]) -> None:
    assert [one.text for one in texts_in_markup(markup, "x.html")] == found
