"""The resources and draws: the requests they make, and what they do with the answers."""

from __future__ import annotations

from typing import Any

import pytest

from bot.core.errors import Conflict, NotFound, UsageError
from bot.xquik.client import XquikClient
from bot.xquik.connections import Connections
from bot.xquik.draw_requests import DrawRequest
from bot.xquik.draw_runs import DrawRuns
from bot.xquik.errors import XquikAnswerLost
from bot.xquik.models import TrendLocation
from bot.xquik.resources.analyses import AnalysisQuestion, AnalyzedSource
from bot.xquik.resources.regions import REGIONS, PlaceAsked, find_region, place_asked
from bot.xquik.transport.caller import Caller
from bot.xquik.transport.client import Transport
from tests.xquik import spec
from tests.xquik.server import KEY, Reply, Seen, Upstream

TYPES = ["tweet.new", "tweet.reply"]


@pytest.fixture
def xquik(connections: Connections) -> XquikClient:
    return connections.client(KEY)


@pytest.fixture
def runs(transport: Transport) -> DrawRuns:
    return DrawRuns(Caller(transport, KEY))


POSTS = ("post.reply.new", "post.likes.changed")
CALLS: dict[str, tuple[Any, Any]] = {
    "account.show": (lambda it: it.account.show(), {}),
    "account.credits": (lambda it: it.account.credits(), {"balance": "1"}),
    "account.topup": (lambda it: it.account.topup("cs_1"), {"status": "paid"}),
    "account.set_locale": (lambda it: it.account.set_locale("tr"), {"success": True}),
    "account.set_identity": (lambda it: it.account.set_identity("nasa"), {"xUsername": "nasa"}),
    "support.list": (lambda it: it.support.list(cursor="c", rows=5), {"tickets": [{"publicId": "tkt_1"}]}),
    "support.attachment": (lambda it: it.support.attachment("att_1"), {}),
    "support.show": (lambda it: it.support.show("tkt_1"), {"publicId": "tkt_1"}),
    "x_accounts.show": (lambda it: it.x_accounts.show("41"), {"id": "41", "xUsername": "a"}),
    "x_accounts.list": (lambda it: it.x_accounts.list(), {"accounts": [{"id": "1", "xUsername": "a"}]}),
    "tweets.show": (lambda it: it.tweets.show("1893456789012345678"), {"tweet": {"id": "1"}}),
    "users.show": (lambda it: it.users.show("nasa"), {"id": "1", "username": "nasa", "name": "N"}),
    "users.followers": (lambda it: it.users.followers("nasa", cursor="c", rows=5), {"users": [{"id": "1"}]}),
    "extractions.estimate": (
        lambda it: it.extractions.estimate({"toolType": "favoriters", "targetTweetId": "12"}),
        {"creditsRequired": "5"},
    ),
    "extractions.list": (
        lambda it: it.extractions.list(cursor="c", rows=5, status="completed", tool="favoriters"),
        {"extractions": [{"id": "1"}]},
    ),
    "extractions.show": (lambda it: it.extractions.show("1", cursor="c", rows=5), {"job": {"id": "1"}}),
    "extractions.export": (lambda it: it.extractions.export("1", "csv"), {}),
    "extractions.cancel": (lambda it: it.extractions.cancel("1"), {"id": "1", "status": "canceled"}),
    "tweets.quotes": (lambda it: it.tweets.quotes("12", cursor="c", rows=5), {"tweets": [{"id": "1"}]}),
    "tweets.translation": (lambda it: it.tweets.translation("12", "tr"), {"translation": {"text": "a"}}),
    "tweets.insights": (lambda it: it.tweets.insights("12"), {"insights": {"tweetId": "12"}}),
    "articles.show": (lambda it: it.articles.show("12"), {"article": {"title": "a"}}),
    "tweets.search": (
        lambda it: it.tweets.search("moon", order="Top", cursor="c", rows=5, media="gifs"),
        {"tweets": [{"id": "1"}]},
    ),
    "tweets.top": (
        lambda it: it.tweets.top(
            metric="views", window="week", country="US", language="en", cursor="c", rows=5
        ),
        {"tweets": [{"id": "1"}]},
    ),
    "tweets.thread": (lambda it: it.tweets.thread("12", cursor="c", rows=5), {"tweets": [{"id": "1"}]}),
    "tweets.replies": (
        lambda it: it.tweets.replies(
            "12", cursor="c", rows=5, sort="likes", language="en", media_only=True, others_only=True
        ),
        {"tweets": [{"id": "1"}]},
    ),
    "tweets.retweeters": (
        lambda it: it.tweets.retweeters("12", cursor="c", rows=5),
        {"users": [{"id": "1"}]},
    ),
    "tweets.hidden_replies": (
        lambda it: it.tweets.hidden_replies("12", cursor="c", rows=5, language="en", media_only=True),
        {"tweets": [{"id": "1"}]},
    ),
    "tweets.reposted_by": (
        lambda it: it.tweets.reposted_by("12", "nasa"),
        {"isRetweeted": True, "complete": True, "checkedPosts": 3},
    ),
    "tweets.embed": (lambda it: it.tweets.embed("12", theme="dark"), {"embed": {"html": "<p>"}}),
    "tweets.subtitles": (lambda it: it.tweets.subtitles("12"), {"subtitles": {"tracks": []}}),
    "tweets.resolved": (lambda it: it.tweets.resolved(["https://t.co/a"]), {"links": []}),
    "broadcasts.show": (lambda it: it.broadcasts.show("1Oy"), {"broadcast": {"id": "1Oy"}}),
    "broadcasts.live": (lambda it: it.broadcasts.live("nasa"), {"live": False}),
    "trends.versions": (lambda it: it.trends.versions("12"), {"versions": [{"id": "13"}]}),
    "places.search": (lambda it: it.places.search("istanbul", rows=3), {"places": [], "total": 0}),
    "trends.suggestions": (
        lambda it: it.trends.suggestions("space", kinds="hashtags", rows=5),
        {"query": "space"},
    ),
    "tweets.likers": (lambda it: it.tweets.likers("12", cursor="c", rows=500), {"users": [{"id": "1"}]}),
    "users.tweets": (lambda it: it.users.tweets("nasa", cursor="c", rows=5), {"tweets": [{"id": "1"}]}),
    "users.replies": (lambda it: it.users.replies("nasa", cursor="c", rows=5), {"tweets": [{"id": "1"}]}),
    "users.media": (lambda it: it.users.media("nasa", cursor="c", rows=5), {"tweets": [{"id": "1"}]}),
    "users.mentions": (lambda it: it.users.mentions("nasa", cursor="c", rows=5), {"tweets": [{"id": "1"}]}),
    "users.likes": (lambda it: it.users.likes("nasa", cursor="c", rows=5), {"tweets": [{"id": "1"}]}),
    "users.following": (lambda it: it.users.following("nasa", cursor="c", rows=5), {"users": [{"id": "1"}]}),
    "users.verified_followers": (
        lambda it: it.users.verified_followers("nasa", cursor="c", rows=5),
        {"users": [{"id": "1"}]},
    ),
    "users.known_followers": (
        lambda it: it.users.known_followers("nasa", cursor="c", rows=5),
        {"users": [{"id": "1"}]},
    ),
    "users.similar": (lambda it: it.users.similar("nasa", cursor="c", rows=5), {"users": [{"id": "1"}]}),
    "users.affiliates": (
        lambda it: it.users.affiliates("nasa", cursor="c", rows=5),
        {"users": [{"id": "1"}]},
    ),
    "users.highlights": (
        lambda it: it.users.highlights("nasa", cursor="c", rows=5),
        {"tweets": [{"id": "1"}]},
    ),
    "users.articles": (lambda it: it.users.articles("nasa", cursor="c", rows=5), {"tweets": [{"id": "1"}]}),
    "users.lists": (lambda it: it.users.lists("nasa", cursor="c", rows=5), {"lists": [{"id": "1"}]}),
    "users.memberships": (
        lambda it: it.users.memberships("nasa", cursor="c", rows=5),
        {"lists": [{"id": "1"}]},
    ),
    "tweets.several": (lambda it: it.tweets.several(["12", "13"]), {"tweets": [{"id": "12"}]}),
    "users.search": (lambda it: it.users.search("nasa", cursor="c", rows=5), {"users": [{"id": "1"}]}),
    "inbox.bookmarks": (lambda it: it.inbox.bookmarks("12", cursor="c"), {"tweets": [{"id": "1"}]}),
    "inbox.folders": (lambda it: it.inbox.folders(cursor="c"), {"folders": [{"id": "1", "name": "a"}]}),
    "inbox.timeline": (lambda it: it.inbox.timeline(cursor="c"), {"tweets": [{"id": "1"}]}),
    "inbox.notifications": (
        lambda it: it.inbox.notifications("mentions", cursor="c"),
        {"notifications": [{"id": "1", "type": "like", "message": "a"}]},
    ),
    "inbox.messages": (
        lambda it: it.inbox.messages("12", account="acme", cursor="c"),
        {"messages": [{"id": "1", "senderId": "12", "receiverId": "2"}]},
    ),
    "users.check": (
        lambda it: it.users.check("nasa", "esa"),
        {"isFollowing": True, "isFollowedBy": False, "sourceUsername": "nasa", "targetUsername": "esa"},
    ),
    "users.insights": (lambda it: it.users.insights("nasa"), {"insights": {"userId": "1"}}),
    "users.translation": (
        lambda it: it.users.translation("nasa", "tr"),
        {"translation": {"text": "Uzay", "language": "tr"}},
    ),
    "users.several": (lambda it: it.users.several(["nasa", "esa"]), {"users": []}),
    "users.newest": (lambda it: it.users.newest(["nasa", "esa"], rows=2), {"tweets": [{"id": "1"}]}),
    "trends.show": (lambda it: it.trends.show(PlaceAsked("Japan", 23424856), 10), {"trends": []}),
    "trends.history": (
        lambda it: it.trends.history(
            PlaceAsked("Valencia", country="Spain"), since=90_000, until=3_600, every=900, cursor="c", rows=5
        ),
        {"snapshots": []},
    ),
    "trends.locations": (lambda it: it.trends.locations("york", country="US", rows=5), {"locations": []}),
    "radar.list": (
        lambda it: it.radar.list(source="github", category="dev", hours=24, region="US", limit=10, after="c"),
        {"items": []},
    ),
    "compose.guide": (lambda it: it.compose.guide("space", goal="authority", style_username="nasa"), {}),
    "compose.refine": (
        lambda it: it.compose.refine(
            "space",
            goal="authority",
            tone="dry",
            media_type="photo",
            call_to_action="reply",
            additional_context="x",
        ),
        {},
    ),
    "compose.score": (lambda it: it.compose.score("text"), {}),
    "events.list": (
        lambda it: it.events.list(
            cursor="c",
            limit=5,
            monitor_id="1",
            keyword_monitor_id="2",
            post_monitor_id="3",
            event_type="tweet.new",
        ),
        {"events": []},
    ),
    "events.show": (lambda it: it.events.show("91"), {"id": "91"}),
    "draws.list": (lambda it: it.draws.list("c", 5), {"draws": []}),
    "draws.show": (lambda it: it.draws.show("42"), {"draw": {"id": "42"}, "winners": []}),
    "draws.export": (lambda it: it.draws.export("42", "md-document", "entries"), {}),
    "webhooks.list": (lambda it: it.webhooks.list(), {"webhooks": []}),
    "webhooks.deliveries": (
        lambda it: it.webhooks.deliveries("1", cursor="c", rows=5),
        {"deliveries": [{"id": "1"}]},
    ),
    "write_actions.show": (lambda it: it.write_actions.show("wa_1"), {"writeActionId": "wa_1"}),
    "drafts.list": (lambda it: it.drafts.list("c", 5), {"drafts": []}),
    "drafts.show": (lambda it: it.drafts.show("1"), {"id": "1"}),
    "media.download": (lambda it: it.media.download("https://x.com/a/status/1"), {"galleryUrl": "g"}),
    "media.download_many": (lambda it: it.media.download_many(["1", "2"]), {"galleryUrl": "g"}),
    "monitors.create": (lambda it: it.monitors.create("nasa", TYPES), {"id": "1"}),
    "keyword_monitors.create": (lambda it: it.keyword_monitors.create("moon", TYPES), {"id": "1"}),
    "post_monitors.create": (lambda it: it.post_monitors.create("12345", POSTS, "launch"), {"id": "1"}),
    "post_monitors.list": (lambda it: it.post_monitors.list(), {"monitors": []}),
    "post_monitors.update": (
        lambda it: it.post_monitors.update("1", event_types=POSTS, is_active=True, name="n"),
        {"id": "1"},
    ),
    "post_monitors.delete": (lambda it: it.post_monitors.delete("1"), {}),
    "post_monitors.metrics": (lambda it: it.post_monitors.metrics("1", 24), {"buckets": []}),
    "monitors.list": (lambda it: it.monitors.list(), {"monitors": []}),
    "keyword_monitors.list": (lambda it: it.keyword_monitors.list(), {"monitors": []}),
    "monitors.update": (lambda it: it.monitors.update("1", event_types=TYPES), {"id": "1"}),
    "keyword_monitors.update": (
        lambda it: it.keyword_monitors.update("1", is_active=False),
        {"id": "1"},
    ),
    "monitors.delete": (lambda it: it.monitors.delete("1"), {}),
    "keyword_monitors.delete": (lambda it: it.keyword_monitors.delete("1"), {}),
    "webhooks.create": (
        lambda it: it.webhooks.create("https://bot.example/h", TYPES),
        {"id": "1", "secret": "s"},
    ),
    "webhooks.update": (
        lambda it: it.webhooks.update("1", url="https://b", event_types=TYPES, is_active=True),
        {"id": "1"},
    ),
    "webhooks.test": (lambda it: it.webhooks.test("1"), {"success": True, "statusCode": 200}),
    "webhooks.resume": (lambda it: it.webhooks.resume("1"), {"success": True}),
    "webhooks.delete": (lambda it: it.webhooks.delete("1"), {}),
    "drafts.create": (lambda it: it.drafts.create("t", topic="x", goal="authority"), {"id": "1"}),
    "analyses.ask": (
        lambda it: it.analyses.ask(
            "classify",
            AnalyzedSource(query="nasa", query_type="Top"),
            questions=[
                AnalysisQuestion(id="q1", text="Is it a joke?"),
                AnalysisQuestion(id="q2", text="What is it?", categories=(("news", "News"), ("fun", "Fun"))),
                AnalysisQuestion(id="q3", text="How much?", levels=("some", "all")),
            ],
            targets=["NASA"],
            cursor="c",
            limit=5,
        ),
        {"results": [{"tweet": {"id": "1", "text": "t"}, "analysis": {"answers": [{"questionId": "q1"}]}}]},
    ),
    "styles.analyze": (lambda it: it.styles.analyze("nasa"), {"xUsername": "nasa"}),
    "styles.list": (lambda it: it.styles.list("c", 5), {"styles": [{"xUsername": "nasa"}]}),
    "styles.show": (lambda it: it.styles.show("nasa"), {"xUsername": "nasa"}),
    "styles.compare": (
        lambda it: it.styles.compare("nasa", "esa"),
        {"style1": {"xUsername": "nasa"}, "style2": {"xUsername": "esa"}},
    ),
    "styles.performance": (lambda it: it.styles.performance("nasa"), {"xUsername": "nasa"}),
    "styles.save": (lambda it: it.styles.save("ours", ["Hello"]), {"xUsername": "ours"}),
    "styles.delete": (lambda it: it.styles.delete("nasa"), {}),
    "drafts.delete": (lambda it: it.drafts.delete("1"), {}),
    "spaces.show": (lambda it: it.spaces.show("1a"), {"space": {"id": "1a"}}),
    "spaces.replay": (lambda it: it.spaces.replay("1a"), {"replay": {"url": "u"}}),
    "spaces.search": (
        lambda it: it.spaces.search("a", of="live", cursor="c", rows=5),
        {"spaces": [{"id": "1a"}]},
    ),
    "communities.show": (lambda it: it.communities.show("12"), {"community": {"id": "12", "name": "N"}}),
    "communities.members": (
        lambda it: it.communities.members("12", cursor="c", rows=5),
        {"users": [{"id": "1"}]},
    ),
    "communities.moderators": (
        lambda it: it.communities.moderators("12", cursor="c"),
        {"users": [{"id": "1"}]},
    ),
    "communities.tweets": (
        lambda it: it.communities.tweets("12", cursor="c", rows=5),
        {"tweets": [{"id": "1"}]},
    ),
    "communities.search": (
        lambda it: it.communities.search("a", community_id="12", order="top", cursor="c", rows=5),
        {"tweets": [{"id": "1"}]},
    ),
    "communities.search_all": (
        lambda it: it.communities.search_all("a", order="latest", cursor="c", rows=5),
        {"tweets": [{"id": "1"}]},
    ),
    "communities.popular": (
        lambda it: it.communities.popular("science", cursor="c", rows=5),
        {"communities": [{"id": "1"}]},
    ),
    "communities.suggested": (lambda it: it.communities.suggested(rows=5), {"communities": [{"id": "1"}]}),
    "communities.topics": (lambda it: it.communities.topics(rows=5), {"topics": [{"id": "1"}]}),
    "communities.insights": (lambda it: it.communities.insights("12"), {"id": "12"}),
    "communities.media": (
        lambda it: it.communities.media("12", cursor="c", rows=5),
        {"tweets": [{"id": "1"}]},
    ),
    "communities.members_named": (
        lambda it: it.communities.members_named("12", "ada"),
        {"users": [{"id": "1"}]},
    ),
    "communities.find": (
        lambda it: it.communities.find("a", cursor="c", rows=5),
        {"communities": [{"id": "1", "name": "N"}]},
    ),
    "lists.show": (lambda it: it.lists.show("12"), {"list": {"id": "12", "name": "N"}}),
    "lists.members": (lambda it: it.lists.members("12", cursor="c", rows=5), {"users": [{"id": "1"}]}),
    "lists.followers": (lambda it: it.lists.followers("12", cursor="c", rows=5), {"users": [{"id": "1"}]}),
    "lists.tweets": (lambda it: it.lists.tweets("12", cursor="c", rows=5), {"tweets": [{"id": "1"}]}),
    "lists.search": (
        lambda it: it.lists.search("space", cursor="c", rows=5),
        {"lists": [{"id": "1", "name": "N"}]},
    ),
}


DRAW = DrawRequest(
    "https://x.com/a/status/12345", 3, 2, True, True, "nasa", 100, 30, "en", ("win",), ("#x",), ("@a",)
)


def described(seen: Seen) -> None:
    sent = {*seen.query, *(seen.json if seen.content else {})}
    newer = spec.check_by_sdk(seen.method, seen.path, sent)
    assert newer or spec.in_document(seen.method, seen.path), "neither source knows it"
    if spec.in_document(seen.method, seen.path):
        known = spec.match(seen.method, seen.path)["query"]
        query = {name: value for name, value in seen.query.items() if name in known or not newer}
        spec.check_query(seen.method, seen.path, query)
        if seen.content:
            spec.check_body(seen.method, seen.path, seen.json)


@pytest.mark.parametrize("name", sorted(CALLS))
async def test_each_request_is_what_the_document_describes(
    upstream: Upstream, xquik: XquikClient, name: str
) -> None:
    call, answer = CALLS[name]
    upstream.will(Reply(body=answer))
    await call(xquik)
    described(upstream.seen[0])


async def test_a_draw_is_what_the_document_describes(upstream: Upstream, runs: DrawRuns) -> None:
    upstream.will(Reply(body={"id": "1", "winners": []}))
    await runs.run(DRAW, "key-1")
    described(upstream.seen[0])


def test_every_public_request_is_tried_here(xquik: XquikClient) -> None:
    offered = {
        f"{resource}.{name}"
        for resource, there in vars(xquik).items()
        for kind in type(there).__mro__
        if kind.__module__.startswith("bot.xquik.resources.")
        for name in vars(kind)
        if not name.startswith("_")
    }
    assert offered - {"events.every"} == set(CALLS)


def test_what_needs_a_confirm_is_not_among_the_resources(xquik: XquikClient) -> None:
    ways = {name for there in vars(xquik).values() for name in vars(type(there))}
    assert not ways & {"run", "perform"}


async def test_trends_are_asked_for_at_the_newer_address(upstream: Upstream, xquik: XquikClient) -> None:
    upstream.will(Reply(body={"trends": [{"name": "#AI"}], "total": 1, "woeid": 1}))
    found = await xquik.trends.show()
    assert upstream.seen[0].path == "/x/trends"
    assert found.trends[0].name == "#AI"


async def test_an_export_has_a_safe_name_and_its_bytes(upstream: Upstream, xquik: XquikClient) -> None:
    upstream.will(Reply(body=b"%PDF", headers={"content-type": "application/pdf"}))
    file = await xquik.draws.export("../4 2", "pdf")
    assert file.name == "draw-___4_2-winners.pdf"
    assert (file.content, file.content_type) == (b"%PDF", "application/pdf")
    with pytest.raises(UsageError):
        await xquik.draws.export("42", "docx")
    with pytest.raises(UsageError):
        await xquik.draws.export("42", "csv", "losers")
    assert len(upstream.seen) == 1


async def test_what_was_not_asked_for_is_not_sent(
    upstream: Upstream, xquik: XquikClient, runs: DrawRuns
) -> None:
    upstream.will(Reply(body={"items": []}), Reply(body={"id": "1", "winners": []}))
    await xquik.radar.list(source="github")
    await runs.run(DrawRequest("https://x.com/a/status/12345"), "key-1")
    assert upstream.seen[0].query == {"source": "github"}
    assert upstream.seen[1].json == {"tweetUrl": "https://x.com/a/status/12345", "winnerCount": 1}


async def test_winners_missing_from_the_older_answer_are_fetched(upstream: Upstream, runs: DrawRuns) -> None:
    winner = {"authorUsername": "a", "tweetId": "1", "position": 1, "isBackup": False}
    upstream.will(
        Reply(201, {"id": "42", "totalEntries": 5, "validEntries": 3}),
        Reply(body={"draw": {"id": "42"}, "winners": [winner]}),
    )
    drawn = await runs.run(DrawRequest("https://x.com/a/status/12345"), "key-1")
    assert [seen.method for seen in upstream.seen] == ["POST", "GET"]
    assert drawn.main_winners[0].author_username == "a"


async def test_a_paid_draw_is_never_lost_to_a_failing_look_up(upstream: Upstream, runs: DrawRuns) -> None:
    upstream.will(Reply(201, {"id": "42", "totalEntries": 5}), Reply(404, {"error": "not_found"}))
    drawn = await runs.run(DrawRequest("https://x.com/a/status/12345"), "key-1")
    assert (drawn.draw.id, drawn.winners) == ("42", None)


async def test_a_draw_whose_answer_is_lost_is_not_run_again(upstream: Upstream, runs: DrawRuns) -> None:
    upstream.will(Reply(504, b"gateway"))
    with pytest.raises(XquikAnswerLost):
        await runs.run(DrawRequest("https://x.com/a/status/12345"), "key-1")
    assert len(upstream.seen) == 1


@pytest.mark.parametrize("count", [0, 51])
async def test_a_download_takes_fifty_posts_at_most(
    upstream: Upstream, xquik: XquikClient, count: int
) -> None:
    upstream.will(Reply(body={"galleryUrl": "g"}))
    with pytest.raises(UsageError):
        await xquik.media.download_many(["1"] * count)
    assert upstream.seen == []


async def test_a_monitor_that_exists_is_found_and_used(upstream: Upstream, xquik: XquikClient) -> None:
    upstream.will(
        Reply(409, {"error": "monitor_already_exists"}),
        Reply(
            body={"monitors": [{"id": "1", "username": "esa"}, {"id": "2", "username": "NASA"}], "total": 2}
        ),
    )
    monitor = await xquik.monitors.create("@nasa", TYPES)
    assert (monitor.id, monitor.existed) == ("2", True)


async def test_a_keyword_monitor_that_exists_is_found_by_its_normalised_query(
    upstream: Upstream, xquik: XquikClient
) -> None:
    upstream.will(
        Reply(409, {"error": "monitor_already_exists"}),
        Reply(body={"monitors": [{"id": "7", "query": "moon landing"}], "total": 1}),
    )
    monitor = await xquik.keyword_monitors.create(" moon   landing ", TYPES)
    assert (monitor.id, monitor.existed) == ("7", True)


async def test_a_conflict_without_a_match_stays_a_conflict(upstream: Upstream, xquik: XquikClient) -> None:
    upstream.will(Reply(409, {"error": "monitor_already_exists"}), Reply(body={"monitors": [], "total": 0}))
    with pytest.raises(Conflict):
        await xquik.monitors.create("nasa", TYPES)


async def test_a_new_monitor_did_not_exist(upstream: Upstream, xquik: XquikClient) -> None:
    upstream.will(Reply(201, {"id": "3", "username": "nasa", "eventTypes": TYPES, "isActive": True}))
    assert (await xquik.monitors.create("nasa", TYPES)).existed is False


async def test_deleting_what_is_gone_says_so(upstream: Upstream, xquik: XquikClient) -> None:
    upstream.will(Reply(404, {"error": "not_found"}))
    with pytest.raises(NotFound):
        await xquik.webhooks.delete("9")


async def test_all_events_come_through_every_page(upstream: Upstream, xquik: XquikClient) -> None:
    upstream.will(
        Reply(body={"events": [{"id": "2"}], "hasMore": True, "nextCursor": "c"}),
        Reply(body={"events": [{"id": "1"}], "hasMore": False}),
    )
    assert [event.id async for event in xquik.events.every()] == ["2", "1"]
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


def test_a_place_is_a_region_one_that_is_known_or_a_name() -> None:
    known = (TrendLocation(name="Istanbul", woeid=2344116, country="Turkey"),)
    assert place_asked("usa").query == {"woeid": 23424977}
    assert place_asked("istanbul, TURKEY", known) == PlaceAsked("Istanbul, Turkey", 2344116)
    assert place_asked("2344116").query == {"woeid": 2344116}
    assert place_asked("Valencia , Spain").query == {"location": "Valencia", "country": "ES"}
    assert place_asked("İzmir, Türkiye").query == {"location": "İzmir", "country": "TR"}
    assert place_asked("9" * 40).query == {"location": "9" * 40, "country": None}


def test_an_unknown_region_lists_the_twelve() -> None:
    assert len(REGIONS) == len({one.woeid for one in REGIONS}) == 12
    with pytest.raises(UsageError) as caught:
        find_region("Atlantis")
    assert all(one.name in caught.value.remedy for one in REGIONS)
