"""The adapter as it runs: the real discord.py against the Discord double, the real dispatcher, and
real storage; only the commands are small ones made for these tests."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import SecretStr

from adapters.discord.platform import DiscordPlatform
from adapters.discord.settings import DiscordSettings
from adapters.discord.sharing import Sharing
from bot.core.chat.actions import ActionRef
from bot.core.chat.answers import Audience
from bot.core.chat.cards import Button, Choice
from bot.core.chat.ids import TenantId
from bot.core.chat.invocation import Call
from bot.core.commands.declaring import Catalogue, Group, Option
from bot.core.commands.dispatch import Dispatcher
from bot.core.throttle import Throttle
from bot.core.x.references import Username
from bot.features.help.offers import OFFERS
from bot.i18n.readers import Readers
from bot.storage.engine.database import Database
from bot.storage.engine.kv import StoredKeyValues
from bot.storage.places.claims import StoredClaims
from bot.storage.places.languages import StoredLanguages
from bot.storage.places.tenants import StoredTenants
from tests.adapters import around
from tests.adapters.around import GatedStates, Noted
from tests.adapters.scripted_commands import SayArgs, ScriptedCommands, actions, command, groups
from tests.doubles.discord import Channel, ChannelKind, DiscordServer, payloads

HOSTILE = "@everyone <@1> **bold** [free](https://evil.example) # head https://evil.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class RichSayArgs(SayArgs):
    """More kinds of options: Discord has a field for each."""

    tags: Annotated[tuple[Literal["red", "green", "blue"], ...], Option("Colours", le=3)] = ()
    friend: Annotated[Username | None, Option("To whom", suggest="friends")] = None
    wait: Annotated[timedelta | None, Option("How long")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretArgs:
    key: Annotated[SecretStr, Option("The key", main=True)]
    note: Annotated[str, Option("A note", max_length=50)] = ""


def catalogue(stage: ScriptedCommands) -> Catalogue:
    """One of everything."""

    async def friends(_call: Call[Any], typed: str) -> tuple[Choice, ...]:
        return tuple(Choice(name.upper(), name) for name in ("nasa", "esa") if typed.lower() in name)

    own = Group("help", "Help", (command(stage, "help"),))
    return Catalogue(
        groups=(*groups(stage, say=RichSayArgs, key=SecretArgs, show=Audience.PRIVATE), own),
        actions=actions(stage, stored=True),
        suggestions={"friends": friends},
        offers=OFFERS,
    )


class SlowClaims(StoredClaims):
    """The real claims, after a gate."""

    gate: asyncio.Event | None = None

    async def claim(self, scope: str, id: str, *, durably: bool = True) -> bool:
        if self.gate is not None:
            await self.gate.wait()
        return await super().claim(scope, id, durably=durably)


@dataclass
class DiscordHarness:
    """A running platform and what is around it."""

    server: DiscordServer
    database: Database
    platform: DiscordPlatform
    stage: ScriptedCommands
    states: GatedStates
    claims: SlowClaims
    observer: Noted
    tenants: StoredTenants
    dispatcher: Dispatcher

    async def button(self, label: str, name: str, state: Mapping[str, Any] | None = None) -> Button:
        tenant = TenantId("discord", str(next(iter(self.server.world.guilds))))
        if state is None:
            return Button(label, action=ActionRef(name, "k1"))
        return Button(
            label, action=ActionRef(name, await self.states.keep(tenant, name, state, lifetime=60.0))
        )


async def instant(_seconds: float) -> None:
    """A pause that takes no time."""
    await asyncio.sleep(0)


def settings_for(server: DiscordServer, **changes: Any) -> DiscordSettings:
    base = DiscordSettings(
        SecretStr(server.token),
        api_url=server.api_url,
        gateway_url=server.gateway_url,
        guild_timeout=0.01,
        request_timeout=30.0,
        grace=2.0,
    )
    return replace(base, **changes)


def made(
    server: DiscordServer,
    database: Database,
    dispatcher: Dispatcher,
    *,
    claims: SlowClaims | None = None,
    tenants: StoredTenants | None = None,
    monotonic: Callable[[], float] = time.monotonic,
    pause: Callable[[float], Awaitable[None]] = instant,
    sharing: Sharing | None = None,
    **changes: Any,
) -> DiscordPlatform:
    """The platform, not opened yet. changes: of the settings."""
    return DiscordPlatform(
        settings_for(server, **changes),
        dispatcher,
        sharing=sharing,
        claims=claims or SlowClaims(database, time.time),
        kv=StoredKeyValues(database),
        tenants=tenants or StoredTenants(database, time.time),
        monotonic=monotonic,
        pause=pause,
        readers=Readers(StoredLanguages(database, time.time)),
    )


@asynccontextmanager
async def running(
    server: DiscordServer,
    database: Database,
    *,
    stage: ScriptedCommands | None = None,
    commands: Callable[[ScriptedCommands], Catalogue] = catalogue,
    turns: Throttle | None = None,
    monotonic: Callable[[], float] = time.monotonic,
    wait: bool = True,
    pause: Callable[[float], Awaitable[None]] = instant,
    sharing: Sharing | None = None,
    **changes: Any,
) -> AsyncIterator[DiscordHarness]:
    """The platform, started and stopped. changes: of the settings."""
    stage = stage or ScriptedCommands()
    states = GatedStates(database, time.time, os.urandom)
    observer = Noted()
    dispatcher = around.dispatcher(database, commands(stage), states, observer, turns=turns)
    tenants = StoredTenants(database, time.time)
    claims = SlowClaims(database, time.time)
    platform = made(
        server,
        database,
        dispatcher,
        claims=claims,
        tenants=tenants,
        monotonic=monotonic,
        pause=pause,
        sharing=sharing,
        **changes,
    )
    await platform.start()
    try:
        if wait:
            await server.gateway.wait_connected()
        yield DiscordHarness(server, database, platform, stage, states, claims, observer, tenants, dispatcher)
    finally:
        await platform.stop()


def thread_in(channel: Channel) -> Channel:
    """A thread that people opened in a channel."""
    guild = channel.guild
    assert guild is not None
    thread = Channel(
        channel.world, channel.world.next_id(), "post", ChannelKind.PUBLIC_THREAD, guild, parent=channel
    )
    thread.owner_id = channel.world.bot.id
    guild.channels[thread.id] = channel.world.channels[thread.id] = thread
    guild.tell("THREAD_CREATE", payloads.channel(thread) | {"newly_created": True})
    return thread
