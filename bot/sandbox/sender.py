"""Signing webhooks and sending them, one at a time per webhook, until they arrive or are given up.

The rules are the newer ones: any 2xx is an arrival, only 410 is final, everything else is tried
again with a growing pause, at most ten times. A pause does not hold up later deliveries, so order
is kept only while the receiver answers – as with the real sender.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from dataclasses import dataclass

import httpx

from bot.sandbox.emitting import delivery_body
from bot.sandbox.guard import may_call
from bot.sandbox.records import DeliveryRecord, WebhookRecord
from bot.sandbox.state import Sandbox

USER_AGENT = "xquik-webhooks/1.0"
_IDLE = 30.0
_NONCE_BYTES = 16
_GONE = 410


def signed_headers(secret: str, body: bytes, milliseconds: int, nonce: str) -> dict[str, str]:
    """The headers of one attempt; the signature covers ``timestamp.nonce.body``."""
    message = f"{milliseconds}.{nonce}.".encode() + body
    digest = hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json",
        "User-Agent": USER_AGENT,
        "X-Xquik-Timestamp": str(milliseconds),
        "X-Xquik-Nonce": nonce,
        "X-Xquik-Signature": f"sha256={digest}",
    }


@dataclass(frozen=True, slots=True)
class Attempt:
    """How one POST went: ``status`` 0 means no answer, and then ``error`` says why."""

    status: int
    error: str = ""
    retry_after: float | None = None

    @property
    def arrived(self) -> bool:
        return 200 <= self.status < 300


class WebhookSender:
    """Sends what is due. Deliveries are stored, so a restart goes on where it stopped."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._lanes: dict[str, asyncio.Task[None]] = {}
        self._client: httpx.AsyncClient | None = None

    async def run(self) -> None:
        """Start a task for each webhook that has something to send; returns when the sandbox closes."""
        listener = self._sandbox.bell.listener()
        try:
            while not self._sandbox.closing.is_set():
                await listener.wait(self._start_lanes())
        finally:
            for task in self._lanes.values():
                task.cancel()
            await asyncio.gather(*self._lanes.values(), return_exceptions=True)
            if self._client is not None:
                await self._client.aclose()

    @property
    def _http(self) -> httpx.AsyncClient:
        """The client, made when first needed: loading certificates takes longer than starting up."""
        if self._client is None:
            # The receiver is on this machine or named by the user: no proxy from the environment.
            self._client = httpx.AsyncClient(
                timeout=self._sandbox.config.sender.timeout, trust_env=False, follow_redirects=False
            )
        return self._client

    def _start_lanes(self) -> float:
        now = self._sandbox.now()
        self._lanes = {name: task for name, task in self._lanes.items() if not task.done()}
        pending = [delivery for delivery in self._sandbox.deliveries if delivery.status == "pending"]
        for delivery in pending:
            if delivery.due_at <= now and delivery.webhook_id not in self._lanes:
                self._lanes[delivery.webhook_id] = asyncio.create_task(self._drain(delivery.webhook_id))
        later = [d.due_at - now for d in pending if d.webhook_id not in self._lanes]
        return max(0.01, min([_IDLE, *later]))

    async def _drain(self, webhook_id: str) -> None:
        """Send everything of one webhook that is due, oldest first."""
        while (delivery := self._next_due(webhook_id)) is not None:
            webhook = self._sandbox.webhooks.get(webhook_id)
            if webhook is None or not webhook.active:
                self._settle(delivery, "failed", "The webhook is paused or gone.")
            else:
                await self._deliver(webhook, delivery)
        self._sandbox.announce()

    def _next_due(self, webhook_id: str) -> DeliveryRecord | None:
        now = self._sandbox.now()
        due = (
            delivery
            for delivery in self._sandbox.deliveries
            if delivery.webhook_id == webhook_id and delivery.status == "pending" and delivery.due_at <= now
        )
        return next(due, None)

    async def _deliver(self, webhook: WebhookRecord, delivery: DeliveryRecord) -> None:
        event = self._sandbox.events.get(delivery.event_id)
        if event is None:
            self._settle(delivery, "failed", "The event is no longer stored.")
            return
        attempt = await self.post(webhook, delivery_body(self._sandbox, delivery, event))
        delivery.attempts += 1
        delivery.last_status = attempt.status or None
        delivery.last_error = attempt.error or (None if attempt.arrived else f"HTTP {attempt.status}")
        self._judge(webhook, delivery, attempt)
        self._sandbox.deliveries.put(delivery)
        if self._sandbox.webhooks.get(webhook.id) is not None:
            self._sandbox.webhooks.put(webhook)

    def _judge(self, webhook: WebhookRecord, delivery: DeliveryRecord, attempt: Attempt) -> None:
        """Decide what an attempt means for its delivery and its webhook."""
        rules = self._sandbox.config.sender
        now = self._sandbox.now()
        if attempt.arrived:
            delivery.status, delivery.delivered_at = "delivered", now
            webhook.failures = 0
            if webhook.active:
                webhook.status = "active"
            return
        webhook.failures += 1
        if attempt.status == _GONE:
            delivery.status, webhook.status, webhook.active = "failed", "needs_attention", False
            return
        if webhook.failures >= rules.failure_cap:
            webhook.status = "needs_attention"
        if delivery.attempts >= rules.max_attempts:
            delivery.status = "exhausted"
            return
        backoff = min(rules.longest_backoff, rules.first_backoff * 2 ** (delivery.attempts - 1))
        delivery.due_at = now + (attempt.retry_after if attempt.retry_after is not None else backoff)

    def _settle(self, delivery: DeliveryRecord, status: str, error: str) -> None:
        delivery.status = "failed" if status == "failed" else "exhausted"
        delivery.last_error = error
        self._sandbox.deliveries.put(delivery)

    async def post(self, webhook: WebhookRecord, body: bytes) -> Attempt:
        """One signed POST with a fresh timestamp and nonce; never raises for what the receiver does."""
        config = self._sandbox.config
        if not may_call(webhook.url, config.webhook_ports, plain_http=config.allow_http_webhooks):
            # It was stored by an earlier run that allowed it.
            return Attempt(0, "The endpoint is at a port of this machine that webhooks may not call.")
        # Not of the seed: another run would begin with nonces that receivers have seen.
        nonce = secrets.token_hex(_NONCE_BYTES)
        headers = signed_headers(webhook.secret, body, int(self._sandbox.now() * 1000), nonce)
        try:
            answer = await self._http.post(webhook.url, content=body, headers=headers)
        except httpx.TimeoutException:
            return Attempt(0, "The endpoint did not answer in time.")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return Attempt(0, f"{type(error).__name__}: the endpoint could not be reached.")
        wait = answer.headers.get("retry-after", "")
        honoured = answer.status_code in {429, 503} and wait.isascii() and wait.isdigit()
        return Attempt(answer.status_code, retry_after=float(wait) if honoured else None)
