"""`relay filter`: further conditions of a route, in order, with what they would have let pass."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Any, TypeVar

from bot.cards.routes.routes import filters_card
from bot.core.chat.answers import Reply
from bot.core.chat.cards import Line, line
from bot.core.commands.declaring import Option
from bot.core.commands.presets import SETTING, command
from bot.core.errors import UsageError
from bot.core.messages.errors import of_option
from bot.core.messages.message import msg
from bot.core.routes.conditions import ConditionError, checked, checked_all, replaced, without
from bot.core.routes.filters import (
    Contains,
    Filter,
    Has,
    Lacks,
    Languages,
    Matches,
    MinFollowers,
    NoReplies,
    OfTweets,
    Quiet,
)
from bot.core.routes.route import Route, Sensitive
from bot.core.routes.route_trials import Trial, tried
from bot.features.relay.notes import place_notes
from bot.features.relay.option_groups import RouteConditions
from bot.features.relay.options import RouteOption, named_route, save, types_asked_for
from bot.features.services import CommandCall
from bot.features.shared.monitor_starts import unwatched
from bot.features.shared.monitors_left import LeftRunning, left_running

T = TypeVar("T")

# How many of the newest stored events a filter is tried on.
TRIED = 50
EXAMPLE = "relay filter alerts-nasa contains:launch,landing replies:no"
_EXAMPLES = {
    "contains": "relay filter alerts-nasa contains:launch,landing",
    "matches": 'relay filter alerts-nasa matches:"(?i)artemis [iv]+"',
    "quiet": "relay filter alerts-nasa quiet:giveaway,sponsored",
    "has": "relay filter alerts-nasa has:media",
    "lacks": "relay filter alerts-nasa lacks:link",
    "language": "relay filter alerts-nasa language:en,de",
    "min_followers": "relay filter alerts-nasa min_followers:1000",
    "tweet": "relay filter alerts-nasa tweet:https://x.com/nasa/status/1893456789012345678",
    "remove": "relay filter alerts-nasa remove:1",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterArgs(RouteConditions):
    """Which route, and what to let pass."""

    route: RouteOption
    remove: Annotated[
        int | None, Option("Remove the filter with this number", ge=1, le=99, suggest="filters")
    ] = None
    clear: Annotated[bool, Option("Remove all filters first")] = False


async def change_filters(call: CommandCall, args: FilterArgs) -> Reply:
    """Change the filters, or show them when nothing is to be changed."""
    route = await named_route(call, args.route)
    wanted = with_conditions(_reduced(route, args), args)
    changed = wanted != route
    if changed:
        wanted = await save(call, wanted)
    notes: list[Line] = [*await place_notes(call, wanted)] if args.sensitive is not None else []
    left = LeftRunning()
    if wanted.tweets != route.tweets:
        notes += (await unwatched(call, wanted)).said()
        notes += [line(told) for told in await types_asked_for(call)]
        left = await left_running(call, route)
        notes += left.notes
    found = await trial(call, wanted)
    return Reply(filters_card(wanted, found, notes, left.buttons, changed=changed))


async def trial(call: CommandCall, route: Route, limit: int = TRIED) -> Trial:
    """What the route makes of the newest events that are stored here."""
    recent = await call.services.relay.preview(route, limit)
    return tried(route, [event for event, _ in recent])


def with_conditions(route: Route, args: RouteConditions) -> Route:
    """The route with the conditions that a command names; UsageError for one that cannot be used."""
    filters = route.filters
    if args.replies is True:
        filters = tuple(one for one in filters if not isinstance(one, NoReplies))
    for one in _asked(args):
        filters = replaced(filters, _told(checked, one))
    filters = _told(checked_all, filters)
    sensitive = route.sensitive if args.sensitive is None else Sensitive(args.sensitive)
    quoted = route.quoted if args.quoted is None else args.quoted
    return replace(route, filters=filters, quoted=quoted, sensitive=sensitive)


def _asked(args: RouteConditions) -> list[Filter]:
    found: list[Filter] = []
    if args.contains:
        found.append(Contains(args.contains))
    if args.matches is not None:
        found.append(Matches(args.matches))
    if args.quiet:
        found.append(Quiet(args.quiet))
    if args.has:
        found.append(Has(args.has))
    if args.lacks:
        found.append(Lacks(args.lacks))
    if args.language:
        found.append(Languages(args.language))
    if args.min_followers is not None:
        found.append(MinFollowers(args.min_followers))
    if args.replies is False:
        found.append(NoReplies())
    if args.tweet:
        found.append(OfTweets(tuple(one.id for one in args.tweet)))
    return found


def _reduced(route: Route, args: FilterArgs) -> Route:
    if args.clear and args.remove is not None:
        raise UsageError(
            msg("clear removes all filters, so there is none left to remove."),
            option="remove",
            example="relay filter alerts-nasa clear:yes",
        )
    if args.clear:
        return replace(route, filters=())
    if args.remove is None:
        return route
    number = args.remove
    return replace(route, filters=_told(lambda filters: without(filters, number), route.filters))


def _told(make: Callable[[Any], T], given: Any) -> T:
    """What `make` makes; what it refuses as an error with the option and an example."""
    try:
        return make(given)
    except ConditionError as error:
        raise UsageError(
            of_option(error.option, error),
            option=error.option,
            example=_EXAMPLES.get(error.option, EXAMPLE),
        ) from None


FILTER = command(
    "relay filter",
    change_filters,
    SETTING,
    "Choose what a route lets through: words, patterns, media, languages, replies",
    EXAMPLE,
    "relay filter alerts-nasa quiet:giveaway,sponsored language:en has:media",
    "relay filter alerts-nasa clear:yes",
    looks=("route",),
)
