"""A list drawn anew, when tweets in it were deleted on X: their lines say so, or are left out.

Which of its events were deleted is what deliveries there are about it (`dedup_keys.done_in_list`), whatever
became of them: so each drawing shows all that is known by then, in any order and however often.
"""

from __future__ import annotations

import msgspec

from bot.core.chat import card_json
from bot.core.chat.cards import Card
from bot.core.routes import dedup_keys
from bot.core.routes.dedup_keys import DedupKey
from bot.core.routes.deliveries import DeliveryKind
from bot.relay.sending.rendering import Rendering
from bot.storage.relay.lane_heads import Claimed
from bot.storage.relay.released_lists import Lists

# Times that a dead letter was sent once more, and died again, through which its list is still found.
_REPLAYS = 20


class Relisted(msgspec.Struct, frozen=True):
    """A list as it is now. card: None when nothing is left of it."""

    card: Card | None


class Relisting:
    """See the module. Its methods raise StorageUnavailable, and ValueError for what cannot be drawn."""

    def __init__(self, lists: Lists, rendering: Rendering) -> None:
        self._lists = lists
        self._rendering = rendering

    async def before_sending(self, item: Claimed) -> Relisted | None:
        """A list that is about to be posted; None when nothing in it was deleted, or it is no such list."""
        dedup_key = item.dedup_key
        for _ in range(_REPLAYS):
            dead = dedup_keys.replayed(dedup_key)
            if dead is None:
                break
            dedup_key = await self._lists.dedup_key(item.lane, dead) or dedup_keys.NONE
        return await self.drawn(item, dedup_key)

    async def drawn(self, item: Claimed, dedup_key: DedupKey) -> Relisted | None:
        """The list of that key in the lane of `item`, as the route of `item` wants it to look; None when
        nothing in it was deleted, as far as is still stored."""
        first = dedup_keys.first_of_list(dedup_key)
        lines = await self._lists.lines(item.lane, dedup_key, first) if first is not None else {}
        if not lines:
            return None
        of_update = {dedup_keys.done_in_list(dedup_key, held): event for held, event in lines.items()}
        kinds = await self._lists.kinds(item.lane, list(of_update))
        if not kinds:
            return None
        removed = {of_update[update] for update, kind in kinds.items() if kind is DeliveryKind.REMOVE}
        marked = {of_update[update] for update, kind in kinds.items() if kind is DeliveryKind.MARK}
        left = [event for event in lines.values() if event not in removed]
        if not left:
            return Relisted(None)
        found = await self._lists.events(item.destination.tenant, left)
        events = [found[event] for event in left if event in found]
        title = card_json.decode(await self._lists.card(item.lane, dedup_key) or "null").title
        card = self._rendering.listed(events, title, item, deleted=marked, more=len(left) - len(events))
        return Relisted(card)
