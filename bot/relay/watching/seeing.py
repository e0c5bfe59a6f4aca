"""What a look at Xquik shows of a tenant: which of its places are quiet, and why. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final, TypeAlias, assert_never

import msgspec
from msgspec import structs

from bot.core.chat.ids import Destination
from bot.core.routes.events import POST_TYPES
from bot.core.routes.route import Route, takes_from
from bot.core.routes.silences import SilenceCause, Watched
from bot.core.x.forecast import ENOUGH, SOON, lasts
from bot.storage.places import watched_monitors
from bot.xquik.models import Account, AnyMonitor, KeywordMonitor, Monitor, PostMonitor, moment

Key: TypeAlias = tuple[SilenceCause, str]
_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})

_REASONS: Final = {
    "insufficient_credits": SilenceCause.CREDITS,
    "x_account_protected": SilenceCause.PROTECTED,
    "x_user_not_found": SilenceCause.GONE,
    "x_post_protected": SilenceCause.PROTECTED,
    "x_post_deleted": SilenceCause.GONE,
    "x_post_unavailable": SilenceCause.GONE,
}


class QuietPlaces(msgspec.Struct, frozen=True):
    """One reason, and where it is quiet for it. since: epoch seconds. makers: of the routes concerned."""

    cause: SilenceCause
    subject: str
    since: float
    watched: tuple[Watched, ...] = ()
    places: tuple[Destination, ...] = ()
    makers: frozenset[str] = frozenset()

    @property
    def key(self) -> Key:
        """What there is one of at a time."""
        return self.cause, self.subject


class Hidden(msgspec.Struct, frozen=True):
    """Why an account is not to be seen, though its monitor runs. since: epoch seconds."""

    cause: SilenceCause
    since: float


@dataclass(frozen=True, slots=True)
class Sight:
    """What a look found, and of which causes it can tell at all. live: what is watched now.

    lasts: seconds for which the credits last; None where nothing uses them, they are topped up by
    themselves (refills), or that is not known.
    """

    found: dict[Key, QuietPlaces]
    known: frozenset[SilenceCause]
    live: frozenset[Watched] = frozenset()
    lasts: float | None = None
    refills: bool = False
    routes: Sequence[Route] = field(default=(), repr=False)

    def with_found(self, more: Iterable[QuietPlaces], known: Iterable[SilenceCause]) -> Sight:
        """The same with what was seen elsewhere."""
        return replace(
            self, found={**self.found, **{one.key: one for one in more}}, known=self.known | {*known}
        )


def seen(
    monitors: Sequence[AnyMonitor],
    account: Account,
    routes: Sequence[Route],
    *,
    hidden: Mapping[str, Hidden] = _NOTHING,
    low: bool,
    now: float,
) -> Sight:
    """What Xquik's answers mean for the routes. monitors: of all kinds. hidden: by the id of the
    account's monitor. low: it was said that the credits run out."""
    found: dict[Key, QuietPlaces] = {}
    live: set[Watched] = set()
    for one in monitors:
        watched, subject = named(one), subject_of(one)
        why = _why(one, hidden, now)
        taking = taking_from(routes, watched)
        if why is None and one.is_active:
            live.add(watched)
        elif why is not None and taking:
            whole = "" if why.cause is SilenceCause.CREDITS else subject
            new = concerning(why.cause, whole, why.since, taking, (watched,))
            found[new.key] = _joined(found.get(new.key), new)
    left = _lasts(account, sum(one.is_active for one in monitors))
    border = ENOUGH if low else SOON
    if left is not None and left <= border and (SilenceCause.CREDITS, "") not in found:
        makers = frozenset(route.created_by for route in routes if route.created_by)
        found[SilenceCause.LOW, ""] = QuietPlaces(SilenceCause.LOW, "", now, makers=makers)
    known = frozenset(SilenceCause) - {SilenceCause.WEBHOOK}
    refills = account.credit_info is not None and account.credit_info.refills
    return Sight(found, known, frozenset(live), left, refills, routes)


def everywhere(cause: SilenceCause, routes: Sequence[Route], since: float) -> QuietPlaces:
    """A reason that concerns all that a tenant gets."""
    return concerning(cause, "", since, [route for route in routes if route.collects])


def named(monitor: AnyMonitor) -> Watched:
    """What a monitor watches."""
    match monitor:
        case Monitor():
            return Watched("account", monitor.username, monitor.x_user_id or "")
        case KeywordMonitor():
            return Watched("keyword", monitor.query)
        case PostMonitor():
            return Watched.of_post(monitor.post_id, monitor.author_username, monitor.author_id or "")
        case _:
            assert_never(monitor)


def subject_of(monitor: AnyMonitor) -> str:
    """Names a monitor in what is stored, however long its id is."""
    return watched_monitors.subject_of(named(monitor).kind, monitor.id)


def taking_from(routes: Iterable[Route], watched: Watched) -> list[Route]:
    """The routes that take what is watched, those left out that take nothing now."""
    return [route for route in routes if route.collects and takes(route, watched)]


def places_of(routes: Iterable[Route]) -> tuple[Destination, ...]:
    """Where they lead to and can be written, each once."""
    return tuple(dict.fromkeys(place for route in routes for place in route.open_destinations))


def in_place(routes: Iterable[Route], place: str) -> Callable[[Watched], bool]:
    """Whether what is watched comes to a place."""
    here = [r for r in routes if r.collects and any(str(to) == place for to in r.destinations)]
    return lambda watched: any(takes(route, watched) for route in here)


def moment_of(text: str | None, now: float) -> float:
    """A time of Xquik's as epoch seconds, and never one that is still to come; now where there is none."""
    found = moment(text)
    return now if found is None else min(found.timestamp(), now)


def _why(one: AnyMonitor, hidden: Mapping[str, Hidden], now: float) -> Hidden | None:
    if one.is_active:
        return hidden.get(one.id) if isinstance(one, Monitor) else None
    if not one.paused_reason:
        return None
    return Hidden(_REASONS.get(one.paused_reason, SilenceCause.STOPPED), moment_of(one.paused_at, now))


def takes(route: Route, watched: Watched) -> bool:
    """Whether the route takes what is watched, be it paused or not. What is of a single tweet comes only
    where its types are named."""
    if watched.kind == "keyword":
        return takes_from(route, query=watched.name)
    if watched.kind == "post" and not {*route.events} & {*POST_TYPES}:
        return False
    return takes_from(route, account=watched.account, account_id=watched.id or None)


def concerning(
    cause: SilenceCause,
    subject: str,
    since: float,
    taking: Sequence[Route],
    watched: tuple[Watched, ...] = (),
) -> QuietPlaces:
    """A reason that concerns all places of these routes."""
    makers = frozenset(route.created_by for route in taking if route.created_by)
    return QuietPlaces(cause, subject, since, watched, places_of(taking), makers)


def _joined(one: QuietPlaces | None, other: QuietPlaces) -> QuietPlaces:
    if one is None:
        return other
    return structs.replace(
        one,
        since=min(one.since, other.since),
        watched=tuple(sorted({*one.watched, *other.watched})),
        places=tuple(dict.fromkeys((*one.places, *other.places))),
        makers=one.makers | other.makers,
    )


def _lasts(account: Account, active: int) -> float | None:
    balance, billing = account.credit_info, account.monitor_billing
    if balance is None or balance.refills:
        return None
    hourly = billing.active_hourly_burn if billing is not None else 0
    if not hourly and billing is not None:
        hourly = active * (billing.credits_per_active_monitor_hour or 0)
    return lasts(balance.balance, hourly)
