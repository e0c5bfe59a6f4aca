"""Threads below messages, publishing, deleting, and what a place is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from adapters.discord.channels import DiscordChannels
from adapters.discord.messenger import DiscordMessenger
from adapters.discord.places import FRESH
from adapters.discord.platform import DiscordConnection
from bot.core.chat.cards import Card, Text, line
from bot.core.chat.delivery_results import Busy, Delivered, DeliveryResult, Gone, Refused
from bot.core.chat.ids import Destination, MessageRef, TenantId
from bot.core.chat.places import PlaceFacts, PlaceKind
from tests.adapters.discord.harness import thread_in
from tests.doubles.discord import Channel, ChannelKind, DiscordServer, Guild, Permission

CARD = Card("News", (Text(line("Something happened.")),))
CROSSPOST = "/channels/*/messages/*/crosspost"


async def posted(connection: DiscordConnection, to: Destination, key: str = "abc") -> MessageRef:
    result = await connection.messenger.post(to, CARD, key)
    assert isinstance(result, Delivered)
    return MessageRef(to, result.message)


# --- threads ------------------------------------------------------------------------------------


async def test_a_thread_is_begun_below_a_message_once(
    connection: DiscordConnection, channel: Channel, to: Destination
) -> None:
    ref = await posted(connection, to)
    results = [await connection.messenger.thread(ref, "NASA\nlaunches") for _ in range(2)]
    (thread,) = channel.threads
    assert results == [Delivered(str(thread.id))] * 2
    assert thread.name == "NASA launches"
    inside = Destination(to.tenant, to.channel, str(thread.id))
    assert isinstance(await connection.messenger.post(inside, CARD, "def"), Delivered)
    assert len(thread.messages) == 1 and len(channel.messages) == 1


async def test_a_thread_whose_answer_was_lost_is_there_once(
    server: DiscordServer, connection: DiscordConnection, channel: Channel, to: Destination
) -> None:
    ref = await posted(connection, to)
    server.cut("POST", "/channels/*/messages/*/threads", performed=True)
    result = await connection.messenger.thread(ref, "Talk")
    assert result == Delivered(str(channel.threads[0].id))


async def test_a_message_in_a_thread_has_that_thread(
    connection: DiscordConnection, channel: Channel, tenant: TenantId
) -> None:
    thread = str(thread_in(channel).id)
    for place in (Destination(tenant, str(channel.id), thread), Destination(tenant, thread)):
        ref = await posted(connection, place, f"k{place.channel}"[:25])
        assert await connection.messenger.thread(ref, "Talk") == Delivered(thread)


async def test_a_thread_that_was_archived_takes_messages_again(
    connection: DiscordConnection, channel: Channel, to: Destination
) -> None:
    ref = await posted(connection, to)
    await connection.messenger.thread(ref, "Talk")
    (thread,) = channel.threads
    inside = Destination(to.tenant, to.channel, str(thread.id))
    old = await posted(connection, inside, "old")
    updates: tuple[Callable[[], Awaitable[DeliveryResult]], ...] = (
        lambda: connection.messenger.edit(old, Card("Changed")),
        lambda: connection.messenger.post(inside, CARD, "new"),
        lambda: connection.messenger.delete(old),
    )
    for update in updates:
        thread.archived = True
        assert isinstance(await update(), Delivered)
        assert not thread.archived


async def test_a_message_in_a_locked_thread_stays_as_it_is(
    connection: DiscordConnection, channel: Channel, tenant: TenantId
) -> None:
    thread = thread_in(channel)
    ref = await posted(connection, Destination(tenant, str(channel.id), str(thread.id)))
    thread.archived = thread.locked = True
    assert isinstance(await connection.messenger.edit(ref, Card("Changed")), Gone)


async def test_the_right_that_lacks_for_a_thread_is_named(
    connection: DiscordConnection, guild: Guild, channel: Channel, to: Destination
) -> None:
    ref = await posted(connection, to)
    channel.deny(guild.bot, Permission.CREATE_PUBLIC_THREADS)
    result = await connection.messenger.thread(ref, "Talk")
    assert isinstance(result, Gone) and "Create Public Threads" in result.remedy


@pytest.mark.parametrize(("code", "words"), [(160006, "active threads"), (50024, "no threads")])
async def test_where_no_thread_can_be_the_message_stands_alone(
    server: DiscordServer, connection: DiscordConnection, to: Destination, code: int, words: str
) -> None:
    ref = await posted(connection, to)
    server.fail_next("POST", "/channels/*/messages/*/threads", 400, {"code": code, "message": "no"})
    result = await connection.messenger.thread(ref, "Talk")
    assert isinstance(result, Refused) and words in result.detail


# --- publishing ---------------------------------------------------------------------------------


@pytest.fixture
def news(guild: Guild) -> Channel:
    return guild.add_channel("news", kind=ChannelKind.ANNOUNCEMENT)


@pytest.fixture
def announcements(tenant: TenantId, news: Channel) -> Destination:
    return Destination(tenant, str(news.id))


async def test_a_message_is_published_once_however_often_it_is_asked(
    server: DiscordServer, connection: DiscordConnection, news: Channel, announcements: Destination
) -> None:
    ref = await posted(connection, announcements)
    server.cut("POST", CROSSPOST, performed=True)
    assert await connection.messenger.publish(ref) == Delivered(ref.message)
    assert await connection.messenger.publish(ref) == Delivered(ref.message)
    assert news.messages[0].crossposted


async def test_the_eleventh_of_an_hour_is_busy_until_discord_takes_it(
    connection: DiscordConnection, news: Channel, announcements: Destination
) -> None:
    refs = [await posted(connection, announcements, f"k{number}") for number in range(11)]
    results = [await connection.messenger.publish(ref) for ref in refs]
    assert results[:10] == [Delivered(ref.message) for ref in refs[:10]]
    last = results[10]
    assert isinstance(last, Busy) and 3000 < last.retry_after <= 3600


async def test_only_announcements_are_published(
    server: DiscordServer, connection: DiscordConnection, to: Destination
) -> None:
    ref = await posted(connection, to)
    result = await connection.messenger.publish(ref)
    assert isinstance(result, Refused) and "announcement" in result.detail
    assert not any(one.path.endswith("/crosspost") for one in server.requests)


async def test_what_was_deleted_or_is_no_message_is_not_published(
    server: DiscordServer, connection: DiscordConnection, news: Channel, announcements: Destination
) -> None:
    ref = await posted(connection, announcements)
    server.remove_message(news.messages[0])
    assert isinstance(await connection.messenger.publish(ref), Gone)
    assert isinstance(await connection.messenger.publish(MessageRef(announcements, "x")), Gone)
    assert isinstance(await connection.messenger.thread(MessageRef(announcements, "x"), "T"), Gone)


# --- deleting -----------------------------------------------------------------------------------


async def test_a_message_is_deleted_and_may_be_gone_already(
    connection: DiscordConnection, channel: Channel, to: Destination
) -> None:
    ref = await posted(connection, to)
    assert await connection.messenger.delete(ref) == Delivered(ref.message)
    assert channel.messages == []
    assert await connection.messenger.delete(ref) == Delivered(ref.message)
    channel.delete()
    assert await connection.messenger.delete(ref) == Delivered(ref.message)
    assert isinstance(await connection.messenger.delete(MessageRef(to, "../x")), Gone)


# --- what a place is ----------------------------------------------------------------------------


async def test_a_place_is_what_discord_says_of_it(
    connection: DiscordConnection, guild: Guild, channel: Channel, news: Channel, tenant: TenantId
) -> None:
    forum = guild.add_channel("ideas", kind=ChannelKind.FORUM, tags=["a", "b"], require_tag=True, nsfw=True)
    known = {
        channel: PlaceFacts(),
        news: PlaceFacts(PlaceKind.ANNOUNCEMENTS),
        forum: PlaceFacts(PlaceKind.FORUM, True, ("a", "b"), True),
        thread_in(channel): PlaceFacts(PlaceKind.THREAD),
        thread_in(forum): PlaceFacts(PlaceKind.THREAD, True),
    }
    for place, facts in known.items():
        assert await connection.messenger.facts(Destination(tenant, str(place.id))) == facts
    inside = Destination(tenant, str(forum.id), str(thread_in(forum).id))
    assert await connection.messenger.facts(inside) == PlaceFacts(PlaceKind.THREAD, True)


async def test_facts_are_believed_for_a_minute(
    server: DiscordServer, connection: DiscordConnection, channel: Channel, to: Destination
) -> None:
    now = 1000.0
    messenger = DiscordMessenger(connection.rest, DiscordChannels(connection.rest), monotonic=lambda: now)
    before = len(server.requests)
    assert await messenger.facts(to) == PlaceFacts()
    channel.set_nsfw(True)
    assert await messenger.facts(to) == PlaceFacts()
    assert len(server.requests) == before + 1
    now += FRESH
    assert await messenger.facts(to) == PlaceFacts(sensitive=True)


async def test_nothing_is_known_of_a_place_that_cannot_be_asked(
    server: DiscordServer, connection: DiscordConnection, to: Destination, tenant: TenantId
) -> None:
    assert await connection.messenger.facts(Destination(tenant, "123456789012345678")) is None
    assert await connection.messenger.facts(Destination(tenant, "elsewhere")) is None
    await server.stop()
    assert await connection.messenger.facts(to) is None
