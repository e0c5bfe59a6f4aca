"""Threads, posts of forums and announcements in the Discord double, asked by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.doubles.discord import Channel, ChannelKind, DiscordServer, Guild, Permission

MESSAGE = {"content": "hi"}


class Clock:
    """Seconds that pass when a test says so."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


class Caller:
    """A bot that makes its requests by hand."""

    def __init__(self, server: DiscordServer, session: aiohttp.ClientSession, clock: Clock) -> None:
        self.server = server
        self.clock = clock
        self.guild: Guild = server.add_guild()
        self._session = session

    async def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        headers = {"Authorization": f"Bot {self.server.token}"}
        url = f"{self.server.api_url}{path}"
        async with self._session.request(method, url, json=body, headers=headers) as answer:
            return answer.status, await answer.json() if answer.status != 204 else None

    async def code(self, method: str, path: str, body: Any = None) -> int:
        """The error code of a refusal."""
        status, answer = await self.ask(method, path, body)
        assert status >= 400
        return int(answer["code"])

    async def message(self, channel: Channel) -> str:
        """The path of a new message."""
        _, made = await self.ask("POST", f"/channels/{channel.id}/messages", MESSAGE)
        return f"/channels/{channel.id}/messages/{made['id']}"

    async def post(self, forum: Channel, **fields: Any) -> tuple[int, Any]:
        return await self.ask(
            "POST", f"/channels/{forum.id}/threads", {"name": "n", "message": MESSAGE, **fields}
        )


@pytest.fixture
async def bot() -> AsyncIterator[Caller]:
    clock = Clock()
    async with DiscordServer(clock=clock, check_answers=True) as server, aiohttp.ClientSession() as session:
        yield Caller(server, session, clock)
        assert server.drift == [], "the double's own answers must fit the specification"


async def test_a_message_has_one_thread_with_its_id(bot: Caller) -> None:
    path = await bot.message(bot.guild.add_channel("alerts"))
    status, thread = await bot.ask("POST", f"{path}/threads", {"name": "talk"})
    assert status == 201 and path.endswith(thread["id"])
    assert await bot.code("POST", f"{path}/threads", {"name": "talk"}) == 160004
    assert bot.server.violations == []


async def test_threads_need_a_right_of_their_own(bot: Caller) -> None:
    channel = bot.guild.add_channel("alerts")
    channel.deny(bot.guild.bot, Permission.CREATE_PUBLIC_THREADS)
    assert await bot.code("POST", f"{await bot.message(channel)}/threads", {"name": "talk"}) == 50013


async def test_a_server_has_room_for_a_thousand_active_threads(bot: Caller) -> None:
    forum = bot.guild.add_channel("ideas", kind=ChannelKind.FORUM)
    for number in range(1000):
        bot.guild.channels[number + 1] = Channel(
            bot.server.world, number + 1, "t", ChannelKind.PUBLIC_THREAD, bot.guild, parent=forum
        )
    assert (await bot.post(forum))[1]["code"] == 160006


async def test_forums_take_posts_and_no_messages(bot: Caller) -> None:
    forum = bot.guild.add_channel("ideas", kind=ChannelKind.FORUM)
    assert await bot.code("POST", f"/channels/{forum.id}/messages", MESSAGE) == 40058
    status, post = await bot.post(forum)
    assert status == 201 and post["message"]["id"] == post["id"]
    assert (await bot.post(forum, message={**MESSAGE, "nonce": "n"}))[1]["code"] == 50035
    forum.deny(bot.guild.bot, Permission.SEND_MESSAGES)
    assert (await bot.post(forum))[1]["code"] == 50013


async def test_tags_are_the_forum_s_at_most_five_and_some_are_reserved(bot: Caller) -> None:
    forum = bot.guild.add_channel("ideas", kind=ChannelKind.FORUM, tags=map(str, range(6)), require_tag=True)
    tags = [str(tag) for tag in forum.tags]
    assert (await bot.post(forum))[1]["code"] == 40067
    assert (await bot.post(forum, applied_tags=tags))[1]["code"] == 50035
    assert (await bot.post(forum, applied_tags=["1"]))[1]["code"] == 50035
    forum.moderated_tags = {int(tags[0])}
    assert (await bot.post(forum, applied_tags=tags[:1]))[1]["code"] == 50013
    forum.allow(bot.guild.bot, Permission.MANAGE_THREADS)
    assert (await bot.post(forum, applied_tags=tags[:5]))[0] == 201


async def test_active_and_archived_threads_are_listed_apart(bot: Caller) -> None:
    forum = bot.guild.add_channel("ideas", kind=ChannelKind.FORUM)
    made = [(await bot.post(forum))[1]["id"] for _ in range(4)]
    for post in forum.threads[:3]:
        post.archived = True
    _, active = await bot.ask("GET", f"/guilds/{bot.guild.id}/threads/active")
    _, archived = await bot.ask("GET", f"/channels/{forum.id}/threads/archived/public?limit=2")
    assert [one["id"] for one in active["threads"]] == made[3:]
    assert [one["id"] for one in archived["threads"]] == [made[2], made[1]] and archived["has_more"]


async def test_an_archived_thread_is_opened_before_its_messages_change(bot: Caller) -> None:
    forum = bot.guild.add_channel("ideas", kind=ChannelKind.FORUM)
    _, post = await bot.post(forum)
    (thread,) = forum.threads
    message = f"/channels/{thread.id}/messages/{post['id']}"
    thread.archived = True
    assert await bot.code("PATCH", message, MESSAGE) == 50083
    assert await bot.code("DELETE", message) == 50083
    assert (await bot.ask("PATCH", f"/channels/{thread.id}", {"archived": False}))[0] == 200
    assert (await bot.ask("PATCH", message, MESSAGE))[0] == 200
    thread.locked = True
    assert await bot.code("PATCH", f"/channels/{thread.id}", {"archived": False}) == 50013


async def test_a_bot_names_threads_of_its_own_and_no_channels(bot: Caller) -> None:
    forum = bot.guild.add_channel("ideas", kind=ChannelKind.FORUM)
    await bot.post(forum)
    (thread,) = forum.threads
    assert (await bot.ask("PATCH", f"/channels/{thread.id}", {"name": "new"}))[1]["name"] == "new"
    thread.owner_id = 1
    assert await bot.code("PATCH", f"/channels/{thread.id}", {"name": "newer"}) == 50013
    assert await bot.code("PATCH", f"/channels/{forum.id}", {"name": "mine"}) == 50013


async def test_ten_messages_are_published_in_an_hour(bot: Caller) -> None:
    news = bot.guild.add_channel("news", kind=ChannelKind.ANNOUNCEMENT)
    paths = [await bot.message(news) for _ in range(11)]
    for path in paths[:10]:
        assert (await bot.ask("POST", f"{path}/crosspost"))[0] == 200
        bot.clock.now += 60
    status, answer = await bot.ask("POST", f"{paths[10]}/crosspost")
    assert (status, answer["retry_after"]) == (429, 3000.0)
    assert await bot.code("POST", f"{paths[0]}/crosspost") == 40033
    bot.clock.now += 3000
    assert (await bot.ask("POST", f"{paths[10]}/crosspost"))[0] == 200


async def test_only_announcements_are_published(bot: Caller) -> None:
    path = await bot.message(bot.guild.add_channel("alerts"))
    assert await bot.code("POST", f"{path}/crosspost") == 50024


@pytest.mark.parametrize(
    "allowed",
    [
        {"parse": ["everything"]},
        {"parse": [], "roles": ["one"]},
        {"parse": [], "roles": ["1", "1"]},
        {"parse": [], "roles": [str(number) for number in range(101)]},
        {"parse": ["roles"], "roles": ["1"]},
    ],
)
@pytest.mark.parametrize("known", [True, False], ids=["with the specification", "without it"])
async def test_mentions_are_allowed_in_one_way_only(bot: Caller, allowed: Any, known: bool) -> None:
    channel = bot.guild.add_channel("alerts")
    if not known:
        bot.server.specification = None
    body = {"content": "x", "allowed_mentions": allowed}
    assert await bot.code("POST", f"/channels/{channel.id}/messages", body) == 50035
