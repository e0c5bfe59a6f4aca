"""One delivery to its platform: what is posted, and what is done when nobody knows if it was.

A delivery found `sending` may have arrived. Where the platform takes the same key twice without
posting twice (`idempotent_window` seconds after the first time), it is simply sent again. Otherwise
the channel is read: found there, it is done; not there, it is sent again. Where the channel cannot
be read it is sent once more, visibly marked; when that is not answered either, again, a few times.

The request of a process that was killed may still be under way when the next one starts, so what that
one left behind is looked for a little after the start, when it has arrived or never will.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol, TypeAlias

from bot.core import card_json
from bot.core.appearance import Appearance
from bot.core.cards import Card
from bot.core.deliveries import (
    Absent,
    Busy,
    Delivered,
    DeliveryResult,
    Found,
    Gone,
    Refused,
    Unknown,
    Unreadable,
)
from bot.core.events import Event
from bot.core.ids import Destination, MessageRef
from bot.core.ports import Messenger
from bot.relay import notices
from bot.relay.observing import RelayObserver
from bot.relay.route_settings import settings_of
from bot.storage.event_data import DAMAGED
from bot.storage.lane_steps import Claimed

# Seconds that the platform's clock may be behind ours when its messages are read.
_CLOCKS_APART = 60.0
# Seconds to look back where our own clock was set back since, and nobody knows when it was sent.
_LONG_AGO = 3600.0
# Seconds after the start in which a request of the process before may still arrive.
SETTLING = 2.0


class RelayMessenger(Messenger, Protocol):
    """A messenger of the relay's.

    idempotent_window: seconds for which the platform recognises a repeated key and does not post
    again (Discord's enforced nonce: about 180; Slack: 0).
    """

    @property
    def idempotent_window(self) -> float:
        """See the class."""


@dataclass(frozen=True, slots=True)
class Dead:
    """It cannot be delivered; reason: why, for the dead letters."""

    reason: str


Outcome: TypeAlias = DeliveryResult | Dead
# The card of an event for a platform ("slack"), as its route wants it to look.
Present: TypeAlias = Callable[[Event, str, Appearance], Card]

# Tries of a message after which one that may have arrived is not repeated any more where nothing can
# be read. One repeat would not do: two crashes in a row would cost the head of every lane.
UNKNOWN_TRIES = 8
_GIVEN_UP = f"it is not known whether the message arrived, and it was tried {UNKNOWN_TRIES} times"


class Sender:
    """Sends claimed deliveries."""

    def __init__(
        self,
        messengers: Mapping[str, RelayMessenger],
        present: Present,
        *,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        observer: RelayObserver,
    ) -> None:
        """messengers: by platform. present: the card of an event. clock: epoch seconds."""
        self._messengers = messengers
        self._present = present
        self._clock = clock
        self._sleep = sleep
        self._observer = observer
        self._began = clock()

    def begin(self) -> None:
        """Say that sending begins now: what is `sending` already is from a process before."""
        self._began = self._clock()

    def serves(self, lane: str) -> bool:
        """Whether the lane's platform is connected here."""
        return lane.partition(":")[0] in self._messengers

    async def send(self, item: Claimed, mark_ambiguous: Callable[[Claimed], Awaitable[None]]) -> Outcome:
        """Deliver one. mark_ambiguous: stores durably that it may be sent a second time."""
        messenger = self._messengers[item.destination.tenant.platform]
        try:
            card = self._card(item)
        except ValueError as error:
            return Dead(f"the stored card cannot be read: {error}")
        if item.kind == "tell":
            return await self._tell(messenger, item, card, mark_ambiguous)
        if item.edit_message:
            ref = MessageRef(item.destination, item.edit_message)
            edited = await _guarded(messenger.edit(ref, card))
            # Editing twice does no harm, so an unknown outcome is just tried again.
            if item.kind == "edit" or not isinstance(edited, Gone | Refused):
                return edited
        posted = await self._post(messenger, item, card, mark_ambiguous)
        if item.kind == "card" and item.person and isinstance(posted, Gone | Refused):
            return await self._tell(messenger, replace(item, interrupted=False), card, mark_ambiguous)
        return posted

    def _card(self, item: Claimed) -> Card:
        if item.card is not None:
            return card_json.decode(item.card)
        if item.event is None:
            raise ValueError("its event is no longer stored")
        if item.event.data is DAMAGED:
            raise ValueError("its event is damaged")
        try:
            appearance = settings_of(item.settings).appearance
            return self._present(item.event, item.destination.tenant.platform, appearance)
        except Exception as error:
            # Data of X in a shape nobody foresaw must not hold up everything behind it.
            self._observer.trouble("lanes", error)
            return notices.unpresentable(item.event)

    async def _post(
        self,
        messenger: RelayMessenger,
        item: Claimed,
        card: Card,
        mark_ambiguous: Callable[[Claimed], Awaitable[None]],
    ) -> Outcome:
        marked = item.ambiguous
        if item.interrupted and self._recognised(messenger, item):
            self._resolved(item, "repeated_key")
        elif item.interrupted:
            await self._settled(messenger, item)
            lookup = await self._find(messenger, item)
            if isinstance(lookup, Found):
                self._resolved(item, "found")
                return Delivered(lookup.message)
            if isinstance(lookup, Unreadable):
                if _repeated_enough(item):
                    return Dead(_GIVEN_UP)
                marked = await self._mark(item, mark_ambiguous)
            else:
                self._resolved(item, "absent")
        if marked:
            card = notices.possibly_repeated(card)
        result = await _guarded(messenger.post(item.destination, card, item.key))
        if isinstance(result, Refused):
            plain = notices.plainer(card)
            if plain != card:
                result = await _guarded(messenger.post(item.destination, plain, item.key))
        return result

    async def _tell(
        self,
        messenger: RelayMessenger,
        item: Claimed,
        card: Card,
        mark_ambiguous: Callable[[Claimed], Awaitable[None]],
    ) -> Outcome:
        marked = item.ambiguous
        if item.interrupted and not self._recognised(messenger, item):
            if _repeated_enough(item):
                return Dead(_GIVEN_UP)
            marked = await self._mark(item, mark_ambiguous)
        if marked:
            card = notices.possibly_repeated(card)
        tenant = item.destination.tenant
        return await _guarded(messenger.tell(tenant, item.person or "", card, item.key))

    def _recognised(self, messenger: RelayMessenger, item: Claimed) -> bool:
        # A moment to come is one of a clock that was ahead: how long ago it was cannot be said.
        return 0.0 <= self._clock() - item.sending_since < messenger.idempotent_window

    async def _settled(self, messenger: RelayMessenger, item: Claimed) -> None:
        """Wait until a request that a process before left under way has arrived, or never will."""
        wait = self._began + SETTLING - self._clock()
        # Where keys are recognised, we only come here when the window for them is long over.
        if item.sending_since < self._began and messenger.idempotent_window == 0 and wait > 0:
            await self._sleep(min(wait, SETTLING))

    async def _find(self, messenger: RelayMessenger, item: Claimed) -> Found | Absent | Unreadable:
        now = self._clock()
        after = item.sending_since - _CLOCKS_APART if item.sending_since <= now else now - _LONG_AGO
        try:
            return await messenger.find(item.destination, item.key, after)
        except Exception as error:
            self._observer.trouble("lanes", error)
            return Unreadable()

    async def _mark(self, item: Claimed, mark_ambiguous: Callable[[Claimed], Awaitable[None]]) -> bool:
        await mark_ambiguous(item)
        self._resolved(item, "marked")
        return True

    def _resolved(self, item: Claimed, resolution: str) -> None:
        self._observer.ambiguous(item.destination.tenant.platform, resolution)

    async def test(self, to: Destination, card: Card, key: str) -> DeliveryResult:
        """Post a card at once, outside the lanes."""
        messenger = self._messengers.get(to.tenant.platform)
        if messenger is None:
            return Gone(f"{to.tenant.platform} is not connected to this bot")
        return await _guarded(messenger.post(to, card, key))


def _repeated_enough(item: Claimed) -> bool:
    return item.ambiguous and item.attempts > UNKNOWN_TRIES


async def _guarded(call: Awaitable[DeliveryResult]) -> DeliveryResult:
    """A messenger never raises; should one do so all the same, nothing is known."""
    try:
        return await call
    except Exception as error:
        return Unknown(f"{type(error).__name__} in the messenger")


def outcome_name(outcome: Outcome) -> str:
    """The outcome as a label of figures."""
    names = {Delivered: "delivered", Busy: "busy", Gone: "gone", Refused: "refused"}
    return names.get(type(outcome), "dead" if isinstance(outcome, Dead) else "unknown")
