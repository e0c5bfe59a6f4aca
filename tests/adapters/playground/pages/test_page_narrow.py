"""Tables and pictures where there is little room, or nothing to show."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.core.chat.cards import Block, Card, Code, Gallery, Link, Media, Picture, Table, Timestamp
from bot.core.chat.ids import Destination
from tests.adapters.playground.browser import Chat, chat, needs_browser
from tests.adapters.playground.commands import NOW, TENANT
from tests.adapters.playground.harness import PlaygroundHarness

pytestmark = [needs_browser, pytest.mark.asyncio(loop_scope="session")]

GENERAL = Destination(TENANT, "general")
UUID = "0d5b1f2e-6c1a-4f7e-9a44-3b1d9e0c5a77"

# The shapes of tables that the bot's cards have, each with the longest values they meet.
TABLES = {
    "draws": Table(
        ("Id", "Status", "Valid of inspected", "When"),
        tuple(
            ((UUID,), ("completed",), ("2,397 of 14,412",), (Timestamp(NOW, relative=True),))
            for _ in range(3)
        ),
    ),
    "winners": Table(
        ("#", "Account", "Entry"),
        tuple(((str(n),), (Link("@a_very_long_name", "https://x.com/a"),), ("reply",)) for n in (1, 2)),
    ),
    "monitors": Table(
        ("Id", "Watches", "State", "Events"),
        (
            (
                (UUID,),
                ('"new horizons" lang:en -is:retweet from:nasa',),
                ("paused",),
                ("tweet.new, tweet.reply",),
            ),
        ),
    ),
    "routes": Table(
        ("Name", "From", "To", "Events", "When", "Filter"),
        (
            (
                ("a-route-with-a-name-of-sixty-characters-that-has-no-space-at",),
                ("@nasa",),
                ("#alerts",),
                ("all",),
                ("22:00–07:00 America/Argentina/ComodRivadavia",),
                ("media only",),
            ),
        ),
    ),
    "drafts": Table(
        ("Id", "Text", "Saved"),
        (((UUID,), ("https://example.com/" + "a" * 90,), (Timestamp(NOW, relative=True),)),),
    ),
    "policy": Table(
        ("Who", "May"), ((("@everyone-with-the-role-of-moderators",), ("use, spend, publish, manage",)),)
    ),
    "topics": Table(("#", "Trend", "Tweets"), ((("1",), ("#SundayScaries",), ("1,234,567",)),)),
    "trends": Table(("#", "Trend", "Tweets"), ((("1",), ("#" + "Artemis" * 12,), ("1,234,567",)),)),
    "help": Table(
        ("First word", "Second word", "What for"),
        (
            (
                (Code("monitor"),),
                ("add, list, pause, resume, remove, events",),
                ("Watch accounts and searches",),
            ),
        ),
    ),
    "media": Table(
        ("Request", "Asked for", "Saved"),
        (((UUID,), ("https://x.com/nasa/status/1893456789012345678",), ("14",)),),
    ),
    "galleries": Table(
        ("When", "Asked for", "Saved", "Gallery"),
        (
            (
                (Timestamp(NOW),),
                ("14 tweets",),
                ("120",),
                (Link("gallery", "https://xquik.com/g/" + "b" * 60),),
            ),
        ),
    ),
}


@pytest_asyncio.fixture(loop_scope="session")
async def ada(browser: Browser, house: PlaygroundHarness) -> AsyncIterator[Chat]:
    async with chat(browser, house, viewport={"width": 375, "height": 740}) as opened:
        yield opened


# Words that stand one letter a line are as good as none: the narrowest box of any longer text.
NARROWEST = """() => Math.min(...[...document.querySelectorAll('.card .cell')]
    .filter((cell) => cell.textContent.length > 8)
    .map((cell) => cell.getBoundingClientRect().width))"""
STICKS_OUT = """() => [...document.querySelectorAll('.table-scroll')]
    .map((node) => node.scrollWidth - node.clientWidth)"""


async def _post(house: PlaygroundHarness, title: str, *blocks: Block) -> None:
    await house.playground.messenger.post(GENERAL, Card(title, blocks), title)


async def test_every_table_is_readable_on_a_phone(ada: Chat, house: PlaygroundHarness) -> None:
    for name, table in TABLES.items():
        await _post(house, name, table)
        await expect(ada.card(name)).to_be_visible()
        assert await ada.page.evaluate("document.documentElement.scrollWidth") == 375, name
        assert await ada.page.evaluate("document.body.scrollWidth") == 375, name
        assert set(await ada.page.evaluate(STICKS_OUT)) == {0}, name
        assert await ada.page.evaluate(NARROWEST) >= 64, name
        for heading in table.columns:
            await expect(ada.card(name).get_by_role("table")).to_contain_text(heading)


async def test_a_table_is_taken_apart_only_where_it_does_not_fit(ada: Chat, house: PlaygroundHarness) -> None:
    words = ("#MondayMotivation", "#FırlatmaGünü", "आर्टेमिस द्वितीय", "打ち上げ")
    rows = tuple(((str(n),), (word,), ("270,597",)) for n, word in enumerate(words, 48))
    await _post(house, "trends", Table(("#", "Trend", "Posts"), rows))
    await expect(ada.card("trends").locator(".table")).not_to_have_class(re.compile("stacks"))
    assert await ada.page.evaluate(STICKS_OUT) == [0]
    drawn = Table(
        ("Draw", "Tweet", "Valid of inspected", "When", "Id"),
        (
            (
                ("#1",),
                ("@xquik",),
                ("61 of 120",),
                (Timestamp(NOW, zone="America/Argentina/Ushuaia"),),
                (UUID,),
            ),
        ),
    )
    await _post(house, "Draws", drawn)
    await expect(ada.card("Draws").locator(".table")).to_have_class(re.compile("stacks"))
    await ada.page.set_viewport_size({"width": 1280, "height": 740})
    assert await ada.page.evaluate(STICKS_OUT) == [0, 0]


async def test_the_options_of_a_command_scroll_inside_their_strip(ada: Chat) -> None:
    await ada.page.keyboard.type("draw run 1893456789012345678 winners:3 unique:yes ")
    await expect(ada.page.locator("#hint .hint-option")).to_have_count(7)
    assert await ada.page.evaluate("document.documentElement.scrollWidth") == 375


async def test_a_long_table_becomes_rows_of_names_and_values(ada: Chat, house: PlaygroundHarness) -> None:
    await _post(house, "draws", TABLES["draws"])
    row = ada.card("draws").get_by_role("row").nth(1)
    await expect(row.get_by_role("cell")).to_have_count(4)
    boxes = [await cell.bounding_box() for cell in await row.get_by_role("cell").all()]
    tops = [box["y"] for box in boxes if box]
    assert len(tops) == 4
    assert tops == sorted(set(tops))
    await ada.check_accessibility()
    await ada.shoot("375-table")


async def test_pictures_that_are_gone_leave_their_words_behind(ada: Chat, house: PlaygroundHarness) -> None:
    await _post(
        house,
        "Gone",
        Gallery(
            (Media("https://127.0.0.1:1/a.png", "A nebula"), Media("https://127.0.0.1:1/b.png", "A moon"))
        ),
        Picture("https://127.0.0.1:1/c.png", "The whole sky"),
    )
    card = ada.card("Gone")
    await expect(card.locator(".picture-missing")).to_have_count(3)
    for words in ("A nebula", "A moon", "The whole sky"):
        await expect(card.locator(".picture-missing", has_text=words)).to_be_visible()
    assert await card.locator(".card img").count() == 0
    await card.get_by_role("button", name="A nebula").click()
    viewer = ada.page.get_by_role("dialog", name="Pictures")
    await expect(viewer.locator(".picture-missing")).to_contain_text("no longer there")
    await expect(viewer).to_contain_text("A nebula")
    await ada.shoot("375-missing")
