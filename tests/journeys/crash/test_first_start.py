"""What was answered "accepted" is there after SIGKILL, whatever else was run beside the bot meanwhile.

From an empty directory, as README has it: the first start makes the tables while its connections are
open, and what is run next opens and closes the same file.
"""

from __future__ import annotations

import asyncio
import re
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

import httpx

from bot.core.chat.ids import TenantId
from tests.journeys.crash.crash_run import SECRET, Sender, hook_of
from tests.journeys.run import process
from tests.journeys.run.harness import Plan, until, vendors
from tests.journeys.run.inside import Openings
from tests.journeys.slack.place import furnish

EVENTS = 300
TENANT = TenantId("slack", "T0001")
APPLY = f"""
[[tenant]]
platform = "slack"
workspace = "T0001"
api_key_env = "KEY"
[tenant.webhook]
secret_env = "HOOK"
hook_id = "{hook_of(TENANT)}"
[[tenant.route]]
name = "all"
channel = "C0001"
events = ["tweet.new"]
"""


def stored(database: Path) -> int:
    """How many events the file holds, which must be whole."""
    with closing(sqlite3.connect(database)) as connection:
        (state,) = connection.execute("PRAGMA integrity_check").fetchone()
        assert state == "ok"
        return int(connection.execute("SELECT count(*) FROM events").fetchone()[0])


def _sent(sender: Sender, count: int) -> bool:
    return sender.sent == count


def _holds(database: Path, count: int) -> bool:
    return _events(database) >= count


async def test_accepted_events_outlive_a_kill_after_a_first_start(tmp_path: Path) -> None:
    async with vendors() as all_vendors:
        furnish(all_vendors.slack)
        plan = Plan(all_vendors, tmp_path, discord=False)
        config = plan.write()
        (tmp_path / "tenants.toml").write_text(APPLY)
        openings = Openings(plan.database, tmp_path / "openings.log")
        env = openings.environment() | {"KEY": all_vendors.sandbox.api_key, "HOOK": SECRET}

        async def beside(*arguments: str) -> None:
            log = tmp_path / f"{arguments[0]}.log"
            code, said = await process.finished(*arguments, "--config", str(config), log=log, env=env)
            assert code == 0, said

        run = ("run", "--config", str(config))
        sender = Sender(plan.address, TENANT)

        async with process.started(*run, log=tmp_path / "run.log", address=plan.address, env=env) as bot:
            await bot.ready(40)
            await beside("apply", "tenants.toml")
            feed = asyncio.create_task(sender.run())
            for number, command in enumerate(
                (["apply", "tenants.toml"], ["check"], ["export"], ["backup", "copy.db"], ["migrate"]), 1
            ):
                for _ in range(EVENTS // 5):
                    sender.allowed.release()
                await until(partial(_sent, sender, number * EVENTS // 5), 30.0, "its share")
                await beside(*command)
            await bot.kill()
            feed.cancel()
        assert sender.sent == EVENTS
        assert stored(plan.database) == EVENTS
        assert openings.found == ""


async def test_accepted_events_outlive_a_kill_of_a_first_demo(tmp_path: Path) -> None:
    data = tmp_path / "data"
    openings = Openings(data / "bot.db", tmp_path / "openings.log")
    log = tmp_path / "demo.log"
    env = openings.environment()
    arguments = ("demo", "--port", "0", "--data", str(data))
    async with process.started(*arguments, log=log, env=env) as running:
        await until(lambda: "ready:" in running.output, 40.0, "the demo")
        found = re.search(r"in place of X: (http://\S+), its key (\S+)", running.output)
        assert found is not None
        settings = {
            "XQUIK_BOT_STORAGE__URL": f"sqlite:///{data / 'bot.db'}",
            "XQUIK_BOT_VAULT__KEYS": (data / "vault.key").read_text().strip(),
            "XQUIK_BOT_XQUIK__BASE_URL": f"{found[1]}/api/v1",
        }
        (tmp_path / "tenants.toml").write_text("")

        async def beside(*command: str) -> None:
            said = tmp_path / f"{command[0]}.log"
            code, output = await process.finished(*command, log=said, env=env | settings)
            # `check` says that no platform is served; what counts is that it ran beside the demo.
            assert code == (1 if command == ("check",) else 0), output

        async with httpx.AsyncClient(base_url=found[1], trust_env=False) as sandbox:
            asked = {"username": "nasa", "eventTypes": ["tweet.new"]}
            made = await sandbox.post("/api/v1/monitors", json=asked, headers={"x-api-key": found[2]})
            assert made.status_code == 201, made.text
            for number, command in enumerate((["apply", "tenants.toml"], ["check"], ["export"]), 1):
                for _ in range(EVENTS // 3):
                    answer = await sandbox.post("/_control/emit", json={"username": "nasa"})
                    assert answer.status_code == 200, answer.text
                await until(partial(_holds, data / "bot.db", number * EVENTS // 3), 30.0, "them all")
                await beside(*command)
        await running.kill()
    assert stored(data / "bot.db") >= EVENTS
    assert openings.found == ""


def _events(database: Path) -> int:
    with closing(sqlite3.connect(database)) as connection:
        return int(connection.execute("SELECT count(*) FROM events").fetchone()[0])
