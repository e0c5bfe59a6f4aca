"""The world is the same for a seed, has the awkward cases, and imports nothing of the bot."""

from __future__ import annotations

import ast
import struct
import zlib
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from twitter_text import parse_tweet

from bot.sandbox.config import FixedWindow, FixedWindows, SandboxConfig
from bot.sandbox.pictures import face, landscape
from bot.sandbox.server import RunningSandbox, serve_sandbox
from bot.sandbox.weighted import weighted_length
from bot.sandbox.world import followers, posts, radar, snowflake
from bot.sandbox.world.posts import _everything, everything

from .conftest import QUICK, client_of, control

PACKAGE = Path(__file__).resolve().parents[2] / "bot" / "sandbox"
ALLOWED = {"httpx", "msgspec", "starlette", "uvicorn"}


def test_it_imports_nothing_of_ours_and_few_of_others() -> None:
    import sys

    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0
                names = [node.module or ""]
            for name in names:
                root = name.split(".")[0]
                ours = name == "bot.sandbox" or name.startswith("bot.sandbox.")
                assert ours or root in ALLOWED or root in sys.stdlib_module_names, f"{path}: {name}"


def test_a_seed_makes_one_world() -> None:
    posts = everything(7)
    _everything.cache_clear()
    assert everything(7) == posts
    assert everything(7) != everything(8)


def test_ids_carry_their_time() -> None:
    assert snowflake.iso(snowflake.seconds_of(posts.GIVEAWAY_ID)).startswith("2025-02-23")
    assert abs(snowflake.seconds_of(snowflake.at(1_800_000_000.5)) - 1_800_000_000.5) < 0.002


@pytest.mark.parametrize(
    "text",
    [
        "plain words",
        "see https://example.com/a/very/long/path?with=query and more",
        "日本語のテキスト",
        "emoji 🎁 family 👨‍👩‍👧 flag 🇹🇷 keycap 1️⃣ heart ❤️ thumbs 👍🏽",
        "café naïve — “quotes” …",
        "Привет мир",
    ],
)
def test_weighted_length_is_that_of_x(text: str) -> None:
    assert weighted_length(text) == parse_tweet(text).weightedLength


@pytest.mark.parametrize("png", [landscape("a-1"), landscape("b-2", 320, 200), face("face-1")])
def test_pictures_are_whole_png_files(png: bytes) -> None:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    position, names, data = 8, list[bytes](), b""
    width = height = 0
    while position < len(png):
        (length,) = struct.unpack(">I", png[position : position + 4])
        name = png[position + 4 : position + 8]
        body = png[position + 8 : position + 8 + length]
        (crc,) = struct.unpack(">I", png[position + 8 + length : position + 12 + length])
        assert crc == zlib.crc32(name + body)
        names.append(name)
        data += body if name == b"IDAT" else b""
        if name == b"IHDR":
            width, height = struct.unpack(">II", body[:8])
        position += 12 + length
    assert names == [b"IHDR", b"IDAT", b"IEND"]
    assert len(zlib.decompress(data)) == height * (1 + 3 * width)


async def test_a_gallery_shows_every_picture_and_escapes_the_text(client: httpx.AsyncClient) -> None:
    many = await client.post(
        "/x/media/download", json={"tweetIds": [posts.GALLERY_IDS[4], posts.VIDEO_ID, "1", "nonsense"]}
    )
    body = many.json()
    assert (body["totalTweets"], body["totalMedia"]) == (2, 5)
    page = await client.get(body["galleryUrl"])
    assert page.text.count("<img ") == 5
    assert "script" not in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'")


async def test_downloads_are_paid_once(client: httpx.AsyncClient) -> None:
    for _ in range(2):
        await client.post("/x/media/download", json={"tweetInput": posts.GALLERY_IDS[1]})
    await client.post("/x/media/download", json={"tweetIds": [posts.GALLERY_IDS[1], posts.GALLERY_IDS[2]]})
    assert (await client.get("/credits")).json()["lifetime_used"] == "2"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (f"from:python -filter:replies {posts.PLAIN_ID[:3]} OR words", {posts.PLAIN_ID}),
        ('"worth a read"', {posts.QUOTE_ID}),
        ("to:python", {posts.REPLY_ID}),
        ("from:spacex filter:videos", {posts.VIDEO_ID}),
        (posts.LONG_ID, {posts.LONG_ID}),
    ],
)
async def test_search_finds_what_x_would(client: httpx.AsyncClient, query: str, found: set[str]) -> None:
    answer = await client.get("/x/tweets/search", params={"q": query})
    assert {tweet["id"] for tweet in answer.json()["tweets"]} == found


async def test_pages_of_replies_hold_all_of_them_once(client: httpx.AsyncClient) -> None:
    seen: list[str] = []
    cursor = ""
    while True:
        query = {"pageSize": "50", **({"cursor": cursor} if cursor else {})}
        page = (await client.get(f"/x/tweets/{posts.GIVEAWAY_ID}/replies", params=query)).json()
        seen += [tweet["id"] for tweet in page["tweets"]]
        cursor = page["next_cursor"]
        if not page["has_next_page"]:
            break
    assert len(seen) == len(set(seen)) == posts.GIVEAWAY_REPLIES
    assert (await client.get("/credits")).json()["lifetime_used"] == str(len(seen))


async def _followers(client: httpx.AsyncClient, name: str, cursor: str = "") -> tuple[list[str], str]:
    query = {"pageSize": "300", **({"cursor": cursor} if cursor else {})}
    page = (await client.get(f"/x/users/{name}/followers", params=query)).json()
    assert page["has_next_page"] == bool(page["next_cursor"])
    return [user["id"] for user in page["users"]], page["next_cursor"]


async def test_pages_of_followers_hold_all_of_them_once(client: httpx.AsyncClient) -> None:
    """Also when somebody comes to follow between two pages."""
    seen, cursor = await _followers(client, "cafe_luna")
    followed = await client.post(
        "/x/users/1700000000000000011/follow",
        json={"account": "xquik_demo"},
        headers={"Idempotency-Key": "f"},
    )
    assert followed.status_code == 200
    while cursor:
        more, cursor = await _followers(client, "cafe_luna", cursor)
        seen += more
    assert len(seen) == len(set(seen)) == (await client.get("/x/users/cafe_luna")).json()["followers"] - 1
    again, _ = await _followers(client, "cafe_luna")
    assert again[1:300] == seen[:299], "who came stands before the others"


async def test_only_the_newest_followers_of_the_famous_are_listed(client: httpx.AsyncClient) -> None:
    seen, cursor = await _followers(client, "nasa")
    while cursor:
        more, cursor = await _followers(client, "nasa", cursor)
        seen += more
    assert len(seen) == len(set(seen)) == followers.MOST


async def test_rows_are_no_more_than_the_credits_reach(
    running: RunningSandbox, client: httpx.AsyncClient
) -> None:
    await control(running, "/credits", balance=7)
    page = (await client.get(f"/x/tweets/{posts.GIVEAWAY_ID}/replies")).json()
    assert (len(page["tweets"]), page["has_next_page"]) == (7, True)


async def test_a_filter_that_is_not_simulated_says_so(client: httpx.AsyncClient) -> None:
    answer = await client.get("/x/tweets/search?q=x&minViews=9")
    assert (answer.status_code, "minViews" in answer.json()["message"]) == (501, True)


@pytest.mark.parametrize("source", radar.SOURCES)
async def test_every_radar_source_has_pages(client: httpx.AsyncClient, source: str) -> None:
    seen: list[str] = []
    query = {"source": source, "hours": "72", "limit": "50"}
    while True:
        page = (await client.get("/radar", params=query)).json()
        seen += [item["id"] for item in page["items"]]
        if not page["hasMore"]:
            break
        query["after"] = page["nextCursor"]
    assert len(seen) == len(set(seen)) >= 140


async def test_trends_stay_for_a_quarter_of_an_hour_and_cost_one(
    running: RunningSandbox, client: httpx.AsyncClient
) -> None:
    first = (await client.get("/x/trends?woeid=23424856")).json()
    assert first == (await client.get("/x/trends?woeid=23424856")).json()
    await control(running, "/clock", advance=901)
    assert first != (await client.get("/x/trends?woeid=23424856")).json()
    assert (await client.get("/credits")).json()["lifetime_used"] == "3"


async def test_rate_limits_are_per_customer_and_window() -> None:
    config = SandboxConfig(limits=FixedWindows(reads=FixedWindow(3, 600.0)))
    async with serve_sandbox(config) as running, client_of(running) as client:
        answers = [await client.get("/account") for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert answers[3].json()["retryAfter"] == int(answers[3].headers["retry-after"]) == 600
        other = (await control(running, "/keys"))["key"]
        assert (await client.get("/account", headers={"x-api-key": other})).status_code == 200
        await control(running, "/clock", advance=601)
        assert (await client.get("/account")).status_code == 200


async def test_a_revoked_key_is_refused_and_its_sibling_is_not(
    running: RunningSandbox, client: httpx.AsyncClient
) -> None:
    spare = (await control(running, "/keys", **{"for": running.api_key}))["key"]
    await client.post("/drafts", json={"text": "x"})
    await control(running, f"/keys/{running.api_key}", "DELETE")
    assert (await client.get("/drafts")).status_code == 401
    kept = await client.get("/drafts", headers={"x-api-key": spare})
    assert len(kept.json()["drafts"]) == 1


async def test_the_keys_of_a_sandbox_are_not_those_of_another_with_its_seed() -> None:
    """Customers of two installations never share a key because both were started alike."""
    config = SandboxConfig(seed=7)
    async with serve_sandbox(config) as one, serve_sandbox(config) as other:
        assert (await control(one, "/keys"))["key"] != (await control(other, "/keys"))["key"]


async def test_an_account_takes_another_handle_everywhere_and_the_old_one_is_free(
    running: RunningSandbox, client: httpx.AsyncClient
) -> None:
    types = ["tweet.new", "profile.username.changed"]
    made = (await client.post("/monitors", json={"username": "esa", "eventTypes": types})).json()
    told = await control(running, "/names", username="ESA", renamed="esa_europe")
    assert told["id"] == made["xUserId"] and len(told["events"]) == 1
    (event,) = (await client.get("/events")).json()["events"]
    assert (event["username"], event["xUserId"]) == ("esa_europe", made["xUserId"])
    assert {k: event["data"][k] for k in ("userId", "previous", "current")} == {
        "userId": made["xUserId"],
        "previous": "esa",
        "current": "esa_europe",
    }
    (monitor,) = (await client.get("/monitors")).json()["monitors"]
    assert (monitor["username"], monitor["xUserId"]) == ("esa_europe", made["xUserId"])
    assert (await client.get(f"/x/users/{made['xUserId']}")).json()["username"] == "esa_europe"
    assert (await client.get("/x/users/esa")).json()["id"] != made["xUserId"]
    quiet = await control(running, "/names", username="esa_europe", renamed="esa_hq", quietly=True)
    assert quiet["events"] == []
    emitted = await control(running, "/emit", username="esa_hq")
    event = (await client.get(f"/events/{emitted['id']}")).json()
    assert event["data"]["author"]["username"] == "esa_hq"


async def test_a_changed_handle_is_kept_across_restarts(tmp_path: Path) -> None:
    kept = replace(QUICK, state_path=tmp_path / "state.db")
    async with serve_sandbox(kept) as running:
        first = await control(running, "/names", username="nasa", renamed="nasa_hq")
    async with serve_sandbox(kept) as running, client_of(running) as client:
        assert (await client.get("/x/users/nasa_hq")).json()["id"] == first["id"]
