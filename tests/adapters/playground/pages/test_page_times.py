"""Times on the page: by the reader's own clock, with its zone."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Request, expect

from bot.core.cards import Card, Field, Fields, Text, Timestamp, line
from bot.core.ids import Destination
from tests.adapters.playground.browser import chat, needs_browser
from tests.adapters.playground.commands import NOW, TENANT
from tests.adapters.playground.house import House

pytestmark = [needs_browser, pytest.mark.asyncio(loop_scope="module")]

GENERAL = Destination(TENANT, "general")


@pytest.mark.parametrize(
    ("browser_zone", "own", "clock", "zone"),
    [
        ("Asia/Kathmandu", "", "03:58", "GMT+5:45"),
        ("Europe/Berlin", "", "11:13", "GMT+1"),
        ("America/New_York", "", "05:13", "EST"),
        ("Europe/Berlin", "Asia/Tokyo", "07:13", "GMT+9"),
        ("Europe/Berlin", "Etc/GMT-2", "12:13", "GMT+2"),
        ("Asia/Tokyo", "No/Where", "07:13", "GMT+9"),
    ],
)
async def test_a_moment_says_its_zone(
    browser: Browser, house: House, browser_zone: str, own: str, clock: str, zone: str
) -> None:
    title = f"In {browser_zone} and {own or 'no other'}"
    text = Text(line("It was ", Timestamp(NOW, zone=own), "."))
    fields = Fields((Field("Long ago", (Timestamp(NOW, relative=True, zone=own),)),))
    await house.playground.messenger.post(
        GENERAL, Card(title, (text, fields)), f"zones{abs(hash(title)) % 10**9}"
    )
    async with chat(browser, house, timezone_id=browser_zone, locale="en-US") as page:
        times = page.card(title).locator("time:not(.when)")
        await expect(times.first).to_contain_text(clock)
        await expect(times.first).to_contain_text(zone)
        said = await times.nth(1).get_attribute("title")
        assert said is not None and clock in said and said.count(" ") > 4, said
        assert page.trouble == []


async def test_every_request_that_does_something_tells_the_zone(browser: Browser, house: House) -> None:
    sent: list[str | None] = []

    def noted(request: Request) -> None:
        if request.method == "POST":
            sent.append(request.headers.get("x-timezone"))

    async with chat(browser, house, timezone_id="Asia/Kathmandu") as page:
        page.page.on("request", noted)
        await page.run("trends show")
        await expect(page.page.locator("#messages .message").first).to_be_visible()
        assert sent and {one in ("Asia/Kathmandu", "Asia/Katmandu") for one in sent} == {True}, sent
