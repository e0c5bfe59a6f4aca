"""The vendor's own SDK reads broadcasts, who is live, what X suggests, and what it writes of news."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from x_twitter_scraper import AsyncXTwitterScraper, NotFoundError

from bot.sandbox.server import RunningSandbox
from bot.sandbox.world import broadcasts, news, posts

from .conftest import control


@pytest.fixture
async def sdk(running: RunningSandbox) -> AsyncIterator[AsyncXTwitterScraper]:
    async with AsyncXTwitterScraper(
        api_key=running.api_key, base_url=running.base_url, max_retries=0
    ) as client:
        yield client


async def test_a_broadcast_is_the_same_by_its_id_and_by_its_host(sdk: AsyncXTwitterScraper) -> None:
    by_id = (await sdk.x.broadcasts.retrieve(broadcasts.LIVE_ID)).broadcast
    live = await sdk.x.users.retrieve_live("SpaceX")
    assert live.broadcast is not None and live.live
    assert (by_id.id, by_id.title, by_id.total_watched, by_id.started_at) == (
        live.broadcast.id,
        live.broadcast.title,
        live.broadcast.total_watched,
        live.broadcast.started_at,
    )
    assert by_id.creator is not None and by_id.creator.username == "spacex"
    assert by_id.tweet_id == posts.VIDEO_ID
    over = await sdk.x.users.retrieve_live("nasa")
    assert over.broadcast is not None and not over.live and over.broadcast.ended_at is not None
    assert (await sdk.x.users.retrieve_live("cafe_luna")).broadcast is None
    with pytest.raises(NotFoundError, match="broadcast_not_found"):
        await sdk.x.broadcasts.retrieve("1zzzzzzzz")


async def test_a_broadcast_of_an_event_is_live_and_then_over(
    running: RunningSandbox, sdk: AsyncXTwitterScraper
) -> None:
    await sdk.monitors.create(username="nasa", event_types=["broadcast.started"])
    event = await control(running, "/emit", username="nasa", type="broadcast.started")
    told = (await sdk.events.retrieve(event["id"])).data.to_dict()
    live = await sdk.x.users.retrieve_live("nasa")
    assert live.live and live.broadcast is not None and live.broadcast.id == told["id"]
    running.sandbox.advance(broadcasts.LASTS)
    over = (await sdk.x.broadcasts.retrieve(str(told["id"]))).broadcast
    assert (over.state, over.is_available_for_replay) == ("Ended", True)


async def test_suggestions_are_of_the_world_and_counted(sdk: AsyncXTwitterScraper) -> None:
    found = await sdk.x.autocomplete_search(q="space")
    named = await sdk.x.users.retrieve_search(q="space")
    assert [one.username for one in found.users] == [one.username for one in named.users]
    assert found.count == len(found.users) + len(found.topics) and found.topics
    tags = await sdk.x.autocomplete_search(q="giv", types="hashtags")
    assert [one.hashtag for one in tags.hashtags] == ["#giveaway"] and not tags.users
    assert (await sdk.x.autocomplete_search(q="a", limit=3)).count == 3


async def test_places_are_found_by_name_and_searched_by_id(sdk: AsyncXTwitterScraper) -> None:
    found = await sdk.x.search_places(q="istanbul", limit=1)
    assert found.count == len(found.places) == 1 and found.places[0].country_code == "TR"
    (country,) = found.places[0].contained_within
    (city,) = found.places
    there = {one.id for one in (await sdk.x.tweets.search(q=f"place:{city.id}")).tweets}
    assert there and there <= {one.id for one in (await sdk.x.tweets.search(q=f"place:{country.id}")).tweets}
    assert (await sdk.x.search_places(q="atlantis")).places == []


async def test_versions_of_a_story_are_read_oldest_first(sdk: AsyncXTwitterScraper) -> None:
    found = await sdk.x.get_news_story_versions(news.STORY_ID)
    assert found.count == len(found.versions) == len(news.STORIES[news.STORY_ID])
    written = [one.created_at for one in found.versions]
    assert written == sorted(written)
    with pytest.raises(NotFoundError, match="news_not_found"):
        await sdk.x.get_news_story_versions("9")
