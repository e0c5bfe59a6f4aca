"""The adapter as it runs: the real discord.py against the Discord double, the real dispatcher, and
real storage; only the commands are small ones made for these tests."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import SecretStr

from adapters.discord.app import DiscordPlatform
from adapters.discord.settings import DiscordSettings
from bot.core.access import Permission
from bot.core.actions import ActionRef
from bot.core.answers import Answer, Audience, Proposal, Reply
from bot.core.cards import Button, Card, Choice, File, Form, Input, InputKind, Text, line
from bot.core.commands import Action, Catalogue, ChannelRef, Command, Effect, Group, NoArgs, Option
from bot.core.dispatch import Dispatcher
from bot.core.ids import MessageRef, TenantId
from bot.core.invocation import Call, Invocation
from bot.core.references import TweetRef, Username
from bot.presenters.errors import error_card
from bot.presenters.help import help_card
from bot.storage.button_states import ButtonStates
from bot.storage.claims import Claims
from bot.storage.database import Database
from bot.storage.facts import Facts
from bot.storage.grants import Grants
from bot.storage.tenants import Tenants
from tests.doubles.discord import Channel, ChannelKind, DiscordServer, payloads

HOSTILE = "@everyone <@1> **bold** [free](https://evil.example) # head https://evil.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class SayArgs:
    text: Annotated[str, Option("What to say", main=True, max_length=5000, paragraph=True)]
    times: Annotated[int, Option("How often", ge=1, le=9)] = 1
    loud: Annotated[bool, Option("Louder")] = False
    mood: Annotated[Literal["calm", "glad"], Option("How")] = "calm"
    where: Annotated[ChannelRef | None, Option("Where")] = None
    tags: Annotated[tuple[Literal["red", "green", "blue"], ...], Option("Colours", le=3)] = ()
    friend: Annotated[Username | None, Option("To whom", suggest="friends")] = None
    wait: Annotated[timedelta | None, Option("How long")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretArgs:
    key: Annotated[SecretStr, Option("The key", main=True)]
    note: Annotated[str, Option("A note", max_length=50)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TweetArgs:
    tweet: Annotated[TweetRef, Option("The tweet", main=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyArgs:
    tweet: Annotated[TweetRef, Option("The tweet", main=True)]
    text: Annotated[str, Option("The reply", max_length=4000, paragraph=True)]


@dataclass
class Stage:
    """What the commands of these tests do, and what they saw."""

    seen: list[tuple[str, Any]] = field(default_factory=list)
    calls: list[Call[Any]] = field(default_factory=list)
    card: Card = field(default_factory=lambda: Card("Done", (Text(line("It is done.")),)))
    files: tuple[File, ...] = ()
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    started: asyncio.Event = field(default_factory=asyncio.Event)
    error: BaseException | None = None
    replace: bool = False
    progress: tuple[Card, ...] = ()

    def __post_init__(self) -> None:
        self.gate.set()

    async def act(self, call: Call[Any], what: str, args: Any) -> Reply:
        self.seen.append((what, args))
        self.calls.append(call)
        self.started.set()
        for card in self.progress:
            await call.progress(card)
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        return Reply(self.card, self.files, self.replace)


def _command(
    stage: Stage,
    path: str,
    args: type[Any],
    audience: Audience = Audience.PRIVATE,
    needs: Permission = Permission.USE,
    **more: Any,
) -> Command[Any]:
    async def run(call: Call[Any], given: Any) -> Answer:
        return await stage.act(call, path, given)

    words = tuple(path.split())
    return Command(words, f"Summary of {path}", args, run, Effect.READ, needs, audience, (path,), **more)


def catalogue(stage: Stage) -> Catalogue:
    """One of everything."""

    async def pressed(call: Call[Any], state: Mapping[str, Any], values: Mapping[str, str]) -> Answer:
        return await stage.act(call, "pressed", (dict(state), dict(values)))

    async def form(_call: Call[Any], key: str, _state: Mapping[str, Any]) -> Form:
        text = Input("text", "Text", InputKind.PARAGRAPH, max_length=200)
        return Form("Write", ActionRef("thing.write", key), (text,), note="Once only")

    async def friends(_call: Call[Any], typed: str) -> tuple[Choice, ...]:
        return tuple(Choice(name.upper(), name) for name in ("nasa", "esa") if typed.lower() in name)

    return Catalogue(
        groups=(
            Group(
                "thing",
                "Things",
                (
                    _command(stage, "thing say", SayArgs),
                    _command(stage, "thing post", NoArgs, Audience.CHANNEL),
                    _command(stage, "thing key", SecretArgs, needs=Permission.MANAGE, form_first=True),
                    _command(stage, "thing spend", NoArgs, needs=Permission.SPEND),
                ),
            ),
            Group(
                "tweet",
                "Tweets",
                (_command(stage, "tweet show", TweetArgs), _command(stage, "tweet reply", ReplyArgs)),
            ),
            Group("help", "Help", (_command(stage, "help", NoArgs),)),
        ),
        actions=(
            Action("thing.again", pressed, Permission.USE),
            Action("thing.loud", pressed, Permission.USE, Audience.CHANNEL, stored=False),
            Action("thing.write", pressed, Permission.USE, form=form, stored=False),
        ),
        suggestions={"friends": friends},
    )


class _HasKey:
    async def has_key(self, _tenant: TenantId) -> bool:
        return True


class _NoProposals:
    async def open(self, _invocation: Invocation, proposal: Proposal) -> Card:
        return proposal.preview

    async def shown(self, _card: Card, _ref: MessageRef | None) -> None:
        return None


@dataclass
class Noted:
    """An `Observer`."""

    outcomes: list[tuple[str, str]] = field(default_factory=list)
    failures: list[BaseException] = field(default_factory=list)

    def invoked(self, _invocation: Invocation, command: str, outcome: str, _seconds: float) -> None:
        self.outcomes.append((command, outcome))

    def failed(self, _invocation: Invocation, _command: str, error: BaseException) -> None:
        self.failures.append(error)


class SlowStates(ButtonStates):
    """The real states, after a gate: a database that takes its time."""

    gate: asyncio.Event | None = None

    async def keep(self, *args: Any, **named: Any) -> str:
        if self.gate is not None:
            await self.gate.wait()
        return await super().keep(*args, **named)


class SlowClaims(Claims):
    """The real claims, after a gate."""

    gate: asyncio.Event | None = None

    async def claim(self, scope: str, id: str) -> bool:
        if self.gate is not None:
            await self.gate.wait()
        return await super().claim(scope, id)


@dataclass
class House:
    """A running platform and what is around it."""

    server: DiscordServer
    database: Database
    platform: DiscordPlatform
    stage: Stage
    states: SlowStates
    claims: SlowClaims
    observer: Noted
    tenants: Tenants
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


@asynccontextmanager
async def running(
    server: DiscordServer,
    database: Database,
    *,
    stage: Stage | None = None,
    commands: Callable[[Stage], Catalogue] = catalogue,
    monotonic: Callable[[], float] = time.monotonic,
    wait: bool = True,
    pause: Callable[[float], Awaitable[None]] = instant,
    **changes: Any,
) -> AsyncIterator[House]:
    """The platform, started and stopped. changes: of the settings."""
    stage = stage or Stage()
    states = SlowStates(database, time.time, os.urandom)
    observer = Noted()
    dispatcher = Dispatcher(
        commands(stage),
        None,
        access=Grants(database),
        keys=_HasKey(),
        states=states,
        proposals=_NoProposals(),
        observer=observer,
        present_error=error_card,
        help_card=help_card,
        clock=time.monotonic,
    )
    tenants = Tenants(database, time.time)
    claims = SlowClaims(database, time.time)
    platform = DiscordPlatform(
        settings_for(server, **changes),
        dispatcher,
        claims=claims,
        facts=Facts(database),
        tenants=tenants,
        monotonic=monotonic,
        pause=pause,
    )
    await platform.start()
    try:
        if wait:
            await server.gateway.wait_connected()
        yield House(server, database, platform, stage, states, claims, observer, tenants, dispatcher)
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
