"""Times on the page: by the reader's own clock, with its zone."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, Request, expect

from bot.core.chat.cards import Card, Field, Fields, Text, Timestamp, line
from bot.core.chat.ids import Destination
from tests.adapters.playground.browser import chat, needs_browser
from tests.adapters.playground.commands import NOW, TENANT
from tests.adapters.playground.harness import PlaygroundHarness

pytestmark = [needs_browser, pytest.mark.asyncio(loop_scope="session")]

GENERAL = Destination(TENANT, "general")


@pytest.mark.parametrize(
    ("browser_zone", "own", "clock", "zone"),
    [
        ("Asia/Kathmandu", "", "03:58", "Asia/Kathmandu"),
        ("America/New_York", "", "05:13", "America/New_York"),
        ("Europe/Berlin", "Asia/Tokyo", "07:13", "Asia/Tokyo"),
        ("Europe/Berlin", "Etc/GMT-2", "12:13", "UTC+2"),
        ("Asia/Tokyo", "No/Where", "07:13", "Asia/Tokyo"),
    ],
)
async def test_a_moment_says_its_zone(
    browser: Browser, house: PlaygroundHarness, browser_zone: str, own: str, clock: str, zone: str
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
        assert said is not None and clock in said and said.endswith(f" {zone}"), said
        assert page.trouble == []


async def test_every_head_and_stamp_says_the_zone_of_the_browser_as_the_bot_names_it(
    browser: Browser, house: PlaygroundHarness
) -> None:
    async with chat(
        browser, house, timezone_id="Asia/Calcutta", viewport={"width": 375, "height": 740}
    ) as page:
        await page.run("help")
        heads = page.page.locator("#messages time.when")
        await expect(heads).to_have_count(2)
        for head in await heads.all():
            await expect(head).to_have_text(re.compile(r"\d\d:\d\d [AP]M Asia/Kolkata"))
        for stamp in await page.page.locator("#messages :is(time, .message-side)").all():
            assert (await stamp.get_attribute("title") or "").endswith(" Asia/Kolkata")
        assert await page.page.evaluate("document.documentElement.scrollWidth") == 375


async def test_every_request_that_does_something_tells_the_zone(
    browser: Browser, house: PlaygroundHarness
) -> None:
    sent: list[str | None] = []

    def noted(request: Request) -> None:
        if request.method == "POST":
            sent.append(request.headers.get("x-timezone"))

    async with chat(browser, house, timezone_id="Asia/Kathmandu") as page:
        page.page.on("request", noted)
        await page.run("trends show")
        await expect(page.page.locator("#messages .message").first).to_be_visible()
        assert sent and {one in ("Asia/Kathmandu", "Asia/Katmandu") for one in sent} == {True}, sent
