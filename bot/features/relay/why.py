"""`relay why`: whether an event reached this place, by which route, and if not, which rule says no."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from bot.cards.explanations import explanation_card
from bot.core.chat.answers import Reply
from bot.core.commands.declaring import Option
from bot.core.commands.presets import INSIDE_LOCAL, command
from bot.core.errors import UsageError
from bot.core.messages.errors import said_by
from bot.core.messages.message import msg
from bot.core.routes.explanations import Explanation
from bot.core.text.invisible import without_unseen
from bot.core.x.references import TweetRef, find_people, find_posts, parse_tweet_ref, parse_username
from bot.features.services import CommandCall

_TRACE = re.compile(r"[0-9a-f]{32}", re.ASCII)
_EVENT = re.compile(r"(?:event[: ]?|e:|#)(\d{1,18})", re.ASCII | re.IGNORECASE)
# A bare number as short as this is more likely an event's than one of the first tweets there were.
_SHORT = re.compile(r"\d{1,4}", re.ASCII)
_EXAMPLE = "relay why https://x.com/nasa/status/1893456789012345678"
_IDS = msg(
    "Give a link or an id of a tweet, an account like `@nasa`, or an event like `e:91`. `relay why @nasa` "
    "shows the ids of its newest events. `help relay why` shows its options."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyArgs:
    """What is asked about."""

    what: Annotated[
        str,
        Option(
            "A tweet's link or id, an X account like @nasa, or an event like e:91",
            main=True,
            max_length=300,
            verbatim=True,
            suggest="seen",
        ),
    ]


async def why(call: CommandCall, args: WhyArgs) -> Reply:
    """The way of a tweet's events, of the newest of an account, or of one event."""
    explainer, what = call.services.relay.explainer, without_unseen(args.what).strip()
    ways: tuple[Explanation, ...]
    found = _EVENT.fullmatch(what)
    if found is not None:
        event = await call.services.events.known_as(call.tenant, f"e:{found[1]}")
        ways = () if event is None else (await explainer.event(event),)
    elif (username := _account(what)) is not None:
        ways = await explainer.account(call.tenant, username)
    else:
        ways = await explainer.tweet(call.tenant, _tweet(what).id)
    return Reply(explanation_card(ways, args.what))


def _account(text: str) -> str | None:
    """The account of @name or of the address of a profile; a bare word names none."""
    if find_posts(text) or not (find_people(text) or text.startswith("<@")):
        return None
    try:
        return parse_username(text).name
    except ValueError:
        return None


def _tweet(text: str) -> TweetRef:
    if _TRACE.fullmatch(text):
        raise UsageError(
            msg("That is a trace id, which is only for the logs of whoever runs the bot."),
            option="what",
            example=_EXAMPLE,
        )
    try:
        if _SHORT.fullmatch(text):
            raise ValueError(msg("That number is too short for a tweet."))
        return parse_tweet_ref(text)
    except ValueError as error:
        raise UsageError(said_by(error), option="what", example=_EXAMPLE, remedy=_IDS) from None


WHY = command(
    "relay why",
    why,
    INSIDE_LOCAL,
    "Find out why a tweet did or did not arrive",
    _EXAMPLE,
    "relay why @nasa",
)
