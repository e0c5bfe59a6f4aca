"""Prints what the bot posts, for the terminal's own tenant."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import tzinfo

from rich.console import Console
from rich.text import Text as RichText

from adapters.terminal.escape import plain_line
from adapters.terminal.render import render
from bot.core.access import Actor
from bot.core.chat.cards import Card, File
from bot.core.chat.delivery_results import Delivered, DeliveryResult, Gone, Lookup, Refused, Unreadable
from bot.core.chat.ids import Destination, MessageRef, TenantId
from bot.core.chat.places import ANYWHERE, ChannelRef, PlaceFacts, Placement
from bot.core.clocks import Clock
from bot.core.messages.message import Message, msg, nmsg
from bot.i18n.translator import ENGLISH_TRANSLATOR, Translator


class TerminalMessenger:
    """A `Messenger` and `Channels`. What is printed cannot be read back, so a key protects from nothing here:
    idempotent_window is 0 seconds, and `find` knows nothing."""

    idempotent_window = 0.0

    def __init__(
        self,
        console: Console,
        *,
        clock: Clock,
        zone: tzinfo | None = None,
        reader: Translator = ENGLISH_TRANSLATOR,
    ) -> None:
        self._reader = reader
        self._console = console
        self._clock = clock
        self._zone = zone
        self._numbers = itertools.count(1)

    async def post(
        self,
        to: Destination,
        card: Card,
        key: str,
        files: Sequence[File] = (),
        *,
        placement: Placement = ANYWHERE,
    ) -> DeliveryResult:
        """Print a card under the name of its channel."""
        del key, placement
        if to.tenant.platform != "terminal":
            return Gone(msg("{place} is not this terminal.", place=str(to.tenant)))
        self._print(msg("In #{channel}", channel=to.channel), card)
        self._named(files)
        return Delivered(str(next(self._numbers)))

    async def edit(self, ref: MessageRef, card: Card) -> DeliveryResult:
        """Print the card that takes the place of an earlier one."""
        heading = msg(
            "In #{channel}, instead of message {message}",
            channel=ref.destination.channel,
            message=ref.message,
        )
        self._print(heading, card)
        return Delivered(ref.message)

    async def delete(self, ref: MessageRef) -> DeliveryResult:
        """Say that an earlier card no longer holds: what is printed stays."""
        channel, message = ref.destination.channel, ref.message
        words = msg("In #{channel}, message {message} is deleted", channel=channel, message=message)
        self._console.print(RichText(plain_line(self._reader.words(words)), style="dim"))
        return Delivered(ref.message)

    async def thread(self, ref: MessageRef, title: str) -> DeliveryResult:
        """A terminal prints one line after another."""
        del ref, title
        return Refused(msg("A terminal has no threads."))

    async def publish(self, ref: MessageRef) -> DeliveryResult:
        """Nobody follows a terminal."""
        del ref
        return Refused(msg("A terminal publishes nothing."))

    async def facts(self, to: Destination) -> PlaceFacts | None:
        """Any name is a plain channel here, without threads, and nobody is notified of what is printed."""
        del to
        return PlaceFacts(threads=False, notifies=False)

    async def tell(
        self, tenant: TenantId, person: str, card: Card, key: str, files: Sequence[File] = ()
    ) -> DeliveryResult:
        """Print a card for one person."""
        del tenant, key
        self._print(msg("To {person}", person=person), card)
        self._named(files)
        return Delivered(str(next(self._numbers)))

    async def owner(self, tenant: TenantId) -> DeliveryResult:
        """Whoever sits at it."""
        del tenant
        return Delivered("you")

    async def actor(self, tenant: TenantId, person: str) -> Actor | None:
        """Whoever sits at it, who runs the bot."""
        del tenant
        return Actor(person, person, is_admin=True)

    async def check(self, to: Destination) -> DeliveryResult:
        """A terminal takes everything."""
        del to
        return Delivered("")

    async def find(self, to: Destination, key: str, after: float) -> Lookup:
        """Nothing printed can be read back."""
        del to, key, after
        return Unreadable()

    async def channel(self, tenant: TenantId, wanted: ChannelRef) -> ChannelRef | None:
        """Any name is a channel here (`bot.core.ports.Channels`)."""
        del tenant
        name = (wanted.name or wanted.id).removeprefix("#")
        return ChannelRef(name, name)

    def _named(self, files: Sequence[File]) -> None:
        for file in files:
            size = self._reader.words(nmsg("{n} byte", "{n} bytes", n=len(file.content)))
            self._console.print(RichText(f"+ {plain_line(file.name)} ({size})"))

    def _print(self, heading: Message, card: Card) -> None:
        card = self._reader.card(card)
        self._console.print(RichText(plain_line(self._reader.words(heading)), style="dim"))
        self._console.print(render(card, now=self._clock(), zone=self._zone))
