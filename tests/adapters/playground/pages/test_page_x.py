"""Links to x.com lead to the sandbox's pages, where nothing is on X."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.core.chat.cards import Button, Card, Field, Fields, Link, Quote, Table, Text, line
from bot.core.chat.ids import Destination
from bot.sandbox.config import SandboxConfig
from bot.sandbox.server import RunningSandbox, serve_sandbox
from bot.sandbox.world import posts
from tests.adapters.playground.browser import Chat, chat, needs_browser
from tests.adapters.playground.commands import TENANT
from tests.adapters.playground.harness import PlaygroundHarness, open_house

pytestmark = [needs_browser, pytest.mark.asyncio(loop_scope="session")]

GENERAL = Destination(TENANT, "general")
CALM = SandboxConfig(event_interval=10_000_000, first_event_after=10_000_000)


@pytest_asyncio.fixture(loop_scope="session")
async def sandbox() -> AsyncIterator[RunningSandbox]:
    async with serve_sandbox(CALM) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def house(tmp_path: Path, sandbox: RunningSandbox) -> AsyncIterator[PlaygroundHarness]:
    async with open_house(tmp_path / "bot.db", x_pages=f"{sandbox.sandbox.origin}/x") as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def ada(browser: Browser, house: PlaygroundHarness) -> AsyncIterator[Chat]:
    async with chat(browser, house) as opened:
        yield opened


ADDRESSES = {
    f"https://x.com/i/status/{posts.GIVEAWAY_ID}": f"/i/status/{posts.GIVEAWAY_ID}",
    f"https://twitter.com/xquik/status/{posts.PLAIN_ID}?s=20": f"/xquik/status/{posts.PLAIN_ID}?s=20",
    "https://www.x.com/nasa": "/nasa",
    "https://x.com/hashtag/%E6%A1%9C": "/hashtag/%E6%A1%9C",
    "https://x.com/search?q=%23%C3%87ay": "/search?q=%23%C3%87ay",
    "https://mobile.twitter.com/nasa": "/nasa",
    "https://x.com": "",
}
ELSEWHERE = (
    "https://example.com/x.com/nasa",
    "https://notx.com/nasa",
    "https://x.com.evil.example/nasa",
    "https://xquik.com/g/abc",
    "https://evil.example/?u=https://x.com/nasa",
)


@pytest.mark.parametrize("address", [*ADDRESSES, *ELSEWHERE])
async def test_every_link_of_a_card_leads_there(
    ada: Chat, house: PlaygroundHarness, sandbox: RunningSandbox, address: str
) -> None:
    card = Card(
        "Links",
        (
            Text(line("In words: ", Link("a link", address))),
            Quote("A post", author="NASA", author_url=address, url=address),
            Fields((Field("In a field", (Link("another", address),)),)),
            Table(("In a table",), (((Link("one more", address),),),)),
        ),
        buttons=(Button("Open on X", url=address),),
    )
    await house.playground.messenger.post(GENERAL, card, "links")
    links = ada.card("Links").get_by_role("link")
    await expect(links).to_have_count(6)
    expected = address if address in ELSEWHERE else f"{sandbox.sandbox.origin}/x{ADDRESSES[address]}"
    for one in await links.all():
        assert await one.get_attribute("href") == expected
        assert await one.get_attribute("rel") == "noopener noreferrer"


async def test_open_on_x_shows_the_post_and_leads_on(ada: Chat, house: PlaygroundHarness) -> None:
    card = Card("Posted on X", buttons=(Button("Open on X", url=f"https://x.com/i/status/{posts.QUOTE_ID}"),))
    await house.playground.messenger.post(GENERAL, card, "posted")
    async with ada.page.context.expect_page() as opened:
        await ada.card("Posted on X").get_by_role("link", name="Open on X").click()
    page = await opened.value
    await expect(page.get_by_text("This is worth a read.")).to_be_visible()
    await expect(page.get_by_text("Python 3.14 is out. No pictures, only words.")).to_be_visible()
    await page.get_by_role("link", name="@github").first.click()
    await expect(page.get_by_role("heading", name="GitHub")).to_be_visible()
    await page.get_by_role("link", name="#github").first.click()
    await expect(page.get_by_role("heading", name="#github")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_without_such_pages_links_lead_to_x(browser: Browser, tmp_path: Path) -> None:
    async with open_house(tmp_path / "bot.db") as house, chat(browser, house) as ada:
        card = Card("Posted", buttons=(Button("Open on X", url="https://x.com/i/status/20"),))
        await house.playground.messenger.post(GENERAL, card, "posted")
        link = ada.card("Posted").get_by_role("link", name="Open on X")
        await expect(link).to_have_attribute("href", "https://x.com/i/status/20")
