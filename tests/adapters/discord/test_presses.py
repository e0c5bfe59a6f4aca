"""Buttons and forms, which work after a restart, and once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from bot.core.access import Permission
from bot.core.chat.cards import Card, Priority, Quote, Text, line
from bot.core.chat.ids import TenantId
from bot.storage.engine.database import Database
from bot.storage.places.grants import Grants
from tests.adapters.discord.harness import DiscordHarness, running
from tests.contracts.any_card import button
from tests.doubles.discord import Channel, DiscordServer, Guild, Interaction, Member, Message
from tests.doubles.discord.interactions import Callback


async def public_card(
    server: DiscordServer, guild: Guild, channel: Channel, who: Member, house: DiscordHarness, card: Card
) -> Message:
    """A message of the bot with that card."""
    before, house.stage.card = house.stage.card, card
    count = len(channel.messages)
    await server.slash(guild, channel, who, "thing post")
    messages = await channel.wait_for_messages(count + 1)
    house.stage.card = before
    house.stage.seen.clear()
    return messages[-1]


async def card_with(house: DiscordHarness, label: str, name: str, **state: str) -> Card:
    return Card("Card", (), buttons=(await house.button(label, name, state or None),))


def custom_id(message: Message, label: str) -> str:
    found: str = message.button(label)["custom_id"]
    return found


async def test_a_press_runs_with_its_stored_state(
    server: DiscordServer, guild: Guild, channel: Channel, ben: Member, house: DiscordHarness
) -> None:
    message = await public_card(
        server, guild, channel, ben, house, await card_with(house, "Again", "thing.again", page="2")
    )
    ix = await server.press(message, custom_id(message, "Again"), ben)
    await ix.wait_for(lambda one: one.followups)
    assert house.stage.seen == [("pressed", ({"page": "2"}, {}))]
    assert ix.followups[0].ephemeral and "It is done." in ix.followups[0].text
    assert message.edits == []


async def test_an_id_of_somebody_else_says_so(
    server: DiscordServer, guild: Guild, channel: Channel, ben: Member, house: DiscordHarness
) -> None:
    row = {"type": 1, "components": [{"type": 2, "style": 1, "label": "?", "custom_id": "not-ours"}]}
    message = channel.post(server.world.bot, "old", components=[row])
    ix = await server.press(message, "not-ours", ben)
    assert ix.ephemeral and "older version" in ix.text


async def test_a_press_may_replace_the_message(
    server: DiscordServer, guild: Guild, channel: Channel, ben: Member, house: DiscordHarness
) -> None:
    card = await card_with(house, "Again", "thing.again", page="2")
    message = await public_card(server, guild, channel, ben, house, card)
    house.stage.card, house.stage.replace = Card("Page 2"), True
    ix = await server.press(message, custom_id(message, "Again"), ben)
    await ix.wait_for_answer()
    assert "Page 2" in message.text and len(message.edits) == 1
    assert len(channel.messages) == 1 and ix.followups == []
    invocation = house.stage.calls[-1].invocation
    assert invocation.message and invocation.message.message == str(message.id)


async def test_a_press_may_replace_a_private_message(
    server: DiscordServer, guild: Guild, channel: Channel, ben: Member, house: DiscordHarness
) -> None:
    house.stage.card = await card_with(house, "Again", "thing.again", page="2")
    shown = await server.slash(guild, channel, ben, "thing say", {"text": "x"})
    private = await shown.wait_for_answer()
    house.stage.card, house.stage.replace = Card("Page 2"), True
    ix = await server.press(private, custom_id(private, "Again"), ben)
    await ix.wait_for_answer()
    assert "Page 2" in private.text
    assert channel.history == []
    assert house.stage.calls[-1].invocation.message is None


async def test_a_press_may_post_publicly(
    server: DiscordServer, guild: Guild, channel: Channel, ben: Member, house: DiscordHarness
) -> None:
    card = await card_with(house, "Loud", "thing.loud")
    message = await public_card(server, guild, channel, ben, house, card)
    house.stage.progress = (Card("Half"),)
    ix = await server.press(message, custom_id(message, "Loud"), ben)
    await channel.wait_for_messages(2)
    await ix.wait_for(lambda one: all(m.deleted for m in one.followups))
    assert "It is done." in channel.messages[1].text
    assert message.edits == []


async def test_progress_of_a_press_becomes_its_answer(
    server: DiscordServer, guild: Guild, channel: Channel, ben: Member, house: DiscordHarness
) -> None:
    card = await card_with(house, "Again", "thing.again", page="2")
    message = await public_card(server, guild, channel, ben, house, card)
    house.stage.progress = (Card("Half"),)
    ix = await server.press(message, custom_id(message, "Again"), ben)
    await ix.wait_for(lambda one: one.followups and "It is done." in one.followups[0].text)
    (only,) = ix.followups
    assert only.ephemeral and "Half" in str(only.edits[0].components)


async def test_a_press_of_a_quarter_of_an_hour_still_replaces_its_message(
    server: DiscordServer, guild: Guild, channel: Channel, ben: Member, store: Database
) -> None:
    now = [0.0]
    async with running(server, store, monotonic=lambda: now[0]) as house:
        card = await card_with(house, "Again", "thing.again", page="2")
        message = await public_card(server, guild, channel, ben, house, card)
        house.stage.card, house.stage.replace = Card("At last"), True
        house.stage.gate.clear()
        await server.press(message, custom_id(message, "Again"), ben)
        now[0] = 15 * 60.0
        house.stage.gate.set()
        await server.world.changes.wait_for(lambda: "At last" in message.text, 5.0, "the edit")


async def test_two_deliveries_of_one_press_run_once(
    server: DiscordServer, guild: Guild, channel: Channel, ben: Member, house: DiscordHarness
) -> None:
    card = await card_with(house, "Loud", "thing.loud")
    message = await public_card(server, guild, channel, ben, house, card)
    ix = await server.press(message, custom_id(message, "Loud"), ben)
    server.redeliver(ix)
    await channel.wait_for_messages(2)
    await (await server.slash(guild, channel, ben, "help")).wait_for_answer()
    assert [what for what, _ in house.stage.seen] == ["pressed", "help"]


# --- forms -----------------------------------------------------------------------------------


async def test_a_long_text_left_out_is_asked_for_in_a_form(
    server: DiscordServer, guild: Guild, channel: Channel, ben: Member, house: DiscordHarness
) -> None:
    ix = await server.slash(guild, channel, ben, "thing say", {"times": 3, "mood": "glad"})
    assert ix.first_response and ix.first_response.type == Callback.MODAL
    assert ix.modal and ix.modal["title"] == "Thing say"
    labels = [c["label"] for c in ix.modal["components"] if c["type"] == 18]
    assert labels[:3] == ["Text", "Times", "Mood"]
    sent = await server.submit_modal(ix, {"text": "a\nb"})
    await sent.wait_for_answer()
    ((_, args),) = house.stage.seen
    assert (args.text, args.times, args.mood) == ("a\nb", 3, "glad")


async def test_a_secret_is_asked_for_in_a_form_and_is_nowhere_else(
    server: DiscordServer, guild: Guild, channel: Channel, ada: Member, house: DiscordHarness
) -> None:
    command = next(c for c in server.commands() if c["name"] == "thing")
    key_command = next(o for o in command["options"] if o["name"] == "key")
    assert [o["name"] for o in key_command["options"]] == ["note"]
    ix = await server.slash(guild, channel, ada, "thing key", {"note": "mine"})
    assert ix.modal is not None
    sent = await server.submit_modal(ix, {"key": "xq_secret"})
    message = await sent.wait_for_answer()
    ((_, args),) = house.stage.seen
    assert args.key.get_secret_value() == "xq_secret" and args.note == "mine"
    assert "xq_secret" not in message.text


async def test_channels_and_choices_come_back_from_a_form(
    server: DiscordServer, guild: Guild, channel: Channel, ben: Member, house: DiscordHarness
) -> None:
    ix = await server.slash(guild, channel, ben, "thing say", {"where": channel, "loud": True})
    assert ix.modal is not None
    fields = {c["component"]["custom_id"]: c["component"] for c in ix.modal["components"] if c["type"] == 18}
    assert fields["where"]["default_values"] == [{"id": str(channel.id), "type": "channel"}]
    assert [o["default"] for o in fields["loud"]["options"]] == [True, False]
    sent = await server.submit_modal(ix, {"text": "x", "where": [channel], "loud": "no"})
    await sent.wait_for_answer()
    ((_, args),) = house.stage.seen
    assert args.where.id == str(channel.id) and args.where.name == "alerts" and args.loud is False


async def test_a_wrong_form_gives_back_what_was_typed(
    server: DiscordServer, guild: Guild, channel: Channel, ben: Member, house: DiscordHarness
) -> None:
    ix = await server.slash(guild, channel, ben, "thing say", {"times": 3})
    sent = await server.submit_modal(ix, {"text": "precious", "times": "many"})
    message = await sent.wait_for_answer()
    assert sent.ephemeral and "not a whole number" in message.text
    again = await server.press(message, custom_id(message, "Change it"), ben)
    assert again.modal is not None
    fields = [c["component"] for c in again.modal["components"] if c["type"] == 18]
    assert next(f["value"] for f in fields if f["custom_id"] == "text") == "precious"
    final = await server.submit_modal(again, {"times": "4"})
    await final.wait_for(lambda one: one.followups)
    ((_, args),) = house.stage.seen
    assert (args.text, args.times) == ("precious", 4)


async def slow_form(
    server: DiscordServer, guild: Guild, channel: Channel, who: Member, house: DiscordHarness
) -> Interaction:
    """Ask for a form while the database takes its time."""
    house.states.gate = asyncio.Event()
    ix = await server.slash(guild, channel, who, "thing say", {"times": 2})
    assert ix.deferred
    house.states.gate.set()
    return ix


async def test_where_the_database_is_slow_the_form_is_offered_behind_a_button(
    server: DiscordServer, guild: Guild, channel: Channel, ben: Member, store: Database
) -> None:
    async with running(server, store, first_answer=0.05) as house:
        ix = await slow_form(server, guild, channel, ben, house)
        message = await ix.wait_for_answer()
        assert ix.ephemeral and "Thing say" in message.text
        opened = await server.press(message, custom_id(message, "Open the form"), ben)
        for _ in range(20):  # this machine may be slower than that, too; a person presses again
            if opened.modal is not None:
                break
            await opened.wait_for(lambda one: one.followups)
            message = opened.followups[-1]
            opened = await server.press(message, custom_id(message, "Open the form"), ben)
        sent = await server.submit_modal(opened, {"text": "at last"})
        await sent.wait_for(lambda one: one.followups)
        ((_, args),) = house.stage.seen
        assert (args.text, args.times) == ("at last", 2)


async def test_permission_is_checked_again_when_a_form_comes_back(
    server: DiscordServer, guild: Guild, channel: Channel, ben: Member, house: DiscordHarness, store: Database
) -> None:
    ix = await server.slash(guild, channel, ben, "thing say", {})
    tenant = TenantId("discord", str(guild.id))
    await house.tenants.ensure(tenant)
    await Grants(store).revoke(tenant, "everyone", "", Permission.USE)
    sent = await server.submit_modal(ix, {"text": "x"})
    assert "You may not" in (await sent.wait_for_answer()).text
    assert house.stage.seen == []


async def test_a_button_in_a_direct_message_is_refused_politely(
    server: DiscordServer, guild: Guild, channel: Channel, ben: Member, house: DiscordHarness
) -> None:
    tenant_card = Card("Note", (Text(line("x")),), buttons=(button("Press", "k1", name="thing.loud"),))
    await house.platform.messenger.tell(TenantId("discord", str(guild.id)), str(ben.id), tenant_card, "k")
    (message,) = await server.dm(ben.user).wait_for_messages(1)
    ix = await server.press(message, custom_id(message, "Press"), ben.user)
    assert "Please use this in a server" in ix.text
    assert house.stage.seen == []


def _edited(message: Message, times: int) -> Callable[[Interaction], bool]:
    """Whether it was edited so often."""
    return lambda _: len(message.edits) == times


@pytest.mark.parametrize("command", ["thing post", "thing say"])
async def test_the_file_of_a_preview_that_was_changed_goes_with_it(
    server: DiscordServer, guild: Guild, channel: Channel, ben: Member, house: DiscordHarness, command: str
) -> None:
    again = await house.button("Again", "thing.again", {"page": "2"})
    for times, words in enumerate(("old ", "new ", "")):
        text = Quote(words * 5_000 or "short", priority=Priority.OWN)
        house.stage.card = Card("Post this?", (text,), buttons=(again,))
        if words == "old ":
            ix = await server.slash(guild, channel, ben, command, {"text": "x"} if "say" in command else {})
            private = command == "thing say"
            message = await ix.wait_for_answer() if private else (await channel.wait_for_messages(1))[0]
        else:
            house.stage.replace = True
            ix = await server.press(message, custom_id(message, "Again"), ben)
            await ix.wait_for(_edited(message, times))
        assert [a.content[:4] for a in message.attachments] == ([words.encode()] if words else [])
