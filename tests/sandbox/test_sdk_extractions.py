"""The vendor's own SDK estimates, runs, follows, reads, exports and cancels extractions of the sandbox."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from x_twitter_scraper import APIStatusError, AsyncXTwitterScraper, ConflictError, NotFoundError

from bot.sandbox.server import RunningSandbox
from bot.sandbox.world import posts

from .conftest import client_of, control

FOLLOWERS: dict[str, Any] = {
    "tool_type": "follower_explorer",
    "target_username": "cafe_luna",
    "results_limit": 12,
}


@pytest.fixture
async def sdk(running: RunningSandbox) -> AsyncIterator[AsyncXTwitterScraper]:
    async with AsyncXTwitterScraper(
        api_key=running.api_key, base_url=running.base_url, max_retries=0
    ) as client:
        yield client


async def balance(sdk: AsyncXTwitterScraper) -> int:
    return int((await sdk.credits.retrieve_balance()).balance)


async def finished(sdk: AsyncXTwitterScraper, job: str) -> Any:
    """The job once it is over, with its results."""
    while True:
        found = await sdk.extractions.retrieve(job, limit=1_000)
        if found.job.status not in ("pending", "running"):
            return found


async def test_an_estimate_is_free_and_begins_nothing(sdk: AsyncXTwitterScraper) -> None:
    before = await balance(sdk)
    cost = await sdk.extractions.estimate_cost(**FOLLOWERS)
    assert (cost.estimated_results, cost.credits_required, cost.source) == (12, "12", "resultsLimit")
    assert cost.allowed and int(cost.credits_available) == before == await balance(sdk)
    assert (await sdk.extractions.list()).extractions == []


async def test_a_job_takes_several_looks_and_is_charged_by_the_result(sdk: AsyncXTwitterScraper) -> None:
    before = await balance(sdk)
    job = await sdk.extractions.run(**FOLLOWERS, idempotency_key="one")
    first = await sdk.extractions.retrieve(job.id)  # type: ignore[union-attr]  # no dry run
    assert first.job.status == "running" and first.results == [] and await balance(sdk) == before
    found = await finished(sdk, first.job.id)
    assert (found.job.total_results, found.job.completion_reason) == (12, "requested_limit_reached")
    assert before - await balance(sdk) == 12
    listed = await sdk.x.users.retrieve_followers("cafe_luna", page_size=20)
    assert [row.x_username for row in found.results] == [one.username for one in listed.users[:12]]


async def test_the_same_key_is_the_same_job_and_another_request_a_conflict(sdk: AsyncXTwitterScraper) -> None:
    first, again = [await sdk.extractions.run(**FOLLOWERS, idempotency_key="one") for _ in range(2)]
    assert first.id == again.id  # type: ignore[union-attr]  # no dry run
    with pytest.raises(ConflictError) as refused:
        await sdk.extractions.run(**{**FOLLOWERS, "results_limit": 9}, idempotency_key="one")
    assert "idempotency_conflict" in str(refused.value)


async def test_replies_come_with_their_tweets_as_the_filters_say(sdk: AsyncXTwitterScraper) -> None:
    job = await sdk.extractions.run(
        tool_type="reply_extractor",
        target_tweet_id=posts.GIVEAWAY_ID,
        sort="oldest",
        exclude_original_author=True,
        results_limit=5,
    )
    found = await finished(sdk, job.id)  # type: ignore[union-attr]  # no dry run
    ids = [int(row.tweet_id) for row in found.results]
    assert len(ids) == 5 and ids == sorted(ids) and all(row.tweet_text for row in found.results)


async def test_a_cancelled_job_keeps_and_costs_nothing(sdk: AsyncXTwitterScraper) -> None:
    before = await balance(sdk)
    job = await sdk.extractions.run(**FOLLOWERS)
    assert (await sdk.extractions.cancel(job.id)).status == "canceled"  # type: ignore[union-attr]  # as above
    found = await finished(sdk, job.id)  # type: ignore[union-attr]  # as above
    assert (found.job.status, found.results) == ("canceled", []) and await balance(sdk) == before
    with pytest.raises(ConflictError):
        await sdk.extractions.cancel(job.id)  # type: ignore[union-attr]  # as above
    assert [one.status for one in (await sdk.extractions.list(status="canceled")).extractions] == ["canceled"]


async def test_credits_that_do_not_reach_end_it_early(
    running: RunningSandbox, sdk: AsyncXTwitterScraper
) -> None:
    await control(running, "/credits", balance=5)
    job = await sdk.extractions.run(**FOLLOWERS)
    found = await finished(sdk, job.id)  # type: ignore[union-attr]  # as above
    assert (found.job.total_results, found.job.completion_reason) == (5, "budget_limited")
    with pytest.raises(APIStatusError) as refused:
        await sdk.extractions.run(**FOLLOWERS)
    assert refused.value.status_code == 402


async def test_it_is_exported(sdk: AsyncXTwitterScraper) -> None:
    job = await sdk.extractions.run(**FOLLOWERS)
    found = await finished(sdk, job.id)  # type: ignore[union-attr]  # as above
    file = await sdk.extractions.export_results(found.job.id, format="csv")
    assert len((await file.read()).decode().splitlines()) == 13


async def test_a_job_of_somebody_else_is_not_there(
    running: RunningSandbox, sdk: AsyncXTwitterScraper
) -> None:
    job = await sdk.extractions.run(**FOLLOWERS)
    other = (await control(running, "/keys"))["key"]
    async with client_of(running, other) as stranger:
        for method, path in (("GET", ""), ("DELETE", ""), ("GET", "/export?format=csv")):
            answer = await stranger.request(method, f"/extractions/{job.id}{path}")  # type: ignore[union-attr]  # as above
            assert answer.status_code == 404
    with pytest.raises(NotFoundError):
        await sdk.extractions.retrieve("none")
