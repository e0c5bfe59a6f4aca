"""The whole bot over real HTTP: signed webhooks in, messages in the playground's channels out."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from adapters.playground.board import DIRECT
from adapters.playground.platform import PlaygroundPlatform, create_playground
from adapters.playground.settings import PlaygroundSettings
from bot.app.server import WebServer
from bot.app.wiring import App
from bot.core.chat import card_json
from bot.core.chat.cards import Card, Quote
from bot.core.chat.ids import Destination, TenantId
from bot.observability.logs import configure
from bot.settings import Settings, WebSection
from bot.storage.places.playground import PlaygroundLog
from bot.web.health import health_routes
from bot.web.hooks import hook_route
from tests.features.edge import Screen, ref_of, words
from tests.features.harness import ADMIN, BotHarness, open_house

HERE = TenantId("playground", "main")


class Door:
    """An address that is known before what stands behind it, and stays over restarts."""

    app: Starlette

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


@dataclass
class Journey:
    """A house with a web server, and the playground as its platform."""

    house: BotHarness
    door: Door
    playground: PlaygroundPlatform

    async def say(self, line: str) -> Screen:
        return await self.house.say(line, ADMIN, self.playground.tenant)

    async def done(self, line: str) -> Screen:
        """Type a line, and press Confirm where it asks for that."""
        return await self.house.done(line, ADMIN, self.playground.tenant)

    def connect(self) -> None:
        """Put the current application behind the address."""
        app = self.house.app
        page = PlaygroundSettings(host="127.0.0.1", port=1)
        self.playground = create_playground(
            app.dispatcher, PlaygroundLog(app.database), page, recovery=app.relay.recovery
        )
        app.add_platform("playground", self.playground.messenger, self.playground.messenger)

        async def checks() -> dict[str, bool]:
            return {"database": await app.database_answers()}

        relay = app.relay
        hook = hook_route(relay.keys, relay.intake, relay.observer, app.clock)
        self.door.app = Starlette(routes=[hook, *health_routes(checks)])

    async def restart(self) -> None:
        """Stop the bot and start another on the same database and address."""
        await self.house.app.stop()
        await self.house.app.close()
        self.house.app = await App.open(self.house.settings, clock=self.house.clock)
        self.connect()
        await self.house.app.start()

    async def cards(self, channel: str) -> list[Card]:
        """The bot's messages of a channel, oldest first."""
        log = PlaygroundLog(self.house.app.database)
        page = await log.page(self.playground.tenant, channel, "ada", before=None, limit=100)
        bodies = [json.loads(message.body) for message in page]
        return [card for body in bodies if (card := _card_in(body)) is not None]

    async def until(self, what: Callable[[], Awaitable[bool]], seconds: float = 30) -> None:
        """Wait for a state that nobody announces."""
        async with asyncio.timeout(seconds):
            while not await what():  # noqa: ASYNC110 - the log of the playground tells nobody here
                await asyncio.sleep(0.02)


def _card_in(body: object) -> Card | None:
    found = body.get("card") if isinstance(body, dict) else None
    if found is None:
        return None
    made = card_json.from_data(found)
    assert isinstance(made, Card)
    return made


@asynccontextmanager
async def begin(directory: Path, template: Path) -> AsyncIterator[Journey]:
    door = Door()
    server = WebServer(door, "127.0.0.1", 0)

    def reachable(settings: Settings) -> Settings:
        return settings.model_copy(update={"web": WebSection(public_url=f"http://127.0.0.1:{server.port}")})

    async with open_house(directory, template, change=reachable) as house:
        journey = Journey(house, door, None)  # type: ignore[arg-type]  # connected in the next line
        journey.connect()
        await journey.playground.start()
        await server.start()
        await house.app.start()
        try:
            yield journey
        finally:
            await server.stop()


@pytest.fixture
async def journey(tmp_path: Path, empty_bot: Path) -> AsyncIterator[Journey]:
    async with begin(tmp_path, empty_bot) as begun:
        opened = await begun.say("setup key")
        screen = await begun.house.press(
            opened.form.action, tenant=begun.playground.tenant, values={"key": begun.house.sandbox.api_key}
        )
        assert "webhook registered and tested" in words(screen.card)
        yield begun


async def emitted(journey: Journey, text: str) -> None:
    data = {"id": str(1_893_000_000_000_000_000 + len(text)), "text": text, "author": {"username": "nasa"}}
    await journey.house.control("emit", body={"username": "nasa", "type": "tweet.new", "data": data})


async def test_events_reach_every_mapped_channel_once_and_in_order(journey: Journey) -> None:
    await journey.done("monitor add nasa")
    await journey.done("relay add channel:alerts account:nasa")
    await journey.done("relay add channel:alerts")  # overlaps: still one message an event
    await journey.done("relay add channel:general account:nasa events:tweet.new")
    for number in range(5):
        await emitted(journey, "x" * number + f"event {number}")
        await journey.until(lambda n=number: _has(journey, "general", n + 1))  # type: ignore[misc]
    await journey.until(lambda: _has(journey, "alerts", 5))
    for channel in ("alerts", "general"):
        said = [words(card) for card in await journey.cards(channel) if card.title.startswith("New tweet")]
        assert [n for n, text in enumerate(said) if f"event {n}" in text] == [0, 1, 2, 3, 4]
    status = await journey.say("setup status")
    assert "by webhook, last" in words(status.card)


async def _has(journey: Journey, channel: str, count: int) -> bool:
    cards = await journey.cards(channel)
    return sum(card.title.startswith("New tweet") for card in cards) >= count


async def test_a_reply_is_drafted_from_a_relayed_message(journey: Journey) -> None:
    await journey.done("monitor add nasa")
    await journey.done("relay add channel:alerts account:nasa")
    await emitted(journey, "We are going back.")
    await journey.until(lambda: _has(journey, "alerts", 1))
    card = next(card for card in await journey.cards("alerts") if card.title.startswith("New tweet"))
    tenant = journey.playground.tenant
    asked = await journey.house.press(card, "Draft a reply", tenant=tenant)
    spent = await journey.house.credits()
    long = await journey.house.press(asked.form.action, tenant=tenant, values={"text": "G" * 281})
    again = await journey.house.press(long.failure, "Change it", tenant=tenant)
    assert again.form.inputs[0].value == "G" * 281
    proposed = await journey.house.press(again.form.action, tenant=tenant, values={"text": "Godspeed"})
    assert proposed.card.title == "Post this reply on X?"
    answered, own = (block for block in proposed.card.blocks if isinstance(block, Quote))
    assert (answered.text, own.text) == ("We are going back.", "Godspeed")
    assert "@nasa" in answered.author
    assert await journey.house.credits() == spent, "what is answered was relayed, and is not looked up"


async def test_a_preview_confirmed_after_a_restart_posts_once_and_tells_the_outcome(journey: Journey) -> None:
    house, tenant = journey.house, journey.playground.tenant
    proposed = await journey.say('tweet post "Hello after the restart"')
    await journey.restart()
    ref = ref_of(proposed.card, "Confirm")
    await asyncio.gather(*(house.press(ref, tenant=tenant) for _ in range(3)))
    done = await house.app.executor.outcome(tenant, ref.key)
    assert done.title == "Posted on X"
    assert (await house.state())["writes"] == {"create_tweet": 1}

    async def told() -> bool:
        # The screen of this test is no message of the playground, so the outcome goes to the person.
        log = PlaygroundLog(house.app.database)
        page = await log.page(tenant, DIRECT, "ada", before=None, limit=50)
        return sum("Posted on X" in message.body for message in page) == 1

    await journey.until(told)


async def test_routes_and_kept_things_are_there_after_a_restart(journey: Journey) -> None:
    await journey.done("monitor add nasa")
    await journey.done("relay add channel:alerts account:nasa name:launches")
    await emitted(journey, "before")
    await journey.until(lambda: _has(journey, "alerts", 1))
    await journey.restart()
    assert "launches" in words((await journey.say("relay list")).card)
    await emitted(journey, "the one after")
    await journey.until(lambda: _has(journey, "alerts", 2))
    assert await journey.house.app.services.keys.has_key(journey.playground.tenant)


def bytes_of(directory: Path) -> bytes:
    """The database with its log, as it is on the disk."""
    return b"".join(path.read_bytes() for path in directory.glob("bot.db*"))


async def test_neither_logs_nor_the_database_hold_a_secret_or_what_was_said(
    journey: Journey, tmp_path: Path
) -> None:
    stream = io.StringIO()
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    configure("debug", "json", stream)
    try:
        house, tenant = journey.house, journey.playground.tenant
        await journey.done("monitor add nasa")
        await journey.done("relay add channel:alerts account:nasa")
        await emitted(journey, "xylophonequartz said on X")
        await journey.until(lambda: _has(journey, "alerts", 1))
        await journey.say('tweet score "argumentvalue one"')
        await journey.say("draw show argumentvalue-two")
        await journey.say("argumentvalue three")
        await journey.say(f"setup key key:{house.sandbox.api_key}")
        proposed = await journey.say('tweet post "argumentvalue four"')
        await house.confirm(proposed, tenant=tenant)
        hook = await house.app.relay.hooks.of(tenant)
        assert hook is not None
        secret = await house.app.relay.hook_secrets.current(tenant, hook.id)
        assert secret is not None
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    invoked = [line for line in lines if line["event"] == "invoked"]
    assert [line["command"] for line in invoked] == [
        *("monitor add", "pending.confirm", "relay add", "tweet score", "draw show", "?", "setup key"),
        *("tweet post", "pending.confirm"),
    ]
    assert all({"tenant", "outcome", "ms", "id"} <= set(line) for line in invoked)
    key = house.sandbox.api_key
    for word in ("argumentvalue", "xylophonequartz", key, secret.get_secret_value(), "sha256="):
        assert word not in stream.getvalue(), f"{word[:12]} is in the logs"
    stored = bytes_of(tmp_path)
    for held in (key, secret.get_secret_value(), house.settings.vault.keys[0].get_secret_value()):
        assert held.encode() not in stored
        assert held.removeprefix("xq_").encode() not in stored


async def test_the_bot_says_whether_it_is_ready(journey: Journey) -> None:
    address = journey.house.settings.web.public_url
    async with httpx.AsyncClient(trust_env=False) as client:
        assert (await client.get(f"{address}/healthz")).text == "ok\n"
        assert (await client.get(f"{address}/readyz")).json() == {"ready": True, "checks": {"database": True}}
        unknown = await client.post(f"{address}/hooks/xquik/unknown", content=b"{}")
        assert unknown.status_code == 404


async def test_a_message_whose_channel_went_away_is_told_to_whoever_made_the_route(journey: Journey) -> None:
    await journey.done("monitor add nasa")
    await journey.done("relay add channel:alerts account:nasa")
    route = (await journey.house.app.services.relay.routes.of_tenant(journey.playground.tenant))[0]
    gone = Destination(journey.playground.tenant, "gone")
    now = journey.house.clock()
    await journey.house.app.services.relay.routes.change(replace(route, destination=gone), now)
    await emitted(journey, "into the void")

    async def paused() -> bool:
        found = await journey.house.app.services.relay.routes.of_tenant(journey.playground.tenant)
        return found[0].paused_reason is not None

    await journey.until(paused)
    assert "paused" in words((await journey.say("relay list")).card)
    await emitted(journey, "still going nowhere")
    # Its channel is made on the page, and what came meanwhile follows.
    page = httpx.ASGITransport(app=journey.playground.app)
    async with httpx.AsyncClient(transport=page, base_url="http://127.0.0.1:1") as browser:
        csrf = (await browser.get("/api/state")).json()["csrf"]
        headers = {"X-CSRF": csrf, "Origin": "http://127.0.0.1:1"}
        made = await browser.post("/api/channels", json={"person": "ada", "name": "gone"}, headers=headers)
        assert made.status_code == 201, made.text

    async def followed() -> bool:
        said = [words(card) for card in await journey.cards("gone")]
        tweets = [one for one in said if "into the void" in one or "still going nowhere" in one]
        return len(tweets) == 2 and "into the void" in tweets[0]

    await journey.until(followed)
