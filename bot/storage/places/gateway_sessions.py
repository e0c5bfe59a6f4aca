"""Sessions at a gateway, kept for the process that takes them over: sealed, and for minutes.

Who goes on with one sends the bot's token to the address that is kept with it. So it is the vault that says
whether the address is the one that was stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec
from pydantic import SecretStr
from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.clocks import Clock
from bot.core.errors import BotError
from bot.core.stores import GatewaySession
from bot.storage.engine.database import Database
from bot.storage.engine.statements import putting
from bot.storage.secrets.vault import Vault
from bot.storage.tables import gateway_sessions as table

# Discord keeps a session for some minutes after its connection; it does not say for how many.
LIFETIME: Final = 300.0
_OWNER: Final = "gateway"
_PUT = putting(table)
_FIND = select(table.c.ciphertext).where(
    table.c.name == bindparam("key"), table.c.expires_at > bindparam("now")
)


class StoredSessions:
    """See `bot.core.stores.GatewaySessions`. clock: epoch seconds."""

    def __init__(self, database: Database, vault: Vault, clock: Clock) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock

    async def keep(self, sessions: Mapping[str, GatewaySession]) -> None:
        """See `GatewaySessions`."""
        end = self._clock() + LIFETIME
        rows = [
            {"name": name, "ciphertext": self._sealed(name, session), "expires_at": end}
            for name, session in sessions.items()
        ]
        statement = _PUT[self._database.dialect]
        if rows:
            await self._database.write(lambda connection: connection.execute(statement, rows))

    async def find(self, name: str) -> GatewaySession | None:
        """See `GatewaySessions`."""
        values = {"key": name, "now": self._clock()}

        async def work(connection: AsyncConnection) -> bytes | None:
            return (await connection.execute(_FIND, values)).scalar_one_or_none()

        ciphertext = await self._database.read(work)
        if ciphertext is None:
            return None
        try:
            opened = self._vault.open(_OWNER, name, ciphertext)
            return msgspec.json.decode(opened.get_secret_value(), type=GatewaySession)
        except (BotError, msgspec.MsgspecError):
            return None  # of another key, or version: a new session is no loss

    async def forget(self, name: str) -> None:
        """See `GatewaySessions`."""
        statement = delete(table).where(table.c.name == name)
        await self._database.write(lambda connection: connection.execute(statement))

    def _sealed(self, name: str, session: GatewaySession) -> bytes:
        return self._vault.seal(_OWNER, name, SecretStr(msgspec.json.encode(session).decode()))
