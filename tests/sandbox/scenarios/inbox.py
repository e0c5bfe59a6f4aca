"""What X shows to a connected account alone."""

from __future__ import annotations

import httpx

from .scenario import GIVEAWAY, Scenarios, gets

SCENARIOS = Scenarios(
    {
        "getBookmarks": gets("/x/bookmarks", "/x/bookmarks?folderId=12"),
        "getTimeline": gets(f"/x/timeline?seenTweetIds={GIVEAWAY},", "/x/timeline?cursor=MjA"),
        "getNotifications": gets(
            *(f"/x/notifications?type={kind}" for kind in ("All", "Verified", "Mentions", "Other"))
        ),
        "getDmHistory": gets(
            "/x/dm/11348282/history?account=xquik_demo",
            "/x/dm/11348282/history",
            "/x/dm/11348282/history?account=nasa",
            "/x/dm/nasa/history?account=xquik_demo",
            "/x/dm/12/history?account=xquik_demo",
        ),
    }
)


@SCENARIOS.add
async def getBookmarkFolders(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    listed = await c.get("/x/bookmarks/folders")
    inside = await c.get("/x/bookmarks", params={"folderId": listed.json()["folders"][0]["id"]})
    assert inside.json()["tweets"]
    return [listed]
