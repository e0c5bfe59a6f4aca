"""The vendor's own SDK reads what X shows to a connected account alone."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from x_twitter_scraper import APIStatusError, AsyncXTwitterScraper, BadRequestError, NotFoundError

from bot.sandbox.server import RunningSandbox
from bot.sandbox.world import posts

DEMO = "xquik_demo"
NASA = "11348282"


@pytest.fixture
async def sdk(running: RunningSandbox) -> AsyncIterator[AsyncXTwitterScraper]:
    async with AsyncXTwitterScraper(
        api_key=running.api_key, base_url=running.base_url, max_retries=0
    ) as client:
        yield client


async def control(running: RunningSandbox, path: str, **body: object) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(f"{running.control_url}/{path}", json=body)
    assert answer.is_success, answer.text


async def test_reads_bookmarks_and_their_folders(running: RunningSandbox, sdk: AsyncXTwitterScraper) -> None:
    figure = (await sdk.x.tweets.retrieve(posts.PLAIN_ID)).tweet.bookmark_count
    before = {one.id for one in (await sdk.x.bookmarks.list()).tweets}
    await control(running, "bookmarks", username=DEMO, post=posts.PLAIN_ID)
    saved = (await sdk.x.bookmarks.list()).tweets
    assert {one.id for one in saved} == before | {posts.PLAIN_ID}
    assert next(one for one in saved if one.id == posts.PLAIN_ID).bookmark_count == (figure or 0) + 1
    folders = (await sdk.x.bookmarks.retrieve_folders()).folders
    inside = [(await sdk.x.bookmarks.list(folder_id=one.id)).tweets for one in folders]
    assert sorted(one.id for tweets in inside for one in tweets) == sorted(one.id for one in saved)
    with pytest.raises(NotFoundError):
        await sdk.x.bookmarks.list(folder_id="12")
    await control(running, "accounts", username=DEMO, premium=False)
    with pytest.raises(APIStatusError, match="bookmark_folders_unavailable"):
        await sdk.x.bookmarks.retrieve_folders()


async def test_home_has_what_those_write_that_are_followed(sdk: AsyncXTwitterScraper) -> None:
    followed = {one.username for one in (await sdk.x.users.retrieve_following(DEMO, page_size=300)).users}
    first = await sdk.x.get_home_timeline()
    assert first.has_next_page and len(first.tweets) == 20
    rest = await sdk.x.get_home_timeline(cursor=first.next_cursor)
    everything = [*first.tweets, *rest.tweets]
    assert {one.author.username for one in everything if one.author} <= followed
    seen = everything[0].id
    assert seen not in {one.id for one in (await sdk.x.get_home_timeline(seen_tweet_ids=f"{seen},")).tweets}


async def test_notifications_agree_with_likes_and_follows(
    running: RunningSandbox, sdk: AsyncXTwitterScraper
) -> None:
    await control(running, "accounts", username="xquik")
    async with httpx.AsyncClient(trust_env=False) as client:
        await client.delete(f"{running.control_url}/accounts/{DEMO}")
    found, cursor = [], ""
    while True:
        page = await sdk.x.get_notifications(**({"cursor": cursor} if cursor else {}))  # type: ignore[arg-type]
        found += page.notifications
        cursor = page.next_cursor
        if not page.has_next_page:
            break
    assert len({one.id for one in found}) == len(found)
    likers = (await sdk.x.tweets.get_favoriters(posts.GIVEAWAY_ID, page_size=200)).users
    likes = {one.message for one in found if one.type == "like"}
    assert {f"{one.name} liked your tweet" for one in likers[:20]} <= likes
    mentions = (await sdk.x.get_notifications(type="Mentions")).notifications
    assert {one.type for one in mentions} <= {"mention", "reply", "quote"}


async def test_messages_are_those_that_people_of_the_world_wrote(
    running: RunningSandbox, sdk: AsyncXTwitterScraper
) -> None:
    before = await sdk.x.dm.retrieve_history(NASA, account=DEMO)
    await control(running, "messages", **{"from": "nasa", "to": DEMO, "text": "Hush", "media": "moon"})
    after = await sdk.x.dm.retrieve_history(NASA, account=DEMO)
    assert [one.text for one in after.messages] == ["Hush", *(one.text for one in before.messages)]
    assert after.messages[0].sender_id == NASA and (after.messages[0].media_url or "").endswith("moon.png")
    with pytest.raises(NotFoundError):
        await sdk.x.dm.retrieve_history("12", account=DEMO)
    with pytest.raises(BadRequestError, match="invalid_user_id"):
        await sdk.x.dm.retrieve_history("nasa", account=DEMO)
    with pytest.raises(NotFoundError, match="account_not_found"):
        await sdk.x.dm.retrieve_history(NASA, account="nasa")
