"""Slack as one thing to start, stop and ask."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from starlette.routing import BaseRoute

from adapters.slack.channels import SlackChannels
from adapters.slack.clients import SlackClients
from adapters.slack.errors import note
from adapters.slack.files import SlackFiles
from adapters.slack.inline import CHANNEL_ID
from adapters.slack.interactions import Dependencies, InteractionHandler
from adapters.slack.listeners import Listeners
from adapters.slack.messenger import SlackMessenger
from adapters.slack.names import SlackNames
from adapters.slack.oauth import OAuth
from adapters.slack.people import SlackPeople
from adapters.slack.rotation import Rotation
from adapters.slack.settings import SlackSettings
from adapters.slack.sockets import new_socket
from adapters.slack.sole_token import SoleToken
from adapters.slack.tables import TakenTables
from adapters.slack.token_check import SlackUnreachable, accepted
from adapters.slack.tokens import Tokens
from adapters.slack.web import Web
from bot.core.chat.ids import TenantId
from bot.core.clocks import Clock, Monotonic, RandomBytes, Sleep
from bot.core.commands.entry import Commands
from bot.core.errors import BotError, NotConfigured
from bot.core.http.clients import ClientAddresses
from bot.core.ports import Attaching, Recovering, Remember, not_remembered
from bot.core.stores import Claims, Installations, Installers, InstallStates, KeyValues
from bot.core.tasks import TaskSet, cancelled
from bot.i18n.readers import TOLD_ALONE, Readers

GRACE = 8.0
PING_SECONDS = 10.0
_log = logging.getLogger(__name__)


class SlackPlatform:
    """The Slack adapter: a `bot.core.ports.Platform`.

    commands: the dispatcher. installations, states, kv: needed where workspaces install
    the app (HTTP mode without a bot token). recovery: told when messages may get through again.
    installers: told who installed the app.
    remember: told of what answers or opens forms. clock: epoch seconds; ticks: seconds that never go back,
    by which everything that Slack told ages: who is an admin must not stay one because a clock was set back.
    readers: in whose language something is said. Use `start` and `stop` once each.
    """

    def __init__(
        self,
        settings: SlackSettings,
        commands: Commands,
        claims: Claims,
        *,
        clock: Clock,
        random: RandomBytes,
        sleep: Sleep = asyncio.sleep,
        installations: Installations | None = None,
        states: InstallStates | None = None,
        kv: KeyValues | None = None,
        recovery: Recovering | None = None,
        installers: Installers | None = None,
        remember: Remember = not_remembered,
        ping_interval: float = PING_SECONDS,
        ticks: Monotonic = time.monotonic,
        readers: Readers = TOLD_ALONE,
        attaching: Attaching | None = None,
    ) -> None:
        self._settings = settings
        self._installations = installations
        self._recovery = recovery
        self._installers = installers
        self._remember = remember
        self._sleep = sleep
        self._ping = ping_interval
        self._clients = SlackClients(settings.api_url)
        own = None if settings.installs else settings.bot_token
        self._sole = None if own is None else SoleToken(own, self._clients)
        rotation = None
        if installations is not None and settings.installs:
            rotation = Rotation(settings, self._clients, installations, claims, clock=clock, sleep=sleep)
        self._tokens = Tokens(
            self._clients,
            ticks,
            sole=self._sole,
            installations=installations,
            kv=kv,
            rotation=rotation,
        )
        self._work = TaskSet(lambda error: note(_log, logging.WARNING, "a task failed", error))
        tables = TakenTables(ticks)
        self.groups = SlackNames(self._tokens, ticks)
        dependencies = Dependencies(
            self._clients, self._tokens, SlackPeople(ticks), self.groups, claims, self._work,
            clock, sleep, random, prefix=f"{settings.command} ", tables=tables, readers=readers,
            files=SlackFiles(self._clients, attaching),
        )  # fmt: skip
        self._listeners = Listeners(
            InteractionHandler(commands, dependencies),
            gone=self._gone,
            opened=self._opened,
            remember=remember,
        )
        self.messenger = SlackMessenger(
            self._tokens, ticks=ticks, rate=settings.messages_per_second, readers=readers, tables=tables
        )
        self.channels = SlackChannels(self._tokens, ticks)
        self._web = self._new_web(states, clock, ticks)
        self._app: AsyncApp | None = None
        self._socket: AsyncSocketModeHandler | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._stopped = asyncio.Event()

    @property
    def routes(self) -> list[BaseRoute]:
        """`/slack/…` in HTTP mode; none in Socket Mode."""
        return [] if self._web is None else self._web.routes

    @property
    def ready(self) -> bool:
        """Whether payloads can come in now."""
        if self._app is None:
            return False
        if self._settings.mode == "http":
            return True
        session = None if self._socket is None else self._socket.client.current_session
        return session is not None and not session.closed

    async def open(self) -> None:
        """Only be able to post, for a process that relays and serves no commands. `stop` ends it.

        NotConfigured when Slack refuses the bot token.
        """
        await self._clients.open()
        await self._check(self._check_bot_token())

    async def start(self) -> None:
        """Check the tokens and connect. NotConfigured when Slack refuses a token.

        Where Slack cannot be reached the connection is tried again and again in the background.
        """
        await self._clients.open()
        await self._check(self._check_tokens())
        self._app = self._new_app()
        if self._settings.mode == "socket":
            token = self._settings.app_token
            assert token is not None  # noqa: S101 - SlackSettings has checked it
            self._socket = await new_socket(
                self._app,
                token.get_secret_value(),
                self._clients,
                ping=self._ping,
                sleep=self._sleep,
                remember=self._remember,
            )
            self._connecting = asyncio.create_task(_connected(self._socket))

    async def ended(self) -> BotError | None:
        """Waits until `stop`: where Slack takes the bot out, it connects again and again."""
        await self._stopped.wait()
        return None

    async def quiet(self) -> None:
        """Take no more payloads, and let what is under way end. Posting goes on."""
        if self._connecting is not None:
            await cancelled([self._connecting])
        if self._socket is not None:
            # Not `disconnect`: the SDK's monitor would connect again at once.
            await self._socket.close_async()  # type: ignore[no-untyped-call]  # bolt's own lack of hints
        await self._work.close(GRACE)
        self._app = self._socket = self._connecting = None

    async def stop(self) -> None:
        """Take no more payloads, let what is under way end, and disconnect."""
        await self.quiet()
        await self._clients.close()
        self._stopped.set()

    def _new_web(self, states: InstallStates | None, clock: Clock, ticks: Monotonic) -> Web | None:
        settings, oauth = self._settings, None
        if settings.mode != "http" or settings.signing_secret is None:
            return None
        clients = ClientAddresses(settings.trusted_proxies)
        if settings.installs and self._installations is not None and states is not None:
            oauth = OAuth(
                settings,
                self._clients,
                self._installations,
                states,
                clock,
                remote=clients,
                ticks=ticks,
                installed=self._installed,
                remember=self._remember,
            )
        return Web(lambda: self._app, settings.signing_secret, oauth, clock, clients)

    def _new_app(self) -> AsyncApp:
        app = AsyncApp(
            name="xquik",
            client=self._clients.client(),
            request_verification_enabled=False,  # `Web` has checked the signature
            before_authorize=self._listeners.ahead(self._settings.command),
            authorize=_authorized,
            process_before_response=True,
            logger=self._clients.log,
        )
        self._listeners.register(app)
        return app

    async def _check(self, looking: Awaitable[None]) -> None:
        try:
            await looking
        except NotConfigured:
            await self._clients.close()
            raise

    async def _check_tokens(self) -> None:
        """NotConfigured when Slack refuses a token; silent when Slack cannot be reached."""
        await self._check_bot_token()
        if self._settings.mode == "socket" and self._settings.app_token is not None:
            secret = self._settings.app_token.get_secret_value()
            await _accepted("slack.app_token", self._clients.client().apps_connections_open(app_token=secret))

    async def _check_bot_token(self) -> None:
        if self._sole is not None:
            await _accepted("slack.bot_token", self._sole.owned())

    async def _installed(self, team: str | None, person: str) -> None:
        """The app has a new token: of a workspace, or of all of an organisation's (None)."""
        self._tokens.forget(team)
        try:
            if team is not None and person and self._installers is not None:
                await self._installers.installed_by(TenantId("slack", team), person)
            if self._recovery is None:
                return
            if team is None:
                await self._recovery.look_everywhere("slack")
            else:
                await self._recovery.look_again(TenantId("slack", team))
        except BotError as error:  # it is installed all the same, and the hourly look finds out
            _log.warning("an install could not be noted: %s", type(error).__name__)

    async def _opened(self, team: str, channel: str) -> None:
        """The bot may be able to post in a channel again."""
        if self._recovery is not None and CHANNEL_ID.fullmatch(channel):
            await self._recovery.look_again(TenantId("slack", team), channel)

    async def _gone(self, enterprise: str | None, team: str | None, at: float) -> None:
        """The app was removed from a workspace or organisation."""
        _log.info("the app was removed from a workspace")
        # One that names neither says of no installation that it is over.
        if self._installations is not None and (enterprise or team):
            await self._installations.remove(enterprise, team, at)
        self._tokens.forget(team)


async def _authorized(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
    """bolt asks whether the app is installed; the handler finds the token, and says when there is none."""
    return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id)


async def _connected(handler: AsyncSocketModeHandler) -> None:
    """Connect, trying again until it works."""
    await handler.connect_async()  # type: ignore[no-untyped-call]  # bolt's own lack of hints


async def _accepted(name: str, call: Awaitable[object]) -> None:
    """NotConfigured when Slack refuses the token; an outage keeps the bot from nothing."""
    try:
        await accepted(name, call)
    except SlackUnreachable as error:
        _log.warning("%s Trying again.", error.detail)
