"""The vendor's SDK learns how somebody writes, from the sandbox."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from x_twitter_scraper import AsyncXTwitterScraper, NotFoundError

from bot.sandbox.server import RunningSandbox


@pytest.fixture
async def sdk(running: RunningSandbox) -> AsyncIterator[AsyncXTwitterScraper]:
    async with AsyncXTwitterScraper(
        api_key=running.api_key, base_url=running.base_url, max_retries=0
    ) as client:
        yield client


async def test_keeps_styles(sdk: AsyncXTwitterScraper) -> None:
    read = await sdk.styles.analyze(username="nasa")
    assert read.tweet_count == len(read.tweets) > 0 and not read.is_own_account
    ours = await sdk.styles.update("Our voice", label="our voice", tweets=[{"text": "Hello"}])
    assert [one.x_username for one in (await sdk.styles.list()).styles] == [ours.x_username, "nasa"]
    both = await sdk.styles.compare(username1="NASA", username2="our voice")
    assert both.style1.tweets == read.tweets and both.style2.tweets[0].text == "Hello"
    figures = await sdk.styles.get_performance("nasa")
    posts = {one.id: await sdk.x.tweets.retrieve(one.id) for one in figures.tweets[:3]}
    assert all(posts[one.id].tweet.like_count == one.like_count for one in figures.tweets[:3])
    await sdk.styles.delete("nasa")
    with pytest.raises(NotFoundError):
        await sdk.styles.retrieve("nasa")


async def test_advice_has_texts_of_a_saved_style(sdk: AsyncXTwitterScraper) -> None:
    async def advised() -> object:
        return await sdk.compose.create(step="compose", topic="tools", style_username="ours")

    assert getattr(await advised(), "style_tweets", None) is None
    await sdk.styles.update("ours", tweets=[{"text": "Hello"}])
    assert getattr(await advised(), "style_tweets", None) == ["Hello"]


async def test_analyzes_posts_at_two_credits_each(sdk: AsyncXTwitterScraper) -> None:
    before = int((await sdk.credits.retrieve_balance()).balance)
    first = await sdk.x.analysis.sentiment(query="from:nasa", limit=3)
    assert len(first.results) == 3 and first.has_next_page
    assert before - int((await sdk.credits.retrieve_balance()).balance) == 2 * 3
    again = await sdk.x.analysis.sentiment(query="from:nasa", limit=3)
    assert [one.answers for one in again.results] == [one.answers for one in first.results]
    rest = await sdk.x.analysis.sentiment(query="from:nasa", limit=3, cursor=first.next_cursor)
    assert not {one.tweet.id for one in rest.results} & {one.tweet.id for one in first.results}
    for one in first.results:
        for answer in one.analysis.answers:
            assert answer.probabilities is None or abs(sum(answer.probabilities.values()) - 1) < 0.01


async def test_scores_drafts_and_answers_own_questions(sdk: AsyncXTwitterScraper) -> None:
    scored = await sdk.x.analysis.viral_score(texts=["Hello", ""])
    assert [one.tweet.id for one in scored.results] == ["text:1"]
    assert [(one.id, one.reason) for one in scored.unanalyzed] == [("text:2", "missing_text")]
    score, verdict = scored.results[0].viral_score, scored.results[0].viral_verdict
    assert score is not None and 0 <= score <= 100
    assert verdict == ("send_it" if score >= 70 else "edit_first" if score >= 40 else "sleep_on_it")
    asked = await sdk.x.analysis.classify(
        texts=["Hello"],
        analysis={
            "questions": [{"id": "joke", "instructions": "Is it?", "type": "probability", "version": "1"}]
        },
    )
    assert set(asked.results[0].answers) == {"joke"}
