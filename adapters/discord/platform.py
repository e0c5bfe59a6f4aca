"""Puts the Discord adapter together.

platform = DiscordPlatform(settings, commands, claims=…, kv=…, tenants=…)
await platform.start()         # or only open(), where nothing but posting is wanted
…                              # platform.messenger, platform.channels, platform.ready
await platform.stop()
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from typing import Any

import discord
from starlette.routing import BaseRoute

from adapters.discord.channels import DiscordChannels
from adapters.discord.connection import LONGEST_PAUSE, Client, SharedClient, point_at
from adapters.discord.errors import said_by_discord
from adapters.discord.interactions import Interactions
from adapters.discord.messenger import DiscordMessenger
from adapters.discord.names import DiscordNames
from adapters.discord.pace import CommonPace, listening
from adapters.discord.rest import LOST, Rest
from adapters.discord.servers import Servers
from adapters.discord.settings import DiscordSettings
from adapters.discord.shards import SharedShards
from adapters.discord.sharing import Names, Sharing
from adapters.discord.tree import command_tree, synchronise
from bot.core.clocks import Clock, Monotonic, Sleep
from bot.core.commands.entry import Commands
from bot.core.errors import BotError, UpstreamUnavailable, said_of_outage
from bot.core.messages.message import msg
from bot.core.ports import Recovering, Remember, not_remembered
from bot.core.stores import Claims, KeyValues, SharedPace, Tenants
from bot.i18n.readers import TOLD_ALONE, Readers

_LOG = logging.getLogger(__name__)
# Seconds until a lock that another process has is asked for again.
_LOOK = 0.5
# Seconds until the gateway is tried again, doubled each time.
_AGAIN_AFTER = 1.0


class DiscordRefused(BotError):
    """Discord does not let the bot in as it is set up."""

    title = msg("Discord refused the bot")
    default_remedy = msg(
        "Check `discord.token` in the settings: the developer portal shows a token once, on reset."
    )


class DiscordMisconfigured(DiscordRefused):
    """It stays so until somebody changes the settings, here or in the developer portal."""

    exit_code = 2


class DiscordUnreachable(DiscordRefused, UpstreamUnavailable):
    """Discord cannot be reached now; a later try, with a new connection, may succeed."""

    title = msg("Discord could not be reached")


class DiscordConnection:
    """What every process has: the login, and posting over REST.

    clock: epoch seconds; monotonic: seconds; pause: sleeps between repeated requests. readers: in whose
    language something is said. pace: of the requests of all processes of the bot, None for one that is
    alone. shares: whether the shards are shared out among them.
    """

    def __init__(
        self,
        settings: DiscordSettings,
        *,
        pace: SharedPace | None = None,
        shares: bool = False,
        clock: Clock = time.time,
        monotonic: Monotonic = time.monotonic,
        pause: Sleep = asyncio.sleep,
        readers: Readers = TOLD_ALONE,
    ) -> None:
        point_at(settings)
        self.settings = settings
        self._pace = None
        if pace is not None:
            self._pace = CommonPace(pace, lambda: self.rest.application_id, pause, time.monotonic)
        trace = None if self._pace is None else listening(self._pace.heard)
        self.client = SharedClient(settings, trace) if shares else Client(settings, trace)
        self.rest = Rest(self.client, timeout=settings.request_timeout, pause=pause, pace=self._pace)
        self.channels = DiscordChannels(self.rest)
        self.messenger = DiscordMessenger(
            self.rest, self.channels, clock=clock, monotonic=monotonic, readers=readers
        )
        self._open = False

    async def open(self) -> None:
        """Check the token and learn who we are.

        DiscordRefused when the token is not accepted, DiscordUnreachable when nobody answers.
        """
        self._open = True
        try:
            await self.client.login(self.settings.token.get_secret_value())
        except discord.LoginFailure:
            # Not chained: the request that failed carries the token.
            raise DiscordMisconfigured("Discord did not accept the bot's token.") from None
        except (discord.DiscordException, *LOST) as error:
            raise not_now(error) from None

    async def choose_shards(self) -> None:
        """Decide which shards this process connects; DiscordRefused where Discord has none of that number."""
        await self.client.choose_shards(self.settings)
        count = self.client.shard_count or 1
        beyond = [number for number in self.settings.shard_ids if number >= count]
        if beyond:
            raise DiscordMisconfigured(
                f"Discord runs this bot in {count} shard(s), so there is no shard {beyond[0]}.",
                remedy=f"Name numbers from 0 to {count - 1} in discord.shard_ids.",
            )

    async def stop(self) -> None:
        """Disconnect, if there was ever a connection."""
        if self._pace is not None:
            await self._pace.close()
        if self._open:
            await self.client.close()


class DiscordPlatform(DiscordConnection):
    """The whole of it: commands, presses and forms over the gateway. A `bot.core.ports.Platform`.

    recovery: told when messages may get through again. clock: epoch seconds; monotonic: seconds.
    remember: told of the token of each interaction. finished: set when the connection ended for good;
    failure then says why, None after `stop`. sharing: with whom the shards are shared out; None for a process
    that has all of them, or those that its settings name.
    """

    def __init__(
        self,
        settings: DiscordSettings,
        commands: Commands,
        *,
        pace: SharedPace | None = None,
        sharing: Sharing | None = None,
        claims: Claims,
        kv: KeyValues,
        tenants: Tenants,
        recovery: Recovering | None = None,
        clock: Clock = time.time,
        monotonic: Monotonic = time.monotonic,
        pause: Sleep = asyncio.sleep,
        remember: Remember = not_remembered,
        readers: Readers = TOLD_ALONE,
    ) -> None:
        super().__init__(
            settings,
            pace=pace,
            shares=sharing is not None,
            clock=clock,
            monotonic=monotonic,
            pause=pause,
            readers=readers,
        )
        self._sharing = sharing
        self._shards: SharedShards | None = None
        self._monotonic = monotonic
        self._commands = commands
        self._pause = pause
        self._kv = kv
        self._servers = Servers(tenants, self.client, recovery)
        self.groups = DiscordNames(self.rest, self.channels, monotonic)
        self._interactions = Interactions(
            commands,
            claims,
            self.rest,
            self.messenger,
            self.groups,
            clock=clock,
            monotonic=monotonic,
            first_answer=settings.first_answer,
            remember=remember,
            readers=readers,
        )
        self._connecting: asyncio.Task[None] | None = None
        self._quiet = False
        self.finished = asyncio.Event()
        self.failure: BotError | None = None
        self._servers.listen()
        self.client.event(self.on_interaction)

    @property
    def routes(self) -> tuple[BaseRoute, ...]:
        """None: everything comes over the gateway."""
        return ()

    @property
    def ready(self) -> bool:
        """Whether commands arrive now, and are taken."""
        return not self._quiet and self.client.connected and not self.finished.is_set()

    async def start(self) -> None:
        """Log in, bring the commands up to date, and connect in a task of its own."""
        await self.open()
        try:
            await self._bring_commands_up_to_date()
            await self._begin()
        except (discord.DiscordException, *LOST) as error:
            raise not_now(error) from None
        self._connecting = asyncio.create_task(self._connect(), name="discord gateway")

    async def ended(self) -> BotError | None:
        """Waits until the connection has ended for good; why, None after `stop`."""
        await self.finished.wait()
        return self.failure

    async def quiet(self) -> None:
        """Take up no further command, and let those that run finish. Posting goes on."""
        self._quiet = True
        if self._shards is not None:
            # Before anything else: whoever takes the shards over answers what people do from now on.
            await self._shards.leave()
        await self._interactions.close(self.settings.grace)

    async def stop(self) -> None:
        """Let running commands finish, then disconnect."""
        await self.quiet()
        await super().stop()
        await self._servers.close(self.settings.grace)
        if self._sharing is not None:
            await self._sharing.locks.close()
        if self._connecting is not None:
            self._connecting.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._connecting
        self.finished.set()

    async def _bring_commands_up_to_date(self) -> None:
        tree = command_tree(self._commands.catalogue)
        if self._sharing is None:
            sent = await synchronise(self.rest, self._kv, tree)
        else:
            # One process at a time: the next one finds that it is done.
            locks, name = self._sharing.locks, Names(self.rest.application_id).commands
            try:
                while not await locks.take(name):
                    await self._pause(_LOOK)
                sent = await synchronise(self.rest, self._kv, tree)
            finally:
                await locks.give_back(name)
        if sent:
            _LOG.info("the commands were sent to Discord")

    async def _begin(self) -> None:
        """Decide which shards this process connects."""
        client, sharing = self.client, self._sharing
        if sharing is None or not isinstance(client, SharedClient):
            await self.choose_shards()
            return
        self._shards = SharedShards(
            client,
            sharing,
            self._kv,
            application=self.rest.application_id,
            count=self.settings.shard_count,
            gateway=self.settings.gateway_url,
            pause=self._pause,
            monotonic=self._monotonic,
        )
        await self._shards.begin()
        client.share(self._shards)

    async def _connect(self) -> None:
        """Until `stop`. discord.py connects again by itself once it has been connected."""
        wait = _AGAIN_AFTER
        try:
            while (error := await self._connected()) is not None:
                said = said_by_discord(error) or said_of_outage(error)
                _LOG.warning("Discord's gateway cannot be reached, next try in %.0f s: %s", wait, said)
                await self._pause(wait)
                wait = min(2 * wait, LONGEST_PAUSE)
        finally:
            self.finished.set()

    async def _connected(self) -> Exception | None:
        """Connected until the end; what kept it from being, where another try may do. failure is set
        where none will."""
        try:
            await self.client.connect()
        except discord.PrivilegedIntentsRequired:
            self.failure = DiscordMisconfigured("Discord refused the gateway intents.")
        except discord.ConnectionClosed as error:
            self.failure = DiscordRefused(f"Discord closed the connection with code {error.code}.")
        except Exception as error:
            if (said_by_discord(error) or said_of_outage(error)) is None:
                _LOG.exception("the connection to Discord broke")
            elif not self.client.is_closed() and not _is_refusal(error):
                return error
            self.failure = DiscordRefused(f"The connection to Discord broke ({type(error).__name__}).")
        return None

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Somebody used a command, button or form."""
        if self._shards is not None and not await self._shards.has(interaction.guild_id):
            return
        await self._interactions.handle(interaction)


def _is_refusal(error: BaseException) -> bool:
    """Whether Discord means it: what was asked will not be answered another time either."""
    if isinstance(error, discord.GatewayNotFound):
        return False
    return isinstance(error, discord.HTTPException) and error.status < 500 and error.status != 429


def not_now(error: BaseException) -> DiscordRefused:
    """Why the bot could not be brought up: DiscordUnreachable where a later try may succeed."""
    if isinstance(error, discord.HTTPException) and _is_refusal(error):
        return DiscordRefused(
            f"Discord refused the bot's set-up ({error.status}, code {error.code}): {error.text[:200]}",
            remedy="Update the bot; if that does not help, report it with this line.",
        )
    return DiscordUnreachable(
        f"Discord could not be reached ({type(error).__name__}).",
        remedy="Check the network, the proxy settings and `discord.api_url`.",
    )
