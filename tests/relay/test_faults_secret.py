"""A secret that was replaced signs for a day more, and then no longer."""

from __future__ import annotations

import httpx
import pytest
from pydantic import SecretStr
from starlette.applications import Starlette

from bot.relay.receiving.hook_keys import HookKeys
from bot.relay.receiving.secrets import GRACE, HookSecrets
from bot.storage.engine.database import Database
from bot.web.hooks import hook_route
from tests.conftest import ManualClock
from tests.relay.conftest import make_relay, make_secrets
from tests.relay.harness import TENANT, RecordingMessenger, deliver, event_body, serving

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


async def test_the_secret_before_is_taken_for_a_day_and_refused_after_it(
    database: Database, clock: ManualClock
) -> None:
    relay = make_relay(database, RecordingMessenger())
    secrets = HookSecrets(relay.hooks, make_secrets(database), clock)
    keys = HookKeys(secrets.load, clock)
    await relay.hooks.ensure(TENANT, "hook-one", clock())
    path = "/hooks/xquik/hook-one"
    app = Starlette(routes=[hook_route(keys, relay.intake, relay.observer, clock)])
    async with serving(app) as base, httpx.AsyncClient(base_url=base) as client:

        async def status(number: int, secret: str) -> int:
            return (await deliver(client, path, event_body(number), secret=secret, at=clock())).status_code

        await secrets.replace(TENANT, "hook-one", SecretStr("older"))
        assert (await status(1, "older"), await status(2, "newer")) == (200, 401)
        keys.forget("hook-one")
        await secrets.replace(TENANT, "hook-one", SecretStr("newer"))
        assert (await status(3, "older"), await status(4, "newer")) == (200, 200)
        clock.advance(GRACE - 120)
        assert (await status(5, "older"), await status(6, "newer")) == (200, 200)
        # Within the minute for which a key may be held in memory, nobody has to say so.
        clock.advance(180)
        assert (await status(7, "older"), await status(8, "newer")) == (401, 200)


async def test_a_secret_that_was_replaced_is_not_taken_for_longer_because_a_clock_was_set_back(
    database: Database, clock: ManualClock
) -> None:
    relay, ticks = make_relay(database, RecordingMessenger()), ManualClock()
    secrets = HookSecrets(relay.hooks, make_secrets(database), clock)
    keys = HookKeys(secrets.load, ticks)
    await relay.hooks.ensure(TENANT, "hook-one", clock())

    async def known() -> tuple[bytes, ...]:
        found = await keys.find("hook-one")
        return () if found is None else found.secrets

    await secrets.replace(TENANT, "hook-one", SecretStr("older"))
    assert await known() == (b"older",)
    # Another process replaces it: this one holds what it knows for a minute, by its own count.
    await secrets.replace(TENANT, "hook-one", SecretStr("newer"))
    clock.advance(-23 * 3600)
    assert await known() == (b"older",)
    ticks.advance(61)
    assert await known() == (b"newer",), "the one before has more left than it ever had"
    clock.advance(23 * 3600)
    ticks.advance(61)
    assert await known() == (b"newer", b"older")
