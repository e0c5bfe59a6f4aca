"""Xquik: events happen, are listed for catching up, and are delivered to each webhook in their order.

The API, the bodies and the signatures are the sandbox's. Its sender is replaced by one that keeps the
order: one delivery after another, each signed afresh at every attempt, repeated after a 5xx, a 401 or a
cut connection as often as Xquik does, with `Retry-After` obeyed; pauses are shortened. What it gives
up is only in the list of events, and so is a share of the events that it never sends at all.
"""

from __future__ import annotations

import asyncio
import random
import secrets
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import aiohttp

from bot.core.chat.ids import TenantId
from bot.sandbox.emitting import delivery_body, emit
from bot.sandbox.records import DeliveryRecord, EventRecord
from bot.sandbox.sender import signed_headers
from bot.sandbox.server import RunningSandbox
from bot.sandbox.state import DEFAULT_CUSTOMER, Sandbox
from tests.chaos.scale import Scale
from tests.journeys.crash.crash_run import SECRET, hook_of
from tests.journeys.run.events import tweet

# What goes to both platforms, and what to Discord alone.
NEW, REPLY = "tweet.new", "tweet.reply"
# As Xquik's newer rules: so many attempts, and only 410 is final. Its pauses are 1 to 60 s.
ATTEMPTS = 10
_FIRST, _LONGEST = 0.1, 2.0
_TIMEOUT = 10.0
_GONE = 410
# The share of events that no webhook ever brings.
_NEVER = 0.01
# Seconds until it is noticed that it is calm no more.
_NOTICE = 0.02
# Deliveries that may wait for the slower of the webhooks before X pauses.
_ROOM = 150


@dataclass
class Line:
    """The deliveries of one webhook, in order. given_up: numbers of events that it did not bring."""

    tenant: TenantId
    waiting: asyncio.Queue[tuple[int, bytes] | None] = field(default_factory=asyncio.Queue)
    given_up: set[int] = field(default_factory=set)
    brought: int = 0


class Xquik:
    """Makes events happen and delivers them. answers: how often each status came, 0 for no answer."""

    def __init__(
        self, running: RunningSandbox, address: str, tenants: tuple[TenantId, TenantId], scale: Scale
    ) -> None:
        self._sandbox: Sandbox = running.sandbox
        self._address = address
        self._scale = scale
        chance = random.Random(f"{scale.seed}:events")
        self.accounts = [chance.randrange(scale.accounts) for _ in range(scale.events)]
        self._never = {number for number in range(scale.events) if chance.random() < _NEVER}
        self.lines = [Line(tenant) for tenant in tenants]
        self.answers: Counter[int] = Counter()
        self.happened = 0
        # From this event on it is calm, until it is set anew.
        self.calm_from = scale.events
        self.changed = asyncio.Event()

    @property
    def refused(self) -> int:
        """Deliveries that were answered with 503."""
        return self.answers[503]

    async def run(self) -> None:
        """Until everything has happened and every delivery has arrived or was given up."""
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(_TIMEOUT)) as session,
            asyncio.TaskGroup() as tasks,
        ):
            tasks.create_task(self._happen())
            for line in self.lines:
                tasks.create_task(self._bring(session, line))

    async def _happen(self) -> None:
        due = time.monotonic()
        for number, account in enumerate(self.accounts):
            while max(line.waiting.qsize() for line in self.lines) >= _ROOM:
                self.changed.clear()
                await self.changed.wait()
            event = emit(
                self._sandbox,
                DEFAULT_CUSTOMER,
                NEW if self._scale.reaches("slack", number) else REPLY,
                tweet(number),
                monitor_id=account_name(account),  # none that the bot may have made: that has one account
                monitor_kind="account",
                username=account_name(account),
            )
            self.happened = number + 1
            for position, line in enumerate(self.lines):
                self._queue(line, number, event, f"{len(self.lines) * number + position}")
            due = max(due + 1 / self._scale.rate, time.monotonic() - 1.0)
            calm = time.monotonic() + 1 / self._scale.calm
            # Whoever makes it less calm again tells nobody.
            while (left := self._due(due, calm) - time.monotonic()) > 0:  # noqa: ASYNC110 - see above
                await asyncio.sleep(min(left, _NOTICE))
        for line in self.lines:
            line.waiting.put_nowait(None)

    def _due(self, due: float, calm: float) -> float:
        return max(due, calm) if self.happened >= self.calm_from else due

    def _queue(self, line: Line, number: int, event: EventRecord, delivery: str) -> None:
        if number in self._never:
            line.given_up.add(number)
            return
        now = self._sandbox.now()
        record = DeliveryRecord(
            id=delivery, owner=event.owner, webhook_id="1", event_id=event.id, created_at=now, due_at=now
        )
        line.waiting.put_nowait((number, delivery_body(self._sandbox, record, event)))

    async def _bring(self, session: aiohttp.ClientSession, line: Line) -> None:
        while (item := await line.waiting.get()) is not None:
            number, body = item
            if not await self._deliver(session, line, body):
                line.given_up.add(number)
            line.brought += 1
            self.changed.set()

    async def _deliver(self, session: aiohttp.ClientSession, line: Line, body: bytes) -> bool:
        for attempt in range(ATTEMPTS):
            status, wait = await self._attempt(session, line, body)
            self.answers[status] += 1
            if 200 <= status < 300:
                return True
            if status == _GONE:
                return False
            await asyncio.sleep(wait or min(_LONGEST, _FIRST * 2.0**attempt))
        return False

    async def _attempt(
        self, session: aiohttp.ClientSession, line: Line, body: bytes
    ) -> tuple[int, float | None]:
        """The status, 0 without an answer; and the seconds of a Retry-After that counts."""
        headers = signed_headers(SECRET, body, int(time.time() * 1000), secrets.token_hex(16))
        url = f"{self._address}/hooks/xquik/{hook_of(line.tenant)}"
        try:
            async with session.post(url, data=body, headers=headers) as answer:
                asked: Mapping[str, str] = answer.headers
                wait = asked.get("Retry-After", "") if answer.status in (429, 503) else ""
                return answer.status, float(wait) if wait.isdigit() else None
        except (aiohttp.ClientError, OSError, TimeoutError):
            return 0, None


def account_name(account: int) -> str:
    """The username of an account."""
    return f"account{account:02}"
