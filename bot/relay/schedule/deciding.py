"""The schedule of routes: which of their events are sent now, later, with others, or not at all.

In order, for each event: a digest takes everything; quiet hours hold until they end; what was missed
and comes late waits for the rest of the gap; more than so many at once become one list; what is above
the day's cap is left out, and the channel is told once; and the rest is spread over the hour.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat import card_json
from bot.core.messages.message import nmsg
from bot.core.routes import dedup_keys
from bot.core.routes.deliveries import DeliveryKind, DeliveryState
from bot.core.routes.route import MissedPolicy, Route
from bot.core.routes.schedule_moments import day_of, next_list, quiet_until
from bot.relay.routing.planning import Planned
from bot.relay.schedule import notices as schedule_notices
from bot.relay.sending.outbox import delivery_key
from bot.storage.relay import rate_counters
from bot.storage.relay.deliveries import NewDelivery
from bot.storage.relay.held import NewHeld, hold, known
from bot.storage.relay.rate_counters import RateCounts

# Seconds between what happened and its arrival from which an event counts as missed and caught up with.
MISSED_AFTER = 300.0
# Seconds that a missed event waits for others of the same gap; see `bot.relay.schedule.releasing`.
GATHER = 15.0


class Send(msgspec.Struct, frozen=True):
    """Send it, not before that moment (epoch seconds; 0 for now)."""

    not_before: float = 0.0


class Hold(msgspec.Struct, frozen=True):
    """Keep it to become one message with others. reason: digest, quiet, missed or burst."""

    reason: str
    due_at: float


class Skip(msgspec.Struct, frozen=True):
    """Leave it out. first: it is the first of its day, so the channel is told."""

    reason: str
    first: bool


Decision: TypeAlias = Send | Hold | Skip


def decide(one: Planned, counted: RateCounts, now: float) -> Decision:
    """What becomes of one event; `counted` is moved on with it."""
    schedule = one.route.schedule
    if schedule.digest:
        return Hold("digest", next_list(schedule.digest, schedule.timezone, now))
    if schedule.quiet is not None:
        until = quiet_until(schedule.quiet, schedule.timezone, now)
        if until is not None:
            return Hold("quiet", until)
    late = one.event.received_at - one.event.occurred_at
    if one.route.catch_up.policy is not MissedPolicy.ALL and late > MISSED_AFTER:
        return Hold("missed", now + GATHER)
    burst = schedule.burst
    if burst is not None:
        # One that began in the future began by a clock that was wrong.
        if not counted.window_began <= now < counted.window_began + burst.seconds:
            counted.window_began, counted.in_window = now, 0
        counted.in_window += 1
        if counted.in_window > burst.count:
            return Hold("burst", counted.window_began + burst.seconds)
    return _capped(one.route, counted, now)


def _capped(route: Route, counted: RateCounts, now: float) -> Send | Skip:
    schedule = route.schedule
    if schedule.per_day is not None:
        today = day_of(schedule.timezone, now)
        if counted.day != today:
            counted.day, counted.in_day = today, 0
        counted.in_day += 1
        if counted.in_day > schedule.per_day:
            reason = nmsg(
                "the route {route} posts at most {n} message a day here",
                "the route {route} posts at most {n} messages a day here",
                n=schedule.per_day,
                route=repr(route.name),
            )
            return Skip(reason, first=counted.in_day == schedule.per_day + 1)
    if schedule.per_hour is None:
        return Send()
    at = max(now, counted.next_at)
    counted.next_at = at + 3600.0 / schedule.per_hour
    return Send(at if at > now else 0.0)


MakeDelivery: TypeAlias = Callable[[Planned, float], NewDelivery]
"""The delivery of what was planned; made at epoch seconds."""


class RouteSchedules:
    """Implements `bot.relay.routing.planning.Scheduling`."""

    def __init__(self, dialect: str, new_delivery: MakeDelivery) -> None:
        """new_delivery: the delivery of an event that is sent by itself, made at a moment."""
        self._dialect = dialect
        self._new = new_delivery

    async def arrange(
        self, connection: AsyncConnection, planned: Sequence[Planned], now: float
    ) -> list[NewDelivery]:
        """See the protocol."""
        seen = await known(connection, [(one.lane, one.dedup_key) for one in planned])
        counted = await rate_counters.load(connection, {(one.route.id, one.lane) for one in planned})
        made: list[NewDelivery] = []
        kept: list[NewHeld] = []
        for one in planned:
            if (one.lane, one.dedup_key) in seen:
                continue  # the same tweet by another way: it is counted once
            seen.add((one.lane, one.dedup_key))
            match decide(one, counted[one.route.id, one.lane], now):
                case Send(not_before):
                    made.append(self._made(one, now, not_before=not_before))
                case Hold(reason, due_at):
                    kept.append(_held(one, reason, due_at, now))
                case Skip(reason, first):
                    made.append(self._made(one, now, left_out=reason))
                    if first:
                        made.append(_cap_notice(one, counted[one.route.id, one.lane].day, now))
        await hold(connection, kept)
        await rate_counters.keep(connection, self._dialect, counted.items())
        return made

    def _made(
        self, one: Planned, now: float, *, not_before: float = 0.0, left_out: str | None = None
    ) -> NewDelivery:
        new = self._new(one, now)
        if left_out is not None:
            return msgspec.structs.replace(new, state=DeliveryState.SKIPPED, error=left_out)
        return msgspec.structs.replace(new, not_before=not_before) if not_before else new


def _held(one: Planned, reason: str, due_at: float, now: float) -> NewHeld:
    return NewHeld(one.route.id, one.destination, one.lane, one.event.id, one.dedup_key, reason, due_at, now)


def _cap_notice(one: Planned, day: str, now: float) -> NewDelivery:
    dedup_key = dedup_keys.of_cap(one.route.id, day)
    return NewDelivery(
        destination=one.destination,
        lane=one.lane,
        kind=DeliveryKind.LIST,
        dedup_key=dedup_key,
        key=delivery_key(one.lane, dedup_key),
        created_at=now,
        route=one.route.id,
        card=card_json.encode(schedule_notices.capped(one.route)),
    )
