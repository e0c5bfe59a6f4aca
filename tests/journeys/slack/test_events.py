"""From a monitor on X to a message in Slack: signed webhooks, routes, order, and what goes wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from sqlalchemy import update

from bot.storage.tables import slack_installations
from tests.doubles.slack import Channel
from tests.journeys.run.events import HOSTILE, THERE, emit, tweet
from tests.journeys.run.harness import an_hour_passes, until
from tests.journeys.slack.place import Place, button, install, living

pytestmark = pytest.mark.asyncio(loop_scope="module")
MARK = "Possibly a repeat"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    """In HTTP mode, where further workspaces install the app."""
    async with living(tmp_path_factory.mktemp("slack"), "http") as place:
        yield place


async def _watching(shared: Place, *channels: str) -> tuple[Place, str]:
    """A workspace that watches nasa and relays it to channels, set up by commands; its Xquik key."""
    key = await shared.vendors.new_key()
    place = await shared.elsewhere(key)
    await place.watch()
    for name in channels:
        ix = await place.run(f"relay add channel:#{name} account:nasa")
        assert "Route added" in (await ix.wait_for_ephemeral()).visible_text
    return place, key


def _numbers(channel: Channel) -> list[int]:
    """Which tweets stand in the channel, in order."""
    texts = [message.visible_text for message in channel.messages]
    return [int(text.split("Tweet number ")[1].split()[0]) for text in texts if "Tweet number " in text]


async def test_each_event_stands_once_in_each_channel_in_order_with_its_buttons(shared: Place) -> None:
    place, key = await _watching(shared, "alerts", "general")
    for number in range(12):
        await emit(shared.vendors, key, tweet(number))
    for channel in (place.alerts, place.general):
        await channel.wait_for_messages(12, 10)
        assert _numbers(channel) == list(range(12))
        for message in channel.messages:
            assert button(message, "Open on X") and button(message, "Draft a reply")
            assert message.pings == [] and MARK not in message.visible_text


async def test_a_reply_is_drafted_below_the_message_and_posted_once_confirmed(shared: Place) -> None:
    place, key = await _watching(shared, "alerts")
    await emit(shared.vendors, key, tweet(1, id=THERE))
    (message,) = await place.alerts.wait_for_messages(1)
    opened = await place.press(message, "Draft a reply")
    submitted = await place.ws.submit_view(await opened.wait_for_view(), {"text": "Well done"})
    preview = await submitted.wait_for_message()
    before = await shared.vendors.writes()
    await place.press(preview, "Confirm")
    await shared.server.changes.until(lambda: "Replied on X" in preview.visible_text, 8.0, "the outcome")
    assert await shared.vendors.writes() == before + 1


async def test_hostile_text_pings_nobody_and_links_nowhere(shared: Place) -> None:
    place, key = await _watching(shared, "alerts")
    hostile = tweet(1, HOSTILE)
    hostile["author"]["name"] = "<!channel> <https://evil.example|x.com>"
    await emit(shared.vendors, key, hostile)
    await emit(shared.vendors, key, {**hostile, "id": "1893456789000000777"}, "tweet.quote")
    for message in await place.alerts.wait_for_messages(2):
        assert message.pings == []
        assert not [label for url, label in message.links if "evil.example" in url and label != url]


@pytest.mark.parametrize("cause", ["archived", "kicked", "revoked"])
async def test_a_channel_that_is_gone_pauses_the_route_and_its_maker_is_told(
    shared: Place, cause: str
) -> None:
    place, key = await _watching(shared, "alerts")
    match cause:
        case "archived":
            place.alerts.archive()
        case "kicked":
            place.alerts.kick_bot()
        case "revoked":
            place.ws.revoke_tokens()
    await emit(shared.vendors, key, tweet(1))
    (route,) = await shared.bot.app.services.relay.routes.of_tenant(place.tenant)

    async def paused() -> bool:
        (route,) = await shared.bot.app.services.relay.routes.of_tenant(place.tenant)
        return route.paused_reason is not None

    await until(paused)
    if cause == "revoked":
        return
    await shared.server.changes.until(lambda: place.ann.dms, 5.0, "the word to ann")
    assert "A route is paused" in place.ann.dms[0].visible_text
    place.alerts.unarchive()
    place.alerts.invite_bot()
    await place.run(f"relay resume {route.name}", where=place.general)
    # The word that the route goes on stands there too, before or after the event.
    await until(lambda: _numbers(place.alerts))
    assert _numbers(place.alerts) == [1]


@pytest.mark.parametrize(
    "cause", ["archived", "kicked", "nothing heard", "uninstalled", "uninstalled, tokens first"]
)
async def test_what_comes_during_a_pause_arrives_once_slack_says_so(shared: Place, cause: str) -> None:
    place, key = await _watching(shared, "alerts")
    await emit(shared.vendors, key, tweet(0))
    await until(lambda: _numbers(place.alerts) == [0])
    match cause:
        case "archived":
            place.alerts.archive()
        case "kicked" | "nothing heard":
            place.alerts.kick_bot()
        case _:
            await _installed_long_ago(shared, place)
            await place.ws.uninstall(tokens_first="first" in cause)
    for number in range(1, 12):
        await emit(shared.vendors, key, tweet(number))
    relay = shared.bot.app.relay

    async def waits() -> bool:
        (route,) = await relay.routes.of_tenant(place.tenant)
        return route.paused_reason is not None and await relay.deliveries.backlog(place.tenant) >= 11

    await until(waits)
    match cause:
        case "archived":
            place.alerts.unarchive()
            await place.ws.event("channel_unarchive", {"channel": place.alerts.id, "user": "U0001ANN"})
        case "kicked":
            place.alerts.invite_bot()
            joined = {"channel": place.alerts.id, "channel_type": "C", "team": place.ws.id}
            await place.ws.event("member_joined_channel", {**joined, "user": "U0001BEN"})
            await place.ws.event("member_joined_channel", {**joined, "user": place.ws.bot_user_id})
        case "nothing heard":
            place.alerts.invite_bot()
            await an_hour_passes(shared.bot)
        case _:
            await install(place)
    await until(lambda: len(_numbers(place.alerts)) == 12, 20)
    assert _numbers(place.alerts) == list(range(12))


async def _installed_long_ago(shared: Place, place: Place) -> None:
    """A removal counts against an install before it, by the whole second."""
    ago = update(slack_installations).where(slack_installations.c.team == place.ws.id)
    await shared.bot.app.database.write(lambda c: c.execute(ago.values(installed_at=1.0)))


async def test_a_rate_limit_is_obeyed_and_loses_nothing(shared: Place) -> None:
    place, key = await _watching(shared, "alerts")
    shared.server.fail_next("chat.postMessage", status=429, channel=place.alerts.id)
    for number in range(4):
        await emit(shared.vendors, key, tweet(number))
    await place.alerts.wait_for_messages(4, 10)
    assert _numbers(place.alerts) == [0, 1, 2, 3]
    assert not any(MARK in message.visible_text for message in place.alerts.messages)


async def test_a_lost_answer_is_found_where_history_may_be_read(shared: Place) -> None:
    place, key = await _watching(shared, "alerts")
    place.ws.grant_scopes("channels:history")
    shared.server.fail_next("chat.postMessage", lost=True, channel=place.alerts.id)
    for number in range(3):
        await emit(shared.vendors, key, tweet(number))
    await place.alerts.wait_for_messages(3, 15)
    assert _numbers(place.alerts) == [0, 1, 2]
    assert not any(MARK in message.visible_text for message in place.alerts.messages)


async def test_a_lost_answer_is_sent_once_more_and_marked_where_it_cannot_be_read(shared: Place) -> None:
    place, key = await _watching(shared, "alerts")
    shared.server.fail_next("chat.postMessage", lost=True, channel=place.alerts.id)
    for number in range(3):
        await emit(shared.vendors, key, tweet(number))
    await place.alerts.wait_for_messages(4, 15)
    assert _numbers(place.alerts) == [0, 0, 1, 2]
    assert [MARK in m.visible_text for m in place.alerts.messages] == [False, True, False, False]
