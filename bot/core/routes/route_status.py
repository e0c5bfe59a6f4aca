"""How routes and their places do."""

from __future__ import annotations

import msgspec

from bot.core.chat.ids import Destination
from bot.core.routes.route import Route


class PlaceStatus(msgspec.Struct, frozen=True):
    """A place of a route and how it does there. Times: epoch seconds.

    Of a lost one: lost_at: since when, if that is known; left_out: messages that grew too old, or were too
    many, meanwhile; by_person: somebody stopped it.
    """

    destination: Destination
    lost_reason: str | None
    last_success_at: float | None
    last_failure: str | None
    lost_at: float | None = None
    left_out: int = 0
    lost_by_person: bool = False


class RouteStatus(msgspec.Struct, frozen=True):
    """A route and how it does, in all and place by place. Times: epoch seconds.

    paused_at, paused_after: of one that a person paused, when, and the id of the last event that was routed
    by then.
    """

    route: Route
    created_at: float
    places: tuple[PlaceStatus, ...]
    paused_at: float | None = None
    paused_after: int | None = None

    @property
    def last_success_at(self) -> float | None:
        """When a message of it last arrived anywhere."""
        return max((p.last_success_at for p in self.places if p.last_success_at is not None), default=None)

    @property
    def last_failure(self) -> str | None:
        """The failure of its first place that has one."""
        return next((place.last_failure for place in self.places if place.last_failure), None)
