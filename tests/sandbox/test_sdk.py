"""The vendor's own SDK understands the sandbox: nothing but its base URL is changed."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from x_twitter_scraper import (
    APIStatusError,
    AsyncXTwitterScraper,
    AuthenticationError,
    ConflictError,
    NotFoundError,
)

from bot.sandbox.server import RunningSandbox
from bot.sandbox.world import posts
from tests.media import png

from .conftest import control
from .receiver import Receiver

URL = f"https://x.com/xquik/status/{posts.GIVEAWAY_ID}"


@pytest.fixture
async def sdk(running: RunningSandbox) -> AsyncIterator[AsyncXTwitterScraper]:
    async with AsyncXTwitterScraper(
        api_key=running.api_key, base_url=running.base_url, max_retries=0
    ) as client:
        yield client


async def test_reads_the_account_and_its_credits(sdk: AsyncXTwitterScraper) -> None:
    account, purse = await sdk.account.retrieve(), await sdk.credits.retrieve_balance()
    assert account.plan == "active"
    assert account.x_username == "xquik_demo"
    assert purse.balance == "25000"
    connected = await sdk.x.accounts.list()
    assert [one.health for one in connected.accounts] == ["healthy"]


async def test_reads_tweets_people_trends_and_radar(sdk: AsyncXTwitterScraper) -> None:
    found = await sdk.x.tweets.retrieve(posts.GIVEAWAY_ID)
    assert found.author is not None
    assert found.author.username == "xquik"
    assert (await sdk.x.users.retrieve("nasa")).name == "NASA"
    places = await sdk.x.get_trend_locations()
    assert places.total == len(places.locations) > 12
    trends = await sdk.x.get_trends(woeid=23424977, count=5)
    assert [trend.rank for trend in trends.trends] == [1, 2, 3, 4, 5]
    radar = await sdk.radar.retrieve_trending_topics(source="github", limit=3)
    assert {item.source for item in radar.items} == {"github"}


async def test_runs_lists_and_exports_a_draw(sdk: AsyncXTwitterScraper) -> None:
    run = await sdk.draws.run(tweet_url=URL, winner_count=3, backup_count=2, unique_authors_only=True)
    assert [winner.is_backup for winner in run.winners] == [False, False, False, True, True]
    again = await sdk.draws.retrieve(run.id)
    assert again.winners == run.winners
    assert again.draw.tweet_reply_count == run.total_entries == posts.GIVEAWAY_REPLIES
    assert [draw.id for draw in (await sdk.draws.list()).draws] == [run.id]
    exported = await sdk.draws.export(run.id, format="csv")
    assert len((await exported.read()).splitlines()) == 1 + 5


async def test_keeps_drafts(sdk: AsyncXTwitterScraper) -> None:
    draft = await sdk.drafts.create(text="Later", goal="authority")
    assert (await sdk.drafts.retrieve(draft.id)).text == "Later"
    await sdk.drafts.delete(draft.id)
    with pytest.raises(NotFoundError):
        await sdk.drafts.retrieve(draft.id)


async def test_composes_and_scores(sdk: AsyncXTwitterScraper) -> None:
    answer = await sdk.compose.create(step="compose", topic="small tools")
    assert len(answer.follow_up_questions) == 4  # type: ignore[union-attr]  # the step decides the arm


async def test_monitors_webhooks_events_and_deliveries(
    running: RunningSandbox, sdk: AsyncXTwitterScraper, receiver: Receiver
) -> None:
    monitor = await sdk.monitors.create(username="nasa", event_types=["tweet.quote"])
    with pytest.raises(ConflictError):
        await sdk.monitors.create(username="NASA", event_types=["tweet.new"])
    keyword = await sdk.monitors.keywords.create(query="mars", event_types=["tweet.new"])
    webhook = await sdk.webhooks.create(url=receiver.url, event_types=["tweet.quote"])
    assert (await sdk.webhooks.test(webhook.id)).success
    event = await control(running, "/emit", username="nasa", type="tweet.quote")
    await receiver.wait_for(2)
    found = await sdk.events.retrieve(event["id"])
    assert (found.monitor_id, found.username) == (monitor.id, "nasa")
    assert [one.id for one in (await sdk.events.list()).events] == [event["id"]]
    assert [one.id for one in (await sdk.monitors.keywords.list()).monitors] == [keyword.id]
    assert len((await sdk.webhooks.list_deliveries(webhook.id)).deliveries) == 1
    await sdk.monitors.update(monitor.id, is_active=False)
    assert not (await sdk.monitors.list()).monitors[0].is_active
    await sdk.monitors.deactivate(monitor.id)
    await sdk.webhooks.deactivate(webhook.id)


async def test_streams_events(running: RunningSandbox, sdk: AsyncXTwitterScraper) -> None:
    await sdk.monitors.create(username="nasa", event_types=["tweet.new"])
    first = await control(running, "/emit", username="nasa")
    second = await control(running, "/emit", username="nasa")
    async with await sdk.events.stream(last_event_id=first["id"]) as stream:
        event = await anext(aiter(stream))
    assert (event.id, event.type) == (second["id"], "tweet.new")


async def test_writes_once_for_a_key_and_reads_the_action(sdk: AsyncXTwitterScraper) -> None:
    first = await sdk.x.tweets.create(account="xquik_demo", text="Hello", idempotency_key="one")
    again = await sdk.x.tweets.create(account="xquik_demo", text="Hello", idempotency_key="one")
    assert (first.id, first.status) == (again.id, "success")
    with pytest.raises(ConflictError):
        await sdk.x.tweets.create(account="xquik_demo", text="Other", idempotency_key="one")
    action = await sdk.x.write_actions.retrieve(first.id)
    assert action.result is not None
    assert (await sdk.x.tweets.retrieve(action.result.id or "")).tweet.text == "Hello"


async def test_downloads_media(sdk: AsyncXTwitterScraper) -> None:
    fresh = await sdk.x.media.download(tweet_input=URL)
    cached = await sdk.x.media.download(tweet_input=URL)
    assert (fresh.cache_hit, cached.cache_hit) == (False, True)
    many = await sdk.x.media.download(tweet_ids=list(posts.GALLERY_IDS.values()))
    assert (many.total_tweets, many.total_media) == (4, 10)


async def test_a_wrong_key_and_a_missing_operation_are_told_apart(running: RunningSandbox) -> None:
    async with AsyncXTwitterScraper(api_key="xq_no", base_url=running.base_url, max_retries=0) as stranger:
        with pytest.raises(AuthenticationError):
            await stranger.account.retrieve()
    async with AsyncXTwitterScraper(api_key=running.api_key, base_url=running.base_url, max_retries=0) as sdk:
        with pytest.raises(APIStatusError, match="getHashflags") as caught:
            await sdk.get("/x/hashflags", cast_to=object)
        assert caught.value.status_code == 501


async def test_uploads_a_file_and_a_link_and_posts_with_both(sdk: AsyncXTwitterScraper) -> None:
    media, account = sdk.x.media, "xquik_demo"
    file = ("moon.png", png(), "image/png")
    first = await media.upload(account=account, file=file, idempotency_key="upload-1")
    assert (first.action, first.terminal, first.billing.charged_credits) == ("upload_media", True, "10")
    assert first.result is not None and first.result.type == "media"
    again = await media.upload(account=account, file=file, idempotency_key="upload-1")
    assert again.id == first.id, "the same key and bytes are the same upload"
    with pytest.raises(ConflictError):
        await media.upload(account=account, file=("sun.png", png(3), "image/png"), idempotency_key="upload-1")
    second = await media.upload(account=account, url="https://images.example.com/a.png", idempotency_key="u2")
    urls = [str((one.model_extra or {})["mediaUrl"]) for one in (first, second)]
    posted = await sdk.x.tweets.create(account=account, text="Two", media=urls, idempotency_key="post-1")
    assert posted.billing.charged_credits == "34", "a link counts a megabyte, and the picture begins another"


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (("a.svg", b"<svg/>", "image/svg+xml"), 400),
        (("a.png", b"", "image/png"), 400),
        (("a.png", bytes(15_728_641), "image/png"), 413),
    ],
)
async def test_an_upload_that_cannot_be_taken_is_refused(
    sdk: AsyncXTwitterScraper, file: tuple[str, bytes, str], code: int
) -> None:
    with pytest.raises(APIStatusError) as refused:
        await sdk.x.media.upload(account="xquik_demo", file=file, idempotency_key="k")
    assert refused.value.status_code == code


async def test_the_pictures_of_a_profile_are_changed(sdk: AsyncXTwitterScraper) -> None:
    before = await sdk.x.users.retrieve("xquik_demo")
    file = ("face.png", png(), "image/png")
    done = await sdk.x.profile.update_avatar(account="xquik_demo", file=file, idempotency_key="face-1")
    assert (done.action, done.terminal, done.status) == ("update_avatar", True, "success")
    link = "https://images.example.com/sky.png"
    sky = await sdk.x.profile.update_banner(account="xquik_demo", url=link, idempotency_key="sky-1")
    assert (sky.action, sky.status) == ("update_banner", "success")
    after = await sdk.x.users.retrieve("xquik_demo")
    assert after.profile_picture != before.profile_picture
    with pytest.raises(APIStatusError) as refused:
        large = ("face.png", bytes(700_001), "image/png")
        await sdk.x.profile.update_avatar(account="xquik_demo", file=large, idempotency_key="face-2")
    assert refused.value.status_code == 413
