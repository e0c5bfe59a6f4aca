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


async def posts(harness: AdapterHarness, platform: Platform[object], key: str) -> bool:
    """Whether a card that it posts arrives."""
    return isinstance(await platform.messenger.post(harness.place, CARD, key), Delivered)


async def test_what_was_started_takes_commands_and_posts(harness: AdapterHarness) -> None:
    need(harness, Ability.CONNECTION)
    await _ready(harness)
    assert await posts(harness, harness.platform, "k1")


async def test_what_is_only_open_posts_and_takes_no_command(harness: AdapterHarness) -> None:
    need(harness, Ability.CONNECTION)
    sender = harness.another()
    await sender.open()
    try:
        assert await posts(harness, sender, "k1")
        assert not sender.ready
        assert len(await harness.channel(1)) == 1
    finally:
        await sender.stop()


async def test_a_quiet_one_ends_what_runs_takes_nothing_more_and_posts(harness: AdapterHarness) -> None:
    need(harness, Ability.CONNECTION, Ability.DEADLINE)
    await _ready(harness)
    harness.stage.gate.clear()
    seen = await harness.command("try whisper")
    quieted = asyncio.create_task(harness.platform.quiet())
    await asyncio.sleep(0)
    harness.stage.gate.set()
    await seen.told("It is done.")
    await quieted
    assert not harness.platform.ready
    assert await posts(harness, harness.platform, "k1")
    assert harness.stage.names == ["try whisper"]


async def test_its_end_is_told_once_it_is_stopped_and_a_stop_may_be_repeated(harness: AdapterHarness) -> None:
    need(harness, Ability.CONNECTION)
    ended = asyncio.create_task(harness.platform.ended())
    await asyncio.sleep(0)
    assert not ended.done()
    await harness.platform.stop()
    assert await asyncio.wait_for(ended, IN_TIME) is None
    await harness.platform.stop()
    assert not harness.platform.ready


async def test_what_was_never_opened_can_be_stopped(harness: AdapterHarness) -> None:
    need(harness, Ability.CONNECTION)
    unused = harness.another()
    assert not unused.ready
    await unused.stop()


async def test_its_channels_are_found(harness: AdapterHarness) -> None:
    need(harness, Ability.CONNECTION)
    found = await harness.platform.channels.channel(harness.place.tenant, ChannelRef(harness.place.channel))
    assert found is not None
    assert found.id == harness.place.channel


async def test_its_routes_are_there_before_it_is_opened(harness: AdapterHarness) -> None:
    need(harness, Ability.CONNECTION)
    assert len(harness.another().routes) == len(harness.platform.routes)


async def test_a_refused_bot_is_told_why(harness: AdapterHarness) -> None:
    need(harness, Ability.NETWORK)
    refused = harness.another(refused=True)
    with pytest.raises(BotError) as caught:
        await refused.open()
    await refused.stop()
    assert not isinstance(caught.value, UpstreamUnavailable)
    assert harness.name in f"{caught.value.detail} {caught.value.remedy}".lower()


async def test_an_outage_is_no_refusal(harness: AdapterHarness) -> None:
    """It says that another try may succeed, or tries again by itself."""
    need(harness, Ability.NETWORK)
    alone = await harness.cut_off()
    try:
        await alone.start()
    except UpstreamUnavailable as error:
        assert error.remedy
    finally:
        assert not alone.ready
        await alone.stop()


async def test_a_good_set_up_has_no_finding_that_failed(harness: AdapterHarness) -> None:
    need(harness, Ability.NETWORK)
    found = await harness.check()
    assert found
    assert [one for one in found if one.state not in ("ok", "warning")] == []
    assert all(one.name.split()[0] == harness.name for one in found)
    assert all(one.remedy for one in found if one.state == "warning")


async def test_a_refused_token_is_found_in_the_words_of_the_start(harness: AdapterHarness) -> None:
    need(harness, Ability.NETWORK)
    (found,) = await harness.check(refused=True)
    assert found.state == "failed"
    refused = harness.another(refused=True)
    with pytest.raises(BotError) as caught:
        await refused.open()
    await refused.stop()
    assert (found.detail, found.remedy) == (caught.value.detail, caught.value.remedy)


async def test_an_outage_is_a_warning_for_the_bot_would_try_again(harness: AdapterHarness) -> None:
    need(harness, Ability.NETWORK)
    (found,) = await harness.check_cut_off()
    assert found.state == "warning"
    assert found.remedy


async def _ready(harness: AdapterHarness) -> None:
    async def holds() -> bool:
        return harness.platform.ready

    await settled(holds)
