"""What is offered for a line that is only the link of a tweet, or only an account."""

from __future__ import annotations

from bot.core.commands.offers import Offer
from bot.core.x.references import TweetRef, Username

OFFERS: dict[type, tuple[Offer, ...]] = {
    TweetRef: (
        Offer("Show", ("tweet", "show"), "tweet"),
        Offer("Draw", ("draw", "run"), "tweet", asks=True),
        Offer("Media", ("media", "get"), "tweets"),
        Offer("Reply", ("tweet", "reply"), "tweet", asks=True),
    ),
    Username: (
        Offer("Watch", ("monitor", "add"), "account", asks=True),
        Offer("Relay", ("relay", "add"), "account", asks=True, typed="relay add #channel account:"),
    ),
}
