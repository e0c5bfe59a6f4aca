"""Writes on X happen once for a key, end the way that was asked for, and cost what they say."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from bot.sandbox.server import RunningSandbox
from bot.sandbox.world import posts

from .conftest import control

ACCOUNT = "xquik_demo"


async def _post(client: httpx.AsyncClient, text: str, key: str = "k", **more: Any) -> httpx.Response:
    body = {"account": ACCOUNT, "text": text, **more}
    return await client.post("/x/tweets", json=body, headers={"Idempotency-Key": key})


def _polled(answer: httpx.Response) -> str:
    """Where to poll, below the client's base URL: ``Location`` starts at the host."""
    return answer.headers["location"].removeprefix("/api/v1")


async def _performed(running: RunningSandbox) -> dict[str, int]:
    writes: dict[str, int] = (await control(running, "/state", "GET"))["writes"]
    return writes


async def _balance(client: httpx.AsyncClient) -> int:
    return int((await client.get("/credits")).json()["balance"])


async def test_a_tweet_exists_once_however_often_the_request_is_repeated(
    running: RunningSandbox, client: httpx.AsyncClient
) -> None:
    answers = [await _post(client, "Hello") for _ in range(5)]
    assert {answer.json()["tweetId"] for answer in answers} == {answers[0].json()["tweetId"]}
    assert [answer.json()["idempotent"] for answer in answers] == [False, True, True, True, True]
    assert await _performed(running) == {"create_tweet": 1}
    assert await _balance(client) == 25_000 - 30


async def test_a_key_that_met_other_content_conflicts(client: httpx.AsyncClient) -> None:
    await _post(client, "Hello")
    answer = await _post(client, "Goodbye")
    assert (answer.status_code, answer.json()["error"]) == (409, "idempotency_key_conflict")
    assert answer.json()["safeToRetry"] is True


async def test_keys_belong_to_their_customer(running: RunningSandbox, client: httpx.AsyncClient) -> None:
    other = (await control(running, "/keys"))["key"]
    await _post(client, "Hello")
    body = {"account": ACCOUNT, "text": "Other"}
    answer = await client.post("/x/tweets", json=body, headers={"Idempotency-Key": "k", "x-api-key": other})
    assert answer.status_code == 200


@pytest.mark.parametrize(("key", "code"), [(None, "missing"), ("", "invalid"), ("a b", "invalid")])
async def test_a_write_without_a_proper_key_is_refused(
    client: httpx.AsyncClient, key: str | None, code: str
) -> None:
    headers = {} if key is None else {"Idempotency-Key": key}
    answer = await client.post("/x/tweets", json={"account": ACCOUNT, "text": "x"}, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (400, f"{code}_idempotency_key")


async def test_pending_becomes_success_and_is_charged_then(
    running: RunningSandbox, client: httpx.AsyncClient
) -> None:
    answer = await _post(client, "[pending] Hello")
    action = answer.json()
    assert (answer.status_code, action["terminal"], action["charged"]) == (202, False, False)
    assert int(answer.headers["retry-after"]) >= 1
    assert await _performed(running) == {}
    await control(running, "/clock", advance=61)
    done = (await client.get(_polled(answer))).json()
    assert (done["status"], done["chargedCredits"]) == ("success", "30")
    assert (await client.get(f"/x/tweets/{done['tweetId']}")).status_code == 200
    assert await _balance(client) == 25_000 - 30 - 1


async def test_an_ordered_write_is_under_way_for_as_long_as_was_ordered(
    running: RunningSandbox, client: httpx.AsyncClient
) -> None:
    await control(running, "/writes", outcome="pending", seconds=3600)
    answer = await _post(client, "Hello")
    await control(running, "/clock", advance=3599)
    assert (await client.get(_polled(answer))).json()["status"] != "success"
    await control(running, "/clock", advance=2)
    assert (await client.get(_polled(answer))).json()["status"] == "success"


async def test_fail_later_ends_failed_and_free(running: RunningSandbox, client: httpx.AsyncClient) -> None:
    answer = await _post(client, "[fail-later]")
    await control(running, "/clock", advance=61)
    done = (await client.get(_polled(answer))).json()
    assert (done["status"], done["error"], done["safeToRetry"]) == ("failed", "x_write_failed", False)
    assert await _performed(running) == {}
    assert await _balance(client) == 25_000


async def test_unconfirmed_stays_open_then_expires(
    running: RunningSandbox, client: httpx.AsyncClient
) -> None:
    answer = await _post(client, "[unconfirmed]")
    assert (answer.status_code, answer.json()["status"]) == (202, "pending_confirmation")
    assert answer.json()["error"] == "x_write_unconfirmed"
    await control(running, "/clock", advance=121)
    done = (await client.get(_polled(answer))).json()
    assert (done["status"], done["terminal"], done["safeToRetry"]) == ("expired", True, False)


@pytest.mark.parametrize(
    ("text", "status", "code"),
    [
        ("[reject]", 422, "x_rejected"),
        ("[ambiguous]", 500, "x_write_ambiguous"),
        ("[limit]", 429, "x_rate_limited"),
        ("[outage]", 503, "write_tracking_unavailable"),
        ("x" * 281, 422, "x_content_too_long"),
        ("字" * 141, 422, "x_content_too_long"),
    ],
)
async def test_refusals_cost_nothing_and_post_nothing(
    running: RunningSandbox, client: httpx.AsyncClient, text: str, status: int, code: str
) -> None:
    answer = await _post(client, text)
    assert (answer.status_code, answer.json()["error"]) == (status, code)
    again = await _post(client, text)
    assert (again.status_code, again.json()["error"]) == (status, code)
    assert await _performed(running) == {}
    assert await _balance(client) == 25_000


async def test_after_an_outage_the_same_key_goes_through(
    running: RunningSandbox, client: httpx.AsyncClient
) -> None:
    await control(running, "/writes", outcome="outage", times=2)
    answers = [(await _post(client, "Hello")).status_code for _ in range(3)]
    assert answers == [503, 503, 200]
    assert await _performed(running) == {"create_tweet": 1}


async def test_long_notes_are_allowed_when_they_say_so(client: httpx.AsyncClient) -> None:
    assert (await _post(client, "x" * 2_000, is_note_tweet=True)).status_code == 200


async def test_media_is_counted_and_shown(client: httpx.AsyncClient) -> None:
    file = {"file": ("a.png", b"x" * 1_500_000, "image/png")}
    uploaded = await client.post(
        "/x/media", data={"account": ACCOUNT}, files=file, headers={"Idempotency-Key": "up"}
    )
    url = uploaded.json()["mediaUrl"]
    answer = (await _post(client, "Look", media=[url])).json()
    assert (uploaded.json()["chargedCredits"], answer["chargedCredits"]) == ("10", "34")
    tweet = (await client.get(f"/x/tweets/{answer['tweetId']}")).json()["tweet"]
    assert tweet["media"][0]["mediaUrl"] == url
    assert (await client.get(url)).content.startswith(b"\x89PNG")


async def test_media_ids_are_rejected_with_the_fields_that_are_not(client: httpx.AsyncClient) -> None:
    answer = await _post(client, "x", media_ids=["1"])
    assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_field")
    assert "media" in answer.json()["allowedFields"]


@pytest.mark.parametrize(
    ("health", "code"), [("needsReauth", "account_needs_reauth"), ("suspended", "account_restricted")]
)
async def test_an_unhealthy_account_cannot_write(
    running: RunningSandbox, client: httpx.AsyncClient, health: str, code: str
) -> None:
    await control(running, "/accounts", username=ACCOUNT, health=health)
    answer = await _post(client, "x")
    assert (answer.status_code, answer.json()["error"]) == (403, code)


async def test_replies_count_and_only_the_author_deletes(
    running: RunningSandbox, client: httpx.AsyncClient
) -> None:
    before = (await client.get(f"/x/tweets/{posts.PLAIN_ID}")).json()["tweet"]["replyCount"]
    mine = (await _post(client, "Well done", reply_to_tweet_id=posts.PLAIN_ID)).json()["tweetId"]
    assert (await client.get(f"/x/tweets/{posts.PLAIN_ID}")).json()["tweet"]["replyCount"] == before + 1
    statuses = []
    for number, target in enumerate([posts.PLAIN_ID, mine, mine]):
        headers = {"Idempotency-Key": f"d{number}"}
        answer = await client.request(
            "DELETE", f"/x/tweets/{target}", json={"account": ACCOUNT}, headers=headers
        )
        statuses.append(answer.status_code)
    assert statuses == [422, 200, 422]
    assert (await client.get(f"/x/tweets/{mine}")).status_code == 404
    assert await _performed(running) == {"create_tweet": 1, "delete_tweet": 1}
