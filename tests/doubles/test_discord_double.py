"""The Discord double, driven by the real discord.py: what tests elsewhere rely on."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import discord
import pytest
from discord import ui

from tests.doubles.discord import NOBODY, ChannelKind, DiscordServer, NotOffered, Permission, redirected
from tests.doubles.sample_discord_bot import Bot


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


@asynccontextmanager
async def running(server: DiscordServer) -> AsyncIterator[Bot]:
    """The bot, connected to the server, and closed afterwards."""
    bot = Bot()
    with redirected(server):
        task = asyncio.create_task(bot.start(server.token))
        try:
            await server.gateway.wait_connected()
            await asyncio.wait_for(bot.wait_until_ready(), 5)
            yield bot
        finally:
            await bot.close()
            await asyncio.gather(task, return_exceptions=True)


class Place:
    """A server with a guild, two channels, an administrator and a connected bot."""

    def __init__(self, server: DiscordServer, clock: Clock) -> None:
        self.server = server
        self.clock = clock
        self.guild = server.add_guild(name="Acme")
        self.channel = self.guild.add_channel("alerts")
        self.other = self.guild.add_channel("other")
        self.ada = self.guild.add_member(name="ada", admin=True)
        self.bob = self.guild.add_member(name="bob")
        self.bot: Bot

    def target(self, channel: Any = None) -> discord.PartialMessageable:
        return self.bot.get_partial_messageable((channel or self.channel).id)


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    clock = Clock()
    async with DiscordServer(clock=clock, check_answers=True) as server:
        place = Place(server, clock)
        async with running(server) as place.bot:
            yield place
        assert server.drift == [], "the double's own answers must fit the specification"


async def test_a_bot_logs_in_and_its_nested_commands_are_uploaded(place: Place) -> None:
    assert [c["name"] for c in place.server.commands()] == ["draw", "ask", "silent", "trends", "Quote"]
    draw = place.server.commands()[0]
    assert [o["name"] for o in draw["options"]] == ["admin", "run"] or [
        o["name"] for o in draw["options"]
    ] == ["run", "admin"]
    assert place.bot.get_guild(place.guild.id) is not None
    assert place.server.violations == []


async def test_a_deferred_private_answer_is_filled_by_the_edit(place: Place) -> None:
    ix = await place.server.slash(
        place.guild, place.channel, place.ada, "draw run", {"tweet": "t1", "winners": 3}
    )
    message = await ix.wait_for_answer()
    assert ix.deferred and ix.ephemeral
    assert message.content == "3 of t1"
    assert place.channel.messages == []
    assert place.server.violations == []


async def test_a_command_two_groups_deep_resolves_a_channel(place: Place) -> None:
    ix = await place.server.slash(
        place.guild, place.channel, place.ada, "draw admin purge", {"channel": place.other}
    )
    assert ix.text == "purged other"
    assert [m.content for m in place.channel.messages] == ["purged other"]


async def test_a_button_updates_its_message_and_strangers_do_not_see_it(place: Place) -> None:
    ix = await place.server.slash(place.guild, place.channel, place.ada, "draw run", {"tweet": "t"})
    message = await ix.wait_for_answer()
    with pytest.raises(NotOffered, match="does not see"):
        await place.server.press(message, "x1:again:1", place.bob)
    await place.server.press(message, message.button("Again")["custom_id"], place.ada)
    assert place.bot.presses == ["x1:again:1"]
    assert (message.content, message.components, len(message.edits)) == ("Pressed", [], 1)
    assert place.server.violations == []


async def test_a_modal_is_opened_filled_and_answered(place: Place) -> None:
    opened = await place.server.slash(place.guild, place.channel, place.ada, "ask")
    assert opened.modal is not None and opened.modal["title"] == "Draft"
    with pytest.raises(NotOffered, match="0–20 characters"):
        await place.server.submit_modal(opened, {"text": "x" * 21})
    answered = await place.server.submit_modal(opened, {"text": "hello"})
    assert answered.text == "You wrote hello" and answered.ephemeral
    assert place.server.violations == []


async def test_autocomplete_gives_choices(place: Place) -> None:
    choices = await place.server.autocomplete(
        place.guild, place.channel, place.ada, "trends", focused="region", value="un"
    )
    assert [c["name"] for c in choices] == ["United States", "United Kingdom"]


async def test_the_first_follow_up_fills_a_deferred_answer_with_components(place: Place) -> None:
    ix = await place.server.slash(place.guild, place.channel, place.ada, "trends", {"region": "Japan"})
    message = await ix.wait_for_answer()
    assert message.text == "Trends of Japan for @everyone"
    assert message.pings == NOBODY
    assert place.channel.messages == [message] and ix.followups == []
    assert place.server.violations == []


async def test_a_context_menu_command_gets_the_message(place: Place) -> None:
    message = place.channel.post(place.bob, "look")
    ix = await place.server.message_command(place.guild, place.channel, place.ada, "Quote", message)
    assert ix.text == "> look"


@pytest.mark.parametrize(
    ("command", "options", "reason"),
    [
        ("draw walk", {}, "no subcommand"),
        ("nothing", {}, "no command"),
        ("draw run", {"tweet": "t", "colour": "red"}, "no options"),
        ("draw run", {}, "misses the required"),
        ("draw run", {"tweet": "t", "winners": 11}, "not within"),
        ("draw run", {"tweet": "t", "winners": "3"}, "does not take"),
        ("draw", {}, "needs a subcommand"),
    ],
)
async def test_the_client_refuses_what_is_not_registered(
    place: Place, command: str, options: dict[str, Any], reason: str
) -> None:
    with pytest.raises(NotOffered, match=reason):
        await place.server.slash(place.guild, place.channel, place.ada, command, options)


async def test_an_answer_after_three_seconds_is_unknown_and_recorded(place: Place) -> None:
    ix = await place.server.slash(place.guild, place.channel, place.ada, "silent", wait=False)
    place.clock.advance(3.1)
    status, body = await _callback(place, ix, {"type": 5})
    assert (status, body["code"]) == (404, 10062)
    assert [v.code for v in place.server.violations] == [10062]
    assert place.server.unanswered == [ix]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"type": 8, "data": {"choices": []}}, 50035),
        ({"type": 7, "data": {"content": "x"}}, 50035),
        ({"type": 4, "data": {}}, 50006),
        ({"type": 4, "data": {"content": "x" * 2001}}, 50035),
        ({"type": 9, "data": {"title": "t" * 46, "custom_id": "m", "components": []}}, 50035),
    ],
)
async def test_first_answers_that_discord_refuses(place: Place, answer: dict[str, Any], code: int) -> None:
    ix = await place.server.slash(place.guild, place.channel, place.ada, "silent", wait=False)
    status, body = await _callback(place, ix, answer)
    assert (status, body["code"]) == (400, code)
    assert [v.code for v in place.server.violations] == [code]


async def test_an_interaction_is_answered_once_and_its_token_dies_after_15_minutes(place: Place) -> None:
    ix = await place.server.slash(place.guild, place.channel, place.ada, "silent", wait=False)
    assert (await _callback(place, ix, {"type": 4, "data": {"content": "a"}}))[0] == 204
    assert (await _callback(place, ix, {"type": 5}))[1]["code"] == 40060
    hook = f"/webhooks/{place.server.application_id}/{ix.token}"
    assert (await _send(place, "POST", hook, {"content": "more"}))[0] == 200
    assert [m.content for m in ix.messages] == ["a", "more"]
    place.clock.advance(15 * 60 + 1)
    assert (await _send(place, "POST", hook, {"content": "late"}))[1]["code"] == 50027


async def test_a_deferral_carries_nothing_but_the_ephemeral_flag(place: Place) -> None:
    ix = await place.server.slash(place.guild, place.channel, place.ada, "silent", wait=False)
    await _callback(place, ix, {"type": 5, "data": {"flags": 64 | 1 << 15}})
    assert ix.original is not None and ix.original.flags == 64 | 128
    assert "ephemeral flag only" in place.server.violations[0].detail


async def test_a_nonce_is_posted_once_within_its_window(place: Place) -> None:
    first = await place.target().send("one", nonce="delivery-1")
    again = await place.target().send("one", nonce="delivery-1")
    assert first.id == again.id and len(place.channel.messages) == 1
    place.clock.advance(181)
    await place.target().send("one", nonce="delivery-1")
    assert len(place.channel.messages) == 2
    assert place.server.violations == []


async def test_a_nonce_shared_by_two_channels_is_a_violation(place: Place) -> None:
    await place.target().send("one", nonce="n")
    await place.target(place.other).send("one", nonce="n")
    assert "another channel" in place.server.violations[0].detail


async def test_a_lost_answer_is_sent_again_and_stays_one_message(place: Place) -> None:
    place.server.cut("POST", "/channels/*/messages", performed=True)
    with pytest.raises((aiohttp.ClientError, OSError)):
        await place.target().send("once", nonce="d-1")
    message = await place.target().send("once", nonce="d-1")
    assert [m.id for m in place.channel.messages] == [message.id]


async def test_a_connection_cut_before_leaves_nothing(place: Place) -> None:
    place.server.cut("POST", "/channels/*/messages")
    with pytest.raises((aiohttp.ClientError, OSError)):
        await place.target().send("never")
    assert place.channel.messages == []


async def test_an_over_limit_message_is_refused_and_recorded(place: Place) -> None:
    with pytest.raises(discord.HTTPException) as refused:
        await place.target().send("x" * 2001)
    assert refused.value.code == 50035
    assert place.channel.messages == []
    assert "2000" in place.server.violations[0].detail


def _many_texts(count: int) -> ui.LayoutView:
    view = ui.LayoutView()
    for number in range(count):
        view.add_item(ui.TextDisplay(f"{number}"))
    return view


async def test_the_largest_allowed_message_is_accepted(place: Place) -> None:
    await place.target().send(view=_many_texts(40))
    await place.target().send("x" * 2000)
    assert len(place.channel.messages) == 2
    assert place.server.violations == []


async def test_galleries_and_files_of_a_component_message_are_resolved(place: Place) -> None:
    view = ui.LayoutView()
    view.add_item(ui.MediaGallery(discord.MediaGalleryItem("attachment://a.png", description="A")))
    view.add_item(ui.File("attachment://b.csv"))
    thumbnail: ui.Thumbnail[Any] = ui.Thumbnail("https://example.com/t.png")
    view.add_item(ui.Section(ui.TextDisplay("By"), accessory=thumbnail))
    files = [discord.File(io.BytesIO(b"png"), "a.png"), discord.File(io.BytesIO(b"csv"), "b.csv")]
    sent = await place.target().send(view=view, files=files)
    gallery = place.channel.messages[0].components[0]
    assert gallery["items"][0]["media"]["url"] == sent.attachments[0].url
    await sent.edit(view=_many_texts(1), attachments=[])
    assert place.channel.messages[0].text == "0" and place.channel.messages[0].attachments == []
    assert place.server.violations == []


async def test_a_modal_takes_choices_and_files_and_a_select_takes_people(place: Place) -> None:
    received: list[Any] = []

    class Form(ui.Modal, title="Form"):
        kind: ui.Label[Any] = ui.Label(
            text="Kind",
            component=ui.Select(custom_id="kind", options=[discord.SelectOption(label="A", value="a")]),
        )
        file: ui.Label[Any] = ui.Label(text="File", component=ui.FileUpload(custom_id="file"))

        async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
            assert isinstance(self.kind.component, ui.Select)
            assert isinstance(self.file.component, ui.FileUpload)
            received.extend(
                [*self.kind.component.values, place.server.world.files[self.file.component.values[0].id]]
            )
            await interaction.response.defer()
            await interaction.followup.send("taken", ephemeral=True)

    class Choose(ui.View):
        @ui.select(cls=ui.UserSelect, custom_id="who")
        async def who(self, interaction: discord.Interaction[Any], select: ui.UserSelect[Any]) -> None:
            received.append(select.values[0].name)
            await interaction.response.send_modal(Form())

    message = await place.target().send("Who?", view=Choose(timeout=None))
    stored = place.channel.message(message.id)
    assert stored is not None
    opened = await place.server.press(stored, "who", place.ada, [place.bob])
    done = await place.server.submit_modal(opened, {"kind": "a", "file": [("n.txt", b"note")]})
    await done.wait_for(lambda ix: ix.text == "taken")
    assert received == ["bob", "a", b"note"]
    assert place.server.violations == []


async def test_files_are_kept_and_too_large_ones_refused(place: Place) -> None:
    file = discord.File(io.BytesIO(b"a,b"), "winners.csv", description="Winners")
    sent = await place.target().send("see", file=file)
    assert place.channel.messages[0].attachments[0].content == b"a,b"
    assert await sent.attachments[0].read() == b"a,b"
    with pytest.raises(discord.HTTPException) as refused:
        await place.target().send(file=discord.File(io.BytesIO(bytes(10 * 1024 * 1024 + 1)), "big.bin"))
    assert refused.value.code == 40005


async def test_a_rate_limit_is_obeyed(place: Place) -> None:
    place.server.limit("POST", "/channels/*/messages", 2, 0.2)
    for number in range(5):
        await place.target().send(str(number))
    assert [m.content for m in place.channel.messages] == list("01234")
    assert place.server.rate_limited == 0, "discord.py reads the headers and waits by itself"


async def test_an_ordered_429_is_waited_out(place: Place) -> None:
    place.server.fail_next("POST", "/channels/*/messages", 429, retry_after=0.05)
    await place.target().send("late")
    statuses = [r.status for r in place.server.requests if r.path.endswith("/messages")]
    assert statuses == [429, 200] and len(place.channel.messages) == 1


async def test_a_held_request_waits_for_its_gate(place: Place) -> None:
    gate = place.server.hold("POST", "/channels/*/messages")
    sending = asyncio.create_task(place.target().send("held"))
    await gate.reached()
    assert place.channel.messages == []
    gate.open()
    await sending
    assert len(place.channel.messages) == 1


@pytest.mark.parametrize(
    ("arrange", "code"),
    [
        (lambda p: p.channel.delete(), 10003),
        (lambda p: p.channel.deny(p.guild.bot, Permission.VIEW_CHANNEL), 50001),
        (lambda p: p.channel.deny(p.guild.bot, Permission.SEND_MESSAGES), 50013),
        (lambda p: p.guild.remove_bot(), 50001),
    ],
)
async def test_lost_places_are_refusals_and_no_violations(
    place: Place, arrange: Callable[[Place], None], code: int
) -> None:
    arrange(place)
    with pytest.raises((discord.Forbidden, discord.NotFound)) as refused:
        await place.target().send("hi")
    assert refused.value.code == code
    assert place.server.requests[-1].code == code
    assert place.server.violations == []


async def test_direct_messages_arrive_unless_they_are_closed(place: Place) -> None:
    eve = place.server.add_user("eve", accepts_dms=False)
    await (await place.bot.fetch_user(place.ada.id)).send("psst")
    assert [m.content for m in place.server.dm(place.ada.user).messages] == ["psst"]
    with pytest.raises(discord.Forbidden) as refused:
        await (await place.bot.fetch_user(eve.id)).send("psst")
    assert refused.value.code == 50007


async def test_pings_are_computed_from_what_is_allowed(place: Place) -> None:
    text = f"@everyone <@{place.ada.id}> <@&5>"
    await place.target().send(text)
    await place.target().send(text, allowed_mentions=discord.AllowedMentions.none())
    only_ada = discord.AllowedMentions(users=[discord.Object(place.ada.id)], everyone=False, roles=False)
    await place.target().send(text, allowed_mentions=only_ada)
    loud, silent, one = place.channel.messages
    assert loud.pings.everyone and loud.pings.users == {place.ada.id} and loud.pings.roles == {5}
    assert silent.pings == NOBODY
    assert one.pings.users == {place.ada.id} and not one.pings.everyone


async def test_threads_forum_posts_and_crossposts(place: Place) -> None:
    news = place.guild.add_channel("news", kind=ChannelKind.ANNOUNCEMENT)
    forum = place.guild.add_channel("forum", kind=ChannelKind.FORUM, tags=["x"], require_tag=True)
    message = await place.target(news).send("news")
    with pytest.raises(discord.HTTPException):
        await place.target(forum).send("not here")
    channel = await place.bot.fetch_channel(news.id)
    assert isinstance(channel, discord.TextChannel)
    full = await channel.fetch_message(message.id)
    await full.publish()
    thread = await full.create_thread(name="talk")
    await thread.send("inside")
    board = await place.bot.fetch_channel(forum.id)
    assert isinstance(board, discord.ForumChannel)
    with pytest.raises(discord.HTTPException) as refused:
        await board.create_thread(name="post", content="hi")
    assert refused.value.code == 40067
    await board.create_thread(name="post", content="hi", applied_tags=board.available_tags)
    assert news.messages[0].crossposted
    assert [m.content for m in news.threads[0].messages] == ["inside"]
    assert [m.content for m in forum.threads[0].messages] == ["hi"]


async def test_messages_are_read_edited_and_deleted(place: Place) -> None:
    sent = [await place.target().send(str(n)) for n in range(3)]
    channel = await place.bot.fetch_channel(place.channel.id)
    assert isinstance(channel, discord.TextChannel)
    assert [m.content async for m in channel.history(limit=2)] == ["2", "1"]
    await sent[0].edit(content="zero")
    await sent[1].delete()
    assert [m.content for m in place.channel.messages] == ["zero", "2"]
    assert place.channel.messages[0].edits[0].content == "0"
    assert (await channel.fetch_message(sent[2].id)).content == "2"
    with pytest.raises(discord.NotFound):
        await channel.fetch_message(sent[1].id)


async def test_a_dropped_connection_resumes_and_misses_nothing(place: Place) -> None:
    place.server.gateway.drop()
    await place.server.gateway.wait_disconnected()
    late = place.guild.add_channel("late")
    await place.server.gateway.wait_connected(10)
    ix = await place.server.slash(place.guild, late, place.ada, "draw admin purge", {"channel": late})
    assert ix.text == "purged late"
    assert (place.server.gateway.identifies, place.server.gateway.resumes) == (1, 1)


async def test_the_bot_comes_back_after_the_whole_service_was_away(place: Place) -> None:
    await place.server.stop()
    await place.server.start()
    await place.server.gateway.wait_connected(10)
    await place.target().send("back")
    assert [m.content for m in place.channel.messages] == ["back"]


async def test_an_interaction_delivered_twice_is_answered_once(place: Place) -> None:
    ix = await place.server.slash(
        place.guild, place.channel, place.ada, "draw admin purge", {"channel": place.other}
    )
    place.server.redeliver(ix)
    await place.server.world.changes.wait_for(lambda: place.server.violations, 5, "a second answer")
    assert [v.code for v in place.server.violations] == [40060]
    assert len(place.channel.messages) == 1


async def test_a_view_kept_in_memory_is_found_by_its_interaction(place: Place) -> None:
    pressed = asyncio.Event()

    class Confirm(ui.View):
        @ui.button(label="Yes")
        async def yes(self, interaction: discord.Interaction[Any], button: ui.Button[Any]) -> None:
            pressed.set()
            await interaction.response.defer()
            await interaction.edit_original_response(content="done", view=None)

    async def confirm(interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_message("Sure?", view=Confirm())

    place.bot.tree.command(name="confirm", description="Asks")(confirm)
    await place.bot.tree.sync()
    ix = await place.server.slash(place.guild, place.channel, place.ada, "confirm")
    assert ix.original is not None
    press = await place.server.press(ix, ix.original.button("Yes")["custom_id"], place.ada)
    assert (await press.wait_for_answer()).content == "done"
    assert pressed.is_set() and place.server.violations == []


async def test_commands_for_managers_are_not_offered_to_others(place: Place) -> None:
    async def manage(interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_message(f"{interaction.app_permissions.send_messages}")

    command = place.bot.tree.command(name="manage", description="For managers")(manage)
    command.default_permissions = discord.Permissions(manage_guild=True)
    await place.bot.tree.sync()
    with pytest.raises(NotOffered, match="lacks the permissions"):
        await place.server.slash(place.guild, place.channel, place.bob, "manage")
    place.bob.set_permissions(Permission.MANAGE_GUILD)
    place.channel.deny(place.guild.bot, Permission.SEND_MESSAGES)
    ix = await place.server.slash(place.guild, place.channel, place.bob, "manage")
    assert ix.text == "False", "app_permissions tell of the channel's overwrites"


async def test_an_outage_is_no_removal(place: Place) -> None:
    guild = place.bot.get_guild(place.guild.id)
    assert guild is not None
    changed = asyncio.create_task(place.bot.wait_for("guild_unavailable", timeout=5))
    await asyncio.sleep(0)
    place.guild.set_unavailable()
    await changed
    assert place.bot.removed == []
    place.guild.set_unavailable(False)
    removed = asyncio.create_task(place.bot.wait_for("guild_remove", timeout=5))
    await asyncio.sleep(0)
    place.guild.remove_bot()
    await removed


async def test_a_wrong_token_and_privileged_intents_are_refused() -> None:
    async with DiscordServer() as server:
        with redirected(server):
            with pytest.raises(discord.LoginFailure):
                await _start_and_close(discord.Client(intents=discord.Intents.none()), "wrong")
            with pytest.raises(discord.PrivilegedIntentsRequired):
                await _start_and_close(discord.Client(intents=discord.Intents.all()), server.token)
    assert server.gateway.close_codes == [4014]


async def _start_and_close(client: discord.Client, token: str) -> None:
    async with client:
        await client.start(token)


async def _send(place: Place, method: str, path: str, body: Any) -> tuple[int, Any]:
    headers = {"Authorization": f"Bot {place.server.token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.request(method, place.server.api_url + path, json=body) as response,
    ):
        return response.status, await response.json() if response.status != 204 else None


async def _callback(place: Place, ix: Any, body: dict[str, Any]) -> tuple[int, Any]:
    return await _send(place, "POST", f"/interactions/{ix.id}/{ix.token}/callback", body)
