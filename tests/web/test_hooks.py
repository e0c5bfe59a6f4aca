"""`POST /hooks/xquik/<id>` over real HTTP: what a sender, an attacker and a broken disk get."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections.abc import AsyncIterator
from typing import Literal

import httpx
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.errors import StorageUnavailable
from bot.relay.receiving.signature import WINDOW_MS
from bot.storage.engine.database import Database
from bot.storage.tables import events, hook_nonces
from tests.conftest import ManualClock
from tests.relay.conftest import RelayHarness, make_relay
from tests.relay.harness import (
    OTHER,
    TENANT,
    RecordingMessenger,
    application,
    deliver,
    event_body,
    make_hook,
    route,
    serving,
    signed,
)

# For what is turned away before any database is asked.
ONE_DATABASE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


@pytest.fixture
async def path(house: RelayHarness) -> str:
    """The path of a registered hook."""
    return await make_hook(house.relay, TENANT, "hook-one")


async def rows(db: Database) -> tuple[int, int]:
    """How many events and how many nonces are stored."""

    async def work(connection: AsyncConnection) -> tuple[int, int]:
        counts = [
            (await connection.execute(select(func.count()).select_from(table))).scalar_one()
            for table in (events, hook_nonces)
        ]
        return counts[0], counts[1]

    return await db.read(work)


@ONE_DATABASE
async def test_a_test_delivery_is_answered_and_stored_nowhere(house: RelayHarness, path: str) -> None:
    body = b'{"eventType":"webhook.test","data":{"message":"Hello"},"timestamp":"2026-02-27T12:00:00Z"}'
    answer = await deliver(house.client, path, body)
    assert (answer.status_code, answer.json()) == (200, {"status": "test"})
    assert (await rows(house.db))[0] == 0


async def test_the_older_body_without_ids_is_known_by_its_bytes(house: RelayHarness, path: str) -> None:
    body = b'{"eventType":"tweet.new","data":{"tweetId":"18"},"timestamp":"2026-02-27T12:00:00Z"}'
    assert (await deliver(house.client, path, body)).json() == {"status": "accepted"}
    again = await deliver(house.client, path, body, nonce="a" * 32)
    assert again.json() == {"status": "duplicate"}
    (stored,) = await house.relay.events.recent(TENANT, 5)
    assert stored.identity == "h:" + hashlib.sha256(body).hexdigest()


async def test_the_same_bytes_again_are_a_duplicate_even_with_the_same_nonce(
    house: RelayHarness, path: str
) -> None:
    body = event_body(1)
    headers = signed(body)
    first = await house.client.post(path, content=body, headers=headers)
    second = await house.client.post(path, content=body, headers=headers)
    assert [first.json()["status"], second.json()["status"]] == ["accepted", "duplicate"]
    assert second.status_code == 200


async def test_a_nonce_seen_with_another_body_is_refused(house: RelayHarness, path: str) -> None:
    nonce = "ab" * 16
    await deliver(house.client, path, event_body(1), nonce=nonce)
    answer = await deliver(house.client, path, event_body(2), nonce=nonce)
    assert answer.status_code == 401
    assert (await rows(house.db))[0] == 1


async def test_a_forgery_does_not_burn_the_nonce_of_a_genuine_delivery(
    house: RelayHarness, path: str
) -> None:
    nonce = "cd" * 16
    forged = await deliver(house.client, path, event_body(9), nonce=nonce, secret="wrong")
    assert forged.status_code == 401
    genuine = await deliver(house.client, path, event_body(1), nonce=nonce)
    assert genuine.json() == {"status": "accepted"}


async def test_one_tenants_nonces_and_events_hold_up_nobody_else(house: RelayHarness, path: str) -> None:
    theirs = await make_hook(house.relay, OTHER, "hook-two", "other-secret")
    nonce = "ef" * 16
    hostile = await deliver(house.client, theirs, event_body(1), nonce=nonce, secret="other-secret")
    assert hostile.json() == {"status": "accepted"}
    mine = await deliver(house.client, path, event_body(1), nonce=nonce)
    assert mine.json() == {"status": "accepted"}
    assert len(await house.relay.events.recent(TENANT, 5)) == 1


@ONE_DATABASE
async def test_another_tenants_secret_does_not_sign_here(house: RelayHarness, path: str) -> None:
    await make_hook(house.relay, OTHER, "hook-two", "other-secret")
    answer = await deliver(house.client, path, event_body(1), secret="other-secret")
    assert answer.status_code == 401


BAD_HEADERS: dict[str, dict[str, str | None]] = {
    "wrong signature": {"X-Xquik-Signature": "sha256=" + "0" * 64},
    "signature beyond ASCII": {"X-Xquik-Signature": "sha256=" + "é" * 64},
    "other algorithm": {"X-Xquik-Signature": "sha1=" + "0" * 40},
    "empty signature": {"X-Xquik-Signature": ""},
    "no signature": {"X-Xquik-Signature": None},
    "no nonce": {"X-Xquik-Nonce": None},
    "nonce beyond ASCII": {"X-Xquik-Nonce": "ñ" * 32},
    "nonce in capitals": {"X-Xquik-Nonce": "AB" * 16},
    "no timestamp": {"X-Xquik-Timestamp": None},
    "timestamp in other digits": {"X-Xquik-Timestamp": "٣" * 13},
    "endless timestamp": {"X-Xquik-Timestamp": "9" * 400},
    "negative timestamp": {"X-Xquik-Timestamp": "-5"},
}


@ONE_DATABASE
async def test_headers_that_are_not_xquiks_are_refused(house: RelayHarness, path: str) -> None:
    body = event_body(1)
    statuses = {}
    for name, change in BAD_HEADERS.items():
        headers: dict[str, str | None] = {**signed(body), **change}
        raw = [(k.encode(), v.encode()) for k, v in headers.items() if v is not None]
        statuses[name] = (await house.client.post(path, content=body, headers=raw)).status_code
    assert statuses == dict.fromkeys(BAD_HEADERS, 401)
    assert await rows(house.db) == (0, 0)


@ONE_DATABASE
async def test_a_header_given_twice_is_refused(house: RelayHarness, path: str) -> None:
    body = event_body(1)
    headers = [(k.encode(), v.encode()) for k, v in signed(body).items()]
    twice = [*headers, (b"X-Xquik-Nonce", b"0" * 32)]
    assert (await house.client.post(path, content=body, headers=twice)).status_code == 401


@ONE_DATABASE
async def test_a_changed_or_reserialised_body_is_refused(house: RelayHarness, path: str) -> None:
    body = event_body(1)
    headers = signed(body)
    compact = json.dumps(json.loads(body), separators=(",", ":")).encode()
    for other in (body + b" ", body.replace(b"number 1", b"number 2"), compact):
        assert (await house.client.post(path, content=other, headers=headers)).status_code == 401
    assert await rows(house.db) == (0, 0)


@pytest.mark.parametrize("seconds", [-WINDOW_MS / 1000 - 5, WINDOW_MS / 1000 + 5])
@ONE_DATABASE
async def test_a_timestamp_outside_five_minutes_is_refused(
    house: RelayHarness, path: str, seconds: float
) -> None:
    late = await deliver(house.client, path, event_body(1), at=time.time() + seconds)
    assert late.status_code == 401
    just = await deliver(house.client, path, event_body(1), at=time.time() + seconds * 0.98)
    assert just.status_code == 200


NO_OBJECTS = {
    "empty": b"",
    "not JSON": b"hello",
    "an array": b"[1, 2]",
    "a string": b'"text"',
    "cut off": b'{"eventType": "tweet.new", "data": {}',
    "invalid UTF-8": b'{"eventType": "tweet.new\xff\xfe"}',
    "half a surrogate pair outside a string": b'{"eventType": \\ud800}',
    "deep list and open": b"[" * 300_000,
    "deep and open": b'{"a":' * 90_000 + b"1",
    "deep and open in a text": b'{"a":' * 90_000 + b'"}',
    "no number": b'{"data": NaN}',
}


@ONE_DATABASE
async def test_a_signed_body_that_is_no_json_object_is_a_400(house: RelayHarness, path: str) -> None:
    statuses = {
        name: (await deliver(house.client, path, body)).status_code for name, body in NO_OBJECTS.items()
    }
    assert statuses == dict.fromkeys(NO_OBJECTS, 400)
    assert await rows(house.db) == (0, 0)


ODD_VALUES: list[dict[str, object]] = [
    {"eventType": {"a": 1}},
    {"eventType": None},
    {"eventType": "x" * 5000},
    {"eventType": "tweet.teleported"},
    {"streamEventId": ["1"], "deliveryId": {"$ne": 1}},
    {"streamEventId": "9" * 5000},
    {"streamEventId": 10**400},
    {"username": "a\x00b" * 90, "query": "\x00"},
    {"username": 7, "query": [1]},
    {"occurredAt": "yesterday"},
    {"occurredAt": -5e300},
    {"occurredAt": 10**300},
    {"occurredAt": "9999-12-31T23:59:59.999Z"},
    {"data": None},
    {"data": "text"},
    {"data": [{"id": None}]},
    {"data": {"text": "\x00\u202e", "id": 10**300}},
]


async def test_odd_values_in_a_signed_object_are_stored_and_posted_all_the_same(
    house: RelayHarness, path: str
) -> None:
    await house.routes(route("r", "C1"))
    for number, changes in enumerate(ODD_VALUES):
        answer = await deliver(house.client, path, event_body(number, **changes))
        assert (answer.status_code, answer.json()) == (200, {"status": "accepted"}), changes
    await house.quiet()
    assert len(house.messenger.posted) == len(ODD_VALUES)


AS_THEY_STAND = {
    "deep": b'{"data":' * 65 + b"1" + b"}" * 65,
    "very deep": b'{"data":' * 90_000 + b"1" + b"}" * 90_000,
    "very deep list": b'{"streamEventId": "77", "data": ' + b"[" * 300_000 + b"]" * 300_000 + b"}",
    "number out of range": b'{"data": 1e999}',
    "many digits": b'{"data": {"likeCount": ' + b"9" * 5000 + b"}}",
    "twice the same name": b'{"data": 1, "data": {"text": "x"}}',
    "nothing": b"{}",
    "nulls": b'{"eventType": null, "data": null, "occurredAt": null, "streamEventId": null}',
}


async def test_whatever_is_a_json_object_is_stored_and_posted(house: RelayHarness, path: str) -> None:
    await house.routes(route("r", "C1"))
    for name, body in AS_THEY_STAND.items():
        answer = await deliver(house.client, path, body)
        assert (answer.status_code, answer.json()) == (200, {"status": "accepted"}), name
    await house.quiet()
    assert len(house.messenger.posted) == len(AS_THEY_STAND)


@pytest.mark.parametrize("space", [b" ", b"\t", b" \t \t"])
@pytest.mark.parametrize("http", ["httptools", "h11"])
@ONE_DATABASE
async def test_white_space_at_the_end_of_a_header_is_none_of_it(
    house: RelayHarness, path: str, space: bytes, http: Literal["h11", "httptools"]
) -> None:
    async with serving(application(house.relay), http=http) as base:
        body = event_body(1)
        given = {name.encode(): value.encode() + space for name, value in signed(body).items()}
        lines = [f"POST {path} HTTP/1.1".encode(), b"Host: here", b"Connection: close"]
        lines += [b"%s: %s" % pair for pair in (given | {b"Content-Length": b"%d" % len(body)}).items()]
        port = int(base.rpartition(":")[2])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"\r\n".join([*lines, b"", b""]) + body)
        answer = await asyncio.wait_for(reader.read(), 10)
        writer.close()
        assert answer.startswith(b"HTTP/1.1 200 "), answer


@ONE_DATABASE
async def test_a_body_of_one_mebibyte_is_taken_and_one_byte_more_is_not(
    house: RelayHarness, path: str
) -> None:
    frame = len(event_body(1, data={"text": ""}))
    largest = event_body(1, data={"text": "x" * ((1 << 20) - frame)})
    assert len(largest) == 1 << 20
    assert (await deliver(house.client, path, largest)).status_code == 200
    larger = largest[:-3] + b'x"}}'
    assert (await deliver(house.client, path, larger)).status_code == 413


@ONE_DATABASE
async def test_an_oversized_body_is_refused_without_a_declared_length(house: RelayHarness, path: str) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(64):
            yield b"x" * 65_536

    headers = signed(b"")
    try:
        answer = await house.client.post(path, content=endless(), headers=headers)
    except httpx.WriteError:
        return  # the server hung up while we were still sending, which is a refusal too
    assert answer.status_code == 413


@ONE_DATABASE
async def test_a_sender_that_lies_about_the_length_is_refused(house: RelayHarness, path: str) -> None:
    host, port = house.client.base_url.host, house.client.base_url.port
    reader, writer = await asyncio.open_connection(host, port)
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n"
    writer.write(head.encode() + b"{}")
    await writer.drain()
    first = await asyncio.wait_for(reader.readline(), 5)
    writer.close()
    assert first.startswith(b"HTTP/1.1 413")


@ONE_DATABASE
async def test_an_unknown_hook_is_a_404_whatever_is_sent(house: RelayHarness, path: str) -> None:
    for hook in ("nobody", "hook-one2", "x" * 300, "%00", "..%2fx", "ho ok", "ü"):
        answer = await deliver(house.client, f"/hooks/xquik/{hook}", event_body(1))
        assert answer.status_code == 404, hook


@ONE_DATABASE
async def test_only_post_is_taken(house: RelayHarness, path: str) -> None:
    for method in ("GET", "PUT", "DELETE", "HEAD", "PATCH"):
        answer = await house.client.request(method, path)
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


async def test_the_secret_before_still_signs_while_it_is_rotated(house: RelayHarness, path: str) -> None:
    await make_hook(house.relay, TENANT, "hook-one", "newer")
    assert (await deliver(house.client, path, event_body(1))).status_code == 200
    assert (await deliver(house.client, path, event_body(2), secret="newer")).status_code == 200
    await make_hook(house.relay, TENANT, "hook-one", "newest")
    assert (await deliver(house.client, path, event_body(3))).status_code == 401
    assert (await deliver(house.client, path, event_body(4), secret="newer")).status_code == 200


async def test_a_full_disk_is_a_503_and_leaves_nothing_half_stored(sqlite_url: str) -> None:
    db = await Database.open(sqlite_url)
    relay = make_relay(db, RecordingMessenger())
    async with serving(application(relay)) as base, httpx.AsyncClient(base_url=base) as client:
        path = await make_hook(relay, TENANT, "hook-one")
        assert (await deliver(client, path, event_body(1))).status_code == 200
        await _limit_pages(db, full=True)
        big = event_body(2, data={"text": "x" * 900_000})
        answer = await deliver(client, path, big)
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0
        assert await rows(db) == (1, 1)
        await _limit_pages(db, full=False)
        assert (await deliver(client, path, big)).json() == {"status": "accepted"}
        assert await rows(db) == (2, 2)
    await db.close()


async def _limit_pages(db: Database, *, full: bool) -> None:
    """Let SQLite find its disk full, or not."""

    async def work(connection: AsyncConnection) -> None:
        pages = (await connection.execute(text("PRAGMA page_count"))).scalar_one()
        limit = pages + 8 if full else 1_000_000
        await connection.execute(text(f"PRAGMA max_page_count = {limit}"))

    await db.write(work)


async def test_a_database_that_is_away_is_a_503(sqlite_url: str) -> None:
    db = await Database.open(sqlite_url)
    relay = make_relay(db, RecordingMessenger())
    async with serving(application(relay)) as base, httpx.AsyncClient(base_url=base) as client:
        path = await make_hook(relay, TENANT, "hook-one")
        await deliver(client, path, event_body(1))
        await db.close()
        answer = await deliver(client, path, event_body(2))
    assert answer.status_code == 503
    assert "retry-after" in answer.headers


async def test_wrong_signatures_have_a_hook_read_once_a_second_and_no_more() -> None:
    from bot.relay.receiving.hook_keys import SURE, HookKey, HookKeys

    asked: list[str] = []
    ticks = ManualClock()

    async def load(hook: str) -> HookKey | None:
        asked.append(hook)
        return HookKey(hook, TENANT, (b"secret",))

    keys = HookKeys(load, ticks)
    await keys.find("one")
    for _ in range(50):
        assert not keys.doubt("one")
        await keys.find("one")
    assert asked == ["one"]
    ticks.advance(SURE)
    assert keys.doubt("one") and keys.cached("one") is None
    await keys.find("one")
    assert not keys.doubt("one") and asked == ["one"] * 2
    keys.forget_all()
    assert keys.cached("one") is None


async def test_a_flood_of_made_up_hooks_keeps_memory_and_look_ups_bounded() -> None:
    from bot.relay.receiving.hook_keys import HookKey, HookKeys

    asked: list[str] = []
    going = asyncio.Event()

    async def load(hook: str) -> HookKey | None:
        asked.append(hook)
        await going.wait()
        return None

    keys = HookKeys(load, time.monotonic, limit=100, lookups=4)
    waiting = [asyncio.create_task(keys.find("same")) for _ in range(50)]
    others = [asyncio.create_task(keys.find(f"other-{n}")) for n in range(50)]
    done, _ = await asyncio.wait(others, timeout=0.05)
    assert all(isinstance(task.exception(), StorageUnavailable) for task in done)
    assert len(asked) == 4
    going.set()
    assert await asyncio.gather(*waiting) == [None] * 50
    for n in range(1000):
        await keys.find(f"made-up-{n}")
    assert len(keys._unknown) <= 100
    before = len(asked)
    await keys.find("made-up-999")
    assert len(asked) == before
    await asyncio.gather(*others, return_exceptions=True)


@ONE_DATABASE
async def test_text_cut_in_the_middle_of_an_emoji_is_taken(house: RelayHarness, path: str) -> None:
    """X cuts in UTF-16; a 400 for it would never become right, and count against the endpoint."""
    body = b'{"eventType": "tweet.new", "streamEventId": "77", "data": {"id": "1", "text": "cut \\ud83d"}}'
    answer = await deliver(house.client, path, body)
    assert (answer.status_code, answer.json()) == (200, {"status": "accepted"})
