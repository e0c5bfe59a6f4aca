"""A sandbox served over loopback, and a client that holds its key."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest

from bot.sandbox.config import SandboxConfig, SenderRules, StreamRules, WriteRules
from bot.sandbox.server import RunningSandbox, serve_sandbox

from .receiver import Receiver, receiving

# Quick where the real one takes its time; no events but those a test asks for.
QUICK = SandboxConfig(
    event_interval=3_600,
    first_event_after=3_600,
    sender=SenderRules(first_backoff=0.01, longest_backoff=0.03, timeout=2.0),
    writes=WriteRules(settle_after=60, expire_after=120),
    stream=StreamRules(comment_every=0.2),
)


@pytest.fixture
async def running() -> AsyncIterator[RunningSandbox]:
    async with serve_sandbox(QUICK) as running:
        yield running


@pytest.fixture
async def client(running: RunningSandbox) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(running) as client:
        yield client


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver


def client_of(running: RunningSandbox, key: str | None = None) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=running.base_url,
        headers={"x-api-key": key or running.api_key},
        trust_env=False,
        timeout=10,
        verify=False,
    )


async def control(running: RunningSandbox, where: str, verb: str = "POST", **body: Any) -> dict[str, Any]:
    """One call of a control endpoint; its answer must be a success."""
    async with httpx.AsyncClient(trust_env=False, verify=False) as client:
        response = await client.request(verb, running.control_url + where, json=body)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


async def until(check: Callable[[], Awaitable[bool]], seconds: float = 8.0) -> None:
    """Return once ``check`` holds; fail after ``seconds``."""
    deadline = time.monotonic() + seconds
    while not await check():
        assert time.monotonic() < deadline, "it never happened"
        await asyncio.sleep(0.02)
