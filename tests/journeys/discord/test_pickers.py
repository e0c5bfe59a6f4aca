"""What a person picks in Discord's own fields: draws, drafts, people, roles, and what is suggested."""

from __future__ import annotations

from typing import Any

import pytest

from tests.doubles.discord import Member
from tests.journeys.discord.place import Place

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def _said(place: Place, command: str, options: dict[str, Any], who: Member | None = None) -> str:
    ix = await place.server.slash(place.guild, place.general, who or place.ada, command, options)
    return str((await ix.wait_for_answer()).text)


async def _offered(
    place: Place, command: str, option: str, typed: str = "", who: Member | None = None
) -> list[str]:
    found = await place.server.autocomplete(
        place.guild, place.alerts, who or place.ada, command, focused=option, value=typed
    )
    return [str(choice["value"]) for choice in found]


async def test_people_and_roles_of_the_policy_are_picked(shared: Place) -> None:
    place = await shared.elsewhere(await shared.vendors.new_key())
    team = place.guild.add_role("Ekip ekibi 東京")
    for chosen, shown in ((team, f"role:{team.id}"), (place.ben, f"<@{place.ben.id}>")):
        said = await _said(place, "policy grant", {"permission": "publish", "to": chosen})
        assert shown in said, said
    said = await _said(place, "policy grant", {"permission": "spend", "to": place.guild.everyone})
    assert f"role:{place.guild.id}" not in said and "everyone" in said
    said = await _said(place, "policy revoke", {"permission": "spend", "group": "everyone"})
    assert "spend" not in said.partition("everyone")[2].partition("\n")[0]
    ix = await place.server.slash(
        place.guild, place.general, place.ada, "policy grant", {"permission": "spend"}
    )
    assert ix.modal is not None
    kinds = {
        one["component"]["custom_id"]: one["component"]["type"]
        for one in ix.modal["components"]
        if "component" in one
    }
    assert kinds["to"] == 7, "a picker of people and roles"
    done = await place.server.submit_modal(ix, {"to": [team]})
    assert f"role:{team.id}" in (await done.wait_for_answer()).text


async def test_roles_are_offered_where_a_message_can_notify_them(shared: Place) -> None:
    place = await shared.elsewhere(await shared.vendors.new_key())
    team = place.guild.add_role("launch-team")
    assert f"<@&{team.id}>" in await _offered(place, "relay look", "ping", "launch")
    assert await _offered(place, "relay look", "ping", "launch", place.ben) == []
    offered = await _offered(place, "policy grant", "group")
    assert {"everyone", "admins", f"<@&{team.id}>"} <= set(offered) and "members" not in offered
    assert f"<@&{place.guild.id}>" not in offered


async def test_draws_and_drafts_are_picked_by_number(shared: Place) -> None:
    place = await shared.elsewhere(await shared.vendors.new_key())
    for text in ("Birinci taslak", "二番目の下書き", "तीसरा मसौदा"):
        await _said(place, "draft save", {"text": text})
    assert await _offered(place, "draft show", "draft") == ["#3", "#2", "#1"]
    assert await _offered(place, "draft show", "draft", "下書き") == ["#2"]
    assert await _offered(place, "draft show", "draft", who=place.ben) == []
    assert "二番目の下書き" in await _said(place, "draft show", {"draft": "#2"})
    assert "二番目の下書き" not in await _said(place, "draft show", {"draft": "#2"}, place.ben)
