"""What a delivery needs of other rows while it is sent: the message it is about, and where it stays."""

from __future__ import annotations

from sqlalchemy import bindparam, update

from bot.core.chat.ids import TenantId
from bot.core.routes import dedup_keys
from bot.core.routes.dedup_keys import DedupKey
from bot.core.routes.deliveries import DeliveryState
from bot.core.routes.events import Event
from bot.storage.engine.database import Database
from bot.storage.intake.events import Events
from bot.storage.relay.deliveries import Deliveries, DeliveryStatus
from bot.storage.relay.released_lists import Lists
from bot.storage.tables import deliveries

_STAY = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("delivery"))
    .values(thread=bindparam("in_thread"), about=bindparam("of_opener"))
)


class Related:
    """See the module. Every method raises StorageUnavailable when it cannot.

    lists: what a list is made of.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._deliveries = Deliveries(db)
        self._events = Events(db)
        self.lists = Lists(db)

    async def message(self, lane: str, dedup_key: DedupKey) -> DeliveryStatus | None:
        """The message of a lane with that dedup_key; of a dead letter that was sent once more, that one."""
        found = await self._deliveries.with_dedup_key(lane, dedup_key)
        while found is not None and found.state is DeliveryState.DEAD:
            again = await self._deliveries.with_dedup_key(lane, dedup_keys.of_replay(found.id))
            if again is None:
                break
            found = again
        return found

    async def event(self, tenant: TenantId, event: int | None) -> Event | None:
        """A stored event of the tenant."""
        return None if event is None else await self._events.get(tenant, event)

    async def stay(self, delivery: int, *, thread: str | None, about: DedupKey | None) -> None:
        """Write down in which thread a delivery is posted, before it is: another try goes there too.

        thread: None for the channel itself. about: the opener of that thread, None for none.
        """
        values = {"delivery": delivery, "in_thread": thread, "of_opener": about}
        await self._db.write(lambda connection: connection.execute(_STAY, values))
