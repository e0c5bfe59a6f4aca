"""Writes on X."""

from __future__ import annotations

import httpx

from .first import tweet
from .scenario import ACCOUNT, GIVEAWAY, Scenarios, each, keyed

SCENARIOS = Scenarios(
    {
        "createTweet": each(
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
        ),
        "updateProfile": each(
            (
                "PATCH",
                "/x/profile",
                {**ACCOUNT, "name": "Ada", "description": "Rockets", "location": "Orbit"},
            ),
            ("PATCH", "/x/profile", {**ACCOUNT, "url": "https://example.com"}),
            ("PATCH", "/x/profile", ACCOUNT),
            ("PATCH", "/x/profile", {**ACCOUNT, "name": "x" * 51}),
        ),
    }
)
for operation_id, method, path in [
    ("likeTweet", "POST", f"/x/tweets/{GIVEAWAY}/like"),
    ("unlikeTweet", "DELETE", f"/x/tweets/{GIVEAWAY}/like"),
    ("retweet", "POST", f"/x/tweets/{GIVEAWAY}/retweet"),
    ("unretweet", "DELETE", f"/x/tweets/{GIVEAWAY}/retweet"),
    ("followUser", "POST", "/x/users/11348282/follow"),
    ("unfollowUser", "DELETE", "/x/users/11348282/follow"),
    ("removeFollower", "POST", "/x/users/11348282/remove-follower"),
]:
    SCENARIOS[operation_id] = each((method, path, ACCOUNT), (method, path, ACCOUNT), (method, path, {}))


@SCENARIOS.add
async def deleteTweet(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    mine = (await tweet(c)).json()["tweetId"]
    return [
        await c.request("DELETE", f"/x/tweets/{one}", json=ACCOUNT, headers=keyed(f"d{number}"))
        for number, one in enumerate([mine, mine, GIVEAWAY, "x"])
    ]


@SCENARIOS.add
async def getWriteActionStatus(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    ids = [(await tweet(c)).json()["id"]]
    pending = {**ACCOUNT, "text": "[pending]"}
    ids.append((await c.post("/x/tweets", json=pending, headers=keyed("p"))).json()["id"])
    return [await c.get(f"/x/write-actions/{one}") for one in [*ids, "404"]]
