"""A sandbox in which nothing happens by itself, and what a test does at it."""

from __future__ import annotations

import itertools
from typing import Any

import httpx

from bot.sandbox.config import SandboxConfig, SenderRules, StreamRules
from bot.sandbox.emitting import emit
from bot.sandbox.server import RunningSandbox

# No events but those a test asks for; quick where the real one takes its time.
SANDBOX = SandboxConfig(
    event_interval=36_000,
    first_event_after=36_000,
    sender=SenderRules(first_backoff=0.01, longest_backoff=0.03, timeout=2.0, max_attempts=2, failure_cap=2),
    stream=StreamRules(comment_every=0.2),
)


class Xquik:
    """What a test does at Xquik."""

    def __init__(self, sandbox: RunningSandbox, key: str | None = None) -> None:
        self._sandbox = sandbox
        self.key = key or sandbox.api_key
        self._numbers = itertools.count(1)

    async def control(self, where: str, verb: str = "POST", **body: Any) -> dict[str, Any]:
        async with httpx.AsyncClient(trust_env=False, verify=False) as client:
            response = await client.request(verb, self._sandbox.control_url + where, json=body)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    async def ask(self, verb: str, path: str, **body: Any) -> Any:
        async with httpx.AsyncClient(trust_env=False, verify=False) as client:
            headers = {"x-api-key": self.key}
            response = await client.request(
                verb, self._sandbox.base_url + path, headers=headers, json=body or None
            )
        return response.json() if response.content else None

    async def monitor(self, username: str = "nasa") -> None:
        await self.ask("POST", "/monitors", username=username, eventTypes=["tweet.new"])

    def happen(self, count: int = 1, username: str = "nasa", **data: Any) -> list[str]:
        """Events, each with a text of its own; the texts."""
        world = self._sandbox.sandbox
        owner = world.owner_of(self.key)
        monitor = next(m for m in world.monitors if (m.owner, m.username) == (owner, username))
        texts = [f"Tweet {next(self._numbers)}" for _ in range(count)]
        for text in texts:
            emit(
                world,
                monitor.owner,
                "tweet.new",
                {"id": f"18934567890{text.removeprefix('Tweet '):0>8}", "text": text, **data},
                monitor_id=monitor.id,
                monitor_kind="account",
                username=username,
            )
        return texts

    async def fault(self, **rule: Any) -> None:
        await self.control("/faults", **rule)

    async def well(self) -> None:
        await self.control("/faults", "DELETE")

    async def requests(self, path: str) -> int:
        state = await self.control("/state", "GET")
        return int(state["requests"].get(path, 0))
