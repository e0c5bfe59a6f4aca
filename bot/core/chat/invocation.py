"""An invocation: one use of a command or button: who, where, when, and what its handler is given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Generic, TypeAlias, TypeVar

from bot.core.access import Actor
from bot.core.chat.cards import Card
from bot.core.chat.ids import Destination, MessageRef, TenantId

S = TypeVar("S")

Values: TypeAlias = Mapping[str, Sequence[str]]
"""Raw values by the name of the option, as they were given."""
NONE_GIVEN: Final[Values] = MappingProxyType({})
Progress: TypeAlias = Callable[[Card], Awaitable[None]]
"""Tells the person how far a long command is; cheap, and never an error."""


@dataclass(frozen=True, slots=True)
class Invocation:
    """id: random, the one that log lines carry. place: where the person is, and so where public
    answers go. message: the message whose button was pressed; alone: whether nobody else sees that one.
    received_at: epoch seconds. locale: BCP 47. zone: the IANA name of the timezone that the platform or
    browser tells of the person, "" where it tells none.
    """

    id: str
    actor: Actor
    place: Destination
    received_at: float
    locale: str = "en"
    message: MessageRef | None = None
    zone: str = ""
    alone: bool = False

    @property
    def tenant(self) -> TenantId:
        """Whose settings apply."""
        return self.place.tenant


@dataclass(frozen=True, slots=True)
class Call(Generic[S]):
    """What a handler runs with. services: everything the application wired for commands.

    given: for what is
    suggested, the raw values of the options that are filled in already; empty where nobody told.
    """

    invocation: Invocation
    services: S
    progress: Progress
    given: Values = field(default_factory=dict)

    @property
    def tenant(self) -> TenantId:
        """Whose settings apply."""
        return self.invocation.tenant


async def silent(_card: Card) -> None:
    """Progress of something that is answered at once."""
