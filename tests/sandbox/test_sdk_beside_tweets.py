"""The vendor's own SDK reads what X has beside a tweet."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from x_twitter_scraper import AsyncXTwitterScraper, BadRequestError, NotFoundError

from bot.sandbox.server import RunningSandbox
from bot.sandbox.world import posts
from bot.sandbox.world.short_links import SHORT_LINKS

from .conftest import control

GIVEAWAY = posts.GIVEAWAY_ID


@pytest.fixture
async def sdk(running: RunningSandbox) -> AsyncIterator[AsyncXTwitterScraper]:
    async with AsyncXTwitterScraper(
        api_key=running.api_key, base_url=running.base_url, max_retries=0
    ) as client:
        yield client


async def test_a_hidden_reply_is_in_one_list_alone(
    running: RunningSandbox, sdk: AsyncXTwitterScraper
) -> None:
    assert not (await sdk.x.tweets.get_hidden_replies(GIVEAWAY)).tweets
    first = ((await sdk.x.tweets.get_replies(GIVEAWAY, page_size=1)).tweets or [])[0]
    answer = await sdk.x.tweets.create(
        account="xquik_demo", text="Really?", reply_to_tweet_id=first.id, idempotency_key="answer"
    )
    await control(running, "/hidden", tweet=first.id)
    hidden = (await sdk.x.tweets.get_hidden_replies(GIVEAWAY)).tweets
    assert [one.text for one in hidden] == [first.text, "Really?"], "with the replies to it"
    assert answer is not None
    next_one = ((await sdk.x.tweets.get_replies(GIVEAWAY, page_size=1)).tweets or [])[0]
    assert next_one.id != first.id
    shown = (await sdk.x.tweets.retrieve(GIVEAWAY)).tweet
    assert shown.reply_count == posts.GIVEAWAY_REPLIES - 1


async def test_a_check_agrees_with_the_list_of_reposters(sdk: AsyncXTwitterScraper) -> None:
    listed = {one.username for one in (await sdk.x.tweets.get_retweeters(GIVEAWAY, page_size=200)).users}
    for name in ("nasa", "spacex", "github"):
        found = await sdk.x.tweets.check_repost(GIVEAWAY, user=name)
        assert found.is_retweeted is (name in listed)
        assert (found.retweet_id is not None) is found.is_retweeted
        assert not found.complete and found.checked_posts == 3_200
    with pytest.raises(NotFoundError):
        await sdk.x.tweets.check_repost(GIVEAWAY, user="missing_x")


async def test_an_embed_is_html_with_the_text_escaped(sdk: AsyncXTwitterScraper) -> None:
    found = (await sdk.x.tweets.embed(posts.HOSTILE_ID, theme="dark")).embed
    assert 'data-theme="dark"' in found.html and "<script>alert(1)" not in found.html
    assert found.url == f"https://twitter.com/hostile_henry/status/{posts.HOSTILE_ID}"


async def test_subtitles_and_their_files_say_the_same(sdk: AsyncXTwitterScraper) -> None:
    found = (await sdk.x.tweets.get_subtitles(posts.VIDEO_ID)).subtitles
    assert [one.language for one in found.tracks] == ["en", "es"]
    async with httpx.AsyncClient(trust_env=False) as browser:
        for track in found.tracks:
            text = (await browser.get(track.url)).text
            assert text.startswith("WEBVTT\n") and all(cue.text in text for cue in track.cues)
        assert (await browser.get(found.tracks[0].url.replace("0.vtt", "9.vtt"))).status_code == 404
    assert (await sdk.x.tweets.get_subtitles(GIVEAWAY)).subtitles.tracks == []


async def test_short_links_lead_somewhere_or_nowhere(sdk: AsyncXTwitterScraper) -> None:
    urls = [f"https://t.co/{code}" for code in SHORT_LINKS]
    found = await sdk.x.tweets.resolve_links(urls=",".join([*urls, "https://t.co/nothing"]))
    assert [one.resolved_url for one in found.links] == [*SHORT_LINKS.values(), None]
    assert found.unprocessed_urls == []
    with pytest.raises(BadRequestError):
        await sdk.x.tweets.resolve_links(urls="https://evil.example/")
