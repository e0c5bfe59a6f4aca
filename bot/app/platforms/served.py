"""The platforms of one process: brought up together, tried again after an outage, and let go."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from bot.app.platforms.declared import DeclaredPlatform, Part, part_of
from bot.app.roles import does
from bot.app.wiring import App
from bot.core.errors import BotError, UpstreamUnavailable
from bot.core.ports import Platform
from bot.core.tasks import TaskSet
from bot.jobs.periodic import JobScope, Periodic, run_until
from bot.observability.loggers import log

# Until a platform is tried again after an outage at the start, doubled each time up to the second.
AGAIN_SECONDS = 5.0
AGAIN_AT_MOST = 60.0
BRING_UP = "platform"
_MATCHED = "xquik_bot.route"


class Refuse(Protocol):
    """Ends the process: a platform does not let the bot in any more."""

    def __call__(self, refusal: BotError) -> None: ...


class ServedPlatforms:
    """Those of the listed platforms on which this process does something."""

    def __init__(
        self, app: App, roles: frozenset[str], listed: Sequence[DeclaredPlatform], refuse: Refuse
    ) -> None:
        """refuse: told once a platform shuts the bot out for good while it runs."""
        self._app = app
        self._roles = roles
        self._listed = listed
        self._refuse = refuse
        self._made: dict[str, Platform[BaseRoute]] = {}
        self._tasks = TaskSet()

    @property
    def routes(self) -> list[BaseRoute]:
        """What the web server serves for them, whichever are there at the time."""
        return [CurrentRoutes(self._made)]

    def ready(self) -> Mapping[str, bool]:
        """By name, whether those that this process is there for take commands now."""
        asked = [
            one.name for one in self._listed if does(self._roles, one.name) and one.wanted(self._app.settings)
        ]
        return {name: name in self._made and self._made[name].ready for name in asked}

    async def start(self) -> None:
        """Bring up all of them. One that nobody answers for is tried again in the background; BotError where
        one does not let the bot in."""
        parts = [(one, part_of(one, self._app.settings, self._roles)) for one in self._listed]
        wanted = [(one, part) for one, part in parts if part is not Part.NOTHING]
        ends = await asyncio.gather(*(self._bring_up(*each) for each in wanted), return_exceptions=True)
        for end in ends:
            if isinstance(end, BaseException):
                raise end
        for (one, part), end in zip(wanted, ends, strict=True):
            if not end:
                self._tasks.start(self._keep_trying(one, part), name=one.name)

    async def quiet(self) -> None:
        """Take up no further command, and let those that run finish. Posting goes on."""
        await self._tasks.close()
        await _all_quietly(made.quiet() for made in self._made.values())

    async def stop(self) -> None:
        """Disconnect."""
        await _all_quietly(made.stop() for made in self._made.values())

    async def _bring_up(self, one: DeclaredPlatform, part: Part) -> bool:
        """False when nobody answers there: an outage must not keep the rest from starting."""
        made = one.make(self._app, serves=part is Part.SERVES)
        self._made[one.name] = made
        try:
            await (made.start() if part is Part.SERVES else made.open())
        except UpstreamUnavailable as error:
            log("bot").warning(f"{one.name} cannot be reached; trying again", detail=error.detail)
            await quietly(made.stop())
            return False
        self._app.add_platform(one.name, made.messenger, made.channels, made.groups)
        if part is Part.SERVES:
            self._tasks.start(self._watch(made), name="refusal")
        return True

    async def _keep_trying(self, one: DeclaredPlatform, part: Part) -> None:
        """Until it is there, or refuses the bot; then what waits for it is sent."""
        over, pauses = asyncio.Event(), _longer_and_longer()

        async def attempt() -> None:
            try:
                if not await self._bring_up(one, part):
                    return
                self._app.relay.scheduler.look()
            except BotError as refusal:
                self._refuse(refusal)
            over.set()

        work = Periodic(BRING_UP, lambda: next(pauses), attempt, JobScope.PROCESS, delay=next(pauses))
        await run_until(over, work, self._app.jobs)

    async def _watch(self, made: Platform[BaseRoute]) -> None:
        """The connection may end for good while the bot runs."""
        if (failure := await made.ended()) is not None:
            self._refuse(failure)


def _longer_and_longer() -> Iterator[float]:
    """Seconds before each try."""
    wait = AGAIN_SECONDS
    while True:
        yield wait
        wait = min(2 * wait, AGAIN_AT_MOST)


class CurrentRoutes(BaseRoute):
    """Routes that are looked up for each request: after an outage there is another platform."""

    def __init__(self, made: Mapping[str, Platform[BaseRoute]]) -> None:
        self._made = made

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """As the first of them that matches wholly, else in part."""
        found: tuple[Match, Scope] = (Match.NONE, {})
        for route in (route for made in self._made.values() for route in made.routes):
            match, child = route.matches(scope)
            if match.value > found[0].value:
                found = match, {**child, _MATCHED: route}
        return found

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """By the one that matched."""
        await scope[_MATCHED].handle(scope, receive, send)


async def _all_quietly(endings: Iterable[Awaitable[None]]) -> None:
    for ending in endings:
        await quietly(ending)


async def quietly(ending: Awaitable[None]) -> None:
    """One part that fails to end must not keep the others from it."""
    try:
        await ending
    except Exception as error:
        log("bot").warning("a platform did not end well", error=type(error).__name__)
