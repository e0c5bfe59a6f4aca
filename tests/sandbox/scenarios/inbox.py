"""What X shows to a connected account alone."""

from __future__ import annotations

import httpx

from .scenario import ACCOUNT, GIVEAWAY, Scenarios, each, gets, keyed

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
        "sendDm": each(
            ("POST", "/x/dm/11348282", {**ACCOUNT, "text": "Look up tonight."}),
            ("POST", "/x/dm/11348282", {**ACCOUNT, "text": "And look.", "media_ids": ["12"]}),
            ("POST", "/x/dm/11348282", {**ACCOUNT, "text": "Two.", "media_ids": ["12", "13"]}),
            ("POST", "/x/dm/11348282", {**ACCOUNT, "text": " "}),
            ("POST", "/x/dm/12", {**ACCOUNT, "text": "Nobody."}),
            ("POST", "/x/dm/nasa", {**ACCOUNT, "text": "A name."}),
        ),
    }
)


@SCENARIOS.add
async def getBookmarkFolders(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    listed = await c.get("/x/bookmarks/folders")
    inside = await c.get("/x/bookmarks", params={"folderId": listed.json()["folders"][0]["id"]})
    assert inside.json()["tweets"]
    return [listed]


@SCENARIOS.add
async def deleteDm(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    written = {**ACCOUNT, "text": "To be taken back."}
    sent = await c.post("/x/dm/11348282", json=written, headers=keyed("sent"))
    mine = f"/x/dm/11348282/messages/{sent.json()['messageId']}"
    answers = [
        await c.delete(path, params=ACCOUNT, headers=keyed(f"gone{number}"))
        for number, path in enumerate((mine, mine, "/x/dm/11348282/messages/abc", "/x/dm/nasa/messages/12"))
    ]
    left = (await c.get("/x/dm/11348282/history", params=ACCOUNT)).json()["messages"]
    assert sent.json()["messageId"] not in {one["id"] for one in left}
    return answers
