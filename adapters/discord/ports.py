"""What the Discord adapter needs from the rest of the bot.

`Commands` is `bot.core.dispatch.Dispatcher`; `Claims`, `Facts` and `Tenants` are the classes of
these names in `bot.storage`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

from bot.core.actions import ActionRef
from bot.core.cards import Choice
from bot.core.commands import Catalogue, Command
from bot.core.ids import TenantId
from bot.core.invocation import Invocation
from bot.core.ports import Responder

Clock: TypeAlias = Callable[[], float]
Pause: TypeAlias = Callable[[float], Awaitable[None]]


class Commands(Protocol):
    """Runs commands, presses buttons, completes values."""

    @property
    def catalogue(self) -> Catalogue:
        """Every command there is."""

    async def run(
        self,
        invocation: Invocation,
        command: Command[Any],
        values: Mapping[str, Sequence[str]],
        responder: Responder,
    ) -> object:
        """Run a command with the raw values of its options."""

    async def press(
        self,
        invocation: Invocation,
        ref: ActionRef,
        responder: Responder,
        values: Mapping[str, str] | None = None,
    ) -> object:
        """Press a button, or hand in a form when `values` is given."""

    async def suggest(
        self, invocation: Invocation, path: tuple[str, ...], option: str, typed: str
    ) -> tuple[Choice, ...]:
        """Values for an option that begin as typed; from memory or cache."""


class Claims(Protocol):
    """Durable, shared by all processes."""

    async def claim(self, scope: str, id: str) -> bool:
        """True for the first who asks for this id; False for everyone after."""


class Facts(Protocol):
    """Small durable texts of the installation."""

    async def get(self, key: str) -> str | None:
        """The value, None when there is none."""

    async def put(self, key: str, value: str) -> None:
        """Store a value in place of the one before."""


class Tenant(Protocol):
    """A server that is stored. removed_at: epoch seconds when the bot was removed there."""

    @property
    def id(self) -> TenantId: ...
    @property
    def removed_at(self) -> float | None: ...


class Tenants(Protocol):
    """The servers that the bot is in. A removed one keeps its settings for a while."""

    async def ensure(self, tenant: TenantId, name: str = "") -> Tenant:
        """The bot is there; stored when it was not known."""

    async def remove(self, tenant: TenantId) -> bool:
        """The bot was removed there."""

    async def restore(self, tenant: TenantId) -> bool:
        """The bot is there again after it was removed."""
