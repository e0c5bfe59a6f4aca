"""A further platform is one entry of the list: `run`, `check`, `/readyz` and the relay walk it.

The one that is planted here is the playground, which `run` does not serve: the real adapter, in the real bot.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.playground.platform import PlaygroundPlatform, create_playground
from adapters.playground.settings import PlaygroundSettings
from bot.app.doctor import examine
from bot.app.platforms import served
from bot.app.platforms.listed import PLATFORMS
from bot.app.serving import Bot
from bot.app.wiring import App
from bot.core.chat.cards import Card, Text, line
from bot.core.chat.ids import Destination, TenantId
from bot.core.errors import BotError, NotConfigured, UpstreamUnavailable
from bot.core.findings import Finding
from bot.core.routes.dedup_keys import DedupKey
from bot.relay.sending.outbox import Outbox
from bot.settings import Settings, StorageSection, VaultSection, WebSection, XquikSection
from bot.storage.engine.database import Database
from bot.storage.places.playground import PlaygroundLog
from bot.storage.secrets.vault import new_key
from tests.adapters.playground.harness import Visitor
from tests.journeys.run.harness import free_port

HERE = TenantId("playground", "demo")


@dataclass
class Outage:
    """Nobody answers, until it is over."""

    over: bool = False


class Away(PlaygroundPlatform):
    """One that nobody answers for."""

    async def open(self) -> None:
        raise UpstreamUnavailable("Nobody answers.")


@dataclass(frozen=True, slots=True)
class Planted:
    """The playground as a platform of `run`. on: whether it is configured."""

    on: bool = True
    outage: Outage | None = None
    name: str = "playground"
    title: str = "The playground"
    needed: str = "playground.on"

    def wanted(self, _settings: Settings) -> bool:
        return self.on

    def on_the_web(self, _settings: Settings) -> bool:
        return True

    def elsewhere(self, _settings: Settings) -> NotConfigured | None:
        return None

    def absent(self) -> NotConfigured:
        return NotConfigured("playground.on is not set.")

    def unusable(self, _settings: Settings, *, serves: bool) -> BotError | None:
        del serves
        return None

    async def check(self, _settings: Settings, *, serves: bool) -> Sequence[Finding]:
        return [Finding("playground page", "ok", "takes commands" if serves else "is posted to")]

    async def among_processes(self, _settings: Settings, _database: Database) -> Sequence[Finding]:
        return ()

    def make(self, app: App, *, serves: bool) -> PlaygroundPlatform:
        del serves
        page = PlaygroundSettings(port=app.settings.web.port)
        made = create_playground(app.dispatcher, PlaygroundLog(app.database), page)
        if self.outage is None or self.outage.over:
            return made
        return Away(made.app, made.board, made.settings, made.runs)


@asynccontextmanager
async def running(directory: Path, *roles: str, planted: Planted = Planted()) -> AsyncIterator[Bot]:
    """The bot with these roles, and with nothing listed beside what is planted."""
    settings = Settings(
        xquik=XquikSection(base_url="http://127.0.0.1:9"),
        storage=StorageSection(url=f"sqlite:///{directory / 'bot.db'}"),
        vault=VaultSection(keys=(new_key(),)),
        web=WebSection(port=free_port()),
    )
    bot = await Bot.open(settings, frozenset(roles), listed=(planted,))
    try:
        await bot.start()
        yield bot
    finally:
        await bot.stop()


@pytest.mark.parametrize("role", ["all", "playground", "web"])
async def test_a_planted_platform_takes_commands(tmp_path: Path, role: str) -> None:
    async with running(tmp_path, role) as bot, Visitor(f"http://{bot.address}") as ada:
        await ada.say("help")
        assert (await ada.until_card("What this bot can do"))["author"] == "bot"
        checks = (await ada.client.get("/readyz")).json()["checks"]
        assert checks.get("playground") is (None if role == "web" else True)


async def test_after_an_outage_at_the_start_another_one_is_made_and_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served, "AGAIN_SECONDS", 0.01)
    outage = Outage()
    async with running(tmp_path, "all", planted=Planted(outage=outage)) as bot:
        async with httpx.AsyncClient(base_url=f"http://{bot.address}", trust_env=False) as client:
            assert (await client.get("/readyz")).json()["checks"]["playground"] is False
            assert "playground" not in bot.app.messengers
            outage.over = True
            async with asyncio.timeout(10):
                while not bot.platforms.ready()["playground"]:  # noqa: ASYNC110 - nothing tells of it
                    await asyncio.sleep(0.01)
        async with Visitor(f"http://{bot.address}") as ada:
            await ada.say("help")
            assert (await ada.until_card("What this bot can do"))["author"] == "bot"


async def test_addresses_of_no_platform_are_answered_as_without_any(tmp_path: Path) -> None:
    async with (
        running(tmp_path, "web", planted=Planted(on=False)) as bot,
        httpx.AsyncClient(base_url=f"http://{bot.address}", trust_env=False) as client,
    ):
        assert (await client.post("/healthz")).status_code == 405
        assert (await client.get("/slack/events")).status_code == 404


async def test_the_relay_posts_to_it(tmp_path: Path) -> None:
    async with running(tmp_path, "all") as bot, Visitor(f"http://{bot.address}") as ada:
        place, app = Destination(HERE, "general"), bot.app
        card = Card("Posted", (Text(line("By the relay.")),))

        async def queue(connection: AsyncConnection) -> str:
            return await Outbox(app.clock)(connection, place, DedupKey("test"), card)

        app.relay.wake(await app.database.write(queue))
        assert (await ada.until_card("Posted"))["author"] == "bot"


async def test_a_process_that_only_relays_posts_to_it_and_takes_no_command(tmp_path: Path) -> None:
    async with running(tmp_path, "relay") as bot:
        assert "playground" in bot.app.messengers
        assert bot.platforms.ready() == {}


async def test_check_reports_on_it_and_says_why_not(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        f'[storage]\nurl = "sqlite:///{tmp_path}/bot.db"\n[xquik]\nbase_url = "http://127.0.0.1:9"\n'
        f"[web]\nport = {free_port()}\n"
    )

    async def found(planted: Planted, *roles: str) -> dict[str, Finding]:
        report = examine(config, roles=frozenset(roles), platforms=(*PLATFORMS, planted))
        return {one.name: one async for one in report}

    assert (await found(Planted(), "all"))["playground page"].detail == "takes commands"
    assert (await found(Planted(), "relay"))["playground page"].detail == "is posted to"
    assert (await found(Planted(), "discord"))["playground"].detail == "not needed for discord"
    off = await found(Planted(on=False), "playground")
    assert (off["playground"].state, off["platforms"].detail) == ("off", "playground.on is not set.")
    none = (await found(Planted(on=False), "all"))["platforms"]
    assert "Neither Discord nor Slack nor The playground" in none.detail
    assert "or playground.on" in none.remedy


async def test_a_platform_that_is_not_configured_keeps_its_own_process_from_starting(tmp_path: Path) -> None:
    settings = Settings(storage=StorageSection(url=f"sqlite:///{tmp_path / 'bot.db'}"))
    with pytest.raises(NotConfigured, match=r"playground\.on"):
        await Bot.open(settings, frozenset({"playground"}), listed=(Planted(on=False),))
