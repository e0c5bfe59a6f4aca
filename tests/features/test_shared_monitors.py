"""Two places on one Xquik account: neither takes the other's monitors away."""

from __future__ import annotations

import pytest

from bot.core.commands.dispatch import InvocationOutcome
from tests.features.edge import words
from tests.features.harness import ELSEWHERE as THERE
from tests.features.harness import HERE, BotHarness


@pytest.fixture
async def shared(house: BotHarness) -> BotHarness:
    """A house with a second place under the same key."""
    await house.give_key(THERE, house.sandbox.api_key)
    return house


async def _watched(house: BotHarness) -> list[str]:
    xquik = await house.app.services.xquik.of(HERE)
    return [monitor.username for monitor in await xquik.monitors.list()]


@pytest.mark.parametrize(
    ("add", "remove"),
    [("monitor add nasa", "monitor remove nasa"), ('monitor keyword "io"', 'monitor remove "io"')],
)
async def test_a_monitor_is_removed_when_its_last_user_leaves(
    shared: BotHarness, add: str, remove: str
) -> None:
    await shared.done(add)
    await shared.done(add, tenant=THERE)
    left = await shared.say(remove)
    assert left.outcome is InvocationOutcome.OK and "is also watched for" in words(left.card)
    listed = words((await shared.say("monitor list")).card)
    assert "nasa" in listed or "io" in listed
    gone = await shared.say(remove, tenant=THERE)
    assert gone.card.title == "Monitor removed"
    assert "No monitors yet" in words((await shared.say("monitor list")).card)


async def test_a_monitor_of_others_is_not_paused(shared: BotHarness) -> None:
    await shared.done("monitor add nasa")
    await shared.done("monitor add nasa", tenant=THERE)
    refused = await shared.say("monitor pause nasa")
    assert refused.outcome is not InvocationOutcome.OK
    assert "1 other server or workspace" in words(refused.failure) and "relay pause" in words(refused.failure)
    await shared.say("monitor remove nasa", tenant=THERE)
    assert (await shared.say("monitor pause nasa")).outcome is InvocationOutcome.OK


async def test_a_place_that_the_bot_was_removed_from_does_not_count(shared: BotHarness) -> None:
    await shared.done("monitor add nasa")
    await shared.done("monitor add nasa", tenant=THERE)
    await shared.app.services.tenants.remove(THERE)
    assert (await shared.say("monitor remove nasa")).card.title == "Monitor removed"
    assert await _watched(shared) == []


async def test_one_that_was_removed_at_xquik_meanwhile_counts_as_removed(shared: BotHarness) -> None:
    await shared.done("monitor add nasa")
    xquik = await shared.app.services.xquik.of(HERE)
    (monitor,) = await xquik.monitors.list()
    await xquik.monitors.delete(monitor.id)
    assert (await shared.say("monitor remove nasa")).outcome is not InvocationOutcome.OK
