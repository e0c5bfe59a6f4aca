"""`relay timing`: when the messages of a route come, and what becomes of late events and deleted tweets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Literal, TypeVar
from zoneinfo import ZoneInfo

from msgspec import structs

from bot.cards.routes.routes import timing_card
from bot.core.chat.answers import Reply
from bot.core.chat.cards import Text, line
from bot.core.commands.declaring import Option
from bot.core.commands.presets import SETTING, command
from bot.core.errors import UsageError
from bot.core.messages.errors import of_option
from bot.core.messages.message import msg
from bot.core.routes.route import CatchUpPolicy, Deleted, MissedPolicy, Route
from bot.core.routes.schedule import Schedule
from bot.core.routes.schedule_moments import TimingError
from bot.core.routes.schedule_text import burst_of, digest_of, quiet_of
from bot.features.relay.options import RouteOption, RouteZoneOption, named_route, save, types_asked_for
from bot.features.services import CommandCall

T = TypeVar("T")

MOST_PER_HOUR = 1_000
MOST_PER_DAY = 10_000
MOST_LATE = 500

EXAMPLE = "relay timing alerts-nasa quiet:22:00-07:00 timezone:Europe/Berlin"
_EXAMPLES = {
    "quiet": EXAMPLE,
    "digest": "relay timing alerts-nasa digest:18:00 timezone:Europe/Berlin",
    "burst": 'relay timing alerts-nasa burst:"5 in 10m"',
    "last": "relay timing alerts-nasa missed:last last:10",
    "off": "relay timing alerts-nasa off:quiet,digest",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TimingArgs:
    """Which route, and its schedule."""

    route: RouteOption
    quiet: Annotated[
        str | None,
        Option(
            "Hold messages in these hours, then send them as one list: 22:00-07:00",
            max_length=40,
            suggest="hours",
        ),
    ] = None
    digest: Annotated[
        str | None,
        Option(
            "One list instead of messages: hourly, daily, weekly, 18:00, or cron 0 9 * * 1-5; off",
            max_length=80,
            suggest="digests",
        ),
    ] = None
    burst: Annotated[
        str | None,
        Option("More events than this in a time become one list: 5 in 10m", max_length=40, suggest="bursts"),
    ] = None
    per_hour: Annotated[
        int | None,
        Option("At most this many messages an hour in each channel; the rest waits", ge=1, le=MOST_PER_HOUR),
    ] = None
    per_day: Annotated[
        int | None,
        Option(
            "At most this many messages a day in each channel; the rest is left out", ge=1, le=MOST_PER_DAY
        ),
    ] = None
    timezone: RouteZoneOption = None
    missed: Annotated[
        Literal["all", "last", "digest"] | None,
        Option("How events found late are posted: all, the last few, or as one list"),
    ] = None
    last: Annotated[int | None, Option("How many, for missed:last", ge=1, le=MOST_LATE)] = None
    deleted: Annotated[
        Literal["mark", "remove", "keep"] | None,
        Option("When a tweet is deleted on X: mark its message, remove it, or keep it"),
    ] = None
    off: Annotated[
        tuple[Literal["quiet", "digest", "burst", "per_hour", "per_day"], ...],
        Option("Switch off: quiet, digest, burst, per_hour, per_day"),
    ] = ()


async def change_timing(call: CommandCall, args: TimingArgs) -> Reply:
    """Change the timing, or show it when nothing is to be changed."""
    route = await named_route(call, args.route)
    wanted = _with_policies(_with_timezone(replace(route, schedule=_schedule(route, args)), args), args)
    changed = wanted != route
    if changed:
        wanted = await save(call, wanted)
    card = timing_card(wanted, call.services.clock(), changed=changed)
    if wanted.deleted is not route.deleted:
        notes = tuple(Text(line(note)) for note in await types_asked_for(call))
        card = replace(card, blocks=(*card.blocks, *notes))
    return Reply(card)


def _schedule(route: Route, args: TimingArgs) -> Schedule:
    given = {name for name in ("quiet", "digest", "burst", "per_hour", "per_day") if getattr(args, name)}
    if both := sorted(given & set(args.off)):
        said = msg("{option} is both set and switched off.", option=both[0])
        raise UsageError(said, option="off", example=_EXAMPLES["off"])
    schedule = route.schedule
    off = set(args.off)
    digest = args.digest
    if digest is not None and digest.strip().lower() == "off":
        off, digest = off | {"digest"}, None
    if args.quiet is not None:
        schedule = structs.replace(schedule, quiet=_told("quiet", quiet_of, args.quiet))
    if digest is not None:
        schedule = structs.replace(schedule, digest=_told("digest", digest_of, digest))
    if args.burst is not None:
        schedule = structs.replace(schedule, burst=_told("burst", burst_of, args.burst))
    if args.per_hour is not None:
        schedule = structs.replace(schedule, per_hour=args.per_hour)
    if args.per_day is not None:
        schedule = structs.replace(schedule, per_day=args.per_day)
    return Schedule(
        timezone=schedule.timezone,
        quiet=None if "quiet" in off else schedule.quiet,
        digest="" if "digest" in off else schedule.digest,
        burst=None if "burst" in off else schedule.burst,
        per_hour=None if "per_hour" in off else schedule.per_hour,
        per_day=None if "per_day" in off else schedule.per_day,
    )


def _with_timezone(route: Route, args: TimingArgs) -> Route:
    return route if args.timezone is None else in_timezone(route, args.timezone)


def in_timezone(route: Route, zone: ZoneInfo) -> Route:
    """The route with a timezone for its hours and for the times in its messages: people mean both."""
    return replace(
        route,
        schedule=structs.replace(route.schedule, timezone=zone.key),
        appearance=structs.replace(route.appearance, timezone=zone.key),
    )


def _with_policies(route: Route, args: TimingArgs) -> Route:
    policy = route.catch_up
    if args.missed is not None:
        policy = CatchUpPolicy(MissedPolicy(args.missed), policy.last)
    if args.last is not None:
        if args.missed not in (None, "last"):
            raise UsageError(
                msg("last is for missed:last, but missed is {missed}.", missed=args.missed),
                option="last",
                example=_EXAMPLES["last"],
            )
        policy = CatchUpPolicy(MissedPolicy.LAST, args.last)
    deleted = route.deleted if args.deleted is None else Deleted(args.deleted)
    return replace(route, catch_up=policy, deleted=deleted)


def _told(option: str, read: Callable[[str], T], text: str) -> T:
    try:
        return read(text)
    except TimingError as error:
        raise UsageError(of_option(option, error), option=option, example=_EXAMPLES[option]) from None


TIMING = command(
    "relay timing",
    change_timing,
    SETTING,
    "Choose when a route posts: quiet hours, lists, limits, late events, deleted tweets",
    EXAMPLE,
    "relay timing alerts-nasa digest:18:00 missed:last last:10",
    'relay timing alerts-nasa burst:"5 in 10m" per_day:40 deleted:remove',
    looks=("route",),
)
