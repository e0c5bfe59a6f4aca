"""The intake: verified deliveries into the database, many in one durable transaction.

Requests that are in flight together are gathered until their transaction begins, and stored with two
statements, whatever their number. Each gets its answer after the commit.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.clocks import Clock
from bot.core.errors import StorageUnavailable
from bot.core.routes.events import Event, IncomingEvent
from bot.relay.gathering import Gatherer, writes_ahead
from bot.relay.observing import RelayObserver
from bot.relay.receiving.capacity import Capacity
from bot.relay.receiving.delivery_body import DeliveryBody
from bot.relay.receiving.fresh import FreshEvents
from bot.relay.receiving.hook_keys import HookKey
from bot.relay.receiving.received import (
    DUPLICATE,
    NONCE_REUSED,
    TEST,
    Received,
    StoredDelivery,
    WebhookDelivery,
    accepted,
)
from bot.relay.receiving.signature import Verified
from bot.relay.receiving.stored_apart import StoresApart, store_apart
from bot.storage.engine.database import Database
from bot.storage.engine.stored_bytes import size_of
from bot.storage.intake.events import ORDER_LOCK, NewEvent, store_events
from bot.storage.intake.hooks import NonceSeen, record_nonces, touch

# Deliveries of one transaction: enough that the disk is not what limits, few enough that the first
# one does not wait long.
BATCH_LIMIT = 256
# Deliveries waiting for a transaction; more are told to come back.
WAITING_LIMIT = 8192
# Seconds from one transaction to the next, so that what comes one by one shares them: nobody waits for the
# answer but Xquik, which gives it seconds. Where so many wait it begins at once.
GATHER = 0.01
_ENOUGH = 16
# Seconds that a transaction waits for the one before it, which takes milliseconds unless its process stands
# still. Then whoever delivers is told to come back, well before it or a proxy gives up by itself.
_PATIENCE = 3.0
# Seconds between notes of when a hook was last used.
_TOUCH_EVERY = 30.0


EventsStored: TypeAlias = Callable[[], None]
"""Told that events were stored, and are to be routed."""


class Intake:
    """Stores deliveries."""

    def __init__(
        self,
        db: Database,
        *,
        clock: Clock,
        stored: EventsStored,
        observer: RelayObserver,
        capacity: Capacity | None = None,
        fresh: FreshEvents | None = None,
        apart: StoresApart | None = None,
    ) -> None:
        """stored: called after new events were committed. fresh: is given them before. capacity: says
        where there is no room for them. apart: stores them by a process of its own.
        """
        self._db = db
        self._clock = clock
        self._stored = stored
        self._observer = observer
        self._capacity = capacity
        self._fresh = fresh
        self._apart = apart
        self._gatherer: Gatherer[WebhookDelivery, Received] = Gatherer(
            self._store,
            name="relay-intake",
            group_limit=BATCH_LIMIT,
            waiting_limit=WAITING_LIMIT,
            ahead=writes_ahead(db),
            gather=GATHER,
            enough=_ENOUGH,
        )
        self._touched: dict[str, float] = {}
        # Of the last delivery's timestamp, before our clock; in seconds.
        self._skew: float | None = None

    async def take(self, key: HookKey, verified: Verified, body: DeliveryBody) -> Received:
        """Store one webhook delivery; its answer once it is durable, StorageUnavailable otherwise. The
        code says so where it is for lack of room: "full", or "share" for the tenant's own.
        """
        return await self._answer(self.begin(key, verified, body))

    def begin(self, key: HookKey, verified: Verified, body: DeliveryBody) -> asyncio.Future[Received]:
        """The same as a future; StorageUnavailable at once for lack of room. What it fails with later is to
        be shown to `not_stored`."""
        now = self._clock()
        self._skew = verified.timestamp / 1000 - now
        event, data = None, _NOTHING
        if body.event is not None:
            event = _new_event(key.tenant, body.event, "webhook", data=body.data, digest=body.digest, now=now)
            data = body.event.data
        return self._put(WebhookDelivery(key.tenant, key.hook, verified.nonce, body.digest, event, data, now))

    def not_stored(self, error: BaseException) -> StorageUnavailable:
        """What whoever delivered is told of a failure; what is a mistake of ours is told here."""
        if isinstance(error, StorageUnavailable):
            return error
        self._observer.trouble("intake", error)
        return StorageUnavailable(
            "the event could not be stored",  # no message: Xquik reads it
            retry_after=5.0,
        )

    async def take_event(
        self, tenant: TenantId, event: IncomingEvent, data: str, digest: bytes, via: str
    ) -> Received:
        """Store an event that came by another way. via: stream or catchup; data: its JSON text."""
        now = self._clock()
        new = _new_event(tenant, event, via, data=data, digest=digest, now=now)
        return await self._answer(self._put(WebhookDelivery(tenant, "", None, digest, new, event.data, now)))

    @property
    def busy(self) -> bool:
        """Whether something waits to be stored."""
        return self._gatherer.busy

    async def stop(self) -> None:
        """Wait until everything taken so far is stored."""
        await self._gatherer.drained()

    async def _answer(self, taken: asyncio.Future[Received]) -> Received:
        try:
            return await taken
        except StorageUnavailable:
            raise
        except Exception as error:
            raise self.not_stored(error) from error

    def _put(self, delivery: WebhookDelivery) -> asyncio.Future[Received]:
        if self._capacity is not None and delivery.event is not None:
            self._capacity.check(delivery.event.tenant, size_of(delivery.event.data))
        return self._gatherer.put(delivery)

    async def _store(self, take: Callable[[], Sequence[WebhookDelivery]]) -> list[Received]:
        try:
            found, again = await self._written(take)
        except StorageUnavailable as error:
            # Whoever delivers repeats it; whoever reads the log would not know.
            self._observer.trouble("intake", error)
            raise
        group = take()
        if len(self._touched) > 10_000:
            self._touched.clear()
        for hook in self._unnoted(group):
            self._touched[hook] = group[-1].at
        results = [one.received for one in found]
        self._observe(group, results)
        if self._capacity is not None:
            for delivery, received in zip(group, results, strict=True):
                if received is Received.ACCEPTED and delivery.event is not None:
                    self._capacity.took(delivery.event.tenant, size_of(delivery.event.data))
        if self._fresh is not None:
            self._fresh.add(_new_ones(group, found))
        if again or Received.ACCEPTED in results:
            self._stored()
        return results

    async def _written(
        self, take: Callable[[], Sequence[WebhookDelivery]]
    ) -> tuple[list[StoredDelivery], bool]:
        """What became of each, and whether some may have been stored before that nobody was told of."""
        if self._apart is not None:
            group = take()
            return await store_apart(self._apart, group, self._unnoted(group)) if group else ([], False)

        async def work(connection: AsyncConnection) -> list[StoredDelivery]:
            group = take()
            return await store(self._db, connection, group, self._unnoted(group))

        return await self._db.write(work), False

    def _unnoted(self, group: Sequence[WebhookDelivery]) -> list[str]:
        """The hooks among them whose last use was not noted lately, in order."""
        since = max((delivery.at for delivery in group), default=0.0) - _TOUCH_EVERY
        used = {delivery.hook for delivery in group if delivery.hook}
        return sorted(hook for hook in used if self._touched.get(hook, 0.0) < since)

    def _observe(self, group: Sequence[WebhookDelivery], results: Sequence[Received]) -> None:
        said = list(zip(group, results, strict=True))
        new = [d.event for d, result in said if result is Received.ACCEPTED and d.event is not None]
        again = [d.event for d, result in said if result is Received.DUPLICATE and d.event is not None]
        if new or again:
            self._observer.arrived(new, again)
        if self._skew is not None:
            self._observer.skewed(self._skew)
        for _ in range(results.count(Received.NONCE_REUSED)):
            self._observer.rejected("nonce")


async def store(
    db: Database, connection: AsyncConnection, group: Sequence[WebhookDelivery], touched: Sequence[str]
) -> list[StoredDelivery]:
    """Store a group inside a transaction; the answer for each, in order. touched: hooks to note."""
    if not group:
        return []
    signed = [delivery for delivery in group if delivery.nonce is not None]
    await db.serialised(connection, ORDER_LOCK, _PATIENCE)
    reused = set()
    if signed:
        seen = [NonceSeen(d.hook, d.nonce or "", d.digest, d.at) for d in signed]
        bad = await record_nonces(connection, seen)
        reused = {id(signed[position]) for position in bad}
    genuine = [d.event for d in group if d.event is not None and id(d) not in reused]
    ids = iter(await store_events(connection, genuine) if genuine else ())
    if touched:
        await touch(connection, touched, group[-1].at)
    answers = []
    for delivery in group:
        if id(delivery) in reused:
            answers.append(NONCE_REUSED)
        elif delivery.event is None:
            answers.append(TEST)
        else:
            number = next(ids)
            answers.append(DUPLICATE if number is None else accepted(number))
    return answers


def _new_event(
    tenant: TenantId, event: IncomingEvent, via: str, *, data: str, digest: bytes, now: float
) -> NewEvent:
    return NewEvent(
        tenant=str(tenant),
        identity=event.identity,
        digest=digest,
        type=event.type,
        username=event.username,
        query=event.query,
        data=data,
        occurred_at=event.occurred_at,
        received_at=now,
        via=via,
        account_id=event.account_id,
    )


def _new_ones(
    group: Sequence[WebhookDelivery], found: Sequence[StoredDelivery]
) -> Iterator[tuple[Event, int]]:
    for delivery, one in zip(group, found, strict=True):
        if one.id is not None and delivery.event is not None:
            yield _event(delivery, delivery.event, one.id), len(delivery.event.data)


def _event(delivery: WebhookDelivery, event: NewEvent, number: int) -> Event:
    return Event(
        id=number,
        tenant=delivery.tenant,
        type=event.type,
        username=event.username,
        query=event.query,
        occurred_at=event.occurred_at,
        received_at=event.received_at,
        data=delivery.data,
        identity=event.identity,
        account_id=event.account_id,
    )


_NOTHING: Mapping[str, Any] = {}
