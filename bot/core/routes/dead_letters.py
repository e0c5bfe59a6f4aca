"""Dead letters: messages that were given up, as they are asked for, shown, and sent once more."""

from __future__ import annotations

import msgspec

from bot.core.chat.ids import Destination, TenantId


class DeadLetters(msgspec.Struct, frozen=True):
    """Which dead letters that nobody has replayed yet; without any argument, all of them.

    tenant: of one tenant. lanes: of these. reason: part of the reason, in any case. ids: only these.
    since, until: when they died, epoch seconds. upto: the greatest id, so that what has died after
    somebody was shown a number is not replayed with it.
    """

    tenant: TenantId | None = None
    reason: str = ""
    ids: tuple[int, ...] = ()
    since: float | None = None
    until: float | None = None
    upto: int | None = None
    lanes: tuple[str, ...] = ()


class DeadLetter(msgspec.Struct, frozen=True):
    """A message that was given up. identity: of its event, None for a card of our own.

    reason: why. replayed: it was queued once more. Times: epoch seconds.
    """

    id: int
    destination: Destination
    lane: str
    kind: str
    event: int | None
    identity: str | None
    key: str
    attempts: int
    reason: str
    ambiguous: bool
    created_at: float
    died_at: float
    replayed: bool
