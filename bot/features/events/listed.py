"""`events recent`: what monitors saw, newest first, of all of them or of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

import msgspec

from bot.cards.events.words import author_of, event_url
from bot.core.chat.cards import Block, line
from bot.core.commands.declaring import Option
from bot.core.commands.listing import Column, Listing, PageRows
from bot.core.messages.message import msg
from bot.core.routes.conditions import LONGEST_SEARCH
from bot.core.routes.event_readings import text_of, tweet_id
from bot.core.routes.events import AnyEventType, Event
from bot.features.events.cards import event_row
from bot.features.services import CommandCall
from bot.features.shared.finding_monitors import find_monitor, kind_of
from bot.relay.receiving.delivery_body import listed_event
from bot.xquik.client import XquikClient
from bot.xquik.models import XquikEvent, moment


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentArgs:
    """Of what; all of it where nothing is named."""

    monitor: Annotated[
        str | None,
        Option(
            "Only of this account, search or tweet, or of the monitor with this id",
            main=True,
            max_length=LONGEST_SEARCH,
            suggest="monitors",
        ),
    ] = None
    type: Annotated[AnyEventType | None, Option("Only events of this type", suggest="any_events")] = None


class SeenEvent(msgspec.Struct, frozen=True):
    """An event of the list, and our reading of it."""

    listed: XquikEvent
    read: Event


async def recent(call: CommandCall, args: RecentArgs, cursor: str, size: int) -> PageRows[SeenEvent]:
    """A page of them."""
    xquik = await call.xquik()
    of = await _of(call, xquik, args.monitor)
    page = await xquik.events.list(cursor=cursor or None, limit=size, event_type=args.type, **of)
    rows = tuple(SeenEvent(one, as_event(call, one)) for one in page.items)
    return PageRows(rows, page.next_cursor or "", unreadable=page.unreadable)


def as_event(call: CommandCall, listed: XquikEvent) -> Event:
    """An event as Xquik lists it, read as those that reach us are."""
    return listed_event(call.tenant, msgspec.json.encode(listed), call.services.clock())


_FILTERS: Final = {"account": "monitor_id", "keyword": "keyword_monitor_id", "post": "post_monitor_id"}


async def _of(call: CommandCall, xquik: XquikClient, wanted: str | None) -> dict[str, str]:
    """The filter for the monitor that is meant."""
    if wanted is None:
        return {}
    found, _ = await find_monitor(call, xquik, wanted)
    return {_FILTERS[kind_of(found)]: found.id}


async def draw(_call: CommandCall, _args: RecentArgs, rows: PageRows[SeenEvent]) -> tuple[Block, ...]:
    """A line each."""
    return tuple(event_row(one.listed, one.read) for one in rows.items)


EVENTS: Final = Listing(
    title=lambda args: (
        msg("Events of {monitor}", monitor=args.monitor) if args.monitor else msg("Recent events")
    ),
    fetch=recent,
    identity=lambda one: one.listed.id,
    draw=draw,
    empty=lambda args: line(
        msg("Nothing here matches. `events recent` shows everything.")
        if args.monitor or args.type
        else msg("No monitor has seen anything yet. `monitor list` shows what is watched.")
    ),
    size=10,
    columns=(
        Column("id", lambda one: one.listed.id),
        Column("type", lambda one: one.listed.type),
        Column("monitor_type", lambda one: one.listed.monitor_type),
        Column("monitor_id", lambda one: one.listed.keyword_monitor_id or one.listed.monitor_id),
        Column("monitor_name", lambda one: one.listed.monitor_name),
        Column("username", lambda one: one.read.username),
        Column("query", lambda one: one.listed.query),
        Column("occurred_at", lambda one: moment(one.listed.occurred_at)),
        Column("tweet_id", lambda one: tweet_id(one.read)),
        Column("author", lambda one: author_of(one.read) or None),
        Column("text", lambda one: text_of(one.read)),
        Column("url", lambda one: event_url(one.read)),
    ),
)
