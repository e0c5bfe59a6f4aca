"""The server itself: life cycle, what a test arranges, and what it looks at afterwards."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.doubles.discord import errors
from tests.doubles.discord.api import Api, Request, Route, Violation
from tests.doubles.discord.faults import Answer, Fault, Faults, Gate, Limit, RateLimits, too_many
from tests.doubles.discord.gateway import Gateway
from tests.doubles.discord.interactions import Interaction
from tests.doubles.discord.messages import Message
from tests.doubles.discord.people import People
from tests.doubles.discord.permissions import EVERYONE_DEFAULT, Permission
from tests.doubles.discord.rest_application import ApplicationRoutes
from tests.doubles.discord.rest_interactions import InteractionRoutes
from tests.doubles.discord.rest_messages import MessageRoutes
from tests.doubles.discord.rest_threads import ThreadRoutes
from tests.doubles.discord.specification import Specification
from tests.doubles.discord.world import Channel, Guild, User, World

Json = dict[str, Any]
_MAX_BODY = 64 * 1024 * 1024  # far above Discord's limit, so that the refusal is Discord's and not aiohttp's


class DiscordServer(People):
    """A Discord of its own on a loopback port; see the package for an overview.

    `clock` (seconds) decides the 3 s and 15 min of interactions and `nonce_window`.
    `privileged_intents` are those that the developer portal would have granted. `global_limit` is
    requests a second over all routes, None for no limit. `shards` is how many the bot is told to run.
    `check_answers` also holds this server's
    own answers against the specification, into `drift`.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        token: str | None = None,
        nonce_window: float = 180.0,
        privileged_intents: int = 0,
        global_limit: int | None = None,
        check_answers: bool = False,
        port: int = 0,
    ) -> None:
        self.world = World(clock)
        super().__init__(self)
        self.token = (
            token or f"{secrets.token_urlsafe(18)}.{secrets.token_urlsafe(4)}.{secrets.token_urlsafe(27)}"
        )
        self.owner = self.world.add_user("owner")
        self.specification: Specification | None = Specification.published()
        self.check_answers = check_answers
        self.drift: list[str] = []
        self.nonce_window = nonce_window
        self.requests: list[Request] = []
        self.violations: list[Violation] = []
        self.rate_limited = 0
        self.faults = Faults()
        self.limits = RateLimits(global_limit)
        self.shards = 1
        self.interactions: dict[int, Interaction] = {}
        self.gateway = Gateway(self.world, self.token, privileged_intents, self._violated_gateway)
        self.world.gateway = self.gateway
        self._command_sets: dict[int | None, list[Json]] = {}
        self._port = port
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def routes(self) -> list[Route]:
        """Every request that is served."""
        return [
            *ApplicationRoutes(self).routes(),
            *MessageRoutes(self).routes(),
            *ThreadRoutes(self).routes(),
            *InteractionRoutes(self).routes(),
        ]

    async def start(self) -> None:
        app = web.Application(client_max_size=_MAX_BODY)
        app.router.add_get("/gateway{slash:/?}", self.gateway.handle)
        app.router.add_get("/attachments/{channel}/{id}/{name}", self._attachment)
        app.router.add_route("*", "/api/v10/{path:.*}", Api(self, self.routes()).handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self.world.address = f"http://127.0.0.1:{self._port}"
        self.gateway.url = self.gateway_url

    async def stop(self) -> None:
        """Go off the network (state stays; `start` comes back on the same port)."""
        if self._runner is not None:
            self.gateway.drop(1001)
            await self._runner.cleanup()
            self._runner = None

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self._port}/api/v10"

    @property
    def gateway_url(self) -> str:
        return f"ws://127.0.0.1:{self._port}/gateway"

    @property
    def application_id(self) -> int:
        return self.world.bot.id

    @property
    def unanswered(self) -> list[Interaction]:
        """Interactions that never got a first answer."""
        return [ix for ix in self.interactions.values() if ix.first_response is None]

    @property
    def invalid_requests(self) -> int:
        """Answers of 401, 403 and 429: Discord bans an address for 10,000 of them in 10 minutes."""
        return sum(r.status in (401, 403, 429) for r in self.requests)

    def add_guild(
        self,
        id: int | None = None,
        name: str = "Guild",
        *,
        locale: str = "en-US",
        bot_permissions: int = EVERYONE_DEFAULT,
    ) -> Guild:
        """A guild with the bot in it; its permissions beyond @everyone's are `bot_permissions`."""
        guild = Guild(self.world, id or self.world.next_id(), name, locale, int(bot_permissions))
        self.world.guilds[guild.id] = guild
        guild.invite_bot()
        return guild

    def add_user(
        self, name: str, *, id: int | None = None, accepts_dms: bool = True, locale: str = "en-US"
    ) -> User:
        return self.world.add_user(name, id=id, accepts_dms=accepts_dms, locale=locale)

    def dm(self, user: User) -> Channel:
        """The direct conversation between the bot and a user."""
        return self.world.open_dm(user)

    def commands(self, guild: int | None = None) -> list[Json]:
        """The uploaded commands of a guild (by id), or the global ones."""
        return self._command_sets.setdefault(guild, [])

    async def wait_for_request(self, method: str, path: str, timeout: float = 20.0) -> Request:
        """The first answered request with this method and exact path."""

        def find() -> Request | None:
            return next((r for r in self.requests if (r.method, r.path) == (method, path) and r.status), None)

        await self.world.changes.wait_for(find, timeout, f"{method} {path}")
        found = find()
        assert found is not None
        return found

    def fail_next(
        self,
        method: str,
        path: str,
        status: int,
        body: Any = None,
        headers: dict[str, str] | None = None,
        *,
        times: int | None = 1,
        retry_after: float = 0.1,
    ) -> Fault:
        """Answer matching requests without performing them; a 429 without body is made as Discord
        makes it.
        """
        answer = Answer(
            status,
            {"code": 0, "message": f"{status}: ordered"} if body is None else body,
            headers or {},
        )
        if status == 429 and body is None:
            made = too_many(retry_after)
            answer = Answer(429, made.body, {**made.headers, **(headers or {})})
        return self.faults.add(Fault(method, path, times, answer=answer))

    def delay(self, method: str, path: str, seconds: float, *, times: int | None = 1) -> Fault:
        return self.faults.add(Fault(method, path, times, delay=seconds))

    def cut(self, method: str, path: str, *, performed: bool = False, times: int | None = 1) -> Fault:
        """Reset the connection: before anything is done or, with `performed`, after it, so that the
        answer is lost.
        """
        return self.faults.add(Fault(method, path, times, cut="after" if performed else "before"))

    def hold(self, method: str, path: str, *, times: int | None = 1) -> Gate:
        """Keep matching requests waiting at a gate."""
        gate = Gate()
        self.faults.add(Fault(method, path, times, gate=gate))
        return gate

    def limit(self, method: str, path: str, count: int, seconds: float) -> None:
        """Enforce a rate limit for each path that matches, with Discord's headers."""
        self.limits.add(Limit(method, path, count, seconds))

    def violate(self, method: str, path: str, detail: str, *, code: int) -> None:
        self.violations.append(Violation(method, path, code, detail))

    def visible_guild(self, id: int) -> Guild:
        """A guild the bot is in, or the refusal that Discord would give."""
        guild = self.world.guilds.get(id)
        if guild is None or not guild.has_bot:
            raise errors.unknown_guild()
        if not guild.available:
            raise errors.ApiError(503, 0, "503: Service Unavailable")
        return guild

    def visible_channel(self, id: int) -> Channel:
        """A channel the bot can see, or the refusal that Discord would give."""
        channel = self.world.channels.get(id)
        if channel is None or channel.deleted:
            raise errors.unknown_channel()
        if channel.guild is not None:
            if not channel.guild.has_bot:
                raise errors.missing_access()
            self.visible_guild(channel.guild.id)
            if not channel.guild.bot.permissions_in(channel) & Permission.VIEW_CHANNEL:
                raise errors.missing_access()
        return channel

    def remove_message(self, message: Message) -> None:
        message.deleted = True
        if message.visible_to is None:
            guild = message.channel.guild
            data = {"id": str(message.id), "channel_id": str(message.channel.id)}
            data |= {"guild_id": str(guild.id)} if guild else {}
            self.world.dispatch("MESSAGE_DELETE", data, guild.id if guild else None)
        self.world.changes.notify()

    def _violated_gateway(self, where: str, detail: str) -> None:
        self.violate("WS", where, detail, code=0)

    async def _attachment(self, request: web.Request) -> web.Response:
        content = self.world.files.get(int(request.match_info["id"]))
        if content is None:
            return web.Response(status=404)
        return web.Response(body=content, content_type="application/octet-stream")
