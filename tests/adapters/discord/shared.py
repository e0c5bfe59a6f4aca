"""Processes of one bot that share its shards over a real PostgreSQL: several in one program, or each in its
own: `python -m tests.adapters.discord.shared`, which reads its settings from the environment as JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from adapters.discord.platform import DiscordPlatform
from adapters.discord.settings import DiscordSettings
from adapters.discord.sharing import Repeat, Sharing
from bot.app.platforms.discord import repeating
from bot.core.clocks import Sleep
from bot.jobs.on_asyncio import AsyncioJobs
from bot.jobs.periodic import Jobs, Periodic
from bot.relay.observing import Unobserved
from bot.storage.engine.addresses import address
from bot.storage.engine.database import Database
from bot.storage.engine.kv import StoredKeyValues
from bot.storage.engine.session_locks import SessionLocks
from bot.storage.places.claims import StoredClaims
from bot.storage.places.gateway_sessions import StoredSessions
from bot.storage.places.shared_turns import SharedTurns
from bot.storage.places.tenants import StoredTenants
from bot.storage.secrets.vault import Vault
from tests.adapters import around
from tests.adapters.around import GatedStates, Noted
from tests.adapters.discord.harness import DiscordHarness, catalogue, running
from tests.adapters.scripted_commands import ScriptedCommands
from tests.doubles.discord import DiscordServer
from tests.storage.relaying_child import QUICK

KEY = SecretStr("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
SETTINGS = "SHARED_DISCORD"


class _Unobserved:
    def ran(self, job: str, part: str, seconds: float, error: Exception | None) -> None:
        """Nobody looks."""


def looking(sleep: Sleep = asyncio.sleep) -> Repeat:
    """Looks as tasks of this process. sleep: between them."""

    def made(work: Sequence[Periodic], /) -> Jobs:
        return AsyncioJobs(
            work, sleep=sleep, monotonic=time.monotonic, random=random.random, observer=_Unobserved()
        )

    return partial(repeating, made, Unobserved().trouble)


def shared(database: Database, url: str, *, apart: float = 0.05, **changes: Any) -> Sharing:
    """What a further process has of what is shared."""
    return Sharing(
        SessionLocks(address(url), "xquik-bot discord", QUICK),
        SharedTurns(database),
        StoredSessions(database, Vault([KEY]), time.time),
        changes.pop("repeat", looking()),
        apart=apart,
        look=0.05,
        patience=0.3,
        **changes,
    )


@asynccontextmanager
async def process(
    server: DiscordServer, url: str, *, apart: float = 0.05, wait: bool = False, **changes: Any
) -> AsyncIterator[DiscordHarness]:
    """A process of the bot, within this program: a database, locks and a platform of its own."""
    database = await Database.open(url)
    repeat = changes.pop("repeat", looking())
    pause = changes.pop("pause_with", asyncio.sleep)
    try:
        sharing = shared(database, url, apart=apart, repeat=repeat)
        async with running(
            server, database, sharing=sharing, pause=pause, wait=wait, **{"gateway_url": None, **changes}
        ) as house:
            yield house
        await house.claims.close()
    finally:
        await database.close()


@asynccontextmanager
async def child(server: DiscordServer, url: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process of the bot that can be killed or stopped."""
    settings = {"token": server.token, "api": server.api_url, "database": url}
    started = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.adapters.discord.shared"),
        cwd=Path(__file__).parents[3],
        env={**os.environ, SETTINGS: json.dumps(settings)},
        stdout=asyncio.subprocess.PIPE,
    )
    assert started.stdout is not None
    try:
        assert await asyncio.wait_for(started.stdout.readline(), 30) == b"started\n"
        yield started
    finally:
        if started.returncode is None:
            started.kill()
        await started.wait()


async def main() -> None:
    """Until it is killed."""
    given = json.loads(os.environ[SETTINGS])
    database = await Database.open(given["database"])
    stage = ScriptedCommands()
    states = GatedStates(database, time.time, os.urandom)
    platform = DiscordPlatform(
        DiscordSettings(SecretStr(given["token"]), api_url=given["api"], guild_timeout=0.01),
        around.dispatcher(database, catalogue(stage), states, Noted()),
        claims=StoredClaims(database, time.time),
        kv=StoredKeyValues(database),
        tenants=StoredTenants(database, time.time),
        sharing=shared(database, given["database"]),
    )
    await platform.start()
    print("started", flush=True)
    await platform.ended()


if __name__ == "__main__":
    asyncio.run(main())
