"""Draining a lane: its messages one after another, each marked on the disk before it is posted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

import msgspec
from msgspec.structs import replace

from bot.core.chat.delivery_results import Busy, Delivered, Gone, Unknown
from bot.core.clocks import Chance, Clock, Sleep
from bot.core.errors import StorageUnavailable
from bot.core.messages.message import msg
from bot.core.routes import dedup_keys
from bot.core.routes.deliveries import OF_PLACES, OF_ROUTES, STANDING, DeliveryKind, DeliveryState
from bot.core.routes.tracing import SendAttempt, trace_id
from bot.relay.observing import RelayObserver
from bot.relay.sending.breaker import Breaker
from bot.relay.sending.lane_store import LaneStore, Next
from bot.relay.sending.lane_tenure import LaneTenure
from bot.relay.sending.outbox import lane_of_events
from bot.relay.sending.send_results import SendResult, outcome_name
from bot.relay.sending.sender import DeliverySender
from bot.relay.sending.settlements import settlement_of
from bot.relay.sending.telling import NextInLine
from bot.relay.sending.threads import place_of
from bot.storage.engine.database import Database
from bot.storage.relay.deliveries import FIRST, PARKED, drained_as
from bot.storage.relay.lane_heads import Claimed
from bot.storage.relay.lane_steps import NotDue, Settlement, drop_waiting
from bot.storage.relay.lost_places import CHECK_EVERY

# Messages of one lane before others that wait for a task get their turn.
TURN = 50
# Seconds after which the book-keeping is tried again when the database does not answer; doubled each time,
# up to the longest, where it answers and refuses.
_STORAGE_PAUSE = 1.0
_LONGEST_PAUSE = 60.0
# Tries of it once the relay stops.
_LAST_TRIES = 3
# Seconds to a turn that need not be waited for outside.
_AT_ONCE = 0.05
_DROP_LIMIT = 10_000


class Idle(msgspec.Struct, frozen=True):
    """Nothing to send, or nothing that time alone will change."""


class More(msgspec.Struct, frozen=True):
    """There may be more; it was somebody else's turn."""


class Until(msgspec.Struct, frozen=True):
    """Nothing before that moment (epoch seconds)."""

    at: float


Rest: TypeAlias = Idle | More | Until


class LaneDrainer:
    """Sends what a lane holds."""

    def __init__(
        self,
        db: Database,
        lane_store: LaneStore,
        sender: DeliverySender,
        breaker: Breaker,
        next_in_line: NextInLine,
        *,
        clock: Clock,
        tenure: LaneTenure,
        random: Chance,
        sleep: Sleep,
        observer: RelayObserver,
    ) -> None:
        """breaker: tells of places that stop answering. random: uniform in [0, 1)."""
        self._tenure = tenure
        self._db = db
        self._lane_store = lane_store
        self._sender = sender
        self._breaker = breaker
        self._next = next_in_line
        self._clock = clock
        self._random = random
        self._sleep = sleep
        self._observer = observer
        self._stopping = False

    def stop(self) -> None:
        """Begin no further message; what is being sent is finished and written down."""
        self._stopping = True

    async def drain(self, lane: str) -> Rest:
        """Send until the lane is empty, must wait, or others should have a turn."""
        lane = drained_as(lane)
        if self._stopping or not self._sender.serves(lane):
            return Idle()
        # Waited for before the head is marked: one that is marked and not sent counts as perhaps sent
        # when the process is killed.
        if (wait := self._sender.turn_in(lane)) > _AT_ONCE:
            return Until(self._clock() + wait)
        await self._breaker.begin(lane)
        step: Next = await self._lane_store.claim(lane)
        for turn in range(TURN):
            if step is None:
                await self._breaker.stopped(lane)
                return Idle()
            if isinstance(step, NotDue):
                return Idle() if step.until >= PARKED else Until(step.until)
            outcome, settlement = await self._tried(step)
            if settlement is None:
                # What waits for its place does so among its events; no other lane waits for that.
                return Idle() if step.lane == lane_of_events(place_of(step)) else More()
            tried = step
            wait = self._sender.turn_in(lane)
            last = self._stopping or turn == TURN - 1 or wait > _AT_ONCE
            arrived = isinstance(outcome, Delivered) and _stands_among_events(tried)
            # What is said of the end of an outage comes before the next message.
            said_first = arrived and self._breaker.may_end(lane)
            if last or said_first:
                await self._settled(settlement, lane)
            else:
                step = await self._settle_and_claim(settlement, lane)
            if arrived:
                await self._breaker.worked(tried)
            if last:
                return Until(self._clock() + wait) if wait > _AT_ONCE else More()
            if said_first:
                step = await self._lane_store.claim(lane)
        return More()

    async def _tried(self, step: Claimed) -> tuple[SendResult, Settlement | None]:
        """Send one; what became of it and what is to be written down. None: its place is gone for good,
        and that is written down already."""
        began = self._clock()
        outcome = await self._sender.send(step, self._mark_ambiguous)
        settlement = settlement_of(step, outcome, self._clock(), self._random())
        if settlement.state is DeliveryState.DEAD and await self._told_another(step):
            settlement = replace(
                settlement,
                state=DeliveryState.SKIPPED,
                error=msg("{why} Someone else is told.", why=settlement.error or ""),
            )
        elif isinstance(outcome, Gone) and _waits_for_place(step) and await self._kept(step, outcome):
            self._observe(step, outcome, began, DeliveryState.WAITING, outcome.reason)
            return outcome, None
        self._observe(step, outcome, began, settlement.state, settlement.error)
        if isinstance(outcome, Busy | Unknown) and step.kind in (*OF_ROUTES, DeliveryKind.NOTICE):
            await self._breaker.failed(replace(step, lane=drained_as(step.lane)), outcome.detail)
        return outcome, settlement

    async def _settle_and_claim(self, settlement: Settlement, lane: str) -> Next:
        try:
            return await self._lane_store.settle_and_claim(settlement, lane)
        except Exception as error:
            self._observer.trouble("lanes", error)
        # Posted but not written down: only that is repeated, never the post.
        await self._sleep(_STORAGE_PAUSE)
        await self._settled(settlement, lane)
        return await self._lane_store.claim(lane)

    async def _settled(self, settlement: Settlement, lane: str) -> None:
        await self._patiently(lambda: self._lane_store.settle(lane, settlement), lane)

    async def _patiently(self, write: Callable[[], Awaitable[None]], lane: str) -> None:
        """Write until it is written, or until the relay stops: the next start finds out then.

        Whatever it is that fails: a message that stands and is not written down would be posted again. Where
        the lane is somebody else's for good, that one finds out."""
        pause, last_tries = _STORAGE_PAUSE, 0
        while True:
            try:
                await write()
                return
            except Exception as error:
                self._observer.trouble("lanes", error)
                last_tries += self._stopping
                if last_tries >= _LAST_TRIES or self._tenure.gone(lane):
                    raise
                if not isinstance(error, StorageUnavailable):
                    pause = min(pause * 2, _LONGEST_PAUSE)
            await self._sleep(pause)

    async def _told_another(self, step: Claimed) -> bool:
        """Whether somebody else who manages is told what this one cannot be."""
        told: list[bool] = []

        async def another() -> None:
            told.append(await self._next.passed_on(step))

        await self._patiently(another, drained_as(step.lane))
        return any(told)

    async def _mark_ambiguous(self, item: Claimed) -> None:
        mark = Settlement(item.id, DeliveryState.SENDING, self._clock(), ambiguous=True)
        await self._lane_store.settle(drained_as(item.lane), mark)

    async def _kept(self, item: Claimed, gone: Gone) -> bool:
        """Keep what waits until the place can be written to again; False where no route leads there, and
        nothing is to be waited for."""
        kept: list[bool] = []

        async def keep() -> None:
            now = self._clock()
            check_at = now + CHECK_EVERY * (1.0 + 0.1 * self._random())
            kept.append(await self._breaker.lost(item, gone, check_at))
            if not kept[-1] and item.kind in OF_ROUTES:
                drop = (item.lane, gone.reason)
                await self._db.write(lambda c: drop_waiting(c, *drop, now=now, limit=_DROP_LIMIT))

        await self._patiently(keep, drained_as(item.lane))
        if kept[-1]:
            self._observer.paused(item.destination.tenant.platform, gone.reason)
        return kept[-1]

    def _observe(
        self, item: Claimed, outcome: SendResult, began: float, state: DeliveryState, error: str | None
    ) -> None:
        tenant = str(item.destination.tenant)
        self._observer.sent(
            SendAttempt(
                trace=trace_id(tenant, item.event.identity if item.event else item.key),
                tenant=tenant,
                delivery=item.id,
                kind=item.kind,
                outcome=outcome_name(outcome),
                state=state,
                attempts=item.attempts,
                queued_at=_queued_at(item),
                began_at=began,
                at=self._clock(),
                error=error or "",
            )
        )


def _waits_for_place(item: Claimed) -> bool:
    """Whether it is kept where its place is lost. What announces that all goes on there is said no more."""
    return item.kind in OF_PLACES and not item.lane.endswith(FIRST)


def _stands_among_events(item: Claimed) -> bool:
    """Whether it is one of the messages whose coming says that its place works again."""
    return item.kind in STANDING and "#" not in item.lane


def _queued_at(item: Claimed) -> float:
    """When the event was received, from where its delay counts; of what a person sent once more, then."""
    if item.event is None or dedup_keys.is_replay(item.dedup_key):
        return item.created_at
    return item.event.received_at
