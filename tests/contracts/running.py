"""What the harnesses share: beginning, ending, beginning again, and the state behind a button."""

from __future__ import annotations

import os
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, TypeVar

from starlette.routing import BaseRoute

from bot.core.chat.ids import Destination
from bot.core.findings import Finding
from bot.core.ports import Platform
from bot.storage.engine.database import Database
from bot.storage.places.button_states import StoredButtonStates
from bot.storage.places.languages import StoredLanguages
from tests.contracts.contract_commands import LIFETIME, ContractCommands
from tests.contracts.harnesses import Post, Shown


class RunningHarness(ABC):
    """A harness of an adapter that is started and stopped; what it enters on `_stack` ends with it."""

    place: Destination

    def __init__(self) -> None:
        self.stage = ContractCommands()
        self._stack = AsyncExitStack()

    @abstractmethod
    async def start(self) -> None:
        """Begin, on the database there is."""

    @abstractmethod
    def database(self) -> Database:
        """The open database."""

    async def stop(self) -> None:
        """End; a command that waits for its gate is let through."""
        self.stage.gate.set()
        await self._stack.aclose()

    async def restart(self) -> None:
        """See `harnesses.RunningHarness`."""
        await self.stop()
        await self.start()

    # What follows needs an ability that most platforms have not got, as `harnesses.LACKS` says.

    @property
    def platform(self) -> Platform[BaseRoute]:
        """See `harnesses.AdapterHarness`."""
        raise NotImplementedError

    async def anew(self, message: Shown) -> Shown:
        """See `harnesses.AdapterHarness`."""
        raise NotImplementedError

    def another(self, *, refused: bool = False) -> Platform[BaseRoute]:
        """See `harnesses.AdapterHarness`."""
        raise NotImplementedError

    async def check(self, *, refused: bool = False) -> Sequence[Finding]:
        """See `harnesses.AdapterHarness`."""
        raise NotImplementedError

    async def check_cut_off(self) -> Sequence[Finding]:
        """See `harnesses.AdapterHarness`."""
        raise NotImplementedError

    async def cut_off(self) -> Platform[BaseRoute]:
        """See `harnesses.AdapterHarness`."""
        raise NotImplementedError

    async def inside(self, thread: str) -> list[Shown]:
        """See `harnesses.RunningHarness`."""
        raise NotImplementedError

    def announcements(self) -> Destination:
        """See `harnesses.RunningHarness`."""
        raise NotImplementedError

    def published(self) -> list[Shown]:
        """See `harnesses.RunningHarness`."""
        raise NotImplementedError

    def forum(self) -> Destination:
        """See `harnesses.RunningHarness`."""
        raise NotImplementedError

    def posts(self) -> list[Post]:
        """See `harnesses.RunningHarness`."""
        raise NotImplementedError

    def sensitive(self) -> Destination:
        """See `harnesses.RunningHarness`."""
        raise NotImplementedError

    async def keep(self, name: str, state: Mapping[str, Any]) -> str:
        """See `harnesses.RunningHarness`."""
        states = StoredButtonStates(self.database(), time.time, os.urandom)
        return await states.keep(self.place.tenant, name, state, lifetime=LIFETIME)

    async def speak(self, language: str, person: str = "") -> None:
        """See `harnesses.AdapterHarness`."""
        await StoredLanguages(self.database(), time.time).put(self.place.tenant, person, language)


R = TypeVar("R", bound=RunningHarness)


@asynccontextmanager
async def started(harness: R) -> AsyncIterator[R]:
    """The harness, from its start to its stop."""
    await harness.start()
    try:
        yield harness
    finally:
        await harness.stop()
