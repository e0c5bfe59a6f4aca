"""The vendor's own SDK reads trends of any place, now and from the archive."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import pairwise

import pytest
from x_twitter_scraper import AsyncXTwitterScraper, BadRequestError

from bot.sandbox.server import RunningSandbox


@pytest.fixture
async def sdk(running: RunningSandbox) -> AsyncIterator[AsyncXTwitterScraper]:
    async with AsyncXTwitterScraper(
        api_key=running.api_key, base_url=running.base_url, max_retries=0
    ) as client:
        yield client


async def test_places_are_found_by_name_and_country(sdk: AsyncXTwitterScraper) -> None:
    turkey = await sdk.x.get_trend_locations(country="TR")
    assert {one.name for one in turkey.locations} == {"Turkey", "Istanbul", "Ankara", "Izmir"}
    towns = await sdk.x.get_trend_locations(q="birmingham")
    assert [one.country_code for one in towns.locations] == ["US", "GB"]
    first = await sdk.x.get_trend_locations(limit=1)
    assert (first.count, len(first.locations)) == (1, 1) and first.total > 12
    assert (await sdk.x.get_trend_locations(q="qqq")).message


async def test_a_place_is_named_or_given_by_its_id(sdk: AsyncXTwitterScraper) -> None:
    named = await sdk.x.get_trends(location="istanbul")
    assert named.location is not None and named.location.country == "Turkey"
    by_id = await sdk.x.get_trends(woeid=named.woeid)
    assert [one.name for one in by_id.trends] == [one.name for one in named.trends]
    for wrong in ("Atlantis", "Birmingham"):
        with pytest.raises(BadRequestError):
            await sdk.x.get_trends(location=wrong)
    assert (await sdk.x.get_trends(location="Birmingham", country="GB")).woeid == 12723


async def test_the_archive_ends_with_what_is_trending_now(
    running: RunningSandbox, sdk: AsyncXTwitterScraper
) -> None:
    sandbox = running.sandbox
    sandbox.advance(900 - sandbox.now() % 900 + 600)  # trends change every quarter of an hour
    page = await sdk.x.get_trends_history(woeid=23424856, from_="1h", every="5m", count=5, limit=100)
    assert page.count == len(page.snapshots) == 12 and not page.has_next_page
    now = await sdk.x.get_trends(woeid=23424856, count=5)
    assert [one.name for one in page.snapshots[-1].trends] == [one.name for one in now.trends]


async def test_pages_of_the_archive_hold_each_list_once(sdk: AsyncXTwitterScraper) -> None:
    before = int((await sdk.credits.retrieve_balance()).balance)
    page = await sdk.x.get_trends_history(from_="2d", every="2h", limit=10)
    times, spans = [one.captured_at for one in page.snapshots], {(page.from_time, page.to_time)}
    while page.has_next_page:
        page = await sdk.x.get_trends_history(from_="2d", every="2h", limit=10, cursor=page.next_cursor)
        times += [one.captured_at for one in page.snapshots]
        spans.add((page.from_time, page.to_time))
    assert len(times) == len(set(times)) == 24 and times == sorted(times)
    assert len(spans) == 1, "spans are counted back from the first request"
    assert all(b - a == timedelta(hours=2) for a, b in pairwise(times))
    assert before - int((await sdk.credits.retrieve_balance()).balance) == 24


async def test_nothing_is_older_than_the_archive(sdk: AsyncXTwitterScraper) -> None:
    page = await sdk.x.get_trends_history(from_="61d", to="59d", every="6h")
    assert 4 <= page.count <= 5
    assert not (await sdk.x.get_trends_history(from_="62d", to="61d")).snapshots
    by_time = await sdk.x.get_trends_history(from_=page.from_time.isoformat(), to=page.to_time.isoformat())
    assert by_time.count == 24
