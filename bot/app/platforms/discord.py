"""Discord, as the settings describe it. The adapter is imported inside functions, so that a process which
serves another platform, or none, starts without it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

import msgspec

from bot.app.wiring import App
from bot.core.errors import BotError, NotConfigured, StorageUnavailable
from bot.core.findings import Finding
from bot.features.catalogue import catalogue
from bot.jobs.periodic import JobScope, MakeJobs, Periodic, run_until
from bot.observability.jobs import TellFailure
from bot.settings import DiscordSection, Settings
from bot.storage.engine.addresses import address
from bot.storage.engine.database import Database

if TYPE_CHECKING:
    from adapters.discord.platform import DiscordPlatform
    from adapters.discord.settings import DiscordSettings
    from adapters.discord.sharing import Sharing

DISCORD_PROGRAM: Final = "xquik-bot discord"
"""What a process that shares shards is called on the server of the database."""
TAKEN_OVER_AFTER: Final = 20.0
"""Seconds for which a process may stand still before others take its shards."""


class Discord(msgspec.Struct, frozen=True):
    """See `bot.app.platforms.declared.DeclaredPlatform`."""

    name: str = "discord"
    title: str = "Discord"
    needed: str = "discord.token"

    def wanted(self, settings: Settings) -> bool:
        """Whether it has a token."""
        return settings.discord.token is not None

    def on_the_web(self, settings: Settings) -> bool:
        """Commands come over the gateway alone."""
        del settings
        return False

    def absent(self) -> NotConfigured:
        """Without a token."""
        return NotConfigured(
            "This process is meant to serve Discord, but discord.token is not set.",
            remedy="Put the bot token into discord.token.",
        )

    def elsewhere(self, settings: Settings) -> NotConfigured | None:
        """It always is."""
        del settings
        return None

    def unusable(self, settings: Settings, *, serves: bool) -> BotError | None:
        """A token is all it needs."""
        del settings, serves
        return None

    async def check(self, settings: Settings, *, serves: bool) -> Sequence[Finding]:
        """The token, the servers and, where the process takes commands, these."""
        from adapters.discord.check import findings
        from adapters.discord.platform import DiscordConnection
        from adapters.discord.tree import command_tree

        connection = DiscordConnection(discord_settings(settings.discord))
        try:
            return await findings(connection, command_tree(catalogue(())) if serves else None)
        finally:
            await connection.stop()

    async def among_processes(self, settings: Settings, database: Database) -> Sequence[Finding]:
        """Who has which shards."""
        from bot.app.shard_findings import shard_findings

        if database.dialect == "sqlite" or not self.wanted(settings):
            return ()
        return await shard_findings(settings.storage.url, database)

    def make(self, app: App, *, serves: bool) -> DiscordPlatform:
        """The whole adapter. Where it only posts it opens no gateway connection."""
        from adapters.discord.platform import DiscordPlatform
        from bot.storage.places.shared_turns import SharedTurns

        settings = discord_settings(app.settings.discord)
        alone = app.database.dialect == "sqlite"
        return DiscordPlatform(
            settings,
            app.dispatcher,
            pace=None if alone else SharedTurns(app.database),
            sharing=_sharing(app) if not alone and serves and not settings.shard_ids else None,
            claims=app.claims,
            kv=app.kv,
            tenants=app.tenants,
            recovery=app.relay.recovery,
            clock=app.clock,
            remember=app.remember,
            readers=app.readers,
        )


def _sharing(app: App) -> Sharing:
    """How the shards are shared out among the processes on a PostgreSQL database."""
    from adapters.discord.sharing import Sharing
    from bot.storage.engine.session_lock import LockTimes
    from bot.storage.engine.session_locks import SessionLocks
    from bot.storage.places.gateway_sessions import StoredSessions
    from bot.storage.places.shared_turns import SharedTurns

    locks = SessionLocks(
        address(app.settings.storage.url),
        DISCORD_PROGRAM,
        LockTimes(limit=TAKEN_OVER_AFTER, certain=10.0, beat=3.0, answer=5.0, again=1.0),
    )
    sessions = StoredSessions(app.database, app.vault, app.clock)
    return Sharing(
        locks, SharedTurns(app.database), sessions, partial(repeating, app.jobs, app.watch.relay.trouble)
    )


async def repeating(
    jobs: MakeJobs,
    trouble: TellFailure,
    over: asyncio.Event,
    every: float,
    work: Callable[[], Awaitable[object]],
    failed: Callable[[Exception], None],
) -> None:
    """A `adapters.discord.sharing.Repeat`. trouble: told where it is the database that does not answer."""

    def told(error: Exception) -> None:
        if isinstance(error, StorageUnavailable):
            trouble("discord-shards", error)
        else:
            failed(error)

    await run_until(over, Periodic("discord-shards", every, work, JobScope.PROCESS, failed=told), jobs)


def discord_settings(section: DiscordSection) -> DiscordSettings:
    """The adapter's settings from ours."""
    from adapters.discord.settings import DiscordSettings

    if section.token is None:
        raise NotConfigured("discord.token is not set.", remedy="Put the bot token into the settings.")
    return DiscordSettings(
        token=section.token,
        api_url=section.api_url,
        gateway_url=section.gateway_url,
        shard_ids=section.shard_ids,
        shard_count=section.shard_count,
    )


async def discord_application_id(settings: Settings) -> int:
    """Which application the token is of."""
    from adapters.discord.platform import DiscordConnection

    connection = DiscordConnection(discord_settings(settings.discord))
    try:
        await connection.open()
        return connection.rest.application_id
    finally:
        await connection.stop()
