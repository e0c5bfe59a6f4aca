"""Each channel has a hint and examples of its own, and the list of completions is one to a screen reader."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from adapters.playground.settings import DEFAULT_CHANNELS
from bot.core.chat.cards import Card
from bot.core.chat.ids import Destination
from tests.adapters.playground.browser import Chat, chat, needs_browser
from tests.adapters.playground.commands import TENANT
from tests.adapters.playground.harness import PlaygroundHarness

pytestmark = [needs_browser, pytest.mark.asyncio(loop_scope="session")]

# How wide the hint is in its own font, beside the room there is for it.
ROOM = """() => {
  const box = document.querySelector('#command');
  const style = getComputedStyle(box, '::placeholder');
  const pen = document.createElement('canvas').getContext('2d');
  pen.font = `${style.fontSize} ${style.fontFamily}`;
  const room = box.clientWidth - parseFloat(style.paddingLeft || 0) - 8;
  return room - pen.measureText(box.placeholder).width;
}"""


async def _channel(ada: Chat, name: str) -> None:
    await ada.page.evaluate("(id) => document.querySelector(`.channel[data-channel='${id}']`).click()", name)


async def test_every_channel_has_a_hint_of_its_own(ada: Chat) -> None:
    said = []
    for seed in DEFAULT_CHANNELS:
        await _channel(ada, seed.id)
        await expect(ada.box).to_have_attribute("placeholder", seed.hint)
        said.append(seed.hint)
    await _channel(ada, "@bot")
    await expect(ada.box).to_have_attribute("placeholder", "Try help, or account show")
    assert len(set(said)) == len(said)


async def test_a_new_channel_is_named_in_its_hint(ada: Chat) -> None:
    await ada.page.get_by_role("button", name="Create a channel").click()
    await ada.page.get_by_label("Name").fill("launches")
    await ada.page.get_by_role("button", name="Create", exact=True).click()
    await expect(ada.box).to_have_attribute("placeholder", "Try relay add channel:launches")


@pytest.mark.parametrize(("channel", "first"), [("giveaways", "draw run"), ("social", "tweet post")])
async def test_the_examples_of_a_channel_begin_with_what_it_is_for(
    ada: Chat, channel: str, first: str
) -> None:
    await _channel(ada, channel)
    await expect(ada.page.locator(".example").nth(1)).to_contain_text(first)


async def test_no_hint_is_cut_on_a_phone(browser: Browser, house: PlaygroundHarness) -> None:
    async with chat(browser, house, viewport={"width": 375, "height": 740}) as ada:
        for seed in (*(seed.id for seed in DEFAULT_CHANNELS), "@bot"):
            await _channel(ada, seed)
            await expect(ada.page.locator(f".channel[data-channel='{seed}']")).to_have_attribute(
                "aria-current", "page"
            )
            assert await ada.page.evaluate(ROOM) >= 0, (seed, await ada.page.evaluate(ROOM))


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 375)])
async def test_axe_finds_nothing_in_the_list_of_completions(
    browser: Browser, house: PlaygroundHarness, scheme: str, width: int
) -> None:
    options = {"color_scheme": scheme, "viewport": {"width": width, "height": 740}}
    async with chat(browser, house, **options) as ada:
        for typed in ("/", "t", "tweet post ", "draw run ", "trends region:", "draw run 1 channel:"):
            await ada.box.fill("")
            await ada.box.press_sequentially(typed)
            await expect(ada.page.locator("#menu")).to_be_visible()
            await ada.check_accessibility()
            await ada.page.keyboard.press("ArrowDown")
            chosen = ada.page.locator('[role="option"][aria-selected="true"]')
            await expect(chosen).to_have_count(1)
            await expect(ada.box).to_have_attribute(
                "aria-activedescendant", await chosen.get_attribute("id") or ""
            )
            await ada.check_accessibility()
            await ada.page.keyboard.press("Escape")
            await expect(ada.page.locator("#menu")).to_be_hidden()
            assert await ada.box.get_attribute("aria-activedescendant") is None
        await ada.box.fill("zzz")
        await expect(ada.page.locator("#menu")).to_be_hidden()
        await ada.check_accessibility()


@pytest.mark.parametrize("width", [1280, 375])
async def test_the_time_beside_grouped_messages_is_whole(
    browser: Browser, house: PlaygroundHarness, width: int
) -> None:
    for number in range(2):
        place = Destination(TENANT, "general")
        await house.playground.messenger.post(place, Card(f"Post {number}"), f"k{number}")
    for locale in ("en-US", "tr-TR", "ar-EG", "hi-IN", "ja-JP", "th-TH", "ko-KR", "zh-CN"):
        async with chat(browser, house, locale=locale, viewport={"width": width, "height": 740}) as ada:
            side = ada.page.locator(".message-side")
            await expect(side).to_have_count(1)
            await side.evaluate("(node) => { node.style.visibility = 'visible'; }")
            left, right = await side.evaluate(
                "(node) => { const all = document.createRange(); all.selectNodeContents(node);"
                " const boxes = [...all.getClientRects()];"
                " return [Math.min(...boxes.map((b) => b.left)), Math.max(...boxes.map((b) => b.right))]; }"
            )
            body = await ada.page.locator(".message.follows .message-main").bounding_box()
            stream = await ada.page.locator("#stream").bounding_box()
            assert body is not None and stream is not None
            assert stream["x"] + 2 <= left and right <= body["x"], (locale, left, right)


async def test_a_focus_that_comes_to_the_list_goes_back_to_the_box(ada: Chat) -> None:
    await ada.box.press_sequentially("/")
    await expect(ada.page.locator("#menu")).to_be_visible()
    await ada.page.locator("#send").focus()
    await ada.box.focus()
    await ada.box.press_sequentially("t")
    await ada.page.locator("#menu-list").focus()
    await expect(ada.box).to_be_focused()
    await expect(ada.page.locator("#menu")).to_be_visible()
    await ada.page.keyboard.press("ArrowDown")
    await expect(ada.page.locator('[role="option"][aria-selected="true"]')).to_have_count(1)


async def test_options_that_scroll_sideways_do_so_by_keyboard(
    browser: Browser, house: PlaygroundHarness
) -> None:
    async with chat(browser, house, viewport={"width": 375, "height": 740}) as ada:
        await ada.box.press_sequentially("draw run 1 ")
        strip = ada.page.get_by_role("group", name="Options of draw run")
        await strip.focus()
        await ada.page.keyboard.press("ArrowRight")
        await expect(strip).to_be_focused()
        assert await strip.evaluate("(node) => node.scrollWidth > node.clientWidth")
