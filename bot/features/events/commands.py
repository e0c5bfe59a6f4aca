"""`events recent|show`: what monitors saw, as it stands at Xquik. Free."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from bot.core.chat.answers import Reply
from bot.core.commands.declaring import Group, Option
from bot.core.commands.presets import INSIDE, command, listing_command
from bot.core.errors import UsageError
from bot.core.messages.message import msg
from bot.core.text.invisible import without_unseen
from bot.core.text.shortening import cut
from bot.features.events.cards import event_detail
from bot.features.events.listed import EVENTS, as_event
from bot.features.services import CommandCall
from bot.features.shared.absent import absent

_ID = re.compile(r"(?:e:|#)?(\d{1,18})", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventArgs:
    """Which event."""

    event: Annotated[
        str, Option("The id of an event, like 9001", main=True, max_length=60, suggest="recent_events")
    ]


async def show(call: CommandCall, args: EventArgs) -> Reply:
    """One event; where it is stored here, with the buttons of its message."""
    found = _ID.fullmatch(without_unseen(args.event).strip())
    if found is None:
        raise UsageError(
            msg("{given} is no id of an event.", given=repr(cut(args.event, 40))),
            option="event",
            example="events show 9001",
            remedy=msg("`events recent` shows the ids."),
        )
    xquik = await call.xquik()
    with absent(
        msg("Xquik has no event {id}.", id=found[1]), msg("`events recent` shows the events with their ids.")
    ):
        listed = await xquik.events.show(found[1])
    here = await call.services.events.known_as(call.tenant, f"e:{found[1]}")
    event = here or as_event(call, listed)
    return Reply(event_detail(listed, event, stored=here is not None))


EVENTS_GROUP = Group(
    "events",
    "What monitors saw, as it stands at Xquik",
    (
        listing_command(
            "events recent",
            EVENTS,
            INSIDE,
            "List what monitors saw, newest first",
            "events recent",
            "events recent nasa type:tweet.new",
            operations=("GET /events",),
        ),
        command(
            "events show",
            show,
            INSIDE,
            "Show one event and which monitor saw it",
            "events show 9001",
            operations=("GET /events/{id}",),
        ),
    ),
    default="recent",
)
