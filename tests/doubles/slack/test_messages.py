"""What becomes of a message after it was posted: previews, threads, deletion, whom it notified."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.doubles.slack import Channel, SlackServer

X = "https://x.com/nasa/status/1"


@dataclass(frozen=True, slots=True)
class Room:
    """A channel, and the bot's client."""

    server: SlackServer
    channel: Channel
    client: AsyncWebClient


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    async with SlackServer() as server:
        workspace = server.add_workspace("T0001")
        workspace.grant_scopes("channels:history")
        client = AsyncWebClient(token=workspace.bot_token, base_url=server.api_url)
        yield Room(server, workspace.add_channel("C0001", "alerts"), client)


async def test_a_preview_is_shown_where_it_was_asked_for_and_words_stand_alone(room: Room) -> None:
    blocks = [{"type": "divider"}]
    await room.client.chat_postMessage(channel="C0001", text=f"<{X}>", unfurl_links=True)
    await room.client.chat_postMessage(channel="C0001", text=f"<{X}>")
    await room.client.chat_postMessage(channel="C0001", text=f"<{X}>", unfurl_links=True, blocks=blocks)
    assert [message.previewed for message in room.channel.messages] == [[X], [], []]


@pytest.mark.parametrize("text", ["*b*", "so _it_ is", "~s~", "`c`", ":tada:", "&gt; quoted", "a\n> b"])
async def test_marks_are_read_unless_that_is_switched_off(room: Room, text: str) -> None:
    await room.client.chat_postMessage(channel="C0001", text=text)
    await room.client.chat_postMessage(channel="C0001", text=text, mrkdwn=False)
    assert [bool(message.emphasis) for message in room.channel.messages] == [True, False]


@pytest.mark.parametrize("text", ["a * b * c", "snake_case_name", "5 > 3", "2*3*4"])
async def test_marks_that_stand_alone_are_only_marks(room: Room, text: str) -> None:
    await room.client.chat_postMessage(channel="C0001", text=text)
    assert room.channel.messages[0].emphasis == []


async def test_a_message_notifies_when_it_is_posted_and_not_when_it_is_edited(room: Room) -> None:
    posted = await room.client.chat_postMessage(channel="C0001", text="quiet")
    await room.client.chat_update(channel="C0001", ts=str(posted["ts"]), text="<!subteam^S1> loud")
    (message,) = room.channel.messages
    assert (message.pings, message.notified) == (["<!subteam^S1>"], ())
    await room.client.chat_postMessage(channel="C0001", text="<!subteam^S1> loud")
    assert room.channel.messages[1].notified == ("<!subteam^S1>",)


async def test_a_deleted_message_with_replies_leaves_a_tombstone(room: Room) -> None:
    root = str((await room.client.chat_postMessage(channel="C0001", text="root"))["ts"])
    await room.client.chat_postMessage(channel="C0001", text="below", thread_ts=root)
    before = await room.client.conversations_history(channel="C0001")
    assert [(m["text"], m["reply_count"]) for m in before["messages"]] == [("root", 1)]
    await room.client.chat_delete(channel="C0001", ts=root)
    after = await room.client.conversations_history(channel="C0001")
    assert [(m["subtype"], m["text"]) for m in after["messages"]] == [
        ("tombstone", "This message was deleted.")
    ]
    below = await room.client.conversations_replies(channel="C0001", ts=root)
    assert [m["text"] for m in below["messages"]] == ["This message was deleted.", "below"]
    assert [m.text for m in room.channel.messages] == ["below"]


async def test_a_message_is_deleted_once_and_only_by_its_author(room: Room) -> None:
    ts = str((await room.client.chat_postMessage(channel="C0001", text="ours"))["ts"])
    await room.client.chat_delete(channel="C0001", ts=ts)
    with pytest.raises(SlackApiError, match="message_not_found"):
        await room.client.chat_delete(channel="C0001", ts=ts)
    assert (await room.client.conversations_history(channel="C0001"))["messages"] == []
    ann = room.channel.workspace.add_user("U1", "ann")
    hers = room.channel.workspace.say(ann, room.channel, "hers")
    with pytest.raises(SlackApiError, match="cant_delete_message"):
        await room.client.chat_delete(channel="C0001", ts=hers.ts)
    assert [violation.rule for violation in room.server.violations] == ["cant_delete_message"]
