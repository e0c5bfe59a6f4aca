"""Tokens that expire: renewed long before, once for all processes, and never in place of a newer install."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest

from adapters.slack.clients import SlackClients
from adapters.slack.rotation import EARLY, Rotation
from bot.core.chat.cards import Card
from bot.core.chat.delivery_results import Delivered, Gone
from bot.core.chat.ids import Destination
from bot.core.stores import StoredInstallation
from bot.storage.engine.database import Database
from bot.storage.places.claims import StoredClaims
from bot.storage.places.installations import StoredInstallations
from bot.storage.secrets.vault import Vault, new_key
from tests.adapters.slack.harness import TENANT, SlackHarness, install, running, settings_of
from tests.doubles.slack import SlackServer

TO = Destination(TENANT, "C0001")
GOOD_FOR = 43_200


@dataclass
class Clock:
    """Of Slack and of the bot alike."""

    ahead: float = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@pytest.fixture
def clock(server: SlackServer) -> Iterator[Clock]:
    """Of an app that rotates its tokens."""
    made = Clock()
    server.clock, server.token_seconds = made, GOOD_FOR
    yield made


@pytest.fixture
async def house(server: SlackServer, storage: Database, clock: Clock) -> AsyncIterator[SlackHarness]:
    def ticks() -> float:
        return time.monotonic() + clock.ahead

    async with running(server, storage, mode="http", clock=clock, ticks=ticks) as made:
        yield made


async def _posts(house: SlackHarness, key: str) -> object:
    return await house.platform.messenger.post(TO, Card("News"), key)


def _asked(server: SlackServer) -> int:
    return len(server.calls("oauth.v2.access"))


async def test_a_token_is_renewed_before_it_ends(house: SlackHarness, clock: Clock) -> None:
    server, first = house.server, house.ws.bot_token
    assert isinstance(await _posts(house, "k1"), Delivered)
    assert (_asked(server), house.ws.bot_token) == (1, first)
    for day in range(4):
        clock.ahead += GOOD_FOR - EARLY + 60
        assert isinstance(await _posts(house, f"day-{day}"), Delivered)
        assert _asked(server) == 2 + day
    assert house.ws.bot_token != first
    installed = await house.installations.of_team("T0001")
    assert installed is not None and installed.bundle["access_token"] == house.ws.bot_token


async def test_one_that_ended_while_nobody_was_here_is_renewed_too(house: SlackHarness, clock: Clock) -> None:
    clock.ahead += 10 * GOOD_FOR
    assert isinstance(await _posts(house, "k1"), Delivered)
    message = await (await house.slash("thing post")).wait_for_message()
    assert message.text


async def test_a_renewal_that_fails_is_tried_again_while_the_old_token_serves(
    house: SlackHarness, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    clock.ahead += GOOD_FOR - EARLY + 60
    house.server.fail_next("oauth.v2.access", error="internal_error")
    with caplog.at_level(logging.WARNING):
        assert isinstance(await _posts(house, "k1"), Delivered)
        assert isinstance(await _posts(house, "k2"), Delivered)
    assert _asked(house.server) == 2, "once a minute"
    assert "could not be renewed: internal_error" in caplog.text
    assert house.ws.bot_token not in caplog.text and "xoxe" not in caplog.text
    clock.ahead += 70
    assert isinstance(await _posts(house, "k3"), Delivered)
    assert _asked(house.server) == 3
    clock.ahead += EARLY
    assert isinstance(await _posts(house, "k4"), Delivered)


async def test_what_cannot_be_renewed_any_more_has_to_be_installed_again(
    house: SlackHarness, clock: Clock
) -> None:
    """As after an answer of Slack that was lost on its way."""
    used = await house.installations.of_team("T0001")
    assert used is not None
    lost = replace(used, bundle={**used.bundle, "refresh_token": "xoxe-1-used-already"})
    assert await house.installations.renew(lost)
    clock.ahead += GOOD_FOR + 60
    result = await _posts(house, "k1")
    assert isinstance(result, Gone)
    assert await install(house) == 200
    assert isinstance(await _posts(house, "k2"), Delivered)
    house.server.violations.clear()  # of the token that was used already


async def test_a_whole_organisation_has_one_token(
    server: SlackServer, storage: Database, clock: Clock
) -> None:
    server.add_workspace("T0001", enterprise=server.add_enterprise("E0001"), installed=False)

    def ticks() -> float:
        return time.monotonic() + clock.ahead

    async with running(server, storage, mode="http", installed=False, clock=clock, ticks=ticks) as house:
        assert await install(house, org_wide=True) == 200
        house.stage.button()
        await (await house.slash("thing post")).wait_for_message()
        clock.ahead += GOOD_FOR - EARLY + 60
        assert isinstance(await _posts(house, "k1"), Delivered)
        assert _asked(server) == 2


@asynccontextmanager
async def _processes(
    house: SlackHarness, storage: Database, clock: Clock, count: int
) -> AsyncIterator[list[Rotation]]:
    """As many processes over one database."""
    clients = SlackClients(house.server.api_url)
    await clients.open()
    settings = settings_of(house.server, house.ws, "http")
    claims = StoredClaims(storage, clock)

    async def moment(_: float) -> None:
        await asyncio.sleep(0.01)

    try:
        yield [
            Rotation(settings, clients, house.installations, claims, clock=clock, sleep=moment)
            for _ in range(count)
        ]
    finally:
        await clients.close()


async def _installed(house: SlackHarness) -> StoredInstallation:
    found = await house.installations.of_team("T0001")
    assert found is not None
    return found


async def test_of_several_processes_one_renews(house: SlackHarness, storage: Database, clock: Clock) -> None:
    before = await _installed(house)
    clock.ahead += 2 * GOOD_FOR  # nobody can go on with what they have
    house.server.fail_next("oauth.v2.access", delay=0.1)
    async with _processes(house, storage, clock, 6) as processes:
        found = await asyncio.gather(*(one.fresh(before) for one in processes))
    assert {one.bundle["access_token"] for one in found} == {house.ws.bot_token}
    assert _asked(house.server) == 2


async def test_what_was_removed_or_installed_anew_meanwhile_stays(
    house: SlackHarness, storage: Database, clock: Clock
) -> None:
    before = await _installed(house)
    clock.ahead += GOOD_FOR - EARLY + 60
    assert await install(house) == 200
    newer = house.ws.bot_token
    async with _processes(house, storage, clock, 1) as [process]:
        assert (await process.fresh(before)).bundle["access_token"] == newer
    assert (await _installed(house)).bundle["access_token"] == newer
    assert not await house.installations.renew(before), "of the earlier installation"
    current = await _installed(house)
    assert await house.installations.remove(None, "T0001", clock() + 10)
    assert not await house.installations.renew(current)
    assert await house.installations.of_team("T0001") is None


async def test_on_both_databases_only_what_stands_is_renewed(database: Database) -> None:
    installations = StoredInstallations(database, Vault([new_key()]))
    first = StoredInstallation(None, "T1", "U1", 100.0, {"access_token": "xoxb-1", "refresh_token": "r1"})
    await installations.save(first)
    second = replace(first, bundle={"access_token": "xoxb-2", "refresh_token": "r2"})
    assert await installations.renew(second)
    assert await installations.of_team("T1") == second
    assert not await installations.renew(replace(second, installed_at=99.0))
    assert not await installations.renew(replace(second, team="T2"))
