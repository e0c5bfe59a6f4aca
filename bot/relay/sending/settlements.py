"""What is written down for the outcome of a try. Pure."""

from __future__ import annotations

from typing import assert_never

from msgspec.structs import replace

from bot.core.chat.delivery_results import Busy, Delivered, Gone, Refused, Unknown
from bot.core.messages.message import msg, nmsg
from bot.core.routes.deliveries import UPDATES, DeliveryKind, DeliveryState
from bot.relay.sending.backoff import MAX_ATTEMPTS, delay
from bot.relay.sending.send_results import Dead, Early, SendResult, Skipped
from bot.storage.relay.lane_heads import Claimed
from bot.storage.relay.lane_steps import Settlement

# Seconds after which what waits for another message looks again, doubled each time up to a minute.
_EARLY = 0.25
_EARLY_DOUBLED = 8


def settlement_of(item: Claimed, outcome: SendResult, now: float, chance: float) -> Settlement:
    """now: epoch seconds. chance: uniform in [0, 1).

    A word of our own about a place is left out where it cannot be posted, and what is only worth an edit
    where it cannot be made: nobody is to send them once more. Nor is anything done to a message that is gone.
    """
    made = _settlement_of(item, outcome, now, chance)
    nothing_to_do = item.kind in UPDATES and isinstance(outcome, Gone)
    left_out = made.state is DeliveryState.DEAD and (
        item.kind in (DeliveryKind.NOTICE, DeliveryKind.EDIT) or nothing_to_do
    )
    return replace(made, state=DeliveryState.SKIPPED) if left_out else made


def _settlement_of(item: Claimed, outcome: SendResult, now: float, chance: float) -> Settlement:
    wait = delay(item.attempts, 0.0, chance)
    match outcome:
        case Delivered(message):
            return Settlement(item.id, DeliveryState.SENT, now, item.route, item.lane, message or None)
        case Skipped(reason):
            return Settlement(item.id, DeliveryState.SKIPPED, now, item.route, item.lane, error=reason)
        case Early(reason):
            wait = _EARLY * 2.0 ** min(item.attempts - 1, _EARLY_DOUBLED) * (1.0 + 0.2 * chance)
            return Settlement(item.id, DeliveryState.WAITING, now, error=reason, not_before=now + wait)
        case Busy(retry_after, detail):
            error = detail or msg("the platform was busy")
            wait = delay(item.attempts, retry_after, chance)
            state = DeliveryState.WAITING
        case Unknown(detail):
            error = detail
            state = DeliveryState.SENDING
        case Refused(reason) | Gone(reason) | Dead(reason):
            return Settlement(
                item.id, DeliveryState.DEAD, now, item.route, item.lane, error=reason or msg("refused")
            )
        case _:
            assert_never(outcome)
    if item.attempts >= MAX_ATTEMPTS:
        error = nmsg(
            "given up after {n} attempt: {why}",
            "given up after {n} attempts: {why}",
            n=item.attempts,
            why=error,
        )
        return Settlement(item.id, DeliveryState.DEAD, now, item.route, item.lane, error=error)
    return Settlement(item.id, state, now, item.route, item.lane, error=error, not_before=now + wait)
