"""An invocation: one use of a command or button: who, where, when, and what its handler is given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Generic, Protocol, TypeAlias, TypeVar

from bot.core.access import Actor
from bot.core.chat.cards import Card
from bot.core.chat.ids import Destination, MessageRef, TenantId
from bot.core.policy import Deed

S_co = TypeVar("S_co", covariant=True)
C = TypeVar("C")
C_co = TypeVar("C_co", covariant=True)

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


class XquikWay(Protocol[C_co]):
    """The way to Xquik."""

    async def of(self, whose: Call[Any], /) -> C_co:
        """What may be asked with the key of the call's place, in the name of its person; NotConfigured
        without a key."""


class HasXquik(Protocol[C_co]):
    """Services among which is the way to Xquik."""

    @property
    def xquik(self) -> XquikWay[C_co]:
        """It."""


@dataclass(frozen=True, slots=True)
class Call(Generic[S_co]):
    """What a handler runs with. services: everything the application wired for commands.

    given: for what is
    suggested, the raw values of the options that are filled in already; empty where nobody told. deed: the
    command whose options are suggested, None where something runs.
    """

    invocation: Invocation
    services: S_co
    progress: Progress
    given: Values = field(default_factory=dict)
    deed: Deed | None = None

    @property
    def tenant(self) -> TenantId:
        """Whose settings apply."""
        return self.invocation.tenant

    async def xquik(self: Call[HasXquik[C]]) -> C:
        """What may be asked of Xquik, in the name of the person; NotConfigured without a key."""
        return await self.services.xquik.of(self)


async def silent(_card: Card) -> None:
    """Progress of something that is answered at once."""
