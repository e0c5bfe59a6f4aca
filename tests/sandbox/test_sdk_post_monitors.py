"""The vendor's own SDK watches a single tweet of the sandbox, and its figures are everybody's."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from x_twitter_scraper import AsyncXTwitterScraper, ConflictError, NotFoundError

from bot.sandbox.server import RunningSandbox
from bot.sandbox.world import posts

from .conftest import control
from .receiver import Receiver

POST = posts.GIVEAWAY_ID


@pytest.fixture
async def sdk(running: RunningSandbox) -> AsyncIterator[AsyncXTwitterScraper]:
    async with AsyncXTwitterScraper(
        api_key=running.api_key, base_url=running.base_url, max_retries=0
    ) as client:
        yield client


async def happened(running: RunningSandbox, kind: str) -> dict[str, Any]:
    event: dict[str, Any] = await control(running, "/emit", post=POST, type=kind)
    return event


async def test_a_watch_from_its_beginning_to_its_end(
    running: RunningSandbox, sdk: AsyncXTwitterScraper
) -> None:
    made = await sdk.monitors.posts.create(post=f"https://x.com/i/web/status/{POST}?s=20", name="The draw")
    assert (made.post_id, made.author_username, made.name) == (POST, "xquik", "The draw")
    assert set(made.event_types) >= {"post.reply.new", "post.deleted"}
    with pytest.raises(ConflictError):
        await sdk.monitors.posts.create(post=POST)
    changed = await sdk.monitors.posts.update(made.id, event_types=["post.edited"], name=None)
    assert (changed.event_types, changed.name) == (["post.edited"], None)
    listed = await sdk.monitors.posts.list()
    assert [one.id for one in listed.monitors] == [made.id]
    assert (await sdk.monitors.posts.delete(made.id)).deletion_status == "deleting"
    with pytest.raises(NotFoundError):
        await sdk.monitors.posts.retrieve(made.id)


async def test_figures_are_those_of_the_tweet_itself_hour_by_hour(
    running: RunningSandbox, sdk: AsyncXTwitterScraper
) -> None:
    made = await sdk.monitors.posts.create(post=POST)
    before = await sdk.x.tweets.retrieve(POST)
    for kind in ("likes", "retweets", "replies", "quotes", "bookmarks", "views"):
        await happened(running, f"post.{kind}.changed")
    await control(running, "/clock", advance=3_600)
    await happened(running, "post.likes.changed")
    now = await sdk.x.tweets.retrieve(POST)
    metrics = (await sdk.monitors.posts.retrieve(made.id)).metrics
    assert metrics.likes.current == now.tweet.like_count
    assert metrics.replies.current == now.tweet.reply_count
    assert metrics.retweets.current == now.tweet.retweet_count
    assert metrics.likes.gain == now.tweet.like_count - before.tweet.like_count > 0
    hourly = await sdk.monitors.posts.retrieve_metrics(made.id, hours=3)
    assert len(hourly.buckets) == hourly.hours == 3
    likes = [one.metrics.likes for one in hourly.buckets]
    assert [one.value for one in likes] == sorted(one.value or 0 for one in likes)
    assert sum(one.gain or 0 for one in likes) == metrics.likes.gain
    assert likes[-1].value == metrics.likes.current


async def test_its_events_say_which_tweet_and_are_delivered(
    running: RunningSandbox, sdk: AsyncXTwitterScraper, receiver: Receiver
) -> None:
    made = await sdk.monitors.posts.create(post=POST, name="The draw")
    await sdk.webhooks.create(url=receiver.url, event_types=["post.reply.new", "post.edited"])
    reply, edit = await happened(running, "post.reply.new"), await happened(running, "post.edited")
    listed = (await sdk.events.list(post_monitor_id=made.id)).events
    assert [one.id for one in listed] == [edit["id"], reply["id"]]
    assert {(one.monitor_type, one.post_id, one.author_username) for one in listed} == {
        ("post", POST, "xquik")
    }
    assert listed[0].monitor_name == "The draw"
    assert len(await receiver.wait_for(2)) == 2
    replies = await sdk.x.tweets.get_replies(POST)
    assert listed[1].data.id in {one.id for one in replies.tweets}  # type: ignore[union-attr]  # a reply
    text = (await sdk.monitors.posts.retrieve(made.id)).text
    assert text.endswith("(edited)") and (await sdk.x.tweets.retrieve(POST)).tweet.text == text


async def test_a_tweet_that_is_deleted_ends_the_watch(
    running: RunningSandbox, sdk: AsyncXTwitterScraper
) -> None:
    made = await sdk.monitors.posts.create(post=POST)
    await happened(running, "post.deleted")
    paused = await sdk.monitors.posts.retrieve(made.id)
    assert (paused.is_active, paused.paused_reason) == (False, "x_post_deleted")
    with pytest.raises(NotFoundError):
        await sdk.x.tweets.retrieve(POST)
    with pytest.raises(ConflictError):
        await sdk.monitors.posts.update(made.id, is_active=True)
