"""Communities."""

from __future__ import annotations

import httpx

from bot.sandbox.world import communities

from .scenario import ACCOUNT, Scenarios, each, gets, keyed

SCENARIOS = Scenarios(
    {
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
        "listPopularCommunities": gets(
            "/x/communities/popular?topic=BOOKS&pageSize=3",
            "/x/communities/popular?topicId=3051",
            "/x/communities/popular?topic=nonsense",
            "/x/communities/popular",
        ),
        "listSuggestedCommunities": gets(
            "/x/communities/suggested?limit=3", "/x/communities/suggested?limit=0"
        ),
        "listCommunityTopics": gets("/x/communities/topics", "/x/communities/topics?limit=2"),
        "getCommunityAnalytics": gets(
            f"/x/communities/{communities.WATCHERS_ID}/analytics",
            f"/x/communities/{communities.TEA_ID}/analytics",
            "/x/communities/9/analytics",
        ),
        "getCommunityMedia": gets(
            f"/x/communities/{communities.WATCHERS_ID}/media", "/x/communities/9/media"
        ),
        "searchCommunityMembers": gets(
            f"/x/communities/{communities.WATCHERS_ID}/members/search?q=nasa",
            f"/x/communities/{communities.WATCHERS_ID}/members/search",
            "/x/communities/9/members/search?q=nasa",
        ),
        "findCommunities": gets("/x/communities/find?q=book&pageSize=5", "/x/communities/find"),
        "createCommunity": each(
            ("POST", "/x/communities", {**ACCOUNT, "name": "Tea at five", "description": "For all"}),
            ("POST", "/x/communities", {**ACCOUNT, "name": "x" * 101}),
            ("POST", "/x/communities", {"account": "stranger", "name": "Tea"}),
        ),
        "joinCommunity": each(
            ("POST", f"/x/communities/{communities.TEA_ID}/join", ACCOUNT),
            ("POST", f"/x/communities/{communities.TEA_ID}/join", ACCOUNT),
            ("POST", "/x/communities/9/join", ACCOUNT),
        ),
    }
)


@SCENARIOS.add
async def deleteCommunity(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    new = await c.post("/x/communities", json={**ACCOUNT, "name": "Tea at five"}, headers=keyed("new"))
    mine, name = new.json()["communityId"], {"community_name": "Tea at five"}
    return [
        await c.request(
            "DELETE", f"/x/communities/{one}", json={**ACCOUNT, **body}, headers=keyed(f"d{number}")
        )
        for number, (one, body) in enumerate(
            [
                (mine, {}),
                (mine, {"community_name": "Another"}),
                (mine, name),
                (mine, name),
                (communities.WATCHERS_ID, {"community_name": "Space watchers"}),
            ]
        )
    ]


@SCENARIOS.add
async def leaveCommunity(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    path = f"/x/communities/{communities.OPEN_SOURCE_ID}/join"
    await c.post(path, json=ACCOUNT, headers=keyed("join"))
    return [
        await c.request("DELETE", path, json=ACCOUNT, headers=keyed(f"leave{number}")) for number in range(2)
    ]
