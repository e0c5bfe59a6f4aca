"""Monitors that ran and are gone at Xquik, though nobody here removed them. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from bot.core.routes.route import Route
from bot.core.routes.silences import SilenceCause
from bot.relay.watching.seeing import QuietPlaces, concerning, named, subject_of, takes, taking_from
from bot.storage.places.watched_monitors import MOST, Known
from bot.xquik.models import AnyMonitor


class MissingMonitors(msgspec.Struct, frozen=True):
    """found: those that places miss. seen: to be remembered from now on; gone: subjects of those that are to
    be forgotten, because they are paused, wanted no more, or something else watches the same."""

    found: tuple[QuietPlaces, ...] = ()
    seen: tuple[Known, ...] = ()
    gone: tuple[str, ...] = ()


def missing(
    known: Sequence[Known],
    monitors: Sequence[AnyMonitor],
    routes: Sequence[Route],
    key_at: float,
    now: float,
) -> MissingMonitors:
    """What is missed of `known`. monitors: all that Xquik has now. key_at: when the key was stored with which
    they were asked for: those seen under another one may be another account's. now: epoch seconds."""
    listed = {subject_of(one): one for one in monitors}
    live = [named(one) for one in monitors if one.is_active]
    found: list[QuietPlaces] = []
    gone: list[str] = []
    for one in known:
        there = listed.get(one.subject)
        wanted = any(takes(route, one.watched) for route in routes)
        if there is not None:
            # What is paused is told otherwise, or somebody wanted it so.
            if not one.left and not (there.is_active and wanted):
                gone.append(one.subject)
        elif (
            one.left
            or one.key_at != key_at
            or not wanted
            or any(other.is_same(one.watched) for other in live)
        ):
            gone.append(one.subject)
        elif taking := taking_from(routes, one.watched):
            found.append(concerning(SilenceCause.REMOVED, one.subject, now, taking, (one.watched,)))
    return MissingMonitors(tuple(found), _seen(known, listed, routes, key_at), tuple(gone))


def _seen(
    known: Sequence[Known],
    listed: dict[str, AnyMonitor],
    routes: Sequence[Route],
    key_at: float,
) -> tuple[Known, ...]:
    before = {one.subject: one for one in known}
    room = MOST - len(before)
    found = []
    for subject, one in listed.items():
        now, was = Known(subject, named(one), key_at=key_at), before.get(subject)
        if not one.is_active or not any(takes(route, now.watched) for route in routes):
            continue
        if was is None and room > 0:
            room -= 1
            found.append(now)
        elif was is not None and not was.left and was != now:
            found.append(now)
    return tuple(found)
