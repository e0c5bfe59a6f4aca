"""Setup warnings: what keeps a message from looking as its route says, told to those who can change it.

A missing permission for threads or for publishing costs no message: it is posted all the same. So nobody
would notice, and whoever made the routes to the place is told once, with the remedy.
"""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cards.errors import with_code
from bot.core.chat.cards import Card, ChannelMention, Text, Tone, line
from bot.core.chat.delivery_results import Gone
from bot.core.chat.ids import Destination
from bot.core.clocks import Clock
from bot.core.errors import StorageUnavailable
from bot.core.messages.message import msg
from bot.core.ports import Wake
from bot.core.routes import dedup_keys
from bot.core.routes.dedup_keys import DedupKey
from bot.relay.observing import RelayObserver
from bot.relay.sending.outbox import delivery_key
from bot.relay.sending.telling import tell
from bot.relay.sending.threads import place_of
from bot.storage.engine.database import Database
from bot.storage.relay import outages
from bot.storage.relay.lane_heads import Claimed

# Warnings remembered as given; those beyond cost a write that changes nothing.
_REMEMBERED = 10_000


class SetupWarnings:
    """See the module."""

    def __init__(
        self,
        db: Database,
        *,
        clock: Clock,
        wake: Wake,
        observer: RelayObserver,
    ) -> None:
        """clock: epoch seconds. wake: called for the lanes of those who are told."""
        self._db = db
        self._clock = clock
        self._wake = wake
        self._observer = observer
        self._given: set[str] = set()

    async def give(self, item: Claimed, found: Gone) -> None:
        """Tell of a trouble that has a remedy, once for each place."""
        lane = str(place := place_of(item))
        dedup_key = dedup_keys.of_setup_warning(delivery_key(lane, found.reason))
        if not found.remedy or dedup_key in self._given:
            return
        card = trouble_card(place, found)
        try:
            lanes = await self._db.write(
                lambda connection: self._tell(connection, lane, item, dedup_key, card)
            )
        except StorageUnavailable as error:
            self._observer.trouble("lanes", error)  # it is said with the next message
            return
        if len(self._given) < _REMEMBERED:
            self._given.add(dedup_key)
        for one in lanes:
            self._wake(one)

    async def _tell(
        self, connection: AsyncConnection, lane: str, item: Claimed, dedup_key: DedupKey, card: Card
    ) -> list[str]:
        now, tenant = self._clock(), item.destination.tenant
        makers = await outages.makers(connection, lane)
        return await tell(
            connection, tenant, makers, dedup_key=dedup_key, card=card, now=now, confidential=False
        )


def trouble_card(place: Destination, found: Gone) -> Card:
    """What is told."""
    said = msg(
        "Messages arrive in {channel}, but not quite as their route says: {why}",
        channel=ChannelMention(place.channel),
        why=found.reason,
    )
    blocks = (
        Text(line(said)),
        Text(with_code(found.remedy)),
        Text(line(msg("I say this once. Nothing is lost meanwhile.")), subtle=True),
    )
    return Card(msg("Something is missing in a channel"), blocks, tone=Tone.WARNING)
