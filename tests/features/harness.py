"""The bot without a platform: the real `App` over a SQLite file, the real sandbox over HTTP, and a
screen and a wall of channels at the edge."""

from __future__ import annotations

import itertools
import shutil
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr

from bot.app.wiring import App
from bot.core.access import Actor
from bot.core.chat.actions import ActionRef
from bot.core.chat.answers import Reply
from bot.core.chat.cards import Card
from bot.core.chat.ids import Destination, TenantId
from bot.core.chat.invocation import Invocation
from bot.core.commands.spending import SPEND
from bot.core.x.references import find_posts
from bot.proposals.cards import CONFIRM
from bot.sandbox.config import SandboxConfig, WriteRules
from bot.sandbox.server import RunningSandbox, serve_sandbox
from bot.settings import Settings, StorageSection, VaultSection, WebSection, XquikSection
from bot.storage.secrets.vault import new_key
from tests.features.edge import Screen, Wall, buttons, ref_of

ADMIN = Actor("ada", "Ada", is_admin=True)
# Of the team: what Slack calls a full member. MEMBER is a member of a Discord server, or a guest in Slack.
TEAM = Actor("tim", "Tim", is_member=True)
MEMBER = Actor("ben", "Ben")
HERE = TenantId("slack", "T0001")
ELSEWHERE = TenantId("slack", "T0002")
TWEET = "https://x.com/xquik/status/1893456789012345678"
# Seconds: in these sandboxes nothing happens until a test says so.
NEVER = 10_000_000.0
QUIET = SandboxConfig(
    event_interval=NEVER,
    first_event_after=NEVER,
    writes=WriteRules(settle_after=0.05, expire_after=0.1, poll_after=0.02),
)


class MovableClock:
    """The machine's time, and what a test adds to it."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead

    def advance(self, seconds: float) -> None:
        """Let that much time pass."""
        self.ahead += seconds


@dataclass
class BotHarness:
    """A bot and what surrounds it. Type with `say`, press with `press`. controls: asks what steers the
    sandbox."""

    app: App
    sandbox: RunningSandbox
    wall: Wall
    clock: MovableClock
    directory: Path
    settings: Settings
    controls: httpx.AsyncClient
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def invocation(self, actor: Actor, tenant: TenantId, channel: str = "c2") -> Invocation:
        """A use of a command, now, in #general or another channel."""
        place = Destination(tenant, channel)
        return Invocation(f"i{next(self._numbers)}", actor, place, self.clock())

    async def say(
        self, line: str, actor: Actor = ADMIN, tenant: TenantId = HERE, channel: str = "c2"
    ) -> Screen:
        """Type a line and see what happens."""
        invocation = self.invocation(actor, tenant, channel)
        screen = Screen(invocation.place)
        screen.outcome = await self.app.dispatcher.run_text(invocation, line, screen)
        return screen

    async def act(
        self, name: str, *texts: str, actor: Actor = ADMIN, tenant: TenantId = HERE, locale: str = "en"
    ) -> Screen:
        """Choose an entry of the menu of a message that has these texts."""
        known = self.app.dispatcher.catalogue.message_actions
        offer = next(offer for action, offer in known if action.name == name)
        invocation = replace(self.invocation(actor, tenant), locale=locale)
        screen = Screen(invocation.place)
        posts = find_posts(*texts)
        screen.outcome = await self.app.dispatcher.on_message(invocation, offer, posts, screen)
        return screen

    async def done(
        self, line: str, actor: Actor = ADMIN, tenant: TenantId = HERE, channel: str = "c2"
    ) -> Screen:
        """Type a line, and press Confirm where it asks for that; the last thing shown is the outcome."""
        screen = await self.say(line, actor, tenant, channel)
        if screen.names[-1:] == ["answer"] and asks_first(screen.card):
            return await self.press(screen, "Confirm", actor=actor, tenant=tenant, channel=channel)
        if screen.names[-1:] == ["answer"] and asks(screen.card):
            screen.steps.append(("answer", Reply(await self.confirm(screen, actor, tenant))))
        return screen

    async def press(
        self,
        on: Screen | Card | ActionRef,
        label: str = "",
        *,
        actor: Actor = ADMIN,
        tenant: TenantId = HERE,
        channel: str = "c2",
        values: Mapping[str, str] | None = None,
    ) -> Screen:
        """Press a button by its label, or (with values) submit the form behind a reference."""
        ref = on if isinstance(on, ActionRef) else ref_of(on.card if isinstance(on, Screen) else on, label)
        invocation = self.invocation(actor, tenant, channel)
        screen = Screen(invocation.place)
        screen.outcome = await self.app.dispatcher.press(invocation, ref, screen, values)
        return screen

    async def submit(self, screen: Screen, **values: str) -> Screen:
        """Send the form that a screen shows."""
        return await self.press(screen.form.action, values=values)

    async def confirm(self, proposed: Screen, actor: Actor = ADMIN, tenant: TenantId = HERE) -> Card:
        """Press Confirm and wait for the outcome."""
        ref = ref_of(proposed.card, "Confirm")
        assert ref.name == CONFIRM
        await self.press(ref, actor=actor, tenant=tenant)
        return await self.app.executor.outcome(tenant, ref.key)

    async def control(self, path: str, method: str = "POST", body: Any = None) -> Any:
        """Steer the sandbox."""
        answer = await self.controls.request(method, f"{self.sandbox.control_url}/{path}", json=body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    async def fault(self, **rule: Any) -> None:
        """Order a fault."""
        await self.control("faults", body=rule)

    async def state(self) -> dict[str, Any]:
        """What the sandbox knows: writes by action, requests by path, credits."""
        found: dict[str, Any] = await self.control("state", "GET")
        return found

    async def requests(self, path: str) -> int:
        """How often a path of the API was asked for."""
        counted = (await self.state())["requests"]
        return sum(number for name, number in counted.items() if name.partition(" ")[2] == path)

    async def credits(self) -> int:
        """What is left of the first customer's credits."""
        xquik = self.app.services.connections.client(SecretStr(self.sandbox.api_key))
        return (await xquik.account.credits()).balance

    async def give_key(self, tenant: TenantId, key: str) -> None:
        """As after `setup key`, without a webhook."""
        await self.app.services.tenants.ensure(tenant)
        await self.app.services.keys.put(tenant, SecretStr(key))

    async def reopen(self) -> None:
        """Stop the bot and start another one on the same database."""
        await self.app.stop()
        await self.app.close()
        self.app = await App.open(self.settings, clock=self.clock)
        self.app.add_platform(HERE.platform, self.wall, self.wall)


def asks(card: Card) -> bool:
    """Whether it is a preview that is to be confirmed."""
    return any(one.action is not None and one.action.name == CONFIRM for one in buttons(card))


def asks_first(card: Card) -> bool:
    """Whether it asks before anything is read or spent."""
    return any(one.action is not None and one.action.name == SPEND for one in buttons(card))


@asynccontextmanager
async def open_house(
    directory: Path,
    template: Path,
    *,
    config: SandboxConfig = QUIET,
    change: Callable[[Settings], Settings] = lambda settings: settings,
    public_url: str | None = None,
) -> AsyncIterator[BotHarness]:
    """A house with a key for HERE. template: a database with all tables, to be copied."""
    shutil.copyfile(template, directory / "bot.db")
    async with serve_sandbox(config) as sandbox, httpx.AsyncClient(trust_env=False) as controls:
        settings = change(
            Settings(
                xquik=XquikSection(base_url=sandbox.base_url),
                storage=StorageSection(url=f"sqlite:///{directory / 'bot.db'}"),
                vault=VaultSection(keys=(new_key(),)),
                web=WebSection(public_url=public_url),
            )
        )
        clock = MovableClock()
        app = await App.open(settings, clock=clock)
        house = BotHarness(app, sandbox, Wall(), clock, directory, settings, controls)
        app.add_platform(HERE.platform, house.wall, house.wall)
        try:
            await house.give_key(HERE, sandbox.api_key)
            yield house
        finally:
            await house.app.stop()
            await house.app.close()


def with_accounts(*names: str) -> SandboxConfig:
    """A sandbox to which these X accounts are connected."""
    return replace(QUIET, connected=names)
