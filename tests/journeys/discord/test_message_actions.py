"""The menu of a message in Discord, through the whole bot to Xquik: each entry, each way it can end."""

from __future__ import annotations

import pytest

from bot.core.chat.answers import Audience
from tests.doubles.discord import NOBODY, Interaction, Message
from tests.journeys.discord.place import Place
from tests.journeys.run.message_actions import (
    JOURNEYS,
    KEYS,
    NASA,
    NOTHING,
    ONE,
    SEVERAL,
    of_the_command,
)
from tests.journeys.run.scene import TWEET

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def _act(place: Place, name: str, text: str, *, member: bool = False) -> Interaction:
    message = place.general.post(place.ben, text)
    who = place.ben if member else place.ada
    return await place.server.message_command(place.guild, place.general, who, name, message)


async def _answer(place: Place, ix: Interaction, name: str, standing: int) -> Message:
    """The first message that answers: in the channel, or for the person alone."""
    if JOURNEYS[name].public:
        return (await place.general.wait_for_messages(standing + 1))[standing]
    return await ix.wait_for_answer()


async def test_every_entry_has_a_journey() -> None:
    assert {*JOURNEYS} == {*KEYS}
    for name, journey in JOURNEYS.items():
        assert (of_the_command(name) is Audience.CHANNEL) is journey.public


@pytest.mark.parametrize("name", JOURNEYS)
async def test_an_entry_is_done(shared: Place, name: str) -> None:
    place, journey = await shared.elsewhere(await shared.vendors.new_key()), JOURNEYS[name]
    ix = await _act(place, name, ONE)
    assert ix.first_response is not None and ix.first_response.after < 3
    standing = len(place.general.messages)
    if journey.typed:
        assert ix.modal is not None and TWEET in str(ix.modal)
        ix = await place.server.submit_modal(ix, dict(journey.typed))
    message = await _answer(place, ix, name, standing)
    if journey.asked:
        assert journey.asked in message.text
        await place.press(message, "Confirm")
    await place.server.world.changes.wait_for(lambda: journey.ends in message.text, 8.0, journey.ends)
    assert message.pings == NOBODY
    assert place.server.violations == []


@pytest.mark.parametrize("name", JOURNEYS)
async def test_without_a_link_the_person_alone_is_told_what_was_looked_for(shared: Place, name: str) -> None:
    place = await shared.elsewhere(await shared.vendors.new_key())
    told = await (await _act(place, name, NOTHING)).wait_for_answer()
    said = told.text.replace("\\", "")
    assert "no link to a tweet" in said and "https://x.com/nasa/status/12345" in said
    assert "evil" not in told.text and told.pings == NOBODY
    assert len(place.general.messages) == 1 and place.server.violations == []


@pytest.mark.parametrize("name", JOURNEYS)
async def test_of_several_links_one_is_chosen(shared: Place, name: str) -> None:
    place, journey = await shared.elsewhere(await shared.vendors.new_key()), JOURNEYS[name]
    ix = await _act(place, name, SEVERAL)
    choice = await ix.wait_for_answer()
    assert ix.ephemeral and "links to several tweets" in choice.text
    assert NASA in choice.text and TWEET in choice.text
    standing = len(place.general.messages)
    pressed = await place.press(choice, "2 · @xquik")
    if journey.typed:
        assert pressed.modal is not None and TWEET in str(pressed.modal)
    else:
        message = (
            (await place.general.wait_for_messages(standing + 1))[standing]
            if journey.public
            else await _other(pressed, choice)
        )
        assert (journey.asked or journey.ends) in message.text
    assert place.server.violations == []


async def _other(pressed: Interaction, choice: Message) -> Message:
    """The private message that answers a press and leaves the pressed one."""
    await pressed.wait_for(lambda ix: any(one is not choice for one in ix.messages), what="an answer")
    return next(one for one in pressed.messages if one is not choice)


@pytest.mark.parametrize("name", JOURNEYS)
async def test_who_may_not_is_told_so_alone(shared: Place, name: str) -> None:
    place = await shared.elsewhere(await shared.vendors.new_key())
    for text in (ONE, SEVERAL, NOTHING):
        told = await (await _act(place, name, text, member=True)).wait_for_answer()
        assert f"This needs {JOURNEYS[name].needs}" in told.text
    assert len(place.general.messages) == 3 and place.server.violations == []
