"""The clock beside Xquik's, as every answer of Xquik's tells it."""

from __future__ import annotations

import time

from pydantic import SecretStr

from bot.app.clock_watch import ClockWatch
from bot.relay.observing import Unobserved
from bot.sandbox.config import SandboxConfig
from bot.sandbox.server import serve_sandbox
from bot.xquik.transport.client import Transport


class Told(Unobserved):
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.skews: list[float] = []

    def skewed(self, seconds: float) -> None:
        self.skews.append(seconds)


async def test_a_clock_that_is_wrong_is_told_and_that_it_is_right_again() -> None:
    told, ahead = Told(), 0.0
    async with serve_sandbox(SandboxConfig()) as sandbox:
        watching = ClockWatch(told, lambda: time.time() + ahead)
        async with Transport(sandbox.base_url, observer=watching) as transport:

            async def ask() -> None:
                key = SecretStr(sandbox.api_key)
                await transport.request(key, "one", "GET", "/credits", kind="read")

            await ask()
            assert told.skews == []
            ahead = 600.0
            await ask()
            ahead = 0.0
            await ask()
            await ask()
    wrong, right = told.skews
    assert -605 < wrong < -595 and -5 < right < 5
