"""What is written down for the outcome of a try. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from bot.core.deliveries import Busy, Delivered, Gone, Refused, Unknown
from bot.relay.sending.backoff import MAX_ATTEMPTS, delay
from bot.relay.sending.outcomes import Dead, Early, Outcome, Skipped
from bot.storage.lane_steps import Claimed, Settlement

# Seconds after which what waits for another message looks again, doubled each time up to a minute.
_EARLY = 0.25
_EARLY_DOUBLED = 8


def settlement_of(item: Claimed, outcome: Outcome, now: float, chance: float) -> Settlement:
    """now: epoch seconds. chance: uniform in [0, 1).

    A word of our own about a place is left out where it cannot be posted: nobody is to send it once more.
    """
    made = _settlement_of(item, outcome, now, chance)
    return replace(made, state="skipped") if item.kind == "notice" and made.state == "dead" else made


def _settlement_of(item: Claimed, outcome: Outcome, now: float, chance: float) -> Settlement:
    wait = delay(item.attempts, 0.0, chance)
    match outcome:
        case Delivered(message):
            return Settlement(item.id, "sent", now, item.route, item.lane, message or None)
        case Skipped(reason):
            return Settlement(item.id, "skipped", now, item.route, item.lane, error=reason)
        case Early(reason):
            wait = _EARLY * 2.0 ** min(item.attempts - 1, _EARLY_DOUBLED) * (1.0 + 0.2 * chance)
            return Settlement(item.id, "waiting", now, error=reason, not_before=now + wait)
        case Busy(retry_after, detail):
            error = detail or "the platform was busy"
            wait = delay(item.attempts, retry_after, chance)
            state = "waiting"
        case Unknown(detail):
            error = detail
            state = "sending"
        case Refused(reason) | Gone(reason) | Dead(reason):
            return Settlement(item.id, "dead", now, item.route, item.lane, error=reason or "refused")
        case _:
            assert_never(outcome)
    if item.attempts >= MAX_ATTEMPTS:
        error = f"given up after {item.attempts} attempts: {error}"
        return Settlement(item.id, "dead", now, item.route, item.lane, error=error)
    return Settlement(item.id, state, now, item.route, item.lane, error=error, not_before=now + wait)
