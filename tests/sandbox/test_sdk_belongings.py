"""The vendor's own SDK reads who is alike, who belongs to an account, its articles and its lists."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from x_twitter_scraper import AsyncXTwitterScraper, PermissionDeniedError

from bot.sandbox.server import RunningSandbox
from bot.sandbox.world import lists
from bot.sandbox.world.articles import ARTICLES, COMET_ID


@pytest.fixture
async def sdk(running: RunningSandbox) -> AsyncIterator[AsyncXTwitterScraper]:
    async with AsyncXTwitterScraper(
        api_key=running.api_key, base_url=running.base_url, max_retries=0
    ) as client:
        yield client


async def test_reads_who_is_alike_and_who_belongs(sdk: AsyncXTwitterScraper) -> None:
    first = await sdk.x.users.retrieve_similar("nasa", page_size=3)
    rest = await sdk.x.users.retrieve_similar("nasa", cursor=first.next_cursor)
    assert len(first.users) == 3 and first.has_next_page and not rest.has_next_page
    found = [one.username for one in (*first.users, *rest.users)]
    assert len(found) == len(set(found)) and "nasa" not in found
    again = await sdk.x.users.retrieve_similar("nasa")
    assert [one.username for one in again.users] == found
    affiliates = await sdk.x.users.retrieve_affiliates("github")
    followers = await sdk.x.users.retrieve_followers("github", page_size=300)
    assert affiliates.users
    assert {one.id for one in affiliates.users} <= {one.id for one in followers.users}


async def test_reads_highlights_as_they_stand_among_the_tweets(sdk: AsyncXTwitterScraper) -> None:
    highlights = await sdk.x.users.retrieve_highlights("nasa")
    own = await sdk.x.users.retrieve_tweets("nasa", page_size=300)
    figures = {one.id: one.like_count for one in own.tweets}
    assert [figures[one.id] for one in highlights.tweets] == [one.like_count for one in highlights.tweets]


async def test_reads_articles_and_the_same_in_their_tweets(sdk: AsyncXTwitterScraper) -> None:
    (shown,) = (await sdk.x.users.retrieve_articles("esa")).tweets
    assert shown.id == COMET_ID and shown.article is not None
    assert shown.article.title == ARTICLES[COMET_ID].title
    whole = (await sdk.x.get_article(COMET_ID)).article
    assert (whole.title, whole.preview_text) == (shown.article.title, shown.article.preview_text)


async def test_reads_lists_by_their_people(running: RunningSandbox, sdk: AsyncXTwitterScraper) -> None:
    owned = await sdk.x.users.retrieve_lists("nasa")
    assert [one.id for one in owned.lists] == [lists.AGENCIES_ID], "a private list is not shown"
    assert owned.lists[0].to_dict() == (await sdk.x.lists.retrieve(lists.AGENCIES_ID)).list.to_dict()
    having = await sdk.x.users.retrieve_list_memberships("esa", page_size=100)
    for one in having.lists[:3]:
        members = await sdk.x.lists.retrieve_members(one.id)
        assert "esa" in {person.username for person in members.users}
    esa = running.sandbox.people.known("esa")
    assert esa is not None
    running.sandbox.people.change(esa, protected=True)
    for ask in (sdk.x.users.retrieve_lists, sdk.x.users.retrieve_list_memberships):
        with pytest.raises(PermissionDeniedError, match="x_account_protected"):
            await ask("esa")
