"""Somebody who comes too often is told so at once, and nothing of it is stored."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from bot.core.throttle import Throttle
from bot.storage.engine.database import Database
from bot.storage.tables import button_states, claims
from tests.adapters.slack.harness import running
from tests.conftest import ManualClock
from tests.doubles.slack import SlackServer
from tests.journeys.run.harness import until


async def _rows(store: Database) -> list[int]:
    async def work(connection):  # type: ignore[no-untyped-def]  # test
        tables = (claims, button_states)
        return [
            (await connection.execute(select(func.count()).select_from(one))).scalar_one() for one in tables
        ]

    return await store.read(work)


async def _claimed(store: Database, number: int) -> bool:
    return (await _rows(store))[0] == number


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_who_comes_too_often_is_refused_alone_and_stores_nothing(
    server: SlackServer, storage: Database, mode: str
) -> None:
    clock = ManualClock()
    async with running(server, storage, mode=mode, turns=Throttle(1.0, 3, clock)) as house:
        ben = house.ws.add_user("U2", "ben")
        for _ in range(3):
            await (await house.slash("thing say hello")).wait_for_ephemeral()
        await until(lambda: _claimed(storage, 3))
        before = await _rows(storage)
        for _ in range(20):
            refused = await (await house.slash("thing say hello")).wait_for_ephemeral()
            assert "Too many requests" in refused.visible_text
        assert await _rows(storage) == before
        assert len(house.stage.seen) == 3
        other = await house.ws.slash(ben, house.channel, "/xquik", "thing say hello")
        assert "It is done." in (await other.wait_for_ephemeral()).visible_text
        clock.advance(1.0)
        assert (
            "It is done." in (await (await house.slash("thing say hello")).wait_for_ephemeral()).visible_text
        )
