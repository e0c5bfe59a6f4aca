"""What is done to relayed messages whose tweet was deleted on X, inside the router's transaction.

The policy is that of the route that brought the message: it is marked, removed or kept. What still
waits to become a list is left out of it; of a list there is already, the line is marked or removed.
"""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.messages.message import msg
from bot.core.routes import dedup_keys
from bot.core.routes.dedup_keys import DedupKey
from bot.core.routes.deliveries import DeliveryKind
from bot.core.routes.route import Deleted
from bot.relay.routing.expanding import TweetDeletion
from bot.relay.sending.outbox import delivery_key
from bot.storage.relay.deliveries import NewDelivery
from bot.storage.relay.lane_messages import LaneMessage, lane_messages, leave_out_held, skip_waiting
from bot.storage.relay.released_lists import InList, in_lists

_NEVER_POSTED = msg("its tweet was deleted before it was posted")


async def acted_on(connection: AsyncConnection, deletion: TweetDeletion, now: float) -> list[NewDelivery]:
    """What is to be put into the outbox for a deletion. now: epoch seconds.

    What is to be removed and was not even tried is not posted. Whether it was tried meanwhile is seen by
    whoever removes it, behind it in the same lane.
    """
    lanes = sorted(deletion.places)
    # First what is held: what is being released meanwhile is waited for, and seen below as it became.
    await leave_out_held(connection, lanes, deletion.keys)
    there = await lane_messages(connection, lanes, deletion.keys)
    new: list[NewDelivery] = []
    unposted: list[int] = []
    for one in there:
        policy = deletion.policy_for(one.lane, one.route)
        if policy is Deleted.KEEP:
            continue
        if policy is Deleted.REMOVE and one.waiting:
            unposted.append(one.id)
        new.append(_done_to(one, deletion, policy, now))
    await skip_waiting(connection, unposted, _NEVER_POSTED, now)
    for line in await in_lists(connection, lanes, deletion.keys):
        policy = deletion.policy_for(line.lane, line.route)
        if policy is not Deleted.KEEP:
            new.append(_done_in(line, deletion, policy, now))
    return new


def _done_to(one: LaneMessage, deletion: TweetDeletion, policy: Deleted, now: float) -> NewDelivery:
    return _update(one, dedup_keys.done_to(one.dedup_key), deletion, policy, now)


def _done_in(line: InList, deletion: TweetDeletion, policy: Deleted, now: float) -> NewDelivery:
    return _update(line, dedup_keys.done_in_list(line.dedup_key, line.id), deletion, policy, now)


def _update(
    one: LaneMessage | InList, dedup_key: DedupKey, deletion: TweetDeletion, policy: Deleted, now: float
) -> NewDelivery:
    return NewDelivery(
        destination=one.place,
        lane=one.lane,
        kind=DeliveryKind.MARK if policy is Deleted.MARK else DeliveryKind.REMOVE,
        dedup_key=dedup_key,
        key=delivery_key(one.lane, dedup_key),
        created_at=now,
        event=deletion.event.id,
        route=one.route,
        about=one.dedup_key,
    )
