"""The card of a delivery, drawn when it is sent, as its route wants it to look at that moment."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from typing import TypeAlias

from bot.cards.events.lists import list_card
from bot.cards.relayed import post_title
from bot.core.chat import card_json
from bot.core.chat.cards import Card
from bot.core.chat.places import Placement
from bot.core.messages.message import msg
from bot.core.routes.appearance import Appearance
from bot.core.routes.deliveries import DeliveryKind
from bot.core.routes.events import Event
from bot.relay.observing import RelayObserver
from bot.relay.sending import notices
from bot.relay.sending.route_settings import settings_of
from bot.storage.intake.event_data import DAMAGED
from bot.storage.relay.lane_heads import Claimed

PresentEvent: TypeAlias = Callable[[Event, str, Appearance], Card]
"""The card of an event for a platform `slack`, as its route wants it to look."""


class Rendering:
    """Draws deliveries and events."""

    def __init__(self, present: PresentEvent, observer: RelayObserver) -> None:
        self._present = present
        self._observer = observer

    def card(self, item: Claimed) -> Card:
        """The card of a delivery; ValueError, with the reason, when nothing can be drawn."""
        if item.card is not None:
            return card_json.decode(item.card)
        if item.event is None:
            raise ValueError(msg("its event is no longer stored"))
        return self.event(item.event, item)

    def event(self, event: Event, item: Claimed) -> Card:
        """The card of an event, as the route of `item` shows it; ValueError when it is damaged."""
        if event.data is DAMAGED:
            raise ValueError(msg("its event is damaged"))
        try:
            appearance = settings_of(item.settings).appearance
            return self._present(event, item.destination.tenant.platform, appearance)
        except Exception as error:
            # Data of X in a shape nobody foresaw must not hold up everything behind it.
            self._observer.trouble("lanes", error)
            return notices.unpresentable(event)

    def listed(
        self, events: Sequence[Event], title: str, item: Claimed, *, deleted: Container[int], more: int
    ) -> Card:
        """The card of a list, as the route of `item` shows it; ValueError when it cannot be drawn.

        deleted, more: see `bot.cards.events.lists.list_card`.
        """
        try:
            appearance = settings_of(item.settings).appearance
            return list_card(events, title, appearance, deleted=deleted, more=more)
        except Exception as error:
            self._observer.trouble("lanes", error)
            raise ValueError(msg("the list cannot be built again")) from error

    def placement(self, item: Claimed) -> Placement:
        """Where in a forum it goes."""
        tags = settings_of(item.settings).appearance.tags
        # Hardly any place is a forum, and to shorten a text takes a fifth of what a message takes.
        titled = item.kind is DeliveryKind.EVENT
        return Placement((lambda: self.title(item.event, item)) if titled else "", tags)

    def title(self, event: Event | None, item: Claimed) -> str:
        """What a post or a thread of an event is called; "" where nothing is known of it."""
        if event is None or event.data is DAMAGED:
            return ""
        try:
            return post_title(event, settings_of(item.settings).appearance)
        except Exception as error:
            self._observer.trouble("lanes", error)
            return ""
