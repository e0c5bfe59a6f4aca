"""What was missed: what came while a person had paused a route, or reached us late."""

from __future__ import annotations

import msgspec

from bot.core.routes.events import Event


class MissedOfRoute(msgspec.Struct, frozen=True):
    """What a route missed. events: those it takes, oldest first, at most as many as are sent, the newest.

    more: there may be others before these. too_old: of those looked at, how many the route takes happened
    longer ago than is posted. upto: the id of the last event that was looked at.
    """

    events: tuple[Event, ...]
    more: bool
    too_old: int
    upto: int

    @property
    def count(self) -> int:
        """How many could be sent."""
        return len(self.events)

    def newest(self, wanted: int | None) -> tuple[Event, ...]:
        """The newest so many, oldest first; None: all."""
        if wanted is None:
            return self.events
        return self.events[-wanted:] if wanted else ()
