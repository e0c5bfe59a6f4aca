"""Every place of a message where Discord puts a link, from the menu of the message to the command."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.discord.texts import texts_of
from bot.core.x.references import find_posts
from tests.adapters.discord.harness import DiscordHarness
from tests.doubles.discord import Channel, DiscordServer, Guild, Member
from tests.doubles.discord.messages import Attachment

LINK = "https://x.com/nasa/status/1893456789012345678"
PLACES: dict[str, dict[str, Any]] = {
    "the text": {"content": f"({LINK})."},
    "the text, as a spoiler": {"content": f"||<{LINK}>||"},
    "the text, under words": {"content": f"看[这里]({LINK})"},
    "the text, a mirror": {"content": "https://fixupx.com/nasa/status/1893456789012345678"},
    "the text, on a phone": {"content": "https://m.twitter.com/nasa/status/1893456789012345678?s=20"},
    "the text, with unseen characters": {"content": f"\u2066{LINK}\u2069\u200b"},
    "the address of an embed": {"embeds": [{"url": LINK, "title": "NASA"}]},
    "the title of an embed": {"embeds": [{"title": f"Re: {LINK}"}]},
    "the description of an embed": {"embeds": [{"description": f"قال: {LINK}، نعم"}]},
    "the author of an embed": {"embeds": [{"author": {"name": "NASA", "url": LINK}}]},
    "a field of an embed": {"embeds": [{"fields": [{"name": "Link", "value": f"`{LINK}`"}]}]},
    "the footer of an embed": {"embeds": [{"footer": {"text": f"via {LINK}"}}]},
    "a forwarded text": {"message_snapshots": [{"message": {"content": LINK}}]},
    "a forwarded embed": {"message_snapshots": [{"message": {"content": "", "embeds": [{"url": LINK}]}}]},
    "a text display": {"components": [{"type": 10, "content": f"**{LINK}**"}]},
    "a section": {
        "components": [{"type": 9, "components": [{"type": 10, "content": LINK}], "accessory": {"type": 2}}]
    },
    "a container": {
        "components": [
            {"type": 17, "components": [{"type": 10, "content": "https\\://x.com/nasa/status/" + "9" * 9}]}
        ]
    },
    "a button": {
        "components": [{"type": 1, "components": [{"type": 2, "style": 5, "label": "Open", "url": LINK}]}]
    },
    "a picture of a gallery": {
        "components": [
            {"type": 12, "items": [{"media": {"url": "https://a.example/1.png"}, "description": LINK}]}
        ]
    },
    "the description of a file": {
        "attachments": [Attachment(1, "a.png", b"a", "https://a.example/a.png", description=f"From {LINK}")]
    },
    "a poll": {"poll": {"question": {"text": f"{LINK}?"}, "answers": []}},
    "an answer of a poll": {
        "poll": {"question": {"text": "Which?"}, "answers": [{"poll_media": {"text": LINK}}]}
    },
}


@pytest.mark.parametrize("place", PLACES)
async def test_a_tweet_is_found_wherever_it_stands(
    server: DiscordServer, guild: Guild, channel: Channel, ben: Member, house: DiscordHarness, place: str
) -> None:
    fields = {"content": "", **PLACES[place]}
    message = channel.post(ben, fields.pop("content"), **fields)
    ix = await server.message_command(guild, channel, ben, "Show tweet", message)
    await ix.wait_for_answer()
    ((what, args),) = house.stage.seen
    assert (what, args.tweet.id) == ("tweet show", "999999999" if place == "a container" else LINK[-19:])


@pytest.mark.parametrize(
    "fields",
    [
        {"content": "https://x.com.evil.example/nasa/status/20"},
        {"content": "[https://x.com/nasa/status/20](https://evil.example)"},
        {"content": "https://evil.example\\x.com/nasa/status/20"},
        {"embeds": [{"url": "https://x.com:8080/nasa/status/20"}]},
        {"components": [{"type": 2, "custom_id": LINK, "label": "Open"}]},
    ],
)
async def test_what_is_no_link_to_a_tweet_is_told_so(
    server: DiscordServer,
    guild: Guild,
    channel: Channel,
    ben: Member,
    house: DiscordHarness,
    fields: dict[str, Any],
) -> None:
    message = channel.post(
        ben, fields.get("content", ""), **{k: v for k, v in fields.items() if k != "content"}
    )
    ix = await server.message_command(guild, channel, ben, "Show tweet", message)
    assert "no link to a tweet" in ix.text
    assert house.stage.seen == []


def test_what_a_message_answers_is_not_of_the_message() -> None:
    assert list(texts_of({"content": "yes", "referenced_message": {"content": LINK}})) == ["yes"]


def test_what_people_see_first_comes_first() -> None:
    message = {
        "attachments": [{"description": "https://x.com/d/status/4"}],
        "components": [{"type": 10, "content": "https://x.com/c/status/3"}],
        "embeds": [{"description": "https://x.com/z/status/9", "url": "https://x.com/b/status/2"}],
        "content": "https://x.com/a/status/1",
    }
    found = [post.id for text in texts_of(message) for post in find_posts(text)]
    assert found == ["1", "2", "9", "3", "4"]


@pytest.mark.parametrize("odd", [None, 7, "text", [None, 7], {"a": 1}])
def test_a_message_of_another_shape_is_read_as_far_as_it_goes(odd: Any) -> None:
    keys = ("embeds", "components", "attachments", "message_snapshots", "poll")
    assert list(texts_of({"content": "x", **dict.fromkeys(keys, odd)})) == ["x"]
    assert list(texts_of({"content": "x", "embeds": [{"author": odd, "fields": odd, "footer": odd}]})) == [
        "x"
    ]


def test_a_message_nested_beyond_measure_ends() -> None:
    inner: dict[str, Any] = {"type": 10, "content": LINK}
    for _ in range(500):
        inner = {"type": 17, "components": [inner]}
    assert list(texts_of({"components": [inner]})) == []
