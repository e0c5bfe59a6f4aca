"""What is declared of a platform, so that everything else in `bot.app` can walk the list of them.

A further platform is a module beside this one with such a declaration, and its line in `listed`.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from enum import Enum
from typing import Protocol

from starlette.routing import BaseRoute

from bot.app.roles import does, relays
from bot.app.wiring import App
from bot.core.errors import BotError, NotConfigured
from bot.core.findings import Finding
from bot.core.ports import Platform
from bot.settings import Settings
from bot.storage.engine.database import Database


class Part(Enum):
    """What a process does on a platform."""

    SERVES = "serves"  # takes commands, and posts
    POSTS = "posts"
    NOTHING = "nothing"


class DeclaredPlatform(Protocol):
    """One platform, before anything is opened. serves: whether the process takes commands, or only posts."""

    @property
    def name(self) -> str:
        """As in `TenantId.platform`, in `--role`, and in what `/readyz` says."""

    @property
    def title(self) -> str:
        """As people call it."""

    @property
    def needed(self) -> str:
        """The settings that turn it on, in words."""

    def wanted(self, settings: Settings) -> bool:
        """Whether it is meant to be on: what is then missing is an error of its own."""

    def on_the_web(self, settings: Settings) -> bool:
        """Whether the process with the web server takes its commands."""

    def absent(self) -> NotConfigured:
        """Why a process that is to serve it cannot: it is not configured."""

    def elsewhere(self, settings: Settings) -> NotConfigured | None:
        """Why a process of its own is not needed, where those with the role web serve it."""

    def unusable(self, settings: Settings, *, serves: bool) -> BotError | None:
        """What is wrong with its settings by themselves; nothing is asked of the platform."""

    async def check(self, settings: Settings, *, serves: bool) -> Sequence[Finding]:
        """What is wrong with the set-up on the platform's side, if anything; nothing is changed.

        Needs nothing of ours beside the settings: it is asked where no database can be opened, too.
        """

    async def among_processes(self, settings: Settings, database: Database) -> Sequence[Finding]:
        """Which process on this database does what of it, where they share it; for `xquik-bot check`."""

    def make(self, app: App, *, serves: bool) -> Platform[BaseRoute]:
        """The platform over the application. BotError as in `unusable`."""


def part_of(one: DeclaredPlatform, settings: Settings, roles: Set[str]) -> Part:
    """What a process with these roles does there."""
    if not one.wanted(settings):
        return Part.NOTHING
    if does(roles, one.name) or (one.on_the_web(settings) and does(roles, "web")):
        return Part.SERVES
    return Part.POSTS if relays(roles) else Part.NOTHING
