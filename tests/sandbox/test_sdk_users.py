"""The vendor's own SDK reads what belongs to an account on X."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from x_twitter_scraper import APIStatusError, AsyncXTwitterScraper, NotFoundError

from bot.sandbox.server import RunningSandbox
from bot.sandbox.world import posts

DEMO = "xquik_demo"


@pytest.fixture
async def sdk(running: RunningSandbox) -> AsyncIterator[AsyncXTwitterScraper]:
    async with AsyncXTwitterScraper(
        api_key=running.api_key, base_url=running.base_url, max_retries=0
    ) as client:
        yield client


async def test_reads_the_tweets_of_an_account_by_sort(sdk: AsyncXTwitterScraper) -> None:
    users = sdk.x.users
    answers = await users.retrieve_replies("cafe_luna", replies="only")
    assert [one.id for one in answers.tweets] == [posts.REPLY_ID]
    everything = await users.retrieve_replies("cafe_luna")
    written = await users.retrieve_tweets("cafe_luna")
    assert [one.id for one in everything.tweets] == [one.id for one in written.tweets]
    media = await users.retrieve_media("nasa", page_size=2)
    assert len(media.tweets) == 2 and media.has_next_page
    assert all(one.media for one in media.tweets)
    more = await users.retrieve_media("nasa", page_size=100, cursor=media.next_cursor)
    assert not {one.id for one in media.tweets} & {one.id for one in more.tweets}
    mentions = await users.retrieve_mentions("xquik", page_size=3)
    assert all("@xquik" in one.text.lower() for one in mentions.tweets)


async def test_reads_the_likes_of_a_connected_account_alone(sdk: AsyncXTwitterScraper) -> None:
    await sdk.x.tweets.like.create(posts.PLAIN_ID, account=DEMO, idempotency_key="like-1")
    assert [one.id for one in (await sdk.x.users.retrieve_likes(DEMO)).tweets] == [posts.PLAIN_ID]
    with pytest.raises(APIStatusError, match="likes_unavailable") as caught:
        await sdk.x.users.retrieve_likes("nasa")
    assert caught.value.status_code == 424


async def test_reads_the_people_around_an_account(sdk: AsyncXTwitterScraper) -> None:
    users = sdk.x.users
    following = await users.retrieve_following("nasa", page_size=20)
    assert len(following.users) == 20 and following.has_next_page
    followers = await users.retrieve_followers(following.users[0].username, page_size=300)
    assert "nasa" in {one.username for one in followers.users}
    verified = await users.retrieve_verified_followers("cafe_luna", page_size=20)
    assert verified.users and all(one.verified for one in verified.users)
    known = await users.retrieve_followers_you_know("github")
    own = await users.retrieve_following(DEMO, page_size=300)
    assert {one.id for one in known.users} <= {one.id for one in own.users}
    with pytest.raises(NotFoundError):
        await users.retrieve_following("missing_x")


async def test_compares_reports_and_translates(sdk: AsyncXTwitterScraper) -> None:
    one = await sdk.x.followers.check(source="nasa", target="https://x.com/github")
    other = await sdk.x.followers.check(source="github", target="nasa")
    assert (one.is_following, one.is_followed_by) == (other.is_followed_by, other.is_following)
    insights = (await sdk.x.users.retrieve_insights("xquik")).insights
    profile = await sdk.x.users.retrieve("xquik")
    assert (insights.followers, insights.posts) == (profile.followers, profile.statuses_count)
    tweets = (await sdk.x.users.retrieve_tweets("xquik")).tweets
    assert insights.averages is not None
    assert insights.averages.likes == pytest.approx(
        sum(t.like_count or 0 for t in tweets) / len(tweets), 0.01
    )
    assert insights.top_post_id in {tweet.id for tweet in tweets}
    translated = (await sdk.x.users.translate_bio("nasa", language="TR")).translation
    assert translated is not None and (translated.language, translated.source_language) == ("tr", "en")


async def test_reads_several_accounts_at_once(sdk: AsyncXTwitterScraper) -> None:
    found = await sdk.x.users.retrieve_batch(usernames="nasa,ESA,missing_x,nasa")
    assert [one.username for one in found.users] == ["nasa", "esa"]
    assert (found.requested_count, found.returned_count, found.unavailable_ids) == (3, 2, ["missing_x"])
    newest = await sdk.x.users.retrieve_batch_tweets(usernames="nasa,esa", page_size=2)
    own = [(await sdk.x.users.retrieve_tweets(name, page_size=2)).tweets for name in ("nasa", "esa")]
    assert [one.id for one in newest.tweets] == [one.id for tweets in own for one in tweets]


async def test_finds_people_by_their_names(sdk: AsyncXTwitterScraper) -> None:
    found = await sdk.x.users.retrieve_search(q="space")
    assert [one.username for one in found.users] == ["spacex", "esa"]
    assert not (await sdk.x.users.retrieve_search(q="qqqqqq")).users
