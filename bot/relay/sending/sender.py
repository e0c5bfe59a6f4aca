"""One delivery to its platform: what is posted, and what is done when nobody knows if it was.

A delivery found `sending` is ambiguous: it may have arrived. Where the platform takes the same delivery key
twice without posting twice (`idempotent_window` seconds after the first time), it is simply sent again.
Otherwise the channel is read: found there, it is done; not there, it is sent again. Where the channel cannot
be read it is sent once more, visibly marked; when that is not answered either, again, a few times.

The request of a process that was killed may still be under way when the next one begins with its lane, so
what that one left behind is looked for a little after the beginning, when it has arrived or never will.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, Protocol, TypeAlias, runtime_checkable

from msgspec.structs import replace

from bot.core.chat.cards import Card, File
from bot.core.chat.delivery_results import (
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
from bot.core.chat.ids import Destination, MessageRef, TenantId
from bot.core.chat.places import ANYWHERE, PlaceFacts
from bot.core.clocks import Clock, Sleep
from bot.core.errors import StorageUnavailable
from bot.core.messages.errors import said_by
from bot.core.messages.message import msg, nmsg
from bot.core.ports import Access, Attachments, RelayMessenger
from bot.core.routes.deliveries import OF_ROUTES, UPDATES, DeliveryKind
from bot.core.routes.event_readings import is_sensitive
from bot.core.routes.route import Sensitive
from bot.relay.observing import RelayObserver
from bot.relay.sending import notices
from bot.relay.sending.lane_tenure import LaneTenure, not_held
from bot.relay.sending.message_updates import MessageUpdates
from bot.relay.sending.outbox import place_of_lane
from bot.relay.sending.reading import withheld
from bot.relay.sending.relisting import Relisting
from bot.relay.sending.rendering import PresentEvent, Rendering
from bot.relay.sending.route_settings import settings_of
from bot.relay.sending.send_results import Dead, SendResult, Skipped, in_the_messenger
from bot.relay.sending.telling import OWNER
from bot.relay.sending.threads import MessageThreads, SetupWarning, place_of
from bot.storage.relay.deliveries import drained_as
from bot.storage.relay.lane_heads import Claimed
from bot.storage.relay.related import Related

# Seconds that the platform's clock may be behind ours when its messages are read.
_CLOCKS_APART = 60.0
# Seconds to look back where our own clock was set back since, and nobody knows when it was sent.
_LONG_AGO = 3600.0
# Seconds after a lane is ours in which a request of the process before may still arrive.
SETTLING = 2.0
# Tries after which a platform that does not say what a place is, is not asked any more.
_FACTS_TRIES = 5
_FACTS_PAUSE = 5.0
_STORAGE_PAUSE = 1.0
_SENSITIVE = {
    Sensitive.CHANNEL: msg(
        "X marks it as possibly sensitive, and the channel is not marked for such content"
    ),
    Sensitive.NEVER: msg("X marks it as possibly sensitive, and the route does not post such tweets"),
}
_NO_FILE = msg("the file that goes with it is no longer stored")
_ALL_DELETED = msg("all tweets of the list were deleted before it was posted")
MarkAmbiguous: TypeAlias = Callable[[Claimed], Awaitable[None]]
"""Writes down, before a second try, that a first one may have arrived."""


@runtime_checkable
class Throttled(Protocol):
    """A messenger whose platform takes only so many messages a second in a channel."""

    def turn_in(self, to: Destination) -> float:
        """Seconds until it takes a further message there, 0 for now. Takes no turn."""


class _NoAttachments:
    """For what queues no files."""

    async def files(self, tenant: TenantId, attachment: str) -> tuple[File, ...]:
        """None."""
        del tenant, attachment
        return ()


NO_ATTACHMENTS: Final[Attachments] = _NoAttachments()
"""For a relay whose messages have no files."""

# Tries of a message after which one that may have arrived is not repeated any more where nothing can
# be read. One repeat would not do: two crashes in a row would cost the head of every lane.
UNKNOWN_TRIES = 8
_GIVEN_UP = nmsg(
    "it is not known whether the message arrived, and it was tried {n} time",
    "it is not known whether the message arrived, and it was tried {n} times",
    n=UNKNOWN_TRIES,
)


class DeliverySender:
    """Sends claimed deliveries."""

    def __init__(
        self,
        messengers: Mapping[str, RelayMessenger],
        present: PresentEvent,
        related: Related,
        warn: SetupWarning,
        access: Access,
        attachments: Attachments,
        tenure: LaneTenure,
        *,
        clock: Clock,
        sleep: Sleep,
        observer: RelayObserver,
    ) -> None:
        """messengers: by platform. present: the card of an event. warn: told what keeps a message from
        looking as its route says. attachments: makes the files that go with messages. tenure: of the lanes.
        clock: epoch seconds.
        """
        self._tenure = tenure
        self._messengers = messengers
        self._access = access
        self._attachments = attachments
        self._rendering = Rendering(present, observer)
        self._threads = MessageThreads(related, self._rendering, warn)
        self._relisting = Relisting(related.lists, self._rendering)
        self._message_updates = MessageUpdates(related, self._rendering, self._relisting, warn)
        self._clock = clock
        self._sleep = sleep
        self._observer = observer
        # Which kinds of messenger are `Throttled`.
        self._throttled: dict[type, bool] = {}

    def serves(self, lane: str) -> bool:
        """Whether the lane's platform is connected here."""
        return lane.partition(":")[0] in self._messengers

    def turn_in(self, lane: str) -> float:
        """Seconds until the lane's platform takes a further message in its channel, 0 for now."""
        messenger: Any = self._messengers.get(lane.partition(":")[0])
        kind = type(messenger)
        if kind not in self._throttled:
            # Slow to find out, and asked for every message.
            self._throttled[kind] = issubclass(kind, Throttled)
        if not self._throttled[kind] or (place := place_of_lane(lane)) is None:
            return 0.0
        return float(messenger.turn_in(place))

    async def send(self, item: Claimed, mark_ambiguous: MarkAmbiguous) -> SendResult:
        """Deliver one. mark_ambiguous: stores durably that it may be sent a second time.

        StorageUnavailable where its lane may be another process's by now: nothing was sent.
        """
        messenger = self._messengers[item.destination.tenant.platform]
        if item.kind in UPDATES:
            return await self._update(messenger, item)
        try:
            card = self._rendering.card(item)
            files = await self._files(item)
        except ValueError as error:
            return Dead(msg("the stored card cannot be read: {why}", why=said_by(error)))
        except StorageUnavailable as error:
            return Busy(_STORAGE_PAUSE, said_by(error))
        if files is None:
            return Dead(_NO_FILE)
        if item.edit_message:
            ref = MessageRef(item.destination, item.edit_message)
            edited = await _guarded(messenger.edit(ref, card))
            # Editing twice does no harm, so an unknown outcome is just tried again.
            if item.kind is DeliveryKind.EDIT or not isinstance(edited, Gone | Refused):
                return edited
        if item.kind is DeliveryKind.TELL:
            kept = await withheld(messenger, self._access, item)
            if kept is not None:
                return kept
            return await self._tell(messenger, item, card, mark_ambiguous, files)
        if item.kind in OF_ROUTES:
            return await self._posted(messenger, item, card, mark_ambiguous)
        posted = await self._post(messenger, item, card, mark_ambiguous, files)
        if item.kind is DeliveryKind.CARD and item.person and isinstance(posted, Gone | Refused):
            again = replace(item, interrupted=False)
            told = await self._tell(messenger, again, card, mark_ambiguous, files)
            # Where neither can be done, what became of its place decides.
            return posted if isinstance(posted, Gone) and isinstance(told, Gone | Refused) else told
        return posted

    async def _files(self, item: Claimed) -> tuple[File, ...] | None:
        """What goes with it; None where that cannot be made any more."""
        if item.attachment is None:
            return ()
        return await self._attachments.files(item.destination.tenant, item.attachment) or None

    async def _update(self, messenger: RelayMessenger, item: Claimed) -> SendResult:
        try:
            return await self._message_updates.do(messenger, item)
        except StorageUnavailable as error:
            return Busy(_STORAGE_PAUSE, said_by(error))
        except Exception as error:
            self._observer.trouble("lanes", error)
            return Unknown(in_the_messenger(error))

    async def _withheld(self, messenger: RelayMessenger, item: Claimed) -> SendResult | None:
        """Why a sensitive tweet is not posted there, or not yet; None when nothing speaks against it."""
        if item.kind is not DeliveryKind.EVENT or item.event is None or item.interrupted:
            return None
        rule = settings_of(item.settings).sensitive
        if rule is Sensitive.ALWAYS or not is_sensitive(item.event):
            return None
        facts = await self._facts(messenger, item) if rule is Sensitive.CHANNEL else PlaceFacts()
        if facts is None and item.attempts <= _FACTS_TRIES:
            return Busy(_FACTS_PAUSE, msg("the platform does not say right now what kind of channel it is"))
        if facts is not None and facts.sensitive:
            return None
        # What the platform never says is taken as no.
        return Skipped(_SENSITIVE[rule])

    async def _relisted(self, item: Claimed, card: Card) -> tuple[Card, SendResult | None]:
        """A list without what was deleted on X before it is posted; and why it is not posted at all."""
        try:
            now = await self._relisting.before_sending(item)
        except ValueError as error:
            return card, Dead(said_by(error))
        if now is None:
            return card, None
        if now.card is None and not item.interrupted:
            return card, Skipped(_ALL_DELETED)
        # What may stand there already is found out first; what removes it follows in the lane.
        return now.card or card, None

    async def _facts(self, messenger: RelayMessenger, item: Claimed) -> PlaceFacts | None:
        try:
            return await messenger.facts(place_of(item))
        except Exception as error:
            self._observer.trouble("lanes", error)
            return None

    async def _posted(
        self, messenger: RelayMessenger, item: Claimed, card: Card, mark_ambiguous: MarkAmbiguous
    ) -> SendResult:
        """Post it in its thread, if it has one, and in the place itself where there is none any more."""
        try:
            withheld = await self._withheld(messenger, item)
            if item.kind is DeliveryKind.LIST:
                card, withheld = await self._relisted(item, card)
            placed = await self._threads.placed(messenger, item) if withheld is None else item
        except StorageUnavailable as error:
            withheld, placed = Busy(_STORAGE_PAUSE, said_by(error)), item
        if isinstance(placed, Busy):
            withheld, placed = placed, item
        if withheld is not None:
            # What may stand there already is still to be found out.
            still = item.interrupted and isinstance(withheld, Busy)
            return Unknown(withheld.detail) if still and isinstance(withheld, Busy) else withheld
        result = await self._post(messenger, placed, card, mark_ambiguous)
        if isinstance(result, Gone) and placed.destination != place_of(placed):
            # The thread is gone; whether its channel is too will be seen there.
            try:
                again = await self._threads.given_up(placed)
            except StorageUnavailable as error:
                return Busy(_STORAGE_PAUSE, said_by(error))
            return await self._post(messenger, replace(again, interrupted=False), card, mark_ambiguous)
        return result

    async def _post(
        self,
        messenger: RelayMessenger,
        item: Claimed,
        card: Card,
        mark_ambiguous: MarkAmbiguous,
        files: tuple[File, ...] = (),
    ) -> SendResult:
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
        where = self._rendering.placement(item) if item.kind in OF_ROUTES else ANYWHERE
        self._still_ours(item)
        result = await _guarded(messenger.post(item.destination, card, item.key, files, placement=where))
        if isinstance(result, Refused):
            plain = notices.plainer(card)
            if plain != card:
                self._still_ours(item)
                result = await _guarded(
                    messenger.post(item.destination, plain, item.key, files, placement=where)
                )
        return result

    async def _tell(
        self,
        messenger: RelayMessenger,
        item: Claimed,
        card: Card,
        mark_ambiguous: MarkAmbiguous,
        files: tuple[File, ...],
    ) -> SendResult:
        marked = item.ambiguous
        if item.interrupted and not self._recognised(messenger, item):
            if _repeated_enough(item):
                return Dead(_GIVEN_UP)
            marked = await self._mark(item, mark_ambiguous)
        if marked:
            card = notices.possibly_repeated(card)
        tenant, person = item.destination.tenant, item.person or ""
        if person == OWNER:
            owner = await _guarded(messenger.owner(tenant))
            if not isinstance(owner, Delivered):
                # Nothing was sent yet: an answer that was lost can be asked for again.
                return Busy(_FACTS_PAUSE, owner.detail) if isinstance(owner, Unknown) else owner
            person = owner.message
        self._still_ours(item)
        return await _guarded(messenger.tell(tenant, person, card, item.key, files))

    def _still_ours(self, item: Claimed) -> None:
        """Asked right before a post: whoever stood still since the message was marked must not send it."""
        if not self._tenure.holds(drained_as(item.lane)):
            raise not_held()

    def _recognised(self, messenger: RelayMessenger, item: Claimed) -> bool:
        # A moment to come is one of a clock that was ahead: how long ago it was cannot be said.
        return 0.0 <= self._clock() - item.sending_since < messenger.idempotent_window

    async def _settled(self, messenger: RelayMessenger, item: Claimed) -> None:
        """Wait until a request that a process before left under way has arrived, or never will."""
        began = self._tenure.since(drained_as(item.lane))
        wait = began + SETTLING - self._clock()
        # Where keys are recognised, we only come here when the window for them is long over.
        if item.sending_since < began and messenger.idempotent_window == 0 and wait > 0:
            await self._sleep(min(wait, SETTLING))

    async def _find(self, messenger: RelayMessenger, item: Claimed) -> Found | Absent | Unreadable:
        now = self._clock()
        after = item.sending_since - _CLOCKS_APART if item.sending_since <= now else now - _LONG_AGO
        try:
            return await messenger.find(item.destination, item.key, after)
        except Exception as error:
            self._observer.trouble("lanes", error)
            return Unreadable()

    async def _mark(self, item: Claimed, mark_ambiguous: MarkAmbiguous) -> bool:
        await mark_ambiguous(item)
        self._resolved(item, "marked")
        return True

    def _resolved(self, item: Claimed, resolution: str) -> None:
        self._observer.ambiguous(item.destination.tenant.platform, resolution)

    async def test(self, to: Destination, card: Card, key: str) -> DeliveryResult:
        """Post a card at once, outside the lanes."""
        messenger = self._messengers.get(to.tenant.platform)
        if messenger is None:
            return Gone(msg("{platform} is not connected to this bot", platform=to.tenant.platform))
        return await _guarded(messenger.post(to, card, key))


def _repeated_enough(item: Claimed) -> bool:
    return item.ambiguous and item.attempts > UNKNOWN_TRIES


async def _guarded(call: Awaitable[DeliveryResult]) -> DeliveryResult:
    """A messenger never raises; should one do so all the same, nothing is known."""
    try:
        return await call
    except Exception as error:
        return Unknown(in_the_messenger(error))
