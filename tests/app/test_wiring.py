"""The wired application: what it refuses to open, and what it cleans up."""

from __future__ import annotations

import asyncio
import os
import socket
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.applications import Starlette

from bot.app.data_directory import data_directory
from bot.app.server import WebServer
from bot.app.wiring import App
from bot.core.chat.ids import TenantId
from bot.core.errors import StorageUnavailable, VaultError
from bot.settings import Settings, SettingsError, StorageSection, VaultSection
from bot.storage.places.oauth_states import OAuthStates
from bot.storage.secrets.vault import new_key
from bot.web.health import health_routes
from tests.features.harness import MovableClock

HERE = TenantId("slack", "T1")


def settings(path: Path, *keys: SecretStr) -> Settings:
    return Settings(
        storage=StorageSection(url=f"sqlite:///{path / 'bot.db'}"),
        vault=VaultSection(keys=keys or (new_key(),)),
    )


async def test_a_new_database_gets_its_tables(tmp_path: Path) -> None:
    app = await App.open(settings(tmp_path / "new"), migrating=True)
    assert await app.database_answers()
    await app.stop()
    await app.close()


async def test_without_a_vault_key_nothing_opens(tmp_path: Path) -> None:
    wanted = Settings(storage=StorageSection(url=f"sqlite:///{tmp_path / 'bot.db'}"))
    with pytest.raises(VaultError, match="key"):
        await App.open(wanted, migrating=True)


async def test_another_vault_key_is_refused_and_the_right_one_still_opens(tmp_path: Path) -> None:
    key = new_key()
    app = await App.open(settings(tmp_path, key), migrating=True)
    await app.services.tenants.ensure(HERE)
    await app.keys.put(HERE, SecretStr("xq_" + "0" * 64))
    await app.close()
    with pytest.raises(VaultError):
        await App.open(settings(tmp_path, new_key()), migrating=True)
    again = await App.open(settings(tmp_path, new_key(), key), migrating=True)
    assert (await again.keys.key(HERE)).get_secret_value() == "xq_" + "0" * 64
    await again.close()


async def test_a_place_that_cannot_be_written_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageUnavailable, match=r"bot\.db"):
        await App.open(settings(tmp_path / "file"), migrating=True)


async def test_what_has_expired_is_cleaned_up_while_it_runs(tmp_path: Path) -> None:
    clock = MovableClock()
    app = await App.open(settings(tmp_path), clock=clock, migrating=True)
    await app.services.answers.put(HERE, "trends:1", "{}", lifetime=60)
    key = await app.states.keep(HERE, "list.page", {}, lifetime=60)
    await OAuthStates(app.database, clock, os.urandom).issue()
    clock.advance(3600)
    await app.start()
    async with asyncio.timeout(5):
        while await _content(app):  # noqa: ASYNC110 - housekeeping tells nobody
            await asyncio.sleep(0.01)
    assert await app.states.recall(HERE, "list.page", key) is None
    await app.stop()
    await app.close()


async def _content(app: App) -> int:
    """How many cached answers and states of installs there are."""

    async def read(connection: AsyncConnection) -> int:
        both = "SELECT (SELECT count(*) FROM cached_answers) + (SELECT count(*) FROM slack_oauth_states)"
        return int((await connection.execute(text(both))).scalar_one())

    return await app.database.read(read)


def test_files_beside_the_database_stand_in_its_directory(tmp_path: Path) -> None:
    assert data_directory(settings(tmp_path)) == tmp_path
    server = Settings(storage=StorageSection(url="postgresql://host/db"))
    assert data_directory(server) == Path("data")


async def test_a_server_takes_a_free_port_and_stops_at_once() -> None:
    ready = {"database": True}

    async def checks() -> dict[str, bool]:
        return ready

    server = WebServer(Starlette(routes=health_routes(checks)), "127.0.0.1", 0)
    await server.start()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}", trust_env=False) as client:
        assert (await client.get("/readyz")).status_code == 200
        ready["database"] = False
        answer = await client.get("/readyz")
        assert (answer.status_code, answer.json()["ready"]) == (503, False)
    await asyncio.wait_for(server.stop(), 5)


async def test_a_port_that_is_taken_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"127.0.0.1:{port}"):
            WebServer(Starlette(), "127.0.0.1", port)
