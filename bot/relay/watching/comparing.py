"""What has changed since the last look, and who is to be told of it. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

import msgspec
from msgspec.structs import replace

from bot.core.chat.ids import TenantId
from bot.core.routes.silences import AHEAD, Silence, SilenceCause
from bot.core.x.forecast import ENOUGH
from bot.relay.watching.seeing import QuietPlaces, Sight, in_place

# Those who can help are told of these elsewhere, by who finds out first.
_TOLD_ELSEWHERE: Final = frozenset({SilenceCause.KEY, SilenceCause.WEBHOOK})


class SilenceChange(msgspec.Struct, frozen=True):
    """A silence begins (`before` is None), is over (`after` is None), or holds in other places than before.

    quiet, over: places that are told, as `str(Destination)`. managers: those who can help are told too.
    """

    before: Silence | None
    after: Silence | None
    quiet: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    managers: bool = False

    @property
    def silence(self) -> Silence:
        """Which it is."""
        one = self.after or self.before
        assert one is not None  # noqa: S101 - one of the two is there
        return one


def changes(tenant: TenantId, stored: Sequence[Silence], sight: Sight, now: float) -> list[SilenceChange]:
    """In the order in which they are told: what is over before what begins."""
    standing = {one.key: one for one in stored}
    ended = [
        _ended(one, sight)
        for key, one in standing.items()
        if key not in sight.found and one.cause in sight.known
    ]
    moved = [_moved(one, sight.found[key], sight) for key, one in standing.items() if key in sight.found]
    begun = [_begun(tenant, found, now) for key, found in sight.found.items() if key not in standing]
    return [*ended, *(one for one in moved if one is not None), *begun]


def _begun(tenant: TenantId, found: QuietPlaces, now: float) -> SilenceChange:
    places = () if found.cause in AHEAD else tuple(str(place) for place in found.places)
    words = f"{tenant}\n{found.cause}\n{found.subject}\n{now:.6f}"
    name = hashlib.blake2b(words.encode(), digest_size=10).hexdigest()
    new = Silence(name, found.cause, found.subject, found.since, found.watched, places)
    return SilenceChange(None, new, quiet=places, managers=found.cause not in _TOLD_ELSEWHERE)


def _moved(one: Silence, found: QuietPlaces, sight: Sight) -> SilenceChange | None:
    places = () if found.cause in AHEAD else tuple(str(place) for place in found.places)
    after = replace(one, watched=found.watched, places=places)
    if after == one:
        return None
    quiet = tuple(place for place in places if place not in one.places)
    left = tuple(place for place in one.places if place not in places)
    return SilenceChange(one, after, quiet, tuple(place for place in left if _goes_on(one, place, sight)))


def _ended(one: Silence, sight: Sight) -> SilenceChange:
    over = tuple(place for place in one.places if _goes_on(one, place, sight))
    if one.cause is SilenceCause.LOW:
        return SilenceChange(one, None, managers=_enough(sight))
    return SilenceChange(one, None, over=over, managers=bool(over) and one.cause not in _TOLD_ELSEWHERE)


def _goes_on(one: Silence, place: str, sight: Sight) -> bool:
    """Whether something comes to the place again: else its route is gone, or somebody paused the monitor."""
    if not any(str(to) == place for route in sight.routes if route.collects for to in route.destinations):
        return False
    comes = in_place(sight.routes, place)
    back = (live for live in sight.live if any(live.is_same(what) for what in one.watched))
    return not one.watched or any(comes(live) for live in back)


def _enough(sight: Sight) -> bool:
    """Whether the credits last again; not where only nothing uses them any more."""
    if (SilenceCause.CREDITS, "") in sight.found:
        return False
    return sight.refills or (sight.lasts is not None and sight.lasts >= ENOUGH)
