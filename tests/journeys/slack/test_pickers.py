"""What a person picks in Slack's forms: drafts, people, user groups; and #3 where a channel is called 3."""

from __future__ import annotations

from typing import Any

import pytest

from tests.doubles.slack import User, View
from tests.journeys.slack.place import Place

pytestmark = pytest.mark.asyncio(loop_scope="module")


def _elements(view: View) -> dict[str, dict[str, Any]]:
    return {one["block_id"]: one["element"] for one in view.blocks if one["type"] == "input"}


async def _offered(
    place: Place, view: View, name: str, typed: str = "", who: User | None = None
) -> list[dict[str, Any]]:
    ix = await place.ws.suggest(view, f"{_elements(view)[name]['action_id']}", who or place.ann, typed)
    return list(ix.options)


async def _sent(place: Place, view: View, values: dict[str, Any]) -> str:
    ix = await place.ws.submit_view(view, values)
    return (await ix.wait_for_ephemeral()).visible_text


async def test_people_and_groups_of_the_policy_are_picked(shared: Place) -> None:
    place = shared
    place.ws.add_usergroup("S0777", "東京-team", [place.bob])
    view = await (await place.run("policy grant spend")).wait_for_view()
    kinds = {name: one["type"] for name, one in _elements(view).items()}
    assert kinds == {"permission": "multi_external_select", "to": "users_select", "group": "external_select"}
    offered = await _offered(place, view, "group")
    assert [one["value"] for one in offered] == [
        "everyone",
        "admins",
        "members",
        "<!subteam^S0777|@東京-team>",
    ]
    assert "spend" in await _sent(place, view, {"to": place.bob.id})
    view = await (await place.run("policy grant publish")).wait_for_view()
    (group,) = (one for one in await _offered(place, view, "group", "東京") if "subteam" in one["value"])
    assert "role:S0777" in await _sent(place, view, {"group": group})
    view = await (await place.run("policy grant view")).wait_for_view()
    assert "or group" in await _sent(place, view, {}), "one of the two is needed"


async def test_a_draft_is_picked_by_number_and_none_of_others(shared: Place) -> None:
    place = shared
    place.ws.add_channel("C0777", "2")
    guest = place.ws.add_user("U6GUEST", "gus", guest="multi")
    for text in ("Birinci taslak", "二番目の下書き"):
        await (await place.run(f'draft save "{text}"')).wait_for_ephemeral()
    view = await (await place.run("draft show")).wait_for_view()
    offered = await _offered(place, view, "draft")
    assert [one["value"] for one in offered] == ["#2", "#1"]
    assert offered[0]["text"]["text"] == "#2 · 二番目の下書き"
    assert await _offered(place, view, "draft", who=guest) == []
    assert "二番目の下書き" in await _sent(place, view, {"draft": offered[0]})
    for typed in ("#2", "<#C0777|2>", "<#C0777>"):
        said = (await (await place.run(f"draft show {typed}")).wait_for_ephemeral()).visible_text
        assert "二番目の下書き" in said, typed
