"""What is offered for a line that is only the link of a tweet, or only an account."""

from __future__ import annotations

from bot.core.commands.offers import Offer
from bot.core.messages.message import pmsg
from bot.core.x.references import TweetRef, Username

OFFERS: dict[type, tuple[Offer, ...]] = {
    TweetRef: (
        Offer(pmsg("the button", "Show"), ("tweet", "show"), "tweet"),
        Offer(pmsg("the button", "Draw"), ("draw", "run"), "tweet", asks=True),
        Offer(pmsg("the button", "Media"), ("media", "get"), "tweets"),
        Offer(pmsg("the button", "Reply"), ("tweet", "reply"), "tweet", asks=True),
    ),
    Username: (
        Offer(pmsg("the button", "Watch"), ("monitor", "add"), "account", asks=True),
        Offer(
            pmsg("the button", "Relay"),
            ("relay", "add"),
            "account",
            asks=True,
            typed="relay add #channel account:",  # no message: a command
        ),
    ),
}
