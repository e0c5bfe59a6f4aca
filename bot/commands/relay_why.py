"""`relay why`: whether an event reached this place, by which route, and if not, which rule says no."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from bot.commands.services import CommandCall
from bot.core.access import Permission
from bot.core.answers import Audience, Reply
from bot.core.cards import Card
from bot.core.commands import Command, Effect, Option
from bot.core.errors import UsageError
from bot.core.events import Event
from bot.core.references import parse_tweet_ref
from bot.presenters.explanations import explanation_card

_TRACE = re.compile(r"[0-9a-f]{32}", re.ASCII)
_EVENT = re.compile(r"(?:event[: ]?|e:|#)(\d{1,18})", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyArgs:
    """What is asked about."""

    what: Annotated[
        str, Option("A tweet's link or id, or an event as e:91", main=True, max_length=300, verbatim=True)
    ]


async def why(call: CommandCall, args: WhyArgs) -> Reply:
    """The way of a tweet's events, or of one event."""
    explainer = call.services.relay.explainer
    found = _EVENT.fullmatch(args.what.strip())
    if found is not None:
        event = await call.services.events.known_as(call.tenant, f"e:{found[1]}")
        explained = () if event is None else (await explainer.event(event),)
        return Reply(explanation_card(explained, args.what))
    if _TRACE.fullmatch(args.what.strip()):
        raise UsageError(
            "That is a trace id: it is for the logs of whoever runs the bot.",
            option="what",
            example="relay why https://x.com/nasa/status/1893456789012345678",
        )
    try:
        tweet = parse_tweet_ref(args.what)
    except ValueError as error:
        raise UsageError(
            f"{error} An event is written e:91.",
            option="what",
            example="relay why https://x.com/nasa/status/1893456789012345678",
        ) from None
    return Reply(explanation_card(await explainer.tweet(call.tenant, tweet.id), args.what))


async def explained(call: CommandCall, event: Event) -> Card:
    """The way of one event, for the button below its message."""
    return explanation_card((await call.services.relay.explainer.event(event),), event.identity)


WHY = Command(
    path=("relay", "why"),
    summary="Why a tweet did or did not arrive, and where",
    args=WhyArgs,
    run=why,
    effect=Effect.READ,
    needs=Permission.USE,
    audience=Audience.PRIVATE,
    examples=("relay why https://x.com/nasa/status/1893456789012345678",),
    needs_key=False,
)
