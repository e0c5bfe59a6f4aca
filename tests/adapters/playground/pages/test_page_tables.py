"""Tables on a screen of a desk: names stay whole, and figures are aligned."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.core.chat.cards import Card, ChannelMention, Code, Link, Table
from bot.core.chat.ids import Destination
from tests.adapters.playground.browser import Chat, chat, needs_browser
from tests.adapters.playground.commands import TENANT
from tests.adapters.playground.harness import PlaygroundHarness

pytestmark = [needs_browser, pytest.mark.asyncio(loop_scope="session")]

GENERAL = Destination(TENANT, "general")
ROUTES = Table(
    ("Route", "Channel", "Takes", "State", "Last sent"),
    tuple(
        (
            (Code(name),),
            (ChannelMention("general", "general"),),
            ("@esa; keywords artemis; tweets and profile changes",),
            ("on",),
            ("3 seconds ago",),
        )
        for name in ("a-rather-long-route-name", "launches")
    ),
)
PEOPLE = Table(
    ("Account", "Followers", "Id", "Average"),
    tuple(
        ((Link(f"@{name}", f"https://x.com/{name}"),), (followers,), ("18933456789",), (average,))
        for name, followers, average in (("nasa", "97,412,003", "5.25"), ("esa", "1.203", "–"))
    ),
)
LINES = (
    "node => Math.round(node.getBoundingClientRect().height / parseFloat(getComputedStyle(node).lineHeight))"
)
ALIGNED = "node => getComputedStyle(node).textAlign"


@pytest_asyncio.fixture(loop_scope="session")
async def desk(browser: Browser, house: PlaygroundHarness) -> AsyncIterator[Chat]:
    async with chat(browser, house, viewport={"width": 1100, "height": 740}) as opened:
        yield opened


async def _post(house: PlaygroundHarness, title: str, table: Table) -> None:
    await house.playground.messenger.post(GENERAL, Card(title, (table,)), title)


async def test_what_a_route_is_called_stands_on_one_line(desk: Chat, house: PlaygroundHarness) -> None:
    await _post(house, "Routes", ROUTES)
    name = desk.card("Routes").get_by_role("row").nth(1).get_by_role("cell").first.locator(".cell")
    await expect(name).to_have_text("a-rather-long-route-name")
    assert await name.evaluate(LINES) == 1
    scroll = desk.card("Routes").locator(".table-scroll")
    assert await scroll.evaluate("node => node.scrollWidth - node.clientWidth") == 0
    await desk.shoot("1100-routes")


async def test_figures_are_aligned_at_their_ends_and_ids_are_none(
    desk: Chat, house: PlaygroundHarness
) -> None:
    await _post(house, "People", PEOPLE)
    table = desk.card("People").get_by_role("table")
    for role in ("columnheader", "cell"):
        cells = table.get_by_role(role)
        aligned = [await cells.nth(index).evaluate(ALIGNED) for index in range(4)]
        assert [one in ("right", "end") for one in aligned] == [False, True, False, True]
    await desk.page.set_viewport_size({"width": 390, "height": 844})
    assert await desk.page.evaluate("document.documentElement.scrollWidth") == 390
    await desk.shoot("390-people")
