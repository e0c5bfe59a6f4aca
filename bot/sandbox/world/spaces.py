"""Spaces: live audio conversations, who speaks in them and who listens. The people are those of the world."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from bot.sandbox.records import Post, SpaceRecord
from bot.sandbox.store import Collection
from bot.sandbox.world.people import PeopleOfX, PersonOfX

LIVE_ID: Final = "1OdKrXWaPVPGX"
UPCOMING_ID: Final = "1vOxwqLkyzRGB"
RECORDED_ID: Final = "1yNGaAbCdEfGH"
UNRECORDED_ID: Final = "1eaKbNoReCoRd"
CANCELED_ID: Final = "1mrGmCanCeLeD"
HOSTILE_ID: Final = "1lPKqHosTiLeH"
LASTS: Final = 7_200.0
"""Seconds for which a Space that an event began is live; then it is over, and recorded."""
_HOUR: Final = 3_600.0
_LISTED: Final = 12
_LINK: Final = re.compile(r"https?://x\.com/i/spaces/([A-Za-z0-9]{1,25})")


@dataclass(frozen=True, slots=True)
class SpaceOfX:
    """One Space as it is at a moment. ``host`` and ``speakers``: ids; times in seconds since the epoch."""

    id: str
    title: str
    host: str
    speakers: tuple[str, ...]
    state: str
    created_at: float
    scheduled: float | None = None
    started: float | None = None
    ended: float | None = None
    recorded: bool = False


class SpacesOfX:
    """All Spaces there are: those of every world, dated from when the sandbox began, and those that events
    told of."""

    def __init__(self, people: PeopleOfX, begun: Collection[SpaceRecord], now: Callable[[], float]) -> None:
        self._people, self._begun, self._now = people, begun, now
        self._opened = now()
        # By the names that they have in every world: whoever takes another one later keeps the id.
        names = ("nasa", "esa", "spacex", "python", "cafe_luna", "xquik", "hostile_henry")
        self._ids = {name: person.id for name in names if (person := people.known(name)) is not None}

    def get(self, space_id: str) -> SpaceOfX | None:
        """The Space of that id, as it is now."""
        found = next((one for one in self._known() if one.id == space_id), None)
        if found is not None:
            return found
        record = self._begun.get(space_id)
        return None if record is None else self._as_now(record)

    def begin(self, space_id: str, title: str, host: PersonOfX) -> SpaceOfX:
        """Somebody begins one; it is live from now on."""
        record = SpaceRecord(id=space_id, title=title, host_id=host.id, started_at=self._now())
        return self._as_now(self._begun.put(record))

    def titled(self, words: str, state: str) -> list[SpaceOfX]:
        """Those in that state whose title has every one of the words, the newest first."""
        wanted = words.casefold().split()
        made = [self._as_now(record) for record in reversed(list(self._begun))]
        return [
            one
            for one in [*made, *self._known()]
            if one.state == state and all(word in one.title.casefold() for word in wanted)
        ]

    def shared(self, posts: Iterable[Post]) -> list[SpaceOfX]:
        """Those that these posts link to, each once, in the order of the posts."""
        ids = dict.fromkeys(found for post in posts for found in _LINK.findall(post.text))
        return [space for one in ids if (space := self.get(one)) is not None]

    def person(self, identity: str) -> PersonOfX:
        """A host or a speaker."""
        found = self._people.by_id(identity)
        if found is None:
            raise LookupError(identity)
        return found

    def audience(self, found: SpaceOfX) -> list[PersonOfX]:
        """Who listens, or has: a fixed choice of the crowd. Nobody before it began."""
        if found.started is None:
            return []
        return [one for one in self._people.crowd if zlib.crc32(f"{found.id}?{one.id}".encode()) % 3 == 0]

    def listed(self, found: SpaceOfX) -> list[PersonOfX]:
        """Those of them that X lists."""
        return self.audience(found)[:_LISTED]

    def _as_now(self, record: SpaceRecord) -> SpaceOfX:
        over = self._now() >= record.started_at + LASTS
        return SpaceOfX(
            record.id,
            record.title,
            record.host_id,
            (),
            "Ended" if over else "Running",
            record.started_at,
            started=record.started_at,
            ended=record.started_at + LASTS if over else None,
            recorded=over,
        )

    def _known(self) -> list[SpaceOfX]:
        opened, day = self._opened, 24 * _HOUR
        nasa, esa, spacex, python, cafe, xquik, henry = self._ids.values()
        return [
            SpaceOfX(LIVE_ID, "Tonight's launch window", nasa, (spacex,), "Running", opened - _HOUR,
                     started=opened - _HOUR / 2),
            SpaceOfX(HOSTILE_ID, "@everyone **launch** [here](https://evil.example) &amp; now", henry, (),
                     "Running", opened - _HOUR, started=opened - _HOUR),
            SpaceOfX(UPCOMING_ID, "What Juice sees next", esa, (nasa,), "NotStarted", opened - day,
                     scheduled=opened + day),
            SpaceOfX(RECORDED_ID, "Python release party", python, (xquik,), "Ended", opened - 2 * day,
                     scheduled=opened - day, started=opened - day, ended=opened - day + _HOUR, recorded=True),
            SpaceOfX(UNRECORDED_ID, "Coffee, unrecorded", cafe, (), "TimedOut", opened - 3 * day,
                     started=opened - 3 * day, ended=opened - 3 * day + _HOUR),
            SpaceOfX(CANCELED_ID, "A draw, in public", xquik, (), "Canceled", opened - 4 * day,
                     scheduled=opened - 3 * day),
        ]  # fmt: skip
