"""The bot as `xquik-bot run` makes it from a config.toml, between vendors that stand on this machine.

Everything of ours is real: settings read from a file, SQLite, dispatcher, relay, web server,
discord.py and slack-bolt. Only the networks of the vendors are local: the sandbox, and the doubles
of Discord and Slack, which check every request and keep state for tests to look at.
"""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr
from sqlalchemy import update

from bot.app.serving import Bot
from bot.core.chat.ids import TenantId
from bot.sandbox.config import SandboxConfig
from bot.sandbox.server import RunningSandbox, serve_sandbox
from bot.settings import load
from bot.storage.secrets.vault import new_key
from bot.storage.tables import route_places
from tests.doubles.discord import DiscordServer
from tests.doubles.slack import SlackServer

# Seconds. Nothing happens in the sandbox by itself: events come when a test emits them.
NEVER = 10_000_000.0

Sections = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Vendors:
    """The three networks."""

    sandbox: RunningSandbox
    discord: DiscordServer
    slack: SlackServer

    @property
    def broken_rules(self) -> list[Any]:
        """Every rule of a vendor that the bot broke."""
        return [*self.discord.violations, *self.slack.violations]

    async def control(self, endpoint: str, method: str = "POST", **body: Any) -> Any:
        """Steer the sandbox: `emit`, `credits`, `faults`, `writes` …"""
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.request(method, f"{self.sandbox.control_url}/{endpoint}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def new_key(self, credits: int = 25_000) -> str:
        """A key of a customer of its own."""
        made: dict[str, Any] = await self.control("keys", credits=credits)
        return str(made["key"])

    async def writes(self, action: str = "create_tweet") -> int:
        """How many writes of a kind were performed on X."""
        state = await self.control("state", "GET")
        return int(state["writes"].get(action, 0))


@asynccontextmanager
async def vendors(**nonce: Any) -> AsyncIterator[Vendors]:
    """All three, running."""
    async with AsyncExitStack() as stack:
        # The name is that of the proxy in test_network.
        quiet = SandboxConfig(
            event_interval=NEVER, first_event_after=NEVER, host_names=frozenset({"xquik.test"})
        )
        yield Vendors(
            await stack.enter_async_context(serve_sandbox(quiet)),
            await stack.enter_async_context(DiscordServer(**nonce)),
            await stack.enter_async_context(SlackServer()),
        )


_GIVEN: set[int] = set()


def free_port() -> int:
    """A port that nothing listens on, and that was not given before: two may be for one bot."""
    while True:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = int(listener.getsockname()[1])
        if port not in _GIVEN:
            _GIVEN.add(port)
            return port


@dataclass
class Plan:
    """What goes into the config.toml. discord, slack: whether the platform is configured."""

    vendors: Vendors
    directory: Path
    discord: bool = True
    slack: str | None = "socket"
    slack_team: str = "T0001"
    port: int = field(default_factory=free_port)
    vault_key: str = field(default_factory=lambda: new_key().get_secret_value())

    @property
    def address(self) -> str:
        """Where the bot's web server is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.directory / "bot.db"

    def sections(self) -> dict[str, dict[str, Any]]:
        """The settings, by section."""
        made: dict[str, dict[str, Any]] = {
            # One person types here in a minute what others type in a week.
            "chat": {"commands_per_second": 1000.0, "commands_at_once": 10_000},
            "xquik": {
                "base_url": self.vendors.sandbox.base_url,
                "writes_per_minute": 100_000,
                "deletes_per_minute": 100_000,
            },
            "storage": {"url": f"sqlite:///{self.database}"},
            "vault": {"keys": [self.vault_key]},
            "web": {"port": self.port, "public_url": self.address, "drain_seconds": 0},
            "log": {"level": "debug", "format": "json"},
        }
        if self.discord:
            server = self.vendors.discord
            made["discord"] = {
                "token": server.token,
                "api_url": server.api_url,
                "gateway_url": server.gateway_url,
            }
        if self.slack is not None:
            made["slack"] = self._slack()
        return made

    def _slack(self) -> dict[str, Any]:
        server = self.vendors.slack
        # The local Slack takes as many as it gets, and tests have no time to wait for turns.
        made: dict[str, Any] = {"mode": self.slack, "api_url": server.api_url, "messages_per_second": 100.0}
        if self.slack == "socket":
            token = server.workspaces[self.slack_team].bot_token
            return made | {"bot_token": token, "app_token": server.app_token}
        return made | {
            "signing_secret": server.signing_secret,
            "client_id": server.client_id,
            "client_secret": server.client_secret,
        }

    def write(self, changes: Sections | None = None, name: str = "config.toml") -> Path:
        """The file. changes: by section; None takes a key out."""
        made = self.sections()
        for section, values in (changes or {}).items():
            made.setdefault(section, {}).update(values)
        lines: list[str] = []
        for section, values in made.items():
            lines.append(f"[{section}]")
            lines += [f"{key} = {json.dumps(value)}" for key, value in values.items() if value is not None]
        path = self.directory / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path


async def start(config: Path, roles: Iterable[str] = ("all",)) -> Bot:
    """The bot of a configuration, started. Stop it."""
    bot = await Bot.open(load(config, environ={}), frozenset(roles))
    try:
        await bot.start()
    except BaseException:
        await bot.stop()
        raise
    return bot


async def give_key(bot: Bot, tenant: TenantId, key: str) -> None:
    """A tenant with a key and a registered webhook, as after `setup key`."""
    services = bot.app.services
    await services.tenants.ensure(tenant)
    await services.keys.put(tenant, SecretStr(key))
    await services.registrar.register(tenant, (await services.xquik.of(tenant)).webhooks)


async def until(holds: Callable[[], Any], seconds: float = 30.0, what: str = "the awaited state") -> None:
    """Return once something is true, for state that tells nobody when it changes."""
    try:
        async with asyncio.timeout(seconds):
            while True:
                found = holds()
                if asyncio.iscoroutine(found):
                    found = await found
                if found:
                    return
                await asyncio.sleep(0.01)
    except TimeoutError:
        raise AssertionError(f"{what} did not come within {seconds:g} s") from None


def on_disk(database: Path) -> bytes:
    """Every byte of a SQLite database, with what stands beside the file."""
    return b"".join(file.read_bytes() for file in database.parent.glob(f"{database.name}*"))


async def an_hour_passes(bot: Bot) -> None:
    """By the moments at which lost places are to be looked at again."""
    sooner = update(route_places).values(check_at=route_places.c.check_at - 1.2 * 3600.0)
    await bot.app.database.write(lambda connection: connection.execute(sooner))
