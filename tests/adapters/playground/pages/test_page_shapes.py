"""Lines, bare messages, whom a message would notify, and deletion, as the page shows them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.async_api import Browser, Locator, expect

from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Bold, Button, Card, Link, Priority, Quote, Shape, Text, Timestamp, line
from bot.core.chat.delivery_results import Delivered
from bot.core.chat.ids import Destination, MessageRef
from tests.adapters.playground.browser import Chat, chat, needs_browser
from tests.adapters.playground.commands import TENANT
from tests.adapters.playground.harness import PlaygroundHarness

pytestmark = [needs_browser, pytest.mark.asyncio(loop_scope="session")]

PLACE = Destination(TENANT, "general")
X = "https://x.com/nasa/status/1893456789012345678"
BUTTONS = (Button("Open on X", url=X), Button("More…", ActionRef("relay.more", "k1")))
LINE = Card(
    "Post: @nasa",
    (Text(line(Bold("NASA"), " @nasa: We are going back. See you there. ", Timestamp(1_700_000_000.0))),),
    buttons=BUTTONS,
    shape=Shape.LINE,
)
BARE = Card("Post: @nasa", (Text(line(Link(X, X))),), shape=Shape.BARE)
FULL = Card("Post", (Quote("We are going back.", author="NASA · @nasa", url=X),), pings=("writers",))


async def post(house: PlaygroundHarness, *cards: Card) -> list[MessageRef]:
    """The messages that became of the cards."""
    refs = []
    for number, card in enumerate(cards):
        result = await house.playground.messenger.post(PLACE, card, f"k{number}")
        assert isinstance(result, Delivered)
        refs.append(MessageRef(PLACE, result.message))
    return refs


def message(page: Chat, ref: MessageRef) -> Locator:
    return page.page.locator(f'[data-message="{ref.message}"]')


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_lines_and_bare_messages_stand_without_a_frame(
    browser: Browser, house: PlaygroundHarness, scheme: str
) -> None:
    async with chat(browser, house, color_scheme=scheme) as page:
        refs = await post(
            house, FULL, LINE, replace(LINE, pings=("writers", "desk")), BARE, replace(BARE, pings=("desk",))
        )
        full, first, pinging, bare, _ = (message(page, ref) for ref in refs)
        await expect(full.get_by_role("heading")).to_have_text("Post")
        await expect(first).to_contain_text("We are going back.")
        await expect(first.get_by_role("heading")).to_have_count(0)
        await expect(first.get_by_role("button", name="More…")).to_be_enabled()
        await expect(pinging.locator(".ping")).to_have_text(["@writers", "@desk"])
        await expect(bare.get_by_role("link")).to_have_attribute("href", X)
        await expect(bare.locator("h3, button:not(.act), blockquote")).to_have_count(0)
        frames = [
            await one.locator(".card").evaluate("n => getComputedStyle(n).borderTopWidth")
            for one in (full, first, bare)
        ]
        assert frames == ["1px", "0px", "0px"]
        await page.check_accessibility()
        await page.shoot(f"{scheme}-shapes")
        assert page.trouble == []


async def test_nothing_of_a_line_sticks_out_on_a_phone(browser: Browser, house: PlaygroundHarness) -> None:
    long = Card("T", (Text(line(Link(X + "?" + "q" * 300, X))),), shape=Shape.BARE, pings=("g" * 90,))
    async with chat(browser, house, viewport={"width": 375, "height": 740}) as page:
        refs = await post(house, LINE, long)
        await expect(message(page, refs[-1]).get_by_role("link")).to_be_visible()
        assert await page.page.evaluate("document.documentElement.scrollWidth") == 375
        await page.shoot("375-shapes")


async def test_a_deleted_message_leaves_every_open_page(browser: Browser, house: PlaygroundHarness) -> None:
    async with chat(browser, house) as page:
        first, second = await post(house, LINE, FULL)
        await expect(message(page, first)).to_be_visible()
        for _ in range(2):
            assert await house.playground.messenger.delete(first) == Delivered(first.message)
        await expect(message(page, first)).to_have_count(0)
        await expect(message(page, second)).to_be_visible()
        await page.page.reload()
        await expect(message(page, second)).to_be_visible()
        await expect(message(page, first)).to_have_count(0)
        assert page.trouble == []


async def test_a_text_to_be_confirmed_is_never_folded_and_a_quoted_one_says_how_long_it_is(
    browser: Browser, house: PlaygroundHarness
) -> None:
    words = " ".join(f"word{n:04d}" for n in range(1_000))
    card = Card("Post?", (Quote(words, priority=Priority.QUOTED), Quote(words, priority=Priority.OWN)))
    async with chat(browser, house) as page:
        (ref,) = await post(house, card)
        quoted, own = (message(page, ref).locator(".quote-text").nth(n) for n in (0, 1))
        assert await own.evaluate("(n) => n.scrollHeight <= n.clientHeight + 1")
        assert await quoted.evaluate("(n) => n.scrollHeight > n.clientHeight + 1")
        more = message(page, ref).get_by_role("button", name=f"Show all {len(words):,} characters")
        await more.click()
        assert await quoted.evaluate("(n) => n.scrollHeight <= n.clientHeight + 1")
