"""What Discord says of the channels we post to, remembered for a little while."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from cachetools import FIFOCache

from adapters.discord.channels import DiscordChannels
from adapters.discord.kinds import ANNOUNCEMENTS, FORUMS
from adapters.discord.permissions import is_thread
from bot.core.chat.ids import Destination, MessageRef, TenantId
from bot.core.chat.places import PlaceFacts, PlaceKind
from bot.core.clocks import Clock

FRESH: Final = 60.0  # seconds for which what Discord said is believed
_MOST: Final = 2_000  # channels remembered as Discord described them
_MOST_KINDS: Final = 50_000  # channels of which it is remembered whether they are forums
_REQUIRE_TAG: Final = 1 << 4  # channel flag


class _Known(msgspec.Struct, frozen=True):
    at: float
    channel: Mapping[str, Any] | None


class DiscordPlaces:
    """Channels as the API gives them. clock: monotonic seconds.

    Raises what `Rest` raises.
    """

    def __init__(self, channels: DiscordChannels, clock: Clock) -> None:
        self._channels = channels
        self._clock = clock
        self._known: FIFOCache[tuple[TenantId, str], _Known] = FIFOCache(_MOST)
        self._forums: FIFOCache[tuple[str, str], bool] = FIFOCache(_MOST_KINDS)

    async def channel(
        self, tenant: TenantId, channel: str, *, within: float = FRESH
    ) -> Mapping[str, Any] | None:
        """A channel or thread as it was at most `within` seconds ago; None when the tenant has none of
        that id for us."""
        known = self._known.get((tenant, channel))
        if known is not None and self._clock() - known.at < within:
            return known.channel
        found = await self._channels.fetch(tenant, channel)
        self._known[tenant, channel] = _Known(self._clock(), found)
        if found is not None:
            self._forums[tenant.workspace, channel] = is_forum(found)
        return found

    def forget(self, tenant: TenantId, channel: str) -> None:
        """Ask Discord again the next time."""
        self._known.pop((tenant, channel), None)
        self._forums.pop((tenant.workspace, channel), None)

    async def is_forum(self, to: Destination) -> bool:
        """Whether messages are posts there. A channel never becomes a forum, nor the other way round, so
        what was known of it once is enough."""
        if to.thread:
            return False
        known = self._forums.get((to.tenant.workspace, to.channel))
        return is_forum(await self.channel(to.tenant, to.channel)) if known is None else known

    async def holder(self, ref: MessageRef) -> str:
        """The id of the channel or thread that a message stands in: of a forum, the post that it began."""
        to = ref.destination
        if to.thread:
            return to.thread
        return ref.message if await self.is_forum(to) else to.channel

    async def facts(self, to: Destination) -> PlaceFacts | None:
        """What the place is; None when there is none."""
        found = await self.channel(to.tenant, to.thread or to.channel)
        if found is None:
            return None
        nsfw = bool(found.get("nsfw"))
        if is_thread(found):
            parent = await self.channel(to.tenant, str(found.get("parent_id")))
            nsfw = nsfw or bool(parent and parent.get("nsfw"))
        tags = tuple(str(tag["name"]) for tag in found.get("available_tags") or ())
        return PlaceFacts(_kind(found), nsfw, tags, needs_tag(found))


def is_forum(channel: Mapping[str, Any] | None) -> bool:
    """Whether a channel of the API holds posts, and no messages of its own."""
    return channel is not None and channel.get("type") in FORUMS


def needs_tag(channel: Mapping[str, Any]) -> bool:
    """Whether every post of a forum needs a tag."""
    return is_forum(channel) and bool(int(channel.get("flags") or 0) & _REQUIRE_TAG)


def _kind(channel: Mapping[str, Any]) -> PlaceKind:
    if is_thread(channel):
        return PlaceKind.THREAD
    if is_forum(channel):
        return PlaceKind.FORUM
    return PlaceKind.ANNOUNCEMENTS if channel.get("type") == ANNOUNCEMENTS else PlaceKind.CHANNEL
