"""What can stand between a person and an answer, and what the person must then read."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.app.serving import Bot
from bot.core.chat.ids import TenantId
from tests.journeys.run.harness import Vendors

Arrange = Callable[[Vendors, str], Awaitable[object]]


@dataclass(frozen=True)
class FaultCase:
    """name: of the case. line: what is typed. title: what is read. arrange: given the tenant's key."""

    name: str
    line: str
    title: str
    remedy: str
    arrange: Arrange | None = None
    has_key: bool = True


async def _revoke(vendors: Vendors, key: str) -> None:
    await vendors.control(f"keys/{key}", "DELETE")


async def _no_credits(vendors: Vendors, key: str) -> None:
    await vendors.control("credits", key=key, balance=0)


async def _down(vendors: Vendors, _key: str) -> None:
    await vendors.control("faults", path="/x/trends*", status=503, code="service_unavailable")


async def _cut(vendors: Vendors, _key: str) -> None:
    await vendors.control("faults", path="/x/trends*", cut=True)


async def _limited(vendors: Vendors, _key: str) -> None:
    await vendors.control("faults", path="/x/trends*", status=429, retry_after=120)


LINE = "trends region:US"
FAULT_CASES = [
    FaultCase("no key", LINE, "This needs setting up first", "setup key", has_key=False),
    FaultCase("a revoked key", LINE, "Xquik did not accept the key", "setup key", _revoke),
    FaultCase("no credits", "tweet show 1893456789012345678", "Not enough Xquik credits", "", _no_credits),
    FaultCase("Xquik is down", LINE, "Xquik is not answering properly", "", _down),
    FaultCase("Xquik hangs up", LINE, "Xquik is not answering properly", "", _cut),
    FaultCase("a rate limit", LINE, "Too many requests", "", _limited),
    FaultCase("a wrong region", "trends region:Atlantis", "Not found", ""),
    FaultCase("an unknown tweet", "tweet show 1999999999999999999", "Not found", ""),
    FaultCase("an early tweet that is gone", "tweet show https://x.com/jack/status/21", "Not found", ""),
    FaultCase("no tweet id", "tweet show 123456789012345678901", "That command needs a change", ""),
    FaultCase("an unknown route", "relay pause nothing", "Not found", "relay add"),
]


@asynccontextmanager
async def arranged(vendors: Vendors, fault: FaultCase, key: str) -> AsyncIterator[None]:
    """The fault, for as long as the context lasts."""
    if fault.arrange is not None:
        await fault.arrange(vendors, key)
    try:
        yield
    finally:
        await vendors.control("faults", "DELETE")


async def expire_everything(bot: Bot, tenant: TenantId) -> None:
    """Let the time of every button and proposal of a tenant be over."""

    async def work(connection: AsyncConnection) -> None:
        for table in ("proposals", "button_states"):
            query = text(f"UPDATE {table} SET expires_at = 1 WHERE tenant = :tenant")
            await connection.execute(query, {"tenant": str(tenant)})

    await bot.app.database.write(work)
