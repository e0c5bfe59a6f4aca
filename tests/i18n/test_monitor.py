"""What the commands of monitors say is said whole in another language."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.core.chat.ids import TenantId
from bot.core.routes.events import MONITOR_TYPES
from tests.features.edge import Screen
from tests.features.harness import HERE, BotHarness, open_house
from tests.i18n.driven import left_on

THERE = TenantId("slack", "T0002")
VALUES = f"nasa esa mars alerts {' '.join(MONITOR_TYPES)}"


@pytest.fixture
async def shared(tmp_path: Path, empty_bot: Path) -> AsyncIterator[BotHarness]:
    """Two places on one Xquik account."""
    async with open_house(tmp_path, empty_bot) as house:
        await house.give_key(THERE, house.sandbox.api_key)
        yield house


def whole(screen: Screen, values: str = "") -> None:
    assert screen.steps and left_on(screen, f"{VALUES} {values}") == set(), screen.steps[-1]


@pytest.mark.parametrize(
    "line",
    [
        "monitor list",
        "monitor pause nasa",
        "monitor keyword mars events:profile.avatar.changed",
        "monitor remove xyzzyq",
        "monitor add nasa events:likes",
    ],
)
async def test_where_nothing_is_watched_it_is_said_whole(house: BotHarness, line: str) -> None:
    whole(await house.say(line), "events likes xyzzyq artemis launch views")


@pytest.mark.parametrize(("add", "what"), [("monitor add nasa", "nasa"), ("monitor keyword mars", "mars")])
async def test_a_monitor_is_told_of_in_messages(house: BotHarness, add: str, what: str) -> None:
    await house.done("relay add channel:#alerts name:rrr")
    await house.done(add)
    for line in (
        add,
        f"{add} events:tweet.reply",
        f"monitor resume {what}",
        f"monitor pause {what}",
        f"monitor remove {what}x",
        f"monitor remove {what} xyz:3",
        f"monitor remove {what}",
    ):
        whole(await house.say(line), f"{what}x rrr xyz")


@pytest.mark.parametrize("count", [1, 2, 10, 12])
async def test_routes_that_get_nothing_any_more_are_named_in_a_message(house: BotHarness, count: int) -> None:
    await house.done("monitor add nasa")
    for number in range(count):
        await house.done(f"relay add channel:#alerts account:nasa name:rrr{number} watch:no")
    screen = await house.say("monitor pause nasa")
    whole(screen, "rrr")
    assert "rrr0" in str(screen.card)


@pytest.mark.parametrize("add", ["monitor add nasa", "monitor keyword mars"])
@pytest.mark.parametrize("places", [1, 2])
async def test_what_others_watch_too_is_told_whole(shared: BotHarness, add: str, places: int) -> None:
    third = TenantId("slack", "T0003")
    await shared.give_key(third, shared.sandbox.api_key)
    for tenant in (HERE, THERE, third)[: places + 1]:
        await shared.done(add, tenant=tenant)
    what = add.split()[-1]
    whole(await shared.say(f"monitor pause {what}"))
    whole(await shared.say(f"monitor remove {what}"))
