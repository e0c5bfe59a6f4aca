"""`check` beside what runs already: the bot of these settings is as it should be, anybody else is named."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.app.doctor import examine
from bot.cli.operate import doctor
from bot.core.chat.cards import Card, Text
from bot.core.chat.ids import Destination, TenantId
from bot.core.errors import BotError, DatabaseUnusable, RelayTaken
from bot.core.findings import Finding
from bot.core.routes.dedup_keys import DedupKey
from bot.relay.sending.outbox import enqueue_card
from bot.settings import SettingsError
from bot.storage.engine.addresses import address
from bot.storage.engine.database import Database
from bot.storage.engine.session_lock import SessionLock
from bot.storage.migrate import create
from bot.storage.secrets.vault import new_key
from tests.adapters.logged import logged
from tests.conftest import PostgresServer
from tests.journeys.run import process
from tests.journeys.run.harness import Plan, free_port, start, until, vendors
from tests.journeys.slack.place import furnish
from tests.relay.harness import route as relay_route
from tests.storage.test_job_tables import run
from tests.storage.test_relay_lock import cut

EXAMPLE = Path(__file__).parents[3] / "config.example.toml"


@pytest.fixture
async def plan(tmp_path: Path) -> AsyncIterator[Plan]:
    """Settings that work."""
    async with vendors() as all_vendors:
        all_vendors.discord.add_guild(name="Acme")
        furnish(all_vendors.slack)
        yield Plan(all_vendors, tmp_path)


async def _found(config: Path, *roles: str) -> dict[str, Finding]:
    """The report, by name."""
    return {one.name: one async for one in examine(config, roles=frozenset(roles or ("all",)))}


def _failed(found: dict[str, Finding]) -> set[str]:
    return {name for name, one in found.items() if one.state == "failed"}


async def _refusal(config: Path, *roles: str) -> BotError:
    """What a start raises."""
    with pytest.raises(BotError) as caught:
        await (await start(config, roles or ("all",))).stop()
    return caught.value


async def test_beside_the_running_bot_it_is_green_and_says_who_runs(plan: Plan) -> None:
    config = plan.write({"web": {"metrics_port": free_port()}})
    assert (await _found(config))["relay"].detail == "no process relays on this database yet"
    bot = await start(config)
    try:
        found = await _found(config)
        assert _failed(found) == set()
        assert found["web server"].detail.startswith(f"the running bot answers at 127.0.0.1:{plan.port}")
        assert found["figures"].detail.startswith("the running bot answers")
        assert re.match(r"the running bot relays: process \d+ on .+, since \d{4}-", found["relay"].detail)
        assert isinstance(await _refusal(config), RelayTaken)
    finally:
        await bot.stop()
    assert (await _found(config))["web server"].detail == f"127.0.0.1:{plan.port} is free"


async def test_a_bot_of_other_settings_at_the_same_port_is_not_ours(plan: Plan, tmp_path: Path) -> None:
    elsewhere = replace(plan, directory=tmp_path / "other")
    elsewhere.directory.mkdir()
    bot = await start(elsewhere.write())
    try:
        config = plan.write()
        found = await _found(config)
        error = await _refusal(config)
        assert isinstance(error, SettingsError)
        assert _failed(found) == {"web server"}
        assert error.detail in found["web server"].detail and error.remedy == found["web server"].remedy
        assert "not the one these settings describe" in found["web server"].detail
    finally:
        await bot.stop()


async def test_a_second_bot_on_the_database_stops_or_stands_by_as_check_says(plan: Plan) -> None:
    bot = await start(plan.write(name="first.toml"))
    try:
        other = {"port": free_port()}
        config = plan.write({"web": other})
        found, error = await _found(config), await _refusal(config)
        assert isinstance(error, RelayTaken)
        assert _failed(found) == {"relay"}
        assert (found["relay"].detail, found["relay"].remedy) == (error.detail, error.remedy)
        config = plan.write({"web": other, "relay": {"standby": True}})
        found = await _found(config)
        assert _failed(found) == set() and "would wait until it ends" in found["relay"].detail
        await (await start(config)).stop()
    finally:
        await bot.stop()


def _queueing(place: Destination, dedup_key: str, card: Card) -> Callable[[AsyncConnection], Awaitable[str]]:
    return lambda connection: enqueue_card(connection, place, DedupKey(dedup_key), card, now=1.0)


async def test_what_another_process_queues_is_sent_within_seconds(plan: Plan) -> None:
    """As `exec` does beside the bot: it cannot wake a lane of it."""
    bot = await start(plan.write())
    beside = await Database.open(f"sqlite:///{plan.database}")
    try:
        guild = next(iter(plan.vendors.discord.world.guilds.values()))
        channel = guild.add_channel("alerts")
        place = Destination(TenantId("discord", str(guild.id)), str(channel.id))
        for number in range(2):
            card = Card(f"Number {number}", (Text(("Said by another process.",)),))
            async with asyncio.timeout(5.0):
                await beside.write(_queueing(place, f"x:{number}", card))
                await channel.wait_for_messages(number + 1)
    finally:
        await beside.close()
        await bot.stop()


async def test_of_one_installation_in_several_processes_each_role_is_looked_at(plan: Plan) -> None:
    config = plan.write()
    relay_config = plan.write({"web": {"port": free_port()}}, name="relay.toml")
    web, relay = await start(config, ("web",)), await start(relay_config, ("relay",))
    try:
        for path, role in ((config, "web"), (relay_config, "relay"), (config, "all")):
            found = await _found(path, role)
            assert _failed(found) == set(), role
            assert ("relay" in found) == (role != "web")
        needs = await _found(config, "web")
        assert needs["discord"].detail == needs["slack"].detail == "not needed for web"
        assert {"public address", "clock"} <= set(needs)
        assert not {"public address", "clock"} & set(await _found(relay_config, "relay"))
    finally:
        await relay.stop()
        await web.stop()


async def test_looking_takes_nothing_and_makes_nothing(plan: Plan) -> None:
    config = plan.write()
    before = {file.name for file in plan.directory.iterdir()}
    assert _failed(await _found(config)) == set()
    assert {file.name for file in plan.directory.iterdir()} == before
    # As many that look as there can be: a start meanwhile is not turned away by one of them.
    bot, _ = await asyncio.gather(start(config), asyncio.gather(*(_found(config) for _ in range(5))))
    await bot.stop()


async def test_on_postgresql_a_further_process_stands_by(plan: Plan, postgres: PostgresServer) -> None:
    storage = {"url": postgres.create()}
    config = plan.write({"storage": storage})
    try:
        assert _failed(await _found(config)) == set()
        bot = await start(config)
        try:
            found = await _found(config)
            assert _failed(found) == set() and "the running bot relays: process" in found["relay"].detail
            found = await _found(plan.write({"storage": storage, "web": {"port": free_port()}}))
            assert _failed(found) == set() and "would wait until it ends" in found["relay"].detail
        finally:
            await bot.stop()
    finally:
        postgres.drop(storage["url"])


async def test_a_process_that_lost_its_turn_leaves_the_other_one_alone(
    plan: Plan, postgres: PostgresServer
) -> None:
    url = postgres.create()
    other = SessionLock(address(url))
    try:
        bot = await start(plan.write({"storage": {"url": url}}))
        try:

            async def theirs() -> bool:
                await asyncio.to_thread(cut, url)
                return await other.take() is None

            await until(theirs, 20.0, "the lock")
            with pytest.raises(RelayTaken) as caught:
                async with asyncio.timeout(30):
                    await bot.until(asyncio.Event())
            error = caught.value
            assert "lost its turn" in error.detail and "process" in error.detail
            assert "Start this one again" in error.remedy and "Stop that one" not in error.remedy
        finally:
            await bot.stop()
    finally:
        await other.release()
        postgres.drop(url)


@pytest.mark.parametrize("role", ["all", "web"])
async def test_a_postgresql_server_that_does_not_let_us_in_is_named(
    plan: Plan, postgres: PostgresServer, role: str
) -> None:
    shared = make_url(postgres.shared)
    for wrong in (shared.set(database="no_such_database"), shared.set(username="nobody_here")):
        url = wrong.set(password="hunter22").render_as_string(hide_password=False)
        config = plan.write({"storage": {"url": url}})
        found, error = await _found(config, role), await _refusal(config, role)
        assert _failed(found) == {"database"}
        assert isinstance(error, DatabaseUnusable)
        assert (found["database"].detail, found["database"].remedy) == (error.detail, error.remedy)
        assert "storage.url" in error.remedy and "hunter22" not in error.detail


async def test_a_database_server_that_never_answers_is_given_up(plan: Plan) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://bot@127.0.0.1:{silent.getsockname()[1]}/bot?connect_timeout=2"
        config = plan.write({"storage": {"url": url}})
        async with asyncio.timeout(30):
            found, error = await _found(config, "web"), await _refusal(config, "web")
    assert _failed(found) == {"database"}
    assert isinstance(error, DatabaseUnusable) and found["database"].detail == error.detail


async def test_without_its_driver_postgresql_says_what_to_install(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("postgres_backend", "hearing"):  # as in a process that has not loaded them before
        monkeypatch.delitem(sys.modules, f"bot.storage.engine.{name}", raising=False)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    config = plan.write({"storage": {"url": "postgresql://127.0.0.1:9/bot"}})
    for role in ("all", "web"):
        found, error = await _found(config, role), await _refusal(config, role)
        assert _failed(found) == {"database"}
        assert "psycopg" in found["database"].detail and error.detail == found["database"].detail
        assert found["database"].remedy == "Run: pip install 'xquik-bot[postgres]'"


@pytest.mark.parametrize("migrated", [False, True])
async def test_without_what_shares_the_work_check_says_what_run_ends_with(
    plan: Plan, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch, migrated: bool
) -> None:
    url = postgres.create()
    try:
        if migrated:
            await create(url)
        config = plan.write({"storage": {"url": url}})
        for name in [one for one in sys.modules if one.partition(".")[0] == "procrastinate"]:
            monkeypatch.delitem(sys.modules, name)
        monkeypatch.setitem(sys.modules, "procrastinate", None)
        found, error = await _found(config), await _refusal(config)
        assert _failed(found) == {"database"}
        assert "procrastinate" in error.detail and found["database"].detail == error.detail
        assert found["database"].remedy == error.remedy == "Run: pip install 'xquik-bot[postgres]'"
    finally:
        postgres.drop(url)


@pytest.mark.parametrize("lacks", ["a schema", "tables"])
async def test_where_this_user_may_not_make_what_is_missing_check_says_what_run_ends_with(
    plan: Plan, postgres: PostgresServer, lacks: str
) -> None:
    url = postgres.create()
    name = str(make_url(url).database)
    theirs = make_url(url).set(username=name, password="x").render_as_string(hide_password=False)
    run(url, f"CREATE USER {name} PASSWORD 'x'", f"GRANT CONNECT ON DATABASE {name} TO {name}")
    try:
        if lacks == "a schema":
            run(url, f"GRANT ALL ON SCHEMA public TO {name}")
        else:
            run(url, "REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        config = plan.write({"storage": {"url": theirs}})
        found, error = await _found(config), await _refusal(config)
        assert _failed(found) == {"database"}
        assert (found["database"].detail, found["database"].remedy) == (error.detail, error.remedy)
    finally:
        run(url, f"DROP OWNED BY {name} CASCADE", f"DROP USER {name}")
        postgres.drop(url)


async def test_routes_whose_platform_has_no_token_here_are_told_of(plan: Plan) -> None:
    config = plan.write()
    bot = await start(config)
    await bot.app.services.relay.routes.add(relay_route("r", "C1"), 1.0)
    await bot.stop()
    bare = replace(plan, discord=False, slack=None).write(name="bare.toml")
    found = await _found(bare, "relay")
    assert _failed(found) == set()
    told = found["slack"]
    assert told.state == "warning" and "1 route" in told.detail and "slack." in told.remedy
    assert found["discord"].state == "off"
    with logged() as said:
        bot = await start(bare, ("relay",))
        await bot.stop()
    (line,) = said.lines("routes wait")
    assert "platform=slack" in line and "routes=1" in line and "slack." in line
    assert (await _found(config))["slack"].state == "ok"


async def test_settings_that_cannot_be_read_end_both_with_2(tmp_path: Path) -> None:
    # As a container has it whose file to mount is not there: a directory made in its place.
    (tmp_path / "config.toml").mkdir()
    for command in ("run", "check"):
        code, said = await process.finished(command, log=tmp_path / f"{command}.log")
        assert code == 2 and "config.toml cannot be read: Is a directory" in said
        assert "Traceback" not in said


@pytest.mark.parametrize(("content", "words"), [(b"\xff\xfe", "is not UTF-8"), (b"[web\n", "line 1")])
async def test_a_file_that_is_no_settings_is_named(tmp_path: Path, content: bytes, words: str) -> None:
    config = tmp_path / "config.toml"
    config.write_bytes(content)
    error = await _refusal(config)
    assert isinstance(error, SettingsError) and words in error.detail
    assert (await _found(config))["settings"].detail == error.detail


async def test_check_looks_at_the_roles_that_it_is_given(tmp_path: Path) -> None:
    key = new_key().get_secret_value()
    text = f'[vault]\nkeys = ["{key}"]\n[web]\nport = 0\n[xquik]\nbase_url = "http://127.0.0.1:9"\n'
    (tmp_path / "config.toml").write_text(text)
    for roles, expected in (((), 1), (("--role", "web", "--role", "relay"), 0)):
        code, said = await process.finished("check", *roles, log=tmp_path / "check.log")
        assert code == expected and "Traceback" not in said, said
        assert ("discord.token" in said) == bool(expected)


async def test_with_the_steps_of_the_readme_check_is_green(
    plan: Plan, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The example copied, a vault key and the tokens put in, `run`; here the vendors are local."""
    made = plan.sections()
    keys = {
        "vault": {"keys": made["vault"]["keys"]},
        "web": {"port": plan.port},
        "xquik": {"base_url": made["xquik"]["base_url"]},
        "discord": {key: made["discord"][key] for key in ("token", "api_url", "gateway_url")},
        "slack": {key: made["slack"][key] for key in ("bot_token", "app_token", "api_url")},
    }
    section, lines = "", []
    for line in EXAMPLE.read_text(encoding="utf-8").splitlines():
        if header := re.match(r"\[(\w+)\]", line):
            section = header[1]
        assigned = re.match(r"#(\w+) = ", line)
        value = keys.get(section, {}).pop(assigned[1], None) if assigned else None
        lines.append(line if assigned is None or value is None else f"{assigned[1]} = {json.dumps(value)}")
    assert not any(keys.values()), "each is in the example"
    config = plan.directory / "config.toml"
    config.touch(mode=0o600)
    config.write_text("\n".join(lines), encoding="utf-8")

    monkeypatch.chdir(plan.directory)

    async def green() -> str:
        code, said = await doctor(None), capsys.readouterr().out
        assert code == 0 and "✗" not in said, said
        return said

    assert "There is no database at data/bot.db yet" in await green()
    async with process.started("run", log=plan.directory / "run.log", address=plan.address) as running:
        await running.ready()
        assert "✓ web server: the running bot answers" in await green()
        assert await running.terminate() == 0
