"""The thread that a message belongs in: found, begun when the first message comes for it, or given up.

A thread hangs on another message of the same place, its opener. Where the opener never stood there, or
no thread can be had below it, the message goes into the place itself. Either way that is written down
before anything is posted, so that a second try after a crash looks and posts where the first one did.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from typing import TypeAlias

from cachetools import LRUCache
from msgspec import structs

from bot.core.chat.delivery_results import Busy, Delivered, DeliveryResult, Gone, Unknown
from bot.core.chat.ids import Destination, MessageRef
from bot.core.messages.message import msg
from bot.core.ports import Messenger
from bot.core.routes import dedup_keys
from bot.core.routes.dedup_keys import DedupKey
from bot.core.routes.deliveries import OF_ROUTES, DeliveryState
from bot.core.times.calendar_words import day_words
from bot.relay.sending.rendering import Rendering
from bot.relay.sending.send_results import in_the_messenger
from bot.storage.relay.deliveries import DeliveryStatus
from bot.storage.relay.lane_heads import Claimed
from bot.storage.relay.related import Related

# Threads remembered; what is forgotten is asked for again.
_REMEMBERED = 4096
# Tries after which a platform that never says whether there is a thread is not asked any more.
_PATIENCE = 5
_PAUSE = 2.0
SetupWarning: TypeAlias = Callable[[Claimed, Gone], Awaitable[None]]
"""Tells those who made the routes to a place what is missing there."""


def place_of(item: Claimed) -> Destination:
    """The place that the lane of a delivery is named after, also when it goes into a thread there."""
    if item.destination.thread is not None and str(item.destination) != item.lane.partition("#")[0]:
        return replace(item.destination, thread=None)
    return item.destination


class MessageThreads:
    """See the module."""

    def __init__(self, related: Related, rendering: Rendering, warn: SetupWarning) -> None:
        """warn: told why there is no thread, where somebody could change that."""
        self._related = related
        self._rendering = rendering
        self._warn = warn
        self._known: LRUCache[tuple[str, str], str] = LRUCache(_REMEMBERED)

    async def placed(self, messenger: Messenger, item: Claimed) -> Claimed | Busy:
        """The delivery with the place it is posted in, or Busy when the platform cannot tell now."""
        about = item.about
        if about is None or item.kind not in OF_ROUTES or about == item.dedup_key:
            return item
        if item.destination.thread is not None:
            return item  # it was decided at an earlier try
        thread = await self._thread(messenger, item, about)
        if isinstance(thread, Busy):
            return thread
        if thread is None:
            return await self.given_up(item)
        await self._related.stay(item.id, thread=thread, about=about)
        return structs.replace(item, destination=replace(item.destination, thread=thread))

    async def given_up(self, item: Claimed) -> Claimed:
        """The delivery in its place itself, for good."""
        self._known.pop((item.lane, item.about or ""), None)
        place = place_of(item)
        await self._related.stay(item.id, thread=place.thread, about=None)
        return structs.replace(item, destination=place, about=None)

    async def _thread(self, messenger: Messenger, item: Claimed, about: DedupKey) -> str | Busy | None:
        known = self._known.get((item.lane, about))
        if known is not None:
            return known
        opener = await self._related.message(item.lane, about)
        if opener is None or opener.state is not DeliveryState.SENT or not opener.message:
            return None
        ref = MessageRef(opener.destination, opener.message)
        said = await self._asked(messenger, ref, await self._title(opener, item, about))
        if isinstance(said, Busy | Unknown):
            if item.attempts > _PATIENCE:
                return None
            return said if isinstance(said, Busy) else Busy(_PAUSE, said.detail)
        if isinstance(said, Gone):
            await self._warn(item, said)
        if not isinstance(said, Delivered) or not said.message:
            return None
        self._known[item.lane, about] = said.message
        return said.message

    async def _asked(self, messenger: Messenger, ref: MessageRef, title: str) -> DeliveryResult:
        try:
            return await messenger.thread(ref, title)
        except Exception as error:
            return Unknown(in_the_messenger(error))

    async def _title(self, opener: DeliveryStatus, item: Claimed, about: DedupKey) -> str:
        day, account = dedup_keys.opened_day(about), dedup_keys.opened_account(about)
        if day is not None:
            return day_words(date.fromisoformat(day))
        if account is not None:
            return f"@{(item.event and item.event.username) or account.partition('.')[0]}"
        event = await self._related.event(opener.destination.tenant, opener.event)
        return self._rendering.title(event, item) or msg("Conversation")
