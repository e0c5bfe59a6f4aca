"""A Discord, a database and a running platform for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from adapters.discord.platform import DiscordConnection
from bot.core.chat.ids import Destination, TenantId
from bot.storage.engine.database import Database
from tests.adapters.discord.harness import DiscordHarness, instant, running, settings_for
from tests.doubles.discord import Channel, DiscordServer, Guild, Member


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    """A Discord with one server; whatever a test does to it, no rule may be broken."""
    async with DiscordServer() as running_server:
        yield running_server
        assert running_server.violations == []


@pytest.fixture
def guild(server: DiscordServer) -> Guild:
    return server.add_guild(name="Acme")


@pytest.fixture
def channel(guild: Guild) -> Channel:
    return guild.add_channel("alerts")


@pytest.fixture
def ada(guild: Guild) -> Member:
    """An administrator."""
    return guild.add_member(name="ada", admin=True)


@pytest.fixture
def ben(guild: Guild) -> Member:
    """A member without rights."""
    return guild.add_member(name="ben")


@pytest.fixture
async def store(sqlite_url: str) -> AsyncIterator[Database]:
    """A real, fresh database."""
    opened = await Database.open(sqlite_url)
    yield opened
    await opened.close()


@pytest.fixture
async def house(
    server: DiscordServer, guild: Guild, channel: Channel, store: Database
) -> AsyncIterator[DiscordHarness]:
    """The platform, connected."""
    async with running(server, store) as running_house:
        yield running_house


@pytest.fixture
async def connection(server: DiscordServer, guild: Guild) -> AsyncIterator[DiscordConnection]:
    """A process that only relays: logged in, and never at the gateway."""
    made = DiscordConnection(settings_for(server), pause=instant)
    await made.open()
    yield made
    await made.stop()


@pytest.fixture
def tenant(guild: Guild) -> TenantId:
    return TenantId("discord", str(guild.id))


@pytest.fixture
def to(tenant: TenantId, channel: Channel) -> Destination:
    return Destination(tenant, str(channel.id))
