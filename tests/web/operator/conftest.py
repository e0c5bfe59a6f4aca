"""The operator page on a real server and a real database, and a visitor with a browser's cookies."""

from __future__ import annotations

import html
import re
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import Table, insert
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.applications import Starlette

from bot.core.chat.ids import TenantId
from bot.core.http.clients import ClientAddresses
from bot.relay.asking.operating import Operating
from bot.storage.engine.database import Database
from bot.storage.places.claims import StoredClaims
from bot.storage.relay.routes import Routes
from bot.storage.tables import deliveries
from bot.web.operator import operator_routes
from tests.relay.harness import serving

TOKEN = "0123456789abcdef0123456789abcdef"
TENANT = TenantId("slack", "T0001")
HOSTILE = "<script>alert(1)</script>\"'&\u202e"


@dataclass
class Office:
    """A page that is served. woken: lanes that were woken; now: our clock; ticks: the other one."""

    db: Database
    routes: Routes
    now: float
    ticks: float = 0.0
    origin: str = ""
    woken: list[str] = field(default_factory=list)

    async def put(self, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        async def work(connection: AsyncConnection) -> None:
            for row in rows:
                await connection.execute(insert(table).values(**row))

        await self.db.write(work)

    async def messages(self, *rows: dict[str, Any]) -> None:
        await self.put(deliveries, rows)

    def app(self, *, secure: bool = False, clients: ClientAddresses | None = None) -> Starlette:
        return Starlette(
            routes=operator_routes(
                SecretStr(TOKEN),
                Operating(self.db, self.routes, self.woken.append, lambda: self.now),
                StoredClaims(self.db, lambda: self.now),
                secure=secure,
                clock=lambda: self.now,
                clients=clients,
                monotonic=lambda: self.ticks,
            )
        )


def message(number: int, channel: str = "C1", tenant: TenantId = TENANT, **changes: Any) -> dict[str, Any]:
    return {
        "tenant": str(tenant),
        "lane": f"{tenant}/{channel}",
        "channel": channel,
        "kind": "card",
        "dedup_key": f"p:{number}",
        "card": "{}",
        "key": f"key{number}",
        "created_at": time.time() - 3600 + number,
    } | changes


def dead(number: int, reason: str = "channel_not_found", **changes: Any) -> dict[str, Any]:
    return message(number, state="dead", error=reason, attempts=80, settled_at=time.time() - 60, **changes)


def event(number: int) -> dict[str, Any]:
    return {
        "tenant": str(TENANT),
        "identity": f"s:{number}",
        "body_hash": b"0" * 32,
        "type": "tweet.new",
        "data": '{"text": "what nobody is to read here"}',
        "occurred_at": time.time(),
        "received_at": time.time(),
        "via": "webhook",
    }


class Visitor:
    """Somebody with cookies, who fills in forms as they stand on the page."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def get(self, path: str) -> httpx.Response:
        return await self.client.get(path)

    async def submit(self, page: httpx.Response, action: str, **fields: str) -> httpx.Response:
        """Send the form of a page that leads to `action`, with its hidden fields."""
        found = re.search(rf'<form[^>]*action="{action}"[^>]*>(.*?)</form>', page.text, re.DOTALL)
        if found is None:  # attributes in the other order
            found = next(m for m in re.finditer(r"<form(.*?)</form>", page.text, re.DOTALL) if action in m[1])
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', found[1]))
        return await self.client.post(
            action, data={name: html.unescape(value) for name, value in hidden.items()} | fields
        )

    async def sign_in(self, token: str = TOKEN) -> httpx.Response:
        page = await self.get("/operator/login")
        return await self.submit(page, "/operator/login", token=token)


@pytest.fixture
async def office(sqlite_url: str) -> AsyncIterator[Office]:
    """A page over a fresh database."""
    db = await Database.open(sqlite_url)
    made = Office(db, Routes(db), time.time())
    async with serving(made.app()) as origin:
        made.origin = origin
        yield made
    await db.close()


@pytest.fixture
async def stranger(office: Office) -> AsyncIterator[Visitor]:
    """Not signed in."""
    async with httpx.AsyncClient(base_url=office.origin) as client:
        yield Visitor(client)


@pytest.fixture
async def operator(stranger: Visitor) -> Visitor:
    """Signed in."""
    answer = await stranger.sign_in()
    assert answer.status_code == 303, answer.text
    return stranger
