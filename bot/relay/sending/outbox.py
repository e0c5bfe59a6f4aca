"""Putting a message of our own into the outbox, inside somebody else's transaction.

async def work(connection):
    ...                                       # settle the proposal
    await outbox(connection, place, f"p:{proposal}", card, edit_message=message)

await db.write(work)
relay.wake(str(place))                        # after the commit
"""

from __future__ import annotations

import hashlib

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat import card_json
from bot.core.chat.cards import Card
from bot.core.chat.ids import Destination, TenantId
from bot.core.chat.moments import in_zone, shows_moments
from bot.core.clocks import Clock
from bot.core.routes.dedup_keys import DedupKey
from bot.core.routes.deliveries import DeliveryKind
from bot.storage.places.timezones import chosen_zones
from bot.storage.relay.deliveries import FIRST, NewDelivery, add, move_notices

# A byte to the letter of its last five bits: quicker than base 32, and it is made for every message.
_FIVE_BITS = b"abcdefghijklmnopqrstuvwxyz234567" * 8


def lane_of_events(destination: Destination) -> str:
    """The lane that brings events to a place."""
    return str(destination)


def lane_of_cards(destination: Destination) -> str:
    """The lane for outcomes in a place: a person who pressed Confirm does not wait for its events."""
    return f"{destination}#cards"


def lane_of_announcements(destination: Destination) -> str:
    """The lane of what is said before all that waits for a place."""
    return f"{destination}{FIRST}"


def lane_of_person(tenant: TenantId, person: str) -> str:
    """The lane of direct messages to a person."""
    return f"{tenant}/@{person}"


def place_of_lane(lane: str) -> Destination | None:
    """Where the messages of a lane go; None for the lane of a person."""
    tenant, _, rest = lane.partition("#")[0].partition("/")
    channel, _, thread = rest.partition("/")
    if channel.startswith("@"):
        return None
    return Destination(TenantId.parse(tenant), channel, thread or None)


def delivery_key(lane: str, about: str) -> str:
    """The stable key of a message: 25 characters of [a-z2-7], 125 bits of the lane and of what it is
    about: its de-duplication key."""
    digest = hashlib.blake2b(f"{lane}\n{about}".encode(), digest_size=25).digest()
    return digest.translate(_FIVE_BITS).decode("ascii")


class Outbox:
    """`enqueue_card` with the clock that the composition root chose."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def __call__(
        self,
        connection: AsyncConnection,
        destination: Destination,
        dedup_key: DedupKey,
        card: Card,
        *,
        edit_message: str | None = None,
        person: str | None = None,
        only_edit: bool = False,
        private: bool = False,
        after: float = 0.0,
        attachment: str | None = None,
    ) -> str:
        """See `enqueue_card`. private: `person` alone may see it, so it is never posted in the place; and,
        such a one alone, not before `after` (epoch seconds)."""
        if private and person is not None:
            return await _enqueue(
                connection,
                lane_of_person(destination.tenant, person),
                destination,
                DeliveryKind.TELL,
                dedup_key,
                card,
                self._clock(),
                edit_message=edit_message,
                person=person,
                not_before=after,
                attachment=attachment,
            )
        return await enqueue_card(
            connection,
            destination,
            dedup_key,
            card,
            now=self._clock(),
            edit_message=edit_message,
            person=person,
            only_edit=only_edit,
            attachment=attachment,
        )


async def enqueue_card(
    connection: AsyncConnection,
    destination: Destination,
    dedup_key: DedupKey,
    card: Card,
    *,
    now: float,
    edit_message: str | None = None,
    person: str | None = None,
    only_edit: bool = False,
    attachment: str | None = None,
) -> str:
    """Queue a card for a place; returns the lane to wake after the commit.

    dedup_key: what it is about ("p:<proposal id>"); the same dedup_key is sent once in a place.
    now: epoch seconds. edit_message: the message to replace, if it can still be. person: who is
    told directly when neither that nor a new message is possible. only_edit: it is not worth a
    message of its own. attachment: the file that goes with a new message.
    """
    return await _enqueue(
        connection,
        lane_of_cards(destination),
        destination,
        DeliveryKind.EDIT if only_edit else DeliveryKind.CARD,
        dedup_key,
        card,
        now,
        edit_message=edit_message,
        person=person,
        attachment=attachment,
    )


async def enqueue_notice(
    connection: AsyncConnection,
    destination: Destination,
    dedup_key: DedupKey,
    card: Card,
    *,
    now: float,
    first: bool,
) -> str:
    """Queue a word about a place among its events; returns the lane to wake after the commit.

    first: before all that waits there, for what announces it; else behind what waits and before what comes
    later. It is no failure when it cannot be posted. dedup_key, now: as `enqueue_card`.
    """
    behind = lane_of_events(destination)
    lane = lane_of_announcements(destination) if first else behind
    if first:
        # A word that still waits is the older one, and is not said after this.
        await move_notices(connection, behind, lane)
    return await _enqueue(connection, lane, destination, DeliveryKind.NOTICE, dedup_key, card, now)


async def enqueue_tell(
    connection: AsyncConnection,
    tenant: TenantId,
    person: str,
    *,
    dedup_key: DedupKey,
    card: Card,
    now: float,
) -> str:
    """Queue a direct message to a person; returns the lane to wake after the commit."""
    nowhere = Destination(tenant, "")
    lane = lane_of_person(tenant, person)
    return await _enqueue(connection, lane, nowhere, DeliveryKind.TELL, dedup_key, card, now, person=person)


async def _enqueue(
    connection: AsyncConnection,
    lane: str,
    destination: Destination,
    kind: DeliveryKind,
    dedup_key: DedupKey,
    card: Card,
    now: float,
    *,
    edit_message: str | None = None,
    person: str | None = None,
    not_before: float = 0.0,
    attachment: str | None = None,
) -> str:
    if shows_moments(card):
        chosen = await chosen_zones(
            connection, destination.tenant, person if kind is DeliveryKind.TELL and person else ""
        )
        card = in_zone(card, chosen.own or chosen.place)
    new = NewDelivery(
        destination=destination,
        lane=lane,
        kind=kind,
        dedup_key=dedup_key,
        key=delivery_key(lane, dedup_key),
        created_at=now,
        card=card_json.encode(card),
        edit_message=edit_message,
        person=person,
        not_before=not_before,
        attachment=attachment,
    )
    await add(connection, [new])
    return lane
