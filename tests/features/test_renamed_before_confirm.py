"""An account that is renamed between preview and Confirm: what was shown is watched, and nobody else."""

from __future__ import annotations

import pytest

from bot.xquik.client import XquikClient
from bot.xquik.models import Monitor
from tests.features.edge import words
from tests.features.harness import HERE, BotHarness
from tests.features.test_starting import changed

RENAMED = [("nasa", "NASA_hq"), ("esa", "esa_news"), ("jaxa_en", "j_a_x_a")]


async def _xquik(house: BotHarness) -> XquikClient:
    return await house.app.services.xquik.of(HERE)


async def _watched(house: BotHarness) -> tuple[Monitor, ...]:
    return await (await _xquik(house)).monitors.list()


async def _known(house: BotHarness, account: str) -> str:
    """A route follows the account, and nobody watches it; its id on X."""
    await house.done(f"monitor add {account}")
    await house.done(f"relay add channel:#alerts account:{account} name:r")
    (one,) = await _watched(house)
    await house.say(f"monitor remove {account}")
    assert await _watched(house) == () and one.x_user_id
    return one.x_user_id


async def _renamed(house: BotHarness, before: str, after: str) -> None:
    await house.control("names", body={"username": before, "renamed": after, "quietly": True})


@pytest.mark.parametrize(("before", "after"), RENAMED)
async def test_it_is_watched_by_the_name_that_it_has_by_then(
    house: BotHarness, before: str, after: str
) -> None:
    identity = await _known(house, before)
    asked = await house.say(f"monitor add {before}")
    await _renamed(house, before, after)
    xquik = await _xquik(house)
    told = await xquik.monitors.create(after, ["tweet.new"])  # its answer tells the new username
    await xquik.monitors.delete(told.id)
    assert f"@{after}" in words(await house.confirm(asked))
    (one,) = await _watched(house)
    assert (one.username, one.x_user_id) == (after, identity)


@pytest.mark.parametrize(("before", "after"), RENAMED)
async def test_one_that_watches_it_by_then_is_found_by_its_id(
    house: BotHarness, before: str, after: str
) -> None:
    identity = await _known(house, before)
    asked = await house.say(f"monitor add {before}")
    await _renamed(house, before, after)
    await (await _xquik(house)).monitors.create(after, ["tweet.new"])
    requests = await changed(house)
    assert f"@{after}" in words(await house.confirm(asked))
    (one,) = await _watched(house)
    assert one.x_user_id == identity
    assert await changed(house) <= requests + 1, "its types at most"


@pytest.mark.parametrize(("before", "after"), RENAMED)
async def test_who_took_the_name_meanwhile_is_not_watched(house: BotHarness, before: str, after: str) -> None:
    await _known(house, before)
    asked = await house.say(f"monitor add {before}")
    await _renamed(house, before, after)
    await _renamed(house, "thief", before)
    failed = words(await house.confirm(asked))
    assert f"@{before} is another account by now" in failed and f"monitor add {before}" in failed
    assert "Nothing was charged" not in failed
    assert await _watched(house) == ()
    # Whose name it is now is known from then on: asked again, that one is meant.
    assert f"@{before}" in words(await house.confirm(await house.say(f"monitor add {before}")))
    (one,) = await _watched(house)
    assert one.username == before


async def test_a_monitor_of_who_took_the_name_is_not_taken_for_it(house: BotHarness) -> None:
    await _known(house, "nasa")
    asked = await house.say("monitor add nasa")
    await _renamed(house, "nasa", "nasa_hq")
    await _renamed(house, "thief", "nasa")
    other = await (await _xquik(house)).monitors.create("nasa", ["tweet.new"])
    failed = words(await house.confirm(asked))
    assert "@nasa is another account by now" in failed and "monitor list" in failed
    (one,) = await _watched(house)
    assert one.id == other.id and one.event_types == ("tweet.new",), "somebody else's, and as it was"


@pytest.mark.parametrize("status", [403, 503])
async def test_where_the_stranger_cannot_be_let_go_it_is_said_that_he_is_watched(
    house: BotHarness, status: int
) -> None:
    await _known(house, "nasa")
    asked = await house.say("monitor add nasa")
    await _renamed(house, "nasa", "nasa_hq")
    await _renamed(house, "thief", "nasa")
    await house.fault(method="DELETE", path="/monitors/*", status=status, times=9)
    failed = words(await house.confirm(asked))
    assert "@nasa is another account by now" in failed and "That one is watched too" in failed
    assert len(await _watched(house)) == 1
