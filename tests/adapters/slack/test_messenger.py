"""Posting as the bot: every end a send can have, and what it means for the route."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from bot.core.chat.cards import Button, Card, File, Text, line
from bot.core.chat.delivery_results import (
    Absent,
    Busy,
    Delivered,
    DeliveryResult,
    Found,
    Gone,
    Refused,
    Unknown,
    Unreadable,
)
from bot.core.chat.ids import Destination, MessageRef
from bot.core.chat.places import ChannelRef
from bot.core.errors import DestinationTrouble, RateLimited, UpstreamUnavailable
from bot.storage.engine.database import Database
from tests.adapters.slack.harness import TENANT, SlackHarness, running
from tests.conftest import ManualClock
from tests.doubles.slack import SlackServer

TO = Destination(TENANT, "C0001")
CARD = Card("News", (Text(line("Something happened.")),), buttons=(Button("Open", url="https://x.com/a"),))


async def post(
    house: SlackHarness, card: Card = CARD, key: str = "k1", to: Destination = TO
) -> DeliveryResult:
    return await house.platform.messenger.post(to, card, key)


async def test_a_message_carries_its_key_and_a_stable_id(house: SlackHarness) -> None:
    first, second = await post(house), await post(house)
    a, b = house.channel.messages
    assert (first, second) == (Delivered(a.ts), Delivered(b.ts))
    assert a.metadata == {"event_type": "xquik_delivery", "event_payload": {"key": "k1"}}
    assert a.client_msg_id == b.client_msg_id
    await post(house, key="k2")
    assert house.channel.messages[2].client_msg_id != a.client_msg_id
    assert a.text == "News\nSomething happened.\nOpen: https://x.com/a"


async def test_the_same_message_twice_is_one_where_slack_uses_our_id(house: SlackHarness) -> None:
    house.server.dedupe_client_msg_id = True
    assert await post(house) == await post(house)
    assert len(house.channel.messages) == 1


async def test_nothing_is_promised_about_the_same_key(house: SlackHarness) -> None:
    assert house.platform.messenger.idempotent_window == 0.0


async def test_messages_go_into_a_thread(house: SlackHarness) -> None:
    root = house.ws.say(house.ann, house.channel, "root")
    await post(house, to=Destination(TENANT, "C0001", root.ts))
    assert house.channel.messages[-1].thread_ts == root.ts


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda h: h.channel.kick_bot(), "not in that channel"),
        (lambda h: h.channel.archive(), "archived"),
        (lambda h: h.ws.channels.pop("C0001"), "does not exist"),
        (lambda h: h.ws.revoke_tokens(), "removed from this Slack workspace"),
        (lambda h: h.ws.deactivate(), "removed from this Slack workspace"),
        (lambda h: setattr(h.channel, "read_only", True), "do not let the bot post"),
        (lambda h: h.server.fail_next("chat.postMessage", error="missing_scope"), "lacks a permission"),
    ],
)
async def test_what_waiting_cannot_mend_pauses_with_a_remedy(
    house: SlackHarness, spoil: Callable[[SlackHarness], object], reason: str
) -> None:
    spoil(house)
    result = await post(house)
    assert isinstance(result, Gone)
    assert reason in result.reason
    assert result.remedy


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ({"status": 429, "headers": {"Retry-After": "30"}}, Busy(30.0, "ratelimited")),
        ({"error": "ratelimited"}, Busy(1.0, "ratelimited")),
        ({"status": 503, "body": "<html>"}, Busy(1.0, "HTTP 503")),
        ({"error": "service_unavailable"}, Busy(1.0, "service_unavailable")),
        ({"error": "fatal_error"}, Unknown("fatal_error")),
        ({"error": "internal_error"}, Unknown("internal_error")),
        ({"status": 502, "body": "<html>"}, Unknown("HTTP 502")),
        ({"error": "as_user_not_supported"}, Refused("as_user_not_supported")),
    ],
)
async def test_answers_of_slack_become_results(
    house: SlackHarness, fault: dict[str, object], expected: DeliveryResult
) -> None:
    house.server.fail_next("chat.postMessage", **fault)
    assert await post(house) == expected
    assert len(house.server.calls("chat.postMessage")) == 1


@pytest.mark.parametrize(("fault", "there"), [("lost", 1), ("cut", 0)])
async def test_a_broken_connection_is_unknown_and_never_sent_again(
    house: SlackHarness, fault: str, there: int
) -> None:
    house.server.fail_next("chat.postMessage", **{fault: True})
    assert isinstance(await post(house), Unknown)
    assert len(house.channel.messages) == there
    assert len(house.server.calls("chat.postMessage")) == 1


async def test_a_refused_connection_is_worth_another_try(storage: Database) -> None:
    async with SlackServer() as server, running(server, storage) as house:
        await server.__aexit__(None, None, None)
        assert isinstance(await post(house), Busy)


async def test_blocks_slack_never_takes_are_refused_with_its_words(house: SlackHarness) -> None:
    house.server.fail_next("chat.postMessage", error="invalid_blocks", times=9)
    result = await post(house)
    assert isinstance(result, Refused)
    assert "invalid_blocks" in result.detail


async def test_a_message_is_edited_and_keeps_its_key(house: SlackHarness) -> None:
    await post(house)
    message = house.channel.messages[0]
    ref = MessageRef(TO, message.ts)
    assert await house.platform.messenger.edit(ref, Card("Better")) == Delivered(message.ts)
    assert (message.visible_text, message.text) == ("Better", "Better")
    assert message.metadata is not None
    house.channel.archive()
    assert isinstance(await house.platform.messenger.edit(ref, CARD), Gone)
    house.channel.unarchive()
    message.deleted = True
    gone = await house.platform.messenger.edit(ref, CARD)
    assert isinstance(gone, Gone)
    assert "deleted" in gone.reason


async def test_a_person_is_told_directly(house: SlackHarness) -> None:
    result = await house.platform.messenger.tell(TENANT, "U1", CARD, "k1")
    assert result == Delivered(house.ann.dms[0].ts)
    house.ws.add_user("U9", "left", deleted=True)
    assert isinstance(await house.platform.messenger.tell(TENANT, "U9", CARD, "k1"), Gone)
    assert isinstance(await house.platform.messenger.tell(TENANT, "U404", CARD, "k1"), Gone)


async def test_files_follow_in_the_thread_and_a_missing_one_is_named(house: SlackHarness) -> None:
    file = File("a.csv", "text/csv", b"a,b")
    await house.platform.messenger.post(TO, CARD, "k1", (file,))
    message, shared = house.channel.messages
    assert (shared.thread_ts, shared.files[0].content) == (message.ts, b"a,b")
    house.server.fail_next("upload", status=500, body="no")
    assert isinstance(await house.platform.messenger.post(TO, CARD, "k2", (file,)), Delivered)
    assert "Slack did not accept a.csv" in house.channel.messages[-1].visible_text


async def test_a_check_tells_whether_a_message_would_arrive(house: SlackHarness) -> None:
    check = house.platform.messenger.check
    assert await check(TO) == Delivered("")
    house.channel.kick_bot()
    gone = await check(TO)
    assert isinstance(gone, Gone)
    assert "/invite" in gone.remedy
    house.ws.grant_scopes("chat:write.public")
    assert await check(TO) == Delivered("")
    house.channel.archive()
    assert isinstance(await check(TO), Gone)
    assert isinstance(await check(Destination(TENANT, "C404")), Gone)
    assert house.channel.messages == []


async def test_without_a_history_scope_nothing_is_known_and_nothing_is_asked(house: SlackHarness) -> None:
    await post(house)
    assert await house.platform.messenger.find(TO, "k1", 0.0) == Unreadable()
    assert house.server.calls("conversations.history") == []


async def test_with_a_history_scope_a_message_is_found_by_its_key(house: SlackHarness) -> None:
    house.ws.grant_scopes("channels:history")
    root = house.ws.say(house.ann, house.channel, "root")
    thread = Destination(TENANT, "C0001", root.ts)
    first, below = await post(house), await post(house, key="k2", to=thread)
    assert isinstance(first, Delivered)
    assert isinstance(below, Delivered)
    find = house.platform.messenger.find
    assert await find(TO, "k1", time.time() - 60) == Found(first.message)
    assert await find(thread, "k2", time.time() - 60) == Found(below.message)
    assert await find(TO, "other", time.time() - 60) == Absent()
    private = house.ws.add_channel("C0002", "private", private=True)
    assert await find(Destination(TENANT, private.id), "k1", 0.0) == Unreadable()


async def test_an_unknown_failure_of_a_lookup_is_unreadable(house: SlackHarness) -> None:
    house.ws.grant_scopes("channels:history")
    house.server.fail_next("conversations.history", error="fatal_error")
    assert await house.platform.messenger.find(TO, "k1", 0.0) == Unreadable()


# --- channels --------------------------------------------------------------------------------


@pytest.mark.parametrize("wanted", ["C0001", "alerts", "#alerts", "ALERTS"])
async def test_a_channel_is_found_by_id_or_name(house: SlackHarness, wanted: str) -> None:
    found = await house.platform.channels.channel(TENANT, ChannelRef(wanted, wanted))
    assert found == ChannelRef("C0001", "alerts")


@pytest.mark.parametrize("wanted", ["C404", "nowhere"])
async def test_what_is_not_there_is_not_found(house: SlackHarness, wanted: str) -> None:
    assert await house.platform.channels.channel(TENANT, ChannelRef(wanted)) is None


async def test_names_are_listed_once_and_new_channels_are_found_soon(
    server: SlackServer, storage: Database, clock: ManualClock
) -> None:
    async with running(server, storage, ticks=clock) as house:
        for n in range(30):
            house.ws.add_channel(f"C1{n:03}", f"channel-{n}")
        find = house.platform.channels.channel
        for name in ("alerts", "channel-29"):
            assert await find(TENANT, ChannelRef(name)) is not None
        house.ws.add_channel("C9", "brand-new")
        assert await find(TENANT, ChannelRef("brand-new")) is None
        assert len(server.calls("conversations.list")) == 1
        clock.advance(6)
        assert await find(TENANT, ChannelRef("brand-new")) is not None
        assert len(server.calls("conversations.list")) == 2


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"status": 429}, RateLimited),
        ({"error": "fatal_error"}, UpstreamUnavailable),
        ({"error": "account_inactive"}, DestinationTrouble),
        ({"cut": True, "times": 9}, UpstreamUnavailable),  # aiohttp repeats a GET by itself
    ],
)
async def test_a_lookup_that_cannot_be_made_says_why(
    house: SlackHarness, fault: dict[str, object], error: type[Exception]
) -> None:
    house.server.fail_next("conversations.list", **fault)
    with pytest.raises(error):
        await house.platform.channels.channel(TENANT, ChannelRef("alerts"))
