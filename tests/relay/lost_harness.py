"""A relay that is driven by hand at a time of its own, over a platform whose channels can be closed."""

from __future__ import annotations

import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.core.chat.cards import Card, File, Text
from bot.core.chat.delivery_results import Delivered, DeliveryResult, Gone
from bot.core.chat.ids import Destination, MessageRef, TenantId
from bot.core.chat.places import ANYWHERE, Placement
from bot.relay.receiving.delivery_body import read_body
from bot.relay.service import Relay
from bot.storage.engine.database import Database
from tests.relay.conftest import make_secrets
from tests.relay.engine import relay_of
from tests.relay.harness import TENANT, RecordingMessenger, event_body, present
from tests.relay.routing_harness import route_all, rows

HOUR = 3600.0
CLOSED = Gone("I was removed from the channel.", "Invite me again.")


@dataclass
class Closing(RecordingMessenger):
    """closed: channels that take no message; seems_open: those that look as if they did all the same."""

    closed: dict[str, Gone] = field(default_factory=dict)
    seems_open: set[str] = field(default_factory=set)
    checks: list[str] = field(default_factory=list)
    check_answers: list[DeliveryResult] = field(default_factory=list)

    async def post(
        self,
        to: Destination,
        card: Card,
        key: str,
        files: Sequence[File] = (),
        *,
        placement: Placement = ANYWHERE,
    ) -> DeliveryResult:
        if to.channel in self.closed:
            self.calls.append((to, key))
            return self.closed[to.channel]
        return await super().post(to, card, key, files, placement=placement)

    async def edit(self, ref: MessageRef, card: Card) -> DeliveryResult:
        return self.closed.get(ref.destination.channel) or await super().edit(ref, card)

    async def delete(self, ref: MessageRef) -> DeliveryResult:
        return self.closed.get(ref.destination.channel) or await super().delete(ref)

    async def publish(self, ref: MessageRef) -> DeliveryResult:
        return self.closed.get(ref.destination.channel) or await super().publish(ref)

    async def check(self, to: Destination) -> DeliveryResult:
        self.checks.append(to.channel)
        if self.check_answers:
            return self.check_answers.pop(0)
        closed = None if to.channel in self.seems_open else self.closed.get(to.channel)
        return closed or Delivered("")


def said(card: Card) -> str:
    """Everything in the texts of a card, and its title."""
    parts = [part for block in card.blocks if isinstance(block, Text) for part in block.line]
    return " ".join([card.title, *(str(getattr(part, "text", part)) for part in parts)])


@dataclass
class Lost:
    """See the module. `again` is another process on the same database."""

    db: Database
    messenger: Closing = field(default_factory=Closing)
    now: float = field(default_factory=time.time)
    max_age: float | None = 86_400.0
    relay: Relay = field(init=False)

    def __post_init__(self) -> None:
        self.again()

    def again(self, sleep: Callable[[float], Awaitable[None]] | None = None) -> None:
        """The process is started anew; nothing of the one before is left but the database.

        sleep: for one that is to run; one that is driven by hand waits for nothing.
        """

        async def no_sleep(_seconds: float) -> None:
            """Nothing."""

        self.relay = relay_of(
            self.db,
            make_secrets(self.db),
            {"slack": self.messenger, "discord": self.messenger},
            present,
            clock=lambda: self.now,
            random=random.Random(5).random,
            sleep=sleep or no_sleep,
            max_age=self.max_age,
        )
        if sleep is None:
            self.relay.scheduler.stop_looking()

    async def event(self, *numbers: int, tenant: TenantId = TENANT, **changes: Any) -> None:
        """Events come and are routed, each happening now."""
        for number in numbers:
            body = read_body(event_body(number, occurredAt=self.now, **changes), self.now)
            assert body.event is not None
            await self.relay.intake.take_event(tenant, body.event, body.data, body.digest, "catchup")
        await route_all(self.relay)

    async def send(self) -> None:
        """Send whatever can be sent now."""
        for _ in range(3):
            for lane in await self.relay.deliveries.open_lanes("", 1_000):
                await self.relay._sending.drainer.drain(lane)

    async def look(self) -> None:
        """Look at the places that are due, and send what may go then."""
        while await self.relay.recovery.round():
            pass
        await self.send()

    def tweets(self, channel: str) -> list[int]:
        """The numbers of the tweets that stand in a channel, in order."""
        texts = [text for text in self.messenger.texts(channel) if text.startswith("Tweet number ")]
        return [int(text.rpartition(" ")[2]) for text in texts]

    def notices(self, channel: str) -> list[str]:
        """What the bot itself said in a channel."""
        cards = [post.card for post in self.messenger.posted if post.to.channel == channel]
        return [said(card) for card in cards if any(isinstance(block, Text) for block in card.blocks)]

    def stands(self, channel: str) -> list[str]:
        """Everything that stands in a channel, in order."""
        return [said(post.card) for post in self.messenger.posted if post.to.channel == channel]

    def told(self) -> list[tuple[str, str]]:
        """What people were told directly."""
        return [(person, said(card)) for person, card in self.messenger.told]

    async def reasons(self, channel: str) -> list[str]:
        """Why messages of a channel were not posted."""
        made = await rows(self.db)
        return [row.error for row in made if row.channel == channel and row.state == "skipped"]
