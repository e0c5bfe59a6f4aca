"""A platform that takes every message at once, for a bot that is otherwise as `xquik-bot run` makes it."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.routing import BaseRoute

from benchmarks.relay_parts import TENANT, NullMessenger
from bot.app.wiring import App
from bot.core.chat.ids import TenantId
from bot.core.chat.places import ChannelRef
from bot.core.errors import BotError, NotConfigured
from bot.core.findings import Finding
from bot.settings import Settings
from bot.storage.engine.database import Database


class Nowhere:
    """Implements `bot.core.ports.Platform` and `Channels`."""

    groups = None
    routes: Sequence[BaseRoute] = ()
    ready = True

    def __init__(self, messenger: NullMessenger) -> None:
        self.messenger = messenger

    @property
    def channels(self) -> Nowhere:
        """Itself."""
        return self

    async def channel(self, tenant: TenantId, wanted: ChannelRef) -> ChannelRef | None:
        """Any there may be."""
        return wanted

    async def open(self) -> None:
        """At once."""

    async def start(self) -> None:
        """At once."""

    async def ended(self) -> BotError | None:
        """Never used: it takes no commands."""
        return None

    async def quiet(self) -> None:
        """Nothing runs."""

    async def stop(self) -> None:
        """Nothing is connected."""


class DeclaredNowhere:
    """Implements `bot.app.platforms.declared.DeclaredPlatform`, under the name of the benchmarks' tenants."""

    name = TENANT.platform
    title = "Nowhere"
    needed = "nothing"

    def __init__(self, messenger: NullMessenger) -> None:
        self._messenger = messenger

    def wanted(self, settings: Settings) -> bool:
        """Always."""
        return True

    def on_the_web(self, settings: Settings) -> bool:
        """Never."""
        return False

    def elsewhere(self, settings: Settings) -> NotConfigured | None:
        """Never."""
        return None

    def absent(self) -> NotConfigured:
        """Never asked."""
        return NotConfigured("It is never absent.")

    def unusable(self, settings: Settings, *, serves: bool) -> BotError | None:
        """Nothing can be."""
        return None

    async def check(self, settings: Settings, *, serves: bool) -> Sequence[Finding]:
        """Nothing is amiss."""
        return ()

    async def among_processes(self, settings: Settings, database: Database) -> Sequence[Finding]:
        """Nothing is shared."""
        return ()

    def make(self, app: App, *, serves: bool) -> Nowhere:
        """See `DeclaredPlatform`."""
        return Nowhere(self._messenger)
