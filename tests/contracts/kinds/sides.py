"""What a proposal is to whoever decides it, in words that belong to no platform.

A `KindSide` is a whole bot with one real adapter: discord.py and slack-bolt against the doubles of their
platforms, the page of the demo over HTTP, and what `exec` prints. Xquik is the sandbox.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

from bot.app.wiring import App
from bot.core.chat.ids import TenantId
from bot.storage.writes.proposal_rows import StoredProposal

Message: TypeAlias = Any
"""The platform's own, or its double's."""
Control: TypeAlias = Callable[..., Awaitable[Any]]
"""Steers the sandbox: an endpoint, a method, and what is sent to it by name."""


@dataclass(frozen=True, slots=True)
class Look:
    """A message as it is seen now. buttons: labels of those that can be pressed; alone: only one person
    sees it."""

    text: str
    buttons: tuple[str, ...] = ()
    alone: bool = False


class KindSide(ABC):
    """One place with an Xquik key, and somebody who may do everything there.

    pressed: whether a message has buttons that can be pressed later. What only prints has nothing that is
    filled in, told alone or posted, and its tests ask for none of that; so those four need no body there.
    """

    name: ClassVar[str]
    pressed: ClassVar[bool] = True

    @property
    @abstractmethod
    def app(self) -> App:
        """The bot."""

    @property
    @abstractmethod
    def tenant(self) -> TenantId:
        """The place."""

    @property
    @abstractmethod
    def control(self) -> Control:
        """Its sandbox."""

    @abstractmethod
    async def ask(self, line: str, *, private: bool) -> Message:
        """Give a command; its answer. private: which this person alone sees."""

    @abstractmethod
    async def look(self, message: Message) -> Look:
        """The message as it is now."""

    @abstractmethod
    def key(self, message: Message) -> str:
        """The proposal that its Confirm belongs to."""

    @abstractmethod
    async def confirm(self, message: Message, times: int = 1) -> list[Any]:
        """Press Confirm, so many times at once; the gestures."""

    @abstractmethod
    async def link(self, message: Message) -> str:
        """Where its "Open on X" leads; nothing while it has none."""

    async def fill(self, message: Message, label: str, values: dict[str, str]) -> None:
        """Press a button and send the form that it opens."""
        raise NotImplementedError

    async def told(self, gestures: list[Any]) -> list[str]:
        """What was answered to gestures alone, beside any change of the message."""
        raise NotImplementedError

    async def direct(self) -> list[str]:
        """What the bot has written to this person alone."""
        raise NotImplementedError

    async def posts(self) -> int:
        """How many messages everybody sees."""
        raise NotImplementedError

    async def stored(self, key: str) -> StoredProposal:
        """The proposal."""
        found = await self.app.services.proposals.get(self.tenant, key)
        assert found is not None
        return found
