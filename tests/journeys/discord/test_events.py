"""From a monitor on X to a message in Discord: signed webhooks, routes, order, and what goes wrong."""

from __future__ import annotations

import pytest

from tests.doubles.discord import NOBODY, Channel
from tests.journeys.discord.place import Place
from tests.journeys.run.events import HOSTILE, THERE, emit, tweet
from tests.journeys.run.harness import an_hour_passes, until

pytestmark = pytest.mark.asyncio(loop_scope="module")

BUTTONS = ["Open on X", "Draft a reply", "Like", "Repost", "More…"]


async def _watching(shared: Place, *channels: str) -> tuple[Place, str]:
    """A server that watches nasa and relays it to channels, set up by commands; its Xquik key."""
    key = await shared.vendors.new_key()
    place = await shared.elsewhere(key)
    await place.watch()
    for name in channels:
        ix = await place.run("relay add", {"channel": (f"#{name}",), "account": ("nasa",)})
        answer = await ix.wait_for_answer()
        assert "Route added" in answer.text
    return place, key


def _numbers(channel: Channel) -> list[int]:
    """Which tweets stand in the channel, in order."""
    texts = [message.text for message in channel.messages]
    return [int(text.split("Tweet number ")[1].split()[0]) for text in texts if "Tweet number " in text]


async def test_each_event_stands_once_in_each_channel_in_order_with_its_buttons(shared: Place) -> None:
    place, key = await _watching(shared, "alerts", "general")
    for number in range(12):
        await emit(shared.vendors, key, tweet(number))
    for channel in (place.alerts, place.general):
        await channel.wait_for_messages(12, 10)
        assert _numbers(channel) == list(range(12))
        for message in channel.messages:
            assert [b.get("label") for b in message.buttons()] == BUTTONS
            assert message.pings == NOBODY
    # What comes twice is posted once.
    assert len(place.alerts.messages) == 12


async def test_a_reply_is_drafted_below_the_message_and_posted_once_confirmed(shared: Place) -> None:
    place, key = await _watching(shared, "alerts")
    await emit(shared.vendors, key, tweet(1, id=THERE))
    (message,) = await place.alerts.wait_for_messages(1)
    opened = await place.press(message, "Draft a reply")
    assert opened.modal is not None
    await shared.server.submit_modal(opened, {"text": "Well done"})
    preview = (await place.alerts.wait_for_messages(2))[1]
    before = await shared.vendors.writes()
    await place.press(preview, "Confirm")
    await shared.server.world.changes.wait_for(lambda: "Replied on X" in preview.text, 8.0, "the outcome")
    assert await shared.vendors.writes() == before + 1


async def test_hostile_text_pings_nobody_and_links_nowhere(shared: Place) -> None:
    place, key = await _watching(shared, "alerts")
    hostile = tweet(1, HOSTILE)
    hostile["author"]["name"] = "@everyone [x](https://evil.example)"
    await emit(shared.vendors, key, hostile)
    await emit(shared.vendors, key, {**hostile, "id": "1893456789000000777"}, "tweet.quote")
    for message in await place.alerts.wait_for_messages(2):
        assert message.pings == NOBODY
        assert "[free](https://evil.example)" not in message.text
        assert "[x](https://evil.example)" not in message.text


@pytest.mark.parametrize("cause", ["deleted", "forbidden", "kicked"])
async def test_a_channel_that_is_gone_pauses_the_route_and_its_maker_is_told(
    shared: Place, cause: str
) -> None:
    place, key = await _watching(shared, "alerts", "general")
    match cause:
        case "deleted":
            place.alerts.delete()
        case "forbidden":
            place.alerts.deny(place.guild.bot, 1 << 11)
        case "kicked":
            place.guild.remove_bot()
    await emit(shared.vendors, key, tweet(1))
    dms = shared.server.dm(place.ada.user)
    told = (await dms.wait_for_messages(1, 10))[0]
    assert "A route is paused" in told.text and "relay resume" in told.text

    async def paused() -> bool:
        routes = await shared.bot.app.services.relay.routes.of_tenant(place.tenant)
        states = {route.destination.channel: route.paused_reason for route in routes}
        return bool(states[str(place.alerts.id)])

    await until(paused)
    if cause == "kicked":
        return
    await place.general.wait_for_messages(1)
    if cause == "forbidden":
        place.alerts.allow(place.guild.bot, 1 << 11)
        names = [r.name for r in await shared.bot.app.services.relay.routes.of_tenant(place.tenant)]
        resumed = await place.run("relay resume", {"route": (names[0],)}, where=place.general)
        await resumed.wait_for_answer()
        # The word that the route goes on stands there too, before or after the event.
        await until(lambda: _numbers(place.alerts))
        assert _numbers(place.alerts) == [1]


@pytest.mark.parametrize("cause", ["channel", "role", "member", "kicked", "nothing"])
async def test_what_comes_during_a_pause_arrives_once_discord_lets_it(shared: Place, cause: str) -> None:
    place, key = await _watching(shared, "alerts")
    target, guild = place.alerts, place.guild
    await emit(shared.vendors, key, tweet(0))
    await until(lambda: _numbers(target) == [0])
    if cause == "kicked":
        guild.remove_bot()
    else:
        target.deny(guild.everyone if cause in ("role", "member") else guild.bot, 1 << 11)
    for number in range(1, 12):
        await emit(shared.vendors, key, tweet(number))
    dms = shared.server.dm(place.ada.user)
    await until(lambda: [m for m in dms.messages if "A route is paused" in m.text])
    await until(lambda: _waits(shared, place, 11))
    match cause:
        case "channel":
            target.allow(guild.bot, 1 << 11)
        case "role":
            guild.change_role(guild.bot.own_role, 1 << 3)
        case "member":
            guild.give_role(guild.bot, guild.add_role("trusted", 1 << 3))
        case "kicked":
            guild.invite_bot()
        case "nothing":  # that anybody hears of: it is found out when an hour is over
            target.overwrites.clear()
            await an_hour_passes(shared.bot)
    await until(lambda: len(_numbers(target)) == 12, 20)
    assert _numbers(target) == list(range(12))


async def _waits(shared: Place, place: Place, count: int) -> bool:
    return await shared.bot.app.relay.deliveries.backlog(place.tenant) >= count


async def test_a_rate_limit_is_obeyed_and_loses_nothing(shared: Place) -> None:
    place, key = await _watching(shared, "alerts")
    path = f"/channels/{place.alerts.id}/messages"
    shared.server.fail_next("POST", path, 429, retry_after=0.3, times=2)
    for number in range(4):
        await emit(shared.vendors, key, tweet(number))
    await place.alerts.wait_for_messages(4, 10)
    assert _numbers(place.alerts) == [0, 1, 2, 3]
    tries = [r.status for r in shared.server.requests if r.path == path and r.method == "POST"]
    assert sorted(tries)[-2:] == [429, 429] and len(tries) == 6


async def test_a_lost_answer_leaves_one_message(shared: Place) -> None:
    place, key = await _watching(shared, "alerts")
    path = f"/channels/{place.alerts.id}/messages"
    shared.server.cut("POST", path, performed=True, times=1)
    for number in range(3):
        await emit(shared.vendors, key, tweet(number))
    await place.alerts.wait_for_messages(3, 20)
    tries = [r for r in shared.server.requests if r.path == path and r.method == "POST"]
    await until(lambda: len([r for r in tries if r.status == 200]) >= 3 or len(tries) >= 4)
    assert _numbers(place.alerts) == [0, 1, 2]
    assert not any("ossibly a repeat" in message.text for message in place.alerts.messages)
