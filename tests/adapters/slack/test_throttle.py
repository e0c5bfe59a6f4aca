"""About one message a second in a channel: kept before Slack has to say so."""

from __future__ import annotations

from typing import cast

from adapters.slack import limits
from adapters.slack.messenger import SlackMessenger
from adapters.slack.tokens import Tokens
from bot.core.chat.cards import Card, Text, line
from bot.core.chat.delivery_results import Busy
from bot.core.chat.ids import Destination, TenantId
from tests.conftest import ManualClock

CARD = Card("Hello", (Text(line("there")),))


class _NoTokens:
    async def client(self, _tenant: TenantId) -> object:
        raise ConnectionResetError


async def test_messages_of_a_channel_wait_for_their_turn_and_others_do_not() -> None:
    clock, slept = ManualClock(), list[float]()

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    messenger = SlackMessenger(cast(Tokens, _NoTokens()), ticks=clock, sleep=sleep)
    tenant = TenantId("slack", "T1")
    place, other = Destination(tenant, "C1"), Destination(tenant, "C2")
    for _ in range(limits.MESSAGES_AT_ONCE):
        assert not isinstance(await messenger.post(place, CARD, "k"), Busy)
    assert slept == []
    await messenger.post(place, CARD, "k")
    await messenger.post(Destination(tenant, "C1", "17.1"), CARD, "k")
    assert slept == [1.0, 2.0], "a thread is of its channel"
    assert await messenger.post(place, CARD, "k") == Busy(
        3.0, "Slack takes about one message a second in a channel"
    )
    assert not isinstance(await messenger.post(other, CARD, "k"), Busy)
    clock.advance(10)
    assert not isinstance(await messenger.post(place, CARD, "k"), Busy)
    assert slept == [1.0, 2.0]
