"""What `tweet` brings."""

from __future__ import annotations

from typing import Final

from bot.features.feature import Feature
from bot.features.shared.tweet_kinds import TWEET_KINDS
from bot.features.tweet.commands import TWEET, TWEET_ACTIONS
from bot.features.tweet.places import suggest_places
from bot.features.tweet.posted import POSTED_ACTIONS
from bot.features.tweet.relayed import RELAYED_ACTIONS
from bot.features.tweet.replying import REPLY_ACTIONS

TWEET_FEATURE: Final = Feature(
    (TWEET,),
    (*TWEET_ACTIONS, *POSTED_ACTIONS, *REPLY_ACTIONS, *RELAYED_ACTIONS),
    suggestions={"x_places": suggest_places},
    kinds=TWEET_KINDS,
)
