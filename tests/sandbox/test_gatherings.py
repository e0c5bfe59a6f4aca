"""Lists, communities and Spaces of the sandbox agree with its people and posts, and the SDK reads them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from x_twitter_scraper import AsyncXTwitterScraper, ConflictError, NotFoundError

from bot.sandbox.records import Relation
from bot.sandbox.server import RunningSandbox
from bot.sandbox.world import communities, lists, spaces

from .conftest import control


@pytest.fixture
async def sdk(running: RunningSandbox) -> AsyncIterator[AsyncXTwitterScraper]:
    async with AsyncXTwitterScraper(
        api_key=running.api_key, base_url=running.base_url, max_retries=0
    ) as client:
        yield client


async def test_the_sdk_reads_lists(sdk: AsyncXTwitterScraper) -> None:
    found = (await sdk.x.lists.retrieve(lists.AGENCIES_ID)).list
    assert found.owner is not None
    assert (found.owner.username, found.member_count) == ("nasa", 3)
    members = await sdk.x.lists.retrieve_members(lists.AGENCIES_ID)
    assert members.users[0] == found.owner
    assert found.owner.followers == (await sdk.x.users.retrieve("nasa")).followers
    tweets = await sdk.x.lists.retrieve_tweets(lists.AGENCIES_ID, page_size=100)
    assert {one.author.username for one in tweets.tweets if one.author} == {"nasa", "esa", "spacex"}
    with_replies = await sdk.x.lists.retrieve_tweets(lists.AGENCIES_ID, include_replies=True, page_size=100)
    assert len(with_replies.tweets) > len(tweets.tweets)
    named = await sdk.x.lists.retrieve_search(q="space")
    assert [one.id for one in named.lists] == [lists.AGENCIES_ID], "a private list is not found"
    for ask in (sdk.x.lists.retrieve, sdk.x.lists.retrieve_members, sdk.x.lists.retrieve_tweets):
        with pytest.raises(NotFoundError, match="list_not_found"):
            await ask(lists.PRIVATE_ID)


async def test_who_follows_a_list_is_paged_and_counted(sdk: AsyncXTwitterScraper) -> None:
    listed = (await sdk.x.lists.retrieve(lists.AGENCIES_ID)).list
    seen: list[str] = []
    cursor = ""
    while True:
        page = await sdk.x.lists.retrieve_followers(lists.AGENCIES_ID, page_size=50, cursor=cursor)
        seen += [one.id for one in page.users]
        if not page.has_next_page:
            break
        cursor = page.next_cursor or ""
    assert len(seen) == len(set(seen)) == listed.subscriber_count


async def test_the_sdk_reads_communities(sdk: AsyncXTwitterScraper) -> None:
    found = (await sdk.x.communities.retrieve_info(communities.WATCHERS_ID)).community
    assert found.primary_topic is not None
    assert (found.name, found.primary_topic.name, found.moderator_count) == ("Space watchers", "Science", 2)
    moderators = await sdk.x.communities.retrieve_moderators(communities.WATCHERS_ID)
    assert [one.username for one in moderators.users] == ["nasa", "esa"]
    members = await sdk.x.communities.retrieve_members(communities.WATCHERS_ID, page_size=200)
    assert not members.has_next_page
    assert len({one.id for one in members.users}) == found.member_count
    tweets = await sdk.x.communities.tweets.list_by_community(communities.WATCHERS_ID, page_size=100)
    assert {one.community_id for one in tweets.tweets} == {communities.WATCHERS_ID}
    top = await sdk.x.communities.tweets.list_by_community(
        communities.WATCHERS_ID, query_type="Top", page_size=100
    )
    assert [one.id for one in top.tweets] == [
        one.id for one in sorted(tweets.tweets, key=lambda one: -(one.like_count or 0))
    ]
    named = await sdk.x.communities.find(q="book", page_size=100)
    assert len(named.communities) == 24
    with pytest.raises(NotFoundError):
        await sdk.x.communities.retrieve_info("9")


async def test_all_communities_are_searched_or_one(sdk: AsyncXTwitterScraper) -> None:
    everywhere = await sdk.x.communities.tweets.list(q="notes", page_size=100)
    here = await sdk.x.communities.retrieve_search(
        q="notes", community_id=communities.OPEN_SOURCE_ID, page_size=100
    )
    assert {one.community_id for one in everywhere.tweets} > {one.community_id for one in here.tweets}
    ids = {one.id for one in everywhere.tweets}
    assert {one.id for one in here.tweets} < ids
    found = (await sdk.x.tweets.retrieve(here.tweets[0].id)).tweet
    assert found.text == here.tweets[0].text


async def test_who_joins_is_a_member_and_what_is_posted_there_is_there(
    running: RunningSandbox, sdk: AsyncXTwitterScraper
) -> None:
    sandbox = running.sandbox
    demo = sandbox.people.by_handle("xquik_demo")
    assert demo is not None
    sandbox.relations.put(Relation(id=f"join:{demo.id}:{communities.TEA_ID}"))
    members = await sdk.x.communities.retrieve_members(communities.TEA_ID)
    assert [one.username for one in members.users] == ["xquik_demo", "cafe_luna"]
    assert (await sdk.x.communities.retrieve_info(communities.TEA_ID)).community.member_count == 2
    await sdk.x.tweets.create(
        account="xquik_demo", text="Ready?", community_id=communities.TEA_ID, idempotency_key="tea"
    )
    tweets = await sdk.x.communities.tweets.list_by_community(communities.TEA_ID)
    assert [one.text for one in tweets.tweets] == ["Ready?"]
    sandbox.relations.put(Relation(id=f"join:{demo.id}:{communities.TEA_ID}", active=False))
    assert (await sdk.x.communities.retrieve_info(communities.TEA_ID)).community.member_count == 1


async def test_the_sdk_reads_spaces(sdk: AsyncXTwitterScraper) -> None:
    live = (await sdk.x.spaces.retrieve(spaces.LIVE_ID)).space
    assert live.creator is not None
    assert live.started_at is not None
    assert (live.state, live.creator.username) == ("Running", "nasa")
    assert [one.username for one in live.speakers] == ["spacex"]
    assert live.participant_count == 2 + (live.total_live_listeners or 0)
    named = await sdk.x.spaces.search(q="launch", query_type="Live")
    assert [one.id for one in named.spaces] == [spaces.LIVE_ID, spaces.HOSTILE_ID]
    assert named.spaces[0].to_dict() == live.to_dict(), "the same wherever it appears"
    ahead = await sdk.x.spaces.search(q="juice", query_type="Upcoming")
    assert [one.state for one in ahead.spaces] == ["NotStarted"]
    shared = await sdk.x.spaces.search(q="party", query_type="Latest")
    assert [one.id for one in shared.spaces] == [spaces.RECORDED_ID], "each once, however many share it"


async def test_a_recording_is_played_once_its_space_is_over(sdk: AsyncXTwitterScraper) -> None:
    found = (await sdk.x.spaces.retrieve_replay(spaces.RECORDED_ID)).replay
    async with httpx.AsyncClient(trust_env=False) as browser:
        assert (await browser.get(found.url)).text.startswith("#EXTM3U")
    with pytest.raises(ConflictError, match="space_not_ended"):
        await sdk.x.spaces.retrieve_replay(spaces.LIVE_ID)
    for space, code in ((spaces.UNRECORDED_ID, "replay_unavailable"), (spaces.CANCELED_ID, "space_canceled")):
        with pytest.raises(NotFoundError, match=code):
            await sdk.x.spaces.retrieve_replay(space)


async def test_a_space_of_an_event_is_live_and_then_over(
    running: RunningSandbox, sdk: AsyncXTwitterScraper
) -> None:
    await sdk.monitors.create(username="nasa", event_types=["space.started"])
    event = await control(running, "/emit", username="nasa", type="space.started")
    told = (await sdk.events.retrieve(event["id"])).data.to_dict()
    space = str(told["id"])
    live = (await sdk.x.spaces.retrieve(space)).space
    assert live.creator is not None
    assert (live.state, live.creator.username) == ("Running", "nasa")
    running.sandbox.advance(spaces.LASTS)
    over = (await sdk.x.spaces.retrieve(space)).space
    assert (over.state, over.is_available_for_replay) == ("Ended", True)
