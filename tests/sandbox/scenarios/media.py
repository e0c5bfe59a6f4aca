"""Media, down and up."""

from __future__ import annotations

import httpx

from bot.sandbox.world import posts

from .scenario import ACCOUNT, GIVEAWAY, URL, Scenarios, each, keyed

SCENARIOS = Scenarios(
    {
        "downloadMedia": each(
            ("POST", "/x/media/download", {"tweetInput": URL}),
            ("POST", "/x/media/download", {"tweetIds": list(posts.GALLERY_IDS.values())}),
            ("POST", "/x/media/download", {"tweetInput": posts.PLAIN_ID}),
            ("POST", "/x/media/download", {"tweetInput": "1893999999999999999"}),
            ("POST", "/x/media/download", {"tweetIds": [GIVEAWAY] * 51}),
            ("POST", "/x/media/download", {}),
        ),
    }
)


@SCENARIOS.add
async def uploadMedia(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    file = {"file": ("a.png", b"\x89PNG....", "image/png")}
    return [
        await c.post("/x/media", data=ACCOUNT, files=file, headers=keyed("u1")),
        await c.post("/x/media", json={**ACCOUNT, "url": "https://example.com/a.png"}, headers=keyed("u2")),
        await c.post("/x/media", json={**ACCOUNT, "url": "http://example.com/a.png"}, headers=keyed("u3")),
        await c.post("/x/media", json={"account": "nobody", "url": "https://a.example"}, headers=keyed("u4")),
        await c.post("/x/media", json=ACCOUNT, headers=keyed("u5")),
    ]


async def _picture(c: httpx.AsyncClient, path: str, name: str) -> list[httpx.Response]:
    file = {"file": ("a.png", b"\x89PNG....", "image/png")}
    text = {"file": ("a.txt", b"words", "text/plain")}
    return [
        await c.patch(path, data=ACCOUNT, files=file, headers=keyed(f"{name}1")),
        await c.patch(path, data=ACCOUNT, files=text, headers=keyed(f"{name}2")),
        await c.patch(path, json={**ACCOUNT, "url": "https://example.com/a.png"}, headers=keyed(f"{name}3")),
        await c.patch(path, json={**ACCOUNT, "url": "http://example.com/a.png"}, headers=keyed(f"{name}4")),
        await c.patch(path, json=ACCOUNT, headers=keyed(f"{name}5")),
    ]


@SCENARIOS.add
async def updateAvatar(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    return await _picture(c, "/x/profile/avatar", "face")


@SCENARIOS.add
async def updateBanner(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    return await _picture(c, "/x/profile/banner", "sky")
