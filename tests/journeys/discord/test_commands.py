"""Every declared command, typed in Discord by a person, through the whole bot to Xquik and back."""

from __future__ import annotations

import pytest

from tests.doubles.discord import NOBODY
from tests.journeys.discord.place import Place
from tests.journeys.run.harness import until
from tests.journeys.run.scene import CATALOGUE, EXAMPLES, Example, outcome, set_scene, values

pytestmark = pytest.mark.asyncio(loop_scope="module")

PRIVATE = [one for one in EXAMPLES if not one.public and not one.command.form_first]
PUBLIC = [one for one in EXAMPLES if one.public]
FORMS = [one for one in EXAMPLES if one.command.form_first]


def by_text(example: Example) -> str:
    """The name of a case."""
    return example.text


async def _type(shared: Place, example: Example) -> tuple[dict[str, tuple[str, ...]], dict[str, float]]:
    line = await set_scene(shared.bot, shared.tenant, str(shared.alerts.id), example.text)
    # `help draw` asks about a group in the text grammar; in Discord that is an option.
    given: dict[str, tuple[str, ...]] = (
        {"topic": (line.removeprefix("help "),)} if line.startswith("help ") else {}
    )
    if not line.startswith("help"):
        given = values(line)
    return given, outcome(shared.bot, example.command.name)


async def _went_well(shared: Place, example: Example, before: dict[str, float]) -> None:
    """The log line comes after the answer: wait for it, and see that it tells of no error."""
    wanted = before | {"ok": before.get("ok", 0) + 1}
    await until(lambda: outcome(shared.bot, example.command.name) != before)
    assert outcome(shared.bot, example.command.name) == wanted


async def test_every_declared_command_is_among_the_cases() -> None:
    assert {one.command.name for one in (*PRIVATE, *PUBLIC, *FORMS)} == {c.name for c in CATALOGUE}


@pytest.mark.parametrize("example", PRIVATE, ids=by_text)
async def test_a_private_command_is_answered_for_the_person_alone(shared: Place, example: Example) -> None:
    given, before = await _type(shared, example)
    standing = len(shared.general.messages)
    ix = await shared.run(example.command.name, given, where=shared.general)
    message = await ix.wait_for_answer()
    assert ix.first_response is not None and ix.first_response.after < 3
    assert ix.ephemeral and message.text
    await _went_well(shared, example, before)
    assert len(shared.general.messages) == standing
    assert shared.server.violations == []


@pytest.mark.parametrize("example", PUBLIC, ids=by_text)
async def test_a_public_command_is_answered_once_in_the_channel(shared: Place, example: Example) -> None:
    given, before = await _type(shared, example)
    standing = len(shared.general.messages)
    ix = await shared.run(example.command.name, given, where=shared.general)
    message = (await shared.general.wait_for_messages(standing + 1))[standing]
    await ix.wait_for(lambda ix: not ix.messages, what="the private acknowledgement to go")
    assert ix.first_response is not None and ix.first_response.after < 3
    assert message.author.id == shared.server.application_id
    assert message.text and message.pings == NOBODY
    await _went_well(shared, example, before)
    assert len(shared.general.messages) == standing + 1
    assert shared.server.violations == []


@pytest.mark.parametrize("example", FORMS, ids=by_text)
async def test_a_command_with_a_form_opens_it_at_once(shared: Place, example: Example) -> None:
    ix = await shared.run(example.command.name)
    assert ix.modal is not None
    submitted = await shared.server.submit_modal(ix, {"key": shared.vendors.sandbox.api_key})
    answer = await submitted.wait_for_answer()
    assert submitted.ephemeral and "webhook registered and tested" in answer.text
    assert shared.server.violations == []
