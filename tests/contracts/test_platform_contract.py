"""What every adapter's `Platform` does between its start and its stop.

What a platform has not got (and why) is the table `harnesses.LACKS`: the terminal has no connection, and the
playground no network of others.
"""

from __future__ import annotations

import asyncio

import pytest

from bot.core.chat.cards import Card, Text, line
from bot.core.chat.delivery_results import Delivered
from bot.core.chat.places import ChannelRef
from bot.core.errors import BotError, UpstreamUnavailable
from bot.core.ports import Platform
from tests.contracts.harnesses import IN_TIME, Ability, AdapterHarness, need, settled

CARD = Card("News", (Text(line("It is said.")),))


async def posts(rig: AdapterHarness, platform: Platform[object], key: str) -> bool:
    """Whether a card that it posts arrives."""
    return isinstance(await platform.messenger.post(rig.place, CARD, key), Delivered)


async def test_what_was_started_takes_commands_and_posts(rig: AdapterHarness) -> None:
    need(rig, Ability.CONNECTION)
    await _ready(rig)
    assert await posts(rig, rig.platform, "k1")


async def test_what_is_only_open_posts_and_takes_no_command(rig: AdapterHarness) -> None:
    need(rig, Ability.CONNECTION)
    sender = rig.another()
    await sender.open()
    try:
        assert await posts(rig, sender, "k1")
        assert not sender.ready
        assert len(await rig.channel(1)) == 1
    finally:
        await sender.stop()


async def test_a_quiet_one_ends_what_runs_takes_nothing_more_and_posts(rig: AdapterHarness) -> None:
    need(rig, Ability.CONNECTION, Ability.DEADLINE)
    await _ready(rig)
    rig.stage.gate.clear()
    seen = await rig.command("try whisper")
    quieted = asyncio.create_task(rig.platform.quiet())
    await asyncio.sleep(0)
    rig.stage.gate.set()
    await seen.told("It is done.")
    await quieted
    assert not rig.platform.ready
    assert await posts(rig, rig.platform, "k1")
    assert rig.stage.names == ["try whisper"]


async def test_its_end_is_told_once_it_is_stopped_and_a_stop_may_be_repeated(rig: AdapterHarness) -> None:
    need(rig, Ability.CONNECTION)
    ended = asyncio.create_task(rig.platform.ended())
    await asyncio.sleep(0)
    assert not ended.done()
    await rig.platform.stop()
    assert await asyncio.wait_for(ended, IN_TIME) is None
    await rig.platform.stop()
    assert not rig.platform.ready


async def test_what_was_never_opened_can_be_stopped(rig: AdapterHarness) -> None:
    need(rig, Ability.CONNECTION)
    unused = rig.another()
    assert not unused.ready
    await unused.stop()


async def test_its_channels_are_found(rig: AdapterHarness) -> None:
    need(rig, Ability.CONNECTION)
    found = await rig.platform.channels.channel(rig.place.tenant, ChannelRef(rig.place.channel))
    assert found is not None
    assert found.id == rig.place.channel


async def test_its_routes_are_there_before_it_is_opened(rig: AdapterHarness) -> None:
    need(rig, Ability.CONNECTION)
    assert len(rig.another().routes) == len(rig.platform.routes)


async def test_a_refused_bot_is_told_why(rig: AdapterHarness) -> None:
    need(rig, Ability.NETWORK)
    refused = rig.another(refused=True)
    with pytest.raises(BotError) as caught:
        await refused.open()
    await refused.stop()
    assert not isinstance(caught.value, UpstreamUnavailable)
    assert rig.name in f"{caught.value.detail} {caught.value.remedy}".lower()


async def test_an_outage_is_no_refusal(rig: AdapterHarness) -> None:
    """It says that another try may succeed, or tries again by itself."""
    need(rig, Ability.NETWORK)
    alone = await rig.cut_off()
    try:
        await alone.start()
    except UpstreamUnavailable as error:
        assert error.remedy
    finally:
        assert not alone.ready
        await alone.stop()


async def _ready(rig: AdapterHarness) -> None:
    async def holds() -> bool:
        return rig.platform.ready

    await settled(holds)
