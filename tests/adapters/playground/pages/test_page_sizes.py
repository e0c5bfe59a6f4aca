"""What is about the command box keeps its size: chips, menus and heads, at three widths."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, expect

from tests.adapters.playground.browser import chat, needs_browser
from tests.adapters.playground.harness import PlaygroundHarness

STATIC = Path(__file__).resolve().parents[4] / "adapters" / "playground" / "static"
WIDTHS = (1280, 640, 375)

# Lines whose hint shows chips that are needed, given, being typed and optional.
LINES = (
    "tweet post account:nasa_hubble ",
    "draw run ",
    "draw run 1 winners:3 channel:",
    "trends region:",
    "tweet post ",
)

in_a_browser = [needs_browser, pytest.mark.asyncio(loop_scope="session")]


async def _sizes(found: Locator) -> list[tuple[str, float, float]]:
    sizes: list[tuple[str, float, float]] = []
    for node in await found.all():
        box = await node.bounding_box()
        assert box is not None
        words = (await node.inner_text()).split("\n")[0]  # the rest is for screen readers
        sizes.append((words, box["width"], box["height"]))
    return sizes


async def _check(browser: Browser, house: PlaygroundHarness, width: int, scheme: str) -> None:
    options = {"viewport": {"width": width, "height": 860}, "color_scheme": scheme}
    async with chat(browser, house, **options) as ada:
        for line in LINES:
            await ada.box.fill("")
            await ada.box.press_sequentially(line)
            hint = ada.page.locator("#hint")
            await expect(hint).to_be_visible()
            chips = await _sizes(hint.locator(".hint-option"))
            assert chips, line
            for words, wide, high in chips:
                assert high <= 26, (line, words, wide, high)
                assert wide <= 40 + 9 * len(words), (line, words, wide, high)
            (head,) = await _sizes(hint.locator(".hint-head"))
            assert head[2] <= 48, (line, head)
            whole = await hint.bounding_box()
            assert whole is not None and whole["height"] <= 240, (line, whole)
        await ada.shoot(f"sizes-{width}-{scheme}-hint")
        await ada.box.fill("")
        await ada.box.press_sequentially("t")
        menu = ada.page.locator(".menu")
        await expect(menu).to_be_visible()
        box = await menu.bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= width
        assert box["width"] <= 760 and box["height"] <= 380
        for words, _, high in await _sizes(menu.locator(".choice")):
            assert high <= 64, (words, high)
        for words, _, high in await _sizes(menu.locator(".menu-head")):
            assert high <= 40, (words, high)
        wide = await ada.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width
        assert ada.trouble == []
        await ada.shoot(f"sizes-{width}-{scheme}-menu")


class TestSizes:
    pytestmark = in_a_browser

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("width", WIDTHS)
    async def test_chips_menus_and_heads_are_no_larger_than_their_words(
        self, browser: Browser, house: PlaygroundHarness, width: int, scheme: str
    ) -> None:
        await _check(browser, house, width, scheme)


def _shared(sheets: str) -> set[str]:
    """Class names that style a thing of their own, and are also a state of another thing."""
    alone: set[str] = set()
    states: dict[str, set[str]] = {}
    for group in re.findall(r"([^{}]+)\{", re.sub(r"/\*.*?\*/", "", sheets, flags=re.DOTALL)):
        for selector in re.sub(r":not\([^)]*\)", "", group).split(","):
            compounds = [re.findall(r"\.([a-z][\w-]*)", part) for part in re.split(r"[\s>+~]+", selector)]
            if sum(map(bool, compounds)) == 1 and len(named := next(filter(None, compounds))) == 1:
                alone.update(named)
            for first, *rest in filter(None, compounds):
                for state in rest:
                    states.setdefault(state, set()).add(first)
    return {name for name in alone & states.keys() if states[name]}


def test_no_name_of_a_state_styles_something_else_too() -> None:
    sheets = "\n".join(path.read_text("utf-8") for path in sorted((STATIC / "css").glob("*.css")))
    assert _shared(sheets) == {"said", "stacks"}, "these two are kinds of the one thing that has them"


@pytest.mark.parametrize(
    ("sheets", "names"),
    [
        (".missing { width: 100% }\n.chip.missing { color: red }", {"missing"}),
        (".a, .b { margin: 0 } .c.b > i { margin: 0 }", {"b"}),
        (".b:hover { margin: 0 } .x .c.b { margin: 0 }", {"b"}),
        (".x .b { margin: 0 } .c.b { margin: 0 }", set()),
        (".c:not(.b) { margin: 0 } .c.b { margin: 0 }", set()),
        ("/* .b { } */ .c.b { margin: 0 }", set()),
    ],
)
def test_shared_names_are_found(sheets: str, names: set[str]) -> None:
    assert _shared(sheets) == names
