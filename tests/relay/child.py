"""A relay as a process of its own, to be killed: `python -m tests.relay.child`.

Its settings come in the environment: DB, VAULT, PORT (of the hooks), PLATFORM (the address of the message
server of `tests.relay.test_killed`) and APART ("no" where no process of its own stores).
"""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections.abc import Sequence

import httpx
import uvicorn
from pydantic import SecretStr
from starlette.applications import Starlette

from bot.app.foundation import new_store_process
from bot.core.access import Actor
from bot.core.chat.cards import Card, File
from bot.core.chat.delivery_results import Absent, Busy, Delivered, DeliveryResult, Found, Lookup, Unknown
from bot.core.chat.ids import Destination, MessageRef, TenantId
from bot.core.chat.places import ANYWHERE, PlaceFacts, Placement
from bot.observability.figures import BotMetrics
from bot.storage.engine.database import Database
from bot.storage.secrets.tenant_secrets import Secrets
from bot.storage.secrets.vault import Vault
from bot.web.hooks import hook_route
from tests.relay.engine import relay_of
from tests.relay.harness import present, text_of


class HttpMessenger:
    """Posts to the message server over HTTP."""

    def __init__(self, client: httpx.AsyncClient, idempotent_window: float) -> None:
        self._client = client
        self.idempotent_window = idempotent_window

    async def post(
        self,
        to: Destination,
        card: Card,
        key: str,
        files: Sequence[File] = (),
        *,
        placement: Placement = ANYWHERE,
    ) -> DeliveryResult:
        message = {"key": key, "text": text_of(card)}
        try:
            answer = await self._client.post(f"/{to.thread or to.channel}", json=message)
        except httpx.ConnectError:
            return Busy(0.1)
        except httpx.HTTPError as error:
            return Unknown(repr(error))
        return Delivered(answer.json()["id"])

    async def edit(self, ref: MessageRef, card: Card) -> DeliveryResult:
        return Delivered(ref.message)

    async def delete(self, ref: MessageRef) -> DeliveryResult:
        return Delivered(ref.message)

    async def thread(self, ref: MessageRef, title: str) -> DeliveryResult:
        return Delivered(f"{ref.destination.channel}-{title.removeprefix('@')}")

    async def publish(self, ref: MessageRef) -> DeliveryResult:
        place = ref.destination.thread or ref.destination.channel
        try:
            await self._client.post(f"/{place}-published", json={"key": ref.message, "text": ""})
        except httpx.HTTPError as error:
            return Unknown(repr(error))
        return Delivered(ref.message)

    async def facts(self, to: Destination) -> PlaceFacts | None:
        return PlaceFacts()

    async def tell(
        self, tenant: TenantId, person: str, card: Card, key: str, files: Sequence[File] = ()
    ) -> DeliveryResult:
        return Delivered("")

    async def owner(self, tenant: TenantId) -> DeliveryResult:
        return Delivered("OWNER")

    async def actor(self, tenant: TenantId, person: str) -> Actor | None:
        return Actor(person, person, is_admin=True)

    async def check(self, to: Destination) -> DeliveryResult:
        return Delivered("")

    async def find(self, to: Destination, key: str, after: float) -> Lookup:
        answer = await self._client.get(f"/{to.thread or to.channel}", params={"key": key})
        found = answer.json()
        return Found(found[0]) if found else Absent()


async def main() -> None:
    """Serve until killed."""
    db = await Database.open(os.environ["DB"])
    vault = Vault([SecretStr(os.environ["VAULT"])])
    async with httpx.AsyncClient(base_url=os.environ["PLATFORM"]) as client:
        messengers = {"discord": HttpMessenger(client, 180.0), "slack": HttpMessenger(client, 0.0)}
        relay = relay_of(
            db,
            Secrets(db, vault, time.time),
            messengers,
            present,
            clock=time.time,
            random=random.random,
            apart=new_store_process(db, BotMetrics()) if os.environ.get("APART", "yes") == "yes" else None,
        )
        await relay.start()
        app = Starlette(routes=[hook_route(relay.keys, relay.intake, relay.observer, time.time)])
        config = uvicorn.Config(app, port=int(os.environ["PORT"]), log_level="error", lifespan="off")
        await uvicorn.Server(config).serve()


def run(settings: dict[str, str]) -> None:
    """The same in a process that was forked. settings: what its environment says besides."""
    os.environ.update(settings)
    asyncio.run(main())


if __name__ == "__main__":
    asyncio.run(main())
