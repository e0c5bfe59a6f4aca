"""Places that could not be written to: looked at until they can be, and let go on.

A place that the platform refused goes on collecting. It is looked at when its platform says that something
changed there (`look_again`), every hour, and when the relay starts; looking asks the platform and posts
nothing. What is to be looked at, and when, is stored, so another process may say so and a crash forgets
nothing. What waits there is kept within its bounds at each look (`bot.storage.relay.lost_places`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.delivery_results import Busy, Delivered, DeliveryResult, Gone, Refused, Unknown
from bot.core.chat.ids import TenantId
from bot.core.clocks import Chance, Clock, Sleep
from bot.core.messages.message import Duration, Message, msg
from bot.core.ports import Messenger, Wake
from bot.jobs.periodic import JobScope, Periodic, WorkSoon
from bot.relay import pausing
from bot.relay.observing import RelayObserver
from bot.relay.sending.send_results import in_the_messenger
from bot.storage.engine.database import Database
from bot.storage.relay import lost_places, outages, pauses
from bot.storage.relay.lost_places import CHECK_EVERY, MOST_KEPT, LostPlaceRow

RECOVERY = "recovery"
# Places that are read at a time, and seconds between two looks: platforms count what they refuse.
_AT_A_TIME = 50
BREATH = 0.5
# Seconds until a platform that does not say is asked again.
_SOON = 60.0
_TOO_MANY = msg("more than {most} messages waited for a channel that could not be posted to", most=MOST_KEPT)


class Recovery:
    """Looks at lost places when they are due."""

    def __init__(
        self,
        db: Database,
        messengers: Mapping[str, Messenger],
        *,
        clock: Clock,
        random: Chance,
        sleep: Sleep,
        wake: Wake,
        soon: WorkSoon,
        observer: RelayObserver,
        max_age: float | None = None,
        poll: float = 5.0,
    ) -> None:
        """messengers: by platform, those that are connected. clock: epoch seconds. wake: called for a lane
        that may go on. soon: has the work run before its turn. max_age: seconds for which what comes is kept.
        poll: seconds after which it looks for places that another process wants looked at."""
        self._db = db
        self._messengers = messengers
        self._clock = clock
        self._random = random
        self._sleep = sleep
        self._wake = wake
        self._observer = observer
        self._max_age = max_age
        self._poll = poll
        self._soon = soon
        self._begun = False

    async def look_again(self, tenant: TenantId, channel: str = "") -> None:
        """Something changed in a channel, or in the whole tenant, so that the bot may be able to post there
        again. Cheap where nothing is lost. Raises StorageUnavailable."""
        if await lost_places.look_again(self._db, self._clock(), tenant=tenant, channel=channel):
            self._soon()

    async def look_everywhere(self, platform: str) -> None:
        """The same for all tenants of a platform."""
        if await lost_places.look_again(self._db, self._clock(), platform=platform):
            self._soon()

    def work(self) -> Periodic:
        """Look at all that are lost, and from then on at those that are due."""
        return Periodic(RECOVERY, self._poll, self._all_due, JobScope.INSTALLATION, part="lanes")

    async def _all_due(self) -> None:
        if not self._begun:
            # What the platforms said while nobody listened is not known.
            await lost_places.look_again(self._db, self._clock())
            self._begun = True
        while await self.round():
            pass

    async def round(self) -> bool:
        """Look at some places that are due; whether there may be more."""
        found = await lost_places.due(self._db, self._clock(), _AT_A_TIME)
        for one in found:
            await self._look(one)
        return len(found) == _AT_A_TIME

    async def _look(self, lost: LostPlaceRow) -> None:
        await self._trim(lost)
        messenger = self._messengers.get(lost.place.tenant.platform)
        if lost.by_person or lost.away or messenger is None:
            await self._later(lost, CHECK_EVERY)
            return
        answer = await self._asked_of(messenger, lost)
        match answer:
            case Delivered():
                await self._regain(lost)
            case Gone(reason):
                await self._later(lost, CHECK_EVERY, reason)
            case Busy(retry_after):
                await self._later(lost, max(_SOON, retry_after))
            case Refused() | Unknown():
                await self._later(lost, _SOON * 5)
            case _:
                assert_never(answer)
        await self._sleep(BREATH)

    async def _asked_of(self, messenger: Messenger, lost: LostPlaceRow) -> DeliveryResult:
        try:
            return await messenger.check(lost.place)
        except Exception as error:
            self._observer.trouble("lanes", error)
            return Unknown(in_the_messenger(error))

    async def _later(self, lost: LostPlaceRow, seconds: float, reason: str | None = None) -> None:
        # Not all that were lost at one moment are to be looked at in one.
        at = self._clock() + seconds * (1.0 + 0.1 * self._random())
        changed = reason if reason != lost.reason else None
        await lost_places.look_later(self._db, lost.lane, at, changed)

    async def _trim(self, lost: LostPlaceRow) -> None:
        now = self._clock()
        before = None if self._max_age is None else now - self._max_age
        old = _too_old(self._max_age)
        await lost_places.trim(self._db, lost.lane, before, why_old=old, why_many=_TOO_MANY, now=now)

    async def _regain(self, lost: LostPlaceRow) -> None:
        """Let it go on. That is told when a message has arrived (`bot.relay.sending.breaker`), or now where
        none waits."""
        now = self._clock()

        async def work(connection: AsyncConnection) -> list[str]:
            await pauses.regain(connection, lost.place.tenant, [lost.lane])
            if await outages.waiting(connection, lost.lane):
                return []
            return await pausing.place_goes_on(connection, lost.place, now)

        told = await self._db.write(work)
        for lane in (lost.lane, *told):
            self._wake(lane)


def _too_old(max_age: float | None) -> Message:
    if max_age is None:
        return msg("it became older than relay.max_age while its channel could not be posted to")
    return msg(
        "it became older than relay.max_age ({age}) while its channel could not be posted to",
        age=Duration(max_age),
    )
