"""A process that records, and may kill itself after it has begun something."""

from __future__ import annotations

import asyncio
import os
import signal
import time

from pydantic import SecretStr

from bot.core.audit import AuditEntry, AuditEvent
from bot.core.chat.ids import TenantId
from bot.storage.engine.database import Database
from bot.storage.secrets.person_keys import PersonKeys
from bot.storage.secrets.vault import Vault
from bot.storage.writes.audit import AuditLog

HERE = TenantId("discord", "1")
ENTRY = AuditEntry(AuditEvent.READ, "discord", "draw run", "ok", credits=3)
# The same in every process of a test.
VAULT = Vault([SecretStr("YWJhYmFiYWJhYmFiYWJhYmFiYWJhYmFiYWJhYmFiYWI=")])


def main(url: str, records: int, killed_at: int) -> None:
    """Append so many records. killed_at: the one, from 1, that is begun and never ended; 0: none."""
    asyncio.run(_record(url, records, killed_at))


async def _record(url: str, records: int, killed_at: int) -> None:
    database = await Database.open(url)
    # In the past of the test's own clock, which stands still.
    log = AuditLog(database, PersonKeys(database, VAULT, time.time), lambda: 0.0)
    for number in range(1, records + 1):
        one = await log.prepared(HERE, f"p{os.getpid()}-{number % 3}", "P", ENTRY)
        if number == killed_at:
            await log.begin(one)
            os.kill(os.getpid(), signal.SIGKILL)
        await log.append(one)
    await database.close()
