"""Who may talk to the sandbox, and where it may be made to talk to: other sites' pages get neither."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from urllib.parse import urlsplit

import httpx
import pytest

from bot.sandbox.config import DEFAULT_API_KEY
from bot.sandbox.server import RunningSandbox, serve_sandbox

from .conftest import QUICK, client_of, control
from .receiver import Receiver, receiving


@pytest.fixture
async def running_with_port(receiver: Receiver) -> AsyncIterator[RunningSandbox]:
    """A sandbox that may call the receiver's port and no other of this machine."""
    config = replace(QUICK, webhook_ports=frozenset({_port(receiver.url)}))
    async with serve_sandbox(config) as running:
        yield running


def _port(url: str) -> int:
    port = urlsplit(url).port
    assert port is not None
    return port


async def _asked(running: RunningSandbox, path: str, host: str) -> httpx.Response:
    origin = running.base_url.partition("/api/")[0]
    headers = {"host": host, "x-api-key": running.api_key}
    async with httpx.AsyncClient(trust_env=False, verify=False) as client:
        return await client.get(origin + path, headers=headers)


@pytest.mark.parametrize("path", ["/_control/state", "/api/v1/account", "/g/style.css", "/nothing"])
@pytest.mark.parametrize(
    "host",
    [
        "evil.example:{port}",
        "evil.example",
        "127.0.0.1.evil.example:{port}",
        "localhost.:{port}",
        "127.0.0.1:1",
        "127.0.0.1",
        "localhost:{port}@evil.example",
        "[::2]:{port}",
        "",
    ],
)
async def test_a_name_that_is_not_ours_reaches_nothing(running: RunningSandbox, host: str, path: str) -> None:
    """A page whose name was pointed at this machine is, to a browser, of the same origin as we are."""
    answer = await _asked(running, path, host.format(port=_port(running.base_url)))
    assert answer.status_code in {400, 421}
    assert DEFAULT_API_KEY not in answer.text


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LocalHost", "[::1]"])
async def test_our_own_names_are_answered(running: RunningSandbox, name: str) -> None:
    answer = await _asked(running, "/api/v1/account", f"{name}:{_port(running.base_url)}")
    assert answer.status_code == 200


async def test_a_refused_request_uses_up_no_fault(running: RunningSandbox, client: httpx.AsyncClient) -> None:
    await control(running, "/faults", path="/account", status=503, times=1)
    assert (await _asked(running, "/api/v1/account", "evil.example")).status_code == 421
    assert (await client.get("/account")).status_code == 503


async def test_the_state_counts_keys_and_shows_none(running: RunningSandbox) -> None:
    made = (await control(running, "/keys"))["key"]
    async with httpx.AsyncClient(trust_env=False, verify=False) as client:
        answer = await client.get(running.control_url + "/state")
    assert answer.json()["keys"] == 2
    assert made not in answer.text
    assert DEFAULT_API_KEY not in answer.text


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "localhost.", "a.localhost", "127.1", "2130706433", "0.0.0.0", "[::1]", "[::]",
     "[::ffff:127.0.0.1]"],
)  # fmt: skip
@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_webhooks_stay_off_other_ports_of_this_machine(
    running_with_port: RunningSandbox, scheme: str, host: str
) -> None:
    hook = {"url": f"{scheme}://{host}:22/hook", "eventTypes": ["tweet.new"]}
    async with client_of(running_with_port) as client:
        answer = await client.post("/webhooks", json=hook)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_input")
        good = {"url": "https://example.com/hook", "eventTypes": ["tweet.new"]}
        made = (await client.post("/webhooks", json=good)).json()
        changed = await client.patch(f"/webhooks/{made['id']}", json={"url": hook["url"]})
        assert changed.status_code == 400


async def test_a_webhook_to_the_port_that_was_named_arrives(
    running_with_port: RunningSandbox, receiver: Receiver
) -> None:
    async with client_of(running_with_port) as client:
        await client.post("/monitors", json={"username": "nasa", "eventTypes": ["tweet.new"]})
        hook = {"url": receiver.url, "eventTypes": ["tweet.new"]}
        assert (await client.post("/webhooks", json=hook)).status_code == 201
        await control(running_with_port, "/emit", username="nasa")
        await receiver.wait_for(1)


async def test_a_webhook_kept_from_an_earlier_start_is_held_to_the_ports_of_this_one(
    running_with_port: RunningSandbox,
) -> None:
    async with receiving() as other, client_of(running_with_port) as client:
        hook = {"url": "https://example.com/hook", "eventTypes": ["tweet.new"]}
        made = (await client.post("/webhooks", json=hook)).json()
        kept = running_with_port.sandbox.webhooks.get(made["id"])
        assert kept is not None
        kept.url = other.url
        running_with_port.sandbox.webhooks.put(kept)
        answer = (await client.post(f"/webhooks/{made['id']}/test")).json()
        assert not answer["success"]
        assert not other.requests


async def test_a_port_that_is_none_is_refused(client: httpx.AsyncClient) -> None:
    hook = {"url": "http://127.0.0.1:99999/hook", "eventTypes": ["tweet.new"]}
    assert (await client.post("/webhooks", json=hook)).status_code == 400
