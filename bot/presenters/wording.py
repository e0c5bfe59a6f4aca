"""The words for each kind of proposal. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Wording:
    """The titles of one kind of proposal, and what a repetition of it can never do."""

    question: str
    running: str
    done: str
    failed: str
    unknown: str
    once: str


_POST = Wording(
    "Post this on X?",
    "Posting…",
    "Posted on X",
    "Not posted",
    "It is not known whether this was posted",
    "It is posted at most once.",
)
_REPLY = Wording(
    "Post this reply on X?",
    "Replying…",
    "Replied on X",
    "Not replied",
    "It is not known whether this reply was posted",
    "It is posted at most once.",
)
_DELETE = Wording(
    "Delete this from X?",
    "Deleting…",
    "Deleted from X",
    "Not deleted",
    "It is not known whether this was deleted",
    "Nothing else is deleted by it.",
)
_LIKE = Wording(
    "Like this on X?",
    "Liking…",
    "Liked on X",
    "Not liked",
    "It is not known whether this was liked",
    "Liking it twice changes nothing.",
)
_REPOST = Wording(
    "Repost this on X?",
    "Reposting…",
    "Reposted on X",
    "Not reposted",
    "It is not known whether this was reposted",
    "It is reposted at most once.",
)
_DRAW = Wording(
    "Run this draw?",
    "Drawing…",
    "The draw is done",
    "The draw did not run",
    "It is not confirmed whether this draw ran",
    "It is looked up, and not run a second time.",
)
_OTHER = Wording(
    "Do this?",
    "Under way…",
    "Done",
    "Not done",
    "It is not known whether this happened",
    "It is done at most once.",
)


def wording(kind: str, payload: Mapping[str, Any]) -> Wording:
    """The words for a kind of proposal."""
    match kind:
        case "tweet.create":
            return _REPLY if payload.get("reply_to_tweet_id") else _POST
        case "tweet.delete":
            return _DELETE
        case "tweet.like":
            return _LIKE
        case "tweet.retweet":
            return _REPOST
        case "draw.run":
            return _DRAW
        case _:
            return _OTHER
