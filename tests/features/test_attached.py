"""`media upload`, and tweets with pictures and videos, from the command to the sandbox."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.cards import Card, Fields
from bot.core.commands.outcomes import InvocationOutcome
from bot.core.media.limits import UPLOAD, measured
from bot.core.x.media_refs import kept_as
from bot.core.x.references import find_posts
from bot.storage.tables import media_files, media_parts
from bot.xquik.models import Tweet
from tests.features.edge import words
from tests.features.harness import ADMIN, ELSEWHERE, HERE, MEMBER, TEAM, TWEET, BotHarness
from tests.media import GIF, WEBP, mp4, png

PICTURES = "https://images.example.com/media"


async def attach(
    house: BotHarness, data: bytes, name: str = "moon.png", *, by: str = ADMIN.id, tenant: Any = HERE
) -> str:
    """A file that a person handed in, as an option names it."""
    found = measured(name, data)
    media = house.app.services.media
    return kept_as((await media.keep(tenant, by, name=name, source=name, data=data, measured=found)).id)


def fields(card: Card) -> dict[str, str]:
    return {
        str(item.name): "".join(map(str, item.value))
        for block in card.blocks
        if isinstance(block, Fields)
        for item in block.items
    }


async def stored(house: BotHarness) -> tuple[int, int]:
    """Files and parts that are stored."""

    async def work(connection: AsyncConnection) -> tuple[int, int]:
        files = (await connection.execute(select(func.count()).select_from(media_files))).scalar_one()
        return files, (await connection.execute(select(func.count()).select_from(media_parts))).scalar_one()

    return await house.app.database.read(work)


async def uploads(house: BotHarness) -> int:
    return int((await house.state())["writes"].get("upload_media", 0))


async def posted(house: BotHarness, done: Card) -> Tweet:
    """What stands on X now."""
    (found,) = find_posts(next(button.url or "" for button in done.buttons if button.url))
    return await house.app.services.connections.client(SecretStr(house.sandbox.api_key)).tweets.show(found.id)


async def test_a_picture_is_shown_with_its_price_before_anything_is_sent(house: BotHarness) -> None:
    shown = await house.say(f"media upload media:{await attach(house, png())}")
    assert shown.outcome is InvocationOutcome.OK
    assert shown.card.title == "Upload this to Xquik?"
    assert fields(shown.card)["Media 1"] == "moon.png (PNG, 1 KB)"
    assert "About 10 credits" in str(shown.card.blocks)
    (file,) = shown.reply.files
    assert (file.name, file.content, file.seen) == ("moon.png", png(), True)
    assert await uploads(house) == 0


async def test_what_was_uploaded_has_a_link_and_an_id(house: BotHarness) -> None:
    done = await house.done(f"media upload media:{await attach(house, GIF, 'a.gif')}")
    told = fields(done.card)
    assert told["Link, for tweets"].startswith("http")
    assert told["Media id, for direct messages (24 hours)"].isdecimal()
    (row,) = await house.app.services.handoff.rows(HERE)
    assert row.fields["media_id"] == told["Media id, for direct messages (24 hours)"]
    assert (row.fields["source"], row.fields["endpoint"]) == ("a.gif", "POST /x/media")
    assert (await stored(house))[1] == 0


async def test_a_link_is_fetched_looked_at_and_uploaded_as_what_was_shown(house: BotHarness) -> None:
    shown = await house.say(f"media upload {PICTURES}/moon.png")
    (file,) = shown.reply.files
    assert file.content.startswith(b"\x89PNG")
    assert fields(shown.card)["Media 1"].startswith("moon.png (PNG, ")
    await house.confirm(shown)
    (row,) = await house.app.services.handoff.rows(HERE)
    assert row.fields["source"] == f"{PICTURES}/moon.png"


async def test_a_tweet_with_pictures_says_both_prices_and_posts_their_links(house: BotHarness) -> None:
    first, second = await attach(house, png(noise=1_100_000)), await attach(house, GIF, "a.gif")
    shown = await house.say(f'tweet post "Two" media:{first},{second}')
    told = fields(shown.card)
    assert told["Price"] == "20 credits to upload, 34 to post"
    assert (told["Media 1"], told["Media 2"]) == ("moon.png (PNG, 1.1 MB)", "a.gif (GIF, 1 KB)")
    assert "About 54 credits" in str(shown.card.blocks)
    assert [file.name for file in shown.reply.files] == ["moon.png", "a.gif"]
    done = await house.confirm(shown)
    assert done.title == "Posted on X" and "Charged: 54 credits." in str(done.blocks)
    assert len((await posted(house, done)).media) == 2
    assert await uploads(house) == 2
    assert (await stored(house))[1] == 0


async def test_a_video_is_told_by_name_length_and_size(house: BotHarness) -> None:
    shown = await house.say(f'tweet post "Launch" media:{await attach(house, mp4(75), "launch.mp4")}')
    assert fields(shown.card)["Media 1"] == "launch.mp4 (MP4, 1m 15s, 1 KB)"
    assert shown.reply.files == ()


@pytest.mark.parametrize(
    "line",
    [
        'tweet reply https://x.com/nasa/status/1893456789012345678 text:"Well done" media:{media}',
        'tweet quote https://x.com/nasa/status/1893456789012345678 text:"Look" media:{media}',
    ],
)
async def test_replies_and_quotes_take_media_too(house: BotHarness, line: str) -> None:
    shown = await house.say(line.format(media=await attach(house, png())))
    assert fields(shown.card)["Media 1"].startswith("moon.png")
    await house.confirm(shown)
    assert await uploads(house) == 1


async def test_a_tweet_goes_into_a_community(house: BotHarness) -> None:
    shown = await house.say('tweet post "Hello" community:https://x.com/i/communities/1490000000000000001')
    assert "1490000000000000001" in fields(shown.card)["Community"]
    done = await house.confirm(shown)
    found = await house.done("community tweets https://x.com/i/communities/1490000000000000001")
    assert (await posted(house, done)).id in str(found.card.blocks)


async def test_one_bad_file_keeps_all_of_it_from_being_proposed(house: BotHarness) -> None:
    good = f"{PICTURES}/moon.png"
    said = await house.say(f'tweet post "Two" media:attached:{good},attached:{PICTURES}/none.html')
    assert said.outcome is InvocationOutcome.FAILED
    assert await stored(house) == (0, 0)
    five = " ".join(f"attached:{PICTURES}/{n}.png" for n in range(4))
    video = await attach(house, mp4(), "a.mp4")
    said = await house.say(f'tweet post "Mixed" media:{video},attached:{good}')
    assert "up to four images or one MP4" in str(said.failure.blocks), five
    assert await stored(house) == (1, 1), "the one that was handed in waits for another try"


async def test_what_somebody_else_attached_is_not_there(house: BotHarness) -> None:
    theirs = await attach(house, png(), by=TEAM.id)
    elsewhere = await attach(house, png(), tenant=ELSEWHERE)
    for value in (theirs, elsewhere, kept_as("0" * 32)):
        said = await house.say(f"media upload media:{value}")
        assert "What you attached is not kept any more." in str(said.failure.blocks)


async def test_a_file_may_be_used_for_two_previews(house: BotHarness) -> None:
    value = await attach(house, png())
    first = await house.say(f'tweet post "One" media:{value}')
    second = await house.say(f'tweet post "Two" media:{value}')
    await house.confirm(first)
    await house.confirm(second)
    assert await uploads(house) == 2
    assert (await stored(house))[1] == 0


async def test_who_may_not_post_attaches_nothing(house: BotHarness) -> None:
    said = await house.say(f"media upload media:attached:{PICTURES}/moon.png", actor=MEMBER)
    assert said.outcome is InvocationOutcome.NOT_PERMITTED
    assert await stored(house) == (0, 0)


async def test_a_path_leads_nowhere_but_at_a_terminal(house: BotHarness, tmp_path: Path) -> None:
    path = tmp_path / "moon.png"
    path.write_bytes(png())
    said = await house.say(f"media upload {path}")
    assert "A path leads nowhere from here." in str(said.failure.blocks)
    services = house.app.services
    object.__setattr__(services, "local_files", True)
    shown = await house.say(f"media upload {path}")
    assert fields(shown.card)["Media 1"].startswith("moon.png (PNG")
    for wrong in (tmp_path / "none.png", tmp_path):
        assert "cannot be read" in str((await house.say(f"media upload {wrong}")).failure.blocks)
    assert replace(services, local_files=False).local_files is False


async def test_the_log_is_the_places_own_file_line_by_line(house: BotHarness) -> None:
    empty = await house.say("media export")
    assert empty.reply.files == () and "`media upload` begins" in str(empty.card.blocks)
    value = await attach(house, png())
    await house.done(f'tweet reply {TWEET} text:"Secret words" media:{value}')
    (file,) = (await house.say("media export")).reply.files
    assert file.name == "xquik-media-handoff.jsonl"
    upload, reply = (json.loads(text) for text in file.content.decode().splitlines())
    assert list(upload) == ["event", "at", "media_id", "media_url", "success", "source", "endpoint"]
    assert (upload["event"], upload["success"], upload["source"]) == ("upload", True, "moon.png")
    assert list(reply)[2:] == [
        *("media_url", "reply_to_tweet_id", "tweet_id", "charged_credits", "write_action_id", "status"),
    ]
    assert (reply["event"], reply["media_url"], reply["charged_credits"]) == (
        "reply",
        upload["media_url"],
        42,
    )
    assert reply["reply_to_tweet_id"] == TWEET.rpartition("/")[2]
    assert b"Secret" not in file.content
    assert (await house.say("media export", tenant=ELSEWHERE)).reply.files == ()


async def test_a_video_that_is_too_large_is_told_the_way_that_a_tweet_has(
    house: BotHarness, tmp_path: Path
) -> None:
    """Xquik takes 15 MB of a file; X itself fetches a video of 100 MB from a link."""
    large = tmp_path / "launch.mp4"
    large.write_bytes(mp4(rest=bytes(UPLOAD)))
    object.__setattr__(house.app.services, "local_files", True)
    for line, link in (('tweet post "Up"', True), ("media upload", False)):
        refused = words((await house.say(f"{line} media:{large}")).failure)
        assert "launch.mp4 is too large: 15.7 MB fit" in refused and "Nothing was sent to X" in refused
        assert ("public https link" in refused) == link
    assert await uploads(house) == 0 and await stored(house) == (0, 0)
    posted = await house.say('tweet post "Up" media:https://files.example.com/launch.mp4')
    assert fields(posted.card)


async def test_who_sees_nothing_of_the_teams_inside_sees_no_log(house: BotHarness) -> None:
    assert (await house.say("media export", actor=MEMBER)).outcome is InvocationOutcome.NOT_PERMITTED


@pytest.mark.parametrize(("which", "most"), [("avatar", 700_000), ("banner", 2_000_000)])
async def test_a_picture_of_a_profile_is_shown_and_changed(house: BotHarness, which: str, most: int) -> None:
    shown = await house.say(f"profile {which} media:{await attach(house, png(40, 40), 'me.png')}")
    assert shown.card.title == f"Change the {which} on X?"
    assert fields(shown.card)["Media 1"] == "me.png (PNG, 1 KB)"
    assert [file.content for file in shown.reply.files] == [png(40, 40)]
    done = await house.confirm(shown)
    assert done.title == f"{which.capitalize()} changed on X" and "Charged: 10 credits." in str(done.blocks)
    assert (await house.state())["writes"][f"update_{which}"] == 1
    assert (await stored(house))[1] == 0
    for data, name, said in (
        (png(noise=most), "large.png", "large.png is too large"),
        (mp4(), "clip.mp4", "clip.mp4 is a MP4 by its content"),
        (WEBP, "me.webp", "me.webp is a WebP by its content"),
    ):
        refused = await house.say(f"profile {which} media:{await attach(house, data, name)}")
        assert said in str(refused.failure.blocks)
    assert (await house.state())["writes"][f"update_{which}"] == 1
