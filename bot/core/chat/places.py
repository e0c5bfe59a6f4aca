"""What a channel is, and where in it a message goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


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


NamePost: TypeAlias = Callable[[], str]
"""Makes the title of a post."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where in its channel a message goes: used where the channel is a forum, and ignored elsewhere.

    named: the title of the post, "" for the card's own; or what makes it, which is asked in a forum alone.
    tags: names of tags; those that the forum has not got are left out.
    """

    named: str | NamePost = ""
    tags: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The title of the post."""
        return self.named if isinstance(self.named, str) else self.named()


ANYWHERE = Placement()


@dataclass(frozen=True, slots=True)
class ChannelRef:
    """A channel of the tenant's platform: its id, and its name where the platform told it."""

    id: str
    name: str = ""
