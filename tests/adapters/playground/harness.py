"""The playground as it runs: a real SQLite file, the real dispatcher, a real web server."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import uvicorn
from sqlalchemy import create_engine
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from adapters.playground.platform import PlaygroundPlatform, create_playground
from adapters.playground.settings import PlaygroundSettings
from bot.core.commands.declaring import Catalogue
from bot.core.commands.dispatch import Dispatcher
from bot.core.ports import Remember, not_remembered
from bot.core.throttle import Throttle
from bot.i18n.readers import Readers
from bot.storage.engine.database import Database
from bot.storage.places.button_states import StoredButtonStates
from bot.storage.places.grants import Grants
from bot.storage.places.languages import StoredLanguages
from bot.storage.places.playground import PlaygroundLog
from bot.storage.tables import metadata
from bot.web.leaving import LeavingServer
from tests.adapters import around
from tests.adapters.around import Noted
from tests.adapters.playground.commands import Services, catalogue


@dataclass
class PlaygroundHarness:
    """A running playground. origin: its address, without a trailing slash."""

    origin: str
    playground: PlaygroundPlatform
    commands: Dispatcher
    services: Services
    database: Database

    @property
    def host(self) -> str:
        return self.origin.removeprefix("http://")


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def serving(app: Any, port: int) -> AsyncIterator[None]:
    """Serve an application on loopback."""
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", lifespan="off")
    server = LeavingServer(config)
    task = asyncio.create_task(server.serve())
    async with asyncio.timeout(10):
        while not server.started:  # noqa: ASYNC110 - uvicorn offers no event for it
            await asyncio.sleep(0.005)
    try:
        yield
    finally:
        server.leave()
        await task


def new_database(path: Path) -> str:
    """The URL of a SQLite file with all tables, made when missing."""
    if not path.exists():
        path.write_bytes(_empty_database())
    return f"sqlite:///{path}"


@cache
def _empty_database() -> bytes:
    with TemporaryDirectory() as directory:
        path = Path(directory) / "empty.db"
        engine = create_engine(f"sqlite:///{path}")
        metadata.create_all(engine)
        engine.dispose()
        return path.read_bytes()


@asynccontextmanager
async def open_house(
    path: Path,
    *,
    port: int | None = None,
    pictures: str = "https://pictures.invalid",
    clock: Any = None,
    commands: Catalogue | None = None,
    turns: Throttle | None = None,
    remember: Remember = not_remembered,
    x_pages: str | None = None,
) -> AsyncIterator[PlaygroundHarness]:
    """Start a playground over the database file at `path`. commands: other ones than those of the page."""
    database = await Database.open(new_database(path))
    number = port or free_port()
    clock = clock or time.time
    languages = StoredLanguages(database, time.time)
    services = Services(
        StoredButtonStates(database, clock, os.urandom), Grants(database), languages, pictures
    )
    sources = (pictures.rpartition("/p")[0] or pictures,) if pictures.startswith("http://") else ()
    settings = PlaygroundSettings(port=number, image_sources=sources, x_pages=x_pages)
    dispatcher = around.dispatcher(
        database, commands or catalogue(), services.states, Noted(), services, turns=turns
    )
    playground = create_playground(
        dispatcher,
        PlaygroundLog(database),
        settings,
        clock=clock,
        remember=remember,
        readers=Readers(languages),
    )
    await playground.start()
    try:
        async with serving(playground.app, number):
            try:
                yield PlaygroundHarness(
                    f"http://127.0.0.1:{number}", playground, dispatcher, services, database
                )
            finally:
                services.gate.set()
                await playground.stop()
    finally:
        await database.close()


@asynccontextmanager
async def picture_server() -> AsyncIterator[str]:
    """An origin with pictures, as the sandbox's galleries have; yields the address before /N.svg."""

    def picture(request: Request) -> Response:
        number = int(request.path_params["number"])
        hue = number * 57 % 360
        drawing = (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300" width="400" height="300">'
            f'<rect width="400" height="300" fill="hsl({hue},55%,28%)"/>'
            f'<circle cx="{90 + number * 35}" cy="140" r="74" fill="hsl({hue + 50},70%,62%)"/></svg>'
        )
        return Response(drawing, media_type="image/svg+xml")

    port = free_port()
    async with serving(Starlette(routes=[Route("/pictures/{number}.svg", picture)]), port):
        yield f"http://127.0.0.1:{port}/pictures"


class Visitor:
    """One browser's worth of requests, as the page makes them, without a browser."""

    def __init__(self, house: PlaygroundHarness | str, person: str = "ada") -> None:
        """house: or its address."""
        self.person = person
        self.origin = house if isinstance(house, str) else house.origin
        self.client = httpx.AsyncClient(base_url=self.origin, trust_env=False, timeout=10)
        self.csrf = ""

    async def __aenter__(self) -> Visitor:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.client.aclose()

    async def start(self) -> dict[str, Any]:
        """Load the state, as the page does at first."""
        answer = await self.client.get("/api/state", params={"person": self.person})
        state: dict[str, Any] = answer.json()
        self.csrf = state["csrf"]
        return state

    async def post(
        self, path: str, data: Mapping[str, Any], headers: Mapping[str, str | bytes | None] | None = None
    ) -> httpx.Response:
        """POST as the page would; headers given as None are left out."""
        sent = {
            "origin": self.origin,
            "x-csrf": self.csrf,
            "content-type": "application/json",
            **(headers or {}),
        }
        return await self.client.post(
            f"/api/{path}",
            content=json.dumps({"person": self.person, "channel": "general", **data}),
            headers=[
                (name.encode(), value.encode("ascii") if isinstance(value, str) else value)
                for name, value in sent.items()
                if value is not None
            ],
        )

    async def say(self, text: str, channel: str = "general") -> dict[str, Any]:
        """Run a line; returns the first answer."""
        answer = await self.post("command", {"text": text, "channel": channel})
        assert answer.status_code == 200, answer.text
        first: dict[str, Any] = answer.json()
        return first

    async def messages(self, channel: str = "general", **query: Any) -> list[dict[str, Any]]:
        """What this person sees in a channel, oldest first."""
        query = {"person": self.person, "channel": channel, **query}
        found: list[dict[str, Any]] = (await self.client.get("/api/messages", params=query)).json()[
            "messages"
        ]
        return found

    async def cards(self, channel: str = "general") -> list[dict[str, Any]]:
        """The bot's messages that this person sees."""
        return [message for message in await self.messages(channel) if "card" in message]

    async def until(self, so: Callable[[], Awaitable[bool]]) -> None:
        """Return when that is so."""
        async with asyncio.timeout(10):
            while not await so():  # noqa: ASYNC110 - a page asks again, too
                await asyncio.sleep(0.01)

    async def until_card(self, title: str, channel: str = "general") -> dict[str, Any]:
        """The newest message whose card has that title, when it is there."""
        async with asyncio.timeout(10):
            while True:
                found = [one for one in await self.cards(channel) if one["card"]["title"] == title]
                if found:
                    return found[-1]
                await asyncio.sleep(0.01)
