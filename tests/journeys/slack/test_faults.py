"""What a person reads in Slack when something is wrong: privately, with nothing left in the channel."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.journeys.run.faults import FAULT_CASES, FaultCase, arranged
from tests.journeys.slack.place import Place, living

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    """In HTTP mode, where further workspaces install the app."""
    async with living(tmp_path_factory.mktemp("slack"), "http") as place:
        yield place


# What takes seconds, because requests are repeated, is looked at once on each platform.
CASES = [one for one in FAULT_CASES if one.name != "Xquik is down"]


@pytest.mark.parametrize("fault", CASES, ids=lambda one: one.name)
async def test_trouble_is_told_privately_with_what_to_do(shared: Place, fault: FaultCase) -> None:
    key = await shared.vendors.new_key()
    place = await shared.elsewhere(key if fault.has_key else None)
    async with arranged(shared.vendors, fault, key):
        ix = await place.run(fault.line)
        answer = await ix.wait_for(lambda ix: [m for m in ix.ephemerals if "Working" not in m.text], 20)
    words = answer[-1].visible_text
    assert fault.title in words and fault.remedy in words
    assert "Traceback" not in words and key not in words
    assert place.alerts.messages == []
    assert shared.server.violations == []


async def test_a_member_without_the_permission_is_refused_privately(shared: Place) -> None:
    place = await shared.elsewhere(await shared.vendors.new_key())
    ix = await place.run("tweet post Hello", who=place.bob)
    answer = (await ix.wait_for_ephemeral()).visible_text
    assert "You may not do that here" in answer and "policy grant" in answer
    assert place.alerts.messages == []


async def test_where_the_bot_is_not_a_member_the_person_alone_gets_the_answer(shared: Place) -> None:
    place = await shared.elsewhere(await shared.vendors.new_key())
    place.alerts.kick_bot()
    ix = await place.run("trends region:US")
    assert "/invite" in (await ix.wait_for_ephemeral()).visible_text
    assert place.alerts.messages == []
    refused = await place.run("relay add channel:#alerts", where=place.general)
    assert "/invite" in (await refused.wait_for_ephemeral()).visible_text


async def test_what_is_not_understood_is_answered_with_help(shared: Place) -> None:
    for line, said in (("", "help draw"), ("drow run", "draw"), ("draw run winners:many", "winners")):
        ix = await shared.run(line)
        assert said in (await ix.wait_for_ephemeral()).visible_text
    assert shared.server.violations == []
