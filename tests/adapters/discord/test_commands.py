"""Slash commands, menu entries and suggestions, from the gateway to the answer."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.core.chat.cards import Card, File, Priority, Quote, Text, line
from bot.core.chat.places import ChannelRef
from bot.storage.engine.database import Database
from tests.adapters.discord.harness import HOSTILE, DiscordHarness, running, thread_in
from tests.adapters.scripted_commands import ScriptedCommands
from tests.contracts.any_card import CARDS
from tests.doubles.discord import NOBODY, Channel, DiscordServer, Guild, Member, Permission
from tests.doubles.discord.interactions import Callback


async def test_a_private_command_is_answered_for_the_person_alone(
    server: DiscordServer, guild: Guild, channel: Channel, ada: Member, house: DiscordHarness
) -> None:
    ix = await server.slash(guild, channel, ada, "thing say", {"text": "hello", "times": 2, "loud": True})
    message = await ix.wait_for_answer()
    assert ix.ephemeral
    assert "It is done." in message.text
    assert channel.messages == []
    ((what, args),) = house.stage.seen
    assert (what, args.text, args.times, args.loud) == ("thing say", "hello", 2, True)


async def test_values_of_every_kind_arrive(
    server: DiscordServer, guild: Guild, channel: Channel, ada: Member, house: DiscordHarness
) -> None:
    given = {
        "text": "hi",
        "mood": "glad",
        "where": channel,
        "tags": "red, blue",
        "friend": "nasa",
        "wait": "1h30m",
        "loud": False,
    }
    ix = await server.slash(guild, channel, ada, "thing say", given)
    await ix.wait_for_answer()
    ((_, args),) = house.stage.seen
    assert args.where == ChannelRef(str(channel.id), "alerts")
    assert (args.mood, args.tags, str(args.friend)) == ("glad", ("red", "blue"), "nasa")
    assert (args.wait, args.loud) == (timedelta(minutes=90), False)


async def test_the_person_and_the_place_are_told(
    server: DiscordServer, guild: Guild, channel: Channel, house: DiscordHarness
) -> None:
    role = guild.add_role("editors")
    cat = guild.add_member(name="cat", roles=[role], permissions=Permission.MANAGE_GUILD)
    thread = thread_in(channel)
    await (await server.slash(guild, channel, cat, "help")).wait_for_answer()
    invocation = house.stage.calls[0].invocation
    assert str(role.id) in invocation.actor.roles
    assert str(guild.id) not in invocation.actor.roles
    assert invocation.actor.is_admin
    assert (invocation.actor.id, invocation.actor.display_name) == (str(cat.id), "cat")
    assert str(invocation.place) == f"discord:{guild.id}/{channel.id}"
    assert invocation.locale == "en-US"
    await (await server.slash(guild, thread, cat, "help")).wait_for_answer()
    place = house.stage.calls[1].invocation.place
    assert (place.channel, place.thread) == (str(channel.id), str(thread.id))


async def test_a_public_answer_is_a_message_and_the_acknowledgement_disappears(
    server: DiscordServer, guild: Guild, channel: Channel, ben: Member, house: DiscordHarness
) -> None:
    ix = await server.slash(guild, channel, ben, "thing post")
    (message,) = await channel.wait_for_messages(1)
    await ix.wait_for(lambda one: one.messages == [])
    assert ix.ephemeral and ix.deferred
    assert "It is done." in message.text
    assert message.author.bot and message.pings == NOBODY


async def test_a_public_answer_in_a_thread_stays_there(
    server: DiscordServer, guild: Guild, channel: Channel, ben: Member, house: DiscordHarness
) -> None:
    thread = thread_in(channel)
    await server.slash(guild, thread, ben, "thing post")
    await thread.wait_for_messages(1)
    assert channel.messages == []


async def test_an_error_nobody_foresaw_shows_an_id_and_no_traceback(
    server: DiscordServer, guild: Guild, channel: Channel, ben: Member, house: DiscordHarness
) -> None:
    house.stage.error = RuntimeError("the secret inside")
    ix = await server.slash(guild, channel, ben, "thing say", {"text": "x"})
    message = await ix.wait_for_answer()
    assert str(ix.id) in message.text
    assert "secret inside" not in message.text
    assert [type(error) for error in house.observer.failures] == [RuntimeError]


async def test_without_permission_the_person_reads_why(
    server: DiscordServer, guild: Guild, channel: Channel, ben: Member, house: DiscordHarness
) -> None:
    ix = await server.slash(guild, channel, ben, "thing spend")
    message = await ix.wait_for_answer()
    assert ix.ephemeral and ix.first_response and ix.first_response.type == Callback.MESSAGE
    assert "This needs spend, the permission to run draws" in message.text
    assert house.stage.seen == []


async def test_where_the_bot_may_not_post_the_person_gets_the_answer_with_the_reason(
    server: DiscordServer, guild: Guild, channel: Channel, ben: Member, house: DiscordHarness
) -> None:
    channel.deny(guild.bot, Permission.SEND_MESSAGES)
    ix = await server.slash(guild, channel, ben, "thing post")
    message = await ix.wait_for_answer()
    assert ix.ephemeral
    assert "It is done." in message.text
    assert "Only you see this" in message.text and "Send Messages" in message.text
    assert channel.history == []
    assert server.invalid_requests == 0


async def test_files_come_along(
    server: DiscordServer, guild: Guild, channel: Channel, ben: Member, house: DiscordHarness
) -> None:
    house.stage.files = (File("winners.csv", "text/csv", b"a,b\n"),)
    ix = await server.slash(guild, channel, ben, "thing say", {"text": "x"})
    message = await ix.wait_for_answer()
    assert [(a.filename, a.content) for a in message.attachments] == [("winners.csv", b"a,b\n")]
    await server.slash(guild, channel, ben, "thing post")
    (public,) = await channel.wait_for_messages(1)
    assert [a.content for a in public.attachments] == [b"a,b\n"]


async def test_without_the_right_to_attach_files_they_come_privately(
    server: DiscordServer, guild: Guild, channel: Channel, ben: Member, house: DiscordHarness
) -> None:
    channel.deny(guild.bot, Permission.ATTACH_FILES)
    house.stage.files = (File("winners.csv", "text/csv", b"a"),)
    ix = await server.slash(guild, channel, ben, "thing post")
    message = await ix.wait_for_answer()
    assert "Attach Files" in message.text
    assert [a.filename for a in message.attachments] == ["winners.csv"]


async def test_without_that_right_a_preview_that_needs_a_file_comes_privately(
    server: DiscordServer, guild: Guild, channel: Channel, ben: Member, house: DiscordHarness
) -> None:
    channel.deny(guild.bot, Permission.ATTACH_FILES)
    house.stage.card = Card("Post this?", (Quote("word " * 5_000, priority=Priority.OWN),))
    ix = await server.slash(guild, channel, ben, "thing post")
    message = await ix.wait_for_answer()
    assert "Attach Files" in message.text and "in the file post.txt" in message.text
    assert [a.content.decode() for a in message.attachments] == ["word " * 5_000]
    assert channel.history == []
    assert server.invalid_requests == 0


@pytest.mark.parametrize("name", ["with ids", "a long note tweet", "hostile text 0", "hostile everywhere 2"])
async def test_cards_are_shown_privately_and_publicly(
    server: DiscordServer, guild: Guild, channel: Channel, ben: Member, house: DiscordHarness, name: str
) -> None:
    house.stage.card = CARDS[name]
    private = await (await server.slash(guild, channel, ben, "thing say", {"text": "x"})).wait_for_answer()
    await server.slash(guild, channel, ben, "thing post")
    (public,) = await channel.wait_for_messages(1)
    assert private.text == public.text
    assert private.pings == public.pings == NOBODY


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (400, 200000, "did not accept it"),
        (503, 0, "is busy"),
        (520, 0, "may be in the channel"),
        (404, 10003, "with `relay edit`"),
    ],
)
async def test_a_post_that_discord_does_not_take_is_shown_privately_with_the_reason(
    server: DiscordServer,
    guild: Guild,
    channel: Channel,
    ben: Member,
    house: DiscordHarness,
    status: int,
    code: int,
    words: str,
) -> None:
    server.fail_next("POST", "/channels/*/messages", status, {"code": code, "message": "no"}, times=None)
    message = await (await server.slash(guild, channel, ben, "thing post")).wait_for_answer()
    assert "It is done." in message.text and words in message.text


async def test_progress_that_cannot_be_shown_is_no_error(
    server: DiscordServer, guild: Guild, channel: Channel, ben: Member, house: DiscordHarness
) -> None:
    server.fail_next("PATCH", "/webhooks/*/messages/@original", 503)
    house.stage.progress = (Card("Half"),)
    message = await (await server.slash(guild, channel, ben, "thing say", {"text": "x"})).wait_for_answer()
    assert "It is done." in message.text


async def test_an_answer_that_discord_never_takes_is_only_logged(
    server: DiscordServer,
    guild: Guild,
    channel: Channel,
    ben: Member,
    house: DiscordHarness,
    caplog: pytest.LogCaptureFixture,
) -> None:
    server.fail_next("POST", "/interactions/*/callback", 403, times=2)
    server.fail_next("POST", "/users/@me/channels", 403, {"message": "no", "code": 50007}, times=2)
    await server.slash(guild, channel, ben, "thing say", {"text": "x"}, wait=False)
    await house.stage.started.wait()
    await house.platform.stop()
    assert "did not accept the answer" in caplog.text


async def test_progress_is_private_and_not_too_often(
    server: DiscordServer, guild: Guild, channel: Channel, ben: Member, store: Database
) -> None:
    now = [0.0]
    stage = ScriptedCommands(progress=tuple(Card(f"Step {n}") for n in range(5)))
    stage.gate.clear()
    async with running(server, store, stage=stage, monotonic=lambda: now[0]):
        ix = await server.slash(guild, channel, ben, "thing post")
        original = await ix.wait_for_answer()
        assert "Step 0" in original.text and ix.ephemeral
        assert channel.messages == []
        stage.gate.set()
        await channel.wait_for_messages(1)
        await ix.wait_for(lambda one: one.messages == [])
        assert original.edits == []  # the other four came too soon


async def test_a_slow_database_does_not_make_discord_give_up(
    server: DiscordServer, guild: Guild, channel: Channel, ben: Member, store: Database
) -> None:
    """The interaction is acknowledged although nobody knows yet whether it is ours to run."""
    async with running(server, store, first_answer=0.05) as house:
        house.claims.gate = asyncio.Event()
        ix = await server.slash(guild, channel, ben, "thing say", {"text": "x"})
        assert ix.deferred and house.stage.seen == []
        house.claims.gate.set()
        assert "It is done." in (await ix.wait_for_answer()).text


async def test_a_database_that_is_away_is_said_privately(
    server: DiscordServer, guild: Guild, channel: Channel, ben: Member, store: Database
) -> None:
    async with running(server, store) as house:
        await house.platform.client.wait_until_ready()
        await store.close()
        ix = await server.slash(guild, channel, ben, "thing post")
        assert ix.ephemeral and "could not save" in ix.text
        assert house.stage.seen == [] and channel.history == []


async def test_a_lost_acknowledgement_is_sent_again_and_harms_nothing(
    server: DiscordServer, guild: Guild, channel: Channel, ben: Member, house: DiscordHarness
) -> None:
    server.cut("POST", "/interactions/*/callback")
    ix = await server.slash(guild, channel, ben, "thing say", {"text": "x"})
    await ix.wait_for_answer()
    assert len(house.stage.seen) == 1


async def test_after_fifteen_minutes_the_answer_comes_as_a_direct_message(
    server: DiscordServer, guild: Guild, channel: Channel, ben: Member, store: Database
) -> None:
    now = [0.0]
    stage = ScriptedCommands()
    stage.gate.clear()
    async with running(server, store, stage=stage, monotonic=lambda: now[0]):
        await server.slash(guild, channel, ben, "thing say", {"text": "x"})
        await stage.started.wait()
        now[0] = 15 * 60.0
        stage.gate.set()
        (message,) = await server.dm(ben.user).wait_for_messages(1)
        assert "It is done." in message.text


async def test_a_stopping_bot_lets_commands_finish(
    server: DiscordServer, guild: Guild, channel: Channel, ben: Member, store: Database
) -> None:
    stage = ScriptedCommands()
    stage.gate.clear()
    async with running(server, store, stage=stage) as house:
        await server.slash(guild, channel, ben, "thing post")
        await stage.started.wait()
        stopping = asyncio.create_task(house.platform.stop())
        refused = await server.slash(guild, channel, ben, "thing say", {"text": "x"})
        assert "restarting" in refused.text
        stage.gate.set()
        await stopping
        assert "It is done." in channel.messages[0].text
    assert len(stage.seen) == 1


async def test_a_command_that_does_not_finish_says_so(
    server: DiscordServer, guild: Guild, channel: Channel, ben: Member, store: Database
) -> None:
    stage = ScriptedCommands()
    stage.gate.clear()
    async with running(server, store, stage=stage, grace=0.01) as house:
        ix = await server.slash(guild, channel, ben, "thing post")
        await stage.started.wait()
        await house.platform.stop()
        assert "restarted" in ix.text
    assert channel.history == []


# --- suggestions -----------------------------------------------------------------------------


async def test_values_are_suggested_while_typing(
    server: DiscordServer, guild: Guild, channel: Channel, ben: Member, house: DiscordHarness
) -> None:
    choices = await server.autocomplete(guild, channel, ben, "thing say", focused="friend", value="na")
    assert choices == [{"name": "NASA", "value": "nasa"}]


async def test_the_last_item_of_a_list_is_completed(
    server: DiscordServer, guild: Guild, channel: Channel, ben: Member, house: DiscordHarness
) -> None:
    choices = await server.autocomplete(guild, channel, ben, "thing say", focused="tags", value="red, bl")
    assert choices == [{"name": "red, blue", "value": "red, blue"}]


# --- the menu of a message -------------------------------------------------------------------


@pytest.mark.parametrize(
    "link", ["https://x.com/nasa/status/1893456789012345678", "https://twitter.com/i/web/status/18934567890"]
)
async def test_a_tweet_in_a_message_is_shown_from_its_menu(
    server: DiscordServer, guild: Guild, channel: Channel, ben: Member, house: DiscordHarness, link: str
) -> None:
    message = channel.post(ben, f"look: {link}?s=20 !")
    ix = await server.message_command(guild, channel, ben, "Show tweet", message)
    await ix.wait_for_answer()
    ((what, args),) = house.stage.seen
    assert what == "tweet show"
    assert args.tweet.id in link


async def test_a_reply_is_drafted_from_our_own_message(
    server: DiscordServer, guild: Guild, channel: Channel, ben: Member, house: DiscordHarness
) -> None:
    """The link stands in a button of the card, and the text of the reply is asked for in a form."""
    house.stage.card = CARDS["with ids"]
    await server.slash(guild, channel, ben, "thing post")
    (message,) = await channel.wait_for_messages(1)
    ix = await server.message_command(guild, channel, ben, "Draft a reply", message)
    assert ix.modal is not None
    sent = await server.submit_modal(ix, {"text": "Thank you"})
    await sent.wait_for_answer()
    what, args = house.stage.seen[-1]
    assert (what, args.text, args.tweet.id) == ("tweet reply", "Thank you", "1893456789012345678")


async def test_a_message_without_a_tweet_gets_a_word(
    server: DiscordServer, guild: Guild, channel: Channel, ben: Member, house: DiscordHarness
) -> None:
    message = channel.post(ben, HOSTILE)
    ix = await server.message_command(guild, channel, ben, "Show tweet", message)
    assert ix.ephemeral and "no link to a tweet" in ix.text


async def test_a_card_that_discord_refuses_is_sent_as_words(
    server: DiscordServer, guild: Guild, channel: Channel, ben: Member, house: DiscordHarness
) -> None:
    refusal = {"code": 50035, "message": "Invalid Form Body"}
    server.fail_next("PATCH", "/webhooks/*/messages/@original", 400, refusal)
    house.stage.card = Card("Title", (Text(line("The words.")),))
    ix = await server.slash(guild, channel, ben, "thing say", {"text": "x"})
    assert "The words." in (await ix.wait_for_answer()).text
