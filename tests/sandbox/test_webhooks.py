"""Webhooks are signed afresh each time, retried by the documented rules, and accounted for."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from bot.sandbox.api.eventtypes import DOCUMENTED
from bot.sandbox.server import RunningSandbox, serve_sandbox
from tests.facts import table

from .conftest import QUICK, client_of, control, until
from .receiver import Received, Receiver


async def _subscribe(client: httpx.AsyncClient, url: str, types: list[str] | None = None) -> dict[str, Any]:
    types = types or ["tweet.new"]
    await client.post("/monitors", json={"username": "nasa", "eventTypes": types})
    made: dict[str, Any] = (await client.post("/webhooks", json={"url": url, "eventTypes": types})).json()
    return made


async def _deliveries(client: httpx.AsyncClient, webhook: dict[str, Any]) -> list[dict[str, Any]]:
    answer = (await client.get(f"/webhooks/{webhook['id']}/deliveries")).json()
    deliveries: list[dict[str, Any]] = answer["deliveries"]
    return deliveries


async def _webhook(client: httpx.AsyncClient) -> dict[str, Any]:
    first: dict[str, Any] = (await client.get("/webhooks")).json()["webhooks"][0]
    return first


def _assert_signed(received: Received, secret: str) -> None:
    """Checked the way the documentation tells receivers to."""
    stamp, nonce = received.headers["x-xquik-timestamp"], received.headers["x-xquik-nonce"]
    assert abs(time.time() - int(stamp) / 1000) < 60
    assert len(nonce) == 32
    assert set(nonce) <= set("0123456789abcdef")
    message = b".".join([stamp.encode(), nonce.encode(), received.body])
    expected = "sha256=" + hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
    assert received.headers["x-xquik-signature"] == expected
    assert received.headers["user-agent"] == "xquik-webhooks/1.0"


async def test_a_delivery_is_signed_and_names_its_event(
    running: RunningSandbox, client: httpx.AsyncClient, receiver: Receiver
) -> None:
    webhook = await _subscribe(client, receiver.url)
    event = await control(running, "/emit", username="nasa")
    (received,) = await receiver.wait_for(1)
    _assert_signed(received, webhook["secret"])
    body = json.loads(received.body)
    assert (body["streamEventId"], body["eventType"], body["username"]) == (event["id"], "tweet.new", "nasa")
    listed = (await client.get(f"/events/{event['id']}")).json()
    assert body["data"] == listed["data"]
    assert body["occurredAt"] == listed["occurredAt"]


async def test_another_run_with_the_same_seed_uses_no_nonce_again(receiver: Receiver) -> None:
    """A receiver remembers nonces for longer than a run lasts."""
    for count in (1, 2):
        async with serve_sandbox(QUICK) as running, client_of(running) as client:
            await _subscribe(client, receiver.url)
            await control(running, "/emit", username="nasa")
            await receiver.wait_for(count)
    first, second = await receiver.wait_for(2)
    assert first.headers["x-xquik-nonce"] != second.headers["x-xquik-nonce"]


async def test_the_secret_is_shown_once_only(client: httpx.AsyncClient, receiver: Receiver) -> None:
    webhook = await _subscribe(client, receiver.url)
    assert len(webhook["secret"]) == 64
    changed = await client.patch(f"/webhooks/{webhook['id']}", json={"isActive": True})
    for answer in (await client.get("/webhooks"), changed):
        assert webhook["secret"] not in answer.text


async def test_a_retry_has_the_same_body_and_a_fresh_signature(
    running: RunningSandbox, client: httpx.AsyncClient, receiver: Receiver
) -> None:
    webhook = await _subscribe(client, receiver.url)
    receiver.answers.extend([(500, {}), (404, {}), (401, {})])
    await control(running, "/emit", username="nasa")
    requests = await receiver.wait_for(4)
    for received in requests:
        _assert_signed(received, webhook["secret"])
    assert len({received.body for received in requests}) == 1
    assert len({received.headers["x-xquik-nonce"] for received in requests}) == 4

    async def settled() -> bool:
        return bool((await _deliveries(client, webhook))[0]["status"] == "delivered")

    await until(settled)
    (delivery,) = await _deliveries(client, webhook)
    assert (delivery["attempts"], delivery["lastStatusCode"]) == (4, 200)
    assert (await _webhook(client))["consecutiveFailures"] == 0


async def test_ten_attempts_and_the_endpoint_needs_attention_until_resumed(
    running: RunningSandbox, client: httpx.AsyncClient, receiver: Receiver
) -> None:
    webhook = await _subscribe(client, receiver.url)
    receiver.status = 500
    await control(running, "/emit", username="nasa")

    async def exhausted() -> bool:
        return bool((await _deliveries(client, webhook))[0]["status"] == "exhausted")

    await until(exhausted)
    assert len(receiver.requests) == 10
    assert (await _webhook(client))["deliveryStatus"] == "needs_attention"
    refused = await client.post(f"/webhooks/{webhook['id']}/resume")
    assert (refused.status_code, refused.json()["statusCode"]) == (400, 500)
    receiver.status = 200
    resumed = (await client.post(f"/webhooks/{webhook['id']}/resume")).json()
    assert resumed["webhook"]["deliveryStatus"] == "active"


async def test_410_is_final_and_switches_the_webhook_off(
    running: RunningSandbox, client: httpx.AsyncClient, receiver: Receiver
) -> None:
    webhook = await _subscribe(client, receiver.url)
    receiver.status = 410
    await control(running, "/emit", username="nasa")

    async def failed() -> bool:
        return bool((await _deliveries(client, webhook))[0]["status"] == "failed")

    await until(failed)
    await control(running, "/emit", username="nasa")
    assert len(receiver.requests) == 1
    assert not (await _webhook(client))["isActive"]
    assert len(await _deliveries(client, webhook)) == 1


async def test_retry_after_of_a_503_is_honoured(
    running: RunningSandbox, client: httpx.AsyncClient, receiver: Receiver
) -> None:
    webhook = await _subscribe(client, receiver.url)
    receiver.answers.append((503, {"Retry-After": "600"}))
    await control(running, "/emit", username="nasa")
    await receiver.wait_for(1)

    async def noted() -> bool:
        return bool((await _deliveries(client, webhook))[0]["attempts"] == 1)

    await until(noted)
    await control(running, "/clock", advance=599)
    await control(running, "/emit", username="nasa")
    second = (await receiver.wait_for(2))[1]
    assert json.loads(second.body)["deliveryId"] == "502"
    await control(running, "/clock", advance=2)
    third = (await receiver.wait_for(3))[2]
    assert json.loads(third.body)["deliveryId"] == "501"


async def test_an_endpoint_nobody_listens_at_is_an_error_with_words(
    running: RunningSandbox, client: httpx.AsyncClient
) -> None:
    webhook = await _subscribe(client, "http://127.0.0.1:9/none")
    await control(running, "/emit", username="nasa")

    async def tried() -> bool:
        return "could not be reached" in (await _deliveries(client, webhook))[0].get("lastError", "")

    await until(tried)


async def test_the_test_delivery_has_the_documented_body(
    client: httpx.AsyncClient, receiver: Receiver
) -> None:
    webhook = await _subscribe(client, receiver.url)
    answer = (await client.post(f"/webhooks/{webhook['id']}/test")).json()
    assert answer == {"success": True, "statusCode": 200}
    (received,) = await receiver.wait_for(1)
    _assert_signed(received, webhook["secret"])
    body = json.loads(received.body)
    assert set(body) == {"eventType", "data", "timestamp"}
    assert body["eventType"] == "webhook.test"


async def test_a_webhook_gets_only_its_types_and_only_its_customer(
    running: RunningSandbox, client: httpx.AsyncClient, receiver: Receiver
) -> None:
    await _subscribe(client, receiver.url, ["tweet.reply"])
    other = (await control(running, "/keys"))["key"]
    await client.post(
        "/monitors", json={"username": "nasa", "eventTypes": ["tweet.reply"]}, headers={"x-api-key": other}
    )
    await control(running, "/emit", username="nasa", type="tweet.new")
    await control(running, "/emit", username="nasa", type="tweet.reply", key=other)
    last = await control(running, "/emit", username="nasa", type="tweet.reply")
    (received,) = await receiver.wait_for(1)
    assert json.loads(received.body)["streamEventId"] == last["id"]
    theirs = await client.get("/events", headers={"x-api-key": other})
    assert last["id"] not in [event["id"] for event in theirs.json()["events"]]


async def test_an_event_of_a_type_nobody_knows_reaches_every_webhook(
    running: RunningSandbox, client: httpx.AsyncClient, receiver: Receiver
) -> None:
    await _subscribe(client, receiver.url)
    await control(running, "/emit", username="nasa", type="hologram.started", data={"id": "1"})
    (received,) = await receiver.wait_for(1)
    assert json.loads(received.body)["eventType"] == "hologram.started"


@pytest.mark.parametrize("subject", [{"username": "nasa"}, {"query": "mars"}])
async def test_every_documented_type_conforms_to_the_webhook_schema(
    running: RunningSandbox, client: httpx.AsyncClient, receiver: Receiver, subject: dict[str, str]
) -> None:
    await _subscribe(client, receiver.url, list(DOCUMENTED))
    await client.post("/monitors/keywords", json={"query": "mars", "eventTypes": ["tweet.new"]})
    # After a rename nobody has the old username: it comes last.
    kinds = sorted(DOCUMENTED, key="profile.username.changed".__eq__)
    for kind in kinds:
        await control(running, "/emit", **subject, type=kind)
    requests = await receiver.wait_for(len(kinds))
    validator = Draft202012Validator(table("xquik_event")["event"])
    bodies = [json.loads(received.body) for received in requests]
    for body in bodies:
        validator.validate(body)
    assert [body["eventType"] for body in bodies] == kinds
    assert next(b for b in bodies if b["eventType"] == "tweet.quote")["data"]["quoted_tweet"]["text"]
    assert next(b for b in bodies if b["eventType"] == "tweet.media")["data"]["media"]
