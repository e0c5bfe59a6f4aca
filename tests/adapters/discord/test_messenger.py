"""Posting, editing, telling, checking and finding, over REST alone."""

from __future__ import annotations

import time

import pytest

from adapters.discord.platform import DiscordConnection
from bot.core.chat.cards import Card, File, Gallery, Media, Text, line
from bot.core.chat.delivery_results import Absent, Busy, Delivered, Found, Gone, Refused, Unknown, Unreadable
from bot.core.chat.ids import Destination, MessageRef, TenantId
from bot.core.chat.places import ChannelRef
from tests.adapters.discord.harness import thread_in
from tests.contracts.any_card import PICTURE
from tests.doubles.discord import NOBODY, Channel, ChannelKind, DiscordServer, Guild, Member, Permission

CARD = Card("News", (Text(line("Something happened.")),))
MESSAGES = "/channels/*/messages"


async def test_a_card_is_posted_with_its_key_as_an_enforced_nonce(
    connection: DiscordConnection, channel: Channel, to: Destination
) -> None:
    result = await connection.messenger.post(to, CARD, "abc123")
    (message,) = channel.messages
    assert result == Delivered(str(message.id))
    assert message.nonce == "abc123" and "Something happened." in message.text


async def test_a_message_whose_answer_was_lost_is_there_once(
    server: DiscordServer, connection: DiscordConnection, channel: Channel, to: Destination
) -> None:
    server.cut("POST", MESSAGES, performed=True)
    result = await connection.messenger.post(to, CARD, "abc")
    (message,) = channel.messages
    assert result == Delivered(str(message.id))


async def test_a_discord_that_is_not_there_is_busy_and_took_nothing(
    server: DiscordServer, connection: DiscordConnection, to: Destination
) -> None:
    await server.stop()
    assert isinstance(await connection.messenger.post(to, CARD, "abc"), Busy)


async def test_threads_are_posted_to_by_their_own_id(
    connection: DiscordConnection, channel: Channel, tenant: TenantId
) -> None:
    thread = thread_in(channel)
    to = Destination(tenant, str(channel.id), str(thread.id))
    result = await connection.messenger.post(to, CARD, "abc")
    assert result == Delivered(str(thread.messages[0].id))
    assert channel.messages == []


async def test_files_are_attached(connection: DiscordConnection, channel: Channel, to: Destination) -> None:
    file = File("winners.csv", "text/csv", b"a,b")
    await connection.messenger.post(to, CARD, "abc", (file,))
    assert [a.content for a in channel.messages[0].attachments] == [b"a,b"]


async def test_a_card_that_discord_refuses_is_posted_as_words_and_found_again(
    server: DiscordServer, connection: DiscordConnection, channel: Channel, to: Destination
) -> None:
    server.fail_next("POST", MESSAGES, 400, {"code": 50035, "message": "Invalid Form Body"})
    card = Card("News", (Text(line("The words.")), Gallery((Media(PICTURE, "A picture"),))))
    started = time.time()
    result = await connection.messenger.post(to, card, "abc")
    (message,) = channel.messages
    assert result == Delivered(str(message.id))
    assert "The words." in message.text and PICTURE in message.text
    assert await connection.messenger.find(to, "abc", started - 60) == Found(str(message.id))


async def test_what_discord_refuses_even_as_words_is_refused(
    server: DiscordServer, connection: DiscordConnection, to: Destination
) -> None:
    server.fail_next("POST", MESSAGES, 400, {"code": 200000, "message": "Blocked by AutoMod"})
    result = await connection.messenger.post(to, CARD, "abc")
    assert isinstance(result, Refused) and "AutoMod" in result.detail


# --- what cannot be helped ---------------------------------------------------------------------


async def test_a_deleted_channel_is_gone(
    connection: DiscordConnection, channel: Channel, to: Destination
) -> None:
    channel.delete()
    result = await connection.messenger.post(to, CARD, "abc")
    assert isinstance(result, Gone) and "deleted" in result.reason


@pytest.mark.parametrize(
    ("denied", "words"),
    [(Permission.SEND_MESSAGES, "may not post"), (Permission.VIEW_CHANNEL, "cannot see")],
)
async def test_a_missing_permission_is_gone_and_says_how_to_mend_it(
    connection: DiscordConnection,
    guild: Guild,
    channel: Channel,
    to: Destination,
    denied: Permission,
    words: str,
) -> None:
    channel.deny(guild.bot, denied)
    result = await connection.messenger.post(to, CARD, "abc")
    assert isinstance(result, Gone) and words in result.reason and "Send Messages" in result.remedy


async def test_a_server_that_threw_the_bot_out_is_gone(
    connection: DiscordConnection, guild: Guild, to: Destination
) -> None:
    guild.remove_bot()
    assert isinstance(await connection.messenger.post(to, CARD, "abc"), Gone)


async def test_a_locked_thread_is_gone(
    connection: DiscordConnection, channel: Channel, tenant: TenantId
) -> None:
    thread = thread_in(channel)
    thread.locked = thread.archived = True
    result = await connection.messenger.post(Destination(tenant, str(thread.id)), CARD, "abc")
    assert isinstance(result, Gone) and "Unlock" in result.remedy


@pytest.mark.parametrize("channel_id", ["C01", "", "1" * 30, "１２３４５６７８９０１２３４５６７"])
async def test_what_is_no_channel_of_discord_is_gone(
    connection: DiscordConnection, tenant: TenantId, channel_id: str
) -> None:
    to = Destination(tenant, channel_id)
    assert isinstance(await connection.messenger.post(to, CARD, "abc"), Gone)
    assert isinstance(await connection.messenger.check(to), Gone)


# --- what passes -------------------------------------------------------------------------------


async def test_a_short_rate_limit_is_waited_for(
    server: DiscordServer, connection: DiscordConnection, channel: Channel, to: Destination
) -> None:
    server.fail_next("POST", MESSAGES, 429, retry_after=0.05)
    assert isinstance(await connection.messenger.post(to, CARD, "abc"), Delivered)
    assert len(channel.messages) == 1


async def test_a_long_rate_limit_is_busy_for_as_long_as_discord_says(
    server: DiscordServer, connection: DiscordConnection, to: Destination
) -> None:
    server.fail_next("POST", MESSAGES, 429, retry_after=500.0)
    assert await connection.messenger.post(to, CARD, "abc") == Busy(500.0, "Discord's rate limit")


async def test_a_ban_of_the_address_is_busy_for_long(
    server: DiscordServer, connection: DiscordConnection, to: Destination
) -> None:
    server.fail_next("POST", MESSAGES, 429, {"message": "banned"})
    result = await connection.messenger.post(to, CARD, "abc")
    assert isinstance(result, Busy) and result.retry_after >= 60


@pytest.mark.parametrize(("status", "kind"), [(401, Busy), (503, Busy), (520, Unknown)])
async def test_discord_s_own_failures_are_no_fault_of_the_channel(
    server: DiscordServer, connection: DiscordConnection, to: Destination, status: int, kind: type
) -> None:
    server.fail_next("POST", MESSAGES, status, times=None)
    assert isinstance(await connection.messenger.post(to, CARD, "abc"), kind)


# --- the other operations ----------------------------------------------------------------------


async def test_a_message_is_edited_and_its_files_go(
    connection: DiscordConnection, channel: Channel, to: Destination
) -> None:
    posted = await connection.messenger.post(to, CARD, "abc", (File("a.txt", "text/plain", b"x"),))
    assert isinstance(posted, Delivered)
    ref = MessageRef(to, posted.message)
    assert await connection.messenger.edit(ref, Card("Changed")) == posted
    (message,) = channel.messages
    assert "Changed" in message.text and message.attachments == [] and message.pings == NOBODY


async def test_a_deleted_message_is_gone(
    server: DiscordServer, connection: DiscordConnection, channel: Channel, to: Destination
) -> None:
    posted = await connection.messenger.post(to, CARD, "abc")
    assert isinstance(posted, Delivered)
    server.remove_message(channel.messages[0])
    result = await connection.messenger.edit(MessageRef(to, posted.message), CARD)
    assert isinstance(result, Gone) and "deleted" in result.reason
    assert isinstance(await connection.messenger.edit(MessageRef(to, "x"), CARD), Gone)


async def test_a_person_who_takes_no_direct_messages_is_gone(
    server: DiscordServer, connection: DiscordConnection, tenant: TenantId, ben: Member
) -> None:
    ben.user.accepts_dms = False
    result = await connection.messenger.tell(tenant, str(ben.id), CARD, "abc")
    assert isinstance(result, Gone) and "privacy" in result.remedy
    assert isinstance(await connection.messenger.tell(tenant, "U1", CARD, "abc"), Refused)
    assert isinstance(await connection.messenger.tell(tenant, "123456789012345678", CARD, "abc"), Gone)


async def test_the_check_names_the_permission_and_the_channel(
    connection: DiscordConnection, guild: Guild, channel: Channel, to: Destination
) -> None:
    channel.deny(guild.everyone, Permission.SEND_MESSAGES)
    result = await connection.messenger.check(to)
    assert isinstance(result, Gone)
    assert "Send Messages in #alerts" in result.reason and "allow Send Messages" in result.remedy
    channel.allow(guild.bot, Permission.SEND_MESSAGES)
    assert await connection.messenger.check(to) == Delivered("")


async def test_a_thread_needs_a_permission_of_its_own(
    connection: DiscordConnection, guild: Guild, channel: Channel, tenant: TenantId
) -> None:
    to = Destination(tenant, str(thread_in(channel).id))
    assert await connection.messenger.check(to) == Delivered("")
    channel.deny(guild.bot, Permission.SEND_MESSAGES_IN_THREADS)
    result = await connection.messenger.check(to)
    assert isinstance(result, Gone) and "Send Messages in Threads" in result.reason


async def test_a_channel_of_another_server_does_not_pass(
    server: DiscordServer, connection: DiscordConnection, tenant: TenantId
) -> None:
    elsewhere = server.add_guild(name="Other").add_channel("theirs")
    assert isinstance(await connection.messenger.check(Destination(tenant, str(elsewhere.id))), Gone)


async def test_our_message_is_found_by_its_key_among_many(
    connection: DiscordConnection, channel: Channel, to: Destination, ben: Member
) -> None:
    started = time.time() - 60
    for number in range(60):
        channel.post(ben, f"chatter {number}")
    posted = await connection.messenger.post(to, CARD, "abc")
    for number in range(120):
        channel.post(ben, f"chatter {number}")
    assert isinstance(posted, Delivered)
    assert await connection.messenger.find(to, "abc", started) == Found(posted.message)
    assert await connection.messenger.find(to, "other", started) == Absent()


async def test_a_channel_whose_history_we_may_not_read_tells_nothing(
    connection: DiscordConnection, guild: Guild, channel: Channel, to: Destination
) -> None:
    await connection.messenger.post(to, CARD, "abc")
    channel.deny(guild.bot, Permission.READ_MESSAGE_HISTORY)
    assert await connection.messenger.find(to, "abc", time.time() - 60) == Unreadable()


async def test_a_channel_with_too_much_talk_tells_nothing(
    connection: DiscordConnection, channel: Channel, to: Destination, ben: Member
) -> None:
    for number in range(600):
        channel.post(ben, f"chatter {number}")
    assert await connection.messenger.find(to, "abc", time.time() - 600) == Unreadable()


# --- channels ----------------------------------------------------------------------------------


async def test_channels_are_found_by_id_and_by_name(
    connection: DiscordConnection, guild: Guild, channel: Channel, tenant: TenantId
) -> None:
    guild.add_channel("alerts-archive", kind=ChannelKind.CATEGORY)
    wanted = ChannelRef(str(channel.id), "alerts")
    assert await connection.channels.channel(tenant, ChannelRef(str(channel.id))) == wanted
    assert await connection.channels.channel(tenant, ChannelRef("alerts", "alerts")) == wanted
    assert await connection.channels.channel(tenant, ChannelRef("#Alerts")) == wanted
    assert await connection.channels.channel(tenant, ChannelRef("alerts-archive")) is None
    assert await connection.channels.channel(tenant, ChannelRef("123456789012345678")) is None


async def test_a_channel_of_another_server_is_not_found(
    server: DiscordServer, connection: DiscordConnection, tenant: TenantId
) -> None:
    theirs = server.add_guild(name="Other").add_channel("secret")
    assert await connection.channels.channel(tenant, ChannelRef(str(theirs.id))) is None
    assert await connection.channels.channel(TenantId("discord", "1"), ChannelRef("x")) is None
    assert await connection.channels.channel(TenantId("discord", "demo"), ChannelRef("x")) is None
