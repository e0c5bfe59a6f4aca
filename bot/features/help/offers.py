"""What is offered for the link of a tweet, alone or in a message, and for an account."""

from __future__ import annotations

from bot.core.commands.offers import MessageAction, Offer
from bot.core.messages.message import msg, pmsg
from bot.core.x.references import TweetRef, Username

OFFERS: dict[type, tuple[Offer, ...]] = {
    TweetRef: (
        Offer(
            pmsg("the button", "Show"),
            ("tweet", "show"),
            "tweet",
            on_message=MessageAction(
                "show_tweet",
                msg("Show tweet"),
                msg("Show the tweet that this message links to, with its figures"),
            ),
        ),
        Offer(
            pmsg("the button", "Draw"),
            ("draw", "run"),
            "tweet",
            asks=True,
            on_message=MessageAction(
                "run_draw",
                msg("Run a draw"),
                msg("Draw winners among the replies to the tweet that this message links to"),
            ),
        ),
        Offer(
            pmsg("the button", "Media"),
            ("media", "get"),
            "tweets",
            on_message=MessageAction(
                "download_media",
                msg("Download media"),
                msg("Save the pictures and videos of the tweet that this message links to"),
            ),
        ),
        Offer(
            pmsg("the button", "Reply"),
            ("tweet", "reply"),
            "tweet",
            asks=True,
            on_message=MessageAction(
                "draft_reply",
                msg("Draft a reply"),
                msg("Write a reply to the tweet that this message links to"),
            ),
        ),
        Offer(
            pmsg("the button", "Translate"),
            ("tweet", "translate"),
            "tweet",
            on_message=MessageAction(
                "translate_tweet",
                msg("Translate tweet"),
                msg("Translate the tweet that this message links to into your language"),
            ),
        ),
        Offer(
            pmsg("the button", "Watch"),
            ("monitor", "post"),
            "tweet",
            on_message=MessageAction(
                "watch_tweet",
                msg("Watch tweet"),
                msg("Be told of replies to the tweet that this message links to, of likes and edits"),
            ),
        ),
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
