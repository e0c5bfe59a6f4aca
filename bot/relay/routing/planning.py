"""What the router hands on: an event that a route takes, on its way to one place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import Destination
from bot.core.routes.dedup_keys import DedupKey
from bot.core.routes.events import Event
from bot.core.routes.route import MissedPolicy, Route
from bot.storage.relay.deliveries import NewDelivery


class Planned(msgspec.Struct, frozen=True):
    """An event for a place. lane, dedup_key: as its delivery has them; about: the dedup_key of the message
    whose thread it goes to, if any."""

    event: Event
    route: Route
    destination: Destination
    lane: str
    dedup_key: DedupKey
    about: DedupKey | None = None


class Scheduling(Protocol):
    """Decides for routes with a schedule what is sent now, later, with others, or not."""

    async def arrange(
        self, connection: AsyncConnection, planned: Sequence[Planned], now: float
    ) -> list[NewDelivery]:
        """What is to be put into the outbox, in order, inside the router's transaction.

        It writes down what it holds or counts. It may run more than once, as all work of a transaction.
        now: epoch seconds.
        """


def is_scheduled(route: Route) -> bool:
    """Whether the route's events have to be arranged at all."""
    return not route.schedule.steady or route.catch_up.policy is not MissedPolicy.ALL
