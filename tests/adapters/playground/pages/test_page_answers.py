"""Answers belong to what was asked: near it, named, and never announced as news to who asked."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from bot.core.chat.cards import Card, Quote
from bot.core.chat.ids import Destination
from tests.adapters.playground.browser import Chat, chat, needs_browser
from tests.adapters.playground.commands import TENANT
from tests.adapters.playground.harness import PlaygroundHarness

pytestmark = [needs_browser, pytest.mark.asyncio(loop_scope="session")]

GENERAL = Destination(TENANT, "general")


async def _much(house: PlaygroundHarness, channel: str = "general") -> None:
    """More messages than fit on a screen."""
    for number in range(14):
        card = Card(f"Post {number}", (Quote("Liftoff"),))
        await house.playground.messenger.post(Destination(TENANT, channel), card, f"much{number}")


async def _scroll_to(ada: Chat, title: str) -> None:
    await ada.card(title).evaluate("(node) => node.scrollIntoView({ block: 'start' })")
    await expect(ada.page.locator("#newest")).to_be_visible()


async def test_the_private_answer_to_a_press_is_brought_into_view(
    ada: Chat, house: PlaygroundHarness
) -> None:
    await ada.run("draw run 1893456789012345678")
    await expect(ada.card("1 winners drawn")).to_be_visible()
    await _much(house)
    await expect(ada.card("Post 13")).to_be_visible()
    await _scroll_to(ada, "1 winners drawn")
    await ada.page.get_by_role("button", name="Export as CSV").click()
    await expect(ada.card("The winners, as a file")).to_be_in_viewport()
    caption = ada.card("The winners, as a file").locator(".answer-to")
    await expect(caption).to_contain_text("1 winners drawn")
    await caption.click()
    await expect(ada.page.get_by_role("heading", name="1 winners drawn")).to_be_in_viewport()


async def test_an_answer_that_comes_while_its_reader_reads_elsewhere_waits_behind_a_button(
    ada: Chat, house: PlaygroundHarness
) -> None:
    await _much(house)
    await ada.run("trends US")
    await expect(ada.card("Trending in US")).to_be_visible()
    await ada.page.get_by_role("button", name="Ask X again").click()
    await _scroll_to(ada, "Post 2")
    house.services.gate.set()
    jump = ada.page.locator("#newest")
    await expect(jump).to_contain_text("Jump to the answer")
    await expect(ada.card("Nothing new in US")).not_to_be_in_viewport()
    await jump.click()
    await expect(ada.card("Nothing new in US")).to_be_in_viewport()
    await expect(jump).to_be_hidden()


async def test_a_slow_answer_says_what_it_answers_and_a_quick_one_need_not(
    browser: Browser, ada: Chat, house: PlaygroundHarness
) -> None:
    await ada.run("media slow")
    await expect(ada.page.locator("#working")).to_contain_text("/media slow")
    await ada.run("trends US")
    await expect(ada.card("Trending in US")).to_be_visible()
    await ada.shoot("working")
    async with chat(browser, house) as other:
        await other.page.get_by_role("radio", name="Ben").check(force=True)
        house.services.gate.set()
        await expect(ada.card("All of it is here").locator(".answer-to")).to_contain_text("/media slow")
        await expect(ada.card("Trending in US").locator(".answer-to")).to_have_count(0)
        # The line was seen by its author alone; the answer in the channel gives nothing of it away.
        await expect(other.card("All of it is here")).to_be_visible()
        await expect(other.page.locator(".answer-to")).to_have_count(0)
        assert "media slow" not in await other.page.locator("#messages").inner_text()
    await ada.page.reload()
    await expect(ada.card("All of it is here").locator(".answer-to")).to_contain_text("/media slow")
    await ada.page.get_by_role("button", name="Use the dark theme").click()
    await ada.check_accessibility()
    await ada.shoot("dark-answers")


async def test_the_answer_to_a_form_names_the_command_that_opened_it(ada: Chat) -> None:
    await ada.run("setup key")
    dialog = ada.page.get_by_role("dialog", name="setup key")
    await dialog.get_by_label("key", exact=False).first.fill("xq_" + "a1" * 32)
    await ada.page.evaluate(
        """fetch("api/state").then((answer) => answer.json()).then((state) => fetch("api/command", {
            method: "POST", headers: { "content-type": "application/json", "x-csrf": state.csrf },
            body: JSON.stringify({ person: "ada", channel: "general", text: "trends US" }) }))"""
    )
    await expect(ada.card("Trending in US")).to_have_count(1)
    await ada.page.keyboard.press("Enter")
    await expect(ada.card("The key is stored").locator(".answer-to")).to_contain_text("/setup key")


async def test_answers_to_own_commands_are_no_news(ada: Chat, house: PlaygroundHarness) -> None:
    await ada.run("trends US")
    await expect(ada.card("Trending in US")).to_be_visible()
    await ada.page.reload()
    await ada.run("trends Japan")
    await expect(ada.card("Trending in Japan")).to_be_visible()
    await expect(ada.page.locator(".unread-line")).to_have_count(0)
    await ada.page.locator('.channel[data-channel="alerts"]').click()
    await expect(ada.page.locator("#room-name")).to_have_text("# alerts")
    await house.playground.messenger.post(GENERAL, Card("NASA posted"), "k1")
    await ada.page.locator('.channel[data-channel="general"]').click()
    await expect(ada.card("NASA posted")).to_be_visible()
    await expect(ada.page.locator(".unread-line")).to_have_count(1)


async def test_a_pressed_button_is_busy_until_its_answer_is_there(
    ada: Chat, house: PlaygroundHarness
) -> None:
    await ada.run("trends US")
    again = ada.page.get_by_role("button", name="Ask X again")
    await again.click()
    await expect(ada.page.locator("#working")).to_contain_text("Trending in US")
    await expect(again).to_have_attribute("aria-busy", "true")
    house.services.gate.set()
    await expect(ada.card("Nothing new in US")).to_be_visible()
    await expect(again).not_to_have_attribute("aria-busy", "true")


async def test_the_time_beside_a_message_stays_on_one_line(ada: Chat, house: PlaygroundHarness) -> None:
    for number in range(2):
        await house.playground.messenger.post(GENERAL, Card(f"Post {number}"), f"k{number}")
    side = ada.page.locator(".message-side")
    await expect(side).to_have_count(1)
    await side.evaluate("(node) => { node.textContent = '12:02 PM'; }")
    lines = await side.evaluate(
        "(node) => { const all = document.createRange(); all.selectNodeContents(node);"
        " return new Set([...all.getClientRects()].map((box) => box.top)).size; }"
    )
    assert lines == 1
