"""The vendor's own SDK finds communities by topic, reads what is known of one, and who of a name is in it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from x_twitter_scraper import AsyncXTwitterScraper, BadRequestError, NotFoundError

from bot.sandbox.records import Relation
from bot.sandbox.server import RunningSandbox
from bot.sandbox.world import communities


@pytest.fixture
async def sdk(running: RunningSandbox) -> AsyncIterator[AsyncXTwitterScraper]:
    async with AsyncXTwitterScraper(
        api_key=running.api_key, base_url=running.base_url, max_retries=0
    ) as client:
        yield client


async def test_every_topic_leads_to_its_communities(sdk: AsyncXTwitterScraper) -> None:
    topics = await sdk.x.communities.list_topics()
    assert topics.count == len(topics.topics) > 3
    for topic in topics.topics:
        by_id = await sdk.x.communities.list_popular(topic_id=topic.id, page_size=100)
        by_name = await sdk.x.communities.list_popular(topic=topic.name.upper(), page_size=100)
        assert [one.id for one in by_id.communities] == [one.id for one in by_name.communities]
        assert {one.primary_topic and one.primary_topic.name for one in by_id.communities} <= {topic.name}
        narrower = [
            one.id
            for sub in topic.subtopics
            for one in (await sdk.x.communities.list_popular(topic_id=sub.id, page_size=100)).communities
        ]
        assert not narrower or sorted(narrower) == sorted(one.id for one in by_id.communities)
    assert (await sdk.x.communities.list_topics(limit=2)).count == 2
    with pytest.raises(BadRequestError, match="invalid_community_topic"):
        await sdk.x.communities.list_popular(topic="nonsense")


async def test_what_is_suggested_is_as_it_is_found(
    running: RunningSandbox, sdk: AsyncXTwitterScraper
) -> None:
    suggested = await sdk.x.communities.list_suggested(limit=3)
    assert suggested.count == 3
    first = suggested.communities[0]
    assert first.to_dict() == (await sdk.x.communities.retrieve_info(first.id)).community.to_dict()
    demo = running.sandbox.people.known("xquik_demo")
    assert demo is not None
    running.sandbox.relations.put(Relation(id=f"join:{demo.id}:{first.id}"))
    again = await sdk.x.communities.list_suggested()
    assert first.id not in {one.id for one in again.communities}, "one is in it already"


async def test_a_day_is_counted_of_its_posts(running: RunningSandbox, sdk: AsyncXTwitterScraper) -> None:
    quiet = await sdk.x.communities.retrieve_analytics(communities.TEA_ID)
    assert quiet.metrics.posts.count == 0
    demo = running.sandbox.people.known("xquik_demo")
    assert demo is not None
    running.sandbox.relations.put(Relation(id=f"join:{demo.id}:{communities.TEA_ID}"))
    for number in range(2):
        await sdk.x.tweets.create(
            account="xquik_demo",
            text=f"Ready? {number}",
            community_id=communities.TEA_ID,
            idempotency_key=f"tea-{number}",
        )
    lively = (await sdk.x.communities.retrieve_analytics(communities.TEA_ID)).metrics
    assert (lively.posts.count, lively.unique_posters.count, lively.new_members.count) == (2, 1, 1)
    assert lively.posts.change_percent == 100
    with pytest.raises(NotFoundError):
        await sdk.x.communities.retrieve_analytics("9")


async def test_media_and_members_are_among_what_is_there(sdk: AsyncXTwitterScraper) -> None:
    media = await sdk.x.communities.media.list(communities.WATCHERS_ID, page_size=100)
    tweets = await sdk.x.communities.tweets.list_by_community(communities.WATCHERS_ID, page_size=100)
    assert [one.id for one in media.tweets] == [one.id for one in tweets.tweets if one.media]
    named = await sdk.x.communities.search_members(communities.WATCHERS_ID, q="@nasa")
    assert [one.username for one in named.users] == ["nasa"]
    assert not (await sdk.x.communities.search_members(communities.TEA_ID, q="nasa")).users
