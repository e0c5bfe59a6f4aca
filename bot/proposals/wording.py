"""The words for each kind of proposal. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Wording:
    """The titles of one kind of proposal, and what a repetition of it can never do.

    nothing: what did not happen when it was never carried out. then: how its outcome reaches people. look:
    what to do while it is not known whether it happened.
    """

    question: str
    running: str
    done: str
    failed: str
    unknown: str
    once: str
    nothing: str = "Nothing was sent."
    then: str = "This message changes when it is done."
    look: str = "Check on X before you do it again."


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
    "Reply not posted",
    "It is not known whether this reply was posted",
    "It is posted at most once.",
)
_DELETE = Wording(
    "Delete this from X?",
    "Deleting…",
    "Deleted from X",
    "Not deleted",
    "It is not known whether this was deleted",
    "Nothing else is deleted.",
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
_LISTED = "`monitor list` shows what is watched."
_WATCH = Wording(
    "Watch this?",
    "Starting…",
    "Watching",
    "Not watched",
    "It is not known whether this is watched",
    "It is started once.",
    nothing="Nothing was started.",
    then="You will be told when it is done.",
    look=_LISTED,
)
_ROUTE = replace(
    _WATCH,
    question="Add this route and watch this?",
    done="Route added",
    failed="Route not added",
    unknown="It is not known whether this is watched, and the route was not added",
)
_ROUTE_CHANGE = replace(
    _ROUTE,
    question="Change this route and watch this?",
    done="Route changed",
    failed="Route not changed",
    unknown="It is not known whether this is watched, and the route was not changed",
)
_OTHER = Wording(
    "Do this?",
    "In progress…",
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
        case "monitor.start":
            if not payload.get("route"):
                return _WATCH
            return _ROUTE if payload.get("new") else _ROUTE_CHANGE
        case _:
            return _OTHER
