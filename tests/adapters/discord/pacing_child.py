"""A process that posts nothing and asks much: `python -m tests.adapters.discord.pacing_child`.

It reads token, api, database and how many requests from the environment as JSON, says "ready", and asks once
a line comes.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys

from pydantic import SecretStr

from adapters.discord.platform import DiscordConnection
from adapters.discord.settings import DiscordSettings
from bot.storage.engine.database import Database
from bot.storage.places.shared_turns import SharedTurns

SETTINGS = "PACED_DISCORD"


async def main() -> None:
    """Ask, all at once."""
    given = json.loads(os.environ[SETTINGS])
    database = await Database.open(given["database"])
    connection = DiscordConnection(
        DiscordSettings(SecretStr(given["token"]), api_url=given["api"]), pace=SharedTurns(database)
    )
    await connection.open()
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    ask = (connection.rest.once("GET", "/users/@me/guilds") for _ in range(given["requests"]))
    await asyncio.gather(*ask)
    print("done", flush=True)
    await connection.stop()
    await database.close()


if __name__ == "__main__":
    asyncio.run(main())
