"""What a channel is, and where in it a message goes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class PlaceKind(StrEnum):
    """CHANNEL: messages one after another. ANNOUNCEMENTS: the same, and a message can be published to the
    channels that follow. FORUM: every message is a post of its own. THREAD: a thread or a forum post."""

    CHANNEL = "channel"
    ANNOUNCEMENTS = "announcements"
    FORUM = "forum"
    THREAD = "thread"


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """What the platform says of a place.

    sensitive: it is meant for sensitive content (Discord's age-restricted channels; a thread is as its
    channel). tags: names of the tags that a forum has; tag_required: a post of it needs one. threads: one
    can begin in it, unless it is one itself. notifies: a message can notify roles or groups.
    """

    kind: PlaceKind = PlaceKind.CHANNEL
    sensitive: bool = False
    tags: tuple[str, ...] = ()
    tag_required: bool = False
    threads: bool = True
    notifies: bool = True


@dataclass(frozen=True, slots=True)
class Placement:
    """Where in its channel a message goes: used where the channel is a forum, and ignored elsewhere.

    title: of the post, "" for the card's own. tags: names of tags; those that the forum has not got
    are left out.
    """

    title: str = ""
    tags: tuple[str, ...] = ()


ANYWHERE = Placement()


@dataclass(frozen=True, slots=True)
class ChannelRef:
    """A channel of the tenant's platform: its id, and its name where the platform told it."""

    id: str
    name: str = ""
