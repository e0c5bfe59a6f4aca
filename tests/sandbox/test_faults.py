"""Ordered faults happen where, when and as often as they were ordered."""

from __future__ import annotations

import time
from pathlib import Path

import httpx
import pytest

from bot.sandbox.faults import Faults, rules_from
from bot.sandbox.server import RunningSandbox, serve_sandbox

from .conftest import QUICK, client_of, control

TWEET = {"account": "xquik_demo", "text": "Hello"}
KEY = {"Idempotency-Key": "k"}


async def test_a_status_with_its_code_and_retry_after(
    running: RunningSandbox, client: httpx.AsyncClient
) -> None:
    await control(running, "/faults", method="GET", path="/cred*", status=503, code="x_y", retry_after=7)
    answer = await client.get("/credits")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "7")
    assert (answer.json()["error"], answer.json()["retryAfter"]) == ("x_y", 7)
    assert (await client.get("/account")).status_code == 200


async def test_after_and_times_count_matching_requests(
    running: RunningSandbox, client: httpx.AsyncClient
) -> None:
    await control(running, "/faults", path="/credits", status=500, after=1, times=2)
    assert [(await client.get("/credits")).status_code for _ in range(4)] == [200, 500, 500, 200]


async def test_a_delay_alone_lets_the_request_through(
    running: RunningSandbox, client: httpx.AsyncClient
) -> None:
    await control(running, "/faults", path="/credits", delay=0.15, times=1)
    start = time.monotonic()
    assert (await client.get("/credits")).status_code == 200
    assert time.monotonic() - start >= 0.15


async def test_a_cut_connection_answers_nothing_and_performs_nothing(
    running: RunningSandbox, client: httpx.AsyncClient
) -> None:
    await control(running, "/faults", method="POST", path="/x/tweets", cut=True, times=1)
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        await client.post("/x/tweets", json=TWEET, headers=KEY)
    assert (await control(running, "/state", "GET"))["writes"] == {}


async def test_a_lost_answer_was_performed_and_the_key_finds_it(
    running: RunningSandbox, client: httpx.AsyncClient
) -> None:
    await control(running, "/faults", method="POST", path="/x/tweets", answer_lost=True, times=1)
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        await client.post("/x/tweets", json=TWEET, headers=KEY)
    again = await client.post("/x/tweets", json=TWEET, headers=KEY)
    assert (again.status_code, again.json()["idempotent"]) == (200, True)
    assert (await control(running, "/state", "GET"))["writes"] == {"create_tweet": 1}


async def test_faults_are_listed_and_cleared(running: RunningSandbox, client: httpx.AsyncClient) -> None:
    await control(running, "/faults", path="/credits", status=500)
    await client.get("/credits")
    (listed,) = (await control(running, "/faults", "GET"))["faults"]
    assert (listed["path"], listed["matched"]) == ("/credits", 1)
    await control(running, "/faults", "DELETE")
    assert (await client.get("/credits")).status_code == 200


TOML = '[[fault]]\nmethod = "GET"\npath = "/credits"\nstatus = 502\n'
JSON = '{"fault": [{"method": "GET", "path": "/credits", "status": 502}]}'


@pytest.mark.parametrize(("name", "text"), [("f.toml", TOML), ("f.json", JSON)])
async def test_files_of_faults_are_read(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    faults = Faults.read(tmp_path / name)
    async with serve_sandbox(QUICK, faults=faults) as running, client_of(running) as client:
        assert (await client.get("/credits")).status_code == 502


@pytest.mark.parametrize(
    "raw",
    [{"status": 200}, {"cut": True, "status": 500}, {"colour": "red"}, {"times": "two"}, 7, {"fault": 7}],
)
async def test_a_rule_that_makes_no_sense_is_refused(running: RunningSandbox, raw: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        rules_from(raw)
    async with httpx.AsyncClient(verify=False) as client:
        answer = await client.post(f"{running.control_url}/faults", json=raw)
    assert answer.status_code == 400


async def test_control_refuses_browsers(running: RunningSandbox) -> None:
    async with httpx.AsyncClient(verify=False) as client:
        answer = await client.post(
            f"{running.control_url}/credits", json={"balance": 0}, headers={"Origin": "https://evil.example"}
        )
    assert answer.status_code == 403
