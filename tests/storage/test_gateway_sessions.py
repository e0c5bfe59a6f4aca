"""Sessions at a gateway: kept for minutes, sealed, and opened for what they were sealed for alone."""

from __future__ import annotations

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from bot.core.stores import GatewaySession
from bot.storage.engine.database import Database
from bot.storage.places.gateway_sessions import LIFETIME, StoredSessions
from bot.storage.secrets.vault import Vault, new_key
from tests.conftest import ManualClock

HERE = GatewaySession("3e1c-the-session", 41, "wss://gateway-us-east1-b.discord.gg")


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def key() -> SecretStr:
    return new_key()


@pytest.fixture
def sessions(database: Database, clock: ManualClock, key: SecretStr) -> StoredSessions:
    return StoredSessions(database, Vault([key]), clock)


async def test_a_session_is_found_until_it_is_too_old_or_over(
    sessions: StoredSessions, clock: ManualClock
) -> None:
    assert await sessions.find("discord.1.0/2") is None
    await sessions.keep({})
    await sessions.keep({"discord.1.0/2": HERE, "discord.1.1/2": HERE})
    later = GatewaySession(HERE.id, 42, HERE.url)
    await sessions.keep({"discord.1.0/2": later})
    assert await sessions.find("discord.1.0/2") == later
    await sessions.forget("discord.1.1/2")
    assert await sessions.find("discord.1.1/2") is None
    clock.advance(LIFETIME)
    assert await sessions.find("discord.1.0/2") is None


async def test_nobody_who_writes_into_the_database_says_where_the_token_goes(
    sessions: StoredSessions, database: Database, clock: ManualClock
) -> None:
    await sessions.keep({"discord.1.0/2": HERE})
    stored = (
        await database.read(lambda c: c.execute(text("SELECT ciphertext FROM gateway_sessions")))
    ).scalar_one()
    assert b"discord.gg" not in bytes(stored) and b"the-session" not in bytes(stored)
    assert "the-session" not in repr(HERE)
    await database.write(lambda c: c.execute(text("UPDATE gateway_sessions SET name = 'discord.1.1/2'")))
    assert await sessions.find("discord.1.1/2") is None
    others = StoredSessions(database, Vault([new_key()]), clock)
    await others.keep({"discord.1.2/3": HERE})
    assert await sessions.find("discord.1.2/3") is None
