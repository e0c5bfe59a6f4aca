"""The vendor's own SDK reads what is around a tweet from the sandbox."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from x_twitter_scraper import APIStatusError, AsyncXTwitterScraper, NotFoundError

from bot.sandbox.server import RunningSandbox
from bot.sandbox.world import posts
from bot.sandbox.world.articles import COMET_ID

from .conftest import control


@pytest.fixture
async def sdk(running: RunningSandbox) -> AsyncIterator[AsyncXTwitterScraper]:
    async with AsyncXTwitterScraper(
        api_key=running.api_key, base_url=running.base_url, max_retries=0
    ) as client:
        yield client


async def test_reads_a_thread_replies_and_who_reposted(sdk: AsyncXTwitterScraper) -> None:
    first = await sdk.x.tweets.get_thread(posts.THREAD_ID, page_size=3)
    rest = await sdk.x.tweets.get_thread(posts.THREAD_ID, page_size=3, cursor=first.next_cursor)
    thread = [*first.tweets, *rest.tweets]
    assert thread[0].id == posts.THREAD_ID
    assert (len(thread), first.has_next_page, rest.has_next_page) == (5, True, False)
    single = (await sdk.x.tweets.retrieve(posts.GIVEAWAY_ID)).tweet
    replies = await sdk.x.tweets.get_replies(posts.GIVEAWAY_ID, page_size=300)
    assert len(replies.tweets or []) == single.reply_count
    reposters = await sdk.x.tweets.get_retweeters(posts.GIVEAWAY_ID, page_size=200)
    assert len(reposters.users) == single.retweet_count


async def test_reads_who_likes_an_own_tweet_alone(running: RunningSandbox, sdk: AsyncXTwitterScraper) -> None:
    with pytest.raises(APIStatusError, match="account_required") as caught:
        await sdk.x.tweets.get_favoriters(posts.GIVEAWAY_ID)
    assert caught.value.status_code == 424
    await control(running, "/accounts", username="xquik")
    page = await sdk.x.tweets.get_favoriters(posts.GIVEAWAY_ID, page_size=50)
    assert len(page.users) == 50 and page.has_next_page


async def test_searches_and_is_told_what_x_no_longer_searches_for(sdk: AsyncXTwitterScraper) -> None:
    found = await sdk.x.tweets.search(q="from:nasa min_faves:1 since:2025-02-01", limit=3)
    assert len(found.tweets) == 3 and found.has_next_page
    before = (await sdk.credits.retrieve_balance()).balance
    for dropped in ({"source": "web"}, {"geocode": "1,2,3km"}, {"within": "3km"}, {"news": True}):
        with pytest.raises(APIStatusError, match="search_unavailable"):
            await sdk.x.tweets.search(q="moon", **dropped)
    assert (await sdk.credits.retrieve_balance()).balance == before


async def test_reads_what_x_ranks_highest_to_its_end(sdk: AsyncXTwitterScraper) -> None:
    first = await sdk.x.tweets.list_top(metric="likes", window="month", page_size=50)
    liked = [one.like_count or 0 for one in first.tweets]
    assert len(liked) == 20 and liked == sorted(liked, reverse=True)
    seen, page = len(liked), first
    while page.has_next_page:
        page = await sdk.x.tweets.list_top(metric="likes", window="month", cursor=page.next_cursor)
        seen += len(page.tweets)
    assert seen == 100


async def test_reads_translations_and_insights(sdk: AsyncXTwitterScraper) -> None:
    answer = (await sdk.x.tweets.translate(posts.GIVEAWAY_ID, language="pt-br")).translation
    assert (answer.language, answer.source_language) == ("pt-br", "en")
    assert [one.text for one in answer.entities.hashtags or []] == ["giveaway"]
    single = (await sdk.x.tweets.retrieve(posts.GIVEAWAY_ID)).tweet
    insights = (await sdk.x.tweets.get_insights(posts.GIVEAWAY_ID)).insights
    assert (insights.metrics.likes, insights.metrics.replies) == (single.like_count, single.reply_count)
    assert insights.engagement_rate is not None and insights.age_hours is not None


async def test_reads_an_article_for_five_credits(sdk: AsyncXTwitterScraper) -> None:
    before = int((await sdk.credits.retrieve_balance()).balance)
    answer = await sdk.x.get_article(COMET_ID)
    assert answer.author is not None and answer.author.username == "esa"
    assert answer.article.body_markdown is not None and "## Four evenings" in answer.article.body_markdown
    single = (await sdk.x.tweets.retrieve(COMET_ID)).tweet
    assert answer.article.like_count == single.like_count
    assert before - int((await sdk.credits.retrieve_balance()).balance) == 5 + 1
    with pytest.raises(NotFoundError, match="article_not_found"):
        await sdk.x.get_article(posts.GIVEAWAY_ID)
