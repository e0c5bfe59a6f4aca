"""What a person reads in Discord when something is wrong: privately, with nothing left in the channel."""

from __future__ import annotations

import pytest

from tests.doubles.discord import Permission
from tests.journeys.discord.place import Place
from tests.journeys.run.faults import FAULT_CASES, FaultCase, arranged
from tests.journeys.run.scene import values

pytestmark = pytest.mark.asyncio(loop_scope="module")


# What takes seconds, because requests are repeated, is looked at once on each platform.
CASES = [one for one in FAULT_CASES if one.name != "Xquik hangs up"]


@pytest.mark.parametrize("fault", CASES, ids=lambda one: one.name)
async def test_trouble_is_told_privately_with_what_to_do(shared: Place, fault: FaultCase) -> None:
    key = await shared.vendors.new_key()
    place = await shared.elsewhere(key if fault.has_key else None)
    command = " ".join(fault.line.split()[:2]) if not fault.line.startswith("trends") else "trends show"
    async with arranged(shared.vendors, fault, key):
        ix = await place.run(command, values(fault.line))
        answer = await ix.wait_for_answer(20)
    assert ix.ephemeral
    assert fault.title in answer.text and fault.remedy in answer.text
    assert "Traceback" not in answer.text and key not in answer.text
    assert place.alerts.messages == []
    assert shared.server.violations == []


async def test_a_member_without_the_permission_is_refused_privately(shared: Place) -> None:
    place = await shared.elsewhere(await shared.vendors.new_key())
    ix = await place.run("tweet post", {"text": ("Hello",)}, who=place.ben)
    answer = await ix.wait_for_answer()
    assert ix.ephemeral and "You may not do that here" in answer.text and "policy grant" in answer.text
    assert place.alerts.messages == []


async def test_where_the_bot_may_not_write_the_person_alone_gets_the_answer(shared: Place) -> None:
    place = await shared.elsewhere(await shared.vendors.new_key())
    place.alerts.deny(place.guild.bot, Permission.SEND_MESSAGES)
    ix = await place.run("trends show", {"region": ("US",)})
    answer = await ix.wait_for_answer()
    assert ix.ephemeral and "Send Messages" in answer.text
    assert place.alerts.messages == []
    refused = await place.run("relay add", {"channel": ("#alerts",)}, where=place.general)
    assert "Send Messages" in (await refused.wait_for_answer()).text
    assert refused.ephemeral
