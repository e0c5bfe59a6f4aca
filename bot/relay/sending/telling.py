"""Telling somebody who manages a place: always somebody, also where routes came from a file.

Where a channel was set for it (`setup notices`), it goes there. Else each maker of a route is told, and for
routes that nobody made in chat the first who is known of: who stored the key, who installed the app, who
owns the server or workspace. What cannot be told to one of them (no direct messages, no longer there) is
told to the next; only when nobody is left it is a dead letter.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Final, TypeAlias, TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat import card_json
from bot.core.chat.cards import Card
from bot.core.chat.ids import Destination, TenantId
from bot.core.clocks import Clock
from bot.core.ports import Wake
from bot.core.routes import dedup_keys
from bot.core.routes.dedup_keys import DedupKey
from bot.relay.sending.outbox import enqueue_card, enqueue_tell, lane_of_person
from bot.storage.engine.database import Database
from bot.storage.places.contacts import KnownContacts, known_contacts
from bot.storage.relay.lane_heads import Claimed
from bot.storage.tables import deliveries

T = TypeVar("T")

# Stands for whoever owns the place: the platform is asked when the message is sent.
OWNER: Final = "@owner"
_CHANNEL: Final = "#"
Unheard: TypeAlias = Callable[[AsyncConnection, TenantId, DedupKey, float], Awaitable[list[str]]]
"""Tells the places themselves what was told to nobody, inside a transaction; the lanes to wake."""


async def nobody_else(
    _connection: AsyncConnection, _tenant: TenantId, _purpose: str, _now: float
) -> list[str]:
    """An `Unheard` that leaves it at that."""
    return []


def addressed(known: KnownContacts, by_maker: Mapping[str, Sequence[T]]) -> dict[str, list[T]]:
    """To whom what is told, a channel as "#<id>". by_maker: what is told of, by who made it, "" where nobody
    is known to have. Pure."""
    found: dict[str, list[T]] = {}
    for maker, what in sorted(by_maker.items()):
        to = f"{_CHANNEL}{known.channel}" if known.channel else maker or next(iter(_chain(known)))
        found.setdefault(to, []).extend(what)
    return found


async def tell_each(
    connection: AsyncConnection,
    tenant: TenantId,
    by_maker: Mapping[str, Sequence[T]],
    *,
    dedup_key: DedupKey,
    card: Callable[[Sequence[T]], Card],
    now: float,
    in_channel: Callable[[Sequence[T]], Card] | None = None,
    confidential: bool = True,
) -> list[str]:
    """Tell what concerns them, inside a transaction of the caller; the lanes to wake afterwards.

    dedup_key: the same is told once to each. now: epoch seconds. in_channel: what is said instead where it is
    a channel, which others may read. confidential: only people read it who have VIEW or MANAGE when it is
    sent; else it holds neither figures nor causes, and whoever it concerns may read it.
    """
    known = await known_contacts(connection, tenant)
    named = dedup_keys.to_managers(dedup_key, confidential=confidential)
    lanes = []
    for to, what in addressed(known, by_maker).items():
        if to.startswith(_CHANNEL):
            place = Destination(tenant, to.removeprefix(_CHANNEL))
            said = (in_channel or card)(what)
            lanes.append(await enqueue_card(connection, place, named, said, now=now))
        else:
            lanes.append(
                await enqueue_tell(connection, tenant, to, dedup_key=named, card=card(what), now=now)
            )
    return lanes


async def tell(
    connection: AsyncConnection,
    tenant: TenantId,
    makers: Iterable[str],
    *,
    dedup_key: DedupKey,
    card: Card,
    now: float,
    in_channel: Card | None = None,
    confidential: bool = True,
) -> list[str]:
    """Tell all of them the same. makers: as `tell_each`; where none is known, whoever manages. in_channel:
    what is said instead where it is a channel. confidential: as `tell_each`."""
    nothing: dict[str, list[object]] = {maker: [] for maker in makers if maker} or {"": []}
    return await tell_each(
        connection,
        tenant,
        nothing,
        dedup_key=dedup_key,
        card=lambda _: card,
        now=now,
        in_channel=lambda _: in_channel or card,
        confidential=confidential,
    )


class NextInLine:
    """Finds somebody else where one who manages cannot be told."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        wake: Wake,
        unheard: Unheard = nobody_else,
    ) -> None:
        """clock: epoch seconds. wake: called for the lane of who is told next. unheard: told the dedup_key of
        what nobody was told."""
        self._unheard = unheard
        self._db = db
        self._clock = clock
        self._wake = wake

    async def passed_on(self, item: Claimed) -> bool:
        """Have the next one told; False when it is no such message, or nobody is left.

        A crash before it is written down that the first was not told has two of them told.
        """
        card = item.card
        if not dedup_keys.is_to_managers(item.dedup_key) or card is None:
            return False
        tenant, dedup_key, now = item.destination.tenant, item.dedup_key, self._clock()

        async def work(connection: AsyncConnection) -> list[str]:
            for person in _chain(await known_contacts(connection, tenant)):
                told = select(deliveries.c.id).where(
                    deliveries.c.lane == lane_of_person(tenant, person), deliveries.c.dedup_key == dedup_key
                )
                if (await connection.execute(told)).first() is None:
                    decoded = card_json.decode(card)
                    return [
                        await enqueue_tell(
                            connection, tenant, person, dedup_key=dedup_key, card=decoded, now=now
                        )
                    ]
            return await self._unheard(connection, tenant, dedup_keys.told(dedup_key), now)

        lanes = await self._db.write(work)
        for lane in lanes:
            self._wake(lane)
        return bool(lanes)


def _chain(known: KnownContacts) -> tuple[str, ...]:
    return (*known.people, OWNER)
