"""Broadcasts: live video, who sends it and who watches. The people are those of the world."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bot.sandbox.records import BroadcastRecord
from bot.sandbox.store import Collection
from bot.sandbox.world.people import PeopleOfX, PersonOfX
from bot.sandbox.world.posts import VIDEO_ID

LIVE_ID: Final = "1OyKAWabcdeGb"
ENDED_ID: Final = "1yoJMnasaEndX"
HOSTILE_ID: Final = "1MYxNhosTiLe9"
LASTS: Final = 3_600.0
"""Seconds for which a broadcast that an event began is live."""
_HOUR: Final = 3_600.0


@dataclass(frozen=True, slots=True)
class BroadcastOfX:
    """One broadcast as it is at a moment. ``host``: an id; times in seconds since the epoch; ``post``: the id
    of the post that announces it, "" for none."""

    id: str
    title: str
    host: str
    started: float
    ended: float | None = None
    recorded: bool = False
    post: str = ""

    @property
    def state(self) -> str:
        """As X names it."""
        return "Running" if self.ended is None else "Ended"


class BroadcastsOfX:
    """All broadcasts there are: those of every world, dated from when the sandbox began, and those that
    events told of."""

    def __init__(
        self, people: PeopleOfX, begun: Collection[BroadcastRecord], now: Callable[[], float]
    ) -> None:
        self._people, self._begun, self._now = people, begun, now
        self._opened = now()
        # By the names that they have in every world: whoever takes another one later keeps the id.
        names = ("spacex", "nasa", "hostile_henry")
        self._ids = {name: person.id for name in names if (person := people.known(name)) is not None}

    def get(self, broadcast_id: str) -> BroadcastOfX | None:
        """The broadcast of that id, as it is now."""
        return next((one for one in self._all() if one.id == broadcast_id), None)

    def begin(self, broadcast_id: str, title: str, host: PersonOfX) -> None:
        """Somebody begins one; it is live from now on."""
        self._begun.put(
            BroadcastRecord(id=broadcast_id, title=title, host_id=host.id, started_at=self._now())
        )

    def latest(self, person: PersonOfX) -> BroadcastOfX | None:
        """What somebody sent last, or sends."""
        own = (one for one in self._all() if one.host == person.id)
        return max(own, key=lambda one: one.started, default=None)

    def host(self, found: BroadcastOfX) -> PersonOfX:
        """Who sends it."""
        person = self._people.by_id(found.host)
        if person is None:
            raise LookupError(found.host)
        return person

    def audience(self, found: BroadcastOfX) -> int:
        """How many have watched: a fixed choice of the crowd."""
        return sum(zlib.crc32(f"{found.id}!{one.id}".encode()) % 2 for one in self._people.crowd)

    def _all(self) -> list[BroadcastOfX]:
        spacex, nasa, henry = self._ids.values()
        opened, day = self._opened, 24 * _HOUR
        return [
            *(self._as_now(record) for record in self._begun),
            BroadcastOfX(LIVE_ID, "Liftoff, live", spacex, opened - _HOUR / 2, post=VIDEO_ID),
            BroadcastOfX(ENDED_ID, "A walk outside", nasa, opened - day, opened - day + 2 * _HOUR,
                         recorded=True),
            BroadcastOfX(HOSTILE_ID, "@everyone **free** [here](https://evil.example) &amp; now", henry,
                         opened - 2 * day, opened - 2 * day + _HOUR),
        ]  # fmt: skip

    def _as_now(self, record: BroadcastRecord) -> BroadcastOfX:
        over = self._now() >= record.started_at + LASTS
        ended = record.started_at + LASTS if over else None
        return BroadcastOfX(record.id, record.title, record.host_id, record.started_at, ended, recorded=over)
