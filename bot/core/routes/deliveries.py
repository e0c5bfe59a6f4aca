"""What a delivery is, and where it stands: the kinds and states of the outbox, as they are stored.

    waiting ──claimed──▶ sending ──▶ sent | dead | skipped
       ▲                    │
       └────not taken───────┘

`sending` is durable before the post. `skipped` is what a rule leaves out, or what is not worth a dead letter.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class DeliveryKind(StrEnum):
    """What is done, and with what. `about` is the de-duplication key of another message of the same place."""

    EVENT = "event"
    """Drawn from a stored event when it is sent."""
    LIST = "list"
    """A card made of several events of a route: a digest."""
    OPENER = "opener"
    """A card that begins a thread."""
    CARD = "card"
    """A card of our own: an outcome, a word to those who manage."""
    NOTICE = "notice"
    """A word about the place; left out where it cannot be posted."""
    EDIT = "edit"
    """A card for a message that stands, and worth no message of its own."""
    TELL = "tell"
    """A card for a person alone."""
    MARK = "mark"
    """The message that `about` names, or one of its lines, is marked."""
    REMOVE = "remove"
    """The same is removed."""
    PUBLISH = "publish"
    """The same is published to the channels that follow."""


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"
    SKIPPED = "skipped"


OF_ROUTES: Final = (DeliveryKind.EVENT, DeliveryKind.LIST, DeliveryKind.OPENER)
"""Messages that a route makes, and that end with it."""
STANDING: Final = (*OF_ROUTES, DeliveryKind.CARD)
"""What stands in a place once it is sent, and is waited for there: words about the place itself are not."""
UPDATES: Final = (DeliveryKind.MARK, DeliveryKind.REMOVE, DeliveryKind.PUBLISH)
"""What changes a message that stands."""
OF_PLACES: Final = (*STANDING, DeliveryKind.NOTICE, *UPDATES)
"""What waits for a place that is lost. What is only worth an edit, and what is said to a person, does not."""

OPEN: Final = (DeliveryState.WAITING, DeliveryState.SENDING)
"""Something is still to be done. The order is that of the condition of the index of open rows."""
ALIVE: Final = (*OPEN, DeliveryState.SENT)
"""Became a message, or still may."""
SETTLED: Final = frozenset({DeliveryState.SENT, DeliveryState.DEAD, DeliveryState.SKIPPED})
"""Nothing is done any more."""
TAKEN: Final = frozenset({DeliveryState.SENT, DeliveryState.SKIPPED})
"""Needs no further try, and is no failure."""
