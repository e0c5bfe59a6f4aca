"""Access with one key: the transport with the key and its bucket of the rate limits filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from pydantic import SecretStr

from bot.core.chat.asker import OURSELVES, Asker
from bot.xquik.free_reads import is_free
from bot.xquik.limits import Kind, bucket
from bot.xquik.transport.answers import Answer
from bot.xquik.transport.client import Transport
from bot.xquik.transport.wire import Query


class Caller(msgspec.Struct, frozen=True):
    """What readers, spenders and set-up share. asker: whose share of the rate limits is used."""

    transport: Transport
    key: SecretStr
    asker: Asker = OURSELVES

    async def get(self, path: str, query: Query | None = None) -> Mapping[str, Any]:
        """The body of a read, paid unless it is known to be free (`bot.xquik.free_reads`)."""
        kind: Kind = "read" if is_free(path) else "paid"
        return (await self.ask("GET", path, kind=kind, query=query)).body

    async def ask(
        self,
        method: str,
        path: str,
        *,
        kind: Kind,
        query: Query | None = None,
        json: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
        file_answer: bool = False,
    ) -> Answer:
        """Any request; errors as `Transport.request`."""
        return await self.transport.request(
            self.key,
            bucket(self.key),
            method,
            path,
            kind=kind,
            query=query,
            json=json,
            idempotency_key=idempotency_key,
            file_answer=file_answer,
            asker=self.asker,
        )
