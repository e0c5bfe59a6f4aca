"""The appearance of a route: how its messages look and where in their channel they stand. Data alone."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Layout(StrEnum):
    """FULL: a card with everything. COMPACT: one line with its link. LINK: the link alone, so that the
    platform's own preview shows it. TEMPLATE: what the manager wrote."""

    FULL = "full"
    COMPACT = "compact"
    LINK = "link"
    TEMPLATE = "template"


class Threading(StrEnum):
    """Which thread of the channel a message goes to. TWEET: each tweet begins one, and what belongs to
    its conversation follows in it. DAY, ACCOUNT: one for each day, or each account."""

    NONE = "none"
    TWEET = "tweet"
    DAY = "day"
    ACCOUNT = "account"


class Appearance(msgspec.Struct, frozen=True):
    """See the module.

    template: Liquid source, for Layout.TEMPLATE alone. pings: ids of roles or user groups that are
    notified; only a person with MANAGE can put them here, and nothing else ever pings. tags: names of
    forum tags, at most five. publish: messages in an announcement channel are published to the
    channels that follow it. timezone: IANA name, for times in templates and the threads of a day.
    """

    layout: Layout = Layout.FULL
    template: str = ""
    pings: tuple[str, ...] = ()
    threading: Threading = Threading.NONE
    tags: tuple[str, ...] = ()
    publish: bool = False
    timezone: str = "UTC"

    @property
    def said_in(self) -> str:
        """The zone of the moments in its messages, as `bot.core.chat.moments.in_zone` takes it."""
        return "" if self.timezone == "UTC" else self.timezone


PLAIN = Appearance()
