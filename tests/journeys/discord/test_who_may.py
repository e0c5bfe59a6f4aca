"""What a member of a public server reads of the team's inside: nothing, and what is theirs all the same."""

from __future__ import annotations

import pytest

from tests.doubles.discord import Member, NotOffered
from tests.journeys.discord.place import Place
from tests.journeys.run.events import emit, tweet
from tests.journeys.run.team_inside import INSIDE

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def _read(place: Place, command: str, who: Member, **values: tuple[str, ...]) -> str:
    ix = await place.run(command, values, who=who, where=place.general)
    answer = await ix.wait_for_answer()
    assert ix.ephemeral and place.general.messages == []
    return str(answer.text)


async def test_a_member_is_told_nothing_of_the_inside(shared: Place) -> None:
    place = await shared.elsewhere(await shared.vendors.new_key())
    for command, values in INSIDE.items():
        said = await _read(place, command, place.ben, **values)
        assert "This needs view, the permission to see the team's" in said, command
        assert "policy grant view to:@role" in said
    with pytest.raises(NotOffered, match="setup"):
        await place.run("setup status", who=place.ben)
    assert "stored encrypted" in await _read(place, "setup status", place.ada)


async def test_a_role_that_is_granted_view_reads_it(shared: Place) -> None:
    place = await shared.elsewhere(await shared.vendors.new_key())
    team = place.guild.add_role("team")
    tim = place.guild.add_member(name="tim", roles=[team])
    assert "You may not" in await _read(place, "credits show", tim)
    await _read(place, "policy grant", place.ada, permission=("view",), to=(f"<@&{team.id}>",))
    for command, values in INSIDE.items():
        assert "You may not" not in await _read(place, command, tim, **values), command
    assert "You may not" in await _read(place, "credits show", place.ben)


async def test_a_member_keeps_drafts_of_their_own(shared: Place) -> None:
    place = await shared.elsewhere(await shared.vendors.new_key())
    await _read(place, "draft save", place.ada, text=("The plan",))
    await _read(place, "draft save", place.ben, text=("My line",))
    listed = await _read(place, "draft list", place.ben)
    assert "My line" in listed and "The plan" not in listed
    whole = await _read(place, "draft list", place.ada)
    assert "My line" in whole and "The plan" in whole


async def test_a_member_asks_why_a_message_stands_where_it_does(shared: Place) -> None:
    key = await shared.vendors.new_key()
    place = await shared.elsewhere(key)
    await place.watch()
    for name, channel in (("space", "#alerts"), ("secret-deal", "#general")):
        values = {"channel": (channel,), "account": ("nasa",), "name": (name,)}
        assert "Route added" in (await (await place.run("relay add", values)).wait_for_answer()).text
    await emit(shared.vendors, key, tweet(1))
    (message,) = await place.alerts.wait_for_messages(1)
    more = await place.press(message, "More…", place.ben)
    await more.wait_for(lambda ix: "What would you like to do?" in ix.text)
    why = await place.press(more.messages[-1], "Why am I seeing this?", place.ben)
    await why.wait_for(lambda ix: "took it" in ix.text)
    assert all(one.ephemeral for one in (*more.messages, *why.messages))
    assert "space" in why.text and "secret-deal" not in why.text
    listed = await (await place.run("relay list", who=place.ben)).wait_for_answer()
    assert "space" in listed.text and "secret-deal" not in listed.text


async def test_suggestions_and_help_name_nothing_that_one_may_not_run(shared: Place) -> None:
    place = await shared.elsewhere(await shared.vendors.new_key())
    values = {"channel": ("#alerts",), "account": ("nasa",), "name": ("hidden",), "watch": ("no",)}
    await (await place.run("relay add", values)).wait_for_answer()

    async def offered(command: str, option: str, who: Member) -> list[str]:
        found = await shared.server.autocomplete(place.guild, place.alerts, who, command, focused=option)
        return [str(choice["value"]) for choice in found]

    assert await offered("relay show", "route", place.ben) == []
    assert await offered("relay show", "route", place.ada) == ["hidden"]
    assert not {"monitor", "setup", "setup key"} & set(await offered("help", "topic", place.ben))
    said = await _read(place, "help", place.ben)
    assert "draft" in said and "monitor" not in said and "not shown because" in said
