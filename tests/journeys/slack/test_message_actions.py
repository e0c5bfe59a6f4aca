"""The menu of a message in Slack, through the whole bot to Xquik: each entry, each way it can end."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.doubles.slack import Interaction, Message
from tests.journeys.run.message_actions import JOURNEYS, KEYS, NASA, NOTHING, ONE, SEVERAL
from tests.journeys.run.scene import TWEET
from tests.journeys.slack.place import Place, living

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    """In HTTP mode, where further workspaces install the app."""
    async with living(tmp_path_factory.mktemp("slack"), "http") as place:
        yield place


async def _act(place: Place, name: str, text: str, *, member: bool = False) -> Interaction:
    links = text.replace(TWEET, f"<{TWEET}|a tweet>").replace(NASA, f"<{NASA}>")
    message = place.ws.say(place.bob, place.general, links)
    who = place.bob if member else place.ann
    return await place.ws.message_shortcut(who, message, f"xquik_{KEYS[name]}")


async def _answer(ix: Interaction, name: str) -> Message:
    return await (ix.wait_for_message() if JOURNEYS[name].public else ix.wait_for_ephemeral())


@pytest.mark.parametrize("name", JOURNEYS)
async def test_an_entry_is_done(shared: Place, name: str) -> None:
    place, journey = await shared.elsewhere(await shared.vendors.new_key()), JOURNEYS[name]
    ix = await _act(place, name, ONE)
    assert ix.acked_in is not None and ix.acked_in < 3
    if journey.typed:
        view = await ix.wait_for_view()
        assert TWEET in str(view.blocks)
        ix = await place.ws.submit_view(view, dict(journey.typed))
    message = await _answer(ix, name)
    if journey.asked:
        assert journey.asked in message.visible_text
        await place.press(message, "Confirm")
    await place.server.changes.until(lambda: journey.ends in message.visible_text, 8.0, journey.ends)
    assert message.pings == [] and place.server.violations == []


@pytest.mark.parametrize("name", JOURNEYS)
async def test_without_a_link_the_person_alone_is_told_what_was_looked_for(shared: Place, name: str) -> None:
    place = await shared.elsewhere(await shared.vendors.new_key())
    told = await (await _act(place, name, NOTHING)).wait_for_ephemeral()
    assert "no link to a tweet" in told.visible_text
    assert "https://x.com/nasa/status/12345" in told.visible_text
    assert "evil" not in told.visible_text and told.pings == []
    assert len(place.general.messages) == 1 and place.server.violations == []


@pytest.mark.parametrize("name", JOURNEYS)
async def test_of_several_links_one_is_chosen(shared: Place, name: str) -> None:
    place, journey = await shared.elsewhere(await shared.vendors.new_key()), JOURNEYS[name]
    choice = await (await _act(place, name, SEVERAL)).wait_for_ephemeral()
    assert "links to several tweets" in choice.visible_text
    assert {NASA, TWEET} <= {url for url, _ in choice.links}
    pressed = await place.press(choice, "2 · @xquik")
    if journey.typed:
        assert TWEET in str((await pressed.wait_for_view()).blocks)
    else:
        message = await _answer(pressed, name)
        assert (journey.asked or journey.ends) in message.visible_text
    assert place.server.violations == []


@pytest.mark.parametrize("name", JOURNEYS)
async def test_who_may_not_is_told_so_alone(shared: Place, name: str) -> None:
    place = await shared.elsewhere(await shared.vendors.new_key())
    for text in (ONE, SEVERAL, NOTHING):
        told = await (await _act(place, name, text, member=True)).wait_for_ephemeral()
        assert f"This needs {JOURNEYS[name].needs}" in told.visible_text
    assert len(place.general.messages) == 3 and place.server.violations == []
