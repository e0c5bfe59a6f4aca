"""Each tenant's quota of the router's work, so that nobody's flood delays the others. Pure.

In a batch of common events each tenant has a share. What is more is passed, and routed beside the
batches, a share at a time, in turns with others that have fallen behind.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from typing import TypeAlias

import msgspec

from bot.core.routes.events import Event
from bot.core.routes.tracing import Routing, trace_id
from bot.relay.routing.expanding import Expansion
from bot.storage.intake.tenant_cursors import Lag


class Quota(msgspec.Struct, frozen=True):
    """How much is done at a time. events: read for a batch or a turn; batch: rows that a batch makes, and a
    round of turns; turn: rows of one turn where many wait for theirs; least: of a batch, for a tenant,
    however many share it; turns: of a round. One event's own rows are never divided."""

    events: int = 200
    batch: int = 4000
    turn: int = 500
    least: int = 100
    turns: int = 16


class RoutedBatch(msgspec.Struct, frozen=True):
    """What is routed in one transaction. upto: the id of the last event looked at. now: epoch seconds, one
    moment for all of it. passed: what was left for later, of each tenant."""

    upto: int
    routed: list[Routing]
    made: Expansion
    now: float
    passed: dict[str, Lag]

    @property
    def is_plain(self) -> bool:
        """Whether it is messages and nothing else."""
        return not (self.passed or self.made.planned or self.made.deletions)


Expand = Callable[[Event], Expansion]
"""What an event becomes: deliveries, and what is to be held or done."""
Steps: TypeAlias = Generator[None, None, RoutedBatch]
"""Works a batch out, an event at a time, so that others have their turn in between."""


def step(steps: Steps) -> RoutedBatch | None:
    """Take one step; the batch after the last one."""
    try:
        next(steps)
    except StopIteration as done:
        batch: RoutedBatch = done.value
        return batch
    return None


def at_once(steps: Steps) -> RoutedBatch:
    """The batch, with no turn for anybody else."""
    while (batch := step(steps)) is None:
        pass
    return batch


def common_batch(
    events: Sequence[Event], lagging: Collection[str], expand: Expand, quota: Quota, now: float
) -> Steps:
    """The next events of all tenants, each with its share; what lags already is passed. A step for each.

    expand: what an event becomes; one that cannot be said for is passed with what follows it of its
    tenant, so that its trouble is its tenant's alone.
    """
    names = [str(event.tenant) for event in events]
    tenants = set(names) - set(lagging)
    share = max(quota.least, quota.batch // max(1, len(tenants)))
    used: Counter[str] = Counter()
    batch = RoutedBatch(0, [], Expansion(), now, {})
    upto = 0
    for event, tenant in zip(events, names, strict=True):
        yield
        if tenant in lagging or tenant in batch.passed or used[tenant] >= share:
            _pass(batch.passed, tenant, event.id)
            upto = event.id
            continue
        if batch.made.weight >= quota.batch:
            break
        upto = event.id
        try:
            own = expand(event)
        except Exception:  # its tenant's own turn meets it again, and tells
            _pass(batch.passed, tenant, event.id)
            continue
        used[tenant] += own.weight
        _take(batch, event, tenant, own)
    return RoutedBatch(upto, batch.routed, batch.made, now, batch.passed)


def passing(events: Sequence[Event], now: float) -> RoutedBatch:
    """The batch that routes nothing and leaves every tenant's events to its own turns."""
    passed: dict[str, Lag] = {}
    for event in events:
        _pass(passed, str(event.tenant), event.id)
    return RoutedBatch(events[-1].id, [], Expansion(), now, passed)


def turn(events: Sequence[Event], whole: int, expand: Expand, share: int, now: float) -> Steps:
    """A lagging tenant's next events, a step for each. whole: where it stands when all of them are taken."""
    batch = RoutedBatch(0, [], Expansion(), now, {})
    for event in events:
        yield
        if batch.routed and batch.made.weight >= share:
            return RoutedBatch(event.id - 1, batch.routed, batch.made, now, {})
        try:
            own = expand(event)
        except Exception:
            if not batch.routed:
                raise
            return RoutedBatch(event.id - 1, batch.routed, batch.made, now, {})
        _take(batch, event, str(event.tenant), own)
    return RoutedBatch(whole, batch.routed, batch.made, now, {})


def slices(batch: RoutedBatch, events: Sequence[Event], rows: int) -> Iterator[RoutedBatch]:
    """The batch in parts of so many rows at most, or of one event. For one that is plain: each event has its
    own messages, in order. events: those that it was made of."""
    begin = first = last = 0
    for end, routing in enumerate(batch.routed):
        if end > begin and last + routing.deliveries - first > rows:
            made = Expansion(batch.made.deliveries[first:last])
            yield RoutedBatch(events[end - 1].id, batch.routed[begin:end], made, batch.now, {})
            begin, first = end, last
        last += routing.deliveries
    made = Expansion(batch.made.deliveries[first:])
    yield RoutedBatch(batch.upto, batch.routed[begin:], made, batch.now, {})


def next_turns(lagging: Collection[str], last: str) -> list[str]:
    """The lagging tenants in the order of their turns. last: who had the turn before."""
    names = sorted(lagging)
    begin = bisect_right(names, last)
    return names[begin:] + names[:begin]


def _take(batch: RoutedBatch, event: Event, tenant: str, own: Expansion) -> None:
    batch.made.extend(own)
    messages = len(own.deliveries) + len(own.planned)
    batch.routed.append(Routing(trace_id(tenant, event.identity), tenant, messages, batch.now))


def _pass(passed: dict[str, Lag], tenant: str, event: int) -> None:
    before = passed.get(tenant)
    passed[tenant] = Lag(event - 1 if before is None else before.position, event)
