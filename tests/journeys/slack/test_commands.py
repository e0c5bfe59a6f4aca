"""Every declared command, typed in Slack by a person, through the whole bot to Xquik and back."""

from __future__ import annotations

import pytest

from tests.doubles.slack import Interaction, Message
from tests.journeys.run.harness import until
from tests.journeys.run.scene import CATALOGUE, EXAMPLES, Example, outcome, set_scene
from tests.journeys.slack.place import Place

pytestmark = pytest.mark.asyncio(loop_scope="module")

PRIVATE = [one for one in EXAMPLES if not one.public and not one.command.form_first]
PUBLIC = [one for one in EXAMPLES if one.public]
FORMS = [one for one in EXAMPLES if one.command.form_first]


def by_text(example: Example) -> str:
    """The name of a case."""
    return example.text


def label(example: Example) -> str:
    """What the log calls it: help is answered before any command is looked up."""
    return example.command.name


async def _type(shared: Place, example: Example) -> tuple[Interaction, dict[str, float]]:
    before = outcome(shared.bot, label(example))
    line = await set_scene(shared.bot, shared.tenant, shared.alerts.id, example.text)
    return await shared.run(line, where=shared.general), before


async def _went_well(shared: Place, example: Example, before: dict[str, float]) -> None:
    """The log line comes after the answer: wait for it, and see that it tells of no error."""
    await until(lambda: outcome(shared.bot, label(example)) != before)
    assert outcome(shared.bot, label(example)) == before | {"ok": before.get("ok", 0) + 1}
    assert shared.server.violations == []


async def test_every_declared_command_is_among_the_cases() -> None:
    assert {one.command.name for one in (*PRIVATE, *PUBLIC, *FORMS)} == {c.name for c in CATALOGUE}


@pytest.mark.parametrize("example", PRIVATE, ids=by_text)
async def test_a_private_command_is_answered_for_the_person_alone(shared: Place, example: Example) -> None:
    standing = len(shared.general.messages)
    ix, before = await _type(shared, example)
    assert ix.acked_in is not None and ix.acked_in < 3
    message = await ix.wait_for_ephemeral()
    assert message.visible_text and message.text and message.pings == []
    await _went_well(shared, example, before)
    assert len(shared.general.messages) == standing


@pytest.mark.parametrize("example", PUBLIC, ids=by_text)
async def test_a_public_command_is_answered_once_in_the_channel(shared: Place, example: Example) -> None:
    standing = len(_without_files(shared))
    ix, before = await _type(shared, example)
    assert ix.acked_in is not None and ix.acked_in < 3
    message = await ix.wait_for_message()
    assert message.channel is shared.general
    assert message.visible_text and message.text and message.pings == []
    await _went_well(shared, example, before)
    assert len(_without_files(shared)) == standing + 1
    assert ix.ephemerals == []


def _without_files(shared: Place) -> list[Message]:
    """What stands in the channel, without the messages in which Slack shows the files of others."""
    return [one for one in shared.general.messages if not one.files]


@pytest.mark.parametrize("example", FORMS, ids=by_text)
async def test_a_command_with_a_form_opens_it_at_once(shared: Place, example: Example) -> None:
    ix = await shared.run(example.text)
    view = await ix.wait_for_view()
    submitted = await shared.ws.submit_view(view, {"key": shared.vendors.sandbox.api_key})
    answer = await submitted.wait_for_ephemeral()
    assert "webhook registered and tested" in answer.visible_text
    assert shared.server.violations == []
