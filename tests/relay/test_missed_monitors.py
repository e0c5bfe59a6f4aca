"""A monitor that somebody deletes at Xquik is missed; one that nobody wants any more is not."""

from __future__ import annotations

import pytest

from bot.sandbox.server import RunningSandbox
from bot.storage.engine.database import Database
from bot.storage.places import watched_monitors
from bot.storage.places.monitor_uses import MonitorUses
from bot.storage.relay import silences
from tests.features.edge import words
from tests.relay.harness import TENANT, route
from tests.relay.quiet_harness import ON, QUIET, said, told, watching
from tests.relay.sandbox_harness import Xquik


@pytest.mark.parametrize("query", ["", "чрезвычайная ситуация", "速報 地震"])
async def test_a_monitor_that_is_deleted_at_xquik_is_missed_until_another_watches_the_same(
    database: Database, sandbox: RunningSandbox, xquik: Xquik, query: str
) -> None:
    kind = "/monitors/keywords" if query else "/monitors"
    watched = {"query": query} if query else {"username": "nasa"}
    made = await xquik.ask("POST", kind, **watched, eventTypes=["tweet.new"])
    async with watching(database, sandbox) as house:
        await house.join()
        await house.ingest.watch.look(await house.member())
        await xquik.ask("DELETE", f"{kind}/{made['id']}")
    async with watching(database, sandbox) as house:  # what was seen is known after a restart too
        for _ in range(2):
            await house.ingest.watch.look(await house.member())
        await house.quiet()
        assert said(house) == [QUIET] and told(house) == ["A monitor is gone at Xquik"]
        direct = words(house.messenger.told[0][1])
        assert ("monitor keyword" in direct and query in direct) if query else "monitor add nasa" in direct
        await xquik.ask("POST", kind, **watched, eventTypes=["tweet.new"])
        for _ in range(2):
            await house.ingest.watch.look(await house.member())
        await house.quiet()
        assert said(house) == [QUIET, ON]
        assert await silences.standing(database, TENANT) == ()


@pytest.mark.parametrize("how", ["left", "paused", "route gone"])
async def test_a_monitor_that_nobody_wants_any_more_is_not_missed(
    database: Database, sandbox: RunningSandbox, xquik: Xquik, how: str
) -> None:
    made = await xquik.ask("POST", "/monitors", username="nasa", eventTypes=["tweet.new"])
    uses = MonitorUses(database, lambda: 1.0)
    async with watching(database, sandbox) as house:
        await house.join()
        await house.ingest.watch.look(await house.member())
        if how == "left":
            await uses.leave(TENANT, "account", made["id"])
            await house.ingest.watch.look(await house.member())  # listed still, and never remembered again
        elif how == "paused":
            await xquik.ask("PATCH", f"/monitors/{made['id']}", isActive=False)
            await house.ingest.watch.look(await house.member())
        else:
            [one] = await house.relay.routes.of_tenant(TENANT)
            await house.relay.routes.add(route("other", "C1", accounts=("esa",)), 2.0)
            await house.relay.remove(one)
        await xquik.ask("DELETE", f"/monitors/{made['id']}")
        for _ in range(2):
            await house.ingest.watch.look(await house.member())
        await house.quiet()
        assert said(house) == [] and told(house) == []
        assert await watched_monitors.known(database, TENANT) == ()
