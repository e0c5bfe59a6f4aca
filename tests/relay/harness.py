"""The relay with a real database and a real web server, and the vendors at its two edges.

Xquik's edge is `signed`: bytes and headers as its specification says. The platforms' edge is
`RecordingMessenger`: it keeps what was posted and answers what a test tells it to.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import socket
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx
import uvicorn
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.types import ASGIApp

from bot.app.server import WebServer
from bot.core.access import Actor, BotRemoved
from bot.core.chat.cards import Card, File, Quote
from bot.core.chat.delivery_results import Absent, Delivered, DeliveryResult, Lookup
from bot.core.chat.ids import Destination, MessageRef, TenantId
from bot.core.chat.places import ANYWHERE, PlaceFacts, Placement
from bot.core.routes.appearance import Appearance
from bot.core.routes.events import Event
from bot.core.routes.route import Route
from bot.relay.service import Relay
from bot.web.hooks import HooksFirst, hook_route
from bot.web.leaving import LeavingServer

SECRET = "whsec_" + "5a" * 32
TENANT = TenantId("slack", "T1")
OTHER = TenantId("discord", "77")


def event_body(number: int, **changes: Any) -> bytes:
    """A delivery as the newer specification says."""
    content: dict[str, Any] = {
        "schemaVersion": 1,
        "streamEventId": str(number),
        "deliveryId": str(100_000 + number),
        "eventType": "tweet.new",
        "occurredAt": "2026-02-27T12:00:00.000Z",
        "username": "nasa",
        "data": {"id": f"18934567890{number:08}", "text": f"Tweet number {number}"},
    }
    content.update(changes)
    return json.dumps({k: v for k, v in content.items() if v is not None}).encode()


def signed(
    body: bytes, *, secret: str = SECRET, nonce: str | None = None, at: float | None = None
) -> dict[str, str]:
    """The three headers for a body. at: epoch seconds."""
    stamp = str(int((time.time() if at is None else at) * 1000))
    nonce = nonce or hashlib.sha256(body + stamp.encode()).hexdigest()[:32]
    message = f"{stamp}.{nonce}.".encode() + body
    digest = hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
    return {
        "X-Xquik-Timestamp": stamp,
        "X-Xquik-Nonce": nonce,
        "X-Xquik-Signature": f"sha256={digest}",
        "Content-Type": "application/json",
    }


def present(event: Event, platform: str, appearance: Appearance) -> Card:
    """A small card of an event."""
    quote = Quote(str(event.data.get("text", "")), author=f"@{event.username}")
    return Card(event.type, (quote,), pings=appearance.pings)


def text_of(card: Card) -> str:
    """What the first quote of a card says."""
    return next((block.text for block in card.blocks if isinstance(block, Quote)), card.title)


@dataclass(frozen=True)
class Posted:
    """One message that stands in a channel."""

    to: Destination
    card: Card
    key: str


Answer = DeliveryResult | Callable[[Destination, Card, str], Any]


@dataclass
class RecordingMessenger:
    """A platform. `answers[channel]`: what the next calls of `post` there answer, in order; an
    awaitable function may stand for an answer. Keys are recognised when `idempotent_window` > 0."""

    idempotent_window: float = 0.0
    lookup: Lookup = field(default_factory=Absent)
    posted: list[Posted] = field(default_factory=list)
    told: list[tuple[str, Card]] = field(default_factory=list)
    people: dict[str, Actor | BotRemoved | None] = field(default_factory=dict)
    edited: list[tuple[MessageRef, Card]] = field(default_factory=list)
    calls: list[tuple[Destination, str]] = field(default_factory=list)
    answers: dict[str, list[Answer]] = field(default_factory=lambda: defaultdict(list))
    edit_answers: list[DeliveryResult] = field(default_factory=list)
    tell_answers: list[DeliveryResult] = field(default_factory=list)
    finds: list[tuple[Destination, str, float]] = field(default_factory=list)
    placements: list[Placement] = field(default_factory=list)
    deleted: list[MessageRef] = field(default_factory=list)
    published: list[MessageRef] = field(default_factory=list)
    threads: list[tuple[MessageRef, str]] = field(default_factory=list)
    delete_answers: list[DeliveryResult] = field(default_factory=list)
    publish_answers: list[DeliveryResult] = field(default_factory=list)
    thread_answers: list[DeliveryResult] = field(default_factory=list)
    place: PlaceFacts | None = field(default_factory=PlaceFacts)
    running: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    most_at_once: int = 0

    async def post(
        self,
        to: Destination,
        card: Card,
        key: str,
        files: Sequence[File] = (),
        *,
        placement: Placement = ANYWHERE,
    ) -> DeliveryResult:
        self.placements.append(placement)
        self.calls.append((to, key))
        self.running[str(to)] += 1
        self.most_at_once = max(self.most_at_once, self.running[str(to)])
        try:
            if self.answers[to.channel]:
                answer = self.answers[to.channel].pop(0)
                if not callable(answer):
                    return answer
                said: DeliveryResult | None = await answer(to, card, key)
                if said is not None:
                    return said
            await asyncio.sleep(0)
            return self.stand(to, card, key)
        finally:
            self.running[str(to)] -= 1

    def stand(self, to: Destination, card: Card, key: str) -> DeliveryResult:
        """Let the message stand in the channel."""
        if self.idempotent_window:
            for place, old in enumerate(self.posted):
                if (old.to, old.key) == (to, key):
                    return Delivered(str(place))
        self.posted.append(Posted(to, card, key))
        return Delivered(str(len(self.posted) - 1))

    async def edit(self, ref: MessageRef, card: Card) -> DeliveryResult:
        if self.edit_answers:
            return self.edit_answers.pop(0)
        self.edited.append((ref, card))
        return Delivered(ref.message)

    async def delete(self, ref: MessageRef) -> DeliveryResult:
        if self.delete_answers:
            return self.delete_answers.pop(0)
        self.deleted.append(ref)
        return Delivered(ref.message)

    async def thread(self, ref: MessageRef, title: str) -> DeliveryResult:
        if self.thread_answers:
            return self.thread_answers.pop(0)
        self.threads.append((ref, title))
        return Delivered(f"below-{ref.message}")

    async def publish(self, ref: MessageRef) -> DeliveryResult:
        if self.publish_answers:
            return self.publish_answers.pop(0)
        self.published.append(ref)
        return Delivered(ref.message)

    async def facts(self, to: Destination) -> PlaceFacts | None:
        return self.place

    async def tell(
        self, tenant: TenantId, person: str, card: Card, key: str, files: Sequence[File] = ()
    ) -> DeliveryResult:
        if self.tell_answers:
            return self.tell_answers.pop(0)
        self.told.append((person, card))
        return Delivered("")

    async def owner(self, tenant: TenantId) -> DeliveryResult:
        return Delivered("OWNER")

    async def actor(self, tenant: TenantId, person: str) -> Actor | BotRemoved | None:
        return self.people.get(person, Actor(person, person, is_admin=True))

    async def check(self, to: Destination) -> DeliveryResult:
        return Delivered("")

    async def find(self, to: Destination, key: str, after: float) -> Lookup:
        self.finds.append((to, key, after))
        return self.lookup

    def texts(self, channel: str) -> list[str]:
        """What stands in a channel, in order."""
        return [text_of(post.card) for post in self.posted if post.to.channel == channel]


async def until(condition: Callable[[], Any], seconds: float = 30.0) -> None:
    """Wait until something is true; fails after so many seconds."""
    async with asyncio.timeout(seconds):
        while True:
            value = condition()
            if asyncio.iscoroutine(value):
                value = await value
            if value:
                return
            await asyncio.sleep(0.005)


def route(name: str, channel: str, tenant: TenantId = TENANT, **rules: Any) -> Route:
    """A route with the name as its id."""
    place = Destination(tenant, channel, rules.pop("thread", None))
    return Route(id=f"{tenant.workspace}-{name}", name=name, destination=place, **rules)


@asynccontextmanager
async def serving(app: ASGIApp, http: Literal["auto", "h11", "httptools"] = "auto") -> AsyncIterator[str]:
    """The address of an application on a real server. http: the parser."""
    # With the protocol named asyncio switches Nagle's delay off, as it does for its own sockets.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_level="error", lifespan="off", http=http, proxy_headers=False)
    server = LeavingServer(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await until(lambda: server.started)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.leave()
        await task


@asynccontextmanager
async def serving_hooks(relay: Relay, *, whole: bool = True) -> AsyncIterator[str]:
    """The address of the relay's hooks on the product's own server. whole: as there; else each delivery goes
    the way of every other request."""
    app = application(relay)
    server = WebServer(app, "127.0.0.1", 0, deliveries=app.hooks if whole else None)
    await server.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        await server.stop()


def application(relay: Relay) -> HooksFirst:
    """The web application with the hooks alone."""
    return HooksFirst(Starlette(routes=[hook_route(relay.keys, relay.intake, relay.observer, time.time)]))


async def make_hook(relay: Relay, tenant: TenantId, hook: str, secret: str = SECRET) -> str:
    """A registered hook; its path."""
    await relay.hooks.ensure(tenant, hook, time.time())
    await relay.hook_secrets.replace(tenant, hook, SecretStr(secret))
    relay.keys.forget(hook)
    return f"/hooks/xquik/{hook}"


async def deliver(client: httpx.AsyncClient, path: str, body: bytes, **signing: Any) -> httpx.Response:
    """POST a signed body."""
    return await client.post(path, content=body, headers=signed(body, **signing))
