"""What admins, full members and guests of a workspace read of the team's inside."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.doubles.slack import User
from tests.journeys.run.events import emit, tweet
from tests.journeys.run.team_inside import INSIDE
from tests.journeys.slack.place import Place, button, living

pytestmark = pytest.mark.asyncio(loop_scope="module")

DENIED = "This needs view, the permission to see the team's"
LINES = [
    " ".join([command, *(f"{name}:{given[0]}" for name, given in values.items())])
    for command, values in INSIDE.items()
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    """In HTTP mode, where further workspaces install the app."""
    async with living(tmp_path_factory.mktemp("slack"), "http") as place:
        yield place


async def _read(place: Place, line: str, who: User) -> str:
    ix = await place.run(line, who, place.general)
    found = await ix.wait_for(lambda ix: [m for m in ix.ephemerals if "Working" not in m.text], 20)
    assert place.general.messages == []
    return str(found[-1].visible_text)


async def test_full_members_read_the_inside_and_guests_do_not(shared: Place) -> None:
    place = await shared.elsewhere(await shared.vendors.new_key())
    guest = place.ws.add_user("U9GUEST", "gus", guest="multi")
    stranger = place.ws.add_user("U9ELSE", "eli", home_team="T9999", admin=True)
    for line in LINES:
        for person in (guest, stranger):
            said = await _read(place, line, person)
            assert DENIED in said and "policy grant view to:@role" in said, line
        assert "You may not" not in await _read(place, line, place.bob), line
    await _read(place, "policy revoke view to:members", place.ann)
    assert DENIED in await _read(place, "credits", place.bob)
    assert "Balance" in await _read(place, "credits", place.ann)
    await _read(place, f"policy grant view to:<@{guest.id}|gus>", place.ann)
    assert "Balance" in await _read(place, "credits", guest)


async def test_the_key_is_for_who_manages(shared: Place) -> None:
    place = await shared.elsewhere(await shared.vendors.new_key())
    assert "This needs manage, the permission to change this bot's settings" in await _read(
        place, "setup status", place.bob
    )
    assert "stored encrypted" in await _read(place, "setup status", place.ann)


async def test_a_guest_keeps_drafts_of_their_own(shared: Place) -> None:
    place = await shared.elsewhere(await shared.vendors.new_key())
    guest = place.ws.add_user("U8GUEST", "gus", guest="single")
    await _read(place, 'draft save "The plan"', place.ann)
    await _read(place, 'draft save "My line"', guest)
    mine = await _read(place, "draft list", guest)
    assert "My line" in mine and "The plan" not in mine
    whole = await _read(place, "draft list", place.bob)
    assert "My line" in whole and "The plan" in whole


async def test_a_guest_asks_why_a_message_stands_where_it_does(shared: Place) -> None:
    key = await shared.vendors.new_key()
    place = await shared.elsewhere(key)
    guest = place.ws.add_user("U7GUEST", "gus", guest="multi")
    await place.watch()
    for name, channel in (("space", "alerts"), ("secret-deal", "general")):
        await _read(place, f"relay add channel:#{channel} account:nasa name:{name}", place.ann)
    await emit(shared.vendors, key, tweet(1))
    await place.server.changes.until(lambda: len(place.alerts.messages) == 1, 10.0, "the tweet")
    more = await place.press(place.alerts.messages[0], "More…", guest)
    shown = await more.wait_for_ephemeral()
    assert button(shown, "Why am I seeing this?")
    why = await place.press(shown, "Why am I seeing this?", guest)
    said = (await why.wait_for_ephemeral()).visible_text
    assert "space" in said and "secret-deal" not in said
    listed = await place.run("relay list", guest)
    names = (await listed.wait_for_ephemeral()).visible_text
    assert "space" in names and "secret-deal" not in names


async def test_the_home_tab_lists_what_one_may_run(shared: Place) -> None:
    place = await shared.elsewhere(await shared.vendors.new_key())
    guest = place.ws.add_user("U6GUEST", "gus", guest="multi")
    for person in (guest, place.ann):
        await place.ws.event("app_home_opened", {"user": person.id, "channel": "D1", "tab": "home"})
    await place.server.changes.until(lambda: guest.home and place.ann.home, 10.0, "both homes")
    assert guest.home is not None and place.ann.home is not None
    assert "draft" in guest.home.visible_text and "monitor" not in guest.home.visible_text
    assert "monitor" in place.ann.home.visible_text
