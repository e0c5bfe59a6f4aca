"""The durable state behind buttons and forms, found again by an opaque key."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.ids import TenantId
from bot.storage.database import Database
from bot.storage.statements import count
from bot.storage.tables import button_states

# 128 bits: nobody guesses a key, and 22 characters fit every platform's limit.
KEY_BYTES = 16


class ButtonStates:
    """Implements `bot.core.ports.ButtonStates`. clock: epoch seconds; random: that many bytes."""

    def __init__(
        self, database: Database, clock: Callable[[], float], random: Callable[[int], bytes]
    ) -> None:
        self._database = database
        self._clock = clock
        self._random = random

    async def keep(self, tenant: TenantId, name: str, state: Mapping[str, Any], *, lifetime: float) -> str:
        """Store JSON state for an action; returns the opaque key. lifetime: seconds."""
        key = urlsafe_b64encode(self._random(KEY_BYTES)).rstrip(b"=").decode()
        row = {
            "key": key,
            "tenant": str(tenant),
            "name": name,
            "state": json.dumps(dict(state), separators=(",", ":")),
            "expires_at": self._clock() + lifetime,
        }
        await self._database.write(lambda connection: connection.execute(button_states.insert(), row))
        return key

    async def recall(self, tenant: TenantId, name: str, key: str) -> Mapping[str, Any] | None:
        """The state, or None when it is unknown, of another tenant or action, or expired."""
        query = select(button_states.c.state).where(*self._is(tenant, name, key))

        async def work(connection: AsyncConnection) -> str | None:
            return (await connection.execute(query)).scalar_one_or_none()

        return _decoded(await self._database.read(work))

    async def consume(self, tenant: TenantId, name: str, key: str) -> Mapping[str, Any] | None:
        """As `recall`, once: of those who press at the same time, one gets it."""
        statement = delete(button_states).where(*self._is(tenant, name, key))
        taken = statement.returning(button_states.c.state)

        async def work(connection: AsyncConnection) -> str | None:
            return (await connection.execute(taken)).scalar_one_or_none()

        return _decoded(await self._database.write(work))

    async def prune(self) -> int:
        """Delete what has expired; returns how many."""
        statement = delete(button_states).where(button_states.c.expires_at <= self._clock())
        return await self._database.write(lambda connection: count(connection, statement))

    def _is(self, tenant: TenantId, name: str, key: str) -> tuple[ColumnElement[bool], ...]:
        return (
            button_states.c.key == key,
            button_states.c.tenant == str(tenant),
            button_states.c.name == name,
            button_states.c.expires_at > self._clock(),
        )


def _decoded(state: str | None) -> Mapping[str, Any] | None:
    if state is None:
        return None
    found: dict[str, Any] = json.loads(state)
    return found
