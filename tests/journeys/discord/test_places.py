"""Forums, threads, announcements and age-restricted channels: routes lead to all of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.doubles.discord import NOBODY, Channel, ChannelKind, Interaction, Pings
from tests.journeys.discord.place import Place
from tests.journeys.run.events import HOSTILE, emit, tweet

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def _server(shared: Place) -> tuple[Place, str]:
    """A server that watches nasa; its Xquik key."""
    key = await shared.vendors.new_key()
    place = await shared.elsewhere(key)
    await place.watch()
    return place, key


async def _answered(ix: Interaction) -> str:
    return (await ix.wait_for_answer()).text


async def _route(place: Place, channel: Channel, **look: str) -> None:
    """A route to the channel, and how its messages look."""
    added = await _answered(await place.run("relay add", {"channel": (f"#{channel.name}",), "name": ("r",)}))
    assert "Route added" in added
    if look:
        values = {"route": ("r",), **{n: (text,) for n, text in look.items()}}
        assert "Look saved" in await _answered(await place.run("relay look", values))


async def _holds(place: Place, condition: Any, what: str) -> None:
    await place.server.world.changes.wait_for(condition, 10.0, what)


async def test_in_a_forum_every_event_is_a_post_with_tags_and_roles(shared: Place) -> None:
    place, key = await _server(shared)
    forum = place.guild.add_channel("ideas", kind=ChannelKind.FORUM, tags=["Launches", "Other"])
    forum.require_tag = True
    role = place.guild.add_role("space")
    await _route(place, forum, tags="launches", ping=f"<@&{role.id}>")
    for number in range(2):
        await emit(shared.vendors, key, tweet(number, HOSTILE if number else ""))
    await _holds(place, lambda: len(forum.threads) == 2, "two posts")
    for post in forum.threads:
        (message,) = post.messages
        assert [forum.tags[tag] for tag in post.applied_tags] == ["Launches"]
        assert message.pings == Pings(roles=frozenset({role.id}))
    assert "Tweet number 0" in forum.threads[0].name


async def test_a_forum_that_requires_a_tag_pauses_the_route_with_a_word(shared: Place) -> None:
    place, key = await _server(shared)
    forum = place.guild.add_channel("ideas", kind=ChannelKind.FORUM, tags=["Launches"], require_tag=True)
    await _route(place, forum)
    await emit(shared.vendors, key, tweet(1))
    (told,) = await shared.server.dm(place.ada.user).wait_for_messages(1, 10)
    assert "needs a tag" in told.text and "Launches" in told.text
    looked = await place.run("relay look", {"route": ("r",), "tags": ("launches",)})
    assert "Look saved" in await _answered(looked)
    await _answered(await place.run("relay resume", {"route": ("r",)}))
    await _holds(place, lambda: len(forum.threads) == 1, "the post that waited")


async def test_a_conversation_stands_in_the_thread_of_its_tweet(shared: Place) -> None:
    place, key = await _server(shared)
    await _route(place, place.alerts, thread="tweet")
    first = tweet(1)
    await emit(shared.vendors, key, first | {"conversationId": first["id"]})
    await place.alerts.wait_for_messages(1, 10)
    replies = [tweet(number, conversationId=first["id"], inReplyToId=first["id"]) for number in (2, 3)]
    for reply in replies:
        await emit(shared.vendors, key, reply, "tweet.reply")
    await _holds(place, lambda: [len(t.messages) for t in place.alerts.threads] == [2], "the thread")
    assert len(place.alerts.messages) == 1
    assert place.alerts.threads[0].id == place.alerts.messages[0].id


async def test_announcements_are_published(shared: Place) -> None:
    place, key = await _server(shared)
    news = place.guild.add_channel("news", kind=ChannelKind.ANNOUNCEMENT)
    await _route(place, news, publish="yes", layout="compact")
    for number in range(3):
        await emit(shared.vendors, key, tweet(number))
    await _holds(place, lambda: [m.crossposted for m in news.messages] == [True] * 3, "three published")


async def test_sensitive_tweets_go_where_the_channel_is_age_restricted(shared: Place) -> None:
    place, key = await _server(shared)
    adult = place.guild.add_channel("adult", nsfw=True)
    await _answered(await place.run("relay add", {"channel": (f"#{adult.name}",), "name": ("a",)}))
    await _route(place, place.alerts, layout="link")
    await emit(shared.vendors, key, tweet(1, possiblySensitive=True))
    await emit(shared.vendors, key, tweet(2))
    await adult.wait_for_messages(2, 10)
    (message,) = await place.alerts.wait_for_messages(1, 10)
    assert message.content == f"https://x.com/nasa/status/{tweet(2)['id']}"
    assert message.components == [] and message.pings == NOBODY
