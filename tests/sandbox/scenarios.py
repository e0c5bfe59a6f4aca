"""For each operation, requests that earn its success and each refusal it can give."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

import httpx

from bot.sandbox.world import communities, lists, posts, spaces
from bot.sandbox.world.articles import COMET_ID

GIVEAWAY = posts.GIVEAWAY_ID
URL = f"https://x.com/xquik/status/{GIVEAWAY}"
Scenario: TypeAlias = Callable[[httpx.AsyncClient, str], Awaitable[list[httpx.Response]]]


def keyed(key: str) -> dict[str, str]:
    return {"Idempotency-Key": key}


def _id(answer: httpx.Response) -> str:
    return str(answer.json()["id"])


async def _monitor(c: httpx.AsyncClient) -> str:
    body = {"username": "nasa", "eventTypes": ["tweet.new"]}
    return _id(await c.post("/monitors", json=body))


async def _keyword(c: httpx.AsyncClient) -> str:
    body = {"query": "mars rover", "eventTypes": ["tweet.new"]}
    return _id(await c.post("/monitors/keywords", json=body))


async def _webhook(c: httpx.AsyncClient, hook: str) -> str:
    return _id(await c.post("/webhooks", json={"url": hook, "eventTypes": ["tweet.new"]}))


async def _draw(c: httpx.AsyncClient) -> str:
    return _id(await c.post("/draws", json={"tweetUrl": URL, "winnerCount": 2}))


async def _draft(c: httpx.AsyncClient) -> str:
    return _id(await c.post("/drafts", json={"text": "t", "topic": "x", "goal": "authority"}))


async def _tweet(c: httpx.AsyncClient, key: str = "first") -> httpx.Response:
    return await c.post("/x/tweets", json={"account": "xquik_demo", "text": "Hello"}, headers=keyed(key))


def gets(*paths: str) -> Scenario:
    async def run(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
        return [await c.get(path) for path in paths]

    return run


def each(*requests: tuple[str, str, dict[str, Any] | None]) -> Scenario:
    """Requests with a fixed body, each with an Idempotency-Key of its own."""

    async def run(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
        return [
            await c.request(method, path, json=body, headers=keyed(f"k{number}"))
            for number, (method, path, body) in enumerate(requests)
        ]

    return run


ACCOUNT = {"account": "xquik_demo"}
SCENARIOS: dict[str, Scenario] = {
    "getAccount": gets("/account"),
    "setXIdentity": each(
        *(("PUT", "/account/x-identity", {"username": name}) for name in ("@nasa", "no name", "")),
        ("PUT", "/account/x-identity", {}),
    ),
    "getCredits": gets("/credits"),
    "listXAccounts": gets("/x/accounts"),
    "lookupTweet": gets(
        *(
            f"/x/tweets/{one}"
            for one in [
                GIVEAWAY,
                *posts.GALLERY_IDS.values(),
                posts.VIDEO_ID,
                posts.SENSITIVE_ID,
                posts.QUOTE_ID,
                posts.REPLY_ID,
                posts.HOSTILE_ID,
                posts.LONG_ID,
                posts.POLL_ID,
                "1893999999999999999",
                "12",
            ]
        )
    ),
    "getBatchTweets": gets(f"/x/tweets?ids={GIVEAWAY},{posts.PLAIN_ID}", "/x/tweets", "/x/tweets?ids=a"),
    "getUser": gets("/x/users/nasa", "/x/users/11348282", "/x/users/anyone_else", "/x/users/missing_x"),
    "getUserFollowers": gets("/x/users/cafe_luna/followers?pageSize=20", "/x/users/missing_x/followers"),
    "searchTweets": gets(
        "/x/tweets/search?q=%23giveaway",
        "/x/tweets/search",
        f"/x/tweets/search?q={URL}",
    ),
    "getTweetReplies": gets(f"/x/tweets/{GIVEAWAY}/replies", "/x/tweets/1893999999999999999/replies"),
    "getTweetRetweeters": gets(f"/x/tweets/{GIVEAWAY}/retweeters?pageSize=20"),
    "getArticle": gets(
        f"/x/articles/{COMET_ID}", f"/x/articles/{GIVEAWAY}", "/x/articles/12", "/x/articles/x"
    ),
    "translateTweet": gets(
        f"/x/tweets/{GIVEAWAY}/translation?language=tr",
        f"/x/tweets/{posts.PLAIN_ID}/translation?language=en",
        f"/x/tweets/{GIVEAWAY}/translation",
        "/x/tweets/12/translation?language=tr",
    ),
    "getTweetInsights": gets(
        f"/x/tweets/{GIVEAWAY}/insights", f"/x/tweets/{posts.REPLY_ID}/insights", "/x/tweets/12/insights"
    ),
    "getTopTweets": gets(
        "/x/tweets/top",
        "/x/tweets/top?metric=shares&window=month&pageSize=3&country=DE",
        "/x/tweets/top?window=year",
        "/x/tweets/top?country=US&language=en",
    ),
    "getTweetThread": gets(
        f"/x/tweets/{posts.THREAD_ID}/thread?pageSize=3",
        f"/x/tweets/{posts.REPLY_ID}/thread",
        "/x/tweets/12/thread",
    ),
    "getTweetQuotes": gets(
        f"/x/tweets/{GIVEAWAY}/quotes?pageSize=2", f"/x/tweets/{posts.POLL_ID}/quotes", "/x/tweets/12/quotes"
    ),
    "getUserTweets": gets("/x/users/nasa/tweets?pageSize=3", "/x/users/missing_x/tweets"),
    "getUserReplies": gets(
        "/x/users/cafe_luna/replies?replies=only",
        "/x/users/nasa/replies?pageSize=2",
        "/x/users/nasa/replies?replies=exclude",
        "/x/users/missing_x/replies",
    ),
    "getUserMedia": gets("/x/users/nasa/media?pageSize=2", "/x/users/nasa/media?pageSize=101"),
    "getUserMentions": gets("/x/users/xquik/mentions?pageSize=3", "/x/users/missing_x/mentions"),
    "getUserLikes": gets("/x/users/xquik_demo/likes", "/x/users/nasa/likes"),
    "getUserFollowing": gets("/x/users/nasa/following?pageSize=20", "/x/users/missing_x/following"),
    "getUserVerifiedFollowers": gets(
        "/x/users/cafe_luna/verified-followers?pageSize=20", "/x/users/missing_x/verified-followers"
    ),
    "getFollowersYouKnow": gets(
        "/x/users/github/followers-you-know", "/x/users/github/followers-you-know?pageSize=1"
    ),
    "searchUsers": gets("/x/users/search?q=space&pageSize=1", "/x/users/search"),
    "getBatchUsers": gets(
        "/x/users/batch?ids=11348282,13334762,11348282,12",
        "/x/users/batch?usernames=nasa,@esa",
        "/x/users/batch",
        "/x/users/batch?ids=" + ",".join(str(one) for one in range(1, 102)),
    ),
    "getBatchUserTweets": gets(
        "/x/users/batch/tweets?usernames=nasa,missing_x,esa&pageSize=2",
        "/x/users/batch/tweets?ids=11348282",
        "/x/users/batch/tweets",
    ),
    "checkFollow": gets(
        "/x/followers/check?source=nasa&target=https://x.com/esa",
        "/x/followers/check?source=11348282&target=@spacex",
        "/x/followers/check?source=nasa",
    ),
    "getUserInsights": gets(
        "/x/users/nasa/insights", "/x/users/anyone_else/insights", "/x/users/missing_x/insights"
    ),
    "translateBio": gets(
        "/x/users/nasa/translation?language=tr",
        "/x/users/nasa/translation?language=EN",
        "/x/users/nasa/translation?language=?",
        "/x/users/nasa/translation",
        "/x/users/missing_x/translation?language=tr",
    ),
    "getXTrends": gets("/x/trends", "/x/trends?woeid=23424977&count=5", "/x/trends?woeid=5"),
    "getTrends": gets("/trends", "/trends?count=99"),
    "getTrendLocations": gets(
        "/x/trends/locations", "/x/trends/locations?q=york&country=us", "/x/trends/locations?q=qqq"
    ),
    "getTrendsHistory": gets(
        "/x/trends/history?limit=2&count=3",
        "/x/trends/history?location=istanbul&from=2h&every=30m",
        "/x/trends/history?from=2024-10-12&to=2024-10-13T02:30",
        "/x/trends/history?from=1h&to=2h",
        "/x/trends/history?location=Birmingham",
        "/x/trends/history?every=soon",
    ),
    "getRadar": gets("/radar", "/radar?source=github&hours=72&limit=3", "/radar?source=nope"),
    "compose": each(
        ("POST", "/compose", {"step": "compose", "topic": "small tools"}),
        ("POST", "/compose", {"step": "compose", "topic": "x", "goal": "authority", "styleUsername": "a"}),
        ("POST", "/compose", {"step": "refine", "topic": "x", "goal": "followers", "tone": "dry"}),
        ("POST", "/compose", {"step": "score", "draft": "WOW!! #x https://example.com 🎉 — buy"}),
        (
            "POST",
            "/compose",
            {
                "step": "score",
                "draft": "Postgres eighteen cut our slowest query from nine seconds to one. Here is how.",
            },
        ),
        ("POST", "/compose", {"step": "dance"}),
        ("POST", "/compose", {"step": "compose"}),
    ),
    "createDraft": each(("POST", "/drafts", {"text": "t", "goal": "authority"}), ("POST", "/drafts", {})),
}


def scenario(function: Scenario) -> Scenario:
    SCENARIOS[function.__name__] = function
    return function


@scenario
async def getTweetFavoriters(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    """Of a post of one's own; of anybody else's X shows nobody."""
    own = (await _tweet(c)).json()["result"]["id"]
    await c.post(f"/x/tweets/{own}/like", json=ACCOUNT, headers=keyed("like"))
    paths = (f"{own}/favoriters?pageSize=20", f"{GIVEAWAY}/favoriters", "12/favoriters", "x/favoriters")
    return [await c.get(f"/x/tweets/{path}") for path in paths]


@scenario
async def getXAccount(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    known = (await c.get("/x/accounts")).json()["accounts"][0]["id"]
    return [await c.get(f"/x/accounts/{one}") for one in (known, "9")]


@scenario
async def listDrafts(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    for _number in range(3):
        await _draft(c)
    first = await c.get("/drafts?limit=2")
    return [first, await c.get("/drafts", params={"afterCursor": first.json()["nextCursor"]})]


ASKED = {"id": "fun", "instructions": "Is it?", "type": "probability", "version": "1"}
KINDS = {**ASKED, "id": "kind", "type": "choice", "categories": {"news": "News", "fun": None}}
LEVELS = {**ASKED, "id": "level", "type": "score", "levels": ["some", "all"]}
WRONG = ({**KINDS, "categories": {"one": None}}, {**ASKED, "id": "Not-a-name"}, {**ASKED, "type": "essay"})


def analyses(kind: str) -> Scenario:
    """Every source of posts, own questions, and what is refused."""
    sources: list[dict[str, Any]] = [
        {"query": "from:nasa", "queryType": "Top", "limit": 3},
        {"username": "@nasa", "limit": 2},
        {"repliesTo": GIVEAWAY, "limit": 2},
        {"quotesOf": URL},
        {"tweetIds": [URL, "1893999999999999999"]},
        {"texts": ["Buy $NASA: https://example.com", " "]},
        {"texts": ["x"], "analysis": {"targets": [{"name": "X", "aliases": ["Twitter"]}]}},
        {"texts": ["x"], "analysis": {"questions": [ASKED, KINDS, LEVELS]}},
        *({"texts": ["x"], "analysis": {"questions": [one]}} for one in WRONG),
        {"texts": ["x"], "analysis": {"questions": [ASKED] * 9}},
        {"texts": ["x"], "analysis": {"questions": [ASKED, ASKED]}},
        *({}, {"texts": ["x"], "query": "y"}, {"tweetIds": ["x"]}, {"query": "y", "limit": 0}),
        *({"username": "missing_x"}, {"repliesTo": "1893999999999999999"}, {"quotesOf": "x"}),
    ]
    return each(*(("POST", f"/x/analysis/{kind}", body) for body in sources))


SCENARIOS |= {
    "analyzeBrand": analyses("brand"),
    "analyzeClasses": analyses("classify"),
    "analyzeMarketSignals": analyses("market-signals"),
    "analyzeNews": analyses("news"),
    "analyzeSentiment": analyses("sentiment"),
    "analyzeViralScore": analyses("viral-score"),
}


async def _style(c: httpx.AsyncClient, label: str = "ours") -> httpx.Response:
    return await c.put(
        f"/styles/{label}", json={"label": label, "tweets": [{"text": "One"}, {"text": "Two"}]}
    )


@scenario
async def listStyles(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    for label in ("one", "two", "three"):
        await _style(c, label)
    first = await c.get("/styles?limit=2")
    return [first, await c.get("/styles", params={"cursor": first.json()["nextCursor"]})]


@scenario
async def analyzeStyle(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    bodies: list[dict[str, Any]] = [
        *({"username": "nasa"}, {"username": "@NASA"}),
        *({"username": " "}, {"username": "missing_x"}, {}),
    ]
    return [await c.post("/styles", json=body) for body in bodies]


@scenario
async def getStyle(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    await _style(c)
    await c.post("/styles", json={"username": "nasa"})
    return [await c.get(f"/styles/{name}") for name in ("nasa", "OURS", "nobody")]


@scenario
async def compareStyles(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    await _style(c)
    await c.post("/styles", json={"username": "nasa"})
    both = await c.get("/styles/compare?username1=ours&username2=nasa")
    other = await c.get("/styles/compare?username1=ours&username2=nobody")
    return [both, other, await c.get("/styles/compare?username1=ours")]


@scenario
async def getStylePerformance(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    await _style(c)
    await c.post("/styles", json={"username": "nasa"})
    return [await c.get(f"/styles/{name}/performance") for name in ("nasa", "ours", "nobody")]


@scenario
async def saveStyle(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    bodies: list[dict[str, Any]] = [
        *({"label": "x", "tweets": [{"text": "t"}]}, {"label": "other", "tweets": [{"text": "t"}]}),
        *({"tweets": [{"text": "t"}]}, {"tweets": []}, {"tweets": [{"text": " "}]}, {"label": "x"}),
    ]
    return [await c.put("/styles/x", json=body) for body in bodies]


@scenario
async def deleteStyle(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    await _style(c)
    return [await c.delete("/styles/Ours"), await c.delete("/styles/ours")]


@scenario
async def getDraft(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    return [await c.get(f"/drafts/{await _draft(c)}"), await c.get("/drafts/999"), await c.get("/drafts/x")]


@scenario
async def deleteDraft(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    return [await c.delete(f"/drafts/{await _draft(c)}"), await c.delete("/drafts/999")]


@scenario
async def createMonitor(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    bodies = [
        {"username": "@NASA", "eventTypes": ["tweet.new", "profile.bio.changed"]},
        {"username": "nasa", "eventTypes": ["tweet.new"]},
        {"username": "missing_one", "eventTypes": ["tweet.new"]},
        {"username": "esa", "eventTypes": []},
        {"username": "esa", "eventTypes": ["nope"]},
        {"username": "not valid", "eventTypes": ["tweet.new"]},
    ]
    return [await c.post("/monitors", json=body) for body in bodies]


@scenario
async def listMonitors(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    await _monitor(c)
    return [await c.get("/monitors")]


@scenario
async def getMonitor(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    return [await c.get(f"/monitors/{await _monitor(c)}"), await c.get("/monitors/99")]


@scenario
async def updateMonitor(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    path = f"/monitors/{await _monitor(c)}"
    changes = [{"isActive": False}, {"isActive": True, "eventTypes": ["tweet.reply"]}, {"eventTypes": ["?"]}]
    return [await c.patch(path, json=change) for change in changes]


@scenario
async def deleteMonitor(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    return [await c.delete(f"/monitors/{await _monitor(c)}"), await c.delete("/monitors/99")]


@scenario
async def createKeywordMonitor(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    bodies = [
        {"query": " mars   rover ", "eventTypes": ["tweet.new"]},
        {"query": "mars rover", "eventTypes": ["tweet.new"]},
        {"query": "x" * 513, "eventTypes": ["tweet.new"]},
    ]
    return [await c.post("/monitors/keywords", json=body) for body in bodies]


@scenario
async def listKeywordMonitors(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    await _keyword(c)
    return [await c.get("/monitors/keywords")]


@scenario
async def getKeywordMonitor(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    account = await _monitor(c)
    return [await c.get(f"/monitors/keywords/{one}") for one in (await _keyword(c), account)]


@scenario
async def updateKeywordMonitor(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    return [await c.patch(f"/monitors/keywords/{await _keyword(c)}", json={"isActive": False})]


@scenario
async def deleteKeywordMonitor(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    return [await c.delete(f"/monitors/keywords/{await _keyword(c)}")]


@scenario
async def createWebhook(c: httpx.AsyncClient, hook: str) -> list[httpx.Response]:
    urls = [hook, "https://example.com/hook", "http://example.com/hook", "ftp://x", "nonsense"]
    return [await c.post("/webhooks", json={"url": url, "eventTypes": ["tweet.new"]}) for url in urls]


@scenario
async def listWebhooks(c: httpx.AsyncClient, hook: str) -> list[httpx.Response]:
    await _webhook(c, hook)
    return [await c.get("/webhooks")]


@scenario
async def updateWebhook(c: httpx.AsyncClient, hook: str) -> list[httpx.Response]:
    path = f"/webhooks/{await _webhook(c, hook)}"
    return [await c.patch(path, json={"isActive": False}), await c.patch("/webhooks/99", json={})]


@scenario
async def deleteWebhook(c: httpx.AsyncClient, hook: str) -> list[httpx.Response]:
    path = f"/webhooks/{await _webhook(c, hook)}"
    return [await c.delete(path), await c.delete(path)]


@scenario
async def testWebhook(c: httpx.AsyncClient, hook: str) -> list[httpx.Response]:
    good, dead = await _webhook(c, hook), await _webhook(c, "http://127.0.0.1:9/none")
    tests = [await c.post(f"/webhooks/{one}/test") for one in (good, dead)]
    await c.patch(f"/webhooks/{good}", json={"isActive": False})
    return [*tests, await c.post(f"/webhooks/{good}/test")]


@scenario
async def resumeWebhook(c: httpx.AsyncClient, hook: str) -> list[httpx.Response]:
    good, dead = await _webhook(c, hook), await _webhook(c, "http://127.0.0.1:9/none")
    return [await c.post(f"/webhooks/{one}/resume") for one in (good, dead)]


async def _some_events(c: httpx.AsyncClient) -> None:
    root = str(c.base_url).removesuffix("/api/v1/")
    await _monitor(c)
    await _keyword(c)
    mine = {"key": c.headers["x-api-key"]}
    for subject in ({"username": "nasa"}, {"query": "mars rover"}, {"username": "nasa"}):
        await c.post(f"{root}/_control/emit", json={**mine, **subject, "type": "tweet.new"})
    await c.post(f"{root}/_control/emit", json={**mine, "username": "nasa", "type": "profile.bio.changed"})


@scenario
async def listEvents(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    await _some_events(c)
    first = await c.get("/events?limit=1")
    return [first, await c.get("/events", params={"cursor": first.json()["nextCursor"]})]


@scenario
async def getEvent(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    await _some_events(c)
    ids = [event["id"] for event in (await c.get("/events")).json()["events"]]
    return [await c.get(f"/events/{one}") for one in [*ids, "1", "x"]]


@scenario
async def listWebhookDeliveries(c: httpx.AsyncClient, hook: str) -> list[httpx.Response]:
    webhook = await _webhook(c, hook)
    await _some_events(c)
    return [await c.get(f"/webhooks/{webhook}/deliveries"), await c.get("/webhooks/99/deliveries")]


@scenario
async def createDraw(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    bodies = [
        {"tweetUrl": URL, "winnerCount": 3, "backupCount": 2, "mustFollowUsername": "@xquik"},
        {"tweetUrl": GIVEAWAY},
        {"tweetUrl": "https://x.com/x/status/1893999999999999999"},
        {"tweetUrl": URL, "winnerCount": 0},
        {},
    ]
    return [await c.post("/draws", json=body) for body in bodies]


@scenario
async def listDraws(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    for _number in range(3):
        await _draw(c)
    first = await c.get("/draws?limit=2")
    return [first, await c.get("/draws", params={"cursor": first.json()["nextCursor"]})]


@scenario
async def getDraw(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    return [await c.get(f"/draws/{await _draw(c)}"), await c.get("/draws/none")]


@scenario
async def exportDraw(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    draw = await _draw(c)
    formats = ["csv", "json", "md", "md-document", "pdf", "txt", "xlsx", "doc"]
    return [await c.get(f"/draws/{draw}/export?format={one}&type=entries") for one in formats]


SCENARIOS["downloadMedia"] = each(
    ("POST", "/x/media/download", {"tweetInput": URL}),
    ("POST", "/x/media/download", {"tweetIds": list(posts.GALLERY_IDS.values())}),
    ("POST", "/x/media/download", {"tweetInput": posts.PLAIN_ID}),
    ("POST", "/x/media/download", {"tweetInput": "1893999999999999999"}),
    ("POST", "/x/media/download", {"tweetIds": [GIVEAWAY] * 51}),
    ("POST", "/x/media/download", {}),
)
SCENARIOS["createTweet"] = each(
    *(
        ("POST", "/x/tweets", {**ACCOUNT, "text": text})
        for text in [
            "plain",
            "[pending]",
            "[fail-later]",
            "[unconfirmed]",
            "[reject]",
            "[ambiguous]",
            "[limit]",
            "[outage]",
            "long " * 80,
        ]
    ),
    ("POST", "/x/tweets", {**ACCOUNT, "text": "x", "media_ids": ["1"]}),
    ("POST", "/x/tweets", {**ACCOUNT}),
    ("POST", "/x/tweets", {"account": "stranger", "text": "x"}),
    ("POST", "/x/tweets", {**ACCOUNT, "text": "x", "media": ["http://10.0.0.1/a.png"]}),
    ("POST", "/x/tweets", {**ACCOUNT, "text": "x", "reply_to_tweet_id": GIVEAWAY}),
)
SCENARIOS |= {
    "getCommunityInfo": gets(
        f"/x/communities/{communities.WATCHERS_ID}/info",
        f"/x/communities/{communities.TEA_ID}/info",
        "/x/communities/9/info",
        "/x/communities/nasa/info",
    ),
    "getCommunityMembers": gets(
        f"/x/communities/{communities.WATCHERS_ID}/members?pageSize=20", "/x/communities/9/members"
    ),
    "getCommunityModerators": gets(
        f"/x/communities/{communities.WATCHERS_ID}/moderators", "/x/communities/9/moderators"
    ),
    "getCommunityTweets": gets(
        f"/x/communities/{communities.WATCHERS_ID}/tweets?pageSize=3",
        f"/x/communities/{communities.WATCHERS_ID}/tweets?queryType=Top",
        "/x/communities/9/tweets",
    ),
    "searchCommunities": gets(
        f"/x/communities/search?q=notes&communityId={communities.WATCHERS_ID}", "/x/communities/search"
    ),
    "getAllCommunityTweets": gets("/x/communities/tweets?q=notes&pageSize=3", "/x/communities/tweets"),
    "findCommunities": gets("/x/communities/find?q=book&pageSize=5", "/x/communities/find"),
    "getSpace": gets(
        *(f"/x/spaces/{one}" for one in (spaces.LIVE_ID, spaces.UPCOMING_ID, spaces.RECORDED_ID, "9", "a-b"))
    ),
    "getSpaceReplay": gets(
        f"/x/spaces/{spaces.RECORDED_ID}/replay",
        *(
            f"/x/spaces/{one}/replay"
            for one in (spaces.LIVE_ID, spaces.UPCOMING_ID, spaces.UNRECORDED_ID, spaces.CANCELED_ID, "9")
        ),
    ),
    "searchSpaces": gets(
        *(f"/x/spaces/search?q=launch&queryType={one}" for one in ("Live", "Upcoming", "Latest", "Top")),
        "/x/spaces/search",
    ),
    "getList": gets(f"/x/lists/{lists.AGENCIES_ID}", f"/x/lists/{lists.PRIVATE_ID}", "/x/lists/nasa"),
    "getListMembers": gets(f"/x/lists/{lists.REGULARS_ID}/members?pageSize=20"),
    "getListFollowers": gets(f"/x/lists/{lists.AGENCIES_ID}/followers?pageSize=20"),
    "getListTweets": gets(f"/x/lists/{lists.AGENCIES_ID}/tweets?pageSize=5"),
    "searchLists": gets("/x/lists/search?q=space", "/x/lists/search?q=reads&pageSize=5", "/x/lists/search"),
}
for operation_id, method, path in [
    ("likeTweet", "POST", f"/x/tweets/{GIVEAWAY}/like"),
    ("unlikeTweet", "DELETE", f"/x/tweets/{GIVEAWAY}/like"),
    ("retweet", "POST", f"/x/tweets/{GIVEAWAY}/retweet"),
    ("unretweet", "DELETE", f"/x/tweets/{GIVEAWAY}/retweet"),
    ("followUser", "POST", "/x/users/11348282/follow"),
    ("unfollowUser", "DELETE", "/x/users/11348282/follow"),
]:
    SCENARIOS[operation_id] = each((method, path, ACCOUNT), (method, path, ACCOUNT), (method, path, {}))


@scenario
async def deleteTweet(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    mine = (await _tweet(c)).json()["tweetId"]
    return [
        await c.request("DELETE", f"/x/tweets/{one}", json=ACCOUNT, headers=keyed(f"d{number}"))
        for number, one in enumerate([mine, mine, GIVEAWAY, "x"])
    ]


@scenario
async def uploadMedia(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    file = {"file": ("a.png", b"\x89PNG....", "image/png")}
    return [
        await c.post("/x/media", data=ACCOUNT, files=file, headers=keyed("u1")),
        await c.post("/x/media", json={**ACCOUNT, "url": "https://example.com/a.png"}, headers=keyed("u2")),
        await c.post("/x/media", json={**ACCOUNT, "url": "http://example.com/a.png"}, headers=keyed("u3")),
        await c.post("/x/media", json={"account": "nobody", "url": "https://a.example"}, headers=keyed("u4")),
        await c.post("/x/media", json=ACCOUNT, headers=keyed("u5")),
    ]


@scenario
async def getWriteActionStatus(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    ids = [(await _tweet(c)).json()["id"]]
    pending = {**ACCOUNT, "text": "[pending]"}
    ids.append((await c.post("/x/tweets", json=pending, headers=keyed("p"))).json()["id"])
    return [await c.get(f"/x/write-actions/{one}") for one in [*ids, "404"]]


# What no operation that is performed makes yet is made by the tests' own door.
async def made(c: httpx.AsyncClient, what: str, **body: Any) -> dict[str, Any]:
    door = str(c.base_url).replace("/api/v1", "/_control").rstrip("/")
    key = c.headers["x-api-key"]
    answer = await c.post(f"{door}/{what}", json={**body, "key": key})
    made_up: dict[str, Any] = answer.json()
    return made_up


@scenario
async def getCreditTopupStatus(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    states = ("processing", "paid", "failed", "expired")
    sessions = [(await made(c, "topups", dollars=25, status=one))["session"] for one in states]
    path = "/credits/topup/status"
    known = [await c.get(path, params={"session_id": one}) for one in (*sessions, "cs_unknown")]
    return [*known, await c.get(path)]


@scenario
async def listTickets(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    for subject in ("First", "Second", "Third"):
        await made(c, "tickets", subject=subject, messages=[{"body": "Hello"}])
    first = await c.get("/support/tickets?limit=2")
    second = await c.get("/support/tickets", params={"cursor": first.json()["nextCursor"]})
    return [first, second, await c.get("/support/tickets?limit=201")]


@scenario
async def getTicket(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    said = [
        {"body": "It does not work", "attachments": [{"filename": "shot.png"}]},
        {"body": "Which key?", "sender": "support"},
    ]
    ticket = (await made(c, "tickets", subject="Help", status="in_progress", messages=said))["id"]
    return [await c.get(f"/support/tickets/{one}") for one in (ticket, "tkt_unknown")]


async def _post_monitor(c: httpx.AsyncClient) -> str:
    return _id(await c.post("/monitors/posts", json={"post": GIVEAWAY, "eventTypes": ["post.reply.new"]}))


@scenario
async def createPostMonitor(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    bodies: list[dict[str, Any]] = [
        {"post": URL, "name": "The draw"},
        {"post": GIVEAWAY},
        {"post": posts.POLL_ID, "eventTypes": ["post.views.changed"]},
        {"post": "1893999999999999999"},
        {"post": "nonsense"},
        {"post": posts.QUOTE_ID, "eventTypes": ["tweet.new"]},
        {"post": posts.QUOTE_ID, "eventTypes": []},
    ]
    return [await c.post("/monitors/posts", json=body) for body in bodies]


@scenario
async def listPostMonitors(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    await _post_monitor(c)
    await c.post("/monitors/posts", json={"post": posts.POLL_ID})
    first = await c.get("/monitors/posts?limit=1")
    return [first, await c.get("/monitors/posts", params={"cursor": first.json()["nextCursor"]})]


@scenario
async def getPostMonitor(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    account = await _monitor(c)
    return [await c.get(f"/monitors/posts/{one}") for one in (await _post_monitor(c), account, "x")]


@scenario
async def updatePostMonitor(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    path = f"/monitors/posts/{await _post_monitor(c)}"
    changes: list[dict[str, Any]] = [
        {"isActive": False},
        {"isActive": True, "eventTypes": ["post.edited"], "name": "Launch"},
        {"name": None},
        {"eventTypes": ["tweet.new"]},
    ]
    return [await c.patch(path, json=change) for change in changes]


@scenario
async def deletePostMonitor(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    return [await c.delete(f"/monitors/posts/{await _post_monitor(c)}"), await c.delete("/monitors/posts/99")]


@scenario
async def getPostMonitorMetrics(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    path = f"/monitors/posts/{await _post_monitor(c)}/metrics"
    return [await c.get(path), *[await c.get(f"{path}?hours={hours}") for hours in (1, 720, 721)]]
