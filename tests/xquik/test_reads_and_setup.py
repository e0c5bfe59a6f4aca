"""Reads, spends and set-up: the requests they make, and what they do with the answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.core.errors import Conflict, Expired, NotFound, UpstreamUnavailable, UsageError
from bot.xquik import costs
from bot.xquik.connections import Connections
from bot.xquik.errors import XquikAnswerLost
from bot.xquik.models import Page
from bot.xquik.resources.paging import iterate
from bot.xquik.resources.reads import XquikReads
from bot.xquik.resources.regions import REGIONS, find_region
from bot.xquik.resources.setup import XquikSetup
from bot.xquik.resources.spends import DrawRequest, XquikSpends
from tests.xquik import spec
from tests.xquik.server import KEY, Reply, Upstream

TYPES = ["tweet.new", "tweet.reply"]


@pytest.fixture
def reads(connections: Connections) -> XquikReads:
    return connections.reads(KEY)


@pytest.fixture
def setup(connections: Connections) -> XquikSetup:
    return connections.setup(KEY)


@pytest.fixture
def spends(connections: Connections) -> XquikSpends:
    return connections.spends(KEY)


CALLS: dict[str, tuple[str, Any, Any]] = {
    "account": ("reads", lambda it: it.account(), {}),
    "credits": ("reads", lambda it: it.credits(), {"balance": "1"}),
    "x_accounts": ("reads", lambda it: it.x_accounts(), {"accounts": [{"id": "1", "xUsername": "a"}]}),
    "tweet": ("reads", lambda it: it.tweet("1893456789012345678"), {"tweet": {"id": "1"}}),
    "user": ("reads", lambda it: it.user("nasa"), {"id": "1", "username": "nasa", "name": "N"}),
    "trends": ("reads", lambda it: it.trends(23424977, 10), {"trends": []}),
    "radar": (
        "reads",
        lambda it: it.radar(source="github", category="dev", hours=24, region="US", limit=10, after="c"),
        {"items": []},
    ),
    "compose": ("reads", lambda it: it.compose("space", goal="authority", style_username="nasa"), {}),
    "refine": (
        "reads",
        lambda it: it.refine(
            "space",
            goal="authority",
            tone="dry",
            media_type="photo",
            call_to_action="reply",
            additional_context="x",
        ),
        {},
    ),
    "score": ("reads", lambda it: it.score("text"), {}),
    "events": (
        "reads",
        lambda it: it.events(
            cursor="c", limit=5, monitor_id="1", keyword_monitor_id="2", event_type="tweet.new"
        ),
        {"events": []},
    ),
    "draws": ("reads", lambda it: it.draws("c", 5), {"draws": []}),
    "draw": ("reads", lambda it: it.draw("42"), {"draw": {"id": "42"}, "winners": []}),
    "export": ("reads", lambda it: it.export("42", "md-document", "entries"), {}),
    "webhooks": ("reads", lambda it: it.webhooks(), {"webhooks": []}),
    "write_action": ("reads", lambda it: it.write_action("wa_1"), {"writeActionId": "wa_1"}),
    "drafts": ("reads", lambda it: it.drafts("c", 5), {"drafts": []}),
    "draft": ("reads", lambda it: it.draft("1"), {"id": "1"}),
    "create_draw": (
        "spends",
        lambda it: it.create_draw(
            DrawRequest(
                "https://x.com/a/status/12345",
                3,
                2,
                True,
                True,
                "nasa",
                100,
                30,
                "en",
                ("win",),
                ("#x",),
                ("@a",),
            ),
            "key-1",
        ),
        {"id": "1", "winners": []},
    ),
    "download": ("spends", lambda it: it.download("https://x.com/a/status/1"), {"galleryUrl": "g"}),
    "download_many": ("spends", lambda it: it.download_many(["1", "2"]), {"galleryUrl": "g"}),
    "create_monitor": ("setup", lambda it: it.create_monitor("nasa", TYPES), {"id": "1"}),
    "create_keyword_monitor": ("setup", lambda it: it.create_keyword_monitor("moon", TYPES), {"id": "1"}),
    "monitors": ("setup", lambda it: it.monitors(), {"monitors": []}),
    "keyword_monitors": ("setup", lambda it: it.keyword_monitors(), {"monitors": []}),
    "update_monitor": ("setup", lambda it: it.update_monitor("1", event_types=TYPES), {"id": "1"}),
    "update_keyword_monitor": (
        "setup",
        lambda it: it.update_keyword_monitor("1", is_active=False),
        {"id": "1"},
    ),
    "delete_monitor": ("setup", lambda it: it.delete_monitor("1"), {}),
    "delete_keyword_monitor": ("setup", lambda it: it.delete_keyword_monitor("1"), {}),
    "create_webhook": (
        "setup",
        lambda it: it.create_webhook("https://bot.example/h", TYPES),
        {"id": "1", "secret": "s"},
    ),
    "update_webhook": (
        "setup",
        lambda it: it.update_webhook("1", url="https://b", event_types=TYPES, is_active=True),
        {"id": "1"},
    ),
    "test_webhook": ("setup", lambda it: it.test_webhook("1"), {"success": True, "statusCode": 200}),
    "resume_webhook": ("setup", lambda it: it.resume_webhook("1"), {"success": True}),
    "delete_webhook": ("setup", lambda it: it.delete_webhook("1"), {}),
    "create_draft": ("setup", lambda it: it.create_draft("t", topic="x", goal="authority"), {"id": "1"}),
    "delete_draft": ("setup", lambda it: it.delete_draft("1"), {}),
}


@pytest.mark.parametrize("name", sorted(CALLS))
async def test_each_request_is_what_the_document_describes(
    upstream: Upstream, connections: Connections, name: str
) -> None:
    where, call, answer = CALLS[name]
    upstream.will(Reply(body=answer))
    await call(getattr(connections, where)(KEY))
    seen = upstream.seen[0]
    spec.match(seen.method, seen.path)
    spec.check_query(seen.method, seen.path, seen.query)
    if seen.content:
        spec.check_body(seen.method, seen.path, seen.json)


def test_every_public_request_is_tried_here(connections: Connections) -> None:
    for where in ("reads", "spends", "setup"):
        kind = type(getattr(connections, where)(KEY))
        offered = {name for name in vars(kind) if not name.startswith("_")} - {"every_event"}
        assert offered == {name for name, (place, _, _) in CALLS.items() if place == where}


async def test_trends_are_asked_for_at_the_newer_address(upstream: Upstream, reads: XquikReads) -> None:
    upstream.will(Reply(body={"trends": [{"name": "#AI"}], "total": 1, "woeid": 1}))
    found = await reads.trends()
    assert upstream.seen[0].path == "/x/trends"
    assert found.trends[0].name == "#AI"


async def test_an_export_has_a_safe_name_and_its_bytes(upstream: Upstream, reads: XquikReads) -> None:
    upstream.will(Reply(body=b"%PDF", headers={"content-type": "application/pdf"}))
    file = await reads.export("../4 2", "pdf")
    assert file.name == "draw-___4_2-winners.pdf"
    assert (file.content, file.content_type) == (b"%PDF", "application/pdf")
    with pytest.raises(UsageError):
        await reads.export("42", "docx")
    with pytest.raises(UsageError):
        await reads.export("42", "csv", "losers")
    assert len(upstream.seen) == 1


async def test_what_was_not_asked_for_is_not_sent(
    upstream: Upstream, reads: XquikReads, spends: XquikSpends
) -> None:
    upstream.will(Reply(body={"items": []}), Reply(body={"id": "1", "winners": []}))
    await reads.radar(source="github")
    await spends.create_draw(DrawRequest("https://x.com/a/status/12345"), "key-1")
    assert upstream.seen[0].query == {"source": "github"}
    assert upstream.seen[1].json == {"tweetUrl": "https://x.com/a/status/12345", "winnerCount": 1}


async def test_winners_missing_from_the_older_answer_are_fetched(
    upstream: Upstream, spends: XquikSpends
) -> None:
    winner = {"authorUsername": "a", "tweetId": "1", "position": 1, "isBackup": False}
    upstream.will(
        Reply(201, {"id": "42", "totalEntries": 5, "validEntries": 3}),
        Reply(body={"draw": {"id": "42"}, "winners": [winner]}),
    )
    drawn = await spends.create_draw(DrawRequest("https://x.com/a/status/12345"), "key-1")
    assert [seen.method for seen in upstream.seen] == ["POST", "GET"]
    assert drawn.main_winners[0].author_username == "a"


async def test_a_paid_draw_is_never_lost_to_a_failing_look_up(
    upstream: Upstream, spends: XquikSpends
) -> None:
    upstream.will(Reply(201, {"id": "42", "totalEntries": 5}), Reply(404, {"error": "not_found"}))
    drawn = await spends.create_draw(DrawRequest("https://x.com/a/status/12345"), "key-1")
    assert (drawn.draw.id, drawn.winners) == ("42", None)


async def test_a_draw_whose_answer_is_lost_is_not_run_again(upstream: Upstream, spends: XquikSpends) -> None:
    upstream.will(Reply(504, b"gateway"))
    with pytest.raises(XquikAnswerLost):
        await spends.create_draw(DrawRequest("https://x.com/a/status/12345"), "key-1")
    assert len(upstream.seen) == 1


@pytest.mark.parametrize("count", [0, 51])
async def test_a_download_takes_fifty_posts_at_most(
    upstream: Upstream, spends: XquikSpends, count: int
) -> None:
    upstream.will(Reply(body={"galleryUrl": "g"}))
    with pytest.raises(UsageError):
        await spends.download_many(["1"] * count)
    assert upstream.seen == []


async def test_a_monitor_that_exists_is_found_and_used(upstream: Upstream, setup: XquikSetup) -> None:
    upstream.will(
        Reply(409, {"error": "monitor_already_exists"}),
        Reply(
            body={"monitors": [{"id": "1", "username": "esa"}, {"id": "2", "username": "NASA"}], "total": 2}
        ),
    )
    monitor = await setup.create_monitor("@nasa", TYPES)
    assert (monitor.id, monitor.existed) == ("2", True)


async def test_a_keyword_monitor_that_exists_is_found_by_its_normalised_query(
    upstream: Upstream, setup: XquikSetup
) -> None:
    upstream.will(
        Reply(409, {"error": "monitor_already_exists"}),
        Reply(body={"monitors": [{"id": "7", "query": "moon landing"}], "total": 1}),
    )
    monitor = await setup.create_keyword_monitor(" moon   landing ", TYPES)
    assert (monitor.id, monitor.existed) == ("7", True)


async def test_a_conflict_without_a_match_stays_a_conflict(upstream: Upstream, setup: XquikSetup) -> None:
    upstream.will(Reply(409, {"error": "monitor_already_exists"}), Reply(body={"monitors": [], "total": 0}))
    with pytest.raises(Conflict):
        await setup.create_monitor("nasa", TYPES)


async def test_a_new_monitor_did_not_exist(upstream: Upstream, setup: XquikSetup) -> None:
    upstream.will(Reply(201, {"id": "3", "username": "nasa", "eventTypes": TYPES, "isActive": True}))
    assert (await setup.create_monitor("nasa", TYPES)).existed is False


async def test_deleting_what_is_gone_says_so(upstream: Upstream, setup: XquikSetup) -> None:
    upstream.will(Reply(404, {"error": "not_found"}))
    with pytest.raises(NotFound):
        await setup.delete_webhook("9")


def pages(
    *found: Page[str] | Exception,
) -> tuple[Callable[[str | None], Awaitable[Page[str]]], list[str | None]]:
    asked: list[str | None] = []
    left = list(found)

    async def fetch(cursor: str | None) -> Page[str]:
        asked.append(cursor)
        page = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(page, Exception):
            raise page
        return page

    return fetch, asked


async def collect(fetch: Callable[[str | None], Awaitable[Page[str]]]) -> list[str]:
    return [item async for item in iterate(fetch, identity=lambda item: item)]


async def test_pages_are_walked_to_the_end_and_repeats_left_out() -> None:
    fetch, asked = pages(Page(("a", "b", "b"), True, "1"), Page(("b", "c"), True, "2"), Page(("d",)))
    assert await collect(fetch) == ["a", "b", "c", "d"]
    assert asked == [None, "1", "2"]


async def test_a_repeating_cursor_ends_the_walk() -> None:
    fetch, asked = pages(Page(("a",), True, "1"), Page(("b",), True, "1"))
    assert await collect(fetch) == ["a", "b"]
    assert len(asked) == 2


async def test_a_repeating_page_ends_the_walk_even_with_new_cursors() -> None:
    fetch, asked = pages(Page(("a",), True, "1"), Page(("a",), True, "2"), Page(("a",), True, "3"))
    assert await collect(fetch) == ["a"]
    assert len(asked) == 2


async def test_a_forgotten_cursor_restarts_once_and_skips_what_was_seen() -> None:
    first = Page(("a", "b"), True, "1")
    fetch, asked = pages(first, Expired("gone"), first, Page(("c",)))
    assert await collect(fetch) == ["a", "b", "c"]
    assert asked == [None, "1", None, "1"]
    fetch, _ = pages(first, Expired("gone"), first, Expired("gone"))
    with pytest.raises(Expired):
        await collect(fetch)


async def test_a_failing_page_is_not_swallowed() -> None:
    fetch, _ = pages(Page(("a",), True, "1"), UpstreamUnavailable("down"))
    with pytest.raises(UpstreamUnavailable):
        await collect(fetch)


async def test_all_events_come_through_every_page(upstream: Upstream, reads: XquikReads) -> None:
    upstream.will(
        Reply(body={"events": [{"id": "2"}], "hasMore": True, "nextCursor": "c"}),
        Reply(body={"events": [{"id": "1"}], "hasMore": False}),
    )
    assert [event.id async for event in reads.every_event()] == ["2", "1"]
    assert upstream.seen[1].query["cursor"] == "c"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("US", "US"),
        ("united states", "US"),
        ("United-States", "US"),
        ("uk", "GB"),
        ("gb", "GB"),
        ("türkiye", "TR"),
        ("TÜRKİYE", "TR"),
        ("turkey", "TR"),
        ("méxico", "MX"),
        ("Mexico", "MX"),
        ("日本", "JP"),
        ("भारत", "IN"),
        ("1", "global"),
        ("worldwide", "global"),
        ("23424829", "DE"),
        (" fr ", "FR"),
    ],
)
def test_regions_are_found_by_name_code_and_number(text: str, code: str) -> None:
    assert find_region(text).code == code


def test_an_unknown_region_lists_the_twelve() -> None:
    assert len(REGIONS) == len({one.woeid for one in REGIONS}) == 12
    with pytest.raises(UsageError) as caught:
        find_region("Atlantis")
    assert all(one.name in caught.value.remedy for one in REGIONS)


def test_estimates() -> None:
    assert costs.post().credits == 30
    assert costs.post(1).credits == 32
    assert costs.post(1_000_000).credits == 32
    assert costs.post(1_000_001).credits == 34
    assert costs.write("like").credits == 10
    assert costs.monitor(24).credits == 720
    assert str(costs.draw(1500)) == "at most 1,500 credits (estimate)"
    assert str(costs.download(1)) == "at most 1 credit (estimate)"
