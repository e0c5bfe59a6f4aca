"""Where answers may be posted: to Slack, and nowhere that a payload makes up."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from adapters.slack.clients import SlackClients
from adapters.slack.errors import CallRefused
from adapters.slack.interaction import SlackInteraction
from adapters.slack.response_urls import ResponseUrl
from adapters.slack.settings import API_URL

GOV = "https://slack-gov.com/api/"
LOCAL = "http://127.0.0.1:8080/api/"


@pytest.fixture
async def clients() -> AsyncIterator[SlackClients]:
    """Clients of the real Slack."""
    made = SlackClients(API_URL)
    await made.open()
    yield made
    await made.close()


def answering(clients: SlackClients, address: str) -> ResponseUrl:
    """What a payload with this response_url leads to."""
    interaction = SlackInteraction(
        "T1", None, False, "U1", "ann", response_url=address, issued_at=time.time()
    )
    return ResponseUrl(clients, interaction, time.time)


ADDRESSES = [
    (API_URL, "https://hooks.slack.com/commands/T1/2/3", True),
    (API_URL, "https://hooks.slack.com:443/commands/T1/2/3", True),
    (API_URL, "https://slack.com/x", True),
    (API_URL, "HTTPS://HOOKS.SLACK.COM/x", True),
    (API_URL, "https://slack.com?x", True),
    (API_URL, "https://hooks.slack.com/a\\b", False),
    (API_URL, "https://.slack.com/", True),
    (API_URL, "http://hooks.slack.com/commands/T1/2/3", False),
    (API_URL, "http://169.254.169.254/latest/meta-data/", False),
    (API_URL, "https://169.254.169.254/", False),
    (API_URL, "https://hooks.slack.com.evil.test/", False),
    (API_URL, "https://evilslack.com/", False),
    (API_URL, "https://hooks.slack.com:8443/", False),
    (API_URL, "https://hooks.slack.com@evil.test/", False),
    (API_URL, "https://evil.test\\@hooks.slack.com/", False),
    (API_URL, "https://user@hooks.slack.com/", False),
    (API_URL, "https://hooks.slack.com:port/", False),
    (API_URL, "https://[hooks.slack.com/", False),
    (API_URL, "file:///etc/passwd", False),
    (API_URL, "", False),
    (GOV, "https://hooks.slack-gov.com/commands/T1/2/3", True),
    (GOV, "https://evil.test/", False),
    (LOCAL, "http://127.0.0.1:8080/response/T1/1", True),
    (LOCAL, "https://hooks.slack.com/commands/T1/2/3", True),
    (LOCAL, "http://127.0.0.1:9090/", False),
    ("https://127.0.0.1/api/", "https://127.0.0.1/x", True),
    ("https://127.0.0.1:444/api/", "https://127.0.0.1/x", False),
    (LOCAL, "https://x.127.0.0.1/", False),
]


@pytest.mark.parametrize(("api_url", "address", "taken"), ADDRESSES)
def test_only_addresses_of_slack_are_posted_to(api_url: str, address: str, taken: bool) -> None:
    assert bool(answering(SlackClients(api_url), address).left) is taken


async def test_an_address_elsewhere_is_not_even_connected_to(clients: SlackClients) -> None:
    met: list[object] = []
    listener = await asyncio.start_server(lambda *pair: met.append(pair), "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    with pytest.raises(CallRefused, match="used_url"):
        await answering(clients, f"http://127.0.0.1:{port}/").post({"text": "x"})
    listener.close()
    assert met == []


async def test_slack_cannot_send_an_answer_on_to_elsewhere() -> None:
    asked: list[bytes] = []

    async def redirect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(
            b"HTTP/1.1 307 X\r\nLocation: /elsewhere\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        )
        await writer.drain()
        writer.close()

    listener = await asyncio.start_server(redirect, "127.0.0.1", 0)
    base = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    clients = SlackClients(f"{base}/api/")
    await clients.open()
    with pytest.raises(CallRefused):
        await answering(clients, f"{base}/response").post({"text": "x"})
    await clients.close()
    listener.close()
    assert len(asked) == 1


async def test_who_speaks_for_a_workspace_speaks_over_the_session_of_now() -> None:
    clients, token = SlackClients(API_URL), SecretStr("xoxb-1")
    await clients.open()
    first = clients.client(token, team="T1")
    assert clients.client(SecretStr("xoxb-1"), team="T1") is first
    assert clients.client(token, team="T2").default_params == {"team_id": "T2"}
    assert clients.client(SecretStr("xoxb-2"), team="T1").token == "xoxb-2"
    assert clients.client() is not clients.client()
    await clients.close()
    await clients.open()
    again = clients.client(token, team="T1")
    assert again is not first
    assert again.session is clients.session
    await clients.close()
