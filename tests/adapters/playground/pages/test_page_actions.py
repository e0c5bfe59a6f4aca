"""The menu of a message in a browser: with the mouse, by keyboard alone, on a small touch screen."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, Locator, expect

from bot.core.chat.cards import Card, Link, Quote, Text, line
from bot.core.chat.ids import Destination
from tests.adapters.playground.browser import Chat, chat, needs_browser
from tests.adapters.playground.commands import TENANT
from tests.adapters.playground.harness import PlaygroundHarness

pytestmark = [needs_browser, pytest.mark.asyncio(loop_scope="session")]

GENERAL = Destination(TENANT, "general")
LINK = "https://x.com/nasa/status/1893456789012345678"
OTHER = "https://x.com/esa/status/1893456789012345699"
POSTED = Card("NASA posted", (Quote("Liftoff <img src=x onerror=alert(1)>", url=LINK),))


async def _post(house: PlaygroundHarness, card: Card) -> None:
    await house.playground.messenger.post(GENERAL, card, card.title)


def _opener(ada: Chat, title: str) -> Locator:
    return ada.card(title).get_by_role("button", name="More actions")


async def test_a_tweet_in_a_message_is_shown_from_its_menu(ada: Chat, house: PlaygroundHarness) -> None:
    await _post(house, POSTED)
    await _post(house, Card("No tweet", (Quote("https://t.co/abc"),)))
    await expect(_opener(ada, "No tweet")).to_have_count(0)
    opener = _opener(ada, "NASA posted")
    await ada.card("NASA posted").hover()
    await opener.click()
    menu = ada.page.get_by_role("menu", name="More actions")
    await expect(menu.get_by_role("menuitem")).to_have_text(["Show tweet", "Run a draw", "Download media"])
    await expect(opener).to_have_attribute("aria-expanded", "true")
    await ada.check_accessibility()
    await ada.shoot("message-menu")
    await menu.get_by_role("menuitem", name="Show tweet").click()
    await expect(menu).to_be_hidden()
    await expect(ada.card("A tweet")).to_contain_text("Tweet 1893456789012345678")
    await expect(ada.card("A tweet")).to_contain_text("Only visible to you")
    await expect(opener).to_have_attribute("aria-expanded", "false")
    assert ada.trouble == []


async def test_the_menu_is_used_by_keyboard_alone(ada: Chat, house: PlaygroundHarness) -> None:
    await _post(house, POSTED)
    opener = _opener(ada, "NASA posted")
    await opener.focus()
    await expect(opener).to_have_css("opacity", "1")
    keyboard = ada.page.keyboard
    await keyboard.press("Enter")
    await expect(ada.page.get_by_role("menuitem", name="Show tweet")).to_be_focused()
    await keyboard.press("ArrowUp")
    await expect(ada.page.get_by_role("menuitem", name="Download media")).to_be_focused()
    await keyboard.press("ArrowDown")
    await keyboard.press("ArrowDown")
    await expect(ada.page.get_by_role("menuitem", name="Run a draw")).to_be_focused()
    await keyboard.press("Escape")
    await expect(ada.page.locator("#actions")).to_be_hidden()
    await expect(opener).to_be_focused()
    await keyboard.press("Enter")
    await keyboard.press("End")
    await keyboard.press("ArrowUp")
    await keyboard.press("Enter")
    dialog = ada.page.get_by_role("dialog", name="draw run")
    await expect(dialog.get_by_label("tweet", exact=False).first).to_have_value(LINK)
    await dialog.get_by_label("winners", exact=False).first.fill("2")
    await keyboard.press("Enter")
    await expect(ada.card("2 winners drawn")).to_be_visible()
    await expect(ada.card("NASA posted")).to_be_visible()
    assert ada.trouble == []


async def test_pressing_the_button_again_closes_the_menu_and_tab_leaves_it(
    ada: Chat, house: PlaygroundHarness
) -> None:
    await _post(house, POSTED)
    opener, menu = _opener(ada, "NASA posted"), ada.page.locator("#actions")
    for _ in range(2):
        await ada.card("NASA posted").hover()
        await opener.click()
        await expect(menu).to_be_visible()
        await opener.click()
        await expect(menu).to_be_hidden()
    await opener.click()
    await ada.page.keyboard.press("Tab")
    await expect(menu).to_be_hidden()
    await opener.click()
    await ada.page.locator("#room-name").click()
    await expect(menu).to_be_hidden()
    await expect(opener).to_have_attribute("aria-expanded", "false")


async def test_the_menu_stays_with_its_message_while_others_come(ada: Chat, house: PlaygroundHarness) -> None:
    await _post(house, POSTED)
    await ada.card("NASA posted").hover()
    opener, menu = _opener(ada, "NASA posted"), ada.page.locator("#actions")
    await opener.click()
    for number in range(30):
        await _post(house, Card(f"Later {number}", (Text(line("something else")),)))
        await expect(ada.card(f"Later {number}")).to_be_visible()
        if not await menu.is_visible():
            break
        button, box = await opener.bounding_box(), await menu.bounding_box()
        assert button is not None and box is not None
        assert abs(box["x"] + box["width"] - button["x"] - button["width"]) < 2
        beside = (box["y"] - button["y"] - button["height"], button["y"] - box["y"] - box["height"])
        assert any(abs(gap - 4) < 2 for gap in beside), beside
    assert number > 0, "one message closes nothing"
    await expect(opener).not_to_be_in_viewport()
    assert ada.trouble == []


async def test_of_several_tweets_one_is_chosen(ada: Chat, house: PlaygroundHarness) -> None:
    both = Card("Two", (Text(line(Link("one", LINK), " ", Link("two", OTHER))),))
    await _post(house, both)
    await ada.card("Two").hover()
    await _opener(ada, "Two").click()
    await ada.page.get_by_role("menuitem", name="Show tweet").click()
    choice = ada.card("Show tweet")
    await expect(choice).to_contain_text("links to several tweets")
    await choice.get_by_role("button", name="2 · @esa").click()
    await expect(ada.card("A tweet")).to_contain_text("Tweet 1893456789012345699")


async def test_who_may_not_is_told_so(ada: Chat, house: PlaygroundHarness) -> None:
    await ada.page.get_by_role("radio", name="Ben").check(force=True)
    await _post(house, POSTED)
    await ada.card("NASA posted").hover()
    await _opener(ada, "NASA posted").click()
    await ada.page.get_by_role("menuitem", name="Show tweet").click()
    await expect(ada.card("You may not do that here")).to_be_visible()


async def test_on_a_small_touch_screen_the_menu_is_seen_and_within_the_window(
    browser: Browser, house: PlaygroundHarness
) -> None:
    options = {"viewport": {"width": 375, "height": 667}, "has_touch": True, "is_mobile": True}
    async with chat(browser, house, **options) as phone:
        await _post(house, POSTED)
        opener = _opener(phone, "NASA posted")
        await expect(opener).to_have_css("opacity", "1")
        await opener.tap()
        menu = phone.page.locator("#actions")
        await expect(menu).to_be_visible()
        box = await menu.bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 375
        assert box["y"] >= 0 and box["y"] + box["height"] <= 667
        await phone.check_accessibility()
        await phone.page.get_by_role("menuitem", name=re.compile("Download")).tap()
        await expect(phone.card("6 pictures in 2 tweets")).to_be_visible()
        assert phone.trouble == []
