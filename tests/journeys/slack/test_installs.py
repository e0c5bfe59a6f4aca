"""Several workspaces install the app by OAuth, and each is served with a token of its own."""

from __future__ import annotations

import time
from pathlib import Path

from tests.journeys.run.harness import on_disk, until
from tests.journeys.slack.place import living


async def test_a_second_workspace_installs_the_app_and_is_served(tmp_path: Path) -> None:
    async with living(tmp_path, "http") as first:
        second = await first.elsewhere(await first.vendors.new_key())
        for place in (first, second):
            message = await place.posted("trends region:US")
            assert message.channel is place.alerts
        assert len(first.alerts.messages) == len(second.alerts.messages) == 1
        # Each answer was posted with the token of its workspace, and no token can be read on the disk.
        stored = on_disk(first.plan.database)
        for place in (first, second):
            assert place.ws.bot_token.encode() not in stored
        # After a restart the installations are still there, and a fresh install replaces the token.
        await second.restart()
        assert (await second.posted("trends region:US")).channel is second.alerts
        first.bot = second.bot


async def test_a_workspace_that_removed_the_app_is_told_apart_from_the_other(tmp_path: Path) -> None:
    async with living(tmp_path, "http") as first:
        second = await first.elsewhere(await first.vendors.new_key())
        # A minute later, by Slack's clock: a removal counts against the install before it.
        first.server.clock = lambda: time.time() + 60.0
        await second.ws.uninstall(tokens_first=True)
        ix = await second.run("trends region:US")
        gone = await ix.wait_for_ephemeral()
        assert "not installed" in gone.visible_text
        assert (await first.posted("trends region:US")).channel is first.alerts


async def test_a_forged_or_stale_payload_reaches_no_command(tmp_path: Path) -> None:
    async with living(tmp_path, "http") as place:
        ix = await place.run("help")
        await ix.wait_for_ephemeral()
        body = ix.raw_body
        forged = await place.server.post(body, place.server.sign(body, secret="another"))
        stale = await place.server.post(body, place.server.sign(body, timestamp=1_600_000_000))
        assert (forged.status_code, stale.status_code) == (401, 401)
        await place.server.redeliver(ix)
        await until(lambda: ix.deliveries == 2)
        again = await place.run("help")
        await again.wait_for_ephemeral()
        # Once for each thing that a person typed: neither for forgeries nor for what came twice.
        assert len(place.ws.ephemerals) == 2
