"""Two processes take Slack's requests in turn, as behind a load balancer: one opens, the other goes on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest

from bot.app.serving import Bot
from bot.storage.engine.remembered import Remembered
from tests.conftest import PostgresServer
from tests.doubles.slack import Message
from tests.journeys.run.harness import Plan, free_port, give_key, start, until, vendors
from tests.journeys.slack.place import Place, furnish, install, place_of


@dataclass
class Balanced:
    """A workspace whose requests go to one process or the other."""

    place: Place
    addresses: tuple[str, str]
    bots: tuple[Bot, Bot]

    def to(self, number: int) -> Place:
        """From now on to that one."""
        self.place.server.events_url = f"{self.addresses[number]}/slack/events"
        return self.place

    async def until(self, message: Message, what: str) -> None:
        await self.place.server.changes.until(lambda: what in message.visible_text, 20.0, what)


@pytest.fixture
async def balanced(tmp_path: Path, postgres: PostgresServer) -> AsyncIterator[Balanced]:
    url = postgres.create()
    async with vendors() as all_vendors:
        ws = furnish(all_vendors.slack, installed=False)
        plan = Plan(all_vendors, tmp_path, discord=False, slack="http")
        first = await start(plan.write({"storage": {"url": url}}))
        other = replace(plan, port=free_port())
        # Both are reached by the one public address.
        shared = {"storage": {"url": url}, "web": {"public_url": plan.address}}
        second = await start(other.write(shared, "second.toml"))
        place = place_of(all_vendors, plan, first, ws)
        try:
            all_vendors.slack.events_url = f"{plan.address}/slack/events"
            await install(place)
            await give_key(first, place.tenant, all_vendors.sandbox.api_key)
            yield Balanced(place, (plan.address, other.address), (first, second))
        finally:
            await second.stop()
            await first.stop()
        assert all_vendors.broken_rules == []
    postgres.drop(url)


async def test_buttons_forms_and_pages_of_one_go_on_in_the_other(balanced: Balanced) -> None:
    assert balanced.bots[1].standing_by
    place = balanced.to(0)
    preview = await place.posted('tweet post "Still here"')
    radar = await place.posted("radar source:github")
    opened = await (await place.run("tweet post")).wait_for_view()
    place = balanced.to(1)
    page = radar.visible_text
    await place.press(radar, "Next")
    await place.server.changes.until(lambda: radar.visible_text != page, 10.0, "the next page")
    submitted = await place.ws.submit_view(opened, {"text": "Written here, sent there"})
    assert "Written here, sent there" in (await submitted.wait_for_message()).visible_text
    # Confirmed by way of the one that stands by; the one that relays posts how it ended.
    await place.press(preview, "Confirm")
    await balanced.until(preview, "Posted on X")
    assert await place.vendors.writes() == 1
    place = balanced.to(0)
    back = radar.visible_text
    await place.press(radar, "Back")
    await place.server.changes.until(lambda: radar.visible_text != back, 10.0, "the page before")


async def test_an_edit_that_one_begins_the_other_takes(balanced: Balanced) -> None:
    preview = await balanced.to(0).posted('tweet post "First words"')
    view = await (await balanced.to(1).press(preview, "Edit")).wait_for_view()
    field = next(block for block in view.blocks if block.get("type") == "input")
    place = balanced.to(0)
    at = f"{field['block_id']}/{field['element']['action_id']}"
    await place.ws.submit_view(view, {at: "Other words"})
    await balanced.until(preview, "Other words")
    await balanced.to(1).press(preview, "Cancel")
    await balanced.until(preview, "ancel")
    assert await place.vendors.writes() == 0


async def test_a_command_that_slack_repeats_to_the_other_is_carried_out_once(balanced: Balanced) -> None:
    place = balanced.to(0)
    asked = await place.run('tweet post "Once"')
    await asked.wait_for_message()
    place = balanced.to(1)
    await place.server.redeliver(asked)
    # What comes after it to the same process was taken after it.
    await (await place.run("radar source:github")).wait_for_message()
    previews = [one for one in place.alerts.messages if "Once" in one.visible_text]
    assert len(previews) == 1


async def test_a_right_that_one_gives_and_takes_counts_in_the_other_with_the_next_command(
    balanced: Balanced,
) -> None:
    line = 'tweet post "Hi"'
    place = balanced.to(1)
    await (await place.run(line, place.bob)).wait_for_ephemeral()
    for change, count in (("grant", 1), ("revoke", 1)):
        place = balanced.to(0)
        told = await place.run(f"policy {change} publish to:<@{place.bob.id}>")
        await told.wait_for_ephemeral()
        heard = balanced.bots[1].app.database.remembered
        await until(partial(_asks_anew, heard), 5.0, "the word of it")
        place = balanced.to(1)
        asked = await place.run(line, place.bob)
        if change == "grant":
            await asked.wait_for_message()
        else:
            await asked.wait_for_ephemeral()
        assert sum("Hi" in one.visible_text for one in place.alerts.messages) == count


def _asks_anew(held: Remembered) -> bool:
    return held._until == float("-inf")
